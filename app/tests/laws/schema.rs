//! The schema: the same on both engines, foreign keys indexed, and pointing only down.

use super::prose::root;
use super::tidy::sources;
use app::modules;
use std::collections::{BTreeMap, BTreeSet};
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
    for tables in with_module("later", &[LATER]) {
        assert_eq!(upward(&owners(), &tables), ["unit refers to dossier"]);
    }
}

/// Files whose statements get a table by a placeholder, each with where its name comes from. The list only shrinks.
const PLACEHOLDERS: [(&str, &str); 7] = [
    ("kernel/store/src/snapshot.rs", "the schema: an empty database is filled, whatever its tables"),
    ("kernel/store/src/tx.rs", "whoever locks a row: what is given to `lock` counts"),
    ("services/directory/src/checks.rs", "words of its own"),
    ("services/directory/src/keys/sealed.rs", "what modules declare as sealed: keys change for all of it alike"),
    ("services/directory/src/post.rs", "words of its own"),
    ("services/directory/src/setup.rs", "words of its own"),
    ("services/files/src/forget.rs", "the schema: any table may refer to a file"),
];

/// Whether a table's name stands after this word; by `lock` a verb names one to the store.
fn is_before_table(word: &str) -> bool {
    ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "lock"].contains(&word)
}

fn is_no_letter(c: char) -> bool {
    !c.is_ascii_alphanumeric() && c != '_'
}

/// Whether a table's name is put into a statement of this text from elsewhere: by a placeholder, quoted or not, or
/// after the end of a literal; or given to `lock` by a variable.
fn has_placeholder(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "\\").collect();
    let ends_before_table = |word: &str| word.rsplit(is_no_letter).next().is_some_and(is_before_table);
    let is_open = |word: &str| ["{", "\\\"{", "\""].iter().any(|start| word.starts_with(start));
    words.windows(2).any(|pair| ends_before_table(pair[0]) && is_open(pair[1]))
        || text.split(".lock(").skip(1).any(|rest| !rest.trim_start().starts_with(['"', ')']))
}

/// Tables that statements in this text name. Where one comes by a placeholder, every literal that is a table's name
/// counts, alone or before its columns: which of them gets there is not followed.
fn named<'t>(text: &'t str, owners: &'t BTreeMap<String, usize>) -> Vec<&'t str> {
    let words: Vec<&str> = text.split(is_no_letter).filter(|word| !word.is_empty()).collect();
    let after = words.windows(2).filter(|pair| is_before_table(pair[0])).map(|pair| pair[1]);
    let mut found: Vec<&str> = after.filter(|word| owners.contains_key(*word)).collect();
    if has_placeholder(text) {
        let tables = owners.keys().map(String::as_str);
        found.extend(tables.filter(|table| ["\"", " ("].iter().any(|end| text.contains(&format!("\"{table}{end}")))));
    }
    found
}

/// Tables of a later module, or of another system, that the crate in this folder names in its statements.
fn reaching(folder: &str, owners: &BTreeMap<String, usize>, text: &str) -> Vec<String> {
    let order: Vec<&str> = std::iter::once("store").chain(modules::ALL.iter().map(|module| module.name)).collect();
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let own = order.iter().position(|module| *module == name).unwrap_or(0);
    let systems = root().join("systems");
    let is_system = |floor: usize| order.get(floor).is_some_and(|name| systems.join(name).is_dir());
    let beyond = |floor: usize| floor > own || (floor != own && is_system(floor));
    let found = named(text, owners).into_iter().filter(|table| owners.get(*table).is_some_and(|floor| beyond(*floor)));
    found.map(|table| format!("{folder} names {table}")).collect()
}

#[test]
fn statements_name_only_tables_of_their_own_floor_and_below() {
    let (owners, root) = (owners(), root());
    let (mut wrong, mut seen, mut placeholders) = (Vec::new(), 0, BTreeSet::new());
    for path in sources() {
        let shown = path.strip_prefix(&root).expect("it stands in the checkout").display().to_string();
        let parts: Vec<&str> = shown.split('/').collect();
        let tests = shown.contains("tests");
        if let [floor @ ("kernel" | "services" | "systems"), name, ..] = parts[..]
            && !tests
        {
            let text = std::fs::read_to_string(&path).expect("a source file is readable");
            seen += named(&text, &owners).len();
            wrong.extend(reaching(&format!("{floor}/{name}"), &owners, &text));
            if has_placeholder(&text) {
                placeholders.insert(shown);
            }
        }
    }
    assert!(seen > 100, "statements were found");
    assert_eq!(wrong, Vec::<String>::new());
    let known: BTreeSet<String> = PLACEHOLDERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(placeholders, known, "the files that get a table by a placeholder, and those that may");
}

