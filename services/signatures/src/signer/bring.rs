//! A certificate that is brought with its key, and what it is held to before it is entered.

use signing::{Certificate, Secret, SigningError, SigningKey, SoftKey, TokenKey, TokenSettings};
use std::path::Path;
use types::{Error, Result, Timestamp};

/// Where the key lies.
#[derive(Debug, Clone)]
pub enum Key {
    /// In a PKCS#12 file, locked by its own code.
    File(Vec<u8>),
    /// In a token of the server, under these labels.
    Token { token: String, key: String },
}

impl Key {
    /// As the columns for file, token and label have it.
    pub(super) fn columns(&self) -> (Option<String>, Option<String>, Option<String>) {
        match self {
            Self::File(file) => (Some(data_encoding::BASE64.encode(file)), None, None),
            Self::Token { token, key } => (None, Some(token.clone()), Some(key.clone())),
        }
    }
}

/// A certificate with the chain that came along, and its key.
#[derive(Debug, Clone)]
pub struct Brought {
    pub certificate: Certificate,
    pub chain: Vec<Certificate>,
    pub key: Key,
}

/// Reads a key file: its code must open it, and its certificate must be able to sign now.
///
/// # Errors
/// `Invalid` with the field `file` or `code`.
pub fn bring(file: &[u8], code: &Secret, now: Timestamp) -> Result<Brought> {
    let key = SoftKey::from_pkcs12(file, code).map_err(refused)?;
    fit(&key, now, Key::File(file.to_vec()))
}

/// Finds a key in a token of the server: its PIN must open it.
///
/// # Errors
/// `Invalid` with the field `token` or `code`; `Conflict` when the server has no tokens.
pub fn bring_token(library: Option<&Path>, (token, key): (&str, &str), pin: Secret, now: Timestamp) -> Result<Brought> {
    let library = library.ok_or_else(no_library)?.to_owned();
    let (token, label) = (token.trim().to_owned(), key.trim().to_owned());
    if token.is_empty() || label.is_empty() {
        return Err(Error::invalid("token", "Ghi nhãn của thiết bị và nhãn của khóa trong thiết bị."));
    }
    let settings =
        TokenSettings { library, token: token.clone(), key: label.clone(), pin, chain: Vec::new(), algorithm: None };
    let key = TokenKey::open(&settings).map_err(refused)?;
    fit(&key, now, Key::Token { token, key: label })
}

/// What the codes of a token's key are counted under.
pub fn token_watched_as(token: &str, key: &str) -> String {
    format!("token:{}:{}", token.trim(), key.trim())
}

fn fit(opened: &dyn SigningKey, now: Timestamp, key: Key) -> Result<Brought> {
    let certificate = opened.certificate().clone();
    if !certificate.may_sign_documents() {
        return Err(Error::invalid("file", "Chứng thư này không dùng để ký văn bản được (mục đích sử dụng khóa)."));
    }
    if !certificate.is_valid_at(now) {
        return Err(Error::invalid("file", "Chứng thư này chưa có hiệu lực hoặc đã hết hạn."));
    }
    Ok(Brought { chain: opened.chain().to_vec(), certificate, key })
}

/// Whom an error of the key concerns: who typed the code, or who chose the file.
pub(super) fn refused(error: SigningError) -> Error {
    let sentence = error.to_string();
    match error {
        SigningError::WrongPassword => Error::invalid("code", "Mã mở khóa không đúng."),
        SigningError::Token(context) => {
            tracing::warn!(context, "a token did not open");
            Error::invalid("code", sentence)
        }
        SigningError::BadKeyFile(_) | SigningError::Algorithm(_) | SigningError::BadCertificate(_) => {
            Error::invalid("file", sentence)
        }
        other => other.into(),
    }
}

pub(super) fn no_library() -> Error {
    Error::conflict("Máy chủ này chưa khai báo thư viện của thiết bị ký (NHAVIEC_PKCS11_LIBRARY).")
}
