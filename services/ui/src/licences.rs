//! The licences of other people's work that pages ship, for the page `/giay-phep`.

use crate::html::components;
use askama::Template;
use serde::Deserialize;

/// One package or font.
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

/// Style sheets, scripts, icons and fonts that browsers receive. The executable's own parts are not among them.
pub fn licences() -> &'static [Licence] {
    crate::assets::licences()
}

/// The body of the licences page.
#[derive(Template)]
#[template(path = "licences.html")]
pub struct LicencePage {
    licences: &'static [Licence],
}

impl LicencePage {
    /// All that browsers receive.
    pub fn new() -> Self {
        Self { licences: licences() }
    }
}

impl Default for LicencePage {
    fn default() -> Self {
        Self::new()
    }
}

components!(LicencePage);
