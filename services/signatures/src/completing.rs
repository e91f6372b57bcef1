//! What comes to a signature from outside, sooner or later: timestamp, proof, and another timestamp before the first ends.
//!
//! A timestamp takes from seconds to minutes, and servers are down for hours: each signature waits by itself, in the
//! database, and is tried again with growing pauses. A few are asked for at the same time, on threads of their own.

use crate::document::{self, Document, Want, complete, want};
use crate::{Means, Trusting, errand, remote_job};
use ::signing::{Authority, Services, SigningError, add_signature_timestamp, extend_long_term, proof_ends, renew};
use files::{FileStore, Kept};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Reader, Store, Tx, params};
use types::{Error, Id, Result, Timestamp};
use web::House;

/// A claimed signature is left alone for so long: three tries of three minutes each, for a few servers. A program that died in
/// between loses no more than that.
const CLAIM_SECONDS: i64 = 20 * 60;
/// The longest pause between two tries.
const PAUSE_SECONDS_MAX: i64 = 3600;
const DAY_SECONDS: i64 = 24 * 3600;
/// Of the places, so many at most are given to what nobody waits for.
const PATIENT_MAX: i64 = 2;
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
    let completer = Completer {
        store: house.store().clone(),
        files: house.service(),
        means: house.service(),
        trusting: house.service(),
    };
    completer.forget_ended()?;
    completer.start_due()
}

impl Completer {
    /// Documents that were sent out and never came back are not kept for ever, nor is what was sent, nor what a remote service
    /// was asked.
    fn forget_ended(&self) -> Result<()> {
        let now = self.store.now();
        let any = self
            .store
            .read_blocking(|reader| Ok(errand::has_ended(reader, now)? || remote_job::has_ended(reader, now)?));
        if !any? {
            return Ok(());
        }
        let command = self.store.system_command("signatures.forget-errands", 1);
        self.store.write_blocking(command, |tx| {
            tx.not_audited("errands that ended are forgotten; their sending and what came of it are in the audit");
            errand::forget(tx)?;
            remote_job::forget(tx)
        })
    }

