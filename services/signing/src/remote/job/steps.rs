//! What a job asks the service at each step, and where the answer leads.

use super::{Bytes, Job, Proof, Wait};
use crate::Secret;
use crate::remote::service::Reply;
use crate::remote::wire::{AskAuthorized, AskSigned, AuthData, Authorize, Authorized, SignHash, Signed};
use crate::remote::{Account, Authorization, RemoteError, check};
use data_encoding::BASE64;
use types::Timestamp;

/// Bytes of a name that the service gives to a request, at most.
const NAME_BYTES_MAX: usize = 4096;

/// Where a step leads.
pub(super) enum Next {
    Wait(Wait),
    Signed(Vec<Bytes>),
}

fn auth_data(proof: &Proof) -> AuthData<'_> {
    AuthData { id: &proof.id, value: proof.value.as_ref().map(Secret::reveal) }
}

/// A name that the service gave.
fn name(said: String) -> Result<String, RemoteError> {
    let fits = !said.is_empty() && said.len() <= NAME_BYTES_MAX;
    if fits { Ok(said) } else { Err(RemoteError::Lies("a name that is empty or too long".to_owned())) }
}

impl Job {
    pub(super) fn asked(&self, account: &Account<'_>, proofs: &[Proof], now: Timestamp) -> Result<Next, RemoteError> {
        if now > self.until {
            return Err(RemoteError::Expired);
        }
        let current = account.credential(&self.credential)?;
        if current.certificate != self.certificate {
            return Err(RemoteError::CertificateChanged);
        }
        if !current.enabled {
            return Err(RemoteError::CannotSign("the key is disabled".to_owned()));
        }
        if self.authorization == Authorization::Token {
            return self.sign(account, None, now);
        }
        let hash_algorithm = self.algorithm.hash().oid().to_string();
        let authorize = Authorize {
            credential: &self.credential,
            count: self.asked.len(),
            hashes: &self.hashes(),
            hash_algorithm: &hash_algorithm,
            proofs: proofs.iter().map(auth_data).collect(),
            description: &self.description,
            reference: &self.reference,
        };
        self.authorized(account, &account.call("credentials/authorize", &authorize)?, None, now)
    }

    pub(super) fn polled(&self, account: &Account<'_>, wait: &Wait, now: Timestamp) -> Result<Next, RemoteError> {
        if now > self.until {
            return Err(RemoteError::Expired);
        }
        match wait {
            Wait::Permission(handle) => {
                let reply = account.call("credentials/authorizeCheck", &AskAuthorized { handle })?;
                self.authorized(account, &reply, Some(handle), now)
            }
            Wait::Signatures(request) => {
                let ask = AskSigned { request, user: account.user, reference: &self.reference };
                let reply = account.call("signatures/signPolling", &ask)?;
                let same = || Ok(Next::Wait(wait.clone()));
                if reply.underway {
                    return same();
                }
                match reply.read::<Signed>()?.signatures {
                    Some(said) => self.checked(&said),
                    None => same(),
                }
            }
        }
    }

    /// What an answer about permission leads to. `known` is the handle that was asked with: an answer need not repeat it.
    fn authorized(
        &self,
        account: &Account<'_>,
        reply: &Reply,
        known: Option<&String>,
        now: Timestamp,
    ) -> Result<Next, RemoteError> {
        let Authorized { sad, handle } = reply.read()?;
        match sad {
            Some(sad) if !reply.underway => self.sign(account, Some(&sad), now),
            _ => {
                let known = known.filter(|_| reply.underway).cloned();
                let none = || RemoteError::Lies("neither permission nor handle".to_owned());
                Ok(Next::Wait(Wait::Permission(name(handle.or(known).ok_or_else(none)?)?)))
            }
        }
    }

    fn sign(&self, account: &Account<'_>, sad: Option<&Secret>, now: Timestamp) -> Result<Next, RemoteError> {
        let left = self.until.0.saturating_sub(now.0).div_euclid(1000).max(1);
        let ask = SignHash {
            credential: &self.credential,
            sad: sad.map(Secret::reveal),
            hashes: &self.hashes(),
            hash_algorithm: self.named.hash.as_deref(),
            algorithm: &self.named.algorithm,
            parameters: self.named.parameters.as_deref(),
            mode: if self.asynchronous { "A" } else { "S" },
            validity: self.asynchronous.then_some(left),
            reference: &self.reference,
        };
        let said: Signed = account.call("signatures/signHash", &ask)?.read()?;
        match (said.signatures, said.response) {
            (Some(said), _) => self.checked(&said),
            (None, Some(response)) if self.asynchronous => Ok(Next::Wait(Wait::Signatures(name(response)?))),
            _ => Err(RemoteError::Lies("neither signatures nor where to ask for them".to_owned())),
        }
    }

    fn checked(&self, said: &[String]) -> Result<Next, RemoteError> {
        check::signatures(said, &self.asked, &self.certificate, self.algorithm).map(Next::Signed)
    }

    fn hashes(&self) -> Vec<String> {
        self.asked.iter().map(|attributes| BASE64.encode(&self.algorithm.hash().of(&[&attributes.0]))).collect()
    }
}
