//! From a certificate to a trusted root.

use crate::{Certificate, SigningError};
use types::Timestamp;

/// Longest chain, root included.
const LENGTH_MAX: usize = 8;

/// The chain from `leaf` to one of `roots`, both included, through certificates of `pool`. Every signature in it is
/// checked, and every certificate was valid at `at`.
///
/// # Errors
/// [`SigningError::BadCertificate`] when there is none.
pub(super) fn build(
    leaf: &Certificate,
    pool: &[Certificate],
    roots: &[Certificate],
    at: Timestamp,
) -> Result<Vec<Certificate>, SigningError> {
    let mut chain = vec![leaf.clone()];
    if extend(&mut chain, pool, roots, at) {
        Ok(chain)
    } else {
        Err(SigningError::BadCertificate(format!("{}: no chain to a trusted root", leaf.subject())))
    }
}

/// Tries every issuer in turn; there may be several with the same name.
fn extend(chain: &mut Vec<Certificate>, pool: &[Certificate], roots: &[Certificate], at: Timestamp) -> bool {
    let Some(last) = chain.last().cloned() else { return false };
    if !last.is_valid_at(at) || chain.len() > LENGTH_MAX {
        return false;
    }
    if roots.contains(&last) {
        return true;
    }
    for issuer in roots.iter().chain(pool) {
        // All in the chain but the leaf are CAs below this one.
        let fits = !chain.contains(issuer) && issuer.allows_below(chain.len() - 1);
        if !fits || last.check_issued_by(issuer).is_err() {
            continue;
        }
        chain.push(issuer.clone());
        if extend(chain, pool, roots, at) {
            return true;
        }
        chain.pop();
    }
    false
}
