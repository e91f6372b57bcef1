//! What proves that certificates were good: revoked ones, responders that lie, lists that are old.

use crate::authority::{World, certificate, folder, key, options};
use crate::fixture::{Shape, document};
use crate::oracle;
use signing::trust::TrustList;
use signing::verify::{Code, Evidence, verify};
use signing::{Level, Services, SigningError, Transport, add_document_timestamp, extend_long_term, renew, sign};
use types::Timestamp;
use types::time::SetClock;

fn signed(name: &str, level: Level, world: &World) -> Result<Vec<u8>, SigningError> {
    let key = key(name);
    sign(&document(Shape::default()), &options(&key), &key, level, &world.services())
}

#[test]
fn a_revoked_certificate_is_found_and_named() {
    let world = World::new();
    let error = signed("revoked", Level::LongTerm, &world).unwrap_err();
    let SigningError::Revoked { subject, since } = &error else { panic!("{error:?}") };
    assert!(subject.contains("Phạm Thu Hồi"));
    assert!((since - Timestamp::now().0 / 1_000_000).abs() < 3600);
    assert!(error.to_string().contains("đã bị thu hồi"));
}

/// The responder's index with a certificate revoked at another time, written as openssl writes it.
fn revoke(world: &mut World, common_name: &str, at: Timestamp) {
    let index = std::fs::read_to_string(folder().join("issuing.index")).unwrap();
    let moment = jiff_utc(at);
    let lines = index.lines().map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        if line.ends_with(common_name) {
            format!("R\t{}\t{moment}\t{}\t{}\t{}\n", fields[1], fields[3], fields[4], fields[5])
        } else {
            format!("{line}\n")
        }
    });
    let path = world.servers.path("index");
    std::fs::write(&path, lines.collect::<String>()).unwrap();
    std::fs::write(format!("{path}.attr"), "unique_subject = no\n").unwrap();
    world.servers.index = path;
}

/// `YYMMDDhhmmssZ`.
fn jiff_utc(at: Timestamp) -> String {
    at.plus_seconds(-7 * 3600).local().strftime("%y%m%d%H%M%SZ").to_string()
}

#[test]
fn a_revocation_harms_what_was_signed_after_it_and_not_before() {
    let mut world = World::new();
    let name = "/CN=Nguy\\xE1\\xBB\\x85n V\\xC4\\x83n \\xC3\\x81nh";
    revoke(&mut world, name, Timestamp::now().plus_seconds(-3600));
    assert!(matches!(signed("rsa2048", Level::LongTerm, &world).unwrap_err(), SigningError::Revoked { .. }));
    revoke(&mut world, name, Timestamp::now().plus_seconds(3600));
    signed("rsa2048", Level::LongTerm, &world).unwrap();
    // Without a timestamp nothing shows that the signature is older.
    let basic = signed("rsa2048", Level::Basic, &world).unwrap();
    assert!(matches!(extend_long_term(&basic, &world.services()).unwrap_err(), SigningError::Revoked { .. }));
}

#[test]
fn a_chain_must_end_in_a_trusted_root() {
    let mut world = World::new();
    let file = signed("p256", Level::Timestamped, &world).unwrap();
    // The true root is at hand, and not trusted.
    world.roots = vec![certificate("impostor")];
    let at_hand = [certificate("root"), certificate("issuing")];
    let services = Services { intermediates: &at_hand, ..world.services() };
    let error = extend_long_term(&file, &services).unwrap_err();
    assert!(matches!(error, SigningError::BadCertificate(_)), "{error:?}");
}

fn asked_for_the_list(world: &World) -> bool {
    world.servers.asked.lock().unwrap().iter().any(|url| url == "http://crl.test/issuing.crl")
}

fn has_ocsp(file: &[u8]) -> bool {
    file.windows(6).any(|window| window == b"/OCSPs")
}

#[test]
fn the_issuer_may_answer_itself_and_by_its_key() {
    for (responder, by_key) in [("issuing", false), ("issuing", true), ("ocsp", true)] {
        let mut world = World::new();
        world.servers.responder = responder;
        world.servers.by_key = by_key;
        let file = signed("rsa2048", Level::LongTerm, &world).unwrap();
        assert!(has_ocsp(&file), "{responder}");
        oracle::accept_long_term(&file, 1);
    }
}

/// A responder of before SHA-256.
struct Old(World);

