//! Serves the style page and a few whole pages of a fictional commune, as a crate above `ui` would write them.
//! The browser tests start it: `cargo run -p ui --example showcase -- [port]`. Prints its address.

mod citizen;
mod desk;

use axum::Router;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use std::collections::HashMap;
use tower_http::compression::CompressionLayer;
use ui::{Container, Lang, LicencePage, Shell, Surface, sample_shell, style_page};

type Choice = Query<HashMap<String, String>>;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0u16);
    let pages = Router::new()
        .route("/kieu-dang", get(|choice: Choice| style(Surface::Citizen, choice)))
        .route("/kieu-dang/can-bo", get(|choice: Choice| style(Surface::Desk, choice)).post(refused))
        // How long the session lasts, which a page asks for while a form on it is filled in.
        .route("/tai-khoan/phien/con-lai", get(|| async { "1800" }))
        .route("/kieu-dang/ban-in", get(|choice: Choice| style(Surface::Print, choice)))
        .route("/", get(|| async { answer(&citizen::home_shell(), &citizen::Home::new().to_string()) }))
        .route("/thu-tuc", get(|| async { answer(&citizen::procedure_shell(), &citizen::Procedure.to_string()) }))
        .route("/ho-so", get(|| async { answer(&desk::queue_shell(), &desk::Queue::new().to_string()) }))
        .route("/ho-so/0042", get(|| async { answer(&desk::dossier_shell(), &desk::Dossier::new().to_string()) }))
        .route("/giay-phep", get(licences))
        .layer(CompressionLayer::new())
        .route("/assets/{file}", get(ui::assets::serve));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, pages).await
}

async fn style(surface: Surface, Query(choice): Choice) -> impl IntoResponse {
    let lang = choice.get("lang").and_then(|code| Lang::from_code(code)).unwrap_or_default();
    answer(&sample_shell(surface, lang, "Kiểu dáng"), &style_page(surface))
}

/// What a form with mistakes is answered with.
async fn refused(form: axum::body::Bytes) -> impl IntoResponse {
    let mut shell = sample_shell(Surface::Desk, Lang::Vi, "Lỗi: Kiểu dáng");
    shell.flash = Some(ui::Flash::new(ui::Tone::Danger, format!("Đã nhận {} byte, chưa lưu.", form.len())));
    (StatusCode::UNPROCESSABLE_ENTITY, answer(&shell, &style_page(Surface::Desk)))
}

async fn licences() -> impl IntoResponse {
    let body = ui::Page.around(ui::Html::from(ui::PageHead::new("Giấy phép")).and(LicencePage::new()));
    answer(&sample_shell(Surface::Citizen, Lang::Vi, "Giấy phép"), body.as_str())
}

fn answer(shell: &Shell, body: &str) -> impl IntoResponse + use<> {
    ([(header::CONTENT_SECURITY_POLICY, ui::csp::POLICY)], Html(shell.wrap(body)))
}
