//! Every figure equals what is computed again from the records, on an empty database and on the demo.

use crate::world::{demo_database, settings};
use app::commands::check;
use app::modules;
use std::collections::BTreeSet;
use store::Engine;
use testkit::{TestDatabase, each_engine};

const TITLE: &str = "Số liệu thống kê khớp với hồ sơ gốc";

/// What the check of the figures finds.
fn findings(database: &TestDatabase, demo: bool) -> Vec<String> {
    let mut found = None;
    check::ask(&settings(database), demo, |answer| {
        if answer.title == TITLE {
            found = Some(answer.findings.clone());
        }
    })
    .unwrap_or_else(|e| panic!("checking: {e} {}", e.inward()));
    found.expect("the figures are checked")
}

#[test]
fn figures_are_right_on_an_empty_database() {
    each_engine(|database| {
        database.migrate(&modules::migrations());
        assert_eq!(findings(&database, false), Vec::<String>::new());
    });
}

#[test]
fn figures_are_right_on_the_demo_and_a_wrong_one_is_caught() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = demo_database(engine);
        assert_eq!(findings(&database, true), Vec::<String>::new());
        let store = database.open();
        let counted = store.read_blocking(store::deltas::by_day).expect("the deltas can be read");
        assert!(counted.values().any(|sum| *sum > 0), "the demo counts something");
        drop(store);
        // Controls: one too many, one that is missing, one of a measure that nobody declared.
        database.script("UPDATE delta SET amount = amount + 1 WHERE id = (SELECT min(id) FROM delta)");
        assert_eq!(findings(&database, true).len(), 1, "one too many is caught on {engine:?}");
        database.script("UPDATE delta SET amount = amount - 1 WHERE id = (SELECT min(id) FROM delta)");
        // On the wrong day the sum over all days is still right.
        let day = "(SELECT day FROM delta WHERE id = (SELECT min(id) FROM delta))";
        database.script("CREATE TABLE kept (day TEXT PRIMARY KEY)");
        database.script(&format!("INSERT INTO kept (day) SELECT {day}"));
        database.script("UPDATE delta SET day = '2020-01-02' WHERE id = (SELECT min(id) FROM delta)");
        let found = findings(&database, true);
        assert!(
            found.len() == 2 && found[0].contains("02/01/2020"),
            "the wrong day is caught on {engine:?}: {found:?}"
        );
        database.script("UPDATE delta SET day = (SELECT day FROM kept) WHERE id = (SELECT min(id) FROM delta)");
        assert_eq!(findings(&database, true), Vec::<String>::new());
        database.script("UPDATE delta SET measure = 'dossiers.guessed' WHERE id = (SELECT min(id) FROM delta)");
        assert_eq!(findings(&database, true).len(), 2, "a measure without an indicator is caught on {engine:?}");
    }
}

#[test]
fn every_indicator_has_a_measure_of_its_own_and_words_for_people() {
    let mut measures = BTreeSet::new();
    for module in modules::ALL {
        for indicator in module.indicators {
            assert!(measures.insert(indicator.measure), "{} twice", indicator.measure);
            assert!(indicator.measure.starts_with(&format!("{}.", module.name)), "{}", indicator.measure);
            assert!(!indicator.title.is_empty());
        }
    }
    assert!(!measures.is_empty());
}
