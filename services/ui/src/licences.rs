//! The licences of other people's work that comes along, for the page `/giay-phep`.

use crate::html::components;
use askama::Template;
use serde::Deserialize;

/// One package, font or collection of data.
#[derive(Debug, Deserialize)]
pub struct Licence {
    /// Its name.
    pub name: String,
    /// The version that is shipped.
    pub version: String,
    /// The licence as an SPDX expression.
    pub licence: String,
    /// The full text.
    pub text: String,
}

/// Style sheets, scripts, icons and fonts that browsers receive. What lies inside the executable only, the page is told.
pub fn licences() -> &'static [Licence] {
    crate::assets::licences()
}

/// The body of the licences page.
#[derive(Template)]
#[template(path = "licences.html")]
pub struct LicencePage {
    shipped: &'static [Licence],
    more: Vec<Licence>,
}

impl LicencePage {
    /// All that browsers receive.
    pub fn new() -> Self {
        Self { shipped: licences(), more: Vec::new() }
    }

    /// What comes along besides: fonts of prints, data.
    pub fn and(mut self, more: impl IntoIterator<Item = Licence>) -> Self {
        self.more.extend(more);
        self
    }

    fn all(&self) -> impl Iterator<Item = &Licence> {
        self.shipped.iter().chain(&self.more)
    }
}

impl Default for LicencePage {
    fn default() -> Self {
        Self::new()
    }
}

components!(LicencePage);
