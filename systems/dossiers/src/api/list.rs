//! GET /api/v1/dossiers : finding dossiers, newest first, a page at a time.

use super::shown::{ApiId, StatusWord};
use crate::access;
use crate::dossier::Dossier;
use crate::lists::{self, Filter, From};
use crate::looked;
use crate::services::Services;
use crate::status::Status;
use axum::Json;
use directory::UnitTree;
use serde::{Deserialize, Serialize};
use types::{Day, Error, Id, Result, Timestamp};
use utoipa::{IntoParams, ToSchema};
use web::api::ApiError;
use web::{Ctx, Outcome, Query};

const LIMIT: usize = 50;
const LIMIT_MAX: usize = 200;

/// What is looked for; everything given must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// A code (or its beginning), a receipt's number or link, an identity number, a phone number, or words of the name and request.
    q: Option<String>,
    /// A status by its word.
    #[param(value_type = Option<StatusWord>)]
    status: Option<String>,
    /// A procedure's code.
    procedure: Option<String>,
    /// A unit by its electronic identifier or id: its dossiers and those of the units below.
    unit: Option<String>,
    /// First day of receipt, `2026-11-21`.
    from: Option<String>,
    /// Last day of receipt.
    to: Option<String>,
    /// Rows of a page: 50 when not said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page begins: `next` of the page before.
    after: Option<String>,
}

/// A page of dossiers.
#[derive(Debug, Serialize, ToSchema)]
pub struct DossierPage {
    dossiers: Vec<ListedDossier>,
    /// Give it back as `after` for the next page; none on the last one.
    next: Option<String>,
}

/// A dossier in a list: no personal numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedDossier {
    #[schema(value_type = ApiId)]
    id: Id,
    code: String,
    procedure: String,
    #[schema(value_type = ApiId)]
    unit: Id,
    status: StatusWord,
    applicant_name: String,
    /// The request in one line.
    summary: String,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    outcome: Option<String>,
}

impl std::convert::From<Dossier> for ListedDossier {
    fn from(d: Dossier) -> Self {
        Self {
            id: d.id,
            code: d.code,
            procedure: d.procedure_code,
            unit: d.unit,
            status: d.status.into(),
            applicant_name: d.applicant.name,
            summary: d.summary,
            received_at: d.received_at,
            due_at: d.due_at,
            ended_at: d.ended_at,
            outcome: d.outcome,
        }
    }
}

/// Dossiers that the officer may list, newest first.
#[utoipa::path(
    get, path = "/api/v1/dossiers", tag = "dossiers", operation_id = "list_dossiers",
    params(Wanted),
    responses(
        (status = 200, description = "A page of dossiers", body = DossierPage),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The officer may not list dossiers", body = ApiError),
        (status = 422, description = "A filter cannot be read", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> Outcome<Json<DossierPage>> {
    looked::note_search(&ctx, wanted.q.as_deref().unwrap_or_default())?;
    let (services, who) = (Services::of(&ctx.house), ctx.who.clone());
    let limit = wanted.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Error::invalid("limit", format!("Số dòng một trang phải từ 1 đến {LIMIT_MAX}.")).into());
    }
    let from = wanted.after.as_deref().map(read_token).transpose()?;
    let unit = wanted.unit.clone().filter(|unit| !unit.trim().is_empty());
    let mut filter = filter(wanted)?;
    let found = ctx.store().read(move |reader| {
        let tree = services.tree(reader)?;
        filter.units = access::listed_units(&who, &tree);
        filter.scopes = access::offices(&who, &tree);
        filter.restricted_units = access::restricted_units(&who, &tree);
        if let Some(unit) = unit {
            let unit = chosen(&tree, &filter.units, &unit)?;
            let below = tree.below(unit);
            filter.units.retain(|listed| below.contains(listed));
            filter.scopes = vec![unit];
        }
        lists::list(reader, &services.directory.keys(), (&filter, from), limit)
    });
    let found = found.await?;
    let next = found.next.map(|from| format!("{}{}", if from.folded { 'f' } else { 'e' }, from.before));
    Ok(Json(DossierPage { dossiers: found.dossiers.into_iter().map(Into::into).collect(), next }))
}

fn filter(wanted: Wanted) -> Result<Filter> {
    let day = |field: &str, typed: Option<String>| -> Result<Option<Day>> {
        typed.map(|text| text.parse::<Day>().map_err(|message| Error::invalid(field, message))).transpose()
    };
    Ok(Filter {
        typed: wanted.q.unwrap_or_default(),
        procedure: wanted.procedure,
        status: wanted.status.as_deref().map(read_status).transpose()?,
        first_day: day("from", wanted.from)?,
        last_day: day("to", wanted.to)?,
        ..Filter::default()
    })
}

/// The unit that was named, of those whose dossiers the officer may list.
fn chosen(tree: &UnitTree, listed: &[Id], named: &str) -> Result<Id> {
    let by_id = named.parse::<Id>().ok().filter(|id| tree.get(*id).is_some());
    let unit = tree.by_code(named.trim()).map(|unit| unit.id).or(by_id);
    unit.filter(|unit| listed.contains(unit)).ok_or_else(|| {
        Error::invalid("unit", format!("Không có đơn vị «{named}» trong số đơn vị mà cán bộ này được xem hồ sơ."))
    })
}

fn read_status(word: &str) -> Result<Status> {
    let known = serde_json::from_value::<Status>(serde_json::Value::String(word.to_owned()));
    known.map_err(|_| Error::invalid("status", format!("Không có trạng thái «{word}».")))
}

fn read_token(token: &str) -> Result<From> {
    let wrong = || Error::invalid("after", "Hãy dùng đúng giá trị «next» của trang trước.");
    let folded = match token.chars().next() {
        Some('f') => true,
        Some('e') => false,
        _ => return Err(wrong()),
    };
    let before = token.get(1..).and_then(|id| id.parse().ok()).ok_or_else(wrong)?;
    Ok(From { before, folded })
}
