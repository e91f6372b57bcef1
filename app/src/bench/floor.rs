//! The floor: what SQLite alone needs to keep a receipt. No HTTP, no JSON, no checks, no rights, no clock: the very rows
//! that `POST /api/v1/dossiers` writes, bound to prepared statements on one thread, as durable (`synchronous=FULL`) and
//! committed in batches as large as the server's can be. The schema is that of the real migrations: the file is a copy
//! of the server's database, so that tables, indexes and what lies in them are the same. Values are those of receipts
//! that the real verb wrote into it; only ids, codes and tokens are new.
//!
//! The benchmark compares how many rows of each table a receipt leaves here and there ([`COUNTED`]).

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};
use std::path::Path;
use std::time::{Duration, Instant};
use types::{Error, Result, text};

/// The settings of the server's own connections (`store::sqlite`).
const SETTINGS: &str =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32768;
    PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=16000; PRAGMA journal_size_limit=67108864;";

/// What a receipt writes, in order. `?1` is the new id unless said otherwise.
const NUMBER: &str = "INSERT INTO dossier_number (unit_id, day, last) VALUES (?1, ?2, 1)
    ON CONFLICT (unit_id, day) DO UPDATE SET last = dossier_number.last + 1 RETURNING last";
const RECORD: &str = "INSERT INTO record (id, code, link, kind, title, unit_id, confidentiality, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const DOSSIER: &str = "INSERT INTO dossier (id, code, track_token, procedure_id, procedure_code, procedure_case, unit_id,
        status, restricted, channel, applicant_name, identity_mark, phone, address, email, summary, form, received_at,
        received_day, received_by, due_at, due_day, return_way, sealed_with, revision)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)";
const PAPER: &str = "INSERT INTO dossier_paper (id, dossier_id, requirement, name, originals, copies, file_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const EVENT: &str = "INSERT INTO dossier_event (id, dossier_id, at, kind, officer_id, on_behalf_of, from_step, to_step,
        to_post, text, file_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
/// Twice: the counter's own step, which is done at once, and the next one.
const TASK: &str =
    "INSERT INTO task (id, record_id, step, title, unit_id, post_id, officer_id, opened_at, due_at, pace)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
const TASK_DONE: &str = "UPDATE task SET done_at = ?2, done_by = ?3, on_behalf_of = NULL, outcome = 'passed'
    WHERE id = ?1 AND done_at IS NULL";
const TEXT: &str = "INSERT OR REPLACE INTO search_text (rowid, tokens) VALUES (?1, ?2)";
/// Three times: received, open, and overdue on the day after the due time.
const COUNT: &str = "INSERT INTO delta (id, record_id, unit_id, subject_id, day, measure, amount, recorded_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const AUDIT: &str = "INSERT INTO audit (id, entity_id, at, actor_kind, actor_id, on_behalf_of, action, entity, unit_id,
        detail, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const OUTBOX: &str =
    "INSERT INTO outbox (id, record_id, event, payload, at, next_try_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const COMMAND: &str =
    "INSERT INTO command (id, audit_first, audit_last, verb, actor_kind, actor_id, at, answer, audits, content)
    VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// Tables that a receipt leaves rows in, with how those of receipts are told from others.
pub(super) const COUNTED: [(&str, &str); 10] = [
    ("record", "kind = 'dossier'"),
    ("dossier", "1"),
    ("dossier_paper", "1"),
    ("dossier_event", "kind = 'received'"),
    ("task", "1"),
    ("search_text", "1"),
    ("delta", "1"),
    ("audit", "action = 'dossiers.receive'"),
    ("outbox", "event = 'dossiers.received.v1'"),
    ("command", "verb = 'dossiers.receive'"),
];

/// The rows of one receipt, without what is new each time.
struct Receipt {
    unit: Value,
    day: Value,
    record: Vec<Value>,
    dossier: Vec<Value>,
    papers: Vec<Vec<Value>>,
    event: Vec<Value>,
    tasks: [Vec<Value>; 2],
    tokens: String,
    counts: Vec<Vec<Value>>,
    audit: Vec<Value>,
    outbox: Vec<Value>,
    command: Vec<Value>,
}

/// The floor's database with the receipts it repeats.
pub(super) struct Floor {
    conn: Connection,
    receipts: Vec<Receipt>,
    /// The unit's identifier and the day, as codes begin.
    prefix: String,
    next_id: i64,
}

/// How it went.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub receipts: u64,
    pub seconds: f64,
}

impl Floor {
    /// Opens a copy of the server's database and reads the receipts of its busiest unit.
    pub fn open(path: &Path) -> Result<Self> {
        let conn = Connection::open(path).map_err(failed)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.execute_batch(SETTINGS).map_err(failed)?;
        let (receipts, next_id, prefix) = read(&conn).map_err(failed)?;
        if receipts.is_empty() {
            return Err(Error::internal("the demo has no receipts for the floor"));
        }
        Ok(Self { conn, receipts, prefix, next_id })
    }

    /// Writes receipts, `batch` of them in each transaction, for so long.
    pub fn run(&mut self, batch: usize, time: Duration) -> Result<Pace> {
        let started = Instant::now();
        let mut written = 0;
        while started.elapsed() < time {
            self.batch(batch, written).map_err(failed)?;
            written += batch;
        }
        Ok(Pace { receipts: written as u64, seconds: started.elapsed().as_secs_f64() })
    }

    fn batch(&mut self, batch: usize, written: usize) -> rusqlite::Result<()> {
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for i in 0..batch {
            let receipt = &self.receipts[(written + i) % self.receipts.len()];
            self.next_id = write(&self.conn, receipt, (self.next_id, &self.prefix))?;
        }
        self.conn.prepare_cached("COMMIT")?.execute([]).map(|_| ())
    }
}

fn failed(error: rusqlite::Error) -> Error {
    Error::internal(format!("the floor: {error}"))
}

/// Binds the new values and then the kept ones.
fn put<const N: usize>(conn: &Connection, sql: &str, new: [Value; N], kept: &[Value]) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute(params_from_iter(new.iter().chain(kept))).map(|_| ())
}

