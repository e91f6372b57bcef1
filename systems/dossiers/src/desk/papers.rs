//! Files of a dossier: only those that hang on it, only for whom may know of it.

use super::tools;
use crate::{dossier, looked};
use axum::response::Response;
use records::look::What;
use types::{Error, Id};
use web::{Ctx, Outcome, Path};

/// GET /ho-so/{code}/tep/{file}
pub async fn download(ctx: Ctx, Path((code, file)): Path<(String, Id)>) -> Outcome<Response> {
    let tools = tools(&ctx);
    let (who, services) = (ctx.who.clone(), tools.clone());
    let (found, record, why) = ctx
        .store()
        .read(move |r| {
            let tree = services.directory.tree(r)?;
            let (dossier, tasks) = crate::access::visible_with_tasks(r, &who, &tree, &code)?;
            let is_signed = |r: &mut store::Reader<'_>| signatures::document::has_file(r, dossier.id, file);
            if !dossier::has_file(r, dossier.id, file)? && !is_signed(r)? {
                return Err(Error::not_found("tệp này"));
            }
            let found = files::by_id(r, file)?.ok_or_else(|| Error::not_found("tệp này"))?;
            Ok((found, dossier.id, looked::why(&who, &tree, &dossier, &tasks)))
        })
        .await?;
    looked::note_why(&ctx, record, What::File, why)?;
    Ok(files::serve(&tools.files, &found).await?)
}
