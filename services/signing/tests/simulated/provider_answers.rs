//! The remote provider whose answers are none, at each of its methods, and what each is answered with.

use crate::customer::Customer;
use signing::remote::{RemoteError, State};
use std::time::Duration;

/// What becomes of an answer that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The same step may be tried again.
    Busy,
    /// It must not be used.
    Lies,
}

/// The lies with their options, and their ends.
const LIES: [(&str, &[&str], End); 5] = [
    ("error-500", &[], End::Busy),
    ("slow", &["--slow-seconds", "20"], End::Busy),
    ("not-json", &[], End::Lies),
    ("html", &[], End::Lies),
    ("huge", &["--huge-megabytes", "200"], End::Lies),
];

/// Longest wait for a slow answer, long enough for an honest one on a busy machine.
const PATIENCE: Duration = Duration::from_secs(3);

fn end<T: std::fmt::Debug>(result: Result<T, RemoteError>) -> End {
    match result {
        Err(RemoteError::Busy(_)) => End::Busy,
        Err(RemoteError::Lies(_)) => End::Lies,
        other => panic!("{other:?}"),
    }
}

/// The provider lies at `method` in each way; `run` gives the end of what was asked there.
fn each(method: &str, options: &[&str], run: impl Fn(&Customer) -> End + Sync) {
    let one = |(lie, own, expected): (&str, &[&str], End)| {
        let all = [&["--lie", lie, "--lie-at", method][..], own, options].concat();
        let customer = Customer::new(&["p256"], &all);
        let customer = if lie == "slow" { customer.hurried(PATIENCE) } else { customer };
        assert_eq!(run(&customer), expected, "{lie} at {method}");
    };
    // All at once, for most of it is waiting.
    std::thread::scope(|scope| LIES.map(|lie| scope.spawn(move || one(lie))).map(|ran| ran.join().unwrap()));
}

/// What the step of a job came to. A step that may be tried again leaves it where it was.
fn step(before: &State, result: Result<State, RemoteError>, after: &State) -> End {
    match result {
        Ok(State::Failed(error)) => end::<()>(Err(error)),
        other => {
            assert_eq!(before, after);
            end(other)
        }
    }
}

#[test]
fn at_what_the_provider_says_of_itself() {
    each("info", &[], |customer| end(customer.service().info()));
}

#[test]
fn at_the_list_of_keys() {
    each("credentials/list", &[], |customer| end(customer.with(|account| account.credentials())));
}

#[test]
fn at_a_key() {
    each("credentials/info", &[], |customer| end(customer.credential("p256")));
}

#[test]
fn at_the_question_for_permission() {
    each("credentials/authorize", &[], |customer| {
        let mut errand = customer.errand("p256", 1, false);
        let before = errand.job.state().clone();
        step(&before, errand.ask(), errand.job.state())
    });
}

#[test]
fn at_the_question_whether_the_person_has_answered() {
    each("credentials/authorizeCheck", &[], |customer| {
        let mut errand = customer.errand("p256", 1, false);
        let before = errand.ask().unwrap();
        step(&before, errand.poll(), errand.job.state())
    });
}

#[test]
fn at_the_signature() {
    each("signatures/signHash", &[], |customer| {
        let mut errand = customer.errand("p256", 1, false);
        let before = errand.ask().unwrap();
        customer.phone("confirm");
        let end = step(&before, errand.poll(), errand.job.state());
        if end == End::Busy {
            // The permission is spent there, and is not asked for again behind the person's back.
            assert_eq!(errand.poll(), Ok(State::Expired));
        }
        end
    });
}

#[test]
fn at_the_signature_that_comes_later() {
    each("signatures/signPolling", &["--confirm-after", "0", "--poll-delay", "0"], |customer| {
        let mut errand = customer.errand("p256", 1, true);
        let before = errand.ask().unwrap();
        step(&before, errand.poll(), errand.job.state())
    });
}
