//! The time a procedure or step takes, as procedures state it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

use crate::error::CalendarError;
use crate::words;

/// Working hours in one legal working day, for allotments stated in parts of a day.
const HOURS_PER_DAY: u32 = 8;
/// No procedure takes longer than this many days or months; more is a slip of the keyboard.
const MOST: u32 = 10_000;
/// As much, in working minutes: what is stated in one unit may be written in another, and must be read again.
const MINUTES_MOST: u32 = MOST * HOURS_PER_DAY * 60;

/// How long a procedure may take. Reads and writes as text in English and Vietnamese; JSON is the English text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Takes {
    /// From a moment to the same moment of the n-th next working day.
    WorkingDays(u32),
    /// So many working minutes; stated in hours.
    WorkingMinutes(u32),
    /// To the end of the n-th day after, weekends and holidays counted.
    CalendarDays(u32),
    /// To the end of the same day n months later.
    Months(u32),
    /// To the end of the working day.
    SameDay,
}

impl Takes {
    /// So many working hours.
    pub const fn working_hours(hours: u32) -> Self {
        Self::WorkingMinutes(hours.saturating_mul(60))
    }

    /// Whether the time runs in working time, so that a stop moves it by working minutes.
    pub const fn is_working_time(self) -> bool {
        !matches!(self, Self::CalendarDays(_) | Self::Months(_))
    }

    /// `3 ngày làm việc`, `8 giờ làm việc`, `15 ngày`, `2 tháng`, `trong ngày`.
    pub fn vietnamese(self) -> String {
        match self {
            Self::WorkingDays(n) => format!("{n} ngày làm việc"),
            Self::WorkingMinutes(minutes) => format!("{} làm việc", words::length(minutes.into())),
            Self::CalendarDays(n) => format!("{n} ngày"),
            Self::Months(n) => format!("{n} tháng"),
            Self::SameDay => "trong ngày".to_string(),
        }
    }
}

impl fmt::Display for Takes {
    /// English: `3 working days`, `8 working hours`, `15 days`, `2 months`, `same day`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = |n: u32| if n == 1 { "" } else { "s" };
        match *self {
            Self::WorkingDays(n) => write!(f, "{n} working day{}", s(n)),
            Self::WorkingMinutes(m) if m % 60 == 0 => write!(f, "{} working hour{}", m / 60, s(m / 60)),
            Self::WorkingMinutes(m) => write!(f, "{m} working minute{}", s(m)),
            Self::CalendarDays(n) => write!(f, "{n} day{}", s(n)),
            Self::Months(n) => write!(f, "{n} month{}", s(n)),
            Self::SameDay => f.write_str("same day"),
        }
    }
}

impl FromStr for Takes {
    type Err = CalendarError;

    /// Both languages, any case, composed or decomposed accents; what follows in brackets or after `kể từ` is left
    /// out, as the national catalogue writes `03 ngày làm việc (kể từ ngày nhận đủ hồ sơ hợp lệ)`. Parts of a working
    /// day (`0,5 ngày làm việc`, `1/2 ngày làm việc`) are working hours, eight to the day.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let wrong = || CalendarError::BadTakes(text.trim().to_string());
        let plain = text.nfc().collect::<String>().to_lowercase();
        let stated = plain.split('(').next().unwrap_or_default().split("kể từ").next().unwrap_or_default();
        let words: Vec<&str> = stated.split_whitespace().collect();
        if matches!(
            words.join(" ").as_str(),
            "same day"
                | "same-day"
                | "trong ngày"
                | "ngay trong ngày"
                | "trong ngày làm việc"
                | "ngay trong ngày làm việc"
        ) {
            return Ok(Self::SameDay);
        }
        let (number, unit) = words.split_first().ok_or_else(wrong)?;
        let hours_and_minutes = hours_and_minutes(&words);
        let unit = unit.join(" ");
        let amount = Amount::parse(number).ok_or_else(wrong)?;
        let takes = match unit.as_str() {
            "working day" | "working days" | "ngày làm việc" => match amount.whole() {
                Some(days) => Self::WorkingDays(days),
                None => Self::WorkingMinutes(amount.times(HOURS_PER_DAY * 60).ok_or_else(wrong)?),
            },
            "working hour" | "working hours" | "giờ làm việc" | "giờ" | "tiếng làm việc" => {
                Self::WorkingMinutes(amount.times(60).ok_or_else(wrong)?)
            }
            "working minute" | "working minutes" | "phút làm việc" | "phút" => {
                Self::WorkingMinutes(amount.whole().ok_or_else(wrong)?)
            }
            "day" | "days" | "calendar day" | "calendar days" | "ngày" | "ngày lịch" => {
                Self::CalendarDays(amount.whole().ok_or_else(wrong)?)
            }
            "month" | "months" | "tháng" => Self::Months(amount.whole().ok_or_else(wrong)?),
            _ => Self::WorkingMinutes(hours_and_minutes.ok_or_else(wrong)?),
        };
        let sane = match takes {
            Self::WorkingDays(n) | Self::CalendarDays(n) | Self::Months(n) => n <= MOST,
            Self::WorkingMinutes(minutes) => minutes <= MINUTES_MOST,
            Self::SameDay => true,
        };
        if sane { Ok(takes) } else { Err(wrong()) }
    }
}

