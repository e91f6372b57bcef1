//! A request, which remembers what it asked for.

use super::response::{self, Stamp};
use crate::algorithm::Hash;
use crate::{SigningError, asn1};
use der::asn1::OctetString;
use der::{Any, AnyRef, Encode};
use spki::AlgorithmIdentifierOwned;

/// TimeStampReq (RFC 3161, 2.4.1) over SHA-256, with a nonce and the wish for the authority's certificate.
pub(crate) struct Request {
    imprint: Vec<u8>,
    nonce: [u8; 8],
}

impl Request {
    /// A request for `parts`, one after the other.
    pub fn over(parts: &[&[u8]]) -> Result<Self, SigningError> {
        let mut nonce = asn1::random::<8>()?;
        // A positive INTEGER of exactly eight bytes.
        nonce[0] = nonce[0] & 0x3F | 0x40;
        Ok(Self { imprint: Hash::Sha256.of(parts), nonce })
    }

    /// As it is sent.
    pub fn to_der(&self) -> Result<Vec<u8>, SigningError> {
        // Some authorities want the NULL that RFC 5754 allows to be left out.
        let parameters = Some(Any::from(AnyRef::NULL));
        let hash = AlgorithmIdentifierOwned { oid: Hash::Sha256.oid(), parameters }.to_der()?;
        let imprint = [hash, OctetString::new(self.imprint.clone())?.to_der()?].concat();
        let content = [
            asn1::element(0x02, &[1]),
            asn1::element(asn1::SEQUENCE, &imprint),
            asn1::element(0x02, &self.nonce),
            asn1::element(0x01, &[0xFF]),
        ];
        Ok(asn1::element(asn1::SEQUENCE, &content.concat()))
    }

    /// Checks that `answer` is a granted timestamp for this very request. Gives the token's DER and what it says.
    pub fn check(&self, answer: &[u8]) -> Result<(Vec<u8>, Stamp), SigningError> {
        let token = response::granted(answer)?;
        let stamp = response::check_token(&token, &|hash| {
            // We asked with SHA-256; another hash would not be an answer to it.
            if hash == Hash::Sha256 { self.imprint.clone() } else { Vec::new() }
        })?;
        if stamp.nonce.as_deref() != Some(&self.nonce[..]) {
            return Err(SigningError::BadTimestamp("nonce differs: an answer to another request".to_owned()));
        }
        Ok((token, stamp))
    }
}
