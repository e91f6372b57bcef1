//! Figures: what the verbs counted equals what the dossiers themselves say, after any walk.

use super::world::{BIRTH, Person, STATUS, World};
use crate::checks::CHECKS;
use crate::counting::INDICATORS;
use crate::dossier::Dossier;
use crate::status::Status;
use crate::verbs::{self, end, stop};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use records::task;
use std::collections::BTreeMap;
use store::deltas::Place;
use testkit::each_engine;
use types::Result;
use web::Settings;

fn settings() -> Settings {
    Settings { data: std::env::temp_dir(), public_url: String::new(), demo: false, secure_cookies: false }
}

/// What `nhaviec check` finds.
pub fn findings(world: &World) -> Vec<String> {
    let settings = settings();
    CHECKS.iter().flat_map(|check| world.store.read_blocking(|r| (check.run)(r, &settings)).unwrap()).collect()
}

/// Measures by unit, procedure and the day that they count for: from the deltas, and from the dossiers.
/// The deltas say what the dossiers say.
pub fn counted_and_recomputed(world: &World) {
    let counted = world.store.read_blocking(store::deltas::by_day).unwrap();
    let mut recomputed: BTreeMap<Place, i64> = BTreeMap::new();
    for indicator in INDICATORS {
        for (unit, subject, day, n) in world.store.read_blocking(indicator.recompute).unwrap() {
            *recomputed.entry((unit, indicator.measure.to_owned(), subject, day)).or_default() += n;
        }
    }
    recomputed.retain(|_, sum| *sum != 0);
    assert_eq!(counted, recomputed);
    assert_eq!(world.store.read_blocking(store::deltas::wrong_folds).unwrap(), vec![], "sums that are not right");
}

/// Who holds the dossier's open step.
fn holder(world: &World, dossier: &Dossier) -> Option<Person> {
    let id = dossier.id;
    let task = world.store.read_blocking(|r| task::open_of(r, id)).unwrap()?;
    let people = [world.counter, world.specialist, world.head, world.leader, world.clerk];
    people.into_iter().find(|person| task.waits_for(&[person.post], person.officer))
}

pub fn step(world: &World, code: &str, choice: u32) -> Result<()> {
    let dossier = world.dossier(code);
    let Some(person) = holder(world, &dossier) else { return Ok(()) };
    match choice {
        0..=3 => match world.pass(person, code) {
            Err(_) if dossier.status == Status::Finished => {
                world.act(person, code, |tx, a| verbs::deliver::deliver(tx, a, "Lò Thị Mẩy"))
            }
            Err(_) => world.finish(person, code),
            done => done,
        },
        4 => world.act(person, code, |tx, a| verbs::send_back::send_back(tx, a, "Xem lại")),
        5 => world.act(person, code, |tx, a| stop::begin(tx, a, Status::SupplementRequested, "Bổ sung")),
        6 => world.act(person, code, |tx, a| stop::begin(tx, a, Status::PaymentRequested, "Nộp lệ phí")),
        7 | 8 => world.act(person, code, |tx, a| stop::resume(tx, a, None)),
        9 => world.act(person, code, |tx, a| end::end(tx, a, Status::Withdrawn, "Rút")),
        _ => world.act(person, code, |tx, a| end::end(tx, a, Status::Stopped, "Dừng")),
    }
}

#[test]
fn after_any_walk_the_counts_equal_the_recomputation_and_checks_find_nothing() {
    each_engine(|database| {
        let world = World::new(&database);
        let mut random = StdRng::seed_from_u64(20_261_120);
        let mut codes: Vec<String> = Vec::new();
        let mut done = 0;
        for round in 0..260 {
            let ahead = random.random_range(0..4 * 3600);
            world.clock.set(world.store.now().plus_seconds(ahead));
            if codes.is_empty() || random.random_range(0..6) == 0 {
                let procedure = if random.random_range(0..3) == 0 { BIRTH } else { STATUS };
                codes.push(world.receive(procedure, "Chẩu Thị Xuyến Chi").code);
                continue;
            }
            let code = codes[random.random_range(0..codes.len())].clone();
            // What is refused must leave no count either.
            done += u32::from(step(&world, &code, random.random_range(0..11)).is_ok());
            if round % 65 == 0 {
                counted_and_recomputed(&world);
            }
        }
        counted_and_recomputed(&world);
        assert_eq!(findings(&world), Vec::<String>::new());
        let ended = codes.iter().filter(|code| world.dossier(code).status.is_final()).count();
        assert!(done > 100 && ended > 5, "the walk went somewhere: {done} steps, {ended} ended");
    });
}
