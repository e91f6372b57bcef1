//! /tra-cuu : a dossier by its code and the last four digits of the party's identity number or phone.
//!
//! The answer to a wrong number and to an unknown code is the same, to the letter.

use super::private;
use super::seeker::Seeker;
use crate::track::{TAIL_DIGITS, Tried};
use askama::Template;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use types::text;
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Page as WebPage, Query, Sample, see};

/// A code of any system is shorter.
const CODE_MAX: usize = 60;
const WRONG: &str = "Không tìm thấy hồ sơ với mã và 4 số này. Hãy xem lại mã trên giấy tiếp nhận, và 4 số cuối của số định danh hoặc số điện thoại đã ghi trong hồ sơ.";
const TOO_MANY: &str = "Đã có quá nhiều lần thử sai. Hãy thử lại sau một giờ, hoặc quét mã QR trên giấy tiếp nhận, hoặc hỏi bộ phận một cửa.";

/// What a link or the front page's box brings along.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "citizen/seek.html")]
struct Seek {
    form: FormState,
    /// What a link brought along.
    code: String,
    command: String,
}

/// GET /tra-cuu
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let seek = Seek { form: FormState::new(Lang::Vi), code: clean_code(&asked.code), command: ctx.new_command() };
    let mut response = private(WebPage::citizen("Theo dõi hồ sơ", seek));
    if let Some(cookie) = ctx.device_cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// POST /tra-cuu
pub async fn look_up(ctx: Ctx, fields: Fields) -> Outcome {
    let code = clean_code(fields.text("code"));
    let tail: String = fields.text("tail").chars().filter(|c| !c.is_whitespace()).collect();
    let mut form = FormState::sent(Lang::Vi, [("code", code.as_str()), ("tail", tail.as_str())]);
    if code.is_empty() {
        form.refuse("code", "missing", "Nhập mã hồ sơ ghi trên giấy tiếp nhận.");
    }
    if tail.len() != TAIL_DIGITS || !tail.bytes().all(|b| b.is_ascii_digit()) {
        form.refuse("tail", "wrong_length", "Nhập đúng 4 chữ số cuối của số định danh hoặc số điện thoại.");
    }
    if !form.is_valid() {
        return Ok(again(&ctx, form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let command = ctx.command("dossiers.track", fields.text("command"), None)?;
    let seeker = Seeker::of(&ctx);
    let tried = ctx.store().write(command, move |tx| seeker.try_code(tx, &code, &tail)).await?;
    let (sentence, status) = match tried {
        Tried::Found(token) => return Ok(found(&token)),
        Tried::Wrong => (WRONG, StatusCode::UNPROCESSABLE_ENTITY),
        Tried::TooMany => (TOO_MANY, StatusCode::TOO_MANY_REQUESTS),
    };
    form.refuse("", "refused", sentence);
    Ok(again(&ctx, form, status))
}

/// The redirect names the secret link: no cache may keep it.
fn found(token: &str) -> Response {
    let mut response = see(&format!("/theo-doi/{token}"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The form with what is wrong; the digits are not put back.
fn again(ctx: &Ctx, form: FormState, status: StatusCode) -> Response {
    let title = form.title("Theo dõi hồ sơ");
    let seek = Seek { form, code: String::new(), command: ctx.new_command() };
    private(WebPage::citizen(title, seek).with_status(status))
}

fn clean_code(typed: &str) -> String {
    let typed: String = text::clean(typed).chars().filter(|c| !c.is_whitespace()).take(CODE_MAX).collect();
    typed.to_uppercase()
}

impl Seek {
    fn code_field(&self) -> Field {
        let field = Field::text("code", "Mã hồ sơ").hint("Ghi trên giấy tiếp nhận, ví dụ H55.62.05-261121-0001.");
        let field = field.width(Width::Long).max_length(CODE_MAX);
        let field = if self.code.is_empty() { field } else { field.value(&self.code) };
        field.of(&self.form)
    }

    fn tail_field(&self) -> Field {
        let hint = "Của người nộp hồ sơ, như đã ghi khi nộp. Chỉ biết mã thì chưa xem được hồ sơ.";
        let field = Field::digits("tail", "4 số cuối của số định danh cá nhân hoặc số điện thoại");
        field.hint(hint).width(Width::Short).max_length(TAIL_DIGITS).of(&self.form)
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let sample = |name, form: FormState, code: &str| {
        let title = form.title("Theo dõi hồ sơ");
        let seek = Seek { form, code: code.to_owned(), command: "0".repeat(32) };
        Sample { name, page: WebPage::citizen(title, seek) }
    };
    let mut wrong = FormState::sent(Lang::Vi, [("code", "H99.01-261121-0001"), ("tail", "12")]);
    wrong.refuse("tail", "wrong_length", "Nhập đúng 4 chữ số cuối của số định danh hoặc số điện thoại.");
    let mut too_many = FormState::sent(Lang::Vi, [("code", "H99.01-261121-0001"), ("tail", "1234")]);
    too_many.refuse("", "refused", TOO_MANY);
    vec![
        sample("citizen-seek/fresh", FormState::new(Lang::Vi), ""),
        sample("citizen-seek/with-code", FormState::new(Lang::Vi), "H99.01-261121-0001"),
        sample("citizen-seek/wrong", wrong, ""),
        sample("citizen-seek/too-many", too_many, ""),
    ]
}
