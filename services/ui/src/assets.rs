//! The files that pages load: style sheets, scripts, icons, fonts. They are inside the executable, already compressed,
//! under names that change with their content, so that browsers may keep them for ever.

use crate::licences::Licence;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Where the files are served: mount [`serve`] at `/assets/{file}`.
pub const PREFIX: &str = "/assets/";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets/dist"]
struct Dist;

/// One file as `manifest.json` describes it.
#[derive(Debug, Deserialize)]
pub struct Asset {
    /// The name with the content's hash.
    pub file: String,
    /// The content type.
    #[serde(rename = "type")]
    pub content_type: String,
    /// Size in bytes, uncompressed.
    pub bytes: usize,
    /// Size with Brotli, where it is compressed.
    pub br: Option<usize>,
    /// Size with gzip, where it is compressed.
    pub gz: Option<usize>,
    /// `/assets/` and the file name.
    #[serde(skip)]
    url: String,
}

#[derive(Deserialize)]
struct Manifest {
    files: HashMap<String, Asset>,
    licences: Vec<Licence>,
}

static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
    let file = Dist::get("manifest.json").expect("build.rs saw assets/dist/manifest.json");
    let mut manifest: Manifest = serde_json::from_slice(&file.data).expect("build.mjs writes a whole manifest");
    for asset in manifest.files.values_mut() {
        asset.url = format!("{PREFIX}{}", asset.file);
    }
    manifest
});

/// The address of a file by its plain name: `url("desk.css")` is `/assets/desk.1f0c….css`.
///
/// # Panics
/// Where the asset build made no such file: a mistake of ours that every page test meets at once.
pub fn url(name: &str) -> &'static str {
    &asset(name).unwrap_or_else(|| panic!("the asset build made no file called {name}")).url
}

/// What the manifest says of a file, by its plain name.
pub fn asset(name: &str) -> Option<&'static Asset> {
    MANIFEST.files.get(name)
}

/// Whether the build made a file of this hashed name.
#[cfg(test)]
pub(crate) fn is_file(file: &str) -> bool {
    MANIFEST.files.values().any(|asset| asset.file == file)
}

/// The licences of what is shipped to browsers.
pub(crate) fn licences() -> &'static [Licence] {
    &MANIFEST.licences
}

/// How a file travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// The best the browser takes; `br;q=0` is a refusal.
    fn accepted(headers: &HeaderMap, asset: &Asset) -> Self {
        let accept = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        let takes = |name: &str| {
            accept.split(',').any(|item| {
                let mut parts = item.split(';').map(str::trim);
                parts.next() == Some(name)
                    && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        match () {
            () if asset.br.is_some() && takes("br") => Self::Brotli,
            () if asset.gz.is_some() && takes("gzip") => Self::Gzip,
            () => Self::Identity,
        }
    }
}

/// Answers `GET /assets/{file}`. A name with another hash is gone for good: 404, never another version's content.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response<Body> {
    match MANIFEST.files.values().find(|asset| asset.file == file) {
        Some(asset) => answer(asset, Coding::accepted(&headers, asset)),
        None => plain(StatusCode::NOT_FOUND),
    }
}

fn answer(asset: &Asset, coding: Coding) -> Response<Body> {
    let (ending, name) = match coding {
        Coding::Brotli => (".br", Some("br")),
        Coding::Gzip => (".gz", Some("gzip")),
        Coding::Identity => ("", None),
    };
    let Some(content) = Dist::get(&format!("{}{ending}", asset.file)) else {
        return plain(StatusCode::NOT_FOUND);
    };
    let body = match content.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&asset.content_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Some(name) = name {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
