//! A drafted result goes to be signed. Whether its file can be signed at all is found out here, and not by the leader; and
//! where number and date will stand is kept free before anybody signs.

use super::brought::{self, Form, enter};
use super::line;
use crate::desk::actions::Action;
use crate::desk::counter::check::PaperFile;
use crate::verbs::{self, submit::Draft};
use axum::response::Response;
use files::FileStore;
use signatures::Trusting;
use signatures::document::Role;
use signatures::look::{Kept, Spot};
use store::Tx;
use types::{Error, FieldError, Result};
use web::{Ctx, Fields, Outcome, Path};

/// The numbers of the form: millimetres from the left and upper edge of the first page, as Decree 30/2020/NĐ-CP lays out
/// number and date (Annex I, cells 3 and 4).
pub const PLACES: [(&str, &str, &str); 4] = [
    ("number_left", "Số: cách mép trái (mm)", "42"),
    ("number_top", "Số: cách mép trên (mm)", "39"),
    ("date_left", "Ngày: cách mép trái (mm)", "125"),
    ("date_top", "Ngày: cách mép trên (mm)", "39"),
];

/// POST /ho-so/{code}/trinh-ky
pub async fn submit(ctx: Ctx, Path(code): Path<String>, form: Form) -> Outcome<Response> {
    let asked = ctx.clone();
    brought::run(&ctx, &code, (Action::Submit, form), |fields, boxes| async move {
        let field = |name: &str| Action::Submit.field(name);
        let title = line(&fields, &field("title"));
        if title.is_empty() {
            return Err(Error::invalid("title", "Ghi tên văn bản, ví dụ Giấy xác nhận tình trạng hôn nhân."));
        }
        let role = role(fields.text(&field("role")))?;
        let spot = Spot::named(fields.text(&field("spot")))?;
        // Where no person signs, no number is given either.
        let kept = if role == Role::Main { kept(&fields)? } else { None };
        let file = boxes.last(&field("file"));
        let file = file.ok_or_else(|| Error::invalid("file", "Chọn tệp PDF của văn bản trình ký."))?;
        let (file, kept) = fit(&asked, file, kept).await?;
        Ok(move |tx: &mut Tx<'_>, acting: &verbs::Acting| {
            let file = enter(tx, &file)?;
            let kept =
                kept.as_ref().map(|(kept, file)| Ok::<_, Error>((*kept, files::enter(tx, file)?))).transpose()?;
            verbs::submit::submit(tx, acting, Draft { title: &title, role, file, spot, kept })
        })
    })
    .await
}

/// What the document is, by its code; an attachment is named with the document that it goes with.
fn role(code: &str) -> Result<Role> {
    match code.split_once(' ') {
        Some((code, main)) => Role::of(code, main.parse().ok()),
        None => Role::of(code, None),
    }
}

/// Where number and date are to be kept free; nowhere when they stand in the file.
fn kept(fields: &Fields) -> Result<Option<Kept>> {
    if fields.text(&Action::Submit.field("places")) != "keep" {
        return Ok(None);
    }
    let mut problems = Vec::new();
    let mut read = |name: &str| {
        let typed = line(fields, &Action::Submit.field(name)).replace(',', ".");
        let mm = typed.parse::<f32>().ok().filter(|mm| (0.0..=Kept::MM_MAX).contains(mm));
        if mm.is_none() {
            problems.push(FieldError::new(name, "Ghi số mi-li-mét, ví dụ 39."));
        }
        mm.unwrap_or_default()
    };
    let [number_left, number_top, date_left, date_top] = PLACES.map(|(name, ..)| read(name));
    if problems.is_empty() {
        Ok(Some(Kept { number: (number_left, number_top), date: (date_left, date_top) }))
    } else {
        Err(Error::Invalid(problems))
    }
}

/// A file as it was brought, and with the places that are kept in it.
type Fit = (PaperFile, Option<(Kept, files::Kept)>);

/// Reads the file to its last byte, on a thread that may be busy.
async fn fit(ctx: &Ctx, file: PaperFile, kept: Option<Kept>) -> Result<Fit> {
    let (trusting, brought) = (ctx.house.service::<Trusting>(), file.clone());
    let (hash, name, trust) = ctx
        .store()
        .read(move |reader| {
            let (hash, name) = match brought {
                PaperFile::Fresh(kept) => (kept.hash, kept.name),
                PaperFile::Waiting(id) => {
                    let file = files::by_id(reader, id)?.ok_or_else(|| Error::invalid("file", "Hãy chọn lại tệp."))?;
                    (file.hash, file.name)
                }
            };
            Ok((hash, name, trusting.list(reader)?))
        })
        .await?;
    let (store, now) = (ctx.house.service::<FileStore>(), ctx.now());
    let work = move || {
        let bytes = store.read(&hash)?;
        signatures::fit_to_sign(&bytes, &trust, now)?;
        let Some(kept) = kept else { return Ok((file, None)) };
        let bytes = signatures::look::keep_places(&bytes, kept)?;
        Ok((file, Some((kept, store.keep_bytes(&name, &bytes)?))))
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("looking at a file: {e}")))?
}
