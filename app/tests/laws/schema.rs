//! The schema: the same on both engines, foreign keys indexed, and pointing only down.

use super::prose::root;
use super::tidy::sources;
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

/// Foreign keys that point to a table made by a later module.
fn upward(owners: &BTreeMap<String, usize>, tables: &[Table]) -> Vec<String> {
    let mut wrong = Vec::new();
    for table in tables {
        for reference in &table.references {
            match (owners.get(&table.name), owners.get(&reference.table)) {
                (Some(own), Some(other)) if other <= own => {}
                _ => wrong.push(format!("{} refers to {}", table.name, reference.table)),
            }
        }
    }
    wrong
}

#[test]
fn foreign_keys_point_only_down() {
    let owners = owners();
    assert!(owners.len() > 15);
    for tables in on_both(&modules::migrations()) {
        assert!(tables.iter().map(|table| table.references.len()).sum::<usize>() > 20, "foreign keys were found");
        assert_eq!(upward(&owners, &tables), Vec::<String>::new());
    }
}

#[test]
fn control_a_foreign_key_upwards_is_caught() {
    const LATER: Migration = Migration {
        number: 2,
        name: "refer_up",
        sqlite: "ALTER TABLE unit ADD COLUMN dossier_id BIGINT REFERENCES dossier (id);",
        postgres: "ALTER TABLE unit ADD COLUMN dossier_id BIGINT REFERENCES dossier (id);",
    };
    let mut all = modules::migrations();
    all.push(("later", &[LATER]));
    for tables in on_both(&all) {
        assert_eq!(upward(&owners(), &tables), ["unit refers to dossier"]);
    }
}

/// Tables that statements in this text name.
fn named(text: &str) -> Vec<&str> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let is_before = |word: &str| ["FROM", "JOIN", "INTO", "UPDATE", "TABLE"].contains(&word);
    words.windows(2).filter(|pair| is_before(pair[0])).map(|pair| pair[1]).collect()
}

/// Tables of a later module, or of another system, that the crate in this folder names in its statements.
fn reaching(folder: &str, owners: &BTreeMap<String, usize>, text: &str) -> Vec<String> {
    let order: Vec<&str> = std::iter::once("store").chain(modules::ALL.iter().map(|module| module.name)).collect();
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let own = order.iter().position(|module| *module == name).unwrap_or(0);
    let is_system = |floor: usize| order.get(floor).is_some_and(|name| root().join("systems").join(name).is_dir());
    let beyond = |floor: usize| floor > own || (floor != own && is_system(floor));
    let found = named(text).into_iter().filter(|table| owners.get(*table).is_some_and(|floor| beyond(*floor)));
    found.map(|table| format!("{folder} names {table}")).collect()
}

#[test]
fn statements_name_only_tables_of_their_own_floor_and_below() {
    let owners = owners();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for path in sources() {
        let shown = path.strip_prefix(root()).expect("it stands in the checkout").display().to_string();
        let parts: Vec<&str> = shown.split('/').collect();
        let tests = shown.contains("tests");
        if let [floor @ ("kernel" | "services" | "systems"), name, ..] = parts[..]
            && !tests
        {
            let text = std::fs::read_to_string(&path).expect("a source file is readable");
            seen += named(&text).into_iter().filter(|table| owners.contains_key(*table)).count();
            wrong.extend(reaching(&format!("{floor}/{name}"), &owners, &text));
        }
    }
    assert!(seen > 100, "statements were found");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn control_a_statement_that_reaches_up_is_caught() {
    let text = "\"SELECT 1 FROM unit JOIN dossier ON true WHERE id IN (SELECT id FROM (task))\"";
    assert_eq!(
        reaching("services/directory", &owners(), text),
        ["services/directory names dossier", "services/directory names task"]
    );
    assert_eq!(reaching("systems/dossiers", &owners(), text), Vec::<String>::new());
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
