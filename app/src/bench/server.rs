//! The server under measurement: this very program, started as its users start it.

use super::wire;
use crate::os::{Memory, cpu_ms, memory};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::Location;
use types::{Error, Result};

/// How long a start may take at all.
const START_MAX: Duration = Duration::from_secs(60);

/// A running server; killed when dropped.
pub(super) struct Server {
    child: Child,
    pub port: u16,
    /// From the start of the process to its first answer.
    pub start_ms: f64,
}

impl Server {
    /// Starts it on the database at `location` with its files in `folder`, and waits for the first answer.
    pub fn start(location: &Location, folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(Error::internal)?.port();
        let database = match location {
            Location::Sqlite(path) => format!("sqlite:{}", path.display()),
            Location::Postgres(url) => url.clone(),
        };
        let log = folder.join("server.log");
        let output = || File::options().create(true).append(true).open(&log).map_err(Error::internal);
        let program = std::env::current_exe().map_err(Error::internal)?;
        let started = Instant::now();
        let child = Command::new(program)
            .arg("serve")
            .env("NHAVIEC_LISTEN", format!("127.0.0.1:{port}"))
            .env("NHAVIEC_DATABASE", database)
            .env("NHAVIEC_DATA", folder)
            .env("NHAVIEC_LOG", "warn")
            // The line is measured without it, whatever the caller's shell says.
            .env("NHAVIEC_TLS", "off")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(output()?)
            .stderr(output()?)
            .spawn()
            .map_err(Error::internal)?;
        let mut server = Self { child, port, start_ms: 0.0 };
        while !wire::is_ready(port) {
            let ended = server.child.try_wait().map_err(Error::internal)?.is_some();
            if ended || started.elapsed() > START_MAX {
                let said = std::fs::read_to_string(&log).unwrap_or_default();
                return Err(Error::internal(format!("the server does not start: {said}")));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        server.start_ms = started.elapsed().as_secs_f64() * 1000.0;
        Ok(server)
    }

    /// Processor time so far, in milliseconds.
    pub fn cpu_ms(&self) -> Result<f64> {
        cpu_ms(self.child.id()).ok_or_else(|| Error::internal("the server has gone away"))
    }

    /// Memory now and at most.
    pub fn memory(&self) -> Result<Memory> {
        memory(self.child.id()).ok_or_else(|| Error::internal("the server has gone away"))
    }

    /// Asks it to end, as a supervisor would.
    pub fn stop(mut self) -> Result<()> {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM).map_err(Error::internal)?;
        }
        let asked = Instant::now();
        while self.child.try_wait().map_err(Error::internal)?.is_none() {
            if asked.elapsed() > Duration::from_secs(20) {
                return Err(Error::internal("the server does not end when it is asked to"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
