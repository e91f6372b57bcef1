//! Setting up the second factor: who asks proves to be the officer ([`super::proof`]), then a QR code for the phone, then
//! the first code as proof that the phone has it.

use super::form_page::{command, fresh, is_done, sent, settle};
use super::proof::{Demand, Ways, factor, proven};
use super::scope::directory;
use crate::account::{self, Account};
use crate::keys::totp_of;
use crate::totp;
use axum::response::IntoResponse;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use types::{Error, Result};
use ui::{
    Button, Card, Container, ErrorSummary, Field, FormBox, FormState, Html, Icon, KeyValues, Link, Notice, PageHead,
    Stack, Tone, Width,
};
use web::{Ctx, Fields, Outcome, Page, see};

const CONFIRM: &str = "directory.confirm_second_factor";
const OFFER: &str = "directory.offer_second_factor";
/// The field with the password.
const PASSWORD: &str = "proof";

/// What the page shows.
pub(crate) struct SecondFactorPage {
    /// One is in use, so that a code of it is asked for before there is another.
    pub confirmed: bool,
    /// The officer cannot go on without it.
    pub forced: bool,
    /// A secret that waits for its first code, with the user name for the app.
    pub offered: Option<(Vec<u8>, String)>,
    /// How the officer proves to be there.
    pub ways: Ways,
    pub command: String,
}

impl SecondFactorPage {
    pub(crate) fn draw(&self, form: &FormState) -> Page {
        let title = "Xác thực hai bước";
        let head = PageHead::new(title)
            .back("Tài khoản của tôi", "/tai-khoan")
            .lead("Ngoài mật khẩu, mỗi lần đăng nhập cần thêm mã sáu chữ số từ ứng dụng xác thực trên điện thoại (như Google Authenticator, Microsoft Authenticator, FreeOTP). Ứng dụng không cần mạng.");
        let body = Html::from(head).and(self.state()).and(ErrorSummary::of(form));
        let body = match &self.offered {
            Some((secret, username)) => body.and(self.scan(form, secret, username)),
            None => body,
        };
        let body = body.and(self.start(form));
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status()).with_script(ui::PASSKEY_SCRIPT)
    }

    fn state(&self) -> Html {
        if self.confirmed {
            Notice::new(Tone::Success, "Xác thực hai bước đang bật. Khi đổi điện thoại, hãy tạo mã QR mới và quét lại; mã cũ còn dùng được đến khi mã mới được xác nhận.").into()
        } else if self.forced {
            let ways = Html::text("Người có quyền quản trị phải bật xác thực hai bước, hoặc ")
                .and(Link::new("dùng khóa truy cập", super::passkeys::PATH))
                .and("trước khi làm việc. Ai đã có khóa truy cập thì đăng xuất rồi đăng nhập lại bằng khóa đó.");
            Notice::new(Tone::Warning, ways).into()
        } else {
            Html::default()
        }
    }

    /// The form that asks for a new QR code.
    fn start(&self, form: &FormState) -> Html {
        let label = if self.confirmed || self.offered.is_some() { "Tạo mã QR mới" } else { "Bắt đầu" };
        let start = Button::submit(label).icon(Icon::QrCode);
        let start = if self.offered.is_some() { start.secondary() } else { start };
        let hint = "Để chắc chắn chính ông/bà đang ngồi trước máy.";
        let fields = self.ways.fields(PASSWORD, Some(hint));
        let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
        let start = if self.ways.has_fields() { start.into() } else { Html::default() };
        let passkey = self.ways.passkey("Xác nhận bằng khóa truy cập");
        let boxed = FormBox::post("/tai-khoan/xac-thuc").hidden("command", &self.command);
        Card::new(label).around(boxed.around(fields.and(start).and(passkey)))
    }

    fn scan(&self, form: &FormState, secret: &[u8], username: &str) -> Html {
        let facts = KeyValues::new()
            .row("Không quét được? Nhập khóa này vào ứng dụng", totp::typed_secret(secret))
            .row("Tên tài khoản", username);
        let code = Field::digits("code", "Mã đang hiện trong ứng dụng")
            .hint("Sáu chữ số, đổi sau mỗi 30 giây.")
            .complete("one-time-code")
            .max_length(10)
            .width(Width::Medium)
            .of(form);
        let boxed = FormBox::post("/tai-khoan/xac-thuc/xac-nhan").hidden("command", format!("{}-xn", self.command));
        let boxed = boxed.around(Html::from(code).and(Button::submit("Xác nhận và bật")));
        Card::new("Quét mã bằng điện thoại").around(qr(&totp::uri(secret, username)).and(facts).and(boxed))
    }
}

