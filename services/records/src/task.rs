//! Tasks: who must act on a record, since when, until when.

use store::{FromRow, Reader, Row, Tx, in_list, params};
use types::{Error, Id, Result, Timestamp};
use web::Settings;

/// For whom a task waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Post(Id),
    Officer(Id),
}

impl Holder {
    /// As the columns for the post and the officer have it.
    fn columns(self) -> (Option<Id>, Option<Id>) {
        match self {
            Self::Post(id) => (Some(id), None),
            Self::Officer(id) => (None, Some(id)),
        }
    }
}

/// A task to be opened.
#[derive(Debug, Clone)]
pub struct NewTask<'a> {
    pub record: Id,
    /// The step's key within its process, e.g. `specialist`.
    pub step: &'a str,
    /// What is to be done, in Vietnamese.
    pub title: &'a str,
    /// The unit whose part of the time this is.
    pub unit: Id,
    pub holder: Holder,
    pub due_at: Timestamp,
}

/// How the time of an open task goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// It runs; the task can be late.
    #[default]
    Running,
    /// It stands still until somebody from outside has done their part.
    Paused,
    /// The work is done and waits to be fetched.
    PickUp,
}

impl Pace {
    /// As it is kept; lists stand in this order.
    pub fn number(self) -> i64 {
        match self {
            Self::Running => 0,
            Self::Paused => 1,
            Self::PickUp => 2,
        }
    }

    /// The pace with this number.
    pub fn of(number: i64) -> Result<Self> {
        let all = [Self::Running, Self::Paused, Self::PickUp];
        let found = all.into_iter().find(|pace| pace.number() == number);
        found.ok_or_else(|| Error::internal(format!("a task of pace {number}")))
    }
}

/// What else is known of a task when it is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner<'a> {
    pub pace: Pace,
    /// The page on which this step is done for several records at once: "my work" leads there with the picked ones as
    /// `chon=<record>`. None where each record needs a look of its own.
    pub batch: Option<&'a str>,
}

/// A task, open or done.
#[derive(Debug, Clone)]
pub struct Task {
    pub id: Id,
    pub record: Id,
    pub step: String,
    pub title: String,
    pub unit: Id,
    pub post: Option<Id>,
    pub officer: Option<Id>,
    pub opened_at: Timestamp,
    pub due_at: Timestamp,
    pub done_at: Option<Timestamp>,
    pub done_by: Option<Id>,
    pub on_behalf_of: Option<Id>,
    /// `passed`, `sent_back`, `reassigned`, `finished`, `delivered` …; the system that owns the record names it.
    pub outcome: Option<String>,
}

/// A task that is known to be open.
pub type OpenTask = Task;

const COLUMNS: &str = "id, record_id, step, title, unit_id, post_id, officer_id, opened_at, due_at, done_at, done_by, on_behalf_of, outcome";

impl FromRow for Task {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            record: row.get(1)?,
            step: row.get(2)?,
            title: row.get(3)?,
            unit: row.get(4)?,
            post: row.get(5)?,
            officer: row.get(6)?,
            opened_at: row.get(7)?,
            due_at: row.get(8)?,
            done_at: row.get(9)?,
            done_by: row.get(10)?,
            on_behalf_of: row.get(11)?,
            outcome: row.get(12)?,
        })
    }
}

impl Task {
    /// Whether it waits for one of these posts or for this officer.
    pub fn waits_for(&self, posts: &[Id], officer: Id) -> bool {
        self.officer == Some(officer) || self.post.is_some_and(|post| posts.contains(&post))
    }
}

/// Opens a task whose time runs and that is done on the record's own page.
pub fn open(tx: &mut Tx<'_>, new: &NewTask<'_>) -> Result<Id> {
    open_as(tx, new, Manner::default())
}

/// Opens a task.
pub fn open_as(tx: &mut Tx<'_>, new: &NewTask<'_>, manner: Manner<'_>) -> Result<Id> {
    insert(tx, new, manner, None)
}

/// Enters a task that is done with the very write that makes it, such as the counter's step of a receipt.
pub fn enter_done(tx: &mut Tx<'_>, new: &NewTask<'_>, outcome: &str) -> Result<Id> {
    insert(tx, new, Manner::default(), Some(outcome))
}

