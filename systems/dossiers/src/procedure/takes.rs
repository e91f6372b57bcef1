//! How long a procedure takes (thời hạn giải quyết), in the terms the working calendar understands.

use jiff::civil::Time;
use serde::Serialize;

use super::choice::choices;
use super::reader::Table;

/// Minutes of one legal working day; step allotments are counted in these.
pub const WORKING_DAY_MINUTES: u32 = 8 * 60;

choices! {
    /// The unit in which a time limit is written.
    Rule {
        /// Ends with the working day; received after the cut-off, with the next one.
        SameDay = "same_day", "ngay trong ngày";
        /// Hours in which the office works.
        WorkingHours = "working_hours", "giờ làm việc";
        /// Days on which the office works.
        WorkingDays = "working_days", "ngày làm việc";
        /// Days of the calendar.
        CalendarDays = "calendar_days", "ngày";
        /// Months of the calendar.
        Months = "months", "tháng";
    }
}

/// A time limit as the calendar computes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Takes {
    /// Until the end of the working day; received after `cutoff`, until the end of the next one.
    SameDay {
        /// Wall-clock time in Viet Nam, `15:00` in most procedures.
        cutoff: Time,
    },
    /// Working hours.
    WorkingHours {
        /// How many.
        amount: u32,
    },
    /// Working days.
    WorkingDays {
        /// How many.
        amount: u32,
    },
    /// Calendar days; a due day that is a day off moves to the next working day.
    CalendarDays {
        /// How many.
        amount: u32,
    },
    /// Calendar months.
    Months {
        /// How many.
        amount: u32,
    },
}

impl Takes {
    /// The limit in our own Vietnamese words, e.g. `03 ngày làm việc`.
    pub fn sentence(&self) -> String {
        match self {
            Self::SameDay { cutoff } => format!(
                "Ngay trong ngày; nhận sau {} thì ngày làm việc tiếp theo",
                if cutoff.minute() == 0 {
                    format!("{} giờ", cutoff.hour())
                } else {
                    format!("{} giờ {:02}", cutoff.hour(), cutoff.minute())
                }
            ),
            Self::WorkingHours { amount } => format!("{amount:02} giờ làm việc"),
            Self::WorkingDays { amount } => format!("{amount:02} ngày làm việc"),
            Self::CalendarDays { amount } => format!("{amount:02} ngày"),
            Self::Months { amount } => format!("{amount:02} tháng"),
        }
    }

    /// Working minutes that the limit holds for certain, whatever the calendar: the steps may not need more.
    /// Calendar days count five working days in seven, a month twenty.
    pub fn working_minutes(&self) -> u32 {
        match self {
            Self::SameDay { .. } => WORKING_DAY_MINUTES,
            Self::WorkingHours { amount } => amount * 60,
            Self::WorkingDays { amount } => amount * WORKING_DAY_MINUTES,
            Self::CalendarDays { amount } => (amount * 5 / 7) * WORKING_DAY_MINUTES,
            Self::Months { amount } => amount * 20 * WORKING_DAY_MINUTES,
        }
    }

    /// Reads `rule` with `amount` or `cutoff` from a table.
    pub(super) fn read(table: &Table<'_, '_>) -> Option<Self> {
        let rule = table.required_choice::<Rule>("rule");
        let cutoff = table.text("cutoff");
        let amount = table.number("amount", 999);
        let rule = rule?;
        if rule == Rule::SameDay {
            if amount.is_some() {
                table.error("amount", "không dùng với same_day");
            }
            let time = cutoff.as_deref().filter(|text| text.len() == 5).and_then(|text| text.parse::<Time>().ok());
            if time.is_none() {
                table.error("cutoff", "phải là giờ trong ngày, ví dụ \"15:00\"");
            }
            return time.map(|cutoff| Self::SameDay { cutoff });
        }
        if cutoff.is_some() {
            table.error("cutoff", "chỉ dùng với same_day");
        }
        let amount = amount.filter(|amount| *amount > 0);
        if amount.is_none() {
            table.error("amount", "phải là số lớn hơn 0");
        }
        let amount = amount?;
        Some(match rule {
            Rule::SameDay | Rule::WorkingHours => Self::WorkingHours { amount },
            Rule::WorkingDays => Self::WorkingDays { amount },
            Rule::CalendarDays => Self::CalendarDays { amount },
            Rule::Months => Self::Months { amount },
        })
    }
}

choices! {
    /// How a verification changes the time limit.
    Measure {
        /// So much more than the ordinary time.
        Added = "added", "kéo dài thêm";
        /// So much in all, instead of the ordinary time.
        Total = "total", "tổng cộng";
    }
}

/// The longer time when something must be verified (trường hợp phải xác minh).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The time.
    #[serde(flatten)]
    pub takes: Takes,
    /// Added to the ordinary time or instead of it.
    pub measure: Measure,
    /// The words of the source.
    pub printed: String,
}

/// The time limit of a procedure or of one of its cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeLimit {
    /// What the calendar computes.
    #[serde(flatten)]
    pub takes: Takes,
    /// The words of the source.
    pub printed: String,
    /// The longer time when something must be verified.
    pub verification: Option<Verification>,
}

impl TimeLimit {
    pub(super) fn read(table: Table<'_, '_>) -> Option<Self> {
        let takes = Takes::read(&table);
        let printed = table.required_text("printed");
        let verification = table.table("verification").and_then(|below| {
            let takes = Takes::read(&below);
            let measure = below.required_choice("measure");
            let printed = below.required_text("printed");
            if matches!(takes, Some(Takes::SameDay { .. })) {
                below.error("rule", "thời gian xác minh phải là số giờ, số ngày hoặc số tháng");
            }
            below.finish();
            Some(Verification { takes: takes?, measure: measure?, printed })
        });
        table.finish();
        Some(Self { takes: takes?, printed, verification })
    }
}
