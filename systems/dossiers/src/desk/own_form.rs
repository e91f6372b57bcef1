//! /ho-so/{code}/giay-to/{event} : a form of our own, printed, put right, sent to be signed, taken back.

mod correcting;
mod samples;

use super::prints::{self, Source};
use super::{People, Tools, tools};
use crate::access;
use crate::own_form::{self, FormKind, OwnForm};
use crate::verbs::apologise;
use crate::verbs::send_form::{self, MaySign, SendForm};
use axum::response::{IntoResponse, Response};
pub use correcting::correct;
use directory::UnitTree;
use files::FileStore;
pub(super) use samples::samples;
use signatures::SIGNATURES_SEAL;
use signatures::document::{Document, State};
use store::Reader;
use types::{Error, Id, Result};
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Page as WebPage, Path, Who, see};

/// What the page shows.
pub(super) struct OwnFormPage {
    code: String,
    subject: String,
    form: OwnForm,
    /// Who made the event.
    by: String,
    /// Whom it waits for, while it does.
    waits_for: Option<Waits>,
    /// Who may sign it.
    signers: Vec<MaySign>,
    /// The posts that may seal it, with their words.
    sealers: Vec<(Id, String)>,
    /// The asker may send it and take it back.
    may_act: bool,
    may_seal: bool,
    /// Why it cannot be sent now.
    cannot: Option<String>,
    /// Why it must not even be printed.
    stale: Option<&'static str>,
    /// It is an apology that comes too late, if it goes now.
    late: bool,
    /// Whoever received stood in for another post.
    stand_in: bool,
    revision: i64,
    command: String,
}

/// For whom a form waits.
struct Waits {
    /// The person, or the post with its holders.
    name: String,
    /// It is the asker.
    you: bool,
}

/// A form with everything that it is typeset from.
struct Opened {
    source: Source,
    form: OwnForm,
    waits_for: Option<Waits>,
    signers: Vec<MaySign>,
    sealers: Vec<(Id, String)>,
    /// The post in which the asker may send it and take it back; none for others.
    acting: Option<Option<Id>>,
    may_seal: bool,
    cannot: Option<String>,
    stale: Option<&'static str>,
}

/// The form and what it is typeset from, and no more.
async fn open_print(ctx: &Ctx, (code, event): (String, Id)) -> Result<(Source, OwnForm)> {
    let (tools, who, now) = (tools(ctx), ctx.who.clone(), ctx.now());
    let settings = ctx.house.settings().clone();
    ctx.store()
        .read(move |r| {
            let opened = tools.open(r, &who, &code)?;
            let form = own_form::one(r, opened.dossier.id, event)?;
            Ok((prints::source(r, &tools, opened, (settings, now))?, form))
        })
        .await
}

fn stale(source: &Source, form: &OwnForm) -> Option<&'static str> {
    own_form::stale(form, &source.opened.dossier, (&source.stops, &source.events))
}

async fn open(ctx: &Ctx, (code, event): (String, Id)) -> Result<Opened> {
    let (tools, who, now) = (tools(ctx), ctx.who.clone(), ctx.now());
    let settings = ctx.house.settings().clone();
    ctx.store()
        .read(move |r| {
            let opened = tools.open(r, &who, &code)?;
            let form = own_form::one(r, opened.dossier.id, event)?;
            let signers = send_form::signers(r, &opened.tree, (&opened.dossier, form.kind))?;
            let sealers = send_form::sealers(r, &opened.tree, &opened.dossier)?.into_iter();
            let sealers = sealers.map(|post| (post.id, format!("{} – {}", post.title, post.holder_names()))).collect();
            let cannot = match send_form::may_be_sent(r, &opened.dossier, &form) {
                Ok(()) => None,
                Err(Error::Conflict(why)) => Some(why),
                Err(error) => return Err(error),
            };
            let acting = send_form::acting_post(&who, &opened.tree, opened.open_task(), (&opened.dossier, &form));
            let may_seal = access::granted(&who, &opened.tree, &SIGNATURES_SEAL, opened.dossier.unit);
            let waits_for = waits_for(r, (&tools, &opened.tree, &who), &form)?;
            let source = prints::source(r, &tools, opened, (settings, now))?;
            let stale = stale(&source, &form);
            Ok(Opened { source, form, waits_for, signers, sealers, acting, may_seal, cannot, stale })
        })
        .await
}

