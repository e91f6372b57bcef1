//! Taking a dossier in from a program: what was filled in is checked against the definition in force, the unit and its
//! calendar are found, all over one read; the due time is computed for the command's moment, outside the writer.
//! What comes out goes into [`crate::verbs::receive::receive`].

mod papers;
mod place;

use crate::dossier::Applicant;
use crate::due;
use crate::procedure::definition::Channel;
use crate::procedure::{self, Definition, form};
use crate::services::Services;
use crate::stored::StoredProcedure;
use crate::verbs::receive::{NewPaper, Receive};
use calendar::WorkingCalendar;
use directory::{Keys, UnitTree};
use rand::RngCore;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Reader;
use types::{Day, Error, FieldError, Id, Result, Timestamp};
use web::Who;

pub(super) use papers::AskedPaper;
use place::place;

/// How a party can get the result.
const RETURN_WAYS: [&str; 3] = ["counter", "post", "online"];
/// The party's mail address in forms that ask for one.
const APPLICANT_EMAIL: &str = "applicant_email";

/// What a program asks to be received.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The procedure's national code.
    pub procedure: String,
    /// The case, where the procedure has several; may also stand among the values.
    pub case: Option<String>,
    /// `counter`, `online` or `post`.
    pub channel: String,
    /// The receiving unit's electronic identifier; by default that of the officer's counter.
    pub unit_code: Option<String>,
    /// The form as filled in, the party's particulars among it.
    pub values: BTreeMap<String, String>,
    pub papers: Vec<AskedPaper>,
    pub return_way: String,
    /// Who gets the next step; the best match when none is chosen.
    pub next_post: Option<Id>,
}

/// A dossier that can be received: everything but the due time, which depends on the command's moment.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The post in which the officer receives; for [`web::Who::actor`].
    pub post: Option<Id>,
    /// What looks odd but may be right.
    pub warnings: Vec<FieldError>,
    unit: Id,
    unit_code: String,
    tree: Arc<UnitTree>,
    keys: Keys,
    procedure: Id,
    definition: Arc<Definition>,
    calendar: Arc<WorkingCalendar>,
    case: Option<String>,
    channel: Channel,
    values: BTreeMap<String, String>,
    papers: Vec<NewPaper>,
    return_way: &'static str,
    next_post: Option<Id>,
}

impl Prepared {
    /// With the due time for a receipt at `at`, ready for the writer. Draws the tracking token.
    pub(super) fn received_at(self, at: Timestamp) -> Result<Receive> {
        let due_at = due::promised(&self.definition, self.case.as_deref(), &self.calendar, at)?;
        Ok(Receive {
            unit: self.unit,
            unit_code: self.unit_code,
            tree: self.tree,
            procedure: self.procedure,
            definition: self.definition,
            calendar: self.calendar,
            case: self.case,
            channel: self.channel.code().to_owned(),
            applicant: applicant(&self.values),
            values: self.values,
            keys: self.keys,
            papers: self.papers,
            return_way: self.return_way.to_owned(),
            post: self.post,
            next_post: self.next_post,
            track_token: draw_token(),
            due_at,
        })
    }
}

