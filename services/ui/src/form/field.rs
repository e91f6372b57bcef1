//! A field: label, hint, error and control that belong together and name each other.

use super::{Choice, DateEntry, FormState, element_id};
use crate::html::components;
use crate::lang::Lang;
use askama::Template;
use types::Day;

/// How wide the box is: a hint at the length of the answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Width {
    /// About 5 characters.
    Short,
    /// About 12 characters: numbers, codes, dates.
    Medium,
    /// About 24 characters: names, phone numbers.
    Long,
    /// The whole line.
    #[default]
    Full,
}

/// A file that was sent before and is kept.
#[derive(Debug, Clone)]
pub struct KeptFile {
    /// The file's name.
    pub name: String,
    /// Size and state: `1,2 MB · đã quét vi-rút`.
    pub detail: String,
    /// The value of the button `remove` that drops it.
    pub key: String,
}

impl From<&KeptFile> for KeptFile {
    fn from(file: &KeptFile) -> Self {
        file.clone()
    }
}

#[derive(Debug, Clone)]
enum Control {
    Input { kind: &'static str, mode: Option<&'static str> },
    Textarea { rows: u8 },
    Select { choices: Vec<Choice>, empty: Option<String> },
    Radios { choices: Vec<Choice> },
    Checkboxes { choices: Vec<Choice> },
    Checkbox,
    Date { entry: DateEntry },
    File { accept: String, multiple: bool, kept: Vec<KeptFile> },
}

/// A field of a form. `Field::text("name", "Họ và tên").hint("…").of(&form)`.
#[derive(Debug, Clone, Template)]
#[template(path = "field.html")]
pub struct Field {
    name: String,
    id: String,
    label: String,
    hint: Option<String>,
    optional: bool,
    control: Control,
    values: Vec<String>,
    problems: Vec<String>,
    width: Width,
    complete: Option<&'static str>,
    max_length: Option<usize>,
    read_only: bool,
    lang: Lang,
}

components!(Field);

impl Field {
    fn new(name: &str, label: impl Into<String>, control: Control) -> Self {
        Self {
            name: name.to_owned(),
            id: element_id(name),
            label: label.into(),
            hint: None,
            optional: false,
            control,
            values: Vec::new(),
            problems: Vec::new(),
            width: Width::Full,
            complete: None,
            max_length: None,
            read_only: false,
            lang: Lang::Vi,
        }
    }

