//! Reading what was counted.

use crate::params;
use crate::reader::Reader;
use types::{Day, Id, Result};

/// The sum of a measure for a unit from `first` to `last`, both counted in.
pub fn sum(reader: &mut Reader<'_>, unit: Id, measure: &str, first: Day, last: Day) -> Result<i64> {
    let (sum,) = reader.one(
        "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM delta WHERE unit_id = $1 AND measure = $2 AND day >= $3 AND day <= $4",
        params![unit, measure, first, last],
    )?;
    Ok(sum)
}

/// All sums that are not zero by unit, measure and day; what `nhaviec check` holds against the recomputation.
pub fn by_day(reader: &mut Reader<'_>) -> Result<Vec<(Id, String, Day, i64)>> {
    reader.all(
        "SELECT unit_id, measure, day, CAST(sum(amount) AS BIGINT) FROM delta GROUP BY unit_id, measure, day
         HAVING sum(amount) <> 0 ORDER BY unit_id, measure, day",
        params![],
    )
}