/// `1 giờ 30 phút làm việc` in minutes.
fn hours_and_minutes(words: &[&str]) -> Option<u32> {
    let [hours, "giờ", minutes, "phút", rest @ ..] = words else { return None };
    let (hours, minutes) = (hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?);
    let right = (rest.is_empty() || rest == ["làm", "việc"]) && minutes < 60;
    hours.checked_mul(60)?.checked_add(minutes).filter(|total| right && *total > 0)
}

/// A positive number as people write it: `03`, `0,5`, `1.5`, `1/2`.
struct Amount {
    over: u32,
    under: u32,
}

impl Amount {
    fn parse(text: &str) -> Option<Self> {
        let (over, under) = if let Some((over, under)) = text.split_once('/') {
            (over.parse().ok()?, under.parse().ok()?)
        } else if let Some((whole, part)) = text.split_once([',', '.']) {
            let under = 10_u32.checked_pow(u32::try_from(part.len()).ok()?)?;
            (digits(whole)?.checked_mul(under)?.checked_add(digits(part)?)?, under)
        } else {
            (digits(text)?, 1)
        };
        (under > 0 && over > 0).then_some(Self { over, under })
    }

    fn whole(&self) -> Option<u32> {
        self.times(1)
    }

    /// The number times `by`, when that is whole.
    fn times(&self, by: u32) -> Option<u32> {
        let product = self.over.checked_mul(by)?;
        (product % self.under == 0).then_some(product / self.under)
    }
}

fn digits(text: &str) -> Option<u32> {
    text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?
}

impl TryFrom<String> for Takes {
    type Error = CalendarError;

    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<Takes> for String {
    fn from(takes: Takes) -> Self {
        takes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_read() {
        let cases = [
            ("3 working days", Takes::WorkingDays(3)),
            ("1 working day", Takes::WorkingDays(1)),
            ("8 working hours", Takes::working_hours(8)),
            ("15 days", Takes::CalendarDays(15)),
            ("2 months", Takes::Months(2)),
            ("same day", Takes::SameDay),
            ("3 ngày làm việc", Takes::WorkingDays(3)),
            ("03 Ngày làm việc (kể từ ngày nhận đủ hồ sơ hợp lệ)", Takes::WorkingDays(3)),
            ("8 giờ làm việc", Takes::working_hours(8)),
            ("4 giờ", Takes::working_hours(4)),
            ("15 ngày", Takes::CalendarDays(15)),
            ("15 ngày kể từ ngày tiếp nhận", Takes::CalendarDays(15)),
            ("2 tháng", Takes::Months(2)),
            ("ngay trong ngày", Takes::SameDay),
            ("Trong ngày làm việc", Takes::SameDay),
            ("0,5 ngày làm việc", Takes::working_hours(4)),
            ("1/2 ngày làm việc", Takes::working_hours(4)),
            ("1.5 working hours", Takes::WorkingMinutes(90)),
            ("1 giờ 30 phút làm việc", Takes::WorkingMinutes(90)),
            ("3 ngày làm việc".nfd().collect::<String>().leak(), Takes::WorkingDays(3)),
        ];
        for (text, takes) in cases {
            assert_eq!(text.parse::<Takes>(), Ok(takes), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "ba ngày",
            "0 ngày",
            "-3 ngày làm việc",
            "3",
            "3 weeks",
            "1,5 tháng",
            "0/1 ngày",
            "1/0 ngày",
            "99999999999 ngày",
            "+3 ngày",
            "1/7 giờ làm việc",
            "10001 ngày làm việc",
            "80001 giờ",
        ] {
            assert_eq!(text.parse::<Takes>(), Err(CalendarError::BadTakes(text.to_string())), "{text}");
        }
    }

    #[test]
    fn what_a_fuzzer_found_is_read_back_too() {
        testkit::fuzzed::each_input("takes", |bytes| {
            let takes = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Takes>().ok());
            assert_eq!(takes.map(|takes| takes.to_string().parse()), takes.map(Ok));
        });
    }

    #[test]
    fn what_is_written_is_read_back() {
        for takes in [
            Takes::WorkingDays(1),
            Takes::WorkingMinutes(90),
            Takes::working_hours(8),
            Takes::WorkingMinutes(45),
            Takes::CalendarDays(15),
            Takes::Months(2),
            Takes::SameDay,
            // Stated as `8555 giờ 30 phút` and `9999,5 ngày làm việc`.
            Takes::WorkingMinutes(513_330),
            Takes::WorkingMinutes(4_799_760),
        ] {
            assert_eq!(takes.to_string().parse(), Ok(takes));
            assert_eq!(takes.vietnamese().parse(), Ok(takes));
            let json = serde_json::to_string(&takes).unwrap();
            assert_eq!(serde_json::from_str::<Takes>(&json).unwrap(), takes);
        }
    }
}
