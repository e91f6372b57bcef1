//! One engine: the demo is made, the server is started, and rounds of measurements take turns with the floor.

use super::Args;
use super::client::Client;
use super::floor::{COUNTED, Floor, Pace};
use super::order::{Ask, Order, Outcome};
use super::report::{EngineReport, FloorReport, LoadReport, PageReport};
use super::server::Server;
use super::wire;
use crate::demo::{self, Wish};
use crate::os::cpu_ms;
use crate::progress::{Far, Progress};
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Location;
use types::{Error, Result, Timestamp};

/// Measurements take turns in so many rounds, so that a busy moment of the machine does not fall on one of them alone.
const ROUNDS: u32 = 5;
/// Clients of the two loads.
pub(super) const ONE: usize = 1;
pub(super) const MANY: usize = 32;
/// Officers who look at pages at once.
const READERS: usize = 8;
/// Whose pages they are.
const OFFICER: &str = "motcua1.demo";
/// The starts of which the middle one is told.
const STARTS: usize = 3;
/// The pages that are measured: path, name, and how many rows it must have.
const PAGES: [(&str, &str, Option<usize>); 2] =
    [("/ho-so", "danh sách 50 hồ sơ", Some(50)), ("/viec-cua-toi", "việc của tôi", None)];
/// What is told one after another in each round: both loads, each page plain and compressed.
const MEASUREMENTS: u64 = (2 + 2 * PAGES.len() as u64) * ROUNDS as u64;

/// What is measured, and where.
pub(super) struct Run<'a> {
    pub location: Location,
    pub folder: PathBuf,
    pub args: &'a Args,
}

/// A load with the server's processor time.
struct Loaded {
    outcome: Outcome,
    cpu_ms: f64,
}

impl Loaded {
    /// Processor time of one request.
    fn cpu_ms_each(&self) -> f64 {
        self.cpu_ms / self.outcome.done.max(1) as f64
    }
}

impl Run<'_> {
    /// Measures everything.
    pub fn measure(&self, progress: &Progress) -> Result<EngineReport> {
        std::fs::create_dir_all(&self.folder).map_err(Error::internal)?;
        progress.tell(&format!("Tạo dữ liệu ({})", self.location), Far::default());
        let wish = Wish { dossiers: self.args.dossiers, seed: 1, now: Timestamp::now() };
        let made = demo::make(&self.settings(), wish, &mut |what, far| progress.tell(what, far))?;
        let mut floor = self.floor()?;
        let mut starts = Vec::new();
        progress.tell("Khởi động máy chủ", Far::default());
        for _ in 1..STARTS {
            let server = Server::start(&self.location, &self.folder)?;
            starts.push(server.start_ms);
            server.stop()?;
        }
        let server = Server::start(&self.location, &self.folder)?;
        starts.push(server.start_ms);
        starts.sort_by(f64::total_cmp);
        let mut client = Client::start()?;
        let cookie = wire::sign_in(server.port, OFFICER, demo::PASSWORD)?;
        let mut bench = Bench { server: &server, client: &mut client, token: &made.token, orders: 0 };
        progress.tell(&format!("Đo ({})", self.location), Far::default());
        let mut begun = 0;
        let mut begin = |what: &str| {
            begun += 1;
            progress.tell(what, Far::of(begun, MEASUREMENTS));
        };
        bench.receive(MANY, 1.0)?;
        let before = self.rows()?;
        let part = self.args.seconds as f64 / f64::from(ROUNDS);
        let mut loads: BTreeMap<usize, Vec<Loaded>> = BTreeMap::new();
        let mut floors: BTreeMap<usize, Vec<(Pace, f64)>> = BTreeMap::new();
        let mut pages: BTreeMap<(usize, bool), Vec<Loaded>> = BTreeMap::new();
        for _ in 0..ROUNDS {
            for clients in [ONE, MANY] {
                begin(&format!("Đo tiếp nhận hồ sơ, {clients} máy khách"));
                if let Some((floor, _)) = &mut floor {
                    let cpu = cpu_ms(std::process::id()).unwrap_or(0.0);
                    let pace = floor.run(clients, Duration::from_secs_f64(part))?;
                    let cpu = cpu_ms(std::process::id()).unwrap_or(0.0) - cpu;
                    floors.entry(clients).or_default().push((pace, cpu));
                }
                loads.entry(clients).or_default().push(bench.receive(clients, part)?);
            }
            for (place, (path, name, rows)) in PAGES.into_iter().enumerate() {
                bench.has_rows((path, &cookie), rows)?;
                for compressed in [false, true] {
                    begin(&format!("Đo trang {name}{}", if compressed { ", nén" } else { "" }));
                    let page = bench.page((path, &cookie), compressed, part / 2.0)?;
                    pages.entry((place, compressed)).or_default().push(page);
                }
            }
        }
        let after = self.rows()?;
        let loads: Vec<LoadReport> = loads.into_iter().map(|(clients, rounds)| load_report(clients, &rounds)).collect();
        let received: u64 = loads.iter().map(|load| load.requests).sum();
        let pages =
            pages.into_iter().map(|((place, compressed), rounds)| page_report((PAGES[place].1, compressed), &rounds));
        let memory = server.memory()?;
        server.stop()?;
        let floor = floor.map(|(floor, copy)| {
            drop(floor);
            let rows = per_receipt(
                &copy.before,
                &count_rows(&copy.path)?,
                floors.values().flatten().map(|(p, _)| p.receipts).sum(),
            );
            Ok::<_, Error>(floor_report(&floors, &loads, rows))
        });
        Ok(EngineReport {
            engine: format!("{:?}", self.location.engine()),
            start_ms: starts[starts.len() / 2],
            receive: loads,
            floor: floor.transpose()?,
            rows_per_receipt: per_receipt(&before, &after, received),
            pages: pages.collect(),
            memory,
        })
    }

    fn settings(&self) -> Settings {
        Settings::alone(self.location.clone(), &self.folder)
    }

    /// A copy of the database before the server has touched it; there is no floor for PostgreSQL.
    fn floor(&self) -> Result<Option<(Floor, Copied)>> {
        let Location::Sqlite(path) = &self.location else { return Ok(None) };
        let copy = self.folder.join("floor.db");
        std::fs::copy(path, &copy).map_err(Error::internal)?;
        let before = count_rows(&copy)?;
        Ok(Some((Floor::open(&copy)?, Copied { path: copy, before })))
    }

    /// Rows that receipts left in the server's database.
    fn rows(&self) -> Result<BTreeMap<&'static str, i64>> {
        match &self.location {
            Location::Sqlite(path) => count_rows(path),
            Location::Postgres(_) => Ok(BTreeMap::new()),
        }
    }
}

