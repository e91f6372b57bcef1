//! Requests of the directory: one's own account, and what administrators keep.

use super::case::Outsider::{ActsOnOneself, NotOffered, SeesNothing, Shared};
use super::case::{Asked, Case, Sent, ask, get, post};
use super::open::{
    PASSKEYS, code, offered, passkey_asked, passkey_made, passkey_of, passkey_offered, with_passkey, with_second_factor,
};
use crate::world::{PASSWORD, Person, Rank, World, with_date};
use testkit::{Authenticator, Form, Slip};
use types::{Clock, Id};

const UNITS: &str = "/quan-tri/don-vi";
const PEOPLE: &str = "/quan-tri/can-bo";
const POSTS: &str = "/quan-tri/vi-tri";
const ROLES: &str = "/quan-tri/vai-tro";

pub fn cases() -> Vec<Case> {
    let mut all = own();
    all.extend(own_passkeys());
    all.extend(own_stand_ins());
    all.extend(units());
    all.extend(officers());
    all.extend(accounts());
    all.extend(posts());
    all.extend(held());
    all.extend(roles());
    all
}

/// The form at `action` on the page at `page`, as the keeper has it.
fn keeper_form(world: &World, page: &str, action: &str) -> Form {
    world.form_of(Rank::Keeper, page, action)
}

/// A form of the guest's own account.
fn guest_form(world: &World, page: &str, action: &str) -> (Person, Form) {
    let guest = world.guest();
    let form = world.form(&guest, page, action);
    (guest, form)
}

fn own() -> Vec<Case> {
    let own = "a form that names nothing: it changes the account of whoever sends it";
    let empty = "a form without anybody's data";
    vec![
        get("/tai-khoan", Rank::Specialist, |_| "/tai-khoan".into())
            .hides(|world, _| world.person(Rank::Specialist).username.clone())
            .bystander(SeesNothing),
        ask("POST", "/tai-khoan/phien/{id}/ket-thuc", Rank::Specialist, |world| {
            let person = world.person(Rank::Specialist);
            let other = world.sign_in_again(person);
            let form = world.form(person, "/tai-khoan", &format!("/tai-khoan/phien/{other}/ket-thuc"));
            Asked::browser(person, Sent::Form(form))
        })
        .bystander(super::case::Outsider::NotThere),
        ask("POST", "/tai-khoan/phien/ket-thuc-khac", Rank::Specialist, |world| {
            let guest = world.guest();
            world.sign_in_again(&guest);
            let form = world.form(&guest, "/tai-khoan", "/tai-khoan/phien/ket-thuc-khac");
            Asked::browser(&guest, Sent::Form(form))
        })
        .outsiders(ActsOnOneself(own)),
        get("/tai-khoan/mat-khau", Rank::Specialist, |_| "/tai-khoan/mat-khau".into()).outsiders(Shared(empty)),
        ask("POST", "/tai-khoan/mat-khau", Rank::Specialist, |world| {
            let (guest, form) = guest_form(world, "/tai-khoan/mat-khau", "/tai-khoan/mat-khau");
            let new = "Ruộng bậc thang tháng 9!";
            Asked::browser(&guest, Sent::Form(form.set("current", PASSWORD).set("password", new).set("again", new)))
        })
        .outsiders(ActsOnOneself(own)),
        ask("GET", "/tai-khoan/xac-thuc", Rank::Specialist, |world| {
            let guest = world.guest();
            offered(&guest.browser);
            Asked::browser(&guest, Sent::get("/tai-khoan/xac-thuc"))
        })
        .hides(|_, _| "Nhập khóa này vào ứng dụng".into())
        .bystander(SeesNothing),
        ask("POST", "/tai-khoan/xac-thuc", Rank::Specialist, |world| {
            let (guest, form) = guest_form(world, "/tai-khoan/xac-thuc", "/tai-khoan/xac-thuc");
            Asked::browser(&guest, Sent::Form(form.set("proof", PASSWORD)))
        })
        .outsiders(ActsOnOneself(own)),
        ask("POST", "/tai-khoan/xac-thuc/xac-nhan", Rank::Specialist, |world| {
            let guest = world.guest();
            let secret = offered(&guest.browser);
            let form = world.form(&guest, "/tai-khoan/xac-thuc", "/tai-khoan/xac-thuc/xac-nhan");
            Asked::browser(&guest, Sent::Form(form.set("code", &code(&secret, world))))
        })
        .outsiders(ActsOnOneself(own)),
    ]
}

