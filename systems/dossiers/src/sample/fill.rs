//! Fills in a form: persons from the cast, free text from the phrases, the rest by the kind of the field.

use super::cast::{Cast, RELATION};
use super::chance::Chance;
use super::names::{Scene, names, phrases};
use super::person::{Person, Sex};
use crate::procedure::Definition;
use crate::procedure::form::{FieldKind, FormField};
use jiff::ToSpan;
use std::collections::BTreeMap;
use types::Day;

/// The values of a form as the party would fill it in on `today`; optional fields are often left empty.
pub(super) fn fill(
    chance: &mut Chance,
    definition: &Definition,
    (commune, today): (&str, Day),
) -> BTreeMap<String, String> {
    let mut cast = Cast::new(chance, definition, (commune, today));
    let scenes: Vec<&Scene> = phrases().scenes.iter().filter(|scene| scene.procedure == definition.code).collect();
    let scene = if scenes.is_empty() { None } else { Some(*chance.pick(&scenes)) };
    let mut values = BTreeMap::new();
    for field in definition.fields() {
        if !is_asked(field, &values) {
            continue;
        }
        let given = scene.and_then(|scene| scene.values.get(&field.key)).cloned();
        let value = given.or_else(|| Field { field, today }.value(chance, &mut cast));
        if let Some(value) = value {
            values.insert(field.key.clone(), value);
        }
    }
    values
}

fn is_asked(field: &FormField, values: &BTreeMap<String, String>) -> bool {
    field.when.as_ref().is_none_or(|when| values.get(&when.field).is_some_and(|value| when.is.contains(value)))
}

struct Field<'f> {
    field: &'f FormField,
    today: Day,
}

