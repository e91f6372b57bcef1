//! Honest files, and honest mistakes at the signer's desk.

use crate::authority::{key, options};
use crate::desk::{Office, original, signed, signed_with};
use signing::tool::{Refusal, Revocation, SignedAt, Writing};
use signing::{Level, SigningKey, prepare};
use types::Timestamp;

#[test]
fn a_signed_file_is_taken_with_and_without_a_timestamp() {
    for name in ["rsa2048", "p256", "p384"] {
        let key = key(name);
        let office = Office::waiting_for(&key);
        let claimed = office.accept(&original(), &signed(&original(), &key, Level::Basic)).unwrap();
        assert!(matches!(claimed.at, SignedAt::Claimed(_)), "{:?}", claimed.at);
        let stamped = office.accept(&original(), &signed(&original(), &key, Level::Timestamped)).unwrap();
        assert!(matches!(stamped.at, SignedAt::Stamped(_)), "{:?}", stamped.at);
        assert_eq!(stamped.signature.signer_sha256, Some(office.certificate.clone()));
        assert!(stamped.changes.is_empty(), "{:?}", stamped.changes);
        assert_eq!(stamped.shown, None, "a signature without a place");
    }
}

#[test]
fn the_agency_signs_over_the_leader() {
    let (leader, agency) = (key("rsa2048"), key("p256"));
    let first = signed(&original(), &leader, Level::Timestamped);
    let second = signed(&first, &agency, Level::Timestamped);
    let accepted = Office::waiting_for(&agency).accept(&first, &second).unwrap();
    assert_eq!(accepted.signature.field, "Signature-2");
    // Both at once is one too many, and the earlier one is not taken for the new one.
    let office = Office::waiting_for(&agency);
    assert_eq!(office.accept(&original(), &second).unwrap_err(), Refusal::SeveralSignatures(2));
    assert_eq!(office.accept(&first, &first).unwrap_err(), Refusal::NotSigned);
}

#[test]
fn a_pass_of_another_person_is_told_by_name() {
    let returned = signed(&original(), &key("rsa3072"), Level::Basic);
    let refused = Office::waiting_for(&key("rsa2048")).accept(&original(), &returned).unwrap_err();
    assert_eq!(refused, Refusal::OtherSigner("Trần Thị Hường".to_owned()));
    assert!(refused.to_string().contains("Trần Thị Hường"));
}

#[test]
fn a_file_that_is_not_the_original_or_not_signed_is_refused() {
    let key = key("rsa2048");
    let office = Office::waiting_for(&key);
    let good = signed(&original(), &key, Level::Basic);
    let other = crate::fixture::document(crate::fixture::Shape { streams: true, ..Default::default() });
    assert_eq!(office.accept(&other, &good).unwrap_err(), Refusal::Rewritten);
    assert_eq!(office.accept(&original(), &original()).unwrap_err(), Refusal::NotSigned);
    assert_eq!(office.accept(&original(), b"").unwrap_err(), Refusal::Rewritten);
    // The room is there, the signature is not.
    let waiting = prepare(&original(), &options(&key)).unwrap();
    let stored = serde_json::to_value(&waiting).unwrap();
    let waiting = data_encoding::BASE64.decode(stored["document"].as_str().unwrap().as_bytes()).unwrap();
    assert!(office.accept(&original(), &waiting).is_err());
}

#[test]
fn the_clock_of_the_desk_may_be_seven_hours_off_and_nothing_else() {
    let key = key("p256");
    let office = Office::waiting_for(&key);
    let at = |hours: i64| {
        let signed_at = Timestamp(office.now.0 / 1_000_000 * 1_000_000).plus_seconds(hours * 3600 - 60);
        // A certificate made today was not valid yet some hours ago; only the claim is moved.
        (signed_with(&original(), &key, |options| options.signed_at = signed_at), signed_at)
    };
    let (returned, said) = at(7);
    let accepted = office.accept(&original(), &returned).unwrap();
    assert_eq!(accepted.at, SignedAt::SevenHoursOff(said.plus_seconds(-7 * 3600)));
    for hours in [1, 6, 8, 14, 24 * 30] {
        let refused = office.accept(&original(), &at(hours).0).unwrap_err();
        let Refusal::TimeOff(seconds) = refused else { panic!("{refused:?}") };
        assert_eq!(seconds, hours * 3600 - 60 - if office.now.0 % 1_000_000 == 0 { 0 } else { 1 });
    }
}

#[test]
fn a_signature_made_before_the_file_was_sent_out_is_refused() {
    let key = key("p256");
    let mut office = Office::waiting_for(&key);
    let returned = signed(&original(), &key, Level::Basic);
    let stamped = signed(&original(), &key, Level::Timestamped);
    office.given = Timestamp::now().plus_seconds(3600);
    office.now = office.given.plus_seconds(60);
    assert!(matches!(office.accept(&original(), &returned).unwrap_err(), Refusal::TimeOff(seconds) if seconds < -3500));
    assert!(matches!(office.accept(&original(), &stamped).unwrap_err(), Refusal::TimeOff(seconds) if seconds < -3500));
}

