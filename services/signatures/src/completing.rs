//! What comes to a signature from outside, sooner or later: timestamp, proof, and another timestamp before the first ends.
//!
//! A timestamp takes from seconds to minutes, and servers are down for hours: each signature waits by itself, in the
//! database, and is tried again with growing pauses. A few are asked for at the same time, on threads of their own.

use crate::document::{self, Document, Want, complete, want};
use crate::{Means, Trusting};
use ::signing::{Authority, Services, SigningError, add_signature_timestamp, extend_long_term, proof_ends, renew};
use files::{FileStore, Kept};
use store::{Reader, Store, Tx, params};
use types::{Error, Id, Result, Timestamp};
use web::House;

/// A claimed signature is left alone for so long; a program that died in between loses no more than that.
const CLAIM_SECONDS: i64 = 20 * 60;
/// The longest pause between two tries.
const PAUSE_SECONDS_MAX: i64 = 3600;
/// Proof is renewed so long before it ends.
const RENEWED_BEFORE_SECONDS: i64 = 90 * 24 * 3600;
/// Characters of a reason that are kept.
const TOLD_MAX: usize = 300;

/// What completing needs of the house.
#[derive(Clone)]
pub(crate) struct Completer {
    pub store: Store,
    pub files: FileStore,
    pub means: Means,
    pub trusting: Trusting,
}

/// A signature that waits.
struct Waiting {
    signature: Id,
    document: Document,
    want: Want,
    tries: i64,
}

/// The job: starts what is due, as far as there are places.
pub(crate) fn round(house: &House) -> Result<()> {
    Completer {
        store: house.store().clone(),
        files: house.service(),
        means: house.service(),
        trusting: house.service(),
    }
    .start_due()
}

impl Completer {
    fn start_due(&self) -> Result<()> {
        if self.means.authority().is_none() {
            return Ok(());
        }
        let now = self.store.now();
        for signature in self.store.read_blocking(|reader| due(reader, now))? {
            let Ok(place) = self.means.stamping.clone().try_acquire_owned() else { break };
            self.put_off(signature, (CLAIM_SECONDS, None))?;
            let completer = self.clone();
            let work = move || {
                let _place = place;
                if let Err(error) = completer.complete(signature) {
                    let context = error.inward();
                    tracing::warn!(%signature, context, "a signature was not completed; it will be tried again");
                }
            };
            std::thread::Builder::new().name("signatures".into()).spawn(work).map_err(Error::internal)?;
        }
        Ok(())
    }

    /// Completes one signature now, as far as the servers have something for it.
    ///
    /// # Errors
    /// When the outcome could not be written; that there was nothing to be had is an outcome.
    pub(crate) fn complete(&self, signature: Id) -> Result<()> {
        let read = self.store.read_blocking(|reader| {
            let Some(waiting) = read(reader, signature)? else { return Ok(None) };
            let file = files::by_id(reader, waiting.document.file)?;
            let file = file.ok_or_else(|| Error::internal("a document without a file"))?;
            Ok(Some((waiting, file, self.trusting.list(reader)?)))
        })?;
        // Nobody wants it any more: somebody let the document go on without.
        let Some((waiting, file, trust)) = read else { return Ok(()) };
        let bytes = std::fs::read(self.files.path(&file.hash))
            .map_err(|e| Error::unavailable("Tệp của văn bản không đọc được trên máy chủ.", e))?;
        let (roots, between) = (trust.roots(), trust.between());
        let Some(Authority { url, .. }) = self.means.authority() else { return Ok(()) };
        let authority = Authority { url: url.clone(), trusted: roots.iter().chain(&between).cloned().collect() };
        let clock = self.store.clock();
        let services = Services {
            transport: self.means.transport(),
            clock: &*clock,
            authority: &authority,
            roots: &roots,
            intermediates: &between,
        };
        let had = match waiting.want {
            Want::Timestamp => add_signature_timestamp(&bytes, &services).map(|(file, at)| (file, Some(at))),
            Want::Evidence => extend_long_term(&bytes, &services).map(|file| (file, None)),
            Want::Renewal => renew(&bytes, &services).map(|file| (file, None)),
        };
        match had {
            Ok((done, stamped_at)) => {
                let file = self.files.keep_bytes(&file.name, &done)?;
                let ends = proof_ends(&done).map_err(Error::from)?;
                self.completed(waiting, Had { file, stamped_at, ends })
            }
            Err(error) => self.failed(&waiting, &error),
        }
    }

