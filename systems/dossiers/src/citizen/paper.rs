//! /theo-doi/{token}/giay-to/{event} : a paper of the agency for its party. It names the party, which the link alone never does:
//! whoever wants it gives digits that only the party knows, as at /tra-cuu, and guesses are counted there.

use super::private;
use super::seek::{NOT_A_NUMBER, NUMBER_MAX, TOO_MANY, WHOLE_NUMBER};
use super::seeker::try_code;
use crate::desk::own_form::{serve, standing};
use crate::desk::prints::{self, Source};
use crate::desk::tools;
use crate::own_form::{self, OwnForm};
use crate::track::{Number, TAIL_DIGITS, Tried};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;
use store::{AuditEntry, Tx};
use types::{Error, Id, Result, text};
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Page as WebPage, Path, Sample};

const WRONG: &str =
    "Số này không khớp với số định danh hoặc số điện thoại đã ghi trong hồ sơ. Hãy xem lại, hoặc hỏi bộ phận một cửa.";

/// What is asked for.
struct Paper {
    source: Source,
    form: OwnForm,
}

async fn open(ctx: &Ctx, (token, event): (String, Id)) -> Result<Paper> {
    let (tools, now, settings) = (tools(ctx), ctx.now(), ctx.house.settings().clone());
    ctx.store()
        .read(move |r| {
            let opened = tools.open_by_link(r, &token)?;
            let form = own_form::one(r, opened.dossier.id, event)?;
            if !own_form::is_for_party(&form) {
                return Err(Error::not_found("giấy tờ này"));
            }
            Ok(Paper { source: prints::source(r, &tools, opened, (settings, now))?, form })
        })
        .await
}

/// GET /theo-doi/{token}/giay-to/{event}
pub async fn show(ctx: Ctx, Path(at): Path<(String, Id)>) -> Outcome {
    let asking = Asking::of(&ctx, &open(&ctx, at.clone()).await?, &at.0);
    let mut response = private(asking.draw(&FormState::new(Lang::Vi)));
    if let Some(cookie) = ctx.device_cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// POST /theo-doi/{token}/giay-to/{event}
pub async fn fetch(ctx: Ctx, Path(at): Path<(String, Id)>, fields: Fields) -> Outcome {
    let paper = open(&ctx, at.clone()).await?;
    let number = Number::read(&text::clean(fields.text("tail")));
    let (field, sentence, status, whole) = match &number {
        None => ("tail", NOT_A_NUMBER, StatusCode::UNPROCESSABLE_ENTITY, false),
        Some(number) => {
            let was_whole = matches!(number, Number::Whole(_));
            let code = &paper.source.opened.dossier.code;
            match try_code(&ctx, fields.text("command"), (code, number)).await? {
                Tried::Found(_) => return hand_out(&ctx, &paper, fields.text("command")).await,
                Tried::Wrong { .. } => ("tail", WRONG, StatusCode::UNPROCESSABLE_ENTITY, was_whole),
                Tried::WholeNumberWanted => ("", WHOLE_NUMBER, StatusCode::UNPROCESSABLE_ENTITY, true),
                Tried::TooMany => ("", TOO_MANY, StatusCode::TOO_MANY_REQUESTS, was_whole),
            }
        }
    };
    // The digits are not put back.
    let mut form = FormState::sent(Lang::Vi, [("tail", "")]);
    form.refuse(field, "refused", sentence);
    let asking = Asking { whole, ..Asking::of(&ctx, &paper, &at.0) };
    Ok(private(asking.draw(&form).with_status(status)))
}

/// Written down before it goes out: who has a paper of the agency is told to whoever asks later.
async fn hand_out(ctx: &Ctx, Paper { source, form }: &Paper, command: &str) -> Outcome {
    let command = ctx.command("dossiers.fetch-form", command, None)?.about(&form.event.id);
    let (dossier, unit) = (source.opened.dossier.id, source.opened.dossier.unit);
    let detail = json!({ "form": form.kind.number(), "event": form.event.id, "sealed": form.sealed().is_some() });
    let note = move |tx: &mut Tx<'_>| {
        let (action, entity) = ("dossiers.fetch-form", "dossier");
        tx.audit(&AuditEntry { action, entity, entity_id: dossier, unit: Some(unit), detail: detail.clone() })
    };
    ctx.store().write(command, note).await?;
    let file: Response = serve(ctx, source, form).await?;
    Ok(file.into_response())
}

