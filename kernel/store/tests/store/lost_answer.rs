//! A commit that PostgreSQL carried out and whose answer never arrived: a proxy between store and server loses it.

use crate::{THINGS, command, count, names, put};
use ::postgres::config::Host;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use store::{Command, Location, Store, params};
use testkit::{TestDatabase, options};
use types::{Id, Result};

/// What the write that loses its answer puts. The proxy knows the connection by it, so that neither a read nor the
/// renewal of the node's lease is cut instead.
const NAME: &str = "mất lời đáp";

/// The simple query `COMMIT` as it goes over the wire: kind, length, text.
const COMMIT: &[u8] = b"Q\x00\x00\x00\x0bCOMMIT\x00";

/// The message by which a client takes its leave.
const TERMINATE: &[u8] = b"X\x00\x00\x00\x04";

/// What is asked in the midst of a write.
const QUESTION: &str = "SELECT CAST('giữa chừng' AS TEXT)";

/// `FATAL`: terminating connection due to administrator command.
const FAREWELL: &[u8] = b"E\x00\x00\x00\x21SFATAL\0VFATAL\0C57P01\0Mended\0\0";

/// What the proxy is to spoil, and what it has spoilt.
#[derive(Default)]
struct Faults {
    /// The answer to the next commit of a connection that wrote [`NAME`] gets lost; once.
    armed: AtomicBool,
    /// Answers lost, each of which said that the commit was carried out.
    lost: AtomicUsize,
    /// After a loss nobody is let in any more.
    stays_away: AtomicBool,
    /// The server's farewell follows the answer to [`QUESTION`] in the same packet; once.
    says_farewell: AtomicBool,
}

impl Faults {
    fn refuses(&self) -> bool {
        self.stays_away.load(SeqCst) && self.lost.load(SeqCst) > 0
    }
}

/// Stands before the test's server; its threads end with their connections, or with the test's process.
struct Proxy {
    /// The address of the database through the proxy.
    url: String,
    faults: Arc<Faults>,
}

impl Proxy {
    fn before(database: &TestDatabase) -> Self {
        let Location::Postgres(server) = &database.location else { panic!("it stands before PostgreSQL only") };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = through(server, listener.local_addr().unwrap());
        let faults = Arc::new(Faults::default());
        let (server, shared) = (server.clone(), faults.clone());
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                if !shared.refuses() {
                    pass(client, dial(&server), &shared);
                }
            }
        });
        Self { url, faults }
    }

    fn lost(&self) -> usize {
        self.faults.lost.load(SeqCst)
    }
}

/// The same user, database and options, at the proxy's address instead of the server's.
fn through(url: &str, address: SocketAddr) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let user = authority.rsplit_once('@').map_or_else(String::new, |(user, _)| format!("{user}@"));
    // What is lost here is found by reading along.
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{scheme}://{user}{address}{path}{mark}sslmode=disable")
}

/// A connection to the server, which one reads and another writes.
type Ends = (Box<dyn Read + Send>, Box<dyn Write + Send>);

/// Connects as the driver would: over TCP, or to the socket in the folder that stands for the host.
fn dial(url: &str) -> Ends {
    let config: ::postgres::Config = url.parse().unwrap();
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match &config.get_hosts()[0] {
        Host::Tcp(name) => {
            let stream = TcpStream::connect((name.as_str(), port)).unwrap();
            stream.set_nodelay(true).unwrap();
            (Box::new(stream.try_clone().unwrap()), Box::new(stream))
        }
        Host::Unix(folder) => {
            let stream = UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).unwrap();
            (Box::new(stream.try_clone().unwrap()), Box::new(stream))
        }
    }
}

/// Forwards both ways until one side ends.
fn pass(client: TcpStream, (from_server, to_server): Ends, faults: &Arc<Faults>) {
    client.set_nodelay(true).unwrap();
    let from_client = client.try_clone().unwrap();
    let losing = Arc::new(AtomicBool::new(false));
    let (soon, shared) = (losing.clone(), faults.clone());
    thread::spawn(move || there(from_client, to_server, &soon, &shared));
    let shared = faults.clone();
    thread::spawn(move || back(from_server, client, &losing, &shared));
}

/// Forwards what the client says, message by message; before the commit that is waited for, says that its answer gets
/// lost.
fn there(mut client: TcpStream, mut server: Box<dyn Write + Send>, losing: &AtomicBool, faults: &Faults) {
    let (mut greeted, mut ours) = (false, false);
    while let Ok(message) = next_message(&mut client, greeted) {
        greeted = true;
        ours |= contains(&message, NAME.as_bytes());
        if ours && message == COMMIT && faults.armed.swap(false, SeqCst) {
            losing.store(true, SeqCst);
        }
        if server.write_all(&message).is_err() {
            return;
        }
    }
    // A client that went away without a word must not keep its connection to the server, and the other thread with it.
    let _ = server.write_all(TERMINATE);
}

