//! Tests of the register of trust, of files that are checked against it, and of what is signed and asked for here.

mod checked;
mod completing;
mod flat;
mod register;
mod requests;

/// A root that exists for these tests only; its key was thrown away.
const ROOT: &[u8] = include_bytes!("tests/material/root.pem");
/// The certificate of an invented officer.
const LEAF: &[u8] = include_bytes!("tests/material/leaf.pem");
const SIGNED: &[u8] = include_bytes!("tests/material/signed.pdf");
const CHANGED: &[u8] = include_bytes!("tests/material/changed.pdf");
const UNSIGNED: &[u8] = include_bytes!("tests/material/unsigned.pdf");

/// The tables of this crate, and of those that it refers to.
const MODULES: [(&str, &[store::Migration]); 4] = [
    ("directory", directory::MODULE.migrations),
    ("files", files::MODULE.migrations),
    ("records", records::MODULE.migrations),
    ("signatures", crate::MODULE.migrations),
];

/// The hash of [`ROOT`], as its authority would publish it.
fn root_hash() -> String {
    signing::trust::read_certificates(ROOT)[0].sha256()
}