/// Whom a form that was sent waits for.
fn waits_for(
    r: &mut Reader<'_>,
    (tools, tree, who): (&Tools, &UnitTree, &Who),
    form: &OwnForm,
) -> Result<Option<Waits>> {
    let Some(document) = form.waits() else { return Ok(None) };
    let Some(task) = records::task::open_of(r, document.record)? else { return Ok(None) };
    let people = People::of(r, (&tools.directory, tree), (std::slice::from_ref(&task), &[]), &[])?;
    let you = who.officer.as_ref().is_some_and(|officer| task.waits_for(&who.post_ids(), officer.id));
    Ok(Some(Waits { name: people.holder(&task), you }))
}

/// GET /ho-so/{code}/giay-to/{event}
pub async fn show(ctx: Ctx, Path(at): Path<(String, Id)>) -> Outcome<WebPage> {
    let opened = open(&ctx, at).await?;
    Ok(OwnFormPage::of(&ctx, opened).draw(&FormState::new(Lang::Vi)))
}

/// GET /ho-so/{code}/giay-to/{event}/tep.pdf
pub async fn pdf(ctx: Ctx, Path(at): Path<(String, Id)>) -> Outcome<Response> {
    let (source, form) = open_print(&ctx, at).await?;
    match stale(&source, &form).filter(|_| form.sealed().is_none()) {
        Some(why) => Err(Error::conflict(format!("Không in giấy tờ này. {why}")).into()),
        None => serve(&ctx, &source, &form).await,
    }
}

/// The form as it now is: the file with the agency's seal, or a print to be signed by hand.
pub(crate) async fn serve(ctx: &Ctx, source: &Source, form: &OwnForm) -> Outcome<Response> {
    let name = format!("{}-{}.pdf", form.kind.file_name(), source.opened.dossier.code);
    let Some(Document { file, .. }) = form.sealed() else {
        return prints::answer(ctx, prints::letter::job(source, form, None)?, &name).await;
    };
    let file = *file;
    let found = ctx.store().read(move |r| files::by_id(r, file)?.ok_or_else(|| Error::not_found("tệp này"))).await?;
    Ok(files::serve(&ctx.house.service::<FileStore>(), &found).await?)
}

/// POST /ho-so/{code}/giay-to/{event}/trinh-ky
pub async fn send(ctx: Ctx, Path(at): Path<(String, Id)>, fields: Fields) -> Outcome<Response> {
    let opened = open(&ctx, at.clone()).await?;
    match try_send(&ctx, &opened, &fields).await {
        Ok(()) => Ok(see(&address(&at.0, at.1))),
        Err(error) => again(&ctx, opened, (&fields, error)),
    }
}

async fn try_send(ctx: &Ctx, opened: &Opened, fields: &Fields) -> Result<()> {
    let Opened { source, form, signers, acting, .. } = opened;
    let post = acting.ok_or_else(not_yours)?;
    let dossier = &source.opened.dossier;
    let command = ctx.command("dossiers.send-form", fields.text("command"), post)?.about(&fields.0);
    let known = command.clone();
    let sent = ctx.store().read(move |r| store::command::answered::<()>(r, &known)).await?;
    if sent.is_some() {
        return Ok(());
    }
    let signs = fields.text("signs").parse::<Id>().ok();
    let signs = signs.and_then(|id| signers.iter().find(|one| one.officer == id)).cloned();
    let signs = signs.ok_or_else(|| Error::invalid("signs", "Hãy chọn người ký."))?;
    let seals = fields.text("seals").parse::<Id>();
    let seals = seals.map_err(|_| Error::invalid("seals", "Hãy chọn người đóng dấu."))?;
    let signatory = prints::letter::signatory(source, &signs);
    let job = prints::letter::job(source, form, Some(signatory))?;
    let print = tools(ctx).printer.lay_out(job).await.map_err(Error::from)?;
    let name = format!("{}-{}.pdf", form.kind.file_name(), dossier.code);
    let files = ctx.house.service::<FileStore>();
    let work = move || {
        let (bytes, spot) = signatures::look::keep_labels(&print)?;
        Ok::<_, Error>((files.keep_bytes(&name, &bytes)?, spot))
    };
    let kept = tokio::task::spawn_blocking(work).await;
    let (file, spot) = kept.map_err(|e| Error::internal(format!("keeping places: {e}")))??;
    // Typeset from the dossier at this revision: another state would say something else.
    let acting = source.opened.acting(&ctx.who, Some(dossier.revision))?;
    let new = SendForm { event: form.event.id, file, spot, signs, seals };
    ctx.store().write(command, move |tx| send_form::send(tx, &acting, &new)).await
}

