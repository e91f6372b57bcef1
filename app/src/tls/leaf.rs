//! A server's certificate with its key, and what is written in certificates.

use super::names::Name;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use std::sync::Arc;
use types::{Error, Result, Timestamp};
use x509_cert::der::{Decode, Encode};

/// What a certificate says.
pub struct Facts {
    /// Its common name, or all of its name where it has none.
    pub name: String,
    pub issuer: String,
    pub begins: Timestamp,
    pub ends: Timestamp,
    /// The public key with its kind, as it is written.
    pub public_key: Vec<u8>,
}

/// Reads a certificate; none when it is none.
pub fn facts(certificate: &CertificateDer<'_>) -> Option<Facts> {
    let read = x509_cert::Certificate::from_der(certificate).ok()?.tbs_certificate;
    let at = |time: &x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_micros()).map(Timestamp).unwrap_or(Timestamp(i64::MAX))
    };
    Some(Facts {
        name: common_name(&read.subject),
        issuer: common_name(&read.issuer),
        begins: at(&read.validity.not_before),
        ends: at(&read.validity.not_after),
        public_key: read.subject_public_key_info.to_der().ok()?,
    })
}

fn common_name(name: &x509_cert::name::Name) -> String {
    let parts = name.0.iter().flat_map(|part| part.0.iter());
    let common = parts.filter(|part| part.oid == x509_cert::der::oid::db::rfc4519::CN).find_map(|part| {
        let value = &part.value;
        value.decode_as::<String>().ok().or_else(|| String::from_utf8(value.value().to_vec()).ok())
    });
    common.unwrap_or_else(|| name.to_string())
}

/// What a server shows, and proves that it is its own.
#[derive(Debug, Clone)]
pub struct Leaf {
    key: Arc<CertifiedKey>,
    pub begins: Timestamp,
    pub ends: Timestamp,
    pub issuer: String,
    /// For which it was asked; empty where it came in files.
    pub names: Vec<Name>,
}

impl Leaf {
    /// A chain, the server's own certificate first, with the key.
    ///
    /// # Errors
    /// `Conflict` with what does not fit.
    pub fn of(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self> {
        let own = chain.first().ok_or_else(|| Error::conflict("không có chứng thư nào"))?;
        let facts = facts(own).ok_or_else(|| Error::conflict("chứng thư đầu tiên không đọc được"))?;
        let provider = rustls::crypto::ring::default_provider();
        let key = CertifiedKey::from_der(chain, key, &provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                Error::conflict("khóa không phải của chứng thư đầu tiên (chứng thư của máy chủ phải đứng đầu tệp)")
            }
            rustls::Error::InvalidCertificate(_) => {
                Error::conflict("chứng thư đầu tiên không dùng được (cần chứng thư X.509 phiên bản 3 của máy chủ)")
            }
            _ => {
                Error::conflict("khóa thuộc loại không dùng được (cần RSA từ 2048 bit, ECDSA P-256/P-384 hoặc Ed25519)")
            }
        })?;
        let Facts { begins, ends, issuer, .. } = facts;
        Ok(Self { key: Arc::new(key), begins, ends, issuer, names: Vec::new() })
    }

    pub(super) fn with_names(self, names: &[Name]) -> Self {
        Self { names: names.to_vec(), ..self }
    }

    /// As a connection shows it.
    pub fn key(&self) -> Arc<CertifiedKey> {
        self.key.clone()
    }

    /// Whether it is good for a host as it stands in an address.
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let covered = || {
            let name = ServerName::try_from(host.to_owned()).ok()?;
            let parsed = ParsedCertificate::try_from(self.key.cert.first()?).ok()?;
            verify_server_name(&parsed, &name).ok()
        };
        covered().is_some()
    }
}
