//! Finding dossiers, and who may know of them.

use super::house::Site;
use super::world::{BIRTH, STATUS, World};
use crate::access;
use crate::dossier::Dossier;
use crate::lists::{self, Filter, From};
use crate::status::Status;
use crate::verbs::receive::{self, Receive};
use crate::{DOSSIERS_SEE, DOSSIERS_SEE_RESTRICTED, procedure, stored};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;
use testkit::each_engine;
use types::{Day, Error, Id, Result};
use web::{HeldPost, Officer, Permission, Who};

/// "Nguyễn Thị Mỹ Hạnh" with its accents in pieces, as an old Mac or a converter sends it.
const DECOMPOSED: &str = "Nguye\u{302}\u{303}n Thi\u{323} My\u{303} Ha\u{323}nh";

fn filter(world: &World, typed: &str) -> Filter {
    Filter { typed: typed.to_owned(), units: vec![world.commune], scopes: vec![world.commune], ..Filter::default() }
}

fn find(world: &World, filter: &Filter) -> Vec<String> {
    let listed = world.store.read_blocking(|r| lists::list(r, &world.keys, (filter, None), 50)).unwrap();
    listed.dossiers.into_iter().map(|d| d.applicant.name).collect()
}

#[test]
fn a_name_is_found_however_its_accents_came_in() {
    each_engine(|database| {
        let world = World::new(&database);
        for name in ["Nguyễn Thị Mỹ Hạnh", "Nguyễn Thị My Hành", DECOMPOSED, "Đặng Đình Ưởng", "Lò Thị Mẩy"]
        {
            world.receive(STATUS, name);
        }
        let exact_first = find(&world, &filter(&world, "Mỹ Hạnh"));
        assert_eq!(exact_first, [DECOMPOSED, "Nguyễn Thị Mỹ Hạnh", "Nguyễn Thị My Hành"]);
        assert_eq!(find(&world, &filter(&world, DECOMPOSED)).len(), 3);
        let folded = find(&world, &filter(&world, "nguyen thi my hanh"));
        assert_eq!(folded, [DECOMPOSED, "Nguyễn Thị My Hành", "Nguyễn Thị Mỹ Hạnh"], "newest first");
        assert_eq!(find(&world, &filter(&world, "DANG DINH UONG")), ["Đặng Đình Ưởng"]);
        assert_eq!(find(&world, &filter(&world, "tinh trang hon nhan")).len(), 5, "by what it is about, too");
        assert!(find(&world, &filter(&world, "Hạnh Ưởng")).is_empty(), "all words must be there");
        assert!(find(&world, &filter(&world, "\" OR * NEAR(")).is_empty());
    });
}

#[test]
fn pages_of_a_search_hold_everything_once_exact_ones_first() {
    each_engine(|database| {
        let world = World::new(&database);
        let names = ["Lò Thị Mẩy", "Lò Thị May", "Lo Thi Mây", "Lò Thị Mẩy", "Lò Thị Mấy", "Lò Thị Mẩy"];
        let codes: Vec<String> = names.iter().map(|name| world.receive(STATUS, name).code).collect();
        for typed in ["Lò Thị Mẩy", "lo thi may", ""] {
            let mut seen: Vec<Dossier> = Vec::new();
            let mut from: Option<From> = None;
            loop {
                let filter = filter(&world, typed);
                let page = world.store.read_blocking(|r| lists::list(r, &world.keys, (&filter, from), 2)).unwrap();
                assert!(page.dossiers.len() <= 2);
                seen.extend(page.dossiers);
                from = page.next;
                if from.is_none() {
                    break;
                }
            }
            let mut found: Vec<&str> = seen.iter().map(|d| d.code.as_str()).collect();
            if typed == "Lò Thị Mẩy" {
                assert_eq!(found[..3], [codes[5].as_str(), codes[3].as_str(), codes[0].as_str()]);
            }
            found.sort_unstable();
            let all: Vec<&str> = codes.iter().map(String::as_str).collect();
            assert_eq!(found, all, "typed «{typed}»");
        }
    });
}

/// A dossier that came this way.
fn receive_through(world: &World, channel: &str) -> String {
    let new = Receive { channel: channel.to_owned(), ..world.new_dossier(STATUS, "Lò Thị Mẩy") };
    let command = world.command(world.counter, "dossiers.receive");
    world.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap().code
}

