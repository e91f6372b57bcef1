//! The page of a form in its states. Nobody in it exists.

use super::{OwnFormPage, Waits};
use crate::event::{Event, EventKind, Particulars};
use crate::own_form::{FormKind, OwnForm};
use crate::verbs::send_form::MaySign;
use directory::PostKind;
use signatures::document::{Document, State};
use types::{Id, Timestamp};
use ui::prelude::*;
use web::Sample;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp(0))
}

fn document(state: State) -> Document {
    let sealed = signatures::sample_sealed();
    Document {
        state,
        number: sealed.number.clone().filter(|_| state == State::Sealed),
        withdrawn: (state == State::Withdrawn).then(|| (at("2026-11-20T17:00"), "Sai tên người nộp hồ sơ.".to_owned())),
        ..sealed
    }
}

fn page(kind: EventKind, text: &str, state: Option<State>) -> OwnFormPage {
    let particulars = Particulars::Apology {
        at_fault: "Phòng Văn hóa – Xã hội".to_owned(),
        due_at: at("2026-11-26T14:05"),
        new_due_at: at("2026-12-01T14:05"),
        late: true,
    };
    let event = Event {
        id: Id(41),
        at: at("2026-11-20T16:05"),
        kind,
        officer: Some(Id(11)),
        on_behalf_of: None,
        from_step: None,
        to_step: None,
        to_post: None,
        text: Some(text.to_owned()).filter(|text| !text.is_empty()),
        file: None,
        particulars: (kind == EventKind::Apologised).then_some(particulars),
        document: state.map(|_| Id(51)),
    };
    let form = OwnForm { kind: FormKind::of(kind).unwrap_or(FormKind::Receipt), event, document: state.map(document) };
    let signer = |n: i64, post: &str, name: &str, kind| MaySign {
        officer: Id(n),
        name: name.to_owned(),
        post: post.to_owned(),
        post_id: Id(n + 10),
        kind,
    };
    OwnFormPage {
        code: "H99.01-261120-0001".to_owned(),
        subject: "Xác nhận tình trạng hôn nhân – Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương".to_owned(),
        form,
        by: "Chẩu Thị Xuyến Chi (thay mặt Công chức Tư pháp – Hộ tịch)".to_owned(),
        waits_for: (state == Some(State::Drafted))
            .then(|| Waits { name: "Nguyễn Thị Mỹ Hạnh".to_owned(), you: true }),
        signers: vec![
            signer(12, "Phó Chủ tịch Ủy ban nhân dân", "Nguyễn Thị Mỹ Hạnh", PostKind::Leader),
            signer(13, "Trưởng phòng Văn hóa – Xã hội", "Đặng Đình Ưởng", PostKind::Head),
        ],
        sealers: vec![(Id(31), "Văn thư – Huỳnh Ngọc Ẩn".to_owned())],
        may_act: true,
        may_seal: false,
        cannot: None,
        stale: None,
        late: kind == EventKind::Apologised,
        stand_in: false,
        revision: 4,
        command: "0".repeat(32),
    }
}

pub(in crate::desk) fn samples() -> Vec<Sample> {
    let fresh = || FormState::new(Lang::Vi);
    let asked = "Giấy chứng sinh bản chính: bản đã nộp là bản chụp.\nVăn bản ủy quyền có chứng thực.";
    let waits = |state: State| OwnFormPage {
        cannot: Some("Giấy tờ này đang chờ ký hoặc chờ đóng dấu.".to_owned()),
        ..page(EventKind::SupplementRequested, asked, Some(state))
    };
    let mut wrong = FormState::sent(Lang::Vi, [("signs", "1")]);
    wrong.refuse("signs", "missing", "Hãy chọn người ký.");
    let stale = OwnFormPage {
        cannot: Some(crate::own_form::NOT_ASKED.to_owned()),
        stale: Some(crate::own_form::NOT_ASKED),
        ..page(EventKind::SupplementRequested, asked, None)
    };
    let nobody = OwnFormPage { signers: Vec::new(), ..page(EventKind::Received, "", None) };
    let stood_in = OwnFormPage { stand_in: true, signers: Vec::new(), ..page(EventKind::Received, "", None) };
    let sealed = OwnFormPage { may_act: false, may_seal: true, ..waits(State::Sealed) };
    let sample = |name, page: OwnFormPage, form: FormState| Sample { name, page: page.draw(&form) };
    vec![
        sample("own-form/to-be-sent", page(EventKind::Apologised, "Cơ quan phối hợp chưa trả lời.", None), fresh()),
        sample("own-form/wrong", page(EventKind::Stopped, "Bản chính đã tẩy xóa.", None), wrong),
        sample("own-form/waits", waits(State::Drafted), fresh()),
        sample("own-form/withdrawn", page(EventKind::Refused, asked, Some(State::Withdrawn)), fresh()),
        sample("own-form/sealed", sealed, fresh()),
        sample("own-form/stale", stale, fresh()),
        sample("own-form/nobody-signs", nobody, fresh()),
        sample("own-form/stood-in", stood_in, fresh()),
    ]
}
