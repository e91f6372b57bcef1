//! GET /quan-tri/may/khoa : the key of backups, to be written down and put away.

use super::{command, keepers_only, sent};
use crate::backup::Key;
use crate::upkeep::{TOP, plan};
use age::secrecy::ExposeSecret;
use axum::response::IntoResponse;
use http::{HeaderValue, StatusCode, header};
use types::{Error, Result};
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Page, see};

/// GET /quan-tri/may/khoa
pub async fn ask(ctx: Ctx) -> Outcome<Page> {
    keepers_only(&ctx).await?;
    Ok(asking(&ctx.new_command()))
}

/// POST /quan-tri/may/khoa : whoever looks at the key is noted.
pub async fn show(ctx: Ctx, fields: Fields) -> Outcome {
    keepers_only(&ctx).await?;
    let command = command(&ctx, "upkeep.show_key", &fields)?;
    let key = key(&ctx).await?;
    ctx.store().write(command, plan::show_key).await?;
    Ok(kept_nowhere(shown(key.word().expose_secret(), &FormState::new(Lang::Vi), &ctx.new_command())))
}

/// POST /quan-tri/may/khoa/da-cat
pub async fn put_away(ctx: Ctx, fields: Fields) -> Outcome {
    keepers_only(&ctx).await?;
    let key = key(&ctx).await?;
    let mut form = sent(&fields);
    if !form.value("ending").trim().eq_ignore_ascii_case(&key.ending()) {
        form.refuse("ending", "other", "Sáu ký tự này không giống cuối khóa. Hãy xem lại bản đã chép.");
        return Ok(confirming(&form, &ctx.new_command()).into_response());
    }
    let command = command(&ctx, "upkeep.put_key_away", &fields)?;
    let public = key.public();
    ctx.store().write(command, move |tx| plan::put_away(tx, &public)).await?;
    Ok(see(&format!("{TOP}?xong=khoa")))
}

async fn key(ctx: &Ctx) -> Result<Key> {
    let data = ctx.house.settings().data.clone();
    let read = tokio::task::spawn_blocking(move || Key::open(&data));
    read.await.map_err(|e| Error::internal(format!("reading a key: {e}")))?
}

/// A page with a secret stays in no memory of a browser.
fn kept_nowhere(page: Page) -> axum::response::Response {
    let mut answer = page.into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

const TITLE: &str = "Khóa mở bản sao lưu";
const WHY: &str =
    "Bản sao lưu chỉ mở được bằng khóa này. Máy chủ giữ một bản; nếu máy chủ hỏng, chỉ còn bản ông/bà cất.";

/// The page before the key is shown.
pub fn asking(command: &str) -> Page {
    let show = FormBox::post(format!("{TOP}/khoa")).hidden("command", command);
    let buttons = Actions
        .around(Html::from(Button::submit("Xem khóa").icon(Icon::Eye)).and(Button::link("Quay lại", TOP).tertiary()));
    let note =
        Notice::new(Tone::Info, "Khi bấm «Xem khóa», khóa hiện ra để in hoặc chép. Ai đã xem được ghi vào nhật ký.");
    let head = PageHead::new(TITLE).lead(WHY).back("Kiểm tra máy", TOP);
    Page::desk(TITLE, Stack.around(Html::from(head).and(note).and(Panel.around(show.around(buttons)))))
}

/// The key, and the form that says it was put away.
pub fn shown(word: &str, form: &FormState, command: &str) -> Page {
    let facts = KeyValues::new().row("Khóa", Html::text(word));
    let how = "In trang này hoặc chép khóa ra giấy, cho vào phong bì niêm phong, cất trong két của cơ quan. Không để chung \
        với USB sao lưu, không gửi qua tin nhắn.";
    let head = PageHead::new(TITLE).lead(WHY).back("Kiểm tra máy", TOP);
    let card = Card::new("Khóa").around(Html::from(facts).and(Notice::new(Tone::Warning, how)));
    Page::desk(TITLE, Stack.around(Html::from(head).and(card).and(ending_form(form, command))))
}

/// The form again, without the key, when the letters were others.
pub fn confirming(form: &FormState, command: &str) -> Page {
    let head = PageHead::new(TITLE).lead(WHY).back("Kiểm tra máy", TOP);
    let body = Html::from(head).and(ErrorSummary::of(form)).and(ending_form(form, command));
    Page::desk(form.title(TITLE), Stack.around(body)).with_status(StatusCode::UNPROCESSABLE_ENTITY)
}

fn ending_form(form: &FormState, command: &str) -> Html {
    let ending = Field::text("ending", "Sáu ký tự cuối của khóa")
        .hint("Đọc từ bản đã in hoặc đã chép, để chắc là chép đúng.")
        .width(Width::Short)
        .max_length(6);
    let boxed = FormBox::post(format!("{TOP}/khoa/da-cat")).hidden("command", command);
    let fields = Html::from(ending.of(form)).and(Actions.around(Button::submit("Tôi đã cất khóa")));
    Card::new("Xác nhận").around(boxed.around(fields))
}
