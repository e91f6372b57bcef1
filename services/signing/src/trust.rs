//! The certificates this office trusts: dated data, each entry held to the hash of its certificate.
//!
//! The list is TOML, so that it can be read and changed by people; the certificates are files beside it. A file that does
//! not have the hash of its entry is refused, whoever put it there.

use crate::certificate::sha256_hex;
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::db::{rfc5280, rfc5911};
use der::{Decode, DecodePem, Encode};
use serde::{Deserialize, Serialize};
use types::{Day, Timestamp};
use x509_cert::Certificate;

/// The list that this program is delivered with; hashes and places, no certificates.
pub const DELIVERED: &str = include_str!("trust/anchors.toml");

/// Whose authority it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The government's own (Ban Cơ yếu Chính phủ).
    Government,
    /// The national root of public authorities.
    Public,
    /// Trusted by this office alone, for trials or an inner use.
    Own,
}

/// What a certificate of the list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Trust begins here.
    Anchor,
    /// Helps to find the way, since signed files often carry the signer's certificate only; it is checked like any other.
    Intermediate,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub name: String,
    /// SHA-256 of the certificate's DER, 64 hexadecimal digits.
    pub sha256: String,
    pub kind: Kind,
    pub role: Role,
    /// First and last day on which signatures may rest on it, in Viet Nam.
    pub valid_from: Day,
    pub valid_to: Day,
    /// Where the certificate is published.
    pub url: Option<String>,
    /// Where the hash was found.
    pub source: String,
}

/// The list as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// The day the list was last looked through.
    pub checked: Day,
    pub certificate: Vec<Entry>,
}

/// A certificate where trust begins.
#[derive(Debug, Clone)]
pub struct Anchor {
    pub name: String,
    pub kind: Kind,
    pub certificate: Certificate,
    from: Timestamp,
    until: Timestamp,
}

impl Anchor {
    /// Whether it counts at this second since 1970: within the list's days and the certificate's own validity.
    pub fn counts(&self, at: i64) -> bool {
        let (own_from, own_to) = crate::verify::validity(&self.certificate);
        let at_us = at.saturating_mul(1_000_000);
        (own_from..=own_to).contains(&at) && (self.from.0..self.until.0).contains(&at_us)
    }
}

/// The list with its certificates, as verification uses it.
#[derive(Debug, Clone, Default)]
pub struct TrustList {
    pub anchors: Vec<Anchor>,
    pub intermediates: Vec<Certificate>,
}

impl TrustList {
    /// Where trust begins, for signing: what one signs must end there too.
    pub fn roots(&self) -> Vec<crate::Certificate> {
        self.anchors.iter().filter_map(|anchor| again(&anchor.certificate)).collect()
    }

    /// The authorities between, for signing.
    pub fn between(&self) -> Vec<crate::Certificate> {
        self.intermediates.iter().filter_map(again).collect()
    }
}

fn again(certificate: &Certificate) -> Option<crate::Certificate> {
    crate::Certificate::from_der(&certificate.to_der().ok()?).ok()
}

/// Why a list or a certificate was refused; for the office's administrator.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TrustError {
    #[error("Danh sách chứng thư tin cậy không đọc được: {0}")]
    List(String),
    #[error("Tệp chứng thư không đọc được, hoặc không phải DER hay PEM.")]
    Certificate,
    #[error("Chứng thư này không có trong danh sách tin cậy (SHA-256 {0}).")]
    Unlisted(String),
    #[error("Mã băm của «{0}» phải gồm 64 chữ số thập lục phân.")]
    Hash(String),
    #[error("Chứng thư «{0}» không phải của một tổ chức chứng thực.")]
    NoAuthority(String),
}

