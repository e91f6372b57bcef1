//! The procedures that come with the program: those a commune handles most.
//!
//! They are embedded, parsed once, and entered into an empty installation; a locality then corrects or adds to them
//! by importing files of the same format.

use std::sync::LazyLock;

use super::definition::Definition;

/// Code and text of each embedded definition, in the order shown to people.
pub const FILES: [(&str, &str); 20] = [
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
