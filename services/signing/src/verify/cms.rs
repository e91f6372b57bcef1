//! The signature container (CMS, RFC 5652) of a signed PDF and of a timestamp: what is signed, by which certificate.

pub mod algorithms;
pub mod attributes;
pub mod timestamp;

use crate::verify::report::Code;
use algorithms::{Hash, Refused};
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::revocation::RevocationInfoChoice;
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier as Oid;
use const_oid::db::rfc5911;
use der::asn1::OctetString;
use der::{Any, Decode, Encode, SliceReader};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

/// Bytes of one container, at most.
pub const CONTAINER_BYTES_MAX: usize = 4 << 20;

/// A container with its one signer.
pub struct Container {
    pub data: SignedData,
    pub signer: SignerInfo,
    pub certificate: Certificate,
    /// All certificates it carries.
    pub certificates: Vec<Certificate>,
}

impl Container {
    /// Reads a container; behind it may stand zeros only, which fill the room a PDF reserves.
    ///
    /// # Errors
    /// It cannot be read, has not exactly one signer, or lacks the signer's certificate.
    pub fn read(bytes: &[u8]) -> Result<Self, Code> {
        if bytes.len() > CONTAINER_BYTES_MAX {
            return Err(Code::CmsUnreadable);
        }
        let length = der_length(bytes).ok_or(Code::CmsUnreadable)?;
        let (der, rest) = bytes.split_at_checked(length).ok_or(Code::CmsUnreadable)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(Code::CmsTrailing);
        }
        let info = ContentInfo::from_der(der).map_err(|_| Code::CmsUnreadable)?;
        Self::of(&info)
    }

    /// The container of a parsed content.
    ///
    /// # Errors
    /// As [`Container::read`].
    pub fn of(info: &ContentInfo) -> Result<Self, Code> {
        if info.content_type != rfc5911::ID_SIGNED_DATA {
            return Err(Code::CmsUnreadable);
        }
        let data: SignedData = info.content.decode_as().map_err(|_| Code::CmsUnreadable)?;
        if data.signer_infos.0.len() != 1 {
            return Err(Code::SignerCount);
        }
        let signer = data.signer_infos.0.get(0).cloned().ok_or(Code::SignerCount)?;
        let choices = data.certificates.iter().flat_map(|set| set.0.iter());
        let certificates: Vec<Certificate> = choices
            .filter_map(|choice| match choice {
                CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
                CertificateChoices::Other(_) => None,
            })
            .collect();
        let certificate = certificates.iter().find(|c| identifies(&signer.sid, c)).cloned();
        let certificate = certificate.ok_or(Code::NoSignerCertificate)?;
        Ok(Self { data, signer, certificate, certificates })
    }

    /// Checks the signed attributes and the signature over them. `content` gives the hash of what is signed.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn check(&self, content_type: Oid, content: &dyn Fn(Hash) -> Vec<u8>) -> Result<(), Code> {
        let attributes = self.signer.signed_attrs.as_ref().ok_or(Code::AttributesWrong)?;
        if self.data.encap_content_info.econtent_type != content_type {
            return Err(Code::ContentType);
        }
        let typed = attributes::single(attributes, rfc5911::ID_CONTENT_TYPE)?.ok_or(Code::AttributesWrong)?;
        if typed.decode_as::<Oid>().ok() != Some(content_type) {
            return Err(Code::ContentType);
        }
        let hash = Hash::of(self.signer.digest_alg.oid).ok_or(Code::WeakAlgorithm)?;
        let digest = attributes::single(attributes, rfc5911::ID_MESSAGE_DIGEST)?.ok_or(Code::AttributesWrong)?;
        let digest: OctetString = digest.decode_as().map_err(|_| Code::AttributesWrong)?;
        let mut seen: Vec<Oid> = attributes.iter().map(|attribute| attribute.oid).collect();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() != attributes.len() {
            return Err(Code::AttributesWrong);
        }
        self.check_protection(attributes)?;
        if digest.as_bytes() != content(hash) {
            return Err(Code::HashMismatch);
        }
        let signed = attributes.to_der().map_err(|_| Code::CmsUnreadable)?;
        let key = &self.certificate.tbs_certificate.subject_public_key_info;
        let signature = self.signer.signature.as_bytes();
        match algorithms::check(key, &self.signer.signature_algorithm, Some(hash), &signed, signature) {
            Ok(()) => Ok(()),
            Err(Refused::Algorithm) => Err(Code::WeakAlgorithm),
            Err(Refused::Unsupported) => Err(Code::UnsupportedAlgorithm),
            Err(Refused::Signature) => Err(Code::SignatureWrong),
        }
    }

    /// RFC 6211: when the algorithms are signed too, they are those that are used.
    fn check_protection(&self, attributes: &x509_cert::attr::Attributes) -> Result<(), Code> {
        let Some(value) = attributes::single(attributes, attributes::ALGORITHM_PROTECTION)? else { return Ok(()) };
        #[derive(der::Sequence)]
        struct Protection {
            digest: spki::AlgorithmIdentifierOwned,
            #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
            signature: Option<spki::AlgorithmIdentifierOwned>,
            #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
            mac: Option<spki::AlgorithmIdentifierOwned>,
        }
        let said: Protection = value.decode_as().map_err(|_| Code::AttributesWrong)?;
        let same = said.digest.oid == self.signer.digest_alg.oid
            && said.mac.is_none()
            && said.signature.as_ref() == Some(&self.signer.signature_algorithm);
        if same { Ok(()) } else { Err(Code::AttributesWrong) }
    }

    /// CRLs and OCSP answers that the container carries, as DER.
    pub fn revocation(&self) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let (mut crls, mut ocsps) = (Vec::new(), Vec::new());
        let der = |value: &Any| value.to_der().ok();
        for choice in self.data.crls.iter().flat_map(|set| set.0.iter()) {
            match choice {
                RevocationInfoChoice::Crl(list) => crls.extend(list.to_der().ok()),
                // RFC 5940: an OCSP answer; whoever reads it finds out whether it is one.
                RevocationInfoChoice::Other(other) => ocsps.extend(der(&other.other)),
            }
        }
        let archive = self.signer.signed_attrs.as_ref().map(|a| attributes::single(a, attributes::REVOCATION_ARCHIVE));
        if let Some(Ok(Some(value))) = archive
            && let Ok(archive) = value.decode_as::<attributes::RevocationArchive>()
        {
            crls.extend(archive.crls.iter().flatten().filter_map(der));
            ocsps.extend(archive.ocsps.iter().flatten().filter_map(der));
        }
        (crls, ocsps)
    }
}

/// The whole length of the DER value at the beginning: its header and what the header promises.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let header = der::Header::decode(&mut reader).ok()?;
    let total = (header.encoded_len().ok()? + header.length).ok()?;
    usize::try_from(total).ok()
}

fn identifies(id: &SignerIdentifier, certificate: &Certificate) -> bool {
    let tbs = &certificate.tbs_certificate;
    match id {
        SignerIdentifier::IssuerAndSerialNumber(both) => {
            both.issuer == tbs.issuer && both.serial_number == tbs.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            matches!(tbs.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *id)
        }
    }
}
