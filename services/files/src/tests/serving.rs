//! What a browser is told of a file that it is given.

use crate::Kind;
use crate::serve::download;
use http::header;

/// The one value of a header.
fn told(response: &axum::response::Response, name: header::HeaderName) -> String {
    let values: Vec<_> = response.headers().get_all(name).iter().collect();
    assert!(values.len() <= 1, "{values:?}");
    values.first().map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn a_name_cannot_leave_its_header() {
    for (name, encoded) in [
        ("Giấy chứng sinh.pdf", "Gi%E1%BA%A5y%20ch%E1%BB%A9ng%20sinh.pdf"),
        ("a\"; filename=\"x.hta", "a%22%3B%20filename%3D%22x.hta"),
        ("a\r\nSet-Cookie: x=1.png", "a%0D%0ASet-Cookie%3A%20x%3D1.png"),
        ("đơn;*%'.docx", "%C4%91%C6%A1n%3B%2A%25%27.docx"),
    ] {
        let response = download(name, Kind::Docx.media_type(), "bytes");
        let said = told(&response, header::CONTENT_DISPOSITION);
        assert_eq!(said, format!("attachment; filename*=UTF-8''{encoded}"), "{name:?}");
        assert!(!response.headers().contains_key(header::SET_COOKIE));
    }
}

#[test]
fn a_file_draws_itself_and_does_nothing_else() {
    for kind in [Kind::Pdf, Kind::Jpeg, Kind::Png, Kind::Webp, Kind::Docx, Kind::Xlsx] {
        let response = download("tep", kind.media_type(), "bytes");
        assert_eq!(told(&response, header::CONTENT_TYPE), kind.media_type());
        assert_eq!(told(&response, header::CACHE_CONTROL), "private, no-store");
        let how = if matches!(kind, Kind::Docx | Kind::Xlsx) { "attachment; " } else { "inline; " };
        assert!(told(&response, header::CONTENT_DISPOSITION).starts_with(how), "{kind:?}");
        // A PDF has the policy of every answer: browsers draw none in a sandbox.
        let policy = told(&response, header::CONTENT_SECURITY_POLICY);
        assert_eq!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), kind != Kind::Pdf, "{policy}");
    }
    for page in ["text/html", "image/svg+xml", "application/xhtml+xml"] {
        assert!(!Kind::shown_inline(page), "{page}");
    }
}
