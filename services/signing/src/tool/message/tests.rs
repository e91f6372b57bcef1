//! Messages of the tool: exactly its keys out, nothing but its kinds in.

use super::*;

#[test]
fn a_request_has_exactly_the_keys_of_the_tool() {
    let mut request = Request::new("https://xa.test/f?t=A".to_owned(), "https://xa.test/u?t=B".to_owned());
    assert_eq!(
        request.to_json().unwrap(),
        r#"{"FileUploadHandler":"https://xa.test/u?t=B","SessionId":"","JWTToken":"","FileName":"https://xa.test/f?t=A","MetaData":[],"DocNumber":"","IssuedDate":""}"#
    );
    request.meta_data.push(MetaData { key: "k".to_owned(), value: "v\"é".to_owned() });
    request.number = "12/UBND-VX".to_owned();
    request.issued = Some(Day("2026-11-20".parse().unwrap()));
    let json = request.to_json().unwrap();
    let end =
        r#""MetaData":[{"Key":"k","Value":"v\"é"}],"DocNumber":"12/UBND-VX","IssuedDate":"2026-11-20T00:00:00+07:00"}"#;
    assert!(json.ends_with(end), "{json}");
}

#[test]
fn a_receipt_reads_what_it_writes() {
    let receipt = Receipt::taken("a.pdf".to_owned(), "https://xa.test/a".to_owned());
    let json = serde_json::to_string(&receipt).unwrap();
    assert_eq!(json, r#"{"Status":true,"Message":"","FileName":"a.pdf","FileServer":"https://xa.test/a"}"#);
    assert_eq!(serde_json::from_str::<Receipt>(&json).unwrap(), receipt);
    assert!(!Receipt::refused("Không nhận.".to_owned()).taken);
    for bad in [r#"{"Status":1,"Message":"","FileName":"","FileServer":""}"#, r#"{"Status":true}"#, "[]"] {
        assert!(serde_json::from_str::<Receipt>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_success_is_read() {
    let said = r#"{"Status":0,"Message":"","FileName":"a.pdf","FileServer":"https://xa.test/a","DocumentNumber":"12/UBND-VX","DocumentDate":null,"New":[1]}"#;
    let callback = Callback::read(said).unwrap();
    assert_eq!((&*callback.file, &*callback.number, &*callback.date), ("a.pdf", "12/UBND-VX", ""));
    assert_eq!(Callback::read(r#"{"Status":0}"#), Ok(Callback::default()));
}

#[test]
fn a_failure_is_told_with_the_words_of_the_tool_cut_to_one_line() {
    let said = format!(r#"{{"Status":13,"Message":"Hủy\n\u001b[31m{}"}}"#, "x".repeat(1000));
    let Err(CallbackError::Failed { status: 13, message }) = Callback::read(&said) else { panic!("failed") };
    assert!(message.starts_with("Hủy[31mx") && message.chars().count() == 300);
    assert!(Callback::read(&said).unwrap_err().to_string().contains("USB ký số"));
}

#[test]
fn hostile_answers_are_refused() {
    let deep = "[".repeat(50_000);
    let long = format!(r#"{{"Status":0,"Message":"{}"}}"#, "x".repeat(MESSAGE_BYTES_MAX));
    let bad = [
        "",
        "null",
        "{}",
        "0",
        r#"{"Status":"0"}"#,
        r#"{"Status":0.5}"#,
        r#"{"Status":99999999999999999999}"#,
        r#"{"Status":true}"#,
        r#"{"Status":1,"Status":0}"#,
        r#"{"status":0}"#,
        r#"{"Status":0,"FileName":7}"#,
        r#"{"Status":0} {"Status":0}"#,
        &deep,
        &long,
    ];
    for said in bad {
        assert!(matches!(Callback::read(said), Err(CallbackError::Unreadable(_))), "{}", &said[..said.len().min(80)]);
    }
}
