//! One request to the service and what its answer means.

use super::wire::{AskInfo, CredentialInfo, Fault, Info as SaidInfo, List, Listed, Login};
use super::{Credential, RemoteError};
use crate::{Asking, Secret, Transport};
use data_encoding::BASE64;
use serde::Serialize;
use serde::de::DeserializeOwned;
use types::Timestamp;
use zeroize::Zeroizing;

/// Bytes of an answer, at most: sixty-four signatures and a chain of certificates are a tenth of it.
pub const ANSWER_BYTES_MAX: usize = 1 << 20;
/// Room for a request, so that a buffer with a secret does not move while it is written and leave a copy behind.
const REQUEST_BYTES: usize = 64 << 10;
/// Lifetime of a token that does not tell its own, in seconds (11.2).
const TOKEN_SECONDS: u32 = 3600;
/// Credentials of one person, at most.
const CREDENTIALS_MAX: usize = 1000;
/// Bytes of the name of a credential, at most.
const NAME_BYTES_MAX: usize = 256;

/// Gives the bearer token that the service knows the office or person by.
pub trait TokenSource: Send + Sync {
    /// A token that is valid now.
    ///
    /// # Errors
    /// [`RemoteError::NotAdmitted`], [`RemoteError::Busy`].
    fn token(&self) -> Result<Secret, RemoteError>;

    /// Hears that the service does not take a token; answers whether the next one will be another.
    fn is_turned_away(&self, token: &Secret) -> bool {
        let _ = token;
        false
    }
}

/// A token that is there already.
impl TokenSource for Secret {
    fn token(&self) -> Result<Secret, RemoteError> {
        Ok(self.clone())
    }
}

/// What the service says of itself; only good for choosing how to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// Its commercial name.
    pub name: String,
    /// The version of the specification it follows.
    pub specs: String,
    /// Methods it has.
    pub methods: Vec<String>,
    /// Whether `signatures/signHash` may answer later (operation mode A).
    pub asynchronous: bool,
}

/// A token from `auth/login`.
#[derive(Debug)]
pub struct Session {
    /// The bearer token; a [`TokenSource`].
    pub token: Secret,
    /// Until when it is good.
    pub until: Timestamp,
}

/// A remote signing service.
pub struct Service<'a> {
    base: String,
    transport: &'a dyn Transport,
}

impl<'a> Service<'a> {
    /// The service at `base`, e.g. `https://ca.example.vn/csc/v2`.
    ///
    /// # Errors
    /// [`RemoteError::Address`] for anything but https; on this machine itself http will do.
    pub fn new(base: &str, transport: &'a dyn Transport) -> Result<Self, RemoteError> {
        check_address(base)?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), transport })
    }

    /// What the service says of itself (11.1).
    ///
    /// # Errors
    /// [`RemoteError::Busy`], [`RemoteError::Rejected`], [`RemoteError::Lies`] for what cannot be read.
    pub fn info(&self) -> Result<Info, RemoteError> {
        let SaidInfo { name, specs, methods, asynchronous } = self.call("info", None, &List { user: None })?.read()?;
        Ok(Info { name, specs, methods, asynchronous })
    }

    /// Logs in with name and password (11.2), for services without OAuth 2.0.
    ///
    /// # Errors
    /// [`RemoteError::NotAdmitted`] and as [`Self::info`].
    pub fn log_in(&self, user: &str, password: &Secret, now: Timestamp) -> Result<Session, RemoteError> {
        if user.contains(':') {
            return Err(RemoteError::NotAdmitted("a colon in the user's name (RFC 7617, 2)".to_owned()));
        }
        let pair = Zeroizing::new(format!("{user}:{}", password.reveal()));
        let basic = Secret::new(format!("Basic {}", *Zeroizing::new(BASE64.encode(pair.as_bytes()))));
        let login: Login = self.call("auth/login", Some(&basic), &List { user: None })?.read()?;
        let seconds = login.expires_in.unwrap_or(TOKEN_SECONDS);
        Ok(Session { token: login.access_token, until: now.plus_seconds(i64::from(seconds)) })
    }

    /// The service as somebody it knows. `user` is the service's name for the person whose keys these are, when the token is
    /// the office's; with a token that is the person's own it must be `None` (11.4, 11.12: `userID`).
    pub fn account(&'a self, tokens: &'a dyn TokenSource, user: Option<&'a str>) -> Account<'a> {
        Account { service: self, tokens, user }
    }

    /// Asks once. Neither what is sent nor what is answered is ever logged.
    fn call(&self, method: &str, header: Option<&Secret>, body: &impl Serialize) -> Result<Reply, RemoteError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(REQUEST_BYTES));
        serde_json::to_writer(&mut *bytes, body).map_err(|_| RemoteError::Internal("a request".to_owned()))?;
        let asking = Asking { authorization: header, content_type: "application/json", body: &bytes };
        let answer = self.transport.ask(&format!("{}/{method}", self.base), &asking)?;
        if answer.body.len() > ANSWER_BYTES_MAX {
            return Err(RemoteError::Lies(format!("{method}: {} bytes", answer.body.len())));
        }
        let fault = || serde_json::from_slice::<Fault>(&answer.body).unwrap_or_default();
        match answer.status {
            200 | 201 => Ok(Reply { underway: false, body: answer.body }),
            202 => Ok(Reply { underway: true, body: answer.body }),
            // A client of another service was seen to meet this as an error.
            400 if fault().error == "accepted_request" => Ok(Reply { underway: true, body: answer.body }),
            status => {
                let error = failure(method, status, &fault());
                tracing::warn!(method, status, reason = error.inward(), "the remote signing service refused");
                Err(error)
            }
        }
    }
}

