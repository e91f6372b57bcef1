//! Choosing a password of one's own.

use super::form_page::{FormPage, command, fresh, is_done, sent, settle};
use super::proof::{Demand, Proof, Typed, Ways};
use super::scope::directory;
use super::sign_in::raw;
use crate::{account, guessable, officer, password};
use axum::response::IntoResponse;
use types::{Id, Result};
use ui::{Field, FormState, Html, Notice, Tone};
use web::{Ctx, Fields, Outcome, Page, see};

const VERB: &str = "directory.change_password";
/// The field with the present password.
const CURRENT: &str = "current";

/// What the page looks like; `forced` says why it stands before everything else, `ways` how the officer proves to be there.
pub(crate) fn draw(form: &FormState, (forced, ways): (bool, &Ways), command: String) -> Page {
    let page = FormPage {
        title: "Đổi mật khẩu".into(),
        lead: "Ít nhất 14 ký tự gồm chữ thường, chữ hoa, chữ số và ký tự khác; khi đã bật xác thực hai bước thì ít nhất 8 ký tự. Không dùng lại mười mật khẩu gần nhất, không chứa tên đăng nhập hay tên đơn vị.".into(),
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
    let mut fields = ways.fields(CURRENT, None);
    fields.push(Field::password("password", "Mật khẩu mới").complete("new-password").max_length(200));
    fields.push(Field::password("again", "Nhập lại mật khẩu mới").complete("new-password").max_length(200));
    let passkey = ways.passkey("Đổi, và xác nhận bằng khóa truy cập thay cho mật khẩu hiện tại");
    page.draw_around(form, (notice, passkey), fields).with_script(ui::PASSKEY_SCRIPT)
}

async fn answer(ctx: &Ctx, form: &FormState) -> Outcome {
    let forced = ctx.who.detour == Some(crate::gate::PASSWORD_PAGE);
    let me = ctx.officer()?.id;
    let account = ctx.store().read(move |reader| account::of_officer(reader, me)).await?;
    let ways = Ways::of(ctx, &account, Demand::Person).await?;
    Ok(draw(form, (forced, &ways), ctx.new_command()).into_response())
}

pub(crate) async fn show(ctx: Ctx) -> Outcome {
    answer(&ctx, &fresh()).await
}

pub(crate) async fn change(ctx: Ctx, fields: Fields) -> Outcome {
    let me = ctx.officer()?;
    if is_done(&ctx, &fields, VERB).await? {
        return Ok(see("/tai-khoan"));
    }
    let mut form = sent(&fields);
    if let Some((hash, proof)) = checked(&ctx, me.id, &fields, &mut form).await? {
        let (mine, keep) = (me.id, me.session);
        let command = command(&ctx, &fields, VERB)?;
        let change = move |tx: &mut store::Tx<'_>| account::change_password(tx, mine, (&hash, proof.step), keep);
        let done = ctx.store().write(command, change).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see("/tai-khoan"));
        }
    }
    answer(&ctx, &form).await
}

/// The hash of the new password with what proved the officer, or what is wrong noted in the form.
async fn checked(ctx: &Ctx, me: Id, fields: &Fields, form: &mut FormState) -> Result<Option<(String, Proof)>> {
    let wanted = raw(fields, "password").to_owned();
    let directory = directory(ctx);
    let here = directory.clone();
    let (account, remembered, names) = ctx
        .store()
        .read(move |reader| {
            let (unit, tree) = (officer::unit_of(reader, me)?, here.tree(reader)?);
            let names = guessable::names(&tree, unit);
            Ok((account::of_officer(reader, me)?, account::remembered(reader, me)?, names))
        })
        .await?;
    let ways = Ways::of(ctx, &account, Demand::Person).await?;
    let typed = Typed::read(ways, CURRENT, (fields, &mut *form));
    if let Some(complaint) = password::complaint(&wanted, (&account.username, &names), account.totp_secret.is_some()) {
        form.refuse("password", "weak", complaint);
    } else if wanted != raw(fields, "again") {
        form.refuse("again", "differs", "Hai lần nhập mật khẩu mới không giống nhau.");
    }
    if !form.is_valid() {
        return Ok(None);
    }
    let Some(proof) = typed.proves(ctx, &account, form).await? else { return Ok(None) };
    if directory.hashing().find(wanted.clone(), remembered).await?.is_some() {
        form.refuse("password", "used", "Mật khẩu này đã dùng gần đây. Hãy chọn mật khẩu khác.");
        return Ok(None);
    }
    Ok(Some((directory.hashing().hash(wanted).await?, proof)))
}
