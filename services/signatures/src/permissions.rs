//! What a role may grant in this module.

use web::{Permission, Reach};

/// Keep the list of authorities on whose certificates signatures may rest; it is shared by all units, so that only the
/// highest units that have it may use it.
pub static SIGNATURES_TRUST: Permission = Permission {
    name: "signatures.trust",
    title: "Quản lý danh sách chứng thư tin cậy của chữ ký số",
    reach: Reach::Unit,
};

/// Sign documents in hand, with a certificate of one's own.
pub static SIGNATURES_SIGN: Permission =
    Permission { name: "signatures.sign", title: "Ký số văn bản", reach: Reach::Authority };

/// Number documents in hand and seal them in the agency's name.
pub static SIGNATURES_SEAL: Permission =
    Permission { name: "signatures.seal", title: "Đóng dấu số của cơ quan", reach: Reach::Authority };

/// See all certificates with which people and agencies of a unit and below sign, and take them out of use.
pub static SIGNATURES_REGISTER: Permission =
    Permission {
        name: "signatures.register", title: "Quản lý chứng thư ký số của đơn vị", reach: Reach::Unit
    };

/// All of them.
pub static ALL: &[&Permission] = &[&SIGNATURES_TRUST, &SIGNATURES_SIGN, &SIGNATURES_SEAL, &SIGNATURES_REGISTER];