/// The floor's database and what stood in it at first.
struct Copied {
    path: PathBuf,
    before: BTreeMap<&'static str, i64>,
}

fn count_rows(path: &Path) -> Result<BTreeMap<&'static str, i64>> {
    let failed = |e: rusqlite::Error| Error::internal(format!("counting rows: {e}"));
    let conn = rusqlite::Connection::open(path).map_err(failed)?;
    conn.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
    let count = |(table, of): (&'static str, &str)| {
        let rows = conn.query_row(&format!("SELECT count(*) FROM {table} WHERE {of}"), [], |row| row.get(0));
        Ok((table, rows.map_err(failed)?))
    };
    COUNTED.into_iter().map(count).collect()
}

fn per_receipt(
    before: &BTreeMap<&'static str, i64>,
    after: &BTreeMap<&'static str, i64>,
    receipts: u64,
) -> BTreeMap<&'static str, f64> {
    let more = |table: &&'static str| after.get(table).copied().unwrap_or(0) - before.get(table).copied().unwrap_or(0);
    after.keys().map(|table| (*table, more(table) as f64 / receipts.max(1) as f64)).collect()
}

/// Server and client at work.
struct Bench<'b> {
    server: &'b Server,
    client: &'b mut Client,
    token: &'b str,
    orders: u32,
}

impl Bench<'_> {
    fn receive(&mut self, connections: usize, seconds: f64) -> Result<Loaded> {
        self.orders += 1;
        let ask =
            Ask::Receive { token: self.token.to_owned(), mark: format!("{}-{}", std::process::id(), self.orders) };
        self.load(ask, (connections, seconds))
    }

    /// What is measured must be what its name says.
    fn has_rows(&self, (path, cookie): (&str, &str), rows: Option<usize>) -> Result<()> {
        let answer = wire::send(self.server.port, &format!("GET {path} HTTP/1.1\r\nCookie: {cookie}"), "");
        let found = answer.map_or(0, |answer| answer.text.matches("class=\"cell-link\"").count());
        match rows {
            Some(rows) if found != rows => Err(Error::internal(format!("{path} has {found} rows instead of {rows}"))),
            _ => Ok(()),
        }
    }

    fn page(&mut self, (path, cookie): (&str, &str), compressed: bool, seconds: f64) -> Result<Loaded> {
        let ask = Ask::Page { path: path.to_owned(), cookie: cookie.to_owned(), compressed };
        self.load(ask, (READERS, seconds))
    }

    fn load(&mut self, ask: Ask, (connections, seconds): (usize, f64)) -> Result<Loaded> {
        let before = self.server.cpu_ms()?;
        let outcome = self.client.load(&Order { port: self.server.port, connections, seconds, ask })?;
        Ok(Loaded { outcome, cpu_ms: self.server.cpu_ms()? - before })
    }
}

