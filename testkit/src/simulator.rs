//! A simulator as a process of its own: ready when it has said its one line, gone when it is dropped.

use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running simulator.
pub struct Simulator {
    child: Child,
    log: File,
    /// What it said of itself.
    pub ready: Value,
}

/// The Python with pyHanko: `NHAVIEC_PYHANKO`, or where the setup puts it.
///
/// # Panics
/// When there is none.
pub fn python() -> PathBuf {
    let named = std::env::var_os("NHAVIEC_PYHANKO").map(PathBuf::from);
    let python = named.unwrap_or_else(|| {
        let home = std::env::var_os("HOME").expect("HOME is set");
        Path::new(&home).join(".cache/nhaviec/pyhanko/bin/python")
    });
    assert!(
        python.exists(),
        "There is no Python with pyHanko at {}. Make it with `scripts/setup test`, or name another one in NHAVIEC_PYHANKO.",
        python.display()
    );
    python
}

/// Where the simulators of other parties are.
pub fn scripts() -> PathBuf {
    crate::checkout("services/signing/tests/simulators")
}

impl Simulator {
    /// Starts one and waits until it listens.
    pub fn start(script: &str, options: &[&str]) -> Self {
        let log = tempfile::tempfile().unwrap();
        let mut command = Command::new(python());
        command.arg(scripts().join(script)).args(options).env("PYTHONDONTWRITEBYTECODE", "1");
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.try_clone().unwrap()).spawn();
        let mut simulator = Self { child: started.expect("python runs"), log, ready: Value::Null };
        let mut line = String::new();
        BufReader::new(simulator.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line);
        simulator.ready = ready.unwrap_or_else(|_| panic!("{script} {options:?} did not start: {}", simulator.said()));
        simulator
    }

    /// Where it listens, on this machine.
    pub fn port(&self) -> u16 {
        self.ready["port"].as_u64().and_then(|port| port.try_into().ok()).expect("a port")
    }

    /// What it has logged, for those who must know why something failed.
    pub fn said(&self) -> String {
        // Read beside the place where the process goes on writing.
        let mut bytes = vec![0; self.log.metadata().unwrap().len() as usize];
        self.log.read_exact_at(&mut bytes, 0).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the simulator said:\n{}", self.said());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
