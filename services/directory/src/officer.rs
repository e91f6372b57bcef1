//! An officer (cán bộ, công chức, viên chức): a person who works for a unit.

use crate::revision;
use crate::unit::edited_meanwhile;
use crate::wrong::Wrong;
use std::collections::HashMap;
use store::in_list::{BLOCK, in_list};
use store::{AuditEntry, Reader, Tx, Val, params};
use types::{Error, Id, Result, Timestamp, text};

/// An officer as administrators see them.
#[derive(Debug, Clone)]
pub struct OfficerCard {
    pub id: Id,
    /// The unit whose administrator keeps the officer.
    pub unit: Id,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub version: i64,
    /// None where the officer has no account yet.
    pub account: Option<AccountCard>,
}

/// What administrators see of an account.
#[derive(Debug, Clone)]
pub struct AccountCard {
    pub username: String,
    pub must_change: bool,
    /// A second factor is set up and confirmed.
    pub second_factor: bool,
    pub last_sign_in_at: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
}

/// What people enter about an officer.
#[derive(Debug, Clone, Default)]
pub struct OfficerEntry {
    pub name: String,
    pub phone: String,
    pub email: String,
}

impl OfficerEntry {
    fn checked(&self) -> Result<Self> {
        let mut wrong = Wrong::default();
        let name = wrong.line("name", &self.name, "Nhập họ và tên.", 100);
        let phone = wrong.short("phone", &self.phone, 20);
        if !phone.is_empty() && phone.bytes().filter(u8::is_ascii_digit).count() < 8 {
            wrong.say("phone", "Số điện thoại có ít nhất 8 chữ số.");
        }
        let email = wrong.short("email", &self.email, 200);
        if !email.is_empty()
            && !email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        {
            wrong.say("email", "Địa chỉ thư điện tử có dạng ten@coquan.gov.vn.");
        }
        wrong.done()?;
        Ok(Self { name, phone, email })
    }
}

/// Adds an officer to `unit`.
pub fn create(tx: &mut Tx<'_>, unit: Id, entry: &OfficerEntry) -> Result<Id> {
    let entry = entry.checked()?;
    let (id, at) = (tx.id()?, tx.at());
    tx.exec(
        "INSERT INTO officer (id, unit_id, name, name_key, folded, phone, email, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            unit,
            &entry.name,
            text::name_key(&entry.name),
            text::fold(&entry.name),
            &entry.phone,
            &entry.email,
            at
        ],
    )?;
    revision::people_changed(tx)?;
    let detail = serde_json::json!({});
    tx.audit(&AuditEntry {
        action: "directory.create_officer",
        entity: "officer",
        entity_id: id,
        unit: Some(unit),
        detail,
    })?;
    Ok(id)
}

/// Changes what is known of an officer. `version` is the one that the form showed.
pub fn edit(tx: &mut Tx<'_>, id: Id, version: i64, entry: &OfficerEntry) -> Result<()> {
    tx.lock("officer", id)?;
    let entry = entry.checked()?;
    let before: Option<(Id, String, String, String)> =
        tx.opt("SELECT unit_id, name, phone, email FROM officer WHERE id = $1", params![id])?;
    let (unit, name, phone, email) = before.ok_or_else(|| Error::not_found("cán bộ"))?;
    let changed = tx.exec_counted(
        "UPDATE officer SET name = $1, name_key = $2, folded = $3, phone = $4, email = $5, version = version + 1
         WHERE id = $6 AND version = $7",
        params![
            &entry.name,
            text::name_key(&entry.name),
            text::fold(&entry.name),
            &entry.phone,
            &entry.email,
            id,
            version
        ],
    )?;
    if changed == 0 {
        return Err(edited_meanwhile());
    }
    revision::people_changed(tx)?;
    let pairs = [("name", name != entry.name), ("phone", phone != entry.phone), ("email", email != entry.email)];
    let fields: Vec<&str> = pairs.iter().filter(|(_, differs)| *differs).map(|(field, _)| *field).collect();
    let detail = serde_json::json!({ "fields": fields });
    tx.audit(&AuditEntry {
        action: "directory.edit_officer",
        entity: "officer",
        entity_id: id,
        unit: Some(unit),
        detail,
    })
}

/// The unit that keeps an officer.
pub(crate) fn unit_of(reader: &mut Reader<'_>, id: Id) -> Result<Id> {
    let found: Option<(Id,)> = reader.opt("SELECT unit_id FROM officer WHERE id = $1", params![id])?;
    found.map(|(unit,)| unit).ok_or_else(|| Error::not_found("cán bộ"))
}

