//! The code of the second factor, after the password.

use super::form_page::sent;
use super::scope::directory;
use super::sign_in::{origin, own_path, session_token, with_session};
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use types::Error;
use ui::{
    Button, Container, ErrorSummary, Field, FormBox, FormState, Html, Lang, Link, Notice, PageHead, Stack, Tone, Width,
};
use web::{Ctx, Fields, Outcome, Page, Query, see};

#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    tiep: String,
}

pub(crate) async fn show(ctx: Ctx, headers: HeaderMap, Query(back): Query<Back>) -> Outcome {
    if ctx.who.officer.is_some() {
        return Ok(see(own_path(&back.tiep)));
    }
    if session_token(&ctx, &headers).is_none() {
        return Ok(see("/dang-nhap"));
    }
    Ok(draw(&FormState::new(Lang::Vi), &back.tiep, None).into_response())
}

/// What the page looks like.
pub(crate) fn draw(form: &FormState, back: &str, notice: Option<&str>) -> Page {
    let code = Field::digits("code", "Mã xác thực")
        .hint("Sáu chữ số đang hiện trong ứng dụng xác thực trên điện thoại.")
        .complete("one-time-code")
        .max_length(10)
        .width(Width::Medium)
        .of(form);
    let boxed = FormBox::post("/dang-nhap/ma").hidden("tiep", own_path(back));
    let head = PageHead::new("Xác thực hai bước").back("Đăng nhập lại từ đầu", "/dang-nhap");
    let notice = notice.map_or_else(Html::default, |text| Notice::new(Tone::Danger, text).into());
    let help = Html::text("Mất điện thoại? Hãy nhờ quản trị của đơn vị gỡ xác thực hai bước, rồi ")
        .and(Link::new("đăng nhập lại", "/dang-nhap"));
    let body = boxed.around(Html::from(code).and(Button::submit("Xác nhận").wide()));
    let body = Html::from(head).and(notice).and(ErrorSummary::of(form)).and(body).and(Notice::new(Tone::Info, help));
    Page::bare(form.title("Xác thực hai bước"), ui::Page.around(Stack.around(body))).with_status(form.status())
}

pub(crate) async fn enter(ctx: Ctx, headers: HeaderMap, fields: Fields) -> Outcome {
    let Some(half) = session_token(&ctx, &headers) else { return Ok(see("/dang-nhap")) };
    let mut form = sent(&fields);
    let (code, back) = (form.value("code").to_owned(), fields.text("tiep"));
    if code.is_empty() {
        form.refuse("code", "missing", "Nhập mã xác thực.");
        return Ok(draw(&form, back, None).into_response());
    }
    match directory(&ctx).sign_in_code(ctx.store(), &origin(&ctx, &headers), (&half, &code)).await {
        Ok(token) => Ok(with_session(&ctx, see(own_path(back)), &token)),
        Err(Error::SignedOut) => Ok(see("/dang-nhap")),
        Err(error @ Error::TooMany(_)) => {
            let page = draw(&form, back, Some(&error.to_string()));
            Ok(page.with_status(StatusCode::TOO_MANY_REQUESTS).into_response())
        }
        Err(error) => {
            form.absorb(error)?;
            Ok(draw(&form, back, None).into_response())
        }
    }
}
