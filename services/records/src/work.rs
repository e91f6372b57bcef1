//! "My work": what waits for an officer and their posts.

use crate::task::Pace;
use store::{FromRow, Reader, Row, params};
use types::{Id, Result, Timestamp};

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
    pub pace: Pace,
    /// The page on which this step is done for several records at once.
    pub batch: Option<String>,
}

impl FromRow for WorkItem {
    fn from_row(row: &Row<'_>) -> Result<Self> {
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
            pace: Pace::of(row.get(10)?)?,
            batch: row.get(11)?,
        })
    }
}

/// Where a page of "my work" begins: after this pace, due time and task.
#[derive(Debug, Clone, Copy)]
pub struct WorkCursor {
    pub pace: Pace,
    pub due_at: Timestamp,
    pub task: Id,
}

impl From<&WorkItem> for WorkCursor {
    fn from(item: &WorkItem) -> Self {
        Self { pace: item.pace, due_at: item.due_at, task: item.task }
    }
}

/// Open tasks of an officer and their posts, the most urgent first and those whose time stands still last, at most
/// `limit`.
///
/// One branch for each post, each an index range with its own limit, so that the cost does not grow with the data.
pub fn waiting_for(
    reader: &mut Reader<'_>,
    posts: &[Id],
    officer: Id,
    after: Option<WorkCursor>,
    limit: i64,
) -> Result<Vec<WorkItem>> {
    let after = after.unwrap_or(WorkCursor { pace: Pace::Running, due_at: Timestamp(i64::MIN), task: Id(0) });
    let mut params = params![after.pace.number(), after.due_at, after.task, limit, officer].to_vec();
    let branch = |column: &str, n: usize| {
        format!(
            "SELECT * FROM (SELECT t.id, t.record_id, t.title, t.opened_at, t.due_at, t.post_id, t.pace, t.batch
             FROM task t WHERE t.{column} = ${n} AND t.done_at IS NULL AND (t.pace, t.due_at, t.id) > ($1, $2, $3)
             ORDER BY t.pace, t.due_at, t.id LIMIT $4) AS b{n}"
        )
    };
    let mut branches = vec![branch("officer_id", 5)];
    for post in posts {
        params.push((*post).into());
        branches.push(branch("post_id", params.len()));
    }
    reader.all(
        &format!(
            "SELECT w.id, w.record_id, w.title, w.opened_at, w.due_at, w.post_id, r.code, r.title, r.link, r.unit_id, w.pace,
                w.batch
             FROM ({}) AS w JOIN record r ON r.id = w.record_id ORDER BY w.pace, w.due_at, w.id LIMIT $4",
            branches.join(" UNION ALL ")
        ),
        &params,
    )
}

/// How many open tasks wait whose time runs, counted up to `most` and no further.
pub fn count_waiting(reader: &mut Reader<'_>, posts: &[Id], officer: Id, most: i64) -> Result<i64> {
    let mut params = params![most, officer].to_vec();
    let branch = |column: &str, n: usize| {
        format!(
            "SELECT * FROM (SELECT id FROM task WHERE {column} = ${n} AND pace = 0 AND done_at IS NULL LIMIT $1) AS b{n}"
        )
    };
    let mut branches = vec![branch("officer_id", 2)];
    for post in posts {
        params.push((*post).into());
        branches.push(branch("post_id", params.len()));
    }
    let sql = format!("SELECT count(*) FROM (SELECT id FROM ({}) AS a LIMIT $1) AS c", branches.join(" UNION ALL "));
    let (count,) = reader.one(&sql, &params)?;
    Ok(count)
}
