//! Signing with a key at somebody's own desk: the document goes out under passes that are good once, the government's tool
//! on that computer signs it there, and what comes back is a signature only after it was looked at.

use super::{InHand, ToSign, blocking, in_hand, usable};
use crate::document::{self, Document, Made, NewSignature, Role, Seen, Want};
use crate::errand::{self, NewErrand, SentFile, SentOut};
use crate::look::{self, Paper, Signing};
use crate::signer::{self, Signer, SignerKind};
use crate::{Means, Received, Trusting, looked};
use ::signing::tool::{
    Accepted, Command, Denied, Errand, Expectation, LIFE_SECONDS_MAX, Passes, Revocation, SignedAt, Task, Writing,
    accept,
};
use ::signing::trust::TrustList;
use ::signing::verify::Evidence;
use ::signing::{Certificate, Hash, Shown, places};
use directory::Directory;
use files::{File, FileStore};
use print::Printer;
use records::look::{What, Why};
use std::sync::Arc;
use types::{Day, Error, Id, Result, Timestamp};
use web::{Ctx, Who};

/// A document that was sent out, with the passes that are told once.
pub(crate) struct Out {
    pub errand: Id,
    pub passes: Passes,
    pub command: Command,
    pub role: Role,
    /// Number and day that the tool writes.
    pub issue: Option<(String, Day)>,
}

/// What the tool is asked: to sign and nothing else, since number and day stand there already when the agency's turn comes;
/// or to sign with the lines that say what this is, which are its own commands.
fn command(role: Role) -> Command {
    match role {
        Role::Main => Command::SignApproved,
        Role::Attachment { .. } => Command::SignAppendix,
        Role::Copy(_) => Command::SignCopy,
    }
}

/// Sends one document out to be signed with a certificate whose key lies at this person's desk.
///
/// # Errors
/// As [`super::sign`], and `Conflict` where nobody has said yet whom this house trusts; nothing is sent then.
pub(crate) async fn send_out(ctx: &Ctx, signer: &Signer, wanted: ToSign) -> Result<Out> {
    let (who, seen, signing, now) = (ctx.who.clone(), wanted.clone(), signer.id, ctx.now());
    let (trusting, directory) = (ctx.house.service::<Trusting>(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let signer = usable(reader, (&who, &directory), (signing, now))?;
        in_hand(reader, (&who, &signer, &seen), (&directory, &trusting))
    });
    let InHand { document, post, file, agency, trust, number_of_main, .. } = read.await?;
    let (role, issue) = (document.role, number_of_main.clone());
    if trust.anchors.is_empty() {
        // Said before the token is asked, not after.
        return Err(Error::conflict(
            "Cơ quan chưa nhập chứng thư của tổ chức chứng thực, nên chưa nhận được chữ ký từ USB ký số. Hãy báo quản trị.",
        ));
    }
    let _place = ctx.house.service::<Means>().place().await?;
    let (store, own) = (ctx.house.service::<FileStore>(), file.clone());
    let folder = store.clone();
    let bytes = blocking(move || folder.read(&own.hash)).await?;
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
                role: document.role,
                number_of_main,
            };
            numbered(ctx, (bytes, file), &shown).await?
        }
    };
    let officer = ctx.officer()?.id;
    let (name, person) = (document.id.to_string(), officer.to_string());
    let task = Task { document: &name, person: &person, command: command(role), original: &bytes };
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
    // The tool shows the file to whoever signs.
    looked::note(ctx, document.record, What::File, (Why::Step, None))?;
    Ok(Out { errand, passes, command: task.command, role, issue })
}

