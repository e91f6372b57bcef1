//! `nhaviec deadline`: due times worked out by hand, without a database.

use crate::world::program::Program;
use crate::world::{OWN, fill};
use serde_json::Value;

fn ask(words: &[&str]) -> Value {
    let words: Vec<&str> = ["deadline"].iter().chain(words).copied().chain(["--json"]).collect();
    let ran = Program::alone().run(&words).ok();
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

#[test]
fn due_times_are_those_worked_out_by_hand() {
    for (received, takes, due) in [
        // Quốc khánh 2026 with the swapped days, an ordinary week, Tết 2027, 30/4 and 1/5.
        ("2026-08-21T14:00", "5 working days", "2026-08-27T14:00:00+07:00"),
        ("2026-11-20T14:00", "3 ngày làm việc", "2026-11-26T14:00:00+07:00"),
        ("2027-02-01T14:00", "5 working days", "2027-02-15T14:00:00+07:00"),
        ("2026-04-24T14:00", "3 working days", "2026-05-04T14:00:00+07:00"),
        // Hours, calendar days, the same day before and after the cut-off.
        ("2026-11-20T16:00", "8 giờ làm việc", "2026-11-23T16:00:00+07:00"),
        ("2026-11-02T14:00", "15 ngày", "2026-11-17T17:30:00+07:00"),
        ("2026-11-20T15:00", "same day", "2026-11-20T17:30:00+07:00"),
        ("2026-11-20T15:01", "ngay trong ngày", "2026-11-23T17:30:00+07:00"),
        // An offset is honoured.
        ("2026-11-20T07:00:00Z", "3 working days", "2026-11-26T14:00:00+07:00"),
    ] {
        let answer = ask(&["--received", received, "--takes", takes]);
        assert_eq!(answer["due"], due, "{received} {takes}");
        let steps = answer["steps"].as_array().expect("the steps");
        assert!(
            steps.len() >= 2 && steps.iter().all(|s| s["sentence"].as_str().is_some_and(|s| !s.is_empty())),
            "{answer}"
        );
    }
}

#[test]
fn stops_move_the_due_time_by_the_working_time_in_them() {
    let received = ["--received", "2026-11-20T14:00", "--takes", "3 working days"];
    let stops = ["--stop", "2026-11-23T09:00/2026-11-23T10:00", "--stop", "2026-11-25T08:00/2026-11-25T08:30"];
    let answer = ask(&[&received[..], &stops].concat());
    assert_eq!(answer["due"], "2026-11-26T15:30:00+07:00");
    assert_eq!(answer["due_without_stops"], "2026-11-26T14:00:00+07:00");
}

#[test]
fn the_text_explains_each_day_and_nothing_is_made() {
    let program = Program::alone();
    let text = program.run(&["deadline", "--received", "2026-11-20T14:00", "--takes", "3 ngày làm việc"]).ok().out;
    assert!(text.contains("14:00 thứ Năm 26/11/2026") && text.contains("24/11"), "{text}");
    assert_eq!(std::fs::read_dir(program.folder()).expect("the folder").count(), 0, "no database, no data folder");
}

/// Each step's day and kind, a line each.
fn days_and_kinds(answer: &Value) -> Vec<String> {
    let steps = answer["steps"].as_array().expect("the steps");
    let word = |step: &Value, name: &str| step[name].as_str().expect("a word").to_owned();
    steps.iter().map(|step| format!("{} {}", word(step, "date"), word(step, "kind"))).collect()
}

#[test]
fn every_day_of_a_count_in_calendar_days_is_told() {
    // Five days end on the holiday of the 24th, so that it is due on the working day after.
    let asked = ["--received", "2026-11-19T14:00", "--takes", "5 ngày"];
    let answer = ask(&asked);
    assert_eq!(answer["due"], "2026-11-25T17:30:00+07:00");
    let expected = [
        "2026-11-19 received",
        "2026-11-19 calendar-day",
        "2026-11-20 calendar-day",
        "2026-11-21 calendar-day",
        "2026-11-22 calendar-day",
        "2026-11-23 calendar-day",
        "2026-11-24 holiday",
        "2026-11-24 calendar-count",
        "2026-11-25 calendar-day",
        "2026-11-25 due",
    ];
    assert_eq!(days_and_kinds(&answer), expected);
    assert_eq!(answer["steps"][6]["basis"], "Nghị quyết 28/2026/QH16");
    let text = Program::alone().run(&[&["deadline"][..], &asked].concat()).ok().out;
    for line in [
        "- Thứ Sáu 20/11/2026: tính là ngày thứ 1 trong 5 ngày.",
        "- Thứ Bảy 21/11/2026: ngày nghỉ hằng tuần, vẫn tính là ngày thứ 2 trong 5 ngày.",
        "- Thứ Hai 23/11/2026: tính là ngày thứ 4 trong 5 ngày.",
        "Ngày thứ 5/5 (ngày nghỉ)",
        "- Thứ Tư 25/11/2026: ngày làm việc tiếp theo, thời hạn kết thúc khi hết giờ làm việc",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn every_day_of_a_count_in_months_is_told() {
    for (received, takes, days, due) in [
        ("2026-10-30T14:00", "1 month", 32, "2026-11-30T17:30:00+07:00"),
        ("2026-01-05T14:00", "12 tháng", 366, "2027-01-05T17:30:00+07:00"),
    ] {
        let answer = ask(&["--received", received, "--takes", takes]);
        assert_eq!(answer["due"], due, "{takes}");
        let mut told = days_and_kinds(&answer);
        told.retain(|line| line.ends_with(" calendar-day"));
        assert_eq!(told.len(), days, "the day of receipt and each one after it: {told:?}");
        assert!(told.is_sorted_by(|one, next| one < next), "once and in order: {told:?}");
    }
}

#[test]
fn what_cannot_be_understood_is_told_and_nothing_is_guessed() {
    let good = "2026-11-20T14:00";
    for (received, takes, stop, said) in [
        ("hôm qua", "3 ngày", None, "hôm qua"),
        ("2026-02-30T08:00", "3 ngày", None, "2026-02-30"),
        (good, "ba ngày rưỡi", None, "ba ngày rưỡi"),
        (good, "-3 ngày", None, "-3 ngày"),
        // However long: days are told only up to the last year that is known.
        (good, "1000000 ngày", None, "1000000 ngày"),
        (good, "10000 ngày", None, "2054"),
        (good, "3 ngày", Some("2026-11-23T09:00"), "2026-11-23T09:00"),
        (good, "3 ngày làm việc", Some("2026-11-23T10:00/2026-11-23T09:00"), ""),
        ("2039-11-20T14:00", "3 ngày làm việc", None, "2039"),
    ] {
        let takes = format!("--takes={takes}");
        let mut words = vec!["deadline", "--received", received, &takes, "--json"];
        words.extend(stop.iter().flat_map(|stop| ["--stop", stop]));
        let ran = Program::alone().run(&words).refused(&[said]);
        assert!(ran.out.is_empty(), "nothing is answered beside the mistake: {}", ran.out);
        assert!(
            ran.err.chars().any(|c| "ăâđêôơưạảấầẩậắằặẹẻếềểệịọỏốồổộớờởợụủứừửựỳỹáàéèíìóòúùý".contains(c)),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_units_own_calendar_is_used_where_one_is_named() {
    testkit::each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let words = ["deadline", "--received", "2026-11-20T14:00", "--takes", "3 ngày làm việc", "--json", "--unit"];
        let program = Program::over(&database);
        let answer: Value = serde_json::from_str(&program.run(&[&words[..], &[OWN]].concat()).ok().out).expect("JSON");
        assert!(answer["due"].as_str().is_some_and(|due| due.ends_with("+07:00")), "{answer}");
        program.run(&[&words[..], &["H00.00"]].concat()).refused(&["H00.00"]);
    });
}

#[test]
fn without_a_database_the_standard_calendar_answers_and_says_so() {
    let asked = ["deadline", "--received", "2026-11-20T14:00", "--takes", "3 ngày làm việc", "--unit", OWN];
    let plain = ask(&asked[1..5]);
    assert_eq!(plain.get("note"), None, "nothing is said where nothing was asked");
    let nowhere = "postgres://nobody@127.0.0.1:1/nowhere";
    let empty = testkit::TestDatabase::sqlite();
    empty.script("CREATE TABLE something_else (id INTEGER PRIMARY KEY)");
    for program in [Program::alone(), Program::alone().with("NHAVIEC_DATABASE", nowhere), Program::over(&empty)] {
        let before = std::fs::read_dir(program.folder()).expect("the folder").count();
        let json = program.run(&[&asked[..], &["--json"]].concat()).ok().out;
        let answer: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!((&answer["due"], &answer["steps"]), (&plain["due"], &plain["steps"]));
        assert!(answer["note"].as_str().is_some_and(|note| note.contains("lịch làm việc chuẩn")), "{answer}");
        let text = program.run(&asked).ok().out;
        assert!(text.contains("Lưu ý:") && text.contains("lịch làm việc chuẩn"), "{text}");
        assert_eq!(std::fs::read_dir(program.folder()).expect("the folder").count(), before, "nothing is made");
    }
}
