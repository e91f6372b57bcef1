//! A client, its connection and who polls both, all on one thread.

use super::address::Address;
use super::conn::{Answer, Asked, told};
use super::wire::{Place, Wire, nowhere, places};
use crate::value::Val;
use futures::future::{MaybeDone, maybe_done};
use futures::{FutureExt, TryStreamExt};
use lru::LruCache;
use std::future::poll_fn;
use std::io;
use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, RowStream, Statement};

/// Statements that a connection keeps prepared, as many as on SQLite.
const PREPARED_MAX: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");

/// How long a connection waits, and is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Ours with the server: so long it may keep silent; without a limit an answer takes as long as it takes.
    pub answer_max: Option<Duration>,
    /// The server's with us: so long we may pause within a transaction, whose locks others may wait for.
    pub pause_max: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer_max: None, pause_max: Duration::from_secs(60) }
    }
}

/// What every connection tells the server first.
fn settings(pause_max: Duration) -> String {
    format!(
        "SET client_min_messages = warning; SET idle_in_transaction_session_timeout = '{}ms'; SET TIME ZONE 'UTC'",
        pause_max.as_millis()
    )
}

/// Why there is no connection: what the server said, or what is wrong with the way to it.
fn why(error: &Error) -> String {
    match std::error::Error::source(error).filter(|_| error.as_db_error().is_none()) {
        Some(cause) => format!("{}: {cause}", told(error)),
        None => told(error),
    }
}

/// An answer on its way.
type Coming<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + 'a>>;

/// An open connection with the statements it has prepared. The longest unused one goes when there are many: dropping it
/// frees the server's plan too, or a connection that lives for weeks would grow for ever.
pub(super) struct Session {
    client: Client,
    link: Link,
    prepared: LruCache<String, Statement>,
}

