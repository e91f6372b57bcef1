//! /ky-so and /dong-dau : what waits for this person's signature, and for the agency's seal; many are signed with one
//! unlocking.

mod draw;

use super::signers::renewals;
use super::{SEAL, SIGN, desk, remote};
use crate::document::{self, Document, LISTED_MAX, Role, Waiting};
use crate::rights;
use crate::sign::{self, NotAsked, ToSign, Unlocked};
use crate::signer::{self, KeyPlace, Signer, SignerKind};
use ::signing::Secret;
use axum::response::IntoResponse;
use directory::Directory;
pub(super) use draw::{refused, sample_document, sample_signer, samples};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use types::{Day, Error, Id, Result, Timestamp};
use ui::{FormState, Lang};
use web::{Ctx, Fields, Outcome, see};

/// The name under which each picked document is sent.
pub(super) const PICKED: &str = "chon";
/// The name, with an attachment's id behind it, under which its revision is sent.
const ATTACHED: &str = "kem";
/// So long one sending signs; what is left is told, before the request itself is given up.
pub(super) const SENDING_MAX: Duration = Duration::from_secs(80);
/// As many records go on together as "my work" shows on a page.
const TOGETHER_MAX: usize = 50;
/// Agencies whose next numbers are proposed on one page.
const AGENCIES_MAX: usize = 3;
/// Characters of the symbol behind a number, with its slash.
const SYMBOL_MAX: usize = 40;

/// What the page shows.
pub(super) struct Queue {
    kind: SignerKind,
    waiting: Vec<Waiting>,
    /// More wait than are shown.
    has_more: bool,
    /// Attachments of what is shown, which are sealed with it.
    attached: Vec<Document>,
    /// The certificates that can sign now.
    signers: Vec<Signer>,
    /// Numbers that come next in the agencies for which this person seals.
    next: Vec<String>,
    /// Of those that end soon, which are asked to live longer, and by which request.
    renewals: Vec<(Id, Id)>,
    /// Requests to a remote service that wait for this person's phone.
    running: Vec<Id>,
    command: String,
    now: Timestamp,
}

/// What became of a sending: titles and ids, and why not.
#[derive(Default)]
pub(super) struct Outcomes {
    pub done: Vec<(String, Id)>,
    pub refused: Vec<(String, Id, Error)>,
    /// Pages on which the records of what was signed go on, with how many.
    on: Vec<(String, usize)>,
}

impl Outcomes {
    /// With what came of others.
    fn and(&mut self, others: Self) {
        self.done.extend(others.done);
        self.refused.extend(others.refused);
    }
}

impl Queue {
    /// The page after documents came back from somebody's desk.
    pub async fn after(ctx: &Ctx, kind: SignerKind, mut outcomes: Outcomes) -> Outcome {
        let signed: Vec<Id> = outcomes.done.iter().map(|(_, id)| *id).collect();
        let who = ctx.who.clone();
        let pages = ctx.store().read(move |reader| document::ways_on(reader, &who, &signed)).await?;
        outcomes.on = ways_on(pages);
        Ok(load(ctx, kind).await?.draw(&FormState::new(Lang::Vi), &outcomes).into_response())
    }

    fn path(&self) -> &'static str {
        path(self.kind)
    }

    /// Where the records of what was signed go on together: their systems say on which page, in as many as it takes.
    fn ways_on(&self, outcomes: &Outcomes) -> Vec<(String, usize)> {
        let signed = |waiting: &&Waiting| outcomes.done.iter().any(|(_, id)| *id == waiting.document.id);
        let signed = self.waiting.iter().filter(signed);
        ways_on(signed.filter_map(|waiting| Some((waiting.batch.clone()?, waiting.document.record))))
    }
}

/// Where documents of a kind wait.
pub(super) fn path(kind: SignerKind) -> &'static str {
    match kind {
        SignerKind::Person => SIGN,
        SignerKind::Agency => SEAL,
    }
}

