//! A small demo on both engines: whole by its own check, lifelike, the same each time, and never in a real database.

use super::*;
use crate::commands::check;
use crate::house;
use std::collections::BTreeSet;
use store::{Reader, params, snapshot};
use testkit::{TestDatabase, each_engine};
use types::{Day, Id};

fn settings(database: &TestDatabase) -> Settings {
    Settings {
        public_url: "http://127.0.0.1:8080".to_owned(),
        ..Settings::alone(database.location.clone(), &database.dir)
    }
}

fn wish(dossiers: u32) -> Wish {
    Wish { dossiers, seed: 4, now: "2026-11-20T15:20".parse().unwrap() }
}

fn made(settings: &Settings, wish: Wish) -> Made {
    make(settings, wish, &mut |_, _| ()).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
}

fn read<T>(settings: &Settings, work: impl FnOnce(&mut Reader<'_>) -> Result<T>) -> T {
    snapshot::hold(&settings.database, work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
}

#[test]
fn the_demo_is_whole_and_looks_like_a_commune_at_work() {
    each_engine(|database| {
        let settings = settings(&database);
        let made = made(&settings, wish(400));
        assert!(made.token.starts_with("nv_") && made.accounts.iter().all(|a| a.username.ends_with(".demo")));
        let mut findings = Vec::new();
        check::ask(&settings, true, |answer| findings.extend(answer.findings.clone())).unwrap();
        assert_eq!(findings, Vec::<String>::new());
        let (statuses, kinds, stood_in, late, units): (Vec<(i64,)>, Vec<(String,)>, i64, i64, i64) =
            read(&settings, |r| {
                let count = |r: &mut Reader<'_>, sql: &str| r.one::<(i64,)>(sql, params![]).map(|(n,)| n);
                Ok((
                    r.all("SELECT DISTINCT status FROM dossier", params![])?,
                    r.all("SELECT DISTINCT kind FROM dossier_event", params![])?,
                    count(r, "SELECT count(*) FROM dossier_event WHERE on_behalf_of IS NOT NULL")?,
                    count(r, "SELECT count(*) FROM dossier WHERE outcome = 'late'")?,
                    count(r, "SELECT count(*) FROM unit")?,
                ))
            });
        assert_eq!(units, 34 + 3321 + 9);
        for status in [2, 4, 9, 10] {
            assert!(statuses.contains(&(status,)), "nobody is at {status}: {statuses:?}");
        }
        for kind in ["received", "taken", "passed", "noted", "finished", "delivered"] {
            assert!(kinds.contains(&(kind.to_owned(),)), "{kind} never happened");
        }
        assert!(stood_in > 0 && late > 0);
        let now = wish(0).now;
        let (overdue,): (i64,) = read(&settings, |r| {
            r.one(
                "SELECT count(*) FROM dossier WHERE ended_at IS NULL AND status NOT IN (5, 6) AND due_at < $1",
                params![now],
            )
        });
        assert!(overdue > 0, "nothing is overdue");
        let (first, last, days): (Day, Day, i64) = read(&settings, |r| {
            r.one("SELECT min(received_day), max(received_day), count(DISTINCT received_day) FROM dossier", params![])
        });
        let span = last.0.since(first.0).unwrap().get_days();
        assert!((55..=62).contains(&span), "two months of dossiers, from {first} to {last}");
        assert!(days > 35, "only {days} working days have dossiers");
        // Nothing is left for the server to do about the past.
        let (waiting, unsealed): (i64, i64) = read(&settings, |r| {
            let (waiting,) = r.one("SELECT count(*) FROM outbox WHERE done_at IS NULL", params![])?;
            let (unsealed,) = r.one("SELECT count(*) FROM audit WHERE position IS NULL", params![])?;
            Ok((waiting, unsealed))
        });
        assert_eq!((waiting, unsealed), (0, 0));
    });
}

#[test]
fn nothing_lies_in_the_future_and_nobody_is_real() {
    each_engine(|database| {
        let settings = settings(&database);
        let wish = wish(60);
        made(&settings, wish);
        let (newest, communes): (i64, Vec<(String,)>) = read(&settings, |r| {
            let (newest,) = r.one(
                "SELECT max(at) FROM (SELECT max(at) AS at FROM dossier_event UNION ALL SELECT max(at) FROM audit) AS moments",
                params![],
            )?;
            Ok((
                newest,
                r.all(
                    "SELECT DISTINCT u.gso_code FROM dossier d JOIN unit u ON u.id = d.unit_id ORDER BY 1",
                    params![],
                )?,
            ))
        });
        assert!(newest <= wish.now.0);
        assert_eq!(communes, [("99901".to_owned(),), ("99902".to_owned(),)]);
    });
}

#[test]
fn the_same_seed_and_moment_make_the_same_commune() {
    let told = || {
        let database = TestDatabase::sqlite();
        let settings = settings(&database);
        made(&settings, wish(40));
        read(&settings, |r| {
            r.all::<(String, String, i64, i64)>(
                "SELECT code, applicant_name, status, due_at FROM dossier ORDER BY code",
                params![],
            )
        })
    };
    let first = told();
    assert_eq!(first.len(), 40);
    assert_eq!(first, told());
    let names: BTreeSet<&str> = first.iter().map(|(_, name, ..)| name.as_str()).collect();
    assert!(names.len() > 30, "{names:?}");
}

#[test]
fn a_database_that_is_used_is_left_alone_and_an_empty_one_is_not() {
    each_engine(|database| {
        let settings = settings(&database);
        // A schema that nobody has used yet is as good as none.
        database.migrate(&modules::migrations());
        made(&settings, wish(0));
        let before: Vec<(Id,)> = read(&settings, |r| r.all("SELECT id FROM audit ORDER BY id", params![]));
        let refused = make(&settings, wish(5), &mut |_, _| ()).unwrap_err();
        assert!(matches!(&refused, Error::Conflict(sentence) if sentence.contains("đã có dữ liệu")), "{refused}");
        assert_eq!(before, read(&settings, |r| r.all("SELECT id FROM audit ORDER BY id", params![])));
    });
}

#[test]
fn a_real_installation_with_a_demo_account_is_not_opened() {
    each_engine(|database| {
        let settings = settings(&database);
        made(&settings, wish(0));
        let open = || house::open(&settings, Options::default()).map(|_| ());
        open().unwrap_or_else(|e| panic!("{e} {}", e.inward()));
        // What commands ask for is hashed under the installation's key, on every node alike.
        let content = |store: &Store| {
            let command = store.command("mot-lenh-mau".parse().unwrap(), "demo.test", store::Actor::System);
            command.about(&"099198000217").content
        };
        let [one, two] = [0, 1].map(|_| content(house::open(&settings, Options::default()).unwrap().store()));
        assert_eq!(one, two);
        assert_ne!(one, content(&Store::open(&settings.database, Options::default()).unwrap()));
        // What makes it a demo is taken away; its accounts are still there.
        database.script("DELETE FROM installation WHERE name = 'made_by'");
        let refused = open().unwrap_err();
        assert!(refused.to_string().contains("mật khẩu của tài khoản thử"), "{refused}");
        let mut findings = Vec::new();
        check::ask(&settings, false, |answer| findings.extend(answer.findings.clone())).unwrap();
        assert!(findings.iter().any(|finding| finding.contains("motcua1.demo")), "{findings:?}");
    });
}