/// The code as a drawing in the page: the secret never becomes a file.
fn qr(text: &str) -> Html {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return Html::default() };
    let drawing = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    let drawing = drawing.split_once("?>").map_or(drawing.as_str(), |(_, svg)| svg);
    Html::trusted(drawing.replacen("<svg ", r#"<svg role="img" aria-label="Mã QR cho ứng dụng xác thực" "#, 1))
}

async fn account_of(ctx: &Ctx) -> Result<Account> {
    let me = ctx.officer()?.id;
    ctx.store().read(move |reader| account::of_officer(reader, me)).await
}

async fn draw(ctx: &Ctx, form: &FormState) -> Outcome {
    let account = account_of(ctx).await?;
    let offered = match account.offer(ctx.officer()?.session, ctx.now()) {
        Some(sealed) => {
            Some((directory(ctx).keys().open_sealed(totp_of(account.officer), sealed)?, account.username.clone()))
        }
        None => None,
    };
    let forced = ctx.who.detour == Some(crate::gate::SECOND_FACTOR_PAGE);
    let ways = Ways::of(ctx, &account, Demand::Factor).await?;
    let confirmed = factor(ctx, &account).is_some();
    let page = SecondFactorPage { confirmed, forced, offered, ways, command: ctx.new_command() };
    Ok(page.draw(form).into_response())
}

pub(crate) async fn show(ctx: Ctx) -> Outcome {
    draw(&ctx, &fresh()).await
}

/// Draws a new secret for whoever proves to be the officer; the one in use stays until the new one is confirmed.
pub(crate) async fn offer(ctx: Ctx, fields: Fields) -> Outcome {
    if is_done(&ctx, &fields, OFFER).await? {
        return Ok(see("/tai-khoan/xac-thuc"));
    }
    let mut form = sent(&fields);
    let account = account_of(&ctx).await?;
    let ways = Ways::of(&ctx, &account, Demand::Factor).await?;
    let proof = proven(&ctx, &account, (ways, PASSWORD), (&fields, &mut form)).await?;
    if let Some(proof) = proof {
        let (me, session) = (account.officer, ctx.officer()?.session.ok_or(Error::SignedOut)?);
        let secret: [u8; totp::SECRET_BYTES] = rand::random();
        let keys = directory(&ctx).keys();
        let sealed = keys.seal(totp_of(me), &secret)?;
        let command = command(&ctx, &fields, OFFER)?;
        let offer =
            move |tx: &mut store::Tx<'_>| account::offer_second_factor(tx, me, (&keys, &sealed, session), proof.step);
        let done = ctx.store().write(command, offer).await;
        if settle(&mut form, done)?.is_some() {
            return Ok(see("/tai-khoan/xac-thuc"));
        }
    }
    draw(&ctx, &form).await
}

pub(crate) async fn confirm(ctx: Ctx, fields: Fields) -> Outcome {
    if is_done(&ctx, &fields, CONFIRM).await? {
        return Ok(see("/tai-khoan"));
    }
    let mut form = sent(&fields);
    let account = account_of(&ctx).await?;
    let Some(sealed) = account.offer(ctx.officer()?.session, ctx.now()).map(str::to_owned) else {
        return Err(Error::conflict(
            "Không có mã QR nào đang chờ xác nhận, hoặc mã đã quá 10 phút. Ông/bà hãy bắt đầu lại.",
        )
        .into());
    };
    let directory = directory(&ctx);
    let secret = directory.keys().open_sealed(totp_of(account.officer), &sealed)?;
    directory.count_try(ctx.store(), &account, &ctx).await?;
    match totp::verify(&secret, form.value("code"), ctx.now(), 0) {
        Some(step) => {
            directory.forgive_try(ctx.store(), &account, &ctx).await?;
            let (me, keep, command) = (account.officer, ctx.officer()?.session, command(&ctx, &fields, CONFIRM)?);
            let confirm = move |tx: &mut store::Tx<'_>| account::confirm_second_factor(tx, me, (&sealed, step), keep);
            let done = ctx.store().write(command, confirm).await;
            if settle(&mut form, done)?.is_some() {
                return Ok(see("/tai-khoan"));
            }
        }
        None => form.refuse(
            "code",
            "wrong",
            "Mã không đúng. Hãy nhập mã đang hiện; nếu vẫn sai, kiểm tra giờ của điện thoại.",
        ),
    }
    draw(&ctx, &form).await
}
