//! A private PostgreSQL whose data directory lies under the power-cut library.
//!
//! PostgreSQL refuses to run as root: the cluster then belongs to the user `postgres`.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::server::free_port;
use super::shim::Shim;

const START_SECONDS: u64 = 60;
const DATABASE: &str = "nhaviec";
const TOOLS: [&str; 4] = ["initdb", "postgres", "psql", "pg_isready"];

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
    /// Makes a cluster below the watched directory with an empty database in it. Without `synced` it runs with
    /// `fsync=off`: the control.
    pub fn create(shim: &Shim, place: &Path, synced: bool) -> Result<Self> {
        let data = shim.watched().join("cluster");
        std::fs::create_dir_all(&data)?;
        let user = if id(&["-u"])? == 0 { Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)) } else { None };
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&data, Some(uid), Some(gid))?;
        }
        let output = place.join("postgres.txt");
        let mut cluster = Self { bin: bin()?, data, port: free_port()?, user, server: None, output };
        let data_flag = format!("--pgdata={}", cluster.data.display());
        let flags = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", &data_flag];
        finish(cluster.command("initdb").args(flags))?;
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = {}\nfsync = {}\n\
             synchronous_commit = on\nwal_sync_method = fdatasync\nfull_page_writes = on\nmax_connections = 40\n\
             shared_buffers = 16MB\ncheckpoint_timeout = 30s\nmax_wal_size = 64MB\nautovacuum = on\n",
            cluster.port,
            if synced { "on" } else { "off" },
        );
        let file = cluster.data.join("postgresql.auto.conf");
        std::fs::write(&file, settings).with_context(|| format!("writing {}", file.display()))?;
        cluster.start(None)?;
        let sql = format!("CREATE DATABASE {DATABASE}");
        let port = cluster.port.to_string();
        finish(cluster.command("psql").args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-qc", &sql]))?;
        Ok(cluster)
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{DATABASE}", self.port)
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
