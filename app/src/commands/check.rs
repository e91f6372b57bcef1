//! `nhaviec check`: reads everything and says what does not fit.

use crate::progress::{Far, Tell};
use crate::settings::Settings;
use crate::{anchor, modules, tls};
use std::collections::BTreeMap;
use store::{Location, Reader, audit, deltas, migrate, snapshot};
use types::{Day, Id, Result, Timestamp};

/// One question and what was found.
pub struct Answer {
    pub title: String,
    pub findings: Vec<String>,
}

/// Finds what is wrong.
type Question<'q> = Box<dyn Fn(&mut Reader<'_>) -> Result<Vec<String>> + 'q>;

/// Asks all questions over one held view of the database; answers how much was found.
pub fn ask(settings: &Settings, demo: bool, each: impl FnMut(&Answer)) -> Result<usize> {
    ask_telling(settings, demo, &mut |_, _| (), each)
}

/// The same for somebody who waits: `tell` hears each question before it is asked.
pub fn ask_telling(settings: &Settings, demo: bool, tell: Tell<'_>, mut each: impl FnMut(&Answer)) -> Result<usize> {
    let anchor = anchor::last(&settings.data)?;
    let web_settings = &settings.for_web(demo);
    let mut questions: Vec<(&'static str, Question<'_>)> = Vec::new();
    if matches!(settings.database, Location::Sqlite(_)) {
        questions.push(("Cấu trúc tệp cơ sở dữ liệu", Box::new(sqlite_integrity)));
    }
    questions.push(("Chuỗi nhật ký kiểm toán", Box::new(|reader| audit::verify(reader, anchor.as_ref()))));
    questions.push(("Số liệu thống kê khớp với hồ sơ gốc", Box::new(figures)));
    questions.push(("Số liệu đã gộp khớp với từng lần đếm", Box::new(folds)));
    for check in modules::ALL.iter().flat_map(|module| module.checks) {
        questions.push((check.title, Box::new(move |reader| (check.run)(reader, web_settings))));
    }
    let sealed: Vec<web::Sealed> = modules::sealed();
    questions.push((
        "Giá trị mã hóa mở được bằng khóa và khớp với chỉ mục",
        Box::new(move |reader| directory::keys::sealed::faults(reader, &settings.data, &sealed, Timestamp::now())),
    ));
    if settings.tls.is_on() {
        questions.push(("Chứng thư của máy chủ (TLS)", Box::new(|_| Ok(tls::faults(settings, Timestamp::now())))));
    }
    snapshot::hold(&settings.database, |reader| {
        migrate::verify(reader, &modules::migrations())?;
        let all = questions.len() as u64;
        let mut found = 0;
        for (number, (title, question)) in (1..).zip(questions) {
            tell(title, Far::of(number, all));
            let findings = question(reader)?;
            found += findings.len();
            each(&Answer { title: title.to_owned(), findings });
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

/// A day of a measure in a unit, with what it was about.
type Place = (Id, Id, Day);

/// Sums that reports read, held against the counts that they are made of.
fn folds(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let wrong = deltas::wrong_folds(reader)?.into_iter();
    let tell = |(unit, measure, day, stands, wanted): (Id, String, Day, i64, i64)| {
        let day = day.0.strftime("%d/%m/%Y");
        format!(
            "Số gộp «{measure}» của đơn vị {unit} từ ngày {day}: đang là {stands}, từng lần đếm cộng lại là {wanted}."
        )
    };
    Ok(wrong.map(tell).collect())
}

/// Every measure's deltas, held against its recomputation from the records, day by day.
fn figures(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let mut counted = BTreeMap::<String, BTreeMap<Place, i64>>::new();
    for ((unit, measure, subject, day), sum) in deltas::by_day(reader)? {
        counted.entry(measure).or_default().insert((unit, subject, day), sum);
    }
    let mut findings = Vec::new();
    for indicator in modules::ALL.iter().flat_map(|module| module.indicators) {
        let mut differs = counted.remove(indicator.measure).unwrap_or_default();
        let deltas = differs.clone();
        for (unit, subject, day, amount) in (indicator.recompute)(reader)? {
            *differs.entry((unit, subject, day)).or_default() -= amount;
        }
        for (place, more) in differs.into_iter().filter(|(_, more)| *more != 0) {
            let sum = deltas.get(&place).copied().unwrap_or(0);
            findings.push(format!(
                "«{}» của đơn vị {} ngày {}: đã đếm {sum}, tính lại từ hồ sơ là {}.",
                indicator.title,
                place.0,
                place.2.0.strftime("%d/%m/%Y"),
                sum - more
            ));
        }
    }
    findings.extend(counted.keys().map(|measure| format!("Số liệu «{measure}» không thuộc chỉ số nào.")));
    Ok(findings)
}