/// POST /ho-so/{code}/giay-to/{event}/rut
pub async fn take_back(ctx: Ctx, Path(at): Path<(String, Id)>, fields: Fields) -> Outcome<Response> {
    let opened = open(&ctx, at.clone()).await?;
    match try_take_back(&ctx, &opened, &fields).await {
        Ok(()) => Ok(see(&address(&at.0, at.1))),
        Err(error) => again(&ctx, opened, (&fields, error)),
    }
}

async fn try_take_back(ctx: &Ctx, opened: &Opened, fields: &Fields) -> Result<()> {
    let Opened { source, form, acting, may_seal, .. } = opened;
    let seals = || access::granting_post(&ctx.who, &source.opened.tree, &SIGNATURES_SEAL, source.opened.dossier.unit);
    let post = acting.or_else(|| seals().map(Some)).ok_or_else(not_yours)?;
    let command = ctx.command("dossiers.take-form-back", fields.text("command"), post)?.about(&fields.0);
    let (event, reason, may_seal) = (form.event.id, fields.text("reason").to_owned(), *may_seal);
    let acting = source.opened.acting(&ctx.who, None)?;
    ctx.store().write(command, move |tx| send_form::take_back(tx, &acting, (event, &reason), may_seal)).await
}

fn not_yours() -> Error {
    Error::forbidden("Giấy tờ này do người đang giữ hồ sơ, người đã lập hoặc bộ phận một cửa trình ký và rút.")
}

/// The page again, with what was wrong.
fn again(ctx: &Ctx, opened: Opened, (fields, error): (&Fields, Error)) -> Outcome<Response> {
    let pairs = fields.0.iter().flat_map(|(name, all)| all.iter().map(|value| (name.clone(), value.clone())));
    let mut form = FormState::sent(Lang::Vi, pairs);
    form.absorb(error)?;
    Ok(OwnFormPage::of(ctx, opened).draw(&form).into_response())
}

/// Where a form stands.
pub(super) fn address(code: &str, event: Id) -> String {
    format!("/ho-so/{code}/giay-to/{event}")
}

/// How far the signing of a form has come.
pub(crate) fn standing(form: &OwnForm) -> (Tone, Icon, &'static str) {
    match form.document.as_ref().map(|document| document.state) {
        Some(State::Sealed) => (Tone::Success, Icon::ShieldCheck, "Đã ký và đóng dấu"),
        Some(State::Signed) => (Tone::Info, Icon::Clock, "Đã ký, chờ đóng dấu"),
        Some(State::Drafted | State::Attached) => (Tone::Info, Icon::Clock, "Chờ ký"),
        Some(State::Withdrawn) => (Tone::Neutral, Icon::Undo, "Đã rút, chưa ký số"),
        None => (Tone::Neutral, Icon::FileText, "Chưa ký số"),
    }
}

