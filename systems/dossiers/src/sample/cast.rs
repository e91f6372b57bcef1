//! Who appears in one form, and how they are related: a child has its father's family name, an applicant may be the
//! very person whom the dossier is about.

use super::chance::Chance;
use super::person::{Person, Sex, Wanted};
use crate::procedure::Definition;
use jiff::ToSpan;
use std::collections::BTreeMap;
use types::Day;

/// The persons of a form by the beginning of their keys: `applicant`, `child`, `mother`.
pub(super) struct Cast<'c> {
    definition: &'c Definition,
    commune: &'c str,
    today: Day,
    /// What the applicant is to the one whom the dossier is about: an option of the form.
    relation: Option<String>,
    people: BTreeMap<String, Person>,
}

/// The key of the relation in every form that asks for it.
pub(super) const RELATION: &str = "applicant_relation";

impl<'c> Cast<'c> {
    /// Draws the relation first, because ages depend on it.
    pub fn new(chance: &mut Chance, definition: &'c Definition, (commune, today): (&'c str, Day)) -> Self {
        let options = definition.fields().find(|field| field.key == RELATION).map(|field| field.options.as_slice());
        let relation = options.filter(|options| !options.is_empty()).map(|options| {
            // The first two are the usual ones: oneself, the parents, the couple.
            let usual = &options[..options.len().min(2)];
            let option = if chance.percent(80) { chance.pick(usual) } else { chance.pick(options) };
            option.value.clone()
        });
        Self { definition, commune, today, relation, people: BTreeMap::new() }
    }

    pub fn relation(&self) -> Option<&str> {
        self.relation.as_deref()
    }

    fn is(&self, relation: &str) -> bool {
        self.relation() == Some(relation)
    }

    /// The person whose fields begin with `role`.
    pub fn person(&mut self, chance: &mut Chance, role: &str) -> Person {
        if let Some(known) = self.people.get(role) {
            return known.clone();
        }
        let person = match role {
            "applicant" => self.applicant(chance),
            "child" => self.child(chance),
            "mother" => self.parent(chance, Sex::Female),
            "father" => self.parent(chance, Sex::Male),
            "husband" => self.draw(chance, (Some(Sex::Male), (20, 36))),
            "wife" => self.draw(chance, (Some(Sex::Female), (18, 33))),
            // Whoever is buried by a parent was not old.
            "deceased" if self.is("cha-me") => self.draw(chance, (None, (24, 58))),
            "deceased" => self.draw(chance, (None, (52, 95))),
            "ward" => self.draw(chance, (None, (2, 15))),
            "guardian" => self.draw(chance, (None, (30, 66))),
            "beneficiary" if self.definition.code == "1.014027" => self.draw(chance, (None, (75, 93))),
            "beneficiary" => self.draw(chance, (None, (24, 78))),
            "subject" if self.is("cha-me") => self.draw(chance, (None, (2, 17))),
            _ => self.draw(chance, (None, (21, 68))),
        };
        self.people.insert(role.to_owned(), person.clone());
        person
    }

    fn draw(&self, chance: &mut Chance, (sex, ages): (Option<Sex>, (i64, i64))) -> Person {
        Person::draw(chance, Wanted { commune: self.commune, sex, ages, today: self.today, kin: None })
    }

    fn kin_of(&self, chance: &mut Chance, kin: &Person, (sex, ages): (Option<Sex>, (i64, i64))) -> Person {
        Person::draw(chance, Wanted { commune: self.commune, sex, ages, today: self.today, kin: Some(kin) })
    }

    fn has(&self, role: &str) -> bool {
        let key = format!("{role}_name");
        self.definition.fields().any(|field| field.key == key)
    }

    /// One of the others, or somebody of their own.
    fn applicant(&mut self, chance: &mut Chance) -> Person {
        let same = match self.relation() {
            Some("cha") => Some("father"),
            Some("me") => Some("mother"),
            Some("ben-nam") => Some("husband"),
            Some("ben-nu") => Some("wife"),
            Some("nguoi-giam-ho") => Some("guardian"),
            Some("ban-than") if self.has("beneficiary") => Some("beneficiary"),
            Some("ban-than") => Some("subject"),
            _ => None,
        };
        if let Some(role) = same.filter(|role| self.has(role)) {
            return self.person(chance, role);
        }
        let about = ["deceased", "subject", "beneficiary"].into_iter().find(|role| self.has(role));
        match (self.relation(), about) {
            (Some("con" | "than-thich"), Some(role)) => {
                let kin = self.person(chance, role);
                let oldest = (i64::from(kin.age(self.today)) - 20).clamp(20, 60);
                self.kin_of(chance, &kin, (None, (19, oldest)))
            }
            (Some("cha-me"), Some(role)) => {
                let child = self.person(chance, role);
                let age = i64::from(child.age(self.today));
                self.kin_of(chance, &child, (Some(Sex::Male), (age + 20, age + 38)))
            }
            _ => self.draw(chance, (None, (22, 64))),
        }
    }

    /// Born in the last eight weeks, into its father's family.
    fn child(&mut self, chance: &mut Chance) -> Person {
        let father = self.person(chance, "father");
        let days = chance.between(4, 56);
        let born = Day(self.today.0.checked_sub(days.days()).unwrap_or(self.today.0));
        let wanted = Wanted { commune: self.commune, sex: None, ages: (0, 0), today: self.today, kin: Some(&father) };
        Person::born_on(chance, born, wanted)
    }

    /// Of a newborn, or of a grown person whose birth is registered again.
    fn parent(&mut self, chance: &mut Chance, sex: Sex) -> Person {
        if !self.has("subject") {
            return self.draw(chance, (Some(sex), (20, 39)));
        }
        let subject = self.person(chance, "subject");
        let age = i64::from(subject.age(self.today));
        let ages = (age + 19, age + 36);
        match sex {
            Sex::Male => self.kin_of(chance, &subject, (Some(sex), ages)),
            Sex::Female => self.draw(chance, (Some(sex), ages)),
        }
    }
}
