//! /chung-thu-ky/de-nghi/moi : what is needed is chosen first; then the form asks for what that needs and nothing else.

use super::queue::sample_signer;
use super::signer_forms::may_add;
use super::{REQUESTS, SIGNERS};
use crate::permissions::{SIGNATURES_SEAL, SIGNATURES_SIGN_OWN};
use crate::request::{self, Ask, KeyWish, NewRequest};
use crate::rights;
use crate::signer::{self, Signer, SignerKind};
use axum::response::IntoResponse;
use directory::Directory;
use serde::Deserialize;
use types::{Error, Id, Result};
use ui::{
    Actions, Button, Choice, Container, EmptyState, ErrorSummary, Field, FormBox, FormState, Html, Icon, Lang,
    LinkList, NotVerified, PageHead, Panel, Stack, Width, format,
};
use web::{Ctx, Fields, HeldPost, Outcome, Page, Query, Sample, Who, see};

/// What is kept of a form that comes back with mistakes.
const TYPED: [&str; 10] =
    ["whose", "signer", "name", "post", "workplace", "email", "phone", "identity", "key_wish", "reason"];

/// What is asked for, and about which certificate.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    loai: String,
    #[serde(rename = "chung-thu")]
    signer: Option<Id>,
}

/// Whoever asks, as the directory knows them.
#[derive(Debug, Clone)]
struct Person {
    id: Id,
    name: String,
    post: String,
    workplace: String,
    /// The agency that manages a certificate of the person's own; none for somebody who only stands in.
    unit: Option<Id>,
    email: String,
    phone: String,
}

/// For whom something may be asked.
#[derive(Debug, Clone)]
struct Offer {
    person: Person,
    /// For whose seal, each with the post that seals there: where it is another's, the audit says on whose behalf.
    agencies: Vec<(Id, String, Option<Id>)>,
    /// Certificates that a request can be about.
    signers: Vec<Signer>,
    /// Certificates may be entered by this person.
    may_add: bool,
    /// The one that the link named.
    chosen: Option<Id>,
    command: String,
}

/// Whether this person can ask for anything.
pub(super) fn may_ask(who: &Who) -> bool {
    who.posts().any(|post| !post.stand_in) || who.may(&SIGNATURES_SEAL)
}

async fn load(ctx: &Ctx) -> Result<Offer> {
    if !may_ask(&ctx.who) {
        return Err(Error::forbidden("Ông/bà chưa giữ vị trí nào nên chưa gửi được đề nghị về chứng thư."));
    }
    let (who, directory, officer) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.officer()?);
    let command = ctx.new_command();
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let own: Vec<&HeldPost> = who.posts().filter(|post| !post.stand_in).collect();
        let signs = |post: &&&HeldPost| post.permissions.contains(SIGNATURES_SIGN_OWN.name);
        let post = own.iter().find(signs).or_else(|| own.first()).copied();
        let units = rights::sealed_units(&who, &tree);
        let card = directory::officer::card(reader, officer.id)?;
        let (email, phone) = card.map(|card| (card.email, card.phone)).unwrap_or_default();
        let person = Person {
            id: officer.id,
            name: officer.name.clone(),
            post: post.map(|post| post.title.clone()).unwrap_or_default(),
            workplace: post.map(|post| post.unit_name.clone()).unwrap_or_default(),
            unit: post.map(|post| tree.authority(post.unit)),
            email,
            phone,
        };
        let mut signers = signer::of_person(reader, officer.id)?;
        signers.extend(signer::seals(reader, &units)?);
        let seals = |unit: Id| {
            let seals =
                |post: &&HeldPost| post.permissions.contains(SIGNATURES_SEAL.name) && tree.authority(post.unit) == unit;
            who.posts().find(seals).map(|post| post.id)
        };
        let agencies = units.into_iter().map(|unit| (unit, tree.name(unit).to_owned(), seals(unit))).collect();
        let may_add = may_add(&who);
        Ok(Offer { person, agencies, signers, may_add, chosen: None, command: command.clone() })
    });
    read.await
}