impl OwnFormPage {
    fn of(ctx: &Ctx, opened: Opened) -> Self {
        let Opened { source, form, waits_for, signers, sealers, acting, may_seal, cannot, stale } = opened;
        let (calendar, now) = (&source.opened.calendar, source.now);
        let due_at = source.opened.dossier.due_at;
        let late = form.kind == FormKind::Apology
            && form.sealed().is_none()
            // Without a calendar nothing is claimed.
            && apologise::is_late(calendar, (now, due_at)).unwrap_or(false);
        let stand_in = form.kind == FormKind::Receipt && form.event.on_behalf_of.is_some();
        let by = source.people.doer(form.event.officer, form.event.on_behalf_of).unwrap_or_default();
        let dossier = source.opened.dossier;
        let subject = format!("{} – {}", dossier.summary, dossier.applicant.name);
        let (code, revision, command) = (dossier.code, dossier.revision, ctx.new_command());
        Self {
            code,
            subject,
            form,
            by,
            waits_for,
            signers,
            sealers,
            may_act: acting.is_some(),
            may_seal,
            cannot,
            stale,
            late,
            stand_in,
            revision,
            command,
        }
    }

    fn address(&self, tail: &str) -> String {
        format!("{}{tail}", address(&self.code, self.form.event.id))
    }

    fn draw(&self, form: &FormState) -> WebPage {
        let title = self.form.kind.title();
        let way =
            Breadcrumbs::to(title).via("Hồ sơ một cửa", "/ho-so").via(&self.code, format!("/ho-so/{}", self.code));
        let (tone, icon, words) = standing(&self.form);
        let head = PageHead::new(title).lead(format!("{} · {}", self.code, self.subject));
        let head = head.beside(Tag::new(tone, icon, words)).beside(self.print()).beside(self.way_on());
        let event = &self.form.event;
        let facts = KeyValues::new()
            .row("Mẫu", format!("{} (Thông tư 03/2025/TT-VPCP)", self.form.kind.number()))
            .row("Lập lúc", ui::format::moment(event.at))
            .maybe("Người lập", Some(self.by.clone()).filter(|by| !by.is_empty()));
        let facts = self.signing(facts);
        let body = Html::from(ErrorSummary::of(form)).and(self.lateness());
        let body = body.and(Card::quiet("Giấy tờ").around(facts)).and(self.content());
        let body = body.and(self.sending(form)).and(self.correcting(form)).and(self.taking_back(form));
        let page = ui::Page.around(Html::from(way).and(head).and(Stack.around(body)));
        WebPage::desk(form.title(&format!("{title} {}", self.code)), page).with_status(form.status())
    }

    /// What is sealed is seen; what is not so any more is not printed, to be signed by hand, either.
    fn print(&self) -> Html {
        let label = if self.form.sealed().is_some() { "Xem bản đã ký" } else { "In để ký tay" };
        if self.form.sealed().is_none() && self.stale.is_some() {
            return Html::default();
        }
        Button::link(label, self.address("/tep.pdf")).icon(Icon::Printer).new_tab().secondary().into()
    }

    fn lateness(&self) -> Html {
        if !self.late || self.stale.is_some() {
            return Html::default();
        }
        let text = "Văn bản xin lỗi phải gửi chậm nhất 01 ngày làm việc trước hạn trả kết quả; nay đã quá lúc đó. Vẫn ký và gửi được, và được ghi là gửi muộn.";
        Notice::new(Tone::Warning, text).titled("Gửi muộn").into()
    }

    /// For whom it waits, the document's own page, from which it is signed or sealed.
    fn way_on(&self) -> Html {
        let document = self.form.waits().filter(|_| self.waits_for.as_ref().is_some_and(|waits| waits.you));
        let address = document.map(|document| format!("{}/{}", signatures::DOCUMENT, document.id));
        address.map_or_else(Html::default, |address| {
            Button::link("Mở văn bản để ký, đóng dấu", address).icon(Icon::Signature).into()
        })
    }

    /// What somebody wrote in it, line by line.
    fn content(&self) -> Html {
        let Some(text) = &self.form.event.text else { return Html::default() };
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let list = lines.fold(CheckList::new(), |list, line| list.item_with(Icon::FileText, line, ""));
        Card::new("Nội dung").around(list)
    }

