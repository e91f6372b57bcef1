//! The server under test: how it is started, with which surroundings, and how it is asked to stop.

use std::fs::OpenOptions;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::client::Client;
use crate::crash::shim::Shim;

/// How long a start may take: recovery after a crash included.
const START_SECONDS: u64 = 60;

/// What the program is told by its environment.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// `nhaviec` and words that come before its verb.
    pub program: Vec<String>,
    pub port: u16,
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// The folder for files; below the watched directory.
    pub data: PathBuf,
    /// SQLite without syncs, for the control.
    pub unsynced: bool,
    /// Where what the program prints goes.
    pub output: PathBuf,
    /// What else it is told, by name.
    pub more: Vec<(&'static str, String)>,
}

impl Surroundings {
    /// A command of the program, e.g. `serve` or `check`.
    pub fn command(&self, words: &[&str]) -> Result<Command> {
        let (program, before) = self.program.split_first().context("the server's command line is empty")?;
        let mut command = Command::new(program);
        command.args(before).args(words).stdin(Stdio::null());
        command
            .env("NHAVIEC_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("NHAVIEC_DATABASE", &self.database)
            .env("NHAVIEC_DATA", &self.data)
            .envs(self.more.iter().map(|(name, value)| (name, value)));
        if self.unsynced {
            command.env("NHAVIEC_SQLITE_SYNCHRONOUS", "OFF").env("NHAVIEC_CRASH_CONTROL", "1");
        }
        Ok(command)
    }

    /// Runs a command to its end and gives what it printed. `shim` where it touches the live database.
    pub fn run(&self, words: &str, shim: Option<&Shim>) -> Result<String> {
        let mut command = self.command(&words.split_whitespace().collect::<Vec<_>>())?;
        if let Some(shim) = shim {
            shim.cover(&mut command);
        }
        let done = command.output().with_context(|| format!("running {words}"))?;
        let printed = String::from_utf8_lossy(&done.stdout).into_owned();
        ensure!(
            done.status.success(),
            "`{words}` ended with {}:\n{printed}{}",
            done.status,
            String::from_utf8_lossy(&done.stderr)
        );
        Ok(printed)
    }

    /// Starts the server, under the library or not, and waits until it serves.
    pub fn serve(&self, shim: Option<&Shim>, client: &Client) -> Result<Child> {
        let mut command = self.command(&["serve"])?;
        if let Some(shim) = shim {
            shim.cover(&mut command);
        }
        let mut child = command.stdout(self.output()?).stderr(self.output()?).spawn()?;
        let until = Instant::now() + Duration::from_secs(START_SECONDS);
        while !client.is_ready() {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status} while starting; see {}", self.output.display());
            }
            if Instant::now() > until {
                child.kill()?;
                child.wait()?;
                bail!("the server does not serve after {START_SECONDS} s; see {}", self.output.display());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(child)
    }

    fn output(&self) -> Result<std::fs::File> {
        Ok(OpenOptions::new().create(true).append(true).open(&self.output)?)
    }
}

/// Sends a signal, by its name, to processes of ours.
pub fn signal(name: &str, processes: &[u32]) -> Result<()> {
    let numbers = processes.iter().map(u32::to_string);
    let sent = Command::new("kill").arg(format!("-{name}")).args(numbers).status().context("running kill")?;
    ensure!(sent.success(), "kill -{name} {processes:?} ended with {sent}");
    Ok(())
}

/// Asks a server to end as its supervisor would.
pub fn stop(child: &mut Child) -> Result<()> {
    signal("TERM", &[child.id()])?;
    let until = Instant::now() + Duration::from_secs(30);
    while child.try_wait()?.is_none() {
        if Instant::now() > until {
            child.kill()?;
            child.wait()?;
            bail!("the server does not end when it is asked to");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The folder for files, made.
pub fn files_folder(watched: &Path) -> Result<PathBuf> {
    let folder = watched.join("files");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
