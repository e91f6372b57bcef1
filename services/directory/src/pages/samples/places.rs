//! Samples of units, posts and roles.

use super::super::form_page::fresh;
use super::super::lists::period;
use super::super::picking::Choices;
use super::super::waiting::Waiting;
use super::super::{post, post_form, post_people, post_roles, role, unit, unit_form, unit_time};
use super::{LONG_NAME, LONG_UNIT, command, day, now, three_stand_ins, wrong};
use crate::permissions;
use crate::post::{Holding, Post, PostKind};
use crate::role::{Grant, Role};
use crate::tree::Place;
use crate::unit::{Unit, UnitKind};
use types::Id;
use ui::Choice;
use web::Sample;

fn one_unit(id: i64, name: &str, kind: UnitKind) -> Unit {
    Unit {
        id: Id(id),
        code: Some("H55.62.05".to_owned()),
        gso_code: Some("05809".to_owned()),
        name: name.to_owned(),
        short_name: name.to_owned(),
        kind,
        valid_from: day("2025-07-01"),
        valid_to: None,
        version: 2,
    }
}

fn ended_unit() -> Unit {
    let mut unit = one_unit(33, "Huyện Đại Từ", UnitKind::District);
    unit.valid_to = Some(day("2025-06-30"));
    unit.valid_from = day("1976-01-01");
    unit.code = None;
    unit
}

fn one_post(holders: Vec<(Id, String)>) -> Post {
    Post {
        id: Id(41),
        unit: Id(32),
        kind: PostKind::Specialist,
        title: "Công chức Tư pháp – Hộ tịch".to_owned(),
        fields: vec!["ho-tich".to_owned(), "linh-vuc-cu".to_owned()],
        holders,
        from: day("2025-07-01"),
        to: None,
        version: 1,
    }
}

fn one_role(name: &str) -> Role {
    Role {
        id: Id(61),
        unit: Id(31),
        name: name.to_owned(),
        preset: Some(PostKind::Administrator),
        permissions: permissions::ALL.iter().map(|p| p.name.to_owned()).collect(),
        version: 1,
    }
}

fn choices(more: bool) -> Choices {
    Choices {
        choices: vec![Choice::new("31", "Xã La Bằng – Tỉnh Thái Nguyên"), Choice::new("32", LONG_UNIT)], more
    }
}

/// All of them.
pub(super) fn samples() -> Vec<Sample> {
    let mut samples = units();
    samples.extend(posts());
    samples.extend(roles());
    samples
}

fn units() -> Vec<Sample> {
    let lines = || {
        vec![
            unit::UnitLine { unit: one_unit(31, "Xã La Bằng", UnitKind::Commune), children: 3 },
            unit::UnitLine { unit: one_unit(32, LONG_UNIT, UnitKind::Department), children: 0 },
        ]
    };
    let place = |parent: &str, from, to: Option<&str>| {
        (Place { parent: Some(Id(1)), from: day(from), to: to.map(day) }, parent.to_owned())
    };
    let full = unit::UnitPage {
        unit: one_unit(31, LONG_UNIT, UnitKind::Commune),
        above: vec![(Id(1), "Tỉnh Thái Nguyên".to_owned())],
        children: lines(),
        posts: vec![one_post(vec![(Id(21), LONG_NAME.to_owned())]), one_post(Vec::new())],
        roles: vec![one_role("Quản trị")],
        places: vec![
            place("Tỉnh Thái Nguyên", "2025-07-01", None),
            place("Huyện Đại Từ", "1976-01-01", Some("2025-06-30")),
        ],
        may_keep: true,
        today: now().day(),
    };
    let ended = unit::UnitPage {
        unit: ended_unit(),
        above: Vec::new(),
        children: Vec::new(),
        posts: Vec::new(),
        roles: Vec::new(),
        places: Vec::new(),
        may_keep: false,
        today: now().day(),
    };
    let (commune, today) = (one_unit(31, "Xã La Bằng", UnitKind::Commune), || (now().day(), command()));
    let bad_code = wrong("code", "Mã định danh này đã dùng cho «Xã Đại Phúc».");
    let inside = wrong("parent", "Không thể chuyển một đơn vị vào chính nó hoặc vào đơn vị cấp dưới của nó.");
    vec![
        Sample { name: "units/some", page: unit::draw_list(&lines()) },
        Sample { name: "units/empty", page: unit::draw_list(&[]) },
        Sample { name: "unit/full", page: full.draw() },
        Sample { name: "unit/ended", page: ended.draw() },
        Sample { name: "unit-form/new", page: unit_form::draw_new(&commune, &fresh(), today()) },
        Sample { name: "unit-form/wrong", page: unit_form::draw_edit(&commune, &bad_code, command()) },
        Sample {
            name: "unit-move/fresh",
            page: unit_time::draw_move(&commune, (&fresh(), ""), choices(true), today()),
        },
        Sample {
            name: "unit-move/wrong",
            page: unit_time::draw_move(&commune, (&inside, "dai"), choices(false), today()),
        },
        Sample { name: "unit-end/fresh", page: unit_time::draw_end(&commune, &fresh(), today()) },
    ]
}

