//! What reaches the whole commune is not a department's administrator's to hand out, on whatever way.

use super::world::{WORK_SEE, World, day, each_world, errors, moment, start};
use crate::role::{self, RoleEntry};
use crate::unit::{self, Unit, UnitEntry, UnitKind};
use crate::{DIRECTORY_KEEP, DIRECTORY_SEE, PostKind, post, stand_in};
use std::collections::BTreeSet;
use testkit::Client;
use types::Id;

const REFUSAL: &str = "toàn «Xã La Bằng»";

fn role(name: &str, preset: Option<PostKind>, permissions: &[&str]) -> RoleEntry {
    let permissions: BTreeSet<String> = permissions.iter().map(|one| (*one).to_owned()).collect();
    RoleEntry { name: name.into(), preset, permissions }
}

fn post_entry(kind: PostKind, title: &str) -> post::PostEntry {
    post::PostEntry { kind, title: title.into(), fields: Vec::new() }
}

/// Chi keeps the department, and nothing else in the commune.
fn keeper(world: &World) -> Client {
    let (department, chi, chi_post) = (world.department, world.chi, world.chi_post);
    world.node.write(move |tx| {
        let keep = role("Quản trị phòng", None, &[DIRECTORY_SEE.name, DIRECTORY_KEEP.name]);
        let keep = role::create(tx, department, &keep)?;
        let head = post::create(tx, department, &post_entry(PostKind::Head, "Trưởng phòng"), start())?;
        role::grant(tx, head, keep, (start(), None))?;
        post::hold(tx, head, chi, (start(), None))?;
        let leading = post::holdings(tx, chi_post)?.into_iter().find(|one| one.officer == chi).map(|one| one.id);
        post::release(tx, leading.expect("she leads"), day("2026-11-19"))
    });
    world.signed_in("chi.ctx")
}

/// A role of the commune that reaches all of it.
fn work_role(world: &World, preset: Option<PostKind>) -> Id {
    let la_bang = world.la_bang;
    world.node.write(move |tx| role::create(tx, la_bang, &role("Người xem việc", preset, &[WORK_SEE.name])))
}

/// A post of the department that has it.
fn working_post(world: &World) -> Id {
    let (department, work) = (world.department, work_role(world, None));
    world.node.write(move |tx| {
        let id = post::create(tx, department, &post_entry(PostKind::Specialist, "Chuyên viên xem việc"), start())?;
        role::grant(tx, id, work, (day("2026-12-01"), None)).map(|_| id)
    })
}

#[test]
fn a_department_gets_no_leader_and_no_post_whose_own_role_reaches_the_commune() {
    each_world(|world| {
        work_role(&world, Some(PostKind::Clerk));
        let (mut chi, mut hanh) = (keeper(&world), world.signed_in("hanh.ntm"));
        let path = format!("/quan-tri/don-vi/{}/vi-tri/moi", world.department);
        let form = chi.get(&path).assert_status(200).page().form("form").set("title", "Người thứ hai");
        for kind in ["leader", "clerk"] {
            let refused = chi.submit(&form.clone().set("kind", kind)).assert_status(422);
            assert!(errors(&refused).contains(REFUSAL), "{kind}: {}", errors(&refused));
        }
        let made = chi.submit(&form.set("kind", "administrator")).assert_status(303).location().to_owned();
        let edit = chi.get(&format!("{made}/sua")).assert_status(200).page().form("form");
        let refused = chi.submit(&edit.set("kind", "leader")).assert_status(422);
        assert!(errors(&refused).contains(REFUSAL), "{}", errors(&refused));
        // The commune's administrator makes both.
        for kind in ["leader", "clerk"] {
            let form = hanh.get(&path).page().form("form").set("title", "Người thứ ba").set("kind", kind);
            hanh.submit(&form).assert_status(303);
        }
    });
}

