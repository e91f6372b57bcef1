//! How dates, money, sizes and numbers read: one place, the Vietnamese way, the same in both languages.
//! Numbers and their unit hold together with a no-break space (U+00A0).

use types::{Day, Timestamp};

const NO_BREAK: char = '\u{a0}';
const HIDDEN: char = '•';

/// `21/11/2026`.
pub fn date(day: Day) -> String {
    day.0.strftime("%d/%m/%Y").to_string()
}

/// `21/11`, where the year is plain from what stands around it.
pub fn short_date(day: Day) -> String {
    day.0.strftime("%d/%m").to_string()
}

/// `thứ Bảy 21/11/2026`.
pub fn weekday_date(day: Day) -> String {
    const NAMES: [&str; 7] = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"];
    let index = usize::try_from(day.0.weekday().to_monday_zero_offset()).unwrap_or(0);
    format!("{} {}", NAMES[index], date(day))
}

/// `14:30 21/11/2026`, Viet Nam's time.
pub fn moment(moment: Timestamp) -> String {
    moment.local().strftime("%H:%M %d/%m/%Y").to_string()
}

/// `14:30 21/11`, for lists whose year is plain.
pub fn short_moment(moment: Timestamp) -> String {
    moment.local().strftime("%H:%M %d/%m").to_string()
}

/// `2026-11-21T14:30+07:00`, for `<time datetime>`.
pub fn machine_moment(moment: Timestamp) -> String {
    moment.local().strftime("%Y-%m-%dT%H:%M+07:00").to_string()
}

/// `1.250.000`.
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// `1.250.000 ₫`; whole đồng.
pub fn money(dong: i64) -> String {
    format!("{}{NO_BREAK}₫", number(dong))
}

/// `98,6` with so many decimals, rounded half away from zero.
pub fn decimal(value: f64, decimals: usize) -> String {
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    let rounded = (value * scale).round() / scale;
    let text = format!("{:.decimals$}", rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = number(whole.parse().unwrap_or(i64::MAX));
    let sign = if rounded < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole},{fraction}") }
}

/// `98,6 %` of a ratio in percent; whole numbers lose the decimal: `100 %`.
pub fn percent(value: f64) -> String {
    let text = decimal(value, 1);
    format!("{}{NO_BREAK}%", text.strip_suffix(",0").unwrap_or(&text))
}

/// `part` of `whole` in percent, or a dash where there is nothing to divide by.
pub fn share(part: i64, whole: i64) -> String {
    if whole == 0 { "–".to_owned() } else { percent(part as f64 * 100.0 / whole as f64) }
}

/// `1,2 MB`; steps of 1024.
pub fn file_size(bytes: u64) -> String {
    let kib = bytes as f64 / 1024.0;
    match bytes {
        0..1024 => format!("{}{NO_BREAK}B", decimal(bytes as f64, 0)),
        1024..1_048_576 => format!("{}{NO_BREAK}KB", decimal(kib, 0)),
        1_048_576..1_073_741_824 => format!("{}{NO_BREAK}MB", decimal(kib / 1024.0, 1)),
        _ => format!("{}{NO_BREAK}GB", decimal(kib / 1_048_576.0, 1)),
    }
}

/// `2 ngày 3 giờ` of working minutes, a working day being `minutes_per_day`; the two biggest parts that are not zero.
pub fn working_time(minutes: i64, minutes_per_day: i64) -> String {
    let per_day = minutes_per_day.max(1);
    let left = minutes.abs();
    let parts = [(left / per_day, "ngày"), (left % per_day / 60, "giờ"), (left % per_day % 60, "phút")];
    let shown: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .take(2)
        .map(|(count, unit)| format!("{count}{NO_BREAK}{unit}"))
        .collect();
    if shown.is_empty() { format!("0{NO_BREAK}phút") } else { shown.join(" ") }
}

/// `0792•••••098`: the first four and the last three digits of a personal number. Numbers too short to hide
/// anything are hidden whole.
pub fn masked_identity(number: &str) -> String {
    masked(number, 4, 3)
}

/// `0975•••418`: a telephone number without its middle.
pub fn masked_phone(number: &str) -> String {
    masked(number, 4, 3)
}

fn masked(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    let plain = |i: usize| count > first + last && (i < first || i >= count - last);
    text.chars().enumerate().map(|(i, c)| if plain(i) { c } else { HIDDEN }).collect()
}
