//! The check of what people fill in.

use std::collections::BTreeMap;

use types::Day;

use super::SAMPLE;
use crate::procedure::catalogue;
use crate::procedure::definition::{Channel, Definition};
use crate::procedure::form::{Checked, FieldError, check, parse_day, reason_missing};

fn today() -> Day {
    "2026-11-22".parse().expect("a day")
}

fn right() -> BTreeMap<String, String> {
    let pairs = [
        ("applicant_name", " Nguyễn  Thị Mỹ Hạnh "),
        ("applicant_birth_date", "5/3/1991"),
        ("applicant_identity", "025 191 001234"),
        ("applicant_address", "thôn Bản Mới, xã Phúc Khê"),
        ("applicant_phone", "+84 912.345.678"),
        ("case", "thuong"),
        ("subject", "dòng một\r\ndòng hai"),
    ];
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

fn checked(changes: &[(&str, &str)]) -> Result<Checked, Vec<FieldError>> {
    let definition = Definition::parse(SAMPLE).unwrap_or_else(|errors| panic!("{errors}"));
    let mut values = right();
    values.extend(changes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    check(&definition, &values, today())
}

fn refused(key: &str, value: &str) -> &'static str {
    let errors = checked(&[(key, value)]).expect_err(value);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].key, key);
    assert!(errors[0].message.starts_with('«') || errors[0].message.starts_with("Cần "), "{}", errors[0].message);
    errors[0].code
}

#[test]
fn what_is_right_is_cleaned_and_kept() {
    let checked = checked(&[("unknown", "ignored")]).expect("right");
    assert_eq!(checked.get("applicant_name"), Some("Nguyễn Thị Mỹ Hạnh"));
    assert_eq!(checked.get("applicant_birth_date"), Some("05/03/1991"));
    assert_eq!(checked.get("applicant_identity"), Some("025191001234"));
    assert_eq!(checked.get("applicant_phone"), Some("0912345678"));
    assert_eq!(checked.get("subject"), Some("dòng một\ndòng hai"));
    assert_eq!(checked.get("unknown"), None);
    assert!(checked.warnings.is_empty(), "{:?}", checked.warnings);
}

#[test]
fn decomposed_letters_become_precomposed() {
    let decomposed = "Đặng Đi\u{300}nh Ươ\u{309}ng";
    let found = checked(&[("applicant_name", decomposed)]).expect("right");
    assert_eq!(found.get("applicant_name"), Some("Đặng Đình Ưởng"));
    for name in ["Lò Thị Mẩy", "Chẩu Thị Xuyến Chi", "H'Yiêng Niê", "Giàng A Sử", "NGUYỄN VĂN Ý"] {
        assert!(checked(&[("applicant_name", name)]).is_ok(), "{name}");
    }
}

#[test]
fn mistakes_are_refused_with_a_code_and_a_sentence() {
    for (key, value, code) in [
        ("applicant_name", "   ", "required"),
        ("applicant_name", "Nguyễn Văn 2", "person_name"),
        ("applicant_name", "Trần Văn \u{410}nh", "person_name"),
        ("applicant_name", "---", "person_name"),
        ("applicant_birth_date", "31/02/1991", "date"),
        ("applicant_birth_date", "1991", "date"),
        ("applicant_birth_date", "12/31/1991", "date"),
        ("applicant_birth_date", "01/01/0001", "date"),
        ("applicant_birth_date", "23/11/2026", "future"),
        ("applicant_identity", "12345", "identity_number"),
        ("applicant_identity", "02519100123a", "identity_number"),
        ("applicant_identity", "٠٢٥١٩١٠٠١٢٣٤", "identity_number"),
        ("applicant_phone", "12345678", "phone"),
        ("applicant_phone", "0112345678", "phone"),
        ("case", "rat-nhanh", "option"),
        ("case", "", "required"),
        ("subject", "", "required"),
    ] {
        assert_eq!(refused(key, value), code, "{key} = {value:?}");
    }
    assert_eq!(refused("applicant_name", &"Nguyễn ".repeat(18)), "too_long");
    assert_eq!(refused("subject", &"đ".repeat(4_001)), "too_long");
    assert_eq!(refused("subject", &"x".repeat(3_000_000)), "too_long");
}

