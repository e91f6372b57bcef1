//! Numbers that documents carry: each is given once a year in an agency (Decree 30/2020/NĐ-CP, 15).

use super::Document;
use crate::{errand, remote_job};
use std::collections::BTreeMap;
use store::{Reader, params};
use types::{Day, Error, Id, Result, Timestamp};

/// Documents of an agency that are looked at for the numbers that come next.
const LOOKED_AT_MAX: i64 = 200;
/// Symbols that are proposed at once; the latest used.
const PROPOSED_MAX: usize = 4;

/// Refuses a number that another document of the agency has this year.
///
/// # Errors
/// `Conflict`.
pub(crate) fn refuse_twice(reader: &mut Reader<'_>, document: &Document, (number, day): (&str, Day)) -> Result<()> {
    let taken: Option<(String,)> = reader.opt(
        "SELECT title FROM signing_document WHERE unit_id = $1 AND number = $2 AND substr(numbered_on, 1, 4) = $3",
        params![document.unit, number, day.0.year().to_string()],
    )?;
    match taken {
        Some((title,)) => Err(Error::conflict(format!("Số {number} đã được cấp trong năm cho văn bản «{title}»."))),
        None => Ok(()),
    }
}

/// A number that is out with another document of the agency, at somebody's desk or at the remote service, is given once that
/// comes back; until then to nobody else.
///
/// # Errors
/// `Conflict`.
pub(crate) fn refuse_number_out(
    reader: &mut Reader<'_>,
    document: (Id, Id),
    (numbered, at): (&(String, Day), Timestamp),
) -> Result<()> {
    let out = match errand::out_with(reader, document, (numbered, at))? {
        Some(title) => Some(title),
        None => remote_job::out_with(reader, document, numbered)?,
    };
    match out {
        Some(title) => Err(Error::conflict(format!("Số {} đang được đóng dấu cho văn bản «{title}».", numbered.0))),
        None => Ok(()),
    }
}

/// The numbers that come next in an agency, by symbol, that of the latest document first. A proposal: numbers are also given
/// outside of this program.
pub(crate) fn next(reader: &mut Reader<'_>, unit: Id, today: Day) -> Result<Vec<String>> {
    let numbered: Vec<(String,)> = reader.all(
        "SELECT number FROM signing_document WHERE unit_id = $1 AND number IS NOT NULL AND substr(numbered_on, 1, 4) = $2
         ORDER BY id DESC LIMIT $3",
        params![unit, today.0.year().to_string(), LOOKED_AT_MAX],
    )?;
    Ok(after(numbered.iter().map(|(number,)| number.as_str())))
}

/// What follows the highest of each symbol, in the order in which symbols come.
fn after<'n>(numbered: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut order: Vec<&str> = Vec::new();
    let mut highest: BTreeMap<&str, u32> = BTreeMap::new();
    for number in numbered {
        let Some((digits, symbol)) = number.find('/').map(|slash| number.split_at(slash)) else { continue };
        let Ok(number) = digits.parse::<u32>() else { continue };
        if !order.contains(&symbol) {
            order.push(symbol);
        }
        let known = highest.entry(symbol).or_default();
        *known = number.max(*known);
    }
    let next = |symbol: &&str| format!("{:02}{symbol}", highest.get(symbol).copied().unwrap_or(0).saturating_add(1));
    order.iter().take(PROPOSED_MAX).map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn the_next_number_follows_the_highest_of_its_symbol() {
        let numbered = ["07/CT-SY", "12/GXN-UBND", "09/CT-SY", "08/CT-SY", "không số", "x/CT-SY", "1"];
        assert_eq!(after(numbered.into_iter()), ["10/CT-SY", "13/GXN-UBND"]);
        assert_eq!(after(["1/A", "1/B", "1/C", "1/D", "1/E"].into_iter()), ["02/A", "02/B", "02/C", "02/D"]);
        assert!(after(std::iter::empty()).is_empty());
    }
}
