//! Who holds a post, from a day to a day.

use super::{told, unit_of};
use crate::wrong::Wrong;
use store::{Reader, Tx, params};
use types::{Day, Error, Id, Result};

/// One officer's time in a post.
#[derive(Debug, Clone)]
pub struct Holding {
    pub id: Id,
    pub post: Id,
    pub officer: Id,
    pub name: String,
    pub from: Day,
    /// The last day.
    pub to: Option<Day>,
}

/// Puts an officer into a post.
pub fn hold(tx: &mut Tx<'_>, post: Id, officer: Id, (from, to): (Day, Option<Day>)) -> Result<Id> {
    tx.lock("post", post)?;
    let unit = unit_of(tx, post)?;
    let (begins, ends): (Day, Option<Day>) =
        tx.one("SELECT valid_from, valid_to FROM post WHERE id = $1", params![post])?;
    let mut wrong = Wrong::default();
    wrong.period("to", from, to);
    if from < begins || ends.is_some_and(|ends| ends < from) {
        wrong.say("from", "Vị trí chưa có hoặc đã kết thúc vào ngày này.");
    }
    if tx.opt::<(Id,)>("SELECT id FROM officer WHERE id = $1", params![officer])?.is_none() {
        wrong.say("officer", "Chọn cán bộ.");
    }
    let overlap: Option<(Id,)> = tx.opt(
        "SELECT id FROM post_holder WHERE post_id = $1 AND officer_id = $2 AND (valid_to IS NULL OR valid_to >= $3)
         AND valid_from <= $4",
        params![post, officer, from, to.unwrap_or(FAR)],
    )?;
    if overlap.is_some() {
        wrong.say("officer", "Cán bộ này đã giữ vị trí trong thời gian đó.");
    }
    wrong.done()?;
    let id = tx.id()?;
    let to = within(tx, post, to)?;
    tx.exec(
        "INSERT INTO post_holder (id, post_id, officer_id, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)",
        params![id, post, officer, from, to],
    )?;
    let detail = serde_json::json!({ "officer": officer, "from": from, "to": to });
    told(tx, "directory.hold_post", (post, unit), detail)?;
    Ok(id)
}

/// Nothing about a post lasts longer than the post: the earlier one of `to` and the post's own end.
pub(crate) fn within(tx: &mut Tx<'_>, post: Id, to: Option<Day>) -> Result<Option<Day>> {
    let (ends,): (Option<Day>,) = tx.one("SELECT valid_to FROM post WHERE id = $1", params![post])?;
    Ok(match (to, ends) {
        (Some(to), Some(ends)) => Some(to.min(ends)),
        (to, ends) => to.or(ends),
    })
}

/// A day after all others, where a period has no end.
pub(crate) const FAR: Day = Day(jiff::civil::date(9999, 12, 31));

/// Ends an officer's time in a post; `last` is the last day.
pub fn release(tx: &mut Tx<'_>, holding: Id, last: Day) -> Result<()> {
    let gone = || Error::not_found("người giữ vị trí");
    let of: Option<(Id,)> = tx.opt("SELECT post_id FROM post_holder WHERE id = $1", params![holding])?;
    let (post,) = of.ok_or_else(gone)?;
    tx.lock("post", post)?;
    // Read under the lock: somebody may have ended it, or the whole post, while this waited.
    let found: Option<(Id, Day, Option<Day>)> =
        tx.opt("SELECT officer_id, valid_from, valid_to FROM post_holder WHERE id = $1", params![holding])?;
    let (officer, from, to) = found.ok_or_else(gone)?;
    if last < from {
        return Err(Error::invalid("to", "Ngày kết thúc không được trước ngày bắt đầu giữ vị trí."));
    }
    if to.is_some_and(|to| to < last) {
        return Err(Error::conflict("Cán bộ đã thôi giữ vị trí này từ trước ngày đó."));
    }
    tx.exec("UPDATE post_holder SET valid_to = $1 WHERE id = $2", params![last, holding])?;
    let unit = unit_of(tx, post)?;
    told(tx, "directory.release_post", (post, unit), serde_json::json!({ "officer": officer, "to": last }))
}

/// Everyone who ever held a post, latest first.
pub fn holdings(reader: &mut Reader<'_>, post: Id) -> Result<Vec<Holding>> {
    let rows: Vec<(Id, Id, String, Day, Option<Day>)> = reader.all(
        "SELECT h.id, h.officer_id, o.name, h.valid_from, h.valid_to FROM post_holder h JOIN officer o ON o.id = h.officer_id
         WHERE h.post_id = $1 ORDER BY h.valid_from DESC, h.id DESC LIMIT 200",
        params![post],
    )?;
    let holding = |(id, officer, name, from, to)| Holding { id, post, officer, name, from, to };
    Ok(rows.into_iter().map(holding).collect())
}
