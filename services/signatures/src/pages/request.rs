//! /chung-thu-ky/de-nghi/{id} : one request, with what became of it, for whoever asked and whoever decides.

mod draw;
mod samples;

pub(super) use draw::{kind_words, state_tag};
pub(super) use samples::{sample, samples};

use super::REQUESTS;
use super::signer_forms::may_add;
use crate::request::{self, Request, Seen, Step};
use crate::signer::{self, Signer};
use axum::response::IntoResponse;
use directory::Directory;
use std::collections::HashMap;
use store::{Reader, Tx};
use types::{Error, Id, Result};
use ui::{FormState, Lang};
use web::{Ctx, Fields, Outcome, Page, Path, Who, see};

struct Opened {
    request: Request,
    of: String,
    /// The certificate that it is about.
    signer: Option<Signer>,
    steps: Vec<Step>,
    names: HashMap<Id, String>,
    seen: Seen,
    /// The person's number, if one is kept; or why it cannot be read.
    identity: Option<std::result::Result<String, String>>,
    /// This person asked.
    is_own: bool,
    /// This person may enter certificates.
    may_add: bool,
    /// This person keeps the register, by this post.
    may_keep: bool,
    post: Option<Id>,
    command: String,
}

fn open(reader: &mut Reader<'_>, who: &Who, (directory, id): (&Directory, Id)) -> Result<Opened> {
    let unknown = || Error::not_found("đề nghị");
    let tree = directory.tree(reader)?;
    let request = request::by_id(reader, id)?.ok_or_else(unknown)?;
    let seen = request::seen(who, &tree, &request).ok_or_else(unknown)?;
    let steps = request::steps_of(reader, id)?;
    let officers: Vec<Id> = steps.iter().map(|step| step.officer).chain([request.asked_by]).collect();
    let names = directory.names(reader, &officers)?;
    let signer = match request.signer {
        Some(signer) => signer::by_id(reader, signer)?,
        None => None,
    };
    Ok(Opened {
        of: tree.name(request.unit).to_owned(),
        identity: request.identity(&directory.keys()).map_err(|error| error.to_string()).transpose(),
        signer,
        steps,
        names,
        seen,
        is_own: who.officer.as_ref().is_some_and(|officer| officer.id == request.asked_by),
        may_add: may_add(who),
        may_keep: request::may_keep(who, &tree, request.unit),
        post: request::keeping_post(who, &tree, request.unit),
        command: String::new(),
        request,
    })
}

async fn load(ctx: &Ctx, id: Id) -> Result<Opened> {
    let (who, directory, command) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.new_command());
    let opened = ctx.store().read(move |reader| open(reader, &who, (&directory, id))).await?;
    Ok(Opened { command, ..opened })
}

/// GET /chung-thu-ky/de-nghi/{id}
pub(super) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    Ok(load(&ctx, id).await?.draw(&FormState::new(Lang::Vi)).into_response())
}

/// Without it, whoever asked would not know what to do.
const WHY: &str = "Ghi lý do, nhiều nhất 500 chữ, để người đề nghị biết phải làm gì.";

/// What is done with a request from its page: with the revision that the page showed, and what was typed.
type Verb = fn(&mut Tx<'_>, (Id, i64), &str) -> Result<()>;

async fn act(
    ctx: &Ctx,
    (id, opened): (Id, Opened),
    (name, verb): (&'static str, Verb),
    (fields, field): (Fields, &str),
) -> Outcome {
    let post = opened.post.filter(|_| opened.may_keep);
    let (revision, note) = (fields.text("revision").parse().unwrap_or(-1), words(&fields, field));
    let command = ctx.command(name, fields.text("command"), post)?.about(&(revision, &note));
    let mut form = FormState::sent(Lang::Vi, [(field, note.clone())]);
    match ctx.store().write(command, move |tx| verb(tx, (id, revision), &note)).await {
        Ok(()) => Ok(see(&format!("{REQUESTS}/{id}"))),
        Err(error) => {
            form.absorb(error)?;
            Ok(load(ctx, id).await?.draw(&form).into_response())
        }
    }
}

fn words(fields: &Fields, field: &str) -> String {
    types::text::clean_lines(fields.text(field))
}

/// A form that came without the words that it needs.
fn wordless(opened: &Opened, (fields, field): (&Fields, &str), sentence: &str) -> Option<Page> {
    let said = words(fields, field);
    if !said.is_empty() && said.chars().count() <= request::REASON_MAX {
        return None;
    }
    let mut form = FormState::sent(Lang::Vi, [(field, said)]);
    form.refuse(field, "missing", sentence);
    Some(opened.draw(&form))
}

/// Opens a request for whoever keeps the register of its agency.
async fn kept(ctx: &Ctx, id: Id) -> Result<Opened> {
    let opened = load(ctx, id).await?;
    if opened.may_keep { Ok(opened) } else { Err(Error::not_found("đề nghị")) }
}

/// POST /chung-thu-ky/de-nghi/{id}/rut
pub(super) async fn take_back(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let mut opened = load(&ctx, id).await?;
    if !opened.is_own {
        return Err(Error::forbidden("Chỉ người gửi rút được đề nghị.").into());
    }
    // One takes back what is one's own, for nobody else.
    opened.post = None;
    let verb: Verb = |tx, known, _| request::take_back(tx, known);
    act(&ctx, (id, opened), ("signatures.take-back-request", verb), (fields, "why")).await
}

/// POST /quan-tri/chung-thu-ky/de-nghi/{id}/xac-nhan
pub(super) async fn confirm(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let opened = kept(&ctx, id).await?;
    let verb: Verb = |tx, known, _| request::confirm(tx, known);
    act(&ctx, (id, opened), ("signatures.confirm-request", verb), (fields, "why")).await
}

/// POST /quan-tri/chung-thu-ky/de-nghi/{id}/tu-choi
pub(super) async fn refuse(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let opened = kept(&ctx, id).await?;
    if let Some(page) = wordless(&opened, (&fields, "why"), WHY) {
        return Ok(page.into_response());
    }
    act(&ctx, (id, opened), ("signatures.refuse-request", request::refuse), (fields, "why")).await
}

/// POST /quan-tri/chung-thu-ky/de-nghi/{id}/xong
pub(super) async fn close(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let opened = kept(&ctx, id).await?;
    if let Some(page) = wordless(&opened, (&fields, "result"), "Ghi kết quả, nhiều nhất 500 chữ.") {
        return Ok(page.into_response());
    }
    act(&ctx, (id, opened), ("signatures.close-request", request::close), (fields, "result")).await
}