fn fields_of_work() -> Vec<(String, String)> {
    [
        ("chung-thuc", "Chứng thực"),
        ("ho-tich", "Hộ tịch"),
        ("nguoi-co-cong", "Người có công với cách mạng và thân nhân"),
    ]
    .map(|(code, name)| (code.to_owned(), name.to_owned()))
    .to_vec()
}

fn posts() -> Vec<Sample> {
    let holding = |id, name: &str, to: Option<&str>| Holding {
        id: Id(id),
        post: Id(41),
        officer: Id(21),
        name: name.to_owned(),
        from: day("2025-07-01"),
        to: to.map(day),
    };
    let grant = |id, name: &str, to: Option<&str>| Grant {
        id: Id(id),
        role: Id(61),
        name: name.to_owned(),
        from: day("2025-07-01"),
        to: to.map(day),
    };
    let page = |holdings, grants, stand_ins, may_keep| post::PostPage {
        post: one_post(Vec::new()),
        unit: format!("{LONG_UNIT} – Xã La Bằng"),
        fields: fields_of_work(),
        holdings,
        grants,
        stand_ins,
        waiting: 12,
        may_keep,
        now: now(),
        command: command(),
    };
    let waits = Waiting { count: 12, leaders: vec![LONG_NAME.to_owned(), "Chẩu Thị Xuyến Chi".to_owned()] };
    let holdings = vec![holding(1, LONG_NAME, None), holding(2, "Chẩu Thị Xuyến Chi", Some("2026-01-31"))];
    let grants = vec![grant(1, "Chuyên viên", None), grant(2, "Trưởng phòng", Some("2026-01-31"))];
    let full = page(holdings, grants, three_stand_ins(), true);
    let empty = page(Vec::new(), Vec::new(), Vec::new(), false);
    let (post, commune) = (one_post(Vec::new()), one_unit(31, "Xã La Bằng", UnitKind::Commune));
    let today = || (now().day(), command());
    let roles = [one_role("Quản trị"), one_role("Cán bộ một cửa")];
    let again = wrong("officer", "Cán bộ này đã giữ vị trí trong thời gian đó.");
    let past = wrong("to", "Thời điểm kết thúc đã qua.");
    vec![
        Sample { name: "post/full", page: full.draw() },
        Sample { name: "post/empty", page: empty.draw() },
        Sample { name: "post-form/new", page: post_form::draw_new((&commune, &fields_of_work()), &fresh(), today()) },
        Sample {
            name: "post-form/edit",
            page: post_form::draw_edit((&post, &fields_of_work()), &wrong("title", "Nhập tên vị trí."), command()),
        },
        Sample { name: "post-end/fresh", page: post_form::draw_end(&post, &Waiting::default(), &fresh(), today()) },
        Sample { name: "post-end/work-waits", page: post_form::draw_end(&post, &waits, &fresh(), today()) },
        Sample {
            name: "post-holder/wrong",
            page: post_people::draw_holder(&post, (&again, ""), choices(true), today()),
        },
        Sample {
            name: "post-release/fresh",
            page: post_people::draw_release(&post, (&holding(1, LONG_NAME, None), &waits), &fresh(), today()),
        },
        Sample {
            name: "post-stand-in/wrong",
            page: post_people::draw_stand_in(&post, (&past, "may"), choices(false), today()),
        },
        Sample { name: "post-role/fresh", page: post_roles::draw_grant(&post, &fresh(), &roles, today()) },
        Sample {
            name: "post-role/take-back",
            page: post_roles::draw_take_back(&post, &grant(1, "Chuyên viên", None), &fresh(), today()),
        },
    ]
}

fn roles() -> Vec<Sample> {
    let groups: [role::Group; 1] = [("directory", "Danh bạ", permissions::ALL)];
    let taken = wrong("name", "Đơn vị đã có vai trò cùng tên.");
    let lasts = period(day("2025-07-01"), None);
    let line = (one_role(&format!("Quản trị {lasts}")), LONG_UNIT.to_owned());
    vec![
        Sample { name: "roles/some", page: role::draw_list(&[line]) },
        Sample { name: "roles/empty", page: role::draw_list(&[]) },
        Sample {
            name: "role/edit",
            page: role::draw_edit(&one_role("Quản trị"), (LONG_UNIT, &groups), &taken, command()),
        },
        Sample {
            name: "role/read", page: role::draw_read(&one_role("Quản trị"), ("Tỉnh Thái Nguyên", &groups))
        },
        Sample { name: "role/new", page: role::draw_new((Id(31), "Xã La Bằng"), &groups, &fresh(), command()) },
    ]
}
