//! Our cookies: how they are called, written and read.
//!
//! Where they travel over TLS only, their names begin with `__Host-`. Such a cookie a browser takes over TLS, for all paths
//! and for this very host: a neighbour under the same domain can plant none. The plain name is not read then.

use crate::house::Settings;
use http::{HeaderMap, HeaderValue, header};
use std::borrow::Cow;

/// The cookie that tells devices apart for limits; it names nobody.
pub const DEVICE_COOKIE: &str = "nhaviec_may";

/// What browsers demand of before they take a cookie under such a name.
const THIS_HOST: &str = "__Host-";

/// What the cookie `name` is called in this installation.
pub fn name_of<'n>(settings: &Settings, name: &'n str) -> Cow<'n, str> {
    if settings.secure_cookies { format!("{THIS_HOST}{name}").into() } else { name.into() }
}

/// The value of the cookie `name`.
pub fn cookie(settings: &Settings, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = name_of(settings, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(cookie::Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The `Set-Cookie` that keeps `value` for so many seconds, or as long as the browser runs; none when the value is no
/// cookie's.
pub fn set_cookie(settings: &Settings, (name, value): (&str, &str), seconds: Option<i64>) -> Option<HeaderValue> {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    let name = name_of(settings, name);
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")).ok()
}
