//! The procedures that come with the program.

use std::collections::BTreeSet;
use std::path::Path;

use types::Day;
use types::text::fold;

use crate::procedure::catalogue::{self, FILES};
use crate::procedure::coverage;
use crate::procedure::definition::{Channel, Definition, OnlineLevel};
use crate::procedure::fees::FeeKind;
use crate::procedure::provenance::{Mark, Standing, register};
use crate::procedure::step::PostKind;
use crate::procedure::takes::Takes;

/// Tests run in the folder of their crate; a path of the build would be that of another checkout.
fn folder() -> &'static Path {
    Path::new("procedures")
}

#[test]
fn each_of_the_shipped_parses_under_its_own_name() {
    for (code, text) in FILES {
        match Definition::parse(text) {
            Ok(definition) => assert_eq!(definition.code, code),
            Err(errors) => panic!("procedures/{code}.toml\n{errors}"),
        }
    }
    assert_eq!(catalogue::all().len(), 44);
    let codes: BTreeSet<&str> = catalogue::all().iter().map(|definition| definition.code.as_str()).collect();
    assert_eq!(codes.len(), 44);
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
            assert_eq!(provenance.is_doubtful(), !found, "{}: {path}", definition.code);
            // Verified is only what a decision stands behind, by number and date.
            let verified = provenance.standing == Standing::Verified;
            assert_eq!(verified, provenance.decision.is_some(), "{}: {path}", definition.code);
            assert!(found || !verified, "{}: {path}", definition.code);
        }
        for law in &definition.legal {
            let told = definition.facts().contains(&format!("legal.{}.date", law.number));
            assert_eq!(told, law.date.is_none(), "{}: {} has no date and nobody is told", definition.code, law.number);
        }
        // What we drafted ourselves may never pass for a fact of the state.
        assert!(definition.provenance("form").expect("a source").is_doubtful());
        assert!(definition.provenance("steps").expect("a source").is_doubtful());
        assert!(!definition.is_verified());
    }
}

#[test]
fn the_announcing_decision_is_told_or_its_absence_is() {
    let of = |code: &str| {
        let definition = catalogue::find(code).expect("it is shipped");
        assert!(definition.facts().iter().any(|path| path == "announced"), "{code}");
        let provenance = definition.provenance("announced").expect("a source");
        (definition.announced.as_ref().map(|a| a.number.as_str()), provenance.standing == Standing::Verified)
    };
    let (mut found, mut missing) = (Vec::new(), 0);
    for (code, _) in FILES {
        let (number, verified) = of(code);
        match number {
            Some(number) => found.push((code, number, verified)),
            None => {
                assert!(!verified, "{code}");
                missing += 1;
            }
        }
    }
    // One of a ministry; the others are those of one city, which bind no other province.
    let city = |number: &str| number.ends_with("/QĐ-UBND");
    assert_eq!((found.len(), missing), (14, 30));
    assert!(found.contains(&("2.000815", "3152/QĐ-BTP", true)));
    assert!(found.iter().all(|(_, number, verified)| *verified != city(number)), "{found:?}");
}

#[test]
fn doubts_name_what_is_not_verified_and_nothing_else() {
    let doubts = |code: &str, case: Option<&str>| {
        catalogue::find(code).expect("it is shipped").doubts(&[Channel::Counter], case).join("; ")
    };
    assert_eq!(doubts("2.000815", None), "", "every fact that a party relies on was found");
    let all = "mọi nội dung khác (theo nguồn công khai, chưa đối chiếu quyết định công bố)";
    assert_eq!(doubts("2.000635", None), all);
    assert_eq!(doubts("1.000656", None), format!("thời gian khi phải xác minh; {all}"));
    assert_eq!(
        doubts("1.012812", None),
        format!("giấy tờ «Giấy tờ liên quan đến thửa đất tranh chấp»; thời gian giải quyết; {all}")
    );
    assert_eq!(doubts("2.000884", None), format!("thành phần hồ sơ; {all}"));
    assert_eq!(doubts("1.004873", None), format!("diện được miễn phí, lệ phí; {all}"));
    // Of a case only its own time counts.
    let told = |case| doubts("1.001193", Some(case));
    assert!(!told("thong-thuong").contains("thời gian giải quyết"), "{}", told("thong-thuong"));
    assert!(told("bo-roi").contains("thời gian giải quyết"), "{}", told("bo-roi"));
    assert!(!doubts("1.004859", Some("bo-sung")).contains("thời gian"));
    assert!(doubts("1.004859", Some("cai-chinh")).contains("thời gian giải quyết"));
}

#[test]
fn a_death_can_be_received_without_a_death_notice_and_a_foundling_without_a_birth_certificate() {
    let asked = |code: &str, case| -> Vec<_> {
        catalogue::find(code).expect("it is shipped").asked(Channel::Counter, case).collect()
    };
    let group = asked("1.000656", None).into_iter().filter(|r| r.any_of.as_deref() == Some("chung-minh-su-kien-chet"));
    let group: Vec<&str> = group.map(|r| r.code.as_str()).collect();
    assert_eq!(group, ["giay-bao-tu", "chung-cu-su-kien-chet", "du-lieu-bao-tu"]);
    let codes = |case| -> Vec<&str> { asked("1.001193", Some(case)).iter().map(|r| r.code.as_str()).collect() };
    assert!(codes("bo-roi").contains(&"bien-ban-bo-roi") && !codes("bo-roi").contains(&"giay-chung-sinh"));
    assert!(codes("thong-thuong").contains(&"giay-chung-sinh") && !codes("thong-thuong").contains(&"bien-ban-bo-roi"));
    let birth = catalogue::find("1.001193").expect("khai sinh");
    assert_eq!(birth.takes(Some("bo-roi")).takes, Takes::CalendarDays { amount: 8 });
    assert_eq!(birth.takes(Some("thong-thuong")), birth.takes(None));
}

#[test]
fn a_procedure_filed_online_may_come_to_the_counter_in_an_emergency() {
    let house = catalogue::find("1.013225").expect("giấy phép xây dựng");
    assert_eq!(house.exception(Channel::Online), None);
    for channel in [Channel::Counter, Channel::Post] {
        assert_eq!(house.exception(channel), Some("Chỉ khi hệ thống gặp sự cố"));
    }
    let others = catalogue::all().iter().filter(|definition| definition.code != "1.013225");
    assert!(others.into_iter().all(|definition| definition.channel_exception.is_none()));
}

#[test]
fn every_file_says_under_which_terms_it_may_be_used() {
    for (code, text) in FILES {
        let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(head.contains("not protected by copyright") && head.contains("EUPL-1.2"), "{code}");
    }
    for file in ["README.md", "sources.toml"] {
        let text = std::fs::read_to_string(folder().join(file)).expect("it is there");
        assert!(text.contains("not protected by copyright") && text.contains("EUPL-1.2"), "{file}");
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
    assert_eq!(civil.len(), 14);
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