/// Of records and the pages on which each goes on: addresses, each with how many it takes.
fn ways_on(records: impl IntoIterator<Item = (String, Id)>) -> Vec<(String, usize)> {
    let mut pages = BTreeMap::<String, BTreeSet<Id>>::new();
    for (page, record) in records {
        pages.entry(page).or_default().insert(record);
    }
    let mut ways = Vec::new();
    for (page, records) in pages {
        let records: Vec<Id> = records.into_iter().collect();
        ways.extend(records.chunks(TOGETHER_MAX).map(|some| {
            let picked: Vec<String> = some.iter().map(|id| format!("chon={id}")).collect();
            (format!("{page}?{}", picked.join("&")), some.len())
        }));
    }
    ways
}

impl Queue {
    /// The page with what a sending came to.
    fn told(&self, outcomes: Outcomes) -> Outcome {
        let page = self.draw(&FormState::new(Lang::Vi), &outcomes);
        let status = match outcomes.refused.first() {
            Some((_, _, error)) if outcomes.done.is_empty() => web::answer::status(error),
            _ => http::StatusCode::OK,
        };
        Ok(page.with_status(status).into_response())
    }
}

/// GET /ky-so
pub(super) async fn to_sign(ctx: Ctx) -> Outcome {
    show(&ctx, SignerKind::Person).await
}

/// GET /dong-dau
pub(super) async fn to_seal(ctx: Ctx) -> Outcome {
    show(&ctx, SignerKind::Agency).await
}

async fn show(ctx: &Ctx, kind: SignerKind) -> Outcome {
    let queue = load(ctx, kind).await?;
    Ok(queue.draw(&FormState::new(Lang::Vi), &Outcomes::default()).into_response())
}

/// POST /ky-so
pub(super) async fn sign(ctx: Ctx, fields: Fields) -> Outcome {
    act(&ctx, fields, SignerKind::Person).await
}

/// POST /dong-dau
pub(super) async fn seal(ctx: Ctx, fields: Fields) -> Outcome {
    act(&ctx, fields, SignerKind::Agency).await
}

async fn act(ctx: &Ctx, mut fields: Fields, kind: SignerKind) -> Outcome {
    // It goes to the key and nowhere else: the form that is shown again does not have it.
    let code = Secret::new(fields.0.remove("code").and_then(|mut all| all.pop()).unwrap_or_default());
    let queue = load(ctx, kind).await?;
    let mut form = FormState::sent(
        Lang::Vi,
        fields.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone()))),
    );
    let wanted = wanted(ctx, &queue, &fields, &mut form).await?;
    let signer = form.value("signer").parse::<Id>().ok().filter(|id| queue.signers.iter().any(|one| one.id == *id));
    let Some(signer) = signer.filter(|_| form.is_valid()) else {
        if signer.is_none() {
            form.refuse("signer", "missing", "Chọn chứng thư để ký.");
        }
        return Ok(queue.draw(&form, &Outcomes::default()).into_response());
    };
    if let Some(signer) = queue.signers.iter().find(|one| one.id == signer && one.key_place == KeyPlace::Desk) {
        return match desk::send_out(ctx, signer, wanted).await {
            Ok(run) => Ok(run),
            Err(refused) => queue.told(Outcomes { refused, ..Outcomes::default() }),
        };
    }
    let command = fields.text("command");
    let at_service = |one: &&Signer| one.id == signer && one.key_place == KeyPlace::Service;
    if let Some(signer) = queue.signers.iter().find(at_service) {
        return match sign::ask(ctx, signer, (command, code), wanted).await {
            Ok(job) => Ok(see(&remote::address(kind, job))),
            Err(NotAsked::Documents(refused)) => queue.told(Outcomes { refused, ..Outcomes::default() }),
            Err(NotAsked::Form(error)) => {
                form.absorb(error)?;
                Ok(queue.draw(&form, &Outcomes::default()).into_response())
            }
        };
    }
    let documents: Vec<Id> = wanted.iter().map(|(_, wanted)| wanted.document).collect();
    let mut outcomes = Outcomes::default();
    if sign::were_signed(ctx, signer, (command, &documents)).await? {
        outcomes.done = wanted.into_iter().map(|(title, wanted)| (title, wanted.document)).collect();
    } else {
        let unlocked = match sign::unlock(ctx, signer, code).await {
            Ok(unlocked) => unlocked,
            Err(error) => {
                form.absorb(error)?;
                return Ok(queue.draw(&form, &Outcomes::default()).into_response());
            }
        };
        let began = Instant::now();
        outcomes = sign_all(ctx, &unlocked, began, (command, wanted)).await;
        let attachments = attachments_of(ctx, (kind, &fields), &outcomes.done).await;
        outcomes.and(sign_all(ctx, &unlocked, began, (command, attachments)).await);
    }
    let on = queue.ways_on(&outcomes);
    let left = load(ctx, kind).await?;
    outcomes.on = on;
    left.told(outcomes)
}

