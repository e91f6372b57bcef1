//! Records, tasks and the text index on both engines.

mod look;

use crate::record::{self, NewRecord};
use crate::task::{self, Holder, NewTask, Pace};
use crate::text;
use crate::work::{self, WorkCursor};
use directory::officer::OfficerEntry;
use directory::post::PostEntry;
use directory::{PostKind, UnitEntry, UnitKind, setup};
use store::{Store, Tx};
use testkit::{TestDatabase, each_engine};
use types::{Error, Id, Result, Timestamp};

struct World {
    store: Store,
    unit: Id,
    post: Id,
    other_post: Id,
    officer: Id,
}

fn write<T>(store: &Store, work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> Result<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
{
    let command = store.system_command("test.records", 200);
    store.write_blocking(command, move |tx| {
        tx.not_audited("a test");
        work(tx)
    })
}

impl World {
    fn new(database: &TestDatabase) -> Self {
        database.migrate(&[("directory", directory::MODULE.migrations), ("records", crate::MODULE.migrations)]);
        let store = database.open();
        let from = types::Day(store.now().day().0.yesterday().unwrap());
        let made = write(&store, move |tx| {
            let entry = UnitEntry {
                name: "Xã Phúc Khê".to_owned(),
                short_name: "Phúc Khê".to_owned(),
                kind: UnitKind::Commune,
                code: "H99.01".to_owned(),
                gso_code: String::new(),
            };
            let unit = setup::create_unit(tx, &entry, None, from)?;
            let officer = OfficerEntry { name: "Lò Thị Mẩy".to_owned(), ..OfficerEntry::default() };
            let officer = setup::create_officer(tx, unit, &officer)?;
            let mut post = |title: &str| {
                let entry = PostEntry { kind: PostKind::Specialist, title: title.to_owned(), fields: Vec::new() };
                setup::create_post(tx, unit, &entry, from)
            };
            Ok((unit, post("Một")?, post("Hai")?, officer))
        });
        let (unit, post, other_post, officer) = made.unwrap();
        Self { store, unit, post, other_post, officer }
    }

    fn record(&self, code: &str, title: &str) -> Id {
        let (unit, code, title) = (self.unit, code.to_owned(), title.to_owned());
        write(&self.store, move |tx| {
            let link = format!("/ho-so/{code}");
            let new = NewRecord { kind: "dossier", code: &code, title: &title, unit, link: &link, restricted: false };
            let id = record::enter(tx, &new)?;
            text::index(tx, id, &[unit], &[&title])?;
            Ok(id)
        })
        .unwrap()
    }

    fn task(&self, record: Id, holder: Holder, due_at: i64) -> Id {
        let unit = self.unit;
        write(&self.store, move |tx| {
            let due_at = Timestamp(due_at);
            task::open(tx, &NewTask { record, step: "ky", title: "Ký kết quả", unit, holder, due_at })
        })
        .unwrap()
    }
}

#[test]
fn my_work_joins_posts_and_person_the_most_urgent_first_page_by_page() {
    each_engine(|database| {
        let world = World::new(&database);
        let record = world.record("H99.01-261120-0001", "Khai sinh");
        let (post, other, officer) = (world.post, world.other_post, world.officer);
        let holders = [Holder::Post(post), Holder::Officer(officer), Holder::Post(other), Holder::Post(post)];
        // Two are due at the same moment.
        let dues = [400, 100, 200, 200];
        let ids: Vec<Id> = holders.into_iter().zip(dues).map(|(h, due)| world.task(record, h, due)).collect();
        let expected = [ids[1], ids[2], ids[3], ids[0]];
        let mut seen = Vec::new();
        let mut after: Option<WorkCursor> = None;
        loop {
            let posts = [post, other];
            let page = world.store.read_blocking(|r| work::waiting_for(r, &posts, officer, after, 3)).unwrap();
            assert!(page.len() <= 3);
            let Some(last) = page.last() else { break };
            assert_eq!(last.link, "/ho-so/H99.01-261120-0001");
            after = Some(WorkCursor::from(last));
            seen.extend(page.iter().map(|item| item.task));
        }
        assert_eq!(seen, expected);
        let count =
            |posts: &[Id], most| world.store.read_blocking(|r| work::count_waiting(r, posts, officer, most)).unwrap();
        assert_eq!((count(&[post, other], 99), count(&[post], 99), count(&[], 99), count(&[post], 2)), (4, 3, 1, 2));
    });
}

#[test]
fn what_waits_for_somebody_outside_stands_last_and_is_not_counted() {
    each_engine(|database| {
        let world = World::new(&database);
        let record = world.record("H99.01-261120-0001", "Khai sinh");
        let holder = || Holder::Post(world.post);
        let [late, paused, fetched, last] = [100, 50, 40, 300].map(|due| world.task(record, holder(), due));
        write(&world.store, move |tx| task::set_pace(tx, paused, Pace::Paused)).unwrap();
        write(&world.store, move |tx| task::set_pace(tx, fetched, Pace::PickUp)).unwrap();
        let (posts, officer) = ([world.post], world.officer);
        let page =
            |after, limit| world.store.read_blocking(|r| work::waiting_for(r, &posts, officer, after, limit)).unwrap();
        let all: Vec<Id> = page(None, 9).iter().map(|item| item.task).collect();
        assert_eq!(all, [late, last, paused, fetched]);
        let first = page(None, 3);
        assert_eq!(first[2].pace, Pace::Paused);
        let rest: Vec<Id> = page(Some(WorkCursor::from(&first[2])), 9).iter().map(|item| item.task).collect();
        assert_eq!(rest, [fetched], "the next page goes on among those that stand still");
        assert_eq!(world.store.read_blocking(|r| work::count_waiting(r, &posts, officer, 99)).unwrap(), 2);
        write(&world.store, move |tx| task::set_pace(tx, paused, Pace::Running)).unwrap();
        assert_eq!(page(None, 1)[0].task, paused, "it runs again, and is the most urgent");
    });
}

#[test]
fn a_task_is_closed_once() {
    each_engine(|database| {
        let world = World::new(&database);
        let record = world.record("H99.01-261120-0001", "Khai sinh");
        let id = world.task(record, Holder::Post(world.post), 100);
        write(&world.store, move |tx| task::close(tx, id, "passed")).unwrap();
        let again = write(&world.store, move |tx| task::close(tx, id, "passed"));
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let tasks = world.store.read_blocking(|r| task::of_record(r, record)).unwrap();
        assert_eq!(tasks[0].outcome.as_deref(), Some("passed"));
        assert!(world.store.read_blocking(|r| task::open_of(r, record)).unwrap().is_none());
        let kept = world.store.read_blocking(|r| record::by_code(r, "dossier", "H99.01-261120-0001")).unwrap();
        assert_eq!(kept.unwrap().id, record);
    });
}

#[test]
fn a_task_that_waits_for_nobody_is_found() {
    each_engine(|database| {
        let world = World::new(&database);
        let record = world.record("H99.01-261120-0001", "Khai sinh");
        world.task(record, Holder::Post(world.post), 100);
        let settings =
            web::Settings { data: database.dir.clone(), public_url: String::new(), demo: false, secure_cookies: false };
        let check = |world: &World| world.store.read_blocking(|r| task::check_open_tasks(r, &settings)).unwrap();
        assert!(check(&world).is_empty());
        database.script("UPDATE task SET post_id = NULL");
        assert_eq!(check(&world).len(), 1);
    });
}

#[test]
fn text_is_found_once_page_by_page_exact_accents_first() {
    each_engine(|database| {
        let world = World::new(&database);
        let titles = ["Mẩy", "May", "Mẩy", "Mấy", "Mẩy", "Lò", "may"];
        let ids: Vec<Id> = titles.iter().zip(1..).map(|(title, n)| world.record(&n.to_string(), title)).collect();
        let all = |typed: &str, limit: usize| {
            let (mut found, mut from) = (Vec::new(), None);
            loop {
                let page = world.store.read_blocking(|r| text::find(r, &[world.unit], typed, from, limit)).unwrap();
                found.extend(page.hits.iter().map(|hit| hit.record));
                from = page.next;
                if from.is_none() {
                    return found;
                }
            }
        };
        let exact_first = [ids[4], ids[2], ids[0], ids[6], ids[3], ids[1]];
        for limit in [1, 2, 3, 4, 50] {
            assert_eq!(all("Mẩy", limit), exact_first, "pages of {limit}");
            assert_eq!(all("may", limit), [ids[6], ids[4], ids[3], ids[2], ids[1], ids[0]], "pages of {limit}");
        }
        assert!(world.store.read_blocking(|r| text::find(r, &[Id(1)], "may", None, 9)).unwrap().hits.is_empty());
    });
}
