//! Reasons to look at the card again. None of them refuses anything: numbers were given out wrongly too.

use std::fmt;

use super::birth::{BirthDate, Sex};
use super::number::PersonalNumber;

/// What does not fit; displays as a Vietnamese sentence for the officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The first three digits are not one of the provinces of before 2025; right for births registered abroad.
    Province,
    /// The number records another year of birth than the papers.
    BirthYear,
    /// The number records the other sex.
    Sex,
    /// The sex was not readable and was taken from the number.
    SexFromNumber,
    /// The old card's number was not readable and was left out.
    OldNumber,
    /// The day of issue was not readable or lies before the birth, and was left out.
    Issued,
    /// The keyboard or the scanner changed the text: name and address may be wrong.
    Text,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Province => {
                "Ba chữ số đầu của số định danh không phải mã tỉnh; hãy kiểm tra nếu không phải khai sinh ở nước ngoài."
            }
            Self::BirthYear => "Năm sinh không khớp với số định danh; hãy đối chiếu với thẻ.",
            Self::Sex => "Giới tính không khớp với số định danh; hãy đối chiếu với thẻ.",
            Self::SexFromNumber => {
                "Không đọc được giới tính trên thẻ nên lấy theo số định danh; hãy đối chiếu với thẻ."
            }
            Self::OldNumber => "Không đọc được số chứng minh nhân dân cũ nên để trống.",
            Self::Issued => "Không đọc được ngày cấp thẻ nên để trống.",
            Self::Text => "Bộ gõ hoặc máy quét có thể đã làm sai dấu; hãy đối chiếu họ tên và địa chỉ với thẻ.",
        })
    }
}

/// The statistics office's province codes before the mergers of 2025, with which personal numbers were given.
const PROVINCES: &str = "01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46 48 \
    49 51 52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95 96";

impl PersonalNumber {
    /// What in this number does not fit the birth date and sex that papers or a person give.
    pub fn doubts(&self, birth: Option<BirthDate>, sex: Option<Sex>) -> Vec<Doubt> {
        let known =
            self.province().strip_prefix('0').is_some_and(|code| PROVINCES.split(' ').any(|known| known == code));
        let checks = [
            (!known, Doubt::Province),
            (birth.is_some_and(|birth| birth.year() != self.birth_year()), Doubt::BirthYear),
            (sex.is_some_and(|sex| sex != self.sex()), Doubt::Sex),
        ];
        checks.into_iter().filter_map(|(found, doubt)| found.then_some(doubt)).collect()
    }
}
