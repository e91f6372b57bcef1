//! Forms of this module: how they are drawn, read and answered. All work without a script.

use types::{Day, Result};
use ui::{
    Actions, Button, Component, Container, DatePart, ErrorSummary, Field, FormBox, FormState, Html, Lang, PageHead,
    Panel, Stack,
};
use web::{Fields, Page};

/// A page that is one form.
pub(super) struct FormPage {
    pub title: String,
    /// A sentence under the heading; empty for none.
    pub lead: String,
    /// The way back: also what "Hủy" does.
    pub back: (String, String),
    pub action: String,
    /// A fresh command id.
    pub command: String,
    /// The text of the button.
    pub submit: &'static str,
    pub kind: Kind,
}

/// What the form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Enters something.
    Enter,
    /// Enters something, perhaps from a file.
    Upload,
    /// Takes something away.
    Remove,
}

impl FormPage {
    /// The page with its fields; 422 when the form was wrong.
    pub fn draw(&self, form: &FormState, fields: impl IntoIterator<Item = Field>) -> Page {
        self.draw_with(form, Html::default(), fields)
    }

    /// With something between the heading and the form.
    pub fn draw_with(&self, form: &FormState, above: Html, fields: impl IntoIterator<Item = Field>) -> Page {
        let mut head = PageHead::new(&self.title).back(&self.back.0, &self.back.1);
        if !self.lead.is_empty() {
            head = head.lead(&self.lead);
        }
        let mut boxed = FormBox::post(&self.action).hidden("command", &self.command).warn_unsaved();
        if self.kind == Kind::Upload {
            boxed = boxed.upload();
        }
        let submit = Button::submit(self.submit);
        let submit = if self.kind == Kind::Remove { submit.danger() } else { submit };
        let buttons = Actions.around(Html::from(submit).and(Button::link("Hủy", &self.back.1).tertiary()));
        let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
        let body = Panel.around(boxed.around(fields.and(buttons)));
        let body = Html::from(head).and(ErrorSummary::of(form)).and(above).and(body);
        Page::desk(form.title(&self.title), Stack.around(body)).with_status(form.status())
    }
}

/// A form that was sent.
pub(super) fn sent(fields: &Fields) -> FormState {
    let pairs =
        fields.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())));
    FormState::sent(Lang::Vi, pairs)
}

/// A form nobody has sent yet.
pub(super) fn fresh() -> FormState {
    FormState::new(Lang::Vi)
}

/// What a verb gave, or nothing when the form has to say what was wrong.
pub(super) fn settle<T>(form: &mut FormState, result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => form.absorb(error).map(|()| None),
    }
}

/// The day of a date field; notes what is wrong.
pub(super) fn day(form: &mut FormState, name: &str, missing: &str) -> Option<Day> {
    let entry = form.date(name);
    if entry.is_empty() {
        form.refuse(name, "missing", missing);
        return None;
    }
    match entry.read() {
        Ok(day) => Some(day),
        Err(part) => {
            let what = match part {
                DatePart::Day => "Ngày không đúng: xem lại ô ngày.",
                DatePart::Month => "Tháng không đúng: nhập số từ 1 đến 12.",
                DatePart::Year => "Năm không đúng: nhập đủ bốn chữ số, ví dụ 2026.",
            };
            form.refuse(name, "not_a_date", what);
            None
        }
    }
}

/// The day of a date field that may stay empty.
pub(super) fn day_or_none(form: &mut FormState, name: &str) -> Option<Day> {
    if form.date(name).is_empty() { None } else { day(form, name, "") }
}

/// Parts of a page one after the other.
pub(super) fn parts(all: impl IntoIterator<Item = Html>) -> Html {
    all.into_iter().fold(Html::default(), Html::and)
}

/// A component if it is wanted here.
pub(super) fn only_if(wanted: bool, component: impl Component) -> Html {
    if wanted { Html::trusted(component.to_string()) } else { Html::default() }
}
