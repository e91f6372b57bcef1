//! The calendar of one unit: its hours today, what it entered, and a year day by day.

use axum::response::IntoResponse;
use jiff::civil::Weekday;
use serde::Deserialize;
use std::sync::Arc;
use types::{Day, Id};
use ui::{
    Actions, Breadcrumbs, Button, Card, Cell, Container, EmptyState, Html, Icon, KeyValues, Notice, PageHead, Row,
    Stack, Table, Tabs, Tag, Tone, format,
};
use web::{Ctx, Outcome, Page, Path, Query};

use super::form_page::{only_if, parts};
use super::months::{self, hours};
use super::{TOP, YEARS, scope};
use crate::hours::WeekHours;
use crate::inheritance::{Ancestry, Entered, STANDARD_CUT_OFF};
use crate::local_day;
use crate::permissions::{CALENDAR_KEEP, CALENDAR_SEE};
use crate::unit_hours::{self, UnitHours};
use crate::words;
use crate::working::{LocalDay, WorkingCalendar};

/// The days of a week, in their order.
pub(super) const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The year that is shown.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Shown {
    nam: Option<i16>,
}

/// What the page shows.
pub(crate) struct UnitPage {
    pub id: Id,
    pub name: String,
    /// Units above that the officer may see, the highest first.
    pub above: Vec<(Id, String)>,
    pub today: Day,
    /// The hours that hold today.
    pub now: Now,
    /// What the unit entered itself, the newest first.
    pub own: Vec<UnitHours>,
    pub days: Vec<LocalDay>,
    pub calendar: Arc<WorkingCalendar>,
    pub year: i16,
    pub may_keep: bool,
}

/// The hours that hold today, and whose they are.
pub(crate) struct Now {
    pub week: WeekHours,
    pub cut_off: u16,
    pub whose: String,
    pub from: Option<Day>,
}

impl UnitPage {
    pub(crate) fn draw(&self) -> Page {
        let mut way = Breadcrumbs::to(&self.name).via("Lịch làm việc", TOP);
        for (id, name) in &self.above {
            way = way.via(name.clone(), format!("{TOP}/{id}"));
        }
        let head = PageHead::new(&self.name).lead("Lịch làm việc");
        let all = [way.into(), head.into(), self.hours(), self.changes(), self.local_days(), self.months()];
        Page::desk(format!("Lịch làm việc: {}", self.name), Stack.around(parts(all)))
    }

    fn path(&self, rest: &str) -> String {
        format!("{TOP}/{}/{rest}", self.id)
    }

    fn hours(&self) -> Html {
        let facts = KeyValues::new()
            .row("Theo", &self.now.whose)
            .maybe("Áp dụng từ", self.now.from.map(format::date))
            .row("Hồ sơ trong ngày", format!("nhận đến {}", words::clock(self.now.cut_off.into())));
        let rows = WEEK.map(|day| Row::new([words::sentence(words::weekday(day)), hours(self.now.week.on(day))]));
        let table = Table::new("Giờ làm việc trong tuần").columns(["Ngày", "Giờ làm việc"]).rows(rows);
        let change = Button::link("Đổi giờ làm việc", self.path("gio")).icon(Icon::Pencil).secondary();
        let buttons = Actions.around(only_if(self.may_keep, change));
        Card::new("Giờ làm việc hôm nay").around(Html::from(facts).and(table).and(buttons))
    }

    fn changes(&self) -> Html {
        let row = |own: &UnitHours| {
            let week = own.week.as_ref().map_or_else(
                || "theo đơn vị cấp trên".to_owned(),
                |(week, cut_off)| {
                    format!("{}; hồ sơ trong ngày đến {}", week_words(week), words::clock((*cut_off).into()))
                },
            );
            let date = format::date(own.from);
            let from = if own.from > self.today {
                Cell::two(date.clone(), Tag::new(Tone::Info, Icon::Clock, "Chưa bắt đầu"))
            } else {
                Cell::whole(&date)
            };
            let edit = Button::link("Sửa", self.path(&format!("gio?tu={}", own.from))).about(date.clone()).tertiary();
            let remove =
                Button::link("Bỏ", self.path(&format!("gio/{}/bo", own.from))).about(date.clone()).tertiary().danger();
            let actions = only_if(self.may_keep, edit).and(only_if(self.may_keep, remove));
            Row::new([from, Html::text(week), Html::text(&own.basis), Actions.around(actions)])
        };
        let table = Table::new("Giờ làm việc đơn vị đã nhập")
            .columns(["Từ ngày", "Giờ làm việc", "Căn cứ", "Thao tác"])
            .rows(self.own.iter().map(row))
            .empty(EmptyState::new("Đơn vị chưa nhập giờ riêng", "Giờ làm việc theo đơn vị cấp trên gần nhất."));
        Card::new("Giờ làm việc đã nhập").flush().around(table)
    }

