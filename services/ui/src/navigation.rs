//! Finding one's way inside a page: path, tabs, filters, search, pages of a list.

mod filter_bar;
mod paging;
mod path;
mod search;
mod tabs;

pub use filter_bar::FilterBar;
pub use paging::Pagination;
pub use path::Breadcrumbs;
pub use search::Search;
pub use tabs::Tabs;
