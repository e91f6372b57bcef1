//! A person at a browser, or a program with a token: requests over a router in the same process.
//!
//! It keeps cookies, follows no redirects, and says of itself what a browser says (`Host`, `Origin`, `Sec-Fetch-Site`),
//! so that a request is refused only when a real one would be.

mod answer;
mod body;
mod form;
mod page;

pub use answer::Answer;
pub use body::Part;
pub use form::Form;
pub use page::Page;

use axum::Router;
use axum::body::Body;
use cookie::{Cookie, CookieJar};
use http::{HeaderName, HeaderValue, Method, Request, header};
use http_body_util::BodyExt;
use std::sync::OnceLock;
use tower::ServiceExt;

/// The host that requests are sent to.
pub const HOST: &str = "nhaviec.test";

/// One persona: its cookies, its token, its headers.
#[derive(Clone)]
pub struct Client {
    router: Router,
    jar: CookieJar,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Client {
    /// Somebody who was never here.
    pub fn new(router: &Router) -> Self {
        Self { router: router.clone(), jar: CookieJar::new(), headers: Vec::new() }
    }

    /// The same with a token in every request.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// The same with a header in every request, in place of what a browser would send.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.parse().expect("a header's value")));
        self
    }

    /// A header once more, as no client of good will sends it.
    pub fn header_again(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.parse().expect("a header's name"), value.parse().expect("a header's value")));
        self
    }

    /// The value of a cookie that the persona holds.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(Cookie::value)
    }

    /// Gives the persona a cookie.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.jar.add(Cookie::new(name.to_owned(), value.to_owned()));
    }

    /// Forgets all cookies, as another device would have none.
    pub fn forget_cookies(&mut self) {
        self.jar = CookieJar::new();
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty())
    }

    pub fn delete(&mut self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Body::empty())
    }

    /// Sends a form, as `application/x-www-form-urlencoded`.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body::form(fields).into())
    }

    /// Sends a form with files.
    pub fn post_multipart(&mut self, path: &str, parts: &[Part]) -> Answer {
        let (kind, bytes) = body::multipart(parts);
        self.send(Method::POST, path, Some(&kind), bytes.into())
    }

    pub fn post_json(&mut self, path: &str, value: &serde_json::Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), value.to_string().into())
    }

    pub fn put_json(&mut self, path: &str, value: &serde_json::Value) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), value.to_string().into())
    }

    /// Sends a form as it stood on a page, with what was typed into it.
    pub fn submit(&mut self, form: &Form) -> Answer {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if form.method == "get" {
            let mark = if form.action.contains('?') { '&' } else { '?' };
            return self.get(&format!("{}{mark}{}", form.action, body::form(&fields)));
        }
        if form.multipart {
            let mut parts: Vec<Part> = fields.iter().map(|(name, value)| Part::text(name, value)).collect();
            parts.extend(form.files.iter().cloned());
            return self.post_multipart(&form.action, &parts);
        }
        self.post(&form.action, &fields)
    }

    /// Sends anything else.
    pub fn send(&mut self, method: Method, path: &str, kind: Option<&str>, body: Body) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, HOST);
        let headers = request.headers_mut().expect("a path that is a path");
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        if method != Method::GET {
            headers.insert(header::ORIGIN, HeaderValue::from_static("http://nhaviec.test"));
        }
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, kind.parse().expect("a content type"));
        }
        let cookies: Vec<String> = self.jar.iter().map(|c| format!("{}={}", c.name(), c.value())).collect();
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().expect("cookies are plain text"));
        }
        for (name, _) in &self.headers {
            headers.remove(name);
        }
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        let request = request.body(body).expect("a request");
        let router = self.router.clone();
        let (parts, bytes) = runtime().block_on(async move {
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            let (parts, body) = response.into_parts();
            (parts, body.collect().await.expect("the body arrives").to_bytes())
        });
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie is plain text"));
        }
        Answer { asked, status: parts.status.as_u16(), headers: parts.headers, body: bytes }
    }

    fn keep(&mut self, header: &str) {
        let cookie = Cookie::parse(header.to_owned()).expect("a cookie that browsers read");
        if cookie.max_age().is_some_and(|age| age <= cookie::time::Duration::ZERO) || cookie.value().is_empty() {
            self.jar.force_remove(cookie.name());
        } else {
            self.jar.add(Cookie::new(cookie.name().to_owned(), cookie.value().to_owned()));
        }
    }
}

fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts")
    })
}
