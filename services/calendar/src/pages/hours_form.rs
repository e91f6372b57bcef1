//! Changing a unit's hours from a day on, and taking a change back.

use axum::response::IntoResponse;
use directory::UnitTree;
use jiff::civil::Weekday;
use serde::Deserialize;
use types::{Day, Error, Id, Result};
use ui::{Choice, Field, FormState, Width, format};
use web::{Ctx, Fields, Outcome, Page, Path, Query, see};

use super::form_page::{FormPage, Kind, day, fresh, sent, settle};
use super::months::hours;
use super::unit::{Now, WEEK, holding, week_words};
use super::{TOP, scope};
use crate::hours::{WeekHours, typed_clock, typed_hours};
use crate::inheritance::{Ancestry, Entered};
use crate::permissions::CALENDAR_KEEP;
use crate::unit_hours::{self, UnitHours};
use crate::words;

/// Which change is to be looked at again.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Again {
    tu: Option<String>,
}

/// What stands in the form before anybody typed.
pub(crate) struct HoursForm {
    pub unit: Id,
    pub name: String,
    pub command: String,
    pub from: Option<Day>,
    pub week: WeekHours,
    pub cut_off: u16,
    pub follows: bool,
    pub basis: String,
}

/// The name of a weekday's field.
fn field_of(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}

impl HoursForm {
    pub(crate) fn draw(&self, form: &FormState) -> Page {
        let here = format!("{TOP}/{}", self.unit);
        let page = FormPage {
            title: "Đổi giờ làm việc".into(),
            lead: format!("{}. Thời hạn của hồ sơ đang giải quyết có thể thay đổi từ ngày này.", self.name),
            back: (self.name.clone(), here.clone()),
            action: format!("{here}/gio"),
            command: self.command.clone(),
            submit: "Lưu giờ làm việc",
            kind: Kind::Enter,
        };
        let from = Field::date("from", "Áp dụng từ ngày")
            .hint("Đến khi có lần đổi tiếp theo. Nhập lại ngày đã có thì thay lần đổi đó.");
        let from = match self.from {
            Some(day) => from.day(day),
            None => from,
        };
        let kind = Field::radios(
            "kind",
            "Giờ làm việc",
            [
                Choice::new("own", "Giờ riêng của đơn vị").hint("Nhập ở dưới."),
                Choice::new("follow", "Theo đơn vị cấp trên").hint("Bỏ qua các ô giờ ở dưới."),
            ],
        )
        .value(if self.follows { "follow" } else { "own" });
        let days = WEEK.map(|day| {
            let label = words::sentence(words::weekday(day));
            Field::text(field_of(day), label).width(Width::Long).value(hours(self.week.on(day))).max_length(80)
        });
        let [mon, rest @ ..] = days;
        let mon = mon.hint("Ví dụ: 07:30-11:30, 13:30-17:30. Ngày nghỉ thì để trống hoặc ghi «nghỉ».");
        let cut_off = Field::text("cut_off", "Hồ sơ giải quyết trong ngày nhận đến")
            .hint("Nhận sau giờ này thì trả vào ngày làm việc kế tiếp.")
            .width(Width::Short)
            .value(words::clock(self.cut_off.into()));
        let basis = Field::text("basis", "Văn bản quyết định")
            .hint("Số, ngày, cơ quan ban hành.")
            .optional()
            .max_length(300)
            .value(&self.basis);
        page.draw(form, [from, kind, mon].into_iter().chain(rest).chain([cut_off, basis]))
    }
}

/// What was sent, or nothing when something in it is wrong.
fn entry(form: &mut FormState) -> Option<UnitHours> {
    let from = day(form, "from", "Nhập ngày bắt đầu áp dụng.");
    let basis = form.value("basis").to_owned();
    let week = match form.value("kind") {
        "follow" => None,
        "own" => own_week(form),
        _ => {
            form.refuse("kind", "missing", "Chọn giờ riêng hoặc theo đơn vị cấp trên.");
            None
        }
    };
    let from = from?;
    form.is_valid().then_some(UnitHours { from, week, basis })
}

