//! A watch over unlocking codes: a token destroys its key after some ten wrong ones, and whoever has a key file's row could try
//! for ever. What was tried stands in the database, for all nodes.

use store::{Store, Tx, params};
use types::{Error, Result, Timestamp};

/// Tries without a right one before a key rests; afterwards it rests after each.
const TRIES_MAX: i64 = 5;
/// How long it rests, in seconds.
const REST_SECONDS: i64 = 15 * 60;

/// Counts a try on the key before it is made.
///
/// # Errors
/// `TooMany` while the key rests.
pub(crate) async fn begin(store: &Store, lock: &str) -> Result<()> {
    let (command, lock) = (store.system_command("signatures.try-code", 1), lock.to_owned());
    store
        .write(command, move |tx| {
            tx.not_audited("a code is about to be tried");
            let known: Option<(i64, Timestamp)> =
                tx.opt("SELECT count, last_at FROM code_try WHERE lock = $1", params![&lock])?;
            let at = tx.at();
            if known.is_some_and(|(count, last)| count >= TRIES_MAX && at < last.plus_seconds(REST_SECONDS)) {
                return Err(Error::TooMany(
                    "Đã nhập sai mã mở khóa nhiều lần. Để bảo vệ khóa, hãy chờ 15 phút rồi thử lại.".to_owned(),
                ));
            }
            tx.exec(
                "INSERT INTO code_try (lock, count, last_at) VALUES ($1, 1, $2)
                 ON CONFLICT (lock) DO UPDATE SET count = code_try.count + 1, last_at = excluded.last_at",
                params![&lock, at],
            )
        })
        .await
}

/// Says what the try came to: a right code clears the count, and what did not even come to the code was no try.
pub(crate) async fn end<T>(store: &Store, lock: &str, outcome: &Result<T>) -> Result<()> {
    let is_wrong = |error: &Error| match error {
        Error::Invalid(fields) => fields.iter().any(|field| field.field == "code"),
        _ => false,
    };
    let undo: fn(&mut Tx<'_>, &str) -> Result<()> = match outcome {
        Ok(_) => |tx, lock| tx.exec("DELETE FROM code_try WHERE lock = $1", params![lock]),
        Err(error) if is_wrong(error) => return Ok(()),
        Err(_) => |tx, lock| tx.exec("UPDATE code_try SET count = count - 1 WHERE lock = $1", params![lock]),
    };
    let (command, lock) = (store.system_command("signatures.tried-code", 1), lock.to_owned());
    store
        .write(command, move |tx| {
            tx.not_audited("a code was tried");
            undo(tx, &lock)
        })
        .await
}
