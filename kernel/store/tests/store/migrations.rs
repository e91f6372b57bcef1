//! Migrations: once, in order, all or nothing, never backwards.

use crate::THINGS;
use std::thread;
use store::migrate::{Migration, ModuleMigrations, STORE, migrate, migrate_telling, verify};
use store::schema::tables;
use testkit::{TestDatabase, each_engine};
use types::Result;

const FIRST: Migration = Migration::new(1, "create_a", "CREATE TABLE a (id {PK}, kind TEXT NOT NULL);");
const SECOND: Migration = Migration::new(2, "add_note", "ALTER TABLE a ADD COLUMN note TEXT;");
const OLD: ModuleMigrations = ("a", &[FIRST]);
const NEW: ModuleMigrations = ("a", &[FIRST, SECOND]);

fn table_names(db: &TestDatabase) -> Vec<String> {
    store::snapshot::hold(&db.location, tables).unwrap().into_iter().map(|t| t.name).collect()
}

fn verified(db: &TestDatabase, modules: &[ModuleMigrations]) -> Result<()> {
    store::snapshot::hold(&db.location, |r| verify(r, modules))
}

#[test]
fn migrating_twice_changes_nothing_and_a_new_step_is_added() {
    each_engine(|db| {
        let done = migrate(&db.location, &[OLD]).unwrap();
        assert_eq!(done.last().unwrap(), "a 0001 create_a");
        assert!(migrate(&db.location, &[OLD]).unwrap().is_empty());
        verified(&db, &[OLD]).unwrap();
        let behind = verified(&db, &[NEW]).unwrap_err();
        assert!(behind.to_string().contains("nhaviec migrate"), "{behind}");
        assert_eq!(migrate(&db.location, &[NEW]).unwrap(), ["a 0002 add_note"]);
        verified(&db, &[NEW]).unwrap();
    });
}

#[test]
fn each_migration_is_told_with_its_number_among_those_that_are_missing() {
    let run = |db: &TestDatabase, modules: &[ModuleMigrations]| {
        let mut told = Vec::new();
        let mut tell = |number: u64, all: u64, name: &str| told.push((number, all, name.to_owned()));
        let done = migrate_telling(&db.location, modules, &mut tell).unwrap();
        assert_eq!(done, told.iter().map(|(.., name)| name.clone()).collect::<Vec<_>>());
        told.into_iter().map(|(number, all, _)| (number, all)).collect::<Vec<_>>()
    };
    each_engine(|db| {
        let all = STORE.1.len() as u64 + 1;
        assert_eq!(run(&db, &[OLD]), (1..=all).map(|number| (number, all)).collect::<Vec<_>>());
        assert_eq!(run(&db, &[NEW]), [(1, 1)], "what stands already does not count");
        assert!(run(&db, &[NEW]).is_empty());
    });
}

#[test]
fn a_newer_schema_is_refused() {
    each_engine(|db| {
        migrate(&db.location, &[NEW]).unwrap();
        for refused in [migrate(&db.location, &[OLD]).map(|_| ()), verified(&db, &[OLD])] {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), "unavailable");
            assert!(error.to_string().contains("phiên bản mới hơn"), "{error}");
        }
    });
}

#[test]
fn a_migration_that_was_changed_afterwards_is_refused() {
    const CHANGED: Migration = Migration::new(1, "create_a", "CREATE TABLE a (id {PK}, kind TEXT);");
    each_engine(|db| {
        migrate(&db.location, &[OLD]).unwrap();
        let refused = migrate(&db.location, &[("a", &[CHANGED])]).unwrap_err();
        assert!(refused.inward().contains("was changed after it had been applied"), "{}", refused.inward());
    });
}

#[test]
fn a_migration_that_fails_leaves_the_database_as_it_was() {
    const BROKEN: Migration = Migration::new(2, "break", "CREATE TABLE b (id {PK}); INSERT INTO nowhere VALUES (1);");
    each_engine(|db| {
        migrate(&db.location, &[OLD]).unwrap();
        let before = table_names(&db);
        let failed = migrate(&db.location, &[("a", &[FIRST, BROKEN])]).unwrap_err();
        assert!(failed.inward().contains("while break"), "{}", failed.inward());
        assert_eq!(table_names(&db), before);
        assert_eq!(migrate(&db.location, &[NEW]).unwrap(), ["a 0002 add_note"]);
    });
}

#[test]
fn several_nodes_that_start_together_migrate_once() {
    each_engine(|db| {
        let done: usize = thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| migrate(&db.location, &[THINGS]).unwrap().len())).collect();
            threads.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(done, store::migrate::STORE.1.len() + 1);
    });
}
