//! `nhaviec check`: reads everything and says what does not fit.

use crate::settings::Settings;
use crate::{anchor, modules};
use std::collections::BTreeMap;
use store::{Location, Reader, audit, deltas, migrate, snapshot};
use types::{Day, Id, Result};

/// One question and what was found.
pub struct Answer {
    pub title: String,
    pub findings: Vec<String>,
}

/// Asks all questions over one held view of the database.
pub fn ask(settings: &Settings, demo: bool, mut each: impl FnMut(&Answer)) -> Result<usize> {
    let anchor = anchor::last(&settings.data)?;
    let web_settings = settings.for_web(demo);
    snapshot::hold(&settings.database, |reader| {
        let mut found = 0;
        let mut tell = |title: &str, findings: Vec<String>| {
            found += findings.len();
            each(&Answer { title: title.to_owned(), findings });
        };
        migrate::verify(reader, &modules::migrations())?;
        if matches!(settings.database, Location::Sqlite(_)) {
            tell("Cấu trúc tệp cơ sở dữ liệu", sqlite_integrity(reader)?);
        }
        tell("Chuỗi nhật ký kiểm toán", audit::verify(reader, anchor.as_ref())?);
        tell("Số liệu thống kê khớp với hồ sơ gốc", figures(reader)?);
        for module in modules::ALL {
            for check in module.checks {
                tell(check.title, (check.run)(reader, &web_settings)?);
            }
        }
        Ok(found)
    })
}

fn sqlite_integrity(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader.all("PRAGMA integrity_check(20)", &[])?;
    let mut findings: Vec<String> = rows.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect();
    let broken: Vec<(String, Option<i64>, String)> =
        reader.all("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20", &[])?;
    findings.extend(
        broken.into_iter().map(|(table, _, parent)| format!("Bảng {table} trỏ tới dòng không có trong {parent}.")),
    );
    Ok(findings)
}

/// A day of a measure in a unit.
type Place = (Id, Day);

/// Every measure's deltas, held against its recomputation from the records, day by day.
fn figures(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let mut counted = BTreeMap::<String, BTreeMap<Place, i64>>::new();
    for (unit, measure, day, sum) in deltas::by_day(reader)? {
        counted.entry(measure).or_default().insert((unit, day), sum);
    }
    let mut findings = Vec::new();
    for indicator in modules::ALL.iter().flat_map(|module| module.indicators) {
        let mut differs = counted.remove(indicator.measure).unwrap_or_default();
        let deltas = differs.clone();
        for (unit, day, amount) in (indicator.recompute)(reader)? {
            *differs.entry((unit, day)).or_default() -= amount;
        }
        for (place, more) in differs.into_iter().filter(|(_, more)| *more != 0) {
            let sum = deltas.get(&place).copied().unwrap_or(0);
            findings.push(format!(
                "«{}» của đơn vị {} ngày {}: đã đếm {sum}, tính lại từ hồ sơ là {}.",
                indicator.title,
                place.0,
                place.1.0.strftime("%d/%m/%Y"),
                sum - more
            ));
        }
    }
    findings.extend(counted.keys().map(|measure| format!("Số liệu «{measure}» không thuộc chỉ số nào.")));
    Ok(findings)
}