#[test]
fn control_a_statement_that_reaches_up_is_caught() {
    let text = "\"SELECT 1 FROM unit JOIN dossier ON true WHERE id IN (SELECT id FROM (task))\"";
    assert_eq!(
        reaching("services/directory", &owners(), text),
        ["services/directory names dossier", "services/directory names task"]
    );
    assert_eq!(reaching("systems/dossiers", &owners(), text), Vec::<String>::new());
    assert_eq!(reaching("services/directory", &owners(), "tx.lock(\"task\", id)"), ["services/directory names task"]);
}

#[test]
fn control_a_table_that_comes_by_a_placeholder_is_caught() {
    let tables = "for table in [\"unit\", \"task\"] { put(\"dossier (id, code)\", \"a file\"); }\n";
    for statement in [
        "format!(\"UPDATE {table} SET a = 1\")",
        "format!(\"DELETE FROM \\\n    {}\", table)",
        "format!(\"SELECT 1 FROM \\\"{table}\\\" AS other\")",
        "\"INSERT INTO \".to_owned() + table",
        "tx.lock(table, id)",
    ] {
        assert_eq!(
            reaching("services/directory", &owners(), &format!("{tables}{statement}")),
            ["services/directory names dossier", "services/directory names task"],
            "{statement}"
        );
    }
    // Without one, the literals are no tables.
    for statement in
        ["format!(\"SELECT 1 FROM unit WHERE {of} FOR UPDATE\")", "mutex.lock().len()", "tx.lock(\"unit\", id)"]
    {
        let text = format!("{tables}{statement}");
        assert!(!has_placeholder(&text), "{statement}");
        assert_eq!(reaching("services/directory", &owners(), &text), Vec::<String>::new(), "{statement}");
    }
}

/// The schema of these modules on SQLite and on PostgreSQL.
fn on_both(modules: &[ModuleMigrations]) -> [Vec<Table>; 2] {
    [TestDatabase::sqlite(), TestDatabase::postgres()].map(|database| {
        snapshot::hold(&database.migrate(modules).location, schema::tables)
            .unwrap_or_else(|e| panic!("reading the schema: {e} {}", e.inward()))
    })
}

/// The same with one module more.
fn with_module(name: &'static str, migrations: &'static [Migration]) -> [Vec<Table>; 2] {
    let mut all = modules::migrations();
    all.push((name, migrations));
    on_both(&all)
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
    let [sqlite, postgres] = with_module("crooked", &[CROOKED]);
    let found = testkit::laws::same_schema(&sqlite, &postgres);
    assert!(found.len() == 2 && found.iter().all(|fact| fact.starts_with("crooked")), "{found:?}");
}

#[test]
fn whatever_refers_to_a_key_is_declared_as_sealed() {
    let declared: BTreeSet<&str> = modules::sealed().iter().map(|sealed| sealed.table).collect();
    assert!(declared.contains("dossier"));
    for tables in on_both(&modules::migrations()) {
        let refers = |table: &&Table| table.references.iter().any(|reference| reference.table == "sealing_key");
        let referring: BTreeSet<&str> = tables.iter().filter(refers).map(|table| table.name.as_str()).collect();
        assert_eq!(referring, declared, "a table that the change of keys would pass over, or one without a fence");
        for sealed in modules::sealed() {
            let table = tables.iter().find(|table| table.name == sealed.table).expect("it is there");
            let marks = sealed.columns.iter().filter_map(|column| column.mark).map(|mark| mark.column);
            for name in sealed.columns.iter().map(|column| column.name).chain(marks).chain([sealed.id, "sealed_with"]) {
                assert!(table.columns.iter().any(|column| column.name == name), "{}.{name}", sealed.table);
            }
        }
    }
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
