//! `cargo xtask test`: every check in one run, counted, with one closing line.
//!
//! A step that runs a test runner adds that runner's counts; any other step counts as one. Steps go on after a failure,
//! so that one run tells everything that is wrong.

use crate::run::program;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
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
}

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
        println!("=== {}: {verdict} in {} s", step.name, started.elapsed().as_secs());
    }
    if all.passed + all.failed == 0 {
        bail!("no test ran");
    }
    println!("\n=== all steps: {}", in_words(begun.elapsed().as_secs()));
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
        command.arg(&nhaviec).arg("bench").args(words);
        Ok(Step { name, command })
    };
    let crash = |name, words: &[&str]| -> Result<Step> {
        let mut step = of(name, this()?, &["crash"]);
        step.command.args(words);
        Ok(step)
    };
    Ok(vec![
        of("format", cargo(), &["fmt", "--all", "--check"]),
        of("lints", cargo(), &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
        of("tests on both engines", with_postgres()?, &["test", "--workspace", "--no-fail-fast"]),
        of(
            "browser",
            Command::new("node"),
            &["--test", "--test-reporter=tap", "--test-concurrency=1", "browser/tests/"],
        ),
        crash("power cuts, SQLite", &["--rounds", &cuts])?,
        crash("power cuts without syncs are caught, SQLite", &["--rounds", "10", "--control"])?,
        crash("power cuts, PostgreSQL", &["--rounds", &cuts, "--database", "postgres"])?,
        crash(
            "power cuts without syncs are caught, PostgreSQL",
            &["--rounds", "10", "--control", "--database", "postgres"],
        )?,
        bench("benchmark", &["--seconds", "3", "--check"])?,
    ])
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
}
