//! A private PostgreSQL, under the power-cut library where there is one, and a hot standby of it.
//!
//! PostgreSQL refuses to run as root: the cluster then belongs to the user `postgres`.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::server::{free_port, signal};
use crate::crash::shim::Shim;

const START_SECONDS: u64 = 60;
const DATABASE: &str = "nhaviec";
const TOOLS: [&str; 4] = ["initdb", "postgres", "pg_isready", "pg_basebackup"];
/// Several nodes, each with its connections for writing and reading.
const CONNECTIONS: u32 = 200;

/// The cluster; running while `server` is some.
#[derive(Debug)]
pub struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    port: u16,
    /// User and group to run as, when we are root.
    user: Option<(u32, u32)>,
    server: Option<Child>,
    output: PathBuf,
}

impl Cluster {
    /// Makes a cluster below `folder` with an empty database in it. Without `synced` it runs with `fsync=off`: the control.
    pub fn create(folder: &Path, place: &Path, synced: bool) -> Result<Self> {
        let mut cluster = Self::vacant(folder.join("cluster"), place.join("postgres.txt"))?;
        let data_flag = format!("--pgdata={}", cluster.data.display());
        let flags = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", &data_flag];
        finish(cluster.command("initdb").args(flags))?;
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = {}\nfsync = {}\n\
             synchronous_commit = on\nwal_sync_method = fdatasync\nfull_page_writes = on\nmax_connections = {CONNECTIONS}\n\
             shared_buffers = 16MB\ncheckpoint_timeout = 30s\nmax_wal_size = 64MB\nautovacuum = on\n",
            cluster.port,
            if synced { "on" } else { "off" },
        );
        let file = cluster.data.join("postgresql.auto.conf");
        std::fs::write(&file, settings).with_context(|| format!("writing {}", file.display()))?;
        cluster.start(None)?;
        cluster.connect("postgres")?.batch_execute(&format!("CREATE DATABASE {DATABASE}"))?;
        Ok(cluster)
    }

    /// A folder that the server may use, and nothing in it.
    fn vacant(data: PathBuf, output: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&data)?;
        std::fs::set_permissions(&data, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let user = if id(&["-u"])? == 0 { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None };
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&data, Some(uid), Some(gid))?;
        }
        Ok(Self { bin: bin()?, data, port: free_port()?, user, server: None, output })
    }

    /// Makes a running hot standby below `place`, which follows through the primary's port or a way that leads there.
    pub fn standby(&self, place: &Path, through: u16) -> Result<Self> {
        let mut standby = Self::vacant(place.join("standby"), place.join("standby.txt"))?;
        let (port, data) = (self.port.to_string(), format!("--pgdata={}", standby.data.display()));
        let flags = ["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "--wal-method=stream", "--checkpoint=fast"];
        finish(standby.command("pg_basebackup").args(flags).arg("--no-sync").arg(data))?;
        let mut file = std::fs::OpenOptions::new().append(true).open(standby.data.join("postgresql.auto.conf"))?;
        writeln!(
            file,
            "port = {}\nprimary_conninfo = 'host=127.0.0.1 port={through} user=postgres application_name=standby'\n\
             wal_retrieve_retry_interval = 200ms",
            standby.port
        )?;
        let mark = standby.data.join("standby.signal");
        std::fs::write(&mark, "")?;
        if let Some((uid, gid)) = standby.user {
            std::os::unix::fs::chown(&mark, Some(uid), Some(gid))?;
        }
        standby.start(None)?;
        Ok(standby)
    }

    /// Makes the standby the primary; answers once it takes writes.
    pub fn promote(&self) -> Result<()> {
        let promoted: bool = self.ask()?.query_one("SELECT pg_promote(true, 60)", &[])?.get(0);
        ensure!(promoted, "the standby is not promoted after a minute; see {}", self.output.display());
        Ok(())
    }

    /// Kills every process of the server at once, as a machine that burns down.
    pub fn kill(&mut self) -> Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        let mut all = vec![server.id()];
        all.extend(children(server.id())?);
        // Of the children some may have ended meanwhile.
        signal("KILL", &all).ok();
        server.wait()?;
        Ok(())
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        url_at(self.port)
    }

    /// The server's own port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A connection of the harness's own, past all nodes.
    pub fn ask(&self) -> Result<postgres::Client> {
        self.connect(DATABASE)
    }

    fn connect(&self, database: &str) -> Result<postgres::Client> {
        let url = format!("postgres://postgres@127.0.0.1:{}/{database}", self.port);
        postgres::Client::connect(&url, postgres::NoTls).with_context(|| format!("connecting to {url}"))
    }

    /// Starts the server, under the library or not, and waits until it takes connections.
    pub fn start(&mut self, shim: Option<&Shim>) -> Result<()> {
        // A killed server leaves its lock file; the number in it may be somebody else's by now.
        std::fs::remove_file(self.data.join("postmaster.pid")).ok();
        let output = std::fs::OpenOptions::new().create(true).append(true).open(&self.output)?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.data).stdout(output.try_clone()?).stderr(output).stdin(Stdio::null());
        if let Some(shim) = shim {
            shim.cover(&mut command);
        }
        let mut server = command.spawn().context("starting postgres")?;
        let until = Instant::now() + Duration::from_secs(START_SECONDS);
        let port = self.port.to_string();
        let ready = ["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-q"];
        while !self.command("pg_isready").args(ready).status()?.success() {
            if let Some(status) = server.try_wait()? {
                bail!("postgres ended with {status} while starting; see {}", self.output.display());
            }
            ensure!(Instant::now() < until, "postgres does not start; see {}", self.output.display());
            std::thread::sleep(Duration::from_millis(50));
        }
        self.server = Some(server);
        Ok(())
    }

    /// Ends the server in order ("fast"), with everything on disk.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        Command::new("kill").args(["-INT", &server.id().to_string()]).status().context("running kill")?;
        server.wait()?;
        Ok(())
    }

    /// Takes note that the server was killed.
    pub fn reap(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.wait()?;
        }
        Ok(())
    }

    fn command(&self, tool: &str) -> Command {
        let mut command = Command::new(self.bin.join(tool));
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        // Somebody's own folder is closed to the user postgres.
        command.current_dir("/").env_remove("PGDATA");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // Children notice the death of the postmaster and end.
            server.kill().ok();
            server.wait().ok();
        }
    }
}

