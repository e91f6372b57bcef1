//! The last step attaches the results; a wrong one is replaced before the party has it.

use super::brought::{self, Boxes, Form, enter};
use super::{line, optional, reason};
use crate::desk::actions::{Action, RESULT_LINES, result_field};
use crate::desk::counter::check::PaperFile;
use crate::dossier;
use crate::verbs::finish::{self, Finish, NewResult};
use crate::verbs::replace;
use axum::response::Response;
use signatures::document::State;
use store::Tx;
use types::{Error, FieldError, Id, Result};
use web::{Ctx, Fields, Outcome, Path};

/// Longest name or number of a result.
const LINE_MAX: usize = 300;

/// A result as the form brought it.
#[derive(Clone)]
struct Offered {
    name: String,
    number: Option<String>,
    file: PaperFile,
}

impl Offered {
    fn enter(&self, tx: &mut Tx<'_>) -> Result<NewResult> {
        Ok(NewResult { name: self.name.clone(), number: self.number.clone(), file: enter(tx, &self.file)? })
    }
}

/// POST /ho-so/{code}/ket-qua
pub async fn finish(ctx: Ctx, Path(code): Path<String>, form: Form) -> Outcome<Response> {
    brought::run(&ctx, &code, (Action::Finish, form), |fields, boxes| async move {
        let documents = documents(fields.all(&Action::Finish.field("signed")))?;
        let offered = read((&fields, &boxes), documents.is_empty())?;
        let note = optional(&fields, &Action::Finish.field("note"));
        Ok(move |tx: &mut Tx<'_>, acting: &crate::verbs::Acting| {
            let mut results = signed(tx, acting, &documents)?;
            for result in &offered {
                results.push(result.enter(tx)?);
            }
            finish::finish(tx, acting, &Finish { results, note: note.clone() })
        })
    })
    .await
}

/// POST /ho-so/{code}/thay-ket-qua
pub async fn replace(ctx: Ctx, Path(code): Path<String>, form: Form) -> Outcome<Response> {
    let action = Action::Replace;
    brought::run(&ctx, &code, (action, form), |fields, boxes| async move {
        let old = fields.text(&action.field("result")).parse::<Id>();
        let old = old.map_err(|_| Error::invalid("result", "Hãy chọn kết quả cần thay."))?;
        let (mut problems, name) = (Vec::new(), |part: &str| part.to_owned());
        let offered = one(&fields, &boxes, action, &name, &mut problems);
        let reason = reason(&fields, action);
        let Some(offered) = offered.filter(|_| problems.is_empty()) else { return Err(Error::Invalid(problems)) };
        Ok(move |tx: &mut Tx<'_>, acting: &crate::verbs::Acting| {
            let new = offered.enter(tx)?;
            replace::replace(tx, acting, old, &new, &reason)
        })
    })
    .await
}

/// The documents signed here that were chosen as results.
pub fn documents(sent: &[String]) -> Result<Vec<Id>> {
    let mut chosen = sent
        .iter()
        .map(|id| id.parse().map_err(|_| Error::invalid("signed", "Văn bản đã ký không đúng. Hãy tải lại trang.")))
        .collect::<Result<Vec<Id>>>()?;
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// They become results as they are: with the agency's seal, and number and day.
pub fn signed(tx: &mut Tx<'_>, acting: &crate::verbs::Acting, documents: &[Id]) -> Result<Vec<NewResult>> {
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let dossier = dossier::by_code(tx, &acting.code)?.ok_or_else(|| Error::not_found("hồ sơ"))?;
    let all = signatures::document::of_record(tx, dossier.id)?;
    for id in documents {
        if signatures::document::of_document(tx, *id)?.iter().any(|signature| signature.waits) {
            return Err(Error::conflict(
                "Con dấu của văn bản đã chọn còn chờ dấu thời gian. Hãy chờ ít phút, hoặc mở văn bản để đi tiếp không có dấu thời gian.",
            ));
        }
    }
    let result = |id: &Id| {
        let ready = all.iter().find(|document| document.id == *id && document.state == State::Sealed);
        let document = ready.ok_or_else(|| {
            Error::conflict("Văn bản đã chọn chưa có dấu của cơ quan hoặc đã được rút. Hãy tải lại trang.")
        })?;
        Ok(NewResult { name: document.title.clone(), number: document.number.clone(), file: document.file })
    };
    documents.iter().map(result).collect()
}

/// Every line of the form that is not empty; the first is one where nothing else was chosen.
fn read((fields, boxes): (&Fields, &Boxes), wants_one: bool) -> Result<Vec<Offered>> {
    let action = Action::Finish;
    let mut problems = Vec::new();
    let mut results = Vec::new();
    for n in 1..=RESULT_LINES {
        let name = |part: &str| result_field(n, part);
        let empty = ["name", "number"].iter().all(|part| line(fields, &action.field(&name(part))).is_empty());
        let may_be_empty = n > 1 || !wants_one;
        if may_be_empty && (empty || n == 1) && boxes.last(&action.field(&name("file"))).is_none() {
            continue;
        }
        results.extend(one(fields, boxes, action, &name, &mut problems));
    }
    if problems.is_empty() { Ok(results) } else { Err(Error::Invalid(problems)) }
}

/// One result; `name` names its fields.
fn one(
    fields: &Fields,
    boxes: &Boxes,
    action: Action,
    name: &dyn Fn(&str) -> String,
    problems: &mut Vec<FieldError>,
) -> Option<Offered> {
    let text = |part: &str| line(fields, &action.field(&name(part)));
    let (title, number) = (text("name"), text("number"));
    if title.is_empty() {
        problems.push(FieldError::new(name("name"), "Hãy ghi tên kết quả, ví dụ Giấy khai sinh."));
    }
    for (part, text) in [("name", &title), ("number", &number)] {
        if text.chars().count() > LINE_MAX {
            problems.push(FieldError::new(name(part), format!("Nội dung dài quá {LINE_MAX} ký tự.")));
        }
    }
    let file = boxes.last(&action.field(&name("file")));
    if file.is_none() {
        problems.push(FieldError::new(name("file"), "Hãy chọn tệp kết quả đã ký, đóng dấu."));
    }
    let number = Some(number).filter(|number| !number.is_empty());
    file.map(|file| Offered { name: title, number, file })
}
