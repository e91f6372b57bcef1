//! Half past seven: everybody signs in.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::Result;

use super::stage::Stage;
use super::stream::run;
use super::told::Summary;
use super::{LoadArgs, SIGN_INS, SIGN_INS_WITHIN};
use crate::harness::province::PASSWORD;

/// Lets officers sign in evenly over ten seconds; every one must come in, however long the line. Passwords are hard to
/// check on purpose, so the line is that of the processors.
pub fn sign_in(args: &LoadArgs, stage: &mut Stage) -> Result<Vec<String>> {
    let count = args.of(SIGN_INS).min(stage.officers.len());
    let port = stage.port();
    let schedule = (0..count).map(|n| (SIGN_INS_WITHIN.mul_f64(n as f64 / count as f64), n)).collect();
    let before = stage.processor_seconds()?;
    let entered = Mutex::new(Vec::with_capacity(count));
    let all = run(schedule, |n: &usize| {
        let mut officer = stage.officers[*n].clone();
        match officer.browser.sign_in(port, (&officer.username, PASSWORD)) {
            Ok(303) => {
                entered.lock().expect("nobody panics with it").push((*n, officer));
                None
            }
            Ok(status) => Some(format!("{} was answered {status}", officer.username)),
            Err(error) => Some(error.to_string()),
        }
    });
    // The session that a browser brought along ended with the new one.
    for (n, officer) in entered.into_inner().expect("nobody panics with it") {
        stage.officers[n] = officer;
    }
    let processor = stage.processor_seconds()? - before;
    let measured: Vec<_> = all.into_iter().map(|(_, measured)| measured).collect();
    let summary = Summary::of(&measured, (Duration::ZERO, SIGN_INS_WITHIN));
    println!("{}", summary.line("sign-ins within ten seconds"));
    println!("sign-ins: {:.1} ms of the server's processor each", processor * 1000.0 / count as f64);
    // How soon they are all in depends on the processors; that they all come in does not.
    Ok(summary.faults("sign-ins", 0.0))
}