impl Session {
    /// Connects to the first of the address's servers, or of the numbers that a name stands for, that lets us in and may do
    /// what the address asks for. Who is patient for longer than that finds the connection ended.
    pub fn open(address: &Address, patience: Patience) -> io::Result<Self> {
        let mut last = nowhere();
        for place in places(&address.config)? {
            match place.and_then(|place| Self::open_at(address, &place, patience)) {
                Ok(session) => return Ok(session),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn open_at(address: &Address, place: &Place, patience: Patience) -> io::Result<Self> {
        match place {
            Place::Unix(_) => Self::open_with(&address.unencrypted(), (place, NoTls), patience),
            Place::Tcp(_, host) => {
                let tls = MakeTlsConnect::<Wire>::make_tls_connect(&mut address.tls.clone(), host);
                let tls = tls.map_err(io::Error::other)?;
                Self::open_with(&address.config, (place, tls), patience)
            }
        }
    }

    fn open_with<T>(config: &Config, (place, tls): (&Place, T), patience: Patience) -> io::Result<Self>
    where
        T: TlsConnect<Wire>,
        T::Stream: Send + 'static,
    {
        let wire = Wire::open(config, place)?;
        let mut link = Link::new(wire.clone());
        let (client, connection) =
            link.drive(config.connect_raw(wire.clone(), tls)).map_err(|e| io::Error::other(why(&e)))?;
        wire.let_in(patience.answer_max)?;
        link.connection = Some(Box::pin(connection));
        let mut session = Self { client, link, prepared: LruCache::new(PREPARED_MAX) };
        let settings = settings(patience.pause_max);
        session.link.drive(session.client.batch_execute(&settings)).map_err(|e| io::Error::other(told(&e)))?;
        session.suits(config.get_target_session_attrs())?;
        Ok(session)
    }

    /// Whether this is the kind of server that the address asks for: of several, one may be a copy that only reads.
    fn suits(&mut self, wanted: TargetSessionAttrs) -> io::Result<()> {
        let refused = match wanted {
            TargetSessionAttrs::ReadWrite => "on",
            TargetSessionAttrs::ReadOnly => "off",
            _ => return Ok(()),
        };
        let row = self.link.drive(self.client.query_one("SHOW transaction_read_only", &[]));
        let read_only: String = row.map_err(|e| io::Error::other(told(&e)))?.get(0);
        if read_only == refused {
            return Err(io::Error::other(format!("transaction_read_only is {read_only}")));
        }
        Ok(())
    }

    /// Ends the connection; whoever asks it anything from now on is told so.
    pub fn end(&mut self) {
        self.link.end();
    }

    pub fn is_closed(&self) -> bool {
        self.link.connection.is_none() || self.client.is_closed()
    }

    /// Whether the statement is prepared.
    pub fn knows(&mut self, sql: &str) -> bool {
        self.prepared.get(sql).is_some()
    }

    /// Sends everything at once and takes the answers; of what failed, the first with its place.
    pub fn exchange(&mut self, asked: &[&Asked<'_>]) -> Result<Vec<Answer>, (usize, Error)> {
        let mut statements = Vec::with_capacity(asked.len());
        for (place, asked) in asked.iter().enumerate() {
            statements.push(match asked {
                Asked::Plain(_) => None,
                Asked::Count(sql, _) | Asked::Rows(sql, _) => Some(self.statement(sql).map_err(|e| (place, e))?),
            });
        }
        let Self { client, link, .. } = self;
        let coming = asked.iter().zip(&statements).map(|(asked, statement)| ask(client, asked, statement.as_ref()));
        let mut coming: Vec<MaybeDone<Coming<'_>>> = coming.map(maybe_done).collect();
        let (mut answered, mut sent) = (0, 0);
        // What is polled first is sent first, and answered first. What does not even get on the wire, because a parameter
        // does not fit, keeps back what comes after it: a commit above all.
        let all = poll_fn(|cx| {
            let mut place = answered;
            while place < coming.len() {
                let _ = coming[place].poll_unpin(cx);
                let is_done = matches!(coming[place], MaybeDone::Done(_) | MaybeDone::Gone);
                if place < sent && !is_done {
                    // Nothing behind it can have been answered.
                    break;
                }
                if place >= sent && matches!(coming[place], MaybeDone::Done(Err(_))) {
                    coming.truncate(place + 1);
                }
                place += 1;
            }
            sent = coming.len();
            answered += coming[answered..].iter().take_while(|coming| matches!(coming, MaybeDone::Done(_))).count();
            if answered == coming.len() { Poll::Ready(()) } else { Poll::Pending }
        });
        link.drive(all);
        let outputs = coming.iter_mut().filter_map(|coming| Pin::new(coming).take_output());
        outputs.enumerate().map(|(place, output)| output.map_err(|e| (place, link.cause(e)))).collect()
    }

    /// Sends a statement whose answer does not matter, and does not wait for it.
    pub fn send(&mut self, sql: &str) {
        let mut work = pin!(self.client.batch_execute(sql));
        let _ = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        self.link.poll();
    }

    /// Asks for rows that are taken one after another.
    pub fn stream(&mut self, sql: &str, params: &[Val]) -> Result<Pin<Box<RowStream>>, Error> {
        let statement = self.statement(sql)?;
        let rows = self.link.drive(self.client.query_raw(&statement, params));
        rows.map(Box::pin).map_err(|e| self.link.cause(e))
    }

    /// The next row, or none.
    pub fn next(&mut self, rows: &mut Pin<Box<RowStream>>) -> Result<Option<Row>, Error> {
        self.link.drive(rows.try_next()).map_err(|e| self.link.cause(e))
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let prepared = self.link.drive(self.client.prepare(sql));
        let statement = prepared.map_err(|e| self.link.cause(e))?;
        self.prepared.put(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn ask<'a>(client: &'a Client, asked: &'a Asked<'_>, statement: Option<&'a Statement>) -> Coming<'a> {
    Box::pin(async move {
        match (asked, statement) {
            (Asked::Rows(_, params), Some(statement)) => {
                let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
                client.query(statement, &params).await.map(Answer::Rows)
            }
            (Asked::Count(_, params), Some(statement)) => {
                client.execute_raw(statement, params.iter()).await.map(Answer::Count)
            }
            (asked, _) => client.batch_execute(asked.sql()).await.map(|()| Answer::Done),
        }
    })
}

/// A connection of the driver's; it ends when the connection does.
type Connection = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Carries bytes to the server and back whenever it is polled.
struct Link {
    wire: Wire,
    /// None before the server has let us in, and when the connection has ended; whoever waits for an answer is told then.
    connection: Option<Connection>,
    /// Why it ended.
    broke: Option<Error>,
    /// Somebody can go on.
    woken: Arc<Woken>,
    waker: Waker,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Link {
    fn new(wire: Wire) -> Self {
        let woken: Arc<Woken> = Arc::default();
        Self { wire, connection: None, broke: None, waker: Waker::from(woken.clone()), woken }
    }

    /// Waits for `work`, carrying its bytes.
    fn drive<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let waker = self.waker.clone();
        loop {
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                return done;
            }
            self.poll();
            // Both may have something for each other; only when neither has is it the server's turn.
            if !self.woken.0.swap(false, Ordering::Relaxed) {
                self.wire.wait();
            }
        }
    }

    fn poll(&mut self) {
        let Some(connection) = &mut self.connection else { return };
        if let Poll::Ready(ended) = connection.as_mut().poll(&mut Context::from_waker(&self.waker)) {
            self.broke = ended.err();
            self.end();
        }
    }

    /// The server learns of it at once, and ends what was open there.
    fn end(&mut self) {
        self.connection = None;
        self.wire.close();
    }

    /// The reason why the connection ended, where `error` says only that it did.
    fn cause(&mut self, error: Error) -> Error {
        if error.is_closed() { self.broke.take().unwrap_or(error) } else { error }
    }
}
