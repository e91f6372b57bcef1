//! Who looked at personal data: noted without keeping anybody waiting, written together a moment later, told on request.
//!
//! A look is noted in memory and written within two seconds by the node's own jobs, all that came meanwhile in one write. An
//! orderly stop writes what is left; a kill or a power cut loses the looks of those two seconds, which is why they stand
//! beside the audit and not in it: what is changed is never lost so. When they cannot be written for long, nothing is shown
//! any more that could not be noted.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{FromRow, Reader, Row, Store, Tx, Val, in_list, params};
use types::{Error, Id, Result, Timestamp};
use web::{House, Job, Keep, Span};

/// Looks of one write.
const TOGETHER: usize = 200;
/// Looks that may wait to be written.
const WAITING_MAX: usize = 20_000;
/// How long looks are kept. No law was found that says it; a year answers whoever asks about the last one.
pub const MONTHS_KEPT: i64 = 12;
/// The rule of that.
pub const KEPT: Keep = Keep {
    what: "Lượt xem dữ liệu cá nhân",
    span: Span::Months(MONTHS_KEPT),
    since: "lúc xem",
    from: "2026-11-28",
    basis: None,
};
/// Looks that one write forgets.
const FORGOTTEN: i64 = 500;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// As it is kept.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// As people read it.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            fn of(code: &str) -> Result<Self> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    other => Err(Error::internal(format!("a look with the word {other}"))),
                }
            }
        }
    };
}

words! {
    /// What was looked at.
    What {
        Page = "page", "Mở trang hồ sơ";
        File = "file", "Mở tệp";
        Print = "print", "In phiếu";
        Program = "program", "Phần mềm khác đọc";
        Search = "search", "Tìm theo số định danh";
        /// A list of dossiers as a file; the conditions stand where a step would.
        Export = "export", "Tải sổ theo dõi";
        /// The very list of looks.
        Looks = "looks", "Xem danh sách lượt xem";
    }
}

words! {
    /// Why: what of the officer's task explains it.
    Why {
        /// The open step waits for the officer.
        Step = "step", "Đang giữ bước";
        /// The officer did a step of it.
        Done = "done", "Đã làm bước";
        /// The officer receives and hands out for its unit.
        Counter = "counter", "Một cửa: tiếp nhận, trả kết quả, trả lời người nộp";
        /// The officer may see the unit's dossiers and has no part in this one.
        Oversight = "oversight", "Theo dõi hồ sơ của đơn vị";
        Search = "search", "Tra cứu";
    }
}

/// Somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub at: Timestamp,
    pub officer: Id,
    /// The record; none for a search.
    pub record: Option<Id>,
    /// The keyed mark of the number that was searched for.
    pub subject: Option<String>,
    pub what: What,
    pub why: Why,
    /// The step that explains it.
    pub step: Option<String>,
}

impl Look {
    /// Whether it is this one, at another moment.
    fn is_same(&self, other: &Self) -> bool {
        (self.officer, self.record, self.what, self.why) == (other.officer, other.record, other.what, other.why)
            && self.subject == other.subject
            && self.step == other.step
    }
}

/// A look as it is told.
#[derive(Debug, Clone)]
pub struct Told {
    pub id: Id,
    pub look: Look,
}

impl FromRow for Told {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (what, why): (String, String) = (row.get(5)?, row.get(6)?);
        let look = Look {
            at: row.get(1)?,
            officer: row.get(2)?,
            record: row.get(3)?,
            subject: row.get(4)?,
            what: What::of(&what)?,
            why: Why::of(&why)?,
            step: row.get(7)?,
        };
        Ok(Self { id: row.get(0)?, look })
    }
}

/// The looks that wait to be written on this node. Cheap to clone; the house has it among its services.
#[derive(Clone, Default)]
pub struct Looks(Arc<Mutex<VecDeque<Look>>>);

