//! Signing: a key is unlocked once, and then each document is read, signed, verified and entered by itself, so that one that
//! fails leaves the others whole. Where the key lies at somebody's desk, each is sent out instead, and verified when it is back;
//! where it lies at a remote service, its owner agrees on a phone to all at once.

mod desk;
mod place;
mod remote;
mod work;

pub(crate) use desk::{Out, Pass, came_back, fetch, hand_in, is_taken, pass, send_out};
pub(crate) use place::{Chosen, page_sizes, picture, place};
pub(crate) use remote::{NotAsked, ask, asked, give_up, offered, round as remote_round, running};

pub(crate) use work::refusal_of;
pub use work::{Standing, fit_to_sign, standing};

use crate::document::{self, Document, Made, NewSignature, Seen, Want};
use crate::look::{self, Look, Paper, Signing};
use crate::signer::{self, Signer, SignerKind};
use crate::{Means, Trusting, tries};
use ::signing::trust::TrustList;
use ::signing::{Secret, SigningKey};
use directory::{Directory, UnitTree};
use files::{File, FileStore};
use print::Printer;
use std::sync::Arc;
use store::{Command, Reader};
use types::{Day, Error, Id, Result, Timestamp};
use web::{Ctx, Who};
use work::{Frame, Task};

/// A key that was unlocked, for as long as one request takes.
#[derive(Clone)]
pub(crate) struct Unlocked {
    pub signer: Signer,
    key: Arc<dyn SigningKey>,
}

/// What is signed, as whoever signs it has seen it.
#[derive(Debug, Clone)]
pub(crate) struct ToSign {
    pub document: Id,
    /// The document's revision on the page: nobody signs what they have not seen.
    pub revision: i64,
    /// Number and day, given with the agency's seal.
    pub numbered: Option<(String, Day)>,
}

/// Unlocks the key of a certificate that this person may use now.
///
/// # Errors
/// `NotFound` for a certificate that is not this person's to use, `Invalid` with the field `code`, `TooMany` after several
/// wrong codes, `Conflict` when the certificate cannot sign now.
pub(crate) async fn unlock(ctx: &Ctx, signer: Id, code: Secret) -> Result<Unlocked> {
    let (who, now, means) = (ctx.who.clone(), ctx.now(), ctx.house.service::<Means>());
    let directory = ctx.house.service::<Directory>();
    let (signer, locked) = ctx
        .store()
        .read(move |reader| {
            let signer = usable(reader, (&who, &directory), (signer, now))?;
            let locked = signer::locked(reader, &signer)?;
            Ok((signer, locked))
        })
        .await?;
    let (library, watched) = (means.library().map(ToOwned::to_owned), locked.watched_as(signer.id));
    tries::begin(ctx.store(), &watched).await?;
    let opened = blocking(move || locked.open(code, library.as_deref())).await;
    tries::end(ctx.store(), &watched, &opened).await?;
    Ok(Unlocked { signer, key: opened?.into() })
}

/// A certificate that this person may sign with now.
fn usable(
    reader: &mut Reader<'_>,
    (who, directory): (&Who, &Directory),
    (signer, now): (Id, Timestamp),
) -> Result<Signer> {
    let signer = signer::by_id(reader, signer)?.ok_or_else(|| Error::not_found("chứng thư"))?;
    let tree = directory.tree(reader)?;
    if !crate::rights::may_use(who, &tree, &signer) {
        return Err(Error::not_found("chứng thư"));
    }
    if !signer.signs(now) {
        return Err(Error::conflict("Chứng thư này đã hết hạn, chưa có hiệu lực hoặc đã ngừng dùng."));
    }
    Ok(signer)
}

/// A document in hand, with what signing it needs.
struct InHand {
    document: Document,
    post: Option<Id>,
    file: File,
    /// The agency's name.
    agency: String,
    trust: Arc<TrustList>,
    /// The picture of the signature or the seal.
    picture: Option<Vec<u8>>,
    /// Where the person's signature is seen.
    person: Option<Seen>,
    /// Number and day of the document with which an attachment goes.
    number_of_main: Option<(String, Day)>,
}

