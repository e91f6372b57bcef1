//! What came back.

use super::Page;
use bytes::Bytes;
use http::HeaderMap;

/// A whole response.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// Fails, showing the page, unless the status is this one; answers itself, to go on with.
    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert!(self.status == status, "{} answered {}, not {status}:\n{}", self.asked, self.status, self.start());
        self
    }

    /// Fails unless it leads to `path` with 303.
    #[track_caller]
    pub fn assert_leads_to(self, path: &str) -> Self {
        assert!(self.status == 303, "{} answered {}, not 303:\n{}", self.asked, self.status, self.start());
        assert_eq!(self.location(), path, "{}", self.asked);
        self
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).expect("the body is UTF-8")
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{}: {e} in {}", self.asked, self.start()))
    }

    /// The body as a page.
    #[track_caller]
    pub fn page(&self) -> Page {
        Page::new(&self.asked, &self.text())
    }

    /// A header's value, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Where it leads to.
    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location")
            .unwrap_or_else(|| panic!("{} leads nowhere ({}):\n{}", self.asked, self.status, self.start()))
    }

    fn start(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(3000).collect()
    }
}
