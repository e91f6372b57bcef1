//! The definition of one procedure, read from its TOML file.

mod parts;

use std::collections::BTreeMap;

use serde::Serialize;
use toml::de::DeTable;
use types::Day;

use super::errors::DefinitionErrors;
use super::fees::Fee;
use super::form::{FormField, FormSection};
use super::provenance::{self, Mark, Provenance, SourceEntry, Standing};
use super::reader::{Log, Table};
use super::requirement::Requirement;
use super::rules;
use super::step::Step;
use super::takes::TimeLimit;

pub use parts::{
    Announced, Case, Channel, ChannelException, FieldOfWork, Handled, HandledAt, Law, Level, Named, OnlineLevel,
};
use parts::{read_announced, read_case, read_exception, read_field, read_handled, read_law, read_named};

/// Largest definition file in bytes; ours are about a tenth of it.
pub const SIZE_MAX: usize = 256 * 1024;
/// Most dots in one line. Each dot of a key opens a table within a table, and nothing legitimate goes deep.
const DOTS_MAX: usize = 60;

/// A procedure: everything the counter, the party and the calendar need to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Code of the national catalogue, `1.001193`.
    pub code: String,
    /// The official name.
    pub name: String,
    /// What people say, for finding; the first is the short title.
    pub short_names: Vec<String>,
    /// The field of work.
    pub field: FieldOfWork,
    /// The level of government that decides.
    pub level: Level,
    /// Who decides, in words.
    pub decides: String,
    /// Where the work is done.
    pub handled: Handled,
    /// Identity and content are seen only by those who work on it (complaints, denunciations).
    pub restricted: bool,
    /// How much can be done online.
    pub online_level: OnlineLevel,
    /// How a dossier may come in.
    pub channels: Vec<Channel>,
    /// Channels of these that are open only in an emergency.
    pub channel_exception: Option<ChannelException>,
    /// The request in one line, with form keys in braces: `Đăng ký khai sinh cho {child_name}`.
    pub summary: String,
    /// The announcing decision, where one was found; a province's own says so in its note.
    pub announced: Option<Announced>,
    /// First day on which dossiers are received under this definition.
    pub effective_from: Day,
    /// Last day, if known.
    pub effective_to: Option<Day>,
    /// What comes after.
    pub successor: Option<String>,
    /// The time limit (of the first case, where cases differ).
    pub takes: TimeLimit,
    /// The cases; empty when there is only one.
    pub cases: Vec<Case>,
    /// The legal basis.
    pub legal: Vec<Law>,
    /// The fees.
    pub fees: Vec<Fee>,
    /// What is asked for.
    pub requirements: Vec<Requirement>,
    /// What comes out.
    pub results: Vec<Named>,
    /// What the party and the counter should know.
    pub notes: Vec<Named>,
    /// The form.
    pub form: Vec<FormSection>,
    /// The process.
    pub steps: Vec<Step>,
    /// Where each fact comes from, by path.
    pub sources: BTreeMap<String, SourceEntry>,
}

