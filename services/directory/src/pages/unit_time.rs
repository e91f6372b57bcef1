//! Moving a unit under another one, and ending it, each with its day.

use super::authority;
use super::form_page::{FormPage, command, day, fresh, sent, settle};
use super::lists::unit_path;
use super::picking::{self, Choices, Sought};
use super::scope::{self, reaches, unit_in};
use crate::permissions::DIRECTORY_KEEP;
use crate::unit::{self, Unit};
use axum::response::IntoResponse;
use types::{Day, Id, Result};
use ui::{Field, FormState};
use web::{Ctx, Fields, Outcome, Page, Path, Query, see};

/// The page that moves a unit.
pub(crate) fn draw_move(
    unit: &Unit,
    (form, sought): (&FormState, &str),
    choices: Choices,
    (today, command): (Day, String),
) -> Page {
    let action = format!("{}/chuyen", unit_path(unit.id));
    let page = FormPage {
        title: "Chuyển đơn vị".into(),
        lead: format!(
            "{}: từ ngày chọn, đơn vị thuộc đơn vị cấp trên khác. Số liệu trước ngày đó vẫn tính cho đơn vị cũ.",
            unit.name
        ),
        back: (unit.name.clone(), unit_path(unit.id)),
        action: action.clone(),
        command,
        submit: "Chuyển đơn vị",
        danger: false,
        version: None,
    };
    let search = choices.search(&action, "Tìm đơn vị theo tên hoặc mã", sought);
    let fields =
        [Field::select("parent", "Đơn vị cấp trên mới", choices.choices), Field::date("from", "Từ ngày").day(today)];
    page.draw_with(form, search, fields)
}

pub(crate) async fn moving(ctx: Ctx, Path(id): Path<Id>, Query(sought): Query<Sought>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let choices = picking::units(&ctx, &tree, &sought.q);
    Ok(draw_move(unit, (&fresh(), &sought.q), choices, (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn move_to(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let mut form = sent(&fields);
    // A unit can only go to where the administrator keeps units too.
    let parent: Option<Id> = form.value("parent").parse().ok().filter(|p| reaches(&ctx, &DIRECTORY_KEEP, &tree, *p));
    if parent.is_none() {
        form.refuse("parent", "missing", "Chọn đơn vị cấp trên mới.");
    }
    // A department brings what its posts may do along: then for the new authority's work.
    if let Some(parent) = parent.filter(|parent| unit.kind.is_inner() && !authority::keeps(&ctx, &tree, *parent)) {
        form.refuse("parent", "beyond", authority::refusal(&tree, parent));
    }
    let from = day(&mut form, "from", "Nhập ngày bắt đầu thuộc đơn vị mới.");
    if let (Some(parent), Some(from), true) = (parent, from, form.is_valid()) {
        let command = command(&ctx, &fields, "directory.move_unit")?;
        let done = ctx.store().write(command, move |tx| unit::move_to(tx, id, Some(parent), from)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&unit_path(id)));
        }
    }
    let choices = picking::units(&ctx, &tree, "");
    Ok(draw_move(unit, (&form, ""), choices, (tree.day, ctx.new_command())).into_response())
}

/// The page that ends a unit.
pub(crate) fn draw_end(unit: &Unit, form: &FormState, (today, command): (Day, String)) -> Page {
    let page = FormPage {
        title: "Kết thúc đơn vị".into(),
        lead: format!("{} không còn hoạt động sau ngày này. Dữ liệu cũ vẫn giữ nguyên.", unit.name),
        back: (unit.name.clone(), unit_path(unit.id)),
        action: format!("{}/ket-thuc", unit_path(unit.id)),
        command,
        submit: "Kết thúc đơn vị",
        danger: true,
        version: None,
    };
    page.draw(form, [Field::date("to", "Ngày cuối cùng").day(today)])
}

pub(crate) async fn ending(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    Ok(draw_end(unit, &fresh(), (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn end(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let mut form = sent(&fields);
    if end_on(&ctx, id, &fields, &mut form).await? {
        return Ok(see(&unit_path(id)));
    }
    Ok(draw_end(unit, &form, (tree.day, ctx.new_command())).into_response())
}

async fn end_on(ctx: &Ctx, id: Id, fields: &Fields, form: &mut FormState) -> Result<bool> {
    let Some(last) = day(form, "to", "Nhập ngày cuối cùng của đơn vị.") else { return Ok(false) };
    let command = command(ctx, fields, "directory.end_unit")?;
    let done = ctx.store().write(command, move |tx| unit::end(tx, id, last)).await;
    Ok(settle(form, done)?.is_some())
}
