//! A record: the row by which the rest of the house knows a thing.

use store::{FromRow, Reader, Row, Tx, params};
use types::{Id, Result, Timestamp};

/// What is known of every record, whatever its kind.
#[derive(Debug, Clone)]
pub struct Record {
    pub id: Id,
    /// The kind of thing: `dossier`.
    pub kind: String,
    /// Its code or number, unique within the kind.
    pub code: String,
    /// One line for lists.
    pub title: String,
    pub unit: Id,
    /// The page that shows it.
    pub link: String,
    /// `normal` or `restricted`: then only holders and their heads may know of it.
    pub confidentiality: String,
    pub created_at: Timestamp,
}

impl FromRow for Record {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            code: row.get(2)?,
            title: row.get(3)?,
            unit: row.get(4)?,
            link: row.get(5)?,
            confidentiality: row.get(6)?,
            created_at: row.get(7)?,
        })
    }
}

const COLUMNS: &str = "id, kind, code, title, unit_id, link, confidentiality, created_at";

/// A record to be entered.
#[derive(Debug, Clone)]
pub struct NewRecord<'a> {
    pub kind: &'a str,
    pub code: &'a str,
    pub title: &'a str,
    pub unit: Id,
    pub link: &'a str,
    pub restricted: bool,
}

/// Enters a record and answers its id, which is also the id of the thing itself.
pub fn enter(tx: &mut Tx<'_>, new: &NewRecord<'_>) -> Result<Id> {
    let (id, at) = (tx.id()?, tx.at());
    let confidentiality = if new.restricted { "restricted" } else { "normal" };
    tx.exec(
        "INSERT INTO record (id, kind, code, title, unit_id, link, confidentiality, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, new.kind, new.code, new.title, new.unit, new.link, confidentiality, at],
    )?;
    Ok(id)
}

/// The record of this kind and code.
pub fn by_code(reader: &mut Reader<'_>, kind: &str, code: &str) -> Result<Option<Record>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM record WHERE kind = $1 AND code = $2"), params![kind, code])
}

/// The record with this id.
pub fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<Record>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM record WHERE id = $1"), params![id])
}
