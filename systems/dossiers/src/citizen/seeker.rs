//! Who seeks a dossier by its code: the browser and its address. Browsers that forget their mark share the address's
//! limit, which is wide enough for a commune behind one line.

use crate::track::{self, Tried};
use store::{Tx, params};
use types::{Result, Timestamp};
use web::Ctx;

/// Wrong tries from one address in an hour, whatever marks the browsers show.
const ADDRESS_TRIES: i64 = 60;
const HOUR_US: i64 = 3_600_000_000;
/// What stands for the code in the address's own row, so that it counts for no dossier.
const NO_CODE: &str = "-";

/// Whoever is behind a request, as far as limits care.
#[derive(Debug, Clone)]
pub(super) struct Seeker {
    device: String,
    address: String,
}

impl Seeker {
    pub(super) fn of(ctx: &Ctx) -> Self {
        Self { device: ctx.device.clone(), address: ctx.client.clone() }
    }

    fn browser(&self) -> String {
        format!("{}|{}", self.address, self.device)
    }

    /// Tries a code with its last digits. A refused or wrong one is a value, so that it stays written down.
    pub(super) fn try_code(&self, tx: &mut Tx<'_>, code: &str, tail: &str) -> Result<Tried> {
        let since = Timestamp(tx.at().0 - HOUR_US);
        let (failures,): (i64,) =
            tx.one("SELECT count(*) FROM track_failure WHERE seeker = $1 AND at > $2", params![&self.address, since])?;
        if failures >= ADDRESS_TRIES {
            tx.not_audited("a refused guess changes nothing");
            return Ok(Tried::TooMany);
        }
        let tried = track::try_code(tx, code, tail, &self.browser())?;
        if tried == Tried::Wrong {
            let (id, at) = (tx.id()?, tx.at());
            tx.exec(
                "INSERT INTO track_failure (id, seeker, code, at) VALUES ($1, $2, $3, $4)",
                params![id, &self.address, NO_CODE, at],
            )?;
        }
        Ok(tried)
    }
}
