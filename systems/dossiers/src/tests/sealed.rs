//! Numbers of people stand nowhere in the open: found by a mark, opened in their own row only, sealed anew step by step.

use super::house::Site;
use super::pages_counter::{confirmed, filled, form};
use super::world::{MODULES, NUMBER, STATUS, World};
use crate::dossier;
use crate::lists::{self, Filter};
use directory::Keys;
use directory::keys::{rotation, sealed};
use store::{Val, Values, params, schema};
use testkit::{TestDatabase, each_engine};
use types::{Error, Result};
use web::Sealed;

fn tables() -> Vec<Sealed> {
    MODULES.iter().flat_map(|module| module.sealed).copied().collect()
}

/// How many dossiers are found by the party's number, typed as people type it.
fn found(world: &World, keys: &Keys) -> usize {
    let filter = Filter {
        typed: "099 198 000217".to_owned(),
        units: vec![world.commune],
        scopes: vec![world.commune],
        ..Filter::default()
    };
    world.store.read_blocking(|r| lists::list(r, keys, (&filter, None), 500)).unwrap().dossiers.len()
}

fn faults(world: &World, database: &TestDatabase) -> Vec<String> {
    let now = world.store.now();
    world.store.read_blocking(|r| sealed::faults(r, &database.dir, &tables(), now)).unwrap()
}

fn go_on(world: &World, keys: &Keys, most: usize) -> bool {
    rotation::go_on(&world.store, keys, &tables(), most).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
}

#[test]
fn a_personal_number_stands_in_no_table() {
    each_engine(|database| {
        let site = Site::new(&database);
        // Received as people do it, so that everything that pages and lists leave behind is there too.
        let mut counter = site.client("counter");
        let entry = form(counter.get(&format!("/tiep-nhan/{STATUS}")).assert_status(200));
        let entry = filled(entry).set("f.applicant_identity", NUMBER).set("f.subject_identity", NUMBER);
        let mut answer = counter.submit(&entry);
        if answer.status == 422 {
            answer = counter.submit(&confirmed(answer));
        }
        let answer = answer.assert_status(303);
        let code =
            answer.header("location").and_then(|path| path.split('/').nth(2)).expect("a dossier's page").to_owned();
        counter.get(&format!("/ho-so?q={NUMBER}")).assert_status(200);
        counter.get(&format!("/ho-so/{code}")).assert_status(200);
        let seen = site.world.store.read_blocking(|r| {
            let mut seen = 0;
            for table in schema::tables(r)? {
                let rows: Vec<Values> = r.all(&format!("SELECT * FROM {}", table.name), params![])?;
                seen += rows.len();
                for row in rows {
                    let text = format!("{:?}", row.0);
                    assert!(!text.contains(NUMBER), "{}: {text}", table.name);
                    let is_in = |bytes: &[u8]| bytes.windows(NUMBER.len()).any(|part| part == NUMBER.as_bytes());
                    let blobs =
                        row.0.iter().filter_map(|value| if let Val::Blob(bytes) = value { Some(bytes) } else { None });
                    assert!(!blobs.into_iter().any(|bytes| is_in(bytes)), "{}: in bytes", table.name);
                }
            }
            Ok(seen)
        });
        assert!(seen.unwrap() > 100, "rows were looked at");
        assert_eq!(found(&site.world, &site.world.keys), 1, "and it is found by its mark");
    });
}

#[test]
fn a_form_opens_in_its_own_row_only_and_what_was_changed_is_found() {
    each_engine(|database| {
        let world = World::new(&database);
        let [one, two] = ["Lò Thị Mẩy", "Đặng Đình Ưởng"].map(|name| world.receive(STATUS, name).id);
        let form = |id| world.store.read_blocking(|r| dossier::form(r, &world.keys, id));
        assert_eq!(form(one).unwrap()["subject_name"], "Lò Thị Mẩy");
        assert_eq!(faults(&world, &database), Vec::<String>::new());
        database.script(&format!("UPDATE dossier SET identity_mark = 'ab' WHERE id = {one}"));
        assert_eq!(faults(&world, &database), ["1 hồ sơ có chỉ mục tìm kiếm khác với giá trị đã mã hóa."]);
        assert_eq!(found(&world, &world.keys), 1);
        database.script(&format!(
            "UPDATE dossier SET form = (SELECT o.form FROM dossier o WHERE o.id = {two}) WHERE id = {one}"
        ));
        assert!(matches!(form(one), Err(Error::Unavailable { .. })), "another's form is none");
        assert_eq!(form(two).unwrap()["subject_name"], "Đặng Đình Ưởng");
        assert_eq!(faults(&world, &database), ["1 hồ sơ có giá trị mà không khóa nào mở được."]);
        let other = Keys::open(&database.dir.join("khac")).unwrap();
        let strange = world.store.read_blocking(|r| dossier::form(r, &other, two));
        assert!(matches!(strange, Err(Error::Unavailable { .. })));
        assert_eq!(found(&world, &other), 0);
    });
}

