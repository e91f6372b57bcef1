//! One connection to PostgreSQL, driven by the thread that uses it.
//!
//! A statement whose answer nobody needs waits, and is sent together with the next one that is asked for: a receipt costs
//! a few round trips and not thirty. The server runs them in the order in which they came, but for insertions that go as one
//! ([`super::joined`]); the first that fails fails the transaction, which is told at the next question or at the commit.

use super::address::Address;
use super::joined::joined;
use super::session::{Patience, Session};
use crate::meter::Meter;
use crate::reader::{Fault, pg_fault};
use crate::value::Val;
use std::borrow::Cow;
use std::io;
use std::time::Duration;
use tokio_postgres::{Error, Row};

/// So many statements wait at most, and so many bytes of parameters, so that a restore does not pile up in memory.
const WAITING_MAX: usize = 64;
const WAITING_BYTES_MAX: usize = 1024 * 1024;

/// A connection, made when it is first needed and again after it was lost.
pub(crate) struct PgConn {
    address: Address,
    session: Option<Session>,
    waiting: Vec<Asked<'static>>,
    waiting_bytes: usize,
    stage: Stage,
    /// Rows that statements changed and nobody was told of yet.
    changed: u64,
    /// Questions asked before their answer is needed.
    foreseen: Vec<Foreseen>,
    /// More rows may be coming of a query that nobody reads to its end.
    is_reading: bool,
    /// Who measures, with what the server had counted when the transaction began.
    meter: Option<(Meter, i64)>,
    patience: Patience,
}

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Without a transaction: each question stands for itself.
    Glancing,
    /// The transaction's `BEGIN` waits: the server knows nothing of it yet.
    Beginning,
    /// In a transaction, as far as is known.
    Under,
}

impl Stage {
    /// After the server's answer.
    fn answered(self) -> Self {
        match self {
            Self::Glancing => Self::Glancing,
            Self::Beginning | Self::Under => Self::Under,
        }
    }
}

/// A question that waits with the statements, or its answer.
struct Foreseen {
    sql: String,
    params: Vec<Val>,
    answer: Option<Vec<Row>>,
}

/// What the server has counted for this session: rows and index entries that scans came across, and pages they asked for,
/// of our own tables and indexes. Others learn of it late. The session itself has it at once, but with what is left of
/// earlier transactions, so that the difference of two answers within one transaction is its work, to the row.
const COUNTED: &str =
    "SELECT CAST(coalesce(sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_blocks_fetched(c.oid)), 0) AS BIGINT)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'i')";

/// What is asked of the server.
pub(super) enum Asked<'a> {
    /// Statements without parameters, sent as text.
    Plain(Cow<'a, str>),
    /// How many rows it changes.
    Count(Cow<'a, str>, Cow<'a, [Val]>),
    /// Its rows.
    Rows(Cow<'a, str>, Cow<'a, [Val]>),
}

/// What the server answered.
pub(super) enum Answer {
    Done,
    Count(u64),
    Rows(Vec<Row>),
}

/// What failed, and why.
pub(crate) struct Failure {
    pub fault: Fault,
    pub sql: String,
    /// For the log. The server's own detail may quote the whole row, and a row holds what is no log's business.
    pub told: String,
}

impl Failure {
    fn of(sql: &str, error: &Error) -> Self {
        Self { fault: pg_fault(error), sql: sql.to_owned(), told: told(error) }
    }

    /// Asked of a connection that was given up.
    fn without_connection() -> Self {
        Self { fault: Fault::Lost, sql: String::new(), told: "the connection was given up".to_owned() }
    }

    /// Whatever the reason, without a connection nothing is begun, and later it may succeed.
    fn connecting(error: &io::Error) -> Self {
        Self { fault: Fault::Lost, sql: "connecting".to_owned(), told: error.to_string() }
    }
}

/// For the log: what the server said, without its detail.
pub(super) fn told(error: &Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} {} {}", db.code().code(), db.message(), db.constraint().unwrap_or_default()),
        None => error.to_string(),
    }
}

impl Asked<'_> {
    /// The same, without a copy.
    pub fn borrowed(&self) -> Asked<'_> {
        match self {
            Self::Plain(sql) => Asked::Plain(sql.as_ref().into()),
            Self::Count(sql, params) => Asked::Count(sql.as_ref().into(), params.as_ref().into()),
            Self::Rows(sql, params) => Asked::Rows(sql.as_ref().into(), params.as_ref().into()),
        }
    }

    pub fn sql(&self) -> &str {
        match self {
            Self::Plain(sql) | Self::Count(sql, _) | Self::Rows(sql, _) => sql,
        }
    }
}

impl PgConn {
    /// A connection that is made when it is first needed.
    pub fn new(address: Address) -> Self {
        Self {
            address,
            session: None,
            waiting: Vec::new(),
            waiting_bytes: 0,
            stage: Stage::Under,
            changed: 0,
            foreseen: Vec::new(),
            is_reading: false,
            meter: None,
            patience: Patience::default(),
        }
    }

