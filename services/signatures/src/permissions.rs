//! What a role may grant in this module.

use web::{Permission, Reach};

/// Keep the list of authorities on whose certificates signatures may rest; it is shared by all units, so that only the
/// highest units that have it may use it.
pub static SIGNATURES_TRUST: Permission = Permission {
    name: "signatures.trust",
    title: "Quản lý danh sách chứng thư tin cậy của chữ ký số",
    reach: Reach::Unit,
};

/// All of them.
pub static ALL: &[&Permission] = &[&SIGNATURES_TRUST];
