//! An independent oracle: deadlines found by walking minute by minute over bitmaps of working minutes.
//!
//! It shares no code with the crate. Its calendar is the lists of dates below, its arithmetic of dates is its own,
//! and it never adds minutes up: it walks, counting each working minute that lies in no stop. The due time is the
//! end of the last working minute before the first one that would count beyond the time allotted.

#[path = "minute_counter/oracle.rs"]
mod oracle;
#[path = "minute_counter/random.rs"]
mod random;

use calendar::{Deadline, Share, StepKind, Stop, Takes, WorkingCalendar, deadline, deadline_day_by_day};
use oracle::{Amount, Oracle};
use random::{Case, Random};
use types::{Day, Timestamp};

const CASES_PER_UNIT: u32 = 20_000;
const SEED: u64 = 0x6e68_6176_6965_6331;

fn stamp(minute: i64, second: i64) -> Timestamp {
    let local_1970 = (oracle::EPOCH_MINUTES + minute - 7 * 60) * 60 + second;
    Timestamp(local_1970 * 1_000_000)
}

fn stops_of(case: &Case) -> Vec<Stop> {
    case.stops.iter().map(|stop| Stop { from: stamp(stop.0, case.seconds), to: stamp(stop.1, case.seconds) }).collect()
}

fn takes_of(amount: Amount) -> Takes {
    match amount {
        Amount::WorkingDays(n) => Takes::WorkingDays(n),
        Amount::WorkingMinutes(n) => Takes::WorkingMinutes(n),
        Amount::CalendarDays(n) => Takes::CalendarDays(n),
        Amount::Months(n) => Takes::Months(n),
        Amount::SameDay => Takes::SameDay,
    }
}

fn ask(calendar: &WorkingCalendar, case: &Case) -> Option<Deadline> {
    deadline(calendar, stamp(case.received, case.seconds), takes_of(case.amount), &stops_of(case)).ok()
}

/// The sums of the explanation's minutes agree with the deadline that they explain.
fn explanation_adds_up(calendar: &WorkingCalendar, case: &Case, found: &Deadline) -> bool {
    if !takes_of(case.amount).is_working_time() {
        return true;
    }
    let of = |wanted: &dyn Fn(StepKind) -> bool| -> i64 {
        found.steps.iter().filter(|step| wanted(step.kind)).map(|step| step.minutes).sum()
    };
    let days = of(&|kind| !matches!(kind, StepKind::Stop));
    let stops = of(&|kind| kind == StepKind::Stop);
    days == calendar.working_minutes(found.received, found.due).unwrap()
        && stops == calendar.working_minutes(found.due_without_stops, found.due).unwrap()
}

fn run(unit: &random::Unit) {
    let oracle = Oracle::new(unit);
    let calendar = unit.calendar();
    let mut random = Random::new(SEED ^ unit.seed);
    let (mut compared, mut moved, mut unknown) = (0, 0, 0);
    for number in 0..CASES_PER_UNIT {
        let case = random.case(&oracle);
        let expected = oracle.due(&case).map(|minute| stamp(minute, 0));
        let found = ask(&calendar, &case);
        let due = found.as_ref().map(|found| found.due);
        assert_eq!(due, expected, "{} case {number}: {case:?}", unit.name);
        let Some(found) = found else {
            unknown += 1;
            continue;
        };
        assert!(explanation_adds_up(&calendar, &case, &found), "{} case {number}: {case:?}", unit.name);
        compared += 1;
        moved += u32::from(found.due != found.due_without_stops);
    }
    // The sample must have bite: most cases have a due time, many were moved by a stop, few ran off the calendar.
    assert!(compared > CASES_PER_UNIT * 9 / 10 && moved > CASES_PER_UNIT / 5, "{compared} {moved} {unknown}");
}

#[test]
fn standard_hours_agree_with_the_minute_counter() {
    run(&random::STANDARD);
}

#[test]
fn saturday_mornings_agree_with_the_minute_counter() {
    run(&random::SATURDAY_MORNINGS);
}

#[test]
fn seasonal_hours_agree_with_the_minute_counter() {
    run(&random::SEASONAL);
}

#[test]
fn hours_that_change_between_a_swapped_pair_agree_with_the_minute_counter() {
    run(&random::CHANGED_BETWEEN_SWAPS);
}

#[test]
fn ragged_hours_agree_with_the_minute_counter() {
    run(&random::RAGGED);
}

#[test]
fn measuring_and_comparing_agree_with_the_minute_counter() {
    for unit in random::UNITS {
        let (oracle, calendar, mut random) = (Oracle::new(unit), unit.calendar(), Random::new(SEED ^ unit.seed ^ 1));
        for _ in 0..400 {
            let (a, b) = (random.moment(&oracle), random.moment(&oracle));
            let counted = oracle.count(a, b);
            let measured = calendar.working_minutes(stamp(a, 5), stamp(b, 50)).unwrap();
            assert_eq!(measured, counted, "{} {a} {b}", unit.name);
            let order = calendar.compare(stamp(a, 0), stamp(b, 0)).unwrap();
            assert_eq!(order, 0.cmp(&counted), "{} {a} {b}", unit.name);
        }
    }
}

