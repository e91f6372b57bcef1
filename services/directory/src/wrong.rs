//! Collects everything that is wrong with an input, so that a form tells all of it at once.

use types::{Day, Error, FieldError, Result, text};

/// The complaints so far.
#[derive(Debug, Default)]
pub(crate) struct Wrong(Vec<FieldError>);

impl Wrong {
    /// Notes a complaint.
    pub fn say(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// A line of text that must be there, cleaned, of at most `most` characters.
    pub fn line(&mut self, field: &str, value: &str, missing: &str, most: usize) -> String {
        let value = self.short(field, value, most);
        if value.is_empty() {
            self.say(field, missing);
        }
        value
    }

    /// A line of text that may be empty, cleaned, of at most `most` characters.
    pub fn short(&mut self, field: &str, value: &str, most: usize) -> String {
        let value = text::clean(value);
        if value.chars().count() > most {
            self.say(field, format!("Viết ngắn hơn: nhiều nhất {most} ký tự."));
        }
        value
    }

    /// The end of a period, if any, may not lie before its start.
    pub fn period(&mut self, field: &str, from: Day, to: Option<Day>) {
        if to.is_some_and(|to| to < from) {
            self.say(field, "Ngày kết thúc không được trước ngày bắt đầu.");
        }
    }

    /// Nothing, or all complaints.
    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
