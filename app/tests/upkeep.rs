//! The machine's care: backups made by themselves, rehearsed, and told on a page.

use crate::world::program::Program;
use crate::world::{Rank, World, fill, standing};
use app::backup::Key;
use app::modules;
use app::upkeep::keeper;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use store::{lease, params};
use testkit::{Answer, Page, TestDatabase, each_engine};

const TOP: &str = "/quan-tri/may";

fn world(db: TestDatabase) -> World {
    fill(&db, standing());
    World::over(db, standing(), modules::ALL)
}

/// Lets two seconds go by.
fn later(world: &World) {
    world.clock.set(world.house.store().now().plus_seconds(2));
}

fn submit(world: &World, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let form = world.form_of(Rank::ProvinceKeeper, page, action);
    let form = fields.iter().fold(form, |form, (name, value)| form.set(name, value));
    world.person(Rank::ProvinceKeeper).browser.clone().submit(&form)
}

fn plan(world: &World, folder: &Path) -> Answer {
    let folder = folder.display().to_string();
    submit(
        world,
        "/quan-tri/may/sao-luu",
        "/quan-tri/may/sao-luu",
        &[("folder", &folder), ("at", "22:30"), ("keep", "2")],
    )
}

fn look(world: &World) -> Page {
    world.person(Rank::ProvinceKeeper).browser.clone().get(TOP).assert_status(200).page()
}

fn round(world: &World) {
    keeper::round(&world.house, "a test", &Arc::new(AtomicBool::new(false))).unwrap();
}

fn backups(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

#[test]
fn what_is_planned_is_made_rehearsed_and_told() {
    each_engine(|db| {
        let world = world(db);
        let folder = tempfile::tempdir().unwrap();
        assert!(look(&world).text("main").contains("Chưa đặt sao lưu tự động"));
        round(&world);
        assert_eq!(backups(folder.path()), Vec::<PathBuf>::new(), "nothing is planned");
        plan(&world, folder.path()).assert_status(303);
        round(&world);
        let made = backups(folder.path());
        assert_eq!(made.len(), 1);
        assert!(std::fs::read(&made[0]).unwrap().starts_with(b"age-encryption.org/v1"));
        let page = look(&world).text("main");
        assert!(page.contains("Bản tốt gần nhất") && page.contains("Đã phục hồi thử và kiểm tra đủ"), "{page}");
        assert!(!world.house.settings().data.join("rehearsal").exists(), "what was rehearsed is thrown away");
        round(&world);
        assert_eq!(backups(folder.path()), made, "nothing more is due");
        later(&world);
        submit(&world, TOP, "/quan-tri/may/sao-luu-ngay", &[]).assert_status(303);
        later(&world);
        round(&world);
        let second = backups(folder.path());
        assert_eq!(second.len(), 2, "one was wanted");
        let more = || {
            later(&world);
            submit(&world, TOP, "/quan-tri/may/sao-luu-ngay", &[]).assert_status(303);
            later(&world);
            round(&world);
            backups(folder.path())
        };
        let third = more();
        assert_eq!(
            (third.len(), &third[..2]),
            (3, &second[..]),
            "the first stays beside the two that are kept: it is proven"
        );
        let fourth = more();
        assert_eq!(
            (fourth.len(), &fourth[0], &fourth[1]),
            (3, &third[0], &third[2]),
            "the oldest that is not proven went"
        );
    });
}

#[test]
fn a_scheduled_backup_restores_elsewhere_with_the_key_that_was_put_away() {
    each_engine(|db| {
        let engine = db.engine();
        let world = world(db);
        let (folder, paper) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        plan(&world, folder.path()).assert_status(303);
        round(&world);
        let shown = submit(&world, "/quan-tri/may/khoa", "/quan-tri/may/khoa", &[]).assert_status(200);
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        let text = shown.page().text("main");
        let word = &text[text.find("AGE-SECRET-KEY-").expect("the key")..];
        let word = word.split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '-').next().unwrap();
        let confirm = |ending: &str| {
            let form = shown.page().form("form[action$=da-cat]").set("ending", ending);
            world.person(Rank::ProvinceKeeper).browser.clone().submit(&form)
        };
        let refused = confirm("ABCDEF").assert_status(422).page();
        assert!(!refused.text("main").contains(word), "the key stands on no page that nobody asked for it on");
        assert!(look(&world).text("main").contains("Chưa ai xác nhận đã cất khóa"));
        confirm(&word[word.len() - 6..]).assert_status(303);
        assert!(look(&world).text("main").contains("Đã cất ngoài máy chủ"));
        let seen: Vec<(String,)> = world
            .house
            .store()
            .read_blocking(|r| r.all("SELECT detail FROM audit WHERE action LIKE 'upkeep.%'", params![]))
            .unwrap();
        assert!(seen.len() >= 4 && seen.iter().all(|(detail,)| !detail.contains("AGE-SECRET")), "{seen:?}");
        let (file, key) = (backups(folder.path()).remove(0), paper.path().join("khoa.txt"));
        std::fs::write(&key, word).unwrap();
        let target = TestDatabase::on(engine);
        let program = Program::over(&target);
        let file = file.display().to_string();
        program.run(&["restore", &file]).refused(&["--key"]);
        let restored = program.run(&["restore", &file, "--key", &key.display().to_string()]).ok();
        assert!(restored.out.contains("Không cần làm gì thêm"), "{}", restored.out);
        // The key of the accounts' secrets came along behind the seal.
        let accounts = |data: &Path| std::fs::read(data.join("keys/directory.key")).expect("the key");
        assert_eq!(accounts(program.folder()), accounts(&world.house.settings().data));
        assert!(program.run(&["check"]).ok().out.contains("Dữ liệu nguyên vẹn"));
    });
}

