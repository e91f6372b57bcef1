//! The last step attaches the result; its file survives a mistake in another field.

use super::{optional, prepare, status};
use crate::desk::actions::{Action, Sent};
use crate::desk::counter::entry::Entry;
use crate::desk::{show, tools};
use crate::verbs::finish::{self, Finish};
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::{IntoResponse, Response};
use files::{Kept, Limits};
use types::{Error, FieldError, Id, Result};
use ui::KeptFile;
use web::{Ctx, Fields, Outcome, Path, see};

/// Longest name or number of a result.
const LINE_MAX: usize = 300;

/// Where the result's file is.
#[derive(Clone)]
enum Source {
    Fresh(Kept),
    Waiting(Id),
}

/// POST /ho-so/{code}/ket-qua
pub async fn finish(
    ctx: Ctx,
    Path(code): Path<String>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Outcome<Response> {
    let form = form.map_err(|e| Error::invalid("form", format!("Biểu mẫu gửi lên không đọc được: {e}")))?;
    let uploads = files::read_form(&tools(&ctx).files, form, Limits { files: 1, ..Limits::default() }).await?;
    let (fields, problems) = (uploads.fields.clone(), uploads.problems.clone());
    let (command, acting) = prepare(&ctx, &code, (Action::Finish, &fields)).await?;
    let mut entry = Entry::sent(&ctx, uploads).await?;
    let mut sent = Sent::of(Action::Finish, &fields);
    if let Ok(file) = fields.text("remove").parse::<Id>() {
        entry.take_out(&ctx, file).await?;
        return Ok(show::page(show::load(&ctx, &code, Some(sent)).await?).into_response());
    }
    let error = match read(&fields, &entry, problems) {
        Err(error) => error,
        Ok((result, source)) => {
            let written = ctx.store().write(command, move |tx| {
                let file = match &source {
                    Source::Fresh(kept) => files::enter(tx, kept)?,
                    Source::Waiting(id) => *id,
                };
                finish::finish(tx, &acting, &Finish { file, ..result.clone() })
            });
            match written.await {
                Ok(()) => return Ok(see(&format!("/ho-so/{code}"))),
                Err(error) => error,
            }
        }
    };
    entry.keep_files(&ctx).await?;
    let status = status(&error);
    sent.refuse(error)?;
    sent.kept = entry.waiting.iter().rev().take(1).map(kept).collect();
    let page = show::page(show::load(&ctx, &code, Some(sent)).await?);
    Ok(page.with_status(status).into_response())
}

fn read(fields: &Fields, entry: &Entry, mut problems: Vec<FieldError>) -> Result<(Finish, Source)> {
    for problem in &mut problems {
        problem.field = "file".to_owned();
    }
    let line = |name: &str| types::text::clean(fields.text(&Action::Finish.field(name)));
    let (name, number) = (line("name"), line("number"));
    if name.is_empty() {
        problems.push(FieldError::new("name", "Hãy ghi tên kết quả, ví dụ Giấy khai sinh."));
    }
    for (field, text) in [("name", &name), ("number", &number)] {
        if text.chars().count() > LINE_MAX {
            problems.push(FieldError::new(field, format!("Nội dung dài quá {LINE_MAX} ký tự.")));
        }
    }
    let fresh = entry.fresh.first().map(|upload| Source::Fresh(upload.kept.clone()));
    let source = fresh.or_else(|| entry.waiting.last().map(|waiting| Source::Waiting(waiting.file)));
    if source.is_none() && problems.is_empty() {
        problems.push(FieldError::new("file", "Hãy chọn tệp kết quả đã ký, đóng dấu."));
    }
    match source {
        Some(source) if problems.is_empty() => {
            let note = optional(fields, &Action::Finish.field("note"));
            let number = Some(number).filter(|number| !number.is_empty());
            Ok((Finish { name, number, file: Id(0), note }, source))
        }
        _ => Err(Error::Invalid(problems)),
    }
}

fn kept(waiting: &crate::intake::Waiting) -> KeptFile {
    let size = ui::format::file_size(u64::try_from(waiting.size).unwrap_or_default());
    KeptFile { name: waiting.name.clone(), detail: format!("{size} · đã nhận"), key: waiting.file.to_string() }
}