/// The page that asks for the digits.
struct Asking {
    code: String,
    title: &'static str,
    standing: (Tone, Icon, &'static str),
    back: String,
    action: String,
    /// The last digits are not enough today.
    whole: bool,
    /// The dossier has a number that only its party knows.
    has_number: bool,
    command: String,
}

impl Asking {
    fn of(ctx: &Ctx, Paper { source, form }: &Paper, token: &str) -> Self {
        let dossier = &source.opened.dossier;
        let back = format!("/theo-doi/{token}");
        Self {
            code: dossier.code.clone(),
            title: form.kind.title(),
            standing: standing(form),
            action: format!("{back}/giay-to/{}", form.event.id),
            back,
            whole: false,
            has_number: dossier.applicant.identity_number.is_some() || dossier.applicant.phone.is_some(),
            command: ctx.new_command(),
        }
    }

    fn draw(&self, form: &FormState) -> WebPage {
        let (tone, icon, words) = self.standing;
        let head =
            PageHead::new(self.title).back("Hồ sơ", &self.back).lead(&self.code).beside(Tag::new(tone, icon, words));
        let body = if self.has_number {
            let button = Actions.around(Button::submit("Xem giấy tờ").icon(Icon::FileText));
            let boxed = FormBox::post(&self.action).hidden("command", &self.command);
            Panel.around(boxed.around(Html::from(self.tail_field(form)).and(button)))
        } else {
            let text = "Hồ sơ không ghi số định danh hay số điện thoại nên không kiểm tra được người xem. Ông/bà hãy nhận giấy tờ này tại bộ phận một cửa.";
            Notice::new(Tone::Info, text).into()
        };
        let body = Html::from(head).and(Stack.around(Html::from(ErrorSummary::of(form)).and(body)));
        WebPage::citizen(form.title(self.title), ui::Page.around(body))
    }

    fn tail_field(&self, form: &FormState) -> Field {
        if self.whole {
            let field = Field::digits("tail", "Số định danh cá nhân hoặc số điện thoại, đủ cả số");
            return field.hint("Của người nộp hồ sơ, như đã ghi khi nộp.").max_length(NUMBER_MAX).of(form);
        }
        let hint = "Của người nộp hồ sơ, như đã ghi khi nộp. Giấy tờ này có họ tên, địa chỉ nên chỉ đưa cho người nộp.";
        let field = Field::digits("tail", "4 số cuối của số định danh cá nhân hoặc số điện thoại");
        field.hint(hint).width(Width::Short).max_length(TAIL_DIGITS).of(form)
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let asking = || Asking {
        code: "H99.01-261120-0001".to_owned(),
        title: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        standing: (Tone::Success, Icon::ShieldCheck, "Đã ký và đóng dấu"),
        back: format!("/theo-doi/{}", "0".repeat(32)),
        action: format!("/theo-doi/{}/giay-to/1", "0".repeat(32)),
        whole: false,
        has_number: true,
        command: "0".repeat(32),
    };
    let refused = |field: &str, sentence: &str| {
        let mut form = FormState::sent(Lang::Vi, [("tail", "")]);
        form.refuse(field, "refused", sentence);
        form
    };
    let sample = |name, asking: Asking, form: FormState| Sample { name, page: asking.draw(&form) };
    vec![
        sample("citizen-paper/fresh", asking(), FormState::new(Lang::Vi)),
        sample("citizen-paper/wrong", asking(), refused("tail", WRONG)),
        sample("citizen-paper/whole-number", Asking { whole: true, ..asking() }, refused("", WHOLE_NUMBER)),
        sample("citizen-paper/no-number", Asking { has_number: false, ..asking() }, FormState::new(Lang::Vi)),
    ]
}