/// Forwards what the server answers; the answer that is to get lost is awaited, and the client cut off instead.
fn back(mut server: Box<dyn Read + Send>, mut client: TcpStream, losing: &AtomicBool, faults: &Faults) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(n @ 1..) = server.read(&mut bytes) {
        if losing.load(SeqCst) {
            // What was sent along with the commit is answered first, and gets lost too.
            if contains(&bytes[..n], b"COMMIT\0") {
                faults.lost.fetch_add(1, SeqCst);
                break;
            }
            continue;
        }
        if contains(&bytes[..n], "giữa chừng".as_bytes()) && faults.says_farewell.swap(false, SeqCst) {
            let _ = client.write_all(&[&bytes[..n], FAREWELL].concat());
            break;
        }
        if client.write_all(&bytes[..n]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

/// One message of a client; the first one has no byte that tells its kind.
fn next_message(client: &mut impl Read, greeted: bool) -> io::Result<Vec<u8>> {
    let kind = usize::from(greeted);
    let mut message = vec![0; kind + 4];
    client.read_exact(&mut message)?;
    let length = message[kind..].iter().fold(0_usize, |length, byte| length * 256 + usize::from(*byte));
    message.resize(kind + length, 0);
    client.read_exact(&mut message[kind + 4..])?;
    Ok(message)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A database, the proxy before it, and a store that knows of the proxy only.
fn behind_a_proxy() -> (TestDatabase, Proxy, Store) {
    let database = TestDatabase::postgres();
    database.migrate(&[THINGS]);
    let proxy = Proxy::before(&database);
    let store = Store::open(&Location::Postgres(proxy.url.clone()), options()).unwrap();
    (database, proxy, store)
}

/// Puts the thing by whose name the proxy knows the connection, counting how often that was run.
fn send(store: &Store, command: &Command, runs: &Arc<AtomicUsize>) -> Result<Id> {
    let runs = runs.clone();
    store.write_blocking(command.clone(), move |tx| {
        runs.fetch_add(1, SeqCst);
        put(tx, NAME)
    })
}

#[test]
fn a_commit_whose_answer_is_lost_is_found_by_the_retry_and_stands_once() {
    let (_database, proxy, store) = behind_a_proxy();
    let runs = Arc::new(AtomicUsize::new(0));
    // Control: through the proxy as it is, the same write just succeeds.
    send(&store, &command(&store), &runs).unwrap();
    assert_eq!((proxy.lost(), runs.load(SeqCst)), (0, 1));
    assert_eq!(names(&store), [NAME]);

    proxy.faults.armed.store(true, SeqCst);
    let kept = command(&store);
    let answer = send(&store, &kept, &runs).unwrap();
    assert_eq!(proxy.lost(), 1, "the server had said that it carried the commit out");
    assert_eq!(runs.load(SeqCst), 2, "the retry found the kept answer and did not run the work again");
    assert_eq!(names(&store), [NAME, NAME]);

    assert_eq!(send(&store, &kept, &runs).unwrap(), answer, "sent again it is answered alike");
    assert_eq!(runs.load(SeqCst), 3, "it ran once more, met the row of its id and was taken back");
    assert_eq!((count(&store, "thing"), count(&store, "command"), count(&store, "audit")), (2, 2, 2));
}

#[test]
fn a_commit_whose_answer_is_lost_with_the_server_is_not_called_unsaved_and_stands_once() {
    let (database, proxy, store) = behind_a_proxy();
    let runs = Arc::new(AtomicUsize::new(0));
    proxy.faults.armed.store(true, SeqCst);
    proxy.faults.stays_away.store(true, SeqCst);
    let kept = command(&store);
    // No retry reaches the server, so whether it was stored cannot be known here.
    let error = send(&store, &kept, &runs).unwrap_err();
    assert_eq!(proxy.lost(), 1);
    assert_eq!(error.code(), "unavailable");
    assert!(error.to_string().contains("chưa rõ đã lưu hay chưa"), "{error}");
    assert!(error.to_string().contains("không nhận hai lần"), "{error}");
    let past_the_proxy = database.open();
    assert_eq!(names(&past_the_proxy), [NAME], "it was stored");

    proxy.faults.stays_away.store(false, SeqCst);
    let answer = send(&store, &kept, &runs).unwrap();
    assert_eq!(send(&store, &kept, &runs).unwrap(), answer);
    assert_eq!(runs.load(SeqCst), 3, "each time it met the row of its id, was taken back and given the kept answer");
    assert_eq!((count(&store, "thing"), count(&store, "command"), count(&store, "audit")), (1, 1, 1));
}

#[test]
fn a_connection_that_ends_with_an_answer_does_not_leave_half_a_write() {
    let (_database, proxy, store) = behind_a_proxy();
    let runs = Arc::new(AtomicUsize::new(0));
    let send = || {
        let runs = runs.clone();
        store.write_blocking(command(&store), move |tx| {
            runs.fetch_add(1, SeqCst);
            put(tx, "nửa này")?;
            tx.one::<(String,)>(QUESTION, params![])?;
            put(tx, "nửa kia")
        })
    };
    // What was prepared before waits and goes with the commit.
    for _ in 0..8 {
        send().unwrap();
    }
    let (before, ran) = (count(&store, "thing"), runs.load(SeqCst));
    proxy.faults.says_farewell.store(true, SeqCst);
    send().unwrap();
    assert!(!proxy.faults.says_farewell.load(SeqCst), "it was said");
    assert_eq!(runs.load(SeqCst), ran + 2, "all of it was run again");
    assert_eq!(count(&store, "thing"), before + 2);
    let halves: Vec<String> = names(&store);
    assert_eq!(halves.iter().filter(|name| *name == "nửa này").count(), halves.len() / 2);
}
