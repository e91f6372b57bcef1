//! Lists over several units: each unit is an index range of its own, so that what other units have costs nothing.

use store::{FromRow, Reader, Val};
use types::{Id, Result};

/// Ranges of one statement.
const RANGES_MAX: usize = 50;

/// What `statement` finds in each of these units, which it calls `{unit}`; the first parameters are `values`. It orders and limits
/// what it finds, and the caller what all of them found.
pub(crate) fn of_each<T: FromRow>(
    reader: &mut Reader<'_>,
    units: &[Id],
    (statement, values): (&str, &[Val]),
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for block in units.chunks(RANGES_MAX) {
        let mut values = values.to_vec();
        let mut ranges = Vec::new();
        for unit in block {
            values.push((*unit).into());
            let own = statement.replace("{unit}", &format!("${}", values.len()));
            ranges.push(format!("SELECT * FROM ({own}) AS u{}", values.len()));
        }
        all.extend(reader.all::<T>(&ranges.join(" UNION ALL "), &values)?);
    }
    Ok(all)
}
