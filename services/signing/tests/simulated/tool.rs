//! The desktop tool that does what it is asked: every command, with and without timestamps, over earlier signatures.

use crate::authority::{PASSWORD, folder, key};
use crate::desk::signed;
use crate::fixture::{Shape, document};
use crate::house::{House, Outcome};
use crate::oracle;
use crate::page::tell;
use signing::Level;
use signing::tool::{Accepted, CallbackError, Command, Denied, MetaData, SignedAt};
use testkit::Simulator;
use types::Day;

/// The person's key at the tool; the second person's is `p256`.
pub const PERSON: &str = "rsa2048";
pub const OTHER: &str = "p256";

/// The tool with the person's token in it.
pub fn tool(options: &[&str]) -> Simulator {
    let key = |name: &str| folder().join(format!("{name}.p12")).display().to_string();
    let (own, other) = (key(PERSON), key(OTHER));
    let mut all = vec!["--p12", &own, "--password", PASSWORD, "--other-p12", &other, "--other-password", PASSWORD];
    all.extend(options);
    Simulator::start("vgca_tool.py", &all)
}

/// A house that waits for the person.
pub fn house(command: Command) -> House {
    House::new(&key(PERSON), command)
}

/// The one thing that was handed in, taken.
fn accepted(house: &House) -> Accepted {
    match &house.outcomes()[..] {
        [Outcome::Accepted(accepted)] => (**accepted).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_command_brings_back_a_file_that_others_believe() {
    let tool = tool(&[]);
    for command in Command::ALL {
        let mut house = house(command);
        house.request.meta_data.push(MetaData { key: "k".to_owned(), value: "Số đến «1»".to_owned() });
        house.request.number = "12/UBND-VX".to_owned();
        house.request.issued = Some(Day("2026-11-20".parse().unwrap()));
        let said = tell(tool.port(), command, &house.request).unwrap();
        assert_eq!((&*said.file, &*said.address), ("12-UBND-VX.pdf", "https://xa.test/12"));
        assert_eq!((&*said.number, &*said.date), ("12/UBND-VX", "2026-11-20T00:00:00+07:00"));
        let accepted = accepted(&house);
        assert!(matches!(accepted.at, SignedAt::Claimed(_)), "{:?}", accepted.at);
        assert!(accepted.changes.is_empty(), "{command:?}: {:?}", accepted.changes);
        let shown = accepted.shown.expect("the tool draws it");
        let at = shown.rectangle.corners();
        assert!(!shown.pictured && at[0] < at[2], "{command:?}: {shown:?}");
        if matches!(command, Command::SignCopy | Command::SignAppendix) {
            assert!(shown.page == 0 && at[0] > 300.0 && at[1] > 650.0, "the upper right: {shown:?}");
        }
        assert_eq!(house.was_used(), (true, true));
        oracle::accept(&house.taken(), 1);
        // The passes are spent, though the file is a good one.
        assert_eq!(house.hand_in_again(&house.taken()), None);
        assert_eq!(house.outcomes()[1..], [Outcome::Denied(Denied::Used)]);
        let again = tell(tool.port(), command, &house.request).unwrap_err();
        assert!(matches!(&again, CallbackError::Failed { message, .. } if message.contains("403")), "{again:?}");
    }
}

#[test]
fn a_request_with_nothing_but_addresses_is_understood() {
    let (tool, house) = (tool(&[]), house(Command::SignApproved));
    let said = tell(tool.port(), Command::SignApproved, &house.request).unwrap();
    assert_eq!((&*said.number, &*said.date), ("", ""));
    accepted(&house);
}

#[test]
fn a_file_of_another_make_is_signed_with_a_timestamp() {
    let streams = document(Shape { streams: true, indirect_annotations: true, ..Shape::default() });
    let house = House::with(streams, &key(PERSON), Command::SignApproved);
    let tool = tool(&["--tsa", &house.authority()]);
    tell(tool.port(), Command::SignApproved, &house.request).unwrap();
    let accepted = accepted(&house);
    assert!(matches!(accepted.at, SignedAt::Stamped(_)), "{:?}", accepted.at);
    assert_eq!(oracle::accept(&house.taken(), 1)[0]["timestamp"], true);
}

#[test]
fn who_signed_before_stays_valid() {
    let tool = tool(&[]);
    let first = signed(&document(Shape::default()), &key(OTHER), Level::Timestamped);
    let house = House::with(first, &key(PERSON), Command::SignApproved);
    tell(tool.port(), Command::SignApproved, &house.request).unwrap();
    assert_eq!(accepted(&house).signature.signer.as_deref(), Some("Nguyễn Văn Ánh"));
    // And the same person once more, over what the tool itself made.
    let third = House::with(house.taken(), &key(PERSON), Command::SignIssued);
    tell(tool.port(), Command::SignIssued, &third.request).unwrap();
    accepted(&third);
    oracle::accept(&third.taken(), 3);
}

#[test]
fn a_person_who_cancels_has_signed_nothing() {
    let (tool, house) = (tool(&["--person-cancels", "--delay", "0.2"]), house(Command::SignApproved));
    let said = tell(tool.port(), Command::SignApproved, &house.request).unwrap_err();
    assert_eq!(said, CallbackError::Failed { status: 1, message: "Người dùng đã hủy ký".to_owned() });
    assert_eq!((house.was_used(), house.outcomes()), ((true, false), vec![]));
}
