//! The desktop tool that lies, in each of its ways, and what each is answered with.

use crate::authority::key;
use crate::fixture::{Shape, document};
use crate::house::{House, Outcome};
use crate::oracle;
use crate::page::tell;
use crate::tool::{PERSON, house, tool};
use signing::tool::{Callback, CallbackError, Command, Denied, Refusal, SignedAt, returned_bytes_max};

/// The tool lies, and the page hears of it whatever it hears.
fn lied(lie: &str, options: &[&str], house: &House, command: Command) -> Result<Callback, CallbackError> {
    let tool = tool(&[&["--lie", lie][..], options].concat());
    tell(tool.port(), command, &house.request)
}

/// The same pass does not open a second time, not even for a better file.
fn is_closed(house: &House) {
    let before = house.outcomes().len();
    assert_eq!(house.hand_in_again(house.original()), None);
    assert_eq!(house.outcomes()[before..], [Outcome::Denied(Denied::Used)]);
}

#[test]
fn a_file_that_is_not_the_one_asked_for_is_refused_with_its_reason() {
    let refused = [
        ("other-certificate", Refusal::OtherSigner("Ủy ban nhân dân xã Tân Phú".to_owned())),
        ("other-file", Refusal::Rewritten),
        ("rewritten", Refusal::Rewritten),
        ("unsigned", Refusal::NotSigned),
        ("two-signatures", Refusal::SeveralSignatures(2)),
        ("changed-page", Refusal::PagesChanged),
        ("tail", Refusal::NotWhole),
        ("wrong-signature", Refusal::NotIntact),
    ];
    let one = |(lie, reason): (&str, Refusal)| {
        let house = house(Command::SignApproved);
        let said = lied(lie, &[], &house, Command::SignApproved);
        assert_eq!(house.outcomes(), [Outcome::Refused(reason.clone())], "{lie}");
        // The tool shows the sentence that the house answered.
        let message: String = reason.to_string().chars().take(300).collect();
        assert_eq!(said, Err(CallbackError::Failed { status: 1, message }), "{lie}");
        is_closed(&house);
    };
    // All at once, for most of it is waiting.
    std::thread::scope(|scope| refused.map(|lie| scope.spawn(|| one(lie))).map(|ran| ran.join().unwrap()));
}

#[test]
fn a_page_that_was_written_on_is_told_where_the_command_may_write() {
    let house = house(Command::SignIssued);
    lied("changed-page", &[], &house, Command::SignIssued).unwrap();
    let [Outcome::Accepted(accepted)] = &house.outcomes()[..] else { panic!("{:?}", house.outcomes()) };
    assert!(!accepted.changes.is_empty());
    is_closed(&house);
}

#[test]
fn a_clock_that_is_seven_hours_ahead_is_put_right() {
    let house = house(Command::SignApproved);
    lied("clock-wrong", &[], &house, Command::SignApproved).unwrap();
    let [Outcome::Accepted(accepted)] = &house.outcomes()[..] else { panic!("{:?}", house.outcomes()) };
    let SignedAt::SevenHoursOff(at) = accepted.at else { panic!("{:?}", accepted.at) };
    assert!((types::Timestamp::now().0 - at.0).abs() < 60_000_000, "{at:?}");
    oracle::accept(&house.taken(), 1);
    is_closed(&house);
}

#[test]
fn an_earlier_file_is_not_a_later_one() {
    let tool = tool(&["--lie", "earlier"]);
    let first = house(Command::SignApproved);
    tell(tool.port(), Command::SignApproved, &first.request).unwrap();
    assert!(matches!(first.outcomes()[..], [Outcome::Accepted(_)]));
    let other = document(Shape { streams: true, ..Shape::default() });
    for (original, reason) in [(other, Refusal::Rewritten), (first.taken(), Refusal::NotSigned)] {
        let house = House::with(original, &key(PERSON), Command::SignApproved);
        tell(tool.port(), Command::SignApproved, &house.request).unwrap_err();
        assert_eq!(house.outcomes(), [Outcome::Refused(reason)]);
        is_closed(&house);
    }
}

#[test]
fn of_two_uploads_one_is_taken() {
    for lie in ["twice", "twice-at-once"] {
        let house = house(Command::SignApproved);
        lied(lie, &[], &house, Command::SignApproved).unwrap();
        let outcomes = house.outcomes();
        assert_eq!(outcomes.len(), 2, "{lie}");
        let taken = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Accepted(_))).count();
        assert!(taken == 1 && outcomes.contains(&Outcome::Denied(Denied::Used)), "{lie}: {outcomes:?}");
        is_closed(&house);
    }
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let house = house(Command::SignApproved);
    let said = lied("huge", &["--huge-rate", "100"], &house, Command::SignApproved);
    assert!(matches!(said, Err(CallbackError::Failed { .. })), "{said:?}");
    let [Outcome::Refused(Refusal::TooLarge { bytes, most })] = house.outcomes()[..] else {
        panic!("{:?}", house.outcomes())
    };
    assert!(most == returned_bytes_max(house.original().len()) && bytes < most + (100 << 10), "{bytes} {most}");
    is_closed(&house);
}

#[test]
fn an_upload_that_breaks_off_is_nothing_and_spends_the_pass() {
    let house = house(Command::SignApproved);
    let said = lied("half", &[], &house, Command::SignApproved);
    let message = "Mất kết nối khi gửi tệp đã ký".to_owned();
    assert_eq!(said, Err(CallbackError::Failed { status: 1, message }));
    for _ in 0..100 {
        if !house.outcomes().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(house.outcomes(), [Outcome::CutOff]);
    is_closed(&house);
}

#[test]
fn what_the_page_hears_is_no_signature() {
    let house = house(Command::SignApproved);
    // Success, with a name and an address.
    let said = lied("says-done", &[], &house, Command::SignApproved).unwrap();
    assert_eq!(said.file, "12-UBND-VX.pdf");
    assert_eq!((house.was_used(), house.outcomes()), ((false, false), vec![]));
}
