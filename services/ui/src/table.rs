//! Tables that stay readable on a phone: below a width, every row becomes a card with the column's name at each value.

use crate::Icon;
use crate::html::{Html, components};
use crate::lang::Lang;
use crate::page_head::EmptyState;
use askama::Template;
use std::fmt;

/// Which way a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Smallest, earliest first.
    Up,
    /// Biggest, latest first.
    Down,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    /// The group that it stands under, and its head there.
    under: Option<(String, String)>,
    number: bool,
    sorted: Option<Sort>,
    href: Option<String>,
}

impl Column {
    /// Text, from the left.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), under: None, number: false, sorted: None, href: None }
    }

    /// Numbers, from the right, digits one below the other.
    pub fn number(label: impl Into<String>) -> Self {
        Self { number: true, ..Self::new(label) }
    }

    /// Stands with its neighbours under one head, with a shorter head of its own. On phones its label stands alone.
    pub fn under(mut self, group: impl Into<String>, head: impl Into<String>) -> Self {
        self.under = Some((group.into(), head.into()));
        self
    }

    fn head(&self) -> &str {
        self.under.as_ref().map_or(self.label.as_str(), |(_, head)| head.as_str())
    }

    fn group(&self) -> Option<&str> {
        self.under.as_ref().map(|(group, _)| group.as_str())
    }

    /// The list is in this column's order.
    pub fn sorted(mut self, sort: Sort) -> Self {
        self.sorted = Some(sort);
        self
    }

    /// Where the list is in this column's order.
    pub fn sort_at(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

impl From<&str> for Column {
    fn from(label: &str) -> Self {
        Self::new(label)
    }
}

// Templates hand lists over by reference, so these are taken too.
impl From<&&str> for Column {
    fn from(label: &&str) -> Self {
        Self::new(*label)
    }
}

impl From<&Column> for Column {
    fn from(column: &Column) -> Self {
        column.clone()
    }
}

impl From<&Row> for Row {
    fn from(row: &Row) -> Self {
        row.clone()
    }
}

/// What stands in a cell, beyond plain text and components.
#[derive(Debug, Clone)]
pub struct Cell;

impl Cell {
    /// A thing's code or name that leads to it; the first cell of a row should be one.
    pub fn link(text: impl fmt::Display, href: impl fmt::Display) -> Html {
        let (text, href) = (Html::text(text), Html::text(href));
        Html::trusted(format!(r#"<a class="cell-link" href="{href}">{text}</a>"#))
    }

    /// A text and a smaller one below.
    pub fn two(main: impl Into<Html>, small: impl Into<Html>) -> Html {
        let (main, small) = (main.into(), small.into());
        Html::trusted(format!("<span>{main}<small>{small}</small></span>"))
    }

    /// A text that is not broken: moments, codes, money.
    pub fn whole(text: impl fmt::Display) -> Html {
        Html::trusted(format!(r#"<span class="whole">{}</span>"#, Html::text(text)))
    }

    /// Nothing to say.
    pub fn none() -> Html {
        Html::text("–")
    }
}

#[derive(Debug, Clone)]
struct Pick {
    value: String,
    about: String,
    picked: bool,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    cells: Vec<Html>,
    pick: Option<Pick>,
    total: bool,
}

impl Row {
    /// A cell for each column: text, a component, or a [`Cell`].
    pub fn new<C: Into<Html>>(cells: impl IntoIterator<Item = C>) -> Self {
        Self { cells: cells.into_iter().map(Into::into).collect(), pick: None, total: false }
    }

    /// Can be picked for an action on many rows: the value to send, what it is, whether it is picked.
    pub fn pick(mut self, value: impl Into<String>, about: impl Into<String>, picked: bool) -> Self {
        self.pick = Some(Pick { value: value.into(), about: about.into(), picked });
        self
    }

    /// The sum of the rows above.
    pub fn total(mut self) -> Self {
        self.total = true;
        self
    }
}

/// `Table::new("Hồ sơ của tôi").columns(["Mã hồ sơ", "Người nộp"]).rows(…)`.
#[derive(Debug, Clone, Template)]
#[template(path = "table.html")]
pub struct Table {
    caption: String,
    id: Option<String>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pick: Option<String>,
    empty: Option<EmptyState>,
    figures: bool,
    lang: Lang,
}

/// A head in the upper line of two: of a group, or of a column that stands in none.
struct Head<'a> {
    text: &'a str,
    columns: usize,
    is_group: bool,
    number: bool,
}

components!(Table, BulkBar);

impl Table {
    /// What the table shows, for screen readers.
    pub fn new(caption: impl Into<String>) -> Self {
        Self {
            caption: caption.into(),
            id: None,
            columns: Vec::new(),
            rows: Vec::new(),
            pick: None,
            empty: None,
            figures: false,
            lang: Lang::Vi,
        }
    }

    /// The columns: names or [`Column`]s.
    pub fn columns<C: Into<Column>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The rows.
    pub fn rows<R: Into<Row>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.rows.extend(rows.into_iter().map(Into::into));
        self
    }

    /// An id, for a [`crate::FilterBar`] that replaces the table.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Rows can be picked; the form sends their values under this name.
    pub fn pick(mut self, name: impl Into<String>) -> Self {
        self.pick = Some(name.into());
        self
    }

    /// Many numbers in a row: narrow columns, and on phones four numbers beside each other, each under its column's name.
    pub fn figures(mut self) -> Self {
        self.figures = true;
        self
    }

    /// What stands there when there are no rows.
    pub fn empty(mut self, empty: EmptyState) -> Self {
        self.empty = Some(empty);
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// A column's name for the value at `index`, shown at it on phones.
    fn name_of(&self, index: &usize) -> &str {
        self.columns.get(*index).map_or("", |column| column.label.as_str())
    }

    /// The upper line of heads where columns stand in groups; empty where none does.
    fn heads(&self) -> Vec<Head<'_>> {
        let mut heads: Vec<Head<'_>> = Vec::new();
        for column in &self.columns {
            match (column.group(), heads.last_mut()) {
                (Some(group), Some(last)) if last.is_group && last.text == group => last.columns += 1,
                (Some(text), _) => heads.push(Head { text, columns: 1, is_group: true, number: false }),
                (None, _) => {
                    heads.push(Head { text: &column.label, columns: 1, is_group: false, number: column.number })
                }
            }
        }
        if heads.iter().any(|head| head.is_group) { heads } else { Vec::new() }
    }

    /// Whether a group begins or has ended at this column.
    fn begins(&self, index: &usize) -> bool {
        let group = |at: usize| self.columns.get(at).map(Column::group);
        index.checked_sub(1).is_some_and(|before| group(before) != group(*index))
    }

    fn is_number(&self, index: &usize) -> bool {
        self.columns.get(*index).is_some_and(|column| column.number)
    }
}

/// What can be done with picked rows; stands under the table in the same form.
#[derive(Debug, Clone, Default, Template)]
#[template(
    source = r#"<div class="bulk-bar"><b data-picked="{{ lang.words().picked }}">{{ lang.words().with_selected }}</b><div class="actions">{{ actions }}</div></div>"#,
    ext = "html"
)]
pub struct BulkBar {
    actions: Html,
    lang: Lang,
}

impl BulkBar {
    /// No action yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more button.
    pub fn action(mut self, button: crate::Button) -> Self {
        self.actions = self.actions.and(button);
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }
}
