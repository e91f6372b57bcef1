//! POST /api/v1/files : a file comes in before the request that uses it.

use super::receive::created;
use super::shown::ApiId;
use axum::Json;
use axum::extract::{FromRequest, Multipart, Request};
use files::{FileStore, Kept, Limits, enter, read_form};
use serde::Serialize;
use serde_json::json;
use store::{AuditEntry, Reader, params};
use types::{Error, Id, Result};
use utoipa::ToSchema;
use web::api::{ApiError, CommandKey};
use web::{Ctx, Outcome};

/// A form with one file.
#[derive(ToSchema)]
pub struct NewFile {
    /// PDF, JPEG, PNG, WebP, DOCX or XLSX, at most 20 MB.
    #[allow(dead_code)]
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A file that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptFile {
    #[schema(value_type = ApiId)]
    id: Id,
    name: String,
    media_type: String,
    /// Bytes.
    size: i64,
    /// SHA-256 in hex.
    hash: String,
}

/// Keeps a file for a paper, a note or a result. Only the officer who brought it can use it; one that no request has used
/// after seven days is forgotten.
#[utoipa::path(
    post, path = "/api/v1/files", tag = "files", operation_id = "upload_file",
    params(("Idempotency-Key" = String, Header, min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$", description = "8 to 64 letters, digits, - or _; the same key keeps once")),
    request_body(content = NewFile, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Kept", body = KeptFile),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 413, description = "The file is too large", body = ApiError),
        (status = 422, description = "There is no file, or it is of a kind that is not kept", body = ApiError),
        (status = 503, description = "Too busy or the disk is full", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn keep(ctx: Ctx, key: CommandKey, request: Request) -> Outcome {
    ctx.officer()?;
    let form = Multipart::from_request(request, &()).await;
    let form =
        form.map_err(|_| Error::invalid("body", "Hãy gửi tệp trong biểu mẫu multipart/form-data, phần «file»."))?;
    let limits = Limits { files: 1, ..Limits::default() };
    let mut read = read_form(&ctx.house.service::<FileStore>(), form, limits).await?;
    if let Some(error) = read.unavailable {
        return Err(error.into());
    }
    if !read.problems.is_empty() {
        return Err(Error::Invalid(read.problems).into());
    }
    let sent = read.files.pop().filter(|sent| sent.field == "file");
    let kept = sent.ok_or_else(|| Error::invalid("file", "Chưa có tệp nào được gửi trong phần «file»."))?.kept;
    let command = key.command(&ctx, "dossiers.upload")?.about(&(&kept.hash, &kept.name));
    let row = kept.clone();
    let id = ctx.store().write(command, move |tx| {
        let id = enter(tx, &row)?;
        let detail = json!({ "hash": row.hash, "size": row.size });
        tx.audit(&AuditEntry { action: "dossiers.upload", entity: "file", entity_id: id, unit: None, detail })?;
        Ok(id)
    });
    let id = id.await?;
    let Kept { hash, size, media_type, name } = kept;
    // Files have no address of their own: they are read with the dossier that they belong to.
    Ok(created("/api/v1/files", Json(KeptFile { id, name, media_type, size, hash })))
}

/// Keeps bytes that came in base64 within a request.
pub(super) async fn keep_content(ctx: &Ctx, name: String, content: String) -> Result<Kept> {
    let store = ctx.house.service::<FileStore>();
    let kept = tokio::task::spawn_blocking(move || {
        let packed: String = content.split_ascii_whitespace().collect();
        let bytes = data_encoding::BASE64.decode(packed.as_bytes());
        let bytes = bytes.map_err(|_| Error::invalid("file.content", "Nội dung tệp không phải base64 đúng."))?;
        if bytes.len() as u64 > Limits::default().file_bytes {
            let most = Limits::default().file_bytes / 1024 / 1024;
            return Err(Error::invalid("file.content", format!("Tệp lớn quá {most} MB.")));
        }
        store.keep_bytes(&name, &bytes)
    });
    kept.await.unwrap_or_else(|e| Err(Error::internal(format!("keeping a file: {e}"))))
}

/// Refuses files that somebody else brought: who uses a file can read it afterwards.
pub(super) fn check_own(reader: &mut Reader<'_>, officer: Id, used: impl IntoIterator<Item = Id>) -> Result<()> {
    for file in used {
        let own: Option<(Id,)> =
            reader.opt("SELECT id FROM file WHERE id = $1 AND created_by = $2", params![file, officer])?;
        if own.is_none() {
            return Err(Error::invalid("file_id", "Không có tệp này trong số tệp ông/bà đã tải lên."));
        }
    }
    Ok(())
}
