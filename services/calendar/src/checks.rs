//! What `nhaviec check` asks of calendars.

use directory::UnitTree;
use std::collections::BTreeSet;
use store::{Json, Reader, params};
use types::{Day, Id, Result, Timestamp};
use web::Settings;

use crate::hours::{Period, WeekHours, in_order};
use crate::inheritance::{Ancestry, Entered, Resolved};
use crate::national;
use crate::words;

/// Twelve hours on each of seven days. Beyond that somebody typed 19:30 for 9:30.
const WEEK_MINUTES_MAX: i64 = 7 * 12 * 60;

/// Hours and days that units entered are readable, do not overlap, and give each of them a calendar.
pub(crate) fn units(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let tree = UnitTree::load(reader, Timestamp::now().day())?;
    let (mut wrong, mut units) = (Vec::new(), BTreeSet::new());
    // Read as plain JSON: what no longer is a week must be told, not fail the check.
    let hours: Vec<PlainHours> = reader
        .all("SELECT unit_id, valid_from, week, cut_off FROM unit_hours ORDER BY unit_id, valid_from", params![])?;
    let mut readable = true;
    for (unit, from, week, cut_off) in hours {
        units.insert(unit);
        if let Some(what) = wrong_with_hours(week.map(|Json(week)| week), cut_off) {
            readable &= what.bearable;
            wrong.push(format!("{}: giờ làm việc từ {} {}", tree.name(unit), words::date(from.0), what.sentence));
        }
    }
    let days: Vec<(Id, Day, Json<serde_json::Value>)> =
        reader.all("SELECT unit_id, day, periods FROM local_day ORDER BY unit_id, day", params![])?;
    for (unit, day, Json(periods)) in days {
        units.insert(unit);
        let periods = serde_json::from_value::<Vec<Period>>(periods);
        if !periods.is_ok_and(|periods| in_order(&periods).is_ok()) {
            readable = false;
            wrong.push(format!("{}: ngày riêng {} có giờ không đọc được.", tree.name(unit), words::date(day.0)));
        }
    }
    if readable {
        wrong.extend(without_calendar(reader, &tree, units)?);
    }
    Ok(wrong)
}

type PlainHours = (Id, Day, Option<Json<serde_json::Value>>, Option<i64>);

struct Wrong {
    sentence: String,
    /// Calendars can be built all the same.
    bearable: bool,
}

fn wrong_with_hours(week: Option<serde_json::Value>, cut_off: Option<i64>) -> Option<Wrong> {
    let unbearable = |sentence: &str| Some(Wrong { sentence: sentence.to_owned(), bearable: false });
    let (week, cut_off) = match (week, cut_off) {
        (None, None) => return None,
        (Some(week), Some(cut_off)) => (serde_json::from_value::<WeekHours>(week), cut_off),
        _ => return unbearable("thiếu một phần."),
    };
    let Ok(week) = week else { return unbearable("không đọc được hoặc chồng nhau.") };
    if !(0..24 * 60).contains(&cut_off) {
        return unbearable("có giờ nhận hồ sơ trong ngày sai.");
    }
    let bearable = |sentence: String| Some(Wrong { sentence, bearable: true });
    if week.is_empty() {
        return bearable("không có ngày nào làm việc.".to_owned());
    }
    if week.minutes() > WEEK_MINUTES_MAX {
        return bearable(format!("dài {} một tuần, có lẽ gõ nhầm.", words::length(week.minutes())));
    }
    None
}

/// Units for which no calendar can be built, with the reason.
fn without_calendar(reader: &mut Reader<'_>, tree: &UnitTree, units: BTreeSet<Id>) -> Result<Vec<String>> {
    let public = national::holidays(reader)?;
    let mut wrong = Vec::new();
    for unit in units {
        let ancestry = Ancestry::of(unit, tree);
        let resolved = Resolved::of(&ancestry, &Entered::load(reader, &ancestry)?);
        if let Err(error) = resolved.build(&public) {
            wrong.push(format!("{}: {error}", tree.name(unit)));
        }
    }
    Ok(wrong)
}

/// The country's years make sense, and this year and the next are known.
pub(crate) fn nation(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    nation_on(reader, Timestamp::now().day())
}

/// The same as of `today`.
pub(crate) fn nation_on(reader: &mut Reader<'_>, Day(today): Day) -> Result<Vec<String>> {
    let years = national::years(reader)?;
    let mut wrong = Vec::new();
    if let Err((year, mistakes)) = national::build(&years) {
        wrong.extend(mistakes.iter().map(|mistake| format!("Lịch năm {year}: {mistake}")));
    }
    for year in [today.year(), today.year() + 1] {
        // Next year's decisions are announced in autumn; before October nobody can know them.
        let expected = year == today.year() || today.month() >= 10;
        if expected && !years.iter().any(|known| known.year == year) {
            wrong.push(format!("Chưa có lịch năm {year}: thời hạn rơi vào năm này không tính được."));
        }
    }
    Ok(wrong)
}
