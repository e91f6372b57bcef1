//! What is due, in whole đồng.

use std::collections::BTreeMap;

use crate::procedure::catalogue;
use crate::procedure::definition::Channel;
use crate::procedure::fees::{Due, Fee, Quantity};

fn fee(code: &str, fee: &str) -> &'static Fee {
    let definition = catalogue::find(code).expect("an embedded procedure");
    definition.fees.iter().find(|found| found.code == fee).expect("its fee")
}

#[test]
fn pages_after_the_second_cost_half_and_a_copy_never_more_than_its_ceiling() {
    let copies = fee("2.000815", "phi");
    let due = |copies_wanted, pages| copies.due(Channel::Counter, Quantity { copies: copies_wanted, pages });
    for (wanted, pages, amount) in [
        (1, 1, 2_000),
        (1, 2, 4_000),
        (1, 3, 5_000),
        (2, 3, 10_000),
        (1, 198, 200_000),
        (1, 199, 200_000),
        (3, 500, 600_000),
        (0, 5, 0),
        (u32::MAX, u32::MAX, i64::from(u32::MAX) * 200_000),
    ] {
        assert_eq!(due(wanted, pages), Due::Amount(amount), "{wanted} × {pages}");
    }
}

#[test]
fn fixed_free_and_province_fees() {
    let extract = fee("2.000635", "phi");
    assert_eq!(extract.due(Channel::Online, Quantity { copies: 3, pages: 1 }), Due::Amount(24_000));
    assert_eq!(fee("2.000884", "phi").due(Channel::Counter, Quantity { copies: 3, pages: 9 }), Due::Amount(10_000));
    assert_eq!(fee("1.000894", "le-phi").due(Channel::Counter, Quantity::ONE), Due::Amount(0));
    assert_eq!(fee("1.001612", "le-phi").due(Channel::Online, Quantity::ONE), Due::SetByProvince);
    assert!(extract.exempt.iter().any(|group| group.code == "ho-ngheo"));
}

#[test]
fn the_forms_numbers_make_the_amount_and_every_document_counts() {
    fn charges(code: &str, pairs: &[(&str, &str)]) -> Vec<(&'static str, i64)> {
        let definition = catalogue::find(code).expect("an embedded procedure");
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let values: BTreeMap<String, String> = values.collect();
        definition
            .charges(Channel::Counter, &values)
            .into_iter()
            .map(|(fee, amount)| (fee.code.as_str(), amount))
            .collect()
    }
    let copies = [("pages", "3"), ("copies_wanted", "2")];
    assert_eq!(charges("2.000815", &copies), [("phi", 10_000)]);
    let more = [copies[0], copies[1], ("more_documents", "Giấy khai sinh; 1; 2\nHọc bạ; 30; 1")];
    assert_eq!(charges("2.000815", &more), [("phi", 10_000 + 4_000 + 32_000)]);
    assert_eq!(charges("2.000815", &[("pages", "3")]), [], "nothing is known without the number of copies");
    assert_eq!(charges("2.000635", &[("copies_wanted", "3")]), [("phi", 24_000)]);
    // Free of charge but for copies; a province's own amount is not known here.
    assert_eq!(charges("1.000894", &[]), []);
    assert_eq!(charges("1.000894", &[("copies_wanted", "1.0")]), [("ban-sao", 80_000)], "digits in groups");
    assert_eq!(charges("1.001193", &[("copies_wanted", "2")]), [("ban-sao", 16_000)]);
    assert_eq!(charges("1.001612", &[]), []);
    assert_eq!(charges("2.001035", &[("copies_wanted", "4")]), [("phi", 50_000)], "by the deal, not by its copies");
}
