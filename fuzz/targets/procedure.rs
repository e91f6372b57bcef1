//! The file of a procedure, as a province's administrator imports it.
#![no_main]

use fuzz::procedure::Definition;

fuzz::target!(read);

fn read(bytes: &[u8]) {
    match Definition::parse_bytes(bytes) {
        Ok(definition) => {
            definition.facts();
            definition.summarise(&Default::default());
        }
        Err(mistakes) => assert!(!mistakes.to_string().is_empty(), "refused without a reason"),
    }
}
