//! Reads what an officer may do now, and until when that stays true.

use crate::permissions::DIRECTORY_KEEP;
use crate::rules::Rules;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::in_list;
use store::{Reader, Val, params};
use types::{Id, Result, Timestamp};
use web::{HeldPost, Officer, Who};

/// The page for a password of one's own.
pub(crate) const PASSWORD_PAGE: &str = "/tai-khoan/mat-khau";
/// The page for the second factor.
pub(crate) const SECOND_FACTOR_PAGE: &str = "/tai-khoan/xac-thuc";

/// What is kept of one session.
pub(crate) struct Known {
    pub revision: Id,
    /// The next moment at which a period begins or ends.
    pub good_until: Timestamp,
    /// None when the account is closed.
    pub who: Option<Who>,
    pub idle_seconds: i64,
}

/// Reads everything about `officer`, who asks in `session` (none for a bearer token).
pub(super) fn load(
    reader: &mut Reader<'_>,
    rules: &Rules,
    (officer, session): (Id, Option<Id>),
    now: Timestamp,
) -> Result<Known> {
    type PersonRow = (String, Option<Timestamp>, bool, Timestamp, Option<Timestamp>);
    let person: Option<PersonRow> = reader.opt(
        "SELECT o.name, a.disabled_at, a.must_change, a.password_set_at, a.totp_confirmed_at
         FROM officer o JOIN account a ON a.officer_id = o.id WHERE o.id = $1",
        params![officer],
    )?;
    let tomorrow = now.day().next().start();
    let nobody = Known { revision: Id(0), good_until: tomorrow, who: None, idle_seconds: 0 };
    let Some((name, None, must_change, password_set_at, second_factor)) = person else { return Ok(nobody) };
    let posts = posts(reader, officer, now)?;
    let administrator = posts.iter().any(|post| post.permissions.contains(DIRECTORY_KEEP.name));
    let worn_out = administrator
        && rules.password_days_administrator.is_some_and(|days| password_set_at.plus_seconds(days * 86_400) <= now);
    let wanting = administrator && rules.second_factor_for_administrators && second_factor.is_none();
    let by_passkey = wanting && session.map_or(Ok(false), |session| crate::session::has_passkey(reader, session))?;
    let detour = if must_change || worn_out {
        Some(PASSWORD_PAGE)
    } else if wanting && !by_passkey {
        Some(SECOND_FACTOR_PAGE)
    } else {
        None
    };
    let idle_seconds = if administrator { rules.idle_seconds_administrator } else { rules.idle_seconds };
    let good_until = next_change(reader, officer, now)?.map_or(tomorrow, |next| next.min(tomorrow));
    let officer = Some(Arc::new(Officer { id: officer, name, session, posts }));
    // A program with a token has no page to be led to.
    let who = Who { officer, detour: detour.filter(|_| session.is_some()) };
    Ok(Known { revision: Id(0), good_until, who: Some(who), idle_seconds })
}

/// Posts held today, then posts stood in for now.
fn posts(reader: &mut Reader<'_>, officer: Id, now: Timestamp) -> Result<Vec<HeldPost>> {
    type PostRow = (Id, String, Id, String, i64);
    let rows: Vec<PostRow> = reader.all(
        "SELECT p.id, p.title, u.id, u.name, 0 AS rank FROM post_holder h
         JOIN post p ON p.id = h.post_id JOIN unit u ON u.id = p.unit_id
         WHERE h.officer_id = $1 AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to >= $2)
           AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
         UNION
         SELECT p.id, p.title, u.id, u.name, 1 AS rank FROM stand_in s
         JOIN post p ON p.id = s.post_id JOIN unit u ON u.id = p.unit_id
         WHERE s.officer_id = $1 AND s.starts_at <= $3 AND s.ends_at > $3 AND s.ended_at IS NULL
           AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
         ORDER BY 5, 1",
        params![officer, now.day(), now],
    )?;
    let mut seen = BTreeSet::new();
    let mut posts: Vec<HeldPost> = Vec::new();
    for (id, title, unit, unit_name, rank) in rows {
        // Who holds a post needs no authorisation for it.
        if seen.insert(id) {
            posts.push(HeldPost { id, title, unit, unit_name, permissions: BTreeSet::new(), stand_in: rank == 1 });
        }
    }
    if posts.is_empty() {
        return Ok(posts);
    }
    let ids: Vec<Id> = posts.iter().map(|post| post.id).collect();
    let mut values: Vec<Val> = params![now.day()].to_vec();
    let list = in_list(2, &ids, &mut values);
    let granted: Vec<(Id, String)> = reader.all(
        &format!(
            "SELECT g.post_id, rp.permission FROM post_role g JOIN role_permission rp ON rp.role_id = g.role_id
             WHERE g.valid_from <= $1 AND (g.valid_to IS NULL OR g.valid_to >= $1) AND g.post_id IN ({list})"
        ),
        &values,
    )?;
    let mut permissions: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    for (post, permission) in granted {
        permissions.entry(post).or_default().insert(permission);
    }
    for post in &mut posts {
        post.permissions = permissions.remove(&post.id).unwrap_or_default();
    }
    Ok(posts)
}

/// The next moment at which an authorisation of the officer begins or ends.
fn next_change(reader: &mut Reader<'_>, officer: Id, now: Timestamp) -> Result<Option<Timestamp>> {
    let (next,): (Option<Timestamp>,) = reader.one(
        "SELECT min(CASE WHEN starts_at > $2 THEN starts_at ELSE ends_at END) FROM stand_in
         WHERE officer_id = $1 AND ended_at IS NULL AND ends_at > $2",
        params![officer, now],
    )?;
    Ok(next)
}
