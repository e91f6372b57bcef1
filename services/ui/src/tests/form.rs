//! Forms keep what was typed and say each mistake twice.

use super::markup::Markup;
use crate::*;
use types::Error;

fn all_kinds(form: &FormState) -> String {
    let fields = [
        Field::text("name", "Họ và tên").hint("Có dấu.").of(form),
        Field::digits("party[0].identity", "Số định danh").of(form),
        Field::date("born", "Ngày sinh").of(form),
        Field::radios("sex", "Giới tính", [("male", "Nam"), ("female", "Nữ")]).of(form),
        Field::select("people", "Dân tộc", [("thai", "Thái"), ("tay", "Tày")]).of(form),
        Field::checkboxes("receive", "Nhận kết quả", [("sms", "Tin nhắn"), ("post", "Bưu điện")]).of(form),
        Field::checkbox("agree", "Cam đoan").of(form),
        Field::textarea("note", "Ghi chú", 3).of(form),
        Field::file("scan", "Bản chụp", ".pdf").of(form),
        Field::password("secret", "Mật khẩu").of(form),
    ];
    let fields: String = fields.iter().map(ToString::to_string).collect();
    format!("{}{fields}", ErrorSummary::of(form))
}

const NAMES: [&str; 10] =
    ["name", "party[0].identity", "born", "sex", "people", "receive", "agree", "note", "scan", "secret"];

#[test]
fn every_mistake_links_to_an_element_that_exists() {
    let mut form = FormState::sent(Lang::Vi, [("name", "")]);
    for name in NAMES {
        form.refuse(name, "missing", format!("Nhập {name}"));
    }
    let html = all_kinds(&form);
    let markup = Markup::new(&html);
    assert_eq!(markup.values("href").len(), NAMES.len());
    markup.check_references();
    for name in NAMES {
        assert_eq!(html.matches(&format!("Nhập {name}")).count(), 2, "{name}: in the summary and at the field");
    }
    assert!(html.contains("Còn 10 chỗ cần sửa"));
}

#[test]
fn what_was_typed_is_kept_and_escaped_but_for_passwords() {
    let form = FormState::sent(
        Lang::Vi,
        [
            ("name", "Đặng Đình \"Ưởng\" <script>"),
            ("born.day", "31"),
            ("born.month", "11"),
            ("born.year", "26"),
            ("sex", "female"),
            ("people", "tay"),
            ("receive", "post"),
            ("agree", "1"),
            ("note", "Nhà có\n2 con"),
            ("secret", "không ai biết"),
        ],
    );
    let html = all_kinds(&form);
    assert!(html.contains(r#"value="Đặng Đình &#34;Ưởng&#34; &#60;script&#62;""#), "{html}");
    assert!(
        html.contains(
            r#"name="born.year" type="text" inputmode="numeric" maxlength="4" autocomplete="off" value="26""#
        )
    );
    assert!(html.contains(r#"value="female" checked"#) && !html.contains(r#"value="male" checked"#));
    assert!(html.contains(r#"value="tay" selected"#));
    assert!(html.contains(r#"value="post" checked"#) && !html.contains(r#"value="sms" checked"#));
    assert!(html.contains(r#"value="1" checked"#));
    assert!(html.contains("Nhà có\n2 con</textarea>"));
    assert!(!html.contains("không ai biết"));
}

#[test]
fn a_sent_form_wins_over_what_stood_in_the_field() {
    let field = || Field::checkbox("agree", "Cam đoan").value("1");
    let fresh = FormState::new(Lang::Vi);
    assert!(field().of(&fresh).to_string().contains(" checked"));
    let sent = FormState::sent(Lang::Vi, [("name", "Lò Thị Mẩy")]);
    assert!(!field().of(&sent).to_string().contains(" checked"), "the box was unticked");
}

#[test]
fn the_title_says_first_that_something_is_wrong() {
    let mut form = FormState::sent(Lang::Vi, [("name", "")]);
    assert_eq!(form.title("Thông tin của trẻ"), "Thông tin của trẻ");
    form.refuse("name", "missing", "Nhập họ tên");
    assert_eq!(form.title("Thông tin của trẻ"), "Lỗi: Thông tin của trẻ");
    let mut english = FormState::new(Lang::En);
    english.refuse("name", "missing", "Enter a name");
    assert_eq!(english.title("The child"), "Error: The child");
    assert!(ErrorSummary::of(&english).to_string().contains("There is 1 problem"));
}

#[test]
fn refusals_of_verbs_are_shown_and_other_errors_are_given_back() {
    let mut form = FormState::new(Lang::Vi);
    form.absorb(Error::invalid("name", "Nhập họ tên")).expect("about the input");
    form.absorb(Error::conflict("Hồ sơ đã rút, không trả được")).expect("about the state");
    let codes: Vec<_> = form.problems().iter().map(|p| (p.field.as_str(), p.code.as_ref())).collect();
    assert_eq!(codes, [("name", "invalid"), ("", "conflict")]);
    assert!(!form.is_unavailable());
    form.absorb(Error::Busy("Máy chủ đang bận".to_owned())).expect("can be sent again");
    form.absorb(Error::unavailable("Máy chủ không ghi được tệp", "no space left")).expect("can be sent again");
    assert!(form.is_unavailable());
    assert!(!ErrorSummary::of(&form).to_string().contains("no space left"), "the inward half is for the log");
    assert!(form.absorb(Error::SignedOut).is_err());
    let json = serde_json::to_value(form.problems()).expect("plain data");
    assert_eq!(json[0], serde_json::json!({"field": "name", "code": "invalid", "message": "Nhập họ tên"}));
}

#[test]
fn dates_are_read_leniently_but_never_guessed() {
    let read = |day, month, year| DateEntry::new(day, month, year).read();
    let wedding = read("7", " 11 ", "2026").expect("a day");
    assert_eq!(format::date(wedding), "07/11/2026");
    assert_eq!(DateEntry::of(wedding), DateEntry::new("7", "11", "2026"));
    assert_eq!(read("31", "11", "2026"), Err(DatePart::Day));
    assert_eq!(read("29", "2", "2025"), Err(DatePart::Day));
    assert_eq!(read("1", "13", "2025"), Err(DatePart::Month));
    assert_eq!(read("1", "1", "26"), Err(DatePart::Year));
    assert_eq!(read("+1", "1", "2026"), Err(DatePart::Day));
    assert_eq!(read("", "1", "2026"), Err(DatePart::Day));
    assert!(DateEntry::new(" ", "", "").is_empty());
    let form = FormState::sent(Lang::Vi, [("born.day", "7"), ("born.month", "11"), ("born.year", "2026")]);
    assert_eq!(form.date("born").read(), Ok(wedding));
    assert!(form.date("died").is_empty());
}
