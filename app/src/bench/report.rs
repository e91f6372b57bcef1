//! What was measured, as JSON and as words, and which bounds it meets.

use super::engine::MANY;
use super::machine::Machine;
use super::signing::{PYHANKO, SigningReport};
use crate::os::Memory;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use types::Timestamp;

/// The server must reach this part of the floor at 32 clients.
const RATIO_LEAST: f64 = 0.25;
const FLOOR_RATIO: &str = "tốc độ tiếp nhận so với sàn SQLite, 32 máy khách";
/// Processor time of a receipt, in milliseconds.
const RECEIPT_CPU_MS_MOST: f64 = 0.5;
/// Processor time of a page, in milliseconds.
const PAGE_CPU_MS_MOST: f64 = 0.5;
/// Processor time of a receipt of the floor, 32 in a transaction, on the machine for which the bounds are given, in
/// milliseconds. Machines differ, and a neighbour's load makes the same instructions dearer from one second to the next:
/// what is measured is bound as if the floor beside it had taken this long.
const FLOOR_CPU_MS: f64 = 0.18;
/// Start to first answer, in milliseconds.
const START_MS_MOST: f64 = 1000.0;
/// Memory on SQLite, in MB.
const MEMORY_MB_MOST: f64 = 150.0;
/// How far the rows of a receipt may differ between server and floor, whose mixes of dossiers are not quite the same.
const ROWS_APART: f64 = 0.15;

/// Receipts under load.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LoadReport {
    pub clients: usize,
    pub requests: u64,
    pub errors: u64,
    pub first_error: Option<String>,
    pub rounds_per_second: Vec<f64>,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Server's processor time of one.
    pub cpu_ms: f64,
    /// The same, round by round.
    pub rounds_cpu_ms: Vec<f64>,
    pub client_cpu_ms: f64,
}

/// A page under load.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PageReport {
    pub name: String,
    /// Sent as browsers take it; costs what the compressor costs.
    pub compressed: bool,
    pub clients: usize,
    pub requests: u64,
    pub errors: u64,
    pub first_error: Option<String>,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub cpu_ms: f64,
    /// The same, round by round.
    pub rounds_cpu_ms: Vec<f64>,
    pub kilobytes: f64,
}

/// The database alone.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FloorReport {
    /// One receipt in each transaction.
    pub one_per_second: f64,
    pub one_cpu_ms: f64,
    /// 32 receipts in each transaction.
    pub many_per_second: f64,
    pub many_cpu_ms: f64,
    /// The same, round by round.
    pub rounds_cpu_ms: Vec<f64>,
    /// The server's receipts to these, round by round, the middle one.
    pub one_ratio: f64,
    pub many_ratio: f64,
    pub rows_per_receipt: BTreeMap<&'static str, f64>,
}

/// One engine.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EngineReport {
    pub engine: String,
    pub start_ms: f64,
    pub receive: Vec<LoadReport>,
    pub floor: Option<FloorReport>,
    pub rows_per_receipt: BTreeMap<&'static str, f64>,
    pub pages: Vec<PageReport>,
    pub memory: Memory,
}

/// A bound and whether it is met.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    pub engine: String,
    pub what: String,
    pub measured: f64,
    pub bound: String,
    pub met: bool,
    /// Whether `--check` fails on it when it is missed by more than the margin.
    pub binds: bool,
    /// Met, or missed by no more than the margin.
    pub near: bool,
}

/// Everything.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Report {
    pub date: String,
    pub machine: Machine,
    /// Seconds of each measurement.
    pub seconds: u64,
    /// Dossiers that were there before.
    pub dossiers: u32,
    /// How many times its bound processor time may take before `--check` fails.
    pub margin: f64,
    pub folder: String,
    /// How the server's store is set; the same everywhere.
    pub settings: String,
    pub engines: Vec<EngineReport>,
    pub signing: Option<SigningReport>,
    pub checks: Vec<Check>,
    pub skipped: Vec<String>,
}

impl Report {
    pub fn new((seconds, dossiers): (u64, u32), margin: f64, now: Timestamp) -> Self {
        Self {
            date: now.rfc3339(),
            machine: Machine::read(),
            seconds,
            dossiers,
            margin,
            folder: std::env::temp_dir().display().to_string(),
            settings: settings(),
            engines: Vec::new(),
            signing: None,
            checks: Vec::new(),
            skipped: Vec::new(),
        }
    }

    pub fn skip(&mut self, why: String) {
        self.skipped.push(why);
    }

