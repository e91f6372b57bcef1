//! The 54 ethnic groups of Viet Nam as the statistics office lists them; another spelling is a warning, not a mistake.

/// Names in the order of the list.
pub const ETHNIC_GROUPS: [&str; 54] = [
    "Kinh",
    "Tày",
    "Thái",
    "Hoa",
    "Khmer",
    "Mường",
    "Nùng",
    "Mông",
    "Dao",
    "Gia Rai",
    "Ngái",
    "Ê Đê",
    "Ba Na",
    "Xơ Đăng",
    "Sán Chay",
    "Cơ Ho",
    "Chăm",
    "Sán Dìu",
    "Hrê",
    "Mnông",
    "Ra Glai",
    "Xtiêng",
    "Bru Vân Kiều",
    "Thổ",
    "Giáy",
    "Cơ Tu",
    "Gié Triêng",
    "Mạ",
    "Khơ Mú",
    "Co",
    "Tà Ôi",
    "Chơ Ro",
    "Kháng",
    "Xinh Mun",
    "Hà Nhì",
    "Chu Ru",
    "Lào",
    "La Chí",
    "La Ha",
    "Phù Lá",
    "La Hủ",
    "Lự",
    "Lô Lô",
    "Chứt",
    "Mảng",
    "Pà Thẻn",
    "Cơ Lao",
    "Cống",
    "Bố Y",
    "Si La",
    "Pu Péo",
    "Brâu",
    "Ơ Đu",
    "Rơ Măm",
];

/// Whether `name` is in the list, whatever its case, hyphens and tone marks (H'Mông, H'mông and Mông are one).
pub(super) fn is_listed(name: &str) -> bool {
    let wanted = plain(name);
    let wanted = wanted.strip_prefix('h').filter(|rest| *rest == "mong").unwrap_or(&wanted);
    ETHNIC_GROUPS.iter().any(|group| plain(group) == wanted)
}

fn plain(name: &str) -> String {
    types::text::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_group_are_one() {
        for name in ["Kinh", "kinh", "H'Mông", "H’mông", "Mông", "Ê-đê", "Ê Đê", "Bru - Vân Kiều", "Gia-rai"]
        {
            assert!(is_listed(name), "{name}");
        }
        for name in ["", "Kinnh", "Việt Nam", "H'"] {
            assert!(!is_listed(name), "{name}");
        }
    }
}
