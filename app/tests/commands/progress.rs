//! Long work says how far it is: with figures, on standard error, while it goes on and not when it is done.

use crate::world::program::{Program, Ran};
use crate::world::settings;
use app::modules;
use serde_json::Value;
use store::Engine;
use testkit::TestDatabase;
use types::Timestamp;

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Which piece, of how many, and what it is.
type Told = (u64, u64, String);

/// Reads a line like `[3/12] Bảng task`.
fn told(line: &str) -> Option<Told> {
    let (figures, what) = line.strip_prefix('[')?.split_once("] ")?;
    let (piece, all) = figures.split_once('/')?;
    Some((piece.parse().ok()?, all.parse().ok()?, what.to_owned()))
}

fn all_told(text: &str) -> Vec<Told> {
    text.lines().filter_map(told).collect()
}

/// Runs a command over a database that `prepare` makes ready. Fails unless figures are told on standard error, none on
/// standard output, and all of them before the `result`; answers what was told and what was printed.
#[track_caller]
fn tells(engine: Engine, prepare: impl Fn(&TestDatabase), words: &[&str], result: &str) -> (Vec<Told>, Ran) {
    let run = |shell: &str| {
        let database = TestDatabase::on(engine);
        prepare(&database);
        Program::over(&database).after(shell).run(words).ok()
    };
    let apart = run("");
    assert!(all_told(&apart.out).is_empty(), "standard output is left to results:\n{}", apart.out);
    assert!(apart.out.contains(result) && !apart.err.contains(result), "{}\n{}", apart.out, apart.err);
    let figures = all_told(&apart.err);
    assert!(!figures.is_empty(), "{words:?} says nothing while it works:\n{}", apart.err);
    // Only in one stream is it seen what came first.
    let together = run("exec 2>&1").out;
    let (before, after) = together.split_once(result).expect("the result");
    assert!(!all_told(before).is_empty() && all_told(after).is_empty(), "{words:?} tells too late:\n{together}");
    (figures, apart)
}

/// Fails unless every piece was told in its turn; one that took long may have been told again.
#[track_caller]
fn assert_each(figures: &[Told]) {
    assert!(!figures.is_empty(), "nothing was told");
    let mut pieces: Vec<(u64, u64)> = figures.iter().map(|(piece, all, _)| (*piece, *all)).collect();
    pieces.dedup();
    let all = pieces.len() as u64;
    assert_eq!(pieces, (1..=all).map(|piece| (piece, all)).collect::<Vec<_>>());
}

/// What was told of tables.
fn tables(figures: Vec<Told>) -> Vec<Told> {
    figures.into_iter().filter(|(.., what)| what.starts_with("Bảng ")).collect()
}

fn migrated(database: &TestDatabase) {
    database.migrate(&modules::migrations());
}

/// With a few rows in most tables.
fn furnished(database: &TestDatabase) {
    let wish = app::demo::Wish { dossiers: 3, seed: 1, now: Timestamp::now() };
    let made = app::demo::make(&settings(database), wish, &mut |_, _| ());
    made.unwrap_or_else(|e| panic!("the demo: {e} {}", e.inward()));
}

#[test]
fn migrate_tells_each_migration_by_its_name() {
    for engine in ENGINES {
        let (figures, ran) = tells(engine, |_| (), &["migrate"], "đã đúng phiên bản");
        assert_each(&figures);
        let names: Vec<&str> = figures.iter().map(|(.., name)| name.as_str()).collect();
        let done: Vec<&str> = ran.out.lines().collect();
        assert_eq!(names, &done[..done.len() - 1], "those that it says it has done");
    }
}

#[test]
fn demo_tells_the_first_dossier_and_the_last() {
    for engine in ENGINES {
        let (figures, _) = tells(engine, |_| (), &["demo", "--dossiers", "8"], "Đã tạo bản dùng thử");
        let dossiers: Vec<(u64, u64)> =
            figures.iter().filter(|(.., what)| what == "Hồ sơ").map(|(piece, all, _)| (*piece, *all)).collect();
        assert_eq!((dossiers.first(), dossiers.last()), (Some(&(1, 8)), Some(&(8, 8))), "{figures:?}");
    }
}