#[test]
fn nobody_is_trusted_without_a_root_or_the_lists() {
    let key = key("rsa2048");
    let returned = signed(&original(), &key, Level::Timestamped);
    let mut office = Office::waiting_for(&key);
    office.evidence = signing::verify::Evidence::default();
    let refused = office.accept(&original(), &returned).unwrap_err();
    assert_eq!(refused, Refusal::RevocationUnknown);
    assert!(refused.may_pass_later());
    let mut office = Office::waiting_for(&key);
    office.trust = signing::trust::TrustList::default();
    let refused = office.accept(&original(), &returned).unwrap_err();
    assert!(!refused.may_pass_later() && !matches!(refused, Refusal::NotSigned), "{refused:?}");
    let basic = signed(&original(), &key, Level::Basic);
    assert!(matches!(office.accept(&original(), &basic).unwrap_err(), Refusal::Untrusted(_)));
}

#[test]
fn whether_a_certificate_was_revoked_may_be_asked_later_and_nothing_else() {
    let (leader, agency) = (key("rsa2048"), key("p256"));
    let first = signed(&original(), &leader, Level::Timestamped);
    let second = signed(&first, &agency, Level::Basic);
    let later = |key: &dyn SigningKey| {
        let mut office = Office::waiting_for(key);
        (office.revocation, office.evidence) = (Revocation::Later, signing::verify::Evidence::default());
        office
    };
    later(&leader).accept(&original(), &first).unwrap();
    later(&agency).accept(&first, &second).unwrap();
    let other = later(&agency).accept(&original(), &first).unwrap_err();
    assert!(matches!(other, Refusal::OtherSigner(_)), "{other:?}");
    let mut torn = second.clone();
    torn[40] ^= 1;
    assert_eq!(later(&agency).accept(&first, &torn).unwrap_err(), Refusal::Rewritten);
    let mut nobody = later(&leader);
    nobody.trust = signing::trust::TrustList::default();
    let basic = signed(&original(), &leader, Level::Basic);
    assert!(matches!(nobody.accept(&original(), &basic).unwrap_err(), Refusal::Untrusted(_)));
    // What is known counts.
    let revoked = key("revoked");
    let mut office = Office::waiting_for(&revoked);
    office.revocation = Revocation::Later;
    assert_eq!(office.accept(&original(), &signed(&original(), &revoked, Level::Basic)).unwrap_err(), Refusal::Revoked);
}

#[test]
fn what_one_would_have_to_look_at_is_refused_where_nobody_looks() {
    let key = key("p256");
    let picture = original();
    let covering = |options: &mut signing::Options| {
        let rectangle = signing::Rectangle { left: 10.0, bottom: 10.0, right: 580.0, top: 830.0 };
        options.placement = Some(signing::Placement { page: 0, rectangle, appearance: picture.clone() });
    };
    let returned = signed_with(&original(), &key, covering);
    let mut office = Office::waiting_for(&key);
    assert_eq!(office.accept(&original(), &returned).unwrap_err(), Refusal::PagesChanged);
    office.writing = Writing::Told;
    assert!(!office.accept(&original(), &returned).unwrap().changes.is_empty());
}

#[test]
fn a_revoked_or_expired_certificate_is_refused() {
    let revoked = key("revoked");
    let returned = signed(&original(), &revoked, Level::Basic);
    assert_eq!(Office::waiting_for(&revoked).accept(&original(), &returned).unwrap_err(), Refusal::Revoked);
    let key = key("p256");
    let returned = signed(&original(), &key, Level::Basic);
    let mut office = Office::waiting_for(&key);
    office.now = Timestamp::now().plus_seconds(91 * 86_400);
    assert_eq!(office.accept(&original(), &returned).unwrap_err(), Refusal::NotValidThen);
}

#[test]
fn every_refusal_says_a_sentence() {
    let key = key("p256");
    assert!(key.certificate().sha256().len() == 64);
    let all = [
        Refusal::TooLarge { bytes: 2, most: 1 },
        Refusal::Rewritten,
        Refusal::NotSigned,
        Refusal::SeveralSignatures(2),
        Refusal::LostEarlier("A".to_owned()),
        Refusal::OtherKind,
        Refusal::NotWhole,
        Refusal::NotIntact,
        Refusal::OtherSigner("A".to_owned()),
        Refusal::BreaksEarlier("A".to_owned()),
        Refusal::EarlierInvalid { field: "A".to_owned(), reason: "B.".to_owned() },
        Refusal::PagesChanged,
        Refusal::Untrusted("B.".to_owned()),
        Refusal::NotValidThen,
        Refusal::Revoked,
        Refusal::RevocationUnknown,
        Refusal::NoTime,
        Refusal::TimeOff(25_200),
        Refusal::Invalid("B.".to_owned()),
    ];
    for refusal in all {
        let sentence = refusal.to_string();
        assert!(sentence.ends_with('.') && sentence.contains("Hãy"), "{sentence}");
    }
    assert_eq!(Writing::Refused, signing::tool::Command::SignApproved.writing());
}
