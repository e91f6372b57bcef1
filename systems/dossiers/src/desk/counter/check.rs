//! Checks the counter's form: mistakes go to their fields, what is odd is asked once more.

use super::entry::{Entry, OTHER, field_name, paper_name};
use crate::procedure::definition::Channel;
use crate::procedure::form::{self, CASE};
use crate::procedure::requirement::{Requirement, RequirementKind};
use crate::procedure::{self, Definition};
use files::Kept;
use std::collections::{BTreeMap, BTreeSet};
use types::{Day, Id};

/// Highest number of sheets of one paper.
const SHEETS_MAX: i64 = 999;

/// How the result reaches the party: the word that is kept and what people read.
pub const RETURN_WAYS: [(&str, &str); 3] =
    [("counter", "Nhận tại quầy"), ("post", "Qua bưu chính công ích"), ("online", "Bản điện tử")];

/// A file of a paper.
#[derive(Debug, Clone)]
pub enum PaperFile {
    /// Came with this sending; its row is written with the dossier.
    Fresh(Kept),
    /// Came before and has a row.
    Waiting(Id),
}

/// A paper that was taken in.
#[derive(Debug, Clone)]
pub struct TakenIn {
    pub requirement: String,
    pub name: String,
    pub originals: i64,
    pub copies: i64,
    pub files: Vec<PaperFile>,
}

/// A form that may be received.
#[derive(Debug, Clone)]
pub struct Ready {
    pub values: BTreeMap<String, String>,
    pub case: Option<String>,
    pub channel: Channel,
    pub return_way: String,
    pub papers: Vec<TakenIn>,
    /// What looks odd but may be right; the officer confirms it.
    pub warnings: Vec<String>,
}

/// The channels by which a counter takes dossiers in.
pub fn channels(definition: &Definition) -> Vec<Channel> {
    definition.channels.iter().copied().filter(|channel| *channel != Channel::Online).collect()
}

/// Checks everything; `None` when some field is wrong, and then the form says which.
pub fn check(definition: &Definition, entry: &mut Entry, today: Day) -> Option<Ready> {
    checked(definition, entry, today, true)
}

/// The same for what is not received: papers may be missing, which is often why.
pub fn check_refused(definition: &Definition, entry: &mut Entry, today: Day) -> Option<Ready> {
    checked(definition, entry, today, false)
}

fn checked(definition: &Definition, entry: &mut Entry, today: Day, asks_papers: bool) -> Option<Ready> {
    let channels = channels(definition);
    let channel = Channel::from_code(entry.form.value("channel")).filter(|channel| channels.contains(channel));
    if channel.is_none() {
        entry.form.refuse("channel", "missing", "Hãy chọn hồ sơ đến bằng cách nào.");
    }
    let return_way = entry.form.value("return_way").to_owned();
    if !RETURN_WAYS.iter().any(|(way, _)| *way == return_way) {
        entry.form.refuse("return_way", "missing", "Hãy chọn cách nhận kết quả.");
    }
    let checked = match procedure::check(definition, &entry.values(definition), today) {
        Ok(checked) => checked,
        Err(errors) => {
            for error in errors {
                entry.form.refuse(&field_name(&error.key), error.code, error.message);
            }
            form::Checked { values: BTreeMap::new(), warnings: Vec::new() }
        }
    };
    let channel = channel.unwrap_or(Channel::Counter);
    if let Some(error) = form::reason_missing(definition, channel, &entry.values(definition)) {
        entry.form.refuse(&field_name(&error.key), error.code, error.message);
    }
    let case = checked.get(CASE).map(ToOwned::to_owned);
    let mut warnings: Vec<String> = checked.warnings.iter().map(|warning| warning.message.clone()).collect();
    // Without the case it is not known which papers are asked for.
    let known = definition.cases.is_empty() || case.is_some();
    let place = (channel, case.as_deref());
    let papers = if known { papers(definition, entry, (place, asks_papers), &mut warnings) } else { Vec::new() };
    entry.form.is_valid().then_some(Ready { values: checked.values, case, channel, return_way, papers, warnings })
}