/// The file with number and day in the places that are kept for them; the file itself where there are none.
async fn numbered(ctx: &Ctx, (bytes, file): (Vec<u8>, File), shown: &Signing) -> Result<(Vec<u8>, SentFile)> {
    // A file of a hundred pages is read on a thread that may be busy.
    let read = move || Ok((Paper::read(&bytes)?, bytes));
    let (paper, bytes) = blocking(read).await?;
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
/// `Forbidden` for a pass that is not good; `Conflict` when the document went on meanwhile.
pub(crate) async fn fetch(ctx: &Ctx, id: Id, pass: String) -> Result<File> {
    let (now, asked) = (ctx.now(), pass.clone());
    // Whoever has no pass is turned away before anything is written.
    let read = ctx.store().read(move |reader| {
        let mut sent = errand::by_id(reader, id)?.ok_or(Denied::Unknown)?;
        sent.errand.fetch(&asked, &sent.document.to_string(), now)?;
        let document = document::by_id(reader, sent.document)?.ok_or_else(|| Error::not_found("văn bản"))?;
        if document.revision != sent.revision {
            return Err(document::outdated());
        }
        files::by_id(reader, sent.file)?.ok_or_else(|| Error::not_found("tệp"))
    });
    let file = read.await?;
    use_pass(ctx, ("signatures.fetch", Errand::fetch), (id, pass)).await?;
    Ok(file)
}

/// How a pass is used: [`Errand::fetch`] or [`Errand::hand_in`], with the pass, the document and the time.
type Use = fn(&mut Errand, &str, &str, Timestamp) -> std::result::Result<(), Denied>;

/// Uses a pass, kept from every other use of it until that is written.
async fn use_pass(ctx: &Ctx, (verb, used): (&'static str, Use), (id, pass): (Id, String)) -> Result<()> {
    let write = ctx.store().write(waited_for(ctx, verb), move |tx| {
        tx.not_audited("a pass is used; the sending and what comes of it are in the audit");
        let mut sent = errand::locked(tx, id)?.ok_or(Denied::Unknown)?;
        let at = tx.at();
        used(&mut sent.errand, &pass, &sent.document.to_string(), at)?;
        errand::keep(tx, id, &sent.errand)
    });
    write.await
}

/// A command of the house's own for which somebody waits.
fn waited_for(ctx: &Ctx, verb: &'static str) -> store::Command {
    store::Command { interactive: true, ..ctx.store().system_command(verb, 1) }
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

/// Whether this is the file that was taken before.
pub(crate) async fn is_taken(taken: String, Received { bytes, place }: Received) -> Result<bool> {
    let work = move || {
        let _place = place;
        Ok(sha256(&bytes) == taken)
    };
    blocking(work).await
}

/// SHA-256 of a file, in hexadecimal digits.
fn sha256(file: &[u8]) -> String {
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
    /// Certificates above the signer's, as they were registered.
    chain: Vec<Certificate>,
}

/// Takes what the tool hands in. The pass is spent, whatever comes of the file; the work goes on when the tool hangs up.
/// Answers the document.
///
/// # Errors
/// `Forbidden` for a pass that is not good; why the file is no signature, which the errand keeps.
pub(crate) async fn hand_in(ctx: &Ctx, id: Id, (pass, returned): (String, Received)) -> Result<Id> {
    let ctx = ctx.clone();
    let work = tokio::spawn(async move { spend_and_take(&ctx, id, (pass, returned)).await });
    work.await.map_err(|e| Error::internal(format!("taking a returned file: {e}")))?
}

async fn spend_and_take(ctx: &Ctx, id: Id, (pass, returned): (String, Received)) -> Result<Id> {
    use_pass(ctx, ("signatures.hand-in", Errand::hand_in), (id, pass)).await?;
    let taken = take(ctx, id, returned).await;
    if let Err(error) = &taken {
        let why = error.to_string();
        tracing::info!(errand = %id, context = error.inward(), "a returned file was not taken: {why}");
        let told = ctx.store().write(waited_for(ctx, "signatures.refuse"), move |tx| {
            tx.not_audited("why a returned file is no signature");
            errand::refuse(tx, id, &why)
        });
        told.await?;
    }
    taken
}

async fn take(ctx: &Ctx, id: Id, Received { bytes: returned, place: received }: Received) -> Result<Id> {
    let (trusting, directory, now) = (ctx.house.service::<Trusting>(), ctx.house.service::<Directory>(), ctx.now());
    let back = ctx.store().read(move |reader| {
        let sent = errand::by_id(reader, id)?.ok_or(Denied::Unknown)?;
        // What was sent out in a session comes back without one: who that is, and what they may do, is asked anew.
        let who = directory.officer_now(reader, sent.officer)?;
        let signer = usable(reader, (&who, &directory), (sent.signer, now))?;
        let document = document::by_id(reader, sent.document)?.ok_or_else(|| Error::not_found("văn bản"))?;
        super::check(&document, signer.kind, sent.revision)?;
        let tree = directory.tree(reader)?;
        super::of_its_agency(&tree, &document, &signer)?;
        if let Some((number, day)) = &sent.numbered {
            document::refuse_twice(reader, &document, (number, *day))?;
        }
        let post = document::in_hand(reader, &who, (&document, signer.kind))?;
        let original = files::by_id(reader, sent.file)?.ok_or_else(|| Error::internal("an errand without a file"))?;
        let chain = signer::locked(reader, &signer)?.chain;
        Ok(Back { sent, document, signer, who, post, original, trust: trusting.list(reader)?, chain })
    });
    let Back { sent, document, signer, who, post, original, trust, chain } = back.await?;
    let place = ctx.house.service::<Means>().place().await?;
    let store = ctx.house.service::<FileStore>();
    let (certificate, errand, role) = (signer.sha256.clone(), sent.errand.clone(), document.role);
    let judge = move || {
        let _places = (place, received);
        let before = store.read(&original.hash)?;
        if !errand.is_over(&before) {
            return Err(Error::internal("what was sent out is not what is kept"));
        }
        let certificates = chain.iter().map(|certificate| certificate.der().to_vec()).collect();
        let evidence = Evidence { certificates, ..Evidence::default() };
        let (given, revocation, writing) = (errand.given(), Revocation::Later, Writing::Refused);
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
        let seen = accepted.shown.as_ref().map(seen);
        if role != Role::Main {
            has_its_lines(&returned, seen)?;
        }
        let came = Came {
            seen,
            stamped_at: stamped(&accepted),
            waits: ::signing::takes_timestamp(&returned),
            taken: sha256(&returned),
        };
        Ok((came, store.keep_bytes(&original.name, &returned)?))
    };
    let (Came { seen, stamped_at, waits, taken }, file) = blocking(judge).await?;
    let wants = ctx.house.service::<Means>().authority().and_then(|_| wants(waits, signer.kind));
    let (numbered, made) = (sent.numbered.clone(), document.id);
    let command = ctx.command("signatures.sign", &ctx.new_command(), None)?.by(who.actor(post));
    let new = NewSignature { document, signer, who, file, stamped_at, wants, numbered, seen };
    let write = ctx.store().write(command, move |tx| {
        let signed: Made = document::add(tx, &new)?;
        errand::fulfil(tx, id, (signed.signature, &taken))
    });
    write.await?;
    Ok(made)
}

/// Where the tool drew it, so that the seal finds the signature.
fn seen(shown: &Shown) -> Seen {
    Seen { page: shown.page, corners: shown.rectangle.corners(), pictured: shown.pictured }
}

/// Copies and attachments are told by the lines in their corner: which words the tool writes there it alone knows, but not
/// that it wrote nothing, or somewhere else.
fn has_its_lines(returned: &[u8], seen: Option<Seen>) -> Result<()> {
    let paper = Paper::read(returned)?;
    if seen.map(|seen| look::is_in_the_corner(&paper, &seen)).transpose()? == Some(true) {
        return Ok(());
    }
    Err(Error::conflict(
        "Chữ ký của cơ quan trên bản sao và văn bản kèm theo phải hiện ở góc trên bên phải trang đầu. Hãy đặt lại vị trí trong công cụ ký rồi đóng dấu lại.",
    ))
}

/// What is known of a file that was taken.
struct Came {
    seen: Option<Seen>,
    stamped_at: Option<Timestamp>,
    /// Its signature can be given a timestamp here.
    waits: bool,
    /// SHA-256 of it.
    taken: String,
}

/// The time that a trusted timestamp in the file vouches for.
fn stamped(accepted: &Accepted) -> Option<Timestamp> {
    match accepted.at {
        SignedAt::Stamped(at) => Some(at),
        SignedAt::Claimed(_) | SignedAt::SevenHoursOff(_) => None,
    }
}

/// What is still to be had from outside: a timestamp, where the tool left room for one and brought none; and proof once, when
/// the agency's signature is on.
fn wants(waits: bool, kind: SignerKind) -> Option<Want> {
    match (waits, kind) {
        (true, _) => Some(Want::Timestamp),
        (false, SignerKind::Agency) => Some(Want::Evidence),
        (false, SignerKind::Person) => None,
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
