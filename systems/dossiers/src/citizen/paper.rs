//! /theo-doi/{token}/giay-to/{event} : a paper of the agency for its party. It names the party, which the link alone never does.
//! The link may have been had at /tra-cuu for four digits, so that those are worth nothing here: whoever wants the paper gives the whole
//! of a number that the party gave, and guesses are counted as there. Papers of restricted dossiers go out at the counter only.

use super::private;
use super::seek::{NUMBER_MAX, TOO_MANY};
use super::seeker::try_code;
use crate::desk::own_form::{serve, standing};
use crate::desk::prints::{self, Source};
use crate::desk::tools;
use crate::dossier::{self, Dossier, Values};
use crate::own_form::{self, OwnForm};
use crate::track::{self, Number, Opens, PaperNumber, Tried};
use axum::response::{IntoResponse, Response};
use directory::Directory;
use http::{StatusCode, header};
use serde_json::json;
use store::{AuditEntry, Tx};
use types::{Error, Id, Result, text};
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Page as WebPage, Path, Sample};

const NOT_WHOLE: &str = "Hãy nhập đủ cả số, không chỉ mấy số cuối.";
const WRONG: &str = "Số này không khớp với số đã ghi trong hồ sơ. Hãy xem lại, hoặc hỏi bộ phận một cửa.";
const AT_COUNTER: &str = "Giấy tờ của hồ sơ này không gửi qua liên kết để giữ kín thông tin. Ông/bà hãy mang giấy tờ tùy thân đến bộ phận một cửa để nhận.";
const NO_NUMBER: &str = "Hồ sơ không ghi số định danh hay số điện thoại nên không kiểm tra được người xem. Ông/bà hãy nhận giấy tờ này tại bộ phận một cửa.";

/// What is asked for.
struct Paper {
    source: Source,
    form: OwnForm,
    way: Way,
}

/// How somebody shows to be the party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By the whole of this number.
    Number(PaperNumber),
    /// At the counter only; the sentence says why.
    Counter(&'static str),
}

impl Way {
    fn of(dossier: &Dossier, form: Option<&Values>) -> Self {
        match track::paper_number(dossier, form) {
            _ if dossier.restricted => Self::Counter(AT_COUNTER),
            Some((number, _)) => Self::Number(number),
            None => Self::Counter(NO_NUMBER),
        }
    }
}

