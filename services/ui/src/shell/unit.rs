//! Who is at work and how citizens reach the unit.

use super::NavItem;

/// The signed-in officer at the foot of the sidebar.
#[derive(Debug, Clone)]
pub struct OfficerBadge {
    /// "Trần Thu Hà".
    pub name: String,
    /// "Công chức Tư pháp – Hộ tịch"; while standing in, "thay …".
    pub post: String,
    /// The account's pages.
    pub links: Vec<NavItem>,
    /// Where the button that signs out posts to; no button without it.
    pub sign_out: Option<String>,
}

impl OfficerBadge {
    /// A name and a post.
    pub fn new(name: impl Into<String>, post: impl Into<String>) -> Self {
        Self { name: name.into(), post: post.into(), links: Vec::new(), sign_out: None }
    }

    /// The first letter of the given name, which in Vietnamese comes last.
    pub(crate) fn initial(&self) -> String {
        let given = self.name.split_whitespace().last().unwrap_or("");
        given.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
    }
}

/// How to reach the unit. Empty parts are not shown.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// "Trung tâm Phục vụ hành chính công xã …".
    pub office: String,
    /// Where it is.
    pub address: String,
    /// Telephone of the office.
    pub phone: String,
    /// Opening hours, a line each.
    pub hours: Vec<String>,
    /// A hotline and what it is called: "Tổng đài Dịch vụ công quốc gia", "1800 1096".
    pub hotline: Option<(String, String)>,
    /// Further sentences.
    pub notes: Vec<String>,
}