    pub fn add_signing(&mut self, signing: SigningReport) {
        self.checks.extend(signing.checks(self.margin));
        if signing.beside.is_none() {
            self.skip(format!("Bỏ qua ký số: hãy đặt {PYHANKO} là một Python có pyHanko."));
        }
        self.signing = Some(signing);
    }

    pub fn add(&mut self, engine: EngineReport) {
        self.checks.extend(checks(&engine, self.margin));
        self.checks.extend(self.beside_the_floor(&engine));
        self.engines.push(engine);
    }

    /// How an engine without a floor of its own compares with SQLite's, measured minutes before and not in turns: for
    /// information only.
    fn beside_the_floor(&self, engine: &EngineReport) -> Option<Check> {
        let floor = self.engines.iter().find_map(|other| other.floor.as_ref()).filter(|_| engine.floor.is_none())?;
        let load = engine.receive.iter().find(|load| load.clients == MANY)?;
        let ratio = load.per_second / floor.many_per_second.max(1e-9);
        Some(Check {
            engine: engine.engine.clone(),
            what: FLOOR_RATIO.to_owned(),
            measured: ratio,
            bound: format!("≥ {RATIO_LEAST}"),
            met: ratio >= RATIO_LEAST,
            binds: false,
            near: false,
        })
    }

    /// What binds and is not met, the margin taken off; what was not measured is not met.
    pub fn unmet(&self) -> Vec<String> {
        let unmet = self.checks.iter().filter(|check| check.binds && !check.near);
        let unmet = unmet.map(|c| format!("{}: {} là {}, cần {}", c.engine, c.what, shown(c.measured), c.bound));
        unmet.chain(self.skipped.iter().cloned()).collect()
    }

    /// For people.
    pub fn in_words(&self) -> String {
        let mut text = String::new();
        let machine = &self.machine;
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}\n{} × {}, {:.1} GB, Linux {}, tải lúc đầu {}, bản {}; {} giây mỗi phép đo, {} hồ sơ có sẵn",
            self.date,
            machine.processors,
            machine.processor,
            machine.memory_gb,
            machine.kernel,
            machine.load,
            machine.build,
            self.seconds,
            self.dossiers
        );
        let _ = writeln!(text, "{}", self.settings);
        for engine in &self.engines {
            in_words(&mut text, engine);
        }
        if let Some(signing) = &self.signing {
            signing.in_words(&mut text);
        }
        for why in &self.skipped {
            let _ = writeln!(text, "\n{why}");
        }
        let _ = writeln!(text, "\nGiới hạn");
        for check in &self.checks {
            let mark = if check.met { "✓" } else { "✗" };
            let note = match (check.binds, check.met, check.near) {
                (false, ..) => "  (chỉ để biết)",
                (true, false, true) => "  (trong mức nhiễu cho phép)",
                (true, ..) => "",
            };
            let measured = shown(check.measured);
            let _ =
                writeln!(text, "{mark} {:8} {:58} {measured:>9}  cần {}{note}", check.engine, check.what, check.bound);
        }
        text
    }
}

fn settings() -> String {
    let store::Options { synchronous, readers, writers, queue, .. } = store::Options::default();
    let mb = |kib: u32| kib / 1024;
    format!(
        "SQLite: WAL, synchronous={synchronous}, {readers} kết nối đọc với {} MB đệm mỗi kết nối, 1 kết nối ghi với {} MB đệm; \
         PostgreSQL: {readers} kết nối đọc, {writers} kết nối ghi; hàng đợi {queue} lệnh",
        mb(store::READER_CACHE_KIB),
        mb(store::WRITER_CACHE_KIB)
    )
}

