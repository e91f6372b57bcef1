//! What `nhaviec check` asks of the records that the kernel's tables name. They keep plain numbers, which no foreign key
//! holds to the table of records.

use calendar::CALENDAR_CHANGED;
use directory::unit::UNIT_MOVED;
use store::{Reader, params};
use types::{Id, Result};
use web::Settings;

/// Counts and events name records that there are; an event that tells of a unit names that unit.
pub(crate) fn records_named(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let counted = counted(reader)?.into_iter().map(|(id, n)| format!("{n} số đếm nêu bản ghi {id} không có thật."));
    let told = told(reader)?.into_iter().map(|(id, n)| format!("{n} sự kiện nêu bản ghi {id} không có thật."));
    let units = told_of_units(reader)?;
    let units = units.into_iter().map(|(id, n)| format!("{n} sự kiện của đơn vị {id} không có trong danh bạ."));
    Ok(counted.chain(told).chain(units).collect())
}

fn counted(reader: &mut Reader<'_>) -> Result<Vec<(Id, i64)>> {
    reader.all(
        "SELECT d.record_id, count(*) FROM delta d
         WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = d.record_id)
         GROUP BY d.record_id ORDER BY d.record_id LIMIT 20",
        params![],
    )
}

/// Every event but those below tells of a record: one that is new and tells of something else is found here at once.
fn told(reader: &mut Reader<'_>) -> Result<Vec<(Id, i64)>> {
    reader.all(
        "SELECT o.record_id, count(*) FROM outbox o WHERE o.event NOT IN ($1, $2)
         AND NOT EXISTS (SELECT 1 FROM record r WHERE r.id = o.record_id)
         GROUP BY o.record_id ORDER BY o.record_id LIMIT 20",
        params![UNIT_MOVED, CALENDAR_CHANGED],
    )
}

/// A calendar's event with the id 0 is about the country.
fn told_of_units(reader: &mut Reader<'_>) -> Result<Vec<(Id, i64)>> {
    reader.all(
        "SELECT o.record_id, count(*) FROM outbox o WHERE (o.event = $1 OR (o.event = $2 AND o.record_id <> 0))
         AND NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = o.record_id)
         GROUP BY o.record_id ORDER BY o.record_id LIMIT 20",
        params![UNIT_MOVED, CALENDAR_CHANGED],
    )
}