/// What was sealed takes its attachments with it, as they stood on the page: one that came or changed since stays in the list.
async fn attachments_of(
    ctx: &Ctx,
    (kind, fields): (SignerKind, &Fields),
    done: &[(String, Id)],
) -> Vec<(String, ToSign)> {
    if kind == SignerKind::Person || done.is_empty() {
        return Vec::new();
    }
    let sealed: Vec<Id> = done.iter().map(|(_, id)| *id).collect();
    let attachments = ctx.store().read(move |reader| document::open_attachments(reader, &sealed)).await;
    let attachments = attachments.unwrap_or_else(|error| {
        // They stay in the list, and what was sealed is told.
        tracing::error!(context = error.inward(), "the attachments of what was sealed cannot be read");
        Vec::new()
    });
    let seen = |document: &Document| {
        let revision = fields.text(&format!("{ATTACHED}.{}", document.id)).parse::<i64>();
        // Its document's seal let it go on, which is a change of its own.
        revision.is_ok_and(|revision| revision + 1 == document.revision)
    };
    let seen = attachments.into_iter().filter(seen);
    seen.map(|Document { id, revision, title, .. }| (title, ToSign { document: id, revision, numbered: None }))
        .collect()
}

/// Signs one after another; what fails leaves the others.
async fn sign_all(
    ctx: &Ctx,
    unlocked: &Unlocked,
    began: Instant,
    (command, wanted): (&str, Vec<(String, ToSign)>),
) -> Outcomes {
    let mut outcomes = Outcomes::default();
    for (title, wanted) in wanted {
        let id = wanted.document;
        let title = match &wanted.numbered {
            Some((number, _)) => format!("{title} – số {number}"),
            None => title,
        };
        if began.elapsed() > SENDING_MAX {
            outcomes.refused.push((title, id, not_yet()));
            continue;
        }
        match sign::sign(ctx, unlocked, command, wanted).await {
            Ok(_) => outcomes.done.push((title, id)),
            Err(error) => {
                log(id, &error);
                outcomes.refused.push((title, id, error));
            }
        }
    }
    outcomes
}

/// One of many whose turn did not come.
pub(super) fn not_yet() -> Error {
    Error::conflict("Chưa đến lượt trong lần gửi này. Hãy chọn lại rồi gửi lần nữa.")
}

/// Says in the log what its reader alone understands.
pub(super) fn log(document: Id, error: &Error) {
    if !error.inward().is_empty() {
        tracing::error!(document = %document, context = error.inward(), "one of many documents was not signed");
    }
}

/// What was picked, with its title, in the order of the page. What is not there any more is signed by somebody else, or was
/// by this very form before: it is passed on, and answered there.
async fn wanted(ctx: &Ctx, queue: &Queue, fields: &Fields, form: &mut FormState) -> Result<Vec<(String, ToSign)>> {
    // In the order of the page from which they were sent, also when the form comes again: numbers follow it.
    let mut seen = BTreeSet::new();
    let sent = fields.all(PICKED).iter().filter_map(|id| id.parse::<Id>().ok());
    let picked: Vec<Id> = sent.filter(|id| seen.insert(*id)).collect();
    if picked.is_empty() || picked.len() > LISTED_MAX {
        form.refuse(PICKED, "missing", format!("Chọn từ 1 đến {LISTED_MAX} văn bản."));
    }
    let numbering = if queue.kind == SignerKind::Agency { numbering(form, queue.now.day()) } else { None };
    // Of the documents themselves: what was sealed by this form before is on the page no more, and takes its place all the same.
    let (all, mut place) = (picked.clone(), 0);
    let roles: BTreeMap<Id, Role> = match numbering {
        Some(_) => ctx.store().read(move |reader| document::roles(reader, &all)).await?,
        None => BTreeMap::new(),
    };
    let all = picked.into_iter().map(|id| {
        let known = queue.waiting.iter().find(|waiting| waiting.document.id == id);
        let title = known.map_or_else(|| "Văn bản của lần gửi trước".to_owned(), |known| known.document.title.clone());
        let revision = fields.text(&format!("revision.{id}")).parse().unwrap_or(-1);
        // An attachment has its document's number, a copy none of its own here.
        let takes_number = roles.get(&id).is_none_or(|role| *role == Role::Main);
        let numbered = numbering.as_ref().filter(|_| takes_number).map(|numbering| numbering.of(place));
        place += usize::from(takes_number);
        (title, ToSign { document: id, revision, numbered })
    });
    Ok(all.collect())
}

