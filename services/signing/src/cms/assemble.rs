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
        unsigned_attrs: timestamp.map(timestamped).transpose()?,
    };
    let certificates: Vec<&Certificate> = std::iter::once(signer).chain(chain).collect();
    signed_data(&info, &certificates)
}

/// The unsigned attributes with a timestamp token over the signature.
pub(super) fn timestamped(token: &[u8]) -> Result<SetOfVec<Attribute>, SigningError> {
    let values = SetOfVec::try_from(vec![Any::from_der(token)?])?;
    Ok(SetOfVec::try_from(vec![Attribute { oid: SIGNATURE_TIMESTAMP, values }])?)
}

/// The SignedData around one signer. The outer parts are put together by hand, so that the certificates go in byte for byte.
pub(super) fn signed_data(info: &SignerInfo, certificates: &[&Certificate]) -> Result<Vec<u8>, SigningError> {
    let mut certificates: Vec<Vec<u8>> = certificates.iter().map(|certificate| certificate.der().to_vec()).collect();
    certificates.sort();
    certificates.dedup();
    let content = [
        CmsVersion::V1.to_der()?,
        asn1::set_of(0x31, vec![info.digest_alg.to_der()?]),
        asn1::element(asn1::SEQUENCE, &rfc5911::ID_DATA.to_der()?),
        asn1::set_of(asn1::CONTEXT_0, certificates),
        asn1::set_of(0x31, vec![info.to_der()?]),
    ]
    .concat();
    let signed_data = asn1::element(asn1::CONTEXT_0, &asn1::element(asn1::SEQUENCE, &content));
    Ok(asn1::element(asn1::SEQUENCE, &[rfc5911::ID_SIGNED_DATA.to_der()?, signed_data].concat()))
}
