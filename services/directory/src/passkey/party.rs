//! The protocol (WebAuthn): what a browser is asked under which name, and whether its answer is good.
//!
//! The name is that of the installation's public address. Browsers offer passkeys to https addresses with a name, and to
//! `localhost`; elsewhere there is no party, and pages say so.

use super::ceremony::{self, Question};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use types::{Error, Result};
use webauthn_rs::prelude::{
    AuthenticationResult, Credential, DiscoverableAuthentication, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

pub(crate) use webauthn_rs::prelude::Passkey as Key;

/// No browser's answer is longer.
const ANSWER_MAX: usize = 32 * 1024;

/// This house as browsers know it.
pub(crate) struct Party {
    webauthn: Webauthn,
    /// The address at which passkeys work, as a browser writes it.
    pub origin: String,
}

/// Why an answer is not good, in a word for the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused(pub &'static str);

impl Refused {
    /// The counter did not grow.
    pub const COUNTER: Self = Self("counter");
    /// It names no passkey of ours that is in use.
    pub const UNKNOWN: Self = Self("unknown");
    /// It may be copied between devices now, or may no more: it is not the passkey that was made.
    pub const BACKUP: Self = Self("backup");
    /// It cannot be read.
    pub const MALFORMED: Self = Self("malformed");
}

impl From<WebauthnError> for Refused {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::COUNTER,
            WebauthnError::CredentialNotFound => Self::UNKNOWN,
            WebauthnError::MismatchedChallenge => Self("challenge"),
            WebauthnError::InvalidRPOrigin | WebauthnError::CredentialCrossOrigin => Self("origin"),
            WebauthnError::InvalidRPIDHash => Self("party"),
            WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Self("unverified"),
            WebauthnError::CredentialBackupEligibilityInconsistent | WebauthnError::CredentialMayNotBeHardwareBound => {
                Self::BACKUP
            }
            WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => Self("signature"),
            _ => Self::MALFORMED,
        }
    }
}

/// What a new passkey is kept as.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub credential_id: Vec<u8>,
    pub credential: String,
    pub sign_count: i64,
    pub backup_eligible: bool,
    pub backed_up: bool,
}

/// What a good answer changes of a passkey.
#[derive(Debug, Clone)]
pub(crate) struct Used {
    pub credential: String,
    pub sign_count: i64,
    pub backed_up: bool,
}

/// Whom a new passkey is for.
pub(crate) struct Owner<'a> {
    pub handle: Uuid,
    pub username: &'a str,
    pub name: &'a str,
}

impl Party {
    /// The party of an installation; none where its address is one to which browsers give no passkeys.
    pub fn of(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let name = url.domain()?;
        let here = name == "localhost" || name.ends_with(".localhost");
        if url.scheme() != "https" && !here {
            return None;
        }
        let seconds = u64::try_from(ceremony::SECONDS).ok()?;
        let builder = WebauthnBuilder::new(name, &url).ok()?.rp_name("Nhà Việc");
        let webauthn = builder.timeout(Duration::from_secs(seconds)).build().ok()?;
        Some(Self { webauthn, origin: url.origin().ascii_serialization() })
    }

    /// Asks for any passkey of this house that the device has.
    pub fn ask_any(&self) -> Result<Question> {
        let (asked, state) = self.webauthn.start_discoverable_authentication().map_err(internal)?;
        question(&asked.public_key, &state)
    }

    /// Asks for one of these passkeys.
    pub fn ask_one_of(&self, keys: &[Key]) -> Result<Question> {
        let (asked, state) = self.webauthn.start_passkey_authentication(keys).map_err(internal)?;
        question(&asked.public_key, &state)
    }

    /// Asks for a new passkey. It has to be one that the device finds by itself, since nobody types a name at the entrance.
    pub fn ask_new(&self, owner: &Owner<'_>, present: &[Key]) -> Result<Question> {
        let present = present.iter().map(|key| key.cred_id().clone()).collect();
        let (asked, state) = self
            .webauthn
            .start_passkey_registration(owner.handle, owner.username, owner.name, Some(present))
            .map_err(internal)?;
        let mut question = question(&asked.public_key, &state)?;
        let selection = &mut question.asked["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        Ok(question)
    }

    /// Whether an answer to [`Party::ask_any`] is `key`'s.
    pub fn check_any(&self, state: &str, answer: &Answer, key: &Key) -> std::result::Result<Used, Refused> {
        let state: DiscoverableAuthentication = read(state)?;
        answer.of_this_page()?;
        let result = self.webauthn.finish_discoverable_authentication_v2(&answer.0, state, key)?;
        used(key, &result)
    }

    /// Whether an answer to [`Party::ask_one_of`] is `key`'s.
    pub fn check_one_of(&self, state: &str, answer: &Answer, key: &Key) -> std::result::Result<Used, Refused> {
        let state: PasskeyAuthentication = read(state)?;
        answer.of_this_page()?;
        let result = self.webauthn.finish_passkey_authentication(&answer.0, &state)?;
        used(key, &result)
    }

    /// What an answer to [`Party::ask_new`] is kept as.
    pub fn check_new(&self, state: &str, answer: &str) -> std::result::Result<Made, Refused> {
        let state: PasskeyRegistration = read(state)?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        if answer.extensions.cred_props.as_ref().is_some_and(|said| said.rk == Some(false)) {
            return Err(Refused("hidden"));
        }
        let key = self.webauthn.finish_passkey_registration(&answer, &state)?;
        let text = serde_json::to_string(&key).map_err(|_| Refused::MALFORMED)?;
        let credential = Credential::from(key);
        Ok(Made {
            credential_id: credential.cred_id.to_vec(),
            credential: text,
            sign_count: credential.counter.into(),
            backup_eligible: credential.backup_eligible,
            backed_up: credential.backup_state,
        })
    }
}

/// A browser's answer to a question for a passkey.
#[derive(Debug, Clone)]
pub(crate) struct Answer(PublicKeyCredential);

impl Answer {
    /// Reads what a browser sent.
    pub fn read(text: &str) -> std::result::Result<Self, Refused> {
        read(text).map(Self)
    }

