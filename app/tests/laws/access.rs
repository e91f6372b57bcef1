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

use crate::world::World;
use app::modules;
pub use calendar::enter_own_days;
use case::{Case, Outsider};
pub use open::with_second_factor;
use std::collections::BTreeSet;
use store::Engine;
use web::Route;

/// How many requests may go without a part of the law, each with its reason in the table. These numbers only shrink:
/// who takes one away lowers its number, so that it does not come back unnoticed.
const SHARED: usize = 7;
const OWN: usize = 5;
const UNAUDITED: usize = 2;
const TWICE: usize = 1;

fn table() -> Vec<Case> {
    [open::cases(), directory::cases(), calendar::cases(), desk::cases(), programs::cases()]
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
        if let Outsider::Shared(why) | Outsider::ActsOnOneself(why) = case.neighbour {
            assert!(why.len() > 15, "{} has no reason", case.name());
        }
    }
    let shared = table.iter().filter(|case| matches!(case.neighbour, Outsider::Shared(_))).count();
    let own = table.iter().filter(|case| matches!(case.neighbour, Outsider::ActsOnOneself(_))).count();
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
    assert!(complaints.is_empty(), "{} complaints on {engine:?}:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn whoever_may_not_is_refused_on_sqlite() {
    try_all(Engine::Sqlite);
}

#[test]
fn whoever_may_not_is_refused_on_postgresql() {
    try_all(Engine::Postgres);
}