fn in_words(text: &mut String, engine: &EngineReport) {
    let _ = writeln!(text, "\n{}", engine.engine);
    let _ =
        writeln!(text, "{:34} {:>9} {:>9} {:>9} {:>11} {:>7}", "", "mỗi giây", "p50 ms", "p99 ms", "CPU ms/lần", "lỗi");
    for load in &engine.receive {
        let name = format!("tiếp nhận hồ sơ, {} máy khách", load.clients);
        let _ = writeln!(
            text,
            "{name:34} {:>9.0} {:>9.2} {:>9.2} {:>11.3} {:>7}",
            load.per_second, load.p50_ms, load.p99_ms, load.cpu_ms, load.errors
        );
    }
    if let Some(floor) = &engine.floor {
        for (name, pace, cpu) in [
            ("  sàn SQLite, từng hồ sơ", floor.one_per_second, floor.one_cpu_ms),
            ("  sàn SQLite, mỗi lần 32 hồ sơ", floor.many_per_second, floor.many_cpu_ms),
        ] {
            let _ = writeln!(text, "{name:34} {pace:>9.0} {:>9} {:>9} {cpu:>11.3}", "", "");
        }
        let (one, many) = (floor.one_ratio, floor.many_ratio);
        let _ = writeln!(text, "  tỷ lệ so với sàn: {one:.2} với 1 máy khách, {many:.2} với 32");
    }
    for page in &engine.pages {
        let name = format!("{}{}", page.name, if page.compressed { ", nén" } else { "" });
        let _ = writeln!(
            text,
            "{name:34} {:>9.0} {:>9.2} {:>9.2} {:>11.3} {:>7}   {:.1} KB",
            page.per_second, page.p50_ms, page.p99_ms, page.cpu_ms, page.errors, page.kilobytes
        );
    }
    let memory = engine.memory;
    let _ = writeln!(
        text,
        "khởi động đến lần trả lời đầu {:.0} ms; bộ nhớ {:.0} MB, nhiều nhất {:.0} MB",
        engine.start_ms, memory.resident_mb, memory.peak_mb
    );
    let errors = engine.receive.iter().map(|load| &load.first_error).chain(engine.pages.iter().map(|p| &p.first_error));
    for error in errors.flatten() {
        let _ = writeln!(text, "  lỗi đầu tiên: {error}");
    }
}