/// GET /chung-thu-ky/de-nghi/moi
pub(super) async fn new(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let mut offer = load(&ctx).await?;
    offer.chosen = asked.signer;
    let page = match Ask::of(&asked.loai) {
        Some(ask) => offer.draw(ask, &FormState::new(Lang::Vi)),
        None => choosing(),
    };
    Ok(page.into_response())
}

/// POST /chung-thu-ky/de-nghi/moi
pub(super) async fn send(ctx: Ctx, fields: Fields) -> Outcome {
    let offer = load(&ctx).await?;
    let Some(ask) = Ask::of(fields.text("ask")) else { return Ok(choosing().into_response()) };
    match enter(&ctx, &offer, (ask, &fields)).await {
        Ok(id) => Ok(see(&format!("{REQUESTS}/{id}"))),
        Err(error) => {
            let mut form = FormState::sent(Lang::Vi, TYPED.map(|name| (name, fields.text(name).to_owned())));
            form.absorb(error)?;
            Ok(offer.draw(ask, &form).into_response())
        }
    }
}

async fn enter(ctx: &Ctx, offer: &Offer, (ask, fields): (Ask, &Fields)) -> Result<Id> {
    let (kind, unit, signer) = offer.about(ask, fields)?;
    let text = |name: &str| fields.text(name).to_owned();
    let new = NewRequest {
        ask,
        kind,
        officer: Some(offer.person.id).filter(|_| kind == SignerKind::Person),
        unit,
        signer,
        name: text("name"),
        post: text("post"),
        workplace: text("workplace"),
        email: text("email"),
        phone: text("phone"),
        identity: if ask.brings_certificate() { text("identity") } else { String::new() },
        key_wish: KeyWish::of(fields.text("key_wish")).filter(|_| ask.places_key()),
        reason: text("reason"),
    };
    let new = new.checked()?;
    let sealing = offer.agencies.iter().find(|(agency, ..)| *agency == unit).and_then(|(.., post)| *post);
    let post = sealing.filter(|_| kind == SignerKind::Agency);
    let command = ctx.command("signatures.ask-certificate", fields.text("command"), post)?.about(&new);
    let keys = ctx.house.service::<Directory>().keys();
    ctx.store().write(command, move |tx| request::enter(tx, &keys, &new)).await
}

impl Offer {
    /// Whose certificate it is about, the agency that manages it, and the certificate when it is there.
    fn about(&self, ask: Ask, fields: &Fields) -> Result<(SignerKind, Id, Option<Id>)> {
        if ask.is_about_certificate() {
            let said: Option<Id> = fields.text("signer").parse().ok();
            let known = self.signers.iter().find(|signer| Some(signer.id) == said);
            let signer = known.ok_or_else(|| Error::invalid("signer", "Chọn chứng thư."))?;
            return Ok((signer.kind, signer.unit, Some(signer.id)));
        }
        let wrong = || Error::invalid("whose", "Chọn chứng thư này là của ai.");
        let said: Id = fields.text("whose").parse().map_err(|_| wrong())?;
        if self.agencies.iter().any(|(agency, ..)| *agency == said) {
            return Ok((SignerKind::Agency, said, None));
        }
        let own = self.person.unit.filter(|_| said == self.person.id);
        Ok((SignerKind::Person, own.ok_or_else(wrong)?, None))
    }

    /// Certificates that can be named: what is out of use here can only be revoked.
    fn named(&self, ask: Ask) -> Vec<&Signer> {
        self.signers.iter().filter(|signer| signer.ended_at.is_none() || ask == Ask::Revoke).collect()
    }

