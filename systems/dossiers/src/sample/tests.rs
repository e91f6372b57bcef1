//! Whatever is drawn passes the checks of the form, for every procedure that ships.

use super::*;
use crate::procedure::{catalogue, check};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn every_procedures_form_is_filled_so_that_it_passes_its_check() {
    let today = day("2026-11-20");
    for definition in catalogue::all() {
        let mut chance = Chance::new(11);
        for round in 0..150 {
            let commune = if round % 5 == 0 { "Vân Khê" } else { "Phúc Khê" };
            let sample = Sample::draw(&mut chance, definition, (commune, today));
            let checked = check(definition, &sample.values, today);
            let checked =
                checked.unwrap_or_else(|errors| panic!("{} {errors:?}\n{:#?}", definition.code, sample.values));
            // The only oddity is the register that gave out no such numbers.
            for warning in &checked.warnings {
                assert_eq!(warning.code, "identity_number_odd", "{}: {warning:?}", definition.code);
            }
            assert_eq!(checked.values.len(), sample.values.len(), "{}: a value of no field", definition.code);
            assert!(!sample.applicant().name.is_empty() && sample.applicant().phone.is_some());
            assert_eq!(sample.case.is_some(), !definition.cases.is_empty(), "{}", definition.code);
            assert!(definition.channels.contains(&sample.channel));
        }
    }
}

#[test]
fn required_papers_are_brought_and_one_of_each_group() {
    let today = day("2026-11-20");
    for definition in catalogue::all() {
        let sample = Sample::draw(&mut Chance::new(5), definition, ("Phúc Khê", today));
        for asked in definition.asked(sample.channel, sample.case.as_deref()) {
            let brought = sample.papers.iter().filter(|p| p.requirement == asked.code).count();
            let must = asked.required && asked.any_of.is_none() && asked.kind != RequirementKind::StateData;
            assert!(!must || brought == 1, "{} {}", definition.code, asked.code);
        }
    }
}

#[test]
fn the_same_seed_brings_the_same_dossier() {
    let definition = catalogue::find("1.001193").unwrap();
    let draw = |seed| Sample::draw(&mut Chance::new(seed), definition, ("Phúc Khê", day("2026-11-20"))).to_json();
    assert_eq!(draw(4), draw(4));
    assert_ne!(draw(4), draw(5));
}

#[test]
fn the_mix_names_every_shipped_procedure_once() {
    let mut mixed: Vec<&str> = MIX.iter().map(|(code, _)| *code).collect();
    let mut shipped: Vec<&str> = catalogue::all().iter().map(|d| d.code.as_str()).collect();
    mixed.sort_unstable();
    shipped.sort_unstable();
    assert_eq!(mixed, shipped);
    assert_eq!(MIX.iter().map(|(_, share)| share).sum::<u32>(), 125);
}

#[test]
fn scenes_and_phrases_fit_the_forms() {
    let phrases = names::phrases();
    for scene in &phrases.scenes {
        let definition = catalogue::find(&scene.procedure).unwrap();
        for key in scene.values.keys() {
            assert!(definition.fields().any(|field| field.key == *key), "{} has no field {key}", scene.procedure);
        }
    }
    let keys: BTreeSet<&str> =
        catalogue::all().iter().flat_map(Definition::fields).map(|field| field.key.as_str()).collect();
    for key in phrases.texts.keys() {
        assert!(keys.contains(key.as_str()), "no form asks for {key}");
    }
}

#[test]
fn officers_have_something_to_write_about_every_procedure() {
    let mut chance = Chance::new(2);
    for definition in catalogue::all() {
        for kind in ["supplement", "send_back", "note", "stop", "withdrawal"] {
            assert!(remark(&mut chance, kind, definition, "specialist").is_some(), "{kind} {}", definition.code);
        }
        for step in &definition.steps[1..] {
            assert!(remark(&mut chance, "forward", definition, step.post.code()).is_some(), "{}", step.code);
        }
    }
    let keys: BTreeSet<String> = catalogue::all().iter().flat_map(|d| [d.code.clone(), d.field.code.clone()]).collect();
    let posts = crate::procedure::step::PostKind::ALL.iter().map(|post| post.code());
    let known: BTreeSet<&str> = keys.iter().map(String::as_str).chain(posts).chain(["any"]).collect();
    for key in names::phrases().remarks.values().flat_map(BTreeMap::keys) {
        assert!(known.contains(key.as_str()), "remarks for {key}, which is nothing");
    }
}
