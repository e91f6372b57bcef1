//! `nhaviec check`: reads everything and says what does not fit.

use crate::settings::Settings;
use crate::{anchor, modules};
use std::collections::BTreeMap;
use store::{Location, Reader, audit, deltas, migrate, snapshot};
use types::{Id, Result};

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

/// Every measure's deltas, held against its recomputation from the records.
fn figures(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let counted: BTreeMap<(String, Id), i64> =
        deltas::totals(reader)?.into_iter().map(|(unit, measure, sum)| ((measure, unit), sum)).collect();
    let mut findings = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for indicator in modules::ALL.iter().flat_map(|module| module.indicators) {
        known.insert(indicator.measure);
        let mut recomputed = BTreeMap::<Id, i64>::new();
        for (unit, _, amount) in (indicator.recompute)(reader)? {
            *recomputed.entry(unit).or_default() += amount;
        }
        let of_measure = counted.iter().filter(|((measure, _), _)| measure == indicator.measure);
        let mut units: std::collections::BTreeSet<Id> = of_measure.map(|((_, unit), _)| *unit).collect();
        units.extend(recomputed.keys());
        for unit in units {
            let deltas = counted.get(&(indicator.measure.to_owned(), unit)).copied().unwrap_or(0);
            let records = recomputed.get(&unit).copied().unwrap_or(0);
            if deltas != records {
                findings.push(format!(
                    "«{}» của đơn vị {unit}: đã đếm {deltas}, tính lại từ hồ sơ là {records}.",
                    indicator.title
                ));
            }
        }
    }
    let unknown = counted.keys().filter(|(measure, _)| !known.contains(measure.as_str()));
    findings.extend(
        unknown.map(|(measure, unit)| format!("Số liệu «{measure}» của đơn vị {unit} không thuộc chỉ số nào.")),
    );
    Ok(findings)
}