fn own_passkeys() -> Vec<Case> {
    let not_there = super::case::Outsider::NotThere;
    let kept = |world: &World| {
        let guest = world.guest();
        let device = with_passkey(world, &guest);
        let page = format!("{PASSKEYS}/{}", passkey_of(world, &guest));
        (guest, device, page)
    };
    vec![
        ask("GET", PASSKEYS, Rank::Specialist, move |world| {
            let (guest, _, _) = kept(world);
            Asked::browser(&guest, Sent::get(PASSKEYS))
        })
        .hides(|_, _| "chỉ ở một thiết bị".into())
        .bystander(SeesNothing),
        ask("POST", PASSKEYS, Rank::Specialist, |world| {
            let (guest, form) = guest_form(world, PASSKEYS, PASSKEYS);
            Asked::browser(&guest, Sent::Form(form.set("proof", PASSWORD)))
        })
        .bystander(not_there),
        ask("GET", "/tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}", Rank::Specialist, |world| {
            let guest = world.guest();
            Asked::browser(&guest, Sent::get(passkey_offered(world, &guest)))
        })
        .bystander(not_there),
        ask("POST", "/tai-khoan/xac-thuc/khoa-truy-cap/moi/{id}", Rank::Specialist, |world| {
            let guest = world.guest();
            let form = passkey_made(world, &guest, &mut Authenticator::at("https://nhaviec.test"));
            Asked::browser(&guest, Sent::Form(form))
        })
        .bystander(not_there),
        ask("GET", "/tai-khoan/xac-thuc/khoa-truy-cap/{id}", Rank::Specialist, move |world| {
            let (guest, _, page) = kept(world);
            Asked::browser(&guest, Sent::get(page))
        })
        .bystander(not_there),
        ask("POST", "/tai-khoan/xac-thuc/khoa-truy-cap/{id}/ten", Rank::Specialist, move |world| {
            let (guest, _, page) = kept(world);
            let form = world.form(&guest, &page, &format!("{page}/ten")).set("name", "Máy ở cơ quan");
            Asked::browser(&guest, Sent::Form(form))
        })
        .bystander(not_there),
        ask("POST", "/tai-khoan/xac-thuc/khoa-truy-cap/{id}/go", Rank::Specialist, move |world| {
            let (guest, mut device, page) = kept(world);
            let (question, asked) = passkey_asked(&guest.browser);
            let form = world.form(&guest, &page, &format!("{page}/go")).set("ceremony", &question);
            Asked::browser(&guest, Sent::Form(form.set("answer", &device.answer(&asked, &Slip::None))))
        })
        .bystander(not_there),
    ]
}

fn own_stand_ins() -> Vec<Case> {
    let not_there = super::case::Outsider::NotThere;
    let post_of = |world: &World, rank| world.person(rank).post.expect("a post");
    let new = move |world: &World| {
        let post = post_of(world, Rank::Leader);
        let officer = world.person(Rank::Clerk).officer.to_string();
        let page = format!("/tai-khoan/thay-mat/{post}/moi");
        let form = world.form_of(Rank::Leader, &page, &format!("/tai-khoan/thay-mat/{post}"));
        let tomorrow = world.clock.now().day().next();
        with_date(form.set("officer", &officer).set("reason", "đi họp ở tỉnh"), "to", tomorrow)
    };
    vec![
        get("/tai-khoan/thay-mat", Rank::Leader, |_| "/tai-khoan/thay-mat".into())
            .hides(move |world, _| post_of(world, Rank::Leader).to_string())
            .bystander(SeesNothing),
        get("/tai-khoan/thay-mat/{id}/moi", Rank::Leader, move |world| {
            format!("/tai-khoan/thay-mat/{}/moi", post_of(world, Rank::Leader))
        })
        .bystander(not_there),
        post("/tai-khoan/thay-mat/{id}", Rank::Leader, new).bystander(not_there),
        post("/tai-khoan/thay-mat/{id}/ket-thuc", Rank::Leader, move |world| {
            let id = world.stand_in(post_of(world, Rank::Leader), world.new_officer());
            world.form_of(Rank::Leader, "/tai-khoan/thay-mat", &format!("/tai-khoan/thay-mat/{id}/ket-thuc"))
        })
        .bystander(not_there),
    ]
}