async fn open(ctx: &Ctx, (token, event): (String, Id)) -> Result<Paper> {
    let (tools, now, settings) = (tools(ctx), ctx.now(), ctx.house.settings().clone());
    let keys = ctx.house.service::<Directory>().keys();
    ctx.store()
        .read(move |r| {
            let opened = tools.open_by_link(r, &token)?;
            let form = own_form::one(r, opened.dossier.id, event)?;
            let source = prints::source(r, &tools, opened, (settings, now))?;
            if !own_form::is_for_party(&form, &source.opened.dossier, &source.stops) {
                return Err(Error::not_found("giấy tờ này"));
            }
            let dossier = &source.opened.dossier;
            let way = Way::of(dossier, dossier::form_if_it_opens(r, &keys, dossier.id)?.as_ref());
            Ok(Paper { source, form, way })
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
    let dossier = &paper.source.opened.dossier;
    if let Way::Counter(why) = paper.way {
        return Err(Error::forbidden(why).into());
    }
    let number = Number::read(&text::clean(fields.text("number")));
    let (field, sentence, status) = match number.filter(|number| matches!(number, Number::Whole(_))) {
        None => ("number", NOT_WHOLE, StatusCode::UNPROCESSABLE_ENTITY),
        Some(number) => {
            match try_code(&ctx, fields.text("command"), (&dossier.code, &number, Opens::Paper)).await? {
                Tried::Found(_) => return hand_out(&ctx, &paper).await,
                // The last digits were not sent.
                Tried::Wrong { .. } | Tried::WholeNumberWanted => ("number", WRONG, StatusCode::UNPROCESSABLE_ENTITY),
                Tried::TooMany => ("", TOO_MANY, StatusCode::TOO_MANY_REQUESTS),
            }
        }
    };
    // The digits are not put back.
    let mut form = FormState::sent(Lang::Vi, [("number", "")]);
    form.refuse(field, "refused", sentence);
    let asking = Asking::of(&ctx, &paper, &at.0);
    Ok(private(asking.draw(&form).with_status(status)))
}

/// Written down before it goes out: who has a paper of the agency is told to whoever asks later. The command is drawn here, so that
/// a form sent again, which gives the paper again, is written down again.
async fn hand_out(ctx: &Ctx, Paper { source, form, .. }: &Paper) -> Outcome {
    let command = ctx.command("dossiers.fetch-form", &ctx.new_command(), None)?;
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

/// The page that asks for the number.
struct Asking {
    code: String,
    title: &'static str,
    standing: (Tone, Icon, &'static str),
    back: String,
    action: String,
    way: Way,
    command: String,
}

impl Asking {
    fn of(ctx: &Ctx, Paper { source, form, way }: &Paper, token: &str) -> Self {
        let dossier = &source.opened.dossier;
        let back = format!("/theo-doi/{token}");
        Self {
            code: dossier.code.clone(),
            title: form.kind.title(),
            standing: standing(form),
            action: format!("{back}/giay-to/{}", form.event.id),
            back,
            way: *way,
            command: ctx.new_command(),
        }
    }

    fn draw(&self, form: &FormState) -> WebPage {
        let (tone, icon, words) = self.standing;
        let head =
            PageHead::new(self.title).back("Hồ sơ", &self.back).lead(&self.code).beside(Tag::new(tone, icon, words));
        let body = match self.way {
            Way::Number(number) => {
                let button = Actions.around(Button::submit("Xem giấy tờ").icon(Icon::FileText));
                let boxed = FormBox::post(&self.action).hidden("command", &self.command);
                Panel.around(boxed.around(Html::from(number_field(number).of(form)).and(button)))
            }
            Way::Counter(why) => Notice::new(Tone::Info, why).into(),
        };
        let body = Html::from(head).and(Stack.around(Html::from(ErrorSummary::of(form)).and(body)));
        WebPage::citizen(form.title(self.title), ui::Page.around(body))
    }
}

fn number_field(number: PaperNumber) -> Field {
    let label = match number {
        PaperNumber::Personal => "Số định danh cá nhân, đủ cả số",
        PaperNumber::Phone => "Số điện thoại, đủ cả số",
    };
    let hint = "Của người nộp hồ sơ, như đã ghi khi nộp. Giấy tờ này có họ tên, địa chỉ nên chỉ đưa cho người nộp.";
    Field::digits("number", label).hint(hint).max_length(NUMBER_MAX)
}

pub(super) fn samples() -> Vec<Sample> {
    let asking = |way: Way| Asking {
        code: "H99.01-261120-0001".to_owned(),
        title: "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        standing: (Tone::Success, Icon::ShieldCheck, "Đã ký và đóng dấu"),
        back: format!("/theo-doi/{}", "0".repeat(32)),
        action: format!("/theo-doi/{}/giay-to/1", "0".repeat(32)),
        way,
        command: "0".repeat(32),
    };
    let refused = |sentence: &str| {
        let mut form = FormState::sent(Lang::Vi, [("number", "")]);
        form.refuse("number", "refused", sentence);
        form
    };
    let fresh = || FormState::new(Lang::Vi);
    let sample = |name, way: Way, form: FormState| Sample { name, page: asking(way).draw(&form) };
    vec![
        sample("citizen-paper/fresh", Way::Number(PaperNumber::Personal), fresh()),
        sample("citizen-paper/phone", Way::Number(PaperNumber::Phone), fresh()),
        sample("citizen-paper/wrong", Way::Number(PaperNumber::Personal), refused(WRONG)),
        sample("citizen-paper/restricted", Way::Counter(AT_COUNTER), fresh()),
        sample("citizen-paper/no-number", Way::Counter(NO_NUMBER), fresh()),
    ]
}
