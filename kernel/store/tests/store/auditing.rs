//! The audit: sealed into a chain by several threads, and every way of tampering is found.

use crate::{THINGS, command, count, put};
use serde_json::json;
use std::thread;
use store::audit::{Head, head, seal, verify};
use store::{AuditEntry, Store, params};
use testkit::{TestDatabase, each_engine};
use types::Id;

fn findings(store: &Store, anchor: Option<&Head>) -> Vec<String> {
    store.read_blocking(|r| verify(r, anchor)).unwrap()
}

fn write(store: &Store, how_many: usize) {
    for n in 0..how_many {
        store.write_blocking(command(store), move |tx| put(tx, &format!("việc {n}"))).unwrap();
    }
}

/// Twelve entries in three seals.
fn sealed() -> impl Fn(TestDatabase) -> (TestDatabase, Store) {
    |db| {
        let store = db.migrate(&[THINGS]).open();
        for _ in 0..3 {
            write(&store, 4);
            assert_eq!(seal(&store).unwrap(), 4);
        }
        assert_eq!(findings(&store, None), Vec::<String>::new());
        (db, store)
    }
}

#[test]
fn an_entry_tells_who_when_and_for_whom() {
    each_engine(|db| {
        let clock = testkit::clock("2026-11-20T09:30");
        let store = db.migrate(&[THINGS]).open_with(testkit::options_at(&clock));
        let actor = store::Actor::Officer { id: Id(71), on_behalf_of: Some(Id(5)) };
        let mut order = store.command(testkit::fresh_command(), "things.put", actor);
        order.request = 99;
        store
            .write_blocking(order, |tx| {
                let entry = AuditEntry {
                    action: "things.put",
                    entity: "thing",
                    entity_id: Id(8),
                    unit: Some(Id(3)),
                    detail: json!({"fields": ["note"]}),
                };
                tx.exec("INSERT INTO counter (unit_id, year, n) VALUES (1, 1, 1)", params![])?;
                tx.audit(&entry)
            })
            .unwrap();
        type Entry = (String, Option<Id>, Option<Id>, String, String, Id, Option<Id>, String, i64, types::Timestamp);
        let entry: Entry = store
            .read_blocking(|r| {
                r.one("SELECT actor_kind, actor_id, on_behalf_of, action, entity, entity_id, unit_id, detail, request, at FROM audit", params![])
            })
            .unwrap();
        let expected: Entry = (
            "officer".into(),
            Some(Id(71)),
            Some(Id(5)),
            "things.put".into(),
            "thing".into(),
            Id(8),
            Some(Id(3)),
            r#"{"fields":["note"]}"#.into(),
            99,
            "2026-11-20T09:30".parse().unwrap(),
        );
        assert_eq!(entry, expected);
    });
}

#[test]
fn sealing_from_several_threads_while_others_write_skips_nothing() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let sealed: i64 = thread::scope(|scope| {
            let writers: Vec<_> = (0..3).map(|_| scope.spawn(|| write(&store, 60))).collect();
            let sealers: Vec<_> =
                (0..3).map(|_| scope.spawn(|| (0..15).map(|_| seal(&store).unwrap()).sum::<i64>())).collect();
            writers.into_iter().for_each(|t| t.join().unwrap());
            sealers.into_iter().map(|t| t.join().unwrap()).sum()
        });
        let rest = seal(&store).unwrap();
        assert_eq!(sealed + rest, 180);
        assert_eq!(findings(&store, None), Vec::<String>::new());
        let (lowest, highest, different): (i64, i64, i64) = store
            .read_blocking(|r| {
                r.one("SELECT min(position), max(position), count(DISTINCT position) FROM audit", params![])
            })
            .unwrap();
        assert_eq!((lowest, highest, different), (1, 180, 180));
        assert_eq!(store.read_blocking(head).unwrap().position, 180);
    });
}

#[test]
fn an_entry_that_commits_late_gets_a_later_position() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let early = command(&store);
        write(&store, 2);
        seal(&store).unwrap();
        store.write_blocking(early, |tx| put(tx, "muộn")).unwrap();
        assert_eq!(seal(&store).unwrap(), 1);
        let (position,): (i64,) =
            store.read_blocking(|r| r.one("SELECT position FROM audit ORDER BY id LIMIT 1", params![])).unwrap();
        assert_eq!(position, 3, "its id is the smallest, its position the last");
        assert_eq!(findings(&store, None), Vec::<String>::new());
    });
}

