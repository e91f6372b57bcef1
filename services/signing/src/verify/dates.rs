//! Dates as PDF writes them.

use types::Timestamp;

/// A PDF date (ISO 32000-2, 7.9.4): `D:20261127090000+07'00'`. Without an offset it is read as Viet Nam's time.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = |from: usize, to: usize| text.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let date = format!(
        "{}-{}-{}T{}:{}:{}",
        digits(0, 4)?,
        digits(4, 6)?,
        digits(6, 8)?,
        digits(8, 10)?,
        digits(10, 12)?,
        digits(12, 14).unwrap_or("00")
    );
    let offset = text.get(14..).unwrap_or_default().replace('\'', ":");
    let offset = offset.trim_end_matches(':');
    let zone = match offset {
        "" => "+07:00".to_owned(),
        "Z" | "Z00:00" => "Z".to_owned(),
        short if short.len() == 3 => format!("{short}:00"),
        full => full.to_owned(),
    };
    format!("{date}{zone}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn dates_are_read_with_and_without_offset() {
        let at = |text: &str| moment(text).map(|at| at.rfc3339());
        let morning = Some("2026-11-27T08:00:00+07:00".to_owned());
        for text in ["D:20261127080000+07'00'", "D:20261127080000+07'00", "D:20261127010000Z", "20261127080000"] {
            assert_eq!(at(text), morning, "{text}");
        }
        for text in ["", "D:", "D:2026", "D:20261301000000Z", "D:20261127080000+ab'00'", "D:2026é127080000Z"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
