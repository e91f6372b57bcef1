//! The signature itself: CAdES signed attributes, the SignedData around them, and reading one back.
//!
//! RFC 5652 (CMS), RFC 5035 (signing certificate), ETSI EN 319 122-1 (CAdES), ETSI EN 319 142-1 (PAdES).

mod assemble;
mod attributes;
mod read;

pub(crate) use assemble::assemble;
pub(crate) use attributes::signed_attributes;
pub(crate) use read::{Content, Naming, SignedMessage};

use const_oid::ObjectIdentifier as Oid;

/// id-aa-signingCertificateV2 (RFC 5035, 3).
pub(crate) const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// id-aa-signingCertificate with SHA-1 (RFC 2634, 5.4): still in timestamps, read but never written.
pub(crate) const SIGNING_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// id-aa-signatureTimeStampToken (RFC 3161, appendix A).
pub(crate) const SIGNATURE_TIMESTAMP: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");
