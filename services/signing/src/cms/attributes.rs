//! The signed attributes: what the key really signs.

use super::SIGNING_CERTIFICATE_V2;
use crate::algorithm::Hash;
use crate::{Certificate, SigningError, asn1};
use const_oid::db::rfc5911;
use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::serial_number::SerialNumber;

/// ESSCertIDv2 (RFC 5035, 4). The hash algorithm is left out when it is the default, SHA-256, as DER demands.
#[derive(Sequence)]
pub(super) struct EssCertIdV2 {
    #[asn1(optional = "true")]
    pub(super) hash_algorithm: Option<AlgorithmIdentifierOwned>,
    pub(super) hash: OctetString,
    #[asn1(optional = "true")]
    pub(super) issuer_serial: Option<IssuerSerial>,
}

/// IssuerSerial (RFC 5035, 5): optional, and left out in what we write since the hash names the certificate.
#[derive(Sequence)]
pub(super) struct IssuerSerial {
    pub(super) issuer: Vec<x509_cert::ext::pkix::name::GeneralName>,
    pub(super) serial: SerialNumber,
}

/// SigningCertificateV2 without policies.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertIdV2>,
}

/// The DER of the attributes: contentType, messageDigest and signingCertificateV2. There is no signingTime: in PAdES the
/// time stands in the PDF as `/M` (EN 319 142-1, 6.3).
pub(crate) fn signed_attributes(digest: &[u8], signer: &Certificate) -> Result<Vec<u8>, SigningError> {
    let hash = OctetString::new(Hash::Sha256.of(&[signer.der()]))?;
    let named = EssCertIdV2 { hash_algorithm: None, hash, issuer_serial: None };
    let signing = SigningCertificateV2 { certificates: vec![named] };
    let attribute = |oid: const_oid::ObjectIdentifier, value: Vec<u8>| -> Result<Vec<u8>, SigningError> {
        let values = asn1::set_of(0x31, vec![value]);
        Ok(asn1::element(asn1::SEQUENCE, &[oid.to_der()?, values].concat()))
    };
    let all = vec![
        attribute(rfc5911::ID_CONTENT_TYPE, rfc5911::ID_DATA.to_der()?)?,
        attribute(rfc5911::ID_MESSAGE_DIGEST, OctetString::new(digest)?.to_der()?)?,
        attribute(SIGNING_CERTIFICATE_V2, signing.to_der()?)?,
    ];
    Ok(asn1::set_of(0x31, all))
}

/// What a signing-certificate attribute says of its first certificate, which is the signer's.
pub(super) enum Named {
    /// Version 2: which hash, and the hash.
    V2(Hash, Vec<u8>),
    /// Version 1: the SHA-1.
    V1(Vec<u8>),
}

/// ESSCertID (RFC 2634, 5.4.1).
#[derive(Sequence)]
struct EssCertId {
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<IssuerSerial>,
}

/// Reads the value of a signing-certificate attribute; policies after the certificates are not looked at.
pub(super) fn read_signing_certificate(version_2: bool, value: &[u8]) -> Result<Named, SigningError> {
    let malformed = || SigningError::BadSignature("signing-certificate attribute".to_owned());
    let mut inside = asn1::only(value, asn1::SEQUENCE).ok_or_else(malformed)?.inside;
    let mut certificates = asn1::next(&mut inside).filter(|e| e.tag == asn1::SEQUENCE).ok_or_else(malformed)?.inside;
    let first = asn1::next(&mut certificates).ok_or_else(malformed)?.whole;
    if !version_2 {
        return Ok(Named::V1(EssCertId::from_der(first).map_err(|_| malformed())?.hash.as_bytes().to_vec()));
    }
    let named = EssCertIdV2::from_der(first).map_err(|_| malformed())?;
    let hash = named.hash_algorithm.map_or(Ok(Hash::Sha256), |algorithm| Hash::by_oid(algorithm.oid))?;
    Ok(Named::V2(hash, named.hash.as_bytes().to_vec()))
}
