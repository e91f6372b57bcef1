//! Who holds a post and who stands in, as administrators keep it.

use super::authority::post_to_fill;
use super::form_page::{FormPage, command, day, day_or_none, fresh, sent, settle};
use super::lists::post_path;
use super::picking::{self, Choices, Sought};
use super::scope::{self, officer_in, post_in};
use super::stand_in_form;
use super::waiting::Waiting;
use crate::permissions::DIRECTORY_KEEP;
use crate::post::{self, Holding, Post};
use crate::stand_in;
use axum::response::IntoResponse;
use serde::Deserialize;
use types::{Day, Error, Id, Result};
use ui::{Field, FormState};
use web::{Ctx, Fields, Outcome, Page, Path, Query, see};

/// Officers that the administrator keeps.
async fn choices(ctx: &Ctx, sought: &str) -> Result<Choices> {
    let tree = scope::tree(ctx).await?;
    let (units, words) = (scope::units_of(ctx, &DIRECTORY_KEEP, &tree), sought.to_owned());
    ctx.store().read(move |reader| picking::officers(reader, &tree, units, &words)).await
}

/// The officer that a form names, if the administrator keeps them.
async fn chosen(ctx: &Ctx, form: &mut FormState) -> Result<Option<Id>> {
    if let Ok(id) = form.value("officer").parse::<Id>() {
        match officer_in(ctx, &DIRECTORY_KEEP, id).await {
            Ok(_) => return Ok(Some(id)),
            Err(Error::NotFound(_)) => {}
            Err(other) => return Err(other),
        }
    }
    form.refuse("officer", "missing", "Chọn cán bộ.");
    Ok(None)
}

/// The page that gives a post to an officer.
pub(crate) fn draw_holder(
    post: &Post,
    (form, sought): (&FormState, &str),
    choices: Choices,
    (today, command): (Day, String),
) -> Page {
    let action = format!("{}/nguoi-giu", post_path(post.id));
    let page = FormPage {
        title: "Giao vị trí cho cán bộ".into(),
        lead: post.title.clone(),
        back: (post.title.clone(), post_path(post.id)),
        action: action.clone(),
        command,
        submit: "Giao vị trí",
        danger: false,
        version: None,
    };
    let search = choices.search(&action, "Tìm cán bộ theo tên", sought);
    let fields = [
        Field::select("officer", "Cán bộ", choices.choices),
        Field::date("from", "Từ ngày").day(today),
        Field::date("to", "Đến hết ngày").hint("Để trống khi chưa biết.").optional(),
    ];
    page.draw_with(form, search, fields)
}