#[test]
fn pages_of_days_codes_and_conditions_hold_everything_once_newest_first() {
    each_engine(|database| {
        let world = World::new(&database);
        let mut codes = Vec::new();
        for day in ["2026-11-20", "2026-11-23", "2026-11-25"] {
            world.at(&format!("{day}T09:00"));
            codes.extend(["online", "counter", "post"].map(|channel| receive_through(&world, channel)));
        }
        codes.reverse();
        let here = filter(&world, "");
        let both = Filter { units: vec![world.commune, world.neighbour], ..here.clone() };
        let day = |text: &str| text.parse::<Day>().ok();
        for all in [here, both] {
            let asked = [
                (Filter { first_day: day("2026-11-01"), ..all.clone() }, 0..9),
                (Filter { last_day: day("2026-11-24"), ..all.clone() }, 3..9),
                (Filter { first_day: day("2026-11-21"), last_day: day("2026-11-24"), ..all.clone() }, 3..6),
                (Filter { first_day: day("2026-11-21"), status: Some(Status::Received), ..all.clone() }, 0..6),
                (Filter { first_day: day("2026-11-21"), procedure: Some(STATUS.to_owned()), ..all.clone() }, 0..6),
                (Filter { procedure: Some(STATUS.to_owned()), ..all.clone() }, 0..9),
                (Filter { procedure: Some(BIRTH.to_owned()), ..all.clone() }, 0..0),
                (Filter { typed: "H99.01-2611".to_owned(), ..all.clone() }, 0..9),
                (Filter { typed: "h99.01-261123".to_owned(), last_day: day("2026-11-24"), ..all.clone() }, 3..6),
                (Filter { typed: "0912 345 678".to_owned(), first_day: day("2026-11-23"), ..all.clone() }, 0..6),
            ];
            for (filter, wanted) in asked {
                let (mut seen, mut from) = (Vec::new(), None);
                loop {
                    let page = world.store.read_blocking(|r| lists::list(r, &world.keys, (&filter, from), 2)).unwrap();
                    seen.extend(page.dossiers.into_iter().map(|dossier| dossier.code));
                    from = page.next;
                    if from.is_none() {
                        break;
                    }
                }
                assert_eq!(seen, codes[wanted], "{filter:?}");
            }
        }
    });
}

#[test]
fn codes_numbers_and_conditions_find_what_they_say() {
    each_engine(|database| {
        let world = World::new(&database);
        let birth = world.receive(BIRTH, "Chẩu Thị Xuyến Chi").code;
        world.at("2026-11-23T09:00");
        let status = world.receive(STATUS, "Đặng Đình Ưởng").code;
        world.pass(world.specialist, &status).unwrap();
        let codes = |filter: &Filter| -> Vec<String> {
            let listed = world.store.read_blocking(|r| lists::list(r, &world.keys, (filter, None), 50)).unwrap();
            listed.dossiers.into_iter().map(|d| d.code).collect()
        };
        assert_eq!(codes(&filter(&world, &status)), [status.as_str()]);
        assert_eq!(codes(&filter(&world, "h99.01-261120")), [birth.as_str()], "the beginning of a code, in any case");
        assert_eq!(codes(&filter(&world, "099 198 000 217")).len(), 2);
        assert_eq!(codes(&filter(&world, "0912.345.678")).len(), 2);
        assert_eq!(codes(&filter(&world, "+84 912 345 678")).len(), 2);
        assert!(codes(&filter(&world, "0912 345 679")).is_empty());
        let by = |change: &dyn Fn(&mut Filter)| {
            let mut filter = filter(&world, "");
            change(&mut filter);
            codes(&filter)
        };
        assert_eq!(by(&|f| f.procedure = Some(STATUS.to_owned())), [status.as_str()]);
        assert_eq!(by(&|f| f.status = Some(Status::Received)), [birth.as_str()]);
        assert_eq!(by(&|f| f.first_day = "2026-11-23".parse().ok()), [status.as_str()]);
        assert_eq!(by(&|f| f.last_day = "2026-11-22".parse().ok()), [birth.as_str()]);
        let now = world.store.now();
        assert_eq!(by(&|f| f.overdue_at = Some(now)), [birth.as_str()], "due on Friday");
        assert!(by(&|f| f.units = vec![world.neighbour]).is_empty());
        assert!(by(&|f| f.units = Vec::new()).is_empty());
        assert_eq!(by(&|f| f.units.push(world.neighbour)).len(), 2);
        let mut neighbours = filter(&world, "Ưởng");
        (neighbours.units, neighbours.scopes) = (vec![world.neighbour], vec![world.neighbour]);
        assert!(codes(&neighbours).is_empty(), "the neighbour's search does not reach our dossiers");
    });
}

