//! Who knows that there are two engines: these files, each for a reason, and nobody else.

use super::prose::root;
use super::tidy::sources;
use std::collections::BTreeSet;

/// Files that tell the engines apart, without tests. The list only shrinks: one that no longer does must go from it.
const KNOWING: [(&str, &str); 21] = [
    ("kernel/store/src/engine.rs", "says which engines there are"),
    ("kernel/store/src/sqlite.rs", "drives SQLite"),
    ("kernel/store/src/sqlite/writer.rs", "SQLite's one writer"),
    ("kernel/store/src/pg.rs", "drives PostgreSQL"),
    ("kernel/store/src/store.rs", "hands a write to one or the other"),
    ("kernel/store/src/reader.rs", "runs the one SQL text on either connection"),
    ("kernel/store/src/tx.rs", "locks a record where there are several writers"),
    ("kernel/store/src/snapshot.rs", "a held view, and filling an empty database"),
    ("kernel/store/src/lease.rs", "whose clock nodes compare by"),
    ("kernel/store/src/audit.rs", "two sealers at once exist on PostgreSQL only"),
    ("kernel/store/src/search.rs", "the text index"),
    ("kernel/store/src/migrate.rs", "column types and the lock around a migration"),
    ("kernel/store/src/schema.rs", "reads the schema of either"),
    ("testkit/src/database.rs", "a fresh database on either"),
    ("app/src/upkeep/rehearsal.rs", "a backup is rehearsed into a file, whichever engine it came from"),
    ("app/src/bench.rs", "measures both"),
    ("app/src/bench/engine.rs", "measures both"),
    ("app/src/bench/server.rs", "measures both"),
    ("app/src/commands/serve.rs", "a cluster's administrator chooses when to migrate"),
    ("app/src/commands/check.rs", "SQLite proves its own file"),
    ("app/src/commands/deadline.rs", "a file that is not there is no database"),
];
const WORDS: [&str; 5] = ["Engine::Sqlite", "Engine::Postgres", "Location::Sqlite", "Location::Postgres", "Conn::"];

fn tells_apart(text: &str) -> bool {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    WORDS.iter().any(|word| code.contains(word))
}

#[test]
fn only_these_files_know_that_there_are_two_engines() {
    let root = root();
    let mut knowing = BTreeSet::new();
    for path in sources() {
        let name = path.strip_prefix(&root).expect("within the workspace").display().to_string();
        let test = name.contains("/tests/") || name.ends_with("/tests.rs");
        if !test && tells_apart(&std::fs::read_to_string(&path).expect("a source file is readable")) {
            knowing.insert(name);
        }
    }
    let named: BTreeSet<String> = KNOWING.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(knowing, named, "the files that tell the engines apart, and those that may");
}

#[test]
fn control_a_file_that_tells_them_apart_is_noticed() {
    assert!(tells_apart("match tx.engine() { Engine::Postgres => 1, _ => 2 }"));
    assert!(!tells_apart("let engine = location.engine();\n#[cfg(test)]\nmod tests { use store::Engine::Sqlite; }"));
}
