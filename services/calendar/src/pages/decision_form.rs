//! Adding one decision to a known year (a swapped day, a break), and taking it back.

use axum::response::IntoResponse;
use types::{Error, Id, Result, text};
use ui::{Field, FormState, Width};
use web::{Ctx, Fields, Outcome, Page, Path, see};

use super::form_page::{FormPage, Kind, day, day_or_none, fresh, sent, settle};
use super::{YEARS, scope};
use crate::holidays::{Break, Decision, Swap, is_address};
use crate::national::{self, Decided};

/// What is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Swap,
    Break,
}

/// The page with its form.
pub(crate) fn draw(what: What, year: i16, form: &FormState, command: String) -> Page {
    let (title, lead, rest, first, second, occasion) = match what {
        What::Swap => (
            "Thêm ngày làm việc hoán đổi",
            "Một ngày làm việc được nghỉ, đổi lấy một ngày thứ Bảy hoặc Chủ nhật làm bù.",
            "hoan-doi",
            "Ngày được nghỉ",
            "Ngày làm bù",
            "Ví dụ: Quốc khánh 02/9.",
        ),
        What::Break => (
            "Thêm đợt nghỉ",
            "Nhiều ngày nghỉ liền nhau, kể cả ngày cuối tuần trong đợt.",
            "dot-nghi",
            "Ngày đầu",
            "Ngày cuối",
            "Ví dụ: Tết Nguyên đán Mậu Thân.",
        ),
    };
    let page = FormPage {
        title: format!("{title} năm {year}"),
        lead: lead.into(),
        back: (format!("Ngày nghỉ năm {year}"), format!("{YEARS}/{year}")),
        action: format!("{YEARS}/{year}/{rest}"),
        command,
        submit: "Thêm quyết định",
        kind: Kind::Enter,
    };
    let fields = [
        Field::text("occasion", "Dịp").hint(occasion).max_length(120),
        Field::date("first", first),
        Field::date("second", second),
        Field::text("number", "Số văn bản").hint("Ví dụ: 9859/VPCP-KGVX.").optional().width(Width::Long).max_length(60),
        Field::date("issued", "Ngày văn bản").optional(),
        Field::text("issuer", "Cơ quan ban hành").optional().max_length(200),
        Field::text("source", "Nguồn")
            .hint("Địa chỉ trang đăng văn bản, bắt đầu bằng https://")
            .optional()
            .max_length(500),
        Field::checkbox("verified", "Đã đối chiếu số, ngày và các ngày nghỉ với văn bản"),
    ];
    page.draw(form, fields)
}

fn entry(what: What, form: &mut FormState) -> Option<Decided> {
    let occasion = line(form, "occasion", 120);
    if occasion.is_none() && form.problems_of("occasion").next().is_none() {
        form.refuse("occasion", "missing", "Nhập dịp nghỉ, ví dụ: Quốc khánh 02/9.");
    }
    let first = day(form, "first", "Nhập ngày.");
    let second = day(form, "second", "Nhập ngày.");
    let decision = Decision {
        number: line(form, "number", 60),
        date: day_or_none(form, "issued").map(|day| day.0),
        issuer: line(form, "issuer", 200),
        source: line(form, "source", 500),
        verified: form.has("verified", "1"),
    };
    if decision.source.as_deref().is_some_and(|source| !is_address(source)) {
        form.refuse("source", "not_an_address", "Nhập địa chỉ bắt đầu bằng https:// hoặc http://.");
    }
    if decision.verified && decision.number.is_none() {
        form.refuse("number", "missing", "Đã đối chiếu với văn bản thì phải ghi số văn bản.");
    }
    let (occasion, first, second) = (occasion?, first?.0, second?.0);
    if !form.is_valid() {
        return None;
    }
    Some(match what {
        What::Swap => Decided::Swap(Swap { occasion, off: first, work: second, decision, line: None }),
        What::Break => Decided::Break(Break { occasion, from: first, to: second, decision, line: None }),
    })
}

