//! What the counter records of a dossier that somebody else holds: papers that come in, and that the party withdraws.

use super::brought::{self, Boxes, Form};
use super::{line, optional, reason, run};
use crate::desk::actions::{Action, OTHER_PAPER, PAPER_LINES, paper_field};
use crate::desk::counter::check::TakenIn;
use crate::desk::counter::enter_papers;
use crate::verbs::{Acting, end, supplement};
use axum::response::Response;
use store::Tx;
use types::{Error, FieldError, Result};
use web::{Ctx, Fields, Outcome, Path};

/// Highest number of sheets of one paper.
const SHEETS_MAX: i64 = 999;

/// POST /ho-so/{code}/nhan-bo-sung
pub async fn supplement(ctx: Ctx, Path(code): Path<String>, form: Form) -> Outcome<Response> {
    brought::run(&ctx, &code, (Action::Supplement, form), |fields, boxes| async move {
        let papers = read(&fields, &boxes)?;
        let note = optional(&fields, &Action::Supplement.field("note"));
        Ok(move |tx: &mut Tx<'_>, acting: &Acting| {
            let named = |paper: TakenIn| TakenIn { name: name_of(acting, &paper), ..paper };
            let papers: Vec<TakenIn> = papers.iter().cloned().map(named).collect();
            let papers = enter_papers(tx, &papers)?;
            supplement::supplement(tx, acting, &papers, note.as_deref())
        })
    })
    .await
}

/// POST /ho-so/{code}/rut-tai-quay
pub async fn withdraw(ctx: Ctx, Path(code): Path<String>, fields: Fields) -> Outcome<Response> {
    let action = Action::CounterWithdraw;
    let reason = reason(&fields, action);
    run(&ctx, &code, (action, &fields), move |tx, acting| end::withdraw_at_counter(tx, acting, &reason)).await
}

/// What was typed as its name, or what the procedure calls it.
fn name_of(acting: &Acting, paper: &TakenIn) -> String {
    let known = acting.definition.requirements.iter().find(|known| known.code == paper.requirement);
    match known {
        Some(known) if paper.name.is_empty() => known.name.clone(),
        _ => paper.name.clone(),
    }
}

/// Every line in which something was filled in.
fn read(fields: &Fields, boxes: &Boxes) -> Result<Vec<TakenIn>> {
    let mut problems = Vec::new();
    let mut papers = Vec::new();
    for n in 1..=PAPER_LINES {
        let field = |part: &str| Action::Supplement.field(&paper_field(n, part));
        let text = |part: &str| line(fields, &field(part));
        let files = boxes.files(&field("file"));
        let (requirement, name) = (text("giay"), text("ten"));
        let parts = [&requirement, &name, &text("chinh"), &text("sao")].map(String::is_empty);
        if parts.iter().all(|empty| *empty) && files.is_empty() {
            continue;
        }
        let requirement = if requirement.is_empty() { OTHER_PAPER.to_owned() } else { requirement };
        if requirement == OTHER_PAPER && name.is_empty() {
            problems
                .push(FieldError::new(paper_field(n, "ten"), "Hãy chọn giấy tờ trong danh mục hoặc ghi tên giấy tờ."));
        }
        let mut count = |part: &str| {
            let typed = text(part);
            let read = if typed.is_empty() { Some(0) } else { typed.parse::<i64>().ok() };
            read.filter(|n| (0..=SHEETS_MAX).contains(n)).unwrap_or_else(|| {
                let sentence = format!("Số bản phải là số từ 0 đến {SHEETS_MAX}.");
                problems.push(FieldError::new(paper_field(n, part), sentence));
                0
            })
        };
        let (originals, copies) = (count("chinh"), count("sao"));
        if originals + copies == 0 && files.is_empty() && problems.is_empty() {
            problems.push(FieldError::new(paper_field(n, "chinh"), "Hãy ghi số bản đã nhận hoặc chọn tệp quét."));
        }
        papers.push(TakenIn { requirement, name, originals, copies, files });
    }
    if problems.is_empty() { Ok(papers) } else { Err(Error::Invalid(problems)) }
}
