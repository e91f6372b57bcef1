//! What the service answers: asked about every few seconds by a job of the house, on threads of their own. Who may sign is asked
//! again at that moment, for nobody's session is here.

use super::super::{check, of_its_agency, refusal_of, usable};
use crate::document::{self, Document, Made, NewSignature, Want};
use crate::remote_job::{self, RemoteDocument, RemoteJob};
use crate::signer::{self, Signer};
use crate::{Means, Trusting};
use ::signing::remote::{RemoteError, State};
use ::signing::trust::TrustList;
use directory::Directory;
use files::{File, FileStore};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use store::Tx;
use types::{Error, Id, Result, Timestamp};
use web::{House, Who};

/// A claimed job is left alone for so long: three requests of half a minute each, each perhaps twice, and one document after them.
const CLAIM_SECONDS: i64 = 300;
/// Somebody looks at the page.
const LOOK_SECONDS: i64 = 2;
/// The service did not answer, or we could not.
const PAUSE_SECONDS: i64 = 6;
/// What was agreed to in time is signed within so long, whatever stands in the way at first.
const STUMBLING_SECONDS: i64 = 900;

/// The job: takes up what is due, as far as there are places.
pub(crate) fn round(house: &House) -> Result<()> {
    let (store, means) = (house.store(), house.service::<Means>());
    let now = store.now();
    for (id, next_at) in store.read_blocking(|reader| remote_job::due(reader, now, crate::means::ASKING_MAX))? {
        let Ok(place) = means.asking.clone().try_acquire_owned() else { break };
        let claim = now.plus_seconds(CLAIM_SECONDS);
        let taken = quietly(house, "signatures.claim-remotely", move |tx| remote_job::claim(tx, id, (next_at, claim)));
        if !taken? {
            continue;
        }
        let house = house.clone();
        let work = move || {
            let _place = place;
            let outcome = catch_unwind(AssertUnwindSafe(|| go_on(&house, (id, claim))));
            if let Err(error) = outcome.unwrap_or_else(|_| Err(Error::internal("asking a remote service panicked"))) {
                tracing::error!(job = %id, context = error.inward(), "a remote signature does not go on: {error}");
                let let_be = write(&house, "signatures.stumble-remotely", move |tx| {
                    let at = tx.at();
                    let over = at.plus_seconds(-STUMBLING_SECONDS);
                    remote_job::stumble(tx, id, (at.plus_seconds(PAUSE_SECONDS), over))
                });
                if let Err(error) = let_be {
                    tracing::error!(job = %id, context = error.inward(), "nor can that be kept: {error}");
                }
            }
        };
        std::thread::Builder::new().name("remote-signing".into()).spawn(work).map_err(Error::internal)?;
    }
    Ok(())
}

