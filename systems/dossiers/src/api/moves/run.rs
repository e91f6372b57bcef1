//! From what a program sent to the verb.

use super::{Action, FurtherResult};
use crate::status::Status;
use crate::verbs::finish::{Finish, NewResult};
use crate::verbs::pass::Pass;
use crate::verbs::{Acting, end, finish, note, pass, replace, send_back, stop};
use files::Kept;
use store::Tx;
use types::{Error, Id, Result, text};

/// Does it; `kept` are the bytes that came along.
pub(super) fn run(tx: &mut Tx<'_>, acting: &Acting, action: &Action, kept: Option<&Kept>) -> Result<()> {
    match action {
        Action::Take {} => note::take(tx, acting),
        Action::Pass { to, note, file_id } => {
            pass::pass(tx, acting, &Pass { to: *to, note: note.clone(), file: *file_id })
        }
        Action::SendBack { reason } => send_back::send_back(tx, acting, reason),
        Action::Note { text, file_id } => note::note(tx, &acting.code, text, *file_id),
        Action::RequestSupplement { reason } => stop::begin(tx, acting, Status::SupplementRequested, reason),
        Action::RequestPayment { reason } => stop::begin(tx, acting, Status::PaymentRequested, reason),
        Action::Resume { note } => stop::resume(tx, acting, note.as_deref()),
        Action::Withdraw { reason } => end::end(tx, acting, Status::Withdrawn, reason),
        Action::Stop { reason } => end::end(tx, acting, Status::Stopped, reason),
        Action::Finish { name, number, note, file_id, more, .. } => {
            let file = match (kept, file_id) {
                (Some(kept), _) => files::enter(tx, kept)?,
                (None, Some(id)) => *id,
                (None, None) => return Err(Error::internal("a result without a file")),
            };
            let mut results = vec![result(name, number.as_deref(), file)?];
            for FurtherResult { name, number, file_id } in more {
                results.push(result(name, number.as_deref(), *file_id)?);
            }
            finish::finish(tx, acting, &Finish { results, note: note.clone() })
        }
        Action::ReplaceResult { result_id, name, number, file_id, reason } => {
            let new = result(name, number.as_deref(), *file_id)?;
            replace::replace(tx, acting, *result_id, &new, reason)
        }
    }
}

fn result(name: &str, number: Option<&str>, file: Id) -> Result<NewResult> {
    let (name, number) = (text::clean(name), number.map(text::clean));
    if name.is_empty() {
        return Err(Error::invalid("name", "Hãy ghi tên kết quả."));
    }
    Ok(NewResult { name, number: number.filter(|number| !number.is_empty()), file })
}
