//! A year month by month: what is off or worked otherwise than the week says, and why.

use jiff::civil::Date;
use ui::{Card, Cell, Container, Figures, Grid, Html, Icon, Link, NotVerified, Row, Table, Tag, Tone, format};

use super::form_page::parts;
use crate::holidays::OffKind;
use crate::hours::Period;
use crate::words;
use crate::working::{DayKind, DayPlan, WorkingCalendar};

/// Days that follow one another and differ for the same reason.
struct Run<'a> {
    from: Date,
    to: Date,
    plan: &'a DayPlan,
}

/// The twelve months of a year, each a small table.
pub(super) fn months(calendar: &WorkingCalendar, year: i16) -> Html {
    let days = calendar.days_of(year);
    let cards = (1..=12).map(|month| {
        let of_month: Vec<&DayPlan> = days.iter().filter(|plan| plan.date().month() == month).collect();
        let worked = of_month.iter().filter(|plan| plan.is_working()).count();
        let title = format!("Tháng {month}: {worked} ngày làm việc");
        let runs = runs(&of_month);
        if runs.is_empty() {
            return Card::new(title).around("Không có ngày nghỉ lễ hoặc ngày làm bù.");
        }
        let table = Table::new(format!("Ngày nghỉ, ngày làm bù tháng {month}/{year}"))
            .columns(["Ngày", "Nội dung và căn cứ"])
            .rows(runs.iter().map(row));
        Card::new(title).flush().around(table)
    });
    Grid.around(parts(cards))
}

/// How much is worked in a year.
pub(super) fn figures(calendar: &WorkingCalendar, year: i16) -> Figures {
    let days = calendar.days_of(year);
    let worked = days.iter().filter(|plan| plan.is_working()).count();
    let minutes: i64 = days.iter().map(DayPlan::minutes).sum();
    let off = days.iter().filter(|plan| matches!(plan.kind(), DayKind::Off(_))).count();
    let count = |n: usize| format::number(i64::try_from(n).unwrap_or(i64::MAX));
    Figures::new()
        .figure("Ngày làm việc", count(worked), "kể cả ngày làm bù")
        .figure("Giờ làm việc", format::number(minutes / 60), "cả năm")
        .figure("Ngày nghỉ lễ, nghỉ bù", count(off), "kể cả ngày cuối tuần trong đợt nghỉ")
}

fn runs<'a>(days: &[&'a DayPlan]) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    let special = |plan: &&&DayPlan| !matches!(plan.kind(), DayKind::Working | DayKind::WeeklyRest);
    for plan in days.iter().filter(special) {
        let date = plan.date();
        match runs.last_mut() {
            Some(run) if run.to.tomorrow().is_ok_and(|next| next == date) && run.plan.kind() == plan.kind() => {
                run.to = date;
            }
            _ => runs.push(Run { from: date, to: date, plan }),
        }
    }
    runs
}

fn row(run: &Run<'_>) -> Row {
    let (tag, name, basis) = about(run.plan);
    let days = if run.from == run.to {
        Cell::two(Cell::whole(short(run.from)), words::weekday(run.from.weekday()))
    } else {
        let count = crate::moment::day_number(run.to) - crate::moment::day_number(run.from) + 1;
        Cell::two(Cell::whole(format!("{} – {}", short(run.from), short(run.to))), format!("{count} ngày"))
    };
    Row::new([days, Cell::two(Html::from(tag).and(words::sentence(&name)), basis)])
}

fn short(date: Date) -> String {
    format::short_date(types::Day(date))
}

fn about(plan: &DayPlan) -> (Tag, String, Html) {
    match plan.kind() {
        DayKind::Off(off) => {
            let (tone, text) = match off.kind {
                OffKind::Holiday => (Tone::Info, "Nghỉ lễ"),
                OffKind::InLieu => (Tone::Info, "Nghỉ bù"),
                OffKind::Break => (Tone::Info, "Đợt nghỉ"),
                OffKind::Swapped => (Tone::Warning, "Nghỉ hoán đổi"),
            };
            let basis = basis(&off.basis, off.source.as_deref(), off.verified);
            (Tag::new(tone, Icon::Calendar, text), off.name.clone(), basis)
        }
        DayKind::WorkedInstead(worked) => {
            let name = format!("làm bù cho {}, dịp {}", words::day(worked.replaces), worked.occasion);
            let tag = Tag::new(Tone::Success, Icon::CircleCheck, "Làm bù");
            (tag, name, basis(&worked.basis, None, worked.verified))
        }
        DayKind::Local(local) => {
            let tag =
                Tag::new(Tone::Neutral, Icon::Landmark, if plan.is_working() { "Làm riêng" } else { "Nghỉ riêng" });
            let name = match plan.is_working() {
                true => format!("{} ({})", local.reason, hours(plan.periods())),
                false => local.reason.clone(),
            };
            (tag, name, Html::text(&local.basis))
        }
        DayKind::Working | DayKind::WeeklyRest => {
            (Tag::new(Tone::Neutral, Icon::Info, ""), String::new(), Html::default())
        }
    }
}

/// The paper behind a day, where it can be read, and whether anybody has.
pub(super) fn basis(basis: &str, source: Option<&str>, verified: bool) -> Html {
    let mut more = Html::default();
    if let Some(source) = source.filter(|source| crate::holidays::is_address(source)) {
        more = more.and(Link::new("nguồn", source));
    }
    if !verified {
        let why = "Số, ngày văn bản hoặc các ngày nghỉ này chưa được đối chiếu với nguồn công khai.";
        more = more.and(NotVerified::because(why));
    }
    if more.is_empty() { Html::text(basis) } else { Cell::two(basis, more) }
}

/// `07:30-11:30, 13:30-17:30`; `nghỉ` where there are none.
pub(super) fn hours(periods: &[Period]) -> String {
    if periods.is_empty() {
        return "nghỉ".to_owned();
    }
    periods.iter().map(Period::to_string).collect::<Vec<_>>().join(", ")
}