    /// What is known of its signing.
    fn signing(&self, facts: KeyValues) -> KeyValues {
        let Some(document) = &self.form.document else { return facts };
        let number = document.number.as_ref().zip(document.numbered_on);
        let number = number.map(|(number, day)| format!("{number}, {}", ui::format::date(day)));
        facts
            .row("Trình ký lúc", ui::format::moment(document.added_at))
            .maybe("Đang chờ", self.waits_for.as_ref().map(|waits| waits.name.as_str()))
            .maybe("Số và ngày", number)
            .maybe("Rút lúc", document.withdrawn.as_ref().map(|(at, _)| ui::format::moment(*at)))
            .maybe("Lý do rút", document.withdrawn.as_ref().map(|(_, why)| why.clone()))
    }

    fn sending(&self, form: &FormState) -> Html {
        if !self.may_act {
            return Html::default();
        }
        if let Some(why) = &self.cannot {
            // What waits or is sealed is told above.
            let told = self.form.waits().is_some() || self.form.sealed().is_some();
            return if told {
                Html::default()
            } else {
                Notice::new(Tone::Info, why.as_str()).titled("Không trình ký được").into()
            };
        }
        let (Some(first), Some((clerk, _))) = (self.signers.first(), self.sealers.first()) else {
            return Notice::new(Tone::Warning, self.lacks()).titled("Chưa trình ký được").into();
        };
        let choices =
            self.signers.iter().map(|one| Choice::new(one.officer.to_string(), format!("{} – {}", one.post, one.name)));
        let hint = match self.form.kind {
            FormKind::Receipt => "Người tiếp nhận ký ở trang «Ký số», rồi văn thư đóng dấu của cơ quan.",
            _ => "Họ tên và chức vụ này được in dưới chữ ký. Văn thư cho số, ngày và đóng dấu sau đó.",
        };
        let field = Field::select("signs", "Người ký", choices).value(first.officer.to_string()).hint(hint).of(form);
        let posts = self.sealers.iter().map(|(post, words)| Choice::new(post.to_string(), words));
        let seals = Field::select("seals", "Người đóng dấu", posts).value(clerk.to_string()).of(form);
        let button = Actions.around(Button::submit("Trình ký").icon(Icon::Signature));
        let boxed = FormBox::post(self.address("/trinh-ky")).hidden("command", &self.command);
        Panel.around(boxed.around(Html::from(field).and(seals).and(button)))
    }

    /// Which right nobody has.
    fn lacks(&self) -> &'static str {
        match self.form.kind {
            _ if !self.signers.is_empty() => {
                "Đơn vị chưa có ai được đóng dấu số của cơ quan. Hãy nhờ quản trị trao quyền, hoặc in ra ký tay."
            }
            FormKind::Receipt if self.stand_in => {
                "Hồ sơ này do người thay mặt vị trí khác tiếp nhận. Chữ ký số đi cùng chức vụ mà chính người ký giữ nên người thay mặt không ký giấy tiếp nhận ở đây được. Hãy in ra ký tay."
            }
            FormKind::Receipt => {
                "Người tiếp nhận hồ sơ chưa có quyền ký số ở vị trí của mình. Hãy nhờ quản trị trao quyền, hoặc in ra ký tay."
            }
            _ => "Đơn vị chưa có lãnh đạo nào được ký số. Hãy nhờ quản trị trao quyền, hoặc in ra ký tay.",
        }
    }

    fn taking_back(&self, form: &FormState) -> Html {
        let may = match self.form.document.as_ref().map(|document| document.state) {
            Some(State::Sealed) => self.may_seal,
            Some(State::Drafted | State::Signed) => self.may_act || self.may_seal,
            _ => false,
        };
        if !may {
            return Html::default();
        }
        let reason = Field::text("reason", "Lý do rút").hint("Rút rồi thì trình ký lại được.").of(form);
        let button = Actions.around(Button::submit("Rút bản đang trình").danger());
        let boxed = FormBox::post(self.address("/rut")).hidden("command", &self.command);
        let fold = Disclosure::new("Rút về");
        let fold = if form.was_sent() { fold.open() } else { fold };
        Panel.around(fold.around(boxed.around(Html::from(reason).and(button))))
    }
}
