//! Finding dossiers: by code, identity number, phone or name first, then by procedure, status, unit and days.
//!
//! Newest first, a page at a time, one row looked ahead instead of a count. Rights are part of the question: only units
//! that the searcher may list are asked for, and nothing is filtered out afterwards that could be counted.

use crate::dossier::{self, Dossier};
use crate::status::Status;
use records::text::Cursor;
use std::collections::HashMap;
use store::{Reader, Val, in_list};
use types::{Day, Id, Result, text};

/// What is looked for; everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What was typed into the box.
    pub typed: String,
    pub procedure: Option<String>,
    pub status: Option<Status>,
    /// Only what is late and not ended.
    pub overdue_at: Option<types::Timestamp>,
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
    /// Units to list, already cut to what the searcher may see.
    pub units: Vec<Id>,
    /// Units under which the text index is asked: those the permission is granted in.
    pub scopes: Vec<Id>,
    /// Units whose restricted dossiers the searcher may see too. They are found by columns only: the text index does not
    /// hold them.
    pub restricted_units: Vec<Id>,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct From {
    pub before: Id,
    /// Matches without regard to accents have begun.
    pub folded: bool,
}

/// A page of dossiers.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    pub dossiers: Vec<Dossier>,
    pub next: Option<From>,
}

/// Rounds over the text index for one page; a filter that rejects more than this ends the page early, and the next goes on.
const ROUNDS_MAX: usize = 8;
const LOOK_AHEAD: usize = 200;

/// How what was typed is to be read.
enum Typed {
    Nothing,
    Code(String),
    Identity(String),
    Phone(String),
    /// What a receipt prints as its number: the code without the unit, with the day.
    Number(String, Day),
    /// The address behind a receipt's QR code.
    Token(String),
    Words,
}

/// Where a receipt's link leads, before its token.
const LINK: &str = "/theo-doi/";
/// What a receipt prints behind its number.
const NUMBER_END: &str = "/TNHS";

/// Whether what was typed names one dossier only: a receipt's number or link.
pub fn names_one(typed: &str) -> bool {
    matches!(read_typed(typed), Typed::Number(..) | Typed::Token(_))
}

fn read_number(typed: &str) -> Option<Typed> {
    let upper = typed.to_uppercase();
    let number = upper.strip_suffix(NUMBER_END).unwrap_or(&upper).trim();
    let (day, n) = number.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if day.len() != 6 || !(4..=9).contains(&n.len()) || !digits(day) || !digits(n) {
        return None;
    }
    let day = format!("20{}-{}-{}", &day[..2], &day[2..4], &day[4..]).parse::<Day>().ok()?;
    Some(Typed::Number(number.to_owned(), day))
}

fn read_link(typed: &str) -> Option<Typed> {
    let (_, rest) = typed.split_once(LINK)?;
    let token: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    (!token.is_empty()).then_some(Typed::Token(token))
}

/// A page of dossiers, newest first.
pub fn list(reader: &mut Reader<'_>, filter: &Filter, from: Option<From>, limit: usize) -> Result<Listed> {
    if filter.units.is_empty() {
        return Ok(Listed::default());
    }
    match read_typed(&filter.typed) {
        Typed::Words => by_words(reader, filter, from, limit),
        typed => by_columns(reader, filter, &typed, from, limit),
    }
}

fn read_typed(typed: &str) -> Typed {
    let typed = text::clean(typed);
    if typed.is_empty() {
        return Typed::Nothing;
    }
    if let Some(one) = read_link(&typed).or_else(|| read_number(&typed)) {
        return one;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let only_number = typed.chars().all(|c| c.is_ascii_digit() || " .-+".contains(c));
    if only_number && matches!(digits.len(), 9 | 12) && !typed.contains('-') {
        return Typed::Identity(digits);
    }
    if only_number && digits.len() >= 10 && (digits.starts_with('0') || digits.starts_with("84")) {
        let local = digits.strip_prefix("84").map_or_else(|| digits.clone(), |rest| format!("0{rest}"));
        return Typed::Phone(local);
    }
    let looks_like_code = typed.contains('-') && digits.len() >= 6 && !typed.contains(' ');
    if looks_like_code { Typed::Code(typed.to_uppercase()) } else { Typed::Words }
}

struct Where {
    sql: String,
    params: Vec<Val>,
}

impl Where {
    fn new(filter: &Filter, typed: &Typed) -> Self {
        let mut conditions = Self { sql: String::new(), params: Vec::new() };
        let units = match filter.units.as_slice() {
            one @ [_] => conditions.among("unit_id", one),
            // A number is looked up by the day of each unit.
            many if matches!(typed, Typed::Number(..)) => conditions.among("unit_id", many),
            // Who sees many units finds a page soon by walking back from the newest; the plus keeps the engines from
            // sorting everything that the units ever received.
            many => conditions.among("+unit_id", many),
        };
        let open = if filter.restricted_units.is_empty() {
            "restricted = false".to_owned()
        } else {
            format!("(restricted = false OR {})", conditions.among("+unit_id", &filter.restricted_units))
        };
        conditions.sql = format!("WHERE {units} AND {open}");
        if let Some(procedure) = &filter.procedure {
            conditions.and("procedure_code = ?", procedure.as_str());
        }
        if let Some(status) = filter.status {
            conditions.and("status = ?", status.number());
        }
        if let Some(now) = filter.overdue_at {
            conditions.and("ended_at IS NULL AND status NOT IN (5, 6) AND due_at < ?", now);
        }
        if let Some(day) = filter.first_day {
            conditions.and("received_day >= ?", day);
        }
        if let Some(day) = filter.last_day {
            conditions.and("received_day <= ?", day);
        }
        conditions
    }

    /// That `column` is one of these, in as few different texts as may be.
    fn among(&mut self, column: &str, ids: &[Id]) -> String {
        let list = in_list(self.params.len() + 1, ids, &mut self.params);
        if ids.len() == 1 { format!("{column} = {list}") } else { format!("{column} IN ({list})") }
    }

    fn and(&mut self, condition: &str, value: impl Into<Val>) {
        self.params.push(value.into());
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &format!("${}", self.params.len())));
    }
}

