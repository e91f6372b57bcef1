//! What a node keeps in memory follows what another node writes.

use super::world::{PASSWORD, day, each_world, sign_in};
use crate::officer::{self, OfficerEntry};
use crate::unit::{self, UnitEntry, UnitKind};
use crate::{post, role};
use testkit::Client;

#[test]
fn a_unit_added_on_another_node_is_seen_here() {
    each_world(|world| {
        let other = world.second_node();
        let here = world.node.directory.clone();
        let before = world.node.read(|r| here.tree(r));
        let again = world.node.read(|r| here.tree(r));
        assert!(std::sync::Arc::ptr_eq(&before, &again), "unchanged, it is not read again");
        let la_bang = world.la_bang;
        let entry = UnitEntry {
            name: "Xóm Đồng Đình".into(),
            short_name: "Đồng Đình".into(),
            kind: UnitKind::Village,
            code: String::new(),
            gso_code: String::new(),
        };
        let made = other.write(move |tx| unit::create(tx, &entry, Some(la_bang), day("2026-11-20")));
        let after = world.node.read(|r| here.tree(r));
        assert_eq!(after.name(made), "Xóm Đồng Đình");
        assert_eq!(after.line(made), [made, la_bang, world.province]);
        assert!(before.get(made).is_none(), "who holds the old tree keeps one state");
    });
}

#[test]
fn a_role_taken_on_another_node_is_gone_here_at_the_next_request() {
    each_world(|world| {
        let other = world.second_node();
        let mut chi = world.signed_in("chi.ctx");
        chi.get("/quan-tri/don-vi").assert_status(200);
        let chi_post = world.chi_post;
        other.write(move |tx| {
            let grants = role::grants(tx, chi_post)?;
            role::take_back(tx, grants[0].id, day("2026-11-19"))
        });
        chi.get("/quan-tri/don-vi").assert_status(403);
    });
}

#[test]
fn a_new_name_is_shown_on_every_node() {
    each_world(|world| {
        let other = world.second_node();
        let mut there = Client::new(&other.router);
        sign_in(&mut there, "uong.dd", PASSWORD).assert_status(303);
        there.get("/tai-khoan").assert_status(200);
        let uong = world.uong;
        let entry = OfficerEntry { name: "Đặng Đình Ướng".into(), ..OfficerEntry::default() };
        world.node.write(move |tx| officer::edit(tx, uong, 1, &entry));
        assert_eq!(other.who(&there).officer.unwrap().name, "Đặng Đình Ướng");
        let (uong, chi_post) = (world.uong, world.chi_post);
        world.node.write(move |tx| post::hold(tx, chi_post, uong, (day("2026-11-20"), None)));
        there.get("/quan-tri/don-vi").assert_status(200);
    });
}

#[test]
fn what_failed_changed_no_revision() {
    each_world(|world| {
        let here = world.node.directory.clone();
        let before = world.node.read(|r| here.tree(r));
        let la_bang = world.la_bang;
        let failed: types::Result<()> = world.node.try_write(move |tx| {
            unit::end(tx, la_bang, day("2026-11-20"))?;
            super::world::note(tx)
        });
        assert!(failed.is_err());
        let after = world.node.read(|r| here.tree(r));
        assert!(std::sync::Arc::ptr_eq(&before, &after));
    });
}