/// A write of the house's own for which somebody waits.
fn write<T, F>(house: &House, verb: &'static str, work: F) -> Result<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
{
    let command = store::Command { interactive: true, ..house.store().system_command(verb, 2) };
    house.store().write_blocking(command, work)
}

/// One that needs no entry in the audit.
fn quietly<T, F>(house: &House, verb: &'static str, work: F) -> Result<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
{
    write(house, verb, move |tx| {
        tx.not_audited("how far a remote signature is; who asked and what came of it are in the audit");
        work(tx)
    })
}

/// Asks about one job, and signs when the answer is there.
fn go_on(house: &House, (id, claim): (Id, Timestamp)) -> Result<()> {
    let read = house.store().read_blocking(|reader| {
        let Some(job) = remote_job::by_id(reader, id)?.filter(|job| job.ended_at.is_none()) else { return Ok(None) };
        let signer =
            signer::by_id(reader, job.signer)?.ok_or_else(|| Error::internal("a job without a certificate"))?;
        let user = signer::locked(reader, &signer)?.at_service();
        Ok(Some((job, signer, user)))
    })?;
    let Some((mut asked, signer, user)) = read else { return Ok(()) };
    let now = house.store().now();
    match asked.job.state() {
        // Whoever asked was gone before there was an answer. Asking again would make the phone ring twice.
        State::Asked => return end(house, id, "Máy chủ dừng giữa lúc gửi yêu cầu. Văn bản chưa được ký; hãy gửi lại."),
        State::Waiting(_) => {
            let (user, _) = user?;
            let remote = house.service::<Means>().remote()?;
            if let Err(error) = remote.with(&user, |account| asked.job.poll(account, now).map(drop)) {
                return later(house, (&asked, claim), (&error, now));
            }
        }
        _ => {}
    }
    let (kept, job) = (asked.job.clone(), asked.id);
    // While the documents are signed, the job is nobody else's.
    let pause = if matches!(kept.state(), State::Waiting(_)) { LOOK_SECONDS } else { CLAIM_SECONDS };
    let next_at = house.store().now().plus_seconds(pause);
    let still_ours =
        quietly(house, "signatures.answered-remotely", move |tx| remote_job::keep(tx, (job, claim), (&kept, next_at)));
    if !still_ours? {
        return Ok(());
    }
    match asked.job.signatures() {
        Ok(_) => sign_all(house, (&asked, next_at), &signer),
        Err(RemoteError::OutOfTurn) => Ok(()),
        Err(why) => {
            tracing::info!(job = %id, context = why.inward(), "a remote signature came to nothing: {why}");
            end(house, id, &why.to_string())
        }
    }
}

fn end(house: &House, id: Id, why: &str) -> Result<()> {
    let why = why.to_owned();
    write(house, "signatures.end-remotely", move |tx| remote_job::end(tx, id, Some(&why)).map(drop))
}

/// The service did not answer: asked again soon, until time is over.
fn later(
    house: &House,
    (asked, claim): (&RemoteJob, Timestamp),
    (error, now): (&RemoteError, Timestamp),
) -> Result<()> {
    tracing::warn!(job = %asked.id, context = error.inward(), "a remote service does not answer: {error}");
    if now > asked.until.plus_seconds(super::GRACE_SECONDS) {
        return end(house, asked.id, &error.to_string());
    }
    let (id, job) = (asked.id, asked.job.clone());
    let kept = quietly(house, "signatures.wait-remotely", move |tx| {
        let next_at = tx.at().plus_seconds(PAUSE_SECONDS);
        remote_job::keep(tx, (id, claim), (&job, next_at))
    });
    kept.map(drop)
}

/// Puts each signature in and enters it by itself: one that fails leaves the others.
fn sign_all(house: &House, (asked, mut claim): (&RemoteJob, Timestamp), signer: &Signer) -> Result<()> {
    let documents = house.store().read_blocking(|reader| remote_job::documents(reader, asked.id))?;
    let prepared = documents.into_iter().filter(|document| document.prepared.is_some());
    for (document, signature) in prepared.zip(asked.job.signatures().map_err(Error::from)?) {
        // A program that died in between goes on where it was.
        if document.signature.is_some() || document.told.is_some() {
            continue;
        }
        let (id, job, claimed) = (document.id, asked.id, claim);
        claim = house.store().now().plus_seconds(CLAIM_SECONDS);
        let ours = quietly(house, "signatures.claim-remotely", move |tx| remote_job::claim(tx, job, (claimed, claim)));
        // Somebody took it back, or another node has it.
        if !ours? {
            return Ok(());
        }
        let _place = house.service::<Means>().place_blocking();
        if let Err(error) = sign_one(house, (asked, signer), document, signature) {
            // What passes is waited for: the signature stands in the job.
            if matches!(error, Error::Unavailable { .. } | Error::Busy(_) | Error::Internal { .. }) {
                return Err(error);
            }
            tracing::info!(document = %id, context = error.inward(), "a remote signature was not taken: {error}");
            let why = crate::sign::sentence(&error);
            write(house, "signatures.refuse-remotely", move |tx| remote_job::refuse(tx, (job, id), &why))?;
        }
    }
    let id = asked.id;
    write(house, "signatures.end-remotely", move |tx| remote_job::end(tx, id, None).map(drop))
}

/// What a signature is entered with.
struct Held {
    document: Document,
    signer: Signer,
    who: Who,
    post: Option<Id>,
    file: File,
    trust: Arc<TrustList>,
}

fn sign_one(
    house: &House,
    (asked, signer): (&RemoteJob, &Signer),
    one: RemoteDocument,
    signature: &[u8],
) -> Result<()> {
    let Some((file, outline)) = one.prepared else { return Err(Error::internal("nothing was prepared")) };
    let (directory, trusting) = (house.service::<Directory>(), house.service::<Trusting>());
    let (store, now) = (house.store(), house.store().now());
    let held = store.read_blocking(|reader| {
        let who = directory.officer_now(reader, asked.officer)?;
        let signer = usable(reader, (&who, &directory), (signer.id, now))?;
        let known = one.document.map(|id| document::by_id(reader, id)).transpose()?.flatten();
        let document = known.ok_or_else(|| Error::not_found("văn bản"))?;
        check(&document, signer.kind, one.revision)?;
        of_its_agency(&*directory.tree(reader)?, &document, &signer)?;
        if let Some((number, day)) = &one.numbered {
            document::refuse_twice(reader, &document, (number, *day))?;
        }
        let post = document::in_hand(reader, &who, (&document, signer.kind))?;
        let file = files::by_id(reader, file)?.ok_or_else(|| Error::internal("a prepared document without a file"))?;
        Ok(Held { document, signer, who, post, file, trust: trusting.list(reader)? })
    })?;
    let Held { document, signer, who, post, file, trust } = held;
    let files = house.service::<FileStore>();
    let signed = outline.with(files.read(&file.hash)?).signed_with(signature)?;
    if let Some(why) = refusal_of(&signed, &trust, now) {
        return Err(Error::conflict(format!("Ký xong nhưng kiểm tra lại không đạt nên không dùng: {why}")));
    }
    let kept = files.keep_bytes(&file.name, &signed)?;
    let wants = house.service::<Means>().authority().map(|_| Want::Timestamp);
    let (id, job) = (one.id, asked.id);
    let command = store::Command { interactive: true, ..store.system_command("signatures.sign", 8) };
    let command = command.by(who.actor(post));
    let RemoteDocument { numbered, seen, .. } = one;
    let new = NewSignature { document, signer, who, file: kept, stamped_at: None, wants, numbered, seen };
    store.write_blocking(command, move |tx| {
        let made: Made = document::add(tx, &new)?;
        remote_job::fulfil(tx, id, (job, made.signature))
    })
}
