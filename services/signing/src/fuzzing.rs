//! The parsers of what comes from outside, each behind a function that takes bytes: `fuzz/` tries them with inputs that it
//! makes up, and this crate's tests with the seeds and with every input that ever brought one down.
//!
//! Nothing is asserted but what holds for all bytes: no panic, and bounded time and memory, which the fuzzer measures.
//! Signatures are checked here as everywhere; what lies behind one is therefore given bytes of its own.

use crate::evidence::{crl, ocsp};
use crate::key::pkcs12;
use crate::timestamp::{request::Request, response};
use crate::trust::{self, Entry, Kind, Listed, Role, TrustList};
use crate::verify::chain::{self, Sources};
use crate::verify::cms::{Container, attributes, timestamp};
use crate::verify::{Evidence, verify};
use crate::{Certificate, Options, Placement, Rectangle, Secret, SoftKey, cms, pdf, prepare};
use const_oid::db::rfc5911;
use der::Decode;
use std::sync::LazyLock;
use types::{Day, Timestamp};

/// What the seeds are signatures and timestamps of.
const MESSAGE: &[u8] = b"fuzz";

/// Who is there: a root that is trusted, an authority below it, and a person whose certificate is asked about.
struct Stage {
    trust: TrustList,
    authority: Certificate,
    person: Certificate,
    /// When the seeds are good.
    now: Timestamp,
    sources: fn() -> Sources,
    options: Options,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| Stage::set().expect("the material is good, as the tests show"));

impl Stage {
    fn set() -> Option<Self> {
        let root = include_bytes!("fuzzing/root.der");
        let authority = Certificate::from_der(include_bytes!("fuzzing/sub.der")).ok()?;
        let person = Certificate::from_der(include_bytes!("fuzzing/an.der")).ok()?;
        let now = Timestamp(include_str!("fuzzing/now.txt").trim().parse::<i64>().ok()? * 1_000_000);
        let hash = ring::digest::digest(&ring::digest::SHA256, root);
        let day = |text: &str| text.parse::<Day>().ok();
        let entry = Entry {
            name: "Root".to_owned(),
            sha256: data_encoding::HEXLOWER.encode(hash.as_ref()),
            kind: Kind::Own,
            role: Role::Anchor,
            valid_from: day("2000-01-01")?,
            valid_to: day("2099-12-31")?,
            url: None,
            source: "fuzz".to_owned(),
        };
        let trust = Listed { checked: day("2000-01-01")?, certificate: vec![entry] }.load(&[root.to_vec()]).ok()?;
        let mut options = Options::new(person.clone(), vec![authority.clone()], now).ok()?;
        options.hole_bytes = 64;
        options.placement = Some(Placement {
            page: 0,
            rectangle: Rectangle { left: 80.0, bottom: 100.0, right: 250.0, top: 160.0 },
            appearance: include_bytes!("../../../fuzz/seeds/pdf_sign/unsigned.pdf").to_vec(),
        });
        let sources = || {
            let mut sources = Sources::default();
            sources.add_certificates([&include_bytes!("fuzzing/sub.der")[..]]);
            sources
        };
        Some(Self { trust, authority, person, now, sources, options })
    }

    /// Judges the person's certificate with evidence from outside.
    fn judge(&self, sources: &Sources) {
        let at = self.now.0.div_euclid(1_000_000);
        chain::judge(self.person.parsed(), sources, &self.trust, at, at);
    }
}

/// A file whose signatures are to be verified.
pub fn pdf_verify(bytes: &[u8]) {
    let crls =
        [&include_bytes!("../../../fuzz/seeds/crl/root.crl")[..], include_bytes!("../../../fuzz/seeds/crl/sub.crl")];
    let evidence = Evidence { crls: crls.map(<[u8]>::to_vec).to_vec(), ..Evidence::default() };
    verify(bytes, &STAGE.trust, STAGE.now, &evidence);
}

/// A file that is to be signed, and one whose evidence is collected and stored.
pub fn pdf_sign(bytes: &[u8]) {
    if let Ok(prepared) = prepare(bytes, &STAGE.options) {
        assert!(prepared.document.starts_with(bytes), "what is there was rewritten");
    }
    let Ok(base) = pdf::Base::open(bytes) else { return };
    _ = pdf::find_signatures(&base);
    let certificates = pdf::stored_certificates(&base).unwrap_or_default();
    _ = pdf::append_dss(bytes, &pdf::Validation { certificates, ..pdf::Validation::default() });
}