    /// Which passkey it names.
    pub fn credential(&self) -> &[u8] {
        self.0.get_credential_id()
    }

    /// Whose passkey the device takes it for.
    pub fn handle(&self) -> Option<String> {
        self.0.get_user_unique_id().and_then(handle_of)
    }

    /// A page of another site may have shown ours inside it; the library asks that of new passkeys only.
    fn of_this_page(&self) -> std::result::Result<(), Refused> {
        let said: serde_json::Value =
            serde_json::from_slice(&self.0.response.client_data_json).map_err(|_| Refused::MALFORMED)?;
        if said["crossOrigin"] == true { Err(Refused("origin")) } else { Ok(()) }
    }
}

/// A handle that nobody has.
pub(crate) fn new_handle() -> Uuid {
    Uuid::from_bytes(rand::random())
}

/// A handle in bytes, as it is kept.
pub(crate) fn handle_of(bytes: &[u8]) -> Option<String> {
    Uuid::from_slice(bytes).ok().map(|handle| handle.to_string())
}

/// Reads a handle as it is kept.
pub(crate) fn read_handle(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(Error::internal)
}

/// Reads a passkey as it is kept.
pub(crate) fn read_key(text: &str) -> Result<Key> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// What a good answer changes. The library lets a passkey of one device become a copied one in answers to
/// [`Party::ask_one_of`]; here it is refused in both, as a passkey that nobody made.
pub(crate) fn used(key: &Key, result: &AuthenticationResult) -> std::result::Result<Used, Refused> {
    if !result.user_verified() {
        return Err(Refused("unverified"));
    }
    if result.backup_eligible() != Credential::from(key.clone()).backup_eligible {
        return Err(Refused::BACKUP);
    }
    let mut key = key.clone();
    key.update_credential(result).ok_or(Refused::UNKNOWN)?;
    let credential = serde_json::to_string(&key).map_err(|_| Refused::MALFORMED)?;
    Ok(Used { credential, sign_count: result.counter().into(), backed_up: result.backup_state() })
}

fn read<T: DeserializeOwned>(text: &str) -> std::result::Result<T, Refused> {
    if text.len() > ANSWER_MAX {
        return Err(Refused::MALFORMED);
    }
    serde_json::from_str(text).map_err(|_| Refused::MALFORMED)
}

fn question(asked: &impl Serialize, state: &impl Serialize) -> Result<Question> {
    let asked = serde_json::to_value(asked).map_err(Error::internal)?;
    Ok(Question { asked, state: serde_json::to_string(state).map_err(Error::internal)? })
}

fn internal(error: WebauthnError) -> Error {
    Error::internal(format!("a question for a passkey: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_https_with_a_name_or_this_very_computer() {
        let origin = |url: &str| Party::of(url).map(|party| party.origin);
        for (url, origin_of) in [
            ("https://dichvu.xa.gov.vn", "https://dichvu.xa.gov.vn"),
            ("https://dichvu.xa.gov.vn:8443/nhaviec", "https://dichvu.xa.gov.vn:8443"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            assert_eq!(origin(url).as_deref(), Some(origin_of), "{url}");
        }
        for url in ["http://dichvu.xa.gov.vn", "http://127.0.0.1:8080", "https://192.168.1.10", "https://[::1]", "x"] {
            assert_eq!(origin(url), None, "{url}");
        }
    }

    #[test]
    fn what_is_asked_demands_verification_and_a_passkey_that_is_found() {
        let party = Party::of("https://nhaviec.test").unwrap();
        let owner = Owner { handle: new_handle(), username: "may.lt", name: "Lò Thị Mẩy" };
        let new = party.ask_new(&owner, &[]).unwrap().asked;
        assert_eq!(new["rp"]["id"], "nhaviec.test");
        assert_eq!(new["attestation"], "none");
        assert_eq!(new["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(new["authenticatorSelection"]["userVerification"], "required");
        let any = party.ask_any().unwrap().asked;
        assert_eq!((&any["rpId"], &any["userVerification"]), (&"nhaviec.test".into(), &"required".into()));
        assert_ne!(any["challenge"], party.ask_any().unwrap().asked["challenge"]);
        assert!(any["challenge"].as_str().unwrap().len() >= 43, "256 bits");
    }
}
