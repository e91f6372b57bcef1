//! Handlers of what officers do with a dossier. All have one shape: see the dossier, take the command, run the verb,
//! go back to the page; a refusal shows the page again with what was typed.

mod brought;
mod counter;
mod finish;
mod submit;

pub use counter::{supplement, withdraw as withdraw_at_counter};
pub use finish::{documents, finish, replace, signed};
pub use submit::{PLACES, submit};

use super::actions::{Action, Sent};
use super::{show, tools};
use crate::access;
use crate::status::Status;
use crate::verbs::apologise::{self, Apology};
use crate::verbs::pass::{self, Pass};
use crate::verbs::{self, Acting};
use axum::response::{IntoResponse, Response};
use brought::{Form, enter};
use http::StatusCode;
use store::{Command, Tx};
use types::{Error, Id, Result};
use web::{Ctx, Fields, Outcome, Path, see};

/// POST /ho-so/{code}/ghi-chu
pub async fn note(ctx: Ctx, Path(code): Path<String>, form: Form) -> Outcome<Response> {
    brought::run(&ctx, &code, (Action::Note, form), |fields, boxes| async move {
        let text = types::text::clean_lines(fields.text(&Action::Note.field("text")));
        let file = boxes.last(&Action::Note.field("file"));
        Ok(move |tx: &mut Tx<'_>, acting: &Acting| {
            let file = file.as_ref().map(|file| enter(tx, file)).transpose()?;
            verbs::note::note(tx, &acting.code, &text, file)
        })
    })
    .await
}

/// POST /ho-so/{code}/nhan-xu-ly
pub async fn take(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    run(&ctx, &code, (Action::Take, &fields), verbs::note::take).await
}

/// POST /ho-so/{code}/chuyen
pub async fn pass(ctx: Ctx, Path(code): Path<String>, form: Form) -> Outcome<Response> {
    brought::run(&ctx, &code, (Action::Pass, form), |fields, boxes| async move {
        let to = receiver(&fields, Action::Pass)?;
        let note = optional(&fields, &Action::Pass.field("note"));
        let draft = boxes.last(&Action::Pass.field("file"));
        Ok(move |tx: &mut Tx<'_>, acting: &Acting| {
            let file = draft.as_ref().map(|file| enter(tx, file)).transpose()?;
            pass::pass(tx, acting, &Pass { to, note: note.clone(), file })
        })
    })
    .await
}

/// POST /ho-so/{code}/chuyen-nguoi
pub async fn reassign(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let action = Action::Reassign;
    let (to, reason) = (receiver(&fields, action), reason(&fields, action));
    run(&ctx, &code, (action, &fields), move |tx, acting| {
        let to = to.as_ref().ok().copied().flatten();
        let to = to.ok_or_else(|| Error::invalid("to", "Hãy chọn người nhận việc."))?;
        verbs::reassign::reassign(tx, acting, to, &reason)
    })
    .await
}

/// The post that was chosen, if one was.
fn receiver(fields: &Fields, action: Action) -> Result<Option<Id>> {
    match fields.text(&action.field("to")) {
        "" => Ok(None),
        to => to.parse().map(Some).map_err(|_| Error::invalid("to", "Người nhận không đúng.")),
    }
}

/// POST /ho-so/{code}/tra-lai
pub async fn send_back(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let reason = reason(&fields, Action::SendBack);
    run(&ctx, &code, (Action::SendBack, &fields), move |tx, acting| verbs::send_back::send_back(tx, acting, &reason))
        .await
}

/// POST /ho-so/{code}/bo-sung
pub async fn ask_supplement(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let reason = reason(&fields, Action::AskSupplement);
    run(&ctx, &code, (Action::AskSupplement, &fields), move |tx, acting| {
        verbs::stop::begin(tx, acting, Status::SupplementRequested, &reason)
    })
    .await
}

/// POST /ho-so/{code}/nghia-vu
pub async fn ask_payment(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let reason = reason(&fields, Action::AskPayment);
    run(&ctx, &code, (Action::AskPayment, &fields), move |tx, acting| {
        verbs::stop::begin(tx, acting, Status::PaymentRequested, &reason)
    })
    .await
}

/// POST /ho-so/{code}/tiep-tuc
pub async fn resume(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let note = optional(&fields, &Action::Resume.field("note"));
    run(&ctx, &code, (Action::Resume, &fields), move |tx, acting| verbs::stop::resume(tx, acting, note.as_deref()))
        .await
}

