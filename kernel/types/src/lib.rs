//! Words every floor shares: ids, time, errors and Vietnamese text. Does no I/O and knows no office and no law.

pub mod error;
pub mod id;
pub mod text;
pub mod time;

pub use error::{Error, FieldError, Result};
pub use id::Id;
pub use time::{Clock, Day, Timestamp};
