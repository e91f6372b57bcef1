//! Roles: the list, and one role with the permissions of all modules.

use super::authority;
use super::form_page::{FormPage, command, fresh, sent, settle, version};
use super::lists::unit_path;
use super::scope::{self, reaches, unit_in};
use crate::permissions::{DIRECTORY_KEEP, DIRECTORY_SEE};
use crate::post::PostKind;
use crate::role::{self, Role, RoleEntry};
use crate::tree::UnitTree;
use axum::response::IntoResponse;
use std::collections::BTreeSet;
use types::{Error, Id, Result};
use ui::{
    Card, Cell, CheckList, Choice, Container, EmptyState, Field, FormState, Html, Icon, PageHead, Row, Stack, Table,
};
use web::{Ctx, Fields, Module, Outcome, Page, Path, Permission, see};

/// A module with what its permissions allow.
pub(crate) type Group = (&'static str, &'static str, &'static [&'static Permission]);

fn groups(ctx: &Ctx) -> Vec<Group> {
    let group = |module: &&'static Module| (module.name, module.title, module.permissions);
    ctx.house.modules().iter().filter(|module| !module.permissions.is_empty()).map(group).collect()
}

/// A line of the list: a role and the unit that owns it.
pub(crate) type RoleLine = (Role, String);

/// The list.
pub(crate) fn draw_list(lines: &[RoleLine]) -> Page {
    let row = |(role, unit): &RoleLine| {
        let preset = role.preset.map_or_else(Cell::none, |kind| Html::text(kind.title()));
        let link = Cell::link(&role.name, format!("/quan-tri/vai-tro/{}", role.id));
        Row::new([link, Html::text(unit), preset, Html::text(role.permissions.len().to_string())])
    };
    let columns = [
        ui::Column::new("Vai trò"),
        ui::Column::new("Của đơn vị"),
        ui::Column::new("Mặc định cho"),
        ui::Column::number("Số quyền"),
    ];
    let table = Table::new("Vai trò")
        .columns(columns)
        .rows(lines.iter().map(row))
        .empty(EmptyState::new("Chưa có vai trò nào", "Thêm vai trò ở trang của đơn vị."));
    let head = PageHead::new("Vai trò").lead("Vai trò là một nhóm quyền; vị trí có vai trò thì người giữ vị trí làm được các việc đó trong đơn vị và các đơn vị cấp dưới.");
    Page::desk("Vai trò", Stack.around(Html::from(head).and(Card::quiet("Vai trò").flush().around(table))))
}

/// Roles that the reader's posts can have come from above; they may be read, not changed.
fn readable(ctx: &Ctx, tree: &UnitTree, owner: Id) -> bool {
    reaches(ctx, &DIRECTORY_SEE, tree, owner)
        || ctx.who.units_with(&DIRECTORY_SEE).iter().any(|unit| tree.line(*unit).contains(&owner))
}

pub(crate) async fn list(ctx: Ctx) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let roles = ctx.store().read(role::all).await?;
    let lines: Vec<RoleLine> = roles
        .into_iter()
        .filter(|role| readable(&ctx, &tree, role.unit))
        .map(|role| (tree.name(role.unit).to_owned(), role))
        .map(|(unit, role)| (role, unit))
        .collect();
    Ok(draw_list(&lines).into_response())
}

fn fields(role: Option<&Role>, groups: &[Group]) -> Vec<Field> {
    let kinds = PostKind::ALL.iter().map(|kind| Choice::new(kind.word(), kind.title()));
    let mut name = Field::text("name", "Tên vai trò").max_length(100);
    let mut preset = Field::select("preset", "Mặc định cho loại vị trí", kinds)
        .empty_choice("Không mặc định")
        .hint("Vị trí mới thuộc loại này có ngay vai trò; vị trí đã có thì không đổi.")
        .optional();
    if let Some(role) = role {
        name = name.value(&role.name);
        preset = preset.value(role.preset.map(PostKind::word).unwrap_or_default());
    }
    let mut all = vec![name, preset];
    for (module, title, permissions) in groups {
        let choices = permissions.iter().map(|permission| Choice::new(permission.name, permission.title));
        let mut field = Field::checkboxes(&format!("quyen.{module}"), *title, choices).optional();
        for permission in permissions.iter().filter(|p| role.is_some_and(|role| role.permissions.contains(p.name))) {
            field = field.value(permission.name);
        }
        all.push(field);
    }
    all
}

/// What was entered. Permissions of modules that this program does not have stay as they were.
fn entry(form: &mut FormState, groups: &[Group], before: Option<&Role>) -> Option<RoleEntry> {
    let known = |name: &str| groups.iter().any(|(_, _, permissions)| permissions.iter().any(|p| p.name == name));
    let mut permissions: BTreeSet<String> =
        before.iter().flat_map(|role| &role.permissions).filter(|name| !known(name)).cloned().collect();
    for (module, _, all) in groups {
        let field = format!("quyen.{module}");
        permissions.extend(all.iter().filter(|p| form.has(&field, p.name)).map(|p| p.name.to_owned()));
    }
    let preset = match form.value("preset") {
        "" => None,
        word => Some(PostKind::of(word)?),
    };
    Some(RoleEntry { name: form.value("name").to_owned(), preset, permissions })
}

