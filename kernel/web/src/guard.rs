//! The guard before every handler: who asks, whether the route allows it, and how the answer is drawn.

use crate::allow::Allow;
use crate::answer::{Fail, Told, see, status};
use crate::api::ApiError;
use crate::cookies::{DEVICE_COOKIE, cookie};
use crate::ctx::Ctx;
use crate::house::House;
use crate::page::{Page, Parked, Surface};
use crate::patience::{Patience, too_slow};
use crate::who::Who;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use types::{Error, Result};

/// Where htmx leads the whole page, whatever the status.
const HX_REDIRECT: &str = "hx-redirect";

/// What the log says for an address that does not exist.
pub(crate) const NOWHERE: &str = "(không có)";

/// Runs around every request.
pub(crate) async fn watch(
    State((house, allow, patience)): State<(House, Allow, Patience)>,
    mut request: Request,
    next: Next,
) -> Response {
    let number = house.store().new_id().0;
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let device = cookie(house.settings(), &headers, DEVICE_COOKIE).filter(|d| d.len() <= 64).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let (parts, body) = request.into_parts();
    let client = house.gate().client(&parts);
    let who = house.gate().identify(&house, &parts).await;
    request = Request::from_parts(parts, patience.over(body));
    let fragment = headers.contains_key("hx-request");
    let (who, verdict) = match who {
        Ok(who) => {
            let verdict = admit(&allow, &who);
            (who, verdict)
        }
        Err(error) => (Who::default(), Err(error)),
    };
    let mut response = match verdict {
        Ok(()) if let Some(first) = detour(&allow, &who).filter(|first| !is_below(uri.path(), first)) => {
            if wants_page(&uri) {
                return see(first);
            }
            Fail(Error::forbidden("Tài khoản cần được hoàn tất (đổi mật khẩu, xác thực hai bước) trước."))
                .into_response()
        }
        Ok(()) => {
            let path = uri.path().to_owned();
            let ctx = Ctx { house: house.clone(), who: who.clone(), request: number, device, client, path, fragment };
            request.extensions_mut().insert(ctx);
            tokio::time::timeout(patience.total, next.run(request)).await.unwrap_or_else(|_| too_slow())
        }
        Err(Error::SignedOut) if leads_to_sign_in(request.method(), &uri, &headers) => {
            return to_sign_in(&uri, fragment);
        }
        Err(error) => Fail(error).into_response(),
    };
    if let Some(Parked(page)) = response.extensions_mut().get_mut::<Parked>()
        && page.surface == Surface::Desk
        && who.officer.is_some()
    {
        page.counts = house.draw().counts(&house, &who).await;
    }
    let route = route.as_ref().map_or(NOWHERE, MatchedPath::as_str);
    finish(&Seen { house: &house, who: &who, uri: &uri, route, request: number }, response)
}

/// The route's rule, before the handler's own check of the very thing.
fn admit(allow: &Allow, who: &Who) -> Result<()> {
    match allow {
        Allow::Anyone(_) => Ok(()),
        Allow::SignedIn if who.officer.is_some() => Ok(()),
        Allow::Staff(permission) if who.may(permission) => Ok(()),
        Allow::Staff(permission) if who.officer.is_some() => {
            Err(Error::forbidden(format!("Ông/bà chưa được phân quyền «{}».", permission.title)))
        }
        Allow::SignedIn | Allow::Staff(_) => Err(Error::SignedOut),
    }
}

/// What the officer must do before this; pages for everyone stay open.
fn detour(allow: &Allow, who: &Who) -> Option<&'static str> {
    if matches!(allow, Allow::Anyone(_)) { None } else { who.detour }
}

fn is_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn wants_page(uri: &Uri) -> bool {
    !uri.path().starts_with("/api/")
}

/// Whether a stranger is sent to the entrance. What a script asks is answered 401, so that the page it works for stays;
/// and so is a form that was sent too late: the browser still holds what was typed and sends it again on reloading.
fn leads_to_sign_in(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    *method == Method::GET && wants_page(uri) && !headers.contains_key("x-requested-with")
}

