//! A signature that comes days later, and everything that may have changed meanwhile.

use crate::authority::{World, folder, key, openssl, options};
use crate::fixture::{Shape, document};
use crate::oracle;
use data_encoding::BASE64;
use serde_json::Value;
use signing::{HOLE_BYTES_PLAIN, Level, Prepared, SigningError, SigningKey, finish, prepare, sign_checked, stamp};
use types::Timestamp;
use types::time::SetClock;

fn prepared() -> Prepared {
    prepare(&document(Shape::default()), &options(&key("rsa2048"))).unwrap()
}

#[test]
fn a_stored_document_is_signed_later_by_a_service_that_sees_a_hash() {
    let stored = serde_json::to_string(&prepared()).unwrap();
    let prepared: Prepared = serde_json::from_str(&stored).unwrap();
    let work = tempfile::tempdir().unwrap();
    let path = |name: &str| work.path().join(name).display().to_string();
    std::fs::write(path("hash"), prepared.hash_to_sign()).unwrap();
    let key = folder().join("rsa2048.key").display().to_string();
    let arguments = ["pkeyutl", "-sign", "-in", &path("hash"), "-inkey", &key, "-pkeyopt", "digest:sha256", "-out"];
    openssl(&[&arguments[..], &[&path("signature")]].concat());
    let signature = std::fs::read(path("signature")).unwrap();
    let file = finish(&prepared, &signature, Level::Timestamped, &World::new().services()).unwrap();
    oracle::accept(&file, 1);
}

#[test]
fn a_certificate_that_ran_out_while_the_document_waited_signs_no_more() {
    let prepared = prepared();
    let signature = sign_checked(&key("rsa2048"), prepared.to_sign()).unwrap();
    let mut world = World::new();
    world.clock = Box::new(SetClock::new(Timestamp::now().plus_seconds(91 * 86_400)));
    let refused = finish(&prepared, &signature, Level::Basic, &world.services()).unwrap_err();
    assert_eq!(refused, SigningError::CertificateNotValidNow);
}

#[test]
fn the_room_is_what_was_asked_for() {
    let key = key("rsa2048");
    let mut options = options(&key);
    options.hole_bytes = HOLE_BYTES_PLAIN;
    let prepared = prepare(&document(Shape::default()), &options).unwrap();
    let signature = sign_checked(&key, prepared.to_sign()).unwrap();
    let cms = prepared.assemble(&signature, None).unwrap();
    assert!(cms.len() < HOLE_BYTES_PLAIN);
    oracle::accept(&prepared.embed(&cms).unwrap(), 1);

    options.hole_bytes = cms.len();
    let tight = prepare(&document(Shape::default()), &options).unwrap();
    let signature = sign_checked(&key, tight.to_sign()).unwrap();
    oracle::accept(&tight.embed(&tight.assemble(&signature, None).unwrap()).unwrap(), 1);

    options.hole_bytes = cms.len() - 1;
    let small = prepare(&document(Shape::default()), &options).unwrap();
    let signature = sign_checked(&key, small.to_sign()).unwrap();
    let refused = small.embed(&small.assemble(&signature, None).unwrap()).unwrap_err();
    assert_eq!(refused, SigningError::HoleTooSmall { needed: cms.len(), room: cms.len() - 1 });
    assert!(refused.to_string().contains("không vừa"));
}

/// Changes one field of the stored form.
fn altered(change: impl Fn(&mut Value)) -> Prepared {
    let mut stored = serde_json::to_value(prepared()).unwrap();
    change(&mut stored);
    serde_json::from_value(stored).unwrap()
}

/// Changes a byte in a field of bytes.
fn flip(field: &str, place: usize) -> Prepared {
    altered(|stored| {
        let mut bytes = BASE64.decode(stored[field].as_str().unwrap().as_bytes()).unwrap();
        bytes[place] ^= 1;
        stored[field] = BASE64.encode(&bytes).into();
    })
}

#[test]
fn a_stored_document_that_changed_is_refused() {
    let key = key("rsa2048");
    let good = prepared();
    let signature = sign_checked(&key, good.to_sign()).unwrap();
    let cms = good.assemble(&signature, None).unwrap();
    assert!(good.embed(&cms).is_ok());
    let refused = |prepared: Prepared| matches!(prepared.embed(&cms).unwrap_err(), SigningError::Altered(_));
    assert!(refused(flip("document", 200)));
    assert!(refused(flip("digest", 0)));
    assert!(refused(altered(|stored| stored["hole"]["start"] = 20.into())));
    assert!(refused(altered(|stored| stored["hole"]["end"] = 9_999_999.into())));
    assert!(refused(altered(|stored| stored["hole"]["byte_range"] = 0.into())));
    // The hole itself.
    let start = serde_json::to_value(&good).unwrap()["hole"]["start"].as_u64().unwrap() as usize;
    assert!(refused(flip("document", start + 5)));
    // What was signed is not what is stored: the signature no longer belongs to it.
    let other = flip("attributes", 40).assemble(&signature, None).unwrap_err();
    assert!(matches!(other, SigningError::BadSignature(_)));
    // Both the document and its digest, as somebody with the store in hand would.
    let both = altered(|stored| {
        let mut bytes = BASE64.decode(stored["document"].as_str().unwrap().as_bytes()).unwrap();
        bytes[200] ^= 1;
        let hole = stored["hole"].clone();
        let place = |name: &str| hole[name].as_u64().unwrap() as usize;
        let parts = [&bytes[..place("start")], &bytes[place("end")..]];
        stored["digest"] = BASE64.encode(&signing::Hash::Sha256.of(&parts)).into();
        stored["document"] = BASE64.encode(&bytes).into();
    });
    assert!(matches!(both.embed(&cms).unwrap_err(), SigningError::BadSignature(_)));
}

#[test]
fn a_signature_of_somebody_or_something_else_is_refused() {
    let good = prepared();
    let other_key = key("rsa3072");
    let signature = other_key.sign(good.to_sign()).unwrap();
    assert!(matches!(good.assemble(&signature, None).unwrap_err(), SigningError::BadSignature(_)));

    // A whole signature by another person, over the same bytes.
    let theirs = prepare(&document(Shape::default()), &options(&other_key)).unwrap();
    let cms = theirs.assemble(&other_key.sign(theirs.to_sign()).unwrap(), None).unwrap();
    assert!(theirs.embed(&cms).is_ok());
    assert!(matches!(good.embed(&cms).unwrap_err(), SigningError::BadSignature(_)));

    // A signature by the same person over another document.
    let key = key("rsa2048");
    let other = prepare(&document(Shape { streams: true, ..Shape::default() }), &options(&key)).unwrap();
    let cms = other.assemble(&key.sign(other.to_sign()).unwrap(), None).unwrap();
    assert!(matches!(good.embed(&cms).unwrap_err(), SigningError::BadSignature(_)));
    // A timestamp over something else.
    let signature = key.sign(good.to_sign()).unwrap();
    let world = World::new();
    let token = |bytes: &[u8]| stamp(&world.authority, &[bytes], &world.servers, &*world.clock).unwrap();
    let right = good.assemble(&signature, Some(&token(&signature))).unwrap();
    assert!(good.embed(&right).is_ok());
    let wrong = good.assemble(&signature, Some(&token(b"something else"))).unwrap();
    assert!(matches!(good.embed(&wrong).unwrap_err(), SigningError::BadTimestamp(_)));
    for garbage in [&b""[..], b"0", &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], &cms[..cms.len() - 1]] {
        assert!(good.embed(garbage).is_err());
    }
}
