//! An apology: the result will be late, and the party is told why, whose fault it is, and when it is to be had. Once, and in the
//! figures the dossier stays as late as it is: the due time that was promised is not touched.

use crate::dossier::{self, Dossier};
use crate::due;
use crate::event::{self, EventKind, NewEvent, Particulars};
use crate::own_form::{self, FormKind};
use crate::verbs::{Acting, InHand, audit, begin_if_waiting, words};
use calendar::{Takes, WorkingCalendar};
use serde_json::json;
use store::Tx;
use types::{Day, Error, Result, Timestamp};

/// What the party is told.
#[derive(Debug, Clone)]
pub struct Apology {
    pub reason: String,
    /// The unit at fault.
    pub at_fault: String,
    /// The day on which the result is to be had, at the time of day at which it was due.
    pub day: Day,
}

/// Writes it down, for its form.
pub fn apologise(tx: &mut Tx<'_>, acting: &Acting, apology: &Apology) -> Result<()> {
    let reason = words::lines("reason", &apology.reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("reason", "Hãy ghi lý do chậm; công dân đọc được nội dung này."));
    }
    let at_fault = at_fault(&apology.at_fault)?;
    let InHand { mut dossier, task: held } = acting.take_up(tx)?;
    if !dossier.status.clock_runs() {
        return Err(Error::conflict(format!(
            "Hồ sơ đang ở trạng thái «{}» nên không hẹn lại được.",
            dossier.status.title()
        )));
    }
    let events = event::of_dossier(tx, dossier.id)?;
    let forms = own_form::of_events(tx, &events)?;
    if forms.iter().any(|form| form.kind == FormKind::Apology && form.may_be_out()) {
        return Err(Error::conflict("Hồ sơ đã xin lỗi và hẹn lại một lần; mỗi hồ sơ chỉ hẹn lại một lần."));
    }
    let new_due_at = new_due_at(acting, &dossier, (apology.day, tx.at()))?;
    begin_if_waiting(tx, &mut dossier, &held.step)?;
    let late = is_late(&acting.calendar, (tx.at(), dossier.due_at))?;
    let particulars = Particulars::Apology { at_fault, due_at: dossier.due_at, new_due_at, late };
    let event = NewEvent {
        from_step: Some(&held.step),
        text: Some(&reason),
        particulars: Some(&particulars),
        ..NewEvent::default()
    };
    event::add(tx, dossier.id, EventKind::Apologised, &event)?;
    dossier::set_status(tx, &dossier, dossier.status)?;
    let detail = json!({
        "due": dossier.due_at.rfc3339(), "new_due": new_due_at.rfc3339(), "step": held.step, "late": late,
    });
    audit(tx, "dossiers.apologise", &dossier, detail)
}

/// The unit at fault, as it is printed.
pub(crate) fn at_fault(typed: &str) -> Result<String> {
    let at_fault = words::line("at_fault", typed)?;
    if at_fault.is_empty() {
        return Err(Error::invalid("at_fault", "Hãy ghi cơ quan, đơn vị để chậm."));
    }
    Ok(at_fault)
}

/// Whether it is too late to tell the party at `at`: a working day before the result is due is the last moment.
pub fn is_late(calendar: &WorkingCalendar, (at, due_at): (Timestamp, Timestamp)) -> Result<bool> {
    let a_day_on = calendar::due(calendar, at, Takes::WorkingDays(1), &[]).map_err(due::told)?;
    Ok(a_day_on > due_at)
}

/// The new time on a day: at the time of day at which the result was due.
pub(crate) fn new_due_at(acting: &Acting, dossier: &Dossier, (day, at): (Day, Timestamp)) -> Result<Timestamp> {
    let then = Timestamp::from_local(day.0.to_datetime(dossier.due_at.local().time()));
    let new_due_at = acting.calendar.canonical_moment(then).map_err(due::told)?;
    if new_due_at.day() != day {
        return Err(Error::invalid("day", "Ngày hẹn lại phải là ngày làm việc."));
    }
    if new_due_at <= dossier.due_at || new_due_at <= at {
        return Err(Error::invalid("day", "Ngày hẹn lại phải sau hạn trả đã hẹn và sau hôm nay."));
    }
    Ok(new_due_at)
}
