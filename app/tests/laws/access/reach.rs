//! A department's administrator hands out nothing that reaches the whole commune, whatever the system is called.

use crate::world::{Person, World, with_date};
use app::modules;
use directory::PostKind;
use store::Engine;
use types::Clock;
use web::{Permission, Reach};

/// Who keeps a department, and the department.
fn keeper(world: &World) -> (Person, types::Id) {
    let unit = world.new_unit();
    (world.newcomer(unit, PostKind::Administrator, &["directory.see", "directory.keep"]), unit)
}

fn reaching() -> Vec<(&'static str, &'static Permission)> {
    let all = modules::ALL.iter().flat_map(|m| m.permissions.iter().map(move |p| (m.name, *p)));
    all.filter(|(_, permission)| permission.reach == Reach::Authority).collect()
}

#[test]
fn what_gives_sight_of_citizens_dossiers_reaches_the_authority() {
    let names: Vec<&str> = reaching().iter().map(|(_, permission)| permission.name).collect();
    for name in ["dossiers.see", "dossiers.see-restricted", "dossiers.receive", "dossiers.handle", "dossiers.deliver"] {
        assert!(names.contains(&name), "{name}");
    }
}

fn try_on(engine: Engine) {
    let world = World::on(engine);
    let (keeper, unit) = keeper(&world);
    let refused = |answer: testkit::Answer, what: &str| {
        let text = answer.text();
        assert!(matches!(answer.status, 403 | 422), "{what} was answered {}", answer.status);
        assert!(text.contains("Hãy nhờ quản trị của"), "{what} is not explained: {text}");
    };
    let mut browser = keeper.browser.clone();
    // A post whose kind gets such a role by itself: every kind that works on dossiers.
    let page = format!("/quan-tri/don-vi/{unit}/vi-tri/moi");
    for kind in [PostKind::Counter, PostKind::Specialist, PostKind::Head, PostKind::Leader, PostKind::Clerk] {
        let form = world.form(&keeper, &page, &page).set("title", "Vị trí thử").set("kind", kind.word());
        refused(browser.submit(&form), kind.word());
    }
    let form = world.form(&keeper, &page, &page).set("title", "Quản trị thứ hai").set("kind", "administrator");
    let post = browser.submit(&form).assert_status(303).location().to_owned();
    // A role of one's own.
    let page = format!("/quan-tri/don-vi/{unit}/vai-tro/moi");
    for (module, permission) in reaching() {
        let form = world.form(&keeper, &page, &page).set("name", permission.title);
        refused(browser.submit(&form.set(&format!("quyen.{module}"), permission.name)), permission.name);
    }
    // A role of the commune or of the province.
    let page = format!("{post}/vai-tro");
    let form = world.form(&keeper, &page, &page);
    let mut tried = 0;
    for role in browser.get(&page).page().all("select[name=role] option") {
        let Some(value) = role.value().attr("value").filter(|value| !value.is_empty()) else { continue };
        let name: String = role.text().collect();
        if ["Chuyên viên", "Lãnh đạo", "Cán bộ một cửa"].contains(&name.trim()) {
            tried += 1;
            refused(browser.submit(&form.clone().set("role", value)), &name);
        }
    }
    assert_eq!(tried, 3, "the province's roles are offered");
    // The post of somebody who works on dossiers, for oneself.
    let worker = world.newcomer(unit, PostKind::Specialist, &["dossiers.see"]);
    let post = worker.post.expect("a post");
    let officer = keeper.officer.to_string();
    for rest in ["nguoi-giu", "thay-mat"] {
        let path = format!("/quan-tri/vi-tri/{post}/{rest}");
        refused(browser.get(&path), rest);
        let fields = [("command", "thu-giu-vi-tri"), ("officer", officer.as_str()), ("reason", "đi họp")];
        refused(browser.post(&path, &fields), rest);
    }
    // And that person's account.
    for act in ["mat-khau", "khoa", "bo-xac-thuc"] {
        let path = format!("/quan-tri/can-bo/{}/{act}", worker.officer);
        refused(browser.post(&path, &[("command", &format!("thu-tai-khoan-{act}"))]), act);
    }
    // The commune's keeper does all of it.
    let above = world.newcomer(world.commune, PostKind::Administrator, &["directory.see", "directory.keep"]);
    let page = format!("/quan-tri/vi-tri/{post}/thay-mat");
    let form = world.form(&above, &page, &page).set("officer", &above.officer.to_string()).set("reason", "đi họp");
    let form = with_date(form, "to", world.clock.now().day().next());
    above.browser.clone().submit(&form).assert_status(303);
}

#[test]
fn a_department_reaches_no_dossier_of_the_commune_on_sqlite() {
    try_on(Engine::Sqlite);
}

#[test]
fn a_department_reaches_no_dossier_of_the_commune_on_postgresql() {
    try_on(Engine::Postgres);
}
