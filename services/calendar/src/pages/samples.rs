//! Every page of this module with sample data, in its states. The commune is fictional.

use std::sync::Arc;
use types::{Day, Error, FieldError, Id};
use ui::FormState;
use web::Sample;

use super::decision_form::{self, What};
use super::form_page::fresh;
use super::hours_form::{self, HoursForm};
use super::unit::{Now, UnitPage};
use super::units::{UnitLine, UnitsPage};
use super::year::YearPage;
use super::years::YearsPage;
use super::{local_day_form, year_form};
use crate::holidays::{Decision, PublicHolidays, Swap};
use crate::hours::{WeekHours, WorkingHours, typed_hours};
use crate::national::{Decided, KnownYear};
use crate::unit_hours::UnitHours;
use crate::working::{LocalDay, WorkingCalendar};

const UNIT: Id = Id(7);
const NAME: &str = "Xã Suối Mơ";
const TODAY: Day = Day(jiff::civil::Date::constant(2026, 11, 23));

fn command() -> String {
    "00000000000000000000000000000000".to_owned()
}

fn saturdays() -> WeekHours {
    let morning = typed_hours("07:30-11:30").unwrap_or_default();
    let week = WeekHours::standard().with_day(jiff::civil::Weekday::Saturday, morning);
    week.unwrap_or_else(|_| WeekHours::standard())
}

fn flood() -> LocalDay {
    LocalDay {
        date: jiff::civil::date(2026, 9, 10),
        periods: Vec::new(),
        reason: "đóng cửa do lũ quét".to_owned(),
        basis: "Thông báo 45/TB-UBND ngày 09/09/2026 của UBND xã Suối Mơ".to_owned(),
    }
}

fn own_hours() -> Vec<UnitHours> {
    let basis = "Quyết định 12/QĐ-UBND ngày 02/01/2026".to_owned();
    vec![
        UnitHours { from: Day(jiff::civil::date(2027, 1, 4)), week: None, basis: String::new() },
        UnitHours { from: Day(jiff::civil::date(2026, 1, 5)), week: Some((saturdays(), 930)), basis },
    ]
}

fn unit_page(may_keep: bool, year: i16) -> UnitPage {
    let hours = WorkingHours::always(saturdays());
    let calendar = WorkingCalendar::with_local_days(&hours, PublicHolidays::shipped(), &[flood()]);
    let now = Now {
        week: saturdays(),
        cut_off: 930,
        whose: "giờ riêng của đơn vị".to_owned(),
        from: Some(Day(jiff::civil::date(2026, 1, 5))),
    };
    UnitPage {
        id: UNIT,
        name: NAME.to_owned(),
        above: vec![(Id(1), "Tỉnh Phú Lâm".to_owned())],
        today: TODAY,
        now,
        own: if may_keep { own_hours() } else { Vec::new() },
        days: if may_keep { vec![flood()] } else { Vec::new() },
        calendar: Arc::new(calendar.unwrap_or_else(|_| WorkingCalendar::standard())),
        year,
        may_keep,
    }
}

fn hours_form() -> HoursForm {
    HoursForm {
        unit: UNIT,
        name: NAME.to_owned(),
        command: command(),
        from: Some(TODAY),
        week: saturdays(),
        cut_off: 900,
        follows: false,
        basis: String::new(),
    }
}

fn known() -> KnownYear {
    let swap = Swap {
        occasion: "Tết Dương lịch".to_owned(),
        off: jiff::civil::date(2027, 12, 31),
        work: jiff::civil::date(2027, 12, 25),
        decision: Decision::default(),
        line: None,
    };
    let file = PublicHolidays::shipped_files().iter().find(|file| file.year == 2027);
    let breaks = file.map(|file| file.breaks.clone()).unwrap_or_default();
    let mut decided: Vec<(Option<Id>, Decided)> = breaks.into_iter().map(|one| (None, Decided::Break(one))).collect();
    decided.push((Some(Id(9)), Decided::Swap(swap)));
    KnownYear { year: 2027, entered: false, shipped: true, decided }
}

