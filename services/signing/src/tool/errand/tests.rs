//! Passes are good for one document, one purpose and a short time.

use super::*;

const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

fn errand() -> (Errand, Passes) {
    let task = Task { document: "vb-1", person: "lan", command: Command::SignApproved, original: b"%PDF-1.7" };
    Errand::new(&task, NOW, 900).unwrap()
}

#[test]
fn a_document_is_fetched_and_handed_in_once() {
    let (mut errand, passes) = errand();
    let later = NOW.plus_seconds(60);
    for _ in 0..FETCHES_MAX {
        errand.fetch(passes.fetch.as_str(), "vb-1", later).unwrap();
    }
    assert_eq!(errand.fetch(passes.fetch.as_str(), "vb-1", later), Err(Denied::Used));
    assert_eq!(errand.used(), None);
    errand.hand_in(passes.hand_in.as_str(), "vb-1", later).unwrap();
    assert_eq!(errand.used(), Some(later));
    assert_eq!(errand.hand_in(passes.hand_in.as_str(), "vb-1", later), Err(Denied::Used));
}

#[test]
fn what_was_handed_in_is_not_fetched_again() {
    let (mut errand, passes) = errand();
    errand.hand_in(passes.hand_in.as_str(), "vb-1", NOW).unwrap();
    assert_eq!(errand.fetch(passes.fetch.as_str(), "vb-1", NOW), Err(Denied::Used));
}

#[test]
fn a_pass_ends_with_its_time() {
    let (mut errand, passes) = errand();
    let (last, over) = (NOW.plus_seconds(900), NOW.plus_us(900_000_001));
    assert_eq!(errand.hand_in(passes.hand_in.as_str(), "vb-1", over), Err(Denied::Late));
    assert_eq!(errand.fetch(passes.fetch.as_str(), "vb-1", over), Err(Denied::Late));
    assert_eq!(
        errand.fetch(passes.fetch.as_str(), "vb-1", NOW.plus_us(-1)),
        Err(Denied::Late),
        "the clock was set back"
    );
    errand.hand_in(passes.hand_in.as_str(), "vb-1", last).unwrap();
    let task = Task { document: "vb-1", person: "lan", command: Command::Comment, original: b"" };
    let (mut long, passes) = Errand::new(&task, NOW, i64::MAX).unwrap();
    let over = NOW.plus_seconds(LIFE_SECONDS_MAX + 1);
    assert_eq!(long.hand_in(passes.hand_in.as_str(), "vb-1", over), Err(Denied::Late));
}

#[test]
fn a_pass_is_for_its_own_purpose_and_document() {
    let (mut errand, passes) = errand();
    let (_, others) = super::tests::errand();
    let spoilt = format!("{}A", passes.hand_in.as_str());
    let (fetch, hand_in) = (passes.fetch.as_str(), passes.hand_in.as_str());
    for pass in [fetch, others.hand_in.as_str(), &spoilt, &hand_in[1..], &hand_in.to_uppercase(), ""] {
        assert_eq!(errand.hand_in(pass, "vb-1", NOW), Err(Denied::Unknown));
    }
    assert_eq!(errand.fetch(hand_in, "vb-1", NOW), Err(Denied::Unknown));
    assert_eq!(errand.hand_in(hand_in, "vb-2", NOW), Err(Denied::Unknown));
    // None of these spent it.
    errand.hand_in(hand_in, "vb-1", NOW).unwrap();
}

#[test]
fn an_errand_belongs_to_one_person_document_and_command() {
    let (errand, _) = errand();
    assert_eq!(errand.belongs_to("lan", "vb-1", Command::SignApproved), Ok(()));
    for (person, document, command) in [
        ("minh", "vb-1", Command::SignApproved),
        ("lan", "vb-2", Command::SignApproved),
        ("lan", "vb-1", Command::SignIssued),
    ] {
        assert_eq!(errand.belongs_to(person, document, command), Err(Denied::Stranger));
    }
    assert!(errand.is_over(b"%PDF-1.7") && !errand.is_over(b"%PDF-1.8") && !errand.is_over(b""));
}

#[test]
fn what_is_stored_or_printed_holds_no_pass() {
    let (errand, passes) = errand();
    let stored = serde_json::to_string(&errand).unwrap();
    let seen = format!("{stored}{errand:?}{passes:?}");
    assert!(!seen.contains(passes.fetch.as_str()) && !seen.contains(passes.hand_in.as_str()));
    assert_eq!(passes.fetch.as_str().len(), 43);
    assert_eq!(serde_json::from_str::<Errand>(&stored).unwrap(), errand);
}

#[test]
fn hashes_of_another_length_are_not_the_same() {
    assert!(same(b"ab", b"ab") && !same(b"ab", b"a") && !same(b"", b"a") && !same(b"ab", b"aa"));
}
