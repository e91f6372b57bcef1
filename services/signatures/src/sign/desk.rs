//! Signing with a key at somebody's own desk: the document goes out under passes that are good once, the government's tool
//! on that computer signs it there, and what comes back is a signature only after it was looked at.

use super::{InHand, ToSign, blocking, in_hand, usable, work};
use crate::document::{self, Document, Made, NewSignature, Want};
use crate::errand::{self, NewErrand, SentFile, SentOut};
use crate::look::{self, Paper, Signing};
use crate::signer::{Signer, SignerKind};
use crate::{Means, Trusting};
use ::signing::tool::{
    Accepted, Command, Denied, Errand, Expectation, LIFE_SECONDS_MAX, Passes, Revocation, SignedAt, Task, accept,
};
use ::signing::trust::TrustList;
use ::signing::verify::Evidence;
use ::signing::{Hash, places};
use directory::Directory;
use files::{File, FileStore};
use print::Printer;
use std::sync::Arc;
use types::{Error, Id, Result, Timestamp};
use web::{Ctx, Who};

/// A document that was sent out, with the passes that are told once.
pub(crate) struct Out {
    pub errand: Id,
    pub passes: Passes,
    pub command: Command,
}

/// What the tool is asked for a signature of this kind. The agency's comes over number and day that stand there already.
fn command_of(kind: SignerKind) -> Command {
    match kind {
        SignerKind::Person => Command::SignApproved,
        SignerKind::Agency => Command::SignIssued,
    }
}

/// Sends one document out to be signed with a certificate whose key lies at this person's desk.
///
/// # Errors
/// As [`super::sign`]; nothing is sent then.
pub(crate) async fn send_out(ctx: &Ctx, signer: &Signer, wanted: ToSign) -> Result<Out> {
    let (who, seen, signing, now) = (ctx.who.clone(), wanted.clone(), signer.id, ctx.now());
    let (trusting, directory) = (ctx.house.service::<Trusting>(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let signer = usable(reader, (&who, &directory), (signing, now))?;
        in_hand(reader, (&who, &signer, &seen), (&directory, &trusting))
    });
    let InHand { document, post, file, agency, .. } = read.await?;
    let _place = ctx.house.service::<Means>().place().await?;
    let (store, own) = (ctx.house.service::<FileStore>(), file.clone());
    let folder = store.clone();
    let bytes = blocking(move || work::read(&folder, &own)).await?;
    let (bytes, kept) = match signer.kind {
        SignerKind::Person => (bytes, SentFile::Own(file.id)),
        SignerKind::Agency => {
            let shown = Signing {
                kind: signer.kind,
                name: signer.name.clone(),
                agency,
                at: now,
                picture: None,
                spot: document.spot,
                person: None,
                numbered: wanted.numbered.clone(),
            };
            numbered(ctx, (bytes, file), &shown).await?
        }
    };
    let officer = ctx.officer()?.id;
    let (name, person, command) = (document.id.to_string(), officer.to_string(), command_of(signer.kind));
    let task = Task { document: &name, person: &person, command, original: &bytes };
    let (errand, passes) = Errand::new(&task, now, LIFE_SECONDS_MAX)?;
    let new = NewErrand {
        document: document.id,
        unit: document.unit,
        signer: signer.id,
        officer,
        file: kept,
        revision: document.revision,
        numbered: wanted.numbered,
        errand,
    };
    // Sending the same out again is no mistake: the passes of the first time are no longer good.
    let sending = ctx.command("signatures.send-out", &ctx.new_command(), post)?;
    let errand = ctx.store().write(sending, move |tx| errand::send_out(tx, &new)).await?;
    Ok(Out { errand, passes, command })
}

