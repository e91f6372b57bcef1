//! What a role may grant in this module.

use web::{Permission, Reach};

/// See units, officers, posts and roles.
pub static DIRECTORY_SEE: Permission =
    Permission { name: "directory.see", title: "Xem đơn vị, cán bộ và vị trí", reach: Reach::Unit };

/// Keep units, officers, accounts, posts, roles and stand-ins. Who holds it counts as an administrator: a second factor
/// is demanded and the session ends sooner.
pub static DIRECTORY_KEEP: Permission =
    Permission {
        name: "directory.keep", title: "Quản lý đơn vị, cán bộ, tài khoản và phân quyền", reach: Reach::Unit
    };

/// All of them.
pub static ALL: &[&Permission] = &[&DIRECTORY_SEE, &DIRECTORY_KEEP];
