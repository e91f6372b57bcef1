//! Hours as people type them: `7h30 - 11h30, 13h30 - 17h30`.

use super::{Period, in_order};
use crate::error::CalendarError;

/// The hours of one day from what was typed; nothing, or `nghỉ`, is a day off. Periods may come in any order, parted by
/// commas, semicolons or `và`; hours as `7:30`, `7h30`, `7g30`, `7.30` or `7h`.
///
/// # Errors
/// `BadHours` for what is not understood, and for periods that overlap.
pub fn typed_hours(text: &str) -> Result<Vec<Period>, CalendarError> {
    let text = types::text::clean(text).to_lowercase().replace(" và ", ",");
    if matches!(text.as_str(), "" | "nghỉ" | "không" | "-" | "–") {
        return Ok(Vec::new());
    }
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut periods = parts.map(|part| plain(part).parse::<Period>()).collect::<Result<Vec<_>, _>>()?;
    periods.sort_unstable();
    in_order(&periods)?;
    Ok(periods)
}

/// A period as [`Period`] writes it; what is no time stays as it is, to be refused with the words that were typed.
fn plain(part: &str) -> String {
    let dashes: &[char] = &['-', '–', '—'];
    let spoken = part.replace("đến", "-");
    match spoken.split_once(dashes) {
        Some((start, end)) => format!("{}-{}", clock(start), clock(end)),
        None => part.to_owned(),
    }
}

fn clock(text: &str) -> String {
    let text = text.trim();
    match text.split_once([':', 'h', 'g', '.']) {
        Some((hour, "")) => format!("{hour}:00"),
        Some((hour, minute)) => format!("{}:{}", hour.trim(), minute.trim().trim_end_matches(['p', '\''])),
        None => text.to_owned(),
    }
}

/// One clock time as people type it, in minutes after midnight.
///
/// # Errors
/// `BadHours` for what is not understood.
pub fn typed_clock(text: &str) -> Result<u16, CalendarError> {
    let given = types::text::clean(text).to_lowercase();
    let plain = clock(&given);
    let read = plain.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    });
    read.ok_or_else(|| CalendarError::BadHours(format!("«{given}» không phải là giờ, ví dụ đúng: 15:00.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let periods = typed_hours(text).unwrap();
        periods.iter().map(Period::to_string).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn hours_are_understood_as_offices_write_them() {
        let day = "07:30-11:30, 13:30-17:30";
        for text in [
            "07:30-11:30, 13:30-17:30",
            "7h30 - 11h30; 13h30 – 17h30",
            "7g30-11g30 và 13g30-17g30",
            "13.30 đến 17.30, 7.30 đến 11.30",
        ] {
            assert_eq!(shown(text), day, "{text}");
        }
        assert_eq!(shown("7h-11h"), "07:00-11:00");
        assert_eq!(shown(" nghỉ "), "");
        assert_eq!(shown(""), "");
        assert_eq!(typed_clock("15h"), Ok(900));
        assert_eq!(typed_clock("14:45"), Ok(885));
    }

    #[test]
    fn what_is_no_time_is_refused_with_a_sentence() {
        for text in ["sáng", "7h30", "7h30-25h", "11:30-7:30", "7:30-11:30, 11:00-12:00", "7:30-11:75"] {
            assert!(matches!(typed_hours(text), Err(CalendarError::BadHours(_))), "{text}");
        }
        for text in ["", "24:00", "15", "chiều"] {
            assert!(typed_clock(text).is_err(), "{text}");
        }
    }
}
