//! Small pieces that several pages show: periods, states, ways to a unit.

use crate::tree::UnitTree;
use crate::unit::Unit;
use types::{Day, Id};
use ui::{Html, Icon, Tag, Tone, format};

/// `từ 01/07/2025` or `01/07/2025 – 30/06/2026`.
pub(super) fn period(from: Day, to: Option<Day>) -> String {
    match to {
        None => format!("từ {}", format::date(from)),
        Some(to) if to < from => "không có hiệu lực".to_owned(),
        Some(to) => format!("{} – {}", format::date(from), format::date(to)),
    }
}

/// Whether a period holds today, as a tag.
pub(super) fn state(from: Day, to: Option<Day>, today: Day) -> Html {
    if to.is_some_and(|to| to < today) {
        Tag::new(Tone::Neutral, Icon::CircleStop, "Đã kết thúc").into()
    } else if from > today {
        Tag::new(Tone::Info, Icon::Clock, "Chưa bắt đầu").into()
    } else {
        Tag::new(Tone::Success, Icon::CircleCheck, "Đang hiệu lực").into()
    }
}

/// A unit in a line of text with where it lies: `Phòng Kinh tế – Xã La Bằng`.
pub(super) fn with_parent(tree: &UnitTree, unit: Id) -> String {
    let line = tree.line_of_rights(unit);
    let names: Vec<&str> = line.iter().take(2).filter_map(|id| tree.get(*id)).map(|unit| unit.name.as_str()).collect();
    names.join(" – ")
}

/// The address of a unit's page.
pub(super) fn unit_path(unit: Id) -> String {
    format!("/quan-tri/don-vi/{unit}")
}

/// The address of an officer's page.
pub(super) fn officer_path(officer: Id) -> String {
    format!("/quan-tri/can-bo/{officer}")
}

/// The address of a post's page.
pub(super) fn post_path(post: Id) -> String {
    format!("/quan-tri/vi-tri/{post}")
}

/// The codes of a unit, for a line under its name.
pub(super) fn codes(unit: &Unit) -> String {
    let code = unit.code.as_ref().map(|code| format!("mã định danh {code}"));
    let gso = unit.gso_code.as_ref().map(|code| format!("mã ĐVHC {code}"));
    let all: Vec<String> = [code, gso].into_iter().flatten().collect();
    all.join(" · ")
}
