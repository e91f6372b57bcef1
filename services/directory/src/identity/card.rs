//! What a scanner reads from the QR code of an identity card (căn cước công dân, thẻ căn cước).
//!
//! The code holds `number|old number|HỌ TÊN|ddMMyyyy|Nam or Nữ|address|ddMMyyyy`, newer cards further fields that
//! are not read and not kept. A scanner types it as key strokes, so a Vietnamese keyboard or input method may change
//! it on the way. Number, birth date and sex are restored for certain or refused with a sentence; where name and
//! address may have changed, `check_name` says so.

use std::fmt;

use types::Day;
use types::text::{clean, fold, looks_vietnamese, title_case};

use super::birth::{BirthDate, Sex};
use super::fields::{self, Fields};
use super::keyboard::{Keys, digits, is_ambiguous, restore_words};
use super::mojibake;
use super::number::{OldNumber, PersonalNumber};
use super::plausible::Doubt;

/// The longest text that is looked at, in bytes; a card holds about 200.
const RAW_BYTES_MAX: usize = 4_096;

/// What the card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardScan {
    /// The twelve digits.
    pub number: PersonalNumber,
    /// The number of the card before, where there was one.
    pub old_number: Option<OldNumber>,
    /// The name as people write it: `Đặng Đình Ưởng`.
    pub name: String,
    /// As far as the card knows it.
    pub birth: BirthDate,
    /// As printed, or by the number where it was not readable (`Doubt::SexFromNumber`).
    pub sex: Sex,
    /// The place of residence on the card, empty when it did not arrive.
    pub address: String,
    /// The day of issue.
    pub issued: Option<Day>,
    /// The officer must compare name and address with the card.
    pub check_name: bool,
    /// Everything that does not fit, for the officer.
    pub doubts: Vec<Doubt>,
}

/// Why a scan was not taken; displays as a Vietnamese sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanError {
    /// Nothing arrived.
    Empty,
    /// Another code than that of an identity card.
    NotACard,
    /// Two different cards in one field.
    TwoCards,
    /// The personal number is damaged.
    Number,
    /// The birth date is damaged.
    BirthDate,
    /// The name did not arrive.
    Name,
    /// Digits and other signs are mixed, or their order was changed on the way.
    Keyboard,
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Empty => return f.write_str("Chưa có dữ liệu quét. Hãy đưa mã QR trên thẻ căn cước vào máy quét."),
            Self::NotACard => return f.write_str("Mã vừa quét không phải mã QR trên thẻ căn cước."),
            Self::TwoCards => {
                return f.write_str("Ô quét có dữ liệu của hai thẻ. Hãy xóa ô quét rồi quét lại từng thẻ.");
            }
            Self::Number => "Không đọc được số định danh cá nhân.",
            Self::BirthDate => "Không đọc được ngày sinh.",
            Self::Name => "Không đọc được họ tên.",
            Self::Keyboard => "Bàn phím tiếng Việt đã làm lẫn các chữ số.",
        };
        write!(f, "{what} Hãy tắt bộ gõ tiếng Việt, chuyển bàn phím sang ENG rồi quét lại, hoặc nhập theo thẻ.")
    }
}

impl std::error::Error for ScanError {}

impl CardScan {
    /// Reads the scanned text. It must come here as it arrived: `types::text::clean` would reorder mangled digits.
    pub fn parse(raw: &str) -> Result<Self, ScanError> {
        let line = without_prefix(one_line(raw)?);
        let repaired = mojibake::repair(line);
        let changed = repaired.is_some();
        let line = repaired.as_deref().unwrap_or(line);
        let ambiguous = is_ambiguous(line);
        // Fields that were found by their separators are best. Where one does not fit, a separator was lost.
        let strict = fields::split(line).ok_or(damage(line)).and_then(|fields| read(&fields, changed, ambiguous));
        match strict {
            Ok(scan) if !scan.doubts.contains(&Doubt::SexFromNumber) => Ok(scan),
            other => fields::guess(line).map_or(other.clone(), |fields| read(&fields, changed, ambiguous).or(other)),
        }
    }
}

/// The one line that holds the card. The same card scanned twice is one card.
fn one_line(raw: &str) -> Result<&str, ScanError> {
    if raw.len() > RAW_BYTES_MAX {
        return Err(ScanError::NotACard);
    }
    let is_end = |c: char| c.is_control() || c == ' ' || c == '\u{FEFF}';
    let mut lines = raw.split(['\r', '\n']).map(|line| line.trim_matches(is_end)).filter(|line| !line.is_empty());
    let first = lines.next().ok_or(ScanError::Empty)?;
    if lines.all(|line| line == first) { Ok(first) } else { Err(ScanError::TwoCards) }
}

