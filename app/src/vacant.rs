//! Whether a database is still free to be filled by `demo` or `setup`.

use crate::settings::Settings;
use store::snapshot;
use types::{Error, Result};

/// Nothing of an installation may be touched, not even its schema; `what` would be made in it.
///
/// # Errors
/// `Conflict` when somebody has used the database; what the store answers otherwise.
pub fn refuse_unless_vacant(settings: &Settings, what: &str) -> Result<()> {
    let location = &settings.database;
    let refused = || {
        Error::conflict(format!(
            "Cơ sở dữ liệu {location} đã có dữ liệu nên không tạo {what} vào đó. Hãy đặt NHAVIEC_DATABASE và \
             NHAVIEC_DATA sang một nơi trống rồi chạy lại."
        ))
    };
    match snapshot::fill(location, |_| Ok(())) {
        Ok(()) => Ok(()),
        // It has tables: a schema that `nhaviec migrate` made and nobody has used yet will do. What was ever changed
        // stands in the audit, which nobody empties.
        Err(Error::Conflict(_)) => {
            let used = snapshot::hold(location, |reader| {
                reader.opt::<(types::Id,)>("SELECT id FROM audit LIMIT 1", store::params![])
            });
            if matches!(used, Ok(None)) { Ok(()) } else { Err(refused()) }
        }
        Err(other) => Err(other),
    }
}
