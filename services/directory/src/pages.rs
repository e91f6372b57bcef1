//! Pages: signing in, one's own account, and what administrators keep. One screen, one file.

mod account;
mod authority;
mod form_page;
mod lists;
mod officer;
mod officer_account;
mod officer_form;
mod officer_passkeys;
mod officer_tokens;
mod own_password;
mod own_stand_ins;
mod passkey_new;
mod passkey_one;
mod passkeys;
mod picking;
mod post;
mod post_form;
mod post_people;
mod post_roles;
mod proof;
mod role;
pub(crate) mod samples;
mod scope;
mod second_factor;
mod second_step;
mod sessions;
mod sign_in;
mod stand_in_form;
mod unit;
mod unit_form;
mod unit_time;
mod waiting;

use crate::permissions::{DIRECTORY_KEEP, DIRECTORY_SEE};
use web::{Allow, NavItem, Routes};

/// All routes of this module.
pub(crate) fn routes() -> Routes {
    signing_in().and(own()).and(units()).and(people()).and(posts()).and(roles())
}

const ENTRY: Allow = Allow::anyone("nobody is signed in before they sign in");
const SEE: Allow = Allow::staff(&DIRECTORY_SEE);
const KEEP: Allow = Allow::staff(&DIRECTORY_KEEP);

fn signing_in() -> Routes {
    Routes::new()
        .get("/dang-nhap", sign_in::show, ENTRY)
        .post("/dang-nhap", sign_in::enter, ENTRY)
        .get("/dang-nhap/ma", second_step::show, ENTRY)
        .post("/dang-nhap/ma", second_step::enter, ENTRY)
        .get("/dang-nhap/khoa-truy-cap/thach-thuc", sign_in::ask, ENTRY)
        .post("/dang-nhap/khoa-truy-cap", sign_in::enter_with_passkey, ENTRY)
        .get(
            "/tai-khoan/phien/con-lai",
            sessions::left,
            Allow::anyone("it tells one's own session only how long it lasts"),
        )
        .post("/dang-xuat", sign_in::leave, Allow::anyone("leaving must work also when the session has ended"))
}

fn own() -> Routes {
    let own = Allow::signed_in();
    Routes::new()
        .get("/tai-khoan", account::show, own)
        .post("/tai-khoan/phien/{id}/ket-thuc", account::end_session, own)
        .post("/tai-khoan/phien/ket-thuc-khac", account::end_others, own)
        .get("/tai-khoan/mat-khau", own_password::show, own)
        .post("/tai-khoan/mat-khau", own_password::change, own)
        .get("/tai-khoan/xac-thuc", second_factor::show, own)
        .post("/tai-khoan/xac-thuc", second_factor::offer, own)
        .post("/tai-khoan/xac-thuc/xac-nhan", second_factor::confirm, own)
        .get("/tai-khoan/xac-thuc/khoa-truy-cap", passkeys::show, own)
        .post("/tai-khoan/xac-thuc/khoa-truy-cap", passkeys::offer, own)
        .get("/tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}", passkey_new::show, own)
        .post("/tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}", passkey_new::make, own)
        .get("/tai-khoan/xac-thuc/khoa-truy-cap/{id}", passkey_one::show, own)
        .post("/tai-khoan/xac-thuc/khoa-truy-cap/{id}/ten", passkey_one::rename, own)
        .post("/tai-khoan/xac-thuc/khoa-truy-cap/{id}/go", passkey_one::remove, own)
        .get("/tai-khoan/thay-mat", own_stand_ins::show, own)
        .get("/tai-khoan/thay-mat/{id}/moi", own_stand_ins::new, own)
        .post("/tai-khoan/thay-mat/{id}", own_stand_ins::authorise, own)
        .post("/tai-khoan/thay-mat/{id}/ket-thuc", own_stand_ins::end, own)
}

fn units() -> Routes {
    Routes::new()
        .get("/quan-tri/don-vi", unit::list, SEE)
        .get("/quan-tri/don-vi/{id}", unit::show, SEE)
        .get("/quan-tri/don-vi/{id}/them", unit_form::new, KEEP)
        .post("/quan-tri/don-vi/{id}/them", unit_form::create, KEEP)
        .get("/quan-tri/don-vi/{id}/sua", unit_form::edit, KEEP)
        .post("/quan-tri/don-vi/{id}/sua", unit_form::save, KEEP)
        .get("/quan-tri/don-vi/{id}/chuyen", unit_time::moving, KEEP)
        .post("/quan-tri/don-vi/{id}/chuyen", unit_time::move_to, KEEP)
        .get("/quan-tri/don-vi/{id}/ket-thuc", unit_time::ending, KEEP)
        .post("/quan-tri/don-vi/{id}/ket-thuc", unit_time::end, KEEP)
}

