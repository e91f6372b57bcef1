//! Adding an officer, and correcting what is known of one.

use super::form_page::{FormPage, command, fresh, sent, settle, version};
use super::lists::officer_path;
use super::picking::{self, Choices, Sought};
use super::scope::{self, officer_in, reaches};
use crate::officer::{self, OfficerCard, OfficerEntry};
use crate::permissions::DIRECTORY_KEEP;
use axum::response::IntoResponse;
use types::Id;
use ui::{Field, FormState, Width};
use web::{Ctx, Fields, Outcome, Page, Path, Query, see};

fn fields(card: Option<&OfficerCard>) -> Vec<Field> {
    let mut name = Field::text("name", "Họ và tên").max_length(100);
    let mut phone = Field::phone("phone", "Điện thoại").optional().width(Width::Long).max_length(20);
    let mut email = Field::email("email", "Thư điện tử công vụ").optional().max_length(200);
    if let Some(card) = card {
        name = name.value(&card.name);
        phone = phone.value(&card.phone);
        email = email.value(&card.email);
    }
    // The browser must not fill in the administrator's own.
    vec![name, phone.complete("off"), email.complete("off")]
}

fn entry(form: &FormState) -> OfficerEntry {
    let text = |name: &str| form.value(name).to_owned();
    OfficerEntry { name: text("name"), phone: text("phone"), email: text("email") }
}

/// The page for a new officer.
pub(crate) fn draw_new((form, sought): (&FormState, &str), choices: Choices, command: String) -> Page {
    let page = FormPage {
        title: "Thêm cán bộ".into(),
        lead: "Sau khi thêm, mở tài khoản ở trang của cán bộ và giao vị trí ở trang của vị trí.".into(),
        back: ("Cán bộ".into(), "/quan-tri/can-bo".into()),
        action: "/quan-tri/can-bo/moi".into(),
        command,
        submit: "Thêm cán bộ",
        danger: false,
        version: None,
    };
    let search = choices.search("/quan-tri/can-bo/moi", "Tìm đơn vị theo tên hoặc mã", sought);
    let mut all = fields(None);
    all.push(Field::select("unit", "Đơn vị quản lý", choices.choices));
    page.draw_with(form, search, all)
}

pub(crate) async fn new(ctx: Ctx, Query(sought): Query<Sought>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let choices = picking::units(&ctx, &tree, &sought.q);
    Ok(draw_new((&fresh(), &sought.q), choices, ctx.new_command()).into_response())
}

pub(crate) async fn create(ctx: Ctx, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let mut form = sent(&fields);
    let unit: Option<Id> = form.value("unit").parse().ok().filter(|unit| reaches(&ctx, &DIRECTORY_KEEP, &tree, *unit));
    match unit {
        Some(unit) => {
            let (entry, command) = (entry(&form), command(&ctx, &fields, "directory.create_officer")?);
            let done = ctx.store().write(command, move |tx| officer::create(tx, unit, &entry)).await;
            if let Some(id) = settle(&mut form, done)? {
                return Ok(see(&officer_path(id)));
            }
        }
        None => form.refuse("unit", "missing", "Chọn đơn vị quản lý cán bộ."),
    }
    let choices = picking::units(&ctx, &tree, "");
    Ok(draw_new((&form, ""), choices, ctx.new_command()).into_response())
}

/// The page that corrects an officer.
pub(crate) fn draw_edit(card: &OfficerCard, form: &FormState, command: String) -> Page {
    let page = FormPage {
        title: "Sửa cán bộ".into(),
        lead: String::new(),
        back: (card.name.clone(), officer_path(card.id)),
        action: format!("{}/sua", officer_path(card.id)),
        command,
        submit: "Lưu",
        danger: false,
        version: Some(card.version),
    };
    page.draw(form, fields(Some(card)))
}

pub(crate) async fn edit(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let (card, _) = officer_in(&ctx, &DIRECTORY_KEEP, id).await?;
    Ok(draw_edit(&card, &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn save(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (card, _) = officer_in(&ctx, &DIRECTORY_KEEP, id).await?;
    let mut form = sent(&fields);
    let (entry, version) = (entry(&form), version(&fields)?);
    let command = command(&ctx, &fields, "directory.edit_officer")?;
    let done = ctx.store().write(command, move |tx| officer::edit(tx, id, version, &entry)).await;
    if settle(&mut form, done)?.is_some() {
        return Ok(see(&officer_path(id)));
    }
    Ok(draw_edit(&card, &form, ctx.new_command()).into_response())
}