pub(crate) async fn new_holder(ctx: Ctx, Path(id): Path<Id>, Query(sought): Query<Sought>) -> Outcome {
    let (post, tree) = post_to_fill(&ctx, id).await?;
    let choices = choices(&ctx, &sought.q).await?;
    Ok(draw_holder(&post, (&fresh(), &sought.q), choices, (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn hold(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (post, tree) = post_to_fill(&ctx, id).await?;
    let mut form = sent(&fields);
    let officer = chosen(&ctx, &mut form).await?;
    let (from, to) = (day(&mut form, "from", "Nhập ngày bắt đầu."), day_or_none(&mut form, "to"));
    if let (Some(officer), Some(from), true) = (officer, from, form.is_valid()) {
        let command = command(&ctx, &fields, "directory.hold_post")?;
        let done = ctx.store().write(command, move |tx| post::hold(tx, id, officer, (from, to))).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&post_path(id)));
        }
    }
    let choices = choices(&ctx, "").await?;
    Ok(draw_holder(&post, (&form, ""), choices, (tree.day, ctx.new_command())).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct HoldingPath {
    id: Id,
    holding: Id,
}

/// A holding of this very post.
async fn holding_of(ctx: &Ctx, post: Id, holding: Id) -> Result<Holding> {
    let all = ctx.store().read(move |reader| post::holdings(reader, post)).await?;
    all.into_iter().find(|one| one.id == holding).ok_or_else(|| Error::not_found("người giữ vị trí"))
}

/// The page that ends an officer's time in a post.
pub(crate) fn draw_release(
    post: &Post,
    (holding, waiting): (&Holding, &Waiting),
    form: &FormState,
    (today, command): (Day, String),
) -> Page {
    let page = FormPage {
        title: "Kết thúc giữ vị trí".into(),
        lead: format!("{} – {}", holding.name, post.title),
        back: (post.title.clone(), post_path(post.id)),
        action: format!("{}/nguoi-giu/{}/ket-thuc", post_path(post.id), holding.id),
        command,
        submit: "Kết thúc",
        danger: true,
        version: None,
    };
    page.draw_with(form, waiting.notice(), [Field::date("to", "Ngày cuối cùng").day(today)])
}

pub(crate) async fn releasing(ctx: Ctx, Path(path): Path<HoldingPath>) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, path.id).await?;
    let holding = holding_of(&ctx, post.id, path.holding).await?;
    let waiting = Waiting::without(&ctx, &post, &holding, tree.day).await?;
    Ok(draw_release(&post, (&holding, &waiting), &fresh(), (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn release(ctx: Ctx, Path(path): Path<HoldingPath>, fields: Fields) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, path.id).await?;
    let holding = holding_of(&ctx, post.id, path.holding).await?;
    let mut form = sent(&fields);
    if let Some(last) = day(&mut form, "to", "Nhập ngày cuối cùng giữ vị trí.") {
        let (id, command) = (holding.id, command(&ctx, &fields, "directory.release_post")?);
        let done = ctx.store().write(command, move |tx| post::release(tx, id, last)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&post_path(post.id)));
        }
    }
    let waiting = Waiting::without(&ctx, &post, &holding, tree.day).await?;
    Ok(draw_release(&post, (&holding, &waiting), &form, (tree.day, ctx.new_command())).into_response())
}

/// The page that lets an officer stand in.
pub(crate) fn draw_stand_in(
    post: &Post,
    (form, sought): (&FormState, &str),
    choices: Choices,
    (today, command): (Day, String),
) -> Page {
    let action = format!("{}/thay-mat", post_path(post.id));
    let page = FormPage {
        title: "Giao người thay mặt".into(),
        lead: post.title.clone(),
        back: (post.title.clone(), post_path(post.id)),
        action: action.clone(),
        command,
        submit: "Giao thay mặt",
        danger: false,
        version: None,
    };
    let search = choices.search(&action, "Tìm cán bộ theo tên", sought);
    page.draw_with(form, search, stand_in_form::fields(choices.choices, today))
}

pub(crate) async fn new_stand_in(ctx: Ctx, Path(id): Path<Id>, Query(sought): Query<Sought>) -> Outcome {
    let (post, tree) = post_to_fill(&ctx, id).await?;
    let choices = choices(&ctx, &sought.q).await?;
    Ok(draw_stand_in(&post, (&fresh(), &sought.q), choices, (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn authorise(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (post, tree) = post_to_fill(&ctx, id).await?;
    let mut form = sent(&fields);
    let officer = chosen(&ctx, &mut form).await?;
    if let (Some(_), Some(entry)) = (officer, stand_in_form::entry(&mut form)) {
        let command = command(&ctx, &fields, "directory.authorise_stand_in")?;
        let done = ctx.store().write(command, move |tx| stand_in::authorise(tx, id, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&post_path(id)));
        }
    }
    let choices = choices(&ctx, "").await?;
    Ok(draw_stand_in(&post, (&form, ""), choices, (tree.day, ctx.new_command())).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct StandInPath {
    id: Id,
    stand_in: Id,
}

pub(crate) async fn end_stand_in(ctx: Ctx, Path(path): Path<StandInPath>, fields: Fields) -> Outcome {
    let (post, _) = post_in(&ctx, &DIRECTORY_KEEP, path.id).await?;
    let (id, of) = (path.stand_in, post.id);
    let found = ctx.store().read(move |reader| stand_in::one(reader, id)).await?;
    found.filter(|one| one.post == of).ok_or_else(|| Error::not_found("việc thay mặt"))?;
    let command = command(&ctx, &fields, "directory.end_stand_in")?;
    ctx.store().write(command, move |tx| stand_in::end(tx, id)).await?;
    Ok(see(&post_path(of)))
}
