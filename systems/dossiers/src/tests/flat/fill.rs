//! Many dossiers soon: a day is repeated on the days before it, by one SQL text for both engines.
//!
//! A copy is the same life some days earlier. Ids are moments too, so that days are taken off ids, times and days alike, and
//! no two copies meet. Each has another party: a name as names are spread, numbers and a link of its own, and its words in
//! the text index.

use super::day::Lived;
use crate::dossier::{self, Values};
use crate::procedure::form::APPLICANT_IDENTITY;
use crate::sample::{Chance, names};
use crate::tests::world::World;
use jiff::ToSpan;
use std::collections::BTreeSet;
use store::{Engine, Tx, deltas, params};
use testkit::TestDatabase;
use types::{Day, Id};

const DAY_MS: i64 = 86_400_000;
/// Bits of an id below its milliseconds.
const BELOW_MS: u32 = 22;
/// Rows of one statement, and records that one write puts into the text index.
const AT_ONCE: usize = 500;

/// What is new in a copy, and which day is which so many days earlier.
const TABLES: &str = "
CREATE TABLE copied (n BIGINT PRIMARY KEY, template BIGINT NOT NULL, back BIGINT NOT NULL, shift BIGINT NOT NULL,
    moved BIGINT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, summary TEXT NOT NULL, identity_mark TEXT NOT NULL,
    form TEXT NOT NULL,    phone TEXT NOT NULL, track_token TEXT NOT NULL);
CREATE TABLE earlier (back BIGINT NOT NULL, day TEXT NOT NULL, earlier_day TEXT NOT NULL, PRIMARY KEY (back, day));
";

/// A dossier that was copied.
#[derive(Clone)]
pub struct Copied {
    id: Id,
    unit: Id,
    name: String,
    summary: String,
}

/// Repeats `day` so many days back each, puts the copies into the text index, folds their counts as the job does, and lets the
/// engine tidy up as it would in time: SQLite merges its text index, PostgreSQL counts what there is.
pub fn repeat(database: &TestDatabase, world: &World, day: &[Lived], back: &[i64]) {
    let copies = copy(database, world, day, back);
    for block in copies.chunks(AT_ONCE) {
        let (block, tree) = (block.to_vec(), world.tree.clone());
        let index = move |tx: &mut Tx<'_>| {
            tx.not_audited("words of copies");
            block.iter().try_for_each(|copied| {
                records::text::index(tx, copied.id, &tree.line(copied.unit), &[&copied.name, &copied.summary])
            })
        };
        world.store.write_blocking(world.store.system_command("test.index", 1), index).unwrap();
    }
    while fold(world) == deltas::ROUND {}
    // What PostgreSQL does by itself, SQLite never does: it has no statistics unless somebody asks for them.
    database.script(match database.engine() {
        Engine::Sqlite => "INSERT INTO search_text (search_text) VALUES ('optimize')",
        Engine::Postgres => {
            "VACUUM ANALYZE record, dossier, dossier_paper, dossier_event, dossier_stop, dossier_result, task, delta,
                fold, command, audit, outbox, dossier_number, search_text"
        }
    });
}

/// A round of the job that folds counts; answers how many.
pub fn fold(world: &World) -> usize {
    let today = world.store.now().day();
    let command = world.store.system_command("deltas.fold", 1);
    world.store.write_blocking(command, move |tx| deltas::fold_round(tx, today)).unwrap()
}

/// Copies the rows.
pub fn copy(database: &TestDatabase, world: &World, day: &[Lived], back: &[i64]) -> Vec<Copied> {
    let today = world.store.now().day();
    let days = days(world, today);
    let mut chance = Chance::new(back[0].unsigned_abs());
    let (mut copies, mut copied, mut earlier) = (Vec::new(), Vec::new(), Vec::new());
    for &back in back {
        let before = |day: Day| Day(day.0.checked_sub(back.days()).unwrap());
        let (moved, shift) = (-back * DAY_MS * 1000, -((back * DAY_MS) << BELOW_MS));
        let received = before(today).0.strftime("%y%m%d").to_string();
        for (n, lived) in (back * 1000..).zip(day) {
            let (template, name) = (lived.id, name(&mut chance));
            let summary = format!("{} cho {name}", lived.matter);
            let parts: Vec<&str> = lived.code.split('-').collect();
            let code = format!("{}-{received}-{}", parts[0], parts[2]);
            let values = Values::from([(APPLICANT_IDENTITY.to_owned(), format!("099{}", chance.digits(9)))]);
            let (form, mark) = dossier::sealed_for_copies(&world.keys, Id(template.0 + shift), &values);
            let phone = format!("{}{}", chance.pick(&names().telephone.prefixes), chance.digits(6));
            let token = format!("{:016x}{:016x}", chance.number(), chance.number());
            copied.push(format!(
                "({n}, {template}, {back}, {shift}, {moved}, '{code}', '{name}', '{summary}', '{mark}', '{form}', '{phone}', '{token}')"
            ));
            copies.push(Copied { id: Id(template.0 + shift), unit: lived.unit, name, summary });
        }
        earlier.extend(days.iter().map(|day| format!("({back}, '{day}', '{}')", before(*day))));
    }
    let given = [TABLES, &inserted("copied", &copied), &inserted("earlier", &earlier)].join("\n");
    for part in [given.as_str(), include_str!("fill.sql"), "DROP TABLE copied; DROP TABLE earlier;"] {
        database.script(&format!("BEGIN; {part} COMMIT;"));
    }
    copies
}

fn inserted(table: &str, rows: &[String]) -> String {
    let blocks = rows.chunks(AT_ONCE).map(|block| format!("INSERT INTO {table} VALUES {};", block.join(", ")));
    blocks.collect::<Vec<_>>().join("\n")
}

/// A name as names of the Kinh are spread: "Nguyễn" are 38 of a hundred.
fn name(chance: &mut Chance) -> String {
    let kinh = &names().peoples[0];
    let family = &chance.weighted(&kinh.family, |family| family.weight).name;
    format!("{family} {} {}", chance.pick(&kinh.middle_female), chance.pick(&kinh.given_female))
}

/// The days that stand in today's dossiers: received, due, ended, counted.
fn days(world: &World, today: Day) -> BTreeSet<Day> {
    let sql = "SELECT due_day FROM dossier WHERE received_day = $1 UNION ALL SELECT ended_day FROM dossier WHERE ended_day >= $1
         UNION ALL SELECT day FROM delta WHERE day >= $1 UNION ALL SELECT $1";
    let days: Vec<(Day,)> = world.store.read_blocking(|r| r.all(sql, params![today])).unwrap();
    days.into_iter().map(|(day,)| day).collect()
}