fn load_report(clients: usize, rounds: &[Loaded]) -> LoadReport {
    let requests: u64 = rounds.iter().map(|round| round.outcome.done).sum();
    let per = |sum: f64| sum / requests.max(1) as f64;
    LoadReport {
        clients,
        requests,
        errors: rounds.iter().map(|round| round.outcome.errors).sum(),
        first_error: rounds.iter().find_map(|round| round.outcome.first_error.clone()),
        rounds_per_second: rounds.iter().map(|round| round.outcome.per_second()).collect(),
        per_second: middle(rounds.iter().map(|round| round.outcome.per_second())),
        p50_ms: middle(rounds.iter().map(|round| round.outcome.p50_ms)),
        p99_ms: middle(rounds.iter().map(|round| round.outcome.p99_ms)),
        cpu_ms: per(rounds.iter().map(|round| round.cpu_ms).sum()),
        rounds_cpu_ms: rounds.iter().map(Loaded::cpu_ms_each).collect(),
        client_cpu_ms: per(rounds.iter().map(|round| round.outcome.client_cpu_ms).sum()),
    }
}

fn page_report((name, compressed): (&str, bool), rounds: &[Loaded]) -> PageReport {
    let requests: u64 = rounds.iter().map(|round| round.outcome.done).sum();
    let per = |sum: f64| sum / requests.max(1) as f64;
    PageReport {
        name: name.to_owned(),
        compressed,
        clients: READERS,
        requests,
        errors: rounds.iter().map(|round| round.outcome.errors).sum(),
        first_error: rounds.iter().find_map(|round| round.outcome.first_error.clone()),
        per_second: middle(rounds.iter().map(|round| round.outcome.per_second())),
        p50_ms: middle(rounds.iter().map(|round| round.outcome.p50_ms)),
        p99_ms: middle(rounds.iter().map(|round| round.outcome.p99_ms)),
        cpu_ms: per(rounds.iter().map(|round| round.cpu_ms).sum()),
        rounds_cpu_ms: rounds.iter().map(Loaded::cpu_ms_each).collect(),
        kilobytes: per(rounds.iter().map(|round| round.outcome.bytes as f64).sum()) / 1024.0,
    }
}

fn floor_report(
    floors: &BTreeMap<usize, Vec<(Pace, f64)>>,
    loads: &[LoadReport],
    rows_per_receipt: BTreeMap<&'static str, f64>,
) -> FloorReport {
    let pace = |(pace, _): &(Pace, f64)| pace.receipts as f64 / pace.seconds.max(1e-9);
    let of = |clients: usize| floors.get(&clients).map_or(&[] as &[_], Vec::as_slice);
    let ratio = |clients: usize| {
        let load = loads.iter().find(|load| load.clients == clients);
        let rounds = load.map_or(&[] as &[f64], |load| load.rounds_per_second.as_slice());
        middle(rounds.iter().zip(of(clients)).map(|(server, floor)| server / pace(floor).max(1e-9)))
    };
    let cpu = |clients: usize| {
        let receipts: u64 = of(clients).iter().map(|(pace, _)| pace.receipts).sum();
        of(clients).iter().map(|(_, cpu)| cpu).sum::<f64>() / receipts.max(1) as f64
    };
    FloorReport {
        one_per_second: middle(of(ONE).iter().map(pace)),
        many_per_second: middle(of(MANY).iter().map(pace)),
        one_cpu_ms: cpu(ONE),
        many_cpu_ms: cpu(MANY),
        rounds_cpu_ms: of(MANY).iter().map(|(pace, cpu)| cpu / pace.receipts.max(1) as f64).collect(),
        one_ratio: ratio(ONE),
        many_ratio: ratio(MANY),
        rows_per_receipt,
    }
}

/// The middle one.
pub(super) fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
