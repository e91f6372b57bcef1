//! Adding a unit below another, and correcting what is known of one.

use super::authority;
use super::form_page::{FormPage, command, day, fresh, sent, settle, version};
use super::lists::unit_path;
use super::scope::{self, unit_in};
use crate::permissions::DIRECTORY_KEEP;
use crate::unit::{self, Unit, UnitEntry, UnitKind};
use axum::response::IntoResponse;
use types::{Day, Id, Result};
use ui::{Choice, Field, FormState, Width};
use web::{Ctx, Fields, Outcome, Page, Path, see};

/// The fields, filled from `unit` where one is corrected.
fn fields(unit: Option<&Unit>) -> Vec<Field> {
    let kinds = UnitKind::ALL.iter().map(|kind| Choice::new(kind.word(), kind.title()));
    let mut name = Field::text("name", "Tên đầy đủ").hint("Ví dụ: Xã La Bằng; Phòng Văn hóa – Xã hội.").max_length(200);
    let mut short = Field::text("short_name", "Tên ngắn")
        .hint("Ví dụ: La Bằng. Để trống: như tên đầy đủ.")
        .optional()
        .max_length(100);
    let mut kind = Field::select("kind", "Loại đơn vị", kinds);
    let mut code = Field::text("code", "Mã định danh điện tử")
        .hint("Ví dụ H55.62.05. Đứng đầu mã hồ sơ, nên cần có trước khi tiếp nhận.")
        .optional()
        .width(Width::Long)
        .max_length(60);
    let mut gso = Field::digits("gso_code", "Mã đơn vị hành chính")
        .hint("Mã của cơ quan thống kê; chỉ tỉnh và xã có.")
        .optional()
        .width(Width::Medium)
        .max_length(5);
    if let Some(unit) = unit {
        name = name.value(&unit.name);
        short = short.value(&unit.short_name);
        kind = kind.value(unit.kind.word());
        code = code.value(unit.code.as_deref().unwrap_or_default());
        gso = gso.value(unit.gso_code.as_deref().unwrap_or_default());
    }
    vec![name, short, kind, code, gso]
}

fn entry(form: &mut FormState) -> Option<UnitEntry> {
    let Some(kind) = UnitKind::of(form.value("kind")) else {
        form.refuse("kind", "missing", "Chọn loại đơn vị.");
        return None;
    };
    let text = |name: &str| form.value(name).to_owned();
    Some(UnitEntry {
        name: text("name"),
        short_name: text("short_name"),
        kind,
        code: text("code"),
        gso_code: text("gso_code"),
    })
}

/// The page for a new unit below `above`.
pub(crate) fn draw_new(above: &Unit, form: &FormState, (today, command): (Day, String)) -> Page {
    let page = FormPage {
        title: "Thêm đơn vị cấp dưới".into(),
        lead: format!("Thuộc {}", above.name),
        back: (above.name.clone(), unit_path(above.id)),
        action: format!("{}/them", unit_path(above.id)),
        command,
        submit: "Thêm đơn vị",
        danger: false,
        version: None,
    };
    let mut all = fields(None);
    all.push(Field::date("from", "Có từ ngày").day(today));
    page.draw(form, all)
}

pub(crate) async fn new(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let above = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    Ok(draw_new(above, &fresh(), (tree.day, ctx.new_command())).into_response())
}

pub(crate) async fn create(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let above = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let mut form = sent(&fields);
    if let Some(made) = create_from(&ctx, id, &fields, &mut form).await? {
        return Ok(see(&unit_path(made)));
    }
    Ok(draw_new(above, &form, (tree.day, ctx.new_command())).into_response())
}

async fn create_from(ctx: &Ctx, above: Id, fields: &Fields, form: &mut FormState) -> Result<Option<Id>> {
    let (entry, from) = (entry(form), day(form, "from", "Nhập ngày đơn vị bắt đầu."));
    let (Some(entry), Some(from)) = (entry, from) else { return Ok(None) };
    let command = command(ctx, fields, "directory.create_unit")?;
    let done = ctx.store().write(command, move |tx| unit::create(tx, &entry, Some(above), from)).await;
    settle(form, done)
}

/// The page that corrects a unit.
pub(crate) fn draw_edit(unit: &Unit, form: &FormState, command: String) -> Page {
    let page = FormPage {
        title: "Sửa đơn vị".into(),
        lead: unit.name.clone(),
        back: (unit.name.clone(), unit_path(unit.id)),
        action: format!("{}/sua", unit_path(unit.id)),
        command,
        submit: "Lưu",
        danger: false,
        version: Some(unit.version),
    };
    page.draw(form, fields(Some(unit)))
}

pub(crate) async fn edit(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    Ok(draw_edit(unit, &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn save(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let mut form = sent(&fields);
    let entry = entry(&mut form);
    if let Some(entry) = &entry {
        authority::check_unit_kind(&ctx, &tree, unit, entry.kind, &mut form);
    }
    if let Some(entry) = entry.filter(|_| form.is_valid()) {
        let (version, command) = (version(&fields)?, command(&ctx, &fields, "directory.edit_unit")?);
        let done = ctx.store().write(command, move |tx| unit::edit(tx, id, version, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&unit_path(id)));
        }
    }
    Ok(draw_edit(unit, &form, ctx.new_command()).into_response())
}
