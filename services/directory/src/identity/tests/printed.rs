//! Cards made at random, with what their code holds. All persons are fictional.

use rand::{Rng, rngs::StdRng, seq::IndexedRandom};

use crate::identity::{BirthDate, CardScan, Sex};

/// What is on a card.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    pub number: String,
    pub old: String,
    pub name: String,
    pub birth: String,
    pub sex: Sex,
    pub address: String,
    pub issued: String,
    pub further: String,
}

const NAMES: [&str; 12] = [
    "Nguyễn Thị Mỹ Hạnh",
    "Đặng Đình Ưởng",
    "Lò Thị Mẩy",
    "Chẩu Thị Xuyến Chi",
    "Hoàng Ái Lan",
    "Phạm Quý Hòa",
    "Huỳnh Khuỷu",
    "H'Hen Niê",
    "Y Moan Êban",
    "Cao Minh Long",
    "Đỗ Vân Anh",
    "Lê Ô",
];

const ADDRESSES: [&str; 6] = [
    "Ấp 3, xã Hòa Bình, An Giang",
    "Số 12/5 đường 30 tháng 4, phường Đông Đô, Hà Nội",
    "Tổ 5B, thôn Đê, xã Đạ Ròn, Lâm Đồng",
    "Bản A1, xã Mường Ảng, Điện Biên",
    "Khu phố 24051999, phường Bến Nghé",
    "",
];

impl Printed {
    /// A card whose number agrees with its birth date and sex.
    pub(super) fn draw(rng: &mut StdRng) -> Self {
        let year: i16 = rng.random_range(1930..=2012);
        let sex = if rng.random() { Sex::Male } else { Sex::Female };
        let century = (year / 100 - 19) * 2 + i16::from(sex == Sex::Female);
        let province = ["001", "079", "089", "011", "095"].choose(rng).unwrap();
        let number = format!("{province}{century}{:02}{:06}", year % 100, rng.random_range(0..1_000_000));
        let birth = match rng.random_range(0..12) {
            0 => format!("0000{year}"),
            1 => format!("00{:02}{year}", rng.random_range(1..=12)),
            _ => format!("{:02}{:02}{year}", rng.random_range(1..=28), rng.random_range(1..=12)),
        };
        let old = if rng.random() { format!("{:09}", rng.random_range(0..1_000_000_000)) } else { String::new() };
        let issued =
            format!("{:02}{:02}{}", rng.random_range(1..=28), rng.random_range(1..=12), rng.random_range(2016..=2026));
        let further = ["", "|", "||NGUYỄN VĂN A|LÊ THỊ B|", "|12345678"].choose(rng).unwrap();
        Self {
            number,
            old,
            name: (*NAMES.choose(rng).unwrap()).to_owned(),
            birth,
            sex,
            address: (*ADDRESSES.choose(rng).unwrap()).to_owned(),
            issued,
            further: (*further).to_owned(),
        }
    }

    /// The text of the code, with any separator.
    pub(super) fn code(&self, separator: &str) -> String {
        let sex = self.sex.label();
        let name = self.name.to_uppercase();
        let fields = [&self.number, &self.old, &name, &self.birth, sex, &self.address, &self.issued];
        fields.join(separator) + &self.further.replace('|', separator)
    }

    /// Fails when the scan says anything that the card does not say and no officer is warned of.
    pub(super) fn must_agree(&self, scan: &CardScan, typed: &str) {
        let context = format!("{typed:?} became {scan:?} from {self:?}");
        assert_eq!(scan.number.as_str(), self.number, "number: {context}");
        assert_eq!(scan.birth, BirthDate::from_card(&self.birth).unwrap(), "birth: {context}");
        assert_eq!(scan.sex, self.sex, "sex: {context}");
        if let Some(old) = &scan.old_number {
            assert_eq!(old.as_str(), self.old, "old number: {context}");
        }
        if let Some(day) = scan.issued {
            assert_eq!(BirthDate::Day(day), BirthDate::from_card(&self.issued).unwrap(), "issue: {context}");
        }
        assert!(scan.name == self.name || scan.check_name, "name: {context}");
    }
}
