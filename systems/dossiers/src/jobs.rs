//! Work done again and again: forgetting what is only kept for a while, looking whether results are signed.

use crate::{intake, signed, track};
use types::Result;
use web::{House, Job};

/// All jobs of this system.
pub static JOBS: &[Job] = &[
    Job { name: "dossiers-sweep", every_seconds: 3600, run: sweep },
    Job { name: "dossiers-signed", every_seconds: 10, run: signed::round },
];

fn sweep(house: &House) -> Result<()> {
    let command = house.store().system_command("dossiers.sweep", 1);
    house.store().write_blocking(command, |tx| Ok(track::sweep(tx)? + intake::sweep(tx)?))?;
    Ok(())
}