/// Writes the row; one with an outcome is done by who writes it, the moment it begins.
fn insert(tx: &mut Tx<'_>, new: &NewTask<'_>, manner: Manner<'_>, outcome: Option<&str>) -> Result<Id> {
    let (id, at, actor) = (tx.id()?, tx.at(), tx.actor());
    let (post, officer) = new.holder.columns();
    tx.exec(
        "INSERT INTO task (id, record_id, step, title, unit_id, post_id, officer_id, opened_at, due_at, pace, batch,
            done_at, done_by, on_behalf_of, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        params![
            id,
            new.record,
            new.step,
            new.title,
            new.unit,
            post,
            officer,
            at,
            new.due_at,
            manner.pace.number(),
            manner.batch.map(ToOwned::to_owned),
            outcome.map(|_| at),
            outcome.and(actor.officer()),
            outcome.and(actor.on_behalf_of()),
            outcome.map(ToOwned::to_owned)
        ],
    )?;
    Ok(id)
}

/// Closes an open task; a task that somebody closed meanwhile is a conflict. None ends before it began, even where the
/// clock was set back.
pub fn close(tx: &mut Tx<'_>, task: Id, outcome: &str) -> Result<()> {
    let (at, actor) = (tx.at(), tx.actor());
    let closed = tx.exec_counted(
        "UPDATE task SET done_at = CASE WHEN opened_at > $1 THEN opened_at ELSE $1 END, done_by = $2, on_behalf_of = $3,
            outcome = $4 WHERE id = $5 AND done_at IS NULL",
        params![at, actor.officer(), actor.on_behalf_of(), outcome, task],
    )?;
    if closed == 1 {
        return Ok(());
    }
    Err(Error::conflict("Việc này vừa được người khác xử lý xong. Ông/bà hãy tải lại trang để xem bước hiện tại."))
}

/// Moves the due time of an open task.
pub fn move_due(tx: &mut Tx<'_>, task: Id, due_at: Timestamp) -> Result<()> {
    tx.exec("UPDATE task SET due_at = $1 WHERE id = $2 AND done_at IS NULL", params![due_at, task])?;
    Ok(())
}

/// How a task stands, for opening another one like it.
pub fn manner_of(reader: &mut Reader<'_>, task: Id) -> Result<(Pace, Option<String>)> {
    let (pace, batch): (i64, Option<String>) =
        reader.one("SELECT pace, batch FROM task WHERE id = $1", params![task])?;
    Ok((Pace::of(pace)?, batch))
}

/// Lets the time of an open task run or stand still.
pub fn set_pace(tx: &mut Tx<'_>, task: Id, pace: Pace) -> Result<()> {
    tx.exec("UPDATE task SET pace = $1 WHERE id = $2 AND done_at IS NULL", params![pace.number(), task])?;
    Ok(())
}

/// All tasks of a record, oldest first.
pub fn of_record(reader: &mut Reader<'_>, record: Id) -> Result<Vec<Task>> {
    reader.all(&format!("SELECT {COLUMNS} FROM task WHERE record_id = $1 ORDER BY id"), params![record])
}

/// The open task of a record, the newest if there are several.
pub fn open_of(reader: &mut Reader<'_>, record: Id) -> Result<Option<OpenTask>> {
    reader.opt(
        &format!("SELECT {COLUMNS} FROM task WHERE record_id = $1 AND done_at IS NULL ORDER BY id DESC LIMIT 1"),
        params![record],
    )
}

/// The open tasks of these records, at most [`store::in_list::BLOCK`] of them.
pub fn open_of_all(reader: &mut Reader<'_>, records: &[Id]) -> Result<Vec<OpenTask>> {
    let mut values = Vec::new();
    let list = in_list(1, records, &mut values);
    let sql = format!("SELECT {COLUMNS} FROM task WHERE record_id IN ({list}) AND done_at IS NULL ORDER BY id");
    reader.all(&sql, &values)
}

/// For `nhaviec check`: an open task must wait for somebody.
pub(crate) fn check_open_tasks(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let lost: Vec<(Id, String)> = reader.all(
        "SELECT t.id, r.code FROM task t JOIN record r ON r.id = t.record_id
         WHERE t.done_at IS NULL AND t.post_id IS NULL AND t.officer_id IS NULL LIMIT 20",
        params![],
    )?;
    Ok(lost.into_iter().map(|(id, code)| format!("Việc {id} của {code} không chờ ai.")).collect())
}
