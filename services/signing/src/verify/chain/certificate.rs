//! What a certificate says about itself (RFC 5280), as far as the verifier asks.

use const_oid::ObjectIdentifier as Oid;
use const_oid::db::rfc4519;
use const_oid::db::rfc5280 as oid;
use der::asn1::{BmpString, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Any, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;

/// Critical extensions that are understood; any other refuses the certificate (RFC 5280, 4.2). Policies are understood in
/// that every policy is acceptable. Name constraints are not understood, and so refused.
const UNDERSTOOD: [Oid; 6] = [
    oid::ID_CE_BASIC_CONSTRAINTS,
    oid::ID_CE_KEY_USAGE,
    oid::ID_CE_EXT_KEY_USAGE,
    oid::ID_CE_CERTIFICATE_POLICIES,
    oid::ID_CE_SUBJECT_ALT_NAME,
    oid::ID_CE_CRL_DISTRIBUTION_POINTS,
];

/// First and last second in which the certificate counts, since 1970.
pub fn validity(certificate: &Certificate) -> (i64, i64) {
    let seconds = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    let validity = &certificate.tbs_certificate.validity;
    (seconds(&validity.not_before), seconds(&validity.not_after))
}

/// Whether the certificate holds a critical extension that is not understood, or one twice.
pub fn is_strange(certificate: &Certificate) -> bool {
    let extensions = certificate.tbs_certificate.extensions.as_deref().unwrap_or_default();
    let mut seen: Vec<Oid> = extensions.iter().map(|e| e.extn_id).collect();
    seen.sort_unstable();
    seen.dedup();
    let constrained = extensions.iter().any(|e| e.extn_id == oid::ID_CE_NAME_CONSTRAINTS);
    let unknown = extensions.iter().any(|e| e.critical && !UNDERSTOOD.contains(&e.extn_id));
    seen.len() != extensions.len() || constrained || unknown
}

/// Whether the certificate may issue others, with at most how many authorities below it.
pub fn issues(certificate: &Certificate) -> Option<Option<u8>> {
    let tbs = &certificate.tbs_certificate;
    let (_, basic) = tbs.get::<BasicConstraints>().ok()??;
    let signs = match tbs.get::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    (basic.ca && signs).then_some(basic.path_len_constraint)
}

/// Whether the key may sign lists of revoked certificates.
pub fn signs_crls(certificate: &Certificate) -> bool {
    match certificate.tbs_certificate.get::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.crl_sign(),
        Ok(None) => true,
        Err(_) => false,
    }
}

/// Whether the key may sign documents: the usage is said, and has digitalSignature or nonRepudiation.
pub fn signs_documents(certificate: &Certificate) -> bool {
    let usage = certificate.tbs_certificate.get::<KeyUsage>();
    matches!(usage, Ok(Some((_, usage))) if usage.digital_signature() || usage.non_repudiation())
}

/// RFC 3161, 2.3: the extended usage is critical and timestamping alone.
pub fn stamps_time(certificate: &Certificate) -> bool {
    let usage = certificate.tbs_certificate.get::<ExtendedKeyUsage>();
    matches!(usage, Ok(Some((true, usage))) if usage.0 == [oid::ID_KP_TIME_STAMPING]) && signs_documents(certificate)
}

/// Whether the extended usage says only what a document signer's must not be: servers, time, OCSP.
pub fn is_for_something_else(certificate: &Certificate) -> bool {
    let others = [
        oid::ID_KP_TIME_STAMPING,
        oid::ID_KP_OCSP_SIGNING,
        Oid::new_unwrap("1.3.6.1.5.5.7.3.1"),
        Oid::new_unwrap("1.3.6.1.5.5.7.3.3"),
    ];
    match certificate.tbs_certificate.get::<ExtendedKeyUsage>() {
        Ok(Some((_, usage))) => usage.0.iter().all(|purpose| others.contains(purpose)),
        Ok(None) => false,
        Err(_) => true,
    }
}

/// RFC 6960, 4.2.2.2: may answer for another authority.
pub fn answers_ocsp(certificate: &Certificate) -> bool {
    let usage = certificate.tbs_certificate.get::<ExtendedKeyUsage>();
    matches!(usage, Ok(Some((_, usage))) if usage.0.contains(&oid::ID_KP_OCSP_SIGNING))
}

/// RFC 6960, 4.2.2.2.1: the responder's own certificate is not asked about.
pub fn is_never_revoked(certificate: &Certificate) -> bool {
    let no_check = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.5");
    certificate.tbs_certificate.extensions.iter().flatten().any(|e| e.extn_id == no_check)
}

/// The common name, or the whole name when there is none.
pub fn common_name(name: &Name) -> String {
    part(name, rfc4519::CN).unwrap_or_else(|| name.to_string())
}

/// The organisation, or its unit.
pub fn organisation(name: &Name) -> Option<String> {
    part(name, rfc4519::O).or_else(|| part(name, rfc4519::OU))
}

fn part(name: &Name, oid: Oid) -> Option<String> {
    name.0.iter().rev().flat_map(|rdn| rdn.0.iter()).find(|part| part.oid == oid).and_then(|part| text(&part.value))
}

fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::TeletexString => value.decode_as::<TeletexStringRef<'_>>().ok().map(|text| text.to_string()),
        Tag::BmpString => value.decode_as::<BmpString>().ok().map(|text| text.to_string()),
        _ => None,
    }
}
