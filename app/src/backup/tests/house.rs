//! A small house with everything that is hard to carry.

use crate::backup::{BackupFile, Modules, Place, Summary, archive, content, copy, load, rows, save, tables};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::migrate::{Migration, ModuleMigrations};
use store::search::{TextQuery, scope_token};
use store::{Actor, AuditEntry, Json, Location, Store, Tx, Val, Values, params, schema, snapshot};
use testkit::{TestDatabase, fresh_command};
use types::{Error, Id, Result, text};

pub const CREATE: Migration = Migration::new(1, "create_things", include_str!("things.sql"));
pub const THINGS: ModuleMigrations = ("things", &[CREATE]);

pub fn modules() -> Modules {
    Modules { migrations: vec![THINGS], reindex: vec![reindex] }
}

/// Puts things back into the text index, a thousand at a time.
fn reindex(tx: &mut Tx<'_>, _: Option<Id>, after: Id) -> Result<Option<Id>> {
    let things: Vec<(Id, String)> =
        tx.all("SELECT id, name FROM thing WHERE id > $1 ORDER BY id LIMIT 1000", params![after])?;
    for (id, name) in &things {
        tx.index_text(*id, &tokens(name))?;
    }
    Ok(things.last().map(|(id, _)| *id))
}

fn tokens(name: &str) -> Vec<String> {
    text::tokens(name).into_iter().flat_map(|t| [t.exact, t.folded]).chain([scope_token(Id(1))]).collect()
}

const NAMES: [&str; 6] = [
    "Nguyễn Thị Mỹ Hạnh",
    "Đặng Đình Ưởng",
    "Lò Thị Mẩy",
    "Chẩu Thị Xuyến Chi",
    "H'Hen Niê",
    "dòng\n\"hai\"\t\\ 🏠 {\"r\":\"1\"}",
];

/// Writes `count` things with everything in them, in commands of a hundred.
pub fn furnish(store: &Store, count: i64) {
    for start in (0..count).step_by(100) {
        let command = store.command(fresh_command(), "things.put", Actor::Officer { id: Id(7), on_behalf_of: None });
        store
            .write_blocking(command, move |tx| (start..count.min(start + 100)).try_for_each(|n| thing(tx, n)))
            .unwrap();
    }
}

fn thing(tx: &mut Tx<'_>, n: i64) -> Result<()> {
    let name = format!("{} {n}", NAMES[n as usize % NAMES.len()]);
    let amount = [i64::MIN, i64::MAX, 0, -1, 9_007_199_254_740_993][n as usize % 5];
    let score = [0.1 + 0.2, -0.5, 1e308, 5e-324, f64::MAX][n as usize % 5];
    let meta = json!({"tên": name, "n": n, "mảng": [1, null, true], "nhỏ": 0.1});
    let raw = (n % 3 == 0).then(|| (0..n % 700).map(|b| b as u8).collect::<Vec<u8>>());
    // Parents stand after their children, and children before them.
    let parent = (n % 10 != 9).then(|| n - n % 10 + 9);
    if n % 10 == 0 {
        tx.exec("INSERT INTO unit (id, parent_id, name) VALUES ($1, NULL, 'gốc')", params![n + 9])?;
    }
    if n % 10 != 9 {
        tx.exec("INSERT INTO unit (id, parent_id, name) VALUES ($1, $2, $3)", params![n, parent, &name])?;
    }
    tx.exec(
        "INSERT INTO thing (id, unit_id, name, note, done, score, meta, raw, amount, sort_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            Id(n + 1),
            n,
            &name,
            (n % 2 == 0).then_some(""),
            n % 4 == 0,
            (n % 7 != 0).then_some(score),
            (n % 11 != 0).then_some(Json(&meta)),
            raw,
            (n % 13 != 0).then_some(amount),
            text::order_key(&name)
        ],
    )?;
    tx.exec("INSERT INTO label (thing_id, word) VALUES ($1, 'đỏ'), ($1, 'Xanh'), ($1, '')", params![Id(n + 1)])?;
    tx.index_text(Id(n + 1), &tokens(&name))?;
    if n % 50 == 0 {
        let entry = AuditEntry {
            action: "things.put",
            entity: "thing",
            entity_id: Id(n),
            unit: Some(Id(1)),
            detail: json!({"n": n}),
        };
        tx.audit(&entry)?;
        tx.publish("things.put.v1", Id(n), &json!({"tên": name}))?;
        let of = store::Counted { record: Id(n), unit: Id(1), subject: store::deltas::NO_SUBJECT };
        tx.count("things", &of, tx.at().day(), 1)?;
    }
    Ok(())
}

