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

/// Routes that are found by other ways than a link or a form on a page of the demo, each with the way. The list only
/// shrinks: one that is found by walking must go from it.
const NOT_BY_LINK: [(&str, &str); 26] = [
    ("GET /cai-chung-thu", "where the server has an authority of its own; the law of access does"),
    ("GET /cai-chung-thu/nha-viec.crt", "on that page"),
    (
        "GET /ho-so/{code}/tiep-nhan",
        "what the counter sees after receiving; the dossier's own page has the receipt too",
    ),
    ("GET /api/openapi.json", "for programs"),
    (
        "GET /ky-so/tren-may",
        "where the browser goes when the tool at the desk is done; the law of access walks that way",
    ),
    ("GET /dong-dau/tren-may", "the same, for the seal"),
    ("GET /ky-so/tu-xa/{id}", "while a remote service waits for somebody's phone; the law of access does"),
    ("POST /ky-so/tu-xa/{id}/huy", "on that page"),
    ("GET /dong-dau/tu-xa/{id}", "the same, for the seal"),
    ("POST /dong-dau/tu-xa/{id}/huy", "on that page"),
    ("GET /cong-cu-ky/{id}/{pass}/{name}", "for the tool at the desk"),
    ("POST /cong-cu-ky/{id}/{pass}", "for the tool at the desk"),
    ("GET /healthz", "for watching"),
    ("GET /readyz", "for watching"),
    ("GET /metrics", "for watching"),
    ("GET /kieu-dang", "for whoever builds pages"),
    ("GET /tai-khoan/phien/con-lai", "asked by the script that warns before a session ends"),
    ("GET /dang-nhap/khoa-truy-cap/thach-thuc", "asked by the script that asks browsers for passkeys"),
    (
        "GET /tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}",
        "while a passkey is being made; the law of access walks that way",
    ),
    ("POST /tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}", "the form of that page"),
    ("GET /tiep-nhan/{procedure}/quet", "what a scan's answer is when it is loaded again"),
    ("GET /dang-nhap/ma", "only when the second factor is set up; the law of access walks that way"),
    ("POST /dang-nhap/ma", "the form of that page"),
    ("POST /quan-tri/may/sao-luu-ngay", "once somebody has said where backups go; the law of access does"),
    ("POST /quan-tri/may/khoa/da-cat", "on the page that shows the key; the law of access does"),
    ("POST /tai-khoan/xac-thuc/xac-nhan", "while a second factor is being set up; the law of access does"),
];

