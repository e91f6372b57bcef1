//! Requests about certificates: a new one, a longer life, an end.
//!
//! A person asks; whoever keeps the register of the agency confirms and sends the request to the authority that issues
//! certificates, for the agency "directly manages" its subscribers (Decree 68/2024/NĐ-CP). Sending itself is done outside, at the
//! authority's own pages or over the exchange of documents: here stands what was asked, by whom, and what became of it.

mod ask;
mod asking;
mod listing;
mod rights;
mod steps;

pub use ask::{Ask, KeyWish};
pub(crate) use asking::{NewRequest, enter};
pub(crate) use listing::{by_id, confirmed, last_of, own, register, steps_of};
pub(crate) use rights::{Seen, keeping_post, may_keep, seen};
pub(crate) use steps::{SENT_MAX, Sending, close, confirm, fulfil, refuse, send, take_back};

use crate::signer::SignerKind;
use directory::Keys;
use directory::keys::Place;
use store::{FromRow, Row};
use types::{Day, Error, Id, Result, Timestamp};

/// Characters of a name, a post, a place of work.
pub(crate) const LINE_MAX: usize = 200;
/// Characters of a reason.
pub(crate) const REASON_MAX: usize = 500;

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Asked,
    /// Whoever keeps the register says that it is right.
    Confirmed,
    /// It went out with a document of the agency.
    Sent,
    Done,
    Refused,
    /// Taken back by whoever asked.
    TakenBack,
}

impl State {
    /// In the order in which lists offer them.
    pub const ALL: [Self; 6] = [Self::Asked, Self::Confirmed, Self::Sent, Self::Done, Self::Refused, Self::TakenBack];

    /// As it is kept.
    pub fn number(self) -> i64 {
        match self {
            Self::Asked => 0,
            Self::Confirmed => 1,
            Self::Sent => 2,
            Self::Done => 3,
            Self::Refused => 4,
            Self::TakenBack => 5,
        }
    }

    fn of(number: i64) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.number() == number);
        found.ok_or_else(|| Error::internal(format!("a request of state {number}")))
    }

    /// As it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::TakenBack => "taken-back",
        }
    }

    /// In a word, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Asked => "Chờ xác nhận",
            Self::Confirmed => "Chờ gửi",
            Self::Sent => "Đã gửi",
            Self::Done => "Đã xong",
            Self::Refused => "Không được chấp nhận",
            Self::TakenBack => "Đã rút",
        }
    }

    /// Something is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Confirmed | Self::Sent)
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    pub id: Id,
    pub ask: Ask,
    pub kind: SignerKind,
    /// Whose certificate it is, when it is a person's.
    pub officer: Option<Id>,
    /// The agency that manages it.
    pub unit: Id,
    /// The certificate that it is about.
    pub signer: Option<Id>,
    /// The person, or whoever looks after the agency's certificate; as it was typed.
    pub name: String,
    pub post: String,
    pub workplace: String,
    pub email: String,
    pub phone: String,
    /// The person's number as it is sealed; empty where none was asked for, and when the request is closed.
    pub sealed_identity: String,
    pub key_wish: Option<KeyWish>,
    pub reason: String,
    pub state: State,
    /// The document with which it went out, and that document's day.
    pub sent: Option<(String, Day)>,
    /// The certificate that came of it.
    pub became: Option<Id>,
    pub asked_at: Timestamp,
    pub asked_by: Id,
    /// Changes with everything that is done to it.
    pub revision: i64,
}

impl FromRow for Request {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (ask, kind, wish): (String, String, Option<String>) = (row.get(1)?, row.get(2)?, row.get(12)?);
        Ok(Self {
            id: row.get(0)?,
            ask: Ask::kept(&ask)?,
            kind: SignerKind::of(&kind)?,
            officer: row.get(3)?,
            unit: row.get(4)?,
            signer: row.get(5)?,
            name: row.get(6)?,
            post: row.get(7)?,
            workplace: row.get(8)?,
            email: row.get(9)?,
            phone: row.get(10)?,
            sealed_identity: row.get(11)?,
            key_wish: wish.map(|code| KeyWish::kept(&code)).transpose()?,
            reason: row.get(13)?,
            state: State::of(row.get(14)?)?,
            sent: row.get::<Option<String>>(15)?.zip(row.get(16)?),
            became: row.get(17)?,
            asked_at: row.get(18)?,
            asked_by: row.get(19)?,
            revision: row.get(20)?,
        })
    }
}

/// What a person's number in a request is sealed as.
pub(crate) const IDENTITY: &str = "certificate_request.identity";

impl Request {
    /// The person's number; none where none was asked for, and when the request is closed.
    ///
    /// # Errors
    /// `Unavailable` when no key opens it.
    pub fn identity(&self, keys: &Keys) -> Result<Option<String>> {
        if self.sealed_identity.is_empty() {
            return Ok(None);
        }
        let opened = keys.open_sealed(Place { what: IDENTITY, of: self.id }, &self.sealed_identity)?;
        String::from_utf8(opened).map(Some).map_err(|_| Error::internal("a sealed number that is no text"))
    }
}

const COLUMNS: &str =
    "id, ask, kind, officer_id, unit_id, signer_id, name, post, workplace, email, phone, identity, key_wish,
    reason, state, sent_number, sent_on, became_id, asked_at, asked_by, revision";

/// A step that was taken with a request.
#[derive(Debug, Clone)]
pub struct Step {
    pub state: State,
    pub at: Timestamp,
    pub officer: Id,
    pub note: String,
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { state: State::of(row.get(0)?)?, at: row.get(1)?, officer: row.get(2)?, note: row.get(3)? })
    }
}
