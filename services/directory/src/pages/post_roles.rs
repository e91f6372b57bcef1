//! Which roles a post has, from a day to a day.

use super::authority;
use super::form_page::{FormPage, command, day, day_or_none, fresh, sent, settle};
use super::lists::post_path;
use super::scope::{self, post_in};
use crate::permissions::DIRECTORY_KEEP;
use crate::post::Post;
use crate::role::{self, Grant, Role};
use axum::response::IntoResponse;
use serde::Deserialize;
use types::{Day, Error, Id, Result};
use ui::{Choice, Field, FormState};
use web::{Ctx, Fields, Outcome, Page, Path, see};

/// The page that grants a role.
pub(crate) fn draw_grant(post: &Post, form: &FormState, roles: &[Role], (today, command): (Day, String)) -> Page {
    let page = FormPage {
        title: "Thêm vai trò cho vị trí".into(),
        lead: post.title.clone(),
        back: (post.title.clone(), post_path(post.id)),
        action: format!("{}/vai-tro", post_path(post.id)),
        command,
        submit: "Thêm vai trò",
        danger: false,
        version: None,
    };
    let choices = roles.iter().map(|role| Choice::new(role.id.to_string(), role.name.clone()));
    let fields = [
        Field::select("role", "Vai trò", choices),
        Field::date("from", "Từ ngày").day(today),
        Field::date("to", "Đến hết ngày").hint("Để trống khi chưa biết.").optional(),
    ];
    page.draw(form, fields)
}

async fn roles(ctx: &Ctx, unit: Id) -> Result<Vec<Role>> {
    scope::read(ctx, move |reader, _, tree| role::for_unit(reader, tree, unit)).await
}

pub(crate) async fn new(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let roles = roles(&ctx, post.unit).await?;
    Ok(draw_grant(&post, &fresh(), &roles, (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn grant(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let mut form = sent(&fields);
    let role: Option<Id> = form.value("role").parse().ok();
    if role.is_none() {
        form.refuse("role", "missing", "Chọn vai trò.");
    }
    let roles = roles(&ctx, post.unit).await?;
    let chosen = roles.iter().find(|one| Some(one.id) == role);
    if chosen.is_some_and(|role| authority::any_reaches(&ctx, &role.permissions))
        && !authority::keeps(&ctx, &tree, post.unit)
    {
        form.refuse("role", "beyond", authority::refusal(&tree, post.unit));
    }
    let (from, to) = (day(&mut form, "from", "Nhập ngày bắt đầu."), day_or_none(&mut form, "to"));
    if let (Some(role), Some(from), true) = (role, from, form.is_valid()) {
        let command = command(&ctx, &fields, "directory.grant_role")?;
        let done = ctx.store().write(command, move |tx| role::grant(tx, id, role, (from, to))).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&post_path(id)));
        }
    }
    Ok(draw_grant(&post, &form, &roles, (tree.day, ctx.new_command())).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct GrantPath {
    id: Id,
    grant: Id,
}

/// A grant of this very post.
async fn grant_of(ctx: &Ctx, post: Id, grant: Id) -> Result<Grant> {
    let all = ctx.store().read(move |reader| role::grants(reader, post)).await?;
    all.into_iter().find(|one| one.id == grant).ok_or_else(|| Error::not_found("vai trò của vị trí"))
}

/// The page that takes a role back.
pub(crate) fn draw_take_back(post: &Post, grant: &Grant, form: &FormState, (today, command): (Day, String)) -> Page {
    let page = FormPage {
        title: "Thu lại vai trò".into(),
        lead: format!("{} – {}", grant.name, post.title),
        back: (post.title.clone(), post_path(post.id)),
        action: format!("{}/vai-tro/{}/ket-thuc", post_path(post.id), grant.id),
        command,
        submit: "Thu lại",
        danger: true,
        version: None,
    };
    page.draw(form, [Field::date("to", "Ngày cuối cùng").hint("Chọn ngày hôm qua để thu lại ngay.").day(today)])
}

pub(crate) async fn taking_back(ctx: Ctx, Path(path): Path<GrantPath>) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, path.id).await?;
    let grant = grant_of(&ctx, post.id, path.grant).await?;
    Ok(draw_take_back(&post, &grant, &fresh(), (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn take_back(ctx: Ctx, Path(path): Path<GrantPath>, fields: Fields) -> Outcome {
    let (post, tree) = post_in(&ctx, &DIRECTORY_KEEP, path.id).await?;
    let grant = grant_of(&ctx, post.id, path.grant).await?;
    let mut form = sent(&fields);
    if let Some(last) = day(&mut form, "to", "Nhập ngày cuối cùng có vai trò.") {
        let (id, command) = (grant.id, command(&ctx, &fields, "directory.take_back_role")?);
        let done = ctx.store().write(command, move |tx| role::take_back(tx, id, last)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&post_path(post.id)));
        }
    }
    Ok(draw_take_back(&post, &grant, &form, (tree.day, ctx.new_command())).into_response())
}
