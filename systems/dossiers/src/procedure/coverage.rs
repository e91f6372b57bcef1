//! How much of a definition was found in a source, printed as a table that a chief of office can read.

use std::fmt::Write;

use super::definition::Definition;
use super::provenance::{Mark, Provenance, Standing};

/// Counts of facts by where they come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Held against the decision behind it.
    pub verified: usize,
    /// Stated by a public source.
    pub sourced: usize,
    /// Inferred from a source.
    pub inferred: usize,
    /// Remembered, not looked up.
    pub remembered: usize,
    /// Drafted for this program.
    pub drafted: usize,
    /// Looked for and not found.
    pub missing: usize,
}

impl Coverage {
    /// All facts.
    pub fn total(&self) -> usize {
        self.verified + self.sourced + self.inferred + self.remembered + self.drafted + self.missing
    }

    fn add(&mut self, other: Self) {
        self.verified += other.verified;
        self.sourced += other.sourced;
        self.inferred += other.inferred;
        self.remembered += other.remembered;
        self.drafted += other.drafted;
        self.missing += other.missing;
    }
}

/// Counts the facts of one definition.
pub fn of(definition: &Definition) -> Coverage {
    let mut coverage = Coverage::default();
    for path in definition.facts() {
        let found = definition.provenance(&path);
        match found.map(|provenance| (provenance.standing, provenance.mark)) {
            Some((Standing::Verified, _)) => coverage.verified += 1,
            Some((Standing::Sourced, _)) => coverage.sourced += 1,
            Some((_, Mark::Inferred(_))) => coverage.inferred += 1,
            Some((_, Mark::Drafted)) => coverage.drafted += 1,
            Some((_, Mark::Missing)) => coverage.missing += 1,
            Some(_) | None => coverage.remembered += 1,
        }
    }
    coverage
}

/// The table over all definitions, followed by what still has to be checked in each.
pub fn report(definitions: &[Definition]) -> String {
    let mut out = String::from(
        "Where the facts of the procedure definitions come from (checked by the tests; do not edit by hand).\n\
         verified: held against the decision behind it, whose number and date are known\n\
         sourced: a public source states it; told to be held against no decision yet\n\
         inferred, remembered, drafted, missing: shown as \"chưa kiểm chứng\" until somebody checks it\n\
         missing: looked for and not found\n\n\
         code        facts  verified  sourced  inferred  remembered  drafted  missing  name\n",
    );
    let mut sum = Coverage::default();
    for definition in definitions {
        let coverage = of(definition);
        sum.add(coverage);
        line(&mut out, &definition.code, coverage, definition.short_name());
    }
    line(&mut out, "all", sum, "");
    out.push_str("\nTo check\n");
    for definition in definitions {
        let _ = writeln!(out, "\n{} {}", definition.code, definition.short_name());
        for path in definition.facts() {
            if let Some(provenance) = definition.provenance(&path).filter(Provenance::is_doubtful) {
                let note = provenance.note.map(|note| format!(" — {note}")).unwrap_or_default();
                let _ = writeln!(out, "  {path}: {}{note}", word(provenance.mark));
            }
        }
    }
    out
}

fn word(mark: &Mark) -> String {
    match mark {
        Mark::Found(sources) => format!("found {}", sources.join(",")),
        Mark::Decided(document) => format!("decided {}", document.text),
        Mark::Inferred(sources) => format!("inferred {}", sources.join(",")),
        Mark::Remembered(confidence) => format!("remembered {}", confidence.code()),
        Mark::Drafted => "drafted".to_owned(),
        Mark::Missing => "missing".to_owned(),
    }
}

fn line(out: &mut String, code: &str, c: Coverage, name: &str) {
    let columns = format!(
        "{code:<10}  {:>5}  {:>8}  {:>7}  {:>8}  {:>10}  {:>7}  {:>7}  {name}",
        c.total(),
        c.verified,
        c.sourced,
        c.inferred,
        c.remembered,
        c.drafted,
        c.missing
    );
    out.push_str(columns.trim_end());
    out.push('\n');
}
