//! Pages of the records service.

pub mod my_work;
pub mod unheld;
