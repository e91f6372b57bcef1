//! Conditions above a list.

use crate::form::Choice;
use crate::html::components;
use crate::lang::Lang;
use askama::Template;

#[derive(Debug, Clone)]
enum Condition {
    Pick { choices: Vec<Choice>, all: String },
    Type { kind: &'static str },
}

#[derive(Debug, Clone)]
struct Filter {
    name: String,
    label: String,
    value: String,
    condition: Condition,
}

/// A form sent by GET, so that a filtered list has an address. On desk pages it can replace only the list.
#[derive(Debug, Clone, Template)]
#[template(path = "filter_bar.html")]
pub struct FilterBar {
    action: String,
    filters: Vec<Filter>,
    hidden: Vec<(String, String)>,
    replaces: Option<String>,
    lang: Lang,
}

components!(FilterBar);

impl FilterBar {
    /// For the list at this address.
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), filters: Vec::new(), hidden: Vec::new(), replaces: None, lang: Lang::Vi }
    }

    /// A condition to pick; `all` is the text of "no condition": "Tất cả lĩnh vực".
    pub fn pick<C: Into<Choice>>(
        mut self,
        name: &str,
        label: impl Into<String>,
        all: impl Into<String>,
        choices: impl IntoIterator<Item = C>,
    ) -> Self {
        let choices = choices.into_iter().map(Into::into).collect();
        let condition = Condition::Pick { choices, all: all.into() };
        self.filters.push(Filter { name: name.to_owned(), label: label.into(), value: String::new(), condition });
        self
    }

    /// Words to look for.
    pub fn words(self, name: &str, label: impl Into<String>) -> Self {
        self.typed(name, label, "search")
    }

    /// A day (the browser's own date box: officers know it, and filters are forgiving).
    pub fn day(self, name: &str, label: impl Into<String>) -> Self {
        self.typed(name, label, "date")
    }

    fn typed(mut self, name: &str, label: impl Into<String>, kind: &'static str) -> Self {
        let condition = Condition::Type { kind };
        self.filters.push(Filter { name: name.to_owned(), label: label.into(), value: String::new(), condition });
        self
    }

    /// What is set in the condition that was added last.
    pub fn set(mut self, value: impl Into<String>) -> Self {
        if let Some(filter) = self.filters.last_mut() {
            filter.value = value.into();
        }
        self
    }

    /// A value that stays as it is: the view, the order.
    pub fn keep(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// Desk pages replace only the element of this id, taken from the same full page.
    pub fn replaces(mut self, id: impl Into<String>) -> Self {
        self.replaces = Some(id.into());
        self
    }

    /// The words in another language.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    fn is_set(&self) -> bool {
        self.filters.iter().any(|filter| !filter.value.is_empty())
    }
}
