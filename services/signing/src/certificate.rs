//! A certificate as it came, with what is asked of it (RFC 5280).

use crate::{Hash, SigningError, algorithm, asn1};
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::{rfc5280, rfc5912, rfc6960};
use der::{Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use spki::SubjectPublicKeyInfoOwned;
use std::fmt;
use types::Timestamp;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage};
use x509_cert::ext::pkix::{KeyUsage, KeyUsages, SubjectKeyIdentifier};

/// An X.509 certificate. Its bytes are kept as they came: hashes are over them.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    /// Reads DER.
    ///
    /// # Errors
    /// [`SigningError::BadCertificate`].
    pub fn from_der(der: &[u8]) -> Result<Self, SigningError> {
        let parsed =
            x509_cert::Certificate::from_der(der).map_err(|error| SigningError::BadCertificate(error.to_string()))?;
        if asn1::signed(der).is_none() {
            return Err(SigningError::BadCertificate("not a signed structure".to_owned()));
        }
        Ok(Self { der: der.to_vec(), parsed })
    }

    /// Its DER, as it came.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of its DER, in 64 lower-case hexadecimal digits: how one certificate is told from all others.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.der)
    }

    /// As text (RFC 7468).
    pub fn pem(&self) -> String {
        // Every DER can be written so.
        der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, &self.der).unwrap_or_default()
    }

    /// The subject's name as people call it: its common name, or the whole when there is none.
    pub fn common_name(&self) -> String {
        crate::verify::common_name(&self.parsed.tbs_certificate.subject)
    }

    /// The serial number that its issuer gave it, in hex.
    pub fn serial(&self) -> String {
        self.parsed.tbs_certificate.serial_number.to_string()
    }

    /// The issuer's name as people call it.
    pub fn issuer_name(&self) -> String {
        crate::verify::common_name(&self.parsed.tbs_certificate.issuer)
    }

    /// Subject for messages and logs, as RFC 4514 writes names.
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate.subject.to_string()
    }

    /// From when it is valid.
    pub fn not_before(&self) -> Timestamp {
        seconds(self.parsed.tbs_certificate.validity.not_before.to_unix_duration())
    }

    /// Until when it is valid, inclusive.
    pub fn not_after(&self) -> Timestamp {
        seconds(self.parsed.tbs_certificate.validity.not_after.to_unix_duration())
    }

    /// Whether `at` is in its time of validity.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.not_before() <= at && at <= self.not_after()
    }

    /// Whether the issuer is the subject, as with roots.
    pub fn is_self_issued(&self) -> bool {
        self.parsed.tbs_certificate.issuer == self.parsed.tbs_certificate.subject
    }

    /// Checks that `issuer` signed this one and may sign certificates (RFC 5280, 6.1.3 a and 6.1.4 k, n).
    ///
    /// # Errors
    /// [`SigningError::BadCertificate`], or what the check of the signature says.
    pub fn check_issued_by(&self, issuer: &Self) -> Result<(), SigningError> {
        let named = self.parsed.tbs_certificate.issuer == issuer.parsed.tbs_certificate.subject;
        if !named || !issuer.is_authority() {
            return Err(SigningError::BadCertificate(format!("{} not issued by {}", self.subject(), issuer.subject())));
        }
        check_signed(&self.der, issuer)
    }

    /// Whether it may sign certificates.
    pub fn is_authority(&self) -> bool {
        let ca = matches!(self.parsed.tbs_certificate.get::<BasicConstraints>(), Ok(Some((_, basic))) if basic.ca);
        ca && self.may(KeyUsages::KeyCertSign)
    }

    /// Whether it allows so many CAs between itself and the one that is not (RFC 5280, 4.2.1.9).
    pub(crate) fn allows_below(&self, authorities: usize) -> bool {
        match self.parsed.tbs_certificate.get::<BasicConstraints>() {
            Ok(Some((_, basic))) => basic.path_len_constraint.is_none_or(|most| authorities <= usize::from(most)),
            _ => false,
        }
    }

    /// Whether it may sign documents: digitalSignature or nonRepudiation, and not a CA's.
    pub fn may_sign_documents(&self) -> bool {
        !self.is_authority() && (self.may(KeyUsages::DigitalSignature) || self.may(KeyUsages::NonRepudiation))
    }

    /// Whether key usage allows `usage`; without the extension everything is allowed (RFC 5280, 4.2.1.3).
    pub(crate) fn may(&self, usage: KeyUsages) -> bool {
        match self.parsed.tbs_certificate.get::<KeyUsage>() {
            Ok(Some((_, allowed))) => allowed.0.contains(usage),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// The extended key usages and whether they are critical; nothing without the extension.
    pub(crate) fn purposes(&self) -> Option<(bool, Vec<Oid>)> {
        let (critical, purposes) = self.parsed.tbs_certificate.get::<ExtendedKeyUsage>().ok()??;
        Some((critical, purposes.0))
    }

    /// Whether an OCSP responder's certificate says that its own status need not be asked (RFC 6960, 4.2.2.2.1).
    pub(crate) fn needs_no_status(&self) -> bool {
        let extensions = self.parsed.tbs_certificate.extensions.iter().flatten();
        extensions.into_iter().any(|extension| extension.extn_id == rfc6960::ID_PKIX_OCSP_NOCHECK)
    }

    /// Where OCSP answers for it, in the order of the certificate (RFC 5280, 4.2.2.1).
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.accesses(rfc5912::ID_AD_OCSP)
    }

    /// Where its issuer's certificate is (RFC 5280, 4.2.2.1), as far as that is a machine with a public name at the usual
    /// port: these are asked before anybody vouches for this certificate, and must not lead to the office's own machines.
    pub(crate) fn issuer_urls(&self) -> Vec<String> {
        let mut urls = self.accesses(rfc5912::ID_AD_CA_ISSUERS);
        urls.retain(|url| names_a_public_host(url));
        urls
    }

    /// The addresses of one kind of authority information access.
    fn accesses(&self, method: Oid) -> Vec<String> {
        let Ok(Some((_, access))) = self.parsed.tbs_certificate.get::<AuthorityInfoAccessSyntax>() else {
            return Vec::new();
        };
        let named = access.0.iter().filter(|entry| entry.access_method == method);
        named.filter_map(|entry| url(&entry.access_location)).collect()
    }

    /// Where its revocation list is (RFC 5280, 4.2.1.13).
    pub fn crl_urls(&self) -> Vec<String> {
        let Ok(Some((_, points))) = self.parsed.tbs_certificate.get::<CrlDistributionPoints>() else {
            return Vec::new();
        };
        let names = points.0.iter().filter_map(|point| match &point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(url).collect()
    }

    /// The subject's key identifier, when the certificate tells it.
    pub(crate) fn key_id(&self) -> Option<Vec<u8>> {
        let extensions = self.parsed.tbs_certificate.extensions.iter().flatten();
        let found = extensions.into_iter().find(|e| e.extn_id == rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER)?;
        let id = SubjectKeyIdentifier::from_der(found.extn_value.as_bytes()).ok()?;
        Some(id.0.as_bytes().to_vec())
    }

    /// The public key.
    pub fn key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.parsed.tbs_certificate.subject_public_key_info
    }

    /// What was parsed, for building the structures that name it.
    pub(crate) fn parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    /// The subject's name as DER.
    pub(crate) fn subject_der(&self) -> Result<Vec<u8>, SigningError> {
        Ok(self.parsed.tbs_certificate.subject.to_der()?)
    }
}

