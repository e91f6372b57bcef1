//! The schema: the same on both engines, foreign keys indexed, and pointing only down.

use app::modules;
use std::collections::BTreeMap;
use store::migrate::{Migration, ModuleMigrations};
use store::schema::{self, Table};
use store::{Reader, snapshot};
use testkit::TestDatabase;

/// Which module makes which table, read from the migrations themselves.
fn owners() -> BTreeMap<String, usize> {
    let mut owners = BTreeMap::new();
    let all = [store::migrate::STORE].into_iter().chain(modules::migrations());
    for (floor, (_, migrations)) in all.enumerate() {
        for migration in migrations {
            for part in migration.sqlite.split("CREATE TABLE ").skip(1) {
                let name = part.split([' ', '(', '\n']).next().unwrap_or_default();
                owners.insert(name.to_owned(), floor);
            }
        }
    }
    owners
}

/// `REFERENCES` that point to a table made by a later module.
fn upward(owners: &BTreeMap<String, usize>, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for part in text.split("CREATE TABLE ").skip(1) {
        let table = part.split([' ', '(', '\n']).next().unwrap_or_default();
        let body = part.split(");").next().unwrap_or(part);
        for reference in body.split("REFERENCES ").skip(1) {
            let target = reference.split([' ', '(', ',', '\n']).next().unwrap_or_default();
            match (owners.get(table), owners.get(target)) {
                (Some(own), Some(other)) if other <= own => {}
                _ => wrong.push(format!("{table} refers to {target}")),
            }
        }
    }
    wrong
}

#[test]
fn foreign_keys_point_only_down() {
    let owners = owners();
    assert!(owners.len() > 15);
    let wrong: Vec<String> = modules::migrations()
        .iter()
        .flat_map(|(_, migrations)| *migrations)
        .flat_map(|migration| upward(&owners, migration.sqlite))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn control_a_foreign_key_upwards_is_caught() {
    let text = "CREATE TABLE unit (id BIGINT, dossier_id BIGINT REFERENCES dossier (id));";
    assert_eq!(upward(&owners(), text), ["unit refers to dossier"]);
}

/// The schema of these modules on SQLite and on PostgreSQL.
fn on_both(modules: &[ModuleMigrations]) -> [Vec<Table>; 2] {
    [TestDatabase::sqlite(), TestDatabase::postgres()].map(|database| {
        snapshot::hold(&database.migrate(modules).location, schema::tables)
            .unwrap_or_else(|e| panic!("reading the schema: {e} {}", e.inward()))
    })
}

#[test]
fn every_module_makes_the_same_schema_on_both_engines() {
    let [sqlite, postgres] = on_both(&modules::migrations());
    assert_eq!(testkit::laws::same_schema(&sqlite, &postgres), Vec::<String>::new());
    let names: Vec<&str> = sqlite.iter().map(|table| table.name.as_str()).collect();
    let missing: Vec<String> = owners().into_keys().filter(|table| !names.contains(&table.as_str())).collect();
    // The text index is told apart by engine; it is made by the store itself.
    assert!(missing.iter().all(|table| table.starts_with("search_text")), "not looked at: {missing:?}");
}

#[test]
fn control_a_module_that_differs_between_the_engines_is_caught() {
    const CROOKED: Migration = Migration {
        number: 1,
        name: "create_crooked",
        sqlite: "CREATE TABLE crooked (id INTEGER PRIMARY KEY, note TEXT NOT NULL);",
        postgres: "CREATE TABLE crooked (id BIGINT PRIMARY KEY, note TEXT);",
    };
    let mut all = modules::migrations();
    all.push(("crooked", &[CROOKED]));
    let [sqlite, postgres] = on_both(&all);
    let found = testkit::laws::same_schema(&sqlite, &postgres);
    assert!(found.len() == 2 && found.iter().all(|fact| fact.starts_with("crooked")), "{found:?}");
}

#[test]
fn every_foreign_key_is_indexed_on_both_engines() {
    testkit::each_engine(|database| {
        database.migrate(&modules::migrations());
        let store = database.open();
        let bare =
            store.read_blocking(|reader: &mut Reader<'_>| testkit::laws::foreign_keys_are_indexed(reader)).unwrap();
        assert_eq!(bare, Vec::<String>::new());
    });
}
