//! Every kind of key at every level.

use crate::authority::{World, key, options};
use crate::fixture::{Shape, document};
use crate::oracle;
use signing::{Algorithm, Hash, Level, SigningKey, SoftKey, renew, sign};

fn signed(key: &SoftKey, level: Level, world: &World) -> Vec<u8> {
    sign(&document(Shape::default()), &options(key), key, level, &world.services()).unwrap()
}

#[test]
fn every_key_signs_and_is_believed() {
    let world = World::new();
    let mut keys: Vec<SoftKey> = ["rsa2048", "rsa3072", "p256", "p384", "listed"].map(key).into();
    for algorithm in [
        Algorithm::RsaPkcs1(Hash::Sha384),
        Algorithm::RsaPkcs1(Hash::Sha512),
        Algorithm::RsaPss(Hash::Sha256),
        Algorithm::RsaPss(Hash::Sha384),
        Algorithm::RsaPss(Hash::Sha512),
    ] {
        keys.push(key("rsa3072").with_algorithm(algorithm).unwrap());
    }
    for key in &keys {
        let verdicts = oracle::accept(&signed(key, Level::Basic, &world), 1);
        assert_eq!(verdicts[0]["coverage"], "ENTIRE_FILE");
        let pss = matches!(key.algorithm(), Algorithm::RsaPss(_));
        assert_eq!(verdicts[0]["algorithm"] == "rsassa_pss", pss, "{verdicts:?}");
    }
    assert!(world.servers.asked.lock().unwrap().is_empty(), "B-B needs no server");
}

#[test]
fn a_timestamp_is_believed() {
    let world = World::new();
    for name in ["rsa2048", "p384"] {
        let verdicts = oracle::accept(&signed(&key(name), Level::Timestamped, &world), 1);
        assert_eq!(verdicts[0]["timestamp"], true, "{verdicts:#?}");
    }
}

#[test]
fn long_term_evidence_is_complete_for_every_key() {
    let world = World::new();
    // By list only, by OCSP, and the same with PSS.
    for key in [key("listed"), key("p384"), key("rsa2048").with_algorithm(Algorithm::RsaPss(Hash::Sha256)).unwrap()] {
        let file = signed(&key, Level::LongTerm, &world);
        oracle::accept(&file, 1);
        oracle::accept_long_term(&file, 1);
    }
}

#[test]
fn an_archived_signature_proves_itself_and_can_be_renewed() {
    let world = World::new();
    let mut keys: Vec<SoftKey> = ["rsa2048", "rsa3072", "p256", "p384", "listed"].map(key).into();
    keys.push(key("rsa3072").with_algorithm(Algorithm::RsaPss(Hash::Sha384)).unwrap());
    for key in &keys {
        let file = signed(key, Level::Archive, &world);
        oracle::accept_archive(&file, 1);
        oracle::accept(&file, 2);
        let renewed = renew(&file, &world.services()).unwrap();
        assert!(renewed.starts_with(&file), "nothing that was there may change");
        oracle::accept_archive(&renewed, 1);
        oracle::accept(&renewed, 3);
    }
}

#[test]
fn a_leader_signs_and_the_agency_seals() {
    let world = World::new();
    for level in [Level::Basic, Level::Timestamped, Level::LongTerm, Level::Archive] {
        let leader = signed(&key("rsa2048"), level, &world);
        let agency = key("p256");
        let file = sign(&leader, &options(&agency), &agency, level, &world.services()).unwrap();
        assert!(file.starts_with(&leader));
        let stamps = if level == Level::Archive { 2 } else { 0 };
        let verdicts = oracle::accept(&file, 2 + stamps);
        assert_eq!(verdicts[1]["field"], "Signature-2");
        if level == Level::Archive {
            oracle::accept_archive(&file, 2);
        }
    }
}

#[test]
fn a_responder_with_a_list_of_its_own_is_proved_too() {
    let mut world = World::new();
    world.servers.responder = "ocsp_listed";
    let file = signed(&key("p256"), Level::Archive, &world);
    oracle::accept_archive(&file, 1);
    assert!(world.servers.asked.lock().unwrap().iter().any(|url| url == "http://crl.test/issuing.crl"));
}
