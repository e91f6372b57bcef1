//! Entering a year or a decision, and taking it back.

use store::{Tx, params};
use types::{Day, Error, FieldError, Id, Result};

use super::{Decided, build, parts, years};
use crate::changed::{self, CalendarChanged, Told};
use crate::holidays::{Mistake, YearFile};

/// Enters a whole year from the text of a file; what was known of the year before is replaced. Answers the year.
///
/// # Errors
/// `Invalid` with every mistake of the text, each under the field `text`.
pub fn import_year(tx: &mut Tx<'_>, text: &str) -> Result<i16> {
    let refuse = |mistakes: Vec<Mistake>| {
        let told = mistakes.iter().map(|mistake| FieldError::new("text", sentence(&mistake.to_string())));
        Error::Invalid(told.collect())
    };
    changed::begin(tx)?;
    let file = YearFile::read(text).map_err(refuse)?;
    let year = file.year;
    forget(tx, year)?;
    let at = tx.at();
    tx.exec("INSERT INTO public_year (year, entered_at) VALUES ($1, $2)", params![i64::from(year), at])?;
    for (_, decided) in parts(&file) {
        insert(tx, year, &decided)?;
    }
    // The lines of the text go with the mistakes, so the file is built, not what the database gives back.
    let mut known = years(tx)?;
    if let Some(entered) = known.iter_mut().find(|known| known.year == year) {
        let ids = entered.decided.iter().map(|(id, _)| *id);
        entered.decided = ids.zip(parts(&file)).map(|(id, (_, decided))| (id, decided)).collect();
    }
    build(&known).map_err(|(_, mistakes)| refuse(mistakes))?;
    let detail = serde_json::json!({ "year": year, "breaks": file.breaks.len(), "swaps": file.swaps.len() });
    told(tx, year, first_of(year), ("calendar.import_year", detail))?;
    Ok(year)
}

/// Enters one decision beside those of a known year. Answers its id.
///
/// # Errors
/// `Invalid` under the fields `first`, `second`, `occasion`; `Conflict` when the year is not known.
pub fn add(tx: &mut Tx<'_>, year: i16, decided: &Decided) -> Result<Id> {
    changed::begin(tx)?;
    if !years(tx)?.iter().any(|known| known.year == year) {
        return Err(Error::conflict(format!(
            "Chưa có lịch năm {year}. Hãy nhập cả năm trước khi thêm từng quyết định."
        )));
    }
    let id = insert(tx, year, decided)?;
    build(&years(tx)?).map_err(|(_, mistakes)| {
        let field = |part| match part {
            "to" | "work" => "second",
            "occasion" => "occasion",
            _ => "first",
        };
        Error::Invalid(mistakes.iter().map(|m| FieldError::new(field(m.part), sentence(&m.what))).collect())
    })?;
    told(tx, year, decided.first_day(), ("calendar.add_decision", detail(id, decided)))?;
    Ok(id)
}

/// Takes back a decision that was entered here. Answers its year.
///
/// # Errors
/// `Conflict` when the year cannot do without it.
pub fn remove(tx: &mut Tx<'_>, id: Id) -> Result<i16> {
    changed::begin(tx)?;
    let before = years(tx)?;
    let found = before.iter().find_map(|known| {
        let decided = known.decided.iter().find(|(other, _)| *other == Some(id))?;
        Some((known.year, decided.1.clone()))
    });
    let (year, decided) = found.ok_or_else(|| Error::not_found("quyết định này"))?;
    tx.exec("DELETE FROM public_decision WHERE id = $1", params![id])?;
    stands(tx, year)?;
    told(tx, year, decided.first_day(), ("calendar.remove_decision", detail(id, &decided)))?;
    Ok(year)
}

/// Takes back everything that was entered here for a year: the shipped one holds again, if there is one.
pub fn drop_year(tx: &mut Tx<'_>, year: i16) -> Result<()> {
    changed::begin(tx)?;
    if forget(tx, year)? == 0 {
        return Err(Error::not_found(format!("dữ liệu đã nhập của năm {year}")));
    }
    stands(tx, year)?;
    told(tx, year, first_of(year), ("calendar.drop_year", serde_json::json!({ "year": year })))
}

/// Refuses what leaves a calendar behind that cannot be.
fn stands(tx: &mut Tx<'_>, year: i16) -> Result<()> {
    match build(&years(tx)?) {
        Ok(_) => Ok(()),
        Err((_, mistakes)) => {
            let told: Vec<String> = mistakes.iter().map(Mistake::to_string).collect();
            Err(Error::conflict(format!("Không bỏ được vì lịch năm {year} sẽ thiếu: {}", told.join(" "))))
        }
    }
}

fn forget(tx: &mut Tx<'_>, year: i16) -> Result<u64> {
    let decisions = tx.exec_counted("DELETE FROM public_decision WHERE year = $1", params![i64::from(year)])?;
    Ok(decisions + tx.exec_counted("DELETE FROM public_year WHERE year = $1", params![i64::from(year)])?)
}

fn insert(tx: &mut Tx<'_>, year: i16, decided: &Decided) -> Result<Id> {
    let id = tx.id()?;
    let ((first, second), paper) = (decided.days(), decided.decision());
    tx.exec(
        "INSERT INTO public_decision
         (id, year, kind, occasion, first_day, second_day, number, issued_on, issuer, source, verified)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            id,
            i64::from(year),
            decided.kind(),
            decided.occasion(),
            first,
            second,
            paper.number.as_deref(),
            paper.date.map(Day),
            paper.issuer.as_deref(),
            paper.source.as_deref(),
            paper.verified
        ],
    )?;
    Ok(id)
}

fn first_of(year: i16) -> Day {
    Day(jiff::civil::date(year, 1, 1))
}

fn detail(id: Id, decided: &Decided) -> serde_json::Value {
    let (first, second) = decided.days();
    serde_json::json!({
        "decision": id, "kind": decided.kind(), "first": first, "second": second,
        "basis": decided.decision().basis(), "verified": decided.decision().verified
    })
}

fn told(tx: &mut Tx<'_>, year: i16, from: Day, (action, detail): (&str, serde_json::Value)) -> Result<()> {
    let told = Told { action, entity: "calendar_year", entity_id: Id(year.into()), detail };
    changed::tell(tx, CalendarChanged { unit: None, from }, told)
}

fn sentence(what: &str) -> String {
    crate::words::sentence(what)
}
