//! Forms of this module: how they are drawn, read and answered. All work without a script.

use std::fmt::Display;
use store::Command;
use types::{Day, Error, Result};
use ui::{
    Actions, Button, Container, DatePart, ErrorSummary, Field, FormBox, FormState, Html, Lang, PageHead, Panel, Stack,
};
use web::{Ctx, Fields, Page};

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
    /// The button takes something away.
    pub danger: bool,
    /// The version of the thing that the form shows, so that two who edit at once do not overwrite each other.
    pub version: Option<i64>,
}

impl FormPage {
    /// The page with its fields; 422 when the form was wrong.
    pub fn draw(&self, form: &FormState, fields: impl IntoIterator<Item = Field>) -> Page {
        self.draw_with(form, Html::default(), fields)
    }

    /// With something between the heading and the form.
    pub fn draw_with(&self, form: &FormState, above: Html, fields: impl IntoIterator<Item = Field>) -> Page {
        self.draw_around(form, (above, Html::default()), fields)
    }

    /// With something between the heading and the form, and between the fields and the buttons.
    pub fn draw_around(
        &self,
        form: &FormState,
        (above, below): (Html, Html),
        fields: impl IntoIterator<Item = Field>,
    ) -> Page {
        let mut head = PageHead::new(&self.title).back(&self.back.0, &self.back.1);
        if !self.lead.is_empty() {
            head = head.lead(&self.lead);
        }
        let mut boxed = FormBox::post(&self.action).hidden("command", &self.command).warn_unsaved_of(form);
        if let Some(version) = self.version {
            // A form that comes back keeps the version it was filled in over: what it overwrites must have been seen.
            let shown = if form.was_sent() { form.value("version").to_owned() } else { version.to_string() };
            boxed = boxed.hidden("version", shown);
        }
        let submit = Button::submit(self.submit);
        let submit = if self.danger { submit.danger() } else { submit };
        let buttons = Actions.around(Html::from(submit).and(Button::link("Hủy", &self.back.1).tertiary()));
        let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
        let body = Panel.around(boxed.around(fields.and(below).and(buttons)));
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

/// The command of a form, bound to what was filled in: the same form with other content is refused. Passwords stand in
/// some forms, so it is bound to a mark that nobody without the key can try passwords against.
pub(super) fn command(ctx: &Ctx, fields: &Fields, verb: &'static str) -> Result<Command> {
    let filled = serde_json::to_string(&fields.0).map_err(Error::internal)?;
    let mark = super::scope::directory(ctx).form_mark(&filled);
    Ok(ctx.command(verb, fields.text("command"), None)?.about(&mark))
}

/// Whether this very form was carried out already: a double click on what is good only once is no mistake.
pub(super) async fn is_done(ctx: &Ctx, fields: &Fields, verb: &'static str) -> Result<bool> {
    let command = command(ctx, fields, verb)?;
    ctx.store().read(move |reader| store::command::is_done(reader, &command)).await
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

/// A number that a hidden field carries back.
pub(super) fn version(fields: &Fields) -> Result<i64> {
    fields
        .text("version")
        .parse()
        .map_err(|_| Error::invalid("version", "Biểu mẫu thiếu phiên bản. Ông/bà hãy tải lại trang."))
}

/// A small form that is only a button: ends a session, closes an account.
pub(super) fn button_form(action: impl Display, command: &str, button: Button) -> Html {
    FormBox::post(action.to_string()).hidden("command", command).around(button)
}