fn units() -> Vec<Case> {
    let at = |rest: &'static str| move |world: &World| format!("{UNITS}/{}{rest}", world.commune);
    let on_fresh = |rest: &'static str, fill: fn(&World, Form) -> Form| {
        move |world: &World| {
            let page = format!("{UNITS}/{}{rest}", world.new_unit());
            fill(world, keeper_form(world, &page, &page))
        }
    };
    vec![
        get("/quan-tri/don-vi", Rank::Keeper, |_| UNITS.into()).hides(|world, _| format!("{UNITS}/{}", world.commune)),
        get("/quan-tri/don-vi/{id}", Rank::Keeper, at("")),
        get("/quan-tri/don-vi/{id}/them", Rank::Keeper, at("/them")),
        post("/quan-tri/don-vi/{id}/them", Rank::Keeper, |world| {
            let page = format!("{UNITS}/{}/them", world.commune);
            keeper_form(world, &page, &page).set("name", "Phòng Kinh tế thử").set("kind", "department")
        }),
        get("/quan-tri/don-vi/{id}/sua", Rank::Keeper, at("/sua")),
        post(
            "/quan-tri/don-vi/{id}/sua",
            Rank::Keeper,
            on_fresh("/sua", |_, form| form.set("short_name", "Phòng thử")),
        ),
        get("/quan-tri/don-vi/{id}/chuyen", Rank::Keeper, at("/chuyen")),
        post(
            "/quan-tri/don-vi/{id}/chuyen",
            Rank::Keeper,
            on_fresh("/chuyen", |world, form| form.set("parent", &world.new_unit().to_string())),
        ),
        get("/quan-tri/don-vi/{id}/ket-thuc", Rank::Keeper, at("/ket-thuc")),
        post("/quan-tri/don-vi/{id}/ket-thuc", Rank::Keeper, on_fresh("/ket-thuc", |_, form| form)),
    ]
}

fn officers() -> Vec<Case> {
    let at =
        |rest: &'static str| move |world: &World| format!("{PEOPLE}/{}{rest}", world.person(Rank::Counter).officer);
    vec![
        get("/quan-tri/can-bo", Rank::Keeper, |_| format!("{PEOPLE}?q=uong"))
            .hides(|world, _| format!("{PEOPLE}/{}", world.person(Rank::Counter).officer)),
        get("/quan-tri/can-bo/moi", Rank::Keeper, |_| format!("{PEOPLE}/moi"))
            .hides(|world, _| format!("value=\"{}\"", world.commune)),
        post("/quan-tri/can-bo/moi", Rank::Keeper, |world| {
            let page = format!("{PEOPLE}/moi");
            let form = keeper_form(world, &page, &page).set("name", "Đào Thị Yến Nhi");
            form.set("unit", &world.commune.to_string())
        })
        .neighbour(NotOffered),
        get("/quan-tri/can-bo/{id}", Rank::Keeper, at("")),
        get("/quan-tri/can-bo/{id}/sua", Rank::Keeper, at("/sua")),
        post("/quan-tri/can-bo/{id}/sua", Rank::Keeper, |world| {
            let page = format!("{PEOPLE}/{}/sua", world.new_officer());
            keeper_form(world, &page, &page).set("phone", "0571234567")
        }),
        get("/quan-tri/phien", Rank::Keeper, |_| "/quan-tri/phien".into())
            .hides(|world, _| format!("{PEOPLE}/{}", world.person(Rank::Counter).officer)),
        post("/quan-tri/phien/{id}/ket-thuc", Rank::Keeper, |world| {
            let session = world.session_of(world.guest().officer);
            keeper_form(world, "/quan-tri/phien", &format!("/quan-tri/phien/{session}/ket-thuc"))
        }),
    ]
}

