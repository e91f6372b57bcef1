//! What a file that somebody sends really is: pictures and office files are looked into.
//!
//! The crate of files needs the database; this file of it needs nothing but `types`.
#![no_main]
#![allow(dead_code)]

#[path = "../../services/files/src/kind.rs"]
mod kind;

fuzz::target!(read);

fn read(bytes: &[u8]) {
    _ = kind::Kind::of("tep.docx", std::io::Cursor::new(bytes));
}