fn people() -> Routes {
    Routes::new()
        .get("/quan-tri/can-bo", officer::list, SEE)
        .get("/quan-tri/can-bo/moi", officer_form::new, KEEP)
        .post("/quan-tri/can-bo/moi", officer_form::create, KEEP)
        .get("/quan-tri/can-bo/{id}", officer::show, SEE)
        .get("/quan-tri/can-bo/{id}/sua", officer_form::edit, KEEP)
        .post("/quan-tri/can-bo/{id}/sua", officer_form::save, KEEP)
        .post("/quan-tri/can-bo/{id}/tai-khoan", officer_account::open, KEEP)
        .post("/quan-tri/can-bo/{id}/mat-khau", officer_account::reset, KEEP)
        .post("/quan-tri/can-bo/{id}/khoa", officer_account::disable, KEEP)
        .post("/quan-tri/can-bo/{id}/mo", officer_account::enable, KEEP)
        .post("/quan-tri/can-bo/{id}/bo-xac-thuc", officer_account::remove_second_factor, KEEP)
        .post("/quan-tri/can-bo/{id}/ket-thuc-phien", officer_account::end_sessions, KEEP)
        .post("/quan-tri/can-bo/{id}/ma-truy-cap/{token}/ket-thuc", officer_tokens::end, KEEP)
        .post("/quan-tri/can-bo/{id}/khoa-truy-cap/{passkey}/go", officer_passkeys::remove, KEEP)
        .get("/quan-tri/phien", sessions::list, KEEP)
        .post("/quan-tri/phien/{id}/ket-thuc", sessions::end, KEEP)
}

fn posts() -> Routes {
    Routes::new()
        .get("/quan-tri/don-vi/{id}/vi-tri/moi", post_form::new, KEEP)
        .post("/quan-tri/don-vi/{id}/vi-tri/moi", post_form::create, KEEP)
        .get("/quan-tri/vi-tri/{id}", post::show, SEE)
        .get("/quan-tri/vi-tri/{id}/sua", post_form::edit, KEEP)
        .post("/quan-tri/vi-tri/{id}/sua", post_form::save, KEEP)
        .get("/quan-tri/vi-tri/{id}/ket-thuc", post_form::ending, KEEP)
        .post("/quan-tri/vi-tri/{id}/ket-thuc", post_form::end, KEEP)
        .get("/quan-tri/vi-tri/{id}/nguoi-giu", post_people::new_holder, KEEP)
        .post("/quan-tri/vi-tri/{id}/nguoi-giu", post_people::hold, KEEP)
        .get("/quan-tri/vi-tri/{id}/nguoi-giu/{holding}/ket-thuc", post_people::releasing, KEEP)
        .post("/quan-tri/vi-tri/{id}/nguoi-giu/{holding}/ket-thuc", post_people::release, KEEP)
        .get("/quan-tri/vi-tri/{id}/thay-mat", post_people::new_stand_in, KEEP)
        .post("/quan-tri/vi-tri/{id}/thay-mat", post_people::authorise, KEEP)
        .post("/quan-tri/vi-tri/{id}/thay-mat/{stand_in}/ket-thuc", post_people::end_stand_in, KEEP)
        .get("/quan-tri/vi-tri/{id}/vai-tro", post_roles::new, KEEP)
        .post("/quan-tri/vi-tri/{id}/vai-tro", post_roles::grant, KEEP)
        .get("/quan-tri/vi-tri/{id}/vai-tro/{grant}/ket-thuc", post_roles::taking_back, KEEP)
        .post("/quan-tri/vi-tri/{id}/vai-tro/{grant}/ket-thuc", post_roles::take_back, KEEP)
}

fn roles() -> Routes {
    Routes::new()
        .get("/quan-tri/vai-tro", role::list, SEE)
        .get("/quan-tri/vai-tro/{id}", role::show, SEE)
        .get("/quan-tri/don-vi/{id}/vai-tro/moi", role::new, KEEP)
        .post("/quan-tri/don-vi/{id}/vai-tro/moi", role::create, KEEP)
        .post("/quan-tri/vai-tro/{id}", role::save, KEEP)
}

/// Lines of the navigation.
pub(crate) static NAVIGATION: &[NavItem] = &[
    NavItem { group: "Quản trị", title: "Đơn vị", icon: "landmark", path: "/quan-tri/don-vi" },
    NavItem { group: "Quản trị", title: "Cán bộ", icon: "users", path: "/quan-tri/can-bo" },
    NavItem { group: "Quản trị", title: "Vai trò", icon: "key-round", path: "/quan-tri/vai-tro" },
    NavItem { group: "Quản trị", title: "Phiên làm việc", icon: "shield-check", path: "/quan-tri/phien" },
    NavItem { group: "Cá nhân", title: "Tài khoản của tôi", icon: "user-round", path: "/tai-khoan" },
];
