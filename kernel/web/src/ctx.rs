//! The request's context: the house, who asks, and what the log calls this request.

use crate::answer::Fail;
use crate::cookies::{DEVICE_COOKIE, set_cookie};
use crate::house::House;
use crate::who::{Officer, Who};
use axum::extract::FromRequestParts;
use http::HeaderValue;
use http::request::Parts;
use std::sync::Arc;
use store::{Command, CommandId, Store};
use types::{Error, Id, Result, Timestamp};

/// A browser keeps its mark for so long.
const DEVICE_SECONDS: i64 = 400 * 24 * 3600;

/// First argument of every handler.
#[derive(Clone)]
pub struct Ctx {
    pub house: House,
    pub who: Who,
    /// The request's number, shown with errors and written to the log.
    pub request: i64,
    /// The browser's own mark (a cookie), to tell devices apart for limits; empty when there is none yet.
    pub device: String,
    /// The address the request came from, for limits and the audit; empty when it is not known.
    pub client: String,
    /// The path that was asked for: the id of a form holds for this address only.
    pub path: String,
    /// htmx asks for a fragment.
    pub fragment: bool,
}

impl Ctx {
    /// The database.
    pub fn store(&self) -> &Store {
        self.house.store()
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.house.now()
    }

    /// The network the request came from: what limits count. See [`crate::client::network`].
    pub fn network(&self) -> String {
        crate::client::network_of(&self.client)
    }

    /// The officer who is signed in; routes that allow officers only always have one.
    pub fn officer(&self) -> Result<Arc<Officer>> {
        self.who.officer.clone().ok_or(Error::SignedOut)
    }

    /// A fresh command id for a form: 128 random bits, so that nobody guesses another's.
    pub fn new_command(&self) -> String {
        format!("{:032x}", rand::random::<u128>())
    }

    /// The `Set-Cookie` that marks a browser which has no mark yet; limits tell devices apart by it.
    pub fn device_cookie(&self) -> Option<HeaderValue> {
        if !self.device.is_empty() {
            return None;
        }
        set_cookie(self.house.settings(), (DEVICE_COOKIE, &self.new_command()), Some(DEVICE_SECONDS))
    }

    /// A command of this request under the id that the form or client made. `post` is the post acted in.
    pub fn command(&self, verb: &'static str, id: &str, post: Option<Id>) -> Result<Command> {
        let id: CommandId = id.parse().map_err(|message: String| Error::invalid("command", message))?;
        let mut command = self.store().command(id, verb, self.who.actor(post));
        command.request = self.request;
        Ok(command.about(&self.path))
    }
}

impl FromRequestParts<House> for Ctx {
    type Rejection = Fail;
    async fn from_request_parts(parts: &mut Parts, _: &House) -> std::result::Result<Self, Fail> {
        // The guard put it there before any handler runs.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fail(Error::internal("a route without a guard")))
    }
}
