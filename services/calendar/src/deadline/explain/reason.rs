//! What sets a day apart from an ordinary working day, and the law or decision behind it.

use crate::deadline::StepKind;
use crate::holidays::OffKind;
use crate::words;
use crate::working::{DayKind, DayPlan};

/// Why a day is off, or worked otherwise than usual.
pub struct Reason<'a> {
    pub kind: StepKind,
    /// As it stands in the middle of a sentence.
    pub words: String,
    /// The law or decision, and whether it was seen in a public source.
    pub basis: Option<(&'a str, bool)>,
}

impl<'a> Reason<'a> {
    /// None on an ordinary working day.
    pub fn of(plan: &'a DayPlan) -> Option<Self> {
        if plan.is_working() { Self::worked(plan) } else { Some(Self::off(plan)) }
    }

    /// Of a day that is worked; none when that is what the unit always does.
    pub fn worked(plan: &'a DayPlan) -> Option<Self> {
        match plan.kind() {
            DayKind::WorkedInstead(worked) => Some(Self {
                kind: StepKind::SwappedWorkingDay,
                words: format!("làm bù cho {} (dịp {})", words::day(worked.replaces), worked.occasion),
                basis: Some((worked.basis.as_str(), worked.verified)),
            }),
            DayKind::Local(local) => Some(Self {
                kind: StepKind::LocalWorkingDay,
                words: format!("đơn vị làm việc theo lịch riêng ({})", local.reason),
                basis: Some((local.basis.as_str(), true)),
            }),
            _ => None,
        }
    }

    /// Of a day on which nobody works.
    pub fn off(plan: &'a DayPlan) -> Self {
        match plan.kind() {
            DayKind::Off(off) => {
                let kind = if off.kind == OffKind::Swapped { StepKind::SwappedDayOff } else { StepKind::Holiday };
                let words = match off.kind {
                    OffKind::Holiday | OffKind::Break => format!("nghỉ {}", off.name),
                    OffKind::InLieu | OffKind::Swapped => off.name.clone(),
                };
                Self { kind, words, basis: Some((off.basis.as_str(), off.verified)) }
            }
            DayKind::Local(local) => Self {
                kind: StepKind::LocalDayOff,
                words: format!("đơn vị nghỉ ({})", local.reason),
                basis: Some((local.basis.as_str(), true)),
            },
            _ => Self { kind: StepKind::Weekend, words: "ngày nghỉ hằng tuần".to_string(), basis: None },
        }
    }
}
