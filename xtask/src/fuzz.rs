//! `cargo xtask fuzz`: the parsers of what comes from outside, tried with inputs that a fuzzer makes up and coverage steers.
//!
//! The targets and their seeds stand in `fuzz/`. What a run found interesting is kept beside what it built, so that the next
//! run goes on from there; unless it is given a seed, so that it shall do what others with that seed do.

mod told;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use told::Told;

/// Where the targets are.
const FUZZ: &str = "fuzz";
/// A target that must be caught, or nothing that the others say is worth anything.
const CONTROL: &str = "control";
/// Seconds within which it must be; it takes one or two.
const CONTROL_SECONDS: u64 = 60;
/// Seconds for one input, megabytes for one process, at most. The targets themselves count memory more strictly.
const BOUNDS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=512"];
/// A fuzzer uses a core; more of them at once than two would slow down whatever else a machine does.
const AT_ONCE: usize = 2;
/// How a build is instrumented: what libFuzzer reads, in flags that a stable compiler takes.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What to try, and for how long.
#[derive(Debug, Clone, clap::Args)]
pub struct FuzzArgs {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Begins with the committed seeds alone and with this number for the fuzzer: what earlier runs found does not count.
    #[arg(long)]
    seed: Option<u32>,
    /// The targets; all without.
    targets: Vec<String>,
}

