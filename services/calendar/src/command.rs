//! What `nhaviec deadline` asks: text in, a deadline out.

use types::Timestamp;

use crate::deadline::{Deadline, Stop, deadline_day_by_day};
use crate::error::CalendarError;
use crate::takes::Takes;
use crate::working::WorkingCalendar;

/// Computes a deadline with every day told, from the words of a command line: `received` as `2026-11-20T14:00` on
/// Viet Nam's clock or with an offset, `takes` as in [`Takes`], each stop as `FROM/TO`.
///
/// # Errors
/// `BadMoment`, `BadTakes`, `BadStop` for what is not understood, and those of [`deadline_day_by_day`].
pub fn explain_command(
    received: &str,
    takes: &str,
    stops: &[String],
    calendar: &WorkingCalendar,
) -> Result<Deadline, CalendarError> {
    let received = moment(received)?;
    let takes: Takes = takes.parse()?;
    let stops = stops.iter().map(|text| stop(text)).collect::<Result<Vec<_>, _>>()?;
    deadline_day_by_day(calendar, received, takes, &stops)
}

fn moment(text: &str) -> Result<Timestamp, CalendarError> {
    text.trim().parse().map_err(|_| CalendarError::BadMoment(text.to_string()))
}

fn stop(text: &str) -> Result<Stop, CalendarError> {
    let unclear = || CalendarError::BadStop(format!("«{text}». Ví dụ đúng: 2026-11-23T09:00/2026-11-25T15:30."));
    let (from, to) = text.split_once('/').ok_or_else(unclear)?;
    Ok(Stop { from: moment(from)?, to: moment(to)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_answered_as_json_and_as_text() {
        let calendar = WorkingCalendar::standard();
        let stops = ["2026-11-23T09:00/2026-11-23T10:00".to_string()];
        let answer = explain_command("2026-11-20T14:00", "3 working days", &stops, &calendar).unwrap();
        let json = answer.to_json();
        assert_eq!(json["due"], "2026-11-26T15:00:00+07:00");
        assert_eq!(json["due_without_stops"], "2026-11-26T14:00:00+07:00");
        assert_eq!(json["takes"], "3 working days");
        let kinds: Vec<_> = json["steps"].as_array().unwrap().iter().map(|s| s["kind"].as_str().unwrap()).collect();
        let expected = "received counted weekend weekend counted holiday counted counted stop counted due";
        assert_eq!(kinds.join(" "), expected);
        let text = answer.to_text();
        assert!(text.starts_with("Thời hạn 3 ngày làm việc: hạn là 15:00 thứ Năm 26/11/2026.\n"), "{text}");
        assert!(
            text.contains(
                "Thứ Ba 24/11/2026: nghỉ Ngày Văn hóa Việt Nam 24/11, không tính, theo Nghị quyết 28/2026/QH16."
            ),
            "{text}"
        );
    }

    #[test]
    fn an_offset_is_honoured() {
        let calendar = WorkingCalendar::standard();
        let local = explain_command("2026-11-20T14:00", "8 working hours", &[], &calendar).unwrap();
        let with_offset = explain_command("2026-11-20T07:00:00Z", "8 giờ làm việc", &[], &calendar).unwrap();
        assert_eq!(local, with_offset);
    }

    #[test]
    fn what_is_not_understood_is_told_apart() {
        let calendar = WorkingCalendar::standard();
        let ask = |received: &str, takes: &str, stop: &str| {
            explain_command(received, takes, &[stop.to_string()], &calendar).unwrap_err()
        };
        let good_stop = "2026-11-23T09:00/2026-11-23T10:00";
        assert!(matches!(ask("hôm qua", "3 ngày", good_stop), CalendarError::BadMoment(_)));
        assert!(matches!(ask("2026-11-20T14:00", "ba ngày", good_stop), CalendarError::BadTakes(_)));
        assert!(matches!(ask("2026-11-20T14:00", "3 ngày", "2026-11-23T09:00"), CalendarError::BadStop(_)));
        assert!(matches!(ask("2026-11-20T14:00", "3 ngày", "2026-11-23T09:00/mai"), CalendarError::BadMoment(_)));
        let late = ask("2027-12-30T14:00", "3 working days", "2027-12-31T09:00/2027-12-31T10:00");
        assert_eq!(late, CalendarError::NoCalendar { year: 2028 });
        assert!(late.to_string().contains("năm 2028"));
    }
}
