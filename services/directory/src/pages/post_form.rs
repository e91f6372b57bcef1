//! Adding a post to a unit, correcting it, ending it.

use super::authority::check_kind;
use super::form_page::{FormPage, command, day, fresh, sent, settle, version};
use super::lists::{post_path, unit_path};
use super::scope::{self, post_in, unit_in};
use super::waiting::Waiting;
use crate::permissions::DIRECTORY_KEEP;
use crate::post::{self, Post, PostEntry, PostKind};
use crate::unit::Unit;
use axum::response::IntoResponse;
use types::{Day, Id, Result};
use ui::{Choice, Field, FormState};
use web::{Ctx, Fields, Outcome, Page, Path, see};

/// Fields of work by code with their names.
type Known = [(String, String)];

fn fields(post: Option<&Post>, known: &Known) -> Vec<Field> {
    let kinds = PostKind::ALL.iter().map(|kind| Choice::new(kind.word(), kind.title()));
    let mut title = Field::text("title", "Tên vị trí").hint("Ví dụ: Công chức Tư pháp – Hộ tịch.").max_length(150);
    let mut kind = Field::radios("kind", "Loại vị trí", kinds);
    // A field that no procedure has any more stays with the post until somebody unticks it.
    let left = post.map_or(&[][..], |post| post.fields.as_slice()).iter();
    let left = left.filter(|code| !known.iter().any(|(listed, _)| listed == *code)).map(|code| (code, code));
    let choices = known.iter().map(|(code, name)| (code, name)).chain(left).map(|(code, name)| Choice::new(code, name));
    let mut codes = Field::checkboxes("fields", "Lĩnh vực phụ trách", choices)
        .hint("Không chọn lĩnh vực nào: vị trí phụ trách mọi lĩnh vực.")
        .optional();
    if let Some(post) = post {
        title = title.value(&post.title);
        kind = kind.value(post.kind.word());
        codes = post.fields.iter().fold(codes, |codes, code| codes.value(code));
    }
    vec![title, kind, codes]
}

async fn known(ctx: &Ctx) -> Result<Vec<(String, String)>> {
    scope::read(ctx, |reader, directory, _| directory.fields_of_work(reader)).await
}

fn entry(form: &mut FormState, (post, known): (Option<&Post>, &Known)) -> Option<PostEntry> {
    let Some(kind) = PostKind::of(form.value("kind")) else {
        form.refuse("kind", "missing", "Chọn loại vị trí.");
        return None;
    };
    let fields = form.values("fields").to_vec();
    let is_known = |code: &String| {
        known.iter().any(|(listed, _)| listed == code) || post.is_some_and(|post| post.fields.contains(code))
    };
    if !fields.iter().all(is_known) {
        form.refuse("fields", "unknown", "Chọn trong các lĩnh vực có thủ tục.");
        return None;
    }
    Some(PostEntry { kind, title: form.value("title").to_owned(), fields })
}

/// The page for a new post of `unit`.
pub(crate) fn draw_new((unit, known): (&Unit, &Known), form: &FormState, (today, command): (Day, String)) -> Page {
    let page = FormPage {
        title: "Thêm vị trí".into(),
        lead: format!("{}. Vị trí mới có ngay vai trò mặc định của loại vị trí.", unit.name),
        back: (unit.name.clone(), unit_path(unit.id)),
        action: format!("{}/vi-tri/moi", unit_path(unit.id)),
        command,
        submit: "Thêm vị trí",
        danger: false,
        version: None,
    };
    let mut all = fields(None, known);
    all.push(Field::date("from", "Có từ ngày").day(today));
    page.draw(form, all)
}

pub(crate) async fn new(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let known = known(&ctx).await?;
    Ok(draw_new((unit, &known), &fresh(), (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn create(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let mut form = sent(&fields);
    let known = known(&ctx).await?;
    let (entry, from) = (entry(&mut form, (None, &known)), day(&mut form, "from", "Nhập ngày vị trí bắt đầu."));
    let allowed = match &entry {
        Some(entry) => check_kind(&ctx, (&tree, id), entry.kind, &mut form).await?,
        None => false,
    };
    if let (Some(entry), Some(from), true) = (entry, from, allowed) {
        let command = command(&ctx, &fields, "directory.create_post")?;
        let done = ctx.store().write(command, move |tx| post::create(tx, id, &entry, from)).await;
        if let Some(made) = settle(&mut form, done)? {
            return Ok(see(&post_path(made)));
        }
    }
    Ok(draw_new((unit, &known), &form, (tree.day, ctx.new_command())).into_response())
}

/// The page that corrects a post.
pub(crate) fn draw_edit((post, known): (&Post, &Known), form: &FormState, command: String) -> Page {
    let page = FormPage {
        title: "Sửa vị trí".into(),
        lead: String::new(),
        back: (post.title.clone(), post_path(post.id)),
        action: format!("{}/sua", post_path(post.id)),
        command,
        submit: "Lưu",
        danger: false,
        version: Some(post.version),
    };
    page.draw(form, fields(Some(post), known))
}

pub(crate) async fn edit(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let (post, _) = post_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let known = known(&ctx).await?;
    Ok(draw_edit((&post, &known), &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn save(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let mut form = sent(&fields);
    let known = known(&ctx).await?;
    let entry = entry(&mut form, (Some(&post), &known));
    let allowed = match &entry {
        Some(entry) if entry.kind != post.kind => check_kind(&ctx, (&tree, post.unit), entry.kind, &mut form).await?,
        entry => entry.is_some(),
    };
    if let Some(entry) = entry.filter(|_| allowed) {
        let (version, command) = (version(&fields)?, command(&ctx, &fields, "directory.edit_post")?);
        let done = ctx.store().write(command, move |tx| post::edit(tx, id, version, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&post_path(id)));
        }
    }
    Ok(draw_edit((&post, &known), &form, ctx.new_command()).into_response())
}

/// The page that ends a post.
pub(crate) fn draw_end(post: &Post, waiting: &Waiting, form: &FormState, (today, command): (Day, String)) -> Page {
    let page = FormPage {
        title: "Kết thúc vị trí".into(),
        lead: format!("{}: người giữ và vai trò kết thúc cùng ngày.", post.title),
        back: (post.title.clone(), post_path(post.id)),
        action: format!("{}/ket-thuc", post_path(post.id)),
        command,
        submit: "Kết thúc vị trí",
        danger: true,
        version: None,
    };
    page.draw_with(form, waiting.notice(), [Field::date("to", "Ngày cuối cùng").day(today)])
}

pub(crate) async fn ending(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let waiting = Waiting::at(&ctx, &post).await?;
    Ok(draw_end(&post, &waiting, &fresh(), (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn end(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let mut form = sent(&fields);
    if end_on(&ctx, id, &fields, &mut form).await? {
        return Ok(see(&post_path(id)));
    }
    let waiting = Waiting::at(&ctx, &post).await?;
    Ok(draw_end(&post, &waiting, &form, (tree.day, ctx.new_command())).into_response())
}

async fn end_on(ctx: &Ctx, id: Id, fields: &Fields, form: &mut FormState) -> Result<bool> {
    let Some(last) = day(form, "to", "Nhập ngày cuối cùng của vị trí.") else { return Ok(false) };
    let command = command(ctx, fields, "directory.end_post")?;
    let done = ctx.store().write(command, move |tx| post::end(tx, id, last)).await;
    Ok(settle(form, done)?.is_some())
}
