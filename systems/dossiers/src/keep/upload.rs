//! POST /quan-tri/thu-tuc : definition files come in; all of them are right, or nothing is changed.

use super::import::{ImportedFile, Offered, check, write};
use super::list;
use crate::procedure::definition::SIZE_MAX;
use crate::services::Services;
use crate::stored::Imported;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};
use types::{Error, Result};
use ui::{FormState, Lang};
use web::{Ctx, Outcome, see};

/// Each import draws two ids of the command's 64; the rest is room for what the store adds.
const FILES_MAX: usize = 30;
/// What pasted text is called in messages.
const PASTED: &str = "nội dung đã dán";

/// What the form brought.
#[derive(Default)]
struct Sent {
    command: String,
    pasted: String,
    offered: Vec<Offered>,
}

/// POST /quan-tri/thu-tuc
pub async fn import(ctx: Ctx, request: Request) -> Outcome {
    let (services, who, today) = (Services::of(&ctx.house), ctx.who.clone(), ctx.now().day());
    let asking = (services.clone(), who.clone());
    if let Some(why) = ctx.store().read(move |reader| list::closed(reader, &asking.0, &asking.1)).await? {
        return Err(Error::forbidden(why).into());
    }
    let mut sent = read(request).await?;
    let mut form = FormState::sent(Lang::Vi, [("text", sent.pasted.as_str())]);
    if !sent.pasted.trim().is_empty() {
        sent.offered.push(Offered { name: PASTED.to_owned(), bytes: sent.pasted.into_bytes() });
    }
    if sent.offered.is_empty() {
        form.refuse("files", "missing", "Hãy chọn tệp hoặc dán nội dung của một tệp.");
    }
    if sent.offered.len() > FILES_MAX {
        form.refuse("files", "too_many", format!("Mỗi lần nhập tối đa {FILES_MAX} tệp."));
    }
    let asked: Vec<(String, String)> = sent.offered.iter().map(|one| (one.name.clone(), hash(&one.bytes))).collect();
    let offered = if form.is_valid() { sent.offered } else { Vec::new() };
    let wrong = match check(offered, |_| ()) {
        Ok(files) if form.is_valid() => {
            let command = ctx.command("dossiers.import-procedures", &sent.command, None)?.about(&asked);
            let done = ctx.store().write(command, move |tx| write(tx, &files)).await?;
            return Ok(see(&told(&done)));
        }
        Ok(_) => Vec::new(),
        Err(wrong) => wrong,
    };
    let loaded = ctx.store().read(move |reader| list::load(reader, &services, &who, today)).await?;
    Ok(list::refused(loaded, form, wrong, ctx.new_command()).into_response())
}

fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The list, which then says what was done.
fn told(done: &[ImportedFile]) -> String {
    let count = |wanted: fn(&Imported) -> bool| done.iter().filter(|file| wanted(&file.imported)).count();
    let new = count(|imported| matches!(imported, Imported::New));
    let versions = count(|imported| matches!(imported, Imported::NewVersion(_)));
    let same = count(|imported| matches!(imported, Imported::Unchanged));
    format!("/quan-tri/thu-tuc?moi={new}&phien-ban={versions}&nhu-cu={same}")
}

async fn read(request: Request) -> Result<Sent> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(too_large)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(types::text::clean);
        let bytes = bytes(field).await?;
        match (name.as_str(), file) {
            ("files", Some(file)) if !file.is_empty() => sent.offered.push(Offered { name: file, bytes }),
            ("command", None) => sent.command = text(bytes)?,
            ("text", None) => sent.pasted = text(bytes)?,
            _ => {}
        }
    }
    Ok(sent)
}

/// A part of the form; one byte more than a definition may have is kept, so that its reader says that it is too large.
async fn bytes(mut field: Field<'_>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(too_large)? {
        let room = (SIZE_MAX + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
    }
    Ok(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| Error::invalid("text", "Nội dung dán vào không phải chữ đọc được (UTF-8)."))
}

fn too_large(error: MultipartError) -> Error {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid("files", "Các tệp lớn quá 8 MB. Chưa có gì được nhập; hãy chia làm nhiều lần.");
    }
    broken()
}

fn broken() -> Error {
    Error::invalid("files", "Biểu mẫu gửi lên không đọc được. Hãy tải lại trang rồi gửi lại; chưa có gì được nhập.")
}
