//! The control: it fails for one word, which nobody finds by chance. A run in which it is not caught is blind.
#![no_main]

fuzz::target!(read);

fn read(bytes: &[u8]) {
    assert!(!bytes.starts_with(b"open sesame"), "the control was caught");
}
