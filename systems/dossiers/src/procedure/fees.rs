//! Fees (phí, lệ phí): what is due on which channel, and who is exempt.

use std::collections::BTreeMap;

use serde::Serialize;

use super::choice::choices;
use super::definition::Channel;
use super::reader::Table;

choices! {
    /// How an amount is found.
    FeeKind {
        /// Nothing is charged.
        Free = "none", "Không thu";
        /// An amount per dossier or per copy.
        Fixed = "fixed", "Mức thu cố định";
        /// An amount per page that falls after the first pages.
        PerPage = "per_page", "Tính theo trang";
        /// Set by the province's council; a locality enters its resolution before it charges.
        Province = "province", "Do HĐND cấp tỉnh quy định";
    }
}

choices! {
    /// What one amount is charged for.
    Per {
        /// Each dossier.
        Dossier = "dossier", "hồ sơ";
        /// Each copy asked for.
        Copy = "copy", "bản";
    }
}

/// The page rule: the first pages at one price, the rest at another, no copy above a ceiling. Whole đồng.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PageRule {
    /// How many pages count as first.
    pub first_pages: u32,
    /// Đồng for each of the first pages.
    pub first_amount: u32,
    /// Đồng for each page after them.
    pub next_amount: u32,
    /// Ceiling of one copy in đồng.
    pub max_per_copy: u32,
}

impl PageRule {
    /// Đồng for one copy of `pages` pages.
    pub fn amount(&self, pages: u32) -> i64 {
        let first = i64::from(pages.min(self.first_pages)) * i64::from(self.first_amount);
        let next = i64::from(pages.saturating_sub(self.first_pages)) * i64::from(self.next_amount);
        (first + next).min(i64::from(self.max_per_copy))
    }
}

/// A group that does not pay, with the reason the receipt shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exemption {
    /// Short stable name.
    pub code: String,
    /// Who they are.
    pub name: String,
}

/// One fee of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fee {
    /// Short stable name inside the procedure.
    pub code: String,
    /// The fee's name.
    pub name: String,
    /// How the amount is found.
    pub kind: FeeKind,
    /// What one amount is charged for.
    pub per: Per,
    /// Whole đồng by channel, for `fixed`.
    pub amounts: BTreeMap<Channel, u32>,
    /// The page rule, for `per_page`.
    pub pages: Option<PageRule>,
    /// When it is due, if not always: late registration, further copies.
    pub condition: Option<String>,
    /// The words of the source.
    pub printed: String,
    /// Who does not pay.
    pub exempt: Vec<Exemption>,
    /// The document that sets the amount.
    pub basis: Option<String>,
}

/// What is asked for: how many copies, and how many pages each has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// Copies, for fees per copy or per page.
    pub copies: u32,
    /// Pages of the original, for fees per page.
    pub pages: u32,
}

impl Quantity {
    /// One copy of one page: the ordinary dossier.
    pub const ONE: Self = Self { copies: 1, pages: 1 };
}

/// The answer to "what does it cost".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// So many đồng; zero is free.
    Amount(i64),
    /// Not known here: the province's council sets it and the locality has not entered it.
    SetByProvince,
}

impl Fee {
    /// What is due on `channel` for `quantity` by somebody who is not exempt.
    pub fn due(&self, channel: Channel, quantity: Quantity) -> Due {
        let times = |per: Per| if per == Per::Copy { i64::from(quantity.copies) } else { 1 };
        match self.kind {
            FeeKind::Free => Due::Amount(0),
            FeeKind::Province => Due::SetByProvince,
            FeeKind::Fixed => {
                let one = self.amounts.get(&channel).copied().unwrap_or_default();
                Due::Amount(i64::from(one) * times(self.per))
            }
            FeeKind::PerPage => {
                let one = self.pages.map_or(0, |rule| rule.amount(quantity.pages));
                Due::Amount(one * i64::from(quantity.copies))
            }
        }
    }

    pub(super) fn read(table: Table<'_, '_>, channels: &[Channel]) -> Option<Self> {
        let kind = table.required_choice("kind");
        let fee = Self {
            code: table.required_text("code"),
            name: table.required_text("name"),
            kind: kind.unwrap_or(FeeKind::Free),
            per: table.choice("per").unwrap_or(Per::Dossier),
            amounts: read_amounts(&table),
            pages: read_pages(&table),
            condition: table.text("condition"),
            printed: table.required_text("printed"),
            exempt: table.tables("exempt").into_iter().map(read_exemption).collect(),
            basis: table.text("basis"),
        };
        if let Some(kind) = kind {
            fee.check(kind, channels, &table);
        }
        table.finish();
        kind.map(|_| fee)
    }

    fn check(&self, kind: FeeKind, channels: &[Channel], table: &Table<'_, '_>) {
        if (kind == FeeKind::Fixed) != table.has("amounts") {
            table.error("amounts", "mức thu theo kênh ghi khi và chỉ khi kind = \"fixed\"");
        }
        if (kind == FeeKind::PerPage) != table.has("pages") {
            table.error("pages", "cách tính theo trang ghi khi và chỉ khi kind = \"per_page\"");
        }
        if kind == FeeKind::Fixed {
            for channel in channels.iter().filter(|channel| !self.amounts.contains_key(channel)) {
                table.error("amounts", format!("thiếu mức thu của kênh {}", channel.code()));
            }
            for channel in self.amounts.keys().filter(|channel| !channels.contains(channel)) {
                table.error("amounts", format!("thủ tục không nhận qua kênh {}", channel.code()));
            }
            if self.basis.is_none() {
                table.error("basis", "mức thu cố định phải ghi văn bản quy định");
            }
        }
        if kind == FeeKind::Free && !self.exempt.is_empty() {
            table.error("exempt", "đã không thu thì không có diện được miễn");
        }
    }
}

fn read_amounts(table: &Table<'_, '_>) -> BTreeMap<Channel, u32> {
    let mut amounts = BTreeMap::new();
    if let Some(below) = table.table("amounts") {
        for (channel, key) in [(Channel::Counter, "counter"), (Channel::Online, "online"), (Channel::Post, "post")] {
            if let Some(amount) = below.number(key, 1_000_000_000) {
                amounts.insert(channel, amount);
            }
        }
        below.finish();
    }
    amounts
}

fn read_pages(table: &Table<'_, '_>) -> Option<PageRule> {
    let below = table.table("pages")?;
    let number = |key: &'static str| {
        let number = below.number(key, 1_000_000_000).filter(|number| *number > 0);
        if number.is_none() {
            below.error(key, "phải là số lớn hơn 0");
        }
        number
    };
    let parts = (number("first_pages"), number("first_amount"), number("next_amount"), number("max_per_copy"));
    below.finish();
    Some(PageRule { first_pages: parts.0?, first_amount: parts.1?, next_amount: parts.2?, max_per_copy: parts.3? })
}

fn read_exemption(table: Table<'_, '_>) -> Exemption {
    let exemption = Exemption { code: table.required_text("code"), name: table.required_text("name") };
    table.finish();
    exemption
}
