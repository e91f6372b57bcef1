//! A walk through the demo by everybody's links: each leads to a page, each page is sound, and every page and every form
//! of the house is found by walking.

use super::{faults, links};
use crate::world::{Rank, World};
use scraper::Html;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::Engine;
use testkit::Client;
use types::Id;

/// Pages of one kind that one walker looks at.
const PER_ROUTE: usize = 6;

/// Pages that are found by other ways than a link.
const NOT_BY_LINK: [&str; 6] = [
    // From paper: the receipt's QR code.
    "/theo-doi/{token}",
    // What the counter sees after receiving; the dossier's own page has the receipt too.
    "/ho-so/{code}/tiep-nhan",
    // For programs and for watching.
    "/api/openapi.json",
    "/healthz",
    // Only when the second factor is set up; the law of access walks that way.
    "/dang-nhap/ma",
    // For whoever builds pages.
    "/kieu-dang",
];

#[derive(Default)]
struct Walk {
    seen: BTreeMap<String, usize>,
    forms: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Walk {
    /// Walks from these addresses as far as links lead.
    fn go(&mut self, who: &str, client: &Client, from: impl IntoIterator<Item = String>) {
        let mut client = client.clone();
        let mut way: VecDeque<Step> = from.into_iter().map(|to| Step { to, from: "the start".to_owned() }).collect();
        let mut visited = BTreeSet::new();
        let mut looked_at = BTreeMap::<String, usize>::new();
        while let Some(step) = way.pop_front() {
            let address = step.to.split('#').next().unwrap_or_default();
            let Some(route) = links::route_of("GET", address) else {
                self.wrong.push(format!("{who}: {step} is no address of the house"));
                continue;
            };
            let count = looked_at.entry(route.clone()).or_default();
            if *count >= PER_ROUTE || !visited.insert(address.to_owned()) {
                continue;
            }
            *count += 1;
            *self.seen.entry(route.clone()).or_default() += 1;
            let answer = client.get(address);
            match answer.status {
                200 if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) => {
                    // The style page shows components with invented addresses.
                    if route != "/kieu-dang" {
                        self.look(who, &step, &answer.text(), &mut way);
                    }
                }
                200 => {}
                // Whoever is signed in is led on from the entrance.
                303 => way.push_back(Step { to: answer.location().to_owned(), from: step.to }),
                // A link that is offered must be good for whom it is offered to.
                other => self.wrong.push(format!("{who}: {step} answers {other}")),
            }
        }
    }

    fn look(&mut self, who: &str, step: &Step, text: &str, way: &mut VecDeque<Step>) {
        self.wrong.extend(faults::faults(text).into_iter().map(|fault| format!("{who}: {}: {fault}", step.to)));
        for (_, method, to) in links::addresses(&Html::parse_document(text)) {
            if method == "GET" {
                way.push_back(Step { to, from: step.to.clone() });
            } else if let Some(route) = links::route_of("POST", &to) {
                self.forms.insert(route);
            }
        }
    }
}

/// A link, and the page that has it.
struct Step {
    to: String,
    from: String,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}", self.to, self.from)
    }
}

/// Things in states whose forms stand on no page of the demo otherwise.
fn prepare(world: &World) -> (Vec<String>, Vec<String>) {
    let mut dossiers = vec![world.waiting(), world.taken(), world.stopped(), world.at_the_clerk(), world.finished()];
    for code in &mut dossiers {
        *code = format!("/ho-so/{code}");
    }
    let closed = world.guest().officer;
    world.write(move |tx| directory::account::disable(tx, closed));
    let (with_code, _) = super::super::access::with_second_factor(world);
    let post = world.new_post();
    world.hold(post, world.new_officer());
    world.grant(post, world.new_role());
    world.stand_in(post, world.new_officer());
    world.stand_in(world.person(Rank::Leader).post.expect("a post"), world.new_officer());
    world.sign_in_again(world.person(Rank::Keeper));
    super::super::access::enter_own_days(world);
    let officer = |id: Id| format!("/quan-tri/can-bo/{id}");
    let kept = vec![
        officer(closed),
        officer(with_code.officer),
        officer(world.new_officer()),
        format!("/quan-tri/vi-tri/{post}"),
        format!("/quan-tri/don-vi/{}", world.commune),
        format!("/quan-tri/lich-lam-viec/{}", world.commune),
    ];
    (dossiers, kept)
}

#[test]
fn everything_is_found_by_walking_and_nothing_on_the_way_is_broken() {
    let world = World::on(Engine::Sqlite);
    let (dossiers, kept) = prepare(&world);
    let mut walk = Walk::default();
    walk.go("a citizen", &world.stranger(), ["/".to_owned()]);
    let start = || "/viec-cua-toi".to_owned();
    for rank in [Rank::Counter, Rank::Specialist, Rank::Leader, Rank::Clerk] {
        let from = [start()].into_iter().chain(dossiers.clone());
        walk.go(&format!("{rank:?}"), &world.person(rank).browser, from);
    }
    for rank in [Rank::Keeper, Rank::ProvinceKeeper] {
        let from = [start()].into_iter().chain(kept.clone());
        walk.go(&format!("{rank:?}"), &world.person(rank).browser, from);
    }
    assert!(walk.wrong.is_empty(), "{} things on the way:\n{}", walk.wrong.len(), walk.wrong.join("\n"));
    let mut unfound = Vec::new();
    for route in app::modules::ALL.iter().flat_map(|module| (module.routes)().list().to_vec()) {
        let found = match route.method.as_str() {
            "GET" => walk.seen.contains_key(route.path),
            _ => walk.forms.contains(route.path),
        };
        let by_others = route.path.starts_with("/api/") || route.path.starts_with("/assets/");
        // A form that stands on the page of the half sign-in only.
        let half = route.path == "/dang-nhap/ma" || route.path == "/tai-khoan/xac-thuc/xac-nhan";
        if !found && !by_others && !half && !NOT_BY_LINK.contains(&route.path) {
            unfound.push(format!("{} {}", route.method, route.path));
        }
    }
    for path in NOT_BY_LINK.iter().filter(|path| walk.seen.contains_key(**path)) {
        assert_eq!(*path, "/kieu-dang", "it is found by walking; the exception must go");
    }
    assert_eq!(unfound, Vec::<String>::new(), "nobody finds these by walking");
}
