//! Something that is awaited from elsewhere while the reader looks on.

use crate::Icon;
use crate::html::components;
use askama::Template;

/// A line that says what is awaited. The desk's script looks at the address every few seconds and shows the page anew once it
/// has no such line any more; without scripts the reader does so by a link.
#[derive(Debug, Clone, Template)]
#[template(path = "awaited.html")]
pub struct Awaited {
    text: String,
    address: String,
}

components!(Awaited);

impl Awaited {
    /// Of this page, which is at `address`.
    pub fn new(text: impl Into<String>, address: impl Into<String>) -> Self {
        Self { text: text.into(), address: address.into() }
    }
}
