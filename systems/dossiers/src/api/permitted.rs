//! What hangs on a permission for the dossier's unit and not on holding its open step: the counter takes in what was asked
//! of the party and records that it withdraws; whoever leads gives waiting work to another post.

use super::acting::{Asked, Ready, ready};
use super::read::again;
use super::shown::{ApiId, ShownDossier};
use crate::access;
use crate::verbs::receive::NewPaper;
use crate::verbs::{Acting, end, reassign, supplement};
use crate::{DOSSIERS_REASSIGN, DOSSIERS_RECEIVE};
use axum::Json;
use serde::Deserialize;
use store::{Command, Tx};
use types::{Error, Id, Result, text};
use utoipa::ToSchema;
use web::api::{ApiError, Body};
use web::{Ctx, Outcome, Path, Permission};

/// Highest number of sheets of one paper.
const SHEETS_MAX: i64 = 999;
/// The requirement of a paper that the procedure does not name.
const OTHER: &str = "khac";

/// What the party brought.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSupplement {
    /// At least one while papers are asked for; none is needed for a money duty.
    #[serde(default)]
    papers: Vec<BroughtPaper>,
    note: Option<String>,
    /// The state that was seen.
    revision: Option<i64>,
}

/// A paper that the party brought later.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BroughtPaper {
    /// The requirement's code, or `khac` for another paper.
    requirement: String,
    /// The requirement's own name when none is given.
    #[serde(default)]
    name: String,
    #[serde(default)]
    originals: i64,
    #[serde(default)]
    copies: i64,
    /// A scan that was uploaded before.
    #[schema(value_type = Option<ApiId>)]
    file_id: Option<Id>,
}

/// The party takes its request back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWithdrawal {
    reason: String,
    /// The state that was seen.
    revision: Option<i64>,
}

/// The open step goes to another post.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReassignment {
    /// A post that may do the step.
    #[schema(value_type = ApiId)]
    to: Id,
    reason: String,
    /// The state that was seen.
    revision: Option<i64>,
}

