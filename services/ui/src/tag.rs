//! States of things: a tone, an icon and a text together, never a colour alone.

use crate::Icon;
use crate::html::components;
use crate::lang::Lang;
use askama::Template;
use serde::{Deserialize, Serialize};

/// What a state means for the reader. The accent colour of the house is none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Nothing to do, nothing decided: new, draft, closed.
    #[default]
    Neutral,
    /// Under way.
    Info,
    /// Right, done, in time.
    Success,
    /// Somebody must act soon; time is short or stands still.
    Warning,
    /// Wrong, refused, late.
    Danger,
}

impl Tone {
    /// Every tone, for the style page.
    pub const ALL: [Tone; 5] = [Self::Neutral, Self::Info, Self::Success, Self::Warning, Self::Danger];

    /// The design system's name of the colour.
    pub fn color(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The icon where the state has no better one.
    pub fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Success => Icon::CircleCheck,
            Self::Warning => Icon::TriangleAlert,
            Self::Danger => Icon::CircleAlert,
        }
    }
}

/// A state in a list or beside a title: `Tag::new(Tone::Info, Icon::Loader, "Đang xử lý")`.
/// A module maps its own enum of states to tags in one function.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(source = r#"<span class="tag" data-color="{{ tone.color() }}">{{ icon }}{{ text }}</span>"#, ext = "html")]
pub struct Tag {
    tone: Tone,
    icon: Icon,
    text: String,
}

components!(Tag, NotVerified);

impl Tag {
    /// Tone, icon and text of a state.
    pub fn new(tone: Tone, icon: Icon, text: impl Into<String>) -> Self {
        Self { tone, icon, text: text.into() }
    }

    /// The text, for exports and titles.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The mark of what is shown but not checked against its source: a threshold, a deadline, a form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "not_verified.html")]
pub struct NotVerified {
    why: Option<String>,
    lang: Lang,
}

impl NotVerified {
    /// With the general reason.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a reason of its own: which source is missing.
    pub fn because(why: impl Into<String>) -> Self {
        Self { why: Some(why.into()), lang: Lang::Vi }
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