/// A signature container, read by the signer's side and by the verifier's; and a certificate.
pub fn cms(bytes: &[u8]) {
    if let Ok(message) = cms::SignedMessage::from_der(bytes) {
        let content = cms::Content::Detached(&|hash| hash.of(&[MESSAGE]));
        _ = message.check(rfc5911::ID_DATA, content, cms::Naming::Optional);
        message.timestamp();
    }
    if let Ok(container) = Container::read(bytes) {
        _ = container.check(rfc5911::ID_DATA, &|hash| hash.digest(&[MESSAGE]));
        _ = container.signer.signed_attrs.as_ref().map(|a| attributes::binds(a, &container.certificate, true));
        timestamp::of_signature(&container);
        let mut sources = (STAGE.sources)();
        let (crls, ocsps) = container.revocation();
        sources.add_read(&container.certificates);
        sources.add_crls(crls.iter().map(Vec::as_slice));
        sources.add_ocsps(ocsps.iter().map(Vec::as_slice));
        STAGE.judge(&sources);
    }
    if let Ok(certificate) = Certificate::from_der(bytes) {
        certificate.subject();
        certificate.purposes();
        certificate.key_id();
        certificate.ocsp_urls();
        certificate.crl_urls();
        _ = certificate.check_issued_by(&STAGE.authority);
        _ = STAGE.person.check_issued_by(&certificate);
        chain::judge(certificate.parsed(), &(STAGE.sources)(), &STAGE.trust, 0, 0);
    }
}

/// An answer about one certificate.
pub fn ocsp(bytes: &[u8]) {
    for naming in [ocsp::NameHash::Sha256, ocsp::NameHash::Sha1] {
        let question = ocsp::Question::about(&STAGE.person, &STAGE.authority, naming).expect("a question");
        _ = question.check(bytes, STAGE.now);
    }
    let mut sources = (STAGE.sources)();
    sources.add_ocsps([bytes]);
    STAGE.judge(&sources);
}

/// A list of revoked certificates.
pub fn crl(bytes: &[u8]) {
    _ = crl::check(bytes, &STAGE.person, &STAGE.authority, STAGE.now);
    let mut sources = (STAGE.sources)();
    sources.add_crls([bytes]);
    STAGE.judge(&sources);
}

/// The answer of a time-stamping authority, a token, and what a token says.
pub fn tsp(bytes: &[u8]) {
    _ = Request::over(&[MESSAGE]).expect("a request").check(bytes);
    _ = response::check_token(bytes, &|hash| hash.of(&[MESSAGE]));
    response::read_info(bytes);
    if let Ok(container) = Container::read(bytes) {
        _ = timestamp::checked(container, &|hash| hash.digest(&[MESSAGE]));
    }
    if let Ok(info) = timestamp::TstInfo::from_der(bytes) {
        timestamp::seconds(&info.gen_time);
    }
}

/// A key file, opened with a wrong code; and what stands behind its MAC, which hardly a mutation gets past.
pub fn key_file(bytes: &[u8]) {
    let code = Secret::new("không phải mã này".to_owned());
    assert!(SoftKey::from_pkcs12(bytes, &code).is_err(), "a key without its code");
    _ = pkcs12::contents(bytes, &code);
}

/// Certificates of authorities, in a file as they hand them out.
pub fn certificates(bytes: &[u8]) {
    for certificate in trust::read_certificates(bytes) {
        certificate.common_name();
        certificate.is_authority();
        certificate.is_self_issued();
        certificate.pem();
    }
}

#[cfg(test)]
mod tests {
    use crate::SigningError;
    use crate::pdf::Base;

    fn found(name: &str) -> Vec<u8> {
        let folder = testkit::checkout("fuzz/found/pdf_sign");
        std::fs::read(folder.join(name)).unwrap()
    }

    #[test]
    fn small_files_that_blow_up_are_refused_for_signing() {
        for name in
            ["one-object-read-often", "one-object-of-millions", "object-number-4294967293", "object-number-4294967294"]
        {
            let bytes = found(&format!("{name}.pdf"));
            assert!(matches!(Base::open(&bytes).map(|_| ()), Err(SigningError::Damaged(_))), "{name}");
        }
    }

    #[test]
    fn fields_that_contain_themselves_are_gone_through_once() {
        let bytes = found("kids-within-themselves.pdf");
        assert_eq!(Base::open(&bytes).unwrap().fields().unwrap().len(), 3);
    }

    #[test]
    fn seeds_and_what_was_once_found_are_read_in_peace() {
        type Target = (&'static str, fn(&[u8]), usize);
        let targets: [Target; 8] = [
            ("pdf_verify", super::pdf_verify, 11),
            ("pdf_sign", super::pdf_sign, 5),
            ("cms", super::cms, 3),
            ("ocsp", super::ocsp, 4),
            ("crl", super::crl, 4),
            ("tsp", super::tsp, 4),
            ("key_file", super::key_file, 3),
            ("certificates", super::certificates, 4),
        ];
        for (name, target, seeds) in targets {
            let folder = |of: &str| testkit::checkout("fuzz").join(of).join(name);
            let list = |folder| std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
            let files: Vec<_> = list(folder("seeds")).chain(list(folder("found"))).collect();
            assert!(files.len() >= seeds, "{name}: {} files", files.len());
            for file in files {
                println!("{}", file.display());
                target(&std::fs::read(&file).unwrap());
            }
        }
    }
}
