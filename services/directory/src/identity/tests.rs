//! Numbers, dates, and cards as scanners type them under every keyboard that officers have.

mod cards;
mod numbers;
mod printed;
mod typed;
mod typing;

#[test]
fn what_a_fuzzer_found_is_read_in_peace() {
    testkit::fuzzed::each_input("card", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        _ = super::CardScan::parse(&text);
        _ = super::PersonalNumber::parse(&text);
        super::BirthDate::parse(&text);
    });
}