#[test]
fn check_tells_each_question_before_its_answer() {
    for engine in ENGINES {
        let (figures, ran) = tells(engine, migrated, &["check"], "Dữ liệu nguyên vẹn");
        assert_each(&figures);
        let asked: Vec<&str> = figures.iter().map(|(.., title)| title.as_str()).collect();
        let answered: Vec<&str> = ran.out.lines().filter_map(|line| line.strip_prefix("✓ ")).collect();
        assert_eq!(asked, answered);
        let database = TestDatabase::on(engine);
        migrated(&database);
        let ran = Program::over(&database).run(&["check", "--json"]).ok();
        let answer: Value = serde_json::from_str(&ran.out).expect("nothing but JSON");
        assert_eq!(answer["checks"].as_array().map(Vec::len), Some(all_told(&ran.err).len()));
    }
}

#[test]
fn backup_tells_each_table() {
    for engine in ENGINES {
        let (figures, ran) = tells(engine, furnished, &["backup", "sao-luu.tar.zst"], "Đã sao lưu");
        let tables = tables(figures);
        assert_each(&tables);
        assert!(ran.out.contains(&format!("của {} bảng", tables[0].1)), "{}\n{tables:?}", ran.out);
    }
}

#[test]
fn restore_tells_each_table_that_has_rows() {
    for engine in ENGINES {
        let source = TestDatabase::on(engine);
        furnished(&source);
        let file = source.dir.join("sao-luu.tar.zst").display().to_string();
        Program::over(&source).run(&["backup", &file]).ok();
        let (figures, ran) = tells(engine, |_| (), &["restore", &file], "Đã phục hồi");
        let tables = tables(figures);
        assert!(tables.len() >= 10 && tables.is_sorted_by_key(|(piece, ..)| *piece), "{tables:?}");
        let all = format!("của {} bảng", tables[0].1);
        assert!(ran.out.contains(&all), "{}\n{tables:?}", ran.out);
    }
}

#[test]
fn copy_tells_each_table() {
    let words = ["copy", "--to-database", "sqlite:../ban-chep.db", "--to-data", "../ban-chep"];
    for engine in ENGINES {
        let (figures, ran) = tells(engine, furnished, &words, "Đã chép");
        let tables = tables(figures);
        assert_each(&tables);
        assert!(ran.out.contains(&format!("của {} bảng", tables[0].1)), "{}\n{tables:?}", ran.out);
    }
}

#[test]
fn import_tells_each_file() {
    let catalogue = dossiers::procedure::catalogue::FILES;
    for engine in ENGINES {
        let offered = |database: &TestDatabase| {
            migrated(database);
            for (name, (_, text)) in ["mot.toml", "hai.toml"].iter().zip(catalogue) {
                std::fs::write(database.dir.join(name), text).expect("a file");
            }
        };
        let words = ["import", "procedures", "mot.toml", "hai.toml"];
        let (figures, _) = tells(engine, offered, &words, "thủ tục mới");
        assert_eq!(figures, [(1, 2, "mot.toml".to_owned()), (2, 2, "hai.toml".to_owned())]);
    }
    let offered = |database: &TestDatabase| {
        furnished(database);
        let shipped = calendar::PublicHolidays::shipped_files();
        let year = shipped.iter().find(|file| file.year == 2026).expect("2026 is shipped");
        std::fs::write(database.dir.join("2026.toml"), year.to_text()).expect("a file");
    };
    let (figures, _) = tells(Engine::Sqlite, offered, &["import", "calendar", "2026.toml"], "Đã nhập lịch");
    assert_eq!(figures, [(1, 1, "2026.toml".to_owned())]);
}

#[test]
fn whoever_reads_it_may_have_gone_away() {
    let database = TestDatabase::on(Engine::Sqlite);
    let run = |words: &[&str]| Program::over(&database).after("exec 2>/dev/full").run(words).ok();
    run(&["migrate"]);
    run(&["check"]);
    run(&["backup", "sao-luu.tar.zst"]);
}

#[test]
fn bench_tells_each_measurement() {
    let words = ["bench", "--engine", "sqlite", "--seconds", "1", "--dossiers", "200", "--json"];
    let ran = Program::alone().run(&words).ok();
    let report: Value = serde_json::from_str(&ran.out).expect("nothing but JSON");
    assert_eq!(report["engines"].as_array().map(Vec::len), Some(1));
    let measured: Vec<Told> = all_told(&ran.err).into_iter().filter(|(.., what)| what.starts_with("Đo ")).collect();
    assert_each(&measured);
}

#[test]
fn control_only_figures_count_as_progress() {
    assert_eq!(told("[3/12] Bảng task, 40 dòng"), Some((3, 12, "Bảng task, 40 dòng".to_owned())));
    for line in ["Hồ sơ…", "[x/y] z", "[1] Bảng task", "✓ Bảng task 3/12", "["] {
        assert_eq!(told(line), None, "{line}");
    }
}
