//! What browsers were asked: kept here for minutes and taken away with the first answer, at the entrance and for proofs also
//! with a wrong one. A new passkey may be tried again while its question is open: it opens nothing by itself.
//!
//! A challenge is good in the browser it was given to: at the entrance that is the device's mark, inside the session.

use store::{Reader, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// How long an answer may take.
pub(crate) const SECONDS: i64 = 5 * 60;
/// Open questions of one address. An office behind one address opens its entrances at half past seven; a flood stays small.
const OPEN_MAX: i64 = 200;

/// What an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Signing in.
    Enter,
    /// Proving within a session to be its officer.
    Prove,
    /// A new passkey.
    Add,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Prove => "prove",
            Self::Add => "add",
        }
    }
}

/// What the browser is asked, and what its answer is held against.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub asked: serde_json::Value,
    pub state: String,
}

/// Where a question belongs: what for, and to which device or session.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub kind: Kind,
    pub bound_to: String,
    /// The address, for the limit; empty when it is not known.
    pub client: String,
}

/// A question without an answer.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub id: Id,
    pub asked: String,
    pub state: String,
}

/// Refuses where an address has too many open questions; asked before anything is written.
pub(crate) fn admit(reader: &mut Reader<'_>, client: &str, now: Timestamp) -> Result<()> {
    let (open,): (i64,) = reader.one(
        "SELECT count(*) FROM passkey_ceremony WHERE client = $1 AND ends_at > $2",
        params![web::client::network_of(client), now],
    )?;
    if open < OPEN_MAX {
        return Ok(());
    }
    Err(Error::TooMany("Đang có quá nhiều lần hỏi khóa truy cập. Ông/bà hãy thử lại sau vài phút.".into()))
}

/// Keeps a question; what the same address left unanswered goes.
pub(crate) fn begin(tx: &mut Tx<'_>, place: &Place, question: &Question) -> Result<Id> {
    let (id, at, client) = (tx.id()?, tx.at(), web::client::network_of(&place.client));
    tx.exec("DELETE FROM passkey_ceremony WHERE client = $1 AND ends_at <= $2", params![&client, at])?;
    tx.exec(
        "INSERT INTO passkey_ceremony (id, kind, bound_to, client, asked, state, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id,
            place.kind.word(),
            &place.bound_to,
            client,
            question.asked.to_string(),
            &question.state,
            at.plus_seconds(SECONDS)
        ],
    )?;
    Ok(id)
}

/// The question that an answer says it is for; none when it is over, was answered, or is another browser's.
pub(crate) fn find(reader: &mut Reader<'_>, place: &Place, id: Id, now: Timestamp) -> Result<Option<Open>> {
    let row: Option<(Id, String, String)> = reader.opt(
        "SELECT id, asked, state FROM passkey_ceremony WHERE id = $1 AND kind = $2 AND bound_to = $3 AND ends_at > $4",
        params![id, place.kind.word(), &place.bound_to, now],
    )?;
    Ok(row.map(|(id, asked, state)| Open { id, asked, state }))
}

/// Uses a question of this place up; `false` when another answer was faster. Numbers of questions can be guessed: what was
/// asked elsewhere stays.
pub(crate) fn use_up(tx: &mut Tx<'_>, place: &Place, id: Id) -> Result<bool> {
    let used = tx.exec_counted(
        "DELETE FROM passkey_ceremony WHERE id = $1 AND kind = $2 AND bound_to = $3",
        params![id, place.kind.word(), &place.bound_to],
    )?;
    Ok(used == 1)
}

/// Drops questions that nobody answered.
pub(crate) fn clear_old(tx: &mut Tx<'_>) -> Result<u64> {
    let at = tx.at();
    tx.exec_counted("DELETE FROM passkey_ceremony WHERE ends_at <= $1", params![at])
}