impl Field<'_> {
    fn value(&self, chance: &mut Chance, cast: &mut Cast<'_>) -> Option<String> {
        let key = self.field.key.as_str();
        if key == RELATION {
            return cast.relation().map(ToOwned::to_owned);
        }
        if let Some(known) = self.of_person(chance, cast) {
            return known;
        }
        // What may be left empty often is.
        if !self.field.required && !chance.percent(60) {
            return None;
        }
        self.by_key(chance, cast).or_else(|| self.by_phrase(chance)).or_else(|| self.by_kind(chance))
    }

    /// A field of one of the persons; the inner `None` leaves it empty.
    fn of_person(&self, chance: &mut Chance, cast: &mut Cast<'_>) -> Option<Option<String>> {
        const ROLES: [&str; 13] = [
            "applicant",
            "child",
            "mother",
            "father",
            "husband",
            "wife",
            "deceased",
            "ward",
            "guardian",
            "beneficiary",
            "subject",
            "other",
            "new_owner",
        ];
        let key = self.field.key.as_str();
        let role = ROLES
            .into_iter()
            .find(|role| key.strip_prefix(role).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))?;
        let part = key[role.len()..].trim_start_matches('_');
        let person = cast.person(chance, role);
        let value = match part {
            "" | "name" => person.name,
            "birth_date" => shown(person.born),
            "identity" => person.identity,
            "ethnicity" => person.ethnicity,
            "nationality" => "Việt Nam".to_owned(),
            "address" => person.address,
            "hometown" => home(&person),
            "phone" => person.phone,
            "email" if chance.percent(40) => person.email,
            "email" => return Some(None),
            "sex" => person.sex.code().to_owned(),
            "birth_place" => chance.pick(&names().places.births).clone(),
            "birth_time" => clock(chance),
            "marriages" => if chance.percent(92) { "1" } else { "2" }.to_owned(),
            _ => return None,
        };
        Some(Some(value))
    }

    /// Fields whose value hangs on somebody or on the day.
    fn by_key(&self, chance: &mut Chance, cast: &mut Cast<'_>) -> Option<String> {
        let value = match self.field.key.as_str() {
            "business_name" => format!("Hộ kinh doanh {}", chance.pick(&names().business.names)),
            "trades" => chance.pick(&names().business.trades).clone(),
            // A household's tax code is the owner's personal number.
            "business_number" => cast.person(chance, "applicant").identity,
            "business_phone" => cast.person(chance, "applicant").phone,
            "members" => {
                let people: Vec<Person> = ["member-1", "member-2"].map(|role| cast.person(chance, role)).into();
                people.iter().map(|p| format!("{}, {}", p.name, p.identity)).collect::<Vec<_>>().join("\n")
            }
            "partner" => {
                let other = cast.person(chance, "partner");
                let line = format!("{}, sinh năm {}, Việt Nam", other.name, other.born.0.year());
                format!("{line}, số định danh {}; đăng ký tại xã Phúc Khê", other.identity)
            }
            "residence_history" => {
                let subject = cast.person(chance, "subject");
                let since = subject.born.0.year() + if subject.sex == Sex::Female { 18 } else { 20 };
                format!("Từ 01/{since} đến nay: {}", subject.address)
            }
            "bank_account" => {
                let name = cast.person(chance, "applicant").name;
                format!("0000 {}, Ngân hàng minh họa, {name}", chance.digits(6))
            }
            "registered_at" => format!("Ủy ban nhân dân xã Phúc Khê, {}", names().province_words()),
            "works_address" | "land_address" | "business_address" | "tax_address" | "death_place" => {
                cast.person(chance, "applicant").address
            }
            "death_date" => self.days_ago(chance, (1, 12)),
            "death_entry" | "entry_number" => {
                format!(
                    "{}/{}",
                    chance.between(1, 180),
                    self.today.0.year() - i16::try_from(chance.between(0, 9)).ok()?
                )
            }
            "registered_on" => self.days_ago(chance, (400, 6000)),
            "changed_on" => self.days_ago(chance, (1, 9)),
            "dispute_since" => (self.today.0.year() - i16::try_from(chance.between(1, 6)).ok()?).to_string(),
            "birth_certificate_number" => format!("{}/GCS", chance.between(1, 900)),
            "parcel" | "land_parcel" => {
                format!("Thửa {}, tờ bản đồ {}", chance.between(1, 420), chance.between(1, 60))
            }
            "land_certificate" => format!("MTH {}", chance.digits(6)),
            _ => return None,
        };
        Some(value)
    }

    fn by_phrase(&self, chance: &mut Chance) -> Option<String> {
        let free = matches!(self.field.kind, FieldKind::Text | FieldKind::LongText | FieldKind::Address);
        if !free {
            return None;
        }
        phrases().texts.get(&self.field.key).map(|texts| chance.pick(texts).clone())
    }

    fn by_kind(&self, chance: &mut Chance) -> Option<String> {
        let value = match self.field.kind {
            FieldKind::Select | FieldKind::MultiSelect => {
                let options = &self.field.options;
                let option = if chance.percent(60) { options.first() } else { Some(chance.pick(options)) };
                option?.value.clone()
            }
            FieldKind::Checkbox => {
                return (self.field.required || chance.percent(12)).then(|| "yes".to_owned());
            }
            FieldKind::Number => self.number(chance).to_string(),
            // A company's: no party of the demo is one that exists.
            FieldKind::TaxCode => format!("99{}", chance.digits(8)),
            FieldKind::CopyLines => format!("Giấy khai sinh; 1; {}", chance.between(1, 3)),
            FieldKind::Money => (chance.between(4, 180) * 5_000_000).to_string(),
            FieldKind::Time => clock(chance),
            FieldKind::Date | FieldKind::PartialDate if self.field.past => self.days_ago(chance, (2, 300)),
            FieldKind::Date | FieldKind::PartialDate => {
                let days = chance.between(3, 20);
                shown(Day(self.today.0.checked_add(days.days()).unwrap_or(self.today.0)))
            }
            FieldKind::Nationality => "Việt Nam".to_owned(),
            FieldKind::Ethnicity => "Kinh".to_owned(),
            // A free text that nobody has thought of: only a required one needs something.
            FieldKind::Text | FieldKind::LongText if self.field.required => "Như trình bày tại quầy".to_owned(),
            _ => return None,
        };
        Some(value)
    }

    fn number(&self, chance: &mut Chance) -> i64 {
        let (first, last) = match self.field.key.as_str() {
            "land_area" => (90, 420),
            "ground_area" => (60, 110),
            "floor_area" => (60, 240),
            "pages" => (1, 14),
            "workers" => (1, 6),
            "duration" => (4, 12),
            _ => (1, 5),
        };
        chance.between(first, last)
    }

    fn days_ago(&self, chance: &mut Chance, (least, most): (i64, i64)) -> String {
        let days = chance.between(least, most);
        shown(Day(self.today.0.checked_sub(days.days()).unwrap_or(self.today.0)))
    }
}

/// A day as the forms keep it.
fn shown(day: Day) -> String {
    day.0.strftime("%d/%m/%Y").to_string()
}

fn clock(chance: &mut Chance) -> String {
    format!("{:02}:{:02}", chance.between(0, 23), chance.between(0, 59))
}

fn home(person: &Person) -> String {
    let parts = names();
    let commune = parts.villages.iter().find(|v| v.name == person.village).map_or("", |v| v.commune.as_str());
    format!("Xã {commune}, {}", parts.province_words())
}
