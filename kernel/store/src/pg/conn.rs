//! One connection to PostgreSQL, driven by the thread that uses it.
//!
//! A statement whose answer nobody needs waits, and is sent together with the next one that is asked for: a receipt costs
//! a few round trips and not thirty. The server runs them in the order in which they came; the first that fails fails the
//! transaction, as if it had been sent alone, only that this is told at the next question or at the commit.

use super::session::Session;
use crate::reader::{Fault, pg_fault};
use crate::value::Val;
use std::borrow::Cow;
use tokio_postgres::{Config, Error, Row};

/// So many statements wait at most, so that a restore does not pile up in memory.
const WAITING_MAX: usize = 64;

/// A connection, made when it is first needed and again after it was lost.
pub(crate) struct PgConn {
    config: Config,
    session: Option<Session>,
    waiting: Vec<Asked<'static>>,
    /// The transaction's `BEGIN` waits: the server knows nothing of it yet.
    beginning: bool,
    /// Rows that statements changed and nobody was told of yet.
    changed: u64,
}

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
    pub error: Error,
}

impl Failure {
    fn of(sql: &str, error: Error) -> Self {
        Self { fault: pg_fault(&error), sql: sql.to_owned(), error }
    }

    /// The error for the log. The server's own detail may quote the whole row, and a row holds what is no log's business.
    pub fn told(&self) -> String {
        match self.error.as_db_error() {
            Some(db) => format!("{} {} {}", db.code().code(), db.message(), db.constraint().unwrap_or_default()),
            None => self.error.to_string(),
        }
    }

    /// Whatever the reason, without a connection nothing is begun, and later it may succeed.
    fn connecting(error: Error) -> Self {
        Self { fault: Fault::Lost, sql: "connecting".to_owned(), error }
    }
}

impl Asked<'_> {
    pub fn sql(&self) -> &str {
        match self {
            Self::Plain(sql) | Self::Count(sql, _) | Self::Rows(sql, _) => sql,
        }
    }
}

impl PgConn {
    /// A connection that is made when it is first needed.
    pub fn new(config: Config) -> Self {
        Self { config, session: None, waiting: Vec::new(), beginning: false, changed: 0 }
    }

    /// Makes the connection now.
    pub fn connect(&mut self) -> Result<(), Failure> {
        self.session().map(|_| ())
    }

    /// Begins a transaction with `sql`, which is sent with the first question.
    pub fn begin(&mut self, sql: impl Into<Cow<'static, str>>) {
        self.waiting.clear();
        self.waiting.push(Asked::Plain(sql.into()));
        (self.beginning, self.changed) = (true, 0);
    }

    /// Sends what waits and then `COMMIT`. When the connection is lost under it, the outcome is not known.
    pub fn commit(&mut self) -> Result<(), Failure> {
        self.exchange_once(Some(&Asked::Plain("COMMIT".into()))).map(|_| ())
    }

    /// Ends a transaction of which nothing is to be kept; the server's answer is not waited for. Should the connection
    /// be gone, so is the transaction.
    pub fn leave(&mut self) {
        self.waiting.clear();
        if std::mem::take(&mut self.beginning) {
            return;
        }
        if let Some(session) = &mut self.session {
            session.send("ROLLBACK");
        }
    }

    /// Gives the connection up, and with it whatever was not committed.
    pub fn close(&mut self) {
        self.waiting.clear();
        self.session = None;
    }

    /// Runs statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<(), Failure> {
        self.exchange(Some(&Asked::Plain(sql.into()))).map(|_| ())
    }

    /// The rows of a query.
    pub fn rows(&mut self, sql: &str, params: &[Val]) -> Result<Vec<Row>, Failure> {
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
        self.flush()?;
        let session = self.session()?;
        let outcome = (|| {
            let mut rows = session.stream(sql, params)?;
            while let Some(row) = session.next(&mut rows)? {
                if !each(&row) {
                    break;
                }
            }
            Ok(())
        })();
        self.told(sql, outcome)
    }

    /// Lets a statement wait whose answer nobody needs. One that this connection sees for the first time goes at once:
    /// to prepare it, the server must have run those before it.
    pub fn put(&mut self, sql: &str, params: &[Val]) -> Result<(), Failure> {
        let known = self.session.as_mut().is_some_and(|session| session.knows(sql));
        if !known {
            let changed = self.count(sql, params)?;
            self.changed += changed;
            return Ok(());
        }
        self.waiting.push(Asked::Count(sql.to_owned().into(), params.to_vec().into()));
        if self.waiting.len() < WAITING_MAX { Ok(()) } else { self.flush() }
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
        let old = self.beginning && self.session.is_some();
        match self.exchange_once(last) {
            Err(failure) if old && failure.fault == Fault::Lost => self.exchange_once(last),
            outcome => outcome,
        }
    }

    fn exchange_once(&mut self, last: Option<&Asked<'_>>) -> Result<Answer, Failure> {
        self.session()?;
        let Some(session) = &mut self.session else { return Ok(Answer::Done) };
        let all: Vec<&Asked<'_>> = self.waiting.iter().chain(last).collect();
        let outcome = session.exchange(&all);
        let waited = self.waiting.len();
        match outcome {
            Ok(mut answers) => {
                let answer = answers.split_off(waited).pop().unwrap_or(Answer::Done);
                for answer in answers {
                    self.changed += if let Answer::Count(changed) = answer { changed } else { 0 };
                }
                self.waiting.clear();
                self.beginning = false;
                Ok(answer)
            }
            Err((which, error)) => {
                let failure = Failure::of(all.get(which).map_or("", |asked| asked.sql()), error);
                if failure.fault == Fault::Lost {
                    self.session = None;
                } else {
                    self.waiting.clear();
                    self.beginning = false;
                }
                Err(failure)
            }
        }
    }

    /// The connection, made anew where there is none.
    fn session(&mut self) -> Result<&mut Session, Failure> {
        self.session.take_if(|session| session.is_closed());
        match &mut self.session {
            Some(session) => Ok(session),
            none => Ok(none.insert(Session::open(&self.config).map_err(Failure::connecting)?)),
        }
    }

    fn told<T>(&mut self, sql: &str, outcome: Result<T, Error>) -> Result<T, Failure> {
        outcome.map_err(|error| {
            let failure = Failure::of(sql, error);
            if failure.fault == Fault::Lost {
                self.session = None;
            }
            failure
        })
    }
}