fn by_columns(
    reader: &mut Reader<'_>,
    filter: &Filter,
    typed: &Typed,
    from: Option<From>,
    limit: usize,
) -> Result<Listed> {
    let mut conditions = Where::new(filter, typed);
    match typed {
        Typed::Code(code) => {
            conditions.and("code >= ?", code.as_str());
            // The letter after every digit and hyphen: all codes that begin so.
            conditions.and("code < ?", format!("{code}~"));
        }
        Typed::Identity(number) => conditions.and("identity_number = ?", number.as_str()),
        Typed::Phone(number) => conditions.and("phone = ?", number.as_str()),
        Typed::Number(number, day) => {
            conditions.and("received_day = ?", *day);
            conditions.and("code LIKE ?", format!("%-{number}"));
        }
        Typed::Token(token) => conditions.and("track_token = ?", token.as_str()),
        Typed::Nothing | Typed::Words => {}
    }
    if let Some(from) = from {
        conditions.and("id < ?", from.before);
    }
    conditions.params.push(Val::Int(i64::try_from(limit + 1).unwrap_or(i64::MAX)));
    let rest = format!("{} ORDER BY id DESC LIMIT ${}", conditions.sql, conditions.params.len());
    let mut dossiers = dossier::select(reader, &rest, &conditions.params)?;
    let more = dossiers.len() > limit;
    dossiers.truncate(limit);
    let next = dossiers.last().filter(|_| more).map(|last| From { before: last.id, folded: false });
    Ok(Listed { dossiers, next })
}

fn by_words(reader: &mut Reader<'_>, filter: &Filter, from: Option<From>, limit: usize) -> Result<Listed> {
    let mut cursor = from.map(|f| Cursor { folded: f.folded, before: f.before });
    let mut dossiers: Vec<Dossier> = Vec::new();
    for round in 0..ROUNDS_MAX {
        let ahead = if round == 0 { limit + 1 } else { LOOK_AHEAD };
        let found = records::text::find(reader, &filter.scopes, &filter.typed, cursor, ahead)?;
        let ids: Vec<Id> = found.hits.iter().map(|hit| hit.record).collect();
        let mut matching = matching(reader, filter, &ids)?;
        let mut last = None;
        for hit in &found.hits {
            let Some(dossier) = matching.remove(&hit.record) else { continue };
            if dossiers.len() == limit {
                return Ok(Listed { next: last.or(cursor.map(From::from)), dossiers });
            }
            dossiers.push(dossier);
            last = Some(From::from(hit.cursor()));
        }
        cursor = found.next;
        if cursor.is_none() {
            return Ok(Listed { dossiers, next: None });
        }
    }
    Ok(Listed { next: cursor.map(From::from), dossiers })
}

impl std::convert::From<Cursor> for From {
    fn from(cursor: Cursor) -> Self {
        Self { before: cursor.before, folded: cursor.folded }
    }
}

/// Those of `ids` that the other conditions let through.
fn matching(reader: &mut Reader<'_>, filter: &Filter, ids: &[Id]) -> Result<HashMap<Id, Dossier>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut conditions = Where::new(filter, &Typed::Words);
    let these = conditions.among("id", ids);
    let rest = format!("{} AND {these}", conditions.sql);
    let found = dossier::select(reader, &rest, &conditions.params)?;
    Ok(found.into_iter().map(|dossier| (dossier.id, dossier)).collect())
}
