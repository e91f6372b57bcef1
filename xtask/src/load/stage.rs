//! What the day plays on: a filled database, one server, and officers who have signed in on their own devices before.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{DUE_TIMES, Database, LoadArgs, OFFICERS};
use crate::harness::browser::Browser;
use crate::harness::client::Client;
use crate::harness::cluster::Cluster;
use crate::harness::province::PASSWORD;
use crate::harness::server::{Surroundings, files_folder, free_port};
use crate::run::program;

/// Officers who sign in at once while the stage is set, so that nobody is taken for a crowd that guesses.
const DOORS: usize = 4;
/// Dossiers whose parties look at them.
const FOLLOWED: usize = 50;
/// Who may read every dossier of the demo commune, and who keeps its calendar.
const COUNTER: &str = "motcua1.demo";
const ADMINISTRATOR: &str = "quantri.demo";

/// An officer at a device of their own.
#[derive(Debug, Clone)]
pub struct Officer {
    pub username: String,
    pub browser: Browser,
}

/// Everything that stands before the day begins.
#[derive(Debug)]
pub struct Stage {
    pub surroundings: Surroundings,
    /// Ends after the server.
    pub cluster: Option<Cluster>,
    /// For programs, over connections that stay open.
    pub client: Client,
    /// The same with a connection for each request.
    pub unsettled: Client,
    pub officers: Vec<Officer>,
    /// Opens every dossier.
    pub reader: Browser,
    pub administrator: Browser,
    /// The codes that stand there already.
    pub before: BTreeSet<String>,
    /// Codes of those whose due times are computed anew.
    pub promised: Vec<String>,
    /// Pages on which parties follow their dossiers.
    pub followed: Vec<String>,
    /// The unit that received them.
    pub unit: String,
    server: Child,
}

impl Stage {
    /// Fills the database, starts the server, and lets every officer sign in.
    pub fn set_up(args: &LoadArgs, place: &Path) -> Result<Self> {
        let cluster = match args.database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::create(place, place, true)?),
        };
        let surroundings = Surroundings {
            program: vec![program("nhaviec")?.display().to_string()],
            port: free_port()?,
            database: cluster.as_ref().map_or_else(|| format!("sqlite:{}", sqlite(place)), Cluster::url),
            data: files_folder(place)?,
            unsynced: false,
            output: place.join("server.txt"),
            // Each client has an address of its own, as the proxy in front tells.
            more: vec![("NHAVIEC_BEHIND_PROXY", "127.0.0.1".to_owned()), ("NHAVIEC_LOG", "warn".to_owned())],
        };
        let begun = Instant::now();
        durable(cluster.as_ref(), false)?;
        let promised = args.of(DUE_TIMES).max(FOLLOWED);
        // Some of them are the neighbour's.
        let told = surroundings.run(&format!("demo --dossiers {} --json", promised + promised / 8), None)?;
        durable(cluster.as_ref(), true)?;
        println!("stage: the database was filled in {:.0} s", begun.elapsed().as_secs_f64());
        let told: Value = serde_json::from_str(told.trim())?;
        let token = told["token"].as_str().context("the demo tells a token")?;
        let accounts = told["accounts"].as_array().context("the demo tells accounts")?;
        let accounts: Vec<&str> = accounts.iter().filter_map(|account| account["username"].as_str()).collect();
        let client = Client::new(surroundings.port, token, &Client::default_body());
        let unsettled = Client::unsettled(surroundings.port, token, &Client::default_body());
        let server = surroundings.serve(None, &client)?;
        let port = surroundings.port;
        // From here on the server ends with the stage.
        let mut stage = Self {
            surroundings,
            cluster,
            client,
            unsettled,
            server,
            officers: Vec::new(),
            reader: signed_in(port, COUNTER, 0)?,
            administrator: signed_in(port, ADMINISTRATOR, 0)?,
            before: BTreeSet::new(),
            promised: Vec::new(),
            followed: Vec::new(),
            unit: String::new(),
        };
        stage.before = stage.client.codes()?.into_iter().collect();
        stage.promised = stage.before.iter().take(promised).cloned().collect();
        ensure!(stage.promised.len() == promised, "the demo has {} dossiers in this commune", stage.promised.len());
        for code in stage.promised.iter().take(FOLLOWED) {
            let (path, unit) = stage.client.followed(code)?;
            stage.followed.push(path);
            stage.unit = unit;
        }
        let begun = Instant::now();
        stage.officers = enter(port, &accounts, args.of(OFFICERS))?;
        println!(
            "stage: {} dossiers; {} officers signed in for the first time in {:.0} s",
            stage.before.len(),
            stage.officers.len(),
            begun.elapsed().as_secs_f64()
        );
        Ok(stage)
    }

    /// The server's port.
    pub fn port(&self) -> u16 {
        self.surroundings.port
    }

    /// Processor time of the server so far, in seconds.
    pub fn processor_seconds(&self) -> Result<f64> {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id())).context("the server is gone")?;
        // The name, in brackets, may hold anything; what follows it is fixed, in ticks of which a second has a hundred.
        let fields = told.rsplit_once(") ").map(|(_, fields)| fields.split(' ')).context("a process is told so")?;
        let ticks = fields.skip(11).take(2).map(str::parse::<f64>).sum::<std::result::Result<f64, _>>()?;
        Ok(ticks / 100.0)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Whether connections made from now on wait for the disk; what only fills the stage need not.
fn durable(cluster: Option<&Cluster>, waits: bool) -> Result<()> {
    if let Some(cluster) = cluster {
        let wanted = if waits { "on" } else { "off" };
        cluster.ask()?.batch_execute(&format!("ALTER ROLE postgres SET synchronous_commit = {wanted}"))?;
    }
    Ok(())
}

/// Where the embedded database stands.
fn sqlite(place: &Path) -> String {
    place.join("nhaviec.db").display().to_string()
}

/// The address of a client of its own.
pub fn address(n: usize) -> String {
    format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255)
}

fn signed_in(port: u16, username: &str, n: usize) -> Result<Browser> {
    let mut browser = Browser::new().at(address(n));
    browser.get(port, "/dang-nhap")?;
    let status = browser.sign_in(port, (username, PASSWORD))?;
    ensure!(status == 303, "{username} signs in and is answered {status}");
    Ok(browser)
}

/// So many officers, each at a device that knows them from then on. The demo has some accounts; each has many devices.
fn enter(port: u16, accounts: &[&str], count: usize) -> Result<Vec<Officer>> {
    let (next, entered) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(count)));
    std::thread::scope(|scope| {
        let doors: Vec<_> = (0..DOORS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= count {
                            return Ok(());
                        }
                        let username = accounts[n % accounts.len()];
                        let browser = signed_in(port, username, n + 1)?;
                        let officer = Officer { username: username.to_owned(), browser };
                        entered.lock().expect("no thread panics while it holds this").push(officer);
                    }
                })
            })
            .collect();
        doors.into_iter().try_for_each(|door| door.join().expect("it does not panic"))
    })?;
    Ok(entered.into_inner().expect("no thread panics while it holds this"))
}
