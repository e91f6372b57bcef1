//! The process of a procedure (quy trình nội bộ): which post does what, with how much of the time.

use serde::Serialize;

use super::choice::choices;
use super::reader::Table;

choices! {
    /// The kind of post that holds a step.
    PostKind {
        /// The one-stop counter.
        Counter = "counter", "Một cửa";
        /// The specialist who appraises.
        Specialist = "specialist", "Chuyên viên thụ lý";
        /// The head of the division who reviews.
        Head = "head", "Trưởng phòng";
        /// The leader who signs.
        Leader = "leader", "Lãnh đạo";
        /// The clerk who numbers, seals and sends back.
        Clerk = "clerk", "Văn thư";
    }
}

/// How much of the time a step may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Allotment {
    /// Working minutes.
    Minutes(u32),
    /// Percent of the procedure's time.
    Share(u32),
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Short stable name inside the procedure.
    pub code: String,
    /// Who holds it.
    pub post: PostKind,
    /// What is done, in Vietnamese.
    pub title: String,
    /// With how much of the time.
    pub allotment: Allotment,
}

impl Step {
    /// The allotment in working minutes when the whole procedure has `total`.
    pub fn minutes(&self, total: u32) -> u32 {
        match self.allotment {
            Allotment::Minutes(minutes) => minutes,
            Allotment::Share(percent) => total / 100 * percent + total % 100 * percent / 100,
        }
    }

    pub(super) fn read(table: Table<'_, '_>) -> Option<Self> {
        let code = table.required_text("code");
        let post = table.required_choice("post");
        let title = table.required_text("title");
        let allotment = match (table.has("hours"), table.has("share")) {
            (true, false) => table.hours("hours").map(Allotment::Minutes),
            (false, true) => {
                let share = table.number("share", 100).filter(|share| *share > 0);
                if share.is_none() {
                    table.error("share", "phải là phần trăm từ 1 đến 100");
                }
                share.map(Allotment::Share)
            }
            _ => {
                table.error("hours", "ghi đúng một trong hai: hours (giờ làm việc) hoặc share (phần trăm thời hạn)");
                None
            }
        };
        table.finish();
        Some(Self { code, post: post?, title, allotment: allotment? })
    }
}