    fn start_due(&self) -> Result<()> {
        if self.means.authority().is_none() {
            return Ok(());
        }
        let now = self.store.now();
        for (signature, next_at) in self.store.read_blocking(|reader| due(reader, now))? {
            let Ok(place) = self.means.stamping.clone().try_acquire_owned() else { break };
            if !self.claim(signature, next_at)? {
                continue;
            }
            let completer = self.clone();
            let work = move || {
                let _place = place;
                let outcome = catch_unwind(AssertUnwindSafe(|| completer.complete(signature)));
                if let Err(error) = outcome.unwrap_or_else(|_| Err(Error::internal("completing a signature panicked")))
                {
                    let context = error.inward();
                    tracing::warn!(%signature, context, "a signature was not completed; it will be tried again");
                    // So that whoever waits sees why, and may go on without.
                    let _ = completer.put_off((signature, Want::Timestamp), (PAUSE_SECONDS_MAX, error.to_string()));
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
        let bytes = self.files.read(&file.hash)?;
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
        if waiting.want != Want::Timestamp && roots.is_empty() {
            // Nothing can be proved before this house has said whom it trusts.
            let told = "Cơ quan chưa nhập chứng thư của các tổ chức chứng thực.".to_owned();
            return self.put_off((waiting.signature, waiting.want), (DAY_SECONDS, told));
        }
        let had = match waiting.want {
            Want::Timestamp => add_signature_timestamp(&bytes, &services).map(|(file, at)| (file, Some(at))),
            Want::Evidence => extend_long_term(&bytes, &services).map(|file| (file, None)),
            Want::Renewal => renew(&bytes, &services).map(|file| (file, None)),
        };
        match had {
            Ok((done, stamped_at)) => {
                // What is not valid in our own eyes is not kept, whoever made it so.
                if let Some(why) = crate::sign::refusal_of(&done, &trust, self.store.now()) {
                    return Err(Error::conflict(why));
                }
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

    /// Takes a signature up; false when somebody else did.
    fn claim(&self, signature: Id, next_at: Timestamp) -> Result<bool> {
        let command = self.store.system_command("signatures.claim", 1);
        self.store.write_blocking(command, move |tx| {
            tx.not_audited("a signature is taken up by the job");
            let until = tx.at().plus_seconds(CLAIM_SECONDS);
            let taken = tx.exec_counted(
                "UPDATE signature_wait SET next_at = $1 WHERE signature_id = $2 AND next_at = $3",
                params![until, signature, next_at],
            )?;
            Ok(taken == 1)
        })
    }

    /// Says why, and when it is tried again.
    fn failed(&self, waiting: &Waiting, error: &SigningError) -> Result<()> {
        let (want, sentence) = (waiting.want.code(), error.to_string());
        tracing::warn!(signature = %waiting.signature, want, context = error.inward(), "not had: {sentence}");
        let exponent = u32::try_from(waiting.tries.clamp(0, 10)).unwrap_or(0);
        let pause = match (waiting.want, error) {
            // Somebody waits for it.
            (Want::Timestamp, _) => (30 << exponent).min(PAUSE_SECONDS_MAX),
            (_, SigningError::Unreachable(_) | SigningError::NoEvidence(_)) => (60 << exponent).min(DAY_SECONDS),
            // What time alone does not mend.
            _ => DAY_SECONDS,
        };
        self.put_off((waiting.signature, waiting.want), (pause, sentence))
    }

    /// Leaves a signature alone for so many seconds, and says why.
    fn put_off(&self, (signature, want): (Id, Want), (seconds, told): (i64, String)) -> Result<()> {
        let told: String = told.chars().take(TOLD_MAX).collect();
        let command = self.store.system_command("signatures.put-off", 1);
        self.store.write_blocking(command, move |tx| {
            tx.not_audited("a signature waits for a server");
            let next_at = tx.at().plus_seconds(seconds);
            tx.exec(
                "UPDATE signature_wait SET next_at = $1, told = $2, tries = tries + 1 WHERE signature_id = $3 AND wants = $4",
                params![next_at, &told, signature, want.code()],
            )
        })
    }
}

/// What is due, with when it fell due: timestamps first, since people wait for them.
pub(crate) fn due(reader: &mut Reader<'_>, now: Timestamp) -> Result<Vec<(Id, Timestamp)>> {
    let most = i64::try_from(crate::means::STAMPING_MAX).unwrap_or(1);
    let mut due: Vec<(Id, Timestamp)> = reader.all(
        "SELECT signature_id, next_at FROM signature_wait WHERE wants = 'timestamp' AND next_at <= $1
         ORDER BY next_at LIMIT $2",
        params![now, most],
    )?;
    due.extend(reader.all::<(Id, Timestamp)>(
        "SELECT signature_id, next_at FROM signature_wait WHERE wants <> 'timestamp' AND next_at <= $1
         ORDER BY next_at LIMIT $2",
        params![now, PATIENT_MAX],
    )?);
    Ok(due)
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
    // An authority whose certificate ends soon gives no longer proof to the next timestamp either: then half of the time that
    // is left is waited for, so that the file does not grow by a timestamp each day.
    let renewed_at = ends.map(|ends| {
        let half = Timestamp(at.0 + (ends.0 - at.0) / 2);
        ends.plus_seconds(-RENEWED_BEFORE_SECONDS).max(half).max(at.plus_seconds(DAY_SECONDS))
    });
    match (had, document.state, renewed_at) {
        (Want::Timestamp, document::State::Sealed, _) => want(tx, signature, (Want::Evidence, at)),
        (Want::Evidence | Want::Renewal, _, Some(renewed_at)) => want(tx, signature, (Want::Renewal, renewed_at)),
        _ => tx.exec("DELETE FROM signature_wait WHERE signature_id = $1", params![signature]),
    }
}
