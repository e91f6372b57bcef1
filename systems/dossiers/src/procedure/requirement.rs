//! What a procedure asks for: papers to file or to show, forms, and data that the state already has.

use serde::Serialize;

use super::choice::choices;
use super::definition::Channel;
use super::reader::Table;

choices! {
    /// In which form a paper is asked for.
    RequirementKind {
        /// Shown and given back; never copied, never kept.
        OriginalToShow = "original_to_show", "Xuất trình bản chính";
        /// The original is filed and stays.
        Original = "original", "Nộp bản chính";
        /// A certified copy, or a copy from the original register.
        CertifiedCopy = "certified_copy", "Nộp bản sao có chứng thực";
        /// A plain copy; with an original counted, the original is shown for comparison.
        Copy = "copy", "Nộp bản sao";
        /// A form to fill in.
        Form = "form", "Tờ khai, đơn theo mẫu";
        /// Data the state already has: the office looks it up, the party files nothing.
        StateData = "state_data", "Dữ liệu Nhà nước đã có, không phải nộp";
    }
}

/// One paper or datum (thành phần hồ sơ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Short stable name inside the procedure, e.g. `to-khai`.
    pub code: String,
    /// The paper's name as people know it.
    pub name: String,
    /// In which form.
    pub kind: RequirementKind,
    /// How many originals.
    pub originals: u32,
    /// How many copies.
    pub copies: u32,
    /// Asked of everybody; otherwise `condition` says when.
    pub required: bool,
    /// When it is asked for, if not always.
    pub condition: Option<String>,
    /// Papers with the same word are alternatives: one of them is enough.
    pub any_of: Option<String>,
    /// Asked for in these cases only; empty means in all.
    pub cases: Vec<String>,
    /// Asked for on these channels only; empty means on all.
    pub channels: Vec<Channel>,
    /// The number of the printed form, e.g. `Mẫu số 01, Nghị định 176/2025/NĐ-CP`.
    pub template: Option<String>,
    /// Which database holds it, so that nobody asks the party twice.
    pub held_by: Option<String>,
    /// A remark for the counter and the party.
    pub note: Option<String>,
}

impl Requirement {
    /// Whether it is asked for on this channel and in this case.
    pub fn applies(&self, channel: Channel, case: Option<&str>) -> bool {
        let in_case = self.cases.is_empty() || case.is_some_and(|case| self.cases.iter().any(|c| c == case));
        in_case && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    /// `01 bản chính, 01 bản sao`; empty for data.
    pub fn counts(&self) -> String {
        let originals = (self.originals > 0).then(|| format!("{:02} bản chính", self.originals));
        let copies = (self.copies > 0).then(|| format!("{:02} bản sao", self.copies));
        [originals, copies].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    pub(super) fn read(table: Table<'_, '_>) -> Option<Self> {
        let kind = table.required_choice("kind");
        let requirement = Self {
            code: table.required_text("code"),
            name: table.required_text("name"),
            kind: kind.unwrap_or(RequirementKind::Form),
            originals: table.number("originals", 99).unwrap_or_default(),
            copies: table.number("copies", 99).unwrap_or_default(),
            required: table.flag("required"),
            condition: table.text("condition"),
            any_of: table.text("any_of"),
            cases: table.texts("cases"),
            channels: table.choices("channels"),
            template: table.text("template"),
            held_by: table.text("held_by"),
            note: table.text("note"),
        };
        if kind.is_some() {
            requirement.check_counts(&table);
        }
        if requirement.required && requirement.condition.is_some() {
            table.error("condition", "đã ghi required = true thì không ghi điều kiện");
        }
        if !requirement.required && requirement.condition.is_none() && requirement.any_of.is_none() {
            table.error("condition", "không bắt buộc thì phải ghi khi nào cần (condition) hoặc nhóm thay thế (any_of)");
        }
        table.finish();
        kind.map(|_| requirement)
    }

    /// The portal prints notes as papers with no copies at all; such a line is a note, not a requirement.
    fn check_counts(&self, table: &Table<'_, '_>) {
        let (originals, copies) = (self.originals, self.copies);
        match self.kind {
            RequirementKind::OriginalToShow | RequirementKind::Original | RequirementKind::Form => {
                if originals == 0 {
                    table.error("originals", "loại giấy tờ này cần ít nhất 1 bản chính");
                }
                if copies > 0 && self.kind == RequirementKind::OriginalToShow {
                    table.error("copies", "giấy tờ chỉ xuất trình thì không nộp bản sao");
                }
            }
            RequirementKind::CertifiedCopy | RequirementKind::Copy => {
                if copies == 0 {
                    table.error("copies", "loại giấy tờ này cần ít nhất 1 bản sao");
                }
            }
            RequirementKind::StateData => {
                if originals > 0 || copies > 0 {
                    table.error("originals", "dữ liệu Nhà nước đã có thì không đòi bản nào");
                }
                if self.held_by.is_none() {
                    table.error("held_by", "phải ghi cơ sở dữ liệu đang giữ");
                }
            }
        }
    }
}
