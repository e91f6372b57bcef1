//! How much work an engine does, in its own measure and never in time: for tests of what must not grow with the data.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Adds up the work of whatever runs over a store that was opened with it: on SQLite the steps of its virtual machine, on
/// PostgreSQL the rows and index entries that scans came across, and the pages they asked for.
///
/// Both are exact and come out alike at every run. Neither is for nothing, so only tests measure.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<AtomicU64>);

impl Meter {
    /// The work so far. What a read or a write did is in it before the caller is answered.
    pub fn steps(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn add(&self, steps: u64) {
        self.0.fetch_add(steps, Ordering::SeqCst);
    }
}
