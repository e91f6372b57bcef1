//! What all targets share: how one is declared, the bound on memory, and how a mutated PDF stays one.
//!
//! Procedures are read by files of a crate that needs the database; those files need nothing but `types`. They are linked here,
//! since modules with modules of their own are found nowhere else.

mod memory;
pub mod pdf;
// Its own tests run where it stands.
#[cfg(not(test))]
#[allow(dead_code)]
pub mod procedure;

pub use libfuzzer_sys;

/// A target: a function of bytes.
#[macro_export]
macro_rules! target {
    ($run:path) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $run(bytes));
    };
}

/// A target that is given PDFs. Most of them are mended after the mutation.
#[macro_export]
macro_rules! pdf_target {
    ($run:path) => {
        $crate::target!($run);
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::pdf::mutate(data, size, max_size, seed)
        });
    };
}
