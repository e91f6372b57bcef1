//! A small balancer as a province's proxy is: clients go to the nodes in turns, and a node that does not say at `/readyz`
//! that it can serve gets nobody and loses whom it had.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use ureq::Agent;

use super::relay::Relay;

/// Between two questions to a node.
const EVERY: Duration = Duration::from_millis(250);
/// A node that takes longer to answer is left out; a busy one among three on a small machine may take a while.
const PATIENCE: Duration = Duration::from_secs(2);

/// The port for clients, and who watches the nodes behind it.
#[derive(Debug)]
pub struct Proxy {
    relay: Arc<Relay>,
    /// The nodes' ports, with what each said last.
    nodes: Arc<Mutex<Vec<(u16, bool)>>>,
    over: Arc<AtomicBool>,
}

impl Proxy {
    /// Before these nodes, of which none is believed ready yet.
    pub fn before(nodes: &[u16]) -> Result<Self> {
        let relay = Arc::new(Relay::to(&[])?);
        let known = Arc::new(Mutex::new(nodes.iter().map(|node| (*node, false)).collect::<Vec<_>>()));
        let over = Arc::new(AtomicBool::new(false));
        for node in nodes.iter().copied() {
            let (relay, known, over) = (relay.clone(), known.clone(), over.clone());
            std::thread::spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    note(&relay, &known, (node, is_ready(node)));
                    std::thread::sleep(EVERY);
                }
            });
        }
        Ok(Self { relay, nodes: known, over })
    }

    /// The port for clients.
    pub fn port(&self) -> u16 {
        self.relay.port()
    }

    /// Waits until exactly these nodes get clients.
    pub fn wait_for(&self, nodes: &[u16], patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        loop {
            let known = self.nodes.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if known.iter().all(|(node, ready)| *ready == nodes.contains(node)) {
                return Ok(());
            }
            ensure!(Instant::now() < until, "after {patience:?} ready are {known:?}, and should be {nodes:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

fn note(relay: &Relay, known: &Mutex<Vec<(u16, bool)>>, (node, ready): (u16, bool)) {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(entry) = known.iter_mut().find(|(other, _)| *other == node) else { return };
    if entry.1 != ready {
        entry.1 = ready;
        let ready: Vec<u16> = known.iter().filter(|(_, ready)| *ready).map(|(node, _)| *node).collect();
        relay.lead_to(&ready);
    }
}

/// Asked over a connection of its own each time: a paused node would keep an old one open.
fn is_ready(node: u16) -> bool {
    let settings = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_idle_connections(0)
        .proxy(None)
        .build();
    let answer = Agent::from(settings).get(format!("http://127.0.0.1:{node}/readyz")).call();
    answer.is_ok_and(|answer| answer.status().is_success())
}