/// What a status and an error say (10.1, 10.2). Descriptions are free text, read only where the specification gives nothing
/// else, and never kept: they may repeat what was sent.
fn failure(method: &str, status: u16, fault: &Fault) -> RemoteError {
    let code: String = fault.error.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(40).collect();
    let context = format!("{method}: HTTP {status} {code}");
    let words = fault.error_description.to_ascii_lowercase();
    // Before anybody is asked, it is the office that is turned away.
    let person = method.starts_with("credentials/authorize") || method.starts_with("signatures/");
    match &*code {
        "access_denied" if person => RemoteError::Refused,
        "invalid_authentication_data" | "invalid_otp" | "invalid_pin" if person => RemoteError::WrongProof,
        "expired_token" | "invalid_token" | "unauthorized_client" | "access_denied" | "authentication_error" => {
            RemoteError::NotAdmitted(context)
        }
        "temporarily_unavailable" | "server_error" => RemoteError::Busy(context),
        _ if status == 401 => RemoteError::NotAdmitted(context),
        _ if status == 429 || status >= 500 && status != 501 => RemoteError::Busy(context),
        _ if words.contains("certificate is expired") || words.contains("disabled") => RemoteError::CannotSign(context),
        _ if words.contains("locked") => RemoteError::Locked,
        _ if person && words.contains("expired") => RemoteError::Expired,
        // The service does not know any more what it was asked.
        _ if person && (words.contains("parameter requestid") || words.contains("parameter handle")) => {
            RemoteError::Expired
        }
        _ => RemoteError::Rejected(context),
    }
}

/// Whether secrets may go to an address.
///
/// # Errors
/// [`RemoteError::Address`].
pub fn check_address(url: &str) -> Result<(), RemoteError> {
    let fits = url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) || is_this_machine(url);
    if !fits || url.contains(['@', '?', '#']) || url.chars().any(|c| c.is_control() || c == ' ') {
        return Err(RemoteError::Address);
    }
    Ok(())
}

fn is_this_machine(base: &str) -> bool {
    let Some(rest) = base.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    matches!(name, "127.0.0.1" | "localhost") && port.parse::<u16>().is_ok()
}

/// An answer that is no error.
pub struct Reply {
    /// The request was taken and is not done.
    pub underway: bool,
    body: Zeroizing<Vec<u8>>,
}

impl Reply {
    /// Reads it. The reason of a failure says where, not what stands there.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, RemoteError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            RemoteError::Lies(format!("{:?} at {}:{}", error.classify(), error.line(), error.column()))
        })
    }
}

/// The service as somebody it knows.
pub struct Account<'a> {
    service: &'a Service<'a>,
    tokens: &'a dyn TokenSource,
    pub(super) user: Option<&'a str>,
}

impl Account<'_> {
    /// The names of the person's keys (11.4).
    ///
    /// # Errors
    /// As [`Service::info`], and [`RemoteError::NotAdmitted`].
    pub fn credentials(&self) -> Result<Vec<String>, RemoteError> {
        let listed: Listed = self.call("credentials/list", &List { user: self.user })?.read()?;
        if listed.credentials.len() > CREDENTIALS_MAX {
            return Err(RemoteError::Lies(format!("{} credentials", listed.credentials.len())));
        }
        if listed.credentials.iter().any(|name| name.is_empty() || name.len() > NAME_BYTES_MAX) {
            return Err(RemoteError::Lies("a credential without a name, or with one that is too long".to_owned()));
        }
        Ok(listed.credentials)
    }

    /// All about one key (11.5).
    ///
    /// # Errors
    /// As [`Self::credentials`].
    pub fn credential(&self, id: &str) -> Result<Credential, RemoteError> {
        let ask = AskInfo { credential: id, certificates: "chain", authorization: true };
        let said: CredentialInfo = self.call("credentials/info", &ask)?.read()?;
        Credential::read(id, said)
    }

    pub(super) fn call(&self, method: &str, body: &impl Serialize) -> Result<Reply, RemoteError> {
        let token = self.tokens.token()?;
        match self.call_as(&token, method, body) {
            // Nothing was done for a token that was not taken: asking again signs nothing twice. Where the service does not say
            // that it is the token, it may be the person's code, which is not given twice.
            Err(RemoteError::NotAdmitted(why)) if why.ends_with("_token") && self.tokens.is_turned_away(&token) => {
                self.call_as(&self.tokens.token()?, method, body)
            }
            other => other,
        }
    }

    fn call_as(&self, token: &Secret, method: &str, body: &impl Serialize) -> Result<Reply, RemoteError> {
        let bearer = Secret::new(format!("Bearer {}", token.reveal()));
        self.service.call(method, Some(&bearer), body)
    }
}
