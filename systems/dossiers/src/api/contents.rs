//! GET /api/v1/dossiers/{code}/files/{file} : the bytes of a paper, a result or what came with a note.

use crate::services::Services;
use crate::{access, dossier, looked};
use axum::response::Response;
use files::FileStore;
use records::look::What;
use types::{Error, Id};
use web::api::ApiError;
use web::{Ctx, Outcome, Path};

/// The file itself, for whom may see the dossier. Its id stands in the dossier: `papers`, `results`, `events`.
#[utoipa::path(
    get, path = "/api/v1/dossiers/{code}/files/{file}", tag = "files", operation_id = "get_file",
    params(
        ("code" = String, Path, description = "The dossier's code", example = "H55.62.05-261121-0001"),
        ("file" = String, Path, description = "`file_id` of a paper, a result or an event of this dossier"),
    ),
    responses(
        (status = 200, description = "The bytes, under the file's own content type",
            content_type = "application/octet-stream", body = Vec<u8>),
        (status = 401, description = "No token, or an ended one", body = ApiError),
        (status = 404, description = "No such file on this dossier, or the officer may not know of it", body = ApiError),
        (status = 503, description = "The file cannot be read on the server", body = ApiError),
    ),
    security(("token" = []))
)]
pub async fn show(ctx: Ctx, Path((code, file)): Path<(String, Id)>) -> Outcome<Response> {
    let (services, who) = (Services::of(&ctx.house), ctx.who.clone());
    let found = ctx.store().read(move |reader| {
        let tree = services.tree(reader)?;
        let (dossier, tasks) = access::visible_with_tasks(reader, &who, &tree, &code)?;
        if !dossier::has_file(reader, dossier.id, file)? {
            return Err(Error::not_found("tệp này"));
        }
        let found = files::by_id(reader, file)?.ok_or_else(|| Error::not_found("tệp này"))?;
        Ok((found, dossier.id, looked::why(&who, &tree, &dossier, &tasks)))
    });
    let (found, record, why) = found.await?;
    looked::note_why(&ctx, record, What::Program, why)?;
    Ok(files::serve(&ctx.house.service::<FileStore>(), &found).await?)
}
