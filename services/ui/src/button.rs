//! Buttons, and links that look like buttons.

use crate::Icon;
use crate::html::components;
use askama::Template;

/// `Button::submit("Lưu và tiếp tục")`, `Button::link("In phiếu", "/…").secondary().icon(Icon::Printer)`.
/// One primary button a page; destructive ones are [`Button::danger`] and lead to a page that asks again.
#[derive(Debug, Clone, Template)]
#[template(path = "button.html")]
pub struct Button {
    label: String,
    about: Option<String>,
    href: Option<String>,
    variant: Option<&'static str>,
    color: Option<&'static str>,
    icon: Option<Icon>,
    name: Option<(String, String)>,
    action: Option<String>,
    wide: bool,
    disabled: bool,
    download: bool,
    new_tab: bool,
    for_enter: bool,
}

components!(Button);

impl Button {
    /// Sends the form it stands in.
    pub fn submit(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            about: None,
            href: None,
            variant: None,
            color: None,
            icon: None,
            name: None,
            action: None,
            wide: false,
            disabled: false,
            download: false,
            new_tab: false,
            for_enter: false,
        }
    }

    /// Goes to an address.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..Self::submit(label) }
    }

    /// Framed: beside a primary button, or for all equal ones.
    pub fn secondary(mut self) -> Self {
        self.variant = Some("secondary");
        self
    }

    /// Text only: the way out, rare actions.
    pub fn tertiary(mut self) -> Self {
        self.variant = Some("tertiary");
        self
    }

    /// Red: takes something away.
    pub fn danger(mut self) -> Self {
        self.color = Some("danger");
        self
    }

    /// An icon before the text.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// What a form sends when this button was pressed.
    pub fn named(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = Some((name.into(), value.into()));
        self
    }

    /// Sends the form to another address.
    pub fn to(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Words only a screen reader says, where many buttons have one label: "Xem" of what?
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// As wide as its place.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Cannot be pressed now; say beside it why.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// A link that leaves this page where it is; the label says so.
    pub fn new_tab(mut self) -> Self {
        self.new_tab = true;
        self
    }

    /// Is not seen, and only there to be pressed by the Enter key: a form whose first visible button does something else
    /// begins with it.
    pub fn for_enter(mut self) -> Self {
        self.for_enter = true;
        self
    }

    /// A link to a file that is saved.
    pub fn download(mut self) -> Self {
        self.download = true;
        self
    }
}

/// A link in running text.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<a class="ds-link" href="{{ href }}">{{ text }}</a>"#, ext = "html")]
pub struct Link {
    href: String,
    text: String,
}

components!(Link);

impl Link {
    /// The text says where it leads.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }

    /// A telephone number that a phone can call: `0208 3824 115`.
    pub fn phone(number: &str) -> Self {
        let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Self::new(number.replace(' ', "\u{a0}"), format!("tel:{digits}"))
    }
}