/// POST /ho-so/{code}/rut
pub async fn withdraw(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let reason = reason(&fields, Action::Withdraw);
    run(&ctx, &code, (Action::Withdraw, &fields), move |tx, acting| {
        verbs::end::end(tx, acting, Status::Withdrawn, &reason)
    })
    .await
}

/// POST /ho-so/{code}/dung
pub async fn stop(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let reason = reason(&fields, Action::Stop);
    let refund = match line(&fields, &Action::Stop.field("refund")).replace(['.', ' '], "").as_str() {
        "" => None,
        // What is no number is refused with the amounts that no fee has.
        typed => Some(typed.parse::<u64>().unwrap_or(0)),
    };
    run(&ctx, &code, (Action::Stop, &fields), move |tx, acting| verbs::end::stop(tx, acting, &reason, refund)).await
}

/// POST /ho-so/{code}/xin-loi
pub async fn apologise(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let action = Action::Apologise;
    let day = Sent::of(action, &fields).form.date(&action.field("day")).read();
    let (reason, at_fault) = (reason(&fields, action), line(&fields, &action.field("at_fault")));
    run(&ctx, &code, (action, &fields), move |tx, acting| {
        let day = *day.as_ref().map_err(|_| Error::invalid("day", "Ghi đủ ngày, tháng, năm hẹn lại."))?;
        apologise::apologise(tx, acting, &Apology { reason: reason.clone(), at_fault: at_fault.clone(), day })
    })
    .await
}

/// POST /ho-so/{code}/tra-ket-qua
pub async fn deliver(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let receiver = fields.text(&Action::Deliver.field("receiver")).to_owned();
    run(&ctx, &code, (Action::Deliver, &fields), move |tx, acting| verbs::deliver::deliver(tx, acting, &receiver)).await
}

fn reason(fields: &Fields, action: Action) -> String {
    types::text::clean_lines(fields.text(&action.field("reason")))
}

fn line(fields: &Fields, name: &str) -> String {
    types::text::clean(fields.text(name))
}

fn optional(fields: &Fields, name: &str) -> Option<String> {
    Some(types::text::clean_lines(fields.text(name))).filter(|text| !text.is_empty())
}

/// The dossier as the actor saw it, and the command in the post that acts: the one that holds the open step, or the one
/// that gives the permission on which the action hangs.
async fn may_act(ctx: &Ctx, code: &str, (action, fields): (Action, &Fields)) -> Result<(Command, Acting)> {
    let (tools, who, wanted) = (tools(ctx), ctx.who.clone(), code.to_owned());
    let opened = ctx.store().read(move |r| tools.open(r, &who, &wanted)).await?;
    let revision = fields.text("revision").parse::<i64>();
    let revision = revision.map_err(|_| Error::invalid("revision", "Trang đã cũ. Ông/bà hãy tải lại rồi làm lại."))?;
    let held = opened.open_task().filter(|_| opened.is_held_by(&ctx.who)).and_then(|task| task.post);
    let post = match action.permission() {
        None => held.or_else(|| opened.post_of_last_step(&ctx.who).filter(|_| action == Action::Replace)),
        Some(permission) => {
            if !access::granted(&ctx.who, &opened.tree, permission, opened.dossier.unit) {
                return Err(Error::forbidden(format!("Ông/bà không có quyền «{}» ở đơn vị này.", permission.title)));
            }
            access::granting_post(&ctx.who, &opened.tree, permission, opened.dossier.unit)
        }
    };
    let command = ctx.command(action.verb(), fields.text("command"), post)?.about(&fields.0);
    Ok((command, opened.acting(&ctx.who, Some(revision))?))
}

async fn run<F>(ctx: &Ctx, code: &str, (action, fields): (Action, &Fields), verb: F) -> Outcome<Response>
where
    F: Fn(&mut Tx<'_>, &Acting) -> Result<()> + Send + 'static,
{
    let (command, acting) = may_act(ctx, code, (action, fields)).await?;
    match ctx.store().write(command, move |tx| verb(tx, &acting)).await {
        Ok(()) => Ok(finished(code, action)),
        Err(error) => refused(ctx, code, (action, fields), error).await,
    }
}

/// Back to the page, which says what was done.
fn finished(code: &str, action: Action) -> Response {
    see(&format!("/ho-so/{code}?xong={}", action.path()))
}

/// The page again, with what was typed and what was wrong.
async fn refused(ctx: &Ctx, code: &str, (action, fields): (Action, &Fields), error: Error) -> Outcome<Response> {
    let status = status(&error);
    let mut sent = Sent::of(action, fields);
    sent.refuse(error)?;
    let page = show::page(show::load(ctx, code, Some(sent)).await?);
    Ok(page.with_status(status).into_response())
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Busy(_) | Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
