//! A certificate that is brought, with its key or without, and what it is held to before it is entered.

use super::KeyPlace;
use signing::remote::{Authorization, Credential};
use signing::{Algorithm, Certificate, Secret, SigningError, SigningKey, SoftKey, TokenKey, TokenSettings};
use std::path::Path;
use types::{Error, Result, Timestamp};

/// Where the key lies.
#[derive(Debug, Clone)]
pub enum Key {
    /// In a PKCS#12 file, locked by its own code.
    File(Vec<u8>),
    /// In a token of the server, under these labels.
    Token { token: String, key: String },
    /// In a token at the desk of whoever signs.
    Desk,
    /// At the remote service: whose it is there, and its name.
    Service { user: String, credential: String },
}

impl Key {
    pub(super) fn place(&self) -> KeyPlace {
        match self {
            Self::File(_) => KeyPlace::File,
            Self::Token { .. } => KeyPlace::Token,
            Self::Desk => KeyPlace::Desk,
            Self::Service { .. } => KeyPlace::Service,
        }
    }

    /// As the columns for file, token and label have it.
    pub(super) fn columns(&self) -> (Option<String>, Option<String>, Option<String>) {
        match self {
            Self::File(file) => (Some(data_encoding::BASE64.encode(file)), None, None),
            Self::Token { token, key } => (None, Some(token.clone()), Some(key.clone())),
            Self::Desk => (None, None, None),
            Self::Service { user, credential } => (None, Some(user.clone()), Some(credential.clone())),
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
    fit((key.certificate(), key.chain()), now, Key::File(file.to_vec()))
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
    fit((key.certificate(), key.chain()), now, Key::Token { token, key: label })
}

/// Whether a file is a certificate without a key (.cer, .crt, .pem, .p7b).
pub fn is_certificate(file: &[u8]) -> bool {
    !signing::trust::read_certificates(file).is_empty()
}

/// Reads a certificate whose key lies at the desk of whoever signs. Nobody proves here to have the key: what is signed with
/// another is not taken.
///
/// # Errors
/// `Invalid` with the field `file`.
pub fn bring_certificate(file: &[u8], now: Timestamp) -> Result<Brought> {
    let mut all = signing::trust::read_certificates(file);
    let own = all.iter().position(|certificate| !certificate.is_authority()).ok_or_else(|| {
        Error::invalid("file", "Trong tệp chỉ có chứng thư của tổ chức chứng thực, không có chứng thư của người ký.")
    })?;
    let own = all.remove(own);
    Algorithm::usual(own.key()).map_err(refused)?;
    fit((&own, &all), now, Key::Desk)
}

/// Takes a key at the remote service, as the service describes it. Nobody proves here to have it: whoever has, agrees to each
/// signature.
///
/// # Errors
/// `Invalid` with the field `user`: what the key is not fit for.
pub fn bring_remote(user: &str, credential: Credential, now: Timestamp) -> Result<Brought> {
    let refuse = |sentence: &str| Err(Error::invalid("user", sentence));
    if !credential.enabled {
        return refuse("Chứng thư ở dịch vụ ký từ xa đang bị khóa hoặc tạm dừng.");
    }
    if credential.authorization != Authorization::Explicit {
        return refuse(
            "Chứng thư này chỉ xác nhận được trên trang của nhà cung cấp, phần mềm chưa ký được bằng cách đó. Hãy hỏi nhà cung cấp cách xác nhận trên điện thoại.",
        );
    }
    if credential.algorithm().is_err() {
        return refuse("Dịch vụ ký từ xa không có thuật toán ký nào dùng được với chứng thư này.");
    }
    let Credential { id, certificate, chain, .. } = credential;
    let key = Key::Service { user: user.to_owned(), credential: id };
    fit((&certificate, &chain), now, key).map_err(|error| match error {
        Error::Invalid(fields) => fields
            .into_iter()
            .next()
            .map_or_else(|| Error::internal("a refusal of nothing"), |field| Error::invalid("user", field.message)),
        other => other,
    })
}

/// What the codes of a key at the remote service are counted under.
pub fn service_watched_as(user: &str, credential: &str) -> String {
    format!("service:{user}:{credential}")
}

/// What the codes of a token's key are counted under.
pub fn token_watched_as(token: &str, key: &str) -> String {
    format!("token:{}:{}", token.trim(), key.trim())
}

fn fit((certificate, chain): (&Certificate, &[Certificate]), now: Timestamp, key: Key) -> Result<Brought> {
    if !certificate.may_sign_documents() {
        return Err(Error::invalid("file", "Chứng thư này không dùng để ký văn bản được (mục đích sử dụng khóa)."));
    }
    if !certificate.is_valid_at(now) {
        return Err(Error::invalid("file", "Chứng thư này chưa có hiệu lực hoặc đã hết hạn."));
    }
    Ok(Brought { chain: chain.to_vec(), certificate: certificate.clone(), key })
}

/// Whom an error of the key concerns: who typed the code, or who chose the file.
pub(super) fn refused(error: SigningError) -> Error {
    let sentence = error.to_string();
    match error {
        SigningError::WrongPassword => Error::invalid("code", "Mã mở khóa không đúng."),
        SigningError::TokenLocked => Error::invalid("code", sentence),
        // It never came to the PIN: no try is counted.
        SigningError::Token(context) => {
            tracing::warn!(context, "a token did not open");
            Error::invalid("token", sentence)
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
