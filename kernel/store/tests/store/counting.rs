//! Sums of what was counted: the same whether nothing, some or all of it is folded, for any span of days.

use crate::{THINGS, command};
use jiff::ToSpan;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use store::{Counted, Store, deltas};
use testkit::{TestDatabase, each_engine};
use types::{Day, Id};

const MEASURES: [&str; 2] = ["things.in", "things.out"];

/// What was counted: unit, subject, measure, day, amount.
type Told = Vec<(Id, Id, &'static str, Day, i64)>;

fn open(database: &TestDatabase) -> Store {
    database.migrate(&[THINGS]);
    database.open()
}

fn day(n: i64) -> Day {
    let first: Day = "2024-02-26".parse().unwrap();
    Day(first.0.checked_add(n.days()).unwrap())
}

fn count(store: &Store, random: &mut StdRng, days: i64, told: &mut Told) {
    let some: Told = (0..20)
        .map(|_| {
            let (unit, subject) = (Id(random.random_range(1..4)), Id(random.random_range(0..3)));
            let (measure, amount) = (MEASURES[random.random_range(0..2)], [1, 1, -1][random.random_range(0..3)]);
            (unit, subject, measure, day(random.random_range(0..days)), amount)
        })
        .collect();
    told.extend(&some);
    let write = move |tx: &mut store::Tx<'_>| {
        tx.not_audited("a test counts");
        some.iter().enumerate().try_for_each(|(n, (unit, subject, measure, day, amount))| {
            let of = Counted { record: Id(n as i64), unit: *unit, subject: *subject };
            tx.count(measure, &of, *day, *amount)
        })
    };
    store.write_blocking(command(store), write).unwrap();
}

fn fold(store: &Store, before: Day) -> usize {
    store.write_blocking(store.system_command("test.fold", 1), move |tx| deltas::fold_round(tx, before)).unwrap()
}

/// Spans of days that were drawn, added up without anything of the store.
fn sums_are_right(store: &Store, random: &mut StdRng, days: i64, told: &Told) {
    for _ in 0..12 {
        let last = random.random_range(0..days);
        let first = (random.random_range(0..3) > 0).then(|| day(random.random_range(0..=last)));
        let units = [Id(1), Id(2)];
        let mut wanted = BTreeMap::<(Id, Id, String), i64>::new();
        for (unit, subject, measure, on, amount) in told {
            if units.contains(unit) && first.is_none_or(|first| first <= *on) && *on <= day(last) {
                *wanted.entry((*unit, *subject, (*measure).to_owned())).or_default() += amount;
            }
        }
        wanted.retain(|_, amount| *amount != 0);
        let sums = store.read_blocking(|r| deltas::sums(r, &units, &MEASURES, (first, day(last)))).unwrap();
        let sums: BTreeMap<_, _> = sums.into_iter().map(|s| ((s.unit, s.subject, s.measure), s.amount)).collect();
        assert_eq!(sums, wanted, "from {first:?} to {}", day(last));
    }
}

#[test]
fn sums_are_the_same_whatever_is_folded() {
    each_engine(|database| {
        let (store, mut told) = (open(&database), Told::new());
        let mut random = StdRng::seed_from_u64(20_261_128);
        let days = 1_100;
        for round in 0..40 {
            // Late ones among them: some count for days that are folded already.
            count(&store, &mut random, days, &mut told);
            if round % 8 == 5 {
                while fold(&store, day(round * 26)) == deltas::ROUND {}
                sums_are_right(&store, &mut random, days, &told);
            }
        }
        while fold(&store, day(days)) == deltas::ROUND {}
        sums_are_right(&store, &mut random, days, &told);
        let wrong = store.read_blocking(deltas::wrong_folds).unwrap();
        assert_eq!(wrong, vec![]);
        let (left,): (i64,) =
            store.read_blocking(|r| r.one("SELECT count(*) FROM delta WHERE folded_at IS NULL", &[])).unwrap();
        let (nothing,): (i64,) =
            store.read_blocking(|r| r.one("SELECT count(*) FROM fold WHERE amount = 0", &[])).unwrap();
        assert_eq!((left, nothing), (0, 0), "all is folded, and no sum of nothing is kept");
    });
}

#[test]
fn days_that_are_not_over_are_left_and_a_wrong_sum_is_found() {
    each_engine(|database| {
        let (store, mut told) = (open(&database), Told::new());
        let mut random = StdRng::seed_from_u64(4);
        count(&store, &mut random, 10, &mut told);
        assert_eq!(fold(&store, day(0)), 0, "nothing is before the first day");
        assert_eq!(fold(&store, day(5)), told.iter().filter(|told| told.3 < day(5)).count());
        database.script("UPDATE fold SET amount = amount + 1 WHERE grain = 1");
        let wrong = store.read_blocking(deltas::wrong_folds).unwrap();
        assert!(!wrong.is_empty() && wrong.iter().all(|(_, _, _, stands, wanted)| stands - wanted == 1));
    });
}
