//! Where a page lies.

use crate::html::components;
use crate::lang::Lang;
use askama::Template;

/// The way from the start page to this one; the last part is the page itself.
#[derive(Debug, Clone, Template)]
#[template(path = "breadcrumbs.html")]
pub struct Breadcrumbs {
    ways: Vec<(String, String)>,
    here: String,
    lang: Lang,
}

components!(Breadcrumbs);

impl Breadcrumbs {
    /// Ends at this page.
    pub fn to(here: impl Into<String>) -> Self {
        Self { ways: Vec::new(), here: here.into(), lang: Lang::Vi }
    }

    /// The next page on the way, outermost first.
    pub fn via(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.ways.push((text.into(), href.into()));
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
