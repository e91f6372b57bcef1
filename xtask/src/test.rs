//! `cargo xtask test`: every check in one run, counted, with one closing line.
//!
//! A step that runs a test runner adds that runner's counts; any other step counts as one. Steps go on after a failure,
//! so that one run tells everything that is wrong.

use crate::run::program;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What to run.
#[derive(Debug, Clone, clap::Args)]
pub struct TestArgs {
    /// Only steps whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Power cuts for each engine.
    #[arg(long, default_value_t = 25)]
    power_cuts: u32,
    /// Fail when the whole takes longer than so many minutes.
    #[arg(long)]
    minutes_max: Option<u64>,
}

/// Steps of fuzzing: name, seconds for each target, targets.
pub const FUZZED: [(&str, &str, &[&str]); 2] = [
    ("fuzzing: signed files", "60", &["cms", "crl", "ocsp", "pdf_sign", "pdf_verify", "tsp"]),
    ("fuzzing: what else comes in", "20", &["card", "certificates", "key_file", "procedure", "takes", "upload"]),
];

struct Step {
    name: &'static str,
    command: Command,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    passed: u64,
    failed: u64,
}

/// Runs all steps; fails when any test or step failed, or when none ran.
pub fn run(args: &TestArgs) -> Result<()> {
    let mut all = Counts::default();
    let mut times = Vec::new();
    let begun = Instant::now();
    for mut step in steps(args)? {
        if args.only.as_ref().is_some_and(|only| !step.name.contains(only.as_str())) {
            continue;
        }
        println!("\n=== {}", step.name);
        let started = Instant::now();
        let (counts, success) = follow(&mut step.command).with_context(|| step.name.to_owned())?;
        all.passed += counts.passed;
        all.failed += counts.failed;
        if counts.passed + counts.failed == 0 {
            if success { all.passed += 1 } else { all.failed += 1 }
        } else if !success && counts.failed == 0 {
            all.failed += 1;
        }
        let verdict = if success { "ok" } else { "FAILED" };
        let seconds = started.elapsed().as_secs();
        println!("=== {}: {verdict} in {seconds} s", step.name);
        times.push((step.name, seconds));
    }
    if all.passed + all.failed == 0 {
        bail!("no test ran");
    }
    let seconds = begun.elapsed().as_secs();
    println!("\n=== all steps: {}", in_words(seconds));
    if let Some(sentence) = too_long(args.minutes_max, seconds, times) {
        println!("=== FAILED: {sentence}");
        all.failed += 1;
    }
    println!("{} passed, {} failed", all.passed, all.failed);
    if all.failed > 0 { std::process::exit(1) } else { Ok(()) }
}

fn steps(args: &TestArgs) -> Result<Vec<Step>> {
    let cargo = || Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let of = |name: &'static str, mut command: Command, words: &[&str]| {
        command.args(words);
        Step { name, command }
    };
    let with_postgres = || -> Result<Command> {
        let mut command = Command::new(program("with-postgres")?);
        command.arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        Ok(command)
    };
    let cuts = args.power_cuts.to_string();
    let this = || std::env::current_exe().map(Command::new).context("finding this program");
    let nhaviec = program("nhaviec")?.display().to_string();
    let bench = |name, words: &[&str]| -> Result<Step> {
        let mut command = Command::new(program("with-postgres")?);
        command.arg(&nhaviec).arg("bench").args(words).env("NHAVIEC_BENCH_PYHANKO", pyhanko());
        Ok(Step { name, command })
    };
    let own = |task, name, words: &[&str]| -> Result<Step> {
        let mut step = of(name, this()?, &[task]);
        step.command.args(words);
        Ok(step)
    };
    let crash = |name, words: &[&str]| own("crash", name, words);
    // A number of its own and no more than the committed seeds: two runs try the same as far as their time allows.
    let fuzz = |(name, seconds, targets): (_, &str, &[&str])| -> Result<Step> {
        let mut step = of(name, this()?, &["fuzz", "--seed", "1", "--seconds", seconds]);
        step.command.args(targets);
        Ok(step)
    };
    let mut steps = vec![
        of("format", cargo(), &["fmt", "--all", "--check"]),
        of("lints", cargo(), &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
        of("tests on both engines", with_postgres()?, &["test", "--workspace", "--no-fail-fast"]),
        Step { name: "browser", command: browser()? },
        crash("power cuts, SQLite", &["--rounds", &cuts])?,
        crash("power cuts without syncs are caught, SQLite", &["--rounds", "10", "--control"])?,
        crash("power cuts, PostgreSQL", &["--rounds", &cuts, "--database", "postgres"])?,
        crash(
            "power cuts without syncs are caught, PostgreSQL",
            &["--rounds", "10", "--control", "--database", "postgres"],
        )?,
        // Short ones: how nodes fall out and come back. Whether leases end in time needs longer.
        own("nodes", "nodes that fall out", &["--seconds", "4", "--pause-seconds", "10"])?,
        own("failover", "a standby takes over", &["--seconds", "4"])?,
        own("failover", "what a standby that nobody waits for loses is noticed", &["--seconds", "3", "--control"])?,
        // Whether a request costs too much is decided on a quiet machine; here, whether it has become half again as dear.
        bench("benchmark", &["--seconds", "3", "--check", "--margin", "1.5"])?,
    ];
    for fuzzed in FUZZED {
        steps.push(fuzz(fuzzed)?);
    }
    Ok(steps)
}