    /// The same, telling `meter` what its transactions cost.
    pub fn measured(self, meter: Option<&Meter>) -> Self {
        Self { meter: meter.map(|meter| (meter.clone(), 0)), ..self }
    }

    /// The same, giving up a server that keeps silent for so long.
    pub fn patient(self, answer_max: Duration) -> Self {
        Self { patience: Patience { answer_max: Some(answer_max), ..self.patience }, ..self }
    }

    /// The same, given up by the server when it pauses within a transaction for so long.
    pub fn brisk(self, pause_max: Duration) -> Self {
        Self { patience: Patience { pause_max, ..self.patience }, ..self }
    }

    /// Makes the connection now.
    pub fn connect(&mut self) -> Result<(), Failure> {
        self.session().map(|_| ())
    }

    /// Begins a transaction with `sql`, which is sent with the first question.
    pub fn begin(&mut self, sql: impl Into<Cow<'static, str>>) {
        self.forget_waiting();
        self.waiting.push(Asked::Plain(sql.into()));
        (self.stage, self.changed) = (Stage::Beginning, 0);
        if self.meter.is_some() {
            // What fails here fails again at the first question, which tells of it.
            let counted = self.counted().unwrap_or_default();
            self.meter = self.meter.take().map(|(meter, _)| (meter, counted));
        }
    }

    /// Begins questions of which each sees its own moment; what is measured needs a transaction to be measured in.
    pub fn glance(&mut self) {
        if self.meter.is_some() {
            return self.begin(super::BEGIN_READ);
        }
        self.forget_waiting();
        self.stage = Stage::Glancing;
    }

    /// Tells the meter, if there is one, what the transaction has cost; before the caller is answered.
    pub fn measure(&mut self) -> Result<(), Failure> {
        if let Some((meter, before)) = self.meter.clone() {
            let counted = self.counted()?;
            meter.add(u64::try_from(counted - before).unwrap_or(0));
        }
        Ok(())
    }

    fn counted(&mut self) -> Result<i64, Failure> {
        let rows = self.rows(COUNTED, &[])?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }

    /// Whether there is a connection to commit over; a lost one that had nothing to lose is made anew.
    pub fn reach(&mut self) -> Result<(), Failure> {
        self.connected().map(|_| ())
    }

    /// Sends what waits and then `COMMIT`. When the connection is lost under it, the outcome is not known.
    pub fn commit(&mut self) -> Result<(), Failure> {
        self.exchange_once(Some(&Asked::Plain("COMMIT".into()))).map(|_| ())
    }

    /// Ends a transaction of which nothing is to be kept; the server's answer is not waited for. Should the connection
    /// be gone, so is the transaction.
    pub fn leave(&mut self) {
        self.forget_waiting();
        if std::mem::take(&mut self.is_reading) {
            // The server would have to send the rest first, and the transaction would stay for as long.
            return self.close();
        }
        if let (Stage::Under, Some(session)) = (self.stage, &mut self.session) {
            session.send("ROLLBACK");
        }
    }

    /// Gives the connection up, and with it whatever was not committed.
    pub fn close(&mut self) {
        self.forget_waiting();
        self.session = None;
    }

    fn forget_waiting(&mut self) {
        self.waiting.clear();
        self.foreseen.clear();
        self.waiting_bytes = 0;
    }

