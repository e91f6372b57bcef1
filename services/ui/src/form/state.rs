//! What a form holds between two requests.

use super::DateEntry;
use crate::lang::Lang;
use http::StatusCode;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use types::{Error, FieldError};

/// One mistake, with a code for programs and a sentence for people that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field's name; empty where the mistake belongs to no single field.
    pub field: String,
    /// A short stable code: `missing`, `too_long`, `in_future`.
    pub code: Cow<'static, str>,
    /// What is wrong and what to do, in the page's language.
    pub message: String,
}

/// Values as they were sent and the mistakes in them. A fresh form has neither.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    lang: Lang,
    sent: bool,
    values: BTreeMap<String, Vec<String>>,
    problems: Vec<Problem>,
}

impl FormState {
    /// A form nobody has sent yet.
    pub fn new(lang: Lang) -> Self {
        Self { lang, ..Self::default() }
    }

    /// A form as it was sent; names may repeat.
    pub fn sent<K: Into<String>, V: Into<String>>(lang: Lang, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name.into()).or_default().push(value.into());
        }
        Self { lang, sent: true, values, problems: Vec::new() }
    }

    /// The language of its messages.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether it was sent, so that an absent check box means "no" and not "as before".
    pub fn was_sent(&self) -> bool {
        self.sent
    }

    /// The first value of a field without spaces around it, empty where it is missing.
    pub fn value(&self, name: &str) -> &str {
        self.values(name).first().map_or("", |value| value.trim())
    }

    /// All values of a field.
    pub fn values(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether this value of a choice was picked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).iter().any(|sent| sent == value)
    }

    /// The three boxes of a date field.
    pub fn date(&self, name: &str) -> DateEntry {
        let part = |part: &str| self.value(&format!("{name}.{part}")).to_owned();
        DateEntry::new(part("day"), part("month"), part("year"))
    }

    /// Notes a mistake.
    pub fn refuse(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.problems.push(Problem { field: field.to_owned(), code: Cow::Borrowed(code), message: message.into() });
    }

    /// Takes over what a verb refused, and that the house is too busy or a part of it does not answer: the same form
    /// can be sent again. Gives back the errors that no form can show.
    ///
    /// # Errors
    /// The error itself, where sending the form once more would not help.
    pub fn absorb(&mut self, error: Error) -> Result<(), Error> {
        match error {
            Error::Invalid(fields) => {
                for FieldError { field, message } in fields {
                    self.refuse(&field, "invalid", message);
                }
                Ok(())
            }
            Error::Conflict(sentence) => {
                self.refuse("", "conflict", sentence);
                Ok(())
            }
            Error::Busy(sentence) | Error::Unavailable { outward: sentence, .. } => {
                if !self.is_unavailable() {
                    self.refuse("", "unavailable", sentence);
                }
                Ok(())
            }
            other => Err(other),
        }
    }

    /// Whether something was wrong that is no fault of what was typed: the answer's status is then 503.
    pub fn is_unavailable(&self) -> bool {
        self.problems.iter().any(|problem| problem.code == "unavailable")
    }

    /// The status of the answer that shows it again: 200 while nothing is wrong, 409 for what the state of things forbids, 503
    /// when a part of the house does not answer, 422 for wrong input.
    pub fn status(&self) -> StatusCode {
        if self.is_valid() {
            StatusCode::OK
        } else if self.is_unavailable() {
            StatusCode::SERVICE_UNAVAILABLE
        } else if self.problems.iter().all(|problem| problem.code == "conflict") {
            StatusCode::CONFLICT
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }

    /// Takes over a mistake that another state of the same form has.
    pub fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Whether nothing is wrong so far.
    pub fn is_valid(&self) -> bool {
        self.problems.is_empty()
    }

    /// All mistakes, in the order they were found.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The mistakes of one field.
    pub fn problems_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Problem> + 'a {
        self.problems.iter().filter(move |problem| problem.field == field)
    }

    /// The page's title: "Lỗi: …" while something is wrong, so that a screen reader says it first.
    pub fn title(&self, title: &str) -> String {
        if self.is_valid() { title.to_owned() } else { format!("{}{title}", self.lang.words().error) }
    }
}
