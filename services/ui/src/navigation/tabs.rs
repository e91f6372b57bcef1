//! Views of one thing as links: each has its own address, nothing needs a script.

use crate::html::components;
use crate::lang::Lang;
use askama::Template;

#[derive(Debug, Clone)]
struct Tab {
    label: String,
    href: String,
    count: Option<u64>,
    current: bool,
}

/// Tabs above a list or a card.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "tabs.html")]
pub struct Tabs {
    tabs: Vec<Tab>,
    called: Option<String>,
    lang: Lang,
}

components!(Tabs);

impl Tabs {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next view.
    pub fn tab(mut self, label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        self.tabs.push(Tab { label: label.into(), href: href.into(), count: None, current });
        self
    }

    /// How many wait in the view that was added last.
    pub fn count(mut self, count: u64) -> Self {
        if let Some(tab) = self.tabs.last_mut() {
            tab.count = Some(count);
        }
        self
    }

    /// What they are, for whoever cannot see where they stand; needed where a page has them twice.
    pub fn called(mut self, name: impl Into<String>) -> Self {
        self.called = Some(name.into());
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
