//! Lifelike people whom nobody can be: fictional places, identity numbers that no register gave out.

use super::chance::Chance;
use super::names::{People, Village, names};
use jiff::ToSpan;
use jiff::civil::Date;
use types::Day;
use types::text::{fold, slug};

/// Male or female, as registers write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// The option of the forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "nam",
            Self::Female => "nu",
        }
    }
}

/// A person of the demo.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    /// The family name, which children take from their father.
    pub family: String,
    pub sex: Sex,
    pub born: Day,
    /// Twelve digits.
    pub identity: String,
    /// The people they belong to: `Tày`.
    pub ethnicity: String,
    pub village: String,
    pub address: String,
    pub phone: String,
    pub email: String,
}

/// What is asked of a person; what is not asked is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    pub commune: &'w str,
    pub sex: Option<Sex>,
    /// Youngest and oldest in years on `today`.
    pub ages: (i64, i64),
    pub today: Day,
    /// Somebody of the same family and village.
    pub kin: Option<&'w Person>,
}

impl Person {
    /// Somebody who fits.
    pub fn draw(chance: &mut Chance, wanted: Wanted<'_>) -> Self {
        let (youngest, oldest) = wanted.ages;
        // One day short of the next birthday, so that nobody is older than asked.
        let days = chance.between(youngest * 366, (oldest + 1) * 365 - 1);
        let born = Day(wanted.today.0.checked_sub(days.days()).unwrap_or(wanted.today.0));
        Self::born_on(chance, born, wanted)
    }

    /// Somebody born on that day; `ages` does not matter.
    pub fn born_on(chance: &mut Chance, born: Day, wanted: Wanted<'_>) -> Self {
        let sex = wanted.sex.unwrap_or_else(|| if chance.percent(50) { Sex::Male } else { Sex::Female });
        let village = village_of(chance, wanted);
        let people = people_of(chance, village, wanted.kin);
        let family = match wanted.kin {
            Some(kin) => kin.family.clone(),
            None => chance.weighted(&people.family, |family| family.weight).name.clone(),
        };
        let (middles, givens) = match sex {
            Sex::Male => (&people.middle_male, &people.given_male),
            Sex::Female => (&people.middle_female, &people.given_female),
        };
        let name = format!("{family} {} {}", chance.pick(middles), chance.pick(givens));
        let parts = names();
        let email = format!("{}@{}", slug(&name).replace('-', "."), parts.email.domain);
        Self {
            identity: identity(chance, sex, born.0),
            address: address(chance, village),
            village: village.name.clone(),
            ethnicity: people.name.clone(),
            phone: format!("{}{}", chance.pick(&parts.telephone.prefixes), chance.digits(6)),
            email,
            name,
            family,
            sex,
            born,
        }
    }

    /// Full years on `day`.
    pub fn age(&self, day: Day) -> i16 {
        let (born, day) = (self.born.0, day.0);
        let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
        day.year() - born.year() - i16::from(!had_birthday)
    }
}

fn village_of(chance: &mut Chance, wanted: Wanted<'_>) -> &'static Village {
    let villages: Vec<&Village> = names().villages.iter().filter(|v| v.commune == wanted.commune).collect();
    let kin = wanted.kin.and_then(|kin| villages.iter().find(|v| v.name == kin.village));
    kin.copied().unwrap_or_else(|| *chance.pick(&villages))
}

/// Four of five families of a village belong to its people.
fn people_of(chance: &mut Chance, village: &Village, kin: Option<&Person>) -> &'static People {
    let peoples = &names().peoples;
    let same = |name: &str| peoples.iter().find(|people| people.name == name);
    if let Some(people) = kin.and_then(|kin| same(&kin.ethnicity)) {
        return people;
    }
    let most = peoples.iter().find(|people| people.code == village.mostly);
    let drawn = chance.weighted(peoples, |people| people.share);
    if chance.percent(80) { most.unwrap_or(drawn) } else { drawn }
}

/// Prefix of no register, century and sex, year, six digits.
fn identity(chance: &mut Chance, sex: Sex, born: Date) -> String {
    let century = if born.year() < 2000 { 0 } else { 2 };
    let century_and_sex = century + i16::from(sex == Sex::Female);
    format!("{}{century_and_sex}{:02}{}", names().identity.prefix, born.year().rem_euclid(100), chance.digits(6))
}

/// Streets only where the commune has some; elsewhere an address is the village.
fn address(chance: &mut Chance, village: &Village) -> String {
    let parts = names();
    let place = format!("{}, xã {}, {}", village.name, village.commune, parts.province_words());
    let in_centre = ["trung tam", "cho moi"].iter().any(|centre| fold(&village.name).ends_with(centre));
    if in_centre { format!("Số {} {}, {place}", chance.between(1, 140), chance.pick(&parts.streets)) } else { place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_fit_what_is_asked_and_pass_the_forms_checks() {
        let today: Day = "2026-11-20".parse().unwrap();
        let mut chance = Chance::new(3);
        for ages in [(0, 1), (18, 35), (75, 96)] {
            for _ in 0..200 {
                let wanted = Wanted { commune: "Phúc Khê", sex: None, ages, today, kin: None };
                let person = Person::draw(&mut chance, wanted);
                let age = i64::from(person.age(today));
                assert!(ages.0 <= age && age <= ages.1, "{person:?} is {age}");
                assert!(person.identity.len() == 12 && person.identity.starts_with("099"), "{person:?}");
                assert!(person.phone.len() == 10 && person.phone.starts_with("057"), "{person:?}");
                assert!(person.address.ends_with("xã Phúc Khê, tỉnh Mây Thượng"), "{person:?}");
                assert!(person.email.is_ascii() && person.email.ends_with(".example"), "{person:?}");
                let child = Person::draw(&mut chance, Wanted { ages: (0, 3), kin: Some(&person), ..wanted });
                assert_eq!((&child.family, &child.village), (&person.family, &person.village));
            }
        }
    }
}
