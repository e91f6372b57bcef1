//! Lists: ways onward, papers to bring, files.

use crate::Icon;
use crate::html::{Html, components};
use crate::lang::Lang;
use crate::tag::{Tag, Tone};
use askama::Template;

#[derive(Debug, Clone)]
struct Way {
    icon: Option<Icon>,
    title: String,
    detail: String,
    above: Option<String>,
    href: String,
}

/// Rows that lead onward, one link a row.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "link_list.html")]
pub struct LinkList {
    ways: Vec<Way>,
}

components!(LinkList, Tiles, CheckList, FileList);

impl LinkList {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// An icon, a title and a line of explanation.
    pub fn row(
        mut self,
        icon: Icon,
        title: impl Into<String>,
        detail: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        let (title, detail, href) = (title.into(), detail.into(), href.into());
        self.ways.push(Way { icon: Some(icon), title, detail, above: None, href });
        self
    }

    /// News: a date above the text.
    pub fn news(mut self, date: impl Into<String>, title: impl Into<String>, href: impl Into<String>) -> Self {
        let (title, href) = (title.into(), href.into());
        self.ways.push(Way { icon: None, title, detail: String::new(), above: Some(date.into()), href });
        self
    }
}

#[derive(Debug, Clone)]
struct Tile {
    color: &'static str,
    icon: Icon,
    title: String,
    detail: String,
    href: String,
}

/// The few main ways of a start page, two by two on phones, four in a row on wide screens.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<nav class="tiles" aria-label="{{ label }}">{% for t in tiles %}<a class="tile" data-color="{{ t.color }}" href="{{ t.href }}"><span class="tile-icon">{{ t.icon }}</span><b>{{ t.title }}</b><small>{{ t.detail }}</small></a>{% endfor %}</nav>"#,
    ext = "html"
)]
pub struct Tiles {
    label: String,
    tiles: Vec<Tile>,
}

impl Tiles {
    /// What the tiles are, for screen readers.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), tiles: Vec::new() }
    }

    /// The next tile; the place's colours come in turn.
    pub fn tile(
        mut self,
        icon: Icon,
        title: impl Into<String>,
        detail: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        const COLORS: [&str; 4] = ["accent", "brand1", "brand3", "brand2"];
        let color = COLORS[self.tiles.len() % COLORS.len()];
        self.tiles.push(Tile { color, icon, title: title.into(), detail: detail.into(), href: href.into() });
        self
    }
}

/// Things to have ready or that hold.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<ul class="check-list">{% for (icon, title, detail) in items %}<li>{{ icon }}<span>{{ title }}{% if !detail.is_empty() %}<small>{{ detail }}</small>{% endif %}</span></li>{% endfor %}</ul>"#,
    ext = "html"
)]
pub struct CheckList {
    items: Vec<(Icon, Html, String)>,
}

impl CheckList {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// One thing and, if any, what to know about it.
    pub fn item(self, title: impl Into<Html>, detail: impl Into<String>) -> Self {
        self.item_with(Icon::CircleCheck, title, detail)
    }

    /// With another icon.
    pub fn item_with(mut self, icon: Icon, title: impl Into<Html>, detail: impl Into<String>) -> Self {
        self.items.push((icon, title.into(), detail.into()));
        self
    }
}

#[derive(Debug, Clone)]
struct FileRow {
    kind: String,
    picture: bool,
    title: String,
    detail: String,
    tag: Option<Tag>,
    href: String,
}

/// Papers of a dossier with what is known about each.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "file_list.html")]
pub struct FileList {
    files: Vec<FileRow>,
    lang: Lang,
}

impl FileList {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// A file: the title people know it by, its file name (for the kind), a detail line and where to see it.
    pub fn file(
        mut self,
        title: impl Into<String>,
        file_name: &str,
        detail: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        let kind = file_name.rsplit_once('.').map_or("", |(_, ending)| ending).to_uppercase();
        let picture = matches!(kind.as_str(), "JPG" | "JPEG" | "PNG" | "WEBP" | "HEIC" | "TIF" | "TIFF");
        self.files.push(FileRow {
            kind,
            picture,
            title: title.into(),
            detail: detail.into(),
            tag: None,
            href: href.into(),
        });
        self
    }

    /// What is known about the file that was added last: signature valid, to be compared.
    pub fn state(mut self, tone: Tone, icon: Icon, text: impl Into<String>) -> Self {
        if let Some(file) = self.files.last_mut() {
            file.tag = Some(Tag::new(tone, icon, text));
        }
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
