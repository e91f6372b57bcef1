//! Whoever may not is refused, on the very request that succeeds for whoever may.
//!
//! For every route of every module the table says how a request is built that succeeds. A stranger, an officer of the
//! neighbour commune in the same kind of post, and an officer of the commune who has every permission but the one that is
//! needed send it first; nothing may change. Then the permitted officer sends it, it succeeds, the audit names them, and
//! sent once more it changes nothing.

mod calendar;
mod case;
mod control;
mod desk;
mod directory;
mod judge;
mod open;
mod programs;
mod reach;
mod requests;
mod signatures;
mod upkeep;

use crate::world::World;
use crate::world::work::filled;
use app::modules;
pub use calendar::enter_own_days;
use case::{Case, Outsider};
pub use open::{with_passkey, with_second_factor};
pub use signatures::{listed, lists, unstamped};
use std::collections::BTreeSet;
use store::{AuditEntry, Engine, params};
use web::Route;

/// How many requests may go without a part of the law, each with its reason in the table. These numbers only shrink:
/// who takes one away lowers its number, so that it does not come back unnoticed.
const SHARED: usize = 9;
const OWN: usize = 5;
const UNAUDITED: usize = 4;
const TWICE: usize = 2;

fn table() -> Vec<Case> {
    [
        open::cases(),
        directory::cases(),
        calendar::cases(),
        desk::cases(),
        programs::cases(),
        upkeep::cases(),
        signatures::cases(),
        requests::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn declared() -> Vec<Route> {
    modules::ALL.iter().flat_map(|module| (module.routes)().list().to_vec()).collect()
}

/// Routes without a request, and requests without a route.
fn uncovered(declared: &[Route], table: &[Case]) -> Vec<String> {
    let routes: BTreeSet<String> = declared.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let tried: BTreeSet<String> = table.iter().map(Case::name).collect();
    let untried = routes.difference(&tried).map(|name| format!("{name} is tried by no request"));
    let unknown = tried.difference(&routes).map(|name| format!("{name} is no route"));
    untried.chain(unknown).collect()
}

#[test]
fn every_route_has_a_request_that_tries_it() {
    assert_eq!(uncovered(&declared(), &table()), Vec::<String>::new());
}

#[test]
fn control_an_untried_route_is_noticed() {
    let (routes, mut table) = (declared(), table());
    let gone = table.pop().expect("the table is not empty").name();
    assert_eq!(uncovered(&routes, &table), [format!("{gone} is tried by no request")]);
}

#[test]
fn exceptions_only_shrink() {
    let table = table();
    for case in &table {
        for outsider in [case.neighbour, case.bystander] {
            if let Outsider::Shared(why) | Outsider::ActsOnOneself(why) = outsider {
                assert!(why.len() > 15, "{} has no reason", case.name());
            }
        }
    }
    let either = |is: fn(Outsider) -> bool| table.iter().filter(|c| is(c.neighbour) || is(c.bystander)).count();
    let shared = either(|outsider| matches!(outsider, Outsider::Shared(_)));
    let own = either(|outsider| matches!(outsider, Outsider::ActsOnOneself(_)));
    assert_eq!(own, OWN, "requests that act on whoever sends them");
    assert_eq!(shared, SHARED, "requests that are answered to a neighbour");
    let unaudited = table.iter().filter(|case| case.unaudited.is_some()).count();
    assert_eq!(unaudited, UNAUDITED, "writes that are not audited");
    let twice = table.iter().filter(|case| case.twice.is_some()).count();
    assert_eq!(twice, TWICE, "writes that act twice when they are sent twice");
}

fn try_all(engine: Engine) {
    let world = World::on(engine);
    let routes = declared();
    let mut complaints = Vec::new();
    for case in table() {
        let route = routes.iter().find(|route| case.is_of(route));
        match route {
            Some(route) => complaints.extend(judge::judge(&world, &case, route)),
            None => complaints.push(format!("{} is no route", case.name())),
        }
    }
    complaints.extend(personal_data_sealed(&world));
    assert!(complaints.is_empty(), "{} complaints on {engine:?}:\n{}", complaints.len(), complaints.join("\n"));
}

/// What the audit seals is never taken out again, so that it may hold no party's particulars: answers the entries that do.
fn personal_data_sealed(world: &World) -> Vec<String> {
    let particulars = ["applicant_name", "applicant_identity", "applicant_phone", "applicant_address"];
    let filled = filled().into_iter().filter(|(key, _)| particulars.contains(key));
    let values: Vec<&str> = filled.map(|(_, value)| value).collect();
    assert_eq!(values.len(), particulars.len());
    let entries: Vec<(String, String)> =
        world.read(|reader| reader.all("SELECT action, detail FROM audit ORDER BY id", params![]));
    assert!(entries.iter().any(|(action, _)| action == "dossiers.receive"), "dossiers were received");
    let holds = |detail: &str| values.iter().find(|value| detail.contains(**value)).copied();
    let found = entries.iter().filter_map(|(action, detail)| Some((action, holds(detail)?)));
    found.map(|(action, value)| format!("the audit of {action} holds «{value}»")).collect()
}

#[test]
fn control_a_name_in_the_audit_is_noticed() {
    let world = World::on(Engine::Sqlite);
    world.waiting();
    assert_eq!(personal_data_sealed(&world), Vec::<String>::new());
    let unit = world.commune;
    world.write(move |tx| {
        let detail = serde_json::json!({ "name": "Nguyễn Thị Mỹ Hạnh" });
        tx.audit(&AuditEntry { action: "app.test", entity: "unit", entity_id: unit, unit: None, detail })
    });
    assert_eq!(personal_data_sealed(&world), ["the audit of app.test holds «Nguyễn Thị Mỹ Hạnh»"]);
}

#[test]
fn whoever_may_not_is_refused_on_sqlite() {
    try_all(Engine::Sqlite);
}

#[test]
fn whoever_may_not_is_refused_on_postgresql() {
    try_all(Engine::Postgres);
}
