//! `IN (…)` over ids with few different statement texts: lists are filled up to a power of four, so that the statements
//! that connections keep prepared stay few. Ids are never written into the text itself.

use crate::value::Val;
use std::fmt::Write;
use types::Id;

/// How many ids one statement takes; callers ask in blocks of this.
pub const BLOCK: usize = 1024;

/// `$first, $first+1, …` for `ids`, repeating the last one up to a power of four, and adds the values.
/// An empty list asks for the id 0, which nothing has.
pub fn in_list(first: usize, ids: &[Id], values: &mut Vec<Val>) -> String {
    let mut room = 1;
    while room < ids.len() {
        room *= 4;
    }
    let last = ids.last().copied().unwrap_or(Id(0));
    let mut text = String::with_capacity(room * 5);
    for i in 0..room {
        let separator = if i == 0 { "" } else { ", " };
        let _ = write!(text, "{separator}${}", first + i);
        values.push(ids.get(i).copied().unwrap_or(last).into());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_filled_up_with_its_last_id() {
        let mut values = Vec::new();
        let text = in_list(2, &[Id(7), Id(8), Id(9)], &mut values);
        assert_eq!(text, "$2, $3, $4, $5");
        assert_eq!(values, vec![Val::Int(7), Val::Int(8), Val::Int(9), Val::Int(9)]);
    }
}
