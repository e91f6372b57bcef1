//! Whether results are signed: looked at once, after the dossier has ended, so that nobody waits for it, whichever way the
//! file came; and again when the list of trust changed and that was all that was missing. What is counted is the share of
//! results whose signatures hold, of a person or an agency that this house trusts.

use crate::counting;
use files::{File, FileStore};
use signatures::{Standing, Trusting};
use std::collections::HashMap;
use store::{Counted, Reader, Tx, params};
use types::{Day, Error, Id, Result};
use web::House;

/// Results of one round: all jobs share a thread, and a file takes some milliseconds.
const ROUND: i64 = 20;

/// A result that nobody has looked at by the list of trust as it stands.
struct Unlooked {
    result: Id,
    /// Its dossier.
    counted: Counted,
    ended: Day,
    file: File,
}

/// The job.
pub(crate) fn round(house: &House) -> Result<()> {
    let trusting = house.service::<Trusting>();
    let (unlooked, trust, known) = house.store().read_blocking(|reader| {
        let known = trusting.revision(reader)?;
        Ok((unlooked(reader, known)?, trusting.list(reader)?, known))
    })?;
    // Before this house has said whom it trusts, nothing can be said of any signature.
    if trust.anchors.is_empty() {
        return Ok(());
    }
    let files = house.service::<FileStore>();
    for one in unlooked {
        let standing = match files.read(&one.file.hash) {
            Ok(bytes) => signatures::standing(&bytes, &trust, house.now()),
            Err(error) => {
                // `nhaviec check` tells of it; the others are not to wait for it.
                tracing::error!(file = %one.file.id, context = error.inward(), "a result cannot be read");
                Standing::None
            }
        };
        let command = house.store().system_command("dossiers.look-at-result", 4);
        house.store().write_blocking(command, move |tx| note(tx, &one, (standing, known)))?;
    }
    Ok(())
}

fn unlooked(reader: &mut Reader<'_>, known: Id) -> Result<Vec<Unlooked>> {
    // Changes are told apart and not ordered: each side of the one that is known is a range of the index.
    let branches = ["r.signed IS NULL", "r.untrusted_at < $2", "r.untrusted_at > $2"].map(|which| {
        format!(
            "SELECT * FROM (SELECT r.id, r.file_id, d.id AS dossier_id, d.unit_id, d.procedure_id, d.ended_day
             FROM dossier_result r JOIN dossier d ON d.id = r.dossier_id
             WHERE {which} AND r.replaced_at IS NULL AND d.ended_day IS NOT NULL LIMIT $1) AS looked"
        )
    });
    let sql = format!("{} LIMIT $1", branches.join(" UNION ALL "));
    let rows: Vec<(Id, Id, Id, Id, Id, Day)> = reader.all(&sql, params![ROUND, known])?;
    let ids: Vec<Id> = rows.iter().map(|(_, file, ..)| *file).collect();
    let files: HashMap<Id, File> = files::by_ids(reader, &ids)?.into_iter().map(|file| (file.id, file)).collect();
    let read = |(result, file, record, unit, subject, ended)| {
        let file = files.get(&file).cloned().ok_or_else(|| Error::internal("a result without a file"))?;
        Ok(Unlooked { result, counted: Counted { record, unit, subject }, ended, file })
    };
    rows.into_iter().map(read).collect()
}

fn note(tx: &mut Tx<'_>, one: &Unlooked, (standing, known): (Standing, Id)) -> Result<()> {
    let (holds, untrusted_at) = (standing == Standing::Holds, Some(known).filter(|_| standing == Standing::Untrusted));
    tx.not_audited("whether a result is signed is read out of its file");
    let noted = tx.exec_counted(
        "UPDATE dossier_result SET signed = $1, untrusted_at = $2
         WHERE id = $3 AND (signed IS NULL OR untrusted_at IS NOT NULL) AND replaced_at IS NULL",
        params![holds, untrusted_at, one.result],
    )?;
    if noted == 1 && holds { counting::signed(tx, &one.counted, one.ended, 1) } else { Ok(()) }
}