/// The database as it is reached through `port`.
pub fn url_at(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/{DATABASE}")
}

/// The processes that a process has started and that still run.
fn children(of: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let path = entry?.path();
        let Some(process) = path.file_name().and_then(|name| name.to_str()?.parse().ok()) else { continue };
        // The name, in brackets, may hold anything; what follows it is the state and then the parent.
        let told = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
        let parent = told.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        if parent == Some(of) {
            found.push(process);
        }
    }
    Ok(found)
}

/// The folder of the tools: from `PATH`, or the newest where Debian puts it.
fn bin() -> Result<PathBuf> {
    let whole = |folder: &PathBuf| TOOLS.iter().all(|tool| folder.join(tool).is_file());
    if let Some(folder) = std::env::var_os("PATH").and_then(|path| std::env::split_paths(&path).find(whole)) {
        return Ok(folder);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, path)| path).context("PostgreSQL is not installed")
}

fn id(words: &[&str]) -> Result<u32> {
    let printed = Command::new("id").args(words).output().context("running id")?;
    ensure!(printed.status.success(), "there is no user postgres to run the cluster as");
    Ok(String::from_utf8(printed.stdout)?.trim().parse()?)
}

fn finish(command: &mut Command) -> Result<()> {
    let done = command.stdin(Stdio::null()).output()?;
    ensure!(done.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}
