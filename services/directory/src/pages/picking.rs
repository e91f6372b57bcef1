//! Choosing a unit or an officer among many without a script: a search above, a list of at most two hundred below.

use super::scope;
use crate::officer::{self, OfficerQuery};
use crate::permissions::DIRECTORY_KEEP;
use crate::tree::UnitTree;
use serde::Deserialize;
use store::Reader;
use types::{Id, Result, text};
use ui::{Choice, Html, Notice, Search, Tone};
use web::Ctx;

/// Longer lists are not read to the end by anybody.
pub(super) const CHOICES_MAX: usize = 200;

/// What was looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Sought {
    #[serde(default)]
    pub q: String,
}

/// Choices, and whether there would have been more.
pub(super) struct Choices {
    pub choices: Vec<Choice>,
    pub more: bool,
}

impl Choices {
    /// The search above the form, where it is needed.
    pub fn search(&self, action: &str, label: &str, sought: &str) -> Html {
        if !self.more && sought.is_empty() {
            return Html::default();
        }
        let search = Html::from(Search::new(action, label).value(sought).id("pick"));
        if !self.more {
            return search;
        }
        let note = format!("Danh sách dài: chỉ hiện {CHOICES_MAX} dòng đầu. Hãy tìm theo tên để thu hẹp.");
        search.and(Notice::new(Tone::Info, note))
    }
}

/// Officers of `units` whose name fits.
pub(super) fn officers(reader: &mut Reader<'_>, tree: &UnitTree, units: Vec<Id>, sought: &str) -> Result<Choices> {
    let query = OfficerQuery { units, words: sought.to_owned(), after: None, limit: CHOICES_MAX };
    let (cards, more) = officer::list(reader, &query)?;
    let choice = |card: &officer::OfficerCard| {
        Choice::new(card.id.to_string(), format!("{} – {}", card.name, tree.name(card.unit)))
    };
    Ok(Choices { choices: cards.iter().map(choice).collect(), more })
}

/// Units that the officer keeps whose name or code fits.
pub(super) fn units(ctx: &Ctx, tree: &UnitTree, sought: &str) -> Choices {
    let words = text::fold(sought);
    let fits = |id: &Id| {
        let Some(unit) = tree.get(*id) else { return false };
        words.is_empty()
            || text::fold(&unit.name).contains(&words)
            || unit.code.as_deref().is_some_and(|code| text::fold(code) == words)
            || unit.gso_code.as_deref() == Some(words.as_str())
    };
    let mut found: Vec<Id> = scope::units_of(ctx, &DIRECTORY_KEEP, tree).into_iter().filter(fits).collect();
    let more = found.len() > CHOICES_MAX;
    found.truncate(CHOICES_MAX);
    let choice = |id: &Id| Choice::new(id.to_string(), super::lists::with_parent(tree, *id));
    Choices { choices: found.iter().map(choice).collect(), more }
}
