//! What the rows of a table come to, whichever engine gives them and in whatever order.

use super::rows;
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::Val;
use types::{Error, Result};

/// Two of them are alike when the same rows were added to both.
#[derive(Debug, PartialEq, Eq)]
pub struct Tally {
    /// Which columns are JSON.
    json: Vec<bool>,
    rows: u64,
    /// Of a number for each row: an engine's order of texts is its own, and a sum knows no order.
    sum: u128,
}

impl Tally {
    /// Of no rows yet; `json` says of each column whether it is JSON to either engine.
    pub fn new(json: Vec<bool>) -> Self {
        Self { json, rows: 0, sum: 0 }
    }

    /// How many rows were added.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds lines as [`rows::write`] makes them.
    ///
    /// # Errors
    /// `Internal` for a line that is no row, or JSON that is none.
    pub fn add(&mut self, lines: &[u8]) -> Result<()> {
        let has_json = self.json.contains(&true);
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            let row: [u8; 32] =
                if has_json { Sha256::digest(self.alike(line)?).into() } else { Sha256::digest(line).into() };
            let number = row.first_chunk::<16>().map_or(0, |half| u128::from_be_bytes(*half));
            self.sum = self.sum.wrapping_add(number);
            self.rows += 1;
        }
        Ok(())
    }

    /// The row as both engines would say it.
    fn alike(&self, line: &[u8]) -> Result<Vec<u8>> {
        let line = std::str::from_utf8(line).map_err(Error::internal)?;
        let mut values = rows::read(line, self.json.len())?;
        for (value, _) in values.iter_mut().zip(&self.json).filter(|(_, is_json)| **is_json) {
            if let Val::Text(text) = value {
                *text = in_one_spelling(text)?;
            }
        }
        Ok(format!("{values:?}").into_bytes())
    }
}

/// JSON without what PostgreSQL writes its own way: spaces, the order of keys, and numbers.
fn in_one_spelling(text: &str) -> Result<String> {
    let mut value: Value = serde_json::from_str(text).map_err(Error::internal)?;
    value.sort_all_objects();
    forget_numbers(&mut value);
    Ok(value.to_string())
}

/// `1e2`, `100` and `100.0` are one number in many spellings.
fn forget_numbers(value: &mut Value) {
    match value {
        Value::Number(_) => *value = Value::Null,
        Value::Array(values) => values.iter_mut().for_each(forget_numbers),
        Value::Object(map) => map.values_mut().for_each(forget_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &str) -> Tally {
        let mut tally = Tally::new(vec![false, true]);
        tally.add(lines.as_bytes()).unwrap();
        tally
    }

    #[test]
    fn neither_the_order_of_rows_nor_how_json_is_written_matters() {
        let sent = tally("[1,\"{\\\"b\\\":1e2,\\\"a\\\":[\\\"x\\\"]}\"]\n[2,null]\n");
        assert_eq!(sent, tally("[2,null]\n[1,\"{\\\"a\\\": [\\\"x\\\"], \\\"b\\\": 100}\"]\n"));
        assert_eq!(sent.rows(), 2);
        let mut in_pieces = tally("[2,null]\n");
        in_pieces.add(b"[1,\"{\\\"b\\\":100,\\\"a\\\":[\\\"x\\\"]}\"]\n").unwrap();
        assert_eq!(sent, in_pieces);
    }

    #[test]
    fn control_another_value_a_row_less_and_a_row_twice_are_noticed() {
        let sent = tally("[1,\"{\\\"a\\\":\\\"x\\\"}\"]\n[2,null]\n");
        for arrived in [
            "[1,\"{\\\"a\\\":\\\"y\\\"}\"]\n[2,null]\n",
            "[1,\"{\\\"a\\\":\\\"x\\\"}\"]\n[3,null]\n",
            "[1,\"{\\\"a\\\":\\\"x\\\"}\"]\n",
            "[1,\"{\\\"a\\\":\\\"x\\\"}\"]\n[2,null]\n[2,null]\n",
            "",
        ] {
            assert_ne!(sent, tally(arrived), "{arrived}");
        }
        assert!(Tally::new(vec![true]).add(b"[\"{\"]\n").is_err());
    }
}