fn papers(
    definition: &Definition,
    entry: &mut Entry,
    ((channel, case), asks): ((Channel, Option<&str>), bool),
    warnings: &mut Vec<String>,
) -> Vec<TakenIn> {
    let mut taken = Vec::new();
    let mut groups: BTreeMap<&str, bool> = BTreeMap::new();
    let asked: Vec<&Requirement> =
        definition.asked(channel, case).filter(|r| r.kind != RequirementKind::StateData).collect();
    for requirement in asked {
        let paper = take_in(requirement, entry);
        if let Some(group) = &requirement.any_of {
            *groups.entry(group).or_default() |= paper.is_some();
        }
        match paper {
            Some(paper) => taken.push(paper),
            None if requirement.required && asks => miss(requirement, entry, warnings),
            None => {}
        }
    }
    for group in groups.iter().filter(|(_, here)| !**here).map(|(group, _)| *group) {
        let names: Vec<String> = definition
            .requirements
            .iter()
            .filter(|r| r.any_of.as_deref() == Some(group) && r.applies(channel, case))
            .map(|r| format!("«{}»", r.name))
            .collect();
        warnings.push(format!("Chưa có giấy tờ nào trong nhóm: {}.", names.join(", ")));
    }
    taken.extend(other_papers(entry));
    taken
}

/// What is missing: a paper that is filed is a mistake; one that is only shown, or a form that was just filled in on
/// the screen, is the officer's to judge.
fn miss(requirement: &Requirement, entry: &mut Entry, warnings: &mut Vec<String>) {
    let name = &requirement.name;
    match requirement.kind {
        RequirementKind::Original | RequirementKind::CertifiedCopy | RequirementKind::Copy => {
            let sentence = format!("Thiếu «{name}» ({}). Đánh dấu khi công dân đã nộp.", requirement.counts());
            entry.form.refuse(&paper_name(&requirement.code), "missing", sentence);
        }
        RequirementKind::OriginalToShow => warnings.push(format!("Chưa đánh dấu đã xem «{name}».")),
        RequirementKind::Form => {
            warnings.push(format!("Chưa đánh dấu đã nhận «{name}»; nội dung đã khai trên màn hình thì vẫn nhận được."));
        }
        RequirementKind::StateData => {}
    }
}

fn take_in(requirement: &Requirement, entry: &mut Entry) -> Option<TakenIn> {
    let name = paper_name(&requirement.code);
    let files = files_of(entry, &name);
    let ticked = entry.form.has(&name, "1");
    if !ticked && files.is_empty() {
        return None;
    }
    let originals = count(entry, &format!("{name}.chinh"));
    let copies = count(entry, &format!("{name}.sao"));
    let (originals, copies) = match (originals, copies) {
        // A scan alone is an electronic paper, whatever the boxes were preset to.
        _ if !ticked => (0, 0),
        // A tick alone means what the procedure asks for.
        (None, None) => (requirement.originals.into(), requirement.copies.into()),
        (originals, copies) => (originals.unwrap_or(0), copies.unwrap_or(0)),
    };
    let (code, name) = (requirement.code.clone(), requirement.name.clone());
    Some(TakenIn { requirement: code, name, originals, copies, files })
}

/// Papers that the procedure does not ask for, each under its file's name.
fn other_papers(entry: &Entry) -> Vec<TakenIn> {
    let typed = types::text::clean(entry.form.value("p.khac.ten"));
    let files = files_of(entry, OTHER);
    if files.is_empty() && typed.is_empty() {
        return Vec::new();
    }
    let name = if typed.is_empty() { "Giấy tờ khác".to_owned() } else { typed };
    let originals = i64::from(files.is_empty());
    vec![TakenIn { requirement: "khac".to_owned(), name, originals, copies: 0, files }]
}

fn files_of(entry: &Entry, field: &str) -> Vec<PaperFile> {
    let mut seen = BTreeSet::new();
    let waiting = entry.waiting.iter().filter(|waiting| waiting.field == field);
    let mut files: Vec<PaperFile> =
        waiting.filter(|w| seen.insert(w.hash.clone())).map(|w| PaperFile::Waiting(w.file)).collect();
    let file_field = format!("{field}.tep");
    let fresh = entry.fresh.iter().filter(|upload| upload.field == file_field);
    files.extend(fresh.filter(|u| seen.insert(u.kept.hash.clone())).map(|u| PaperFile::Fresh(u.kept.clone())));
    files
}

/// The number in a box; nothing when it is empty.
fn count(entry: &mut Entry, name: &str) -> Option<i64> {
    let typed = entry.form.value(name);
    if typed.is_empty() {
        return None;
    }
    let number = typed.parse::<i64>().ok().filter(|number| (0..=SHEETS_MAX).contains(number));
    if number.is_none() {
        entry.form.refuse(name, "number", format!("Số bản phải là số từ 0 đến {SHEETS_MAX}."));
    }
    number
}

/// Tells one set of warnings from another, so that a confirmation counts only for what was read.
pub fn fingerprint(warnings: &[String]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for warning in warnings {
        hash.update(warning.as_bytes());
        hash.update([0]);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..8])
}