impl Listed {
    /// Reads TOML.
    ///
    /// # Errors
    /// It is no such list, or a hash is malformed.
    pub fn read(text: &str) -> Result<Self, TrustError> {
        let listed: Self = toml::from_str(text).map_err(|e| TrustError::List(e.to_string()))?;
        for entry in &listed.certificate {
            if entry.sha256.len() != 64
                || !entry.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            {
                return Err(TrustError::Hash(entry.name.clone()));
            }
        }
        Ok(listed)
    }

    /// Builds the list from certificate files (DER or PEM). Entries without a file are left out.
    ///
    /// # Errors
    /// A file that is no certificate, is not on the list, or is an anchor that may issue nothing.
    pub fn load(&self, files: &[Vec<u8>]) -> Result<TrustList, TrustError> {
        let mut list = TrustList::default();
        for file in files {
            let certificate = read_certificate(file).ok_or(TrustError::Certificate)?;
            let der = certificate.to_der().map_err(|_| TrustError::Certificate)?;
            let hash = sha256_hex(&der);
            let entry = self.certificate.iter().find(|entry| entry.sha256 == hash);
            let entry = entry.ok_or_else(|| TrustError::Unlisted(hash.clone()))?;
            let extensions = certificate.tbs_certificate.extensions.as_deref().unwrap_or_default();
            let basic = extensions.iter().any(|e| e.extn_id == rfc5280::ID_CE_BASIC_CONSTRAINTS);
            if basic && !crate::verify::is_authority(&certificate) {
                return Err(TrustError::NoAuthority(entry.name.clone()));
            }
            match entry.role {
                Role::Intermediate => list.intermediates.push(certificate),
                Role::Anchor => list.anchors.push(Anchor {
                    name: entry.name.clone(),
                    kind: entry.kind,
                    certificate,
                    from: entry.valid_from.start(),
                    until: entry.valid_to.next().start(),
                }),
            }
        }
        Ok(list)
    }
}

/// Blocks of one file, at most.
const BLOCKS_MAX: usize = 64;

/// Reads every certificate of a file as authorities hand them out: one in DER, one or several in PEM, or a bundle without
/// signatures (PKCS#7, `.p7b`, in DER or PEM). Empty when there is none.
pub fn read_certificates(file: &[u8]) -> Vec<crate::Certificate> {
    let blocks = match std::str::from_utf8(file) {
        Ok(text) if text.contains("-----BEGIN ") => pem_blocks(text),
        _ => vec![file.to_vec()],
    };
    let read = |der: Vec<u8>| match crate::Certificate::from_der(&der) {
        Ok(certificate) => vec![certificate],
        Err(_) => bundle(&der).unwrap_or_default(),
    };
    blocks.into_iter().flat_map(read).collect()
}

fn pem_blocks(text: &str) -> Vec<Vec<u8>> {
    let blocks = text.match_indices("-----BEGIN ").take(BLOCKS_MAX).filter_map(|(from, _)| {
        let rest = text.get(from..)?;
        let end = rest.find("-----END ")?;
        let line_end = rest.get(end..)?.find('\n').map_or(rest.len(), |length| end + length);
        der::pem::decode_vec(rest.get(..line_end)?.trim_end().as_bytes()).ok()
    });
    blocks.map(|(_, der)| der).collect()
}

fn bundle(der: &[u8]) -> Option<Vec<crate::Certificate>> {
    let info = ContentInfo::from_der(der).ok().filter(|info| info.content_type == rfc5911::ID_SIGNED_DATA)?;
    let signed: SignedData = info.content.decode_as().ok()?;
    let read = |choice: &CertificateChoices| match choice {
        CertificateChoices::Certificate(certificate) => crate::Certificate::from_der(&certificate.to_der().ok()?).ok(),
        CertificateChoices::Other(_) => None,
    };
    Some(signed.certificates?.0.iter().take(BLOCKS_MAX).filter_map(read).collect())
}

fn read_certificate(file: &[u8]) -> Option<Certificate> {
    if file.starts_with(b"-----") { Certificate::from_pem(file).ok() } else { Certificate::from_der(file).ok() }
}
