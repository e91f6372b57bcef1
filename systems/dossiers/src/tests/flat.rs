//! Flat cost: pages, searches and verbs do the same work at a thousand dossiers and at many more. Told by the engines' own
//! counts, never by a clock, so that it comes out alike on a busy machine.

mod ask;
mod day;
mod figures;
mod fill;

use super::counting::counted_and_recomputed;
use super::house::Site;
use super::world::{STATUS, World};
use crate::verbs::deliver;
use crate::verbs::receive::{self, Receive};
use ask::{Known, questions};
use std::collections::BTreeMap;
use store::{Meter, Options, params, schema};
use testkit::{TestDatabase, each_engine};
use types::Id;

/// So many days back is the first of the many days.
const FIRST: i64 = 511;
/// Of the few days, so many are the last ones, and the others are spread over all the time: what is summed by month has all
/// its months then, and what grows does not grow with them.
const LAST_DAYS: i64 = 25;
const APART: usize = 30;
/// Work may grow by so much, and by so many steps, since indexes grow a storey and one dossier has more steps behind it
/// than another.
const TIMES: u64 = 3;
const STEPS: u64 = 50;
/// After so many runs everything is in memory that ever will be, and PostgreSQL has settled on a plan: it tries five.
const WARM: usize = 5;
/// Verbs are carried out so often; the middle one counts, since SQLite merges its text index now and then.
const LIVES: usize = 9;
/// The question without an index that must be found out.
const CONTROL: &str = "control: by address";
/// What one dossier of all is about, and whose it is.
const RARE: (&str, &str) = ("2.000884", "Y Moan Êban");

/// Units that receive nothing, so that who sees all of them sees more than have ranges of their own in a list.
const EMPTY_UNITS: usize = 8;

/// Days before the sample day: with it rather more than a thousand dossiers, and many more.
fn few_and_many() -> (Vec<i64>, Vec<i64>) {
    let spread: Vec<i64> = (LAST_DAYS + 1..=FIRST).step_by(APART).collect();
    (1..=FIRST).partition(|back| *back <= LAST_DAYS || spread.contains(back))
}

/// A world with its pages, measured.
struct House {
    site: Site,
    meter: Meter,
}

impl House {
    fn new(database: &TestDatabase) -> Self {
        let meter = Meter::default();
        let told = Some(meter.clone());
        // One connection of each kind: a plan depends on what its connection was asked before.
        let mut world = World::over(database, |options| Options { meter: told, readers: 1, writers: 1, ..options });
        let province = world.tree.line(world.commune)[1];
        // One of them lies under the neighbour, which so is a scope of two units.
        for n in 0..EMPTY_UNITS {
            world.add_unit(n, if n == 0 { world.neighbour } else { province });
        }
        Self { site: Site::of(database, world), meter }
    }

    /// The work of doing something once.
    fn once<T>(&self, go: impl FnOnce() -> T) -> (u64, T) {
        let before = self.meter.steps();
        let done = go();
        (self.meter.steps() - before, done)
    }

    /// The work of what changes nothing.
    fn again(&self, mut go: impl FnMut()) -> u64 {
        (0..WARM).for_each(|_| go());
        self.once(go).0
    }

    /// The work of everything, by what it is.
    fn measure(&self) -> Vec<(String, u64)> {
        let world = &self.site.world;
        let known = Known::of(world);
        let mut works = Vec::new();
        let asked = [questions(world, &known), figures::questions(world, &known)].concat();
        for (who, path) in asked {
            let mut client = self.site.client(who);
            let work = self.again(|| {
                let answer = client.get(&path);
                assert!([200, 303].contains(&answer.status), "{path} answered {}", answer.status);
            });
            works.push((format!("{who} {path}", path = known.plain(&path)), work));
        }
        let track = || {
            let mut citizen = self.site.client("nobody");
            let form = citizen.get("/tra-cuu").assert_status(200).page().form("form[action='/tra-cuu']");
            citizen.submit(&form.set("code", &known.code).set("tail", known.tail())).assert_status(303);
        };
        works.push(("citizen /tra-cuu".to_owned(), self.again(track)));
        let control = || {
            let sql = "SELECT id FROM dossier WHERE address = $1 LIMIT 1";
            let found: Option<(Id,)> = world.store.read_blocking(|r| r.opt(sql, params!["không có"])).unwrap();
            assert!(found.is_none());
        };
        works.push((CONTROL.to_owned(), self.again(control)));
        works.push(("fold, with nothing to do".to_owned(), self.again(|| assert_eq!(fill::fold(world), 0))));
        works.extend(self.lives());
        works
    }