/// The file with number and day in the places that are kept for them; the file itself where there are none.
async fn numbered(ctx: &Ctx, (bytes, file): (Vec<u8>, File), shown: &Signing) -> Result<(Vec<u8>, SentFile)> {
    let paper = Paper::read(&bytes)?;
    let Some(issue) = look::issue(&ctx.house.service::<Printer>(), &paper, shown).await? else {
        return Ok((bytes, SentFile::Own(file.id)));
    };
    let store = ctx.house.service::<FileStore>();
    let work = move || {
        let filled = places::fill(&bytes, &issue)?;
        let kept = store.keep_bytes(&file.name, &filled)?;
        Ok((filled, SentFile::Numbered(kept)))
    };
    blocking(work).await
}

/// Gives the tool the file that it is to sign.
///
/// # Errors
/// `Forbidden` for a pass that is not good.
pub(crate) async fn fetch(ctx: &Ctx, id: Id, pass: String) -> Result<File> {
    let command = ctx.store().system_command("signatures.fetch", 1);
    let write = ctx.store().write(command, move |tx| {
        tx.not_audited("the tool fetches what was sent out to it; the sending is in the audit");
        let mut sent = errand::by_id(tx, id)?.ok_or(Denied::Unknown)?;
        let at = tx.at();
        sent.errand.fetch(&pass, &sent.document.to_string(), at)?;
        errand::keep(tx, id, &sent.errand)?;
        Ok(sent.file)
    });
    let file = write.await?;
    ctx.store().read(move |reader| files::by_id(reader, file)?.ok_or_else(|| Error::not_found("tệp"))).await
}

/// What a pass is good for, before anything is read from whoever has it. Nothing is spent.
pub(crate) enum Pass {
    /// Handing in.
    Good,
    /// It was spent on a file with this SHA-256, which was taken: a tool whose line broke before it heard of that sends it
    /// again, and is told again.
    Spent { taken: String, document: Id },
}

/// Whether a pass is good for handing in.
///
/// # Errors
/// `Forbidden`.
pub(crate) async fn pass(ctx: &Ctx, id: Id, pass: String) -> Result<Pass> {
    let now = ctx.now();
    let read = ctx.store().read(move |reader| {
        let mut sent = errand::by_id(reader, id)?.ok_or(Denied::Unknown)?;
        match (sent.errand.hand_in(&pass, &sent.document.to_string(), now), sent.taken) {
            (Ok(()), _) => Ok(Pass::Good),
            (Err(Denied::Used), Some(taken)) => Ok(Pass::Spent { taken, document: sent.document }),
            (Err(denied), _) => Err(denied.into()),
        }
    });
    read.await
}

/// SHA-256 of a file, in hexadecimal digits.
pub(crate) fn sha256(file: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Hash::Sha256.of(&[file]))
}

/// What the returned file is judged by.
struct Back {
    sent: SentOut,
    document: Document,
    signer: Signer,
    who: Who,
    post: Option<Id>,
    original: File,
    trust: Arc<TrustList>,
}

/// Takes what the tool hands in. The pass is spent, whatever comes of the file. Answers the document.
///
/// # Errors
/// `Forbidden` for a pass that is not good; why the file is no signature, which the errand keeps.
pub(crate) async fn hand_in(ctx: &Ctx, id: Id, (pass, returned): (String, Vec<u8>)) -> Result<Id> {
    let command = ctx.store().system_command("signatures.hand-in", 1);
    let spend = ctx.store().write(command, move |tx| {
        tx.not_audited("a pass is spent; what comes of it is in the audit");
        let mut sent = errand::by_id(tx, id)?.ok_or(Denied::Unknown)?;
        let at = tx.at();
        sent.errand.hand_in(&pass, &sent.document.to_string(), at)?;
        errand::keep(tx, id, &sent.errand)
    });
    spend.await?;
    let taken = take(ctx, id, returned).await;
    if let Err(error) = &taken {
        let why = error.to_string();
        tracing::info!(errand = %id, context = error.inward(), "a returned file was not taken: {why}");
        let command = ctx.store().system_command("signatures.refuse", 1);
        let told = ctx.store().write(command, move |tx| {
            tx.not_audited("why a returned file is no signature");
            errand::refuse(tx, id, &why)
        });
        told.await?;
    }
    taken
}

