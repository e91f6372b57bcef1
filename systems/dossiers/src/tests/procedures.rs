//! Procedures as the database keeps them.

use super::world::{BIRTH, STATUS, World};
use store::{Actor, params};
use testkit::each_engine;

#[test]
fn a_stored_definition_that_cannot_be_read_takes_no_other_away() {
    each_engine(|database| {
        let world = World::new(&database);
        let known = world.store.read_blocking(|r| world.procedures.current(r)).unwrap().len();
        let spoilt = world.procedure(BIRTH).id;
        let command = world.store.command(testkit::fresh_command(), "test.spoil", Actor::System);
        world
            .store
            .write_blocking(command, move |tx| {
                tx.not_audited("a test");
                tx.exec("UPDATE procedure SET definition = 'x' WHERE id = $1", params![spoilt])?;
                store::revision::changed(tx, "procedures")
            })
            .unwrap();
        let left = world.store.read_blocking(|r| world.procedures.current(r)).unwrap();
        assert_eq!(left.len(), known - 1);
        assert!(left.iter().any(|p| p.definition.code == STATUS));
        assert!(left.iter().all(|p| p.definition.code != BIRTH), "nor does an older version stand in for it");
        let error = world.store.read_blocking(|r| world.procedures.by_id(r, spoilt)).unwrap_err();
        assert_eq!(error.code(), "internal");
    });
}
