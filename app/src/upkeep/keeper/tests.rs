//! When a backup or a rehearsal is due, and what is thinned out.

use super::*;
use types::Id;

fn at(local: &str) -> Timestamp {
    Timestamp::from_local(local.parse().unwrap())
}

fn plan(wanted: Option<&str>) -> Plan {
    let wanted_at = wanted.map(at);
    Plan { folder: "/media/usb".into(), at_minute: 22 * 60 + 30, keep: 3, wanted_at, key_put_away: None }
}

fn run(kind: Kind, began: &str, failure: Option<&str>) -> Run {
    let began_at = at(began);
    let (file, failure) = (String::new(), failure.map(str::to_owned));
    Run { id: Id(1), kind, file, began_at, ended_at: Some(began_at), bytes: None, failure }
}

#[test]
fn a_backup_is_made_at_its_hour_when_it_is_wanted_and_again_after_a_failure() {
    let good = |began| Some(run(Kind::Backup, began, None));
    let bad = |began| Some(run(Kind::Backup, began, Some("USB")));
    let (day, night) = ("2026-11-27T17:00", "2026-11-27T22:30");
    let cases = [
        ("none yet", None, None, day, true),
        ("made tonight", good("2026-11-26T22:30"), None, day, false),
        ("its minute", good("2026-11-26T22:30"), None, night, true),
        ("one minute before", good("2026-11-26T22:30"), None, "2026-11-27T22:29", false),
        ("the machine was off that night", good("2026-11-25T22:31"), None, "2026-11-27T07:30", true),
        ("wanted", good("2026-11-27T16:00"), Some("2026-11-27T16:59"), day, true),
        ("wanted by a clock that goes ahead", good("2026-11-27T16:00"), Some("2026-11-27T17:30"), day, true),
        ("failed just now", bad("2026-11-27T16:30"), None, day, false),
        ("failed an hour ago", bad("2026-11-27T16:00"), None, day, true),
    ];
    for (what, last, wanted, now, due) in cases {
        assert_eq!(is_due(&plan(wanted), last.as_ref(), at(now)), due, "{what}");
    }
}

#[test]
fn a_backup_is_rehearsed_each_week_and_again_after_a_failure() {
    let good = run(Kind::Backup, "2026-11-26T22:30", None);
    let now = at("2026-11-27T07:30");
    let rehearsed = |began, failure| Some(run(Kind::Rehearsal, began, failure));
    for (what, last, due) in [
        ("never", None, true),
        ("this week", rehearsed("2026-11-22T22:31", None), false),
        ("a week ago", rehearsed("2026-11-20T07:30", None), true),
        ("failed, and nothing newer", rehearsed("2026-11-26T22:31", Some("hỏng")), false),
        ("failed, and something newer", rehearsed("2026-11-25T22:31", Some("hỏng")), true),
        ("long ago, but this very one", rehearsed("2026-11-26T22:31", None), false),
    ] {
        assert_eq!(is_rehearsal_due(&good, last.as_ref(), now), due, "{what}");
    }
}

#[test]
fn only_backups_of_our_own_are_thinned_out() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str| std::fs::write(folder.path().join(name), "x").unwrap();
    let mark = "qpzry9x8";
    let ours = |day: u8| format!("nhaviec-{mark}-202611{day:02}-223000.tar.zst.age");
    for day in 20..26 {
        put(&ours(day));
    }
    let others = [
        "ke-toan.xlsx",
        "nhaviec-qpzry9x8-20261101-223000.tar.zst",
        "nhaviec-cu.tar.zst.age",
        "nhaviec-qpzry9x8-20261101x223000.tar.zst.age",
        // Another installation's, which shares the folder.
        "nhaviec-vdwn0s3j-20261101-223000.tar.zst.age",
        ".nhaviec-qpzry9x8-20261101-223000.tar.zst.age.partial.txt",
    ];
    others.iter().for_each(|name| put(name));
    let half = format!(".{}.partial", ours(26));
    put(&half);
    let proven = folder.path().join(ours(20));
    thin_out(folder.path(), mark, 3, &[proven.as_path()]);
    clear_unfinished(folder.path(), mark);
    let mut left: Vec<String> =
        within(folder.path()).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    left.sort();
    let mut expected: Vec<String> =
        others.iter().map(|name| (*name).to_owned()).chain([20, 23, 24, 25].map(ours)).collect();
    expected.sort();
    assert_eq!(left, expected);
}
