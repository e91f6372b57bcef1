//! Pages of a list. Lists are not counted, so there is only "before" and "after".

use crate::html::components;
use crate::lang::Lang;
use askama::Template;

/// Shows nothing where the list fits on one page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pagination.html")]
pub struct Pagination {
    previous: Option<String>,
    next: Option<String>,
    shown: Option<String>,
    lang: Lang,
}

components!(Pagination);

impl Pagination {
    /// The addresses of the pages beside this one, where there are any.
    pub fn new(previous: Option<String>, next: Option<String>) -> Self {
        Self { previous, next, ..Self::default() }
    }

    /// What is on this page: "Hồ sơ 21–40".
    pub fn shown(mut self, shown: impl Into<String>) -> Self {
        self.shown = Some(shown.into());
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