/// One more write, with an entry that is not sealed yet.
pub fn furnish_late(store: &Store) {
    let command = store.command(fresh_command(), "things.late", Actor::System);
    let written = store.write_blocking(command, |tx| {
        let entity_id = tx.id()?;
        tx.audit(&AuditEntry { action: "things.late", entity: "thing", entity_id, unit: None, detail: json!({}) })
    });
    written.unwrap();
}

/// Puts a content file down and names it in the database; answers its hash.
pub fn attach(store: &Store, data: &Path, bytes: &[u8]) -> String {
    let mut sum = crate::backup::manifest::Sum::default();
    sum.add(bytes);
    let hash = sum.hex();
    assert!(content::put(data, &hash, &mut &bytes[..], &archive::unreadable).unwrap());
    let named = hash.clone();
    store
        .write_blocking(store.command(fresh_command(), "things.attach", Actor::Anyone), move |tx| {
            tx.not_audited("a test");
            let id = tx.id()?;
            tx.exec("INSERT INTO file (id, hash) VALUES ($1, $2)", params![id, &named])
        })
        .unwrap();
    hash
}

/// Two tables that refer to each other.
pub fn circle(db: &TestDatabase) {
    db.script(
        "INSERT INTO head (id, member_id) VALUES (1, NULL); INSERT INTO member (id, head_id) VALUES (5, 1); UPDATE head SET member_id = 5",
    );
}

pub fn backup(db: &TestDatabase, out: &Path) -> Result<Summary> {
    save::save(&db.location, &db.dir, &BackupFile::at(out), &mut |_, _| ())
}

pub fn restore(archive: &Path, db: &TestDatabase) -> Result<Summary> {
    load::load(&BackupFile::at(archive), &db.location, &db.dir, &modules(), &mut |_, _| ())
}

/// Where a test's installation stands.
pub fn place(db: &TestDatabase) -> Place<'_> {
    Place { database: &db.location, data: &db.dir }
}

/// Copies a house to another place, whoever works in it.
pub fn copy_to(from: &TestDatabase, to: &TestDatabase) -> Result<Summary> {
    copy::copy(place(from), place(to), &modules(), true, &mut |_, _| ())
}

/// A place for a backup.
pub fn out(db: &TestDatabase) -> PathBuf {
    db.dir.parent().unwrap().join("nha-viec.nhaviec")
}

/// Every row of every table that is kept, in words that both engines say alike.
pub fn dump(location: &Location) -> BTreeMap<String, Vec<String>> {
    snapshot::hold(location, |reader| {
        let mut all = BTreeMap::new();
        for table in schema::tables(reader)?.into_iter().filter(|t| !tables::NOT_KEPT.contains(&t.name.as_str())) {
            let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            let mut lines = Vec::new();
            reader.each(&format!("SELECT {} FROM {}", names.join(", "), table.name), params![], |row: Values| {
                let mut line = Vec::new();
                rows::write(&row, &table.columns, &mut line)?;
                let values = rows::read(std::str::from_utf8(&line).unwrap(), names.len())?;
                lines.push(values.iter().map(plain).collect::<Vec<_>>().join(" | "));
                Ok(())
            })?;
            lines.sort();
            all.insert(table.name, lines);
        }
        Ok(all)
    })
    .unwrap()
}

/// Fails unless nothing stands in it.
#[track_caller]
pub fn assert_still_empty(db: &TestDatabase) {
    // A database without tables has no view to hold, so it is asked by filling it and giving up.
    let asked = snapshot::fill(&db.location, |_| Err::<(), _>(Error::conflict("trống")));
    assert_eq!(asked.unwrap_err().to_string(), "trống");
}

/// JSON is the same JSON whatever its spaces.
fn plain(value: &Val) -> String {
    match value {
        Val::Text(s) if s.starts_with('{') => match serde_json::from_str::<Value>(s) {
            Ok(json) => json.to_string(),
            Err(_) => format!("{value:?}"),
        },
        _ => format!("{value:?}"),
    }
}

/// What searching for a word finds.
pub fn find(store: &Store, word: &str) -> Vec<Id> {
    let query =
        TextQuery { scopes: vec![scope_token(Id(1))], words: vec![word.to_owned()], before: None, limit: 100_000 };
    store.read_blocking(|r| r.find_text(&query)).unwrap()
}
