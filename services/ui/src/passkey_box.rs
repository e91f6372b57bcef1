//! A button behind which the browser asks for a passkey, to stand in the form that sends its answer.

use crate::Icon;
use crate::html::components;
use askama::Template;

/// The script of pages with such a button; without it there is no button, and the form's other ways work.
pub const PASSKEY_SCRIPT: &str = "passkey.js";

/// A button that asks for a passkey and sends the form with the fields `ceremony` and `answer`.
#[derive(Debug, Clone, Template)]
#[template(path = "passkey_box.html")]
pub struct PasskeyBox {
    label: String,
    origin: String,
    ask: Option<String>,
    asked: Option<String>,
    autofill: bool,
    secondary: bool,
    wide: bool,
}

components!(PasskeyBox);

impl PasskeyBox {
    fn new(label: impl Into<String>, origin: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            origin: origin.into(),
            ask: None,
            asked: None,
            autofill: false,
            secondary: false,
            wide: false,
        }
    }

    /// For a passkey that is there. The script gets its question from `ask`; `origin` is the address at which passkeys work.
    pub fn get(label: impl Into<String>, ask: impl Into<String>, origin: impl Into<String>) -> Self {
        Self { ask: Some(ask.into()), ..Self::new(label, origin) }
    }

    /// For a new passkey; `asked` is the question as JSON.
    pub fn create(label: impl Into<String>, asked: impl Into<String>, origin: impl Into<String>) -> Self {
        Self { asked: Some(asked.into()), ..Self::new(label, origin) }
    }

    /// Also offers passkeys in the list that browsers open at a field with `autocomplete="… webauthn"`.
    pub fn autofill(mut self) -> Self {
        self.autofill = true;
        self
    }

    /// Beside a primary button.
    pub fn secondary(mut self) -> Self {
        self.secondary = true;
        self
    }

    /// As wide as its place.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
}
