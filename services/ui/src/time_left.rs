//! How much of a term is used up, in words and as a bar.

use crate::Icon;
use crate::html::components;
use crate::tag::Tone;
use askama::Template;

/// How a term stands. The words come from the service that computes terms; this only shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Enough time.
    InTime,
    /// Ends soon.
    Soon,
    /// Past.
    Late,
    /// The clock stands still: waiting for papers or for a payment.
    Stopped,
    /// Ended in time.
    Done,
}

impl Term {
    fn tone(self) -> Tone {
        match self {
            Self::InTime | Self::Done => Tone::Success,
            Self::Soon => Tone::Warning,
            Self::Late => Tone::Danger,
            Self::Stopped => Tone::Neutral,
        }
    }

    fn icon(self) -> Option<Icon> {
        match self {
            Self::InTime => None,
            Self::Soon => Some(Icon::Clock),
            Self::Late => Some(Icon::CircleAlert),
            Self::Stopped => Some(Icon::Pause),
            Self::Done => Some(Icon::Check),
        }
    }
}

/// `TimeLeft::new(Term::Soon, "Còn 3 giờ", 82)`; the bar is an SVG, whose lengths are attributes and not styles.
#[derive(Debug, Clone, Template)]
#[template(path = "time_left.html")]
pub struct TimeLeft {
    term: Term,
    text: String,
    used_percent: u8,
    due: Option<String>,
    large: bool,
}

components!(TimeLeft);

impl TimeLeft {
    /// Whether the term is past.
    pub fn is_late(&self) -> bool {
        self.term == Term::Late
    }

    /// The words and how much of the term is used, 0 to 100.
    pub fn new(term: Term, text: impl Into<String>, used_percent: u8) -> Self {
        Self { term, text: text.into(), used_percent: used_percent.min(100), due: None, large: false }
    }

    /// When it ends: "hạn 17:00 21/11/2026".
    pub fn due(mut self, due: impl Into<String>) -> Self {
        self.due = Some(due.into());
        self
    }

    /// For the head of a page.
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }
}
