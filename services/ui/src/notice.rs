//! Notices in a page, and the message that a page shows once after an action.

use crate::html::{Html, components};
use crate::tag::Tone;
use askama::Template;
use serde::{Deserialize, Serialize};

/// A notice that belongs to the content: a warning, a rule, a state of the whole page.
#[derive(Debug, Clone, Template)]
#[template(path = "notice.html")]
pub struct Notice {
    tone: Tone,
    title: Option<String>,
    body: Html,
}

components!(Notice, Flash);

impl Notice {
    /// A text, or finished HTML such as a [`crate::Link`] in a sentence.
    pub fn new(tone: Tone, body: impl Into<Html>) -> Self {
        Self { tone, title: None, body: body.into() }
    }

    /// A heading above the text.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// The result of what was just done, shown once at the top of the next page and read out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Template)]
#[template(path = "flash.html")]
pub struct Flash {
    tone: Tone,
    text: String,
    link: Option<(String, String)>,
}

impl Flash {
    /// "Đã tiếp nhận hồ sơ H55.62.05-261121-0001."
    pub fn success(text: impl Into<String>) -> Self {
        Self::new(Tone::Success, text)
    }

    /// Of any tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), link: None }
    }

    /// What one may want to do next.
    pub fn link(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((text.into(), href.into()));
        self
    }

    fn role(&self) -> &'static str {
        if self.tone == Tone::Danger { "alert" } else { "status" }
    }
}