/// One receipt; answers the next free id.
fn write(conn: &Connection, receipt: &Receipt, (first, prefix): (i64, &str)) -> rusqlite::Result<i64> {
    let mut id = first;
    let mut next = || {
        id += 1;
        Value::Integer(id)
    };
    let number: i64 = conn.prepare_cached(NUMBER)?.query_row(params![receipt.unit, receipt.day], |row| row.get(0))?;
    let dossier = next();
    let code = format!("{prefix}{number:04}");
    let link = format!("/ho-so/{code}");
    put(conn, RECORD, [dossier.clone(), code.clone().into(), link.into()], &receipt.record)?;
    let token = format!("floor{first:021}");
    put(conn, DOSSIER, [dossier.clone(), code.into(), token.clone().into()], &receipt.dossier)?;
    for paper in &receipt.papers {
        put(conn, PAPER, [next(), dossier.clone()], paper)?;
    }
    put(conn, EVENT, [next(), dossier.clone()], &receipt.event)?;
    let [own, following] = &receipt.tasks;
    let done = next();
    put(conn, TASK, [done.clone(), dossier.clone()], own)?;
    conn.prepare_cached(TASK_DONE)?.execute(params![done, receipt.event[0], receipt.event[2]])?;
    put(conn, TASK, [next(), dossier.clone()], following)?;
    put(conn, TEXT, [dossier.clone(), receipt.tokens.clone().into()], &[])?;
    for count in &receipt.counts {
        put(conn, COUNT, [next(), dossier.clone()], count)?;
    }
    let audit = next();
    put(conn, AUDIT, [audit.clone(), dossier.clone()], &receipt.audit)?;
    put(conn, OUTBOX, [next(), dossier], &receipt.outbox)?;
    put(conn, COMMAND, [token.into(), audit], &receipt.command)?;
    Ok(id)
}

