//! Finding dossiers: by code, identity number, phone or name first, then by procedure, status, unit and days.
//!
//! Newest first, a page at a time, one row looked ahead instead of a count. Rights are part of the question: only units
//! that the searcher may list are asked for, and nothing is filtered out afterwards that could be counted.

pub mod counted;
mod merged;

use crate::dossier::{self, Dossier};
use crate::procedure::definition::Channel;
use crate::status::Status;
use directory::Keys;
use records::text::Cursor;
use std::collections::HashMap;
use store::{Reader, Val, in_list, params};
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

/// The party's number that was typed, if it was one.
pub(crate) fn number_typed(typed: &str) -> Option<String> {
    match read_typed(typed) {
        Typed::Identity(number) => Some(number),
        _ => None,
    }
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
pub fn list(
    reader: &mut Reader<'_>,
    keys: &Keys,
    (filter, from): (&Filter, Option<From>),
    limit: usize,
) -> Result<Listed> {
    if filter.units.is_empty() {
        return Ok(Listed::default());
    }
    let typed = read_typed(&filter.typed);
    if matches!(typed, Typed::Words) {
        return by_words(reader, filter, from, limit);
    }
    let lead = Lead::of(filter, &typed);
    if lead.is_by_day() {
        by_days(reader, filter, (&typed, lead), from, limit)
    } else {
        by_columns(reader, keys, (filter, from), (&typed, lead), limit)
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

/// What an engine walks through to fill a page. Whatever else is asked for stands behind a plus, or before an empty text,
/// and is only compared.
///
/// The list says so itself, since SQLite keeps no statistics: left to itself it found an identity number by walking
/// through everything that the unit ever received, and sorted all days that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// What names a few: a number of the party, a link; or ids that the text index found.
    Few,
    Code,
    /// A receipt's number is sought among the dossiers of its day; channels are merged.
    Number,
    /// What is late is open, and what is open is little.
    Late,
    /// Before the others when it is one of open dossiers, after them when it is one of ended ones: those are nearly all.
    Status,
    /// With the days within it: a rare one may lie anywhere in a long time. Its versions and channels are merged.
    Procedure,
    /// Channels are merged.
    Received,
    Newest,
}

impl Lead {
    fn of(filter: &Filter, typed: &Typed) -> Self {
        match typed {
            Typed::Nothing => {}
            Typed::Code(_) => return Self::Code,
            Typed::Number(..) => return Self::Number,
            Typed::Identity(_) | Typed::Phone(_) | Typed::Token(_) | Typed::Words => return Self::Few,
        }
        if filter.overdue_at.is_some() {
            Self::Late
        } else if filter.status.is_some_and(|status| !status.is_final()) {
            Self::Status
        } else if filter.procedure.is_some() {
            Self::Procedure
        } else if filter.first_day.is_some() || filter.last_day.is_some() {
            Self::Received
        } else if filter.status.is_some() {
            Self::Status
        } else {
            Self::Newest
        }
    }

    /// In which order a page is read, and where the page after the dossier `?` begins. Days, and codes within a unit, go
    /// the way of the ids.
    fn order(self) -> (&'static str, &'static str) {
        match self {
            Self::Code => ("code DESC", "code < (SELECT code FROM dossier WHERE id = ?)"),
            Self::Number | Self::Received | Self::Procedure => (
                "received_day DESC, id DESC",
                "(received_day, id) < ((SELECT received_day FROM dossier WHERE id = ?), ?)",
            ),
            _ => ("id DESC", "id < ?"),
        }
    }

    /// Whether it is in the order of days, as only ranges of indexes are: see [`merged`].
    fn is_by_day(self) -> bool {
        matches!(self, Self::Number | Self::Received | Self::Procedure)
    }

    /// Whether one unit's part of an index is walked through. Who sees many units finds a page soon by walking back from
    /// the newest of all.
    fn is_of_unit(self, units: usize) -> bool {
        match self {
            Self::Few | Self::Code => false,
            Self::Late => true,
            Self::Number | Self::Status | Self::Procedure | Self::Received | Self::Newest => units == 1,
        }
    }
}

/// Conditions that hold together.
struct Where {
    sql: String,
    params: Vec<Val>,
}

impl Where {
    fn new(filter: &Filter, lead: Lead, from: Option<From>) -> Self {
        let mut conditions = Self { sql: String::new(), params: Vec::new() };
        let of_unit = lead.is_of_unit(filter.units.len());
        let units = conditions.among(if of_unit { "unit_id" } else { "+unit_id" }, &filter.units);
        let open = if filter.restricted_units.is_empty() {
            "restricted = false".to_owned()
        } else {
            format!("(restricted = false OR {})", conditions.among("+unit_id", &filter.restricted_units))
        };
        conditions.sql = format!("{units} AND {open}");
        if let Some(procedure) = filter.procedure.as_ref().filter(|_| lead != Lead::Procedure) {
            conditions.and("procedure_code || '' = ?", procedure.as_str());
        }
        if let Some(status) = filter.status {
            let column = if lead == Lead::Status { "status" } else { "+status" };
            conditions.and(&format!("{column} = ?"), status.number());
        }
        if let Some(now) = filter.overdue_at {
            conditions.and("ended_at IS NULL AND +status NOT IN (5, 6) AND due_at < ?", now);
        }
        let by_day = lead.is_by_day();
        if let Some(day) = filter.first_day {
            conditions.and(if by_day { "received_day >= ?" } else { "received_day || '' >= ?" }, day);
        }
        if let Some(day) = filter.last_day {
            // A later page begins below this already; of two upper bounds SQLite may take this one, and skip to the page.
            let column = if by_day && from.is_none() { "received_day" } else { "received_day || ''" };
            conditions.and(&format!("{column} <= ?"), day);
        }
        if let Some(from) = from {
            conditions.and(lead.order().1, from.before);
        }
        conditions
    }

    /// That `column` is one of these, in as few different texts as may be.
    fn among(&mut self, column: &str, ids: &[Id]) -> String {
        let list = in_list(self.params.len() + 1, ids, &mut self.params);
        if ids.len() == 1 { format!("{column} = {list}") } else { format!("{column} IN ({list})") }
    }

    fn given(&mut self, value: impl Into<Val>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    fn and(&mut self, condition: &str, value: impl Into<Val>) {
        let given = self.given(value);
        self.sql.push_str(" AND ");
        self.sql.push_str(&condition.replace('?', &given));
    }
}

fn by_days(
    reader: &mut Reader<'_>,
    filter: &Filter,
    (typed, lead): (&Typed, Lead),
    from: Option<From>,
    limit: usize,
) -> Result<Listed> {
    let mut conditions = Where::new(filter, lead, from);
    if let Typed::Number(number, day) = typed {
        conditions.and("received_day = ?", *day);
        conditions.and("code LIKE ?", format!("%-{number}"));
    }
    let mut of = vec![String::new()];
    if let Some(code) = filter.procedure.as_ref().filter(|_| lead == Lead::Procedure) {
        let versions: Vec<(Id,)> =
            reader.all("SELECT id FROM procedure WHERE code = $1 ORDER BY version", params![code])?;
        of = versions
            .into_iter()
            .map(|(version,)| format!("procedure_id = {} AND ", conditions.given(version)))
            .collect();
    }
    let channels: Vec<String> =
        Channel::ALL.iter().map(|channel| format!("channel = {}", conditions.given(channel.code()))).collect();
    let all = &conditions.sql;
    let ranges: Vec<String> =
        of.iter().flat_map(|of| channels.iter().map(move |channel| format!("{of}{channel} AND {all}"))).collect();
    // A procedure that is not known has no dossiers.
    if ranges.is_empty() {
        return Ok(Listed::default());
    }
    let found = merged::first(reader, "received_day", (&ranges, conditions.params), limit + 1)?;
    merged::page(reader, found, limit)
}

fn by_columns(
    reader: &mut Reader<'_>,
    keys: &Keys,
    (filter, from): (&Filter, Option<From>),
    (typed, lead): (&Typed, Lead),
    limit: usize,
) -> Result<Listed> {
    let mut conditions = Where::new(filter, lead, from);
    match typed {
        Typed::Code(code) => {
            conditions.and("code >= ?", code.as_str());
            // The letter after every digit and hyphen: all codes that begin so. Later pages begin below it already.
            let column = if from.is_none() { "code" } else { "code || ''" };
            conditions.and(&format!("{column} < ?"), format!("{code}~"));
        }
        Typed::Identity(number) => {
            // One; two while keys are changed, or none where nothing was ever sealed.
            let mut marks: Vec<String> =
                dossier::marks_of(reader, keys, number)?.into_iter().map(|mark| conditions.given(mark)).collect();
            marks.extend(marks.is_empty().then(|| conditions.given(Val::Null)));
            conditions.sql.push_str(&match marks.as_slice() {
                [one] => format!(" AND identity_mark = {one}"),
                some => format!(" AND identity_mark IN ({})", some.join(", ")),
            });
        }
        Typed::Phone(number) => conditions.and("phone = ?", number.as_str()),
        Typed::Token(token) => conditions.and("track_token = ?", token.as_str()),
        Typed::Nothing | Typed::Number(..) | Typed::Words => {}
    }
    conditions.params.push(Val::Int(i64::try_from(limit + 1).unwrap_or(i64::MAX)));
    let rest = format!("WHERE {} ORDER BY {} LIMIT ${}", conditions.sql, lead.order().0, conditions.params.len());
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
    let mut conditions = Where::new(filter, Lead::Few, None);
    let these = conditions.among("id", ids);
    let rest = format!("WHERE {} AND {these}", conditions.sql);
    let found = dossier::select(reader, &rest, &conditions.params)?;
    Ok(found.into_iter().map(|dossier| (dossier.id, dossier)).collect())
}
