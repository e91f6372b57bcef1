//! The messages as they stand on the wire, as far as they are used. Keys that are not known are passed over.

use crate::Secret;
use serde::{Deserialize, Deserializer, Serialize};

/// 11.1, what is answered.
#[derive(Deserialize)]
pub struct Info {
    pub name: String,
    pub specs: String,
    pub methods: Vec<String>,
    #[serde(rename = "asynchronousOperationMode", default)]
    pub asynchronous: bool,
}

/// 11.2, what is answered.
#[derive(Deserialize)]
pub struct Login {
    #[serde(deserialize_with = "secret")]
    pub access_token: Secret,
    pub expires_in: Option<u32>,
}

/// 11.4, what is asked. Information comes with 11.5, one credential at a time.
#[derive(Serialize)]
pub struct List<'a> {
    #[serde(rename = "userID", skip_serializing_if = "Option::is_none")]
    pub user: Option<&'a str>,
}

/// 11.4, what is answered.
#[derive(Deserialize)]
pub struct Listed {
    #[serde(rename = "credentialIDs")]
    pub credentials: Vec<String>,
}

/// 11.5, what is asked.
#[derive(Serialize)]
pub struct AskInfo<'a> {
    #[serde(rename = "credentialID")]
    pub credential: &'a str,
    pub certificates: &'static str,
    #[serde(rename = "authInfo")]
    pub authorization: bool,
}

/// 11.5, what is answered.
#[derive(Deserialize)]
pub struct CredentialInfo {
    pub key: Key,
    pub cert: Cert,
    pub auth: Auth,
    #[serde(rename = "SCAL")]
    pub scal: Option<String>,
    pub multisign: u32,
}

#[derive(Deserialize)]
pub struct Key {
    pub status: String,
    pub algo: Vec<String>,
}

#[derive(Deserialize)]
pub struct Cert {
    pub status: Option<String>,
    pub certificates: Vec<String>,
}

#[derive(Deserialize)]
pub struct Auth {
    pub mode: String,
    #[serde(default)]
    pub objects: Vec<AuthObject>,
}

#[derive(Deserialize)]
pub struct AuthObject {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub label: String,
}

/// 11.6, what is asked.
#[derive(Serialize)]
pub struct Authorize<'a> {
    #[serde(rename = "credentialID")]
    pub credential: &'a str,
    #[serde(rename = "numSignatures")]
    pub count: usize,
    pub hashes: &'a [String],
    #[serde(rename = "hashAlgorithmOID")]
    pub hash_algorithm: &'a str,
    #[serde(rename = "authData")]
    pub proofs: Vec<AuthData<'a>>,
    pub description: &'a str,
    #[serde(rename = "clientData")]
    pub reference: &'a str,
}

#[derive(Serialize)]
pub struct AuthData<'a> {
    pub id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<&'a str>,
}

/// 11.7, what is asked.
#[derive(Serialize)]
pub struct AskAuthorized<'a> {
    pub handle: &'a str,
}

/// 11.6 and 11.7, what is answered: one or the other.
#[derive(Deserialize)]
pub struct Authorized {
    #[serde(rename = "SAD", default, deserialize_with = "optional_secret")]
    pub sad: Option<Secret>,
    pub handle: Option<String>,
}

/// 11.10, what is asked.
#[derive(Serialize)]
pub struct SignHash<'a> {
    #[serde(rename = "credentialID")]
    pub credential: &'a str,
    #[serde(rename = "SAD", skip_serializing_if = "Option::is_none")]
    pub sad: Option<&'a str>,
    pub hashes: &'a [String],
    #[serde(rename = "hashAlgorithmOID", skip_serializing_if = "Option::is_none")]
    pub hash_algorithm: Option<&'a str>,
    #[serde(rename = "signAlgo")]
    pub algorithm: &'a str,
    #[serde(rename = "signAlgoParams", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<&'a str>,
    #[serde(rename = "operationMode")]
    pub mode: &'static str,
    /// Milliseconds.
    #[serde(rename = "validity_period", skip_serializing_if = "Option::is_none")]
    pub validity: Option<i64>,
    #[serde(rename = "clientData")]
    pub reference: &'a str,
}

/// 11.12, what is asked.
#[derive(Serialize)]
pub struct AskSigned<'a> {
    #[serde(rename = "requestID")]
    pub request: &'a str,
    #[serde(rename = "userID", skip_serializing_if = "Option::is_none")]
    pub user: Option<&'a str>,
    #[serde(rename = "clientData")]
    pub reference: &'a str,
}

/// 11.10 and 11.12, what is answered: signatures, or where to ask for them.
#[derive(Deserialize)]
pub struct Signed {
    pub signatures: Option<Vec<String>>,
    #[serde(rename = "responseID")]
    pub response: Option<String>,
}

/// 10.2, an error.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Fault {
    pub error: String,
    pub error_description: String,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::new)
}

fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}
