//! The entrance and the way out.

use super::form_page::sent;
use super::scope::directory;
use crate::gate::SESSION_COOKIE;
use crate::keys::is_token;
use crate::sign_in::{Origin, SignedIn};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use types::{Error, Result};
use ui::{Button, Container, ErrorSummary, Field, FormBox, FormState, Html, Lang, Notice, PageHead, Stack, Tone};
use web::cookies::{DEVICE_COOKIE, cookie, set_cookie};
use web::{Ctx, Fields, Outcome, Page, Query, see};

/// How long a browser keeps its mark: two years.
const DEVICE_SECONDS: i64 = 2 * 365 * 86_400;

#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    tiep: String,
}

/// A path of our own to go back to; anything else leads to the start page.
pub(crate) fn own_path(asked: &str) -> &str {
    let ours = asked.starts_with('/')
        && !asked.starts_with("//")
        && asked.len() <= 500
        && asked.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !asked.starts_with("/dang-nhap");
    if ours { asked } else { "/" }
}

pub(crate) async fn show(ctx: Ctx, Query(back): Query<Back>) -> Outcome {
    if ctx.who.officer.is_some() {
        return Ok(see(own_path(&back.tiep)));
    }
    Ok(marked(&ctx, draw(&FormState::new(Lang::Vi), &back.tiep, None)))
}

/// The page with the mark of this browser, which limits for guessing need.
fn marked(ctx: &Ctx, page: Page) -> Response {
    let mut response = page.into_response();
    if ctx.device.is_empty() {
        put_cookie(ctx, &mut response, (DEVICE_COOKIE, &ctx.new_command()), Some(DEVICE_SECONDS));
    }
    response
}

/// What the entrance looks like. `notice` stands above the form where no field is at fault.
pub(crate) fn draw(form: &FormState, back: &str, notice: Option<&str>) -> Page {
    let fields = [
        Field::text("username", "Tên đăng nhập").complete("username").max_length(60).of(form),
        Field::password("password", "Mật khẩu").max_length(200).of(form),
    ];
    let fields = fields.into_iter().fold(Html::default(), Html::and);
    let boxed = FormBox::post("/dang-nhap").hidden("tiep", own_path(back));
    let head = PageHead::new("Đăng nhập").lead("Dành cho cán bộ, công chức, viên chức.");
    let notice = notice.map_or_else(Html::default, |text| Notice::new(Tone::Danger, text).into());
    let body = boxed.around(fields.and(Button::submit("Đăng nhập").wide()));
    let body = Html::from(head).and(notice).and(ErrorSummary::of(form)).and(body);
    Page::bare(form.title("Đăng nhập"), ui::Page.around(Stack.around(body))).with_status(form.status())
}

pub(crate) async fn enter(ctx: Ctx, headers: HeaderMap, fields: Fields) -> Outcome {
    let mut form = sent(&fields);
    let (username, password) = (form.value("username").to_owned(), raw(&fields, "password").to_owned());
    if username.is_empty() {
        form.refuse("username", "missing", "Nhập tên đăng nhập.");
    }
    if password.is_empty() {
        form.refuse("password", "missing", "Nhập mật khẩu.");
    }
    let back = fields.text("tiep");
    if !form.is_valid() {
        return Ok(marked(&ctx, draw(&form, back, None)));
    }
    let mut origin = origin(&ctx, &headers);
    let new_device = origin.device.is_empty().then(|| ctx.new_command());
    if let Some(mark) = &new_device {
        origin.device.clone_from(mark);
    }
    let tried = directory(&ctx).sign_in(ctx.store(), &origin, (&username, &password)).await;
    let mut response = match tried {
        Ok(SignedIn::Done { token }) => with_session(&ctx, see(own_path(back)), &token),
        Ok(SignedIn::SecondStep { token }) => {
            let path = format!("/dang-nhap/ma?tiep={}", encoded(own_path(back)));
            with_session(&ctx, see(&path), &token)
        }
        Err(error) => refused(&mut form, back, error)?.into_response(),
    };
    if let Some(mark) = new_device {
        put_cookie(&ctx, &mut response, (DEVICE_COOKIE, &mark), Some(DEVICE_SECONDS));
    }
    Ok(response)
}

/// A refusal on the same page, with what was typed still there.
fn refused(form: &mut FormState, back: &str, error: Error) -> Result<Page> {
    let status = match &error {
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        _ => {
            form.absorb(error)?;
            return Ok(draw(form, back, None));
        }
    };
    Ok(draw(form, back, Some(&error.to_string())).with_status(status))
}

/// A value as it was typed: spaces belong to a password.
pub(super) fn raw<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.all(name).first().map_or("", String::as_str)
}

/// Where the request comes from.
pub(super) fn origin(ctx: &Ctx, headers: &HeaderMap) -> Origin {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Origin {
        device: ctx.device.clone(),
        client: ctx.client.clone(),
        user_agent: user_agent.to_owned(),
        request: ctx.request,
    }
}

/// The path as a value in a question.
fn encoded(path: &str) -> String {
    path.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The response with the session's cookie; it lasts as long as the browser runs, the server decides the rest.
pub(super) fn with_session(ctx: &Ctx, mut response: Response, token: &str) -> Response {
    put_cookie(ctx, &mut response, (SESSION_COOKIE, token), None);
    response
}

fn put_cookie(ctx: &Ctx, response: &mut Response, cookie: (&str, &str), seconds: Option<i64>) {
    if let Some(cookie) = set_cookie(ctx.house.settings(), cookie, seconds) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// The session token that the browser sent, whatever it is worth.
pub(super) fn session_token(ctx: &Ctx, headers: &HeaderMap) -> Option<String> {
    cookie(ctx.house.settings(), headers, SESSION_COOKIE).filter(|token| is_token(token))
}

pub(crate) async fn leave(ctx: Ctx, headers: HeaderMap) -> Outcome {
    if let Some(token) = session_token(&ctx, &headers) {
        directory(&ctx).sign_out(ctx.store(), &token, ctx.request).await?;
    }
    let mut response = see("/dang-nhap");
    put_cookie(&ctx, &mut response, (SESSION_COOKIE, ""), Some(0));
    // What was on the screen must not come back with the "back" button of the next one at this PC.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_are_gone_back_to() {
        for path in ["/", "/ho-so/12", "/ho-so?tim=%C4%90%E1%BA%B7ng&trang=2"] {
            assert_eq!(own_path(path), path);
        }
        for hostile in [
            "",
            "//evil.vn",
            "/\\evil.vn",
            "https://evil.vn",
            "evil",
            "/\t/evil.vn",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=1",
            "/dang-nhap?tiep=/",
            "/đường",
            "\\\\evil.vn",
        ] {
            assert_eq!(own_path(hostile), "/", "{hostile:?}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(500))), "/");
    }
}