    fn draw(&self, ask: Ask, form: &FormState) -> Page {
        let mut head = PageHead::new(ask.title()).lead(ask.when()).back("Chọn việc khác", format!("{REQUESTS}/moi"));
        if ask.is_unverified() {
            let why = "Chưa tìm thấy căn cứ về tạm dừng trong Nghị định 68/2024/NĐ-CP";
            head = head.beside(NotVerified::because(why));
        }
        if ask.is_about_certificate() && self.named(ask).is_empty() {
            let title = "Ông/bà chưa có chứng thư nào trong phần mềm";
            let empty = if self.may_add {
                EmptyState::new(title, "Thêm chứng thư đang dùng vào danh sách trước, rồi quay lại đây.")
                    .action(Button::link("Thêm chứng thư", format!("{SIGNERS}/them")))
            } else {
                let text = "Việc này cần một chứng thư có trong danh sách. Chưa có chứng thư thì xin cấp mới.";
                let way = format!("{REQUESTS}/moi?loai={}", Ask::New.code());
                EmptyState::new(title, text).action(Button::link("Xin cấp chứng thư mới", way))
            };
            return Page::desk(ask.title(), Stack.around(Html::from(head).and(empty)));
        }
        let (subject, key, contact) = (self.subject(ask, form), key_wish(ask, form), self.contact(ask, form));
        // What nobody understands without a reason has it where it is asked for.
        let fields = if ask.needs_reason() {
            [subject, reason(ask, form), key, contact]
        } else {
            [subject, key, contact, reason(ask, form)]
        };
        let fields = fields.into_iter().fold(Html::default(), Html::and);
        let buttons = Html::from(Button::submit("Gửi đề nghị")).and(Button::link("Hủy", REQUESTS).tertiary());
        let boxed = FormBox::post(format!("{REQUESTS}/moi"))
            .hidden("command", &self.command)
            .hidden("ask", ask.code())
            .warn_unsaved_of(form);
        let boxed = boxed.around(fields.and(Actions.around(buttons)));
        let body = Html::from(head).and(ErrorSummary::of(form)).and(Panel.around(boxed));
        Page::desk(form.title(ask.title()), Stack.around(body)).with_status(form.status())
    }

    fn subject(&self, ask: Ask, form: &FormState) -> Html {
        if ask.is_about_certificate() {
            let all = self.named(ask);
            let choice = |signer: &&Signer| {
                let until = format::date(signer.valid_to.day());
                let ended = if signer.ended_at.is_some() { "; đã ngừng dùng ở đây" } else { "" };
                Choice::new(signer.id.to_string(), &signer.name)
                    .hint(format!("{}, hiệu lực đến {until}{ended}", signer.issuer))
            };
            let field = Field::radios("signer", "Chứng thư", all.iter().map(choice));
            let chosen = self.chosen.or_else(|| all.first().filter(|_| all.len() == 1).map(|signer| signer.id));
            let field = chosen.into_iter().fold(field, |field, id| field.value(id.to_string()));
            return field.of(form).into();
        }
        let own = self.person.unit.map(|_| (self.person.id, format!("Cá nhân: {}", self.person.name)));
        let seals = self.agencies.iter().map(|(unit, name, _)| (*unit, format!("Con dấu của {name}")));
        let all: Vec<(Id, String)> = own.into_iter().chain(seals).collect();
        let first = all.first().map(|(id, _)| id.to_string()).unwrap_or_default();
        let choices = all.into_iter().map(|(id, label)| Choice::new(id.to_string(), label));
        Field::radios("whose", "Chứng thư của", choices).value(first).of(form).into()
    }

    fn contact(&self, ask: Ask, form: &FormState) -> Html {
        let person = &self.person;
        let line = |name: &str, label: &str, value: &str| {
            Field::text(name, label).value(value).max_length(request::LINE_MAX).width(Width::Full)
        };
        let name = line("name", "Họ và tên", &person.name).complete("name");
        let may_seal = !self.agencies.is_empty();
        let name = if may_seal {
            name.hint("Với con dấu của cơ quan: người được giao quản lý chứng thư.")
        } else {
            name
        };
        let mut fields = vec![
            name,
            line("post", "Chức vụ", &person.post),
            line("workplace", "Nơi làm việc", &person.workplace),
            Field::email("email", "Hộp thư công vụ").value(&person.email).complete("email").width(Width::Long),
            Field::phone("phone", "Số điện thoại di động").value(&person.phone).complete("tel").width(Width::Medium),
        ];
        if ask.brings_certificate() {
            let hint = "Chỉ ghi khi nơi cấp yêu cầu. Chỉ ông/bà và người giữ danh sách chứng thư của cơ quan xem được; \
                        số được xóa khi đề nghị khép lại.";
            fields.push(Field::digits("identity", "Số định danh cá nhân").hint(hint).optional().width(Width::Medium));
        }
        fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)))
    }
}

