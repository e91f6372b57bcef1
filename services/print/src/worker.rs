//! One worker process: started with limits, given jobs one after another, killed when dropped.

use crate::wire::{self, Answer};
use crate::{PrintError, Refusal, Settings, frame};
use std::io;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

/// How much of what the worker says on its standard error is kept for the log.
const LAST_WORDS_BYTES_MAX: usize = 2048;
/// How long a dying worker is waited for before its last words are read.
const DYING_TIME_MAX: Duration = Duration::from_secs(1);
/// The few variables that a worker keeps; the server's passwords and addresses are none of its business.
const ENVIRONMENT_KEPT: [&str; 4] = ["LD_LIBRARY_PATH", "SystemRoot", "TMPDIR", "TEMP"];

/// A running worker process.
pub(crate) struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    last_words: Arc<Mutex<Vec<u8>>>,
    listener: JoinHandle<()>,
    /// Jobs answered so far.
    pub(crate) prints: u32,
}

impl Worker {
    /// Starts the process and sets its limits.
    pub(crate) fn start(settings: &Settings) -> Result<Self, PrintError> {
        let cannot = |doing: &str, e: io::Error| PrintError::CannotStart(format!("{doing}: {e}"));
        let mut command = Command::new(&settings.program);
        command.args(&settings.args).env_clear();
        for name in ENVIRONMENT_KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // Each allocator arena and each thread reserves address space, which the memory limit counts.
        command.env("MALLOC_ARENA_MAX", "2").env("MIMALLOC_ARENA_RESERVE", "32M").env("RAYON_NUM_THREADS", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|e| cannot("starting the worker", e))?;
        limit(&child, settings).map_err(|e| cannot("limiting the worker", e))?;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(PrintError::CannotStart("the worker has no pipes".into()));
        };
        let last_words = Arc::default();
        let listener = tokio::spawn(listen(stderr, Arc::clone(&last_words)));
        Ok(Self { child, stdin, stdout, last_words, listener, prints: 0 })
    }

    /// Gives one job and waits for the answer. An error means that the worker is of no use any more.
    pub(crate) async fn exchange(&mut self, message: &[u8]) -> io::Result<Result<Answer, Refusal>> {
        self.stdin.write_all(message).await?;
        self.stdin.flush().await?;
        let answer = wire::decode_answer(frame::read_async(&mut self.stdout).await?)?;
        self.prints += 1;
        Ok(answer)
    }

    /// Says why the worker failed with `error`, from how it ended and what it said last.
    pub(crate) async fn cause_of_death(mut self, error: io::Error) -> PrintError {
        if error.kind() == io::ErrorKind::InvalidData {
            return PrintError::Protocol(error.to_string());
        }
        let Ok(status) = tokio::time::timeout(DYING_TIME_MAX, self.child.wait()).await else {
            return PrintError::Crashed(format!("the worker closed its pipe ({error}) but went on running"));
        };
        let _ = tokio::time::timeout(DYING_TIME_MAX, &mut self.listener).await;
        let words = self.last_words.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words);
        // Rust's allocator and the C library, in their own words, before the process aborts.
        if words.contains("memory allocation of") || words.contains("Cannot allocate memory") {
            return PrintError::OutOfMemory;
        }
        let end = status.map_or_else(|e| e.to_string(), |s| s.to_string());
        PrintError::Crashed(format!("{error}; {end}; {}", words.trim()))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// Keeps the last words of the worker.
async fn listen(mut stderr: ChildStderr, last_words: Arc<Mutex<Vec<u8>>>) {
    let mut bytes = [0; 512];
    while let Ok(n @ 1..) = stderr.read(&mut bytes).await {
        let mut words = last_words.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        words.extend_from_slice(&bytes[..n]);
        let surplus = words.len().saturating_sub(LAST_WORDS_BYTES_MAX);
        words.drain(..surplus);
    }
}

/// Limits from outside, so that they hold whatever the worker does: memory, no files written, no core dump
/// (which would leave personal data on the disk).
#[cfg(target_os = "linux")]
fn limit(child: &Child, settings: &Settings) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let raw = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let Some(pid) = raw else {
        return Err(io::Error::other("the worker has no process id"));
    };
    let at_most = |n| Rlimit { current: Some(n), maximum: Some(n) };
    for (resource, n) in [(Resource::As, settings.memory_bytes_max), (Resource::Fsize, 0), (Resource::Core, 0)] {
        prlimit(Some(pid), resource, at_most(n))?;
    }
    Ok(())
}

/// Elsewhere only the time limit holds.
#[cfg(not(target_os = "linux"))]
fn limit(_: &Child, _: &Settings) -> io::Result<()> {
    Ok(())
}