    /// Runs statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.exchange(Some(&Asked::Plain(sql.into()))).map(|_| ())
    }

    /// Asks for the rows of a query together with the next question, which may be this one; [`Self::rows`] then has them.
    /// A few rows only: nothing is read while the statements behind it are written.
    /// One that this connection sees for the first time is not worth it, as in [`Self::put`].
    pub fn foresee(&mut self, sql: &str, params: &[Val]) {
        if self.session.as_mut().is_some_and(|session| session.knows(sql)) {
            self.waiting.push(Asked::Rows(sql.to_owned().into(), params.to_vec().into()));
            self.foreseen.push(Foreseen { sql: sql.to_owned(), params: params.to_vec(), answer: None });
        }
    }

    /// The rows of a query.
    pub fn rows(&mut self, sql: &str, params: &[Val]) -> Result<Vec<Row>, Failure> {
        if let Some(place) = self.foreseen.iter().position(|known| known.sql == sql && known.params == params) {
            if self.foreseen[place].answer.is_none() {
                self.flush()?;
            }
            if let Some(rows) = self.foreseen.remove(place).answer {
                return Ok(rows);
            }
        }
        match self.exchange(Some(&Asked::Rows(sql.into(), params.into())))? {
            Answer::Rows(rows) => Ok(rows),
            Answer::Done | Answer::Count(_) => Ok(Vec::new()),
        }
    }

    /// Runs a statement and answers how many rows it changed.
    pub fn count(&mut self, sql: &str, params: &[Val]) -> Result<u64, Failure> {
        match self.exchange(Some(&Asked::Count(sql.into(), params.into())))? {
            Answer::Count(changed) => Ok(changed),
            Answer::Done | Answer::Rows(_) => Ok(0),
        }
    }

    /// Gives the rows of a query to `each`, one after another, until it answers `false`.
    pub fn each(&mut self, sql: &str, params: &[Val], mut each: impl FnMut(&Row) -> bool) -> Result<(), Failure> {
        if !self.waiting.is_empty() {
            self.flush()?;
        }
        let session = self.connected()?;
        let outcome = (|| {
            let mut rows = session.stream(sql, params)?;
            while let Some(row) = session.next(&mut rows)? {
                if !each(&row) {
                    return Ok(true);
                }
            }
            Ok(false)
        })();
        match outcome {
            Ok(is_reading) => {
                self.is_reading = is_reading;
                Ok(())
            }
            Err(error) => Err(self.failed(sql, &error)),
        }
    }

    /// Lets a statement wait whose answer nobody needs. One that this connection sees for the first time goes at once: it
    /// must be prepared, which takes a round trip anyway.
    pub fn put(&mut self, sql: &str, params: &[Val]) -> Result<(), Failure> {
        // One that has ended must be noticed here, and not under the commit.
        let known = self.session.as_mut().is_some_and(|session| !session.is_closed() && session.knows(sql));
        if !known {
            let changed = self.count(sql, params)?;
            self.changed += changed;
            return Ok(());
        }
        self.waiting.push(Asked::Count(sql.to_owned().into(), params.to_vec().into()));
        self.waiting_bytes += params.iter().map(Val::bytes).sum::<usize>();
        let many = self.waiting.len() >= WAITING_MAX || self.waiting_bytes >= WAITING_BYTES_MAX;
        if many { self.flush() } else { Ok(()) }
    }

    /// Sends what waits.
    pub fn flush(&mut self) -> Result<(), Failure> {
        if self.waiting.is_empty() { Ok(()) } else { self.exchange(None).map(|_| ()) }
    }

    /// How many rows the statements that waited have changed since this was last asked.
    pub fn take_changed(&mut self) -> u64 {
        std::mem::take(&mut self.changed)
    }

    /// Sends what waits and then `last`. A connection that the server closed while it was idle is noticed only now;
    /// when the transaction had not begun, everything is sent again over a fresh one, once.
    fn exchange(&mut self, last: Option<&Asked<'_>>) -> Result<Answer, Failure> {
        let old = self.stage != Stage::Under && self.session.is_some();
        match self.exchange_once(last) {
            Err(failure) if old && failure.fault == Fault::Lost => self.exchange_once(last),
            outcome => outcome,
        }
    }

    fn exchange_once(&mut self, last: Option<&Asked<'_>>) -> Result<Answer, Failure> {
        self.connected()?;
        let waiting = std::mem::take(&mut self.waiting);
        let joined = joined(&waiting);
        let all: Vec<&Asked<'_>> = joined.iter().chain(last).collect();
        let outcome = self.connected()?.exchange(&all);
        match outcome {
            Ok(mut answers) => {
                let answer = answers.split_off(joined.len()).pop().unwrap_or(Answer::Done);
                for answer in answers {
                    match answer {
                        Answer::Done => {}
                        Answer::Count(changed) => self.changed += changed,
                        Answer::Rows(rows) => {
                            let asked = self.foreseen.iter_mut().find(|foreseen| foreseen.answer.is_none());
                            asked.expect("only what is foreseen asks for rows and waits").answer = Some(rows);
                        }
                    }
                }
                self.waiting_bytes = 0;
                self.stage = self.stage.answered();
                Ok(answer)
            }
            Err((place, error)) => {
                let failure = self.failed(all.get(place).map_or("", |asked| asked.sql()), &error);
                if failure.fault == Fault::Lost {
                    // What could not be asked may be asked again, over another connection.
                    drop(joined);
                    self.waiting = waiting;
                } else {
                    self.waiting_bytes = 0;
                    self.stage = self.stage.answered();
                }
                Err(failure)
            }
        }
    }

    fn failed(&mut self, sql: &str, error: &Error) -> Failure {
        let failure = Failure::of(sql, error);
        if let (Fault::Lost, Some(session)) = (failure.fault, &mut self.session) {
            tracing::warn!(sql, told = failure.told, "the connection to the database is lost");
            session.end();
        }
        failure
    }

    /// The connection. A new one is made only where no transaction is open: the rest of one that went away with its
    /// connection must not be carried out alone.
    fn connected(&mut self) -> Result<&mut Session, Failure> {
        match self.stage {
            Stage::Under => self.session.as_mut().ok_or_else(Failure::without_connection),
            Stage::Beginning | Stage::Glancing => self.session(),
        }
    }

    /// The connection, made anew where there is none.
    fn session(&mut self) -> Result<&mut Session, Failure> {
        self.session.take_if(|session| session.is_closed());
        match &mut self.session {
            Some(session) => Ok(session),
            none => Ok(none.insert(Session::open(&self.address, self.patience).map_err(|error| {
                tracing::warn!(%error, "no connection to the database");
                Failure::connecting(&error)
            })?)),
        }
    }
}
