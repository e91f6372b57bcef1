//! Tests of the directory through the front door, on both engines.

mod accounts;
mod authority;
mod caches;
mod install;
mod interleaved;
mod keeping;
mod key_file;
mod key_turned;
mod laws;
mod limits;
mod passkey_proofs;
mod passkeys;
mod passkeys_kept;
mod passkeys_taken;
mod posts;
mod rights;
mod roles;
mod second_factor;
mod sessions;
mod sign_in;
mod stand_ins;
mod units;
mod world;
