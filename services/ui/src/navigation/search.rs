//! A search box.

use crate::html::components;
use crate::lang::Lang;
use askama::Template;

/// Sends `q` by GET. On desk pages the key `/` goes to the one in the top bar.
#[derive(Debug, Clone, Template)]
#[template(path = "search.html")]
pub struct Search {
    action: String,
    label: String,
    value: String,
    example: Option<String>,
    id: String,
    lang: Lang,
}

components!(Search);

impl Search {
    /// Where it asks, and what one can look for (said by screen readers, shown in the box).
    pub fn new(action: impl Into<String>, label: impl Into<String>) -> Self {
        let (action, label) = (action.into(), label.into());
        Self { action, label, value: String::new(), example: None, id: "search".to_owned(), lang: Lang::Vi }
    }

    /// What was looked for.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// An example in the empty box instead of the label: "Ví dụ: giấy khai sinh".
    pub fn example(mut self, example: impl Into<String>) -> Self {
        self.example = Some(example.into());
        self
    }

    /// Another id, where a page has two boxes.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
