//! The report with sample data: by field, by unit with long names and ended units, empty, out of balance.

use super::{Source, draw};
use crate::figures::{By, Counts, Key, Period, Question, Report, Row, Scope};
use directory::UnitTree;
use std::sync::Arc;
use types::{Id, Timestamp};
use web::Sample;

const LONG: &str = "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có yếu tố nước ngoài tại khu vực biên giới";

fn counts(online: i64, late: i64, overdue: i64) -> Counts {
    let (direct, carried, early, on_time, closed) = (online / 3, 4 + overdue, online / 2, online / 4, 2);
    let open = online + direct + carried - early - on_time - late - closed;
    Counts { online, direct, carried, early, on_time, late, closed, open, overdue }
}

fn row(key: Key, name: &str, note: &str, counts: Counts) -> Row {
    Row { key, name: name.to_owned(), note: note.to_owned(), counts }
}

fn source(by: By, rows: Vec<Row>) -> Source {
    let now: Timestamp = "2026-11-28T09:12".parse().unwrap_or(Timestamp(0));
    let mut total = Counts::default();
    rows.iter().for_each(|row| total += row.counts);
    let named = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let units: &[(&str, &str)] = if by == By::Unit { &[("2", "Xã Phúc Khê"), ("3", "Xã Vân Khê")] } else { &[] };
    Source {
        question: Question { period: Period::asked(None, None, now.day()), by, scope: Scope::default() },
        report: Report { rows, total, without_restricted: by != By::Unit },
        tree: Arc::new(UnitTree::empty(now.day())),
        units: named(units),
        fields: named(&[("G15-HT01", "Hộ tịch"), ("G15-CT01", "Chứng thực")]),
        procedures: named(&[("1.001193", "Khai sinh"), ("2.000815", "Chứng thực bản sao")]),
        agency: None,
        now,
        demo: true,
    }
}

/// A report of one row of this name.
#[cfg(test)]
pub(super) fn named(name: &str) -> Source {
    source(By::Field, vec![row(Key::Field("x".to_owned()), name, "", counts(12_480, 1, 1))])
}

pub fn samples() -> Vec<Sample> {
    let field = |code: &str, name: &str, n| row(Key::Field(code.to_owned()), name, "", counts(n, n / 20, n / 30));
    let fields = vec![
        field("G15-BT01", "Bảo trợ xã hội", 41),
        field("G15-CT01", "Chứng thực", 12_480),
        field("G15-HT01", "Hộ tịch", 1_206),
        field("G15-NC01", "Người có công", 0),
    ];
    let procedures = vec![
        row(Key::Procedure("1.001193".to_owned()), LONG, "1.001193", counts(1_000_000, 12_345, 20_007)),
        row(Key::Procedure("2.000815".to_owned()), "Chứng thực bản sao từ bản chính", "2.000815", counts(64, 0, 0)),
    ];
    let unit = |id, name: &str, note: &str, n| row(Key::Unit(Id(id)), name, note, counts(n, 1, 1));
    let units = vec![
        row(Key::OwnUnit(Id(1)), "Tỉnh Mây Thượng", "không kể đơn vị trực thuộc", Counts::default()),
        unit(2, "Xã Phúc Khê", "", 40),
        unit(3, "Xã Nậm Cắn – Tà Lèng – Huổi Lóng", "đến hết ngày 30/06/2026", 12),
    ];
    let wrong = Counts { online: 3, ..Counts::default() };
    let wrong = vec![row(Key::Field("G15-HT01".to_owned()), "Hộ tịch", "", wrong)];
    vec![
        Sample { name: "figures/by-field", page: draw::draw(source(By::Field, fields)) },
        Sample { name: "figures/by-procedure", page: draw::draw(source(By::Procedure, procedures)) },
        Sample { name: "figures/by-unit", page: draw::draw(source(By::Unit, units)) },
        Sample { name: "figures/empty", page: draw::draw(source(By::Field, Vec::new())) },
        Sample { name: "figures/out-of-balance", page: draw::draw(source(By::Field, wrong)) },
    ]
}
