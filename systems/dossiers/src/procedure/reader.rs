//! Reads a TOML table field by field, keeps going after a mistake, and at the end names every field nobody asked for.
//!
//! `serde` would stop at the first mistake; an officer who corrects a file of 200 lines deserves the whole list.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use types::Day;

use super::choice::Choice;
use super::errors::{DefinitionError, DefinitionErrors};

/// More mistakes than this are not listed.
const ERRORS_MAX: usize = 100;

/// Collects mistakes and remembers in which line each field stands.
pub(super) struct Log<'i> {
    input: &'i str,
    errors: RefCell<Vec<DefinitionError>>,
    places: RefCell<BTreeMap<String, usize>>,
}

impl<'i> Log<'i> {
    pub(super) fn new(input: &'i str) -> Self {
        Self { input, errors: RefCell::default(), places: RefCell::default() }
    }

    /// A mistake at `path`; the line is that of the field, or of the nearest table that holds it.
    pub(super) fn error(&self, path: impl Into<String>, message: impl Into<String>) {
        let path = path.into();
        let places = self.places.borrow();
        let mut nearest = path.as_str();
        let offset = loop {
            if let Some(offset) = places.get(nearest) {
                break Some(*offset);
            }
            match nearest.rfind(['.', '[']) {
                Some(cut) => nearest = &nearest[..cut],
                None => break None,
            }
        };
        let line = offset.map(|offset| self.line(offset));
        let mut errors = self.errors.borrow_mut();
        if errors.len() < ERRORS_MAX {
            errors.push(DefinitionError { line, path, message: message.into() });
        }
    }

    /// A mistake of TOML itself.
    pub(super) fn syntax(&self, error: &toml::de::Error) {
        let line = error.span().map(|span| self.line(span.start));
        let message = format!("không đúng cú pháp TOML ({})", error.message());
        let mut errors = self.errors.borrow_mut();
        if errors.len() < ERRORS_MAX {
            errors.push(DefinitionError { line, path: String::new(), message });
        }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.errors.borrow().is_empty()
    }

    /// The mistakes in the order of the lines.
    pub(super) fn into_errors(self) -> DefinitionErrors {
        let mut errors = self.errors.into_inner();
        errors.sort_by_key(|error| error.line.unwrap_or(usize::MAX));
        DefinitionErrors(errors)
    }

    fn line(&self, offset: usize) -> usize {
        let end = offset.min(self.input.len());
        self.input.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn remember(&self, path: &str, span: Range<usize>) {
        self.places.borrow_mut().insert(path.to_owned(), span.start);
    }
}

/// One table of the file.
pub(super) struct Table<'a, 'i> {
    table: &'a DeTable<'i>,
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
    pub(super) log: &'a Log<'i>,
}

impl<'a, 'i> Table<'a, 'i> {
    pub(super) fn root(table: &'a Spanned<DeTable<'i>>, log: &'a Log<'i>) -> Self {
        Self { table: table.get_ref(), path: String::new(), asked: RefCell::default(), log }
    }

    /// `requirements[2].kind` for the field `kind` of the second requirement.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// A mistake of the field `key`.
    pub(super) fn error(&self, key: &str, message: impl Into<String>) {
        self.log.error(self.path_of(key), message);
    }

    fn get(&self, key: &'static str) -> Option<&'a DeValue<'i>> {
        self.asked.borrow_mut().insert(key);
        let value = self.table.get(key)?;
        self.log.remember(&self.path_of(key), value.span());
        Some(value.get_ref())
    }

    /// Whether the field is there at all.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    fn missing(&self, key: &str) {
        self.error(key, "còn thiếu, phải ghi");
    }

    fn wrong_kind(&self, key: &str, wanted: &str) {
        self.error(key, format!("phải là {wanted}"));
    }

