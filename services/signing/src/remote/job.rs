//! A remote signature from the question to the answer, as something that can be stored in between.

mod steps;

use super::credential::Named;
use super::{Account, Authorization, Credential, RemoteError};
use crate::{Algorithm, Certificate, Outline, Secret};
use serde::{Deserialize, Serialize};
use steps::Next;
use types::Timestamp;

/// Documents of one job, at most; a service may allow fewer.
pub const JOB_SIGNATURES_MAX: usize = 64;
/// Characters of the description that the phone shows, at most (11.6).
const DESCRIPTION_CHARACTERS_MAX: usize = 500;

/// Bytes that are stored as base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Bytes(#[serde(with = "crate::base64")] pub Vec<u8>);

/// How a job is to be done.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// The caller's name for it, which comes back in the service's records; nothing personal.
    pub reference: &'a str,
    /// What the phone shows, e.g. number and title of the document; cut after 500 characters.
    pub description: &'a str,
    /// Whether to ask for an answer later (mode A): [`super::Info::asynchronous`].
    pub asynchronous: bool,
    /// When to give up.
    pub until: Timestamp,
}

/// What a person gives the service: a PIN, a code; nothing for a phone that confirms by itself.
#[derive(Debug, Clone)]
pub struct Proof {
    /// As [`super::Wanted::id`].
    pub id: String,
    /// Wiped when dropped, and never printed or stored.
    pub value: Option<Secret>,
}

/// What a job waits for, by the name that the service gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// The person's permission.
    Permission(String),
    /// The signatures.
    Signatures(String),
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody was asked yet.
    Asked,
    /// The service works, or the person has not answered.
    Waiting(Wait),
    /// The signatures are there and were verified.
    Signed,
    /// The person said no.
    Refused,
    /// Time is over.
    Expired,
    /// It cannot become anything; a new job is needed.
    Failed(RemoteError),
}

/// Signatures over one or more prepared documents, by one key, with one permission. Nothing secret is stored with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    credential: String,
    certificate: Certificate,
    algorithm: Algorithm,
    named: Named,
    authorization: Authorization,
    asynchronous: bool,
    reference: String,
    description: String,
    until: Timestamp,
    /// What each signature must be over: the signed attributes.
    asked: Vec<Bytes>,
    signatures: Vec<Bytes>,
    state: State,
}

impl Job {
    /// For documents that were all prepared for this key.
    ///
    /// # Errors
    /// [`RemoteError::CertificateChanged`] when one was prepared for another certificate, [`RemoteError::CannotSign`] when the
    /// key is disabled, has not their algorithm, or there are none or too many of them.
    pub fn new(credential: &Credential, prepared: &[&Outline], order: &Order<'_>) -> Result<Self, RemoteError> {
        let cannot = |what: &str| RemoteError::CannotSign(what.to_owned());
        let first = prepared.first().ok_or_else(|| cannot("no document"))?;
        if prepared.len() > credential.multisign.min(JOB_SIGNATURES_MAX) {
            return Err(cannot("too many documents"));
        }
        if !credential.enabled {
            return Err(cannot("the key is disabled"));
        }
        if prepared.iter().any(|document| *document.certificate() != credential.certificate) {
            return Err(RemoteError::CertificateChanged);
        }
        if prepared.iter().any(|document| document.algorithm() != first.algorithm()) {
            return Err(cannot("two algorithms in one job"));
        }
        Ok(Self {
            credential: credential.id.clone(),
            certificate: credential.certificate.clone(),
            algorithm: first.algorithm(),
            named: credential.named(first.algorithm())?,
            authorization: credential.authorization,
            asynchronous: order.asynchronous,
            reference: order.reference.to_owned(),
            description: order.description.chars().take(DESCRIPTION_CHARACTERS_MAX).collect(),
            until: order.until,
            asked: prepared.iter().map(|document| Bytes(document.to_sign().to_vec())).collect(),
            signatures: Vec::new(),
            state: State::Asked,
        })
    }

    /// Asks the service: up to three short requests, for the certificate, the permission, the signatures. Store the job after
    /// it. When it was lost between asking and storing, asking again makes the phone ring twice and signs nothing twice.
    ///
    /// # Errors
    /// [`RemoteError::OutOfTurn`], [`RemoteError::Busy`], [`RemoteError::NotAdmitted`], [`RemoteError::WrongProof`]: the job is
    /// as before, and the step may be tried again. All other ends are states.
    pub fn ask(&mut self, account: &Account<'_>, proofs: &[Proof], now: Timestamp) -> Result<&State, RemoteError> {
        if self.state != State::Asked {
            return Err(RemoteError::OutOfTurn);
        }
        let next = self.asked(account, proofs, now);
        self.settle(next)
    }

    /// Asks whether there is an answer: one request, and a second one at the moment when the person's permission arrives,
    /// which is spent at once so that it is never stored. Never waits for the person.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub fn poll(&mut self, account: &Account<'_>, now: Timestamp) -> Result<&State, RemoteError> {
        let State::Waiting(wait) = self.state.clone() else { return Err(RemoteError::OutOfTurn) };
        let next = self.polled(account, &wait, now);
        self.settle(next)
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The verified signatures, in the order of the documents, for [`crate::finish`].
    ///
    /// # Errors
    /// Why there are none; [`RemoteError::OutOfTurn`] when there are none yet.
    pub fn signatures(&self) -> Result<Vec<&[u8]>, RemoteError> {
        match &self.state {
            State::Signed => Ok(self.signatures.iter().map(|signature| &signature.0[..]).collect()),
            State::Refused => Err(RemoteError::Refused),
            State::Expired => Err(RemoteError::Expired),
            State::Failed(why) => Err(why.clone()),
            State::Asked | State::Waiting(_) => Err(RemoteError::OutOfTurn),
        }
    }

    fn settle(&mut self, next: Result<Next, RemoteError>) -> Result<&State, RemoteError> {
        self.state = match next {
            Ok(Next::Wait(wait)) => State::Waiting(wait),
            Ok(Next::Signed(signatures)) => {
                self.signatures = signatures;
                State::Signed
            }
            Err(RemoteError::Refused) => State::Refused,
            Err(RemoteError::Expired) => State::Expired,
            // A wrong code given at the phone is not ours to give again; one given here is.
            Err(RemoteError::WrongProof) if self.state != State::Asked => State::Failed(RemoteError::WrongProof),
            Err(error) if error.may_be_tried_again() => return Err(error),
            Err(error) => State::Failed(error),
        };
        Ok(&self.state)
    }
}
