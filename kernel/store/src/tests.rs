//! What can go wrong inside a batch of the SQLite writer, made to go wrong.

mod batches;
mod disk;
mod house;
mod vfs;
