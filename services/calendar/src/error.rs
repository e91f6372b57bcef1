//! What can be wrong with a calendar or with a question put to it, each with a sentence for the person who asked.

use jiff::civil::Date;
use std::fmt;

use crate::words;

/// Why the calendar could not answer. `Display` is the Vietnamese sentence for the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarError {
    /// The count runs into a year whose days off are not known. Never guessed: someone has to add the year.
    NoCalendar {
        /// The year that is missing.
        year: i16,
    },
    /// No working hours are declared for this day: the unit's first version starts later.
    NoHours {
        /// The first day that has none.
        date: Date,
    },
    /// The hours of a day cannot be (start after end, overlap, not `07:30-11:30`).
    BadHours(String),
    /// The time a procedure takes was not understood.
    BadTakes(String),
    /// A moment was not understood.
    BadMoment(String),
    /// A stop that cannot be: it ends before it starts, starts before receipt, or overlaps another.
    BadStop(String),
    /// The data of a year could not be read; the parser's words, with the line.
    BadYearFile(String),
    /// A year's data cannot be: no decision on Tết, a swap of a day that is off anyway.
    BadYear {
        /// The year.
        year: i16,
        /// What is wrong, in Vietnamese.
        what: String,
    },
    /// The unit never works: there is no next working moment to find.
    NeverWorks,
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCalendar { year } => write!(
                f,
                "Chưa có lịch làm việc của năm {year} nên không tính được thời hạn. Hãy thêm ngày nghỉ lễ, Tết và ngày \
                 làm bù của năm {year} vào lịch rồi tính lại."
            ),
            Self::NoHours { date } => {
                write!(f, "Đơn vị chưa khai báo giờ làm việc cho ngày {}.", words::date(*date))
            }
            Self::BadHours(what) => write!(f, "Giờ làm việc không hợp lệ: {what}"),
            Self::BadTakes(text) => write!(
                f,
                "Không hiểu thời hạn «{text}». Ví dụ đúng: 3 ngày làm việc, 8 giờ làm việc, 15 ngày, 2 tháng, trong ngày."
            ),
            Self::BadMoment(text) => {
                write!(f, "«{text}» không phải là thời điểm. Ví dụ đúng: 2026-11-20T14:00.")
            }
            Self::BadStop(what) => write!(f, "Khoảng tạm dừng không hợp lệ: {what}"),
            Self::BadYearFile(what) => write!(f, "Không đọc được dữ liệu lịch: {what}"),
            Self::BadYear { year, what } => write!(f, "Lịch năm {year} không hợp lệ: {what}"),
            Self::NeverWorks => {
                f.write_str("Đơn vị không có giờ làm việc nào trong lịch nên không tính được thời hạn.")
            }
        }
    }
}

impl std::error::Error for CalendarError {}