/// Whether all of these were signed by this very form before: then nothing is unlocked and signed again.
pub(crate) async fn were_signed(ctx: &Ctx, signer: Id, (command, documents): (&str, &[Id])) -> Result<bool> {
    let commands = documents.iter().map(|id| command_of(ctx, command, (*id, signer)));
    let commands = commands.collect::<Result<Vec<Command>>>()?;
    ctx.store()
        .read(move |reader| {
            for command in &commands {
                if store::command::answered::<Made>(reader, command)?.is_none() {
                    return Ok(false);
                }
            }
            Ok(!commands.is_empty())
        })
        .await
}

/// The command that signs a document: the form's id and the document's.
fn command_of(ctx: &Ctx, command: &str, (document, signer): (Id, Id)) -> Result<Command> {
    let command = ctx.command("signatures.sign", &format!("{command}-{document}"), None)?;
    Ok(command.about(&(document, signer)))
}

/// Signs one document. `command` is the id of the form; the same form signs it once.
///
/// # Errors
/// `NotFound` for what this person has not in hand, `Conflict` when it changed since it was seen or waits for its
/// timestamp, and what the file is refused for.
pub(crate) async fn sign(ctx: &Ctx, unlocked: &Unlocked, command: &str, wanted: ToSign) -> Result<Made> {
    let signer = unlocked.signer.clone();
    let command = command_of(ctx, command, (wanted.document, signer.id))?;
    let (found, who, seen) = (command.clone(), ctx.who.clone(), wanted.clone());
    let (trusting, directory) = (ctx.house.service::<Trusting>(), ctx.house.service::<Directory>());
    let signing = signer.clone();
    let read = ctx.store().read(move |reader| match store::command::answered::<Made>(reader, &found)? {
        Some(made) => Ok(Err(made)),
        None => in_hand(reader, (&who, &signing, &seen), (&directory, &trusting)).map(Ok),
    });
    let held = match read.await? {
        Ok(held) => held,
        Err(made) => return Ok(made),
    };
    // A few files are in memory at a time, whoever signs.
    let _place = ctx.house.service::<Means>().place().await?;
    let store = ctx.house.service::<FileStore>();
    let look = drawn(ctx, &held, (&signer, &wanted, command.at)).await?;
    let seen = look.seen;
    let InHand { document, post, file, agency, trust, .. } = held;
    let frame = Frame { unit: agency, kind: signer.kind, look, signed_at: command.at };
    let task = Task { file, frame, trust, key: unlocked.key.clone() };
    let file = blocking(move || task.work(&store)).await?;
    let wants = ctx.house.service::<Means>().authority().map(|_| Want::Timestamp);
    let (who, numbered) = (ctx.who.clone(), wanted.numbered);
    let new = NewSignature { document, signer, who, file, stamped_at: None, wants, numbered, seen };
    let command = command.by(ctx.who.actor(post));
    ctx.store().write(command, move |tx| document::add(tx, &new)).await
}

/// How a document in hand will look with the signature on it.
async fn drawn(ctx: &Ctx, held: &InHand, (signer, wanted, at): (&Signer, &ToSign, Timestamp)) -> Result<Look> {
    let (folder, hash) = (ctx.house.service::<FileStore>(), held.file.hash.clone());
    let paper = blocking(move || Paper::read(&folder.read(&hash)?)).await?;
    let shown = Signing {
        kind: signer.kind,
        name: signer.name.clone(),
        agency: held.agency.clone(),
        at,
        picture: held.picture.clone(),
        spot: held.document.spot,
        person: held.person,
        numbered: wanted.numbered.clone(),
        role: held.document.role,
        number_of_main: held.number_of_main.clone(),
    };
    look::look(&ctx.house.service::<Printer>(), &paper, &shown).await
}

