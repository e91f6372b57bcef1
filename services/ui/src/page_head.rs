//! The beginnings of pages.

use crate::html::{Html, components};
use crate::lang::Lang;
use crate::navigation::Search;
use askama::Template;

/// The heading (h1) of a page with what belongs beside it.
#[derive(Debug, Clone, Template)]
#[template(path = "page_head.html")]
pub struct PageHead {
    title: String,
    lead: Option<Html>,
    beside: Html,
    back: Option<(String, String)>,
}

components!(PageHead, Hero, EmptyState);

impl PageHead {
    /// The heading.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lead: None, beside: Html::default(), back: None }
    }

    /// A line or a paragraph under the heading.
    pub fn lead(mut self, lead: impl Into<Html>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// A tag or a button at the right; call it once for each.
    pub fn beside(mut self, component: impl Into<Html>) -> Self {
        self.beside = self.beside.and(component);
        self
    }

    /// The way back above the heading: on phones the whole path is too much.
    pub fn back(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.back = Some((text.into(), href.into()));
        self
    }
}

/// The greeting of the citizens' start page: a question, a search, the most wanted.
#[derive(Debug, Clone, Template)]
#[template(path = "hero.html")]
pub struct Hero {
    title: String,
    lead: String,
    search: Option<Search>,
    chips: Vec<(String, String)>,
}

impl Hero {
    /// The question and a sentence.
    pub fn new(title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self { title: title.into(), lead: lead.into(), search: None, chips: Vec::new() }
    }

    /// The search box.
    pub fn search(mut self, search: Search) -> Self {
        self.search = Some(search);
        self
    }

    /// A short cut.
    pub fn chip(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.chips.push((text.into(), href.into()));
        self
    }
}

/// What stands where a list is empty: why, and what to do.
#[derive(Debug, Clone, Template)]
#[template(path = "empty_state.html")]
pub struct EmptyState {
    title: String,
    text: String,
    action: Html,
}

impl EmptyState {
    /// "Không có hồ sơ nào quá hạn", "Mọi hồ sơ đang trong hạn."
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), action: Html::default() }
    }

    /// A button or link.
    pub fn action(mut self, action: impl Into<Html>) -> Self {
        self.action = action.into();
        self
    }

    /// For lists that were filtered: nothing fits.
    pub fn nothing_found(lang: Lang) -> Self {
        match lang {
            Lang::Vi => Self::new("Không tìm thấy kết quả nào", "Hãy thử bớt từ khóa hoặc bỏ bớt điều kiện lọc."),
            Lang::En => Self::new("Nothing was found", "Try fewer words or fewer filters."),
        }
    }
}
