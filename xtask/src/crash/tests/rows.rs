//! SQLite under the library: synchronous=FULL never loses an acknowledged row, OFF does.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{python, script};
use crate::crash::shim::Shim;
use crate::crash::undo::{Cut, Undone};

/// A database that is written, killed and cut again and again.
struct Bench {
    place: tempfile::TempDir,
    shim: Shim,
}

impl Bench {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let shim = Shim::build(place.path()).unwrap();
        Self { place, shim }
    }

    fn database(&self) -> String {
        self.place.path().join("data/rows.db").to_str().unwrap().to_owned()
    }

    /// Writes for a while, cuts, and gives the rows that were acknowledged.
    fn write_and_cut(&self, synchronous: &str, millis: u64, cut: Cut) -> (BTreeSet<u64>, Undone) {
        let mut command = Command::new("python3");
        command.arg(script("rows.py")).args(["write", &self.database(), synchronous]);
        let mut child = self.shim.cover(&mut command).stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        let reader = std::thread::spawn(move || {
            let rows = output.lines().map_while(Result::ok).filter_map(|line| line.parse().ok());
            rows.chain(first.trim().parse()).collect()
        });
        std::thread::sleep(Duration::from_millis(millis));
        let undone = self.shim.cut(cut).unwrap();
        child.wait().unwrap();
        (reader.join().unwrap(), undone)
    }

    /// The rows that are there now; `None` when the database is broken.
    fn rows(&self) -> Option<BTreeSet<u64>> {
        let printed = python(Some(&self.shim), "rows.py", &["read", &self.database(), "FULL"]);
        let mut lines = printed.lines();
        (lines.next() == Some("ok")).then(|| lines.map(|line| line.parse().unwrap()).collect())
    }
}

#[test]
fn with_full_syncs_no_acknowledged_row_is_lost() {
    let bench = Bench::new();
    let mut acknowledged = BTreeSet::new();
    let mut taken_back = 0;
    for round in 0..8 {
        let cut = if round % 2 == 0 { Cut::Clean } else { Cut::Torn { seed: round } };
        let (rows, undone) = bench.write_and_cut("FULL", 120 + round * 40, cut);
        acknowledged.extend(rows);
        taken_back += undone.writes;
        let there = bench.rows().expect("the database is sound");
        assert!(acknowledged.is_subset(&there), "round {round}: lost {:?}", acknowledged.difference(&there));
        // Rows that nobody acknowledged may stand at the end; the next round counts from there.
        acknowledged.extend(there);
    }
    assert!(acknowledged.len() > 100, "{} rows", acknowledged.len());
    assert!(taken_back > 0, "a kill between write and sync leaves something to take back");
}

#[test]
fn without_syncs_acknowledged_rows_are_lost() {
    let bench = Bench::new();
    // A database that is sound on disk first, so that what is lost are rows.
    bench.write_and_cut("FULL", 100, Cut::Clean);
    let (rows, undone) = bench.write_and_cut("OFF", 300, Cut::Clean);
    assert!(undone.writes > 0);
    let lost = bench.rows().is_none_or(|there| !rows.is_subset(&there));
    assert!(lost, "{} rows acknowledged without a sync, and all are there", rows.len());
}
