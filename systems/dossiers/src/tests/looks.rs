//! Who looked is told: every way of looking leaves its reason, the party is answered, and nobody else is.

use super::house::Site;
use super::world::{NUMBER, STATUS, World};
use crate::dossier;
use crate::verbs::receive;
use directory::Keys;
use directory::keys::rotation;
use records::look::{self, What, Why};
use store::params;
use testkit::each_engine;
use types::Id;

/// What was noted about a dossier, the newest first.
fn noted(world: &World, record: Id) -> Vec<(What, Why, Option<String>)> {
    let told = world.store.read_blocking(|r| look::at_any_of(r, (&[record], &[]), None, 50)).unwrap();
    told.into_iter().map(|told| (told.look.what, told.look.why, told.look.step)).collect()
}

#[test]
fn every_way_of_looking_is_noted_with_what_explains_it() {
    each_engine(|database| {
        let site = Site::new(&database);
        let received = site.world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh");
        let see = |who: &str, tail: &str| {
            let path = format!("/ho-so/{}{tail}", received.code);
            site.client(who).get(&path).assert_status(200);
            site.looks.write(&site.world.store).unwrap();
        };
        see("specialist", "");
        // Once more before it is written is one look.
        let mut counter = site.client("counter");
        for _ in 0..2 {
            counter.get(&format!("/ho-so/{}", received.code)).assert_status(200);
        }
        site.looks.write(&site.world.store).unwrap();
        see("counter", "/tiep-nhan");
        see("province", "");
        site.world.pass(site.world.specialist, &received.code).unwrap();
        see("specialist", "");
        let found = noted(&site.world, received.id);
        let step = |title: &str| Some(title.to_owned());
        let definition = site.world.procedure(STATUS).definition;
        let own = step(&definition.steps[0].title);
        let next = step(&definition.steps[1].title);
        assert_eq!(
            found,
            [
                (What::Page, Why::Done, next.clone()),
                // The head of the department, as the province's office; nothing waits for them yet.
                (What::Page, Why::Oversight, None),
                (What::Page, Why::Done, own.clone()),
                (What::Page, Why::Done, own),
                (What::Page, Why::Step, next),
            ]
        );
        // Who is refused has not looked.
        site.client("stranger").get(&format!("/ho-so/{}", received.code)).assert_status(404);
        site.client("nobody").get(&format!("/theo-doi/{}", received.track_token)).assert_status(200);
        site.looks.write(&site.world.store).unwrap();
        assert_eq!(noted(&site.world, received.id).len(), 5);
    });
}

#[test]
fn prints_searches_and_lists_as_files_are_noted_too() {
    each_engine(|database| {
        let site = Site::new(&database);
        let received = site.world.receive(STATUS, "Nguyễn Thị Mỹ Hạnh");
        let path = format!("/ho-so/{}", received.code);
        let mut specialist = site.client("specialist");
        // Nothing prints here; who asked for a print has seen what the job holds all the same.
        specialist.get(&format!("{path}/giay-tiep-nhan.pdf"));
        specialist.get(&format!("{path}/phieu-kiem-soat.pdf"));
        site.looks.write(&site.world.store).unwrap();
        let whats: Vec<What> = noted(&site.world, received.id).into_iter().map(|look| look.0).collect();
        assert_eq!(whats, [What::Print], "the same print twice before it is written is one");
        specialist.get(&format!("/ho-so?q={NUMBER}")).assert_status(200);
        specialist.get(&format!("/ho-so/so-theo-doi.xlsx?q={NUMBER}")).assert_status(200);
        specialist.get("/ho-so/so-theo-doi.xlsx?q=nguy%E1%BB%85n").assert_status(200);
        site.looks.write(&site.world.store).unwrap();
        let rows: Vec<(String, Option<String>, Option<String>)> = site
            .world
            .store
            .read_blocking(|r| {
                r.all("SELECT what, subject, step FROM look WHERE record_id IS NULL ORDER BY id", params![])
            })
            .unwrap();
        let mark = dossier::mark_of(&site.world.keys, NUMBER);
        let found: Vec<(&str, Option<&str>, Option<&str>)> =
            rows.iter().map(|(what, subject, step)| (&what[..], subject.as_deref(), step.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("search", Some(&mark[..]), None),
                ("export", Some(&mark[..]), Some("Tìm «•••»")),
                ("export", None, Some("Tìm «nguyễn»")),
            ]
        );
        // Who searched in another commune is told there; here the list says what it has.
        site.client("stranger").get(&format!("/ho-so?q={NUMBER}")).assert_status(200);
        site.looks.write(&site.world.store).unwrap();
        let page =
            site.client("counter").get(&format!("{path}/luot-xem?ca-nguoi=1")).assert_status(200).text().to_owned();
        assert!(page.contains("đơn vị mà ông/bà được xem"), "{page}");
        assert_eq!(page.matches("Tìm theo số định danh").count(), 1, "{page}");
        assert_eq!(page.matches("Tải sổ theo dõi").count(), 1, "{page}");
    });
}