/// The posts that an officer holds or stands in for, now or later, with their units.
pub(crate) fn posts_served(reader: &mut Reader<'_>, id: Id, now: Timestamp) -> Result<Vec<(Id, Id)>> {
    reader.all(
        "SELECT p.id, p.unit_id FROM post_holder h JOIN post p ON p.id = h.post_id
         WHERE h.officer_id = $1 AND (h.valid_to IS NULL OR h.valid_to >= $2)
         UNION
         SELECT p.id, p.unit_id FROM stand_in s JOIN post p ON p.id = s.post_id
         WHERE s.officer_id = $1 AND s.ended_at IS NULL AND s.ends_at > $3
         ORDER BY 1",
        params![id, now.day(), now],
    )
}

/// An officer with their account.
pub fn card(reader: &mut Reader<'_>, id: Id) -> Result<Option<OfficerCard>> {
    let row = reader.opt(&format!("{CARDS} WHERE o.id = $1"), params![id])?;
    Ok(row.map(read))
}

const CARDS: &str = "SELECT o.id, o.unit_id, o.name, o.phone, o.email, o.version, a.username, a.must_change,
    a.totp_confirmed_at, a.last_sign_in_at, a.disabled_at FROM officer o LEFT JOIN account a ON a.officer_id = o.id";

type CardRow = (
    Id,
    Id,
    String,
    String,
    String,
    i64,
    Option<String>,
    Option<bool>,
    Option<Timestamp>,
    Option<Timestamp>,
    Option<Timestamp>,
);

fn read(row: CardRow) -> OfficerCard {
    let (id, unit, name, phone, email, version, username, must_change, totp, last_sign_in_at, disabled_at) = row;
    let account = username.map(|username| AccountCard {
        username,
        must_change: must_change.unwrap_or(false),
        second_factor: totp.is_some(),
        last_sign_in_at,
        disabled_at,
    });
    OfficerCard { id, unit, name, phone, email, version, account }
}

/// Which officers a list shows.
#[derive(Debug, Clone, Default)]
pub struct OfficerQuery {
    /// Units whose officers are asked for.
    pub units: Vec<Id>,
    /// Part of a name, with or without accents, or of a user name; empty for all.
    pub words: String,
    /// The last one of the page before.
    pub after: Option<Id>,
    pub limit: usize,
}

/// A page of officers in the order of their names, and whether there are more.
pub fn list(reader: &mut Reader<'_>, query: &OfficerQuery) -> Result<(Vec<OfficerCard>, bool)> {
    let mut values: Vec<Val> = Vec::new();
    let mut filters = String::from("1 = 1");
    let words = text::fold(&query.words);
    if !words.is_empty() {
        values.push(format!("%{}%", words.replace(['%', '_', '\\'], "")).into());
        filters.push_str(" AND (o.folded LIKE $1 OR a.username LIKE $1)");
    }
    if let Some(after) = query.after {
        let last: Option<(String,)> = reader.opt("SELECT name_key FROM officer WHERE id = $1", params![after])?;
        let (key,) = last.ok_or_else(|| Error::not_found("trang này"))?;
        let n = values.len();
        filters.push_str(&format!(" AND (o.name_key > ${0} OR (o.name_key = ${0} AND o.id > ${1}))", n + 1, n + 2));
        values.extend([key.into(), after.into()]);
    }
    let limit = values.len() + 1;
    values.push(i64::try_from(query.limit + 1).unwrap_or(i64::MAX).into());
    // A province has thousands of units: then the officers' own index gives the order and a set in memory the rest.
    let rows: Vec<CardRow> = if query.units.len() <= BLOCK {
        let units = in_list(limit + 1, &query.units, &mut values);
        let sql =
            format!("{CARDS} WHERE {filters} AND o.unit_id IN ({units}) ORDER BY o.name_key, o.id LIMIT ${limit}");
        reader.all(&sql, &values)?
    } else {
        let wanted: std::collections::HashSet<Id> = query.units.iter().copied().collect();
        values.pop();
        let mut rows = Vec::new();
        let sql = format!("{CARDS} WHERE {filters} ORDER BY o.name_key, o.id");
        reader.each(&sql, &values, |row: CardRow| {
            if rows.len() <= query.limit && wanted.contains(&row.1) {
                rows.push(row);
            }
            Ok(())
        })?;
        rows
    };
    let more = rows.len() > query.limit;
    Ok((rows.into_iter().take(query.limit).map(read).collect(), more))
}

/// The names of officers, asked in one statement for up to a thousand.
pub(crate) fn names(reader: &mut Reader<'_>, ids: &[Id]) -> Result<HashMap<Id, String>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut found = HashMap::with_capacity(ids.len());
    for block in ids.chunks(BLOCK) {
        let mut values = Vec::new();
        let list = in_list(1, block, &mut values);
        found.extend(
            reader.all::<(Id, String)>(&format!("SELECT id, name FROM officer WHERE id IN ({list})"), &values)?,
        );
    }
    Ok(found)
}
