//! Many dossiers passed on at once: what was picked in "my work" is shown with whom each goes to next, or, at the last step,
//! with what was sealed here and becomes its result; then each goes on by a command of its own, so that one refusal stops none
//! of the others.

mod draw;
mod samples;

pub use samples::samples;

use super::actions::Action;
use super::tools::Opened;
use super::{Tools, act, tools};
use crate::dossier::{self, Dossier};
use crate::procedure::step::Step;
use crate::verbs::finish::{self, Finish};
use crate::verbs::pass::{self, Pass};
use axum::response::{IntoResponse, Response};
use directory::Post;
use draw::{Batch, Done, Refused};
use http::StatusCode;
use records::{Task, task};
use signatures::document::{self, Document, Role, State};
use std::collections::BTreeMap;
use store::Reader;
use types::{Error, Id, Result};
use web::{Ctx, Fields, Outcome, Page as WebPage, Query, Who, see};

/// The most dossiers of one sending: a page of "my work".
const MANY: usize = 50;
/// The name under which each picked dossier's record is sent.
const PICKED: &str = "chon";
/// The name, with the record's id behind it, under which documents are sent that become its results.
const RESULT: &str = "ket-qua";

/// A dossier that was picked.
struct Picked {
    dossier: Dossier,
    /// The step that is done by passing it on.
    doing: String,
}

/// Dossiers that the same posts can go on with.
struct Group {
    key: String,
    step: String,
    posts: Vec<Post>,
    picked: Vec<Picked>,
}

/// A dossier at its last step, with what was sealed here for it.
struct Ending {
    picked: Picked,
    results: Vec<Document>,
}

/// Picked dossiers by what can be done with them.
#[derive(Default)]
struct Sorted {
    groups: Vec<Group>,
    endings: Vec<Ending>,
    /// What cannot go on here, and why.
    left: Vec<Left>,
}

/// GET /ho-so/chuyen-nhieu?chon=…&chon=…
pub async fn show(ctx: Ctx, Query(asked): Query<Vec<(String, String)>>) -> Outcome<Response> {
    let asked = asked.iter().filter(|(name, _)| name == PICKED).map(|(_, id)| id.as_str());
    let ids = ids(asked)?;
    if ids.is_empty() {
        return Ok(see("/viec-cua-toi"));
    }
    let (tools, who) = (tools(&ctx), ctx.who.clone());
    let sorted = ctx.store().read(move |r| sorted(r, (&tools, &who), &ids)).await?;
    if sorted.groups.is_empty() && sorted.endings.is_empty() && sorted.left.is_empty() {
        return Err(Error::not_found("hồ sơ nào đang chờ ông/bà trong số đã chọn").into());
    }
    let page = Batch { sorted, command: ctx.new_command() };
    Ok(WebPage::desk("Chuyển nhiều hồ sơ", page).into_response())
}

fn ids<'a>(asked: impl Iterator<Item = &'a str>) -> Result<Vec<Id>> {
    let mut ids = asked.map(|id| id.parse().map_err(|_| Error::not_found("hồ sơ"))).collect::<Result<Vec<Id>>>()?;
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MANY {
        return Err(Error::conflict(format!("Mỗi lần chuyển nhiều nhất {MANY} hồ sơ. Hãy bỏ chọn bớt.")));
    }
    Ok(ids)
}

