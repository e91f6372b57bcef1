//! The office's own token: the client credentials grant of OAuth 2.0 (RFC 6749, 4.4; 8.4 of the specification).

use super::wire::Login;
use super::{RemoteError, TokenSource, check_address};
use crate::{Asking, Secret, Transport};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use types::{Clock, Timestamp};
use zeroize::Zeroizing;

/// Lifetime of a token that does not tell its own, in seconds.
const TOKEN_SECONDS: u32 = 3600;
/// A token is not used any more so long before its end, in seconds.
const SPARE_SECONDS: i64 = 30;
/// Room for the form, so that a buffer with the secret does not move while it is written and leave a copy behind.
const FORM_BYTES: usize = 4096;

/// A token and until when it is used.
struct Held {
    token: Secret,
    until: Timestamp,
}

/// The office as the service knows it. A token is kept in memory until shortly before its end.
pub struct ClientCredentials {
    url: String,
    client: String,
    secret: Secret,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    held: Mutex<Option<Held>>,
}

impl ClientCredentials {
    /// The office `client`, whose tokens are given at `url`.
    ///
    /// # Errors
    /// [`RemoteError::Address`] as [`super::Service::new`].
    pub fn new(
        url: &str,
        (client, secret): (&str, Secret),
        (transport, clock): (Arc<dyn Transport>, Arc<dyn Clock>),
    ) -> Result<Self, RemoteError> {
        check_address(url)?;
        Ok(Self { url: url.to_owned(), client: client.to_owned(), secret, transport, clock, held: Mutex::default() })
    }

    fn ask(&self, now: Timestamp) -> Result<Held, RemoteError> {
        let form = Zeroizing::new(
            form_urlencoded::Serializer::new(String::with_capacity(FORM_BYTES))
                .append_pair("grant_type", "client_credentials")
                .append_pair("client_id", &self.client)
                .append_pair("client_secret", self.secret.reveal())
                .finish(),
        );
        let content_type = "application/x-www-form-urlencoded";
        let answer =
            self.transport.ask(&self.url, &Asking { authorization: None, content_type, body: form.as_bytes() })?;
        let context = |what: &str| format!("token: HTTP {} {what}", answer.status);
        match answer.status {
            200 => {}
            status if status == 429 || status >= 500 => return Err(RemoteError::Busy(context(""))),
            _ => return Err(RemoteError::NotAdmitted(context(""))),
        }
        let login: Login =
            serde_json::from_slice(&answer.body).map_err(|_| RemoteError::Lies(context("no token in it")))?;
        let seconds = i64::from(login.expires_in.unwrap_or(TOKEN_SECONDS));
        // One that lives shorter than what is spared is used once.
        Ok(Held { token: login.access_token, until: now.plus_seconds((seconds - SPARE_SECONDS).max(0)) })
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        // What a thread that panicked left there is a token or nothing.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> Result<Secret, RemoteError> {
        let now = self.clock.now();
        if let Some(held) = self.held().as_ref().filter(|held| now < held.until) {
            return Ok(held.token.clone());
        }
        // Nobody else waits meanwhile: two may ask, and both tokens are good.
        let new = self.ask(now)?;
        let token = new.token.clone();
        *self.held() = Some(new);
        Ok(token)
    }

    fn is_turned_away(&self, token: &Secret) -> bool {
        let mut held = self.held();
        // Somebody else may have got another one meanwhile.
        if held.as_ref().is_some_and(|held| held.token.reveal() == token.reveal()) {
            *held = None;
        }
        true
    }
}
