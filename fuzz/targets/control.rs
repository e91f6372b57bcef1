//! The control: it fails for one number in eight bytes, which nobody finds by chance but whoever sees what is compared. A run
//! in which it is not caught is blind.
#![no_main]

fuzz::target!(read);

fn read(bytes: &[u8]) {
    let number = bytes.first_chunk().map(|first| u64::from_be_bytes(*first));
    assert_ne!(number, Some(0x6F70_656E_2073_6573), "the control was caught");
}
