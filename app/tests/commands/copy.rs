//! An installation moves to the other engine, as its administrator moves it.

use crate::world::program::{Program, Ran};
use crate::world::{carry_key, database_variable, demo_database, fill};
use serde_json::Value;
use std::collections::BTreeMap;
use store::{Engine, deltas, snapshot};
use testkit::{TestDatabase, each_engine};
use types::Timestamp;

/// Copies to a test's database and folder.
fn copy(program: &Program, to: &TestDatabase, more: &[&str]) -> Ran {
    let (place, folder) = (database_variable(&to.location), to.dir.display().to_string());
    let mut words = vec!["copy", "--to-database", place.as_str(), "--to-data", folder.as_str()];
    words.extend(more);
    program.run(&words)
}

/// The questions of `check` with what was found; whether SQLite's file is sound is asked of SQLite only.
fn checked(program: &Program) -> BTreeMap<String, Value> {
    let ran = program.run(&["check", "--json"]).ok();
    let answer: Value = serde_json::from_str(&ran.out).expect("nothing but JSON");
    let checks = answer["checks"].as_array().expect("the questions").iter();
    let told = checks.map(|check| (check["title"].as_str().expect("a title").to_owned(), check["findings"].clone()));
    told.filter(|(title, _)| title != "Cấu trúc tệp cơ sở dữ liệu").collect()
}

/// What was counted, by unit, measure, subject and day.
fn sums(database: &TestDatabase) -> BTreeMap<deltas::Place, i64> {
    snapshot::hold(&database.location, deltas::by_day).expect("the figures")
}

fn moved(from: Engine, to: Engine) {
    let database = demo_database(from);
    let program = Program::over(&database);
    // While people work, only when that is asked for; and then it is a copy of that moment.
    let server = program.serve();
    let other = TestDatabase::on(to);
    copy(&program, &other, &[]).refused(&["dừng máy chủ", "--while-serving"]);
    let meanwhile = TestDatabase::on(from);
    let ran = copy(&program, &meanwhile, &["--while-serving", "--json"]).ok();
    let told: Value = serde_json::from_str(&ran.out).expect("nothing but JSON");
    assert!(told["rows"].as_u64() > Some(1000) && told["begun_at"].is_string(), "{told}");
    assert_eq!(server.stop(), 0);
    carry_key(&database, &meanwhile);
    Program::over(&meanwhile).run(&["check"]).ok();

    let ran = copy(&program, &other, &[]).ok();
    for part in ["Đã chép", "đã được đối chiếu", "không có trong bản chép", "keys/directory.key", "NHAVIEC_DATABASE"]
    {
        assert!(ran.out.contains(part), "«{part}» is not said:\n{}", ran.out);
    }
    carry_key(&database, &other);
    let over_other = Program::over(&other);
    let before = checked(&program);
    assert!(before.values().all(|findings| findings.as_array().is_some_and(Vec::is_empty)), "{before:?}");
    assert_eq!(checked(&over_other), before);
    assert!(!sums(&database).is_empty());
    assert_eq!(sums(&other), sums(&database));
    let head = |of: &TestDatabase| snapshot::hold(&of.location, store::audit::head).expect("the audit's head");
    assert_eq!(head(&other), head(&database));
    assert_eq!(app::anchor::last(&other.dir).expect("the anchor"), Some(head(&other)));
    copy(&program, &other, &[]).refused(&["không trống"]);
    // What arrived can be worked with.
    let server = over_other.serve();
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.stop(), 0);
}

#[test]
fn from_sqlite_to_postgresql() {
    moved(Engine::Sqlite, Engine::Postgres);
}

#[test]
fn from_postgresql_to_sqlite() {
    moved(Engine::Postgres, Engine::Sqlite);
}

#[test]
fn a_copy_that_is_refused_leaves_everything_as_it_was() {
    each_engine(|database| {
        fill(&database, Timestamp::now());
        let program = Program::over(&database);
        copy(&program, &database, &[]).refused(&["Nơi đến trùng với nơi đang dùng"]);
        let sql = "SELECT DISTINCT hash FROM file ORDER BY hash";
        let hashes: Vec<(String,)> = snapshot::hold(&database.location, |r| r.all(sql, &[])).expect("the files");
        let files = files::FileStore::open(&database.dir).expect("the folder of files");
        let path = files.path(&hashes.first().expect("the demo has files").0);
        let kept = std::fs::read(&path).expect("a content file");
        std::fs::write(&path, "khác").expect("a damaged file");
        for to in [Engine::Sqlite, Engine::Postgres] {
            let other = TestDatabase::on(to);
            copy(&program, &other, &[]).refused(&["1 tệp nội dung", &hashes[0].0, "vẫn trống"]);
            std::fs::write(&path, &kept).expect("the file again");
            let ran = copy(&program, &other, &[]).ok();
            assert_eq!(ran.out.contains("tệp đã có sẵn"), hashes.len() > 1, "{}", ran.out);
            std::fs::write(&path, "khác").expect("a damaged file");
        }
        let nowhere = ["copy", "--to-database", "mysql://xa", "--to-data", "x"];
        program.run(&nowhere).refused(&["mysql://xa"]);
    });
}

#[test]
fn a_copy_says_that_the_key_stays_behind_and_what_to_do() {
    let database = demo_database(Engine::Sqlite);
    let program = Program::over(&database);
    super::key_file::seal_something(&database);
    let other = TestDatabase::postgres();
    let told = copy(&program, &other, &[]).ok().out;
    for part in ["cất riêng", "Không thấy tệp khóa", "nhaviec keys lost"] {
        assert!(told.contains(part), "«{part}»: {told}");
    }
    assert!(!other.dir.join("keys").exists());
}
