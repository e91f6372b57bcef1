//! From nothing to an installation: `migrate`, `demo`, `token`, settings.

use crate::world::program::Program;
use crate::world::{OWN, fill, settings};
use app::modules;
use std::collections::BTreeMap;
use store::{Reader, params};
use testkit::{TestDatabase, each_engine};

fn rows(database: &TestDatabase) -> BTreeMap<String, i64> {
    let count = |reader: &mut Reader<'_>| {
        let mut rows = BTreeMap::new();
        for table in store::schema::tables(reader)? {
            let (n,): (i64,) = reader.one(&format!("SELECT count(*) FROM {}", table.name), params![])?;
            rows.insert(table.name, n);
        }
        Ok(rows)
    };
    store::snapshot::hold(&database.location, count).expect("the tables can be counted")
}

#[test]
fn migrating_twice_does_nothing_the_second_time() {
    each_engine(|database| {
        let program = Program::over(&database);
        let first = program.run(&["migrate"]).ok();
        assert!(!first.out.contains("(0 bước mới)"), "{}", first.out);
        let second = program.run(&["migrate"]).ok();
        assert!(second.out.contains("(0 bước mới)"), "{}", second.out);
        let check = program.run(&["check"]).ok();
        assert!(check.out.contains("Dữ liệu nguyên vẹn"), "{}", check.out);
    });
}

#[test]
fn the_demo_is_made_once_and_never_over_anything() {
    each_engine(|database| {
        let program = Program::over(&database);
        program.run(&["migrate"]).ok();
        let (word, count) = crate::world::demo_words();
        program.run(&["demo", word, count]).ok();
        let before = rows(&database);
        assert!(before["dossier"] > 0 && before["account"] > 0);
        program.run(&["demo", word, count]).refused(&["trống"]);
        assert_eq!(rows(&database), before, "a refused demo leaves no trace");
        program.run(&["check"]).ok();
    });
}

#[test]
fn a_token_works_for_its_officer_and_an_unknown_one_is_told() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let program = Program::over(&database);
        let sql = "SELECT a.username FROM account a JOIN officer o ON o.id = a.officer_id JOIN unit u ON u.id = o.unit_id
                   WHERE u.code = $1 OR u.id IN (SELECT p.unit_id FROM unit_place p JOIN unit c ON c.id = p.parent_id WHERE c.code = $1)
                   ORDER BY a.username LIMIT 1";
        let (username,): (String,) = store::snapshot::hold(&database.location, |reader| reader.one(sql, params![OWN]))
            .expect("the demo has accounts");
        let token = program.run(&["token", &username, "--name", "kiosk quầy 1", "--days", "30"]).ok().out;
        assert!(token.starts_with("nv_") && token.trim().len() > 40, "{token}");
        program.run(&["token", "khong-co-ai"]).refused(&["khong-co-ai"]);
        let mut server = program.serve();
        server.token = token.trim().to_owned();
        assert_ne!(server.get("/api/v1/dossiers").status, 401, "the token is known");
        server.token = format!("{}x", token.trim());
        assert_eq!(server.get("/api/v1/dossiers").status, 401, "another is not");
    });
}

#[test]
fn tokens_are_listed_and_ended_on_the_command_line() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let program = Program::over(&database);
        let name = "motcua2.demo";
        program.run(&["token", name, "--name", "kiosk quầy 2"]).ok();
        let listed = program.run(&["token", name, "--list"]).ok().out;
        let line = listed.lines().find(|line| line.contains("kiosk quầy 2")).expect("the token is listed");
        let number = line.split_whitespace().next().expect("a number").to_owned();
        program.run(&["token", "vanthu.demo", "--end", &number]).refused(&[&number]);
        program.run(&["token", name, "--end", &number]).ok();
        program.run(&["token", name, "--end", &number]).refused(&["đã kết thúc"]);
        assert!(!program.run(&["token", name, "--list"]).ok().out.contains("kiosk quầy 2"));
    });
}

#[test]
fn wrong_settings_are_told_by_name() {
    for (name, value) in [
        ("NHAVIEC_LISTEN", "cổng 80"),
        ("NHAVIEC_DATABASE", "mysql://localhost/nhaviec"),
        ("NHAVIEC_BEHIND_PROXY", "có"),
        ("NHAVIEC_METRICS_TOKEN", "qua-ngan"),
    ] {
        Program::alone().with(name, value).run(&["migrate"]).refused(&[name, "Cấu hình chưa đúng"]);
    }
    let program = Program::alone();
    std::fs::write(program.folder().join("nhaviec.toml"), "cong = 80\n").expect("a file of settings");
    program.run(&["migrate"]).refused(&["nhaviec.toml", "cong"]);
    let program = Program::alone().with("NHAVIEC_DATA", "/proc/khong-ghi-duoc");
    program.run(&["migrate"]).refused(&["/proc/khong-ghi-duoc"]);
}

#[test]
fn a_file_of_settings_is_read_and_the_environment_wins() {
    let program = Program::alone();
    std::fs::write(program.folder().join("nhaviec.toml"), "data = \"kho\"\n").expect("a file of settings");
    program.run(&["migrate"]).ok();
    assert!(program.folder().join("kho/nhaviec.db").exists());
    let program = program.with("NHAVIEC_DATA", "kho-khac");
    program.run(&["migrate"]).ok();
    assert!(program.folder().join("kho-khac/nhaviec.db").exists());
}

#[test]
fn a_database_that_is_not_there_is_told() {
    let program = Program::alone();
    for command in [&["check"][..], &["token", "ai-do"], &["backup", "x.tar.zst"]] {
        let ran = program.run(command).refused(&[]);
        assert!(
            ran.err.chars().any(|c| c == 'ở' || c == 'ơ' || c == 'ư' || c == 'ệ' || c == 'ữ'),
            "{command:?}: {}",
            ran.err
        );
    }
    let nobody = Program::alone().with("NHAVIEC_DATABASE", "postgres://nobody@127.0.0.1:1/nowhere");
    nobody.run(&["migrate"]).refused(&["Cơ sở dữ liệu không trả lời"]);
}

#[test]
fn a_newer_schema_is_refused_by_every_command_that_would_use_it() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        database.script(
            "INSERT INTO migration (module, number, name, sum, applied_at)
             SELECT 'dossiers', 999, 'from_the_future', 'x', applied_at FROM migration WHERE module = 'dossiers' AND number = 1",
        );
        let program = Program::over(&database);
        for command in ["serve", "migrate", "check"] {
            program.run(&[command]).refused(&["phiên bản mới hơn"]);
        }
    });
}

#[test]
fn the_settings_of_the_tests_are_those_of_the_program() {
    let database = TestDatabase::sqlite();
    database.migrate(&modules::migrations());
    assert!(settings(&database).for_web(false).data.exists());
}
