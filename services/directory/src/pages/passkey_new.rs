//! The second step to a passkey: the browser makes it, its owner names it.

use super::form_page::{command, fresh, is_done, sent, settle};
use super::passkeys::{PATH, account_of, asked, new_path};
use super::proof::only_answer;
use super::sign_in::origin;
use crate::passkey::party::{Party, Refused};
use crate::passkey::{self, NAME_MAX, NewPasskey, ceremony, enter};
use crate::session::device_label;
use axum::response::IntoResponse;
use http::HeaderMap;
use types::{Error, Id};
use ui::{
    Actions, Button, Container, ErrorSummary, Field, FormBox, FormState, Html, PageHead, Panel, PasskeyBox, Stack,
    Width,
};
use web::{Ctx, Fields, Outcome, Page, Path, see};

const VERB: &str = "directory.add_passkey";

/// What the page shows.
pub(crate) struct NewPasskeyPage {
    pub question: Id,
    /// The question as JSON.
    pub asked: String,
    /// The address at which passkeys work.
    pub origin: String,
    /// What the passkey is called if nobody says otherwise.
    pub name: String,
    pub command: String,
}

impl NewPasskeyPage {
    pub(crate) fn draw(&self, form: &FormState) -> Page {
        let title = "Tạo khóa truy cập";
        let head = PageHead::new(title)
            .back("Khóa truy cập", PATH)
            .lead("Đặt tên để sau này nhận ra khóa, rồi làm theo hướng dẫn của trình duyệt. Trang này chờ 5 phút.");
        let name = Field::text("name", "Tên khóa")
            .hint("Ví dụ: Điện thoại, Máy ở cơ quan, Khóa USB màu đen.")
            .value(&self.name)
            .width(Width::Long)
            .max_length(NAME_MAX)
            .of(form);
        let make = PasskeyBox::create("Tạo khóa truy cập", &self.asked, &self.origin);
        let boxed = FormBox::post(new_path(self.question)).hidden("command", &self.command);
        let cancel = Actions.around(Button::link("Hủy", PATH).tertiary());
        let body = Panel.around(boxed.around(Html::from(name).and(make).and(cancel)));
        let body = Html::from(head).and(ErrorSummary::of(form)).and(body);
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status()).with_script(ui::PASSKEY_SCRIPT)
    }
}

async fn draw(ctx: &Ctx, (id, headers): (Id, &HeaderMap), form: &FormState) -> Outcome {
    let open = asked(ctx, id).await?;
    let party = Party::of(&ctx.house.settings().public_url);
    let origin_of = party.map(|party| party.origin).unwrap_or_default();
    let name = device_label(&origin(ctx, headers).user_agent);
    let page = NewPasskeyPage { question: id, asked: open.asked, origin: origin_of, name, command: ctx.new_command() };
    Ok(page.draw(form).into_response())
}

pub(crate) async fn show(ctx: Ctx, headers: HeaderMap, Path(id): Path<Id>) -> Outcome {
    draw(&ctx, (id, &headers), &fresh()).await
}

/// What is said of an answer that makes no passkey.
fn told(why: Refused) -> &'static str {
    match why {
        Refused("hidden") => {
            "Thiết bị này không giữ được khóa để đăng nhập không cần tên. Hãy dùng điện thoại, máy tính hoặc khóa bảo mật khác."
        }
        Refused("unverified") => {
            "Thiết bị chưa xác minh người dùng. Hãy bật khóa màn hình (vân tay, khuôn mặt hoặc mã PIN) rồi tạo lại."
        }
        _ => "Trình duyệt trả lời không đúng, nên chưa có khóa nào được lưu. Ông/bà hãy bắt đầu lại.",
    }
}

pub(crate) async fn make(ctx: Ctx, headers: HeaderMap, Path(id): Path<Id>, fields: Fields) -> Outcome {
    if is_done(&ctx, &fields, VERB).await? {
        return Ok(see(PATH));
    }
    let (mut form, open) = (sent(&fields), asked(&ctx, id).await?);
    let party = Party::of(&ctx.house.settings().public_url);
    let party = party.ok_or_else(|| Error::conflict(super::passkeys::UNAVAILABLE))?;
    let (_, answer) = only_answer(&fields);
    if answer.is_empty() {
        form.refuse("answer", "missing", "Bấm «Tạo khóa truy cập» và làm theo hướng dẫn của trình duyệt.");
        return draw(&ctx, (id, &headers), &form).await;
    }
    let made = match party.check_new(&open.state, &answer) {
        Ok(made) => made,
        Err(why) => {
            form.refuse("answer", "refused", told(why));
            return draw(&ctx, (id, &headers), &form).await;
        }
    };
    let (account, session) = (account_of(&ctx).await?, ctx.officer()?.session);
    let user_handle = handle_in(&open.asked)?;
    let place = enter::in_session(&ctx, ceremony::Kind::Add);
    let new = NewPasskey { officer: account.officer, name: form.value("name").to_owned(), user_handle, made };
    let added = ctx.store().write(command(&ctx, &fields, VERB)?, move |tx| {
        if !ceremony::use_up(tx, &place, id)? {
            return Err(Error::conflict("Khóa truy cập này vừa được tạo. Ông/bà hãy xem lại danh sách."));
        }
        passkey::add(tx, &new, session)
    });
    match settle(&mut form, added.await)? {
        Some(_) => Ok(see(PATH)),
        None => draw(&ctx, (id, &headers), &form).await,
    }
}

/// The handle that the device was given, as it is kept.
fn handle_in(asked: &str) -> types::Result<String> {
    let asked: serde_json::Value = serde_json::from_str(asked).map_err(Error::internal)?;
    let text = asked["user"]["id"].as_str().unwrap_or_default();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).map_err(Error::internal)?;
    let handle = crate::passkey::party::handle_of(&bytes);
    handle.ok_or_else(|| Error::internal("a question without a handle"))
}
