//! Several nodes over one database behind a proxy, each with a way of its own to the database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::client::Client;
use super::cluster::url_at;
use super::proxy::Proxy;
use super::relay::Relay;
use super::server::{Surroundings, files_folder, free_port, signal};
use crate::run::program;

/// What opens the nodes' `/metrics`.
const WATCHER: &str = "0123456789abcdef0123456789abcdef";
/// Everybody's password in the demo.
pub const PASSWORD: &str = "Phuc-Khe-2026";
/// How long nodes may take until the proxy believes in them.
pub const READY: Duration = Duration::from_secs(60);

/// One server of several.
#[derive(Debug)]
pub struct Node {
    surroundings: Surroundings,
    /// Its way to the database.
    pub way: Relay,
    /// A client past the proxy.
    pub client: Client,
    child: Option<Child>,
}

impl Node {
    /// The port at which it listens.
    pub fn port(&self) -> u16 {
        self.surroundings.port
    }

    /// Starts it and waits until it serves.
    pub fn start(&mut self) -> Result<()> {
        self.child = Some(self.surroundings.serve(None, &self.client)?);
        Ok(())
    }

    /// Kills it.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Stops it where it stands.
    pub fn pause(&self) -> Result<()> {
        signal("STOP", &self.processes())
    }

    /// Lets it go on.
    pub fn wake(&self) -> Result<()> {
        signal("CONT", &self.processes())
    }

    /// The number that it holds by its lease, as it tells itself; none when it holds none.
    pub fn number(&self) -> Result<Option<String>> {
        let told = self.client.metrics(WATCHER)?;
        let line = told.lines().find_map(|line| line.strip_prefix("nhaviec_node_number "));
        Ok(line.map(|number| number.trim().to_owned()))
    }

    /// Runs a command of the program over its database.
    pub fn run(&self, words: &str) -> Result<String> {
        self.surroundings.run(words, None)
    }

    /// Its process, while it runs.
    pub fn processes(&self) -> Vec<u32> {
        self.child.iter().map(Child::id).collect()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // One that is paused dies too.
        let _ = self.kill();
    }
}

/// The nodes with what stands before and behind them.
#[derive(Debug)]
pub struct Province {
    pub nodes: Vec<Node>,
    pub proxy: Proxy,
    /// A client through the proxy, with a connection for each request.
    pub client: Client,
    /// The codes that stood there before any command of ours.
    pub before: BTreeSet<String>,
    token: String,
}

impl Province {
    /// Fills the database at `port` with a small demo, starts nodes over it, and waits until the proxy leads to them.
    pub fn set_up(place: &Path, port: u16, count: usize) -> Result<Self> {
        let surroundings = Surroundings {
            program: vec![program("nhaviec")?.display().to_string()],
            port: free_port()?,
            database: url_at(port),
            data: files_folder(place)?,
            unsynced: false,
            output: place.join("demo.txt"),
            more: Vec::new(),
        };
        let told: Value = serde_json::from_str(surroundings.run("demo --dossiers 3 --json", None)?.trim())?;
        let token = told["token"].as_str().context("the demo tells a token")?.to_owned();
        let nodes = (0..count).map(|n| node(&surroundings, (place, n), (port, &token)));
        let mut nodes = nodes.collect::<Result<Vec<Node>>>()?;
        for node in &mut nodes {
            node.start()?;
        }
        let ports: Vec<u16> = nodes.iter().map(Node::port).collect();
        let proxy = Proxy::before(&ports)?;
        proxy.wait_for(&ports, READY)?;
        let client = Client::unsettled(proxy.port(), &token, &Client::default_body());
        let before = client.codes()?.into_iter().collect();
        Ok(Self { nodes, proxy, client, before, token })
    }

    /// Another node over the database at `port`, not started and not behind the proxy.
    pub fn another(&self, place: &Path, port: u16) -> Result<Node> {
        node(&self.nodes[0].surroundings, (place, self.nodes.len()), (port, &self.token))
    }

    /// The ports of all nodes but one.
    pub fn without(&self, left_out: usize) -> Vec<u16> {
        let others = self.nodes.iter().enumerate().filter(|(n, _)| *n != left_out);
        others.map(|(_, node)| node.port()).collect()
    }

    /// Waits until the proxy leads to all nodes.
    pub fn wait_for_all(&self) -> Result<()> {
        let all: Vec<u16> = self.nodes.iter().map(Node::port).collect();
        self.proxy.wait_for(&all, READY)
    }
}

fn node(like: &Surroundings, (place, n): (&Path, usize), (database, token): (u16, &str)) -> Result<Node> {
    let way = Relay::to(&[database])?;
    let surroundings = Surroundings {
        port: free_port()?,
        // Nothing is learnt from encrypting it, and a relay could not.
        database: format!("{}?sslmode=disable", url_at(way.port())),
        output: place.join(format!("node-{n}.txt")),
        more: vec![("NHAVIEC_METRICS_TOKEN", WATCHER.to_owned())],
        ..like.clone()
    };
    let client = Client::unsettled(surroundings.port, token, &Client::default_body());
    Ok(Node { surroundings, way, client, child: None })
}