/// Comes back to the same page after signing in; only ever to a path of our own. A part of a page that was asked for is
/// not answered with the whole entrance, which would stand in its place: the browser is told to go there.
fn to_sign_in(uri: &Uri, fragment: bool) -> Response {
    let back = uri.path_and_query().map_or("/", |p| p.as_str());
    let entrance = if back != "/" && back.len() < 500 {
        let encoded: String = back.bytes().map(percent).collect();
        format!("/dang-nhap?tiep={encoded}")
    } else {
        "/dang-nhap".to_owned()
    };
    match HeaderValue::from_str(&entrance) {
        Ok(entrance) if fragment => (StatusCode::UNAUTHORIZED, [(HX_REDIRECT, entrance)]).into_response(),
        _ => see(&entrance),
    }
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

struct Seen<'a> {
    house: &'a House,
    who: &'a Who,
    uri: &'a Uri,
    /// The address as it is declared, for the log: the asked one may hold a secret, such as a tracking link's.
    route: &'a str,
    request: i64,
}

/// Draws the page or tells the error in the form that was asked for.
fn finish(seen: &Seen<'_>, mut response: Response) -> Response {
    if let Some(Told(error)) = response.extensions_mut().remove::<Told>() {
        log(&error, seen);
        let told = tell(seen, &error);
        return with_headers_of(told, response.headers());
    }
    if let Some(error) = refused_at_the_edge(response.status()) {
        log(&error, seen);
        let mut told = tell(seen, &error);
        *told.status_mut() = response.status();
        if response.status() == StatusCode::REQUEST_TIMEOUT {
            // What is still on its way of the body would be read as the next request.
            told.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        return told;
    }
    if let Some(Parked(page)) = response.extensions_mut().remove::<Parked>() {
        return with_headers_of(document(seen, &page), response.headers());
    }
    response
}

/// What is said where no handler had the word.
fn refused_at_the_edge(status: StatusCode) -> Option<Error> {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Some(Error::invalid(
            "file",
            "Nội dung gửi lên lớn quá mức cho phép. Chưa có gì được lưu; hãy chọn tệp nhỏ hơn.",
        )),
        StatusCode::REQUEST_TIMEOUT => Some(Error::unavailable(
            "Đã chờ quá lâu mà chưa xong: đường truyền yếu hoặc máy chủ bận. Ông/bà hãy gửi lại; hệ thống không nhận hai lần.",
            "a request took too long",
        )),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::invalid(
            "method",
            "Địa chỉ này có, nhưng không nhận cách gọi này. Chưa có gì được lưu; hãy mở lại trang rồi làm từ đó.",
        )),
        _ => None,
    }
}

fn tell(seen: &Seen<'_>, error: &Error) -> Response {
    if wants_page(seen.uri) {
        let page = seen.house.draw().error(seen.who, error, seen.request).with_status(status(error));
        document(seen, &page)
    } else {
        (status(error), axum::Json(ApiError::new(error, seen.request))).into_response()
    }
}

fn document(seen: &Seen<'_>, page: &Page) -> Response {
    let html = seen.house.draw().page(seen.house, seen.who, seen.uri, page);
    let mut response = (page.status, Html(html)).into_response();
    // What an officer sees must not stay in a shared PC's cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn with_headers_of(mut response: Response, headers: &HeaderMap) -> Response {
    for (name, value) in headers {
        if *name != header::CONTENT_LENGTH && *name != header::CONTENT_TYPE {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

fn log(error: &Error, seen: &Seen<'_>) {
    match error {
        Error::Internal { context } => {
            tracing::error!(request = seen.request, route = seen.route, %context, "a request failed");
        }
        Error::Unavailable { context, .. } => {
            tracing::warn!(request = seen.request, route = seen.route, %context, "a part does not answer");
        }
        // Whoever tries what is not theirs is to be seen; by number, since a log is read by more people than the directory.
        Error::Forbidden(_) => {
            let officer = seen.who.officer.as_ref().map(|officer| officer.id.0);
            tracing::warn!(request = seen.request, route = seen.route, officer, "not permitted");
        }
        other => tracing::debug!(request = seen.request, route = seen.route, code = other.code(), "refused"),
    }
}
