//! A dossier (hồ sơ): one request under one procedure, and everything that hangs on it.

mod form;

#[cfg(test)]
pub(crate) use form::sealed_for_copies;
pub(crate) use form::{SEALED, mark_of, marks_ever, marks_of, sealed};
pub use form::{Values, form, form_if_it_opens};

use crate::status::Status;
use store::in_list::{BLOCK, in_list};
use store::{FromRow, Reader, Row, Tx, params};
use types::{Day, Error, Id, Result, Timestamp};

/// One dossier as its row tells it.
#[derive(Debug, Clone)]
pub struct Dossier {
    pub id: Id,
    pub code: String,
    pub procedure: Id,
    pub procedure_code: String,
    pub case: Option<String>,
    /// The unit that received it.
    pub unit: Id,
    pub status: Status,
    pub restricted: bool,
    pub channel: String,
    pub applicant: Applicant,
    /// The request in one line.
    pub summary: String,
    pub received_at: Timestamp,
    pub received_by: Option<Id>,
    pub due_at: Timestamp,
    /// When its clock ended for good.
    pub ended_at: Option<Timestamp>,
    /// `early`, `on_time`, `late`; or `refused`, `withdrawn`, `stopped`.
    pub outcome: Option<String>,
    pub delivered_at: Option<Timestamp>,
    pub delivered_to: Option<String>,
    /// How the party wants the result: `counter`, `post`, `online`.
    pub return_way: String,
    /// The unguessable part of the receipt's link.
    pub track_token: String,
    /// Grows with every change, so that two officers cannot act on one state.
    pub revision: i64,
}

/// Who asks. The party's number stands in the form, which is sealed: see [`form`].
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Applicant {
    pub name: String,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub email: Option<String>,
}

const COLUMNS: &str = "id, code, procedure_id, procedure_code, procedure_case, unit_id, status, restricted, channel, \
    applicant_name, phone, address, email, summary, received_at, received_by, due_at, ended_at, outcome, \
    delivered_at, delivered_to, return_way, track_token, revision";

impl FromRow for Dossier {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let number: i64 = row.get(6)?;
        Ok(Self {
            id: row.get(0)?,
            code: row.get(1)?,
            procedure: row.get(2)?,
            procedure_code: row.get(3)?,
            case: row.get(4)?,
            unit: row.get(5)?,
            status: Status::from_number(number).ok_or_else(|| Error::internal(format!("status {number}")))?,
            restricted: row.get(7)?,
            channel: row.get(8)?,
            applicant: Applicant { name: row.get(9)?, phone: row.get(10)?, address: row.get(11)?, email: row.get(12)? },
            summary: row.get(13)?,
            received_at: row.get(14)?,
            received_by: row.get(15)?,
            due_at: row.get(16)?,
            ended_at: row.get(17)?,
            outcome: row.get(18)?,
            delivered_at: row.get(19)?,
            delivered_to: row.get(20)?,
            return_way: row.get(21)?,
            track_token: row.get(22)?,
            revision: row.get(23)?,
        })
    }
}

/// The dossier with this code.
pub fn by_code(reader: &mut Reader<'_>, code: &str) -> Result<Option<Dossier>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM dossier WHERE code = $1"), params![code])
}

/// The dossier with this id.
pub fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<Dossier>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM dossier WHERE id = $1"), params![id])
}

/// Several dossiers in a query for each block of them; the order is the caller's business.
pub fn by_ids(reader: &mut Reader<'_>, ids: &[Id]) -> Result<Vec<Dossier>> {
    let mut found = Vec::with_capacity(ids.len());
    for block in ids.chunks(BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        found.extend(reader.all(&format!("SELECT {COLUMNS} FROM dossier WHERE id IN ({list})"), &values)?);
    }
    Ok(found)
}

/// Dossiers by any condition over the columns; `lists` builds the conditions.
pub(crate) fn select(reader: &mut Reader<'_>, rest: &str, params: &[store::Val]) -> Result<Vec<Dossier>> {
    reader.all(&format!("SELECT {COLUMNS} FROM dossier d {rest}"), params)
}

/// Locks the dossier and reads it as it now is: the first statement of every verb.
/// `revision` is what the actor saw; another officer's change meanwhile is a conflict that says so.
pub fn lock(tx: &mut Tx<'_>, code: &str, revision: Option<i64>) -> Result<Dossier> {
    let found = by_code(tx, code)?.ok_or_else(|| Error::not_found(format!("hồ sơ {code}")))?;
    tx.lock("dossier", found.id)?;
    let dossier = by_id(tx, found.id)?.ok_or_else(|| Error::not_found(format!("hồ sơ {code}")))?;
    if revision.is_some_and(|seen| seen != dossier.revision) {
        return Err(Error::conflict(
            "Hồ sơ này vừa được người khác xử lý. Ông/bà hãy tải lại trang để xem tình trạng mới rồi làm tiếp.",
        ));
    }
    Ok(dossier)
}

/// Writes a new status; the caller has checked the move. A clock that stops has stopped for good: see [`SPAN_STOPPED`].
pub(crate) fn set_status(tx: &mut Tx<'_>, dossier: &Dossier, status: Status) -> Result<()> {
    let span = status.is_stop().then_some(SPAN_STOPPED);
    tx.exec(
        "UPDATE dossier SET status = $1, span = coalesce($2, span), revision = revision + 1 WHERE id = $3",
        params![status.number(), span, dossier.id],
    )?;
    Ok(())
}

/// A paper that came with the dossier.
#[derive(Debug, Clone)]
pub struct Paper {
    pub requirement: String,
    pub name: String,
    pub originals: i64,
    pub copies: i64,
    pub file: Option<Id>,
    /// When the party brought it after the receipt; none for what came with the dossier.
    pub supplemented_at: Option<Timestamp>,
}

