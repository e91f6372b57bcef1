//! What an address asks of the report or of a list behind it.

use crate::access;
use crate::figures::{By, Column, Key, PRESETS, Period, Question, Scope};
use directory::UnitTree;
use serde::Deserialize;
use types::{Day, Error, Id, Result};
use web::Who;

/// Empty and unreadable conditions are none.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    #[serde(rename = "theo")]
    pub by: String,
    pub tu: String,
    pub den: String,
    #[serde(rename = "don-vi")]
    pub unit: String,
    /// Without the units below.
    #[serde(rename = "rieng")]
    pub own: String,
    #[serde(rename = "linh-vuc")]
    pub field: String,
    #[serde(rename = "thu-tuc")]
    pub procedure: String,
    /// The column whose dossiers are listed.
    #[serde(rename = "so")]
    pub column: String,
}

impl Asked {
    /// What is counted, cut to what the reader may see: who sees the dossiers of one unit is told of that one. A unit that
    /// the reader may not see is not there.
    pub fn question(&self, who: &Who, tree: &UnitTree, today: Day) -> Result<Question> {
        let chosen: Option<Id> = self.unit.parse().ok();
        if let Some(unit) = chosen
            && !access::listed_units(who, tree).contains(&unit)
        {
            return Err(Error::not_found(format!("số liệu của đơn vị {unit}")));
        }
        let only = match access::offices(who, tree).as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let scope = Scope {
            unit: chosen.or(only),
            own: !self.own.is_empty(),
            field: filled(&self.field),
            procedure: filled(&self.procedure),
        };
        let by = By::ALL.into_iter().find(|by| by.code() == self.by).unwrap_or_default();
        let period = Period::asked(self.tu.parse().ok(), self.den.parse().ok(), today);
        Ok(Question { period, by, scope })
    }

    pub fn column(&self) -> Option<Column> {
        Column::from_code(&self.column)
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The question as an address at `path`, with the column whose list it opens.
pub fn address(path: &str, question: &Question, column: Option<Column>) -> String {
    let Question { period, by, scope } = question;
    let mut pairs = Vec::new();
    match column {
        Some(column) => pairs.push(("so", column.code().to_owned())),
        None => pairs.push(("theo", by.code().to_owned())),
    }
    pairs.push(("tu", period.first.to_string()));
    pairs.push(("den", period.last.to_string()));
    pairs.extend(scope.unit.map(|unit| ("don-vi", unit.to_string())));
    pairs.extend(scope.own.then(|| ("rieng", "1".to_owned())));
    pairs.extend(scope.field.clone().map(|field| ("linh-vuc", field)));
    pairs.extend(scope.procedure.clone().map(|procedure| ("thu-tuc", procedure)));
    let query: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{name}={}", super::super::list::encoded(&value))).collect();
    format!("{path}?{}", query.join("&"))
}

/// The same question about one row only.
pub fn of_row(question: &Question, key: &Key) -> Question {
    let mut asked = question.clone();
    match key {
        Key::Field(code) => asked.scope.field = Some(code.clone()),
        Key::Procedure(code) => asked.scope.procedure = Some(code.clone()),
        Key::Unit(unit) => asked.scope.unit = Some(*unit),
        Key::OwnUnit(unit) => (asked.scope.unit, asked.scope.own) = (Some(*unit), true),
        Key::All => {}
    }
    asked
}

/// Where the report of a row is told in more detail: of a field by procedure, of a unit by the units below.
pub fn closer(question: &Question, key: &Key) -> Option<Question> {
    let by = match key {
        Key::Field(_) => By::Procedure,
        Key::Unit(_) => By::Field,
        Key::Procedure(_) | Key::OwnUnit(_) | Key::All => return None,
    };
    Some(Question { by, ..of_row(question, key) })
}

/// The periods that are asked for most: name, the question, whether it is the one that is shown.
pub fn presets(question: &Question, today: Day) -> Vec<(&'static str, Question, bool)> {
    let preset = |(name, preset): &(&'static str, fn(jiff::civil::Date) -> Period)| {
        let period = preset(today.0).until(today);
        (*name, Question { period, ..question.clone() }, period == question.period)
    };
    PRESETS.iter().map(preset).collect()
}