#[test]
fn one_changed_value_is_found_whichever_it_is() {
    let changes = [
        "detail = '{\"n\":2}'",
        "at = at + 1",
        "actor_id = 72",
        "actor_kind = 'system'",
        "action = 'things.pat'",
        "entity_id = entity_id + 1",
        "unit_id = 0",
        "on_behalf_of = 1",
        "request = 1",
        "entity = 'thinh'",
    ];
    each_engine(|db| {
        let (db, store) = sealed()(db);
        for change in changes {
            db.script("CREATE TABLE kept AS SELECT * FROM audit");
            db.script(&format!("UPDATE audit SET {change} WHERE position = 7"));
            let found = findings(&store, None);
            assert_eq!(found.len(), 1, "{change}: {found:?}");
            assert!(found[0].contains("niêm phong số 2 (vị trí 5–8) đã bị sửa"), "{change}: {found:?}");
            db.script("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept");
            assert_eq!(findings(&store, None), Vec::<String>::new(), "put back after {change}");
        }
    });
}

#[test]
fn two_entries_that_changed_places_are_found() {
    each_engine(|db| {
        let (db, store) = sealed()(db);
        db.script("UPDATE audit SET position = 100 WHERE position = 6; UPDATE audit SET position = 6 WHERE position = 7; UPDATE audit SET position = 7 WHERE position = 100");
        assert!(findings(&store, None).join(" ").contains("niêm phong số 2"));
    });
}

#[test]
fn a_missing_row_is_found_sealed_or_not() {
    each_engine(|db| {
        let (db, store) = sealed()(db);
        db.script("DELETE FROM audit WHERE position = 6");
        let found = findings(&store, None).join("\n");
        assert!(found.contains("niêm phong số 2 thiếu 1 dòng"), "{found}");
        write(&store, 1);
        db.script("DELETE FROM audit WHERE position IS NULL");
        let unsealed = findings(&store, None);
        assert!(
            unsealed.iter().any(|f| f.starts_with("Lệnh test-") && f.contains("thiếu dòng nhật ký")),
            "{unsealed:?}"
        );
        assert_eq!(unsealed.len(), found.lines().count() + 1);
    });
}

#[test]
fn a_tail_that_was_cut_without_a_trace_is_found_by_the_anchor() {
    each_engine(|db| {
        let (db, store) = sealed()(db);
        let anchor = store.read_blocking(head).unwrap();
        assert_eq!((anchor.number, anchor.position), (3, 12));
        db.script(
            "DELETE FROM command WHERE audit_first IN (SELECT id FROM audit WHERE position > 8);
             DELETE FROM audit WHERE position > 8; DELETE FROM audit_seal WHERE number = 3",
        );
        assert_eq!(findings(&store, None), Vec::<String>::new(), "within itself the database is whole");
        let found = findings(&store, Some(&anchor));
        assert!(found.len() == 1 && found[0].contains("bị cắt đuôi"), "{found:?}");
        write(&store, 4);
        seal(&store).unwrap();
        let found = findings(&store, Some(&anchor));
        assert!(found.len() == 1 && found[0].contains("khác với mốc"), "written anew under the old number: {found:?}");
    });
}

#[test]
fn a_missing_seal_or_a_changed_hash_is_found() {
    each_engine(|db| {
        let (db, store) = sealed()(db);
        db.script("CREATE TABLE kept AS SELECT * FROM audit_seal; DELETE FROM audit_seal WHERE number = 2");
        assert!(findings(&store, None).join("\n").contains("thiếu niêm phong giữa số 1 và số 3"));
        db.script("DELETE FROM audit_seal; INSERT INTO audit_seal SELECT * FROM kept; DELETE FROM audit_seal WHERE number = 3");
        assert!(findings(&store, None).join("\n").contains("4 dòng có vị trí nhưng không thuộc niêm phong nào"));
        db.script("DELETE FROM audit_seal; INSERT INTO audit_seal SELECT * FROM kept; UPDATE audit_seal SET hash = 'sai' WHERE number = 3");
        assert!(findings(&store, None).join("\n").contains("niêm phong số 3"));
    });
}

#[test]
fn a_head_is_kept_outside_as_one_line() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        let empty = store.read_blocking(head).unwrap();
        assert_eq!(empty.to_line().parse::<Head>().unwrap(), empty);
        assert_eq!(findings(&store, Some(&empty)), Vec::<String>::new());
        write(&store, 1);
        seal(&store).unwrap();
        let full = store.read_blocking(head).unwrap();
        assert_eq!(full.to_line().parse::<Head>().unwrap(), full);
        for wrong in ["", "1", "1 1", "1 1 abc", "x 1 0", "0 1"] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    });
}

#[test]
fn sealing_nothing_leaves_nothing() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        assert_eq!(seal(&store).unwrap(), 0);
        assert_eq!(count(&store, "audit_seal") + count(&store, "command"), 0);
    });
}
