//! Sending a file to a browser without letting it do anything.

use crate::kind::Kind;
use crate::store::{File, FileStore, unreadable};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use types::Result;

/// The bytes of `file`; shown in the browser when that is harmless, otherwise downloaded.
/// Whether the person may see it is the caller's question.
pub async fn serve(store: &FileStore, file: &File) -> Result<Response> {
    let bytes = tokio::fs::read(store.path(&file.hash)).await.map_err(|e| unreadable(&file.hash, &e))?;
    Ok(download(&file.name, &file.media_type, bytes))
}

/// Bytes made for this request, such as a print.
pub fn download(name: &str, media_type: &str, bytes: impl Into<Body>) -> Response {
    let how = if Kind::shown_inline(media_type) { "inline" } else { "attachment" };
    let encoded: String = name.bytes().map(percent).collect();
    let disposition = format!("{how}; filename*=UTF-8''{encoded}");
    let mut response = bytes.into().into_response();
    let headers = response.headers_mut();
    for (key, value) in [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(key, value);
        }
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // A citizen's file is data: it may draw itself and nothing else.
    let policy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox";
    if media_type != "application/pdf" {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    response
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