    /// Text in NFC without surrounding blanks; empty or with control characters is a mistake.
    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        match self.get(key)? {
            DeValue::String(text) => self.clean(key, text),
            _ => {
                self.wrong_kind(key, "chữ trong dấu ngoặc kép");
                None
            }
        }
    }

    /// Text that must be there; an empty string after a mistake was noted.
    pub(super) fn required_text(&self, key: &'static str) -> String {
        if !self.has(key) {
            self.missing(key);
        }
        self.text(key).unwrap_or_default()
    }

    fn clean(&self, key: &str, text: &str) -> Option<String> {
        if text.chars().any(char::is_control) {
            self.error(key, "có ký tự điều khiển hoặc xuống dòng, chỉ ghi trên một dòng");
            return None;
        }
        let text = types::text::clean(text);
        if text.is_empty() {
            self.error(key, "đang để trống");
            return None;
        }
        Some(text)
    }

    /// A list of texts; absent is empty.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value else {
            self.wrong_kind(key, "danh sách các chữ, ví dụ [\"a\", \"b\"]");
            return Vec::new();
        };
        let texts = items.iter().filter_map(|item| match item.get_ref() {
            DeValue::String(text) => self.clean(key, text),
            _ => {
                self.wrong_kind(key, "danh sách chỉ gồm chữ trong dấu ngoặc kép");
                None
            }
        });
        texts.collect()
    }

    /// One word of a closed list.
    pub(super) fn choice<T: Choice>(&self, key: &'static str) -> Option<T> {
        let code = self.text(key)?;
        let found = T::from_code(&code);
        if found.is_none() {
            self.error(key, format!("«{code}» không có trong danh mục; chỉ dùng: {}", codes::<T>()));
        }
        found
    }

    /// One word of a closed list that must be there.
    pub(super) fn required_choice<T: Choice>(&self, key: &'static str) -> Option<T> {
        if !self.has(key) {
            self.error(key, format!("còn thiếu, phải là một trong: {}", codes::<T>()));
        }
        self.choice(key)
    }

    /// Several words of a closed list, without repetition.
    pub(super) fn choices<T: Choice + PartialEq>(&self, key: &'static str) -> Vec<T> {
        let mut found = Vec::new();
        for code in self.texts(key) {
            match T::from_code(&code) {
                Some(value) if found.contains(&value) => self.error(key, format!("«{code}» ghi hai lần")),
                Some(value) => found.push(value),
                None => self.error(key, format!("«{code}» không có trong danh mục; chỉ dùng: {}", codes::<T>())),
            }
        }
        found
    }

    /// A whole number from 0 to `max`.
    pub(super) fn number(&self, key: &'static str, max: u32) -> Option<u32> {
        let value = match self.get(key)? {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = value.and_then(|value| u32::try_from(value).ok()).filter(|number| *number <= max);
        if number.is_none() {
            self.wrong_kind(key, &format!("số nguyên từ 0 đến {max}"));
        }
        number
    }

    /// Hours such as `2` or `0.5`, in minutes; multiples of a quarter of an hour.
    pub(super) fn hours(&self, key: &'static str) -> Option<u32> {
        let hours: Option<f64> = match self.get(key)? {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let quarters = hours.map(|hours| hours * 4.0);
        match quarters {
            Some(quarters) if quarters.fract() == 0.0 && (1.0..=40_000.0).contains(&quarters) => {
                Some(quarters as u32 * 15)
            }
            _ => {
                self.wrong_kind(key, "số giờ làm việc lớn hơn 0, chẵn đến 0.25 giờ");
                None
            }
        }
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn flag(&self, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(DeValue::Boolean(value)) => *value,
            Some(_) => {
                self.wrong_kind(key, "true hoặc false");
                false
            }
        }
    }

    /// A day, written as a TOML date (`2025-07-01`).
    pub(super) fn day(&self, key: &'static str) -> Option<Day> {
        let day = match self.get(key)? {
            DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
                moment.date.and_then(|date| date.to_string().parse::<Day>().ok())
            }
            _ => None,
        };
        if day.is_none() {
            self.wrong_kind(key, "ngày có thật, ghi 2025-07-01 và không có dấu ngoặc kép");
        }
        day
    }

    /// A table below this one.
    pub(super) fn table(&self, key: &'static str) -> Option<Table<'a, 'i>> {
        match self.get(key)? {
            DeValue::Table(table) => Some(self.below(table, self.path_of(key))),
            _ => {
                self.wrong_kind(key, "một bảng, ví dụ { code = \"…\", name = \"…\" }");
                None
            }
        }
    }

    /// A table that must be there.
    pub(super) fn required_table(&self, key: &'static str) -> Option<Table<'a, 'i>> {
        if !self.has(key) {
            self.missing(key);
        }
        self.table(key)
    }

    /// A list of tables; absent is empty. Paths count from 1, as people do.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Table<'a, 'i>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value else {
            self.wrong_kind(key, "danh sách các bảng");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (i, item) in items.iter().enumerate() {
            let path = format!("{}[{}]", self.path_of(key), i + 1);
            self.log.remember(&path, item.span());
            match item.get_ref() {
                DeValue::Table(table) => found.push(self.below(table, path)),
                _ => self.log.error(path, "phải là một bảng"),
            }
        }
        found
    }

    /// Every entry of a table whose keys are free, such as `[sources]`.
    pub(super) fn entries(&self) -> Vec<(String, &'a DeValue<'i>)> {
        let entries = self.table.iter().map(|(key, value)| {
            let key = key.get_ref().to_string();
            self.log.remember(&format!("{}[{key}]", self.path), value.span());
            (key, value.get_ref())
        });
        entries.collect()
    }

    /// A table found by `entries`.
    pub(super) fn entry(&self, key: &str, table: &'a DeTable<'i>) -> Table<'a, 'i> {
        self.below(table, format!("{}[{key}]", self.path))
    }

    fn below(&self, table: &'a DeTable<'i>, path: String) -> Table<'a, 'i> {
        Table { table, path, asked: RefCell::default(), log: self.log }
    }

    /// Names every field that nobody asked for: a typing mistake must not silently lose a fact.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, value) in self.table.iter() {
            let key = key.get_ref().as_ref();
            if !asked.contains(key) {
                self.log.remember(&self.path_of(key), value.span());
                let known = asked.iter().copied().collect::<Vec<_>>().join(", ");
                self.error(key, format!("không có mục tên này; các mục dùng được: {known}"));
            }
        }
    }
}

fn codes<T: Choice>() -> String {
    T::ALL.iter().map(|value| value.code()).collect::<Vec<_>>().join(", ")
}