#[test]
fn the_lists_conditions_are_read_from_its_address() {
    each_engine(|database| {
        let site = Site::new(&database);
        let birth = site.world.receive(BIRTH, "Chẩu Thị Xuyến Chi").code;
        site.world.at("2026-11-23T09:00");
        let status = site.world.receive(STATUS, "Đặng Đình Ưởng").code;
        let shown = |who: &str, query: &str| {
            site.client(who).get(&format!("/ho-so?{query}")).assert_status(200).page().texts("a.cell-link")
        };
        assert_eq!(shown("counter", "tu=2026-11-23&den=2026-11-30"), [status.as_str()]);
        assert_eq!(shown("counter", "tu=2026-11-01&den=2026-11-22"), [birth.as_str()]);
        assert_eq!(shown("counter", "tu=2026-11-24"), Vec::<String>::new());
        assert_eq!(shown("counter", &format!("thu-tuc={BIRTH}&q=chau+thi")), [birth.as_str()]);
        let (here, there) = (site.world.commune, site.world.neighbour);
        assert_eq!(shown("province", &format!("don-vi={here}")), [status.as_str(), birth.as_str()]);
        assert_eq!(shown("province", &format!("don-vi={there}")), Vec::<String>::new());
        assert_eq!(shown("stranger", &format!("don-vi={here}")), Vec::<String>::new(), "a unit that is not theirs");
    });
}

pub fn who(world: &World, unit: Id, permissions: &[&Permission]) -> Who {
    let post = HeldPost {
        id: world.stranger.post,
        title: String::new(),
        unit,
        unit_name: String::new(),
        permissions: permissions.iter().map(|p| p.name.to_owned()).collect::<BTreeSet<_>>(),
        stand_in: false,
    };
    let officer = Officer { id: world.stranger.officer, name: String::new(), session: None, posts: vec![post] };
    Who { officer: Some(Arc::new(officer)), ..Who::default() }
}

#[test]
fn restricted_dossiers_stand_in_no_list_and_are_known_to_few() {
    each_engine(|database| {
        let world = World::new(&database);
        let text = procedure::catalogue::FILES.iter().find(|(code, _)| *code == STATUS).unwrap().1;
        let text = text.replace("restricted = false", "restricted = true").replace("1.004873", "1.999999");
        let command = world.store.system_command("test.import", 20);
        let import = move |tx: &mut Tx<'_>| -> Result<()> { stored::import(tx, &text).map(|_| ()) };
        world.store.write_blocking(command, import).unwrap();
        let code = world.receive("1.999999", "Đặng Đình Ưởng").code;
        world.receive(STATUS, "Lò Thị Mẩy");
        for typed in ["", "Ưởng", &code, "099198000217"] {
            let names = find(&world, &filter(&world, typed));
            assert!(!names.contains(&"Đặng Đình Ưởng".to_owned()), "typed «{typed}»: {names:?}");
        }
        // Who may see restricted ones finds them by columns, in the units where that permission is held.
        for typed in ["", &code, "099198000217"] {
            let may = Filter { restricted_units: vec![world.commune], ..filter(&world, typed) };
            assert!(find(&world, &may).contains(&"Đặng Đình Ưởng".to_owned()), "typed «{typed}»");
            let elsewhere = Filter { restricted_units: vec![world.neighbour], ..filter(&world, typed) };
            assert!(!find(&world, &elsewhere).contains(&"Đặng Đình Ưởng".to_owned()), "typed «{typed}»");
        }
        let leader = who(&world, world.commune, &[&DOSSIERS_SEE, &DOSSIERS_SEE_RESTRICTED]);
        assert_eq!(access::restricted_units(&leader, &world.tree), [world.commune]);
        assert!(access::restricted_units(&who(&world, world.commune, &[&DOSSIERS_SEE]), &world.tree).is_empty());
        let title: (String,) = {
            let code = code.clone();
            world
                .store
                .read_blocking(|r| r.one("SELECT title FROM record WHERE code = $1", store::params![&code]))
                .unwrap()
        };
        assert!(!title.0.contains("Ưởng"), "the record's title names nobody: {}", title.0);
        let sees = |who: &Who| world.store.read_blocking(|r| access::visible(r, who, &world.tree, &code)).is_ok();
        assert!(!sees(&who(&world, world.commune, &[&DOSSIERS_SEE])));
        assert!(sees(&who(&world, world.commune, &[&DOSSIERS_SEE_RESTRICTED])));
        assert!(!sees(&who(&world, world.neighbour, &[&DOSSIERS_SEE, &DOSSIERS_SEE_RESTRICTED])));
        assert!(!sees(&Who::default()));
        let mut holder = who(&world, world.neighbour, &[]);
        let officer = Arc::make_mut(holder.officer.as_mut().unwrap());
        officer.posts[0].id = world.specialist.post;
        assert!(sees(&holder), "whoever holds a step knows of it");
    });
}