fn in_hand(
    reader: &mut Reader<'_>,
    (who, signer, wanted): (&Who, &Signer, &ToSign),
    (directory, trusting): (&Directory, &Trusting),
) -> Result<InHand> {
    let unknown = || Error::not_found("văn bản chờ ký");
    let document = document::by_id(reader, wanted.document)?.ok_or_else(unknown)?;
    let post = document::in_hand(reader, who, (&document, signer.kind))?;
    let tree = directory.tree(reader)?;
    of_its_agency(&tree, &document, signer)?;
    check(&document, signer.kind, wanted.revision)?;
    if let Some((number, day)) = &wanted.numbered {
        // Asked before the key is: the write asks again.
        document::refuse_twice(reader, &document, (number, *day))?;
    }
    let signatures = document::of_document(reader, document.id)?;
    if signatures.iter().any(|signature| signature.waits) {
        return Err(Error::conflict(
            "Chữ ký trước còn chờ dấu thời gian. Hãy chờ ít phút, hoặc mở văn bản để đi tiếp không có dấu thời gian.",
        ));
    }
    let person = signatures.iter().rev().find(|signature| signature.kind == SignerKind::Person);
    let person = person.and_then(|signature| signature.seen);
    let file = files::by_id(reader, document.file)?.ok_or_else(|| Error::internal("a document without a file"))?;
    let agency = tree.name(document.unit).to_owned();
    let (trust, picture) = (trusting.list(reader)?, signer::picture(reader, signer.id)?);
    let number_of_main = document::number_of_main(reader, &document)?;
    Ok(InHand { document, post, file, agency, trust, picture, person, number_of_main })
}

/// A seal is for the documents of its own agency.
fn of_its_agency(tree: &UnitTree, document: &Document, signer: &Signer) -> Result<()> {
    if signer.kind == SignerKind::Agency && tree.authority(document.unit) != signer.unit {
        return Err(Error::conflict("Văn bản này không phải của cơ quan có con dấu đã chọn."));
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(format!("signing: {e}")))?
}

/// How a document will look. Nothing is signed, and who will sign it is not known yet.
///
/// # Errors
/// What the file is refused for, and what the printer says.
pub(crate) async fn preview(ctx: &Ctx, document: &Document) -> Result<Vec<u8>> {
    let _place = ctx.house.service::<Means>().place().await?;
    previewed(ctx, document).await
}

/// The same, for whoever has a place for the file already.
async fn previewed(ctx: &Ctx, document: &Document) -> Result<Vec<u8>> {
    let (document, directory) = (document.clone(), ctx.house.service::<Directory>());
    let (of, role, spot) = (document.file, document.role, document.spot);
    let read = ctx.store().read(move |reader| {
        let file = files::by_id(reader, of)?.ok_or_else(|| Error::not_found("tệp"))?;
        let agency = directory.tree(reader)?.name(document.unit).to_owned();
        Ok((file, agency, document::number_of_main(reader, &document)?))
    });
    let (file, agency, number_of_main) = read.await?;
    let store = ctx.house.service::<FileStore>();
    let bytes = blocking(move || store.read(&file.hash)).await?;
    let shown = Signing {
        kind: SignerKind::Person,
        name: "(người ký)".to_owned(),
        agency,
        at: ctx.now(),
        picture: None,
        spot,
        person: None,
        numbered: None,
        role,
        number_of_main,
    };
    look::preview(&ctx.house.service::<Printer>(), &bytes, &shown).await
}

fn check(document: &Document, kind: SignerKind, revision: i64) -> Result<()> {
    if document.state.waits_for() != Some(kind) || document.revision != revision {
        return Err(document::outdated());
    }
    Ok(())
}

/// What people are told of an error, without the names of fields.
pub(crate) fn sentence(error: &Error) -> String {
    match error {
        Error::Invalid(fields) => fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
