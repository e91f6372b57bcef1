//! The demo's people and places must be nobody and nowhere.

use std::collections::BTreeSet;

use serde::Deserialize;
use types::text::fold;

#[derive(Deserialize)]
struct Names {
    fictional: bool,
    province: Place,
    communes: Vec<Place>,
    identity: Prefix,
    villages: Vec<Village>,
    peoples: Vec<People>,
}

#[derive(Deserialize)]
struct Place {
    gso_code: String,
    name: String,
}

#[derive(Deserialize)]
struct Prefix {
    prefix: String,
}

#[derive(Deserialize)]
struct Village {
    commune: String,
    mostly: String,
}

#[derive(Deserialize)]
struct People {
    code: String,
    share: u32,
    family: Vec<Family>,
    given_male: Vec<String>,
    given_female: Vec<String>,
}

#[derive(Deserialize)]
struct Family {
    name: String,
    weight: u32,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn names() -> Names {
    toml::from_str(&read("demo/names.toml")).expect("demo/names.toml parses")
}

#[test]
fn the_demos_places_are_not_on_the_map() {
    let units = read("../../services/directory/data/units.tsv");
    let rows = units.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let (mut codes, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        codes.insert(row[0].to_owned());
        taken.insert(fold(row[2]));
    }
    assert_eq!(codes.len(), 34 + 3321);
    let names = names();
    assert!(names.fictional);
    for place in names.communes.iter().chain([&names.province]) {
        assert!(!codes.contains(&place.gso_code), "{}", place.gso_code);
        assert!(!taken.contains(&fold(&place.name)), "{}", place.name);
    }
}

#[test]
fn no_register_ever_gave_out_the_demos_identity_numbers() {
    let prefix = names().identity.prefix;
    assert_eq!(prefix, "099");
    // The provinces of the old registers end at 096 and those of today at 96.
    assert!(prefix.parse::<u32>().is_ok_and(|code| code > 96));
}

#[test]
fn the_building_blocks_fit_together() {
    let names = names();
    assert_eq!(names.peoples.iter().map(|people| people.share).sum::<u32>(), 100);
    for people in &names.peoples {
        assert!(people.given_male.len() >= 8 && people.given_female.len() >= 8, "{}", people.code);
        assert!(people.family.iter().all(|family| family.weight > 0 && !family.name.is_empty()), "{}", people.code);
    }
    for village in &names.villages {
        assert!(names.communes.iter().any(|commune| commune.name == village.commune));
        assert!(names.peoples.iter().any(|people| people.code == village.mostly));
    }
}
