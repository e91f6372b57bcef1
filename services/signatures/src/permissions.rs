//! What a role may grant in this module.

use web::{Permission, Reach};

/// Keep the list of authorities on whose certificates signatures may rest; it is shared by all units, so that only the
/// highest units that have it may use it.
pub static SIGNATURES_TRUST: Permission = Permission {
    name: "signatures.trust",
    title: "Quản lý danh sách chứng thư tin cậy của chữ ký số",
    reach: Reach::Unit,
};

/// Come to the page of what one signs, and sign there what goes its own way and bears one's own name: a receipt by whoever
/// received. Whoever may do no more signs nothing else, whatever comes into their hands.
pub static SIGNATURES_SIGN_OWN: Permission = Permission {
    name: "signatures.sign-own",
    title: "Ký số giấy tờ lập theo mẫu mang tên mình (mở trang Ký số)",
    reach: Reach::Authority,
};

/// Sign any document in hand, with a certificate of one's own; on the page that [`SIGNATURES_SIGN_OWN`] opens.
pub static SIGNATURES_SIGN: Permission = Permission {
    name: "signatures.sign",
    title: "Ký số mọi văn bản được chuyển đến (ngoài quyền mở trang Ký số)",
    reach: Reach::Authority,
};

/// Number documents in hand and seal them in the agency's name.
pub static SIGNATURES_SEAL: Permission =
    Permission { name: "signatures.seal", title: "Đóng dấu số của cơ quan", reach: Reach::Authority };

/// See all certificates with which people and agencies of a unit and below sign, and take them out of use.
pub static SIGNATURES_REGISTER: Permission =
    Permission {
        name: "signatures.register", title: "Quản lý chứng thư ký số của đơn vị", reach: Reach::Unit
    };

/// All of them.
pub static ALL: &[&Permission] =
    &[&SIGNATURES_TRUST, &SIGNATURES_SIGN_OWN, &SIGNATURES_SIGN, &SIGNATURES_SEAL, &SIGNATURES_REGISTER];