/// The receipts of the unit that received most, today's book, and an id beyond all others.
fn read(conn: &Connection) -> rusqlite::Result<(Vec<Receipt>, i64, String)> {
    let (unit, unit_code): (i64, String) = conn.query_row(
        "SELECT d.unit_id, u.code FROM dossier d JOIN unit u ON u.id = d.unit_id GROUP BY d.unit_id ORDER BY count(*) DESC LIMIT 1",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (last, day): (i64, String) =
        conn.query_row("SELECT max(id), (SELECT max(received_day) FROM dossier) FROM audit", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let prefix = format!("{unit_code}-{}-", day.replace('-', "").get(2..).unwrap_or_default());
    let ids: Vec<i64> = conn
        .prepare("SELECT id FROM dossier WHERE unit_id = ?1 ORDER BY id")?
        .query_map([unit], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let scopes: Vec<i64> = conn
        .prepare("WITH RECURSIVE line (id) AS (VALUES (?1) UNION SELECT p.parent_id FROM unit_place p JOIN line ON p.unit_id = line.id WHERE p.parent_id IS NOT NULL) SELECT id FROM line")?
        .query_map([unit], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let receipts = ids.iter().map(|id| receipt(conn, *id, (unit, &day), &scopes)).collect::<rusqlite::Result<_>>()?;
    Ok((receipts, last + (1 << 30), prefix))
}

fn receipt(conn: &Connection, id: i64, (unit, day): (i64, &str), scopes: &[i64]) -> rusqlite::Result<Receipt> {
    let all = |sql: &str| -> rusqlite::Result<Vec<Vec<Value>>> {
        conn.prepare_cached(sql)?.query_map([id], values)?.collect()
    };
    let one = |sql: &str| -> rusqlite::Result<Vec<Value>> { conn.prepare_cached(sql)?.query_row([id], values) };
    let mut tasks = all(
        "SELECT step, title, unit_id, post_id, officer_id, opened_at, due_at FROM task WHERE record_id = ?1 ORDER BY id LIMIT 2",
    )?;
    let following = tasks.pop().unwrap_or_default();
    let own = tasks.pop().unwrap_or_default();
    let (name, summary): (String, String) =
        conn.query_row("SELECT applicant_name, summary FROM dossier WHERE id = ?1", [id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(Receipt {
        unit: unit.into(),
        day: day.to_owned().into(),
        record: one("SELECT kind, title, unit_id, confidentiality, created_at FROM record WHERE id = ?1")?,
        dossier: one(
            "SELECT procedure_id, procedure_code, procedure_case, unit_id, 2, restricted, channel, applicant_name,
                identity_mark, phone, address, email, summary, form, received_at, received_day, received_by, due_at,
                due_day, return_way, sealed_with, 1 FROM dossier WHERE id = ?1",
        )?,
        papers: all("SELECT requirement, name, originals, copies, NULL FROM dossier_paper WHERE dossier_id = ?1 ORDER BY id")?,
        event: one(
            "SELECT at, kind, officer_id, on_behalf_of, from_step, to_step, to_post, text, file_id FROM dossier_event
             WHERE dossier_id = ?1 AND kind = 'received'",
        )?,
        tasks: [own, following],
        tokens: tokens(scopes, &[&name, &summary]),
        counts: all(
            "SELECT unit_id, subject_id, day, measure, amount, recorded_at FROM delta WHERE record_id = ?1 ORDER BY id LIMIT 3",
        )?,
        audit: one(
            "SELECT at, actor_kind, actor_id, on_behalf_of, action, entity, unit_id, detail, request FROM audit
             WHERE entity_id = ?1 AND action = 'dossiers.receive'",
        )?,
        outbox: one("SELECT event, payload, at, at FROM outbox WHERE record_id = ?1 ORDER BY id LIMIT 1")?,
        command: one(
            "SELECT verb, actor_kind, actor_id, at, answer, audits, content FROM command WHERE verb = 'dossiers.receive' AND audit_first =
                (SELECT id FROM audit WHERE entity_id = ?1 AND action = 'dossiers.receive')",
        )?,
    })
}

fn values(row: &Row<'_>) -> rusqlite::Result<Vec<Value>> {
    (0..row.as_ref().column_count()).map(|column| row.get(column)).collect()
}

/// As `records::text::index` makes them.
fn tokens(scopes: &[i64], texts: &[&str]) -> String {
    let mut tokens: Vec<String> = scopes.iter().map(|unit| store::search::scope_token(types::Id(*unit))).collect();
    for token in texts.iter().flat_map(|text| text::tokens(text)) {
        tokens.push(token.folded);
        tokens.push(token.exact);
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens.join(" ")
}