fn shown(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

fn checks(engine: &EngineReport, margin: f64) -> Vec<Check> {
    let on_sqlite = engine.floor.is_some();
    let check = |what: &str, measured: f64, (bound, met): (String, bool), binds: bool| Check {
        engine: engine.engine.clone(),
        what: what.to_owned(),
        measured,
        bound,
        met,
        binds,
        near: met,
    };
    let most = |measured: f64, most: f64| (format!("≤ {most}"), measured <= most);
    let with_margin = |check: Check, most: f64| Check { near: check.measured <= most * margin, ..check };
    let mut checks = Vec::new();
    let errors = engine.receive.iter().map(|load| load.errors).chain(engine.pages.iter().map(|page| page.errors));
    let errors = errors.sum::<u64>() as f64;
    checks.push(check("yêu cầu bị lỗi", errors, most(errors, 0.0), true));
    if let Some(floor) = &engine.floor {
        let ratio = floor.many_ratio;
        let bound = (format!("≥ {RATIO_LEAST}"), ratio >= RATIO_LEAST);
        checks.push(check(FLOOR_RATIO, ratio, bound, true));
        let apart = rows_apart(&engine.rows_per_receipt, &floor.rows_per_receipt);
        checks.push(check("số dòng mỗi hồ sơ khác với sàn", apart, most(apart, ROWS_APART), true));
    }
    let unit = if on_sqlite { "ms, máy chuẩn" } else { "ms" };
    for load in engine.receive.iter().filter(|load| load.clients == MANY) {
        let cpu_ms = cpu_ms(engine, load.cpu_ms, &load.rounds_cpu_ms);
        let bound = most(cpu_ms, RECEIPT_CPU_MS_MOST);
        let check = check(&format!("CPU mỗi hồ sơ tiếp nhận ({unit})"), cpu_ms, bound, on_sqlite);
        checks.push(with_margin(check, RECEIPT_CPU_MS_MOST));
    }
    for page in &engine.pages {
        let what = format!("CPU mỗi trang {}{} ({unit})", page.name, if page.compressed { ", nén" } else { "" });
        let cpu_ms = cpu_ms(engine, page.cpu_ms, &page.rounds_cpu_ms);
        let bound = most(cpu_ms, PAGE_CPU_MS_MOST);
        checks.push(with_margin(check(&what, cpu_ms, bound, on_sqlite && !page.compressed), PAGE_CPU_MS_MOST));
    }
    let peak = engine.memory.peak_mb;
    checks.push(check("bộ nhớ nhiều nhất (MB)", peak, most(peak, MEMORY_MB_MOST), on_sqlite));
    checks.push(check(
        "khởi động đến lần trả lời đầu (ms)",
        engine.start_ms,
        most(engine.start_ms, START_MS_MOST),
        true,
    ));
    checks
}

/// What a request takes on the machine for which the bounds are given: its calmest round, as if the floor's calmest one had
/// taken [`FLOOR_CPU_MS`], since others make the same work dearer and never cheaper. Without a floor beside it, what was
/// measured.
fn cpu_ms(engine: &EngineReport, measured: f64, rounds: &[f64]) -> f64 {
    let least = |rounds: &[f64]| rounds.iter().copied().reduce(f64::min);
    let floor = engine.floor.as_ref().and_then(|floor| least(&floor.rounds_cpu_ms));
    match (floor, least(rounds)) {
        (Some(floor), Some(least)) => least * FLOOR_CPU_MS / floor.max(1e-9),
        _ => measured,
    }
}

/// The largest difference in a table, relative to the floor's rows.
fn rows_apart(server: &BTreeMap<&'static str, f64>, floor: &BTreeMap<&'static str, f64>) -> f64 {
    let apart = floor.iter().map(|(table, rows)| {
        let there = server.get(table).copied().unwrap_or(0.0);
        (there - rows).abs() / rows.max(0.01)
    });
    apart.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(ratio: f64, cpu_ms: f64, rows: f64) -> EngineReport {
        let load = LoadReport {
            clients: MANY,
            requests: 100,
            errors: 0,
            first_error: None,
            rounds_per_second: vec![1000.0],
            per_second: 1000.0,
            p50_ms: 1.0,
            p99_ms: 2.0,
            cpu_ms,
            rounds_cpu_ms: vec![cpu_ms],
            client_cpu_ms: 0.1,
        };
        let floor = FloorReport {
            one_per_second: 900.0,
            one_cpu_ms: 0.1,
            many_per_second: 3000.0,
            many_cpu_ms: FLOOR_CPU_MS,
            rounds_cpu_ms: vec![FLOOR_CPU_MS],
            one_ratio: 0.5,
            many_ratio: ratio,
            rows_per_receipt: BTreeMap::from([("task", 2.0)]),
        };
        EngineReport {
            engine: "Sqlite".into(),
            start_ms: 400.0,
            receive: vec![load],
            floor: Some(floor),
            rows_per_receipt: BTreeMap::from([("task", rows)]),
            pages: Vec::new(),
            memory: Memory { resident_mb: 60.0, peak_mb: 90.0 },
        }
    }

    fn report(engine: EngineReport) -> Report {
        with_margin(engine, 1.0)
    }

    fn with_margin(engine: EngineReport, margin: f64) -> Report {
        let mut report = Report::new((1, 50), margin, Timestamp(0));
        report.add(engine);
        report
    }

    #[test]
    fn an_engine_that_was_not_measured_meets_nothing() {
        let mut report = report(engine(0.3, 0.4, 2.0));
        report.skip("Bỏ qua PostgreSQL.".to_owned());
        assert_eq!(report.unmet(), ["Bỏ qua PostgreSQL."]);
    }

    #[test]
    fn an_engine_without_a_floor_is_told_beside_that_of_the_other() {
        let mut report = report(engine(0.3, 0.4, 2.0));
        report.add(EngineReport { engine: "Postgres".into(), floor: None, ..engine(0.3, 0.4, 2.0) });
        assert!(report.in_words().contains("✓ Postgres tốc độ tiếp nhận so với sàn SQLite, 32 máy khách"));
        let told = report.checks.iter().filter(|check| check.what == FLOOR_RATIO).map(|check| check.binds);
        assert_eq!(told.collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn a_bound_that_is_not_met_is_told_with_its_figures() {
        assert_eq!(report(engine(0.3, 0.4, 2.0)).unmet(), Vec::<String>::new());
        for (wrong, words) in [
            (engine(0.2, 0.4, 2.0), "so với sàn"),
            (engine(0.3, 0.6, 2.0), "CPU mỗi hồ sơ"),
            (engine(0.3, 0.4, 1.0), "số dòng mỗi hồ sơ"),
        ] {
            let unmet = report(wrong).unmet();
            assert!(unmet.len() == 1 && unmet[0].contains(words), "{unmet:?}");
        }
        let mut dear = engine(0.3, 0.6, 2.0);
        dear.floor.as_mut().unwrap().rounds_cpu_ms = vec![FLOOR_CPU_MS * 1.5];
        assert_eq!(report(dear).unmet(), Vec::<String>::new(), "a machine on which the floor is as dear");
        let noisy = with_margin(engine(0.3, 0.6, 2.0), 1.5);
        assert_eq!(noisy.unmet(), Vec::<String>::new(), "no more than the margin");
        assert!(noisy.in_words().contains("(trong mức nhiễu cho phép)"), "and told");
        assert!(with_margin(engine(0.3, 0.8, 2.0), 1.5).unmet()[0].contains("CPU mỗi hồ sơ"));
        assert!(
            with_margin(engine(0.2, 0.4, 2.0), 1.5).unmet()[0].contains("so với sàn"),
            "processor time alone has one"
        );
        let slow = EngineReport { start_ms: 1200.0, ..engine(0.3, 0.4, 2.0) };
        assert!(report(slow.clone()).unmet()[0].contains("khởi động"));
        assert!(report(slow).in_words().contains("✗ Sqlite   khởi động"));
    }
}