#[test]
fn an_odd_number_is_a_warning_for_the_officer() {
    let codes = |changes: &[(&str, &str)]| -> Vec<&str> {
        checked(changes).expect("accepted").warnings.iter().map(|warning| warning.code).collect()
    };
    assert_eq!(codes(&[("applicant_identity", "099191001234")]), ["identity_number_odd"]);
    assert_eq!(codes(&[("applicant_identity", "025192001234")]), ["identity_number_birth"]);
    assert_eq!(codes(&[("applicant_identity", "025291001234")]), ["identity_number_birth"]);
    assert_eq!(codes(&[("applicant_identity", "123456789")]), [""; 0]);
    assert_eq!(codes(&[("applicant_name", "Hạnh")]), ["one_word"]);
}

#[test]
fn a_field_is_asked_only_under_its_condition() {
    assert_eq!(refused_fast(), "required");
    let found = checked(&[("case", "nhanh"), ("why_fast", "đi xa")]).expect("right");
    assert_eq!(found.get("why_fast"), Some("đi xa"));
    let found = checked(&[("why_fast", "không hỏi thì không giữ")]).expect("right");
    assert_eq!(found.get("why_fast"), None);
}

fn refused_fast() -> &'static str {
    let errors = checked(&[("case", "nhanh")]).expect_err("no reason given");
    assert_eq!((errors.len(), errors[0].key.as_str()), (1, "why_fast"));
    errors[0].code
}

