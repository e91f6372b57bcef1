//! The rules of Vietnamese text, over every letter and over hard names.

mod cleaning;
mod names;
mod ordering;
mod searching;
mod tone_placement;

use super::{Tone, VOWELS, join_tone};
use unicode_normalization::UnicodeNormalization;

/// Every vowel with every tone in both cases, and both forms of đ: 146 letters.
fn letters() -> Vec<char> {
    let vowels = VOWELS.iter().flat_map(|vowel| Tone::ALL.map(|tone| join_tone(*vowel, tone).unwrap()));
    let lower: Vec<char> = vowels.chain(['đ']).collect();
    let upper = lower.iter().flat_map(|c| c.to_uppercase());
    upper.chain(lower.iter().copied()).collect()
}

/// All the ways in which input methods and operating systems send one letter.
fn spellings(letter: char) -> Vec<String> {
    let parts: Vec<char> = std::iter::once(letter).nfd().collect();
    let mut out = vec![letter.to_string(), parts.iter().collect()];
    if let [base, first, second] = parts[..] {
        out.push([base, second, first].iter().collect());
        out.push([base, second].iter().collect::<String>().nfc().chain([first]).collect());
        out.push([base, first].iter().collect::<String>().nfc().chain([second]).collect());
    }
    out
}

/// Names that break careless code.
const HARD_NAMES: [&str; 12] = [
    "Nguyễn Thị Mỹ Hạnh",
    "Đặng Đình Ưởng",
    "Lò Thị Mẩy",
    "Chẩu Thị Xuyến Chi",
    "Hoàng Thị Thúy",
    "Phạm Quý Hòa",
    "Huỳnh Khuỷu",
    "H'Hen Niê",
    "Y Moan Êban",
    "Lê Ỷ Lan",
    "Trần Thị Thuở",
    "Vừ A Dính",
];

/// Reproducible numbers for tests that try many combinations (xorshift64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}
