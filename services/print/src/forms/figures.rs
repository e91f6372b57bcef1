//! Form II.06 of Circular 01/2020/TT-VPCP: tình hình, kết quả giải quyết thủ tục hành chính.

use super::AgencyHead;
use crate::{Job, Page, PrintError, Template};
use serde::{Deserialize, Serialize};
use types::{Day, Timestamp};

/// Numbers of a row: received (all, online, direct or by post, carried over), resolved (all, early, on time, late), in
/// progress (all, in time, overdue), and closed without a result, which the form itself leaves out.
pub const FIGURES_COLUMNS: usize = 12;

/// What form II.06 says. Becomes a PDF by [`FiguresData::job`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresData {
    /// Marks every page "BẢN DEMO – dữ liệu hư cấu".
    pub demo: bool,
    /// Left head.
    pub head: AgencyHead,
    /// Place before the date ("địa danh").
    pub place: String,
    /// When it was drawn up.
    pub made_at: Timestamp,
    /// The period, both days counted in.
    pub first: Day,
    /// Its last day.
    pub last: Day,
    /// What a row is about: "Lĩnh vực".
    pub by: String,
    /// What the report is confined to, in words; empty for all.
    pub scope: Vec<String>,
    /// The rows.
    pub rows: Vec<FiguresRow>,
    /// Their sum.
    pub total: [i64; FIGURES_COLUMNS],
    /// How it is to be read.
    pub notes: Vec<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresRow {
    /// A field, a procedure, a unit.
    pub name: String,
    /// The procedure's code, when the unit ended; may be empty.
    pub note: String,
    /// In the order of the form.
    pub numbers: [i64; FIGURES_COLUMNS],
}

impl FiguresData {
    /// The print job of this form.
    ///
    /// # Errors
    /// None in practice: plain data always becomes JSON.
    pub fn job(&self, page: Page, made_at: Timestamp) -> Result<Job, PrintError> {
        Ok(Job {
            template: Template::named("figures"),
            ident: format!("{}/form-ii-06/{}/{}", self.head.agency, self.first, self.last),
            data: serde_json::to_value(self).map_err(|e| PrintError::Protocol(e.to_string()))?,
            assets: vec![],
            page,
            made_at,
        })
    }

    /// Rows over several pages with long names; fictional, and marked so.
    pub fn sample() -> Self {
        let row = |n: i64, name: &str| FiguresRow {
            name: name.into(),
            note: if n % 3 == 0 { "1.001193".into() } else { String::new() },
            numbers: [12_345 + n, 8_000, 4_000 + n, 345, 12_000, 9_000, 2_900, 100, 340 + n, 330 + n, 10, 5],
        };
        let long = "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có yếu tố nước ngoài tại khu vực biên giới";
        let names = ["Hộ tịch", "Chứng thực", long, "Bảo trợ xã hội", "Đất đai"];
        let rows: Vec<FiguresRow> = (0..40).zip(names.into_iter().cycle()).map(|(n, name)| row(n, name)).collect();
        let mut total = [0; FIGURES_COLUMNS];
        for row in &rows {
            total.iter_mut().zip(row.numbers).for_each(|(sum, number)| *sum += number);
        }
        Self {
            demo: true,
            head: AgencyHead {
                superior: Some("Ủy ban nhân dân tỉnh Mây Thượng".into()),
                agency: "Ủy ban nhân dân xã Phúc Khê".into(),
                counter: None,
            },
            place: "Phúc Khê".into(),
            made_at: "2026-11-28T09:30".parse().expect("a moment written in this file"),
            first: "2026-01-01".parse().expect("a day written in this file"),
            last: "2026-11-28".parse().expect("a day written in this file"),
            by: "Lĩnh vực".into(),
            scope: vec!["Xã Phúc Khê".into()],
            rows,
            total,
            notes: vec!["Tiếp nhận = đã giải quyết + đang giải quyết + từ chối, rút, dừng.".into()],
        }
    }

    /// A period in which nothing happened.
    pub fn sample_bare() -> Self {
        Self { rows: vec![], total: [0; FIGURES_COLUMNS], scope: vec![], notes: vec![], ..Self::sample() }
    }
}
