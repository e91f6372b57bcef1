//! Signing with a key at a remote service: documents are prepared, their hashes go to the service, and its owner agrees on a
//! phone to all of them at once. Nothing is signed here until the service's answer was verified.

mod answer;

pub(crate) use answer::round;

use super::{Frame, InHand, ToSign, blocking, drawn, in_hand, usable};
use crate::document;
use crate::remote_job::{self, NewRemoteDocument, NewRemoteJob, RemoteDocument, RemoteJob};
use crate::signer::{self, Signer, SignerKind};
use crate::{Means, Trusting, tries};
use ::signing::remote::{Credential, JOB_SIGNATURES_MAX, Job, Order, Proof, RemoteError, State};
use ::signing::{Outline, Secret, prepare};
use directory::Directory;
use files::FileStore;
use std::time::{Duration, Instant};
use types::{Error, Id, Result, Timestamp};
use web::Ctx;

/// So long the owner has to answer, in seconds.
const WAIT_SECONDS: i64 = 300;
/// An answer that was given in time is fetched a little later.
const GRACE_SECONDS: i64 = 60;
/// Characters that page and phone show of what is asked.
const DESCRIPTION_MAX: usize = 450;
/// Longer than asking takes: four requests of half a minute, each perhaps twice. A job that nobody asked by then is ended.
const ASKING_SECONDS: i64 = 260;
/// The first look for an answer.
const FIRST_LOOK_SECONDS: i64 = 2;
/// So long documents are prepared; what is left is told.
const PREPARING_MAX: Duration = Duration::from_secs(60);
/// What one person types that the service wants: passwords, PINs and codes; the rest it asks on the phone.
const TYPED: [&str; 3] = ["Password", "PIN", "OTP"];

/// Why nobody was asked.
pub(crate) enum NotAsked {
    /// The form must be answered otherwise, or later.
    Form(Error),
    /// None of the documents could be prepared: titles, ids and reasons.
    Documents(Vec<(String, Id, Error)>),
}

impl From<Error> for NotAsked {
    fn from(error: Error) -> Self {
        Self::Form(error)
    }
}

/// Asks the service to sign documents, as far as one consent goes; answers the job. What could not be prepared is told with
/// it. `command` is the id of the form: sent again, it asks nobody again.
pub(crate) async fn ask(
    ctx: &Ctx,
    signer: &Signer,
    (command, code): (&str, Secret),
    wanted: Vec<(String, ToSign)>,
) -> std::result::Result<Id, NotAsked> {
    let remote = ctx.house.service::<Means>().remote()?;
    let asked: Vec<_> =
        wanted.iter().map(|(_, wanted)| (wanted.document, wanted.revision, wanted.numbered.as_ref())).collect();
    let command = ctx.command("signatures.ask-remotely", command, None)?.about(&(signer.id, asked));
    let (found, signing) = (command.clone(), signer.clone());
    let read = ctx.store().read(move |reader| {
        if let Some((job, _)) = store::command::answered::<(Id, String)>(reader, &found)? {
            return Ok(Err(job));
        }
        if remote_job::running(reader, &signing.sha256)?.is_some() {
            return Err(remote_job::is_running());
        }
        signer::locked(reader, &signing)?.at_service().map(Ok)
    });
    let (user, key) = match read.await? {
        Ok(found) => found,
        Err(job) => return Ok(job),
    };
    let (asked, owner, name) = (remote.clone(), user.clone(), key.clone());
    let credential = blocking(move || Ok(asked.with(&owner, |account| account.credential(&name))?)).await?;
    if credential.certificate.sha256() != signer.sha256 {
        return Err(Error::from(RemoteError::CertificateChanged).into());
    }
    let proofs = proofs(&credential, code)?;
    let Prepared { ready, refused, job, description, reference, asked_at, post } =
        prepared(ctx, (signer, &credential), wanted, command.at).await?;
    if ready.is_empty() {
        return Err(NotAsked::Documents(refused));
    }
    let refused = refused.into_iter().map(NewRemoteDocument::refused);
    let documents: Vec<NewRemoteDocument> = ready.into_iter().chain(refused).collect();
    let officer = ctx.officer()?.id;
    let (until, next_at) = (asked_at.plus_seconds(WAIT_SECONDS), asked_at.plus_seconds(ASKING_SECONDS));
    let (certificate, signer, unit) = (signer.sha256.clone(), signer.id, signer.unit);
    let job_of_ours = job.clone();
    let own = reference.clone();
    let new =
        NewRemoteJob { signer, certificate, unit, officer, description, job, reference, until, next_at, documents };
    let command = command.by(ctx.who.actor(post));
    // A browser that hangs up here takes nothing back: the phone may ring already.
    let (owned, watched) = (ctx.clone(), signer::service_watched_as(&user, &key));
    let asking = tokio::spawn(async move {
        let (id, entered) = owned.store().write(command, move |tx| remote_job::enter(tx, &new)).await?;
        // The same form, sent twice at once: the other one asks.
        if entered == own {
            Asking { remote, user, proofs, watched, claim: next_at }.go(&owned, id, job_of_ours).await?;
        }
        Ok::<_, Error>(id)
    });
    Ok(asking.await.map_err(|e| Error::internal(format!("asking a remote service: {e}")))??)
}