/// Takes in what was asked of the party; the clock runs again.
#[utoipa::path(
    post, path = "/api/v1/dossiers/{code}/supplements", tag = "dossiers", operation_id = "supplement_dossier",
    params(
        ("code" = String, Path, description = "The dossier's code"),
        ("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key acts once, and with another body is refused (409)"),
    ),
    request_body = NewSupplement,
    responses(
        (status = 200, description = "Taken in; the dossier as it is now", body = ShownDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The officer does not receive in this unit", body = ApiError),
        (status = 404, description = "No such dossier, or the officer may not know of it", body = ApiError),
        (status = 409, description = "Nothing was asked of the party", body = ApiError),
        (status = 422, description = "Something in the request is wrong", body = ApiError),
        (status = 503, description = "Too busy; try again shortly with the same key", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn take_in(
    ctx: Ctx,
    Path(code): Path<String>,
    Body(key, new): Body<NewSupplement>,
) -> Outcome<Json<ShownDossier>> {
    let used: Vec<Id> = new.papers.iter().filter_map(|paper| paper.file_id).collect();
    let command = key.command(&ctx, "dossiers.supplement")?;
    let asked = Asked { code, revision: new.revision, used };
    run(&ctx, command, asked, &DOSSIERS_RECEIVE, move |tx, acting| {
        let papers = new.papers.iter().map(|paper| read(acting, paper)).collect::<Result<Vec<_>>>()?;
        supplement::supplement(tx, acting, &papers, new.note.as_deref())
    })
    .await
}

/// Records that the party withdraws, whoever holds the step.
#[utoipa::path(
    post, path = "/api/v1/dossiers/{code}/withdrawals", tag = "dossiers", operation_id = "withdraw_dossier",
    params(
        ("code" = String, Path, description = "The dossier's code"),
        ("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key acts once, and with another body is refused (409)"),
    ),
    request_body = NewWithdrawal,
    responses(
        (status = 200, description = "Withdrawn; the dossier as it is now", body = ShownDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The officer does not receive in this unit", body = ApiError),
        (status = 404, description = "No such dossier, or the officer may not know of it", body = ApiError),
        (status = 409, description = "The dossier has a result or has ended", body = ApiError),
        (status = 422, description = "Something in the request is wrong", body = ApiError),
        (status = 503, description = "Too busy; try again shortly with the same key", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn withdraw(
    ctx: Ctx,
    Path(code): Path<String>,
    Body(key, new): Body<NewWithdrawal>,
) -> Outcome<Json<ShownDossier>> {
    let command = key.command(&ctx, "dossiers.end")?;
    let asked = Asked { code, revision: new.revision, used: Vec::new() };
    run(&ctx, command, asked, &DOSSIERS_RECEIVE, move |tx, acting| end::withdraw_at_counter(tx, acting, &new.reason))
        .await
}

/// Gives the open step to another post, whoever holds it.
#[utoipa::path(
    post, path = "/api/v1/dossiers/{code}/reassignments", tag = "dossiers", operation_id = "reassign_dossier",
    params(
        ("code" = String, Path, description = "The dossier's code"),
        ("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key acts once, and with another body is refused (409)"),
    ),
    request_body = NewReassignment,
    responses(
        (status = 200, description = "Given; the dossier as it is now", body = ShownDossier),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 403, description = "The officer does not lead in this unit", body = ApiError),
        (status = 404, description = "No such dossier, or the officer may not know of it", body = ApiError),
        (status = 409, description = "Nothing waits", body = ApiError),
        (status = 422, description = "The post cannot do the step, or there is no reason", body = ApiError),
        (status = 503, description = "Too busy; try again shortly with the same key", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn give(
    ctx: Ctx,
    Path(code): Path<String>,
    Body(key, new): Body<NewReassignment>,
) -> Outcome<Json<ShownDossier>> {
    let command = key.command(&ctx, "dossiers.reassign")?;
    let asked = Asked { code, revision: new.revision, used: Vec::new() };
    run(&ctx, command, asked, &DOSSIERS_REASSIGN, move |tx, acting| reassign::reassign(tx, acting, new.to, &new.reason))
        .await
}

async fn run<V>(
    ctx: &Ctx,
    command: Command,
    asked: Asked,
    permission: &'static Permission,
    verb: V,
) -> Outcome<Json<ShownDossier>>
where
    V: Fn(&mut Tx<'_>, &Acting) -> Result<()> + Send + 'static,
{
    let code = asked.code.clone();
    let ready = ready(ctx, command, asked).await?;
    let Some(Ready { acting, command, unit }) = ready else { return again(ctx, code).await };
    if !access::granted(&ctx.who, &acting.tree, permission, unit) {
        let sentence = format!("Ông/bà không có quyền «{}» ở đơn vị này.", permission.title);
        return Err(Error::forbidden(sentence).into());
    }
    let post = access::granting_post(&ctx.who, &acting.tree, permission, unit);
    let command = command.by(ctx.who.actor(post));
    ctx.store().write(command, move |tx| verb(tx, &acting)).await?;
    again(ctx, code).await
}

fn read(acting: &Acting, paper: &BroughtPaper) -> Result<NewPaper> {
    let wrong = |sentence: String| Error::invalid("papers", sentence);
    let known = acting.definition.requirements.iter().find(|known| known.code == paper.requirement);
    if known.is_none() && paper.requirement != OTHER {
        let code = text::clean(&paper.requirement);
        return Err(wrong(format!("Thủ tục không có thành phần hồ sơ «{code}».")));
    }
    let name = text::clean(&paper.name);
    let name = if name.is_empty() { known.map(|known| known.name.clone()).unwrap_or_default() } else { name };
    if name.is_empty() {
        return Err(wrong("Hãy ghi tên giấy tờ.".to_owned()));
    }
    let (originals, copies) = (paper.originals, paper.copies);
    if [originals, copies].iter().any(|n| !(0..=SHEETS_MAX).contains(n)) {
        return Err(wrong(format!("Số bản phải là số từ 0 đến {SHEETS_MAX}.")));
    }
    if originals + copies == 0 && paper.file_id.is_none() {
        return Err(wrong("Hãy ghi số bản đã nhận hoặc tệp quét của mỗi giấy tờ.".to_owned()));
    }
    Ok(NewPaper { requirement: paper.requirement.clone(), name, originals, copies, file: paper.file_id })
}