#[test]
fn what_goes_wrong_is_told_and_tried_again_and_hurts_nothing() {
    each_engine(|db| {
        let world = world(db);
        let stick = tempfile::tempdir().unwrap();
        let folder = stick.path().join("usb");
        std::fs::create_dir(&folder).unwrap();
        plan(&world, &folder).assert_status(303);
        std::fs::remove_dir(&folder).unwrap();
        round(&world);
        assert!(!folder.exists(), "a folder where no stick is put in is not made");
        let page = look(&world).text("main");
        assert!(page.contains("Không thấy thư mục này trên máy chủ"), "{page}");
        round(&world);
        std::fs::create_dir(&folder).unwrap();
        later(&world);
        submit(&world, TOP, "/quan-tri/may/sao-luu-ngay", &[]).assert_status(303);
        later(&world);
        round(&world);
        let made = backups(&folder).remove(0);
        assert!(look(&world).text("main").contains("Đã phục hồi thử và kiểm tra đủ"));
        // A backup that rots on the stick is found by the next rehearsal.
        let mut bytes = std::fs::read(&made).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&made, bytes).unwrap();
        world
            .house
            .store()
            .write_blocking(world.house.store().system_command("test", 1), |tx| {
                tx.not_audited("a test");
                tx.exec("DELETE FROM backup_run WHERE kind = 'rehearsal'", params![])
            })
            .unwrap();
        round(&world);
        let page = look(&world).text("main");
        assert!(page.contains("không phục hồi được"), "{page}");
    });
}

#[test]
fn a_machine_that_stopped_in_the_midst_says_so_and_another_node_waits() {
    each_engine(|db| {
        let world = world(db);
        let folder = tempfile::tempdir().unwrap();
        plan(&world, folder.path()).assert_status(303);
        let store = world.house.store();
        assert!(lease::hold_job(store, "upkeep-backup", "another node", 60).unwrap());
        round(&world);
        assert_eq!(backups(folder.path()), Vec::<PathBuf>::new(), "the other node's work");
        store
            .write_blocking(store.system_command("test", 1), |tx| {
                tx.not_audited("a test");
                tx.exec("DELETE FROM lease WHERE name = 'job/upkeep-backup'", params![])?;
                tx.exec("INSERT INTO backup_run (id, kind, file, began_at) VALUES (7, 'backup', '/x/y', 5)", params![])
            })
            .unwrap();
        round(&world);
        assert_eq!(backups(folder.path()).len(), 1);
        let page = look(&world).text("main");
        assert!(page.contains("Máy chủ dừng giữa chừng"), "{page}");
    });
}

#[test]
fn a_folder_that_is_no_place_for_backups_is_refused_in_words() {
    each_engine(|db| {
        let world = world(db);
        let data = world.house.settings().data.clone();
        let inside = data.join("sao-luu");
        std::fs::create_dir_all(&inside).unwrap();
        let refused = |folder: &Path| plan(&world, folder).assert_status(422).page().text("main");
        assert!(refused(Path::new("sao-luu")).contains("bắt đầu bằng dấu"));
        assert!(refused(Path::new("/khong/co/dau")).contains("Không thấy thư mục này"));
        assert!(refused(&inside).contains("nằm trong thư mục dữ liệu"));
        let key = Key::path(&data);
        assert!(!key.exists(), "nothing was sealed yet");
        let wrong = [("folder", "/tmp"), ("at", "25:10"), ("keep", "0")];
        let page = submit(&world, "/quan-tri/may/sao-luu", "/quan-tri/may/sao-luu", &wrong).assert_status(422).page();
        assert!(page.text("main").contains("Nhập giờ trong ngày") && page.text("main").contains("Nhập số từ 1"));
    });
}

#[test]
fn what_was_noted_by_a_clock_that_went_ahead_holds_nothing_back() {
    each_engine(|db| {
        let world = world(db);
        let folder = tempfile::tempdir().unwrap();
        plan(&world, folder.path()).assert_status(303);
        let store = world.house.store();
        let year = 365 * 24 * 3600;
        let ahead = store.now().plus_seconds(4 * year);
        store
            .write_blocking(store.system_command("test", 1), move |tx| {
                tx.not_audited("a test");
                tx.exec(
                    "INSERT INTO backup_run (id, kind, file, began_at, ended_at) VALUES (8, 'backup', '/x/y', $1, $1)",
                    params![ahead],
                )
            })
            .unwrap();
        assert!(look(&world).text("main").contains("Chưa có bản sao lưu nào"));
        round(&world);
        assert_eq!(backups(folder.path()).len(), 1);
        assert!(look(&world).text("main").contains("Bản tốt gần nhất"));
    });
}

#[test]
fn a_backup_that_lacks_files_is_not_called_good() {
    each_engine(|db| {
        let world = world(db);
        let folder = tempfile::tempdir().unwrap();
        plan(&world, folder.path()).assert_status(303);
        let store = world.house.store();
        let (hash,): (String,) =
            store.read_blocking(|r| r.one("SELECT hash FROM file ORDER BY id LIMIT 1", params![])).unwrap();
        std::fs::remove_file(world.house.service::<files::FileStore>().path(&hash)).unwrap();
        round(&world);
        let page = look(&world).text("main");
        assert!(page.contains("1 tệp của hồ sơ không còn hoặc hỏng"), "{page}");
        assert!(!page.contains("Bản tốt gần nhất"), "{page}");
    });
}
