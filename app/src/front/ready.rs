//! `/readyz`: whether this node can serve now; where it cannot, a word for each reason.
//!
//! `/healthz` says that the process lives, and a supervisor starts a dead one again. Here a balancer reads whether to send
//! people to this node: one whose schema is another's lives and must not get any.

use super::read_soon;
use crate::{modules, os};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{migrate, params};
use tokio::sync::Mutex;
use types::Error;
use web::{Ctx, House};

/// Anybody may ask, and a look costs some statements: so long the last one is good, and one at a time looks.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// Why a node is not ready: nothing by which it could be attacked.
type Reasons = Vec<&'static str>;

/// What this node last found of itself. Cheap to clone.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Mutex<Option<(Instant, Reasons)>>>);

/// `GET /readyz`
pub async fn answer(ctx: Ctx) -> Response {
    let readiness: Readiness = ctx.house.service();
    let reasons = readiness.reasons(&ctx.house).await;
    if reasons.is_empty() {
        return "ready\n".into_response();
    }
    let words: String = reasons.iter().flat_map(|reason| [*reason, "\n"]).collect();
    (StatusCode::SERVICE_UNAVAILABLE, words).into_response()
}

impl Readiness {
    async fn reasons(&self, house: &House) -> Reasons {
        let mut last = self.0.lock().await;
        if let Some((at, reasons)) = last.as_ref()
            && at.elapsed() < GOOD_FOR
        {
            return reasons.clone();
        }
        let reasons = look(house).await;
        *last = Some((Instant::now(), reasons.clone()));
        reasons
    }
}

async fn look(house: &House) -> Reasons {
    let data = house.settings().data.clone();
    let (database, data) = tokio::join!(of_database(house), of_data(data));
    let lease = if house.store().node().is_none() { Some("lease") } else { None };
    [database, lease, data].into_iter().flatten().collect()
}

/// What is wrong with the database: it does not answer, has too much to do, or another schema than this program's.
async fn of_database(house: &House) -> Option<&'static str> {
    let asked = read_soon(house.store(), |reader| {
        reader.one::<(i64,)>("SELECT count(*) FROM installation", params![])?;
        Ok(migrate::verify(reader, &modules::migrations()).is_ok())
    });
    match asked.await {
        Ok(true) => None,
        Ok(false) => Some("schema"),
        Err(Error::Busy(_)) => Some("busy"),
        Err(_) => Some("database"),
    }
}

/// What is wrong with the folder of files: it is gone, read-only or full, or its disk hangs.
async fn of_data(data: PathBuf) -> Option<&'static str> {
    let looked = tokio::task::spawn_blocking(move || os::takes_files(&data));
    match tokio::time::timeout(super::PATIENCE, looked).await {
        Ok(Ok(true)) => None,
        _ => Some("data"),
    }
}