#[test]
fn every_kind_of_field_is_checked() {
    let text = SAMPLE.replace(
        "    { key = \"subject\", label = \"Nội dung\", kind = \"longtext\", required = true },\n",
        "    { key = \"subject\", label = \"Nội dung\", kind = \"longtext\" },
    { key = \"born\", label = \"Sinh\", kind = \"partial_date\", past = true },
    { key = \"at\", label = \"Giờ\", kind = \"time\" },
    { key = \"tax\", label = \"Mã số thuế\", kind = \"tax_code\" },
    { key = \"mail\", label = \"Thư điện tử\", kind = \"email\" },
    { key = \"people\", label = \"Dân tộc\", kind = \"ethnicity\" },
    { key = \"count\", label = \"Số bản\", kind = \"number\" },
    { key = \"money\", label = \"Số tiền\", kind = \"money\" },
    { key = \"some\", label = \"Nội dung\", kind = \"multi_select\", options = [{ value = \"ten\", label = \"Tên\" }, { value = \"von\", label = \"Vốn\" }] },
    { key = \"why\", label = \"Vì sao\", kind = \"text\", required = true, when = { field = \"some\", is = [\"von\"] } },
    { key = \"papers\", label = \"Giấy tờ\", kind = \"copy_lines\" },
    { key = \"tick\", label = \"Đồng ý\", kind = \"checkbox\" },\n",
    );
    let definition = Definition::parse(&text).unwrap_or_else(|errors| panic!("{errors}"));
    let value = |key: &str, typed: &str| {
        let mut values = right();
        values.insert(key.to_owned(), typed.to_owned());
        match check(&definition, &values, today()) {
            Ok(checked) => Ok(checked.get(key).unwrap_or("").to_owned()),
            Err(errors) => Err(errors[0].code),
        }
    };
    for (key, typed, wanted) in [
        ("born", "1945", Ok("1945")),
        ("born", "3/1945", Ok("03/1945")),
        ("born", "1945-09-02", Ok("02/09/1945")),
        ("born", "2027", Err("future")),
        ("born", "13/1945", Err("date")),
        ("at", "7h5", Ok("07:05")),
        ("at", "24:00", Err("time")),
        ("tax", "0101234567-001", Ok("0101234567-001")),
        ("tax", "010123456", Err("tax_code")),
        ("mail", "han@example.vn", Ok("han@example.vn")),
        ("mail", "han@example", Err("email")),
        ("people", "H'Mông", Ok("H'Mông")),
        ("count", "1.000", Ok("1000")),
        ("count", "007", Ok("7")),
        ("count", "-1", Err("number")),
        ("money", "1.250.000", Ok("1250000")),
        ("money", "1,5", Err("number")),
        ("some", "ten", Ok("ten")),
        ("some", "von, ten", Err("required")),
        ("some", "von,dia-chi", Err("option")),
        ("papers", " Bằng  lái;2 ; 3\r\n\r\nĐơn; phụ lục; 1; 2", Ok("Bằng lái; 2; 3\nĐơn; phụ lục; 1; 2")),
        ("papers", "Bằng lái; 2", Err("copy_lines")),
        ("papers", "Bằng lái; 0; 3", Err("copy_lines")),
        ("papers", "; 1; 3", Err("copy_lines")),
        ("tick", "on", Ok("yes")),
        ("tick", "off", Ok("")),
        ("tick", "maybe", Err("checkbox")),
    ] {
        assert_eq!(value(key, typed), wanted.map(str::to_owned), "{key} = {typed:?}");
    }
}

#[test]
fn several_choices_are_kept_in_the_forms_order_and_told_by_their_words() {
    let change = catalogue::find("2.000720").expect("thay đổi hộ kinh doanh");
    let field = change.fields().find(|field| field.key == "change_kind").expect("a field");
    assert_eq!(field.shown("ten,nganh-nghe"), "Tên, Ngành, nghề");
    let submitted = BTreeMap::from([("change_kind".to_owned(), "von,chu-ho,von".to_owned())]);
    let errors = check(change, &submitted, today()).expect_err("the rest is empty");
    let owner: Vec<&str> = errors.iter().map(|e| e.key.as_str()).filter(|key| key.starts_with("new_owner")).collect();
    assert_eq!(owner, ["new_owner", "new_owner_identity"], "one of several choices asks for it");
    assert!(!errors.iter().any(|error| error.key == "change_kind"));
}

#[test]
fn an_emergency_channel_wants_its_reason() {
    let house = catalogue::find("1.013225").expect("giấy phép xây dựng");
    let with = |reason: &str| BTreeMap::from([("channel_reason".to_owned(), reason.to_owned())]);
    assert_eq!(reason_missing(house, Channel::Online, &BTreeMap::new()), None);
    let missing = reason_missing(house, Channel::Counter, &with("  ")).expect("a mistake");
    assert_eq!((missing.key.as_str(), missing.code), ("channel_reason", "required"));
    assert!(missing.message.contains("chỉ khi hệ thống gặp sự cố"), "{}", missing.message);
    assert_eq!(reason_missing(house, Channel::Post, &with("Cổng không vào được từ 8 giờ")), None);
}

#[test]
fn a_mortgage_may_be_with_a_bank_and_a_deed_may_need_witnesses() {
    let deal = catalogue::find("2.001035").expect("chứng thực giao dịch");
    let missing = |pairs: &[(&str, &str)]| -> Vec<String> {
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        check(deal, &values, today()).expect_err("most is empty").into_iter().map(|error| error.key).collect()
    };
    let bank = missing(&[("other_kind", "to-chuc"), ("needs_witnesses", "yes")]);
    assert!(bank.contains(&"other_organisation".to_owned()) && bank.contains(&"witnesses".to_owned()));
    assert!(!bank.contains(&"other_birth_date".to_owned()), "a bank was not born");
    let person = missing(&[("other_kind", "ca-nhan")]);
    assert!(person.contains(&"other_birth_date".to_owned()) && !person.contains(&"witnesses".to_owned()));
}

#[test]
fn days_are_read_as_people_and_browsers_write_them() {
    let wanted = Some("2026-11-21".parse().expect("a day"));
    for text in ["21/11/2026", "21-11-2026", "21.11.2026", "2026-11-21"] {
        assert_eq!(parse_day(text), wanted, "{text}");
    }
    for text in ["", "21/11", "21/11/26", "2026-11-31", "+1/11/2026", "21/11/2026/1"] {
        assert_eq!(parse_day(text), None, "{text}");
    }
}

#[test]
fn an_empty_birth_form_names_what_is_missing_and_nothing_else() {
    let birth = catalogue::find("1.001193").expect("khai sinh");
    let errors = check(birth, &BTreeMap::new(), today()).expect_err("empty");
    let required = birth.fields().filter(|field| field.required && field.when.is_none()).count();
    assert_eq!(errors.len(), required);
    assert!(errors.iter().all(|error| error.code == "required"));
}
