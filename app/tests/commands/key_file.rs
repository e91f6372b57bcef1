//! The key file on the command line: a lost one is told, and there is a way out without any administrator.

use crate::world::fill;
use crate::world::program::Program;
use testkit::{TestDatabase, each_engine};

/// What no key opens.
fn seal_something(database: &TestDatabase) {
    database.script("UPDATE account SET totp_secret = 'AAAA', totp_confirmed_at = 1 WHERE username = 'quantri.demo'");
}

#[test]
fn a_house_whose_key_is_lost_stays_closed_until_second_factors_are_removed() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let program = Program::over(&database);
        let key = database.dir.join("keys/directory.key");
        seal_something(&database);
        let _ = std::fs::remove_file(&key);
        program.run(&["serve"]).refused(&["Không khởi động", "Không thấy tệp khóa", "second-factor --broken"]);
        assert!(!key.exists(), "no new key is made in place of the lost one");
        let told = program.run(&["second-factor", "--broken"]).ok().out;
        assert!(told.contains("1 tài khoản"), "{told}");
        assert_eq!(program.serve().get("/healthz").status, 200);
        assert!(key.exists());
        // Another key than the one it was sealed with.
        seal_something(&database);
        program.run(&["serve"]).refused(&["không khớp với tệp khóa"]);
        program.run(&["second-factor", "quantri.demo"]).ok();
        program.run(&["second-factor", "quantri.demo"]).refused(&["chưa bật"]);
        program.run(&["second-factor", "khong-co-ai"]).refused(&["khong-co-ai"]);
        assert_eq!(program.serve().get("/healthz").status, 200);
    });
}

#[test]
fn a_restore_says_that_the_key_is_kept_apart_and_what_to_do() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let restore = |file: &str| {
            let empty = TestDatabase::on(database.engine());
            Program::over(&empty).run(&["restore", file]).ok().out
        };
        let file = |name: &str| database.dir.join(name).display().to_string();
        Program::over(&database).run(&["backup", &file("truoc.tar.zst")]).ok();
        let told = restore(&file("truoc.tar.zst"));
        assert!(told.contains("cất riêng") && !told.contains("Không thấy tệp khóa"), "{told}");
        seal_something(&database);
        Program::over(&database).run(&["backup", &file("sau.tar.zst")]).ok();
        let told = restore(&file("sau.tar.zst"));
        for part in ["cất riêng", "Không thấy tệp khóa", "second-factor --broken"] {
            assert!(told.contains(part), "«{part}»: {told}");
        }
    });
}