/// Numbers in a row, with one symbol and one day.
struct Numbering {
    first: u32,
    symbol: String,
    day: Day,
}

impl Numbering {
    /// Number and symbol of the n-th document: below ten with a zero before it (Decree 30/2020, appendix I).
    fn of(&self, place: usize) -> (String, Day) {
        let number = self.first.saturating_add(u32::try_from(place).unwrap_or(u32::MAX));
        (format!("{number:02}{}", self.symbol), self.day)
    }
}

fn numbering(form: &mut FormState, today: Day) -> Option<Numbering> {
    let typed = form.value("first").trim().to_owned();
    let symbol: String = types::text::clean(form.value("symbol")).split_whitespace().collect();
    if typed.is_empty() && symbol.is_empty() {
        return None;
    }
    let first = typed.parse::<u32>().ok().filter(|number| (1..1_000_000).contains(number));
    if first.is_none() {
        form.refuse("first", "wrong", "Số văn bản là số từ 1 trở lên, ví dụ 15.");
    }
    let symbol = if symbol.starts_with('/') || symbol.is_empty() { symbol } else { format!("/{symbol}") };
    let plain = symbol.chars().all(|letter| letter.is_alphanumeric() || "/-.&()".contains(letter));
    if symbol.len() < 2 || symbol.chars().count() > SYMBOL_MAX || !plain {
        form.refuse("symbol", "wrong", "Ghi ký hiệu sau số, ví dụ /GXN-UBND.");
    }
    let day = form.date("day").read();
    match &day {
        Err(_) => form.refuse("day", "wrong", "Ghi đủ ngày, tháng, năm của văn bản."),
        Ok(day) if *day > today => form.refuse("day", "wrong", "Ngày văn bản không thể sau hôm nay."),
        Ok(_) => {}
    }
    Some(Numbering { first: first?, symbol, day: day.ok()? }).filter(|_| form.is_valid())
}

async fn load(ctx: &Ctx, kind: SignerKind) -> Result<Queue> {
    let (who, now, directory) = (ctx.who.clone(), ctx.now(), ctx.house.service::<Directory>());
    let officer = ctx.officer()?.id;
    let (mut waiting, attached, signers, next, running, renewals) = ctx
        .store()
        .read(move |reader| {
            let mut signers = match kind {
                SignerKind::Person => signer::of_person(reader, officer)?,
                SignerKind::Agency => {
                    let tree = directory.tree(reader)?;
                    signer::seals(reader, &rights::sealed_units(&who, &tree))?
                }
            };
            signers.retain(|signer| signer.signs(now));
            let waiting = document::waiting(reader, &who, kind)?;
            let mains: Vec<Id> = waiting.iter().map(|waiting| waiting.document.id).collect();
            let attached = document::open_attachments(reader, &mains)?;
            let mut next = Vec::new();
            if kind == SignerKind::Agency {
                let mut units: Vec<Id> = waiting.iter().map(|waiting| waiting.document.unit).collect();
                units.sort_unstable();
                units.dedup();
                // As a rule one.
                for unit in units.into_iter().take(AGENCIES_MAX) {
                    next.extend(document::next(reader, unit, now.day())?);
                }
            }
            let running = sign::running(reader, &signers, officer)?;
            let renewals = renewals(reader, &signers, now)?;
            let renewals = renewals.into_iter().map(|(signer, request)| (signer, request.id)).collect();
            Ok((waiting, attached, signers, next, running, renewals))
        })
        .await?;
    let has_more = waiting.len() > LISTED_MAX;
    waiting.truncate(LISTED_MAX);
    Ok(Queue { kind, waiting, has_more, attached, signers, next, renewals, running, command: ctx.new_command(), now })
}