    fn local_days(&self) -> Html {
        let row = |local: &LocalDay| {
            let day = words::day(local.date);
            let remove =
                Button::link("Bỏ", self.path(&format!("ngay/{}/bo", local.date))).about(day.clone()).tertiary();
            let remove = only_if(self.may_keep, remove.danger());
            Row::new([
                Html::text(words::sentence(&day)),
                Html::text(hours(&local.periods)),
                Cell::two(&local.reason[..], &local.basis[..]),
                remove,
            ])
        };
        let of_year = self.days.iter().filter(|local| local.date.year() == self.year);
        let table = Table::new(format!("Ngày riêng năm {}", self.year))
            .columns(["Ngày", "Giờ", "Lý do, căn cứ", "Thao tác"])
            .rows(of_year.map(row))
            .empty(EmptyState::new(
                format!("Năm {} không có ngày riêng", self.year),
                "Ngày riêng là ngày đơn vị nghỉ hoặc làm khác cả nước; đơn vị cấp dưới cũng theo.",
            ));
        let add = Button::link("Thêm ngày riêng", self.path("ngay")).icon(Icon::Plus).secondary();
        Card::new("Ngày riêng của đơn vị").around(Html::from(table).and(Actions.around(only_if(self.may_keep, add))))
    }

    fn months(&self) -> Html {
        let here = format!("{TOP}/{}", self.id);
        let tabs = self.calendar.years().into_iter().rev().fold(Tabs::new(), |tabs, year| {
            tabs.tab(year.to_string(), format!("{here}?nam={year}"), year == self.year)
        });
        if self.calendar.days_of(self.year).is_empty() {
            let text = format!("Chưa có lịch năm {}: thời hạn rơi vào năm này chưa tính được.", self.year);
            let way = ui::Link::new("Xem ngày nghỉ cả nước", YEARS);
            return Html::from(tabs).and(Notice::new(Tone::Warning, Html::text(text).and(way)));
        }
        let figures = months::figures(&self.calendar, self.year);
        let year = Card::new(format!("Năm {}", self.year)).around(Html::from(tabs).and(figures));
        year.and(months::months(&self.calendar, self.year))
    }
}

/// `thứ Hai đến thứ Sáu 07:30-11:30, 13:30-17:30; thứ Bảy 07:30-11:30`.
pub(super) fn week_words(week: &WeekHours) -> String {
    let mut told: Vec<(Weekday, Weekday, String)> = Vec::new();
    for day in WEEK {
        let hours_of_day = hours(week.on(day));
        match told.last_mut() {
            Some((_, last, known)) if *known == hours_of_day => *last = day,
            _ => told.push((day, day, hours_of_day)),
        }
    }
    let part = |(first, last, hours): &(Weekday, Weekday, String)| match first == last {
        true => format!("{} {hours}", words::weekday(*first)),
        false => format!("{} đến {} {hours}", words::weekday(*first), words::weekday(*last)),
    };
    told.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// Whose hours hold for a unit on a day.
pub(super) fn holding(ancestry: &Ancestry, entered: &Entered, day: Day, name: impl Fn(Id) -> String) -> Now {
    let line = ancestry.line_on(day);
    match entered.nearest(&line, day).and_then(|(whose, hours)| Some((whose, hours.from, hours.week.clone()?))) {
        Some((whose, from, (week, cut_off))) => {
            let whose =
                if line.first() == Some(&whose) { "giờ riêng của đơn vị".to_owned() } else { name(whose) };
            Now { week, cut_off, whose, from: Some(from) }
        }
        None => Now {
            week: WeekHours::standard(),
            cut_off: STANDARD_CUT_OFF,
            whose: "giờ hành chính chung, chưa đơn vị nào nhập khác".to_owned(),
            from: None,
        },
    }
}

pub(crate) async fn show(ctx: Ctx, Path(id): Path<Id>, Query(shown): Query<Shown>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let unit = scope::unit_in(&ctx, &CALENDAR_SEE, &tree, id)?;
    let (name, today) = (unit.name.clone(), ctx.now().day());
    let line = tree.line_of_rights(id);
    let above = line.iter().skip(1).rev().filter(|above| scope::reaches(&ctx, &CALENDAR_SEE, &tree, **above));
    let above = above.map(|above| (*above, tree.name(*above).to_owned())).collect();
    let may_keep = scope::reaches(&ctx, &CALENDAR_KEEP, &tree, id);
    let page = scope::read(&ctx, move |reader, calendars, tree| {
        let ancestry = Ancestry::of(id, tree);
        let entered = Entered::load(reader, &ancestry)?;
        let now = holding(&ancestry, &entered, today, |whose| tree.name(whose).to_owned());
        let calendar = calendars.of(reader, id, tree)?;
        let mut own = unit_hours::of_unit(reader, id)?;
        own.reverse();
        let days = local_day::of_unit(reader, id)?;
        let year = shown.nam.unwrap_or_else(|| today.0.year());
        Ok(UnitPage { id, name, above, today, now, own, days, calendar, year, may_keep })
    });
    Ok(page.await?.draw().into_response())
}
