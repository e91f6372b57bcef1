//! `nhaviec import`: everything is right, or every mistake is told and nothing is changed.

use crate::world::demo_database;
use crate::world::program::Program;
use store::{Engine, params};
use testkit::TestDatabase;

fn versions(database: &TestDatabase) -> (i64, i64) {
    let sql = "SELECT count(*), (SELECT count(*) FROM audit) FROM procedure";
    store::snapshot::hold(&database.location, |reader| reader.one(sql, params![]))
        .expect("the procedures can be counted")
}

fn put(program: &Program, name: &str, text: &str) -> String {
    let path = program.folder().join(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn a_wrong_definition_is_told_whole_and_changes_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = demo_database(engine);
        let program = Program::over(&database);
        let (code, right) = dossiers::procedure::catalogue::FILES[0];
        let before = versions(&database);
        let wrong = right
            .replace("level = \"commune\"", "level = \"làng\"")
            .replace("kind = \"person_name\"", "kind = \"tên người\"")
            .replace("effective_from = ", "effective_from_the = ");
        assert_ne!(wrong, right);
        let wrong = put(&program, "sai.toml", &wrong);
        let changed = put(&program, "dung.toml", &format!("# Bản sửa của địa phương.\n{right}"));
        let ran = program.run(&["import", "procedures", &changed, &wrong]);
        let ran = ran.refused(&["sai.toml", "làng", "tên người", "effective_from"]);
        assert!(ran.err.matches("dòng").count() >= 3, "each mistake has its line:\n{}", ran.err);
        assert_eq!(versions(&database), before, "the right file beside the wrong one was not imported either");
        let missing = program.folder().join("khong-co.toml").display().to_string();
        program.run(&["import", "procedures", &missing]).refused(&["khong-co.toml"]);
        // Control: the right one alone is a new version, and the same again is not.
        let ran = program.run(&["import", "procedures", &changed]).ok();
        assert!(ran.out.contains("dung.toml") || ran.out.contains(code), "{}", ran.out);
        assert_eq!(versions(&database).0, before.0 + 1);
        program.run(&["import", "procedures", &changed]).ok();
        assert_eq!(versions(&database).0, before.0 + 1);
    }
}

#[test]
fn a_year_of_the_calendar_is_imported_or_told_wrong() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = demo_database(engine);
        let program = Program::over(&database);
        let shipped = calendar::PublicHolidays::shipped_files();
        let year = shipped.iter().find(|file| file.year == 2026).expect("2026 is shipped");
        let right = put(&program, "2026.toml", &year.to_text());
        let ran = program.run(&["import", "calendar", &right]).ok();
        assert!(ran.out.contains("2026"), "{}", ran.out);
        let wrong = put(
            &program,
            "sai.toml",
            "year = 2026\n[[break]]\noccasion = \"Tết\"\nfrom = \"2026-02-30\"\nto = \"2026-02-20\"\n",
        );
        program.run(&["import", "calendar", &wrong]).refused(&[]);
        program
            .run(&["import", "calendar", &program.folder().join("khong-co.toml").display().to_string()])
            .refused(&["khong-co.toml"]);
        program.run(&["check"]).ok();
    }
}
