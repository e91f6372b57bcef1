//! The hours that a unit entered for itself, each from a day on.

use store::{Json, Reader, Tx, params};
use types::{Day, Error, Id, Result, text};

use crate::changed::{self, CalendarChanged, Told};
use crate::hours::WeekHours;

/// Hours of a unit from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitHours {
    /// The first day on which they hold.
    pub from: Day,
    /// The week, and until which minute of the day a same-day dossier is done on the day itself.
    /// None: the unit follows the one above it again.
    pub week: Option<(WeekHours, u16)>,
    /// The decision behind it; may be empty.
    pub basis: String,
}

impl UnitHours {
    fn checked(&self) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, message: &str| wrong.push(types::FieldError::new(field, message));
        if !is_plausible(self.from) {
            say("from", "Nhập ngày từ năm 2000 đến năm 2100.");
        }
        let basis = text::clean(&self.basis);
        if basis.chars().count() > 300 {
            say("basis", "Viết ngắn hơn: nhiều nhất 300 ký tự.");
        }
        if let Some((week, cut_off)) = &self.week {
            if week.is_empty() {
                say("week", "Nhập giờ làm việc của ít nhất một ngày trong tuần.");
            }
            if *cut_off >= 24 * 60 {
                say("cut_off", "Nhập giờ trong ngày, ví dụ 15:00.");
            }
        }
        if wrong.is_empty() { Ok(Self { basis, ..self.clone() }) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Whether a day can be meant: a year of two digits or with a digit too many cannot.
pub(crate) fn is_plausible(day: Day) -> bool {
    (2000..=2100).contains(&day.0.year())
}

/// Enters hours of `unit`; those that begin on the same day are replaced.
pub fn set(tx: &mut Tx<'_>, unit: Id, hours: &UnitHours) -> Result<()> {
    tx.lock("unit", unit)?;
    changed::begin(tx)?;
    let hours = hours.checked()?;
    must_exist(tx, unit)?;
    let before = of_unit(tx, unit)?.into_iter().find(|known| known.from == hours.from);
    let (week, cut_off) = hours.week.as_ref().map(|(week, cut_off)| (Json(week), u32::from(*cut_off))).unzip();
    tx.exec(
        "INSERT INTO unit_hours (unit_id, valid_from, week, cut_off, basis) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (unit_id, valid_from)
         DO UPDATE SET week = excluded.week, cut_off = excluded.cut_off, basis = excluded.basis",
        params![unit, hours.from, week, cut_off, &hours.basis],
    )?;
    let detail =
        serde_json::json!({ "from": hours.from, "before": before.map(|known| told(&known)), "now": told(&hours) });
    told_of(tx, unit, hours.from, ("calendar.set_hours", detail))
}

/// Takes back the hours of `unit` that begin on `from`.
pub fn remove(tx: &mut Tx<'_>, unit: Id, from: Day) -> Result<()> {
    tx.lock("unit", unit)?;
    changed::begin(tx)?;
    let before = of_unit(tx, unit)?.into_iter().find(|known| known.from == from);
    let before = before.ok_or_else(|| Error::not_found("lần đổi giờ này"))?;
    tx.exec("DELETE FROM unit_hours WHERE unit_id = $1 AND valid_from = $2", params![unit, from])?;
    let detail = serde_json::json!({ "from": from, "before": told(&before) });
    told_of(tx, unit, from, ("calendar.remove_hours", detail))
}

/// What a unit entered, the oldest first.
pub fn of_unit(reader: &mut Reader<'_>, unit: Id) -> Result<Vec<UnitHours>> {
    let rows: Vec<HoursRow> = reader.all(
        "SELECT valid_from, week, cut_off, basis FROM unit_hours WHERE unit_id = $1 ORDER BY valid_from",
        params![unit],
    )?;
    rows.into_iter().map(read).collect()
}

pub(crate) type HoursRow = (Day, Option<Json<WeekHours>>, Option<i64>, String);

pub(crate) fn read((from, week, cut_off, basis): HoursRow) -> Result<UnitHours> {
    let week = match (week, cut_off) {
        (Some(Json(week)), Some(minute)) => {
            let minute = u16::try_from(minute).map_err(|_| Error::internal("a cut-off beyond the day"))?;
            Some((week, minute))
        }
        (None, None) => None,
        _ => return Err(Error::internal("hours with a week and no cut-off, or the other way round")),
    };
    Ok(UnitHours { from, week, basis })
}

pub(crate) fn must_exist(tx: &mut Tx<'_>, unit: Id) -> Result<()> {
    let found: Option<(Id,)> = tx.opt("SELECT id FROM unit WHERE id = $1", params![unit])?;
    found.map(|_| ()).ok_or_else(|| Error::not_found("đơn vị"))
}

fn told(hours: &UnitHours) -> serde_json::Value {
    match &hours.week {
        Some((week, cut_off)) => serde_json::json!({ "week": week, "cut_off": cut_off, "basis": hours.basis }),
        None => serde_json::json!({ "follows": true, "basis": hours.basis }),
    }
}

fn told_of(tx: &mut Tx<'_>, unit: Id, from: Day, (action, detail): (&str, serde_json::Value)) -> Result<()> {
    let change = CalendarChanged { unit: Some(unit), from };
    changed::tell(tx, change, Told { action, entity: "unit", entity_id: unit, detail })
}