    /// The work of the verbs in the life of a dossier.
    fn lives(&self) -> Vec<(String, u64)> {
        let world = &self.site.world;
        let mut verbs: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        let mut note = |verb: &'static str, work: u64| verbs.entry(verb).or_default().push(work);
        for _ in 0..LIVES {
            let (work, received) = self.once(|| world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh"));
            note("receive", work);
            let code = received.code.as_str();
            note("pass", self.once(|| world.pass(world.specialist, code).unwrap()).0);
            note("pass", self.once(|| world.pass(world.head, code).unwrap()).0);
            note("pass", self.once(|| world.pass(world.leader, code).unwrap()).0);
            note("finish", self.once(|| world.finish(world.clerk, code).unwrap()).0);
            let hand_over = || world.act(world.counter, code, |tx, acting| deliver::deliver(tx, acting, "Lò Thị Mẩy"));
            note("deliver", self.once(|| hand_over().unwrap()).0);
        }
        let middle = |mut works: Vec<u64>| {
            works.sort_unstable();
            works[works.len() / 2]
        };
        verbs.into_iter().map(|(verb, works)| (verb.to_owned(), middle(works))).collect()
    }
}

/// Measures at a thousand dossiers and at many more, and tells what has grown.
fn flat(database: &TestDatabase) {
    let house = House::new(database);
    let world = &house.site.world;
    let day = day::live(world);
    let (procedure, name) = RARE;
    world.receive(procedure, name);
    // Of the channels, too, one has next to nothing.
    let online = Receive { channel: "online".to_owned(), ..world.new_dossier(STATUS, name) };
    let command = world.command(world.counter, "dossiers.receive");
    world.store.write_blocking(command, move |tx| receive::receive(tx, &online)).unwrap();
    let (few_days, many_days) = few_and_many();
    fill::repeat(database, world, &day, &few_days);
    let few = house.measure();
    fill::repeat(database, world, &day, &many_days);
    let many = house.measure();
    counted_and_recomputed(world);
    figures::are_there(&house.site);
    let mut grown: Vec<String> = Vec::new();
    for ((what, work), (same, more)) in few.iter().zip(&many) {
        assert_eq!(what, same);
        if *more > TIMES * work + STEPS {
            grown.push(format!("{what}: {work} → {more}"));
        }
    }
    let (control, grown): (Vec<String>, Vec<String>) = grown.into_iter().partition(|line| line.starts_with(CONTROL));
    assert_eq!(control.len(), 1, "a question without an index was not found out");
    assert!(grown.is_empty(), "work that grows with the dossiers:\n{}", grown.join("\n"));
}

#[test]
fn work_does_not_grow_with_the_dossiers_on_sqlite() {
    flat(&TestDatabase::sqlite());
}

#[test]
fn work_does_not_grow_with_the_dossiers_on_postgresql() {
    flat(&TestDatabase::postgres());
}

/// Rows of every table.
fn rows(world: &World) -> BTreeMap<String, i64> {
    let counted = world.store.read_blocking(|r| {
        let mut rows = BTreeMap::new();
        for table in schema::tables(r)? {
            let (count,): (i64,) = r.one(&format!("SELECT count(*) FROM {}", table.name), params![])?;
            rows.insert(table.name, count);
        }
        Ok(rows)
    });
    counted.unwrap()
}

#[test]
fn a_repeated_day_has_every_row_of_the_day() {
    each_engine(|database| {
        let world = World::new(&database);
        let before = rows(&world);
        let day = day::live(&world);
        let lived = rows(&world);
        fill::copy(&database, &world, &day, &[1, 2]);
        for (table, count) in rows(&world) {
            let of_day = lived[&table] - before[&table];
            // The bytes of a result are the same in all copies, and so is their row; and all are sealed with one key.
            let wanted = if ["file", "sealing_key"].contains(&table.as_str()) { 0 } else { 2 * of_day };
            assert_eq!(count - lived[&table], wanted, "{table}: {of_day} rows of the day");
        }
        let late = "SELECT count(*) FROM dossier WHERE received_day = '2026-11-19' AND code LIKE 'H99.0_-261119-%'";
        let (copied,): (i64,) = world.store.read_blocking(|r| r.one(late, params![])).unwrap();
        assert_eq!(copied, day::DOSSIERS);
    });
}