/// What the service wants to be told, and the phone by itself.
///
/// # Errors
/// `Invalid` with the field `code` where it wants a code and none was typed; `Conflict` where it wants several.
fn proofs(credential: &Credential, code: Secret) -> Result<Vec<Proof>> {
    let typed = |kind: &str| TYPED.iter().any(|known| kind.eq_ignore_ascii_case(known));
    if credential.wanted.iter().filter(|wanted| typed(&wanted.kind)).count() > 1 {
        return Err(Error::conflict(
            "Dịch vụ ký từ xa đòi nhiều mã một lúc, phần mềm chưa hỗ trợ. Hãy chọn cách xác nhận trên điện thoại với nhà cung cấp.",
        ));
    }
    let wanted = credential.wanted.iter().map(|wanted| match typed(&wanted.kind) {
        true if code.is_empty() => {
            let label = if wanted.label.is_empty() { "mã PIN" } else { &wanted.label };
            Err(Error::invalid("code", format!("Dịch vụ ký từ xa đòi nhập {label}.")))
        }
        true => Ok(Proof { id: wanted.id.clone(), value: Some(code.clone()) }),
        false => Ok(Proof { id: wanted.id.clone(), value: None }),
    });
    wanted.collect()
}

/// Documents that wait for consent, and what could not be prepared.
struct Prepared {
    ready: Vec<NewRemoteDocument>,
    refused: Vec<(String, Id, Error)>,
    job: Job,
    description: String,
    reference: String,
    asked_at: Timestamp,
    post: Option<Id>,
}

async fn prepared(
    ctx: &Ctx,
    (signer, credential): (&Signer, &Credential),
    wanted: Vec<(String, ToSign)>,
    at: Timestamp,
) -> std::result::Result<Prepared, NotAsked> {
    let (began, most) = (Instant::now(), credential.multisign.min(JOB_SIGNATURES_MAX));
    let (mut ready, mut titles, mut refused, mut place) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (title, wanted) in wanted {
        let id = wanted.document;
        if ready.len() >= most || began.elapsed() > PREPARING_MAX {
            let error = Error::conflict("Chưa đến lượt trong lần xác nhận này. Hãy chọn lại rồi gửi lần nữa.");
            refused.push((title, id, error));
            continue;
        }
        let title = match &wanted.numbered {
            Some((number, _)) => format!("{title} – số {number}"),
            None => title,
        };
        match one(ctx, (signer, credential), (title.clone(), wanted), at).await {
            Ok((document, agency, post)) => {
                place.get_or_insert((agency, post));
                ready.push(document);
                titles.push(title);
            }
            Err(error) => refused.push((title, id, error)),
        }
    }
    let Some((agency, post)) = place else { return Err(NotAsked::Documents(refused)) };
    let description = description(&agency, &titles);
    // Preparing took its time: the owner's begins now.
    let asked_at = ctx.now();
    let until = asked_at.plus_seconds(WAIT_SECONDS + GRACE_SECONDS);
    // Nothing personal goes into the service's records by this name.
    let reference = ctx.new_command();
    let order = Order { reference: &reference, description: &description, asynchronous: false, until };
    let outlines: Vec<&Outline> =
        ready.iter().filter_map(|document: &NewRemoteDocument| Some(&document.prepared.as_ref().ok()?.1)).collect();
    let job = Job::new(credential, &outlines, &order).map_err(Error::from)?;
    Ok(Prepared { ready, refused, job, description, reference, asked_at, post })
}

