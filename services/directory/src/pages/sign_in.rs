//! The entrance and the way out.

use super::form_page::sent;
use super::proof::{ASK_PATH, only_answer};
use super::scope::directory;
use crate::gate::SESSION_COOKIE;
use crate::keys::is_token;
use crate::passkey::party::Party;
use crate::sign_in::{Origin, SignedIn};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use types::{Error, Result};
use ui::{
    Button, Container, ErrorSummary, Field, FormBox, FormState, Html, Lang, Notice, PageHead, PasskeyBox, Stack, Tone,
};
use web::cookies::{DEVICE_COOKIE, cookie, set_cookie};
use web::{Ctx, Fields, Outcome, Page, Query, see};

/// Where an answer at the entrance goes.
const ENTER_PATH: &str = "/dang-nhap/khoa-truy-cap";
/// How long a browser keeps its mark: two years.
const DEVICE_SECONDS: i64 = 2 * 365 * 86_400;

#[derive(Debug, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    tiep: String,
    /// A passkey's answer came too late.
    khoa: Option<String>,
}

/// Told where a passkey answered a question that is over.
const QUESTION_OVER: &str =
    "Lần hỏi khóa truy cập đó đã quá 5 phút hoặc đã được trả lời. Ông/bà hãy bấm lại «Đăng nhập bằng khóa truy cập».";

/// The address at which passkeys work; none where they do not.
fn origin_of(ctx: &Ctx) -> Option<String> {
    Party::of(&ctx.house.settings().public_url).map(|party| party.origin)
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
    let over = back.khoa.is_some().then_some(QUESTION_OVER);
    Ok(marked(&ctx, draw(&FormState::new(Lang::Vi), (&back.tiep, origin_of(&ctx)), over)))
}

/// The page with the mark of this browser, which limits for guessing need.
fn marked(ctx: &Ctx, page: Page) -> Response {
    let mut response = page.into_response();
    if ctx.device.is_empty() {
        put_cookie(ctx, &mut response, (DEVICE_COOKIE, &ctx.new_command()), Some(DEVICE_SECONDS));
    }
    response
}

/// What the entrance looks like, with the address at which passkeys work. `notice` stands above the form where no field is
/// at fault.
pub(crate) fn draw(form: &FormState, (back, origin): (&str, Option<String>), notice: Option<&str>) -> Page {
    let complete = if origin.is_some() { "username webauthn" } else { "username" };
    let fields = [
        Field::text("username", "Tên đăng nhập").complete(complete).max_length(60).of(form),
        Field::password("password", "Mật khẩu").max_length(200).of(form),
    ];
    let fields = fields.into_iter().fold(Html::default(), Html::and);
    let boxed = FormBox::post("/dang-nhap").hidden("tiep", own_path(back));
    let head = PageHead::new("Đăng nhập").lead("Dành cho cán bộ, công chức, viên chức.");
    // After a refusal a passkey waits to be asked for: a device that answers by itself would be refused again and again.
    let passkey = passkey((origin, form.is_valid() && notice.is_none()), back);
    let notice = notice.map_or_else(Html::default, |text| Notice::new(Tone::Danger, text).into());
    let body = boxed.around(fields.and(Button::submit("Đăng nhập").wide()));
    let body = Html::from(head).and(notice).and(ErrorSummary::of(form)).and(body).and(passkey);
    let page = Page::bare(form.title("Đăng nhập"), ui::Page.around(Stack.around(body))).with_status(form.status());
    page.with_script(ui::PASSKEY_SCRIPT)
}

/// The other way in, or why there is none here.
fn passkey((origin, offered): (Option<String>, bool), back: &str) -> Html {
    let Some(origin) = origin else {
        let why = "Khóa truy cập (passkey) chỉ dùng được khi Nhà Việc có địa chỉ https với tên miền.";
        return Notice::new(Tone::Info, why).into();
    };
    let ask = PasskeyBox::get("Đăng nhập bằng khóa truy cập (passkey)", ASK_PATH, origin).secondary().wide();
    let ask = if offered { ask.autofill() } else { ask };
    FormBox::post(ENTER_PATH).hidden("tiep", own_path(back)).around(ask)
}

/// GET /dang-nhap/khoa-truy-cap/thach-thuc: a question for a passkey, as JSON. At the entrance for whoever has one here, in
/// a session for its officer. Only a script of ours asks: another site cannot make a browser send this header.
pub(crate) async fn ask(ctx: Ctx, headers: HeaderMap) -> Outcome {
    if !headers.contains_key("x-requested-with") {
        return Err(Error::not_found("trang này").into());
    }
    let party = party(&ctx)?;
    let directory = directory(&ctx);
    let (ceremony, asked) = if ctx.who.officer.is_some() {
        directory.ask_proof(&ctx, &party).await?
    } else {
        directory.ask_entrance(ctx.store(), &party, &origin(&ctx, &headers)).await?
    };
    let answer = serde_json::json!({ "ceremony": ceremony, "publicKey": asked });
    Ok(([(header::CACHE_CONTROL, "no-store")], axum::Json(answer)).into_response())
}

fn party(ctx: &Ctx) -> Result<Party> {
    Party::of(&ctx.house.settings().public_url).ok_or_else(|| Error::conflict(super::passkeys::UNAVAILABLE))
}

/// POST /dang-nhap/khoa-truy-cap
pub(crate) async fn enter_with_passkey(ctx: Ctx, headers: HeaderMap, fields: Fields) -> Outcome {
    let (back, mut form) = (fields.text("tiep"), sent(&fields));
    let (party, (question, answer)) = (party(&ctx)?, only_answer(&fields));
    let origin = origin(&ctx, &headers);
    let entering = (&party, &origin);
    match directory(&ctx).sign_in_with_passkey(ctx.store(), entering, (question, &answer)).await {
        Ok(Some(token)) => Ok(with_session(&ctx, see(own_path(back)), &token)),
        Ok(None) => Ok(see(&format!("/dang-nhap?tiep={}&khoa=lai", encoded(own_path(back))))),
        Err(error) => Ok(refused(&mut form, (back, Some(party.origin)), error)?.into_response()),
    }
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
        return Ok(marked(&ctx, draw(&form, (back, origin_of(&ctx)), None)));
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
        Err(error) => refused(&mut form, (back, origin_of(&ctx)), error)?.into_response(),
    };
    if let Some(mark) = new_device {
        put_cookie(&ctx, &mut response, (DEVICE_COOKIE, &mark), Some(DEVICE_SECONDS));
    }
    Ok(response)
}

/// A refusal on the same page, with what was typed still there.
fn refused(form: &mut FormState, at: (&str, Option<String>), error: Error) -> Result<Page> {
    let status = match &error {
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        _ => {
            form.absorb(error)?;
            return Ok(draw(form, at, None));
        }
    };
    Ok(draw(form, at, Some(&error.to_string())).with_status(status))
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
