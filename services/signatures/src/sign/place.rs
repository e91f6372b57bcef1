//! Where signature, number and date will be seen: the pages of a document as they are, drawn, and what is moved on them.

use super::{blocking, previewed};
use crate::Means;
use crate::document::{self, Document, Placed};
use crate::look::{self, Kept, Paper, Spot};
use files::FileStore;
use print::{Drawing, Printer, Size};
use types::{Error, Id, Result};
use web::Ctx;

/// Pixels across a page: sharp on the wide picture of [`ui::PointAt`].
const PICTURE_WIDTH: u16 = 1000;

/// The pages of a document, each with its size in points as it is shown.
///
/// # Errors
/// What the file is refused for.
pub(crate) async fn page_sizes(ctx: &Ctx, document: &Document) -> Result<Vec<Size>> {
    let of = document.file;
    let file = ctx.store().read(move |reader| files::by_id(reader, of)?.ok_or_else(|| Error::not_found("tệp"))).await?;
    let _place = ctx.house.service::<Means>().place().await?;
    let store = ctx.house.service::<FileStore>();
    blocking(move || Ok(Paper::read(&store.read(&file.hash)?)?.pages.into_iter().map(look::shown_size).collect())).await
}

/// A page as it will look, as PNG.
///
/// # Errors
/// As [`super::preview`], and when the page is not there or cannot be drawn.
pub(crate) async fn picture(ctx: &Ctx, document: &Document, page: usize) -> Result<Vec<u8>> {
    // Held until it is drawn: a file that is slow to draw keeps a few waiting, and not every print.
    let _place = ctx.house.service::<Means>().place().await?;
    let file = previewed(ctx, document).await?;
    let drawing = Drawing { file, page, width: PICTURE_WIDTH };
    ctx.house.service::<Printer>().draw(drawing).await.map_err(Error::from)
}

/// What somebody chose.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chosen {
    /// Where the person's signature is seen.
    Signature(Spot),
    /// Where number and date are kept free, in a document that keeps them.
    Numbers(Kept),
}

/// Puts it there. `post` is the one in which this person has the document in hand, `command` the id of the form.
///
/// # Errors
/// `Conflict` when somebody signed, or it changed since it was read; what the file is refused for.
pub(crate) async fn place(
    ctx: &Ctx,
    (document, post): (Document, Option<Id>),
    (command, chosen): (&str, Chosen),
) -> Result<()> {
    let about = match chosen {
        Chosen::Signature(spot) => spot.code().into_owned(),
        Chosen::Numbers(kept) => kept.code(),
    };
    // Going back and pressing elsewhere is another wish, and not the same form sent twice.
    let command = ctx.command("signatures.place", command, post)?.about(&about);
    let placed = match chosen {
        Chosen::Signature(spot) => Placed::Signature(spot),
        Chosen::Numbers(kept) => {
            let of = document.first_file;
            let read = ctx.store().read(move |reader| files::by_id(reader, of)?.ok_or_else(|| Error::not_found("tệp")));
            let file = read.await?;
            let _place = ctx.house.service::<Means>().place().await?;
            let store = ctx.house.service::<FileStore>();
            // As it was brought, and the places anew.
            let work = move || store.keep_bytes(&file.name, &look::keep_places(&store.read(&file.hash)?, kept)?);
            Placed::Numbers(kept, blocking(work).await?)
        }
    };
    ctx.store().write(command, move |tx| document::place(tx, &document, &placed)).await
}