fn line(form: &mut FormState, name: &str, most: usize) -> Option<String> {
    let given = text::clean(form.value(name));
    if given.chars().count() > most {
        form.refuse(name, "too_long", format!("Viết ngắn hơn: nhiều nhất {most} ký tự."));
    }
    Some(given).filter(|given| !given.is_empty())
}

async fn known_year(ctx: &Ctx, year: i16) -> Result<national::KnownYear> {
    let known = ctx.store().read(national::years).await?.into_iter().find(|known| known.year == year);
    known.ok_or_else(|| Error::not_found(format!("lịch năm {year}")))
}

pub(crate) async fn new_swap(ctx: Ctx, Path(year): Path<i16>) -> Outcome {
    new(ctx, What::Swap, year).await
}

pub(crate) async fn new_break(ctx: Ctx, Path(year): Path<i16>) -> Outcome {
    new(ctx, What::Break, year).await
}

async fn new(ctx: Ctx, what: What, year: i16) -> Outcome {
    scope::nation(&ctx).await?;
    known_year(&ctx, year).await?;
    Ok(draw(what, year, &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn add_swap(ctx: Ctx, Path(year): Path<i16>, fields: Fields) -> Outcome {
    add(ctx, (What::Swap, year), fields).await
}

pub(crate) async fn add_break(ctx: Ctx, Path(year): Path<i16>, fields: Fields) -> Outcome {
    add(ctx, (What::Break, year), fields).await
}

async fn add(ctx: Ctx, (what, year): (What, i16), fields: Fields) -> Outcome {
    let tops = scope::nation(&ctx).await?;
    known_year(&ctx, year).await?;
    let mut form = sent(&fields);
    if let Some(decided) = entry(what, &mut form) {
        let command = scope::command(&ctx, ("calendar.add_decision", fields.text("command"), &fields.0), &tops)?;
        let done = ctx.store().write(command, move |tx| national::add(tx, year, &decided)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&format!("{YEARS}/{year}")));
        }
    }
    Ok(draw(what, year, &form, ctx.new_command()).into_response())
}

/// The page that asks again before a decision is taken back.
pub(crate) fn draw_removing((year, id): (i16, Id), decided: &Decided, form: &FormState, command: String) -> Page {
    let page = FormPage {
        title: format!("Bỏ quyết định: {}", decided.occasion()),
        lead: format!("Năm {year}, {}.", decided.decision().basis()),
        back: (format!("Ngày nghỉ năm {year}"), format!("{YEARS}/{year}")),
        action: format!("{YEARS}/{year}/quyet-dinh/{id}/bo"),
        command,
        submit: "Bỏ quyết định",
        kind: Kind::Remove,
    };
    page.draw(form, [])
}

async fn entered(ctx: &Ctx, year: i16, id: Id) -> Result<Decided> {
    let known = known_year(ctx, year).await?;
    let found = known.decided.into_iter().find(|(other, _)| *other == Some(id));
    found.map(|(_, decided)| decided).ok_or_else(|| Error::not_found("quyết định này"))
}

pub(crate) async fn removing(ctx: Ctx, Path((year, id)): Path<(i16, Id)>) -> Outcome {
    scope::nation(&ctx).await?;
    let decided = entered(&ctx, year, id).await?;
    Ok(draw_removing((year, id), &decided, &fresh(), ctx.new_command()).into_response())
}

pub(crate) async fn remove(ctx: Ctx, Path((year, id)): Path<(i16, Id)>, fields: Fields) -> Outcome {
    let tops = scope::nation(&ctx).await?;
    let command = scope::command(&ctx, ("calendar.remove_decision", fields.text("command"), &fields.0), &tops)?;
    let mut form = fresh();
    let done = ctx.store().write(command, move |tx| national::remove(tx, id)).await;
    if settle(&mut form, done)?.is_some() {
        return Ok(see(&format!("{YEARS}/{year}")));
    }
    let decided = entered(&ctx, year, id).await?;
    Ok(draw_removing((year, id), &decided, &form, ctx.new_command()).into_response())
}
