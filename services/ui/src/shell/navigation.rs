//! The items of menus and sidebars.

use crate::Icon;

/// One way.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// The icon before it.
    pub icon: Option<Icon>,
    /// How many things wait there.
    pub count: Option<u64>,
    /// Whether something there must not wait.
    pub urgent: bool,
    /// Whether the reader is there now.
    pub current: bool,
}

impl NavItem {
    /// A way without icon and count.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), icon: None, count: None, urgent: false, current: false }
    }

    /// With an icon.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With a count; zero is not shown.
    pub fn count(mut self, count: u64) -> Self {
        self.count = (count > 0).then_some(count);
        self
    }

    /// Something there must not wait.
    pub fn urgent(mut self) -> Self {
        self.urgent = true;
        self
    }

    /// The reader is there.
    pub fn current(mut self) -> Self {
        self.current = true;
        self
    }
}

/// Items under a heading.
#[derive(Debug, Clone)]
pub struct NavGroup {
    /// The heading: "Công việc", "Nghiệp vụ".
    pub title: String,
    /// The ways.
    pub items: Vec<NavItem>,
}

impl NavGroup {
    /// A heading and its ways.
    pub fn new(title: impl Into<String>, items: impl IntoIterator<Item = NavItem>) -> Self {
        Self { title: title.into(), items: items.into_iter().collect() }
    }
}
