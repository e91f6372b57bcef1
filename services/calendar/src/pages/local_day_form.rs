//! Adding a day on which a unit differs from the country, and taking it away.

use axum::response::IntoResponse;
use types::{Day, Error, Id, Result};
use ui::{Choice, Field, FormState, Width};
use web::{Ctx, Fields, Outcome, Page, Path, see};

use super::form_page::{FormPage, Kind, day, fresh, sent, settle};
use super::{TOP, scope};
use crate::hours::typed_hours;
use crate::local_day;
use crate::permissions::CALENDAR_KEEP;
use crate::words;
use crate::working::LocalDay;

/// The page with its form.
pub(crate) fn draw((unit, name): (Id, &str), form: &FormState, command: String) -> Page {
    let here = format!("{TOP}/{unit}");
    let page = FormPage {
        title: "Thêm ngày riêng".into(),
        lead: format!("Ngày {name} và các đơn vị cấp dưới nghỉ hoặc làm việc khác cả nước."),
        back: (name.to_owned(), here.clone()),
        action: format!("{here}/ngay"),
        command,
        submit: "Thêm ngày riêng",
        kind: Kind::Enter,
    };
    let fields = [
        Field::date("day", "Ngày"),
        Field::radios("kind", "Đơn vị", [Choice::new("closed", "Nghỉ cả ngày"), Choice::new("worked", "Làm việc")])
            .value("closed"),
        Field::text("hours", "Giờ làm việc")
            .hint("Chỉ nhập khi làm việc. Ví dụ: 07:30-11:30.")
            .optional()
            .width(Width::Long)
            .max_length(80),
        Field::text("reason", "Lý do")
            .hint("Hiện trong phần giải thích thời hạn. Ví dụ: đóng cửa do lũ quét.")
            .max_length(300),
        Field::text("basis", "Văn bản quyết định").hint("Số, ngày, cơ quan ban hành.").max_length(300),
    ];
    page.draw(form, fields)
}

fn entry(form: &mut FormState) -> Option<LocalDay> {
    let date = day(form, "day", "Nhập ngày.");
    let periods = match form.value("kind") {
        "closed" => Vec::new(),
        "worked" => match typed_hours(form.value("hours")) {
            Ok(periods) if periods.is_empty() => {
                form.refuse("hours", "missing", "Nhập giờ làm việc của ngày này, ví dụ 07:30-11:30.");
                Vec::new()
            }
            Ok(periods) => periods,
            Err(error) => {
                form.refuse("hours", "bad_hours", error.to_string());
                Vec::new()
            }
        },
        _ => {
            form.refuse("kind", "missing", "Chọn nghỉ hoặc làm việc.");
            Vec::new()
        }
    };
    let (reason, basis) = (form.value("reason").to_owned(), form.value("basis").to_owned());
    for (field, text, missing) in [
        ("reason", &reason, "Nhập lý do, ví dụ: đóng cửa do lũ quét."),
        ("basis", &basis, "Nhập văn bản quyết định: số, ngày, cơ quan ban hành."),
    ] {
        if text.is_empty() {
            form.refuse(field, "missing", missing);
        }
    }
    let date = date?.0;
    form.is_valid().then_some(LocalDay { date, periods, reason, basis })
}

pub(crate) async fn new(ctx: Ctx, Path(unit): Path<Id>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let name = &scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?.name;
    Ok(draw((unit, name), &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn add(ctx: Ctx, Path(unit): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let name = &scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?.name;
    let mut form = sent(&fields);
    if let Some(entry) = entry(&mut form) {
        let verb = ("calendar.add_local_day", fields.text("command"), &fields.0);
        let command = scope::command(&ctx, verb, &tree.line_of_rights(unit))?;
        let year = entry.date.year();
        let done = ctx.store().write(command, move |tx| local_day::add(tx, unit, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&format!("{TOP}/{unit}?nam={year}")));
        }
    }
    Ok(draw((unit, name), &form, ctx.new_command()).into_response())
}

/// The page that asks again before a day is taken away.
pub(crate) fn draw_removing((unit, name): (Id, &str), known: &LocalDay, command: String) -> Page {
    let here = format!("{TOP}/{unit}");
    let page = FormPage {
        title: format!("Bỏ ngày riêng {}", words::day(known.date)),
        lead: format!("{name}: {}. Ngày này trở lại theo lịch chung.", known.reason),
        back: (name.to_owned(), here.clone()),
        action: format!("{here}/ngay/{}/bo", known.date),
        command,
        submit: "Bỏ ngày riêng",
        kind: Kind::Remove,
    };
    page.draw(&fresh(), [])
}

fn day_of(text: &str) -> Result<Day> {
    text.parse().map_err(|_| Error::not_found("ngày riêng này"))
}

pub(crate) async fn removing(ctx: Ctx, Path((unit, day)): Path<(Id, String)>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let name = scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?.name.clone();
    let day = day_of(&day)?;
    let days = ctx.store().read(move |reader| local_day::of_unit(reader, unit)).await?;
    let known = days.iter().find(|known| known.date == day.0).ok_or_else(|| Error::not_found("ngày riêng này"))?;
    Ok(draw_removing((unit, &name), known, ctx.new_command()).into_response())
}

pub(crate) async fn remove(ctx: Ctx, Path((unit, day)): Path<(Id, String)>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?;
    let day = day_of(&day)?;
    let verb = ("calendar.remove_local_day", fields.text("command"), &fields.0);
    let command = scope::command(&ctx, verb, &tree.line_of_rights(unit))?;
    ctx.store().write(command, move |tx| local_day::remove(tx, unit, day)).await?;
    Ok(see(&format!("{TOP}/{unit}?nam={}", day.0.year())))
}
