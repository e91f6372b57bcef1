//! The form for standing in, for administrators and for the holder of a post.

use super::form_page::{button_form, day};
use crate::stand_in::{StandIn, StandInEntry};
use jiff::civil::Time;
use types::{Id, Timestamp};
use ui::{Button, Cell, Choice, EmptyState, Field, FormState, Html, Icon, Row, Table, Tag, Tone, Width, format};

/// The fields.
pub(super) fn fields(choices: Vec<Choice>, today: types::Day) -> Vec<Field> {
    vec![
        Field::select("officer", "Người thay mặt", choices),
        Field::date("from", "Từ ngày").day(today),
        Field::text("from_time", "Từ giờ")
            .hint("Ví dụ 07:30. Để trống: từ đầu ngày.")
            .optional()
            .width(Width::Short)
            .max_length(5),
        Field::date("to", "Đến ngày"),
        Field::text("to_time", "Đến giờ")
            .hint("Ví dụ 17:00. Để trống: đến hết ngày.")
            .optional()
            .width(Width::Short)
            .max_length(5),
        Field::text("reason", "Lý do hoặc số văn bản ủy quyền").max_length(300),
    ]
}

/// What was entered; mistakes are noted in the form.
pub(super) fn entry(form: &mut FormState) -> Option<StandInEntry> {
    let officer: Option<Id> = form.value("officer").parse().ok();
    if officer.is_none() {
        form.refuse("officer", "missing", "Chọn người thay mặt.");
    }
    let (from, to) = (day(form, "from", "Nhập ngày bắt đầu."), day(form, "to", "Nhập ngày kết thúc."));
    let (from_time, to_time) = (time(form, "from_time"), time(form, "to_time"));
    let starts_at =
        from.map(|day| from_time.map_or(day.start(), |time| Timestamp::from_local(day.0.to_datetime(time))));
    let ends_at =
        to.map(|day| to_time.map_or(day.next().start(), |time| Timestamp::from_local(day.0.to_datetime(time))));
    let reason = form.value("reason").to_owned();
    if !form.is_valid() {
        return None;
    }
    Some(StandInEntry { officer: officer?, starts_at: starts_at?, ends_at: ends_at?, reason })
}

fn time(form: &mut FormState, name: &str) -> Option<Time> {
    let typed = form.value(name).replace(['h', 'H', 'g'], ":");
    if typed.is_empty() {
        return None;
    }
    let time = typed.split_once(':').and_then(|(hour, minute)| {
        let minute = if minute.is_empty() { 0 } else { minute.parse().ok()? };
        Time::new(hour.trim().parse().ok()?, minute, 0, 0).ok()
    });
    if time.is_none() {
        form.refuse(name, "not_a_time", "Giờ không đúng: nhập như 07:30 hoặc 17:00.");
    }
    time
}

/// A table of authorisations; `end` gives the address that ends one, where it can be ended.
pub(super) fn table(
    stand_ins: &[StandIn],
    now: Timestamp,
    command: &str,
    end: impl Fn(&StandIn) -> Option<String>,
) -> Html {
    let row = |one: &StandIn| {
        let state = if one.holds(now) {
            Tag::new(Tone::Success, Icon::CircleCheck, "Đang thay mặt")
        } else if one.is_open(now) {
            Tag::new(Tone::Info, Icon::Clock, "Chưa bắt đầu")
        } else {
            Tag::new(Tone::Neutral, Icon::CircleStop, "Đã kết thúc")
        };
        let action = match end(one).filter(|_| one.is_open(now)) {
            Some(path) => button_form(
                path,
                &format!("{command}-{}", one.id),
                Button::submit("Kết thúc").about(one.name.clone()).tertiary().danger(),
            ),
            None => Html::default(),
        };
        let until = one.ended_at.unwrap_or(one.ends_at);
        Row::new([
            Cell::two(&one.name[..], &one.post_title[..]),
            Html::text(format!("{} – {}", format::moment(one.starts_at), format::moment(until))),
            Html::text(&one.reason),
            state.into(),
            action,
        ])
    };
    Table::new("Thay mặt")
        .columns(["Người thay mặt", "Thời gian", "Lý do", "Tình trạng", "Thao tác"])
        .rows(stand_ins.iter().map(row))
        .empty(EmptyState::new(
            "Chưa có ai thay mặt",
            "Khi người giữ vị trí đi vắng, hãy giao người khác thay mặt để việc không dừng.",
        ))
        .into()
}