/// What nobody finds by walking and nothing excuses, and excuses that are not needed.
fn unfound(routes: &[(String, &str)], seen: &BTreeSet<String>, forms: &BTreeSet<String>) -> BTreeSet<String> {
    let by_others = |path: &str| path.starts_with("/api/v1/") || path.starts_with("/assets/");
    let found = |method: &str, path: &str| if method == "GET" { seen.contains(path) } else { forms.contains(path) };
    let lost = routes.iter().filter(|(method, path)| !by_others(path) && !found(method, path));
    let lost: BTreeSet<String> = lost.map(|(method, path)| format!("{method} {path}")).collect();
    let excused: BTreeSet<String> = NOT_BY_LINK.iter().map(|(route, _)| (*route).to_owned()).collect();
    let idle = excused.difference(&lost).map(|route| format!("{route} needs no excuse"));
    lost.difference(&excused).cloned().chain(idle).collect()
}

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
fn prepare(world: &World) -> (Vec<String>, String, Vec<String>) {
    let mut dossiers = vec![world.waiting(), world.taken(), world.stopped(), world.at_the_clerk(), world.finished()];
    // A form of our own that is on its way to be signed.
    world.send_form(Rank::Specialist, &world.own_form(&dossiers[2], "supplement_requested"), Rank::Leader);
    // One whose words can still be put right.
    dossiers.push(world.stopped());
    for code in &mut dossiers {
        *code = format!("/ho-so/{code}");
    }
    // Reached by a form that ticks boxes.
    let waiting = world.waiting();
    let sql = "SELECT id FROM dossier WHERE code = $1";
    let (id,): (Id,) = world.read(|reader| reader.one(sql, store::params![&waiting]));
    let batch = format!("/ho-so/chuyen-nhieu?chon={id}");
    let closed = world.guest().officer;
    world.write(move |tx| directory::account::disable(tx, closed));
    let (with_code, _) = super::super::access::with_second_factor(world);
    let with_code_officer = with_code.officer;
    let with_key = world.guest();
    super::super::access::with_passkey(world, &with_key);
    super::super::access::with_passkey(world, world.person(Rank::Keeper));
    let post = world.new_post();
    world.hold(post, world.new_officer());
    world.grant(post, world.new_role());
    world.stand_in(post, world.new_officer());
    world.stand_in(world.person(Rank::Leader).post.expect("a post"), world.new_officer());
    world.sign_in_again(world.person(Rank::Keeper));
    super::super::access::enter_own_days(world);
    super::super::access::listed(world);
    // One that was sent, one that waits to be sent, one that waits to be decided.
    let (sent, confirmed) = (world.sent_request(), world.confirmed_request());
    let asked = world.asked_request();
    world.write(move |tx| {
        tx.not_audited("a test has requests in all states");
        let sql = "UPDATE certificate_request SET state = $1, officer_id = $2 WHERE id = $3";
        tx.exec(sql, store::params![2, closed, sent])?;
        tx.exec(sql, store::params![1, with_code_officer, confirmed])
    });
    world.to_be_signed();
    super::super::access::unstamped(world, world.to_be_sealed().1);
    let officer = |id: Id| format!("/quan-tri/can-bo/{id}");
    let kept = vec![
        officer(closed),
        officer(with_code.officer),
        officer(with_key.officer),
        // Has a token that can be ended.
        officer(world.person(Rank::Counter).officer),
        officer(world.new_officer()),
        format!("/quan-tri/vi-tri/{post}"),
        format!("/quan-tri/don-vi/{}", world.commune),
        format!("/chung-thu-ky/de-nghi/{sent}"),
        format!("/chung-thu-ky/de-nghi/{asked}"),
        "/quan-tri/chung-thu-ky/de-nghi?trang-thai=confirmed".to_owned(),
        format!("/quan-tri/lich-lam-viec/{}", world.commune),
    ];
    (dossiers, batch, kept)
}

/// What the QR code of a receipt leads to, of a dossier that has its result.
fn receipt_link(world: &World) -> String {
    let code = world.finished();
    let sql = "SELECT track_token FROM dossier WHERE code = $1";
    let (token,): (String,) = world.read(|reader| reader.one(sql, store::params![&code]));
    format!("/theo-doi/{token}")
}

#[test]
fn everything_is_found_by_walking_and_nothing_on_the_way_is_broken() {
    let world = World::on(Engine::Sqlite);
    let (dossiers, batch, kept) = prepare(&world);
    let mut walk = Walk::default();
    walk.go("a citizen", &world.stranger(), ["/".to_owned()]);
    walk.go("a party", &world.stranger(), [receipt_link(&world)]);
    let start = || "/viec-cua-toi".to_owned();
    for rank in [Rank::Counter, Rank::Specialist, Rank::Leader, Rank::Clerk] {
        let from = [start()].into_iter().chain(dossiers.clone());
        walk.go(&format!("{rank:?}"), &world.person(rank).browser, from);
    }
    walk.go("Specialist", &world.person(Rank::Specialist).browser, [batch]);
    for rank in [Rank::Keeper, Rank::ProvinceKeeper] {
        let from = [start()].into_iter().chain(kept.clone());
        walk.go(&format!("{rank:?}"), &world.person(rank).browser, from);
    }
    assert!(walk.wrong.is_empty(), "{} things on the way:\n{}", walk.wrong.len(), walk.wrong.join("\n"));
    let routes = app::modules::ALL.iter().flat_map(|module| (module.routes)().list().to_vec());
    let mut routes: Vec<(String, &str)> = routes.map(|route| (route.method.to_string(), route.path)).collect();
    let seen: BTreeSet<String> = walk.seen.into_keys().collect();
    assert_eq!(unfound(&routes, &seen, &walk.forms), BTreeSet::new(), "nobody finds these by walking");
    // Controls: a page that no link leads to, and an excuse that nothing needs.
    routes.push(("GET".to_owned(), "/hop"));
    assert_eq!(unfound(&routes, &seen, &walk.forms), BTreeSet::from(["GET /hop".to_owned()]));
    let more = seen.iter().cloned().chain(["/healthz".to_owned(), "/hop".to_owned()]).collect();
    let idle = BTreeSet::from(["GET /healthz needs no excuse".to_owned()]);
    assert_eq!(unfound(&routes, &more, &walk.forms), idle);
}
