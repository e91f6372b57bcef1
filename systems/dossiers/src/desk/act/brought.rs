//! A form that may bring files: they survive a mistake in another field.

use super::{finished, may_act, status};
use crate::desk::actions::{Action, Sent};
use crate::desk::counter::check::PaperFile;
use crate::desk::counter::entry::Entry;
use crate::desk::{show, tools};
use crate::intake::Waiting;
use crate::verbs::Acting;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::{IntoResponse, Response};
use files::Limits;
use http::StatusCode;
use store::Tx;
use types::{Error, FieldError, Id, Result};
use ui::KeptFile;
use web::{Ctx, Fields, Outcome};

/// What the extractor made of the form.
pub type Form = std::result::Result<Multipart, MultipartRejection>;

/// The files of a form, by the field that brought them.
#[derive(Clone, Default)]
pub struct Boxes(Vec<(String, PaperFile)>);

impl Boxes {
    fn of(entry: &Entry) -> Self {
        let waiting = entry.waiting.iter().map(|file| (file.field.clone(), PaperFile::Waiting(file.file)));
        let fresh = entry.fresh.iter().map(|file| (file.field.clone(), PaperFile::Fresh(file.kept.clone())));
        Self(waiting.chain(fresh).collect())
    }

    /// Files of a field, in the order in which they came.
    pub fn files(&self, field: &str) -> Vec<PaperFile> {
        self.0.iter().filter(|(name, _)| name == field).map(|(_, file)| file.clone()).collect()
    }

    /// The file of a field that takes one: the last that was chosen.
    pub fn last(&self, field: &str) -> Option<PaperFile> {
        self.files(field).pop()
    }
}

/// The row of a file, written now or before.
pub fn enter(tx: &mut Tx<'_>, file: &PaperFile) -> Result<Id> {
    match file {
        PaperFile::Fresh(kept) => files::enter(tx, kept),
        PaperFile::Waiting(id) => Ok(*id),
    }
}

/// Runs the verb that `make` reads out of the form; a refusal shows the page again with what was typed and chosen.
pub async fn run<M, R, V>(ctx: &Ctx, code: &str, (action, form): (Action, Form), make: M) -> Outcome<Response>
where
    M: FnOnce(Fields, Boxes) -> R,
    R: Future<Output = Result<V>>,
    V: Fn(&mut Tx<'_>, &Acting) -> Result<()> + Send + 'static,
{
    let form = form.map_err(|e| Error::invalid("form", format!("Biểu mẫu gửi lên không đọc được: {e}")))?;
    let uploads = files::read_form(&tools(ctx).files, form, Limits::default()).await?;
    let (fields, problems) = (uploads.fields.clone(), uploads.problems.clone());
    let unwritten = uploads.unavailable.is_some();
    let (command, acting) = may_act(ctx, code, (action, &fields)).await?;
    let mut entry = Entry::sent(ctx, uploads).await?;
    let mut sent = Sent::of(action, &fields);
    if let Ok(file) = fields.text("remove").parse::<Id>() {
        entry.keep_files(ctx).await?;
        entry.take_out(ctx, file).await?;
        sent.kept = entry.waiting.iter().map(kept).collect();
        return Ok(show::page(show::load(ctx, code, Some(sent)).await?).into_response());
    }
    let verb = match wrong(action, problems) {
        Some(error) => Err(error),
        None => make(fields, Boxes::of(&entry)).await,
    };
    let written = match verb {
        Ok(verb) => ctx.store().write(command, move |tx| verb(tx, &acting)).await,
        Err(error) => Err(error),
    };
    let error = match written {
        Ok(()) => return Ok(finished(code, action)),
        Err(error) => error,
    };
    let status = if unwritten { StatusCode::SERVICE_UNAVAILABLE } else { status(&error) };
    sent.refuse(error)?;
    entry.keep_files(ctx).await?;
    sent.kept = entry.waiting.iter().map(kept).collect();
    let page = show::page(show::load(ctx, code, Some(sent)).await?);
    Ok(page.with_status(status).into_response())
}

/// What was wrong with the files, by the names that the verbs use: the form's own come without the action's name.
fn wrong(action: Action, problems: Vec<FieldError>) -> Option<Error> {
    let begins = action.field("");
    let named = |problem: FieldError| {
        let field = problem.field.strip_prefix(&begins).unwrap_or(&problem.field).to_owned();
        FieldError { field, ..problem }
    };
    let problems: Vec<FieldError> = problems.into_iter().map(named).collect();
    (!problems.is_empty()).then_some(Error::Invalid(problems))
}

fn kept(waiting: &Waiting) -> (String, KeptFile) {
    let size = ui::format::file_size(u64::try_from(waiting.size).unwrap_or_default());
    let file =
        KeptFile {
            name: waiting.name.clone(), detail: format!("{size} · đã nhận"), key: waiting.file.to_string()
        };
    (waiting.field.clone(), file)
}
