//! Reading and writing the text of a year, with every mistake and its line.

use crate::holidays::{PublicHolidays, YearFile};

pub(super) const YEAR_2028: &str = r#"year = 2028

[[break]]
occasion = "Tết Nguyên đán Mậu Thân"
from = "2028-01-25"
to = "2028-01-31"
number = "123/VPCP-KGVX"
date = "2027-10-12"
issuer = "Văn phòng Chính phủ"
source = "https://example.com/tet-2028"
verified = true

[[break]]
occasion = "Quốc khánh 02/9"
from = "2028-09-01"
to = "2028-09-04"
verified = false
"#;

fn mistakes(text: &str) -> Vec<String> {
    let read = YearFile::read(text).and_then(|file| PublicHolidays::shipped().with_decisions(&file).map(|_| ()));
    read.unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn shipped_years_are_written_as_they_are_read() {
    for file in PublicHolidays::shipped_files() {
        let mut again = YearFile::read(&file.to_text()).unwrap();
        let mut known = file.clone();
        for one in [&mut again, &mut known] {
            one.breaks.iter_mut().for_each(|decided| decided.line = None);
            one.swaps.iter_mut().for_each(|swap| swap.line = None);
        }
        assert_eq!(again, known);
    }
    assert!(YearFile::read(&format!("\u{feff}{YEAR_2028}")).is_ok(), "as Notepad saves it");
}

/// Swaps without the number and the date of the paper behind them.
fn unfounded(files: &[YearFile]) -> Vec<String> {
    let swaps = files.iter().flat_map(|file| file.swaps.iter().map(move |swap| (file.year, swap)));
    swaps
        .filter(|(_, swap)| {
            let decision = &swap.decision;
            let number = decision.number.as_deref().is_some_and(|number| number.contains('/') && number.len() > 5);
            !number || decision.date.is_none_or(|signed| signed >= swap.off) || decision.issuer.is_none()
        })
        .map(|(year, swap)| format!("{year}: {} for {}", swap.off, swap.work))
        .collect()
}

#[test]
fn every_swapped_day_has_the_number_and_the_date_of_its_decision() {
    let files = PublicHolidays::shipped_files();
    let years: Vec<i16> = files.iter().map(|file| file.year).collect();
    assert_eq!(years, (2020..=2027).collect::<Vec<_>>());
    assert_eq!(unfounded(files), Vec::<String>::new());
    let swaps: Vec<String> =
        files.iter().flat_map(|file| &file.swaps).map(|swap| format!("{} {}", swap.off, swap.work)).collect();
    assert!(swaps.contains(&"2026-01-02 2026-01-10".to_owned()), "the one that the package misses: {swaps:?}");
    // Controls: without a number, without a date, decided after the day.
    for part in ["number = \"12729/VPCP-KGVX\"\n", "date = \"2025-12-25\"\n"] {
        let text = files.iter().find(|file| file.year == 2026).unwrap().to_text();
        assert!(text.contains(part), "{text}");
        assert_eq!(unfounded(&[YearFile::read(&text.replacen(part, "", 1)).unwrap()]).len(), 1, "{part}");
    }
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = r#"year = 2028
[[break]]
occasion = "Tết Nguyên đán"
from = "2028-02-30"
to = "2028-01-31"
verified = "có"

[[swap]]
occasion = ""
off = "2028-05-03"
lam_bu = "2028-05-06"
source = "javascript:alert(1)"
"#;
    assert_eq!(
        mistakes(text),
        [
            "dòng 4: «from» không phải là ngày có thật, ví dụ đúng: \"2028-01-24\".",
            "dòng 6: «verified» chỉ nhận true (đã đối chiếu) hoặc false (chưa).",
            "dòng 11: không có mục «lam_bu»; các mục là: occasion, off, work, number, date, issuer, source, verified.",
            "dòng 8: thiếu tên dịp nghỉ, ví dụ: occasion = \"Quốc khánh 02/9\".",
            "dòng 8: thiếu ngày «work», ví dụ: work = \"2028-01-24\".",
            "dòng 12: «source» phải là địa chỉ bắt đầu bằng https:// hoặc http://.",
            "dòng 8: thiếu «verified»: true nếu đã đối chiếu với văn bản, false nếu chưa.",
        ]
    );
}

#[test]
fn everything_that_makes_no_sense_is_told_at_once() {
    let swap = |off: &str, work: &str| {
        format!("[[swap]]\noccasion = \"x\"\noff = \"{off}\"\nwork = \"{work}\"\nverified = false\n")
    };
    let text = format!("year = 2028\n{}{}", swap("2028-05-01", "2028-05-06"), swap("2028-05-03", "2028-05-04"));
    assert_eq!(
        mistakes(&text),
        [
            "chưa có quyết định nghỉ Tết Nguyên đán (mùng 1 là 26/01/2028).",
            "chưa có quyết định ngày nghỉ liền kề của Quốc khánh 02/9.",
            "dòng 2: ngày hoán đổi 2028-05-01: ngày này đã là ngày nghỉ.",
            "dòng 7: ngày hoán đổi 2028-05-03: ngày làm bù phải là thứ Bảy hoặc Chủ nhật không trùng ngày lễ.",
        ]
    );
    let long = YEAR_2028.replace("2028-01-31", "2028-11-30");
    assert!(mistakes(&long)[0].contains("dài hơn 31 ngày"), "{:?}", mistakes(&long));
    let twice = format!("{YEAR_2028}{}{}", swap("2028-05-03", "2028-05-06"), swap("2028-05-04", "2028-05-06"));
    assert!(mistakes(&twice)[0].ends_with("ngày này đã làm bù cho một ngày khác."), "{:?}", mistakes(&twice));
}

#[test]
fn what_is_no_toml_and_what_is_no_year_is_told() {
    assert!(mistakes("năm 2028")[0].starts_with("dòng 1: sai cú pháp TOML"));
    assert_eq!(mistakes(""), ["dòng 1: thiếu năm, ví dụ: year = 2028."]);
    for year in ["1999", "\"2028\"", "20280", "2028.5"] {
        assert!(mistakes(&format!("year = {year}\n"))[0].contains("năm phải là số từ 2014 đến 2100"), "{year}");
    }
    assert!(mistakes("year = 2028\n[break]\noccasion = \"x\"\n")[0].contains("viết [[break]]"));
    assert!(mistakes("year = 2028\nbreak = [5]\n")[0].contains("mỗi [[break]] là một nhóm"));
    let many = "[[swap]]\noccasion = \"x\"\noff = \"2028-05-03\"\nwork = \"2028-05-06\"\nverified = false\n".repeat(41);
    assert!(mistakes(&format!("year = 2028\n{many}"))[0].contains("nhiều nhất 40"));
}
