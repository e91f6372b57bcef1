//! /ky-so and /dong-dau : what waits for this person's signature, and for the agency's seal; many are signed with one
//! unlocking.

mod draw;

use super::{SEAL, SIGN};
use crate::document::{self, LISTED_MAX, Waiting};
use crate::rights;
use crate::sign::{self, Wanted};
use crate::signer::{self, Signer, SignerKind};
use ::signing::Secret;
use axum::response::IntoResponse;
use directory::Directory;
pub(super) use draw::{sample_document, sample_signer, samples};
use types::{Day, Error, Id, Result, Timestamp};
use ui::{FormState, Lang};
use web::{Ctx, Fields, Outcome};

/// The name under which each picked document is sent.
const PICKED: &str = "chon";
/// Characters of the symbol behind a number, with its slash.
const SYMBOL_MAX: usize = 40;

/// What the page shows.
struct Queue {
    kind: SignerKind,
    waiting: Vec<Waiting>,
    /// The certificates that can sign now.
    signers: Vec<Signer>,
    command: String,
    now: Timestamp,
}

/// What became of a sending: titles and ids, and why not.
#[derive(Default)]
struct Outcomes {
    done: Vec<(String, Id)>,
    refused: Vec<(String, Id, Error)>,
}

impl Queue {
    fn path(&self) -> &'static str {
        match self.kind {
            SignerKind::Person => SIGN,
            SignerKind::Agency => SEAL,
        }
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
    let wanted = wanted(&queue, &fields, &mut form);
    let signer = form.value("signer").parse::<Id>().ok().filter(|id| queue.signers.iter().any(|one| one.id == *id));
    let Some(signer) = signer.filter(|_| form.is_valid()) else {
        if signer.is_none() {
            form.refuse("signer", "missing", "Chọn chứng thư để ký.");
        }
        return Ok(queue.draw(&form, &Outcomes::default()).into_response());
    };
    let unlocked = match sign::unlock(ctx, signer, code).await {
        Ok(unlocked) => unlocked,
        Err(error) => {
            form.absorb(error)?;
            return Ok(queue.draw(&form, &Outcomes::default()).into_response());
        }
    };
    let mut outcomes = Outcomes::default();
    for (title, wanted) in wanted {
        let id = wanted.document;
        match sign::sign(ctx, &unlocked, fields.text("command"), wanted).await {
            Ok(_) => outcomes.done.push((title, id)),
            Err(error) => {
                if !error.inward().is_empty() {
                    tracing::error!(document = %id, context = error.inward(), "one of many documents was not signed");
                }
                outcomes.refused.push((title, id, error));
            }
        }
    }
    let left = load(ctx, kind).await?;
    let page = left.draw(&FormState::new(Lang::Vi), &outcomes);
    let status = match outcomes.refused.first() {
        Some((_, _, error)) if outcomes.done.is_empty() => web::answer::status(error),
        _ => http::StatusCode::OK,
    };
    Ok(page.with_status(status).into_response())
}

/// What was picked, with its title, in the order of the page. What is not there any more is signed by somebody else, or was
/// by this very form before: it is passed on, and answered there.
fn wanted(queue: &Queue, fields: &Fields, form: &mut FormState) -> Vec<(String, Wanted)> {
    let mut picked: Vec<Id> = fields.all(PICKED).iter().filter_map(|id| id.parse().ok()).collect();
    let place = |id: &Id| queue.waiting.iter().position(|waiting| waiting.document.id == *id);
    picked.sort_by_key(|id| (place(id).unwrap_or(usize::MAX), *id));
    picked.dedup();
    if picked.is_empty() || picked.len() > LISTED_MAX {
        form.refuse(PICKED, "missing", format!("Chọn từ 1 đến {LISTED_MAX} văn bản."));
    }
    let numbering = if queue.kind == SignerKind::Agency { numbering(form) } else { None };
    let all = picked.into_iter().enumerate().map(|(place, id)| {
        let known = queue.waiting.iter().find(|waiting| waiting.document.id == id);
        let title = known.map_or_else(|| format!("Văn bản {id}"), |known| known.document.title.clone());
        let revision = fields.text(&format!("revision.{id}")).parse().unwrap_or(-1);
        let numbered = numbering.as_ref().map(|numbering| numbering.of(place));
        (title, Wanted { document: id, revision, numbered })
    });
    all.collect()
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

fn numbering(form: &mut FormState) -> Option<Numbering> {
    let typed = form.value("first").trim().to_owned();
    let symbol: String = form.value("symbol").split_whitespace().collect();
    if typed.is_empty() && symbol.is_empty() {
        return None;
    }
    let first = typed.parse::<u32>().ok().filter(|number| (1..1_000_000).contains(number));
    if first.is_none() {
        form.refuse("first", "wrong", "Số văn bản là số từ 1 trở lên, ví dụ 15.");
    }
    let symbol = if symbol.starts_with('/') || symbol.is_empty() { symbol } else { format!("/{symbol}") };
    if symbol.len() < 2 || symbol.chars().count() > SYMBOL_MAX {
        form.refuse("symbol", "wrong", "Ghi ký hiệu sau số, ví dụ /GXN-UBND.");
    }
    let day = form.date("day").read();
    if day.is_err() {
        form.refuse("day", "wrong", "Ghi đủ ngày, tháng, năm của văn bản.");
    }
    Some(Numbering { first: first?, symbol, day: day.ok()? }).filter(|_| form.is_valid())
}

async fn load(ctx: &Ctx, kind: SignerKind) -> Result<Queue> {
    let (who, now, directory) = (ctx.who.clone(), ctx.now(), ctx.house.service::<Directory>());
    let officer = ctx.officer()?.id;
    let (waiting, signers) = ctx
        .store()
        .read(move |reader| {
            let mut signers = match kind {
                SignerKind::Person => signer::of_person(reader, officer)?,
                SignerKind::Agency => {
                    let tree = directory.tree(reader)?;
                    signer::of_units(reader, &rights::sealed_units(&who, &tree), Some(kind))?
                }
            };
            signers.retain(|signer| signer.signs(now));
            Ok((document::waiting(reader, &who, kind)?, signers))
        })
        .await?;
    Ok(Queue { kind, waiting, signers, command: ctx.new_command(), now })
}