fn key_wish(ask: Ask, form: &FormState) -> Html {
    if !ask.places_key() {
        return Html::default();
    }
    let choices = KeyWish::ALL.map(|wish| Choice::new(wish.code(), wish.title()));
    Field::radios("key_wish", "Nơi lưu khóa bí mật", choices).value(KeyWish::Token.code()).of(form).into()
}

fn reason(ask: Ask, form: &FormState) -> Html {
    let reason = Field::textarea("reason", "Lý do", 3).max_length(request::REASON_MAX);
    if ask.needs_reason() { reason.of(form).into() } else { reason.optional().of(form).into() }
}

/// What is needed?
fn choosing() -> Page {
    let title = "Đề nghị về chứng thư";
    let head = PageHead::new(title).back("Đề nghị của tôi", REQUESTS).lead(
        "Ông/bà cần gì? Đề nghị đến người giữ danh sách chứng thư của cơ quan để xác nhận, \
         rồi cơ quan gửi tổ chức chứng thực chữ ký số chuyên dùng công vụ.",
    );
    let icon = |ask: Ask| match ask {
        Ask::New => Icon::FilePlus,
        Ask::Renew => Icon::Calendar,
        Ask::Change => Icon::Pencil,
        Ask::Unlock => Icon::Key,
        Ask::Revoke => Icon::Ban,
        Ask::Suspend => Icon::Pause,
    };
    let list = Ask::ALL.into_iter().fold(LinkList::new(), |list, ask| {
        list.row(icon(ask), ask.title(), ask.when(), format!("{REQUESTS}/moi?loai={}", ask.code()))
    });
    Page::desk(title, Stack.around(Html::from(head).and(list)))
}

pub(super) fn samples() -> Vec<Sample> {
    let offer = Offer {
        person: Person {
            id: Id(7),
            name: "Công Tằng Tôn Nữ Nguyễn Thị Phương Thảo (mẫu)".to_owned(),
            post: "Phó Chủ tịch Ủy ban nhân dân".to_owned(),
            workplace: "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned(),
            unit: Some(Id(3)),
            email: "phuongthao.congtangtonnu@phuckhe.vidu.gov.vn".to_owned(),
            phone: "0905 123 456".to_owned(),
        },
        agencies: vec![(Id(3), "Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned(), None)],
        signers: vec![sample_signer(SignerKind::Person), sample_signer(SignerKind::Agency)],
        may_add: true,
        chosen: Some(Id(41)),
        command: "0".repeat(32),
    };
    let bare = Offer { signers: Vec::new(), chosen: None, ..offer.clone() };
    let newcomer = Offer { may_add: false, ..bare.clone() };
    let fresh = FormState::new(Lang::Vi);
    let mut wrong = FormState::sent(Lang::Vi, [("signer", ""), ("email", "phuongthao")]);
    wrong.refuse("signer", "missing", "Chọn chứng thư.");
    wrong.refuse("email", "invalid", "Nhập hộp thư công vụ, dạng ten@coquan.gov.vn.");
    vec![
        Sample { name: "certificate-request/choose", page: choosing() },
        Sample { name: "certificate-request/new", page: offer.draw(Ask::New, &fresh) },
        Sample { name: "certificate-request/suspend", page: offer.draw(Ask::Suspend, &fresh) },
        Sample { name: "certificate-request/wrong", page: offer.draw(Ask::Renew, &wrong) },
        Sample { name: "certificate-request/none", page: bare.draw(Ask::Unlock, &fresh) },
        Sample { name: "certificate-request/newcomer", page: newcomer.draw(Ask::Unlock, &fresh) },
    ]
}
