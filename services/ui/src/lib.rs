//! The look of the house: the shell around every page and the components inside. Class names stand in this crate
//! only; pages compose typed components. `README.md` shows a page, `style_page` shows every component.

pub mod assets;
mod awaited;
mod button;
mod containers;
pub mod csp;
mod facts;
mod form;
pub mod format;
mod html;
mod icon;
mod lang;
mod licences;
mod list;
mod navigation;
mod notice;
mod page_head;
mod passkey_box;
mod point_at;
mod shell;
mod steps;
mod style_page;
mod table;
mod tag;
mod time_left;
mod timeline;
mod tool_run;

#[cfg(test)]
mod tests;

pub use awaited::Awaited;
pub use button::{Button, Link};
pub use containers::{
    Actions, Beside, Card, Columns, Disclosure, FieldLine, Fields, Grid, InLine, Inset, Page, Panel, Prose, ScreenOnly,
    Section, Stack, StickyActions,
};
pub use facts::{Facts, Figures, KeyValues};
pub use form::{Choice, DateEntry, DatePart, ErrorSummary, Field, FormBox, FormState, KeptFile, Problem, Width};
pub use html::{Component, Container, Html, filters};
pub use icon::{Icon, icon};
pub use lang::{Lang, Words};
pub use licences::{Licence, LicencePage, licences};
pub use list::{CheckList, FileList, LinkList, Tiles};
pub use navigation::{Breadcrumbs, FilterBar, Pagination, Search, Tabs};
pub use notice::{Flash, Notice};
pub use page_head::{EmptyState, Hero, PageHead};
pub use passkey_box::{PASSKEY_SCRIPT, PasskeyBox};
pub use point_at::PointAt;
pub use shell::{Contact, NavGroup, NavItem, OfficerBadge, Shell, Surface};
pub use steps::{FormProgress, Progress, StepList, StepState};
pub use style_page::{sample_shell, style_page};
pub use table::{BulkBar, Cell, Column, Row, Sort, Table};
pub use tag::{NotVerified, Tag, Tone};
pub use time_left::{Term, TimeLeft};
pub use timeline::{Event, Timeline};
pub use tool_run::ToolRun;

/// Everything a page template names: `use ui::prelude::*;` above the page's struct.
pub mod prelude {
    pub use crate::*;
}