/// SHA-256 in lower-case hexadecimal digits.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Hash::Sha256.of(&[bytes]))
}

/// Checks that the key of `signer` signed this certificate, CRL or OCSP response.
pub(crate) fn check_signed(der: &[u8], signer: &Certificate) -> Result<(), SigningError> {
    let malformed = || SigningError::BadSignature("not a signed structure".to_owned());
    let parts = asn1::signed(der).ok_or_else(malformed)?;
    let named = spki::AlgorithmIdentifierOwned::from_der(parts.algorithm).map_err(|_| malformed())?;
    algorithm::verify(signer.key(), &named, None, parts.content, parts.signature)
}

/// An http address; other schemes are not fetched.
fn url(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) if uri.as_str().starts_with("http://") => {
            Some(uri.as_str().to_owned())
        }
        _ => None,
    }
}

/// Whether an http address names a machine as the whole world does: by a name with a top-level domain that is not one for use
/// at home (RFC 6762, 6761, 9476), without port, user or number.
fn names_a_public_host(url: &str) -> bool {
    let rest = url.strip_prefix("http://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let top = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let at_home =
        ["local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "alt"];
    host.contains('.')
        && host.split('.').all(plain)
        && (top.bytes().all(|byte| byte.is_ascii_alphabetic()) || top.starts_with("xn--"))
        && !at_home.contains(&top.as_str())
}

/// A moment from the seconds that DER times count.
pub(crate) fn seconds(since_1970: std::time::Duration) -> Timestamp {
    Timestamp(i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX))
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.subject())
    }
}

impl Serialize for Certificate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::base64::serialize(&self.der, serializer)
    }
}

impl<'de> Deserialize<'de> for Certificate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let der = crate::base64::deserialize(deserializer)?;
        Self::from_der(&der).map_err(|error| serde::de::Error::custom(error.inward()))
    }
}

#[cfg(test)]
mod tests {
    use super::names_a_public_host;

    #[test]
    fn only_public_names_are_asked_for_an_issuer() {
        for public in ["http://ca.gov.vn/ca.crt", "http://CA.gov.vn", "http://pki.ca.gov.vn?x=1", "http://a.xn--p1ai/x"]
        {
            assert!(names_a_public_host(public), "{public}");
        }
        for other in [
            "https://ca.gov.vn/",
            "ldap://ca.gov.vn/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://127.1/",
            "http://0x7f.0x1/",
            "http://[::1]/",
            "http://localhost/",
            "http://printer.local/",
            "http://db.INTERNAL/",
            "http://ca.gov.vn:5432/",
            "http://ca.gov.vn@127.0.0.1/",
            "http://ca.gov.vn\\@db/",
            "http://ca..vn/",
            "http://ca.gov.vn./",
            "http:///ca.gov.vn",
            "",
        ] {
            assert!(!names_a_public_host(other), "{other}");
        }
    }
}