/// The page of a role that may be changed.
pub(crate) fn draw_edit(role: &Role, (unit, groups): (&str, &[Group]), form: &FormState, command: String) -> Page {
    let page = FormPage {
        title: format!("Vai trò {}", role.name),
        lead: format!("Của {unit}. Thay đổi có hiệu lực ngay với mọi người đang có vai trò này."),
        back: ("Vai trò".into(), "/quan-tri/vai-tro".into()),
        action: format!("/quan-tri/vai-tro/{}", role.id),
        command,
        submit: "Lưu",
        danger: false,
        version: Some(role.version),
    };
    page.draw(form, fields(Some(role), groups))
}

/// The page of a role that belongs to a unit above.
pub(crate) fn draw_read(role: &Role, (unit, groups): (&str, &[Group])) -> Page {
    let head = PageHead::new(format!("Vai trò {}", role.name))
        .back("Vai trò", "/quan-tri/vai-tro")
        .lead(format!("Của {unit}; chỉ quản trị của đơn vị đó sửa được."));
    let mut body = Html::from(head);
    for (_, title, permissions) in groups {
        let mut list = CheckList::new();
        let mut any = false;
        for permission in permissions.iter().filter(|p| role.permissions.contains(p.name)) {
            list = list.item_with(Icon::Check, permission.title, "");
            any = true;
        }
        if any {
            body = body.and(Card::new(*title).around(list));
        }
    }
    Page::desk(format!("Vai trò {}", role.name), Stack.around(body))
}

/// Notes at the field of each module the permissions that this administrator may not hand out.
fn check_added(
    ctx: &Ctx,
    (tree, owner): (&UnitTree, Id),
    (entry, before): (&RoleEntry, Option<&Role>),
    form: &mut FormState,
) {
    if authority::keeps(ctx, tree, owner) {
        return;
    }
    for module in ctx.house.modules() {
        let added = |permission: &&&Permission| {
            entry.permissions.contains(permission.name)
                && before.is_none_or(|role| !role.permissions.contains(permission.name))
        };
        let added: Vec<String> = module.permissions.iter().filter(added).map(|p| p.name.to_owned()).collect();
        if authority::any_reaches(ctx, &added) {
            form.refuse(&format!("quyen.{}", module.name), "beyond", authority::refusal(tree, owner));
        }
    }
}

async fn role_in(ctx: &Ctx, id: Id) -> Result<(Role, std::sync::Arc<UnitTree>)> {
    let found = scope::read(ctx, move |reader, _, tree| Ok((role::one(reader, id)?, tree.clone()))).await?;
    match found {
        (Some(role), tree) if readable(ctx, &tree, role.unit) => Ok((role, tree)),
        _ => Err(Error::not_found("vai trò")),
    }
}

pub(crate) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let (role, tree) = role_in(&ctx, id).await?;
    let (unit, groups) = (tree.name(role.unit), groups(&ctx));
    if reaches(&ctx, &DIRECTORY_KEEP, &tree, role.unit) {
        return Ok(draw_edit(&role, (unit, &groups), &fresh(), ctx.new_command()).into_response());
    }
    Ok(draw_read(&role, (unit, &groups)).into_response())
}

pub(crate) async fn save(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let (role, tree) = role_in(&ctx, id).await?;
    if !reaches(&ctx, &DIRECTORY_KEEP, &tree, role.unit) {
        return Err(Error::not_found("vai trò").into());
    }
    let (mut form, groups) = (sent(&fields), groups(&ctx));
    let entry = entry(&mut form, &groups, Some(&role));
    if let Some(entry) = &entry {
        check_added(&ctx, (&tree, role.unit), (entry, Some(&role)), &mut form);
    }
    if let Some(entry) = entry.filter(|_| form.is_valid()) {
        let (version, command) = (version(&fields)?, command(&ctx, &fields, "directory.edit_role")?);
        let done = ctx.store().write(command, move |tx| role::edit(tx, id, version, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see("/quan-tri/vai-tro"));
        }
    }
    Ok(draw_edit(&role, (tree.name(role.unit), &groups), &form, ctx.new_command()).into_response())
}

/// The page for a new role of `unit`.
pub(crate) fn draw_new((unit, name): (Id, &str), groups: &[Group], form: &FormState, command: String) -> Page {
    let page = FormPage {
        title: "Thêm vai trò".into(),
        lead: format!("Của {name}; dùng cho vị trí của đơn vị và các đơn vị cấp dưới."),
        back: (name.to_owned(), unit_path(unit)),
        action: format!("{}/vai-tro/moi", unit_path(unit)),
        command,
        submit: "Thêm vai trò",
        danger: false,
        version: None,
    };
    page.draw(form, fields(None, groups))
}

pub(crate) async fn new(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    Ok(draw_new((id, &unit.name), &groups(&ctx), &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn create(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = unit_in(&ctx, &DIRECTORY_KEEP, &tree, id)?;
    let (mut form, groups) = (sent(&fields), groups(&ctx));
    let entry = entry(&mut form, &groups, None);
    if let Some(entry) = &entry {
        check_added(&ctx, (&tree, id), (entry, None), &mut form);
    }
    if let Some(entry) = entry.filter(|_| form.is_valid()) {
        let command = command(&ctx, &fields, "directory.create_role")?;
        let done = ctx.store().write(command, move |tx| role::create(tx, id, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&unit_path(id)));
        }
    }
    Ok(draw_new((id, &unit.name), &groups, &form, ctx.new_command()).into_response())
}
