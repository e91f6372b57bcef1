//! Lifelike dossiers of people who do not exist: for `nhaviec demo`, the benchmark, the power-cut test and tests.
//!
//! All of it is made from `demo/*.toml` and a seed. Whatever procedure the house knows, the form that comes out passes
//! its check: a test fills every one of them hundreds of times.

mod cast;
mod chance;
mod fill;
mod names;
mod person;
#[cfg(test)]
mod tests;

use crate::dossier::Applicant;
use crate::procedure::Definition;
use crate::procedure::definition::Channel;
use crate::procedure::form;
use crate::procedure::requirement::{Requirement, RequirementKind};
use crate::verbs::receive::NewPaper;
use std::collections::{BTreeMap, BTreeSet};
use types::Day;

pub use chance::Chance;
pub use names::{Names, PlaceName, Remarks, names};
pub use person::{Person, Sex, Wanted};

/// How often people come for what: codes of the shipped procedures with rough shares.
const MIX: [(&str, u32); 44] = [
    ("2.000815", 26),
    ("1.001193", 13),
    ("2.000635", 9),
    ("1.004873", 9),
    ("2.000884", 7),
    ("1.000894", 5),
    ("1.000656", 4),
    ("2.001035", 4),
    ("1.001612", 4),
    ("1.014027", 3),
    ("1.001776", 3),
    ("1.004859", 3),
    ("1.001699", 2),
    ("1.004884", 2),
    ("1.013225", 2),
    ("2.000720", 2),
    ("1.001731", 1),
    ("1.001266", 1),
    ("1.012812", 1),
    ("1.004837", 1),
    ("1.000593", 1),
    ("1.000689", 2),
    ("1.001022", 1),
    ("1.005461", 1),
    ("2.002189", 1),
    ("2.000913", 1),
    ("2.000942", 1),
    ("2.000992", 1),
    ("2.001016", 1),
    ("2.001019", 1),
    ("2.001406", 1),
    ("1.001570", 1),
    ("2.000575", 1),
    ("1.014028", 1),
    ("2.000286", 1),
    ("1.003622", 1),
    ("1.010803", 1),
    ("1.010824", 1),
    ("1.010833", 1),
    ("1.011609", 1),
    ("1.013702", 1),
    ("1.013703", 1),
    // A complaint is nobody's to see, and the linked procedure comes in over the network alone.
    ("3.000722", 0),
    ("2.002409", 0),
];

/// What somebody comes for, by how often people come for it.
pub fn procedure(chance: &mut Chance) -> &'static str {
    chance.weighted(&MIX, |(_, share)| *share).0
}

/// What an officer writes about a dossier of this procedure: `kind` is `supplement`, `send_back`, `forward`, `note`,
/// `stop` or `withdrawal`; `post` the kind of post that writes.
pub fn remark(chance: &mut Chance, kind: &str, definition: &Definition, post: &str) -> Option<&'static str> {
    let remarks = names::phrases().remarks.get(kind)?;
    let keys = [definition.code.as_str(), definition.field.code.as_str(), post, "any"];
    let fitting: Vec<&'static String> = keys.iter().filter_map(|key| remarks.get(*key)).flatten().collect();
    if fitting.is_empty() { None } else { Some(chance.pick(&fitting).as_str()) }
}

/// A dossier as it lies on the counter.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The procedure's code.
    pub procedure: String,
    pub case: Option<String>,
    pub channel: Channel,
    /// The form, filled in.
    pub values: BTreeMap<String, String>,
    pub papers: Vec<NewPaper>,
    /// `counter`, `online` or `post`.
    pub return_way: &'static str,
}

impl Sample {
    /// A dossier of this procedure that somebody of `commune` brings on `today`.
    pub fn draw(chance: &mut Chance, definition: &Definition, (commune, today): (&str, Day)) -> Self {
        let values = fill::fill(chance, definition, (commune, today));
        let case = values.get(form::CASE).filter(|case| definition.case(case).is_some()).cloned();
        // Nothing of the demo's world has failed, so nobody needs an emergency channel.
        let usual = definition.channels.iter().copied().filter(|channel| definition.exception(*channel).is_none());
        let channel = channel(chance, &usual.collect::<Vec<_>>());
        let papers = papers(chance, definition, (channel, case.as_deref()));
        let return_way = if channel == Channel::Online && chance.percent(70) {
            "online"
        } else {
            chance.weighted(&[("counter", 85), ("post", 10), ("online", 5)], |(_, share)| *share).0
        };
        Self { procedure: definition.code.clone(), case, channel, values, papers, return_way }
    }

    /// The party's particulars as the dossier keeps them.
    pub fn applicant(&self) -> Applicant {
        let value = |key: &str| self.values.get(key).cloned();
        Applicant {
            name: value(form::APPLICANT_NAME).unwrap_or_default(),
            phone: value(form::APPLICANT_PHONE),
            address: value(form::APPLICANT_ADDRESS),
            email: value("applicant_email"),
        }
    }

    /// The body of `POST /api/v1/dossiers`.
    pub fn to_json(&self) -> serde_json::Value {
        let papers: Vec<serde_json::Value> = self
            .papers
            .iter()
            .map(|p| serde_json::json!({ "requirement": p.requirement, "originals": p.originals, "copies": p.copies }))
            .collect();
        serde_json::json!({
            "procedure": self.procedure, "case": self.case, "channel": self.channel.code(), "form": self.values,
            "papers": papers, "return_way": self.return_way,
        })
    }
}

/// Three of five come to the counter, where the procedure lets them choose.
fn channel(chance: &mut Chance, offered: &[Channel]) -> Channel {
    let weight = |channel: &Channel| match channel {
        Channel::Counter => 60,
        Channel::Online => 35,
        Channel::Post => 5,
    };
    *chance.weighted(offered, weight)
}

/// The papers that everybody brings; of alternatives one.
fn papers(chance: &mut Chance, definition: &Definition, (channel, case): (Channel, Option<&str>)) -> Vec<NewPaper> {
    let asked: Vec<&Requirement> =
        definition.asked(channel, case).filter(|r| r.kind != RequirementKind::StateData).collect();
    let groups: BTreeSet<&str> = asked.iter().filter_map(|r| r.any_of.as_deref()).collect();
    let mut brought: Vec<&Requirement> = asked.iter().copied().filter(|r| r.required && r.any_of.is_none()).collect();
    for group in groups {
        let members: Vec<&Requirement> = asked.iter().copied().filter(|r| r.any_of.as_deref() == Some(group)).collect();
        brought.push(*chance.pick(&members));
    }
    let shown = |r: &Requirement| r.kind == RequirementKind::OriginalToShow;
    brought
        .into_iter()
        .map(|r| NewPaper {
            requirement: r.code.clone(),
            name: r.name.clone(),
            // What is only shown goes back with the party.
            originals: if shown(r) { 0 } else { i64::from(r.originals) },
            copies: i64::from(r.copies),
            file: None,
        })
        .collect()
}
