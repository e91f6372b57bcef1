//! What an administrator does with an officer's account. A one-time password is shown once and kept nowhere.

use super::form_page::{command, fresh, sent, settle};
use super::lists::officer_path;
use super::officer;
use super::officer_passkeys::refuse_own;
use super::scope::{account_in, directory};
use crate::officer::OfficerCard;
use crate::{account, password, session};
use axum::response::IntoResponse;
use store::{AuditEntry, Tx};
use types::{Id, Result};
use ui::{Button, Card, Container, Html, KeyValues, Notice, PageHead, Stack, Tone};
use web::{Ctx, Fields, Outcome, Page, Path, see};

/// The page that shows a one-time password, or says that it was shown before.
pub(crate) fn draw_password(card: &OfficerCard, username: &str, password: Option<&str>) -> Page {
    let back = officer_path(card.id);
    let head = PageHead::new("Mật khẩu dùng một lần").back(card.name.clone(), back.clone());
    let told = match password {
        Some(password) => {
            let facts = KeyValues::new().row("Tên đăng nhập", username).row("Mật khẩu dùng một lần", password);
            let notice = Notice::new(
                Tone::Warning,
                "Mật khẩu chỉ hiện một lần. Hãy đưa tận tay cán bộ; cán bộ phải đặt mật khẩu mới khi đăng nhập lần đầu.",
            );
            Card::new(card.name.clone()).around(Html::from(facts).and(notice))
        }
        None => Notice::new(
            Tone::Info,
            "Mật khẩu dùng một lần đã hiện trước đó và không xem lại được. Nếu chưa ghi lại, hãy cấp lại mật khẩu.",
        )
        .into(),
    };
    let body = Html::from(head).and(told).and(Button::link("Về trang cán bộ", back).secondary());
    Page::desk("Mật khẩu dùng một lần", Stack.around(body))
}

/// A one-time password with its hash, and what of the hash tells one from another without giving it away.
async fn draw_one(ctx: &Ctx) -> Result<(String, String)> {
    let text = password::one_time();
    let hash = directory(ctx).hashing().hash(text.clone()).await?;
    Ok((text, hash))
}

/// The end of a hash: kept as the answer of the command, so that a form sent twice does not show a password that does
/// not work.
fn tail(hash: &str) -> String {
    let start = hash.len().saturating_sub(6);
    hash.get(start..).unwrap_or_default().to_owned()
}

pub(crate) async fn open(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let card = account_in(&ctx, id).await?;
    let mut form = sent(&fields);
    let username = form.value("username").to_owned();
    if !ctx.house.settings().demo && account::fold_username(&username).ends_with(account::DEMO_ENDING) {
        form.refuse("username", "demo", "Đuôi «.demo» chỉ dành cho tài khoản của bản dùng thử. Hãy chọn tên khác.");
        return Ok(officer::draw(&ctx, id, &form).await?.into_response());
    }
    let (text, hash) = draw_one(&ctx).await?;
    let (wanted, mark, command) = (username.clone(), tail(&hash), command(&ctx, &fields, "directory.open_account")?);
    let written = ctx.store().write(command, move |tx| {
        account::create(tx, id, &wanted, &hash, true)?;
        Ok(tail(&hash))
    });
    match settle(&mut form, written.await)? {
        Some(kept) => {
            let username = account::fold_username(&username);
            Ok(draw_password(&card, &username, (kept == mark).then_some(text.as_str())).into_response())
        }
        None => Ok(officer::draw(&ctx, id, &form).await?.into_response()),
    }
}

pub(crate) async fn reset(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let card = account_in(&ctx, id).await?;
    // It takes the passkeys away as well, and asks for no proof.
    refuse_own(&ctx, id)?;
    let username = card.account.as_ref().map(|account| account.username.clone()).unwrap_or_default();
    let account_mark = directory(&ctx).account_mark(&username);
    let (text, hash) = draw_one(&ctx).await?;
    let (mark, command) = (tail(&hash), command(&ctx, &fields, "directory.reset_password")?);
    let written = ctx.store().write(command, move |tx| {
        account::reset_password(tx, id, &hash, &account_mark)?;
        Ok(tail(&hash))
    });
    let kept = written.await?;
    Ok(draw_password(&card, &username, (kept == mark).then_some(text.as_str())).into_response())
}

/// A change of the account that is only a button; what is not possible is said on the officer's page.
async fn press(
    ctx: &Ctx,
    id: Id,
    (fields, verb): (&Fields, &'static str),
    work: impl Fn(&mut Tx<'_>) -> Result<()> + Send + 'static,
) -> Outcome {
    account_in(ctx, id).await?;
    let mut form = fresh();
    let done = ctx.store().write(command(ctx, fields, verb)?, work).await;
    if settle(&mut form, done)?.is_some() {
        return Ok(see(&officer_path(id)));
    }
    Ok(officer::draw(ctx, id, &form).await?.into_response())
}

pub(crate) async fn disable(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    press(&ctx, id, (&fields, "directory.disable_account"), move |tx| account::disable(tx, id)).await
}

pub(crate) async fn enable(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    press(&ctx, id, (&fields, "directory.enable_account"), move |tx| account::enable(tx, id)).await
}

pub(crate) async fn remove_second_factor(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    press(&ctx, id, (&fields, "directory.remove_second_factor"), move |tx| account::remove_second_factor(tx, id)).await
}

pub(crate) async fn end_sessions(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let verb = "directory.end_sessions";
    press(&ctx, id, (&fields, verb), move |tx| {
        let ended = session::end_all(tx, id, None)?;
        let unit = Some(crate::officer::unit_of(tx, id)?);
        let detail = serde_json::json!({ "ended": ended });
        tx.audit(&AuditEntry { action: verb, entity: "account", entity_id: id, unit, detail })
    })
    .await
}
