//! Two administrators at once: the second one waits for the first and then sees what the first has done.

use super::world::{World, day, each_world, note};
use crate::{post, role};
use std::sync::mpsc;
use std::time::Duration;
use store::{Tx, params};
use types::{Error, Id, Result};

/// Lets `first` run and hold its locks while `second` begins; answers what came of the second.
fn meet<F, S>(world: &World, first: F, second: S) -> Result<()>
where
    F: Fn(&mut Tx<'_>) -> Result<()> + Send + 'static,
    S: Fn(&mut Tx<'_>) -> Result<()> + Send + 'static,
{
    let (begun, begins) = mpsc::channel();
    std::thread::scope(|scope| {
        let one = scope.spawn(move || {
            world.node.write(move |tx| {
                first(tx)?;
                note(tx)?;
                let _ = begun.send(());
                // Long enough for the second one to read and to stand before the lock.
                std::thread::sleep(Duration::from_millis(400));
                Ok(())
            });
        });
        begins.recv().expect("the first one begins");
        let came = world.node.try_write(second);
        one.join().expect("the first one ends");
        came
    })
}

fn last_day(world: &World, table: &'static str, id: Id) -> String {
    let (day,): (String,) = world
        .node
        .read(move |r| r.one(&format!("SELECT coalesce(valid_to, '') FROM {table} WHERE id = $1"), params![id]));
    day
}

#[test]
fn a_role_taken_back_meanwhile_is_not_given_again() {
    each_world(|world| {
        let chi_post = world.chi_post;
        let grant = world.node.read(|r| role::grants(r, chi_post)).pop().unwrap().id;
        let came = meet(
            &world,
            move |tx| role::take_back(tx, grant, day("2026-11-19")),
            move |tx| role::take_back(tx, grant, day("2026-12-31")),
        );
        assert!(matches!(came, Err(Error::Conflict(_))), "{came:?}");
        assert_eq!(last_day(&world, "post_role", grant), "2026-11-19");
    });
}

#[test]
fn a_holder_released_meanwhile_does_not_come_back() {
    each_world(|world| {
        let uong_post = world.uong_post;
        let holding = world.node.read(|r| post::holdings(r, uong_post)).pop().unwrap().id;
        let came = meet(
            &world,
            move |tx| post::release(tx, holding, day("2026-11-20")),
            move |tx| post::release(tx, holding, day("2026-12-31")),
        );
        assert!(matches!(came, Err(Error::Conflict(_))), "{came:?}");
        assert_eq!(last_day(&world, "post_holder", holding), "2026-11-20");
    });
}

#[test]
fn nothing_of_a_post_that_ended_meanwhile_outlasts_it() {
    each_world(|world| {
        let uong_post = world.uong_post;
        let holding = world.node.read(|r| post::holdings(r, uong_post)).pop().unwrap().id;
        let came = meet(
            &world,
            move |tx| post::end(tx, uong_post, day("2026-11-25")),
            move |tx| post::release(tx, holding, day("2026-12-31")),
        );
        assert!(matches!(came, Err(Error::Conflict(_))), "{came:?}");
        assert_eq!(last_day(&world, "post_holder", holding), "2026-11-25");
    });
}
