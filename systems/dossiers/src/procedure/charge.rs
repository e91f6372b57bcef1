//! What a dossier costs by the numbers of its form: how many copies, of how many pages.

use std::collections::BTreeMap;

use super::definition::{Channel, Definition};
use super::fees::{Due, Fee, FeeKind, Per, Quantity};
use super::form::{COPIES_WANTED, FieldKind, PAGES, copy_lines};

impl Definition {
    /// Each fee that the form's numbers settle, in đồng, before anybody is exempted. A fee whose condition only people
    /// can judge, or whose numbers were not filled in, is left out; `values` may be as typed.
    pub fn charges(&self, channel: Channel, values: &BTreeMap<String, String>) -> Vec<(&Fee, i64)> {
        let quantities = self.quantities(values);
        let charge = |fee: &Fee| -> Option<i64> {
            let by_copy = fee.kind == FeeKind::PerPage || fee.per == Per::Copy;
            let known = if by_copy { quantities.as_slice() } else { &[Quantity::ONE] };
            // Wanting copies is the condition of a fee per copy; any other is not in the form.
            if (fee.condition.is_some() && !by_copy) || fee.kind == FeeKind::Free {
                return None;
            }
            let due = known.iter().map(|quantity| match fee.due(channel, *quantity) {
                Due::Amount(amount) => Some(amount),
                Due::SetByProvince => None,
            });
            due.sum::<Option<i64>>().filter(|amount| *amount > 0)
        };
        self.fees.iter().filter_map(|fee| charge(fee).map(|amount| (fee, amount))).collect()
    }

    /// One for each document: the one with fields of its own, and the lines.
    fn quantities(&self, values: &BTreeMap<String, String>) -> Vec<Quantity> {
        let number = |key: &str| -> Option<u32> {
            let typed = values.get(key)?.replace(['.', ' '], "");
            typed.parse().ok()
        };
        let has_pages = self.fields().any(|field| field.key == PAGES);
        let pages = if has_pages { number(PAGES) } else { Some(1) };
        let first = number(COPIES_WANTED).zip(pages).map(|(copies, pages)| Quantity { copies, pages });
        let lines = self.fields().filter(|field| field.kind == FieldKind::CopyLines);
        let lines = lines.filter_map(|field| copy_lines::read(values.get(&field.key)?).ok()).flatten();
        first.into_iter().chain(lines.map(|line| Quantity { copies: line.copies, pages: line.pages })).collect()
    }
}
