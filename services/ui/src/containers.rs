//! What stands around other parts of a page: cards, stacks, columns, rows of buttons, folded parts.

use crate::html::Container;
use askama::Template;
use std::fmt;

/// Writes a template that opens a container, and the tags that close it.
macro_rules! containers {
    ($($name:ty => $close:literal),+ $(,)?) => { $(
        impl Container for $name {
            fn open(&self, out: &mut dyn fmt::Write) -> fmt::Result {
                self.render_into(out).map_err(|_| fmt::Error)
            }
            fn close(&self, out: &mut dyn fmt::Write) -> fmt::Result {
                out.write_str($close)
            }
        }
    )+ };
}

containers! {
    Card => "</div></section>",
    Section => "</section>",
    Disclosure => "</div></details>",
    StickyActions => "</div></section>",
}

/// A white card with a heading: `{% filter within(Card::new("Giấy tờ").link("Tải tất cả", url)) %}`.
#[derive(Debug, Clone, Template)]
#[template(path = "card.html")]
pub struct Card {
    title: String,
    show_title: bool,
    link: Option<(String, String)>,
    flush: bool,
    id: Option<String>,
}

impl Card {
    /// With a heading (h2).
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), show_title: true, link: None, flush: false, id: None }
    }

    /// The heading is only said, not shown.
    pub fn quiet(title: impl Into<String>) -> Self {
        Self { show_title: false, ..Self::new(title) }
    }

    /// A link at the right of the heading.
    pub fn link(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((text.into(), href.into()));
        self
    }

    /// A place that links can lead to.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The content reaches the edges: tables, tabs.
    pub fn flush(mut self) -> Self {
        self.flush = true;
        self
    }
}

/// A part of a citizen page with a heading (h2) above it.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<section class="section"><h2>{{ title }}</h2>"#, ext = "html")]
pub struct Section {
    title: String,
}

impl Section {
    /// With its heading.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into() }
    }
}

/// Declares containers that are no more than a box: the type and the class of its `div`.
macro_rules! boxes {
    ($($(#[$doc:meta])+ $name:ident => $class:literal),+ $(,)?) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl Container for $name {
            fn open(&self, out: &mut dyn fmt::Write) -> fmt::Result {
                out.write_str(concat!(r#"<div class=""#, $class, r#"">"#))
            }
            fn close(&self, out: &mut dyn fmt::Write) -> fmt::Result {
                out.write_str("</div>")
            }
        }
    )+ };
}

boxes! {
    /// Parts one below the other with even room between: `{% filter within(Stack) %}`.
    Stack => "stack",
    /// The parts of a citizen page under its heading, in a readable width.
    Page => "page",
    /// A wide and a narrow column (two [`Stack`]s), one below the other on narrow screens.
    Columns => "columns",
    /// Cards side by side, as many as there is room for.
    Grid => "grid",
    /// Buttons in a row.
    Actions => "actions",
    /// A white box without a heading.
    Panel => "panel",
    /// Room around what stands in a flush card.
    Inset => "inset",
    /// One field and its button in a line.
    InLine => "in-line",
    /// Fields of a form: two in a row where they are short and there is room; a field of full width has a row of its own.
    Fields => "fields",
    /// A line of fields that belong to one thing: a tick, its numbers, its file; on narrow screens one below the other.
    FieldLine => "field-line",
    /// The narrow column of [`Columns`] beside a long form: its last part stays in sight while the form scrolls.
    Beside => "stack beside-form",
    /// Running text: paragraphs, lists and headings written by people.
    Prose => "prose",
    /// Not on paper.
    ScreenOnly => "screen-only",
}

/// A folded part that opens without a script.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<details class="ds-details"{% if open %} open{% endif %}><summary>{{ summary }}</summary><div>"#,
    ext = "html"
)]
pub struct Disclosure {
    summary: String,
    open: bool,
}

impl Disclosure {
    /// Folded, with the line that opens it.
    pub fn new(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), open: false }
    }

    /// Open from the start.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }
}

/// The main action of a citizen page, always in reach of the thumb.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<section class="sticky-actions" aria-label="{{ label }}"><div>"#, ext = "html")]
pub struct StickyActions {
    label: String,
}

impl StickyActions {
    /// What the action is.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into() }
    }
}