/// A dossier that cannot be passed on here, and why.
type Left = (Dossier, &'static str);

/// The picked dossiers whose open step waits for the asker, by who can go on with them; and those that cannot go on here, each
/// with the reason. A handful of statements, however many dossiers.
fn sorted(r: &mut Reader<'_>, (tools, who): (&Tools, &Who), ids: &[Id]) -> Result<Sorted> {
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    let posts = who.post_ids();
    let tree = tools.directory.tree(r)?;
    let open: BTreeMap<Id, Task> = task::open_of_all(r, ids)?
        .into_iter()
        .filter(|task| task.waits_for(&posts, officer))
        .map(|task| (task.record, task))
        .collect();
    let held: Vec<Id> = open.keys().copied().collect();
    let mut dossiers = dossier::by_ids(r, &held)?;
    dossiers.sort_by_key(|dossier| (dossier.due_at, dossier.id));
    let mut sealed = sealed(r, &held)?;
    let (mut groups, mut endings, mut left) = (BTreeMap::<String, Group>::new(), Vec::new(), Vec::new());
    for dossier in dossiers {
        let task = &open[&dossier.id];
        let definition = tools.procedures.by_id(r, dossier.procedure)?.definition;
        if !dossier.status.clock_runs() {
            left.push((dossier, "đang dừng tính thời gian"));
            continue;
        }
        let at = definition.steps.iter().position(|step| step.code == task.step);
        let Some(next) = at.and_then(|at| definition.steps.get(at + 1)) else {
            match sealed.remove(&dossier.id) {
                Some(Sealed { unfinished: false, results }) if !results.iter().any(|one| one.role == Role::Main) => {
                    left.push((dossier, "chỉ có bản sao hoặc văn bản kèm theo; hãy mở hồ sơ để chọn kết quả"));
                }
                Some(Sealed { unfinished: false, results }) => {
                    endings.push(Ending { picked: Picked { doing: task.title.clone(), dossier }, results });
                }
                Some(_) => left.push((dossier, "còn văn bản chờ ký, chờ đóng dấu hoặc chờ dấu thời gian")),
                None => left.push((dossier, "ở bước cuối, cần đính kèm kết quả")),
            }
            continue;
        };
        let key = key(next, &definition.field.code, dossier.unit);
        if !groups.contains_key(&key) {
            let kind = pass::kind_of(next)?;
            let posts = directory::post::candidates(r, &tree, (dossier.unit, kind), &definition.field.code)?;
            let group = Group { key: key.clone(), step: next.title.clone(), posts, picked: Vec::new() };
            groups.insert(key.clone(), group);
        }
        if let Some(group) = groups.get_mut(&key) {
            group.picked.push(Picked { doing: task.title.clone(), dossier });
        }
    }
    Ok(Sorted { groups: groups.into_values().collect(), endings, left })
}

/// The documents of a dossier that are signed here.
#[derive(Default)]
struct Sealed {
    results: Vec<Document>,
    /// One of them still waits for a signature, or for the timestamp of one.
    unfinished: bool,
}

/// Of these records, what was sealed here for each; nothing of those that have no documents.
fn sealed(r: &mut Reader<'_>, records: &[Id]) -> Result<BTreeMap<Id, Sealed>> {
    let mut all: BTreeMap<Id, Sealed> = BTreeMap::new();
    let documents = document::of_records(r, records)?;
    let ids: Vec<Id> = documents.iter().map(|document| document.id).collect();
    let unstamped = document::unstamped(r, &ids)?;
    for document in documents {
        let of = all.entry(document.record).or_default();
        of.unfinished |= document.state != State::Sealed || unstamped.contains(&document.id);
        of.results.push(document);
    }
    Ok(all)
}

/// What decides who can do a step: its kind of post, the field, the unit.
fn key(next: &Step, field: &str, unit: Id) -> String {
    format!("{}-{field}-{unit}", next.post.code())
}

/// POST /ho-so/chuyen-nhieu
pub async fn pass(ctx: Ctx, fields: Fields) -> Outcome<Response> {
    let ids = ids(fields.all(PICKED).iter().map(String::as_str))?;
    if ids.is_empty() {
        return Ok(see("/viec-cua-toi"));
    }
    let (mut passed, mut ended, mut refused, mut unknown) = (Vec::new(), 0, Vec::new(), 0);
    for id in ids {
        match one(&ctx, id, &fields).await {
            Ok((code, Went::On)) => passed.push(code),
            Ok((_, Went::Out)) => ended += 1,
            Err((Some(code), error)) => refused.push(Refused { code, error }),
            // What one may not know of has no name here either.
            Err((None, Error::NotFound(_))) => unknown += 1,
            Err((None, error)) => return Err(error.into()),
        }
    }
    if passed.is_empty() && ended == 0 && refused.is_empty() {
        return Err(Error::not_found("hồ sơ đã chọn").into());
    }
    let status = match refused.first() {
        Some(refused) if passed.is_empty() && ended == 0 => web::answer::status(&refused.error),
        _ => StatusCode::OK,
    };
    let done = Done { passed, ended, refused, unknown };
    Ok(WebPage::desk(done.title(), done).with_status(status).into_response())
}

/// Passes one on or ends it; answers its code, or the error with the code as far as the officer may know it.
async fn one(ctx: &Ctx, id: Id, fields: &Fields) -> std::result::Result<(String, Went), (Option<String>, Error)> {
    let (tools, who) = (tools(ctx), ctx.who.clone());
    let opened = ctx.store().read(move |r| {
        let dossier = dossier::by_id(r, id)?.ok_or_else(|| Error::not_found("hồ sơ"))?;
        tools.open(r, &who, &dossier.code)
    });
    let opened = opened.await.map_err(|error| (None, error))?;
    let code = opened.dossier.code.clone();
    let written = write(ctx, opened, fields).await;
    written.map(|went| (code.clone(), went)).map_err(|error| {
        if !error.inward().is_empty() {
            tracing::error!(code, context = error.inward(), "one of many dossiers could not be passed on");
        }
        (Some(code), error)
    })
}

/// What became of a dossier.
enum Went {
    /// To its next step.
    On,
    /// It is finished and waits to be fetched.
    Out,
}

async fn write(ctx: &Ctx, opened: Opened, fields: &Fields) -> Result<Went> {
    let id = opened.dossier.id;
    let revision = fields.text(&format!("revision.{id}")).parse::<i64>();
    let revision = revision.map_err(|_| Error::invalid("revision", "Trang đã cũ. Ông/bà hãy tải lại rồi làm lại."))?;
    let post = opened.open_task().filter(|_| opened.is_held_by(&ctx.who)).and_then(|task| task.post);
    // The id of the page's command with the record's: each dossier has a command of its own.
    let command = format!("{}-{id}", fields.text("command"));
    let action = if fields.0.contains_key(&format!("{RESULT}.{id}")) { Action::Finish } else { Action::Pass };
    let command = ctx.command(action.verb(), &command, post)?.about(&fields.0);
    let note = types::text::clean_lines(fields.text("note"));
    let results = act::documents(fields.all(&format!("{RESULT}.{id}")))?;
    if !results.is_empty() {
        let acting = opened.acting(&ctx.who, Some(revision))?;
        let note = Some(note).filter(|note| !note.is_empty());
        let write = ctx.store().write(command, move |tx| {
            let results = act::signed(tx, &acting, &results)?;
            finish::finish(tx, &acting, &Finish { results, note: note.clone() })
        });
        return write.await.map(|()| Went::Out);
    }
    let pass = Pass { to: receiver(&opened, fields), note: Some(note).filter(|note| !note.is_empty()), file: None };
    let acting = opened.acting(&ctx.who, Some(revision))?;
    ctx.store().write(command, move |tx| pass::pass(tx, &acting, &pass)).await.map(|()| Went::On)
}

/// The post that was chosen for this dossier's next step.
fn receiver(opened: &Opened, fields: &Fields) -> Option<Id> {
    let definition = &opened.procedure.definition;
    let at = opened.open_task().and_then(|task| definition.steps.iter().position(|step| step.code == task.step))?;
    let next = definition.steps.get(at + 1)?;
    fields.text(&format!("to.{}", key(next, &definition.field.code, opened.dossier.unit))).parse().ok()
}
