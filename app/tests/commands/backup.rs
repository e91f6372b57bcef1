//! A backup while people work, and back again on the other engine.

use crate::world::program::{Program, Server};
use crate::world::work::pdf;
use crate::world::{Rank, World, carry_key, demo_database, fill};
use app::modules;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use store::{Engine, params, snapshot};
use testkit::{TestDatabase, each_engine};
use types::Timestamp;

/// A token of the counter and what it posts to receive a dossier.
fn counter(database: TestDatabase) -> (TestDatabase, String, Value) {
    let world = World::over(database, Timestamp::now(), modules::ALL);
    let (token, body) = (world.person(Rank::Counter).token.clone(), world.new_dossier());
    (world.into_database(), token, body)
}

/// The manifest at the end of a backup.
fn manifest(file: &Path) -> Value {
    let decoder = zstd::stream::read::Decoder::new(std::fs::File::open(file).expect("the backup")).expect("zstd");
    let mut archive = tar::Archive::new(decoder);
    for entry in archive.entries().expect("a tar") {
        let mut entry = entry.expect("an entry");
        if entry.path().is_ok_and(|path| path.ends_with("manifest.json")) {
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("the manifest is text");
            return serde_json::from_str(&text).expect("the manifest is JSON");
        }
    }
    panic!("the backup has no manifest");
}

fn receive_until(server: &Server, body: &Value, stop: &AtomicBool, received: &AtomicU64) {
    while !stop.load(Ordering::Relaxed) {
        let reply = server.post("/api/v1/dossiers", body);
        assert!(reply.status == 201 || reply.status == 503, "{reply:?}");
        if reply.status == 201 {
            received.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Brings files in one after another; answers the hashes of those that were kept.
fn upload_until(server: &Server, stop: &AtomicBool, kept: &Mutex<Vec<String>>) {
    let mut n = 0;
    while !stop.load(Ordering::Relaxed) {
        n += 1;
        let bytes = [pdf(&format!("tệp {n} trong lúc sao lưu")), vec![b' '; n * 97 % 40_000]].concat();
        let reply = server.upload("quet.pdf", &bytes);
        assert!(reply.status == 201 || reply.status == 503, "{reply:?}");
        if reply.status == 201 {
            let hash = reply.json()["hash"].as_str().expect("a hash").to_owned();
            kept.lock().expect("no thread panics while it holds this").push(hash);
        }
    }
}

/// The hashes of the content files that a database names, each found in the folder with the bytes that it says.
fn contents(database: &TestDatabase) -> BTreeSet<String> {
    let sql = "SELECT DISTINCT hash FROM file ORDER BY hash";
    let hashes: Vec<(String,)> = snapshot::hold(&database.location, |r| r.all(sql, params![])).expect("the files");
    let files = files::FileStore::open(&database.dir).expect("the folder of files");
    for (hash,) in &hashes {
        let bytes = std::fs::read(files.path(hash)).unwrap_or_else(|e| panic!("{hash}: {e}"));
        assert_eq!(data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)), *hash);
    }
    hashes.into_iter().map(|(hash,)| hash).collect()
}

fn there_and_back(from: Engine, to: Engine) {
    let (database, token, body) = counter(demo_database(from));
    let program = Program::over(&database);
    let mut server = program.serve();
    server.token = token;
    let (stop, received, kept) = (AtomicBool::new(false), AtomicU64::new(0), Mutex::new(Vec::new()));
    let uploaded = || kept.lock().expect("no thread panics while it holds this").len();
    let file = program.folder().join("sao-luu.tar.zst");
    let name = file.display().to_string();
    let (begun, ended) = std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| receive_until(&server, &body, &stop, &received));
        }
        scope.spawn(|| upload_until(&server, &stop, &kept));
        while received.load(Ordering::Relaxed) < 10 || uploaded() < 5 {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let begun = (received.load(Ordering::Relaxed), uploaded());
        let ran = program.run(&["backup", &name]);
        let ended = (received.load(Ordering::Relaxed), uploaded());
        stop.store(true, Ordering::Relaxed);
        ran.ok();
        (begun, ended)
    });
    assert!(ended.0 > begun.0 && ended.1 > begun.1, "people went on working: from {begun:?} to {ended:?}");
    assert_eq!(server.stop(), 0);
    program.run(&["backup", &name]).refused(&["sao-luu.tar.zst"]);

    let manifest = manifest(&file);
    let other = TestDatabase::on(to);
    let restored = Program::over(&other);
    restored.run(&["restore", &name]).ok();
    carry_key(&database, &other);
    let check = restored.run(&["check"]);
    assert!(check.code == Some(0) && check.out.contains("Dữ liệu nguyên vẹn"), "{}{}", check.out, check.err);
    let head = snapshot::hold(&other.location, store::audit::head).expect("the audit's head");
    assert_eq!(serde_json::to_value(&head).expect("JSON"), manifest["audit_head"]);
    assert!(head.number > 0, "something was sealed");
    let dossiers = manifest["tables"].as_array().and_then(|all| all.iter().find(|t| t["name"] == "dossier"));
    let (count,): (i64,) =
        snapshot::hold(&other.location, |r| r.one("SELECT count(*) FROM dossier", params![])).expect("dossiers");
    assert_eq!(dossiers.map(|table| table["rows"].clone()), Some(count.into()));
    // Every file that was kept before the backup began is in it, and every one that it names has its bytes.
    let (before, after) = (kept.into_inner().expect("the threads ended"), contents(&other));
    assert!(after.len() >= 5 && before[..begun.1].iter().all(|hash| after.contains(hash)), "{} files", after.len());
    assert_eq!(manifest["files"]["count"].as_u64(), Some(after.len() as u64), "the backup counts its files");
    assert!(after.is_subset(&contents(&database)));
    restored.run(&["restore", &name]).refused(&["trống"]);
    // What came back can be worked with.
    let server = restored.serve();
    assert_eq!(server.get("/").status, 200);
    assert_eq!(server.stop(), 0);
}

#[test]
fn from_sqlite_to_postgresql_while_people_work() {
    there_and_back(Engine::Sqlite, Engine::Postgres);
}

#[test]
fn from_postgresql_to_sqlite_while_people_work() {
    there_and_back(Engine::Postgres, Engine::Sqlite);
}

#[test]
fn a_backup_that_was_changed_or_cut_is_refused_and_nothing_is_written() {
    each_engine(|database| {
        fill(&database, Timestamp::now());
        let program = Program::over(&database);
        let file = program.folder().join("sao-luu.tar.zst");
        program.run(&["backup", &file.display().to_string()]).ok();
        let whole = std::fs::read(&file).expect("the backup");
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x10;
        let broken: [(&str, &[u8]); 4] = [
            ("flipped", &flipped[..]),
            ("cut", &whole[..whole.len() - 1000]),
            ("empty", b""),
            ("other", b"PK\x03\x04"),
        ];
        for to in [Engine::Sqlite, Engine::Postgres] {
            let empty = TestDatabase::on(to);
            let restored = Program::over(&empty);
            for (what, bytes) in broken {
                let bad = program.folder().join(format!("{what}.tar.zst"));
                std::fs::write(&bad, bytes).expect("a file");
                let ran = restored.run(&["restore", &bad.display().to_string()]).refused(&[]);
                assert!(!ran.err.contains("không trống"), "{what}, onto {to:?}: {}", ran.err);
            }
            // The database is as empty as before: the whole backup still goes in.
            restored.run(&["restore", &file.display().to_string()]).ok();
        }
    });
}
