//! The list of all mistakes above a form, each a link to its field.

use super::{FormState, Problem, element_id};
use crate::html::components;
use crate::lang::Lang;
use askama::Template;

/// Shows nothing while the form is right: `{{ ErrorSummary::of(form) }}` may always stand there.
#[derive(Debug, Clone, Template)]
#[template(path = "error_summary.html")]
pub struct ErrorSummary {
    lang: Lang,
    problems: Vec<Problem>,
}

components!(ErrorSummary);

impl ErrorSummary {
    /// The mistakes of a form.
    pub fn of(form: &FormState) -> Self {
        Self { lang: form.lang(), problems: form.problems().to_vec() }
    }

    fn heading(&self) -> String {
        let words = self.lang.words();
        match self.problems.len() {
            1 => words.one_mistake.to_owned(),
            n => words.mistakes.replace("{n}", &n.to_string()),
        }
    }

    fn target(&self, problem: &Problem) -> String {
        element_id(&problem.field)
    }
}
