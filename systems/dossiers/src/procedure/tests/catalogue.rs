//! The twenty procedures that come with the program.

use std::collections::BTreeSet;
use std::path::Path;

use types::Day;
use types::text::fold;

use crate::procedure::catalogue::{self, FILES};
use crate::procedure::coverage;
use crate::procedure::definition::{Channel, Definition, OnlineLevel};
use crate::procedure::fees::FeeKind;
use crate::procedure::provenance::{Mark, register};
use crate::procedure::step::PostKind;
use crate::procedure::takes::Takes;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("procedures")
}

#[test]
fn each_of_the_twenty_parses_under_its_own_name() {
    for (code, text) in FILES {
        match Definition::parse(text) {
            Ok(definition) => assert_eq!(definition.code, code),
            Err(errors) => panic!("procedures/{code}.toml\n{errors}"),
        }
    }
    assert_eq!(catalogue::all().len(), 20);
    let codes: BTreeSet<&str> = catalogue::all().iter().map(|definition| definition.code.as_str()).collect();
    assert_eq!(codes.len(), 20);
    assert_eq!(catalogue::find("1.001193").map(Definition::short_name), Some("Khai sinh"));
    assert!(catalogue::find("9.999999").is_none());
}

#[test]
fn every_file_in_the_folder_is_embedded() {
    let embedded: BTreeSet<String> = FILES.iter().map(|(code, _)| format!("{code}.toml")).collect();
    let entries = std::fs::read_dir(folder()).expect("procedures/ is there");
    let names = entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    let found: BTreeSet<String> = names.filter(|name| name.ends_with(".toml") && name != "sources.toml").collect();
    assert_eq!(found, embedded);
}

#[test]
fn every_fact_says_where_it_comes_from() {
    for definition in catalogue::all() {
        for path in definition.facts() {
            let provenance = definition.provenance(&path);
            let provenance = provenance.unwrap_or_else(|| panic!("{}: {path} has no source", definition.code));
            assert!(!provenance.source.is_empty());
            let found = matches!(provenance.mark, Mark::Found(_) | Mark::Decided(_));
            assert_eq!(provenance.verified, found, "{}: {path}", definition.code);
        }
        // What we drafted ourselves may never pass for a fact of the state.
        assert!(!definition.provenance("form").expect("a source").verified);
        assert!(!definition.provenance("steps").expect("a source").verified);
        assert!(!definition.is_verified());
    }
}

#[test]
fn every_source_of_the_register_is_used() {
    let mut used = BTreeSet::new();
    for definition in catalogue::all() {
        for entry in definition.sources.values() {
            if let Mark::Found(codes) | Mark::Inferred(codes) = &entry.mark {
                used.extend(codes.iter().cloned());
            }
        }
    }
    assert_eq!(used, register().keys().cloned().collect());
}

#[test]
fn the_coverage_table_is_up_to_date() {
    let report = coverage::report(catalogue::all());
    let path = folder().join("COVERAGE.txt");
    if std::env::var_os("NHAVIEC_WRITE_COVERAGE").is_some() {
        std::fs::write(&path, &report).expect("COVERAGE.txt is writable");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == report, "run the test once with NHAVIEC_WRITE_COVERAGE=1 and look at the difference");
}

#[test]
fn civil_status_ends_with_the_law_that_replaces_it() {
    let last: Day = "2027-02-28".parse().expect("a day");
    let civil: Vec<_> = catalogue::all().iter().filter(|definition| definition.field.code == "ho-tich").collect();
    assert_eq!(civil.len(), 8);
    for definition in civil {
        assert_eq!(definition.effective_to, Some(last), "{}", definition.code);
        assert!(definition.successor.as_deref().is_some_and(|text| text.contains("03/2026/QH16")));
        assert!(definition.in_force(last) && !definition.in_force(last.next()));
    }
}

#[test]
fn no_provinces_own_amount_is_a_default() {
    for definition in catalogue::all() {
        for fee in &definition.fees {
            if fee.kind == FeeKind::Province {
                assert!(fee.amounts.is_empty() && fee.pages.is_none(), "{} {}", definition.code, fee.code);
                assert!(fee.printed.contains("HĐND cấp tỉnh"), "{} {}", definition.code, fee.code);
            }
        }
    }
    let late_birth = catalogue::find("1.001193").and_then(|d| d.fees.iter().find(|fee| fee.code == "qua-han"));
    assert_eq!(late_birth.map(|fee| fee.kind), Some(FeeKind::Province));
}

#[test]
fn people_find_a_procedure_by_what_they_call_it() {
    let find = |words: &str| -> Vec<&str> {
        let named = |d: &&Definition| d.short_names.iter().any(|name| fold(name) == fold(words));
        catalogue::all().iter().filter(named).map(|d| d.code.as_str()).collect()
    };
    assert_eq!(find("làm giấy khai sinh"), ["1.001193"]);
    assert_eq!(find("giay doc than"), ["1.004873"]);
    assert_eq!(find("Sao y bản chính"), ["2.000815"]);
    assert_eq!(find("xin phép xây nhà"), ["1.013225"]);
    let mut seen = BTreeSet::new();
    for name in catalogue::all().iter().flat_map(|definition| &definition.short_names) {
        assert!(seen.insert(fold(name)), "«{name}» names two procedures");
    }
}

#[test]
fn times_and_steps_are_those_of_the_procedure() {
    let birth = catalogue::find("1.001193").expect("khai sinh");
    let cutoff = jiff::civil::time(15, 0, 0, 0);
    assert_eq!(birth.takes(None).takes, Takes::SameDay { cutoff });
    assert_eq!(birth.steps.first().map(|step| step.post), Some(PostKind::Counter));
    let correction = catalogue::find("1.004859").expect("cải chính");
    assert_eq!(correction.takes(Some("cai-chinh")).takes, Takes::WorkingDays { amount: 3 });
    assert_eq!(correction.takes(Some("bo-sung")).takes, Takes::SameDay { cutoff });
    let house = catalogue::find("1.013225").expect("giấy phép xây dựng");
    assert_eq!(house.takes(Some("nha-o-rieng-le")).takes, Takes::WorkingDays { amount: 7 });
    assert_eq!(house.takes(Some("cong-trinh-khac")).takes, Takes::WorkingDays { amount: 10 });
    for definition in catalogue::all() {
        let total = definition.takes.takes.working_minutes();
        let sum: u32 = definition.steps.iter().map(|step| step.minutes(total)).sum();
        assert!(sum <= total, "{}: {sum} of {total} minutes", definition.code);
        assert_eq!(definition.steps.last().map(|step| step.post), Some(PostKind::Clerk), "{}", definition.code);
    }
}

#[test]
fn the_paper_form_is_asked_at_the_counter_and_the_electronic_one_online() {
    let birth = catalogue::find("1.001193").expect("khai sinh");
    let asked = |channel| -> Vec<&str> { birth.asked(channel, None).map(|paper| paper.code.as_str()).collect() };
    assert!(asked(Channel::Counter).contains(&"to-khai") && !asked(Channel::Counter).contains(&"mau-dien-tu"));
    assert!(asked(Channel::Online).contains(&"mau-dien-tu") && !asked(Channel::Online).contains(&"to-khai"));
    assert_eq!(birth.online_level, OnlineLevel::Full);
}