/// The Python with pyHanko: `NHAVIEC_PYHANKO`, or where the setup puts it.
fn pyhanko() -> PathBuf {
    let home = std::env::var_os("HOME").unwrap_or_default();
    let named = std::env::var_os("NHAVIEC_PYHANKO").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(&home).join(".cache/nhaviec/pyhanko/bin/python"))
}

/// What to say when the whole took longer than it may: a run that grows unnoticed is soon not run at all.
fn too_long(minutes_max: Option<u64>, seconds: u64, mut times: Vec<(&str, u64)>) -> Option<String> {
    let minutes = minutes_max.filter(|minutes| seconds > minutes.saturating_mul(60))?;
    times.sort_by_key(|(_, seconds)| std::cmp::Reverse(*seconds));
    let slowest: Vec<String> =
        times.iter().take(3).map(|(name, seconds)| format!("{name} ({})", in_words(*seconds))).collect();
    Some(format!("all steps took {}, longer than {minutes} min; slowest: {}", in_words(seconds), slowest.join(", ")))
}

/// The tests in Chromium, with a PostgreSQL beside them.
fn browser() -> Result<Command> {
    let mut command = Command::new(program("with-postgres")?);
    command.args(["node", "--test", "--test-reporter=tap", "--test-concurrency=1"]);
    command.args(browser_tests(Path::new("browser/tests"))?);
    Ok(command)
}

/// The files one by one: from Node 21 on a folder is taken for a test file.
fn browser_tests(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    files.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".test.mjs")));
    files.sort();
    // Without a file named, node would look for tests of its own choice.
    if files.is_empty() { bail!("no test in {}", folder.display()) } else { Ok(files) }
}

/// `12 min 5 s`.
fn in_words(seconds: u64) -> String {
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// Runs a command, lets its output through and adds up what test runners say in it.
fn follow(command: &mut Command) -> Result<(Counts, bool)> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("starting {command:?}"))?;
    let mut counts = Counts::default();
    let output = BufReader::new(child.stdout.take().context("a pipe that was asked for")?);
    for line in output.split(b'\n') {
        let line = line?;
        std::io::stdout().write_all(&line)?;
        println!();
        count(&String::from_utf8_lossy(&line), &mut counts);
    }
    Ok((counts, child.wait()?.success()))
}

/// `test result: ok. 4 passed; 0 failed; …` of cargo, `# pass 4` and `# fail 0` of node.
fn count(line: &str, counts: &mut Counts) {
    let number = |text: &str| text.trim().parse::<u64>().unwrap_or(0);
    if let Some(rest) = line.strip_prefix("test result:") {
        for part in rest.split([';', '.']) {
            if let Some(n) = part.trim().strip_suffix(" passed") {
                counts.passed += number(n);
            } else if let Some(n) = part.trim().strip_suffix(" failed") {
                counts.failed += number(n);
            }
        }
    } else if let Some(n) = line.strip_prefix("# pass ") {
        counts.passed += number(n);
    } else if let Some(n) = line.strip_prefix("# fail ") {
        counts.failed += number(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_both_runners_are_counted() {
        let mut counts = Counts::default();
        for line in
            ["test result: ok. 4 passed; 1 failed; 0 ignored; finished in 0.1s", "# pass 7", "# fail 2", "passed"]
        {
            count(line, &mut counts);
        }
        assert_eq!((counts.passed, counts.failed), (11, 3));
        assert_eq!(in_words(725), "12 min 5 s");
    }

    #[test]
    fn tests_in_the_browser_are_named_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(browser_tests(folder.path()).is_err());
        for name in ["scan.test.mjs", "journey.test.mjs", "notes.txt", "keys.mjs"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let found = browser_tests(folder.path()).unwrap();
        assert_eq!(found, ["journey.test.mjs", "scan.test.mjs"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn a_run_that_takes_too_long_names_its_slowest_steps() {
        let times = || vec![("format", 1), ("browser", 300), ("tests", 1500), ("lints", 20)];
        let told = too_long(Some(30), 1821, times());
        assert_eq!(
            told.as_deref(),
            Some(
                "all steps took 30 min 21 s, longer than 30 min; slowest: tests (25 min 0 s), browser (5 min 0 s), \
                 lints (0 min 20 s)"
            )
        );
        assert_eq!(too_long(Some(31), 1821, times()), None);
        assert_eq!(too_long(None, 1821, times()), None);
    }
}
