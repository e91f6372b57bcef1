//! What caches are compared by.

use crate::{THINGS, command, put};
use store::{Store, params, revision};
use testkit::each_engine;
use types::{Error, Id, Result};

fn change(store: &Store, name: &'static str, then: fn() -> Result<()>) -> Result<()> {
    store.write_blocking(command(store), move |tx| {
        put(tx, name)?;
        revision::changed(tx, name)?;
        then()
    })
}

fn last(store: &Store, name: &'static str) -> Id {
    store.read_blocking(|r| revision::last(r, name)).unwrap()
}

#[test]
fn a_change_is_noticed_by_its_own_kind_only() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        assert_eq!(last(&store, "units"), Id(0));
        change(&store, "units", || Ok(())).unwrap();
        let units = last(&store, "units");
        assert!(units > Id(0));
        assert_eq!(last(&store, "people"), Id(0));
        change(&store, "people", || Ok(())).unwrap();
        assert_eq!(last(&store, "units"), units);
        change(&store, "units", || Ok(())).unwrap();
        assert_ne!(last(&store, "units"), units);
    });
}

#[test]
fn a_change_that_is_taken_back_was_none() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        change(&store, "units", || Ok(())).unwrap();
        let units = last(&store, "units");
        change(&store, "units", || Err(Error::conflict("Thôi."))).unwrap_err();
        assert_eq!(last(&store, "units"), units);
    });
}

#[test]
fn what_a_write_has_changed_itself_is_known_by_no_number() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        change(&store, "units", || Ok(())).unwrap();
        let before = last(&store, "units");
        let seen: Vec<Id> = store
            .write_blocking(command(&store), |tx| {
                let mut seen = vec![revision::last(tx, "units")?];
                put(tx, "đổi hai lần")?;
                for _ in 0..2 {
                    revision::changed(tx, "units")?;
                    seen.push(revision::last(tx, "units")?);
                }
                Ok(seen)
            })
            .unwrap();
        let after = last(&store, "units");
        assert_eq!(seen[0], before);
        assert!(seen[1] < Id(0) && seen[2] < Id(0) && seen[1] != seen[2], "{seen:?}");
        assert!(after > Id(0) && after != before);
    });
}

#[test]
fn a_view_asks_once_for_all() {
    each_engine(|db| {
        let store = db.migrate(&[THINGS]).open();
        change(&store, "units", || Ok(())).unwrap();
        let units = last(&store, "units");
        store
            .read_blocking(|r| {
                assert_eq!(revision::last(r, "people")?, Id(0));
                // After a fault a view answers nothing any more, so what it still tells it knew.
                r.all::<(i64,)>("SELECT nothing FROM nowhere", params![]).unwrap_err();
                assert_eq!(revision::last(r, "units")?, units);
                Ok(())
            })
            .unwrap();
    });
}
