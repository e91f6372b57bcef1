//! What others say of our files: pyHanko as the judge, pdfsig for integrity.

use crate::authority;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use testkit::simulator::python;

/// A pyHanko that answers questions about files under one root.
pub struct Oracle(Mutex<Process>);

struct Process {
    // Held so that its end is the end of this one.
    _child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The one for all tests with the tree of certificates; questions wait for each other.
static OF_THE_TREE: LazyLock<Oracle> = LazyLock::new(|| Oracle::over(authority::folder()));

impl Oracle {
    /// One that trusts `root.crt` of this folder, with the lists `issuing.crl` and `root.crl` there.
    pub fn over(folder: &Path) -> Self {
        let script = testkit::checkout("services/signing/tests/pades/oracle.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python runs");
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self(Mutex::new(Process { _child: child, questions, answers }))
    }

    /// Asks with a verb of `oracle.py` about a file. Gives what it says and what it writes.
    fn run(&self, verb: &str, file: &[u8]) -> (Value, Vec<u8>) {
        let work = tempfile::tempdir().unwrap();
        let (source, target) = (work.path().join("in.pdf"), work.path().join("out.pdf"));
        std::fs::write(&source, file).unwrap();
        let mut process = self.0.lock().unwrap();
        writeln!(process.questions, "{}", serde_json::json!([verb, source, target])).unwrap();
        let mut line = String::new();
        process.answers.read_line(&mut line).unwrap();
        drop(process);
        let answer: Value = serde_json::from_str(&line).expect("oracle.py answers");
        assert!(answer["failed"].is_null(), "oracle.py {verb}: {}", answer["failed"].as_str().unwrap_or_default());
        (answer["said"].clone(), std::fs::read(target).unwrap_or_default())
    }

    /// Panics unless pyHanko finds `count` signatures, trusts them all and has no complaint; and pdfsig finds them whole.
    pub fn accept(&self, file: &[u8], count: usize) -> Vec<Value> {
        let verdicts = self.run("judge", file).0.as_array().cloned().unwrap_or_default();
        assert_eq!(verdicts.len(), count, "{verdicts:#?}");
        for verdict in &verdicts {
            assert_eq!(verdict["bottom_line"], true, "{verdicts:#?}");
        }
        let said = pdfsig(file);
        // The pdfsig of Debian 12 does not know document timestamps yet.
        let unknown = said.matches("Signature Type: unknown").count();
        assert_eq!(said.matches("Signature is Valid.").count() + unknown, count, "{said}");
        assert!(!said.contains("Mismatch") && !said.contains("Invalid"), "{said}");
        verdicts
    }
}

fn run(verb: &str, file: &[u8]) -> (Value, Vec<u8>) {
    OF_THE_TREE.run(verb, file)
}

/// A file changed by pyHanko, arguments of the verb behind colons: `sign` and `sign-seen` (a foreign signature), `certify` (a
/// level), `limit` (a level, without certifying), `lock` (action and names of fields), `fill` (name and text), `store` (of
/// evidence, as which lists and entries), `encrypt`.
pub fn make(verb: &str, file: &[u8]) -> Vec<u8> {
    run(verb, file).1
}

/// What pyHanko says with nothing but what the file carries, by the verb of the level: `judge-long-term` for B-LT,
/// `judge-archive` for B-LTA, which is the long-term validation of EN 319 102-1.
fn judge_carried(verb: &str, file: &[u8], count: usize) {
    let verdicts = run(verb, file).0.as_array().cloned().unwrap_or_default();
    assert_eq!(verdicts.len(), count, "{verdicts:#?}");
    for verdict in &verdicts {
        assert_eq!(verdict["result"], "OK", "{verdicts:#?}");
    }
}

/// What pyHanko says of each signature, whatever it is.
pub fn said(file: &[u8]) -> Vec<Value> {
    run("judge", file).0.as_array().cloned().unwrap_or_default()
}

/// [`Oracle::accept`] of the one that knows the tree of certificates.
pub fn accept(file: &[u8], count: usize) -> Vec<Value> {
    OF_THE_TREE.accept(file, count)
}

/// Panics unless `count` signatures can be trusted by what the file carries.
pub fn accept_long_term(file: &[u8], count: usize) {
    judge_carried("judge-long-term", file, count);
}

/// The same with document timestamps that prove when it was put there.
pub fn accept_archive(file: &[u8], count: usize) {
    judge_carried("judge-archive", file, count);
}

/// What pdfsig prints; it knows the curve and hashes, not our roots.
pub fn pdfsig(file: &[u8]) -> String {
    let work = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(work.path(), file).unwrap();
    let output = Command::new("pdfsig").arg("-nocert").arg(work.path()).output();
    let output = output.expect("pdfsig is needed: apt-get install poppler-utils");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