fn accounts() -> Vec<Case> {
    let press = |world: &World, officer: Id, act: &str| {
        keeper_form(world, &format!("{PEOPLE}/{officer}"), &format!("{PEOPLE}/{officer}/{act}"))
    };
    vec![
        post("/quan-tri/can-bo/{id}/tai-khoan", Rank::Keeper, move |world| {
            let officer = world.new_officer();
            press(world, officer, "tai-khoan").set("username", &format!("moi.{officer}"))
        }),
        post("/quan-tri/can-bo/{id}/mat-khau", Rank::Keeper, move |world| {
            press(world, world.guest().officer, "mat-khau")
        }),
        post("/quan-tri/can-bo/{id}/khoa", Rank::Keeper, move |world| press(world, world.guest().officer, "khoa")),
        post("/quan-tri/can-bo/{id}/mo", Rank::Keeper, move |world| {
            let officer = world.guest().officer;
            world.write(move |tx| directory_account_disable(tx, officer));
            press(world, officer, "mo")
        }),
        post("/quan-tri/can-bo/{id}/bo-xac-thuc", Rank::Keeper, move |world| {
            let (guest, _) = with_second_factor(world);
            press(world, guest.officer, "bo-xac-thuc")
        }),
        post("/quan-tri/can-bo/{id}/ket-thuc-phien", Rank::Keeper, move |world| {
            press(world, world.guest().officer, "ket-thuc-phien")
        }),
        post("/quan-tri/can-bo/{id}/ma-truy-cap/{token}/ket-thuc", Rank::Keeper, move |world| {
            let officer = world.guest().officer;
            press(world, officer, &format!("ma-truy-cap/{}/ket-thuc", world.new_token(officer)))
        }),
        post("/quan-tri/can-bo/{id}/khoa-truy-cap/{passkey}/go", Rank::Keeper, move |world| {
            let guest = world.guest();
            with_passkey(world, &guest);
            press(world, guest.officer, &format!("khoa-truy-cap/{}/go", passkey_of(world, &guest)))
        }),
    ]
}

fn directory_account_disable(tx: &mut store::Tx<'_>, officer: Id) -> types::Result<()> {
    ::directory::account::disable(tx, officer)
}

fn posts() -> Vec<Case> {
    let at = |rest: &'static str| {
        move |world: &World| format!("{POSTS}/{}{rest}", world.person(Rank::Counter).post.expect("a post"))
    };
    let on_fresh = |rest: &'static str, fill: fn(Form) -> Form| {
        move |world: &World| {
            let page = format!("{POSTS}/{}{rest}", world.new_post());
            fill(keeper_form(world, &page, &page))
        }
    };
    vec![
        get("/quan-tri/don-vi/{id}/vi-tri/moi", Rank::Keeper, |world| format!("{UNITS}/{}/vi-tri/moi", world.commune)),
        post("/quan-tri/don-vi/{id}/vi-tri/moi", Rank::Keeper, |world| {
            let page = format!("{UNITS}/{}/vi-tri/moi", world.commune);
            keeper_form(world, &page, &page).set("title", "Công chức Địa chính thử").set("kind", "specialist")
        }),
        get("/quan-tri/vi-tri/{id}", Rank::Keeper, at("")),
        get("/quan-tri/vi-tri/{id}/sua", Rank::Keeper, at("/sua")),
        post("/quan-tri/vi-tri/{id}/sua", Rank::Keeper, on_fresh("/sua", |form| form.set("fields", "chung-thuc"))),
        get("/quan-tri/vi-tri/{id}/ket-thuc", Rank::Keeper, at("/ket-thuc")),
        post("/quan-tri/vi-tri/{id}/ket-thuc", Rank::Keeper, on_fresh("/ket-thuc", |form| form)),
    ]
}

