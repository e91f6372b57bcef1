//! Form II.06 after random lives of dossiers, with units moved and merged in between: for any period every row balances,
//! equals a slow count that shares no code with it, and opens exactly the dossiers that it counts.

use super::counting::{counted_and_recomputed, findings, step};
use super::finding::who;
use super::world::{BIRTH, STATUS, World};
use crate::DOSSIERS_SEE;
use crate::figures::{Asker, By, Column, Counts, Key, Period, Question, Scope};
use crate::lists::counted;
use crate::procedure::catalogue;
use crate::status::Status;
use crate::verbs::receive;
use directory::{UnitEntry, UnitKind, UnitTree, post, setup, unit};
use jiff::ToSpan;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, deltas};
use testkit::each_engine;
use types::{Day, Id, Result, Timestamp};

/// What was seen of a dossier when something had happened to it.
struct Seen {
    at: Day,
    status: Status,
    due_at: Timestamp,
}

/// A dossier as the test itself watched it.
struct Watched {
    unit: Id,
    procedure: &'static str,
    online: bool,
    /// In the order of time.
    seen: Vec<Seen>,
    outcome: Option<String>,
}

impl Watched {
    /// How it stood when that day ended.
    fn on(&self, day: Day) -> Option<&Seen> {
        self.seen.iter().rev().find(|seen| seen.at <= day)
    }

    fn is_open(&self, day: Day) -> bool {
        self.on(day).is_some_and(|seen| !has_ended(seen.status))
    }

    fn is_overdue(&self, day: Day) -> bool {
        let late =
            |seen: &Seen| matches!(seen.status, Status::Received | Status::InProgress) && seen.due_at.day() < day;
        self.on(day).is_some_and(late)
    }

    fn ended(&self) -> Option<Day> {
        self.seen.iter().find(|seen| has_ended(seen.status)).map(|seen| seen.at)
    }

    fn is_in(&self, column: Column, first: Day, last: Day) -> bool {
        let within = |day: Day| first <= day && day <= last;
        let new = within(self.seen[0].at);
        let carried = self.is_open(Day(first.0.yesterday().unwrap()));
        let ended = self.ended().is_some_and(within);
        let outcome = |word: &str| ended && self.outcome.as_deref() == Some(word);
        match column {
            Column::Received => new || carried,
            Column::Online => new && self.online,
            Column::Direct => new && !self.online,
            Column::Carried => carried,
            Column::Resolved => outcome("early") || outcome("on_time") || outcome("late"),
            Column::Early => outcome("early"),
            Column::OnTime => outcome("on_time"),
            Column::Late => outcome("late"),
            Column::InProgress => self.is_open(last),
            Column::InTime => self.is_open(last) && !self.is_overdue(last),
            Column::Overdue => self.is_overdue(last),
            Column::Closed => outcome("withdrawn") || outcome("stopped"),
        }
    }
}

fn has_ended(status: Status) -> bool {
    matches!(status, Status::Withdrawn | Status::Stopped | Status::Finished | Status::Delivered)
}

/// Where units lay, as the test put them there.
struct Map {
    province: Id,
    district: Id,
    commune: Id,
    neighbour: Id,
    /// The first day of the neighbour under the district.
    moved: Option<Day>,
    /// The neighbour's last day.
    ended: Option<Day>,
}

impl Map {
    fn lies_under(&self, unit: Id, above: Id, day: Day) -> bool {
        let day = self.ended.map_or(day, |ended| day.min(ended));
        let in_district = unit == self.neighbour && self.moved.is_some_and(|moved| moved <= day);
        unit == above || above == self.province || (above == self.district && in_district)
    }
}

struct Story {
    world: World,
    map: Map,
    watched: BTreeMap<String, Watched>,
    random: StdRng,
}