impl Definition {
    /// Reads a definition and checks it; on failure every mistake found, with its line. Safe with any input.
    pub fn parse(text: &str) -> Result<Self, DefinitionErrors> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > SIZE_MAX {
            return Err(DefinitionErrors::whole(format!("tệp lớn quá {} KB", SIZE_MAX / 1024)));
        }
        if let Some(line) = text.lines().position(|line| line.matches('.').count() > DOTS_MAX) {
            let message = format!("dòng {} có quá nhiều dấu chấm, không phải tệp định nghĩa thủ tục", line + 1);
            return Err(DefinitionErrors::whole(message));
        }
        let log = Log::new(text);
        let (table, mistakes) = DeTable::parse_recoverable(text);
        if !mistakes.is_empty() {
            mistakes.iter().for_each(|mistake| log.syntax(mistake));
            return Err(log.into_errors());
        }
        let definition = Self::read(Table::root(&table, &log));
        if let Some(definition) = &definition {
            rules::check(definition, &log);
        }
        match definition {
            Some(definition) if log.is_clean() => Ok(definition),
            _ => Err(log.into_errors()),
        }
    }

    /// The same for the bytes of an uploaded file.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, DefinitionErrors> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text),
            Err(_) => Err(DefinitionErrors::whole("tệp không phải văn bản UTF-8")),
        }
    }

    /// The short title people know it by.
    pub fn short_name(&self) -> &str {
        self.short_names.first().unwrap_or(&self.name)
    }

    /// Every field of the form in order.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.form.iter().flat_map(|section| &section.fields)
    }

    /// A case by its code.
    pub fn case(&self, code: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.code == code)
    }

    /// The time limit, in a case or in general.
    pub fn takes(&self, case: Option<&str>) -> &TimeLimit {
        case.and_then(|code| self.case(code)).and_then(|case| case.takes.as_ref()).unwrap_or(&self.takes)
    }

    /// What is asked for on this channel in this case.
    pub fn asked(&self, channel: Channel, case: Option<&str>) -> impl Iterator<Item = &Requirement> {
        self.requirements.iter().filter(move |requirement| requirement.applies(channel, case))
    }

    /// When a dossier may come on this channel, where that is only in an emergency.
    pub fn exception(&self, channel: Channel) -> Option<&str> {
        let exception = self.channel_exception.as_ref().filter(|exception| exception.channels.contains(&channel));
        exception.map(|exception| exception.condition.as_str())
    }

    /// Whether dossiers received on `day` fall under this definition.
    pub fn in_force(&self, day: Day) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|last| day <= last)
    }

    /// The request in one line from the values of a form; what is not filled in is left out.
    pub fn summarise(&self, values: &BTreeMap<String, String>) -> String {
        let mut out = String::new();
        let mut rest = self.summary.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (key, tail) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(values.get(key).map_or("", String::as_str));
            rest = tail;
        }
        out.push_str(rest);
        types::text::clean(&out)
    }

    /// The paths of every fact that must have a source.
    pub fn facts(&self) -> Vec<String> {
        let fixed =
            ["code", "name", "field", "level", "decides", "handled", "online_level", "channels", "effective_from"];
        let mut facts: Vec<String> = fixed.map(str::to_owned).into();
        let mut add = |present: bool, path: String| {
            if present {
                facts.push(path);
            }
        };
        add(self.effective_to.is_some(), "effective_to".into());
        // Absent it is a gap that must be seen, so it counts either way.
        add(true, "announced".into());
        add(self.channel_exception.is_some(), "channel_exception".into());
        add(true, "takes.rule".into());
        add(true, "takes.printed".into());
        add(self.takes.verification.is_some(), "takes.verification".into());
        for case in &self.cases {
            add(true, format!("cases.{}", case.code));
            add(case.takes.is_some(), format!("cases.{}.takes", case.code));
        }
        self.legal.iter().for_each(|law| add(true, format!("legal.{}", law.number)));
        // A document whose date nobody has found is told as such.
        let undated = self.legal.iter().filter(|law| law.date.is_none());
        undated.for_each(|law| add(true, format!("legal.{}.date", law.number)));
        // Titles are our own descriptions and not what the source prints, so they are a fact of their own.
        add(!self.legal.is_empty(), "legal_titles".into());
        for fee in &self.fees {
            add(true, format!("fees.{}", fee.code));
            add(!fee.exempt.is_empty(), format!("fees.{}.exempt", fee.code));
        }
        for requirement in &self.requirements {
            add(true, format!("requirements.{}", requirement.code));
            add(requirement.condition.is_some(), format!("requirements.{}.condition", requirement.code));
        }
        self.results.iter().for_each(|result| add(true, format!("results.{}", result.code)));
        self.notes.iter().for_each(|note| add(true, format!("notes.{}", note.code)));
        add(true, "form".into());
        add(true, "steps".into());
        facts
    }

    /// Where the fact at `path` comes from; `None` only for a path that is not in `facts`.
    pub fn provenance(&self, path: &str) -> Option<Provenance<'_>> {
        self.source_entry(path).map(|(_, entry)| Provenance::of(entry, self.decision()))
    }

    /// The announcing decision, where a source states that it is the one of this procedure: that of one city is only a
    /// guess for another province.
    pub fn decision(&self) -> Option<&Announced> {
        let stated = self.source_entry("announced").map(|(_, entry)| &entry.mark);
        self.announced.as_ref().filter(|_| matches!(stated, Some(Mark::Found(_) | Mark::Decided(_))))
    }

    /// The entry of `[sources]` that covers `path`: the longest that is the path or a group above it.
    pub(super) fn source_entry(&self, path: &str) -> Option<(&str, &SourceEntry)> {
        static NOT_FOUND: SourceEntry = SourceEntry { mark: Mark::Missing, as_of: None, note: None };
        let dated = path.strip_prefix("legal.").and_then(|rest| rest.strip_suffix(".date"));
        if dated.is_some_and(|number| self.legal.iter().any(|law| law.number == number && law.date.is_none())) {
            return Some(("legal", &NOT_FOUND));
        }
        let covers = |key: &str| path == key || path.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        let found = self.sources.iter().filter(|(key, _)| covers(key)).max_by_key(|(key, _)| key.len());
        found.map(|(key, entry)| (key.as_str(), entry))
    }

    /// Whether every fact is held against the decision behind it.
    pub fn is_verified(&self) -> bool {
        let verified = |path: &String| self.provenance(path).is_some_and(|p| p.standing == Standing::Verified);
        self.facts().iter().all(verified)
    }

    fn read(root: Table<'_, '_>) -> Option<Self> {
        let code = root.required_text("code");
        let name = root.required_text("name");
        let short_names = root.texts("short_names");
        let field = root.required_table("field").map(read_field);
        let level = root.required_choice("level");
        let decides = root.required_text("decides");
        let handled = root.required_table("handled").and_then(read_handled);
        let restricted = root.flag("restricted");
        let online_level = root.required_choice("online_level");
        let channels: Vec<Channel> = root.choices("channels");
        let channel_exception = root.table("channel_exception").map(read_exception);
        let summary = root.required_text("summary");
        let announced = root.table("announced").and_then(read_announced);
        let effective_from = root.day("effective_from");
        if !root.has("effective_from") {
            root.error("effective_from", "còn thiếu, phải ghi ngày bắt đầu áp dụng");
        }
        let effective_to = root.day("effective_to");
        let successor = root.text("successor");
        let takes = root.required_table("takes").and_then(TimeLimit::read);
        let cases = root.tables("cases").into_iter().map(read_case).collect();
        let legal = root.tables("legal").into_iter().map(read_law).collect();
        let fees = root.tables("fees").into_iter().filter_map(|table| Fee::read(table, &channels)).collect();
        let requirements = root.tables("requirements").into_iter().filter_map(Requirement::read).collect();
        let results = root.tables("results").into_iter().map(|table| read_named(table, "name")).collect();
        let notes = root.tables("notes").into_iter().map(|table| read_named(table, "text")).collect();
        let form = root.tables("form").into_iter().map(FormSection::read).collect();
        let steps = root.tables("steps").into_iter().filter_map(Step::read).collect();
        let sources = root.required_table("sources").map(|table| provenance::read(&table)).unwrap_or_default();
        root.finish();
        Some(Self {
            code,
            name,
            short_names,
            field: field?,
            level: level?,
            decides,
            handled: handled?,
            restricted,
            online_level: online_level?,
            channels,
            channel_exception,
            summary,
            announced,
            effective_from: effective_from?,
            effective_to,
            successor,
            takes: takes?,
            cases,
            legal,
            fees,
            requirements,
            results,
            notes,
            form,
            steps,
            sources,
        })
    }
}

/// Whether `text` may be a short stable name: small letters, digits and hyphens.
pub(super) fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
