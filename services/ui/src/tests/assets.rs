//! The files are there, small enough, and travel as the browser wants them.

use crate::assets::{asset, serve, url};
use crate::{Icon, icon, licences};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};

async fn get(file: &str, accept: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, accept.parse().expect("a header"));
    let response = serve(Path(file.to_owned()), headers).await;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    (parts.status, parts.headers, body.to_vec())
}

/// A file's text, for other tests.
pub fn text(name: &str) -> String {
    let file = asset(name).expect("a file of the build").file.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (_, _, body) = runtime.block_on(get(&file, ""));
    String::from_utf8(body).expect("text")
}

#[tokio::test]
async fn a_file_travels_in_the_best_coding_the_browser_takes() {
    let css = asset("citizen.css").expect("a style sheet");
    for (accept, coding, length) in [
        ("gzip, deflate, br", Some("br"), css.br.expect("compressed")),
        ("gzip", Some("gzip"), css.gz.expect("compressed")),
        ("br;q=0, gzip;q=0.5", Some("gzip"), css.gz.expect("compressed")),
        ("", None, css.bytes),
        ("identity, x-br", None, css.bytes),
    ] {
        let (status, headers, body) = get(&css.file, accept).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers.get(header::CONTENT_ENCODING).map(|v| v.to_str().expect("ascii")), coding, "{accept}");
        assert_eq!(body.len(), length, "{accept}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[header::VARY], "accept-encoding");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

#[tokio::test]
async fn fonts_are_not_compressed_twice_and_other_names_are_not_found() {
    let font = asset("inter-latin.woff2").expect("a font");
    let (_, headers, body) = get(&font.file, "br").await;
    assert_eq!(headers.get(header::CONTENT_ENCODING), None);
    assert_eq!((&headers[header::CONTENT_TYPE], body.len()), (&"font/woff2".parse().expect("a header"), font.bytes));
    for name in ["citizen.css", "citizen.000000000000.css", "manifest.json", "../Cargo.toml"] {
        assert_eq!(get(name, "br").await.0, StatusCode::NOT_FOUND, "{name}");
    }
}

#[test]
fn names_change_with_content() {
    let address = url("desk.css");
    assert!(address.starts_with("/assets/desk.") && address.ends_with(".css") && address.len() == 29, "{address}");
}

#[test]
fn style_sheets_name_only_files_that_exist() {
    for name in ["citizen.css", "desk.css", "print.css"] {
        let css = text(name);
        assert!(!css.contains("asset:") && !css.contains("@import"), "{name}");
        for part in css.split("url(").skip(1).filter(|part| !part.starts_with("\"data:") && !part.starts_with("data:"))
        {
            let file = part.split(')').next().unwrap_or("").trim_matches('"');
            assert!(crate::assets::is_file(file), "{name} names {file}");
        }
    }
}

#[test]
fn every_icon_is_in_the_sprite() {
    let sprite = text("icons.svg");
    for icon in Icon::ALL {
        assert!(sprite.contains(&format!("<symbol id=\"{}\"", icon.name())), "{}", icon.name());
        assert_eq!(crate::icon(icon.name()), Some(*icon));
    }
    assert_eq!(icon("không có"), None);
}

#[test]
fn what_citizens_load_stays_small() {
    let compressed = |name: &str| {
        let asset = asset(name).expect("a file of the build");
        asset.br.unwrap_or(asset.bytes)
    };
    assert!(compressed("citizen.css") <= 15 * 1024, "citizen.css is {} bytes", compressed("citizen.css"));
    assert!(compressed("icons.svg") <= 5 * 1024, "icons.svg is {} bytes", compressed("icons.svg"));
    assert!(compressed("desk.js") <= 5 * 1024, "desk.js is {} bytes", compressed("desk.js"));
}

#[test]
fn the_licences_of_what_is_shipped_are_whole() {
    let names: Vec<&str> = licences().iter().map(|licence| licence.name.as_str()).collect();
    assert_eq!(names, ["@digdir/designsystemet-css", "htmx.org", "lucide-static", "Be Vietnam Pro", "Inter"]);
    for licence in licences() {
        assert!(!licence.version.is_empty() && !licence.licence.is_empty());
        assert!(licence.text.len() > 300, "{}: the full text", licence.name);
    }
}
