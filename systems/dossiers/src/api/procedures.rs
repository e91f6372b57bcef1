//! GET /api/v1/procedures : what can be asked for, with the form, the papers and where each fact comes from.

use crate::procedure::provenance::Standing;
use crate::procedure::{Definition, Provenance};
use crate::services::Services;
use crate::stored::StoredProcedure;
use axum::Json;
use serde::{Deserialize, Serialize};
use types::{Day, Error};
use utoipa::{IntoParams, ToSchema};
use web::api::ApiError;
use web::{Ctx, Outcome, Path, Query};

/// What is looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Words as people say them.
    q: Option<String>,
}

/// The procedures in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedureList {
    procedures: Vec<ListedProcedure>,
}

/// A procedure in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedProcedure {
    #[schema(example = "1.001193")]
    code: String,
    version: i64,
    /// The official name.
    name: String,
    /// What people say.
    short_name: String,
    /// The field of work.
    field: String,
    channels: Vec<&'static str>,
    /// The time limit in words.
    takes: String,
    #[schema(value_type = String, format = Date)]
    effective_from: Day,
    #[schema(value_type = Option<String>, format = Date)]
    effective_to: Option<Day>,
    /// Every fact of it is held against the decision behind it.
    verified: bool,
}

impl From<&StoredProcedure> for ListedProcedure {
    fn from(stored: &StoredProcedure) -> Self {
        let d = &stored.definition;
        Self {
            code: d.code.clone(),
            version: stored.version,
            name: d.name.clone(),
            short_name: d.short_name().to_owned(),
            field: d.field.code.clone(),
            channels: d.channels.iter().map(|channel| channel.code()).collect(),
            takes: d.takes.takes.sentence(),
            effective_from: d.effective_from,
            effective_to: d.effective_to,
            verified: d.is_verified(),
        }
    }
}

/// A procedure with everything that its definition says.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownProcedure {
    version: i64,
    /// Whether dossiers are received under it today.
    in_force: bool,
    /// Every fact of it is held against the decision behind it.
    verified: bool,
    /// The definition as in its file: `code`, `name`, `takes`, `fees`, `requirements`, `form`, `steps`, …
    #[schema(value_type = Object)]
    definition: Definition,
    /// Where each fact comes from.
    facts: Vec<ShownFact>,
}

/// Where a fact comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownFact {
    /// The fact's path in the definition.
    #[schema(example = "takes.rule")]
    path: String,
    /// Held against the decision behind it; otherwise show it as "chưa kiểm chứng".
    verified: bool,
    /// `verified`, `sourced` (a public source states it, no decision is known) or `doubtful` (no source states it).
    #[schema(value_type = String, example = "sourced")]
    standing: Standing,
    /// Number and date of the decision behind it, of every fact that is verified and no other: the document that
    /// confirms this fact, or the decision that announced the procedure.
    #[schema(example = "3152/QĐ-BTP, 2025-10-31")]
    decision: Option<String>,
    /// The source in words.
    source: String,
    /// The date the fact is of.
    as_of: Option<String>,
    note: Option<String>,
}

impl ShownFact {
    fn new(path: String, provenance: &Provenance<'_>) -> Self {
        Self {
            path,
            verified: provenance.standing == Standing::Verified,
            standing: provenance.standing,
            decision: provenance.decision.map(|decision| format!("{}, {}", decision.number, decision.date)),
            source: provenance.source.clone(),
            as_of: provenance.as_of.map(ToOwned::to_owned),
            note: provenance.note.map(ToOwned::to_owned),
        }
    }
}

/// The procedures in force, the best match first.
#[utoipa::path(
    get, path = "/api/v1/procedures", tag = "procedures", operation_id = "list_procedures",
    params(Wanted),
    responses(
        (status = 200, description = "The procedures", body = ProcedureList),
        (status = 422, description = "The query cannot be read", body = ApiError),
    )
)]
pub async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> Outcome<Json<ProcedureList>> {
    let (services, today) = (Services::of(&ctx.house), ctx.now().day());
    let typed = wanted.q.unwrap_or_default();
    let found = ctx.store().read(move |reader| services.procedures.find(reader, &typed, today)).await?;
    Ok(Json(ProcedureList { procedures: found.iter().map(Into::into).collect() }))
}

/// One procedure, in its newest version.
#[utoipa::path(
    get, path = "/api/v1/procedures/{code}", tag = "procedures", operation_id = "get_procedure",
    params(("code" = String, Path, description = "Code of the national catalogue", example = "1.001193")),
    responses(
        (status = 200, description = "The procedure", body = ShownProcedure),
        (status = 404, description = "No such procedure", body = ApiError),
    )
)]
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> Outcome<Json<ShownProcedure>> {
    let (services, today) = (Services::of(&ctx.house), ctx.now().day());
    let current = ctx.store().read(move |reader| services.procedures.current(reader)).await?;
    let found = current.iter().find(|p| p.definition.code == code);
    let found = found.ok_or_else(|| Error::not_found(format!("thủ tục {code}")))?;
    let definition = Definition::clone(&found.definition);
    let facts = definition.facts().into_iter();
    let facts =
        facts.filter_map(|path| definition.provenance(&path).map(|p| ShownFact::new(path.clone(), &p))).collect();
    Ok(Json(ShownProcedure {
        version: found.version,
        in_force: definition.in_force(today),
        verified: definition.is_verified(),
        facts,
        definition,
    }))
}
