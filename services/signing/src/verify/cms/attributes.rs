//! Signed and unsigned attributes (RFC 5652, 5.3 and 11; RFC 5035 for the signer's certificate).

use super::algorithms::Hash;
use crate::verify::report::Code;
use const_oid::ObjectIdentifier as Oid;
use der::asn1::OctetString;
use der::{Any, Encode, Sequence};
use ring::digest;
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attributes;

/// RFC 5035: signing-certificate-v2.
pub const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// RFC 2634: signing-certificate, by SHA-1; old time-stamping authorities still write it.
pub const SIGNING_CERTIFICATE_V1: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// RFC 3161, Appendix A: the timestamp over a signature's value.
pub const TIMESTAMP_TOKEN: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// Adobe: CRLs and OCSP answers carried by the signature.
pub const REVOCATION_ARCHIVE: Oid = Oid::new_unwrap("1.2.840.113583.1.1.8");
/// RFC 6211: the algorithms, signed once more.
pub const ALGORITHM_PROTECTION: Oid = Oid::new_unwrap("1.2.840.113549.1.9.52");

/// The single value of the attribute; `None` when it is not there.
///
/// # Errors
/// It is there twice, or has not one value.
pub fn single(attributes: &Attributes, oid: Oid) -> Result<Option<&Any>, Code> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let Some(attribute) = found.next() else { return Ok(None) };
    if found.next().is_some() || attribute.values.len() != 1 {
        return Err(Code::AttributesWrong);
    }
    Ok(attribute.values.get(0))
}

#[derive(Sequence)]
struct SigningCertificate {
    certs: Vec<CertIdV2>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// ESSCertIDv2; the hash defaults to SHA-256.
#[derive(Sequence)]
struct CertIdV2 {
    #[asn1(optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    value: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

#[derive(Sequence)]
struct SigningCertificateV1 {
    certs: Vec<CertIdV1>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Sequence)]
struct CertIdV1 {
    value: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

/// Whether the attributes bind this very certificate: `None` when they name none.
///
/// # Errors
/// They name another certificate, or cannot be read.
pub fn binds(attributes: &Attributes, certificate: &Certificate, old_too: bool) -> Result<Option<()>, Code> {
    let der = certificate.to_der().map_err(|_| Code::CmsUnreadable)?;
    if let Some(value) = single(attributes, SIGNING_CERTIFICATE_V2)? {
        let said: SigningCertificate = value.decode_as().map_err(|_| Code::AttributesWrong)?;
        let first = said.certs.first().ok_or(Code::AttributesWrong)?;
        let hash = first.hash.as_ref().map_or(Some(Hash::Sha256), |named| Hash::of(named.oid));
        let hash = hash.ok_or(Code::WeakAlgorithm)?;
        let same = first.value.as_bytes() == hash.digest(&[&der]);
        return if same { Ok(Some(())) } else { Err(Code::OtherCertificate) };
    }
    let Some(value) = single(attributes, SIGNING_CERTIFICATE_V1)?.filter(|_| old_too) else { return Ok(None) };
    let said: SigningCertificateV1 = value.decode_as().map_err(|_| Code::AttributesWrong)?;
    let first = said.certs.first().ok_or(Code::AttributesWrong)?;
    let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &der);
    if first.value.as_bytes() == sha1.as_ref() { Ok(Some(())) } else { Err(Code::OtherCertificate) }
}

/// What [`REVOCATION_ARCHIVE`] holds.
#[derive(Sequence)]
pub struct RevocationArchive {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub crls: Option<Vec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub ocsps: Option<Vec<Any>>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    pub others: Option<Any>,
}
