//! A page, asked by CSS selectors.

use super::Form;
use scraper::{ElementRef, Html, Selector};

/// A parsed page.
pub struct Page {
    asked: String,
    pub(super) html: Html,
}

impl Page {
    pub(super) fn new(asked: &str, text: &str) -> Self {
        Self { asked: asked.to_owned(), html: Html::parse_document(text) }
    }

    /// The elements that `css` selects.
    #[track_caller]
    pub fn all(&self, css: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&selector(css)).collect()
    }

    /// How many there are.
    #[track_caller]
    pub fn count(&self, css: &str) -> usize {
        self.all(css).len()
    }

    /// The text of each, with single spaces.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        self.all(css).into_iter().map(words).collect()
    }

    /// The text of the first; fails when there is none.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        words(self.first(css))
    }

    /// An attribute of the first; fails when there is no such element.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.first(css).value().attr(name).map(str::to_owned)
    }

    /// The form that `css` selects, filled in as the page has it.
    #[track_caller]
    pub fn form(&self, css: &str) -> Form {
        Form::read(self.first(css), &self.asked)
    }

    #[track_caller]
    fn first(&self, css: &str) -> ElementRef<'_> {
        let found = self.all(css).into_iter().next();
        found.unwrap_or_else(|| panic!("{}: the page has no {css}:\n{}", self.asked, words(self.html.root_element())))
    }
}

#[track_caller]
pub(super) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|e| panic!("{css}: {e}"))
}

pub(super) fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
