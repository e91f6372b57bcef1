//! What libFuzzer says on its way and at its end.

/// A run of one target.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub success: bool,
    /// Inputs tried.
    runs: u64,
    /// Places of the code that were reached.
    coverage: u64,
    /// The most memory used, in megabytes.
    memory: u64,
    /// The input that brought the parser down.
    pub found: Option<String>,
    /// Why: the message of a panic, or the fuzzer's own.
    pub last_words: String,
}

impl Told {
    pub fn read(errors: &str, success: bool) -> Self {
        let mut told = Self { success, ..Self::default() };
        for line in errors.lines() {
            let figure = |text: &str| text.split_whitespace().next().and_then(|word| word.parse().ok());
            if let Some((_, rest)) = line.split_once(" cov: ").filter(|_| line.starts_with('#')) {
                told.coverage = figure(rest).unwrap_or(told.coverage);
            } else if let Some(rest) = line.strip_prefix("stat::number_of_executed_units:") {
                told.runs = figure(rest).unwrap_or_default();
            } else if let Some(rest) = line.strip_prefix("stat::peak_rss_mb:") {
                told.memory = figure(rest).unwrap_or_default();
            } else if let Some((_, path)) = line.split_once("Test unit written to ") {
                told.found = Some(path.trim().to_owned());
            }
        }
        if !success || told.found.is_some() {
            let lines: Vec<&str> = errors.lines().collect();
            let panic = lines.iter().position(|line| line.contains("panicked at") || line.starts_with("memory: "));
            let from = panic.unwrap_or_else(|| lines.len().saturating_sub(12));
            told.last_words =
                lines[from..].iter().take(12).map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n");
        }
        told
    }

    /// One line for one target.
    pub fn line(&self, name: &str) -> String {
        let result = if self.success && self.found.is_none() { "ok" } else { "FAILED" };
        let Self { runs, coverage, memory, .. } = self;
        format!("{name}: {runs} runs, coverage {coverage}, {memory} MB: {result}")
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn runs_coverage_and_findings_are_read() {
        let quiet = "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n#900\tDONE   cov: 345 ft: 400 corp: 9/1b\n\
                     stat::number_of_executed_units: 900\nstat::peak_rss_mb:              45\n";
        let told = Told::read(quiet, true);
        assert_eq!(told.line("crl"), "crl: 900 runs, coverage 345, 45 MB: ok");
        assert_eq!(told.last_words, "");
        let loud = "#2\tINITED cov: 12 ft: 13\nthread '<unnamed>' panicked at src/a.rs:1:2:\nattempt to add with overflow\n\
                    artifact_prefix='x/'; Test unit written to x/crash-1\n";
        let told = Told::read(loud, false);
        assert_eq!(told.found.as_deref(), Some("x/crash-1"));
        assert!(told.line("crl").ends_with("FAILED"));
        assert!(told.last_words.contains("attempt to add"));
    }
}
