//! Finished HTML, and the two ways components go into a page: as `{{ component }}` and around a part of the page
//! with `{% filter within(container) %} … {% endfilter %}`.

use askama::filters::HtmlSafe;
use std::fmt;

/// HTML that is finished: everything in it that came from people is escaped already. Templates write it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Takes finished HTML. Only for text that our own templates made; `Html::text` is for everything else.
    pub fn trusted(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// Escapes a text.
    pub fn text(text: impl fmt::Display) -> Self {
        let escaped = askama::filters::escape(text, askama::filters::Html);
        Self(escaped.map(|safe| safe.to_string()).unwrap_or_default())
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// This and then `more`, with a space between.
    pub fn and(mut self, more: impl Into<Html>) -> Self {
        self.0.push(' ');
        self.0.push_str(&more.into().0);
        self
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl askama::FastWritable for Html {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&String> for Html {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

/// A piece of a page with its own checked template. All are also [`HtmlSafe`], so `{{ piece }}` is enough.
pub trait Component: fmt::Display + HtmlSafe {}

impl<T: Component> Component for &T {}

impl From<&Html> for Html {
    fn from(html: &Html) -> Self {
        html.clone()
    }
}

impl<T: Component> From<T> for Html {
    fn from(component: T) -> Self {
        Self(component.to_string())
    }
}

/// Declares types with a derived template as components.
macro_rules! components {
    ($($name:ty),+ $(,)?) => { $(
        impl askama::filters::HtmlSafe for $name {}
        impl $crate::html::Component for $name {}
    )+ };
}
pub(crate) use components;

/// A component that stands around other parts of a page.
pub trait Container {
    /// Writes what comes before the content.
    fn open(&self, out: &mut dyn fmt::Write) -> fmt::Result;
    /// Writes what comes after the content.
    fn close(&self, out: &mut dyn fmt::Write) -> fmt::Result;

    /// The container with finished content, where no template is at hand.
    fn around(&self, content: impl Into<Html>) -> Html
    where
        Self: Sized,
    {
        let mut html = String::new();
        let written = self.open(&mut html).and_then(|()| {
            html.push_str(content.into().as_str());
            self.close(&mut html)
        });
        debug_assert!(written.is_ok(), "writing to a String cannot fail");
        Html(html)
    }
}

impl<T: Container + ?Sized> Container for &T {
    fn open(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        (**self).open(out)
    }

    fn close(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        (**self).close(out)
    }
}

/// Filters for templates; pages bring them in with `use ui::prelude::*`.
pub mod filters {
    use super::{Container, Html};
    use std::fmt::{Display, Write};

    /// `{% filter within(Card::new("Giấy tờ")) %} … {% endfilter %}` puts the container around the block.
    #[askama::filter_fn]
    pub fn within<S: Display, C: Container>(
        content: S,
        _values: &dyn askama::Values,
        container: C,
    ) -> askama::Result<Html> {
        // Written at once: the block is a temporary that does not outlive the call.
        let mut html = String::new();
        container.open(&mut html)?;
        write!(html, "{content}")?;
        container.close(&mut html)?;
        Ok(Html(html))
    }
}
