//! What holds for the module as a whole: schema, samples, checks, navigation.

use super::world::each_world;
use crate::MODULE;
use store::{Engine, params, schema};
use testkit::{TestDatabase, laws};

#[test]
fn both_engines_have_the_same_schema_with_indexed_references() {
    let tables = |engine: Engine| {
        let database = TestDatabase::on(engine);
        let store = database.migrate(&[(MODULE.name, MODULE.migrations)]).open();
        store
            .read_blocking(|reader| {
                assert_eq!(laws::foreign_keys_are_indexed(reader)?, Vec::<String>::new());
                assert_eq!(laws::tables_have_keys(reader)?, Vec::<String>::new());
                schema::tables(reader)
            })
            .unwrap()
    };
    assert_eq!(laws::same_schema(&tables(Engine::Sqlite), &tables(Engine::Postgres)), Vec::<String>::new());
}

#[test]
fn every_sample_is_drawn_escaped_and_named_once() {
    let samples = (MODULE.samples)();
    let mut names: Vec<&str> = samples.iter().map(|sample| sample.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two samples have one name");
    for sample in &samples {
        assert!(sample.page.body.contains("<h1>"), "{} has no heading", sample.name);
        assert!(!sample.page.body.contains("<script"), "{}", sample.name);
        assert!(!sample.page.body.contains("style="), "{}: inline style, which the policy forbids", sample.name);
        for id in ids(&sample.page.body) {
            assert_eq!(
                ids(&sample.page.body).filter(|other| *other == id).count(),
                1,
                "{}: id {id} twice",
                sample.name
            );
        }
    }
}

fn ids(html: &str) -> impl Iterator<Item = &str> {
    html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn navigation_leads_to_routes_and_every_route_says_who() {
    let routes = (MODULE.routes)();
    for item in MODULE.navigation {
        let route = routes.list().iter().find(|route| route.path == item.path && route.method == http::Method::GET);
        assert!(route.is_some(), "{} leads nowhere", item.path);
        assert!(ui::icon(item.icon).is_some(), "there is no icon {}", item.icon);
    }
    assert!(routes.list().len() > 60);
}

#[test]
fn checks_find_nothing_in_a_sound_world_and_each_planted_fault() {
    each_world(|world| {
        world.signed_in("uong.dd");
        let settings = world.node.house.settings().clone();
        let findings = |number: usize| world.node.read(|reader| (MODULE.checks[number].run)(reader, &settings));
        for number in 0..MODULE.checks.len() {
            assert_eq!(findings(number), Vec::<String>::new(), "{}", MODULE.checks[number].title);
        }
        let plant = |sql: &str| world.database.script(sql);
        plant("UPDATE audit SET actor_id = 12345 WHERE action = 'directory.sign_in'");
        assert_eq!(findings(0).len(), 1);
        plant("UPDATE audit SET unit_id = 4711 WHERE action = 'directory.open_account'");
        assert_eq!(findings(1).len(), 1);
        plant(&format!("UPDATE unit_place SET valid_from = '2025-08-01' WHERE unit_id = {}", world.department));
        assert_eq!(findings(2).len(), 1);
        plant(&format!("UPDATE post SET valid_to = '2026-01-31' WHERE id = {}", world.uong_post));
        assert_eq!(findings(3).len(), 1);
        plant(&format!("UPDATE account SET totp_secret = '1.AAAA' WHERE officer_id = {}", world.uong));
        assert_eq!(findings(4).len(), 1);
        plant(&format!(
            "INSERT INTO passkey (id, officer_id, credential_id, user_handle, name, credential, sign_count, backup_eligible,
             backed_up, created_at) VALUES (1, {}, 'AA', 'A', 'Máy', '{{}}', 0, FALSE, FALSE, 1)",
            world.uong
        ));
        assert_eq!(findings(5).len(), 1);
        let (sound,): (i64,) = world.node.read(|r| r.one("SELECT count(*) FROM officer", params![]));
        assert_eq!(sound, 4);
    });
}
