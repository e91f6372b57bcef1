//! The form element around fields and buttons.

use super::FormState;
use crate::html::Container;
use askama::Template;
use std::fmt;

/// `{% filter within(FormBox::post("/dossiers")) %} … {% endfilter %}`. The server says what is wrong, not the browser,
/// so that all mistakes show at once and in the reader's language.
#[derive(Debug, Clone, Template)]
#[template(path = "form_box.html")]
pub struct FormBox {
    method: &'static str,
    action: String,
    upload: bool,
    warn_unsaved: bool,
    typed: bool,
    hidden: Vec<(String, String)>,
}

impl FormBox {
    /// A form that changes something.
    pub fn post(action: impl Into<String>) -> Self {
        Self {
            method: "post",
            action: action.into(),
            upload: false,
            warn_unsaved: false,
            typed: false,
            hidden: Vec::new(),
        }
    }

    /// A form that only asks.
    pub fn get(action: impl Into<String>) -> Self {
        Self { method: "get", ..Self::post(action) }
    }

    /// Files come along; desk pages show how far the upload is.
    pub fn upload(mut self) -> Self {
        self.upload = true;
        self
    }

    /// Desk pages ask before typed text is lost.
    pub fn warn_unsaved(mut self) -> Self {
        self.warn_unsaved = true;
        self
    }

    /// The same, for a form that may come back full of what was typed: then leaving is asked about from the start.
    pub fn warn_unsaved_of(mut self, form: &FormState) -> Self {
        self.typed = form.was_sent();
        self.warn_unsaved()
    }

    /// A value nobody sees: the command id, the version that was read.
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

impl Container for FormBox {
    fn open(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        self.render_into(out).map_err(|_| fmt::Error)
    }

    fn close(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str("</form>")
    }
}