async fn take(ctx: &Ctx, id: Id, returned: Vec<u8>) -> Result<Id> {
    let (trusting, directory, now) = (ctx.house.service::<Trusting>(), ctx.house.service::<Directory>(), ctx.now());
    let back = ctx.store().read(move |reader| {
        let sent = errand::by_id(reader, id)?.ok_or(Denied::Unknown)?;
        // What was sent out in a session comes back without one: who that is, and what they may do, is asked anew.
        let who = directory.officer_now(reader, sent.officer)?;
        let signer = usable(reader, (&who, &directory), (sent.signer, now))?;
        let document = document::by_id(reader, sent.document)?.ok_or_else(|| Error::not_found("văn bản"))?;
        super::check(&document, signer.kind, sent.revision)?;
        let post = document::in_hand(reader, &who, (&document, signer.kind))?;
        let original = files::by_id(reader, sent.file)?.ok_or_else(|| Error::internal("an errand without a file"))?;
        Ok(Back { sent, document, signer, who, post, original, trust: trusting.list(reader)? })
    });
    let Back { sent, document, signer, who, post, original, trust } = back.await?;
    let _place = ctx.house.service::<Means>().place().await?;
    let store = ctx.house.service::<FileStore>();
    let (certificate, given, writing) = (signer.sha256.clone(), sent.errand.given(), sent.errand.command().writing());
    let judge = move || {
        let (before, evidence) = (work::read(&store, &original)?, Evidence::default());
        let revocation = Revocation::Later;
        let expectation = Expectation {
            certificate: &certificate,
            given,
            now,
            trust: &trust,
            evidence: &evidence,
            revocation,
            writing,
        };
        let accepted = accept(&before, &returned, &expectation)?;
        Ok((stamped(&accepted), sha256(&returned), store.keep_bytes(&original.name, &returned)?))
    };
    let (stamped_at, taken, file) = blocking(judge).await?;
    let wants = ctx.house.service::<Means>().authority().and_then(|_| wants(stamped_at, signer.kind));
    let (numbered, seen, made) = (sent.numbered.clone(), None, document.id);
    let command = ctx.command("signatures.sign", &ctx.new_command(), None)?.by(who.actor(post));
    let new = NewSignature { document, signer, who, file, stamped_at, wants, numbered, seen };
    let write = ctx.store().write(command, move |tx| {
        let signed: Made = document::add(tx, &new)?;
        errand::fulfil(tx, id, (signed.signature, &taken))
    });
    write.await?;
    Ok(made)
}

/// The time that a trusted timestamp in the file vouches for.
fn stamped(accepted: &Accepted) -> Option<Timestamp> {
    match accepted.at {
        SignedAt::Stamped(at) => Some(at),
        SignedAt::Claimed(_) | SignedAt::SevenHoursOff(_) => None,
    }
}

/// What is still to be had from outside: proof is gathered once, when the agency's signature is on.
fn wants(stamped_at: Option<Timestamp>, kind: SignerKind) -> Option<Want> {
    match (stamped_at, kind) {
        (None, _) => Some(Want::Timestamp),
        (Some(_), SignerKind::Agency) => Some(Want::Evidence),
        (Some(_), SignerKind::Person) => None,
    }
}

/// What this person's errands came to, with their documents.
pub(crate) async fn came_back(ctx: &Ctx, ids: Vec<Id>) -> Result<(Vec<SentOut>, Vec<Document>)> {
    let officer = ctx.officer()?.id;
    let read = ctx.store().read(move |reader| {
        let sent = errand::own(reader, &ids, officer)?;
        let documents: Vec<Id> = sent.iter().map(|sent| sent.document).collect();
        Ok((sent, document::by_ids(reader, &documents)?))
    });
    read.await
}