impl FromRow for Paper {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            requirement: row.get(0)?,
            name: row.get(1)?,
            originals: row.get(2)?,
            copies: row.get(3)?,
            file: row.get(4)?,
            supplemented_at: row.get(5)?,
        })
    }
}

/// Its papers in the order of the receipt; what was brought later stands last.
pub fn papers(reader: &mut Reader<'_>, id: Id) -> Result<Vec<Paper>> {
    reader.all(
        "SELECT requirement, name, originals, copies, file_id, supplemented_at FROM dossier_paper
         WHERE dossier_id = $1 ORDER BY id",
        params![id],
    )
}

/// A result of the dossier.
#[derive(Debug, Clone)]
pub struct DossierResult {
    pub id: Id,
    pub name: String,
    /// Number and symbol, if it has one.
    pub number: Option<String>,
    pub file: Id,
    /// When another file took its place; none for what is handed out.
    pub replaced_at: Option<Timestamp>,
    /// Whether it carries electronic signatures that hold; none until somebody has looked.
    pub signed: Option<bool>,
}

/// Its results as they are handed out.
pub fn results(reader: &mut Reader<'_>, id: Id) -> Result<Vec<DossierResult>> {
    let mut results = results_ever(reader, id)?;
    results.retain(|result| result.replaced_at.is_none());
    Ok(results)
}

/// Its results with those that were replaced.
pub fn results_ever(reader: &mut Reader<'_>, id: Id) -> Result<Vec<DossierResult>> {
    type Stored = (Id, String, Option<String>, Id, Option<Timestamp>, Option<bool>);
    let rows = reader.all(
        "SELECT id, name, number, file_id, replaced_at, signed FROM dossier_result WHERE dossier_id = $1 ORDER BY id",
        params![id],
    )?;
    let result = |(id, name, number, file, replaced_at, signed): Stored| DossierResult {
        id,
        name,
        number,
        file,
        replaced_at,
        signed,
    };
    Ok(rows.into_iter().map(result).collect())
}

/// A time in which its clock stood still.
#[derive(Debug, Clone)]
pub struct DossierStop {
    pub id: Id,
    pub status: Status,
    pub from: Timestamp,
    /// None while it lasts.
    pub to: Option<Timestamp>,
    pub reason: String,
}

/// Its stops, oldest first.
pub fn stops(reader: &mut Reader<'_>, id: Id) -> Result<Vec<DossierStop>> {
    let rows: Vec<(Id, i64, Timestamp, Option<Timestamp>, String)> = reader.all(
        "SELECT id, status, from_at, to_at, reason FROM dossier_stop WHERE dossier_id = $1 ORDER BY id",
        params![id],
    )?;
    rows.into_iter()
        .map(|(id, status, from, to, reason)| {
            let status = Status::from_number(status).ok_or_else(|| Error::internal("a stop with an unknown status"))?;
            Ok(DossierStop { id, status, from, to, reason })
        })
        .collect()
}

/// The day whose overdue count a due time feeds: the day after it.
pub(crate) fn overdue_day(due_at: Timestamp) -> Day {
    due_at.day().next()
}

/// The span of a dossier that is open still and whose clock has stopped at some time: how it stood on a day, its counts tell.
pub(crate) const SPAN_STOPPED: i64 = 63;

/// The least span of one that is open and whose clock never stopped.
pub(crate) const SPAN_RUNNING: i64 = 32;

/// The last class of terms: of 64 days and more.
pub(crate) const TERM_MAX: i64 = 4;

/// The span of an ended dossier: for how many days it was open, by [`class`]. What was open on a day some years ago is so
/// found among the few that were received shortly before, instead of among all: see [`crate::lists`].
pub(crate) fn span(received: Day, ended: Day) -> i64 {
    class(received, ended)
}

/// The span of a dossier that is open and whose clock never stopped: how many days it has, so that what is in time is found
/// among the last ones and what is overdue before them.
pub(crate) fn span_running(received: Day, due: Day) -> i64 {
    SPAN_RUNNING + class(received, due).min(TERM_MAX)
}

/// 0 for no day, 1 for one to three, 2 for four to fifteen: k for less than 4^k.
fn class(from: Day, to: Day) -> i64 {
    let days = (to.number() - from.number()).max(0);
    i64::from((i64::BITS - days.leading_zeros()).div_ceil(2))
}

/// Whether a file hangs on the dossier: as a paper, a result, or with an event.
pub fn has_file(reader: &mut Reader<'_>, id: Id, file: Id) -> Result<bool> {
    let found: Option<(i64,)> = reader.opt(
        "SELECT 1 FROM dossier_paper WHERE dossier_id = $1 AND file_id = $2
         UNION ALL SELECT 1 FROM dossier_result WHERE dossier_id = $1 AND file_id = $2
         UNION ALL SELECT 1 FROM dossier_event WHERE dossier_id = $1 AND file_id = $2 LIMIT 1",
        params![id, file],
    )?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_class_of_days_four_times_as_long_as_the_one_before() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let spans = ["2026-11-20", "2026-11-21", "2026-11-23", "2026-11-24", "2026-12-05", "2026-12-06", "2027-01-22"]
            .map(|ended| span(day("2026-11-20"), day(ended)));
        assert_eq!(spans, [0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(span(day("2026-11-20"), day("2027-01-23")), 4, "64 days");
        assert_eq!(span_running(day("2026-11-20"), day("2026-11-25")), 34);
        assert_eq!(span_running(day("2026-11-20"), day("2030-11-25")), 36, "the longest terms are one class");
        assert_eq!(span_running(day("2026-11-20"), day("2026-11-19")), 32);
    }
}
