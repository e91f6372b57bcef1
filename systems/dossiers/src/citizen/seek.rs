//! /tra-cuu : a dossier by its code and the last four digits of the party's identity number or phone; by all digits when
//! others have guessed at the code too often.
//!
//! The answer to a wrong number and to an unknown code is the same, to the letter.

use super::private;
use super::seeker::try_code;
use crate::track::{Number, Opens, TAIL_DIGITS, Tried};
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
const NOT_A_NUMBER: &str = "Nhập đúng 4 chữ số cuối của số định danh hoặc số điện thoại, hoặc nhập đủ cả số.";
const WHOLE_NUMBER: &str = "Mã hồ sơ này đã bị thử sai nhiều lần trong ngày, có thể do người khác. Hãy nhập đủ số định danh cá nhân hoặc số điện thoại đã ghi trong hồ sơ thay cho 4 số cuối.";
/// A whole number as people write it, with spaces or dots.
pub(super) const NUMBER_MAX: usize = 24;
pub(super) const TOO_MANY: &str = "Đã có quá nhiều lần thử sai. Hãy thử lại sau một giờ, hoặc quét mã QR trên giấy tiếp nhận, hoặc hỏi bộ phận một cửa.";

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
    /// The last digits are not enough today.
    whole: bool,
    command: String,
}

/// GET /tra-cuu
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let (form, code) = (FormState::new(Lang::Vi), clean_code(&asked.code));
    let seek = Seek { form, code, whole: false, command: ctx.new_command() };
    let mut response = private(WebPage::citizen("Theo dõi hồ sơ", seek));
    if let Some(cookie) = ctx.device_cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// POST /tra-cuu
pub async fn look_up(ctx: Ctx, fields: Fields) -> Outcome {
    let code = clean_code(fields.text("code"));
    let tail = text::clean(fields.text("tail"));
    let number = Number::read(&tail);
    let mut form = FormState::sent(Lang::Vi, [("code", code.as_str()), ("tail", tail.as_str())]);
    if code.is_empty() {
        form.refuse("code", "missing", "Nhập mã hồ sơ ghi trên giấy tiếp nhận.");
    }
    if number.is_none() {
        form.refuse("tail", "wrong_length", NOT_A_NUMBER);
    }
    let Some(number) = number.filter(|_| form.is_valid()) else {
        let was_whole = tail.len() > TAIL_DIGITS;
        return Ok(again(&ctx, form, (StatusCode::UNPROCESSABLE_ENTITY, was_whole)));
    };
    let was_whole = matches!(number, Number::Whole(_));
    let (sentence, status, whole) =
        match try_code(&ctx, fields.text("command"), (&code, &number, Opens::Progress)).await? {
            Tried::Found(token) => return Ok(found(&token)),
            Tried::Wrong { .. } => (WRONG, StatusCode::UNPROCESSABLE_ENTITY, was_whole),
            Tried::WholeNumberWanted => (WHOLE_NUMBER, StatusCode::UNPROCESSABLE_ENTITY, true),
            Tried::TooMany => (TOO_MANY, StatusCode::TOO_MANY_REQUESTS, was_whole),
        };
    let mut form = FormState::sent(Lang::Vi, [("code", code.as_str())]);
    form.refuse("", "refused", sentence);
    Ok(again(&ctx, form, (status, whole)))
}

/// The redirect names the secret link: no cache may keep it.
fn found(token: &str) -> Response {
    let mut response = see(&format!("/theo-doi/{token}"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The form with what is wrong; the digits are not put back.
fn again(ctx: &Ctx, form: FormState, (status, whole): (StatusCode, bool)) -> Response {
    let title = form.title("Theo dõi hồ sơ");
    let seek = Seek { form, code: String::new(), whole, command: ctx.new_command() };
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
        if self.whole {
            let field = Field::digits("tail", "Số định danh cá nhân hoặc số điện thoại, đủ cả số");
            return field.hint("Của người nộp hồ sơ, như đã ghi khi nộp.").max_length(NUMBER_MAX).of(&self.form);
        }
        let hint = "Của người nộp hồ sơ, như đã ghi khi nộp. Chỉ biết mã thì chưa xem được hồ sơ.";
        let field = Field::digits("tail", "4 số cuối của số định danh cá nhân hoặc số điện thoại");
        field.hint(hint).width(Width::Short).max_length(TAIL_DIGITS).of(&self.form)
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let sample = |name, form: FormState, code: &str, whole: bool| {
        let title = form.title("Theo dõi hồ sơ");
        let seek = Seek { form, code: code.to_owned(), whole, command: "0".repeat(32) };
        Sample { name, page: WebPage::citizen(title, seek) }
    };
    let mut wrong = FormState::sent(Lang::Vi, [("code", "H99.01-261121-0001"), ("tail", "12")]);
    wrong.refuse("tail", "wrong_length", NOT_A_NUMBER);
    let mut too_many = FormState::sent(Lang::Vi, [("code", "H99.01-261121-0001"), ("tail", "1234")]);
    too_many.refuse("", "refused", TOO_MANY);
    let mut whole = FormState::sent(Lang::Vi, [("code", "H99.01-261121-0001"), ("tail", "1234")]);
    whole.refuse("", "refused", WHOLE_NUMBER);
    vec![
        sample("citizen-seek/fresh", FormState::new(Lang::Vi), "", false),
        sample("citizen-seek/with-code", FormState::new(Lang::Vi), "H99.01-261121-0001", false),
        sample("citizen-seek/wrong", wrong, "", false),
        sample("citizen-seek/too-many", too_many, "", false),
        sample("citizen-seek/whole-number", whole, "", true),
    ]
}