impl Transport for Old {
    fn post(&self, url: &str, content_type: &str, body: &[u8]) -> Result<Vec<u8>, SigningError> {
        let sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        if content_type == "application/ocsp-request" && body.windows(9).any(|window| window == sha256) {
            // unauthorized
            return Ok(vec![0x30, 0x03, 0x0A, 0x01, 0x06]);
        }
        self.0.servers.post(url, content_type, body)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, SigningError> {
        self.0.servers.get(url)
    }
}

#[test]
fn a_responder_that_knows_certificates_by_sha_1_only_is_asked_so() {
    let old = Old(World::new());
    let services = Services { transport: &old, ..old.0.services() };
    let file = signed("rsa2048", Level::Timestamped, &old.0).unwrap();
    let extended = extend_long_term(&file, &services).unwrap();
    assert!(has_ocsp(&extended));
    oracle::accept_long_term(&extended, 1);
}

#[test]
fn a_list_that_is_forged_or_another_s_proves_nothing() {
    let mut world = World::new();
    let file = signed("listed", Level::Timestamped, &world).unwrap();
    let list = crate::authority::file("issuing.crl");
    let mut forged = list.clone();
    *forged.last_mut().unwrap() ^= 1;
    // Somebody took the revoked certificate off: its serial number stands before its date.
    let mut emptied = list.clone();
    let place = emptied.windows(3).position(|window| window == [0x02, 0x02, 0x10]).unwrap();
    emptied[place + 3] ^= 0x40;
    for wrong in [forged, emptied, crate::authority::file("root.crl"), list[..list.len() - 1].to_vec()] {
        world.servers.list = Some(wrong);
        let error = extend_long_term(&file, &world.services()).unwrap_err();
        assert!(matches!(error, SigningError::NoEvidence(_)), "{error:?}");
    }
    world.servers.list = Some(list);
    assert!(extend_long_term(&file, &world.services()).is_ok());
}

#[test]
fn a_responder_that_may_not_answer_is_passed_over_for_the_list() {
    for responder in ["p256", "stranger", "tsa", "ocsp_stranger"] {
        let mut world = World::new();
        let file = signed("rsa2048", Level::Timestamped, &world).unwrap();
        world.servers.responder = responder;
        let extended = extend_long_term(&file, &world.services()).unwrap();
        assert!(asked_for_the_list(&world));
        assert!(!has_ocsp(&extended), "{responder}");
        oracle::accept_long_term(&extended, 1);
    }
}

#[test]
fn an_answer_to_another_question_is_passed_over() {
    let twists: [fn(&mut Vec<u8>); 2] = [
        // The nonce is the end of the request.
        |request| {
            if let Some(last) = request.last_mut() {
                *last ^= 1;
            }
        },
        // The serial number of the only certificate asked about; the openssl of the tests gives two bytes.
        |request| {
            if let Some(place) = request.windows(3).position(|window| window == [0x02, 0x02, 0x10]) {
                request[place + 3] ^= 3;
            }
        },
    ];
    for twist in twists {
        let mut world = World::new();
        let file = signed("rsa2048", Level::Timestamped, &world).unwrap();
        assert!(has_ocsp(&extend_long_term(&file, &world.services()).unwrap()));
        world.servers.twist = Some(twist);
        let extended = extend_long_term(&file, &world.services()).unwrap();
        assert!(!has_ocsp(&extended));
    }
}

#[test]
fn old_answers_prove_nothing() {
    let mut world = World::new();
    let file = signed("rsa2048", Level::Timestamped, &world).unwrap();
    // The responder answers for a day, the lists for a month.
    for (days, fits) in [(2, true), (40, false), (-1, false)] {
        world.clock = Box::new(SetClock::new(Timestamp::now().plus_seconds(days * 86_400)));
        let extended = extend_long_term(&file, &world.services());
        match (extended, fits) {
            (Ok(extended), true) => assert!(!has_ocsp(&extended)),
            (Err(SigningError::NoEvidence(_) | SigningError::BadCertificate(_)), false) => {}
            (other, _) => panic!("{days} days: {:?}", other.map(|file| file.len())),
        }
    }
}

#[test]
fn servers_that_say_nonsense_or_nothing_leave_the_file_as_it_is() {
    let mut world = World::new();
    let file = signed("rsa2048", Level::Timestamped, &world).unwrap();
    for nonsense in [&b""[..], b"<html>", &[0x30, 0x03, 0x0A, 0x01, 0x06], &[0x30, 0x80, 0x00, 0x00]] {
        world.servers.answer = Some(nonsense.to_vec());
        let error = extend_long_term(&file, &world.services()).unwrap_err();
        assert!(matches!(error, SigningError::NoEvidence(_)), "{error:?}");
    }
}

#[test]
fn the_store_grows_without_repeating_itself() {
    let world = World::new();
    let file = signed("listed", Level::LongTerm, &world).unwrap();
    let again = extend_long_term(&file, &world.services()).unwrap();
    let added = &again[file.len()..];
    assert!(!added.windows(6).any(|window| window == b"stream"), "what is there is not written twice");
    oracle::accept_long_term(&again, 1);
}

#[test]
fn what_is_archived_is_not_asked_for_again() {
    let world = World::new();
    let asked = || std::mem::take(&mut *world.servers.asked.lock().unwrap());
    let about_signer = |urls: Vec<String>| urls.iter().any(|url| url == "http://ocsp.test/");
    let archived = signed("rsa2048", Level::Archive, &world).unwrap();
    assert!(about_signer(asked()));
    // Years later nobody answers for the signer's certificate; the timestamp's own is what is proved.
    let renewed = renew(&archived, &world.services()).unwrap();
    assert!(!about_signer(asked()));
    oracle::accept_archive(&renewed, 1);
    // A signature that came after the timestamp is not covered by it.
    let agency = key("p256");
    let sealed = sign(&renewed, &options(&agency), &agency, Level::Timestamped, &world.services()).unwrap();
    asked();
    let sealed = renew(&sealed, &world.services()).unwrap();
    assert!(about_signer(asked()));
    oracle::accept_archive(&sealed, 2);
    // A timestamp over a file without evidence proves when, and not that the certificate was good.
    let bare = signed("rsa2048", Level::Timestamped, &world).unwrap();
    let bare = add_document_timestamp(&bare, &world.services()).unwrap();
    asked();
    let renewed = renew(&bare, &world.services()).unwrap();
    assert!(about_signer(asked()));
    oracle::accept_archive(&renewed, 1);
}

#[test]
fn a_timestamp_alone_is_nobodys_signature() {
    let world = World::new();
    let stamped = add_document_timestamp(&document(Shape::default()), &world.services()).unwrap();
    let report = verify(&stamped, &TrustList::default(), Timestamp::now(), &Evidence::default());
    assert_eq!(report.signatures.len(), 1);
    assert!(report.findings.iter().any(|finding| finding.code == Code::NoSignature), "{report:?}");
}
