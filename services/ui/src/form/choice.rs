//! One of the things to choose from.

/// An option of a select, a radio button or a check box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
}

impl Choice {
    /// The value that is sent and the text that is read.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// A line of help under the label (not in a select).
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

// Templates hand lists over by reference, so both are taken.
impl<V: Into<String> + Clone, L: Into<String> + Clone> From<&(V, L)> for Choice {
    fn from((value, label): &(V, L)) -> Self {
        Self::new(value.clone(), label.clone())
    }
}

impl From<&Choice> for Choice {
    fn from(choice: &Choice) -> Self {
        choice.clone()
    }
}

impl<V: Into<String>, L: Into<String>> From<(V, L)> for Choice {
    fn from((value, label): (V, L)) -> Self {
        Self::new(value, label)
    }
}
