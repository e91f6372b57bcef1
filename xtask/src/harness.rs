//! What the commands that break things share: servers, a database, clients, ways between them that can be cut, and the book
//! of what was acknowledged.

pub mod browser;
pub mod chance;
pub mod client;
pub mod cluster;
pub mod journal;
pub mod place;
pub mod province;
pub mod proxy;
pub mod relay;
pub mod server;
pub mod steady;
pub mod verify;
