//! Choosing a password of one's own.

use super::form_page::{FormPage, command, fresh, is_done, sent, settle};
use super::scope::directory;
use super::sign_in::raw;
use crate::{account, password};
use axum::response::IntoResponse;
use types::{Id, Result};
use ui::{Field, FormState, Html, Notice, Tone};
use web::{Ctx, Fields, Outcome, Page, see};

const VERB: &str = "directory.change_password";

/// What the page looks like; `forced` says why it stands before everything else.
pub(crate) fn draw(form: &FormState, forced: bool, command: String) -> Page {
    let page = FormPage {
        title: "Đổi mật khẩu".into(),
        lead: "Ít nhất 14 ký tự gồm chữ thường, chữ hoa, chữ số và ký tự khác; khi đã bật xác thực hai bước thì ít nhất 8 ký tự. Không dùng lại mười mật khẩu gần nhất.".into(),
        back: ("Tài khoản của tôi".into(), "/tai-khoan".into()),
        action: "/tai-khoan/mat-khau".into(),
        command,
        submit: "Đổi mật khẩu",
        danger: false,
        version: None,
    };
    let notice = if forced {
        Notice::new(
            Tone::Warning,
            "Mật khẩu hiện tại chỉ dùng một lần hoặc đã quá hạn. Ông/bà cần đặt mật khẩu mới trước khi làm việc.",
        )
        .into()
    } else {
        Html::default()
    };
    let fields = [
        Field::password("current", "Mật khẩu hiện tại").max_length(200),
        Field::password("password", "Mật khẩu mới").complete("new-password").max_length(200),
        Field::password("again", "Nhập lại mật khẩu mới").complete("new-password").max_length(200),
    ];
    page.draw_with(form, notice, fields)
}

fn forced(ctx: &Ctx) -> bool {
    ctx.who.detour == Some(crate::gate::PASSWORD_PAGE)
}

pub(crate) async fn show(ctx: Ctx) -> Outcome {
    Ok(draw(&fresh(), forced(&ctx), ctx.new_command()).into_response())
}

pub(crate) async fn change(ctx: Ctx, fields: Fields) -> Outcome {
    let me = ctx.officer()?;
    if is_done(&ctx, &fields, VERB).await? {
        return Ok(see("/tai-khoan"));
    }
    let mut form = sent(&fields);
    if let Some(hash) = checked(&ctx, me.id, &fields, &mut form).await? {
        let (mine, keep) = (me.id, me.session);
        let command = command(&ctx, &fields, VERB)?;
        let done = ctx.store().write(command, move |tx| account::change_password(tx, mine, &hash, keep)).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see("/tai-khoan"));
        }
    }
    Ok(draw(&form, forced(&ctx), ctx.new_command()).into_response())
}

/// The hash of the new password, or what is wrong noted in the form.
async fn checked(ctx: &Ctx, me: Id, fields: &Fields, form: &mut FormState) -> Result<Option<String>> {
    let (current, wanted) = (raw(fields, "current").to_owned(), raw(fields, "password").to_owned());
    if current.is_empty() {
        form.refuse("current", "missing", "Nhập mật khẩu hiện tại.");
    }
    let (account, remembered) = ctx
        .store()
        .read(move |reader| Ok((account::of_officer(reader, me)?, account::remembered(reader, me)?)))
        .await?;
    if let Some(complaint) = password::complaint(&wanted, &account.username, account.totp_secret.is_some()) {
        form.refuse("password", "weak", complaint);
    } else if wanted != raw(fields, "again") {
        form.refuse("again", "differs", "Hai lần nhập mật khẩu mới không giống nhau.");
    }
    if !form.is_valid() {
        return Ok(None);
    }
    let directory = directory(ctx);
    // A wrong current password counts like a wrong sign-in: an open session must not become a place for guessing.
    directory.count_try(ctx.store(), &account, ctx).await?;
    if directory.hashing().find(current, vec![account.password_hash.clone()]).await?.is_none() {
        directory.fail_try(ctx.store(), &account, (ctx, "password")).await?;
        form.refuse("current", "wrong", "Mật khẩu hiện tại không đúng.");
        return Ok(None);
    }
    directory.forgive_try(ctx.store(), &account, ctx).await?;
    if directory.hashing().find(wanted.clone(), remembered).await?.is_some() {
        form.refuse("password", "used", "Mật khẩu này đã dùng gần đây. Hãy chọn mật khẩu khác.");
        return Ok(None);
    }
    directory.hashing().hash(wanted).await.map(Some)
}