/// Builds the targets, runs each, and fails when one found an input that brings its parser down.
pub fn run(args: &FuzzArgs) -> Result<()> {
    let place = Place::beside_this_program()?;
    let known = targets(Path::new(FUZZ))?;
    if let Some(unknown) = args.targets.iter().find(|name| !known.contains(name)) {
        bail!("no target {unknown}; there are: {}", known.join(", "));
    }
    let wanted = if args.targets.is_empty() { known } else { args.targets.clone() };
    place.build()?;
    if place.try_target(CONTROL, (CONTROL_SECONDS, args.seed))?.found.is_none() {
        bail!("the control was not caught: this fuzzer is blind");
    }
    let failed = Mutex::new(0);
    let waiting = Mutex::new(wanted.iter());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(cores) {
            scope.spawn(|| {
                while let Some(name) = next(&waiting) {
                    let line = match place.try_target(name, (args.seconds, args.seed)) {
                        Ok(told) if told.found.is_none() && told.success => told.line(name),
                        Ok(told) => {
                            add_one(&failed);
                            format!("{}\n{}", told.line(name), place.advice(name, &told))
                        }
                        Err(e) => {
                            add_one(&failed);
                            format!("{name}: FAILED: {e:#}")
                        }
                    };
                    println!("{line}");
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or(1);
    if failed == 0 { Ok(()) } else { bail!("{failed} of {} targets failed", wanted.len()) }
}

fn next<'n>(waiting: &Mutex<std::slice::Iter<'n, String>>) -> Option<&'n String> {
    waiting.lock().ok()?.next()
}

fn add_one(failed: &Mutex<usize>) {
    if let Ok(mut failed) = failed.lock() {
        *failed += 1;
    }
}

/// Every file in `targets/` is one; the control is for itself.
fn targets(fuzz: &Path) -> Result<Vec<String>> {
    let folder = fuzz.join("targets");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    let mut names: Vec<String> =
        paths.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    names.retain(|name| name != CONTROL);
    names.sort();
    if names.is_empty() { bail!("no target in {}", folder.display()) } else { Ok(names) }
}

/// Where everything of the fuzzer is built and kept: in the folder of cargo's own output, which CI keeps.
struct Place {
    output: PathBuf,
    host: String,
}

impl Place {
    fn beside_this_program() -> Result<Self> {
        let here = std::env::current_exe().context("finding this program")?;
        let output = here.ancestors().nth(2).context("this program stands in cargo's output")?.join("fuzz");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let told = Command::new(rustc).arg("-vV").output().context("asking rustc for its host")?;
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let host = told.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
        Ok(Self { output, host: host.to_owned() })
    }

    /// Builds the targets, and tests what mends PDFs for them.
    fn build(&self) -> Result<()> {
        self.cargo(&["build", "--bins"])?;
        self.cargo(&["test", "--lib", "--quiet"])
    }

    /// With the host named as a target, so that what runs while building is not instrumented.
    fn cargo(&self, words: &[&str]) -> Result<()> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(words).args(["--release", "--locked", "--manifest-path"]);
        cargo.arg(Path::new(FUZZ).join("Cargo.toml")).arg("--target-dir").arg(&self.output);
        cargo.args(["--target", &self.host]).env("RUSTFLAGS", INSTRUMENTED).env_remove("CARGO_ENCODED_RUSTFLAGS");
        let status = cargo.status().context("starting cargo")?;
        if status.success() { Ok(()) } else { bail!("cargo {} failed for the targets", words.join(" ")) }
    }

    fn program(&self, name: &str) -> PathBuf {
        self.output.join(&self.host).join("release").join(name)
    }

    /// Runs a target on what was found interesting before, its seeds, and what once brought it down.
    fn try_target(&self, name: &str, (seconds, seed): (u64, Option<u32>)) -> Result<Told> {
        let kind = if seed.is_some() { "corpus-of-a-seed" } else { "corpus" };
        let [corpus, crashes] = [kind, "crashes"].map(|kind| self.output.join(kind).join(name));
        if seed.is_some() && corpus.exists() {
            std::fs::remove_dir_all(&corpus).with_context(|| format!("emptying {}", corpus.display()))?;
        }
        for folder in [&corpus, &crashes] {
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        let fuzz = Path::new(FUZZ);
        let mut command = Command::new(self.program(name));
        command.arg(corpus);
        command.args(["seeds", "found"].map(|kind| fuzz.join(kind).join(name)).iter().filter(|folder| folder.exists()));
        command.args(BOUNDS).arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        command.arg(format!("-artifact_prefix={}/", crashes.display()));
        command.args(seed.map(|seed| format!("-seed={seed}")));
        // PDFs need room for a signature; all else is small.
        let (kind, length) = match name {
            "pdf_sign" | "pdf_verify" => ("pdf", 32_768),
            "certificates" | "cms" | "crl" | "key_file" | "ocsp" | "tsp" => ("der", 8_192),
            other => (other, 8_192),
        };
        command.arg(format!("-max_len={length}"));
        let dictionary = fuzz.join("dictionaries").join(format!("{kind}.dict"));
        if dictionary.exists() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        let ended = command.stdin(Stdio::null()).output().with_context(|| format!("starting {command:?}"))?;
        Ok(Told::read(&String::from_utf8_lossy(&ended.stderr), ended.status.success()))
    }

    /// What to do with an input that was found.
    fn advice(&self, name: &str, told: &Told) -> String {
        let Some(input) = &told.found else { return told.last_words.clone() };
        format!(
            "{}\n  again: {} {input}\n  once it is mended: keep it as {FUZZ}/found/{name}/WHAT-IT-IS",
            told.last_words,
            self.program(name).display()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::targets;
    use crate::test::FUZZED;
    use std::path::Path;

    #[test]
    fn every_target_is_tried_with_the_other_tests() {
        let fuzz = Path::new("../fuzz");
        let mut tried: Vec<&str> = FUZZED.iter().flat_map(|(_, _, names)| names.iter().copied()).collect();
        tried.sort_unstable();
        assert_eq!(targets(fuzz).unwrap(), tried);
    }

    #[test]
    fn every_target_has_seeds_and_is_built() {
        let fuzz = Path::new("../fuzz");
        let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
        for name in targets(fuzz).unwrap() {
            assert!(std::fs::read_dir(fuzz.join("seeds").join(&name)).unwrap().count() > 0, "{name}");
            assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
        }
    }
}