#[test]
fn a_department_makes_and_grants_no_role_that_reaches_the_commune() {
    each_world(|world| {
        let (work, uong_post) = (work_role(&world, None), world.uong_post);
        let (mut chi, mut hanh) = (keeper(&world), world.signed_in("hanh.ntm"));
        let new = format!("/quan-tri/don-vi/{}/vai-tro/moi", world.department);
        let form = chi.get(&new).assert_status(200).page().form("form").set("name", "Vai trò của phòng");
        let refused = chi.submit(&form.clone().set("quyen.work", WORK_SEE.name)).assert_status(422);
        assert!(errors(&refused).contains(REFUSAL), "{}", errors(&refused));
        chi.submit(&form.set("quyen.directory", DIRECTORY_SEE.name)).assert_status(303);
        let department = world.department;
        let own = world.node.read(|r| role::owned_by(r, department)).pop().unwrap().id;
        let path = format!("/quan-tri/vai-tro/{own}");
        let form = chi.get(&path).assert_status(200).page().form("form");
        chi.submit(&form.set("quyen.work", WORK_SEE.name)).assert_status(422);
        let path = format!("/quan-tri/vi-tri/{uong_post}/vai-tro");
        let form = chi.get(&path).assert_status(200).page().form("form").set("role", &work.to_string());
        let refused = chi.submit(&form).assert_status(422);
        assert!(errors(&refused).contains(REFUSAL), "{}", errors(&refused));
        let form = hanh.get(&path).page().form("form").set("role", &work.to_string());
        hanh.submit(&form).assert_status(303);
    });
}

#[test]
fn nobody_slips_into_a_post_that_will_reach_the_commune_nor_into_its_holders_account() {
    each_world(|world| {
        let (post, uong, chi_id) = (working_post(&world), world.uong, world.chi);
        let (mut chi, mut hanh) = (keeper(&world), world.signed_in("hanh.ntm"));
        for rest in ["nguoi-giu", "thay-mat"] {
            let path = format!("/quan-tri/vi-tri/{post}/{rest}");
            let refused = chi.get(&path).assert_status(403);
            assert!(refused.text().contains(REFUSAL), "{}", refused.text());
            let fields = [("command", "thu-vao-vi-tri"), ("officer", &chi_id.to_string())];
            chi.post(&path, &fields).assert_status(403);
            hanh.get(&path).assert_status(200);
        }
        let reset = format!("/quan-tri/can-bo/{uong}/mat-khau");
        // He holds nothing of the kind yet: his account is the department's to keep.
        chi.post(&reset, &[("command", "thu-mat-khau-1")]).assert_status(200);
        let entry = stand_in::StandInEntry {
            officer: uong,
            starts_at: moment("2026-12-07T07:30"),
            ends_at: moment("2026-12-08T17:00"),
            reason: "Đi học".into(),
        };
        world.node.write(move |tx| stand_in::authorise(tx, post, &entry));
        chi.post(&reset, &[("command", "thu-mat-khau-2")]).assert_status(403);
        hanh.post(&reset, &[("command", "thu-mat-khau-3")]).assert_status(200);
    });
}

#[test]
fn a_unit_does_not_bring_its_rights_into_the_commune_by_its_kind_or_place() {
    each_world(|world| {
        let department = world.department;
        let (agency, counter) = world.node.write(move |tx| {
            let entry = |kind| UnitEntry {
                name: "Trung tâm".into(),
                short_name: String::new(),
                kind,
                code: String::new(),
                gso_code: String::new(),
            };
            let agency = unit::create(tx, &entry(UnitKind::Agency), Some(department), start())?;
            let counter = unit::create(tx, &entry(UnitKind::Counter), Some(agency), start())?;
            Ok((agency, counter))
        });
        let mut chi = keeper(&world);
        // Of an authority of its own she keeps everything, so she hands out what reaches it.
        let new = format!("/quan-tri/don-vi/{counter}/vai-tro/moi");
        let form = chi.get(&new).page().form("form").set("name", "Xem việc").set("quyen.work", WORK_SEE.name);
        chi.submit(&form).assert_status(303);
        let form = chi.get(&format!("/quan-tri/don-vi/{agency}/sua")).page().form("form").set("kind", "department");
        let refused = chi.submit(&form).assert_status(422);
        assert!(errors(&refused).contains(REFUSAL), "{}", errors(&refused));
        let form = chi.get(&format!("/quan-tri/don-vi/{counter}/chuyen")).page().form("form[method=post]");
        let refused = chi.submit(&form.set("parent", &department.to_string())).assert_status(422);
        assert!(errors(&refused).contains(REFUSAL), "{}", errors(&refused));
        let tree = world.node.read(|r| world.node.directory.tree(r));
        assert_eq!((tree.authority(counter), tree.authority(department)), (agency, world.la_bang));
        let named = |unit| tree.get(unit).map(Unit::agency_name);
        assert_eq!(named(world.la_bang).as_deref(), Some("Ủy ban nhân dân xã La Bằng"));
        assert_eq!(named(department), tree.get(department).map(|unit| unit.name.clone()), "a department is its own");
    });
}
