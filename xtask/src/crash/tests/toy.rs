//! Whole rounds on a toy server: a sound one passes, each kind of broken one is caught.

use clap::Parser;

use super::script;
use crate::crash::{CrashArgs, run};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: CrashArgs,
}

/// Runs the harness with the words of a command line.
fn crash(toy: &str, words: &str) -> anyhow::Result<()> {
    let program = format!("{toy}python3 {}", script("toy.py").display());
    // Open to all, since PostgreSQL may run as another user.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    let place = tempfile::Builder::new().permissions(open).tempdir()?;
    let place = place.path().to_str().expect("a plain path");
    let fixed = [
        "crash",
        "--place",
        place,
        "--prepare",
        "migrate",
        "--token-command",
        "token",
        "--kill-ms-max",
        "500",
        "--program",
    ];
    // The toy asks PostgreSQL through a process for each statement; it may be killed before it has answered once.
    let least = if words.contains("--acknowledged-min") { "" } else { " --acknowledged-min 0" };
    let words = format!("{words}{least}");
    let line = Line::parse_from(fixed.into_iter().chain([program.as_str()]).chain(words.split_whitespace()));
    run(&line.args)
}

#[test]
fn a_sound_server_passes() {
    crash("", "--rounds 5 --clients 4 --seed 1").unwrap();
}

#[test]
fn a_server_without_syncs_is_caught() {
    crash("", "--rounds 8 --clients 4 --seed 2 --control").unwrap();
    let plain = crash("env NHAVIEC_SQLITE_SYNCHRONOUS=OFF ", "--rounds 8 --clients 4 --seed 2").unwrap_err();
    assert!(!format!("{plain:#}").is_empty());
}

#[test]
fn a_server_that_forgets_commands_is_caught() {
    let error = crash("env TOY_FAULT=forget ", "--rounds 2 --clients 4 --seed 3").unwrap_err();
    assert!(format!("{error:#}").contains("and later"), "{error:#}");
}

#[test]
fn a_server_that_spoils_files_is_caught() {
    let error = crash("env TOY_FAULT=spoil ", "--rounds 3 --clients 4 --seed 7").unwrap_err();
    assert!(format!("{error:#}").contains("the file of"), "{error:#}");
}

#[test]
fn a_run_that_acknowledged_too_little_proves_nothing() {
    let error = crash("", "--rounds 1 --clients 1 --seed 8 --acknowledged-min 1000000").unwrap_err();
    assert!(format!("{error:#}").contains("are needed to prove anything"), "{error:#}");
}

#[test]
fn what_commands_bring_along_is_the_same_each_time_and_not_always_something() {
    let of = |n: usize| crate::harness::client::content(&format!("crash-1-{n}"));
    let brought = (0..200).filter(|n| of(*n).is_some()).count();
    assert!((20..120).contains(&brought), "{brought} of 200 bring a file");
    assert!((0..200).all(|n| of(n) == of(n)));
}

#[test]
fn a_control_that_notices_nothing_fails() {
    let sound = "env -u NHAVIEC_SQLITE_SYNCHRONOUS ";
    let error = crash(sound, "--rounds 2 --clients 2 --seed 4 --control").unwrap_err();
    assert!(error.to_string().contains("blind"), "{error:#}");
}

#[test]
fn a_control_of_a_server_that_does_not_work_fails() {
    let error = crash("env TOY_FAULT=refuse ", "--rounds 2 --clients 2 --seed 4 --control").unwrap_err();
    assert!(format!("{error:#}").contains("no answer"), "{error:#}");
}

#[test]
fn postgres_passes_with_fsync_and_is_caught_without() {
    crash("", "--rounds 3 --clients 3 --seed 5 --database postgres").unwrap();
    crash("", "--rounds 6 --clients 3 --seed 6 --database postgres --control").unwrap();
}
