//! Work that waits where nobody sits: the post has ended, or its last holder has left and nobody stands in.

use directory::UnitTree;
use store::in_list::{BLOCK, in_list};
use store::{Reader, Val, params};
use types::{Id, Result, Timestamp};

/// One open task that nobody can take up.
#[derive(Debug, Clone)]
pub struct Unheld {
    pub task: Id,
    /// What is to be done.
    pub title: String,
    pub due_at: Timestamp,
    pub code: String,
    /// What the record is about; empty for a restricted one.
    pub subject: String,
    pub link: String,
    /// The post it waits for, and its unit.
    pub post: String,
    pub unit: Id,
}

/// How many open tasks wait for a post.
pub fn at_post(reader: &mut Reader<'_>, post: Id) -> Result<i64> {
    let (count,) = reader.one("SELECT count(*) FROM task WHERE post_id = $1 AND done_at IS NULL", params![post])?;
    Ok(count)
}

/// Every unit, also one that has ended, that belongs to one of these authorities.
pub fn units_of(tree: &UnitTree, authorities: &[Id]) -> Vec<Id> {
    let ours = |id: Id| tree.line_of_rights(id).iter().any(|above| authorities.contains(above));
    let mut units: Vec<Id> = tree.units().map(|unit| unit.id).filter(|id| ours(*id)).collect();
    units.sort_unstable();
    units
}

/// Work of posts in `units` that nobody holds or stands in for at `now`, the most urgent first, at most `limit`.
/// `after` is the last one of the page before.
pub fn waiting(
    reader: &mut Reader<'_>,
    units: &[Id],
    (now, after): (Timestamp, Option<(Timestamp, Id)>),
    limit: i64,
) -> Result<Vec<Unheld>> {
    type TaskRow = (Id, String, Timestamp, String, String, String, String, String, Id);
    let (due, task) = after.unwrap_or((Timestamp(i64::MIN), Id(0)));
    let mut found: Vec<Unheld> = Vec::new();
    for block in units.chunks(BLOCK) {
        let mut values: Vec<Val> = params![now.day(), now, due, task, limit].to_vec();
        let list = in_list(6, block, &mut values);
        // Posts first: few are empty, while tasks of years stand under every unit.
        let rows: Vec<TaskRow> = reader.all(
            &format!(
                "SELECT t.id, t.title, t.due_at, r.code, r.title, r.link, r.confidentiality, p.title, p.unit_id
                 FROM post p JOIN task t ON t.post_id = p.id AND t.done_at IS NULL JOIN record r ON r.id = t.record_id
                 WHERE p.unit_id IN ({list}) AND (t.due_at, t.id) > ($3, $4)
                   AND (p.valid_to < $1
                     OR (NOT EXISTS (SELECT 1 FROM post_holder h WHERE h.post_id = p.id AND h.valid_from <= $1
                           AND (h.valid_to IS NULL OR h.valid_to >= $1))
                       AND NOT EXISTS (SELECT 1 FROM stand_in s WHERE s.post_id = p.id AND s.starts_at <= $2
                           AND s.ends_at > $2 AND s.ended_at IS NULL)))
                 ORDER BY t.due_at, t.id LIMIT $5"
            ),
            &values,
        )?;
        found.extend(rows.into_iter().map(|(task, title, due_at, code, subject, link, how, post, unit)| {
            let subject = if how == "restricted" { String::new() } else { subject };
            Unheld { task, title, due_at, code, subject, link, post, unit }
        }));
    }
    found.sort_by_key(|one| (one.due_at, one.task));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}
