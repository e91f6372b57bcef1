//! Dates, times and lengths of time as people write them in Vietnamese.

use jiff::civil::{Date, Weekday};

use crate::moment::Minute;

/// `20/11/2026`.
pub fn date(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// `thứ Sáu`, `Chủ nhật`.
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "thứ Hai",
        Weekday::Tuesday => "thứ Ba",
        Weekday::Wednesday => "thứ Tư",
        Weekday::Thursday => "thứ Năm",
        Weekday::Friday => "thứ Sáu",
        Weekday::Saturday => "thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}

/// `thứ Sáu 20/11/2026`.
pub fn day(on: Date) -> String {
    format!("{} {}", weekday(on.weekday()), date(on))
}

/// `14:00`; 1440 is written `24:00`.
pub fn clock(minute_of_day: i64) -> String {
    format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
}

/// `14:00 thứ Sáu 20/11/2026`.
pub(crate) fn moment(at: Minute) -> String {
    format!("{} {}", clock(at.of_day()), day(at.date()))
}

/// `3 giờ 30 phút`, `8 giờ`, `45 phút`.
pub fn length(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} phút"),
        (hours, 0) => format!("{hours} giờ"),
        (hours, rest) => format!("{hours} giờ {rest} phút"),
    }
}

/// The sentence with its first letter in upper case: `thứ Hai` begins a line as `Thứ Hai`.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_lengths_read_as_people_write_them() {
        assert_eq!(day(Date::constant(2026, 11, 20)), "thứ Sáu 20/11/2026");
        assert_eq!(day(Date::constant(2026, 8, 2)), "Chủ nhật 02/08/2026");
        assert_eq!(length(210), "3 giờ 30 phút");
        assert_eq!(length(480), "8 giờ");
        assert_eq!(length(0), "0 phút");
        assert_eq!(sentence("thứ Hai"), "Thứ Hai");
    }
}
