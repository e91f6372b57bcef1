//! Work done again and again: closing accounts nobody uses, clearing what is over.

use crate::directory::Directory;
use crate::permissions::DIRECTORY_KEEP;
use crate::{account, limits, session};
use store::{Tx, params};
use types::{Id, Result, Timestamp};
use web::{House, Job};

/// All jobs of this module.
pub static JOBS: &[Job] = &[
    Job { name: "directory-close-dormant", every_seconds: 6 * 3600, run: close_dormant },
    Job { name: "directory-clear-old", every_seconds: 6 * 3600, run: clear_old },
    Job { name: "directory-seal-anew", every_seconds: 10, run: crate::keys::rotation::round },
];

/// Accounts closed in one round; the next round goes on.
const ROUND: i64 = 20;

fn close_dormant(house: &House) -> Result<()> {
    let directory: Directory = house.service();
    let Some(days) = directory.rules().dormant_days else { return Ok(()) };
    let since = house.now().plus_seconds(-days * 86_400);
    loop {
        let command = house.store().system_command("directory.close_dormant", 64);
        if house.store().write_blocking(command, move |tx| close_round(tx, since))? < ROUND {
            return Ok(());
        }
    }
}

/// Administrators are left out: an installation must not lock itself out while its only one is away.
fn close_round(tx: &mut Tx<'_>, since: Timestamp) -> Result<i64> {
    let (now, today) = (tx.at(), tx.at().day());
    let dormant: Vec<(Id,)> = tx.all(
        "SELECT a.officer_id FROM account a WHERE a.disabled_at IS NULL AND coalesce(a.last_sign_in_at, a.created_at) < $1
         AND NOT EXISTS (SELECT 1 FROM post_holder h JOIN post_role g ON g.post_id = h.post_id
            JOIN role_permission p ON p.role_id = g.role_id AND p.permission = $2
            WHERE h.officer_id = a.officer_id AND h.valid_from <= $3 AND (h.valid_to IS NULL OR h.valid_to >= $3)
            AND g.valid_from <= $3 AND (g.valid_to IS NULL OR g.valid_to >= $3))
         AND NOT EXISTS (SELECT 1 FROM api_token t WHERE t.officer_id = a.officer_id AND t.ended_at IS NULL AND t.ends_at > $4)
         ORDER BY a.officer_id LIMIT $5",
        params![since, DIRECTORY_KEEP.name, today, now, ROUND],
    )?;
    for (officer,) in &dormant {
        account::disable(tx, *officer)?;
    }
    Ok(i64::try_from(dormant.len()).unwrap_or(0))
}

fn clear_old(house: &House) -> Result<()> {
    let command = house.store().system_command("directory.clear_old", 1);
    house.store().write_blocking(command, |tx| {
        tx.not_audited("what is cleared has been over for a long time");
        let counts = limits::clear_old(tx)?;
        let sessions = session::clear_old(tx)?;
        let questions = crate::passkey::ceremony::clear_old(tx)?;
        Ok(counts + sessions + questions)
    })?;
    Ok(())
}
