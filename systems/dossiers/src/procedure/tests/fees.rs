//! What is due, in whole đồng.

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