impl Story {
    fn write<T>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    {
        let command = self.world.store.system_command("test.story", 50);
        self.world.store.write_blocking(command, work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    fn today(&self) -> Day {
        self.world.store.now().day()
    }

    fn pass_time(&mut self) {
        let hours = if self.random.random_range(0..30) == 0 { 24 * 20 } else { 10 };
        let ahead = self.random.random_range(0..hours * 3600);
        self.world.clock.set(self.world.store.now().plus_seconds(ahead));
    }

    fn receive(&mut self) {
        let procedure = [STATUS, BIRTH, "2.000815"][self.random.random_range(0..3)];
        let channel = ["counter", "online", "post"][self.random.random_range(0..3)];
        let away = self.map.ended.is_none() && self.random.random_range(0..3) == 0;
        let mut new = self.world.new_dossier(procedure, "Chẩu Thị Xuyến Chi");
        new.channel = channel.to_owned();
        let mut by = self.world.counter;
        if away {
            by = self.world.stranger;
            (new.unit, new.unit_code, new.post) = (self.map.neighbour, "H99.02".to_owned(), Some(by.post));
        }
        let (unit, command) = (new.unit, self.world.command(by, "dossiers.receive"));
        let done = self.world.store.write_blocking(command, move |tx| receive::receive(tx, &new));
        let Ok(received) = done else { return };
        let watched = Watched { unit, procedure, online: channel == "online", seen: Vec::new(), outcome: None };
        self.watched.insert(received.code.clone(), watched);
        self.look(&received.code);
    }

    fn look(&mut self, code: &str) {
        let (dossier, at) = (self.world.dossier(code), self.today());
        let watched = self.watched.get_mut(code).unwrap();
        watched.seen.push(Seen { at, status: dossier.status, due_at: dossier.due_at });
        watched.outcome = dossier.outcome;
    }

    fn act(&mut self) {
        // The newest ones among them, which are not late yet.
        let codes: Vec<&String> = self.watched.keys().rev().collect();
        let among = if self.random.random_range(0..2) == 0 { codes.len().min(4) } else { codes.len() };
        let code = codes[self.random.random_range(0..among)].clone();
        // Some are done in one sitting, or none would end in time.
        let (times, most) = if self.random.random_range(0..4) == 0 { (6, 1) } else { (1, 11) };
        for _ in 0..times {
            if step(&self.world, &code, self.random.random_range(0..most)).is_ok() {
                self.look(&code);
            }
        }
    }

    /// The neighbour goes to a district that is new, and some weeks later it is merged away.
    fn reform(&mut self, round: usize) {
        let (neighbour, district, post, today) =
            (self.map.neighbour, self.map.district, self.world.stranger.post, self.today());
        if round == 110 {
            self.write(move |tx| unit::move_to(tx, neighbour, Some(district), today));
            self.map.moved = Some(today);
        }
        if round == 200 {
            self.write(move |tx| {
                post::end(tx, post, today)?;
                unit::end(tx, neighbour, today)
            });
            self.map.ended = Some(today);
        }
    }

    fn fold(&self) {
        let today = self.today();
        let round = || self.write(move |tx| deltas::fold_round(tx, today));
        while round() == deltas::ROUND {}
    }

    fn codes(&self, column: Column, (first, last): (Day, Day), is: impl Fn(&Watched) -> bool) -> BTreeSet<String> {
        let found = self.watched.iter().filter(|(_, watched)| is(watched) && watched.is_in(column, first, last));
        found.map(|(code, _)| code.clone()).collect()
    }

    /// A period, a scope and rows that are drawn, against what the test watched.
    fn report_is_right(&mut self, (from, days): (i64, i64)) {
        let start: Day = "2026-11-18".parse().unwrap();
        let day = |n: i64| Day(start.0.checked_add(n.days()).unwrap()).min(self.today());
        let (first, last) = (day(from), day(from + days));
        let by = By::ALL[self.random.random_range(0..3)];
        let Map { province, district, commune, neighbour, .. } = self.map;
        let unit =
            [None, Some(province), Some(district), Some(commune), Some(neighbour)][self.random.random_range(0..5)];
        let field = (self.random.random_range(0..4) == 0).then(|| field_of(BIRTH));
        let question = Question {
            period: Period { first, last },
            by,
            scope: Scope { unit: unit.or(Some(province)), field: field.clone(), ..Scope::default() },
        };
        let tree = self.world.store.read_blocking(|r| UnitTree::load(r, self.today())).unwrap();
        let reader = who(&self.world, province, &[&DOSSIERS_SEE]);
        let versions = self.world.store.read_blocking(|r| self.world.procedures.versions(r)).unwrap();
        let asker = Asker { who: &reader, tree: &tree, procedures: &versions };
        let report = self.world.store.read_blocking(|r| asker.report(r, &question)).unwrap();
        let chosen = question.scope.unit.unwrap();
        let counts = |watched: &Watched| {
            self.map.lies_under(watched.unit, chosen, last)
                && field.as_ref().is_none_or(|field| field_of(watched.procedure) == *field)
        };
        let mut told = Counts::default();
        for row in &report.rows {
            assert!(row.counts.balances(), "{first} to {last} by {by:?}: {row:?}");
            told += row.counts;
            let is_row = |watched: &Watched| match &row.key {
                Key::Field(code) => field_of(watched.procedure) == *code,
                Key::Procedure(code) => watched.procedure == code,
                Key::Unit(unit) => self.map.lies_under(watched.unit, *unit, last),
                Key::OwnUnit(unit) => watched.unit == *unit,
                Key::All => true,
            };
            for column in Column::ALL {
                let wanted = self.codes(column, (first, last), |watched| counts(watched) && is_row(watched));
                let number = usize::try_from(column.of(&row.counts)).unwrap();
                let of_row = crate::desk::figures::of_row(&question, &row.key);
                let behind = asker.counted(column, &of_row.scope, of_row.period);
                let listed = self.listed(&behind);
                let what = format!("{column:?} of {:?} in {:?} from {first} to {last}", row.key, question.scope);
                assert_eq!(listed, wanted, "the list of {what}");
                assert_eq!(number, wanted.len(), "{what}");
            }
        }
        assert_eq!(told, report.total);
        for column in Column::ALL {
            let wanted = self.codes(column, (first, last), counts).len();
            assert_eq!(usize::try_from(column.of(&report.total)).unwrap(), wanted, "{column:?} in all, {question:?}");
        }
    }

    /// All pages of a list; none tells a dossier twice.
    fn listed(&self, behind: &counted::Counted) -> BTreeSet<String> {
        let (mut all, mut from) = (BTreeSet::new(), None);
        loop {
            let page = self.world.store.read_blocking(|r| counted::list(r, behind, from, 5)).unwrap();
            for dossier in page.dossiers {
                assert!(all.insert(dossier.code), "told twice");
            }
            from = page.next;
            if from.is_none() {
                return all;
            }
        }
    }
}

fn field_of(procedure: &str) -> String {
    catalogue::find(procedure).unwrap().field.code.clone()
}

#[test]
fn every_row_balances_equals_a_slow_count_and_opens_its_dossiers() {
    each_engine(|database| {
        let world = World::new(&database);
        let province = world.tree.line(world.commune)[1];
        let mut story = Story {
            map: Map {
                province,
                district: Id(0),
                commune: world.commune,
                neighbour: world.neighbour,
                moved: None,
                ended: None,
            },
            world,
            watched: BTreeMap::new(),
            random: StdRng::seed_from_u64(20_261_128),
        };
        story.map.district = story.write(move |tx| {
            let entry = UnitEntry {
                name: "Khu vực Mây".to_owned(),
                short_name: "Mây".to_owned(),
                kind: UnitKind::District,
                code: "H99.90".to_owned(),
                gso_code: String::new(),
            };
            setup::create_unit(tx, &entry, Some(province), "2026-01-01".parse().unwrap())
        });
        for round in 0..300 {
            story.pass_time();
            // A procedure of the story is replaced in spring.
            let may_receive = story.today() < "2027-02-20".parse().unwrap();
            if story.watched.is_empty() || (may_receive && story.random.random_range(0..4) == 0) {
                story.receive();
            } else {
                story.act();
            }
            story.reform(round);
            if round % 40 == 30 {
                story.fold();
            }
            if round % 10 == 9 {
                let until = story.today().number() - 20_775;
                let (from, days) = (story.random.random_range(0..until.max(1)), story.random.random_range(0..120));
                story.report_is_right((from, days));
            }
        }
        counted_and_recomputed(&story.world);
        assert_eq!(findings(&story.world), Vec::<String>::new());
        let ways: BTreeSet<&str> = story.watched.values().filter_map(|watched| watched.outcome.as_deref()).collect();
        let count = story.watched.len();
        assert!(count > 25 && ways.len() >= 4, "the story went somewhere: {count} dossiers, ended {ways:?}");
        assert!(story.map.ended.is_some());
    });
}
