//! The roles an installation starts with: what each kind of post may do, over all modules. Administrators change them
//! afterwards as they like.

use calendar::{CALENDAR_KEEP, CALENDAR_SEE};
use directory::{DIRECTORY_KEEP, DIRECTORY_SEE, PostKind, RolePreset};
use dossiers::{
    DOSSIERS_DELIVER, DOSSIERS_HANDLE, DOSSIERS_REASSIGN, DOSSIERS_RECEIVE, DOSSIERS_SEE, DOSSIERS_SEE_LOOKS,
    DOSSIERS_SEE_RESTRICTED, PROCEDURES_KEEP,
};
use records::RECORDS_SEE_UNHELD;
use signatures::{SIGNATURES_REGISTER, SIGNATURES_SEAL, SIGNATURES_SIGN, SIGNATURES_SIGN_OWN, SIGNATURES_TRUST};
use web::Permission;

/// One role for each kind of post.
pub fn role_presets() -> Vec<RolePreset> {
    let preset = |kind: PostKind, permissions: &[&'static Permission]| RolePreset {
        kind,
        permissions: permissions.iter().map(|permission| permission.name).collect(),
    };
    vec![
        preset(
            PostKind::Counter,
            &[
                &DOSSIERS_SEE,
                &DOSSIERS_SEE_LOOKS,
                &DOSSIERS_RECEIVE,
                &DOSSIERS_HANDLE,
                &DOSSIERS_DELIVER,
                &CALENDAR_SEE,
                // Whoever receives signs the receipt.
                &SIGNATURES_SIGN_OWN,
            ],
        ),
        preset(PostKind::Specialist, &[&DOSSIERS_SEE, &DOSSIERS_HANDLE, &CALENDAR_SEE]),
        preset(
            PostKind::Head,
            &[&DOSSIERS_SEE, &DOSSIERS_HANDLE, &DOSSIERS_REASSIGN, &RECORDS_SEE_UNHELD, &DIRECTORY_SEE, &CALENDAR_SEE],
        ),
        preset(
            PostKind::Leader,
            &[
                &DOSSIERS_SEE,
                &DOSSIERS_SEE_RESTRICTED,
                &DOSSIERS_SEE_LOOKS,
                &DOSSIERS_HANDLE,
                &DOSSIERS_REASSIGN,
                &RECORDS_SEE_UNHELD,
                &DIRECTORY_SEE,
                &CALENDAR_SEE,
                &SIGNATURES_SIGN_OWN,
                &SIGNATURES_SIGN,
            ],
        ),
        preset(PostKind::Clerk, &[&DOSSIERS_SEE, &DOSSIERS_HANDLE, &CALENDAR_SEE, &SIGNATURES_SEAL]),
        // Who keeps accounts and roles sees no citizen's dossier.
        preset(
            PostKind::Administrator,
            &[
                &DIRECTORY_SEE,
                &DIRECTORY_KEEP,
                &CALENDAR_SEE,
                &CALENDAR_KEEP,
                &PROCEDURES_KEEP,
                &SIGNATURES_TRUST,
                &SIGNATURES_REGISTER,
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_post_has_a_role_and_every_permission_is_granted_by_one() {
        let presets = role_presets();
        for kind in PostKind::ALL {
            assert_eq!(presets.iter().filter(|preset| preset.kind == *kind).count(), 1, "{kind:?}");
        }
        let granted: BTreeSet<&str> = presets.iter().flat_map(|preset| preset.permissions.iter().copied()).collect();
        let declared: BTreeSet<&str> =
            modules::ALL.iter().flat_map(|module| module.permissions).map(|permission| permission.name).collect();
        assert_eq!(granted, declared);
    }
}
