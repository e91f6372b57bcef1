//! A working day of the commune and its neighbour, lived by the real verbs: what [`super::fill`] repeats on earlier days.

use crate::sample::{Chance, Sample};
use crate::status::Status;
use crate::tests::world::{BIRTH, Person, STATUS, World};
use crate::verbs::receive::{self, Receive, Received};
use crate::verbs::{Acting, deliver, end, stop};
use records::task;
use store::Tx;
use types::{Id, Timestamp};

/// Dossiers of the day.
pub const DOSSIERS: i64 = 32;
/// What people come for, in turn; all of it is appraised by a specialist first.
const PROCEDURES: [&str; 4] = [STATUS, BIRTH, "2.000815", "2.000635"];
const MINUTE_US: i64 = 60_000_000;

/// A dossier as the day left it.
pub struct Lived {
    pub id: Id,
    pub unit: Id,
    pub code: String,
    /// What it is about, in short.
    pub matter: String,
}

/// Lives the day. One dossier of eight is the neighbour's and waits there; of the commune's most are delivered, and some
/// stand wherever a dossier can stand.
pub fn live(world: &World) -> Vec<Lived> {
    let mut chance = Chance::new(20_261_120);
    let (start, mut day) = (world.store.now(), Vec::new());
    for (n, procedure) in (0..DOSSIERS).zip(PROCEDURES.into_iter().cycle()) {
        world.clock.set(Timestamp(start.0 + 15 * n * MINUTE_US));
        let is_neighbours = n % 8 == 7;
        let procedure = if is_neighbours { STATUS } else { procedure };
        let (unit, by) = if is_neighbours { (world.neighbour, world.stranger) } else { (world.commune, world.counter) };
        let received = receive(world, &mut chance, procedure, (unit, by));
        if !is_neighbours {
            go_on(world, &received.code, n % 16);
        }
        let matter = world.procedure(procedure).definition.short_name().to_owned();
        day.push(Lived { id: received.id, unit, code: received.code, matter });
    }
    day
}

fn receive(world: &World, chance: &mut Chance, procedure: &str, (unit, by): (Id, Person)) -> Received {
    let definition = world.procedure(procedure).definition;
    let sample = Sample::draw(chance, &definition, ("Phúc Khê", world.store.now().day()));
    let unit_code = world.tree.get(unit).and_then(|unit| unit.code.clone()).unwrap();
    let new = Receive {
        unit,
        unit_code,
        post: Some(by.post),
        applicant: sample.applicant(),
        case: sample.case,
        values: sample.values,
        papers: sample.papers,
        ..world.new_dossier(procedure, "")
    };
    let command = world.command(by, "dossiers.receive");
    world.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap()
}

/// How far a dossier comes on the day, by its number.
fn go_on(world: &World, code: &str, fate: i64) {
    let ask = |tx: &mut Tx<'_>, acting: &Acting| {
        stop::begin(tx, acting, Status::SupplementRequested, "Bổ sung giấy xác nhận cư trú.")
    };
    let withdraw =
        |tx: &mut Tx<'_>, acting: &Acting| end::end(tx, acting, Status::Withdrawn, "Công dân đề nghị rút hồ sơ.");
    match fate {
        0 => {}
        1 => step(world, code),
        2 => world.act(world.specialist, code, ask).unwrap(),
        3 => world.act(world.specialist, code, withdraw).unwrap(),
        4 => finish(world, code),
        _ => {
            finish(world, code);
            world.act(world.counter, code, |tx, acting| deliver::deliver(tx, acting, "Lò Thị Mẩy")).unwrap();
        }
    }
}

fn finish(world: &World, code: &str) {
    while world.dossier(code).status != Status::Finished {
        step(world, code);
    }
}

/// Does the step that waits: passes the dossier on, or finishes it at the last one.
fn step(world: &World, code: &str) {
    world.clock.set(Timestamp(world.store.now().0 + MINUTE_US));
    let id = world.dossier(code).id;
    let open = world.store.read_blocking(|r| task::open_of(r, id)).unwrap().unwrap();
    let people = [world.counter, world.specialist, world.head, world.leader, world.clerk];
    let holder = people.into_iter().find(|person| Some(person.post) == open.post).unwrap();
    let is_last = world.acting(holder, code, None).step_after(&open.step).is_none();
    let done = if is_last { world.finish(holder, code) } else { world.pass(holder, code) };
    done.unwrap();
}
