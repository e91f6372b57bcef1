//! Tasks: who must act on a record, since when, until when.

use store::{FromRow, Reader, Row, Tx, params};
use types::{Error, Id, Result, Timestamp};
use web::Settings;

/// For whom a task waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Post(Id),
    Officer(Id),
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
    /// `passed`, `sent_back`, `finished`, `delivered` …; the system that owns the record names it.
    pub outcome: Option<String>,
}

/// A task that is known to be open.
pub type OpenTask = Task;

const COLUMNS: &str = "id, record_id, step, title, unit_id, post_id, officer_id, opened_at, due_at, done_at, done_by, on_behalf_of, outcome";

impl FromRow for Task {
    fn from_row(row: &Row) -> Result<Self> {
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

/// Opens a task.
pub fn open(tx: &mut Tx<'_>, new: &NewTask<'_>) -> Result<Id> {
    let (id, at) = (tx.id()?, tx.at());
    let (post, officer) = match new.holder {
        Holder::Post(id) => (Some(id), None),
        Holder::Officer(id) => (None, Some(id)),
    };
    tx.exec(
        "INSERT INTO task (id, record_id, step, title, unit_id, post_id, officer_id, opened_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, new.record, new.step, new.title, new.unit, post, officer, at, new.due_at],
    )?;
    Ok(id)
}

/// Closes an open task; a task that somebody closed meanwhile is a conflict.
pub fn close(tx: &mut Tx<'_>, task: Id, outcome: &str) -> Result<()> {
    let (at, actor) = (tx.at(), tx.actor());
    let closed = tx.exec(
        "UPDATE task SET done_at = $1, done_by = $2, on_behalf_of = $3, outcome = $4 WHERE id = $5 AND done_at IS NULL",
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

/// One line of "my work".
#[derive(Debug, Clone)]
pub struct WorkItem {
    pub task: Id,
    pub record: Id,
    /// What is to be done.
    pub title: String,
    pub opened_at: Timestamp,
    pub due_at: Timestamp,
    /// The post it waits for; none when it waits for the person.
    pub post: Option<Id>,
    pub code: String,
    /// What the record is about.
    pub subject: String,
    pub link: String,
    pub unit: Id,
}

impl FromRow for WorkItem {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            task: row.get(0)?,
            record: row.get(1)?,
            title: row.get(2)?,
            opened_at: row.get(3)?,
            due_at: row.get(4)?,
            post: row.get(5)?,
            code: row.get(6)?,
            subject: row.get(7)?,
            link: row.get(8)?,
            unit: row.get(9)?,
        })
    }
}

/// Where a page of "my work" begins: after this due time and task.
#[derive(Debug, Clone, Copy)]
pub struct WorkCursor {
    pub due_at: Timestamp,
    pub task: Id,
}

/// Open tasks of an officer and their posts, the most urgent first, at most `limit`.
///
/// One branch for each post, each an index range with its own limit, so that the cost does not grow with the data.
pub fn waiting_for(
    reader: &mut Reader<'_>,
    posts: &[Id],
    officer: Id,
    after: Option<WorkCursor>,
    limit: i64,
) -> Result<Vec<WorkItem>> {
    let after = after.unwrap_or(WorkCursor { due_at: Timestamp(i64::MIN), task: Id(0) });
    let mut params = params![after.due_at, after.task, limit, officer].to_vec();
    let branch = |column: &str, n: usize| {
        format!(
            "SELECT * FROM (SELECT t.id, t.record_id, t.title, t.opened_at, t.due_at, t.post_id FROM task t
             WHERE t.{column} = ${n} AND t.done_at IS NULL AND (t.due_at, t.id) > ($1, $2)
             ORDER BY t.due_at, t.id LIMIT $3) AS b{n}"
        )
    };
    let mut branches = vec![branch("officer_id", 4)];
    for post in posts {
        params.push((*post).into());
        branches.push(branch("post_id", params.len()));
    }
    reader.all(
        &format!(
            "SELECT w.id, w.record_id, w.title, w.opened_at, w.due_at, w.post_id, r.code, r.title, r.link, r.unit_id
             FROM ({}) AS w JOIN record r ON r.id = w.record_id ORDER BY w.due_at, w.id LIMIT $3",
            branches.join(" UNION ALL ")
        ),
        &params,
    )
}

/// How many open tasks wait, counted up to `most` and no further.
pub fn count_waiting(reader: &mut Reader<'_>, posts: &[Id], officer: Id, most: i64) -> Result<i64> {
    let mut params = params![most, officer].to_vec();
    let mut branches =
        vec!["SELECT * FROM (SELECT id FROM task WHERE officer_id = $2 AND done_at IS NULL LIMIT $1) AS o".to_owned()];
    for post in posts {
        params.push((*post).into());
        let n = params.len();
        branches.push(format!(
            "SELECT * FROM (SELECT id FROM task WHERE post_id = ${n} AND done_at IS NULL LIMIT $1) AS b{n}"
        ));
    }
    let sql = format!("SELECT count(*) FROM (SELECT id FROM ({}) AS a LIMIT $1) AS c", branches.join(" UNION ALL "));
    let (count,) = reader.one(&sql, &params)?;
    Ok(count)
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
