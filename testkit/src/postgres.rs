//! PostgreSQL for tests: a private cluster outside the checkout, or the server that `NHAVIEC_TEST_POSTGRES` names
//! (the address of a superuser). Without either the tests fail: an engine that is not tested is not supported.
//!
//! A watcher process holds one end of a pipe; when the test process ends, however it ends, the pipe closes and the
//! watcher stops the cluster and removes its folder. A cluster whose watcher was killed too is found by the next run.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where tests find a server that somebody else started.
pub const ADDRESS: &str = "NHAVIEC_TEST_POSTGRES";

/// A running server.
pub struct Server {
    url: String,
}

impl Server {
    /// The address of a superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An address that works in `schema` only.
    pub fn url_of_schema(&self, schema: &str) -> String {
        let mark = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-csearch_path%3D{schema}", self.url)
    }

    /// Runs statements as the superuser.
    pub fn run(&self, sql: &str) {
        let mut client = postgres::Client::connect(&self.url, postgres::NoTls)
            .unwrap_or_else(|e| panic!("the test server {} does not answer: {e}", self.url));
        client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    }
}

/// The server that all tests of this process share, started when it is first asked for.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    match std::env::var(ADDRESS) {
        Ok(url) => SERVER.get_or_init(|| Server { url }),
        Err(_) => CLUSTER.get_or_init(Cluster::start).server(),
    }
}

/// A cluster of our own.
pub struct Cluster {
    dir: PathBuf,
    server: Server,
    /// The port at which it is reached over encrypted TCP, if it is.
    port: Option<u16>,
    watcher: Option<Child>,
}

const FOLDER: &str = "nhaviec-pg-";

impl Cluster {
    /// Makes and starts a cluster; takes about two seconds.
    pub fn start() -> Self {
        Self::start_with(None)
    }

    /// The same, reached also at 127.0.0.1 with this certificate and key (PEM), and there encrypted only.
    pub fn encrypted(certificate: &str, key: &str) -> Self {
        Self::start_with(Some((certificate, key)))
    }

    fn start_with(tls: Option<(&str, &str)>) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        remove_left_over();
        let base = base();
        let dir = base.join(format!("{FOLDER}{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(&dir));
        }
        let data = dir.join("data");
        // The order of texts is that of a Vietnamese server, so that a missing COLLATE shows.
        done(
            as_server("initdb")
                .arg("--pgdata")
                .arg(&data)
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8"])
                .args(["--no-sync", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi-VN"]),
        );
        let host = dir.to_string_lossy().replace('/', "%2F");
        let port = tls.map(|pair| encrypt(&data, pair));
        let server = Server { url: format!("postgres://postgres@{host}:{}/postgres", port.unwrap_or(5432)) };
        let mut cluster = Self { dir, server, port, watcher: None };
        cluster.watcher = Some(cluster.watch());
        cluster.resume();
        cluster
    }

    /// The server in it.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The address of a superuser over encrypted TCP.
    ///
    /// # Panics
    /// When it was not started so.
    pub fn url_over_tcp(&self) -> String {
        let port = self.port.expect("it listens at 127.0.0.1");
        format!("postgres://postgres@127.0.0.1:{port}/postgres")
    }

    /// Stops the server under its clients; [`Cluster::resume`] starts it again.
    pub fn stop(&self) {
        done(as_server("pg_ctl").arg("--pgdata").arg(self.dir.join("data")).args(["stop", "--mode=fast", "--wait"]));
    }

    /// Starts the server that stands still.
    pub fn resume(&self) {
        let listen = match self.port {
            Some(port) => format!("-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on"),
            None => "-c listen_addresses=".to_owned(),
        };
        let settings = format!(
            "-k {} {listen} -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
             -c max_connections=400 -c shared_buffers=64MB -c deadlock_timeout=100ms -c max_locks_per_transaction=512",
            self.dir.display()
        );
        let log = self.dir.join("data").join("server.log");
        done(
            as_server("pg_ctl")
                .arg("--pgdata")
                .arg(self.dir.join("data"))
                .arg("--log")
                .arg(log)
                .arg("--wait")
                .arg("--options")
                .arg(settings)
                .arg("start"),
        );
    }

    fn watch(&self) -> Child {
        let stop = as_server("pg_ctl");
        let words = std::iter::once(stop.get_program()).chain(stop.get_args());
        Command::new("sh")
            .arg("-c")
            .arg("trap '' INT TERM HUP; dir=$1; shift; read -r _; \"$@\" --pgdata \"$dir/data\" stop --mode=immediate --wait; rm -rf \"$dir\"")
            .arg("watcher")
            .arg(&self.dir)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("sh can be started")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut watcher) = self.watcher.take() {
            drop(watcher.stdin.take());
            let _ = watcher.wait();
        }
    }
}

/// Lets a cluster be reached over encrypted TCP, and over no other; answers a free port.
fn encrypt(data: &Path, (certificate, key): (&str, &str)) -> u16 {
    let hosts = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
    for (name, text) in [("server.crt", certificate), ("server.key", key), ("pg_hba.conf", hosts)] {
        let path = data.join(name);
        fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        done(Command::new("chmod").arg("0600").arg(&path));
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(&path));
        }
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A short path: the name of a socket may have 107 bytes.
fn base() -> PathBuf {
    let base = std::env::temp_dir();
    if base.as_os_str().len() > 60 { PathBuf::from("/tmp") } else { base }
}

/// Removes clusters of processes that are no more.
fn remove_left_over() {
    for entry in fs::read_dir(base()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(process) = name.strip_prefix(FOLDER).and_then(|rest| rest.split('-').next()) else { continue };
        if Path::new("/proc").join(process).exists() {
            continue;
        }
        let _ = as_server("pg_ctl")
            .arg("--pgdata")
            .arg(entry.path().join("data"))
            .args(["stop", "--mode=immediate", "--wait"])
            .output();
        let _ = fs::remove_dir_all(entry.path());
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// A program of PostgreSQL; as the user `postgres` where we are root, which the server refuses to be.
fn as_server(program: &str) -> Command {
    let path = programs().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// The folder of the newest PostgreSQL that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return bin;
    }
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).find(|folder| folder.join("initdb").exists()).unwrap_or_else(|| {
        panic!("PostgreSQL is not installed (initdb is missing): install it, or set {ADDRESS} to a superuser's address")
    })
}

fn done(command: &mut Command) {
    let output = command.stdout(Stdio::null()).output();
    let output = output.unwrap_or_else(|e| panic!("{}: {e}", command.get_program().display()));
    let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    assert!(output.status.success(), "{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
}
