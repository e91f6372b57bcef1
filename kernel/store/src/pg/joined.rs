//! Insertions that wait one behind another go as one statement.
//!
//! The driver asks for an answer to every statement, and the server sends each by itself, so that a receipt's rows would
//! wake the thread up one by one. Plain insertions of rows given in full do not look at each other: written as
//! `WITH a AS (INSERT …), b AS (INSERT …) INSERT …` they are one question with one answer. The server gives no order among
//! them, so that of several mistakes another may be told; what refers to another row of them is held to it when all are in.

use super::conn::Asked;
use crate::value::Val;
use std::fmt::Write;

/// So many go together at most: each sequence of texts is prepared anew, and long ones repeat themselves less.
const TOGETHER_MAX: usize = 24;
/// Parameters of them together, at most: the protocol counts to 65,535, and only small rows gain.
const PARAMS_MAX: usize = 400;

/// What is sent for what waits, in its order.
pub(super) fn joined<'a>(waiting: &'a [Asked<'static>]) -> Vec<Asked<'a>> {
    let mut all = Vec::with_capacity(waiting.len());
    let mut rest = waiting;
    while let Some(first) = rest.first() {
        let run = run(rest);
        all.push(if run > 1 { one(&rest[..run]) } else { first.borrowed() });
        rest = &rest[run.max(1)..];
    }
    all
}

/// How many of the first are insertions that do not look at each other, and small.
fn run(waiting: &[Asked<'_>]) -> usize {
    let mut params = 0;
    let together = waiting.iter().take(TOGETHER_MAX).take_while(|asked| {
        params += plain_insertion(asked).unwrap_or(PARAMS_MAX + 1);
        params <= PARAMS_MAX
    });
    together.count()
}

/// How many parameters an insertion has whose rows are given in full: it reads nothing that others wrote, is asked for no
/// answer, writes nothing over, and leaves a row, so that the last one's count tells for all whether anything was changed.
fn plain_insertion(asked: &Asked<'_>) -> Option<usize> {
    let Asked::Count(sql, params) = asked else { return None };
    let alone = ["SELECT", "RETURNING", "ON CONFLICT", "--", "\""].iter().any(|word| sql.contains(word));
    (sql.trim_start().starts_with("INSERT ") && !alone).then_some(params.len())
}

/// Several as one. It tells of the last one's row only, which is enough for whether anything was changed.
fn one(run: &[Asked<'_>]) -> Asked<'static> {
    let mut text = String::with_capacity(run.iter().map(|asked| asked.sql().len() + 16).sum());
    let mut all: Vec<Val> = Vec::new();
    for (place, asked) in run.iter().enumerate() {
        let Asked::Count(sql, params) = asked else { continue };
        let is_last = place + 1 == run.len();
        let (before, behind) = match (place, is_last) {
            (_, true) => (" ", ""),
            (0, false) => ("WITH ", ")"),
            (_, false) => (", ", ")"),
        };
        text.push_str(before);
        if !is_last {
            let _ = write!(text, "i{place} AS (");
        }
        renumbered(sql, all.len(), &mut text);
        text.push_str(behind);
        all.extend(params.iter().cloned());
    }
    Asked::Count(text.into(), all.into())
}

/// Writes `sql` with its parameters counted from `by` on.
fn renumbered(sql: &str, by: usize, into: &mut String) {
    let mut quoted = false;
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        quoted ^= letter == '\'';
        into.push(letter);
        if letter == '$' && !quoted {
            let mut number = 0;
            while let Some(digit) = rest.peek().and_then(|next| next.to_digit(10)) {
                number = number * 10 + digit as usize;
                rest.next();
            }
            let _ = write!(into, "{}", number + by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(sql: &'static str, params: Vec<Val>) -> Asked<'static> {
        Asked::Count(sql.into(), params.into())
    }

    fn told(waiting: &[Asked<'static>]) -> Vec<String> {
        joined(waiting).iter().map(|asked| asked.sql().to_owned()).collect()
    }

    #[test]
    fn rows_given_in_full_go_together_and_keep_their_parameters() {
        let waiting = [
            Asked::Plain("BEGIN".into()),
            put("INSERT INTO a (x, y) VALUES ($1, $1)", vec![Val::from(7_i64)]),
            put("INSERT INTO b (x, y, z) VALUES ($2, '$1', $1)", vec![Val::from(8_i64), Val::from(9_i64)]),
            put("INSERT INTO a (x) VALUES ($1)", vec![Val::from(10_i64)]),
            put("UPDATE a SET x = $1", vec![Val::from(11_i64)]),
        ];
        let all = joined(&waiting);
        let texts: Vec<&str> = all.iter().map(|asked| asked.sql()).collect();
        let one = "WITH i0 AS (INSERT INTO a (x, y) VALUES ($1, $1)), i1 AS (INSERT INTO b (x, y, z) VALUES ($3, '$1', $2)) \
                   INSERT INTO a (x) VALUES ($4)";
        assert_eq!(texts, ["BEGIN", one, "UPDATE a SET x = $1"]);
        let Asked::Count(_, params) = &all[1] else { panic!("it is counted") };
        assert_eq!(**params, [7_i64, 8, 9, 10].map(Val::from));
    }

    #[test]
    fn what_looks_at_others_goes_alone() {
        for sql in [
            "INSERT INTO a SELECT * FROM b",
            "INSERT INTO a (x) VALUES ($1) RETURNING x",
            "INSERT INTO a (x) VALUES ($1) ON CONFLICT (x) DO NOTHING",
            "INSERT INTO a (x) VALUES ($1) ON CONFLICT (x) DO UPDATE SET x = excluded.x",
            "DELETE FROM a",
        ] {
            let waiting = [
                put("INSERT INTO b (x) VALUES (1)", vec![]),
                put(sql, vec![]),
                put("INSERT INTO b (x) VALUES (2)", vec![]),
            ];
            assert_eq!(told(&waiting).len(), 3, "{sql}");
        }
    }

    #[test]
    fn very_many_go_in_several_statements() {
        let waiting: Vec<_> = (0..TOGETHER_MAX + 1).map(|_| put("INSERT INTO a (x) VALUES (1)", vec![])).collect();
        assert_eq!(told(&waiting).len(), 2);
        let wide = || put("INSERT INTO a (x) VALUES ($1)", vec![Val::from(1_i64); PARAMS_MAX / 2]);
        assert_eq!(told(&[wide(), wide(), wide()]).len(), 2, "the protocol counts parameters");
    }
}
