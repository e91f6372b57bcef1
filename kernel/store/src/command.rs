//! Commands: who writes, when, and under which id, drawn before the write begins.

use crate::params;
use crate::reader::Reader;
use crate::store::Store;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use types::{Error, Id, Timestamp, id::IdBlock};

/// The id under which a write is known; the same id never writes twice.
/// Made by the form or the API client: 8 to 64 letters, digits, `-` or `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CommandId(String);

impl CommandId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CommandId {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let fits =
            (8..=64).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits {
            Ok(Self(s.to_owned()))
        } else {
            Err("Mã lệnh phải gồm 8 đến 64 chữ cái, chữ số, «-» hoặc «_».".to_owned())
        }
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What this very command answered, if it was carried out before. Whoever would check today's state asks this first: a
/// command sent again is answered as the first time, whatever it has changed itself since.
///
/// # Errors
/// `Conflict` when the id was used by somebody else, for something else or with other content.
pub fn answered<T: DeserializeOwned>(reader: &mut Reader<'_>, command: &Command) -> types::Result<Option<T>> {
    let known = reader.opt::<(String, String, Option<Id>, Option<String>, String)>(
        "SELECT verb, actor_kind, actor_id, content, answer FROM command WHERE id = $1",
        params![command.id.as_str()],
    )?;
    let Some((verb, actor_kind, actor_id, kept, answer)) = known else { return Ok(None) };
    if verb != command.verb || actor_kind != command.actor.kind() || actor_id != command.actor.officer() {
        return Err(Error::conflict("Mã lệnh này đã dùng cho việc khác. Ông/bà hãy tải lại trang rồi thử lại."));
    }
    if kept.as_deref() != command.content.as_ref().map(Content::as_str) {
        return Err(Error::conflict(
            "Lần gửi trước với cùng mã lệnh đã được lưu, với nội dung khác lần này. Nội dung lần này chưa được lưu: \
             ông/bà hãy xem kết quả lần trước; nếu cần làm tiếp, hãy tải lại trang hoặc dùng mã lệnh mới.",
        ));
    }
    serde_json::from_str(&answer).map(Some).map_err(|e| Error::internal(format!("reading a kept answer: {e}")))
}

/// Whether this very command was carried out, for forms that ask for what is good only once: sent again, such a form is
/// answered as the first time instead of being checked against what it has changed itself.
pub fn is_done(reader: &mut Reader<'_>, command: &Command) -> types::Result<bool> {
    let found: Option<(i64,)> = reader.opt(
        "SELECT at FROM command WHERE id = $1 AND verb = $2 AND actor_kind = $3 AND coalesce(actor_id, 0) = $4",
        params![command.id.as_str(), command.verb, command.actor.kind(), command.actor.officer().unwrap_or(Id(0))],
    )?;
    Ok(found.is_some())
}

/// How long a command that left no audit entry is remembered: long enough for every retry of a form that was left open.
const REMEMBERED_SECONDS: i64 = 7 * 24 * 3600;
/// Rows of one write, so that nobody waits for it.
const FORGET_AT_ONCE: i64 = 500;

/// Forgets old commands that left no audit entry (the touch of a session, a lease, a refused look-up), which would
/// otherwise be most of the database; those that did something stay as long as what they did. Answers how many.
pub fn forget_old(store: &Store) -> types::Result<u64> {
    let before = store.now().plus_seconds(-REMEMBERED_SECONDS);
    let mut forgotten = 0;
    loop {
        let command = store.system_command("store.forget-commands", 1);
        let gone = store.write_blocking(command, move |tx| {
            tx.not_audited("what is forgotten had no audit entry either");
            tx.exec_counted(
                "DELETE FROM command WHERE id IN (SELECT id FROM command WHERE audits = 0 AND at < $1 LIMIT $2)",
                params![before, FORGET_AT_ONCE],
            )
        })?;
        forgotten += gone;
        if gone < FORGET_AT_ONCE.unsigned_abs() {
            return Ok(forgotten);
        }
    }
}

/// Who acts. Kernel tables keep plain numbers; `nhaviec check` proves that they resolve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// The program itself: a job, a migration, the command line.
    System,
    /// An officer, perhaps standing in for the holder of a post.
    Officer { id: types::Id, on_behalf_of: Option<types::Id> },
    /// A citizen or organisation.
    Party,
    /// Nobody who is known.
    Anyone,
}

impl Actor {
    /// The word in the audit.
    pub fn kind(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Officer { .. } => "officer",
            Self::Party => "party",
            Self::Anyone => "anyone",
        }
    }

    /// The officer, if it is one.
    pub fn officer(self) -> Option<types::Id> {
        if let Self::Officer { id, .. } = self { Some(id) } else { None }
    }

    /// The post acted for.
    pub fn on_behalf_of(self) -> Option<types::Id> {
        if let Self::Officer { on_behalf_of, .. } = self { on_behalf_of } else { None }
    }
}

/// Everything a write needs from outside the database, drawn before it begins.
#[derive(Debug, Clone)]
pub struct Command {
    /// The id; a repeated one is answered, not run.
    pub id: CommandId,
    /// What is done, e.g. `dossiers.receive`; the same id for another verb is refused.
    pub verb: &'static str,
    pub actor: Actor,
    /// The moment the write counts for.
    pub at: Timestamp,
    /// The request's number, for the log.
    pub request: i64,
    /// Ids for new rows.
    pub ids: IdBlock,
    /// What is asked: the same id with other content is refused instead of being answered as the first time.
    pub content: Option<Content>,
    /// With what that is hashed; see [`crate::Store::key_contents`].
    pub content_key: Option<ContentKey>,
    /// People wait for it; background work gives way.
    pub interactive: bool,
}

impl Command {
    /// The same command by `actor`: in which post somebody acts is often found out only after the id was looked up. The
    /// post is no part of what an id is bound to.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// Binds the id to what is asked, besides what it was bound to already. Whatever differs between two sendings of the
    /// same form (a random boundary, the files' temporary names) stays out of `asked`.
    #[must_use]
    pub fn about(mut self, asked: &impl Serialize) -> Self {
        self.content = Some(Content::of(self.content_key.as_ref(), self.content.as_ref(), asked));
        self
    }
}

/// A secret of the installation with which contents are hashed.
#[derive(Clone)]
pub struct ContentKey(Arc<[u8; 32]>);

impl ContentKey {
    /// Of these bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Arc::new(key))
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(…)")
    }
}

/// A keyed hash of what a command asks for. A plain one would give a personal number away: with the rest of a form in the
/// rows beside it, twelve digits are tried out in minutes. A store without a key, as in its own tests, hashes plainly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    fn of(key: Option<&ContentKey>, before: Option<&Self>, asked: &impl Serialize) -> Self {
        let before = before.map_or("", |content| content.0.as_str());
        // Only maps with keys that are no text fail to become JSON; those would all look alike, which refuses nothing.
        let asked = serde_json::to_vec(asked).unwrap_or_default();
        Self(HEXLOWER.encode(&match key {
            Some(key) => {
                let mac = Hmac::<Sha256>::new_from_slice(&key.0[..]).expect("HMAC takes keys of any length");
                mac.chain_update(before).chain_update(asked).finalize().into_bytes()
            }
            None => Sha256::new().chain_update(before).chain_update(asked).finalize(),
        }))
    }

    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
