//! The laws over a schema hold for the store's own tables, and catch what breaks them.

use crate::THINGS;
use store::migrate::{Migration, ModuleMigrations};
use store::schema::{Table, tables};
use testkit::{TestDatabase, each_engine, laws};

fn on_both(modules: &[ModuleMigrations]) -> (Vec<Table>, Vec<Table>) {
    let read = |db: TestDatabase| store::snapshot::hold(&db.migrate(modules).location, tables).unwrap();
    (read(TestDatabase::sqlite()), read(TestDatabase::postgres()))
}

#[test]
fn the_schema_is_the_same_on_both_engines() {
    let (sqlite, postgres) = on_both(&[THINGS]);
    assert_eq!(laws::same_schema(&sqlite, &postgres), Vec::<String>::new());
    assert!(sqlite.iter().any(|t| t.name == "audit" && t.columns.len() == 12), "the law looks at something");
}

#[test]
fn another_nullability_type_index_or_table_is_seen() {
    const CROOKED: Migration = Migration {
        number: 1,
        name: "create_crooked",
        sqlite: "CREATE TABLE c (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b BIGINT); CREATE TABLE only_lite (id INTEGER PRIMARY KEY);",
        postgres: "CREATE TABLE c (id BIGINT PRIMARY KEY, a TEXT, b TEXT); CREATE INDEX c_a ON c (a);",
    };
    let (sqlite, postgres) = on_both(&[("c", &[CROOKED])]);
    let broken = laws::same_schema(&sqlite, &postgres).join("\n");
    for expected in ["only_lite", "a Text NOT NULL", "a Text NULL", "b Int NULL", "b Text NULL", "index [\"a\"]"] {
        assert!(broken.contains(expected), "{expected} in {broken}");
    }
}

#[test]
fn foreign_keys_have_indexes_and_tables_have_keys() {
    each_engine(|db| {
        let db = db.migrate(&[THINGS]);
        store::snapshot::hold(&db.location, |r| {
            assert_eq!(laws::foreign_keys_are_indexed(r)?, Vec::<String>::new());
            assert_eq!(laws::tables_have_keys(r)?, Vec::<String>::new());
            assert!(
                tables(r)?.iter().any(|t| t.name == "part" && t.references.len() == 2),
                "the law looks at something"
            );
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_foreign_key_without_an_index_is_seen() {
    const BARE: &str = "CREATE TABLE a (id {PK}); CREATE TABLE b (x BIGINT, y BIGINT REFERENCES a (id), z BIGINT REFERENCES a (id));
        CREATE INDEX b_xy ON b (x, y); CREATE INDEX b_y ON b (y) WHERE x IS NOT NULL; CREATE INDEX b_z ON b (z) WHERE z IS NOT NULL;";
    const CREATE: Migration = Migration::new(1, "create_b", BARE);
    each_engine(|db| {
        let db = db.migrate(&[("b", &[CREATE])]);
        store::snapshot::hold(&db.location, |r| {
            assert_eq!(laws::foreign_keys_are_indexed(r)?, ["b(y) refers to a without an index"]);
            assert_eq!(laws::tables_have_keys(r)?, ["b"]);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn tables_come_after_those_they_refer_to() {
    each_engine(|db| {
        let db = db.migrate(&[THINGS]);
        let names: Vec<String> =
            store::snapshot::hold(&db.location, tables).unwrap().into_iter().map(|t| t.name).collect();
        let place = |name: &str| names.iter().position(|n| n == name).unwrap();
        assert!(place("thing") < place("part"), "{names:?}");
        assert!(!names.iter().any(|n| n.starts_with("search_text")), "{names:?}");
    });
}