/// A form as it was sent, with mistakes.
fn wrong(pairs: &[(&str, &str)], mistakes: &[(&str, &str)]) -> FormState {
    let mut form = FormState::sent(ui::Lang::Vi, pairs.iter().copied());
    let errors = mistakes.iter().map(|(field, what)| FieldError::new(*field, *what)).collect();
    // Wrong input is always absorbed.
    let _ = form.absorb(Error::Invalid(errors));
    form
}

/// All pages in their states.
pub(crate) fn samples() -> Vec<Sample> {
    let sample = |name, page| Sample { name, page };
    let line = |id, name: &str, own_hours| UnitLine {
        id: Id(id),
        name: name.to_owned(),
        above: "Tỉnh Phú Lâm".to_owned(),
        own_hours,
    };
    let units = vec![line(7, NAME, true), line(8, "Xã Đồng Giữa", false)];
    let bad_hours = wrong(
        &[("kind", "own"), ("mon", "sáng"), ("cut_off", "25:00")],
        &[
            ("from", "Nhập ngày bắt đầu áp dụng."),
            ("mon", "Giờ làm việc không hợp lệ: «sáng» không phải là giờ làm việc."),
        ],
    );
    let bad_day = wrong(&[("kind", "worked")], &[("day", "Nhập ngày."), ("hours", "Nhập giờ làm việc của ngày này.")]);
    let bad_year = wrong(
        &[("text", "year = 2028\n[[break]]\noccasion = 5\n")],
        &[("text", "Dòng 3: «occasion» phải là chữ trong dấu ngoặc kép."), ("text", "Dòng 2: thiếu ngày «from».")],
    );
    let bad_swap = wrong(&[("occasion", "Quốc khánh 02/9")], &[("first", "Nhập ngày."), ("second", "Nhập ngày.")]);
    let mut refused = fresh();
    refused.refuse("", "conflict", "Không bỏ được vì lịch năm 2028 sẽ thiếu: chưa có quyết định nghỉ Tết Nguyên đán.");
    let year = || YearPage { known: known(), calendar: WorkingCalendar::standard(), may_keep: true };
    let decided = known().decided.pop().map(|(_, decided)| decided);
    let mut all = vec![
        sample("calendar-units/some", UnitsPage { units, more: true, sought: "xã".to_owned() }.draw()),
        sample("calendar-units/none", UnitsPage { units: Vec::new(), more: false, sought: "Mường".to_owned() }.draw()),
        sample("calendar-unit/kept", unit_page(true, 2026).draw()),
        sample("calendar-unit/seen", unit_page(false, 2024).draw()),
        sample("calendar-unit/unknown-year", unit_page(true, 2040).draw()),
        sample("hours/new", hours_form().draw(&fresh())),
        sample("hours/wrong", hours_form().draw(&bad_hours)),
        sample("local-day/new", local_day_form::draw((UNIT, NAME), &fresh(), command())),
        sample("local-day/wrong", local_day_form::draw((UNIT, NAME), &bad_day, command())),
        sample("local-day/removing", local_day_form::draw_removing((UNIT, NAME), &flood(), command())),
        sample("years", YearsPage { years: vec![known()], may_keep: true }.draw()),
        sample("calendar-year/kept", year().draw()),
        sample("calendar-year/seen", YearPage { may_keep: false, ..year() }.draw()),
        sample("calendar-year/enter", year_form::draw(&fresh(), &year_form::blank(2028), command())),
        sample("calendar-year/wrong", year_form::draw(&bad_year, "", command())),
        sample("calendar-year/dropping", year_form::draw_dropping(2028, false, &refused, command())),
        sample("decision/swap", decision_form::draw(What::Swap, 2027, &fresh(), command())),
        sample("decision/break-wrong", decision_form::draw(What::Break, 2027, &bad_swap, command())),
    ];
    all.extend(own_hours().iter().map(|own| {
        let name = if own.week.is_some() { "hours/removing" } else { "hours/removing-follow" };
        sample(name, hours_form::draw_removing((UNIT, NAME), own, command()))
    }));
    let removing = |decided: &Decided| decision_form::draw_removing((2027, Id(9)), decided, &fresh(), command());
    all.extend(decided.iter().map(|decided| sample("decision/removing", removing(decided))));
    all
}
