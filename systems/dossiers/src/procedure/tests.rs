//! Tests of procedure definitions.

mod catalogue;
mod definition;
mod demo_names;
mod fees;
mod form;
mod hostile;

/// A small definition that is right; negative tests break one thing in it.
const SAMPLE: &str = include_str!("tests/sample.toml");

/// The sample with `from`, which must be in it, replaced by `to`.
fn sample_with(from: &str, to: &str) -> String {
    assert!(SAMPLE.contains(from), "the sample has no {from:?}");
    SAMPLE.replace(from, to)
}
