//! `nhaviec check` on a sound house finds nothing, and each planted damage by name.

mod names;

use crate::world::work::pdf;
use crate::world::{OWN, demo_database, settings};
use app::anchor;
use app::commands::check;
use files::FileStore;
use std::collections::BTreeMap;
use std::path::PathBuf;
use store::{AuditEntry, Engine, Store, audit};
use testkit::TestDatabase;
use types::Id;

const CHAIN: &str = "Chuỗi nhật ký kiểm toán";
const FIGURES: &str = "Số liệu thống kê khớp với hồ sơ gốc";

/// A demo with a content file, everything sealed in two batches or more, and the head anchored.
struct Sound {
    database: TestDatabase,
    /// Where the content file lies.
    content: PathBuf,
}

impl Sound {
    fn on(engine: Engine) -> Self {
        let database = demo_database(engine);
        let store = database.open();
        let files = FileStore::open(&database.dir).expect("a folder for files");
        let kept = files.keep_bytes("Giấy chứng sinh.pdf", &pdf("kiểm tra")).expect("a document is kept");
        let content = files.path(&kept.hash);
        seal(&store);
        let command = store.system_command("app.test", 4);
        store
            .write_blocking(command, move |tx| {
                let id = files::enter(tx, &kept)?;
                let detail = serde_json::json!({ "hash": kept.hash });
                tx.audit(&AuditEntry { action: "app.test", entity: "file", entity_id: id, unit: None, detail })
            })
            .expect("the row of a file is written");
        seal(&store);
        let head = store.read_blocking(audit::head).expect("the audit has a head");
        assert!(head.number >= 2, "there is a tail to cut");
        anchor::write(&database.dir, &head).expect("the head is anchored");
        Self { database, content }
    }

    /// What is found, by question.
    fn found(&self) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        let mut asked = 0;
        check::ask(&settings(&self.database), true, |answer| {
            asked += 1;
            if !answer.findings.is_empty() {
                found.insert(answer.title.clone(), answer.findings.clone());
            }
        })
        .unwrap_or_else(|e| panic!("checking: {e} {}", e.inward()));
        assert!(asked > 10, "only {asked} questions were asked");
        found
    }

    /// Fails unless exactly this question finds something, and says so with these words.
    #[track_caller]
    fn finds(&self, title: &str, words: &str) {
        let found = self.found();
        assert_eq!(found.keys().collect::<Vec<_>>(), [title], "{found:?}");
        assert!(found[title].iter().any(|line| line.contains(words)), "{found:?}");
    }
}

fn seal(store: &Store) {
    while audit::seal(store).expect("the audit is sealed") > 0 {}
}

/// Tries a damage on both engines.
fn each(body: impl Fn(Sound)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        eprintln!("on {engine:?}");
        body(Sound::on(engine));
    }
}

#[test]
fn a_sound_house_is_told_to_be_sound() {
    each(|house| assert_eq!(house.found(), BTreeMap::new()));
}

#[test]
fn one_changed_letter_of_the_audit_is_found() {
    each(|house| {
        house
            .database
            .script("UPDATE audit SET action = upper(substr(action, 1, 1)) || substr(action, 2) WHERE position = 3");
        house.finds(CHAIN, "đã bị sửa");
    });
}

#[test]
fn a_cut_tail_is_found_by_the_head_that_is_kept_outside() {
    each(|house| {
        house.database.script(
            "DELETE FROM command WHERE audit_last >= (SELECT min(a.id) FROM audit a WHERE a.position >=
                (SELECT first_position FROM audit_seal ORDER BY number DESC LIMIT 1));
             DELETE FROM audit WHERE position >= (SELECT first_position FROM audit_seal ORDER BY number DESC LIMIT 1);
             DELETE FROM audit_seal WHERE number = (SELECT max(number) FROM audit_seal);",
        );
        house.finds(CHAIN, "cắt đuôi");
        // Control: within the database alone the cut is invisible, which is why the head is kept outside.
        std::fs::remove_file(house.database.dir.join("audit-heads.log")).expect("the anchor is there");
        assert_eq!(house.found(), BTreeMap::new());
    });
}

#[test]
fn a_missing_row_of_the_audit_is_found() {
    each(|house| {
        house.database.script("DELETE FROM audit WHERE position = 4");
        house.finds(CHAIN, "thiếu");
    });
}

#[test]
fn a_count_that_is_off_by_one_is_found() {
    each(|house| {
        house.database.script("UPDATE delta SET amount = amount + 1 WHERE id = (SELECT max(id) FROM delta)");
        house.finds(FIGURES, "tính lại từ hồ sơ");
    });
}

#[test]
fn a_missing_content_file_is_found() {
    each(|house| {
        std::fs::remove_file(&house.content).expect("the content is there");
        house.finds(files::MODULE.checks[0].title, "bị mất");
    });
}

#[test]
fn a_changed_content_file_is_found() {
    each(|house| {
        let mut bytes = std::fs::read(&house.content).expect("the content is there");
        bytes[9] ^= 1;
        std::fs::write(&house.content, bytes).expect("the content can be changed");
        house.finds(files::MODULE.checks[0].title, "đã bị thay đổi");
    });
}

#[test]
fn an_officer_who_does_not_exist_is_found() {
    each(|house| {
        let store = house.database.open();
        let command = store.system_command("app.test", 4);
        let entry = |tx: &mut store::Tx<'_>| {
            let detail = serde_json::json!({});
            tx.audit(&AuditEntry { action: "app.test", entity: "unit", entity_id: Id(1), unit: None, detail })
        };
        store.write_blocking(command, entry).expect("an entry is written");
        house.database.script("UPDATE audit SET actor_kind = 'officer', actor_id = 4711 WHERE position IS NULL");
        house.finds("Nhật ký kiểm toán chỉ nêu cán bộ và vị trí có thật", "4711");
    });
}

#[test]
fn a_dossier_that_waits_for_nobody_is_found() {
    each(|house| {
        house.database.script("DELETE FROM task WHERE id = (SELECT min(id) FROM task WHERE done_at IS NULL)");
        house.finds("Trạng thái hồ sơ khớp với việc đang mở", "0 việc đang mở");
    });
}

#[test]
fn a_record_without_a_dossier_is_found() {
    each(|house| {
        let code = format!("{OWN}-000101-9999");
        house.database.script(&format!(
            "INSERT INTO record (id, kind, code, title, unit_id, link, confidentiality, created_at)
             SELECT 4711, kind, '{code}', title, unit_id, link, confidentiality, created_at
             FROM record WHERE kind = 'dossier' ORDER BY id LIMIT 1"
        ));
        house.finds("Hồ sơ và bản ghi khớp nhau", &code);
    });
}

#[test]
fn a_dossier_whose_record_is_another_is_found() {
    each(|house| {
        house.database.script(
            "UPDATE record SET code = 'H99.01-000101-8888' WHERE id = (SELECT min(id) FROM record WHERE kind = 'dossier')",
        );
        house.finds("Hồ sơ và bản ghi khớp nhau", "khác với bản ghi");
    });
}
