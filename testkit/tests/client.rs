//! The persona behaves as a browser does.

use axum::Router;
use axum::extract::{Form, Multipart};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use serde_json::json;
use std::collections::BTreeMap;
use testkit::{Client, Part};

const PAGE: &str = r#"<!doctype html><title>Nhà Việc</title><h1>Tiếp  nhận
    hồ sơ</h1><ul><li class="a">Lò Thị Mẩy</li><li>Chẩu Thị Xuyến Chi</li></ul>
    <form id="gui" method="post" action="/gui"><input type="hidden" name="ma" value="cmd-0001"><input name="ten" value="">
    <select name="cap"><option value="1">Xã</option><option value="2" selected>Tỉnh</option></select>
    <textarea name="ghi_chu">cũ</textarea><input type="checkbox" name="dong_y" value="co">
    <input name="khoa" value="x" disabled><button name="nut" value="gui">Gửi</button></form>
    <form id="tep" method="post" action="/tep" enctype="multipart/form-data"><input type="hidden" name="ma" value="m"><input type="file" name="anh"></form>"#;

fn router() -> Router {
    Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/gui", post(|Form(fields): Form<BTreeMap<String, String>>| async move { axum::Json(fields) }))
        .route("/tep", post(parts))
        .route("/vao", post(|| async { ([(header::SET_COOKIE, "phien=abc; Path=/; HttpOnly")], Redirect::to("/")) }))
        .route("/ra", post(|| async { ([(header::SET_COOKIE, "phien=; Max-Age=0")], Redirect::to("/")) }))
        .route("/toi", get(|headers: HeaderMap| async move { axum::Json(said(&headers)) }))
        .route("/khong", get(|| async { (StatusCode::NOT_FOUND, "Không tìm thấy").into_response() }))
}

fn said(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

async fn parts(mut form: Multipart) -> String {
    let mut seen = Vec::new();
    while let Some(field) = form.next_field().await.unwrap() {
        let head = format!("{:?} {:?} {:?}", field.name(), field.file_name(), field.content_type());
        seen.push(format!("{head} {}", field.bytes().await.unwrap().len()));
    }
    seen.join("\n")
}

#[test]
fn a_page_is_asked_by_selectors() {
    let page = Client::new(&router()).get("/").assert_status(200).page();
    assert_eq!(page.text("h1"), "Tiếp nhận hồ sơ");
    assert_eq!(page.texts("li"), ["Lò Thị Mẩy", "Chẩu Thị Xuyến Chi"]);
    assert_eq!(page.count("li.a"), 1);
    assert_eq!(page.attribute("li.a", "class").as_deref(), Some("a"));
}

#[test]
fn a_form_is_sent_as_it_stands_with_what_was_typed() {
    let mut client = Client::new(&router());
    let form = client.get("/").page().form("#gui");
    assert_eq!(form.value("ma"), Some("cmd-0001"));
    let sent = client.submit(&form.set("ten", "Đặng Đình Ưởng & con").press("nut", "gui")).assert_status(200).json();
    assert_eq!(
        sent,
        json!({"ma": "cmd-0001", "ten": "Đặng Đình Ưởng & con", "cap": "2", "ghi_chu": "cũ", "nut": "gui"})
    );
    let ticked = client.get("/").page().form("#gui").set("dong_y", "co").set("ghi_chu", "mới\n+1");
    let sent = client.submit(&ticked).json();
    assert_eq!((&sent["dong_y"], &sent["ghi_chu"]), (&json!("co"), &json!("mới\n+1")));
}

#[test]
fn files_go_with_their_names() {
    let mut client = Client::new(&router());
    let form = client.get("/").page().form("#tep").attach(Part::file(
        "anh",
        "giấy \"tờ\".pdf",
        "application/pdf",
        b"%PDF-1.7",
    ));
    let seen = client.submit(&form).assert_status(200).text();
    assert_eq!(seen, "Some(\"ma\") None None 1\nSome(\"anh\") Some(\"giấy %22tờ%22.pdf\") Some(\"application/pdf\") 8");
}

#[test]
fn cookies_are_kept_and_dropped_and_redirects_not_followed() {
    let mut client = Client::new(&router());
    client.post("/vao", &[]).assert_leads_to("/");
    assert_eq!(client.cookie("phien"), Some("abc"));
    assert_eq!(client.get("/toi").json()["cookie"], "phien=abc");
    let mut other = client.clone();
    client.post("/ra", &[]).assert_leads_to("/");
    assert_eq!(client.get("/toi").json().get("cookie"), None);
    assert_eq!(other.get("/toi").json()["cookie"], "phien=abc", "another window goes on");
}

#[test]
fn it_says_what_a_browser_says_unless_told_otherwise() {
    let mut client = Client::new(&router()).bearer("thẻ-1".replace('ẻ', "e").as_str());
    let said = client.get("/toi").json();
    assert_eq!((&said["host"], &said["sec-fetch-site"]), (&json!("nhaviec.test"), &json!("same-origin")));
    assert_eq!(said["authorization"], "Bearer the-1");
    let mut stranger = client.header("sec-fetch-site", "cross-site");
    assert_eq!(stranger.get("/toi").json()["sec-fetch-site"], "cross-site");
}

#[test]
#[should_panic(expected = "GET /khong answered 404, not 200")]
fn a_wrong_status_shows_the_page() {
    Client::new(&router()).get("/khong").assert_status(200);
}

#[test]
#[should_panic(expected = "the form has no field so_dien_thoai")]
fn a_field_that_is_not_there_cannot_be_typed_into() {
    let _ = Client::new(&router()).get("/").page().form("#gui").set("so_dien_thoai", "0912");
}
