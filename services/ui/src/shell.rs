//! The frame of every page: head, header or sidebar, the message of the last action, footer.
//! Systems render bodies; the kernel asks the shell to wrap them when it answers.

mod navigation;
mod unit;

pub use navigation::{NavGroup, NavItem};
pub use unit::{Contact, OfficerBadge};

use crate::Icon;
use crate::assets;
use crate::lang::Lang;
use crate::navigation::Search;
use crate::notice::Flash;
use askama::Template;

/// Who a page is for, which decides its look and what it loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// Citizens: large type, no script, light for slow lines.
    Citizen,
    /// Officers: dense, sidebar, a little script.
    Desk,
    /// To be printed as it is: no navigation. Official papers are made as PDF elsewhere.
    Print,
}

impl Surface {
    /// The name in `data-surface` and of the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Desk => "desk",
            Self::Print => "print",
        }
    }

    fn size(self) -> &'static str {
        if self == Self::Citizen { "md" } else { "sm" }
    }

    fn stylesheet(self) -> &'static str {
        match self {
            Self::Citizen => assets::url("citizen.css"),
            Self::Desk => assets::url("desk.css"),
            Self::Print => assets::url("print.css"),
        }
    }

    /// The fonts worth asking for before the style sheet is read.
    fn fonts(self) -> &'static [&'static str] {
        match self {
            Self::Citizen => &["be-vietnam-pro-400.woff2", "be-vietnam-pro-600.woff2"],
            Self::Desk | Self::Print => &["inter-latin.woff2", "inter-vietnamese.woff2"],
        }
    }
}

/// Everything a page shows beyond its body. Fields are public: the kernel fills them at response time.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Who the page is for.
    pub surface: Surface,
    /// The language of the page.
    pub lang: Lang,
    /// The page's own title, "Lỗi: …" included ([`crate::FormState::title`]).
    pub title: String,
    /// One sentence for search engines, citizen pages only.
    pub description: Option<String>,
    /// "UBND xã La Bằng".
    pub unit: String,
    /// "tỉnh Thái Nguyên", or what the desk is called.
    pub unit_detail: String,
    /// Where the unit's name leads.
    pub home: String,
    /// The officer who is signed in.
    pub officer: Option<OfficerBadge>,
    /// Desk: the sidebar. Citizen: the menu (its groups are joined).
    pub navigation: Vec<NavGroup>,
    /// Small links at the right of the desk's top bar: help, notifications.
    pub tools: Vec<NavItem>,
    /// The search box of the desk's top bar.
    pub search: Option<Search>,
    /// The result of the last action.
    pub flash: Option<Flash>,
    /// Address, telephone and hours in the citizens' footer.
    pub contact: Contact,
    /// Links in the citizens' footer: accessibility, licences, the officers' entrance.
    pub footer: Vec<NavItem>,
    /// The same page in the other language, where there is one.
    pub other_language: Option<String>,
    /// Says on every page that the data is fictional.
    pub demo: bool,
    /// A script that the page brings by itself, by the name of its asset.
    pub script: Option<&'static str>,
}

impl Shell {
    /// A shell with a title and a unit, everything else empty.
    pub fn new(surface: Surface, lang: Lang, title: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            surface,
            lang,
            title: title.into(),
            description: None,
            unit: unit.into(),
            unit_detail: String::new(),
            home: "/".to_owned(),
            officer: None,
            navigation: Vec::new(),
            tools: Vec::new(),
            search: None,
            flash: None,
            contact: Contact::default(),
            footer: Vec::new(),
            other_language: None,
            demo: false,
            script: None,
        }
    }

    /// The whole page around a body that a component or page template made.
    pub fn wrap(&self, body: &str) -> String {
        let document = Document { shell: self, body };
        document.render().unwrap_or_else(|error| {
            // Rendering into a String fails only where a template does, and ours have no fallible parts.
            debug_assert!(false, "the shell could not be rendered: {error}");
            body.to_owned()
        })
    }

    fn full_title(&self) -> String {
        if self.title == self.unit { self.title.clone() } else { format!("{} – {}", self.title, self.unit) }
    }
}

#[derive(Template)]
#[template(path = "shell/document.html")]
struct Document<'a> {
    shell: &'a Shell,
    body: &'a str,
}

/// What htmx may do: no eval, no inline style, requests to this house only, and no copy of pages in the browser's
/// storage, where the next person at the same machine would find them.
const HTMX: &str = r#"{"allowEval":false,"includeIndicatorStyles":false,"allowScriptTags":false,"selfRequestsOnly":true,"historyCacheSize":0,"refreshOnHistoryMiss":true}"#;

/// The digits of a telephone number, for `tel:`.
fn tel(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}
