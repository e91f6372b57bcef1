//! The front of the house: what belongs to no system. Assets, licences, the style page, what a node tells of itself, and
//! the shell's drawing.

pub mod draw;
mod exposition;
mod licences;
pub(crate) mod metrics;
pub(crate) mod ready;
mod trust;

use crate::tls::plain;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::time::Duration;
use store::{Migration, Reader, Store, params};
use tokio::runtime::Handle;
use types::{Error, Result};
use web::{Allow, Ctx, Module, Outcome, Page, Query, Routes, Sample};

/// The front as a module.
pub static MODULE: Module = Module {
    name: "front",
    title: "Trang chung",
    migrations: &[Migration::new(1, "create_installation", include_str!("../migrations/0001_create_installation.sql"))],
    permissions: &[],
    routes,
    navigation: &[],
    indicators: &[],
    jobs: &[],
    events: &[],
    listeners: &[],
    samples,
    checks: &[web::Check { title: "Tài khoản thử chỉ có trong bản dùng thử", run: demo_accounts }],
    keeps: &[],
    sealed: &[],
    reindex: None,
};

fn routes() -> Routes {
    Routes::new()
        .get("/assets/{file}", ui::assets::serve, Allow::anyone("style sheets, scripts and fonts of every page"))
        .get(
            plain::PAGE,
            trust::show,
            Allow::anyone("whoever is to trust this server reads how before they can sign in"),
        )
        .get(plain::FILE, trust::give, Allow::anyone("a certificate is made to be shown to everybody"))
        .get("/giay-phep", show_licences, Allow::anyone("the licences of what we ship must be readable"))
        .get("/kieu-dang", style_page, Allow::anyone("the style page shows invented data only"))
        .get("/healthz", health, Allow::anyone("a proxy asks whether this node lives; it learns nothing else"))
        .get("/readyz", ready::answer, Allow::anyone("a proxy asks whether to send people here; it learns a word"))
        .get("/metrics", metrics::answer, Allow::anyone("the handler itself asks for the watcher's token"))
}

async fn show_licences() -> Page {
    licence_page()
}

fn licence_page() -> Page {
    Page::citizen("Giấy phép", ui::LicencePage::new().and(licences::licences()))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    mat: Option<String>,
}

async fn style_page(Query(asked): Query<Asked>) -> Page {
    if asked.mat.as_deref() == Some("ban-lam-viec") {
        Page::desk("Kiểu dáng", ui::style_page(ui::Surface::Desk))
    } else {
        Page::citizen("Kiểu dáng", ui::style_page(ui::Surface::Citizen))
    }
}

/// Answers once the database does.
async fn health(ctx: Ctx) -> Outcome<Response> {
    read_soon(ctx.store(), |r| r.one::<(i64,)>("SELECT count(*) FROM installation", params![])).await?;
    Ok("ok\n".into_response())
}

/// How long whoever watches the node waits for its database.
const PATIENCE: Duration = Duration::from_secs(3);

/// Reads for whoever watches, who learns in time that the database hangs. The read has a thread of its own: on SQLite it
/// runs where it is asked for, and a disk that hangs would hold that one.
async fn read_soon<T, F>(store: &Store, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Reader<'_>) -> Result<T> + Send + 'static,
{
    let (store, here) = (store.clone(), Handle::current());
    let reading = tokio::task::spawn_blocking(move || here.block_on(store.read(work)));
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(ended)) => Err(Error::internal(format!("a read ended: {ended}"))),
        Err(_) => Err(Error::unavailable("Cơ sở dữ liệu chưa trả lời kịp.", "a read takes too long")),
    }
}

/// The row of `installation` that says which command made the database.
pub const MADE_BY: &str = "made_by";

/// Whether `nhaviec demo` made this database.
pub fn is_demo(reader: &mut Reader<'_>) -> Result<bool> {
    let found: Option<(String,)> =
        reader.opt("SELECT value FROM installation WHERE name = 'made_by' AND value = 'demo'", params![])?;
    Ok(found.is_some())
}

/// Demo accounts are known by their ending; in a real installation there may be none.
pub use directory::account::DEMO_ENDING;

fn demo_accounts(reader: &mut Reader<'_>, _: &web::Settings) -> Result<Vec<String>> {
    stray_demo_accounts(reader)
}

/// Sentences about demo accounts in a database that `nhaviec demo` did not make.
pub fn stray_demo_accounts(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    if is_demo(reader)? {
        return Ok(Vec::new());
    }
    let names: Vec<(String,)> = reader
        .all("SELECT username FROM account WHERE username LIKE '%.demo' ORDER BY username LIMIT 20", params![])?;
    Ok(names.into_iter().map(|(name,)| format!("Tài khoản thử «{name}» có trong một hệ thống thật.")).collect())
}

fn samples() -> Vec<Sample> {
    let mut samples = trust::samples();
    samples.extend([
        Sample { name: "licences", page: licence_page() },
        Sample { name: "style/citizen", page: Page::citizen("Kiểu dáng", ui::style_page(ui::Surface::Citizen)) },
        Sample { name: "style/desk", page: Page::desk("Kiểu dáng", ui::style_page(ui::Surface::Desk)) },
    ]);
    samples
}
