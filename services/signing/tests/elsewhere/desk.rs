//! The signer's desk: files as the tool would give them back, and what the office expects.

use crate::authority::{World, file, options};
use crate::fixture::{Shape, document};
use signing::tool::{Accepted, Expectation, Refusal, Revocation, Writing, accept};
use signing::trust::{Listed, TrustList};
use signing::verify::Evidence;
use signing::{Certificate, Level, Options, SigningKey, prepare, sign, sign_checked};
use types::Timestamp;

/// The file that is sent out.
pub fn original() -> Vec<u8> {
    document(Shape::default())
}

/// Signed with the tool, with or without a timestamp.
pub fn signed(base: &[u8], key: &dyn SigningKey, level: Level) -> Vec<u8> {
    sign(base, &options(key), key, level, &World::new().services()).unwrap()
}

/// Signed with something about it changed, without a timestamp.
pub fn signed_with(base: &[u8], key: &dyn SigningKey, change: impl Fn(&mut Options)) -> Vec<u8> {
    let mut options = options(key);
    change(&mut options);
    let prepared = prepare(base, &options).unwrap();
    let signature = sign_checked(key, prepared.to_sign()).unwrap();
    prepared.embed(&prepared.assemble(&signature, None).unwrap()).unwrap()
}

/// A list with the root of the tests alone.
pub fn trust() -> TrustList {
    trusting(file("root.der"))
}

/// A list with this root alone.
pub fn trusting(root: Vec<u8>) -> TrustList {
    let hash = Certificate::from_der(&root).unwrap().sha256();
    let text = format!(
        "checked = \"2026-11-27\"\n[[certificate]]\nname = \"Root\"\nsha256 = \"{hash}\"\nkind = \"own\"\nrole = \"anchor\"\n\
         valid_from = \"2000-01-01\"\nvalid_to = \"2099-12-31\"\nsource = \"test\"\n"
    );
    Listed::read(&text).unwrap().load(&[root]).unwrap()
}

/// The lists of both CAs.
pub fn evidence() -> Evidence {
    let certificates = vec![file("issuing.der")];
    Evidence { certificates, crls: vec![file("issuing.crl"), file("root.crl")], ocsps: Vec::new() }
}

/// The office, which sent the file out ten minutes ago.
#[derive(Clone)]
pub struct Office {
    pub certificate: String,
    pub given: Timestamp,
    pub now: Timestamp,
    pub trust: TrustList,
    pub evidence: Evidence,
    pub revocation: Revocation,
    pub writing: Writing,
}

impl Office {
    /// It waits for the signature of this key.
    pub fn waiting_for(key: &dyn SigningKey) -> Self {
        let now = Timestamp::now();
        Self {
            certificate: key.certificate().sha256(),
            given: now.plus_seconds(-600),
            now,
            trust: trust(),
            evidence: evidence(),
            revocation: Revocation::Demanded,
            writing: Writing::Refused,
        }
    }

    pub fn accept(&self, original: &[u8], returned: &[u8]) -> Result<Accepted, Refusal> {
        let Self { certificate, trust, evidence, .. } = self;
        let Self { given, now, revocation, writing, .. } = *self;
        accept(original, returned, &Expectation { certificate, given, now, trust, evidence, revocation, writing })
    }
}
