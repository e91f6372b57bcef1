//! A timestamp that comes after the signature.

use crate::authority::{World, certificate, key, options};
use crate::fixture::{Shape, document};
use crate::oracle;
use signing::{
    Level, SigningError, SigningKey, add_document_timestamp, add_signature_timestamp, proof_ends, renew, sign,
};
use types::Timestamp;

fn signed(base: &[u8], name: &str, world: &World) -> Vec<u8> {
    let key = key(name);
    sign(base, &options(&key), &key, Level::Basic, &world.services()).unwrap()
}

#[test]
fn a_timestamp_that_comes_later_is_believed() {
    let world = World::new();
    for name in ["rsa2048", "rsa3072", "p256", "p384"] {
        let plain = signed(&document(Shape::default()), name, &world);
        let (stamped, at) = add_signature_timestamp(&plain, &world.services()).unwrap();
        assert_eq!(stamped.len(), plain.len(), "only the room that was kept is written on");
        assert!((at.0 - Timestamp::now().0).abs() < 60_000_000);
        let verdicts = oracle::accept(&stamped, 1);
        assert_eq!(verdicts[0]["timestamp"], true, "{verdicts:#?}");
        assert_eq!(verdicts[0]["coverage"], "ENTIRE_FILE");
    }
}

#[test]
fn person_and_agency_each_wait_for_their_own() {
    let world = World::new();
    let leader = add_signature_timestamp(&signed(&document(Shape::default()), "rsa2048", &world), &world.services());
    let (leader, _) = leader.unwrap();
    let sealed = signed(&leader, "p256", &world);
    let (sealed, _) = add_signature_timestamp(&sealed, &world.services()).unwrap();
    assert!(sealed.starts_with(&leader), "the first one is not touched");
    let verdicts = oracle::accept(&sealed, 2);
    assert!(verdicts.iter().all(|verdict| verdict["timestamp"] == true), "{verdicts:#?}");
    let ends = proof_ends(&sealed).unwrap().expect("it has timestamps");
    assert_eq!(ends, certificate("tsa").not_after());
    assert_eq!(proof_ends(&document(Shape::default())).unwrap(), None);
    let archived = renew(&sealed, &world.services()).unwrap();
    oracle::accept_archive(&archived, 2);
}

#[test]
fn nothing_is_stamped_but_a_signature_at_the_end_without_one() {
    let world = World::new();
    let services = world.services();
    let plain = signed(&document(Shape::default()), "rsa2048", &world);
    let (stamped, _) = add_signature_timestamp(&plain, &services).unwrap();
    let longer = [&plain[..], b"\n% one line more\n"].concat();
    let with_document_timestamp = add_document_timestamp(&plain, &services).unwrap();
    let asked = world.servers.asked.lock().unwrap().len();
    for (what, file) in [
        ("unsigned", document(Shape::default())),
        ("stamped", stamped),
        ("longer", longer),
        ("a document timestamp at the end", with_document_timestamp),
    ] {
        let refused = add_signature_timestamp(&file, &services).unwrap_err();
        assert!(
            matches!(refused, SigningError::Altered(_) | SigningError::BadSignature(_) | SigningError::Damaged(_)),
            "{what}: {refused:?}"
        );
    }
    assert_eq!(world.servers.asked.lock().unwrap().len(), asked, "no timestamp is spent on them");
}

#[test]
fn a_room_that_is_too_small_is_told() {
    let world = World::new();
    let key = key("rsa2048");
    let mut options = options(&key);
    options.hole_bytes = 3 << 10;
    let plain = sign(&document(Shape::default()), &options, &key, Level::Basic, &world.services()).unwrap();
    let refused = add_signature_timestamp(&plain, &world.services()).unwrap_err();
    assert!(matches!(refused, SigningError::HoleTooSmall { .. }), "{refused:?}");
    assert_eq!(key.certificate().subject(), options.certificate.subject());
}
