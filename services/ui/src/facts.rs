//! Names and values: what is known about one thing.

use crate::Icon;
use crate::html::{Html, components};
use askama::Template;

/// A list of names and values in one or two columns, for desks and for results.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<dl class="key-values">{% for (name, value) in rows %}<div><dt>{{ name }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>"#,
    ext = "html"
)]
pub struct KeyValues {
    rows: Vec<(String, Html)>,
}

components!(KeyValues, Facts, Figures);

impl KeyValues {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// A value as text, or as a component (a [`crate::Tag`], a [`crate::Link`]).
    pub fn row(mut self, name: impl Into<String>, value: impl Into<Html>) -> Self {
        self.rows.push((name.into(), value.into()));
        self
    }

    /// Only where there is a value.
    pub fn maybe<V: Into<Html>>(self, name: impl Into<String>, value: Option<V>) -> Self {
        match value {
            Some(value) => self.row(name, value),
            None => self,
        }
    }
}

/// The few facts that decide: time, fee, place; two by two.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<dl class="facts">{% for (icon, name, value) in facts %}<div><dt>{{ icon }}{{ name }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>"#,
    ext = "html"
)]
pub struct Facts {
    facts: Vec<(Icon, String, Html)>,
}

impl Facts {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// One fact.
    pub fn fact(mut self, icon: Icon, name: impl Into<String>, value: impl Into<Html>) -> Self {
        self.facts.push((icon, name.into(), value.into()));
        self
    }
}

/// A few computed figures, each a link to the list behind it where there is one.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "figures.html")]
pub struct Figures {
    figures: Vec<Figure>,
}

#[derive(Debug, Clone)]
struct Figure {
    name: String,
    value: String,
    note: String,
    href: Option<String>,
}

impl Figures {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// A name, a value as it reads (`98,6 %`) and a line of explanation.
    pub fn figure(mut self, name: impl Into<String>, value: impl Into<String>, note: impl Into<String>) -> Self {
        self.figures.push(Figure { name: name.into(), value: value.into(), note: note.into(), href: None });
        self
    }

    /// The list behind the figure that was added last.
    pub fn behind(mut self, href: impl Into<String>) -> Self {
        if let Some(figure) = self.figures.last_mut() {
            figure.href = Some(href.into());
        }
        self
    }
}