/// What page and phone show, the same on both: as many titles as there is room for, and how many more.
fn description(agency: &str, titles: &[String]) -> String {
    let mut text = format!("{agency}: ký {} văn bản –", titles.len());
    for (place, title) in titles.iter().enumerate() {
        let left = titles.len() - place;
        let room = DESCRIPTION_MAX.saturating_sub(text.chars().count());
        let end = if place == 0 { " " } else { "; " };
        if title.chars().count() + end.len() <= room {
            text.push_str(end);
            text.push_str(title);
        } else if place == 0 {
            text.push_str(end);
            text.extend(title.chars().take(room));
            text.push('…');
        } else {
            return format!("{text}; và {left} văn bản khác");
        }
    }
    text
}

/// Prepares one document: the file with an empty signature, kept, with the agency's name and the post in which it is signed.
async fn one(
    ctx: &Ctx,
    (signer, credential): (&Signer, &Credential),
    (title, wanted): (String, ToSign),
    at: Timestamp,
) -> Result<(NewRemoteDocument, String, Option<Id>)> {
    let (who, seen, signing, now) = (ctx.who.clone(), wanted.clone(), signer.id, ctx.now());
    let (trusting, directory) = (ctx.house.service::<Trusting>(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let signer = usable(reader, (&who, &directory), (signing, now))?;
        let held = in_hand(reader, (&who, &signer, &seen), (&directory, &trusting))?;
        if let Some(numbered) = &seen.numbered {
            document::refuse_number_out(reader, (held.document.id, held.document.unit), (numbered, now))?;
        }
        Ok(held)
    });
    let held = read.await?;
    let _place = ctx.house.service::<Means>().place().await?;
    let look = drawn(ctx, &held, (signer, &wanted, at)).await?;
    let InHand { document, post, file, agency, .. } = held;
    let seen = look.seen;
    let frame = Frame { unit: agency.clone(), kind: signer.kind, look, signed_at: at };
    let options =
        frame.around(&credential.certificate, &credential.chain, credential.algorithm().map_err(Error::from)?)?;
    let store = ctx.house.service::<FileStore>();
    let work = move || {
        let (bytes, outline) = prepare(&store.read(&file.hash)?, &options)?.into_parts();
        Ok((store.keep_bytes(&file.name, &bytes)?, outline))
    };
    let prepared = Ok(blocking(work).await?);
    let ToSign { revision, numbered, .. } = wanted;
    let (unit, document) = (document.unit, Some(document.id));
    let new = NewRemoteDocument { title, document, unit, prepared, revision, numbered, seen };
    Ok((new, agency, post))
}

impl NewRemoteDocument {
    /// What is not this person's to sign is no part of the job: nothing of it is looked up.
    fn refused((title, document, why): (String, Id, Error)) -> Self {
        let document = Some(document).filter(|_| !matches!(why, Error::NotFound(_)));
        let prepared = Err(super::sentence(&why));
        Self { title, document, unit: Id(0), prepared, revision: 0, numbered: None, seen: None }
    }
}

/// The question that goes to the service.
struct Asking {
    remote: std::sync::Arc<crate::means::Remote>,
    user: String,
    proofs: Vec<Proof>,
    /// What its codes are counted under.
    watched: String,
    /// Until when the job is this asking's.
    claim: Timestamp,
}

impl Asking {
    /// Asks once. Whatever comes of it, the job says so afterwards.
    async fn go(self, ctx: &Ctx, id: Id, job: Job) -> Result<()> {
        let Self { remote, user, proofs, watched, claim } = self;
        let counts = proofs.iter().any(|proof| proof.value.is_some());
        let now = ctx.now();
        let outcome = if counts { tries::begin(ctx.store(), &watched).await } else { Ok(()) };
        let began = outcome.is_ok();
        let outcome = match outcome {
            Ok(()) => {
                let work = move || {
                    let mut job = job;
                    let said = remote.with(&user, |account| job.ask(account, &proofs, now).map(drop));
                    match (said, job.state()) {
                        // Where a code was sent, whatever failed may be for the code's sake.
                        (Ok(()), State::Failed(why)) if counts => Err(Error::invalid("code", why.to_string())),
                        (Ok(()), _) => Ok(job),
                        (Err(RemoteError::WrongProof), _) => {
                            Err(Error::invalid("code", RemoteError::WrongProof.to_string()))
                        }
                        (Err(error), _) => {
                            tracing::warn!(context = error.inward(), "a remote signature was not asked for: {error}");
                            Err(error.into())
                        }
                    }
                };
                blocking(work).await
            }
            Err(error) => Err(error),
        };
        let command =
            store::Command { interactive: true, ..ctx.store().system_command("signatures.asked-remotely", 2) };
        let kept = outcome.as_ref().ok().cloned();
        let why = outcome.as_ref().err().map(super::sentence);
        ctx.store()
            .write(command, move |tx| {
                let next_at = tx.at().plus_seconds(FIRST_LOOK_SECONDS);
                match (&kept, &why) {
                    (Some(job), _) => {
                        tx.not_audited("that the service was asked is in the audit; this is what it said");
                        remote_job::keep(tx, (id, claim), (job, next_at)).map(drop)
                    }
                    (None, why) => remote_job::end(tx, id, why.as_deref()).map(drop),
                }
            })
            .await?;
        if counts && began {
            tries::end(ctx.store(), &watched, &outcome).await?;
        }
        outcome.map(drop)
    }
}

