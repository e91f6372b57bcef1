//! Moves what is seen on a document's pages, as long as nobody has signed it.

use super::{Document, Role, State, outdated, set, tell};
use crate::look::{Kept, Spot};
use store::{Tx, params};
use types::{Error, Result};

/// What is placed.
#[derive(Debug, Clone)]
pub(crate) enum Placed {
    /// The person's signature.
    Signature(Spot),
    /// Number and date, with the file that has the places.
    Numbers(Kept, files::Kept),
}

/// Puts it there.
///
/// # Errors
/// `Conflict` when somebody signed, or the document changed since it was read.
pub(crate) fn place(tx: &mut Tx<'_>, document: &Document, placed: &Placed) -> Result<()> {
    if document.state != State::Drafted || document.role != Role::Main {
        return Err(Error::conflict("Văn bản đã được ký nên không đổi vị trí được nữa."));
    }
    if matches!(document.spot, Spot::Room(_)) {
        return Err(Error::conflict("Văn bản lập theo mẫu nên chỗ ký, số và ngày theo đúng mẫu, không đổi được."));
    }
    let file = match placed {
        Placed::Signature(_) => document.file,
        Placed::Numbers(_, file) => files::enter(tx, file)?,
    };
    set(tx, document, (document.state, file))?;
    let (column, value) = match placed {
        Placed::Signature(spot) => ("spot", spot.code().into_owned()),
        Placed::Numbers(..) if document.kept.is_none() => return Err(outdated()),
        Placed::Numbers(kept, _) => ("kept", kept.code()),
    };
    tx.exec(&format!("UPDATE signing_document SET {column} = $1 WHERE id = $2"), params![&value, document.id])?;
    let detail = serde_json::json!({ "record": document.record, column: value });
    tell(tx, "signatures.place", (document.id, document.unit), detail)
}