impl Looks {
    /// Notes a look. The same one, noted again before it is written, is one: a page and its reload.
    ///
    /// # Errors
    /// `Busy` when so many wait that something must be wrong.
    pub fn note(&self, look: Look) -> Result<()> {
        let mut waiting = self.held();
        if waiting.len() >= WAITING_MAX {
            return Err(Error::Busy("Máy chủ chưa ghi được nhật ký xem hồ sơ. Ông/bà hãy thử lại sau ít phút.".into()));
        }
        if !waiting.iter().rev().take(TOGETHER).any(|other| other.is_same(&look)) {
            waiting.push_back(look);
        }
        Ok(())
    }

    /// Writes what waits. What could not be written goes on waiting.
    pub fn write(&self, store: &Store) -> Result<()> {
        loop {
            let some: Vec<Look> = self.held().iter().take(TOGETHER).cloned().collect();
            if some.is_empty() {
                return Ok(());
            }
            let count = some.len();
            let command = store.system_command("records.note_looks", u16::try_from(TOGETHER).unwrap_or(u16::MAX));
            store.write_blocking(command, move |tx| some.iter().try_for_each(|look| enter(tx, look)))?;
            self.held().drain(..count);
        }
    }

    fn held(&self) -> MutexGuard<'_, VecDeque<Look>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn enter(tx: &mut Tx<'_>, look: &Look) -> Result<()> {
    tx.not_audited("that somebody looked is what is written");
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO look (id, at, officer_id, record_id, subject, what, why, step) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            look.at,
            look.officer,
            look.record,
            look.subject.clone(),
            look.what.code(),
            look.why.code(),
            look.step.clone()
        ],
    )
}

const COLUMNS: &str = "id, at, officer_id, record_id, subject, what, why, step";

/// Looks at one of these records or for one of these marks, the newest first, before the look `before`.
pub fn at_any_of(
    reader: &mut Reader<'_>,
    (records, subjects): (&[Id], &[String]),
    before: Option<Id>,
    most: usize,
) -> Result<Vec<Told>> {
    let (before, limit) = (before.unwrap_or(Id(i64::MAX)), i64::try_from(most).unwrap_or(i64::MAX));
    let mut found: Vec<Told> = Vec::new();
    // One range of an index each, so that no engine walks through all looks there are.
    for record in records {
        let sql = format!("SELECT {COLUMNS} FROM look WHERE record_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        found.extend(reader.all::<Told>(&sql, params![record, before, limit])?);
    }
    for subject in subjects {
        let sql = format!("SELECT {COLUMNS} FROM look WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
        found.extend(reader.all::<Told>(&sql, params![subject, before, limit])?);
    }
    found.sort_by_key(|told| std::cmp::Reverse(told.id));
    found.truncate(most);
    Ok(found)
}

/// Forgets looks that are older than they are kept; answers how many, at most one write's.
pub(crate) fn forget(tx: &mut Tx<'_>) -> Result<i64> {
    let before = KEPT.before(tx.at());
    let old: Vec<(Id,)> =
        tx.all("SELECT id FROM look WHERE at < $1 ORDER BY at LIMIT $2", params![before, FORGOTTEN])?;
    if old.is_empty() {
        return Ok(0);
    }
    tx.not_audited("looks are kept for a time only");
    let mut values: Vec<Val> = Vec::new();
    let ids: Vec<Id> = old.iter().map(|(id,)| *id).collect();
    let list = in_list(1, &ids, &mut values);
    tx.exec(&format!("DELETE FROM look WHERE id IN ({list})"), &values)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

/// The job that forgets.
pub(crate) const JOB: Job = Job { name: "records-forget-looks", every_seconds: 3600, run: round };

fn round(house: &House) -> Result<()> {
    loop {
        let command = house.store().system_command("records.forget_looks", 1);
        if house.store().write_blocking(command, forget)? < FORGOTTEN {
            return Ok(());
        }
    }
}
