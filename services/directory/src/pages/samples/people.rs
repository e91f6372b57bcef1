//! Samples of officers and their accounts.

use super::super::form_page::fresh;
use super::super::picking::Choices;
use super::super::{officer, officer_account, officer_form};
use super::{LONG_NAME, LONG_UNIT, card, command, day, key, moment, open_account, session, wrong};
use crate::api_token::ApiToken;
use crate::officer::{AccountCard, OfficerCard};
use types::Id;
use ui::Choice;
use web::Sample;

fn page(card: OfficerCard, held: bool, may_keep: bool) -> officer::OfficerPage {
    let post = || officer::Held {
        post: Id(41),
        title: "Công chức Tư pháp – Hộ tịch".to_owned(),
        unit: LONG_UNIT.to_owned(),
        from: day("2025-07-01"),
        to: None,
    };
    officer::OfficerPage {
        card,
        unit: "Xã La Bằng".to_owned(),
        held: if held { vec![post()] } else { Vec::new() },
        sessions: if held { vec![session(51, LONG_NAME)] } else { Vec::new() },
        tokens: if held {
            vec![token(61, LONG_NAME), token(62, "Ki-ốt bộ phận một cửa")]
        } else {
            Vec::new()
        },
        passkeys: if held { vec![key(71, LONG_NAME, true), key(70, "Điện thoại", false)] } else { Vec::new() },
        may_keep,
        own: false,
        command: command(),
    }
}

fn token(id: i64, name: &str) -> ApiToken {
    let (created_at, ends_at) = (moment("2026-11-02T08:15"), moment("2027-11-02T08:15"));
    ApiToken { id: Id(id), officer: Id(21), name: name.to_owned(), created_at, ends_at }
}

/// All of them.
pub(super) fn samples() -> Vec<Sample> {
    let line = |card| officer::OfficerLine { card, unit: LONG_UNIT.to_owned() };
    let closed = || AccountCard { disabled_at: Some(moment("2026-10-01T09:00")), ..open_account(false) };
    let waiting = || AccountCard { must_change: true, last_sign_in_at: None, ..open_account(false) };
    let lines = vec![
        line(card(21, LONG_NAME, Some(open_account(true)))),
        line(card(22, "Đặng Đình Ưởng", Some(closed()))),
        line(card(23, "Nguyễn Thị Mỹ Hạnh", Some(waiting()))),
        line(card(24, "Chẩu Thị Xuyến Chi", None)),
    ];
    let next = Some("/quan-tri/can-bo?q=&after=24".to_owned());
    let choices = Choices { choices: vec![Choice::new("31", "Xã La Bằng – Tỉnh Thái Nguyên")], more: true };
    let taken = wrong("username", "Tên đăng nhập này đã có người dùng.");
    let someone = card(21, LONG_NAME, Some(open_account(true)));
    vec![
        Sample { name: "officers/some", page: officer::draw_list(&lines, ("may", next), true) },
        Sample { name: "officers/empty", page: officer::draw_list(&[], ("", None), true) },
        Sample { name: "officers/nothing-found", page: officer::draw_list(&[], ("Ưởng <b>", None), false) },
        Sample { name: "officer/full", page: page(someone.clone(), true, true).draw(&fresh()) },
        Sample {
            name: "officer/closed",
            page: page(card(22, "Đặng Đình Ưởng", Some(closed())), false, true).draw(&fresh()),
        },
        Sample {
            name: "officer/without-account", page: page(card(24, "Lò Thị Mẩy", None), false, true).draw(&taken)
        },
        Sample {
            name: "officer/read-only", page: page(card(24, "Lò Thị Mẩy", None), false, false).draw(&fresh())
        },
        Sample {
            name: "officer-form/new",
            page: officer_form::draw_new((&wrong("name", "Nhập họ và tên."), ""), choices, command()),
        },
        Sample { name: "officer-form/edit", page: officer_form::draw_edit(&someone, &fresh(), command()) },
        Sample {
            name: "one-time-password/shown",
            page: officer_account::draw_password(&someone, "may.lt", Some("abCD-2345-mnPQ-wxYZ")),
        },
        Sample { name: "one-time-password/again", page: officer_account::draw_password(&someone, "may.lt", None) },
    ]
}