fn own_week(form: &mut FormState) -> Option<(WeekHours, u16)> {
    let mut days = [const { Vec::new() }; 7];
    for (weekday, periods) in WEEK.into_iter().zip(&mut days) {
        match typed_hours(form.value(field_of(weekday))) {
            Ok(typed) => *periods = typed,
            Err(error) => form.refuse(field_of(weekday), "bad_hours", error.to_string()),
        }
    }
    let cut_off = typed_clock(form.value("cut_off"));
    if let Err(error) = &cut_off {
        form.refuse("cut_off", "bad_hours", error.to_string());
    }
    if form.is_valid() && days.iter().all(Vec::is_empty) {
        form.refuse("mon", "never_works", "Nhập giờ làm việc của ít nhất một ngày trong tuần.");
    }
    Some((WeekHours::new(days).ok()?, cut_off.ok()?))
}

async fn form_of(ctx: &Ctx, tree: &UnitTree, (unit, again): (Id, Option<Day>)) -> Result<HoursForm> {
    let (name, command) = (scope::unit_in(ctx, &CALENDAR_KEEP, tree, unit)?.name.clone(), ctx.new_command());
    let today = ctx.now().day();
    let (now, own) = scope::read(ctx, move |reader, _, tree| {
        let ancestry = Ancestry::of(unit, tree);
        let entered = Entered::load(reader, &ancestry)?;
        let now = holding(&ancestry, &entered, again.unwrap_or(today), |whose| tree.name(whose).to_owned());
        Ok((now, unit_hours::of_unit(reader, unit)?))
    })
    .await?;
    let known = again.and_then(|from| own.into_iter().find(|known| known.from == from));
    let (follows, basis) = known.map_or((false, String::new()), |known| (known.week.is_none(), known.basis));
    let Now { week, cut_off, .. } = now;
    Ok(HoursForm { unit, name, command, from: again, week, cut_off, follows, basis })
}

pub(crate) async fn new(ctx: Ctx, Path(unit): Path<Id>, Query(again): Query<Again>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let again = again.tu.and_then(|text| text.parse().ok());
    Ok(form_of(&ctx, &tree, (unit, again)).await?.draw(&fresh()).into_response())
}

pub(crate) async fn save(ctx: Ctx, Path(unit): Path<Id>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?;
    let mut form = sent(&fields);
    if let Some(entry) = entry(&mut form) {
        let verb = ("calendar.set_hours", fields.text("command"), &fields.0);
        let command = scope::command(&ctx, verb, &tree.line_of_rights(unit))?;
        let done = ctx.store().write(command, move |tx| unit_hours::set(tx, unit, &entry)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see(&format!("{TOP}/{unit}")));
        }
    }
    Ok(form_of(&ctx, &tree, (unit, None)).await?.draw(&form).into_response())
}

/// The page that asks again before a change is taken back.
pub(crate) fn draw_removing((unit, name): (Id, &str), known: &UnitHours, command: String) -> Page {
    let here = format!("{TOP}/{unit}");
    let week = known.week.as_ref().map_or_else(|| "theo đơn vị cấp trên".to_owned(), |(week, _)| week_words(week));
    let page = FormPage {
        title: format!("Bỏ lần đổi giờ từ {}", format::date(known.from)),
        lead: format!("{name}: {week}. Từ ngày này giờ làm việc trở lại như trước lần đổi."),
        back: (name.to_owned(), here.clone()),
        action: format!("{here}/gio/{}/bo", known.from),
        command,
        submit: "Bỏ lần đổi giờ",
        kind: Kind::Remove,
    };
    page.draw(&fresh(), [])
}

fn day_of(text: &str) -> Result<Day> {
    text.parse().map_err(|_| Error::not_found("lần đổi giờ này"))
}

pub(crate) async fn removing(ctx: Ctx, Path((unit, from)): Path<(Id, String)>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let name = scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?.name.clone();
    let from = day_of(&from)?;
    let own = ctx.store().read(move |reader| unit_hours::of_unit(reader, unit)).await?;
    let known = own.iter().find(|known| known.from == from).ok_or_else(|| Error::not_found("lần đổi giờ này"))?;
    Ok(draw_removing((unit, &name), known, ctx.new_command()).into_response())
}

pub(crate) async fn remove(ctx: Ctx, Path((unit, from)): Path<(Id, String)>, fields: Fields) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    scope::unit_in(&ctx, &CALENDAR_KEEP, &tree, unit)?;
    let from = day_of(&from)?;
    let verb = ("calendar.remove_hours", fields.text("command"), &fields.0);
    let command = scope::command(&ctx, verb, &tree.line_of_rights(unit))?;
    ctx.store().write(command, move |tx| unit_hours::remove(tx, unit, from)).await?;
    Ok(see(&format!("{TOP}/{unit}")))
}
