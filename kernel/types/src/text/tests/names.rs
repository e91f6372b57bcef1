//! Names in capitals, and what looks Vietnamese.

use super::HARD_NAMES;
use crate::text::{looks_vietnamese, title_case};

#[test]
fn capitals_become_names() {
    for name in HARD_NAMES {
        assert_eq!(title_case(&name.to_uppercase()), name);
        assert_eq!(title_case(&name.to_lowercase()), name);
    }
    assert_eq!(title_case("  đặng\u{A0}đình  ƯỞNG "), "Đặng Đình Ưởng");
}

#[test]
fn syllables_are_told_from_other_words() {
    let words = "Nguyễn Thị Mỹ Hạnh Đặng Đình Ưởng Lò Mẩy Chẩu Xuyến Chi Hoàng Thúy Thuý Quý Quyền Quốc Quang Quế Quân \
        Hòa Hoà Huỳnh Khuỷu Ỷ Thuở Gì Giang Giết Nghiêm Yên Yến Phúc Đức Tuấn Tuyết Luật Duệ Ngoẹo Khuya Hươu Sáu Ếch";
    for word in words.split_whitespace() {
        assert!(looks_vietnamese(word), "{word}");
    }
    for word in
        ["Alẽandẻ", "Phuc", "N", "Ngưyn", "Vàn2", "Niê", "K'Brể", "Tếế", "Wơ", "Ná»¯", "Hảng\u{FFFD}", "", "Phùc"]
    {
        assert!(!looks_vietnamese(word), "{word}");
    }
}
