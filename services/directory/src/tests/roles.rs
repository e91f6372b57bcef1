//! Roles: dated, editable, and in force at once for everyone who has them.

use super::world::{day, each_world, errors};
use crate::role::{self, RoleEntry};
use crate::{DIRECTORY_KEEP, DIRECTORY_SEE, PostKind};
use std::collections::BTreeSet;

fn entry(name: &str, permissions: &[&str]) -> RoleEntry {
    RoleEntry { name: name.into(), preset: None, permissions: permissions.iter().map(|p| (*p).to_owned()).collect() }
}

#[test]
fn a_role_holds_from_its_first_day_to_its_last() {
    each_world(|world| {
        let (la_bang, post) = (world.la_bang, world.uong_post);
        world.node.write(move |tx| {
            let role = role::create(tx, la_bang, &entry("Người xem danh bạ", &[DIRECTORY_SEE.name]))?;
            role::grant(tx, post, role, (day("2026-11-23"), Some(day("2026-11-24"))))
        });
        let check = |at: &str, expected: u16| {
            world.at(at);
            let status = world.signed_in("uong.dd").get("/quan-tri/don-vi").status;
            assert_eq!(status, expected, "at {at}");
        };
        check("2026-11-22T23:59", 403);
        check("2026-11-23T00:00", 200);
        check("2026-11-24T23:59", 200);
        check("2026-11-25T00:00", 403);
    });
}

#[test]
fn an_open_session_gains_and_loses_it_at_midnight() {
    each_world(|world| {
        let (la_bang, post) = (world.la_bang, world.uong_post);
        world.node.write(move |tx| {
            let role = role::create(tx, la_bang, &entry("Người xem danh bạ", &[DIRECTORY_SEE.name]))?;
            role::grant(tx, post, role, (day("2026-11-21"), Some(day("2026-11-21"))))
        });
        world.at("2026-11-20T23:50");
        let mut browser = world.signed_in("uong.dd");
        browser.get("/quan-tri/don-vi").assert_status(403);
        world.at("2026-11-21T00:00");
        browser.get("/quan-tri/don-vi").assert_status(200);
    });
}

#[test]
fn the_administrator_edits_the_matrix_and_it_holds_at_once() {
    each_world(|world| {
        let mut admin = world.signed_in("hanh.ntm");
        let mut uong = world.signed_in("uong.dd");
        let new = format!("/quan-tri/don-vi/{}/vai-tro/moi", world.la_bang);
        let form = admin.get(&new).assert_status(200).page().form("form");
        admin.submit(&form.set("name", "Người xem").set("quyen.directory", DIRECTORY_SEE.name)).assert_status(303);
        let la_bang = world.la_bang;
        let made = world.node.read(|r| role::owned_by(r, la_bang)).pop().unwrap();
        assert_eq!(made.permissions, BTreeSet::from([DIRECTORY_SEE.name.to_owned()]));
        // The post gets it by its page.
        let page = admin.get(&format!("/quan-tri/vi-tri/{}/vai-tro", world.uong_post)).assert_status(200).page();
        admin.submit(&page.form("form").set("role", &made.id.to_string())).assert_status(303);
        uong.get("/quan-tri/don-vi").assert_status(200);
        // Unticked, it is gone from everybody.
        let page = admin.get(&format!("/quan-tri/vai-tro/{}", made.id)).assert_status(200).page();
        assert_eq!(page.count("input[type=checkbox][checked]"), 1);
        admin.submit(&page.form("form").clear("quyen.directory")).assert_leads_to("/quan-tri/vai-tro");
        uong.get("/quan-tri/don-vi").assert_status(403);
        assert_eq!(world.node.audited("directory.edit_role"), 1);
    });
}

#[test]
fn a_role_taken_back_as_of_yesterday_is_gone_now() {
    each_world(|world| {
        let mut chi = world.signed_in("chi.ctx");
        chi.get("/quan-tri/don-vi").assert_status(200);
        let post = world.chi_post;
        let grant = world.node.read(|r| role::grants(r, post)).pop().unwrap();
        let mut admin = world.signed_in("hanh.ntm");
        let path = format!("/quan-tri/vi-tri/{post}/vai-tro/{}/ket-thuc", grant.id);
        let form = admin.get(&path).assert_status(200).page().form("form").set("to.day", "19");
        admin.submit(&form).assert_leads_to(&format!("/quan-tri/vi-tri/{post}"));
        chi.get("/quan-tri/don-vi").assert_status(403);
    });
}

#[test]
fn roles_of_the_province_are_read_below_but_not_changed() {
    each_world(|world| {
        let province = world.province;
        let role = world
            .node
            .read(|r| role::owned_by(r, province))
            .into_iter()
            .find(|r| r.preset == Some(PostKind::Leader))
            .unwrap();
        let path = format!("/quan-tri/vai-tro/{}", role.id);
        let mut admin = world.signed_in("hanh.ntm");
        let page = admin.get(&path).assert_status(200).page();
        assert_eq!(page.count("form"), 0);
        let fields = [
            ("command", "thu-vai-tro-1"),
            ("version", "1"),
            ("name", "Lãnh đạo"),
            ("quyen.directory", DIRECTORY_KEEP.name),
        ];
        admin.post(&path, &fields).assert_status(404);
        let la_bang = world.la_bang;
        let taken = world.node.try_write(move |tx| {
            role::create(tx, la_bang, &entry("Trùng tên", &[]))?;
            role::create(tx, la_bang, &entry("Trùng tên", &[]))
        });
        assert!(taken.unwrap_err().to_string().contains("cùng tên"));
    });
}

#[test]
fn a_role_of_the_neighbour_is_not_granted() {
    each_world(|world| {
        let (dai_phuc, post) = (world.dai_phuc, world.uong_post);
        let foreign = world
            .node
            .write(move |tx| role::create(tx, dai_phuc, &entry("Riêng của Đại Phúc", &[DIRECTORY_KEEP.name])));
        let mut admin = world.signed_in("hanh.ntm");
        let page = admin.get(&format!("/quan-tri/vi-tri/{post}/vai-tro")).page();
        assert!(!page.texts("option").iter().any(|text| text.contains("Đại Phúc")));
        let answer = admin.submit(&page.form("form").set("role", &foreign.to_string())).assert_status(422);
        assert!(errors(&answer).contains("Chọn vai trò của đơn vị này"));
        admin.get(&format!("/quan-tri/vai-tro/{foreign}")).assert_status(404);
    });
}
