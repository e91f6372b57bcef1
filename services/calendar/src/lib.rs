//! Working time: which days and hours a unit works, and when a dossier is due.
//!
//! The lower half computes and knows no database: [`WorkingCalendar`], [`deadline`], [`PublicHolidays`]. The upper half
//! keeps what units and administrators enter ([`unit_hours`], [`local_day`], [`national`]), gives every unit its calendar
//! ([`Calendars`]), and publishes each change ([`CALENDAR_CHANGED`]), so that due times can follow.
//!
//! # How time is counted
//! - **The grain is a minute** of Viet Nam's clock; seconds of what comes in are dropped.
//! - **The count starts** at receipt when that lies in working time, otherwise when work next begins.
//! - **The same moment**: two moments with no working minute between them are equal for every comparison. The
//!   canonical form is the earliest of them, the end of a working period; every due time is given in that form
//!   (17:30 on Friday, not 07:30 on Monday).
//! - **Working days**: due at the clock time of the start on the n-th next working day, in canonical form. Every day
//!   on which the unit has hours is one working day, however short. Where the clock time does not exist on that day
//!   the canonical form decides: after closing it is the closing, in the lunch break its beginning, before opening
//!   the end of the working day before. Only the last day matters: 16:30 on Friday plus two working days over a
//!   Saturday morning is 16:30 on Monday.
//! - **Working hours**: due when so many working minutes have passed.
//! - **Same day**: due at closing of the start's day; started after the cut-off (15:00 itself is in time), at closing
//!   of the next working day.
//! - **Calendar days and months**: the count ends at the start's clock time n days or months later (the 31st becomes
//!   the month's last day), and the deadline ends with that day: at closing, or at closing of the next working day
//!   when the day is off (Civil Code 91/2015/QH13, Articles 147 and 148).
//! - **Stops** move a working-time deadline by exactly their working minutes, and the end of a calendar count by
//!   their calendar time since the count's start, before the rule on days off is applied again. A stop that begins
//!   in the grace that days off gave after the count's end moves that end from the stop's beginning, so that nothing
//!   falls due while it stands still.
//! - **A stop that begins after the due time** moves nothing: the dossier was late already. One that begins at the
//!   same moment as the due time still moves it, as that is still in time.
//! - **A year without a calendar** is an error, never a guess.

mod calendars;
mod changed;
mod checks;
mod command;
mod deadline;
mod error;
mod holidays;
mod hours;
mod inheritance;
pub mod local_day;
mod lunar;
mod moment;
pub mod national;
mod pages;
mod permissions;
mod takes;
pub mod unit_hours;
pub mod words;
mod working;

pub use calendars::{Calendars, load_for_command, of_code};
pub use changed::{CALENDAR_CHANGED, CalendarChanged};
pub use command::explain_command;
pub use deadline::{Deadline, Share, StepExplained, StepKind, Stop, deadline, deadline_day_by_day, due};
pub use error::CalendarError;
pub use holidays::{
    Break, DayOff, Decision, Mistake, OffKind, PublicDay, PublicHolidays, Swap, WorkedInstead, YearFile,
};
pub use hours::{HoursFrom, Period, WeekHours, WorkingHours, typed_clock, typed_hours};
pub use lunar::LunarDate;
pub use national::import_year;
pub use permissions::{CALENDAR_KEEP, CALENDAR_SEE};
pub use takes::Takes;
pub use unit_hours::UnitHours;
pub use working::{DayKind, DayPlan, LocalDay, Outcome, Slack, WorkingCalendar};

use store::Migration;
use web::{Check, Module};

/// The calendar as the house sees it. `app` puts one [`Calendars`] among the house's services.
pub static MODULE: Module = Module {
    name: "calendar",
    title: "Lịch làm việc",
    migrations: &[Migration::new(1, "create_calendar", include_str!("../migrations/0001_create_calendar.sql"))],
    permissions: permissions::ALL,
    routes: pages::routes,
    navigation: pages::NAVIGATION,
    indicators: &[],
    jobs: &[],
    events: &[CALENDAR_CHANGED],
    listeners: &[],
    samples: pages::samples::samples,
    checks: &[
        Check { title: "Giờ làm việc và ngày riêng của các đơn vị hợp lý", run: checks::units },
        Check {
            title: "Lịch nghỉ cả nước dựng được và có đủ năm nay, năm sau", run: checks::nation
        },
    ],
    keeps: &[],
    sealed: &[],
    reindex: None,
};

#[cfg(test)]
mod tests;
