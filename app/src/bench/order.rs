//! What the measuring process asks of the load client, and what comes back: a line of JSON each.

use serde::{Deserialize, Serialize};

/// One measurement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub port: u16,
    /// Connections, each with one request at a time.
    pub connections: usize,
    pub seconds: f64,
    pub ask: Ask,
}

/// What is asked of the server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Ask {
    /// `POST /api/v1/dossiers` with a body and a command id of its own each time.
    Receive {
        token: String,
        /// Makes the command ids of this order unlike those of others.
        mark: String,
    },
    /// A page, as a browser that is signed in.
    Page {
        path: String,
        cookie: String,
        /// The browser takes compressed pages.
        compressed: bool,
    },
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Outcome {
    /// Requests answered as they should be.
    pub done: u64,
    pub errors: u64,
    /// Status and the beginning of the first wrong answer.
    pub first_error: Option<String>,
    /// From the first request to the last answer.
    pub seconds: f64,
    /// The client's own processor time.
    pub client_cpu_ms: f64,
    /// Bytes of bodies that came back.
    pub bytes: u64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

impl Outcome {
    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.done as f64 / self.seconds } else { 0.0 }
    }
}
