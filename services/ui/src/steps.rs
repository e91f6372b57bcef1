//! Steps: how far a thing has come, how to go about something, where in a form one is.

use crate::html::components;
use crate::lang::Lang;
use askama::Template;

/// How far one step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// At work.
    Current,
    /// Not begun.
    Ahead,
}

#[derive(Debug, Clone)]
struct ProgressStep {
    state: StepState,
    title: String,
    detail: String,
}

/// The way of a dossier: side by side on wide screens, one below the other on phones.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "progress.html")]
pub struct Progress {
    steps: Vec<ProgressStep>,
    lang: Lang,
}

components!(Progress, StepList, FormProgress);

impl Progress {
    /// No step yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next step: who and when in `detail`.
    pub fn step(mut self, state: StepState, title: impl Into<String>, detail: impl Into<String>) -> Self {
        self.steps.push(ProgressStep { state, title: title.into(), detail: detail.into() });
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}

/// Numbered instructions.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<ol class="step-list">{% for (title, text) in steps %}<li><b>{{ title }}</b>{% if !text.is_empty() %}<p>{{ text }}</p>{% endif %}</li>{% endfor %}</ol>"#,
    ext = "html"
)]
pub struct StepList {
    steps: Vec<(String, String)>,
}

impl StepList {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next step: a title and, if any, a sentence.
    pub fn step(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.steps.push((title.into(), text.into()));
        self
    }
}

/// "Bước 2 / 5 · Đăng ký khai sinh", above a form of several pages.
#[derive(Debug, Clone, Template)]
#[template(path = "form_progress.html")]
pub struct FormProgress {
    at: u8,
    of: u8,
    title: String,
    lang: Lang,
}

impl FormProgress {
    /// Page `at` (from 1) of `of`.
    pub fn new(at: u8, of: u8, title: impl Into<String>) -> Self {
        Self { at, of, title: title.into(), lang: Lang::Vi }
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    fn filled(&self, index: &u8) -> bool {
        *index <= self.at
    }
}
