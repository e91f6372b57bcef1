//! The key file on the command line: a lost one is told, and there is a way out without any administrator.

use crate::world::program::Program;
use crate::world::{carry_key, fill};
use testkit::{TestDatabase, each_engine};

/// What is sealed with a key that is nowhere.
pub fn seal_something(database: &TestDatabase) {
    database.script(
        "INSERT INTO sealing_key (generation, proof, made_at)
            SELECT coalesce(max(generation), 0) + 1, 'khoa khac', 1 FROM sealing_key;
         UPDATE account SET totp_secret = '1.AAAA', totp_confirmed_at = 1,
            sealed_with = (SELECT max(generation) FROM sealing_key) WHERE username = 'quantri.demo'",
    );
}

#[test]
fn a_house_whose_key_is_lost_stays_closed_until_somebody_says_that_it_is_lost() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let program = Program::over(&database);
        let key = database.dir.join("keys/directory.key");
        seal_something(&database);
        let _ = std::fs::remove_file(&key);
        program.run(&["serve"]).refused(&["Không khởi động", "Không thấy tệp khóa", "nhaviec keys lost"]);
        assert!(!key.exists(), "no new key is made in place of the lost one");
        let told = program.run(&["keys", "lost"]).ok().out;
        for part in ["mất khóa đời 1, 2", "1 tài khoản", "cất riêng"] {
            assert!(told.contains(part), "«{part}»: {told}");
        }
        program.run(&["keys", "lost"]).refused(&["không có khóa nào bị mất"]);
        let told = program.run(&["second-factor", "--broken"]).ok().out;
        assert!(told.contains("0 tài khoản"), "{told}");
        assert_eq!(program.serve().get("/healthz").status, 200);
        assert!(key.exists());
        // Another key than the one it was sealed with.
        seal_something(&database);
        program.run(&["serve"]).refused(&["không khớp với tệp khóa"]);
        let told = program.run(&["keys", "lost"]).ok().out;
        assert!(told.contains("Tệp khóa cũ được giữ ở"), "{told}");
        program.run(&["second-factor", "quantri.demo"]).refused(&["chưa bật"]);
        program.run(&["second-factor", "khong-co-ai"]).refused(&["khong-co-ai"]);
        assert_eq!(program.serve().get("/healthz").status, 200);
    });
}

#[test]
fn a_restore_says_that_the_key_is_kept_apart_and_what_to_do() {
    each_engine(|database| {
        fill(&database, types::Timestamp::now());
        let file = database.dir.join("ban.tar.zst").display().to_string();
        Program::over(&database).run(&["backup", &file]).ok();
        let empty = TestDatabase::on(database.engine());
        let restored = Program::over(&empty);
        let told = restored.run(&["restore", &file]).ok().out;
        for part in ["cất riêng", "Không thấy tệp khóa", "nhaviec keys lost"] {
            assert!(told.contains(part), "«{part}»: {told}");
        }
        restored.run(&["serve"]).refused(&["Không khởi động", "Không thấy tệp khóa"]);
        // With the key that was put away everything opens.
        carry_key(&database, &empty);
        restored.run(&["check"]).ok();
    });
}
