//! The check list of papers: a tick, the number of originals and copies, and the scans of each.

use super::entry::{Entry, OTHER, paper_name};
use crate::intake::Waiting;
use crate::procedure::Definition;
use crate::procedure::requirement::{Requirement, RequirementKind};
use ui::prelude::*;

/// What the file boxes offer to choose; the bytes decide in the end.
const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx";

/// Requirements that a counter can take in, and the data that nobody has to bring.
pub fn split(definition: &Definition) -> (Vec<&Requirement>, Vec<&Requirement>) {
    let channels = super::check::channels(definition);
    let at_counter = |r: &&Requirement| r.channels.is_empty() || r.channels.iter().any(|c| channels.contains(c));
    definition.requirements.iter().filter(at_counter).partition(|r| r.kind != RequirementKind::StateData)
}

/// One paper.
pub fn draw(definition: &Definition, requirement: &Requirement, entry: &Entry) -> Html {
    let name = paper_name(&requirement.code);
    let hint = [Some(format!("{}.", words(requirement))), hint(definition, requirement)];
    let hint = hint.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let tick = Field::checkbox(&name, &requirement.name).hint(hint);
    let number = |part: &str, label: &str, asked: u32| {
        let field = Field::digits(&format!("{name}.{part}"), label).width(Width::Short).max_length(3).optional();
        if asked > 0 { field.value(asked.to_string()).of(&entry.form) } else { field.of(&entry.form) }
    };
    let originals = number("chinh", "Bản chính", requirement.originals);
    let copies = number("sao", "Bản sao", requirement.copies);
    let scans = file_box(&name, "Bản quét, ảnh chụp", entry);
    FieldLine.around(Html::from(tick.of(&entry.form)).and(originals).and(copies).and(scans))
}

/// Papers beyond what is asked for.
pub fn draw_other(entry: &Entry) -> Html {
    let name = Field::text("p.khac.ten", "Giấy tờ khác").hint("Giấy tờ công dân nộp thêm, ngoài thành phần hồ sơ.");
    let scans = file_box(OTHER, "Bản quét, ảnh chụp", entry);
    FieldLine.around(Html::from(name.optional().of(&entry.form)).and(scans))
}

fn file_box(name: &str, label: &str, entry: &Entry) -> Field {
    let kept = entry.waiting.iter().filter(|waiting| waiting.field == name).map(kept);
    Field::file(&format!("{name}.tep"), label, ACCEPT).several().optional().kept(kept).of(&entry.form)
}

fn kept(waiting: &Waiting) -> KeptFile {
    let size = ui::format::file_size(u64::try_from(waiting.size).unwrap_or_default());
    KeptFile { name: waiting.name.clone(), detail: format!("{size} · đã nhận"), key: waiting.file.to_string() }
}

fn words(requirement: &Requirement) -> String {
    let kind = requirement.kind.label();
    let counts = requirement.counts();
    let must = if requirement.required { ", bắt buộc" } else { "" };
    if counts.is_empty() { format!("{kind}{must}") } else { format!("{kind}: {counts}{must}") }
}

fn hint(definition: &Definition, requirement: &Requirement) -> Option<String> {
    let one_of = requirement.any_of.as_ref().map(|_| "Một trong các giấy tờ thay thế nhau.".to_owned());
    let cases = (!requirement.cases.is_empty()).then(|| {
        let names: Vec<&str> =
            requirement.cases.iter().filter_map(|code| definition.case(code)).map(|case| case.name.as_str()).collect();
        format!("Chỉ với trường hợp: {}.", names.join("; "))
    });
    let sentence = |text: &String| format!("{}.", text.trim_end_matches('.'));
    let parts: Vec<String> =
        [cases, requirement.condition.as_ref().map(sentence), one_of, requirement.note.as_ref().map(sentence)]
            .into_iter()
            .flatten()
            .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
