//! The PDF around a signature (ISO 32000-1, 7.5.6 and 12.7.4.5): reading, and appending without touching what is there.

mod appearance;
mod base;
mod dss;
mod even;
mod field;
mod lock;
mod pages;
mod place;
mod shown;
mod signatures;
mod syntax;
mod update;
mod write;

pub(crate) use base::Base;
pub(crate) use dss::{Validation, append_dss, stored_certificates};
pub(crate) use field::{Field, Kind, append_field};
pub use field::{Placement, Rectangle, check_signable};
pub use pages::{PageSize, page_sizes};
pub(crate) use place::{fill_places, list_places, reserve_places};
pub use shown::{Shown, shown_signatures};
pub(crate) use signatures::{Found, SubFilter, find_signatures};
pub(crate) use write::Hole;