#[test]
fn the_number_and_the_link_of_a_receipt_find_its_dossier() {
    each_engine(|database| {
        let world = World::new(&database);
        let first = world.receive(STATUS, "Lò Thị Mẩy");
        world.receive(STATUS, "Đặng Đình Ưởng");
        world.at("2026-11-23T09:00");
        world.receive(STATUS, "Chẩu Thị Xuyến Chi");
        let link = format!("https://phuckhe.example/theo-doi/{}", first.track_token);
        let two = [world.commune, world.neighbour];
        for typed in ["261120-0001/TNHS", " 261120-0001/tnhs ", "261120-0001", &link, &format!("{link}?x=1")] {
            assert!(lists::names_one(typed), "typed «{typed}»");
            assert_eq!(find(&world, &filter(&world, typed)), ["Lò Thị Mẩy"], "typed «{typed}»");
            let many = Filter { units: two.to_vec(), ..filter(&world, typed) };
            assert_eq!(find(&world, &many), ["Lò Thị Mẩy"], "typed «{typed}» over two units");
            let elsewhere = Filter { units: vec![world.neighbour], ..filter(&world, typed) };
            assert!(find(&world, &elsewhere).is_empty(), "the neighbour does not learn of «{typed}»");
        }
        for typed in ["261120-0003/TNHS", "261399-0001", "https://phuckhe.example/theo-doi/0000"] {
            assert!(find(&world, &filter(&world, typed)).is_empty(), "typed «{typed}»");
        }
    });
}

#[test]
fn a_receipts_number_or_link_opens_the_dossier_for_who_may_see_it() {
    each_engine(|database| {
        let site = Site::new(&database);
        let received = site.world.receive(STATUS, "Lò Thị Mẩy");
        let place = format!("/ho-so/{}", received.code);
        for typed in
            ["261120-0001%2FTNHS", &format!("https%3A%2F%2Fphuckhe.example%2Ftheo-doi%2F{}", received.track_token)]
        {
            let address = format!("/ho-so?q={typed}");
            site.client("specialist").get(&address).assert_leads_to(&place);
            let stranger = site.client("stranger").get(&address).assert_status(200);
            assert!(!stranger.text().contains(&received.code), "typed «{typed}»");
        }
    });
}

#[test]
fn an_unknown_dossier_and_one_that_may_not_be_known_answer_alike() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        let stranger = who(&world, world.neighbour, &[&DOSSIERS_SEE]);
        let ask = |code: &str| {
            let answer = world.store.read_blocking(|r| access::visible(r, &stranger, &world.tree, code));
            answer.map(|d| d.code).unwrap_err()
        };
        assert!(matches!(ask(&code), Error::NotFound(_)));
        assert_eq!(
            ask(&code).to_string().replace(&code, "X"),
            ask("H99.01-991231-0001").to_string().replace("H99.01-991231-0001", "X")
        );
        let ours = who(&world, world.commune, &[&DOSSIERS_SEE]);
        let province = who(&world, world.tree.line(world.commune)[1], &[&DOSSIERS_SEE]);
        for who in [&ours, &province] {
            assert!(world.store.read_blocking(|r| access::visible(r, who, &world.tree, &code)).is_ok());
            assert!(access::listed_units(who, &world.tree).contains(&world.commune));
        }
        assert_eq!(access::listed_units(&stranger, &world.tree), [world.neighbour]);
    });
}
