//! What keeps a browser from being used against people: headers of every answer, cookies, and what the log tells.

use super::{Nobody, QUICK, ask, ask_of, open_with};
use crate::headers::CONTENT_SECURITY_POLICY;
use axum::body::Body;
use http::Method;

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
