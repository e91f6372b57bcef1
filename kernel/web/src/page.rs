//! A page as data: the system's body, and what the shell around it needs to know.

use crate::house::House;
use crate::who::Who;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use std::fmt::Write;
use std::pin::Pin;
use types::Error;

/// For whom a page is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Citizens: large type, no script.
    Citizen,
    /// Officers: dense, with the navigation beside it.
    Desk,
    /// The sign-in page and its kind: no navigation.
    Bare,
}

/// Room for a page of some length at once, in bytes, so that it is not copied each time it outgrows its place.
const USUAL_SIZE: usize = 64 * 1024;

/// What a handler answers.
#[derive(Debug, Clone)]
pub struct Page {
    pub surface: Surface,
    /// Stands in the title bar; begins with "Lỗi:" when the form was wrong.
    pub title: String,
    /// HTML that a template made.
    pub body: String,
    pub status: StatusCode,
    /// How many things wait behind lines of the navigation, by path; the guard asks [`Draw::counts`] for them.
    pub counts: Vec<(&'static str, u64)>,
    /// A script that this page brings beside those of its surface, by the name of its asset. The page works without it.
    pub script: Option<&'static str>,
}

impl Page {
    /// A page for officers.
    pub fn desk(title: impl Into<String>, body: impl std::fmt::Display) -> Self {
        Self::new(Surface::Desk, title, body)
    }

    /// A page for citizens.
    pub fn citizen(title: impl Into<String>, body: impl std::fmt::Display) -> Self {
        Self::new(Surface::Citizen, title, body)
    }

    /// A page without navigation.
    pub fn bare(title: impl Into<String>, body: impl std::fmt::Display) -> Self {
        Self::new(Surface::Bare, title, body)
    }

    fn new(surface: Surface, title: impl Into<String>, body: impl std::fmt::Display) -> Self {
        let mut html = String::with_capacity(USUAL_SIZE);
        write!(html, "{body}").expect("a template writes into a String without failing");
        Self { surface, title: title.into(), body: html, status: StatusCode::OK, counts: Vec::new(), script: None }
    }

    /// The same page with a status, e.g. 422 for a form that was wrong.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same page with a script of its own.
    #[must_use]
    pub fn with_script(mut self, name: &'static str) -> Self {
        self.script = Some(name);
        self
    }
}

/// Parks the page; the outermost layer draws it, because only it knows who asks.
impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Parked(self));
        response
    }
}

/// A page that waits in a response to be drawn.
#[derive(Clone)]
pub(crate) struct Parked(pub Page);

/// What [`Draw::counts`] answers.
pub type Counts<'a> = Pin<Box<dyn Future<Output = Vec<(&'static str, u64)>> + Send + 'a>>;

/// Draws whole documents; the `ui` service does.
pub trait Draw: Send + Sync + 'static {
    /// The document around a page.
    fn page(&self, house: &House, who: &Who, uri: &Uri, page: &Page) -> String;
    /// How many things wait for an officer behind lines of the navigation, by path. Asked before each page of the desk,
    /// so it must cost no more than a look into an index; what cannot be counted is left out.
    fn counts<'a>(&'a self, _: &'a House, _: &'a Who) -> Counts<'a> {
        Box::pin(async { Vec::new() })
    }
    /// The page that tells of an error, with the request's number that the log has too.
    fn error(&self, who: &Who, error: &Error, request: i64) -> Page;
}

/// A page with sample data, for the law that renders every page.
pub struct Sample {
    /// Page and state, e.g. `dossier/overdue`.
    pub name: &'static str,
    pub page: Page,
}