#[test]
fn numbers_stand_whole_only_before_whoever_holds_the_step() {
    each_engine(|database| {
        let site = Site::new(&database);
        let mut new = site.world.new_dossier(STATUS, "Lò Thị Mẩy");
        new.values.insert("residence_history".to_owned(), format!("Ở với mẹ, số {NUMBER}, từ 2016"));
        let command = site.world.command(site.world.counter, "dossiers.receive");
        let received = site.world.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap();
        let page = |who: &str| {
            let answer = site.client(who).get(&format!("/ho-so/{}", received.code));
            answer.assert_status(200).text().to_owned()
        };
        assert!(page("specialist").contains(NUMBER));
        let seen = page("province");
        assert!(!seen.contains(NUMBER) && seen.contains("Ở với mẹ, số •••"), "{seen}");
    });
}

#[test]
fn the_party_is_answered_about_one_dossier_and_about_all_and_after_a_change_of_keys() {
    each_engine(|database| {
        let site = Site::new(&database);
        let world = &site.world;
        let [one, two] = ["Lò Thị Mẩy", "Lò Thị Mẩy"].map(|name| world.receive(STATUS, name));
        let mut other = world.new_dossier(STATUS, "Đặng Đình Ưởng");
        other.values.insert("applicant_identity".to_owned(), "099098000999".to_owned());
        let command = world.command(world.counter, "dossiers.receive");
        let other = world.store.write_blocking(command, move |tx| receive::receive(tx, &other));
        let other = other.unwrap();
        let mut specialist = site.client("specialist");
        for path in [format!("/ho-so/{}", two.code), format!("/ho-so/{}", other.code), format!("/ho-so?q={NUMBER}")] {
            specialist.get(&path).assert_status(200);
        }
        site.looks.write(&world.store).unwrap();
        // What was searched for is kept as a mark under the key of that day.
        rotation::begin(&world.store, &database.dir).unwrap();
        rotation::go_on(&world.store, &Keys::read(&database.dir).unwrap(), &[dossier::SEALED], 9).unwrap();
        // A node looks at the key file every five seconds.
        std::thread::sleep(std::time::Duration::from_secs(6));
        let page = |tail: &str| {
            let answer = site.client("counter").get(&format!("/ho-so/{}/luot-xem{tail}", one.code));
            answer.assert_status(200).text().to_owned()
        };
        assert!(page("").contains("Chưa có lượt xem nào"), "nobody looked at this one");
        let all = page("?ca-nguoi=1");
        for words in [two.code.as_str(), "Tìm theo số định danh", "Chẩu Thị Xuyến Chi", "Đang giữ bước"]
        {
            assert!(all.contains(words), "«{words}» in {all}");
        }
        assert!(!all.contains(&other.code), "of nobody else");
        assert!(!all.contains(NUMBER), "and the number itself is nowhere");
        site.looks.write(&world.store).unwrap();
        assert_eq!(noted(world, one.id).first().map(|look| look.0), Some(What::Looks), "that is a look, too");
        // Without the permission, and in another commune, there is no such page.
        let path = format!("/ho-so/{}/luot-xem", one.code);
        assert_eq!(site.client("specialist").get(&path).status, 403);
        assert_eq!(site.client("stranger").get(&path).status, 404);
    });
}

#[test]
fn a_long_list_of_looks_is_read_page_by_page() {
    each_engine(|database| {
        let site = Site::new(&database);
        let received = site.world.receive(STATUS, "Lò Thị Mẩy");
        for _ in 0..60 {
            site.client("specialist").get(&format!("/ho-so/{}", received.code)).assert_status(200);
            site.looks.write(&site.world.store).unwrap();
        }
        let path = format!("/ho-so/{}/luot-xem", received.code);
        let first = site.client("counter").get(&path).assert_status(200).text().to_owned();
        let rows = |text: &str| text.matches("<tr").count() - 1;
        assert_eq!(rows(&first), 50);
        let (last,): (Id,) = site
            .world
            .store
            .read_blocking(|r| r.one("SELECT id FROM look ORDER BY id DESC LIMIT 1 OFFSET 49", params![]))
            .unwrap();
        assert!(first.contains(&format!("luot-xem?sau={last}")), "the next page is linked");
        let second = site.client("counter").get(&format!("{path}?sau={last}")).assert_status(200).text().to_owned();
        assert_eq!(rows(&second), 10);
    });
}