/// Drops what some scanners send first: the kind of code (`]Q1`) and the character set (`\000026`).
fn without_prefix(line: &str) -> &str {
    let skip = |line: &'_ str, count: usize| line.char_indices().nth(count).map_or(line.len(), |(at, _)| at);
    let kind =
        line.starts_with([']', 'ơ', 'Ơ', '}']) && line.chars().nth(1).is_some_and(|c| c.eq_ignore_ascii_case(&'q'));
    let line = if kind { &line[skip(line, 3)..] } else { line };
    let set = line.starts_with('\\').then(|| skip(line, 7)).filter(|end| digits(&line[1..*end]).is_some());
    &line[set.unwrap_or(0)..]
}

/// What to say about text whose fields could not be found.
fn damage(line: &str) -> ScanError {
    if line.matches('|').count() >= 4 { ScanError::Number } else { ScanError::NotACard }
}

/// Makes a scan of the fields, or says which of them is damaged.
fn read(fields: &Fields, changed: bool, ambiguous: bool) -> Result<CardScan, ScanError> {
    let (number, keys) = digits(&fields.number).ok_or(ScanError::Number)?;
    let number = PersonalNumber::parse(&number).map_err(|_| ScanError::Number)?;
    let (birth, birth_keys) = digits(&fields.birth).ok_or(ScanError::BirthDate)?;
    let birth = BirthDate::from_card(&birth).ok_or(ScanError::BirthDate)?;
    let mangled = keys == Keys::Mangled;
    if birth_keys != keys || (mangled && ambiguous) {
        return Err(ScanError::Keyboard);
    }
    let name = title_case(&fields.name);
    if !name.chars().any(char::is_alphabetic) || name.chars().any(|c| c.is_ascii_digit()) {
        return Err(ScanError::Name);
    }
    let mut doubts = Vec::new();
    let sex = Sex::parse(&fields.sex).unwrap_or_else(|| {
        doubts.push(Doubt::SexFromNumber);
        number.sex()
    });
    let against = number.doubts(Some(birth), Some(sex));
    // What was restored and contradicts itself is not to be trusted: rather scan again.
    if mangled && against.iter().any(|doubt| matches!(doubt, Doubt::BirthYear | Doubt::Sex)) {
        return Err(ScanError::Keyboard);
    }
    let uncertain = fields.guessed || doubts.contains(&Doubt::SexFromNumber);
    if uncertain && against.contains(&Doubt::BirthYear) {
        return Err(ScanError::BirthDate);
    }
    doubts.extend(against);
    let same_keys =
        |field: &str| digits(field).filter(|(found, kind)| found.is_empty() || *kind == keys).map(|(found, _)| found);
    let old_number = same_keys(&fields.old).and_then(|old| OldNumber::parse(&old).ok());
    if old_number.is_none() && !fields.old.is_empty() && same_keys(&fields.old).as_deref() != Some(number.as_str()) {
        doubts.push(Doubt::OldNumber);
    }
    let issued = same_keys(&fields.issued).and_then(|issued| issue_day(&issued, birth));
    if issued.is_none() && !fields.issued.is_empty() {
        doubts.push(Doubt::Issued);
    }
    let check_name = changed || mangled || uncertain || is_doubtful(&fields.name);
    if check_name {
        doubts.push(Doubt::Text);
    }
    let address = if mangled { restore_words(&fields.address) } else { fields.address.clone() };
    Ok(CardScan { number, old_number, name, birth, sex, address: clean(&address), issued, check_name, doubts })
}

fn issue_day(digits: &str, birth: BirthDate) -> Option<Day> {
    match BirthDate::from_card(digits)? {
        BirthDate::Day(day) if !birth.is_after(day) => Some(day),
        _ => None,
    }
}

/// A name that lost its marks, holds other signs than letters, or is not spelled like Vietnamese: perhaps right,
/// but worth a look at the card.
fn is_doubtful(raw: &str) -> bool {
    let name = clean(raw).to_lowercase();
    name == fold(&name) || raw.split(' ').any(str::is_empty) || name.split(' ').any(|word| !looks_vietnamese(word))
}
