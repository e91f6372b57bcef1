//! Receiving: the dossier gets its code, its due time and its first step; the clock starts.

use crate::counting;
use crate::dossier::{self, Applicant, Values, span_running};
use crate::due;
use crate::event::{self, EventKind, NewEvent, Particulars};
use crate::procedure::Definition;
use crate::procedure::step::Step;
use crate::status::Status;
use crate::verbs::{audit, end_clock, manner, pass, words};
use calendar::WorkingCalendar;
use directory::{Keys, UnitTree};
use records::{Holder, NewRecord, NewTask, record, task};
use serde_json::json;
use std::sync::Arc;
use store::{AuditEntry, Counted, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// A paper as the counter took it in.
#[derive(Debug, Clone)]
pub struct NewPaper {
    pub requirement: String,
    pub name: String,
    pub originals: i64,
    pub copies: i64,
    /// The row of the scan, if it was scanned.
    pub file: Option<Id>,
}

/// Everything a receipt needs, checked and drawn before the write begins.
#[derive(Debug, Clone)]
pub struct Receive {
    pub unit: Id,
    /// The unit's electronic identifier; the code begins with it.
    pub unit_code: String,
    pub tree: Arc<UnitTree>,
    pub procedure: Id,
    pub definition: Arc<Definition>,
    pub calendar: Arc<WorkingCalendar>,
    pub case: Option<String>,
    /// `counter`, `online`, `post`.
    pub channel: String,
    pub applicant: Applicant,
    pub values: Values,
    /// With which the form is sealed.
    pub keys: Keys,
    pub papers: Vec<NewPaper>,
    /// How the party wants the result.
    pub return_way: String,
    /// The counter post that receives; none when a program does.
    pub post: Option<Id>,
    /// Who gets the next step; the best match when none is chosen.
    pub next_post: Option<Id>,
    /// 128 random bits in letters, drawn outside.
    pub track_token: String,
    /// Computed for the command's moment, outside the writer.
    pub due_at: Timestamp,
}

/// What the counter prints and the API answers.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, PartialEq, Eq)]
pub struct Received {
    pub id: Id,
    pub code: String,
    pub received_at: Timestamp,
    pub due_at: Timestamp,
    pub track_token: String,
}

/// Receives a dossier.
pub fn receive(tx: &mut Tx<'_>, new: &Receive) -> Result<Received> {
    let at = tx.at();
    let due_at = new.due_at;
    if let Some(next) = new.definition.steps.get(1) {
        pass::foresee_post(tx, (&new.tree, new.unit), next)?;
    }
    let (id, code) = enter(tx, new)?;
    let first = new.definition.steps.first().map(|step| step.code.as_str());
    let promised = Particulars::Due { due_at };
    let event = NewEvent { from_step: first, particulars: Some(&promised), ..NewEvent::default() };
    event::add(tx, id, EventKind::Received, &event)?;
    open_steps(tx, new, id, due_at)?;
    let counted = Counted { record: id, unit: new.unit, subject: new.procedure };
    counting::received(tx, &counted, &new.channel, due_at)?;
    let detail = json!({
        "code": code, "procedure": new.definition.code, "channel": new.channel, "papers": new.papers.len(),
        "due": due_at.rfc3339(),
    });
    tx.audit(&AuditEntry {
        action: "dossiers.receive",
        entity: "dossier",
        entity_id: id,
        unit: Some(new.unit),
        detail,
    })?;
    tx.publish("dossiers.received.v1", id, &json!({ "id": id, "code": code, "unit": new.unit, "due": due_at }))?;
    Ok(Received { id, code, received_at: at, due_at, track_token: new.track_token.clone() })
}

/// Does not receive it, with reasons that the party is told: it has a code and a link all the same, and ends where it began.
pub fn refuse(tx: &mut Tx<'_>, new: &Receive, reason: &str) -> Result<Received> {
    let reason = words::lines("refusal", reason)?;
    if reason.is_empty() {
        return Err(Error::invalid("refusal", "Hãy ghi lý do không tiếp nhận; lý do được ghi trong phiếu từ chối."));
    }
    let (at, due_at) = (tx.at(), new.due_at);
    let (id, code) = enter(tx, new)?;
    let counter = new.definition.steps.first().ok_or_else(|| Error::internal("a procedure without steps"))?;
    if let Some(holder) = counter_of(tx, new) {
        let (step, title) = (counter.code.as_str(), counter.title.as_str());
        task::enter_done(tx, &NewTask { record: id, step, title, unit: new.unit, holder, due_at }, "refused")?;
    }
    let counted = Counted { record: id, unit: new.unit, subject: new.procedure };
    counting::received(tx, &counted, &new.channel, due_at)?;
    let dossier = dossier::by_id(tx, id)?.ok_or_else(|| Error::internal("a dossier that is gone"))?;
    end_clock(tx, &dossier, (Status::Refused, "refused"), at)?;
    let event = NewEvent { from_step: Some(&counter.code), text: Some(&reason), ..NewEvent::default() };
    event::add(tx, id, EventKind::Refused, &event)?;
    let detail = json!({
        "code": code, "procedure": new.definition.code, "channel": new.channel, "papers": new.papers.len(),
    });
    audit(tx, "dossiers.refuse", &dossier, detail)?;
    tx.publish("dossiers.ended.v1", id, &json!({ "id": id, "status": Status::Refused.number() }))?;
    Ok(Received { id, code, received_at: at, due_at, track_token: new.track_token.clone() })
}

/// Record, dossier and papers under a code of their own, in the text index.
fn enter(tx: &mut Tx<'_>, new: &Receive) -> Result<(Id, String)> {
    let at = tx.at();
    // From here to the end, other receipts of this unit wait for their number.
    let code = next_code(tx, new.unit, &new.unit_code, at)?;
    let summary = summary(new);
    let title = format!("{summary} – {}", new.applicant.name);
    let record = NewRecord {
        kind: "dossier",
        code: &code,
        title: if new.definition.restricted { &new.definition.name } else { &title },
        unit: new.unit,
        link: &format!("/ho-so/{code}"),
        restricted: new.definition.restricted,
    };
    let id = record::enter(tx, &record)?;
    insert(tx, new, (id, &code, &summary))?;
    for paper in &new.papers {
        add_paper(tx, id, paper, None)?;
    }
    if !new.definition.restricted {
        records::text::index(tx, id, &new.tree.line(new.unit), &[&new.applicant.name, &summary])?;
    }
    Ok((id, code))
}

/// Writes a paper; `supplemented` is when it came, for one that came after the receipt.
pub(crate) fn add_paper(tx: &mut Tx<'_>, dossier: Id, paper: &NewPaper, supplemented: Option<Timestamp>) -> Result<()> {
    let id = tx.id()?;
    tx.exec(
        "INSERT INTO dossier_paper (id, dossier_id, requirement, name, originals, copies, file_id, supplemented_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, dossier, &paper.requirement, &paper.name, paper.originals, paper.copies, paper.file, supplemented],
    )?;
    Ok(())
}

fn summary(new: &Receive) -> String {
    let summary = new.definition.summarise(&new.values);
    if summary.is_empty() { new.definition.short_name().to_owned() } else { summary }
}

fn insert(tx: &mut Tx<'_>, new: &Receive, (id, code, summary): (Id, &str, &str)) -> Result<()> {
    let (at, by) = (tx.at(), tx.actor().officer());
    let due_at = new.due_at;
    let applicant = &new.applicant;
    let (form, mark, sealed_with) = dossier::sealed(tx, &new.keys, (id, &new.values))?;
    tx.exec(
        "INSERT INTO dossier (id, code, procedure_id, procedure_code, procedure_case, unit_id, status, restricted, channel,
            applicant_name, identity_mark, phone, address, email, summary, form, received_at, received_day, received_by,
            due_at, due_day, span, return_way, track_token, sealed_with, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, 1)",
        params![
            id, code, new.procedure, &new.definition.code, new.case.clone(), new.unit, Status::Received.number(),
            new.definition.restricted, &new.channel, &applicant.name, mark,
            applicant.phone.clone(), applicant.address.clone(), applicant.email.clone(), summary, form, at,
            at.day(), by, due_at, due_at.day(), span_running(at.day(), due_at.day()),
            &new.return_way, &new.track_token, sealed_with
        ],
    )?;
    Ok(())
}

