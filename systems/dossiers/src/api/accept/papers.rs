//! The papers that came with a dossier, against those that the procedure asks for.

use crate::procedure::Definition;
use crate::procedure::definition::Channel;
use crate::procedure::requirement::{Requirement, RequirementKind};
use crate::verbs::receive::NewPaper;
use std::collections::BTreeSet;
use types::{FieldError, Id};

/// Most papers of one dossier.
const PAPERS_MAX: usize = 200;
/// Most originals or copies of one paper.
const COUNT_MAX: i64 = 999;

/// A paper as whoever brings the dossier tells it. Counts of zero say that it was only shown, or came as a file.
#[derive(Debug, Clone, Default)]
pub(in crate::api) struct AskedPaper {
    /// The requirement's code in the definition.
    pub requirement: String,
    pub originals: i64,
    pub copies: i64,
    /// The row of the scan, if it was scanned.
    pub file: Option<Id>,
}

/// The papers with their names, and what is odd about them; complains about unknown ones and about missing ones.
pub(super) fn check(
    definition: &Definition,
    given: &[AskedPaper],
    (channel, case): (Option<Channel>, Option<&str>),
    wrong: &mut Vec<FieldError>,
) -> (Vec<NewPaper>, Vec<FieldError>) {
    let mut say = |message: String| wrong.push(FieldError::new("papers", message));
    if given.len() > PAPERS_MAX {
        say(format!("Mỗi hồ sơ ghi nhiều nhất {PAPERS_MAX} giấy tờ. Hãy gộp các bản của một giấy tờ vào một dòng."));
    }
    let mut seen = BTreeSet::new();
    let mut papers = Vec::with_capacity(given.len());
    for paper in given {
        let Some(asked) = definition.requirements.iter().find(|r| r.code == paper.requirement) else {
            say(format!("Thủ tục này không có thành phần hồ sơ «{}».", paper.requirement));
            continue;
        };
        seen.insert(asked.code.as_str());
        if !(0..=COUNT_MAX).contains(&paper.originals) || !(0..=COUNT_MAX).contains(&paper.copies) {
            say(format!("Số bản của «{}» phải từ 0 đến {COUNT_MAX}.", asked.name));
        }
        papers.push(NewPaper {
            requirement: asked.code.clone(),
            name: asked.name.clone(),
            originals: paper.originals,
            copies: paper.copies,
            file: paper.file,
        });
    }
    let mut odd = Vec::new();
    if let Some(channel) = channel {
        let asked: Vec<&Requirement> = definition.asked(channel, case).filter(|r| is_filed(r)).collect();
        for missing in asked.iter().filter(|r| r.required && r.any_of.is_none() && !seen.contains(r.code.as_str())) {
            say(format!("Còn thiếu «{}» ({}).", missing.name, missing.counts()));
        }
        let groups = missing_groups(&asked, &seen).into_iter();
        odd.extend(groups.map(|names| FieldError::new("papers", format!("Chưa có giấy tờ nào trong nhóm: {names}."))));
    }
    (papers, odd)
}

/// Whether the party hands a paper in for it. What is only shown or looked up need not be listed, and a form that is
/// filled in on the way needs no sheet.
fn is_filed(requirement: &Requirement) -> bool {
    matches!(requirement.kind, RequirementKind::Original | RequirementKind::CertifiedCopy | RequirementKind::Copy)
}

/// Groups of alternatives of which none was given.
fn missing_groups(asked: &[&Requirement], given: &BTreeSet<&str>) -> Vec<String> {
    let groups: BTreeSet<&str> = asked.iter().filter_map(|r| r.any_of.as_deref()).collect();
    let members = |group: &str| asked.iter().filter(move |r| r.any_of.as_deref() == Some(group)).collect::<Vec<_>>();
    groups
        .into_iter()
        .map(members)
        .filter(|members| members.iter().all(|r| !given.contains(r.code.as_str())))
        .map(|members| members.iter().map(|r| format!("«{}»", r.name)).collect::<Vec<_>>().join(", "))
        .collect()
}