    /// Puts the file in its place and says what is wanted next.
    fn completed(&self, waiting: Waiting, had: Had) -> Result<()> {
        let command = self.store.system_command("signatures.complete", 8);
        self.store.write_blocking(command, move |tx| {
            let Waiting { signature, document, want: wanted, .. } = &waiting;
            complete(tx, document, (&had.file, wanted.code()))?;
            if let Some(at) = had.stamped_at {
                tx.exec("UPDATE document_signature SET stamped_at = $1 WHERE id = $2", params![at, *signature])?;
            }
            next(tx, *signature, (document, *wanted), had.ends)
        })
    }

    /// Says why, and when it is tried again.
    fn failed(&self, waiting: &Waiting, error: &SigningError) -> Result<()> {
        let (want, sentence) = (waiting.want.code(), error.to_string());
        tracing::warn!(signature = %waiting.signature, want, context = error.inward(), "not had: {sentence}");
        let exponent = u32::try_from(waiting.tries.clamp(0, 10)).unwrap_or(0);
        let pause = (30 << exponent).min(PAUSE_SECONDS_MAX);
        self.put_off(waiting.signature, (pause, Some(sentence.chars().take(TOLD_MAX).collect())))
    }

    /// Leaves a signature alone for so many seconds; with a reason after a try.
    fn put_off(&self, signature: Id, (seconds, told): (i64, Option<String>)) -> Result<()> {
        let command = self.store.system_command("signatures.put-off", 1);
        self.store.write_blocking(command, move |tx| {
            tx.not_audited("a signature waits for a server");
            let next_at = tx.at().plus_seconds(seconds);
            match &told {
                None => tx.exec(
                    "UPDATE signature_wait SET next_at = $1 WHERE signature_id = $2",
                    params![next_at, signature],
                ),
                Some(told) => tx.exec(
                    "UPDATE signature_wait SET next_at = $1, told = $2, tries = tries + 1 WHERE signature_id = $3",
                    params![next_at, told, signature],
                ),
            }
        })
    }
}

fn due(reader: &mut Reader<'_>, now: Timestamp) -> Result<Vec<Id>> {
    let most = i64::try_from(crate::means::STAMPING_MAX).unwrap_or(1);
    let rows: Vec<(Id,)> = reader.all(
        "SELECT signature_id FROM signature_wait WHERE next_at <= $1 ORDER BY next_at LIMIT $2",
        params![now, most],
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn read(reader: &mut Reader<'_>, signature: Id) -> Result<Option<Waiting>> {
    let row: Option<(Id, String, i64)> = reader.opt(
        "SELECT s.document_id, w.wants, w.tries FROM signature_wait w JOIN document_signature s ON s.id = w.signature_id
         WHERE w.signature_id = $1",
        params![signature],
    )?;
    let Some((id, wants, tries)) = row else { return Ok(None) };
    let document = document::by_id(reader, id)?.ok_or_else(|| Error::internal("a signature without a document"))?;
    Ok(Some(Waiting { signature, document, want: Want::of(&wants)?, tries }))
}

/// What came.
struct Had {
    file: Kept,
    /// The time that the timestamp vouches for.
    stamped_at: Option<Timestamp>,
    /// When the proof that the file carries comes to its end.
    ends: Option<Timestamp>,
}

/// Proof is gathered once, when the last signature is on: it covers all of them. It is renewed before it ends.
fn next(tx: &mut Tx<'_>, signature: Id, (document, had): (&Document, Want), ends: Option<Timestamp>) -> Result<()> {
    let at = tx.at();
    let renewed_at = ends.map(|ends| ends.plus_seconds(-RENEWED_BEFORE_SECONDS).max(at.plus_seconds(24 * 3600)));
    match (had, document.state, renewed_at) {
        (Want::Timestamp, document::State::Sealed, _) => want(tx, signature, (Want::Evidence, at)),
        (Want::Evidence | Want::Renewal, _, Some(renewed_at)) => want(tx, signature, (Want::Renewal, renewed_at)),
        _ => tx.exec("DELETE FROM signature_wait WHERE signature_id = $1", params![signature]),
    }
}
