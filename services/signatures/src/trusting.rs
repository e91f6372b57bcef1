//! The list of trust in memory, until somebody changes it on any node.

use crate::trusted;
use signing::trust::TrustList;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Reader, revision};
use types::{Id, Result};

/// Cheap to clone; one for the whole process, among the house's services.
#[derive(Clone, Default)]
pub struct Trusting(Arc<Mutex<Option<Known>>>);

/// The list, and the change by which it is known.
struct Known {
    revision: Id,
    list: Arc<TrustList>,
}

impl Trusting {
    /// The change by which the list stands; asked before the list is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn revision(&self, reader: &mut Reader<'_>) -> Result<Id> {
        revision::last(reader, trusted::TRUST)
    }

    /// The list as it stands.
    ///
    /// # Errors
    /// Those of [`trusted::list`].
    pub fn list(&self, reader: &mut Reader<'_>) -> Result<Arc<TrustList>> {
        // Asked first: what is read after it may be newer, never older.
        let revision = revision::last(reader, trusted::TRUST)?;
        let known = |trusting: &Self| {
            let held = trusting.0.lock().unwrap_or_else(PoisonError::into_inner);
            held.as_ref().filter(|known| known.revision == revision).map(|known| known.list.clone())
        };
        if let Some(list) = known(self) {
            return Ok(list);
        }
        let list = Arc::new(trusted::list(reader)?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Known { revision, list: list.clone() });
        Ok(list)
    }
}
