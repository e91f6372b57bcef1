//! Builds the SignedData from its parts.

use super::SIGNATURE_TIMESTAMP;
use crate::algorithm::Algorithm;
use crate::{Certificate, SigningError, asn1};
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::CmsVersion;
use cms::signed_data::{SignerIdentifier, SignerInfo};
use const_oid::db::rfc5911;
use der::asn1::{OctetString, SetOfVec};
use der::{Any, Decode, Encode};
use x509_cert::attr::Attribute;

/// A detached SignedData over a document: `attributes` as they were signed, the certificates as they came, and the
/// timestamp token as an unsigned attribute.
pub(crate) fn assemble(
    attributes: &[u8],
    signature: &[u8],
    algorithm: Algorithm,
    signer: &Certificate,
    chain: &[Certificate],
    timestamp: Option<&[u8]>,
) -> Result<Vec<u8>, SigningError> {
    let unsigned = match timestamp {
        Some(token) => {
            let values = SetOfVec::try_from(vec![Any::from_der(token)?])?;
            Some(SetOfVec::try_from(vec![Attribute { oid: SIGNATURE_TIMESTAMP, values }])?)
        }
        None => None,
    };
    let tbs = &signer.parsed().tbs_certificate;
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer.clone(),
            serial_number: tbs.serial_number.clone(),
        }),
        digest_alg: algorithm.hash().identifier(),
        signed_attrs: Some(SetOfVec::from_der(attributes)?),
        signature_algorithm: algorithm.identifier()?,
        signature: OctetString::new(signature)?,
        unsigned_attrs: unsigned,
    };
    // The outer parts are put together by hand, so that the certificates go in byte for byte.
    let mut certificates: Vec<Vec<u8>> =
        std::iter::once(signer).chain(chain).map(|certificate| certificate.der().to_vec()).collect();
    certificates.sort();
    certificates.dedup();
    let content = [
        CmsVersion::V1.to_der()?,
        asn1::set_of(0x31, vec![algorithm.hash().identifier().to_der()?]),
        asn1::element(asn1::SEQUENCE, &rfc5911::ID_DATA.to_der()?),
        asn1::set_of(asn1::CONTEXT_0, certificates),
        asn1::set_of(0x31, vec![info.to_der()?]),
    ]
    .concat();
    let signed_data = asn1::element(asn1::CONTEXT_0, &asn1::element(asn1::SEQUENCE, &content));
    Ok(asn1::element(asn1::SEQUENCE, &[rfc5911::ID_SIGNED_DATA.to_der()?, signed_data].concat()))
}
