//! Days on which a unit alone differs from the country: closed after a flood, open on a Saturday.

use store::{Json, Reader, Tx, params};
use types::{Day, Error, FieldError, Id, Result, text};

use crate::changed::{self, CalendarChanged, Told};
use crate::hours::{Period, in_order};
use crate::unit_hours::{is_plausible, must_exist};
use crate::working::LocalDay;

/// Enters a day of `unit`. A day that is there already is refused: it is taken away first.
pub fn add(tx: &mut Tx<'_>, unit: Id, day: &LocalDay) -> Result<()> {
    tx.lock("unit", unit)?;
    changed::begin(tx)?;
    let day = checked(day)?;
    must_exist(tx, unit)?;
    let date = Day(day.date);
    let known: Option<(Id,)> =
        tx.opt("SELECT unit_id FROM local_day WHERE unit_id = $1 AND day = $2", params![unit, date])?;
    if known.is_some() {
        return Err(Error::invalid("day", "Ngày này đã được nhập; hãy bỏ ngày cũ rồi nhập lại."));
    }
    tx.exec(
        "INSERT INTO local_day (unit_id, day, periods, reason, basis) VALUES ($1, $2, $3, $4, $5)",
        params![unit, date, Json(&day.periods), &day.reason, &day.basis],
    )?;
    told(tx, unit, date, ("calendar.add_local_day", &day.periods))
}

/// Takes a day of `unit` away again.
pub fn remove(tx: &mut Tx<'_>, unit: Id, day: Day) -> Result<()> {
    tx.lock("unit", unit)?;
    changed::begin(tx)?;
    let before = of_unit(tx, unit)?.into_iter().find(|known| known.date == day.0);
    let before = before.ok_or_else(|| Error::not_found("ngày riêng này"))?;
    tx.exec("DELETE FROM local_day WHERE unit_id = $1 AND day = $2", params![unit, day])?;
    told(tx, unit, day, ("calendar.remove_local_day", &before.periods))
}

/// The days that a unit entered itself, in order.
pub fn of_unit(reader: &mut Reader<'_>, unit: Id) -> Result<Vec<LocalDay>> {
    let rows: Vec<DayRow> = reader
        .all("SELECT day, periods, reason, basis FROM local_day WHERE unit_id = $1 ORDER BY day", params![unit])?;
    Ok(rows.into_iter().map(read).collect())
}

pub(crate) type DayRow = (Day, Json<Vec<Period>>, String, String);

pub(crate) fn read((day, Json(periods), reason, basis): DayRow) -> LocalDay {
    LocalDay { date: day.0, periods, reason, basis }
}

fn checked(day: &LocalDay) -> Result<LocalDay> {
    let mut wrong = Vec::new();
    let mut line = |field: &str, value: &str, missing: &str| {
        let value = text::clean(value);
        if value.is_empty() {
            wrong.push(FieldError::new(field, missing));
        } else if value.chars().count() > 300 {
            wrong.push(FieldError::new(field, "Viết ngắn hơn: nhiều nhất 300 ký tự."));
        }
        value
    };
    let reason = line("reason", &day.reason, "Nhập lý do, ví dụ: đóng cửa do lũ quét.");
    let basis = line("basis", &day.basis, "Nhập văn bản quyết định: số, ngày, cơ quan ban hành.");
    if !is_plausible(Day(day.date)) {
        wrong.push(FieldError::new("day", "Nhập ngày từ năm 2000 đến năm 2100."));
    }
    if let Err(error) = in_order(&day.periods) {
        wrong.push(FieldError::new("hours", error.to_string()));
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok(LocalDay { date: day.date, periods: day.periods.clone(), reason, basis })
}

/// The audit names the day and its hours; the reason is free text and stays out of what is sealed.
fn told(tx: &mut Tx<'_>, unit: Id, from: Day, (action, periods): (&str, &[Period])) -> Result<()> {
    let change = CalendarChanged { unit: Some(unit), from };
    let detail = serde_json::json!({ "day": from, "periods": periods });
    changed::tell(tx, change, Told { action, entity: "unit", entity_id: unit, detail })
}