/// Who holds a post, who stands in, and which roles it has.
fn held() -> Vec<Case> {
    let at = |rest: &'static str| move |world: &World| format!("{POSTS}/{}{rest}", world.new_post());
    let holding = |world: &World| {
        let post = world.new_post();
        format!("{POSTS}/{post}/nguoi-giu/{}/ket-thuc", world.hold(post, world.new_officer()))
    };
    let granted = |world: &World| {
        let post = world.new_post();
        format!("{POSTS}/{post}/vai-tro/{}/ket-thuc", world.grant(post, world.new_role()))
    };
    vec![
        get("/quan-tri/vi-tri/{id}/nguoi-giu", Rank::Keeper, at("/nguoi-giu")),
        post("/quan-tri/vi-tri/{id}/nguoi-giu", Rank::Keeper, |world| {
            let page = format!("{POSTS}/{}/nguoi-giu", world.new_post());
            keeper_form(world, &page, &page).set("officer", &world.new_officer().to_string())
        }),
        get("/quan-tri/vi-tri/{id}/nguoi-giu/{holding}/ket-thuc", Rank::Keeper, holding),
        post("/quan-tri/vi-tri/{id}/nguoi-giu/{holding}/ket-thuc", Rank::Keeper, move |world| {
            let page = holding(world);
            keeper_form(world, &page, &page)
        }),
        get("/quan-tri/vi-tri/{id}/thay-mat", Rank::Keeper, at("/thay-mat")),
        post("/quan-tri/vi-tri/{id}/thay-mat", Rank::Keeper, |world| {
            let page = format!("{POSTS}/{}/thay-mat", world.new_post());
            let form = keeper_form(world, &page, &page).set("officer", &world.new_officer().to_string());
            with_date(form.set("reason", "nghỉ phép"), "to", world.clock.now().day().next())
        }),
        post("/quan-tri/vi-tri/{id}/thay-mat/{stand_in}/ket-thuc", Rank::Keeper, |world| {
            let post = world.new_post();
            let stand_in = world.stand_in(post, world.new_officer());
            keeper_form(world, &format!("{POSTS}/{post}"), &format!("{POSTS}/{post}/thay-mat/{stand_in}/ket-thuc"))
        }),
        get("/quan-tri/vi-tri/{id}/vai-tro", Rank::Keeper, at("/vai-tro")),
        post("/quan-tri/vi-tri/{id}/vai-tro", Rank::Keeper, |world| {
            let page = format!("{POSTS}/{}/vai-tro", world.new_post());
            keeper_form(world, &page, &page).set("role", &world.new_role().to_string())
        }),
        get("/quan-tri/vi-tri/{id}/vai-tro/{grant}/ket-thuc", Rank::Keeper, granted),
        post("/quan-tri/vi-tri/{id}/vai-tro/{grant}/ket-thuc", Rank::Keeper, move |world| {
            let page = granted(world);
            keeper_form(world, &page, &page)
        }),
    ]
}

fn roles() -> Vec<Case> {
    vec![
        ask("GET", "/quan-tri/vai-tro", Rank::Keeper, |world| {
            world.new_role();
            Asked::browser(world.person(Rank::Keeper), Sent::get(ROLES))
        })
        .hides(|world, _| {
            let sql = "SELECT id FROM role WHERE unit_id = $1 ORDER BY id DESC LIMIT 1";
            let (id,): (Id,) = world.read(|reader| reader.one(sql, store::params![world.commune]));
            format!("{ROLES}/{id}")
        }),
        get("/quan-tri/vai-tro/{id}", Rank::Keeper, |world| format!("{ROLES}/{}", world.new_role())),
        get("/quan-tri/don-vi/{id}/vai-tro/moi", Rank::Keeper, |world| {
            format!("{UNITS}/{}/vai-tro/moi", world.commune)
        }),
        post("/quan-tri/don-vi/{id}/vai-tro/moi", Rank::Keeper, |world| {
            let page = format!("{UNITS}/{}/vai-tro/moi", world.commune);
            keeper_form(world, &page, &page).set("name", "Vai trò mới thử").set("quyen.dossiers", "dossiers.see")
        }),
        post("/quan-tri/vai-tro/{id}", Rank::Keeper, |world| {
            let page = format!("{ROLES}/{}", world.new_role());
            keeper_form(world, &page, &page).set("quyen.calendar", "calendar.see")
        }),
    ]
}