/// Checks what is asked and finds everything a receipt needs, for `who` on `today`.
///
/// # Errors
/// `Invalid` with every wrong field at once (form fields as `form.<key>`; `channel`, `case`, `papers`, `return_way`),
/// `NotFound` for an unknown procedure, `Conflict` for one that is not in force, `Forbidden` for another unit.
pub(super) fn prepare(
    reader: &mut Reader<'_>,
    services: &Services,
    who: &Who,
    mut asked: Asked,
    today: Day,
) -> Result<Prepared> {
    let tree = services.tree(reader)?;
    let place = place(who, &tree, asked.unit_code.as_deref())?;
    let StoredProcedure { id: procedure, definition, .. } =
        services.procedures.in_force(reader, &asked.procedure, today)?;
    let calendar = services.calendar(reader, place.unit, &tree)?;
    let mut wrong = Vec::new();
    let channel = read_channel(&definition, &asked.channel, &mut wrong);
    let case = read_case(&definition, &mut asked, &mut wrong);
    let return_way = read_return_way(&asked.return_way, &mut wrong);
    let (papers, mut warnings) = papers::check(&definition, &asked.papers, (channel, case.as_deref()), &mut wrong);
    let in_form = |e: form::FieldError| FieldError::new(format!("form.{}", e.key), e.message);
    let reason = channel.and_then(|channel| form::reason_missing(&definition, channel, &asked.values));
    wrong.extend(reason.map(in_form));
    wrong.extend(form::unknown(&definition, &asked.values).into_iter().map(in_form));
    let checked = procedure::check(&definition, &asked.values, today);
    let values = match checked {
        Ok(checked) => {
            warnings.extend(form::not_asked(&definition, &asked.values, &checked).into_iter().map(in_form));
            warnings.extend(checked.warnings.into_iter().map(in_form));
            checked.values
        }
        Err(errors) => {
            wrong.extend(errors.into_iter().map(in_form));
            return Err(Error::Invalid(wrong));
        }
    };
    let (Some(channel), Some(return_way), true) = (channel, return_way, wrong.is_empty()) else {
        return Err(Error::Invalid(wrong));
    };
    Ok(Prepared {
        post: place.post,
        warnings,
        unit: place.unit,
        unit_code: place.unit_code,
        tree,
        keys: services.directory.keys(),
        procedure,
        calendar,
        case,
        channel,
        values,
        papers,
        return_way,
        next_post: asked.next_post,
        definition,
    })
}

fn read_channel(definition: &Definition, typed: &str, wrong: &mut Vec<FieldError>) -> Option<Channel> {
    let known = Channel::from_code(typed).filter(|channel| definition.channels.contains(channel));
    if known.is_none() {
        let offered: Vec<&str> = definition.channels.iter().map(|channel| channel.code()).collect();
        let message = format!("Thủ tục này nhận qua kênh: {}; không nhận qua «{typed}».", offered.join(", "));
        wrong.push(FieldError::new("channel", message));
    }
    known
}

/// The case may be said beside the form or in it; in the end it stands in both.
fn read_case(definition: &Definition, asked: &mut Asked, wrong: &mut Vec<FieldError>) -> Option<String> {
    if definition.cases.is_empty() {
        if asked.case.as_ref().is_some_and(|case| !case.is_empty()) {
            wrong.push(FieldError::new("case", "Thủ tục này không chia trường hợp."));
        }
        return None;
    }
    let said = asked.case.take().filter(|case| !case.is_empty());
    let in_form = asked.values.get(form::CASE).filter(|case| !case.is_empty()).cloned();
    if said.is_some() && in_form.is_some() && said != in_form {
        wrong.push(FieldError::new("case", "Trường hợp ghi hai nơi không giống nhau."));
        return None;
    }
    let case = said.or(in_form).filter(|case| definition.case(case).is_some());
    match &case {
        Some(case) => {
            asked.values.insert(form::CASE.to_owned(), case.clone());
        }
        None => {
            let known: Vec<String> = definition.cases.iter().map(|c| format!("{} ({})", c.code, c.name)).collect();
            wrong.push(FieldError::new("case", format!("Hãy chọn trường hợp: {}.", known.join("; "))));
        }
    }
    case
}

fn read_return_way(typed: &str, wrong: &mut Vec<FieldError>) -> Option<&'static str> {
    let known = RETURN_WAYS.into_iter().find(|way| *way == typed);
    if known.is_none() {
        wrong.push(FieldError::new("return_way", "Hãy chọn cách nhận kết quả: counter, post hoặc online."));
    }
    known
}

fn applicant(values: &BTreeMap<String, String>) -> Applicant {
    let value = |key: &str| values.get(key).filter(|value| !value.is_empty()).cloned();
    Applicant {
        name: value(form::APPLICANT_NAME).unwrap_or_default(),
        phone: value(form::APPLICANT_PHONE),
        address: value(form::APPLICANT_ADDRESS),
        email: value(APPLICANT_EMAIL),
    }
}

/// 128 random bits in small letters and digits: the unguessable part of the receipt's link.
fn draw_token() -> String {
    let mut bits = [0_u8; 16];
    rand::rng().fill_bytes(&mut bits);
    data_encoding::BASE32_NOPAD.encode(&bits).to_ascii_lowercase()
}
