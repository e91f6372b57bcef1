//! POST /ho-so/{code}/giay-to/{event}/sua : the words of a form are put right, see [`crate::verbs::correct_form`].

use super::{Opened, OwnFormPage, address, again, not_yours, open};
use crate::event::Particulars;
use crate::own_form::FormKind;
use crate::verbs::correct_form::{self, Correct};
use axum::response::Response;
use types::{Error, Id, Result};
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Path, see};

/// POST /ho-so/{code}/giay-to/{event}/sua
pub async fn correct(ctx: Ctx, Path(at): Path<(String, Id)>, fields: Fields) -> Outcome<Response> {
    let opened = open(&ctx, at.clone()).await?;
    match try_correct(&ctx, &opened, &fields).await {
        Ok(()) => Ok(see(&address(&at.0, at.1))),
        Err(error) => again(&ctx, opened, (&fields, error)),
    }
}

async fn try_correct(ctx: &Ctx, Opened { source, form, acting, .. }: &Opened, fields: &Fields) -> Result<()> {
    let post = acting.ok_or_else(not_yours)?;
    let command = ctx.command("dossiers.correct-form", fields.text("command"), post)?.about(&fields.0);
    let revision = fields.text("revision").parse::<i64>();
    let revision = revision.map_err(|_| Error::invalid("revision", "Trang đã cũ. Ông/bà hãy tải lại rồi làm lại."))?;
    let pairs = fields.0.iter().flat_map(|(name, all)| all.iter().map(|value| (name.clone(), value.clone())));
    let day = FormState::sent(Lang::Vi, pairs).date("day").read().ok();
    let refund = match types::text::clean(fields.text("refund")).replace(['.', ' '], "").as_str() {
        "" => None,
        // What is no number is refused with the amounts that no fee has.
        typed => Some(typed.parse::<u64>().unwrap_or(0)),
    };
    let (words, at_fault) = (fields.text("words").to_owned(), fields.text("at_fault").to_owned());
    let new = Correct { event: form.event.id, words, at_fault, day, refund };
    let acting = source.opened.acting(&ctx.who, Some(revision))?;
    ctx.store().write(command, move |tx| correct_form::correct(tx, &acting, &new)).await
}

impl OwnFormPage {
    /// The form that puts its words right, as long as it could be sent.
    pub(super) fn correcting(&self, form: &FormState) -> Html {
        if !self.may_act || self.cannot.is_some() || !correct_form::has_words(self.form.kind) {
            return Html::default();
        }
        let event = &self.form.event;
        let text = event.text.as_deref().unwrap_or_default();
        let hint = "Mỗi ý một dòng; công dân đọc được nội dung này. Bản trước vẫn còn trong dòng thời gian.";
        let words = Field::textarea("words", "Nội dung", 4).hint(hint).value(text).of(form);
        let more = match (self.form.kind, &event.particulars) {
            (FormKind::Apology, Some(Particulars::Apology { at_fault, new_due_at, .. })) => {
                let unit = Field::text("at_fault", "Cơ quan, đơn vị để chậm").value(at_fault).of(form);
                Html::from(unit).and(Field::date("day", "Ngày hẹn trả mới").day(new_due_at.day()).of(form))
            }
            (FormKind::Stop, particulars) => {
                let refund = match particulars {
                    Some(Particulars::Stop { refund }) => refund.to_string(),
                    _ => String::new(),
                };
                let field = Field::digits("refund", "Phí, lệ phí hoàn trả (đồng)").hint("Không có thì để trống.");
                field.width(Width::Medium).value(refund).optional().of(form).into()
            }
            _ => Html::default(),
        };
        let button = Actions.around(Button::submit("Lưu nội dung đã sửa").secondary());
        let boxed = FormBox::post(self.address("/sua")).hidden("command", &self.command);
        let boxed = boxed.hidden("revision", self.revision.to_string()).warn_unsaved_of(form);
        let fold = Disclosure::new("Sửa nội dung");
        let fold = if form.was_sent() && !form.value("words").is_empty() { fold.open() } else { fold };
        Panel.around(fold.around(boxed.around(Html::from(words).and(more).and(button))))
    }
}
