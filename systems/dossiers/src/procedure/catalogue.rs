//! The procedures that come with the program: those a commune handles most.
//!
//! They are embedded, parsed once, and entered into an empty installation; a locality then corrects or adds to them
//! by importing files of the same format.

use std::sync::LazyLock;

use super::definition::Definition;

/// Code and text of each embedded definition, in the order shown to people.
pub const FILES: [(&str, &str); 44] = [
    ("1.001193", include_str!("../../procedures/1.001193.toml")),
    ("1.000894", include_str!("../../procedures/1.000894.toml")),
    ("1.004873", include_str!("../../procedures/1.004873.toml")),
    ("1.000656", include_str!("../../procedures/1.000656.toml")),
    ("2.000635", include_str!("../../procedures/2.000635.toml")),
    ("1.004837", include_str!("../../procedures/1.004837.toml")),
    ("1.004859", include_str!("../../procedures/1.004859.toml")),
    ("1.004884", include_str!("../../procedures/1.004884.toml")),
    ("2.000815", include_str!("../../procedures/2.000815.toml")),
    ("2.000884", include_str!("../../procedures/2.000884.toml")),
    ("2.001035", include_str!("../../procedures/2.001035.toml")),
    ("1.001612", include_str!("../../procedures/1.001612.toml")),
    ("2.000720", include_str!("../../procedures/2.000720.toml")),
    ("1.001266", include_str!("../../procedures/1.001266.toml")),
    ("1.001776", include_str!("../../procedures/1.001776.toml")),
    ("1.001731", include_str!("../../procedures/1.001731.toml")),
    ("1.014027", include_str!("../../procedures/1.014027.toml")),
    ("1.001699", include_str!("../../procedures/1.001699.toml")),
    ("1.012812", include_str!("../../procedures/1.012812.toml")),
    ("1.013225", include_str!("../../procedures/1.013225.toml")),
    ("1.000593", include_str!("../../procedures/1.000593.toml")),
    ("1.000689", include_str!("../../procedures/1.000689.toml")),
    ("1.001022", include_str!("../../procedures/1.001022.toml")),
    ("1.005461", include_str!("../../procedures/1.005461.toml")),
    ("2.002189", include_str!("../../procedures/2.002189.toml")),
    ("3.000722", include_str!("../../procedures/3.000722.toml")),
    ("2.000913", include_str!("../../procedures/2.000913.toml")),
    ("2.000942", include_str!("../../procedures/2.000942.toml")),
    ("2.000992", include_str!("../../procedures/2.000992.toml")),
    ("2.001016", include_str!("../../procedures/2.001016.toml")),
    ("2.001019", include_str!("../../procedures/2.001019.toml")),
    ("2.001406", include_str!("../../procedures/2.001406.toml")),
    ("1.001570", include_str!("../../procedures/1.001570.toml")),
    ("2.000575", include_str!("../../procedures/2.000575.toml")),
    ("1.014028", include_str!("../../procedures/1.014028.toml")),
    ("2.000286", include_str!("../../procedures/2.000286.toml")),
    ("1.003622", include_str!("../../procedures/1.003622.toml")),
    ("1.010803", include_str!("../../procedures/1.010803.toml")),
    ("1.010824", include_str!("../../procedures/1.010824.toml")),
    ("1.010833", include_str!("../../procedures/1.010833.toml")),
    ("1.011609", include_str!("../../procedures/1.011609.toml")),
    ("1.013702", include_str!("../../procedures/1.013702.toml")),
    ("1.013703", include_str!("../../procedures/1.013703.toml")),
    ("2.002409", include_str!("../../procedures/2.002409.toml")),
];

static ALL: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let parse = |(code, text): (&str, &str)| match Definition::parse(text) {
        Ok(definition) => definition,
        Err(errors) => panic!("procedures/{code}.toml, which the tests parse, is broken:\n{errors}"),
    };
    FILES.map(parse).into()
});

/// The embedded definitions.
pub fn all() -> &'static [Definition] {
    &ALL
}

/// One of them by its code.
pub fn find(code: &str) -> Option<&'static Definition> {
    all().iter().find(|definition| definition.code == code)
}
