//! A request in its states, with names as long as they come.

use super::{Opened, WHY};
use crate::request::{Ask, KeyWish, Request, Seen, State, Step};
use crate::signer::SignerKind;
use std::collections::HashMap;
use types::{Id, Timestamp};
use ui::{FormState, Lang};
use web::Sample;

/// A fictional request.
pub(in crate::pages) fn sample(state: State) -> Request {
    let at = Timestamp(1_794_000_000_000_000);
    let agency = matches!(state, State::Confirmed);
    Request {
        id: Id(71),
        ask: match state {
            State::Asked => Ask::Renew,
            State::Confirmed | State::Sent => Ask::New,
            State::Done => Ask::Revoke,
            State::Refused => Ask::Suspend,
            State::TakenBack => Ask::Unlock,
        },
        kind: if agency { SignerKind::Agency } else { SignerKind::Person },
        officer: Some(Id(7)).filter(|_| !agency),
        unit: Id(3),
        signer: Some(Id(41)).filter(|_| !matches!(state, State::Confirmed | State::Sent)),
        name: "Công Tằng Tôn Nữ Nguyễn Thị Phương Thảo (mẫu)".to_owned(),
        post: "Phó Chủ tịch Ủy ban nhân dân".to_owned(),
        workplace: "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned(),
        email: "phuongthao.congtangtonnu@phuckhe.vidu.gov.vn".to_owned(),
        phone: "0905 123 456".to_owned(),
        sealed_identity: String::new(),
        key_wish: Some(KeyWish::Token).filter(|_| state.is_open()),
        reason: "Thiết bị cũ hỏng cổng cắm.".to_owned(),
        state,
        sent: Some(("125/UBND-VP".to_owned(), at.day())).filter(|_| state == State::Sent),
        became: None,
        asked_at: at,
        asked_by: Id(7),
        revision: 1,
    }
}

pub(in crate::pages) fn samples() -> Vec<Sample> {
    let at = Timestamp(1_794_000_000_000_000);
    let opened = |state: State, may_keep: bool| {
        let step = |state: State, note: &str| Step {
            state,
            at: at.plus_seconds(7200 * state.number()),
            officer: Id(8),
            note: note.to_owned(),
        };
        let steps = match state {
            State::Asked => Vec::new(),
            State::Confirmed => vec![step(state, "")],
            State::Sent => vec![step(State::Confirmed, ""), step(state, "125/UBND-VP")],
            State::Done => vec![step(state, "Đã thu hồi theo thông báo số 15/TB-CTS.")],
            State::Refused => {
                vec![step(state, "Chức vụ trong đề nghị chưa đúng với quyết định bổ nhiệm; xin sửa và gửi lại.")]
            }
            State::TakenBack => vec![step(state, "")],
        };
        let request = sample(state);
        Opened {
            of: "Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned(),
            signer: request.signer.map(|_| crate::pages::queue::sample_signer(SignerKind::Person)),
            steps,
            names: HashMap::from([
                (Id(7), "Công Tằng Tôn Nữ Nguyễn Thị Phương Thảo (mẫu)".to_owned()),
                (Id(8), "Nguyễn Thị Mỹ Hạnh (mẫu)".to_owned()),
            ]),
            identity: state.is_open().then(|| Ok("000000000012".to_owned())),
            seen: if may_keep { Seen::Whole } else { Seen::WithoutNumber },
            is_own: !may_keep,
            may_add: true,
            may_keep,
            post: None,
            command: "0".repeat(32),
            request,
        }
    };
    let fresh = FormState::new(Lang::Vi);
    let mut wrong = FormState::sent(Lang::Vi, [("why", "")]);
    wrong.refuse("why", "missing", WHY);
    let page = |name, state, may_keep| Sample { name, page: opened(state, may_keep).draw(&fresh) };
    vec![
        page("certificate-request-page/asked", State::Asked, false),
        page("certificate-request-page/to-decide", State::Asked, true),
        page("certificate-request-page/confirmed", State::Confirmed, true),
        page("certificate-request-page/sent", State::Sent, true),
        page("certificate-request-page/done", State::Done, false),
        page("certificate-request-page/refused", State::Refused, false),
        page("certificate-request-page/taken-back", State::TakenBack, false),
        Sample { name: "certificate-request-page/wrong", page: opened(State::Asked, true).draw(&wrong) },
    ]
}