#[test]
fn a_later_receipt_or_a_longer_time_is_never_due_earlier() {
    for unit in random::UNITS {
        let (oracle, calendar, mut random) = (Oracle::new(unit), unit.calendar(), Random::new(SEED ^ unit.seed ^ 2));
        for _ in 0..2_000 {
            let mut case = random.case(&oracle);
            let Some(found) = ask(&calendar, &case) else { continue };
            let longer = Case { amount: case.amount.plus(random.below(4) as u32), ..case.clone() };
            if let Some(longer_due) = ask(&calendar, &longer) {
                assert!(longer_due.due >= found.due, "{} {case:?} {longer:?}", unit.name);
            }
            case.stops.clear();
            let later = Case { received: case.received + random.below(3_000), ..case.clone() };
            if let (Some(first), Some(second)) = (ask(&calendar, &case), ask(&calendar, &later)) {
                assert!(second.due >= first.due, "{} {case:?} {later:?}", unit.name);
            }
        }
    }
}

#[test]
fn a_stop_without_working_minutes_changes_nothing_and_any_stop_never_shortens() {
    for unit in random::UNITS {
        let (oracle, calendar, mut random) = (Oracle::new(unit), unit.calendar(), Random::new(SEED ^ unit.seed ^ 3));
        let mut idle = 0;
        for _ in 0..4_000 {
            let mut case = random.case(&oracle);
            case.stops.clear();
            let Some(plain) = ask(&calendar, &case) else { continue };
            let from = case.received + random.below(20_000);
            let stop = (from, from + 1 + random.below(900));
            let stopped = ask(&calendar, &Case { stops: vec![stop], ..case.clone() });
            let Some(stopped) = stopped else { continue };
            assert!(stopped.due >= plain.due, "{} {case:?} {stop:?}", unit.name);
            if takes_of(case.amount).is_working_time() && oracle.count(stop.0, stop.1) == 0 {
                idle += 1;
                assert_eq!(stopped.due, plain.due, "{} {case:?} {stop:?}", unit.name);
            }
        }
        assert!(idle > 100, "{}: only {idle} stops had no working minute", unit.name);
    }
}

#[test]
fn same_moments_are_due_at_the_same_time_and_due_is_its_own_canonical_form() {
    for unit in random::UNITS {
        let (oracle, calendar, mut random) = (Oracle::new(unit), unit.calendar(), Random::new(SEED ^ unit.seed ^ 4));
        for _ in 0..2_000 {
            let mut case = random.case(&oracle);
            case.stops.clear();
            let Some(found) = ask(&calendar, &case) else { continue };
            assert_eq!(calendar.canonical_moment(found.due), Ok(found.due), "{} {case:?}", unit.name);
            let start = calendar.next_working_moment(found.received).unwrap();
            let from_start = deadline(&calendar, start, found.takes, &[]).unwrap();
            assert_eq!(from_start.due, found.due, "{} {case:?}", unit.name);
            assert_eq!(found.share_used(&calendar, found.due).map(Share::percent), Ok(100), "{} {case:?}", unit.name);
        }
    }
}

#[test]
fn every_day_of_a_count_through_the_calendar_is_told_once_and_in_order() {
    use StepKind as K;
    for unit in random::UNITS {
        let (oracle, calendar, mut random) = (Oracle::new(unit), unit.calendar(), Random::new(SEED ^ unit.seed ^ 5));
        let (mut told, mut moved) = (0, 0);
        for _ in 0..5_000 {
            let case = random.case(&oracle);
            let (takes, stops) = (takes_of(case.amount), stops_of(&case));
            let full = deadline_day_by_day(&calendar, stamp(case.received, case.seconds), takes, &stops).ok();
            let short = ask(&calendar, &case);
            let dues = |found: &Option<Deadline>| found.as_ref().map(|found| (found.due_without_stops, found.due));
            assert_eq!(dues(&full), dues(&short), "{} {case:?}", unit.name);
            let Some(full) = full else { continue };
            if takes.is_working_time() {
                assert_eq!(Some(full), short, "{} {case:?}", unit.name);
                continue;
            }
            (told, moved) = (told + 1, moved + u32::from(full.due != full.due_without_stops));
            let first = full.counts_from.day();
            let beside = [K::Received, K::CalendarCount, K::Stop, K::LateStop, K::Due];
            let days: Vec<Day> = full.steps.iter().filter(|s| !beside.contains(&s.kind)).map(|s| Day(s.date)).collect();
            // Before the start stand the days off after which it came.
            let days: Vec<Day> = days.into_iter().skip_while(|day| *day < first).collect();
            assert_eq!(days.first(), Some(&first), "{} {case:?}", unit.name);
            assert!(days.windows(2).all(|pair| pair[0].next() == pair[1]), "{} {case:?}: {days:?}", unit.name);
            let last = days[days.len() - 1];
            let closing = calendar.day(last.0).unwrap().periods().last().map(|period| period.end());
            let due = closing.map(|minute| last.start().plus_us(minute * 60_000_000));
            assert_eq!(due, Some(full.due), "{} {case:?}", unit.name);
            let numbered = full.steps.iter().filter(|s| s.label.starts_with("Ngày thứ ")).count();
            if let Takes::CalendarDays(n) = takes {
                assert_eq!(numbered, n as usize, "{} {case:?}", unit.name);
            }
        }
        assert!(told > 500 && moved > 100, "{}: {told} {moved}", unit.name);
    }
}
