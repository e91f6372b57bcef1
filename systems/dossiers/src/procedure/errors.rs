//! What is wrong with a definition: every mistake at once, each with its line.

use std::fmt;

/// One mistake in a definition file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DefinitionError {
    /// Line of the file, from 1; absent when the mistake is that something is missing altogether.
    pub line: Option<usize>,
    /// Which part of the definition, e.g. `requirements[2].kind`; empty for the file as a whole.
    pub path: String,
    /// What is wrong and what would be right, in Vietnamese.
    pub message: String,
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "dòng {line}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// All mistakes of one file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DefinitionErrors(pub Vec<DefinitionError>);

impl DefinitionErrors {
    /// A single mistake of the file as a whole.
    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self(vec![DefinitionError { line: None, path: String::new(), message: message.into() }])
    }

    /// Whether some mistake is about `path` and its sentence contains `part`.
    pub fn has(&self, path: &str, part: &str) -> bool {
        self.0.iter().any(|error| error.path == path && error.message.contains(part))
    }
}

impl fmt::Display for DefinitionErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for DefinitionErrors {}

impl From<DefinitionErrors> for types::Error {
    fn from(errors: DefinitionErrors) -> Self {
        Self::Invalid(
            errors.0.iter().map(|error| types::FieldError::new(error.path.clone(), error.to_string())).collect(),
        )
    }
}
