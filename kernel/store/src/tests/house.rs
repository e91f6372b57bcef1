//! A SQLite store on the failing file system, and batches of writes over it.

use super::vfs::{Faults, watch};
use crate::migrate::{Migration, migrate};
use crate::{Actor, AuditEntry, Command, Location, Options, Store, Tx, params};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use types::{Error, Result};

const THINGS: &str = "CREATE TABLE thing (id {PK}, name TEXT NOT NULL, parent_id BIGINT REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED, raw BYTEA);
    CREATE INDEX thing_parent ON thing (parent_id);";

pub struct House {
    pub store: Store,
    pub faults: Arc<Faults>,
    pub path: PathBuf,
    _dir: tempfile::TempDir,
}

/// One write of a batch: its name, its command, what it does.
pub struct Write {
    pub name: String,
    command: Command,
    work: Work,
}

type Work = Arc<dyn Fn(&mut Tx<'_>) -> Result<()> + Send + Sync>;

/// What its sender was told.
pub type Told = Result<String>;

impl House {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nhaviec.db");
        const CREATE: Migration = Migration::new(1, "create_things", THINGS);
        migrate(&Location::Sqlite(path.clone()), &[("things", &[CREATE])]).unwrap();
        Self::over(dir, path)
    }

    /// A house over a database that is there.
    pub fn over(dir: tempfile::TempDir, path: PathBuf) -> Self {
        let (address, faults) = watch(&path);
        let options = Options { readers: 1, ..Options::default() };
        let store = Store::open(&Location::Sqlite(address.into()), options).unwrap();
        Self { store, faults, path, _dir: dir }
    }

    /// A write that puts a thing of this name and then does `more`.
    pub fn write(&self, name: &str, more: impl Fn(&mut Tx<'_>) -> Result<()> + Send + Sync + 'static) -> Write {
        let id = format!("house-{}", self.store.new_id()).parse().unwrap();
        let command = self.store.command(id, "things.put", Actor::Anyone);
        let put = name.to_owned();
        let work = Arc::new(move |tx: &mut Tx<'_>| {
            let id = tx.id()?;
            tx.exec("INSERT INTO thing (id, name) VALUES ($1, $2)", params![id, &put])?;
            tx.audit(&AuditEntry {
                action: "things.put",
                entity: "thing",
                entity_id: id,
                unit: None,
                detail: serde_json::Value::Null,
            })?;
            more(tx)
        });
        Write { name: name.to_owned(), command, work }
    }

    /// A write without anything special.
    pub fn plain(&self, name: &str) -> Write {
        self.write(name, |_| Ok(()))
    }

    /// `before` plain writes, one that is special, and as many plain ones after it.
    pub fn around(&self, special: Write) -> Vec<Write> {
        let mut all: Vec<Write> = (0..4).map(|n| self.plain(&format!("trước {n}"))).collect();
        all.push(special);
        all.extend((0..4).map(|n| self.plain(&format!("sau {n}"))));
        all
    }

    /// Sends all of them while the writer is occupied, so that they are run as one batch; answers what each was told.
    /// `meanwhile` runs when all are in line and nothing of them has begun.
    pub fn batch(&self, writes: &[Write], meanwhile: impl FnOnce()) -> Vec<Told> {
        let (release, wait) = mpsc::channel::<()>();
        let (started, begun) = mpsc::channel();
        let wait = Mutex::new(wait);
        let mut gate = self.plain("cửa");
        gate.work = Arc::new(move |_| {
            let _ = started.send(());
            let _ = wait.lock().unwrap().recv();
            Ok(())
        });
        let _gate = self.send(&gate);
        begun.recv().unwrap();
        let sent: Vec<_> = writes.iter().map(|write| self.send(write)).collect();
        meanwhile();
        drop(release);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        sent.into_iter().map(|one| runtime.block_on(one)).collect()
    }

    fn send(&self, write: &Write) -> Pin<Box<dyn Future<Output = Told>>> {
        let (store, command, work, name) =
            (self.store.clone(), write.command.clone(), write.work.clone(), write.name.clone());
        let mut sent: Pin<Box<dyn Future<Output = Told>>> =
            Box::pin(async move { store.write(command, move |tx| work(tx).map(|()| name.clone())).await });
        match sent.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(told) => Box::pin(std::future::ready(told)),
            Poll::Pending => sent,
        }
    }

    /// The same write as a client sends it again: the command's id is the client's, everything else is drawn here.
    pub fn again(&self, write: &Write) -> Write {
        let drawn = &write.command;
        let command = self.store.command(drawn.id.clone(), drawn.verb, drawn.actor);
        Write { command, work: write.work.clone(), name: write.name.clone() }
    }

    /// Sends one and waits for its answer.
    pub fn alone(&self, write: &Write) -> Told {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(self.send(write))
    }

    /// The names that are stored, as another process would see them.
    pub fn stored(&self) -> Vec<String> {
        stored(&self.path)
    }

    /// Nobody was told a lie: "ok" is stored once, "failed" is not stored, and "unknown" is one of the two.
    pub fn assert_honest(&self, writes: &[Write], told: &[Told]) {
        let stored = self.stored();
        for (write, told) in writes.iter().zip(told) {
            let times = stored.iter().filter(|name| **name == write.name).count();
            match told {
                Ok(_) => assert_eq!(times, 1, "{} was told ok; stored: {stored:?}", write.name),
                Err(error) if is_unknown(error) => assert!(times <= 1, "{} is stored twice", write.name),
                Err(error) => assert_eq!(times, 0, "{} was told «{error}» and is stored", write.name),
            }
        }
    }

    /// The writer works: all of them can be sent again, and then each stands once.
    pub fn assert_recovers(&self, writes: &[Write]) {
        for write in writes {
            let told = self.alone(write);
            assert!(told.is_ok(), "{} sent again: {told:?}", write.name);
        }
        self.assert_all_once(writes);
        let later = self.plain("sau cùng");
        self.alone(&later).unwrap();
        self.assert_all_once(&[later]);
    }

    pub fn assert_all_once(&self, writes: &[Write]) {
        let stored = self.stored();
        for write in writes {
            let times = stored.iter().filter(|name| **name == write.name).count();
            assert_eq!(times, 1, "{}; stored: {stored:?}", write.name);
        }
    }
}

/// Whether its sender was told that nobody knows.
pub fn is_unknown(error: &Error) -> bool {
    error.code() == "unavailable" && error.to_string().contains("chưa rõ đã lưu hay chưa")
}

pub fn stored(path: &std::path::Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut statement = conn.prepare("SELECT name FROM thing ORDER BY id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// The connection of the writer that runs this closure.
pub fn writers_own<'a>(tx: &'a Tx<'_>) -> &'a rusqlite::Connection {
    match &tx.conn {
        crate::reader::Conn::Lite(conn) => conn,
        crate::reader::Conn::Pg(_) => unreachable!("these tests run on SQLite"),
    }
}