/// More than one write seals anew.
const MORE_THAN_A_ROUND: usize = 130;

#[test]
fn keys_change_while_people_work_and_after_a_kill_in_the_middle() {
    each_engine(|database| {
        let world = World::new(&database);
        for _ in 0..MORE_THAN_A_ROUND {
            world.receive(STATUS, "Lò Thị Mẩy");
        }
        rotation::begin(&world.store, &database.dir).unwrap();
        let keys = Keys::read(&database.dir).unwrap();
        assert_eq!(found(&world, &keys), MORE_THAN_A_ROUND, "those of the old key are found");
        // Of `account`, of `certificate_request`, then a hundred dossiers; here the program is killed.
        assert!(!go_on(&world, &keys, 3));
        let left = |world: &World| {
            world.store.read_blocking(|r| rotation::turning(r, &tables())).unwrap().map(|turning| turning.left)
        };
        assert_eq!(left(&world), Some(30));
        assert_eq!(found(&world, &keys), MORE_THAN_A_ROUND, "those of both keys are found");
        assert_eq!(faults(&world, &database), Vec::<String>::new());
        // A failure in the middle of a write leaves none of it.
        database.script(match database.engine() {
            store::Engine::Sqlite => {
                "CREATE TRIGGER stop BEFORE UPDATE OF form ON dossier WHEN old.code LIKE '%0120'
                 BEGIN SELECT raise(ABORT, 'killed'); END"
            }
            store::Engine::Postgres => {
                "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN IF old.code LIKE '%0120' THEN RAISE 'killed'; END IF; RETURN new; END $$;
                 CREATE TRIGGER stop BEFORE UPDATE OF form ON dossier FOR EACH ROW EXECUTE FUNCTION stop()"
            }
        });
        assert!(rotation::go_on(&world.store, &keys, &tables(), 9).is_err());
        assert_eq!(left(&world), Some(30));
        database.script(match database.engine() {
            store::Engine::Sqlite => "DROP TRIGGER stop",
            store::Engine::Postgres => "DROP TRIGGER stop ON dossier; DROP FUNCTION stop",
        });
        // A node that has not heard of the new key receives meanwhile.
        world.receive(STATUS, "Lò Thị Mẩy");
        world.clock.set(types::Timestamp(world.store.now().0 + 11 * 60_000_000));
        let restarted = database.open_with(testkit::options_at(&world.clock));
        assert!(rotation::go_on(&restarted, &keys, &tables(), 9).unwrap());
        assert_eq!(left(&world), None);
        assert_eq!(found(&world, &keys), MORE_THAN_A_ROUND + 1);
        assert_eq!(faults(&world, &database), Vec::<String>::new());
        let (old,): (i64,) = world
            .store
            .read_blocking(|r| r.one("SELECT count(*) FROM dossier WHERE form LIKE '1.%'", params![]))
            .unwrap();
        assert_eq!(old, 0);
    });
}

#[test]
fn without_its_key_a_dossier_is_worked_on_all_the_same() {
    each_engine(|database| {
        let site = Site::new(&database);
        let received = site.world.receive(STATUS, "Lò Thị Mẩy");
        database.script("UPDATE dossier SET form = '7.AAAA'");
        let page = site.client("specialist").get(&format!("/ho-so/{}", received.code)).assert_status(200);
        for words in ["Phần kê khai không mở được", "Lò Thị Mẩy"] {
            assert!(page.text().contains(words), "{words}");
        }
        site.world.pass(site.world.specialist, &received.code).unwrap();
        site.client("nobody").get(&format!("/theo-doi/{}", received.track_token)).assert_status(200);
        // Its phone opens it to the party; its number cannot.
        let tried = |tail: &str| -> Result<u16> {
            let mut citizen = site.client("nobody");
            let form = citizen.get("/tra-cuu").page().form("form[action='/tra-cuu']");
            Ok(citizen.submit(&form.set("code", &received.code).set("tail", tail)).status)
        };
        assert_eq!((tried("5678").unwrap(), tried("0217").unwrap()), (303, 422));
    });
}
