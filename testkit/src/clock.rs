//! Clocks that stand where a test puts them.

use std::sync::Arc;
use store::Options;
use types::Timestamp;
use types::time::SetClock;

/// A clock standing at a wall-clock time in Viet Nam, e.g. `2026-11-20T08:00`.
pub fn clock(local: &str) -> Arc<SetClock> {
    let at: Timestamp = local.parse().unwrap_or_else(|e| panic!("{local} is not a time: {e}"));
    Arc::new(SetClock::new(at))
}

/// Options of a store for tests: few threads, since many stores are open at once.
pub fn options() -> Options {
    Options { readers: 2, writers: 4, ..Options::default() }
}

/// The same with this clock.
pub fn options_at(clock: &Arc<SetClock>) -> Options {
    Options { clock: clock.clone(), ..options() }
}
