//! What keeps a browser from being used against people: headers of every answer, cookies, and what the log tells.

use super::{Nobody, QUICK, ask, ask_of, logged, open_with, send};
use crate::headers::CONTENT_SECURITY_POLICY;
use crate::{Gate, House, Officer, Who};
use axum::body::Body;
use http::{Method, Request};
use std::pin::Pin;
use std::sync::Arc;
use types::{Id, Result};

/// Lets everybody in as one officer.
struct Somebody;

impl Gate for Somebody {
    fn identify<'a>(
        &'a self,
        _: &'a House,
        _: &'a http::request::Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>> {
        let officer =
            Officer { id: Id(4711), name: "Nguyễn Thị Mỹ Hạnh".into(), session: None, posts: Vec::new() };
        Box::pin(async { Ok(Who { officer: Some(Arc::new(officer)), ..Who::default() }) })
    }
}

#[test]
fn every_answer_tells_the_browser_what_it_may_not_do() {
    for (path, status) in [
        ("/page", 200),
        ("/json", 200),
        ("/kept", 200),
        ("/nowhere", 404),
        ("/form", 405),
        ("/slow", 408),
        ("/broken", 500),
    ] {
        let answer = ask(QUICK, Method::GET, path, Body::empty());
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.told("content-security-policy"), CONTENT_SECURITY_POLICY, "{path}");
        assert_eq!(answer.told("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.told("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.told("x-frame-options"), "DENY", "{path}");
        assert!(answer.told("permissions-policy").starts_with("geolocation=()"), "{path}");
        assert!(!answer.told("cache-control").is_empty(), "{path}");
    }
    for must in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(CONTENT_SECURITY_POLICY.split("; ").any(|part| part.trim() == must), "{must}");
    }
    assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
}

#[test]
fn whoever_was_here_over_tls_comes_back_over_tls() {
    for (secure, told) in [(true, "max-age=31536000; includeSubDomains"), (false, "")] {
        let (_database, house) = open_with(secure, Box::new(Nobody));
        for path in ["/page", "/json", "/nowhere", "/broken"] {
            let answer = ask_of(&house, QUICK, Method::GET, (path, Body::empty()));
            assert_eq!(answer.told("strict-transport-security"), told, "{path}, {secure}");
        }
    }
}

#[test]
fn whoever_tries_what_is_not_theirs_is_in_the_log_by_number() {
    let (_database, house) = open_with(false, Box::new(Somebody));
    let said = logged(|| {
        assert_eq!(ask_of(&house, QUICK, Method::GET, ("/refused/bi-mat", Body::empty())).status, 403);
    });
    for told in ["WARN", "not permitted", "officer=4711", "/refused/{name}"] {
        assert!(said.contains(told), "{told} is missing: {said}");
    }
    assert!(!said.contains("Hạnh") && !said.contains("bi-mat"), "{said}");
    let quiet = logged(|| assert_eq!(ask(QUICK, Method::GET, "/page", Body::empty()).status, 200));
    assert!(!quiet.contains("not permitted"), "{quiet}");
}

#[test]
fn a_request_from_another_site_is_in_the_log() {
    let (_database, house) = open_with(false, Box::new(Somebody));
    let from = |origin: &str| {
        let asked = Request::builder().method(Method::POST).uri("/form?bi-mat").header("host", "nhaviec.test");
        let asked = asked.header("sec-fetch-site", "cross-site").header("origin", origin);
        send(&house, QUICK, asked.body(Body::empty()).unwrap())
    };
    let said = logged(|| {
        let answer = from("https://evil.vn");
        assert_eq!(answer.status, 403);
        assert_eq!(answer.told("x-content-type-options"), "nosniff");
    });
    for told in ["WARN", "another site", "officer=4711", "route=\"/form\"", "https://evil.vn"] {
        assert!(said.contains(told), "{told} is missing: {said}");
    }
    assert!(!said.contains("Hạnh") && !said.contains("bi-mat"), "{said}");
}