/// Certificates of a person at the service that can be used here, each with its key's name; with a name, those that bear it.
///
/// # Errors
/// `Invalid` with the field `user`, when none can; what the service says.
pub(crate) async fn offered(ctx: &Ctx, user: String, own_name: Option<String>) -> Result<Vec<signer::Brought>> {
    let (remote, now) = (ctx.house.service::<Means>().remote()?, ctx.now());
    let work = move || {
        let all = remote.with(&user, |account| {
            let names = account.credentials()?;
            let described = names.iter().take(OFFERED_MAX).map(|name| account.credential(name));
            described.collect::<std::result::Result<Vec<_>, _>>()
        });
        let mut all = all.map_err(|error| match error {
            // So it says that it does not know them.
            RemoteError::Rejected(context) => {
                tracing::info!(context, "a user was not found at the remote service");
                let sentence =
                    "Dịch vụ ký từ xa không có người dùng này, hoặc chưa cho cơ quan dùng chứng thư của người này.";
                Error::invalid("user", sentence)
            }
            other => other.into(),
        })?;
        if let Some(name) = own_name {
            // Whoever types another's identity number is not told whose it is, nor how it stands.
            let own = types::text::fold(&name);
            all.retain(|credential| types::text::fold(&credential.certificate.common_name()) == own);
            if all.is_empty() {
                let sentence = "Dịch vụ ký từ xa không có chứng thư nào mang họ tên của ông/bà cho người dùng này.";
                return Err(Error::invalid("user", sentence));
            }
        }
        let mut fit = Vec::new();
        let mut last = Error::invalid("user", "Người dùng này chưa có chứng thư nào ở dịch vụ ký từ xa.");
        for credential in all {
            match signer::bring_remote(&user, credential, now) {
                Ok(brought) => fit.push(brought),
                Err(error) => last = error,
            }
        }
        if fit.is_empty() { Err(last) } else { Ok(fit) }
    };
    blocking(work).await
}

/// Certificates of one person that are looked at.
const OFFERED_MAX: usize = 10;

/// A job that this person asked for, with its documents and their titles.
///
/// # Errors
/// `NotFound` for anybody else's.
pub(crate) async fn asked(ctx: &Ctx, id: Id) -> Result<(RemoteJob, SignerKind, Vec<RemoteDocument>)> {
    let officer = ctx.officer()?.id;
    let read = ctx.store().read(move |reader| {
        let job = remote_job::by_id(reader, id)?.filter(|job| job.officer == officer);
        let job = job.ok_or_else(|| Error::not_found("yêu cầu ký"))?;
        let signer =
            signer::by_id(reader, job.signer)?.ok_or_else(|| Error::internal("a job without a certificate"))?;
        Ok((job, signer.kind, remote_job::documents(reader, id)?))
    });
    read.await
}

/// The jobs of these certificates that wait for somebody's consent, as far as this person asked for them.
pub(crate) fn running(reader: &mut store::Reader<'_>, signers: &[Signer], officer: Id) -> Result<Vec<Id>> {
    let mut all = Vec::new();
    for signer in signers.iter().filter(|signer| signer.key_place == signer::KeyPlace::Service) {
        all.extend(remote_job::running(reader, &signer.sha256)?.filter(|(_, by)| *by == officer).map(|(id, _)| id));
    }
    Ok(all)
}

/// Takes a request back. The phone may still show it: an answer to it signs nothing here.
///
/// # Errors
/// `NotFound` for anybody else's.
pub(crate) async fn give_up(ctx: &Ctx, id: Id, command: &str) -> Result<()> {
    let (job, ..) = asked(ctx, id).await?;
    let command = ctx.command("signatures.give-up-remotely", command, None)?;
    ctx.store()
        .write(command, move |tx| remote_job::end(tx, job.id, Some("Ông/bà đã hủy yêu cầu ký này.")).map(drop))
        .await
}