/// Who receives: the post, or the person where a program does.
fn counter_of(tx: &Tx<'_>, new: &Receive) -> Option<Holder> {
    new.post.map(Holder::Post).or_else(|| tx.actor().officer().map(Holder::Officer))
}

/// The counter's own step is done with the receipt; the next one opens.
fn open_steps(tx: &mut Tx<'_>, new: &Receive, id: Id, due_at: types::Timestamp) -> Result<()> {
    let at = tx.at();
    let due_of = |step: &Step| due::step_due(&new.definition, new.case.as_deref(), step, &new.calendar, (at, due_at));
    let mut steps = new.definition.steps.iter();
    let counter = steps.next().ok_or_else(|| Error::internal("a procedure without steps"))?;
    if let Some(holder) = counter_of(tx, new) {
        let due_at = due_of(counter)?;
        let done = NewTask { record: id, step: &counter.code, title: &counter.title, unit: new.unit, holder, due_at };
        task::enter_done(tx, &done, "passed")?;
    }
    let next = steps.next().ok_or_else(|| Error::internal("a procedure with a single step"))?;
    let post = pass::choose_post(tx, (&new.tree, new.unit), (next, &new.definition.field.code), new.next_post)?;
    let (holder, due_at) = (Holder::Post(post), due_of(next)?);
    let opened = NewTask { record: id, step: &next.code, title: &next.title, unit: new.unit, holder, due_at };
    task::open_as(tx, &opened, manner())?;
    Ok(())
}

/// `<unit code>-<yymmdd>-<nnnn>`: counted per unit and day of receipt, never reused.
fn next_code(tx: &mut Tx<'_>, unit: Id, unit_code: &str, at: Timestamp) -> Result<String> {
    let day = at.day();
    let (n,): (i64,) = tx.one(
        "INSERT INTO dossier_number (unit_id, day, last) VALUES ($1, $2, 1)
         ON CONFLICT (unit_id, day) DO UPDATE SET last = dossier_number.last + 1 RETURNING last",
        params![unit, day],
    )?;
    Ok(format!("{unit_code}-{}-{n:04}", day.0.strftime("%y%m%d")))
}