    /// One line of text.
    pub fn text(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Input { kind: "text", mode: None })
    }

    /// A telephone number.
    pub fn phone(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Input { kind: "tel", mode: None }).width(Width::Long).complete("tel")
    }

    /// An e-mail address.
    pub fn email(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Input { kind: "email", mode: None }).complete("email")
    }

    /// Digits: a personal number, a count, money. A text box, for number boxes lose leading zeros and scroll away.
    pub fn digits(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Input { kind: "text", mode: Some("numeric") }).width(Width::Long)
    }

    /// A password; never filled in again.
    pub fn password(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Input { kind: "password", mode: None }).complete("current-password")
    }

    /// Several lines of text.
    pub fn textarea(name: &str, label: impl Into<String>, rows: u8) -> Self {
        Self::new(name, label, Control::Textarea { rows })
    }

    /// A list to pick one from; short lists are better as [`Field::radios`].
    pub fn select<C: Into<Choice>>(name: &str, label: impl Into<String>, choices: impl IntoIterator<Item = C>) -> Self {
        let choices = choices.into_iter().map(Into::into).collect();
        Self::new(name, label, Control::Select { choices, empty: None })
    }

    /// One of a few.
    pub fn radios<C: Into<Choice>>(name: &str, label: impl Into<String>, choices: impl IntoIterator<Item = C>) -> Self {
        let choices = choices.into_iter().map(Into::into).collect();
        Self::new(name, label, Control::Radios { choices })
    }

    /// Any of a few.
    pub fn checkboxes<C: Into<Choice>>(
        name: &str,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = C>,
    ) -> Self {
        let choices = choices.into_iter().map(Into::into).collect();
        Self::new(name, label, Control::Checkboxes { choices })
    }

    /// Yes or no; sends `1` when ticked.
    pub fn checkbox(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Checkbox)
    }

    /// A known date in three boxes, sent as `name.day`, `name.month`, `name.year`; read by [`FormState::date`].
    pub fn date(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Date { entry: DateEntry::default() })
    }

    /// A file; `accept` as in HTML (`.pdf,image/*`).
    pub fn file(name: &str, label: impl Into<String>, accept: impl Into<String>) -> Self {
        Self::new(name, label, Control::File { accept: accept.into(), multiple: false, kept: Vec::new() })
    }

    /// Help under the label.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says that it may stay empty. Fields are required unless they say so.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// How wide the box is.
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// The `autocomplete` token, for fields about the reader.
    pub fn complete(mut self, token: &'static str) -> Self {
        self.complete = Some(token);
        self
    }

    /// At most so many characters.
    pub fn max_length(mut self, characters: usize) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Shows the value but does not let it be changed.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The text of a select's first, empty line ("Tất cả lĩnh vực").
    pub fn empty_choice(mut self, text: impl Into<String>) -> Self {
        if let Control::Select { empty, .. } = &mut self.control {
            *empty = Some(text.into());
        }
        self
    }

    /// Lets several files be picked at once.
    pub fn several(mut self) -> Self {
        if let Control::File { multiple, .. } = &mut self.control {
            *multiple = true;
        }
        self
    }

    /// Files of before, each with a button to drop it.
    pub fn kept<K: Into<KeptFile>>(mut self, files: impl IntoIterator<Item = K>) -> Self {
        if let Control::File { kept, .. } = &mut self.control {
            kept.extend(files.into_iter().map(Into::into));
        }
        self
    }

    /// What stands in it before anybody typed; call it before [`Field::of`]. For check boxes, once per ticked value.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The day that stands in a date field before anybody typed.
    pub fn day(mut self, day: Day) -> Self {
        self.control = Control::Date { entry: DateEntry::of(day) };
        self
    }

    /// The words in another language, for fields outside a [`FormState`].
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Takes the values, mistakes and language of a form. The values win over [`Field::value`] once the form was sent.
    pub fn of(mut self, form: &FormState) -> Self {
        self.lang = form.lang();
        self.problems = form.problems_of(&self.name).map(|problem| problem.message.clone()).collect();
        if form.was_sent() {
            self.values = form.values(&self.name).to_vec();
            if let Control::Date { entry } = &mut self.control {
                *entry = form.date(&self.name);
            }
        }
        self
    }

    fn first(&self) -> &str {
        let secret = matches!(self.control, Control::Input { kind: "password", .. });
        self.values.first().filter(|_| !secret).map_or("", String::as_str)
    }

    fn picked(&self, value: &str) -> bool {
        self.values.iter().any(|picked| picked == value)
    }

    fn is_wrong(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The ids that `aria-describedby` names, empty where there is nothing to name.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() || matches!(self.control, Control::Date { .. }) {
            ids.push(format!("{}-hint", self.id));
        }
        if self.is_wrong() {
            ids.push(format!("{}-error", self.id));
        }
        ids.join(" ")
    }

    /// The class of the whole field: whether it needs a row of its own among others.
    fn row_class(&self) -> &'static str {
        /// So many letters stand beside one another in half a row.
        const HALF_ROW: usize = 40;
        let letters = |choices: &[Choice]| choices.iter().map(|choice| choice.label.chars().count() + 6).sum::<usize>();
        let long = match &self.control {
            Control::Input { .. } | Control::Select { .. } => self.width == Width::Full,
            Control::Textarea { .. } | Control::File { .. } | Control::Checkbox => true,
            Control::Radios { choices } | Control::Checkboxes { choices } => letters(choices) > HALF_ROW,
            Control::Date { .. } => false,
        };
        if long { " long" } else { "" }
    }

    fn size_class(&self) -> &'static str {
        match self.width {
            Width::Short => " size-short",
            Width::Medium => " size-medium",
            Width::Long => " size-long",
            Width::Full => "",
        }
    }
}
