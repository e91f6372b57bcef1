//! /van-ban-ky/{id} : a document that is signed here, with every signature on it and what still waits.

use super::queue::sample_document;
use super::{DOCUMENT, SEAL, SIGN};
use crate::document::{self, Document, Role, Signature, State};
use crate::look::Spot;
use crate::permissions::{SIGNATURES_SEAL, SIGNATURES_SIGN, SIGNATURES_SIGN_OWN};
use crate::signer::SignerKind;
use crate::{Means, looked, sign};
use axum::response::{IntoResponse, Response};
use directory::Directory;
use files::FileStore;
use records::Record;
use records::look::{What, Why};
use std::collections::HashMap;
use store::Reader;
use types::{Error, Id, Result, Timestamp};
use ui::{
    Actions, Button, Card, Container, Event, Field, FormBox, FormState, Html, Icon, KeyValues, Lang, Link, Notice,
    PageHead, Panel, Stack, Tag, Timeline, Tone, format,
};
use web::{Ctx, Fields, Outcome, Page, Path, Sample, Who, see};

pub(super) struct Opened {
    pub(super) document: Document,
    record: Record,
    signatures: Vec<Signature>,
    names: HashMap<Id, String>,
    /// This person holds a task of the record, in this post unless it is the person's own.
    in_hand: bool,
    pub(super) post: Option<Id>,
    why: looked::Reason,
    may_sign: bool,
    may_seal: bool,
    /// Somebody is asked for timestamps here.
    has_server: bool,
    pub(super) command: String,
}

/// The document, for whoever holds its record or signed it.
fn open(reader: &mut Reader<'_>, who: &Who, (directory, id): (&Directory, Id)) -> Result<Opened> {
    let unknown = || Error::not_found("văn bản");
    let officer = who.officer.as_ref().ok_or(Error::SignedOut)?.id;
    let document = document::by_id(reader, id)?.ok_or_else(unknown)?;
    let posts = who.post_ids();
    let open = records::task::open_of_all(reader, &[document.record])?;
    let held = open.iter().find(|task| task.waits_for(&posts, officer));
    let (in_hand, post) = (held.is_some(), held.and_then(|task| task.post));
    let why = looked::why(held);
    let signatures = document::of_document(reader, id)?;
    if !in_hand && !signatures.iter().any(|signature| signature.officer == officer) {
        return Err(unknown());
    }
    let record = records::record::by_id(reader, document.record)?.ok_or_else(unknown)?;
    let officers = signatures.iter().flat_map(|signature| [Some(signature.officer), signature.waived_by]);
    let officers: Vec<Id> = officers.flatten().collect();
    let names = directory.names(reader, &officers)?;
    let by_name = document::signed_by_name(reader, &document)?;
    let may_sign = who.may(if by_name { &SIGNATURES_SIGN_OWN } else { &SIGNATURES_SIGN });
    let may_seal = who.may(&SIGNATURES_SEAL);
    Ok(Opened {
        document,
        record,
        signatures,
        names,
        in_hand,
        post,
        why,
        may_sign,
        may_seal,
        has_server: false,
        command: String::new(),
    })
}

pub(super) async fn load(ctx: &Ctx, id: Id) -> Result<Opened> {
    let (who, directory, command) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.new_command());
    let opened = ctx.store().read(move |reader| open(reader, &who, (&directory, id))).await?;
    let has_server = ctx.house.service::<Means>().authority().is_some();
    Ok(Opened { command, has_server, ..opened })
}

/// GET /van-ban-ky/{id}
pub(super) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    Ok(load(&ctx, id).await?.draw(&FormState::new(Lang::Vi)).into_response())
}

/// GET /van-ban-ky/{id}/tep
pub(super) async fn file(ctx: Ctx, Path(id): Path<Id>) -> Outcome<Response> {
    let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let Opened { document, why, .. } = open(reader, &who, (&directory, id))?;
        let file = files::by_id(reader, document.file)?.ok_or_else(|| Error::not_found("tệp"))?;
        Ok((file, document.record, why))
    });
    let (file, record, why) = read.await?;
    looked::note(&ctx, record, What::File, why)?;
    Ok(files::serve(&ctx.house.service::<FileStore>(), &file).await?)
}

/// GET /van-ban-ky/{id}/xem-truoc
pub(super) async fn preview(ctx: Ctx, Path(id): Path<Id>) -> Outcome<Response> {
    let Opened { document, why, .. } = load(&ctx, id).await?;
    let bytes = sign::preview(&ctx, &document).await?;
    looked::note(&ctx, document.record, What::File, why)?;
    Ok(files::serve::download("xem-truoc.pdf", "application/pdf", bytes))
}

/// POST /van-ban-ky/{id}/bo-dau-thoi-gian
pub(super) async fn waive(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let Opened { document, post, .. } = change(&ctx, id).await?;
    let command = ctx.command("signatures.waive-timestamp", fields.text("command"), post)?;
    let has_server = ctx.house.service::<Means>().authority().is_some();
    ctx.store().write(command, move |tx| document::waive(tx, document.id, has_server)).await?;
    Ok(see(&format!("{DOCUMENT}/{id}")))
}

/// POST /van-ban-ky/{id}/rut
pub(super) async fn withdraw(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let reason = types::text::clean_lines(fields.text("reason"));
    if reason.is_empty() || reason.chars().count() > 500 {
        let mut form = FormState::sent(Lang::Vi, [("reason", reason)]);
        form.refuse("reason", "missing", "Ghi lý do rút văn bản, nhiều nhất 500 chữ.");
        return Ok(load(&ctx, id).await?.draw(&form).into_response());
    }
    let Opened { document, post, record: Record { link, .. }, .. } = change(&ctx, id).await?;
    // Once taken back, its own page is nobody's.
    let link = match document.state {
        _ if link != format!("{DOCUMENT}/{id}") => link,
        State::Drafted => SIGN.to_owned(),
        _ => SEAL.to_owned(),
    };
    if document.state == State::Sealed && !ctx.who.may(&SIGNATURES_SEAL) {
        return Err(Error::forbidden("Văn bản đã đóng dấu chỉ do người đóng dấu rút.").into());
    }
    let command = ctx.command("signatures.withdraw-document", fields.text("command"), post)?;
    ctx.store().write(command.about(&reason), move |tx| document::withdraw(tx, &document, &reason)).await?;
    Ok(see(&link))
}

/// Opens a document for a change: only whoever has it in hand changes it.
pub(super) async fn change(ctx: &Ctx, id: Id) -> Result<Opened> {
    let opened = load(ctx, id).await?;
    if opened.in_hand {
        Ok(opened)
    } else {
        Err(Error::forbidden("Việc của văn bản này không còn ở ông/bà."))
    }
}

impl Opened {
    fn draw(&self, form: &FormState) -> Page {
        let Document { title, role, number, numbered_on, .. } = &self.document;
        let head = PageHead::new(title)
            .lead(Html::text(format!("{} – ", self.record.code)).and(self.subject()))
            .beside(self.buttons());
        let number = number.as_ref().zip(*numbered_on).map(|(number, day)| format!("{number}, {}", format::date(day)));
        let facts = KeyValues::new()
            .row("Loại", role.title())
            .row("Trạng thái", state_tag(&self.document))
            .maybe("Số và ngày", number)
            .maybe("Rút lúc", self.document.withdrawn.as_ref().map(|(at, _)| format::moment(*at)))
            .maybe("Lý do rút", self.document.withdrawn.as_ref().map(|(_, because)| because.clone()))
            .maybe("Vị trí chữ ký", Some(self.document.spot.title().into_owned()).filter(|_| *role == Role::Main))
            .row("Đưa vào lúc", format::moment(self.document.added_at));
        let body = Html::from(head).and(self.waits()).and(Card::new("Văn bản").around(facts)).and(self.history());
        let body = body.and(self.next()).and(self.taking_back(form));
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status())
    }

    fn buttons(&self) -> Html {
        let id = self.document.id;
        let file = Button::link("Xem tệp", format!("{DOCUMENT}/{id}/tep")).icon(Icon::FileText).new_tab();
        if !self.signatures.is_empty() || self.document.state == State::Withdrawn {
            return file.into();
        }
        let preview = Button::link("Xem trước", format!("{DOCUMENT}/{id}/xem-truoc"));
        let buttons = Html::from(file).and(preview.secondary().icon(Icon::Eye).new_tab());
        if self.is_placed_by_hand() {
            let place = Button::link("Chọn vị trí chữ ký", format!("{DOCUMENT}/{id}/vi-tri"));
            return buttons.and(place.secondary().icon(Icon::MapPin));
        }
        buttons
    }

    /// Somebody may still choose where signature, number and date are seen.
    pub(super) fn is_placed_by_hand(&self) -> bool {
        let Document { state, role, spot, .. } = self.document;
        self.in_hand && state == State::Drafted && role == Role::Main && !matches!(spot, Spot::Room(_))
    }

    /// What a timestamp is waited for, and the way on without one.
    fn waits(&self) -> Html {
        let Some(signature) = self.signatures.iter().find(|signature| signature.waits) else { return Html::default() };
        let nobody = "Máy chủ này không còn khai báo nơi cấp dấu thời gian.".to_owned();
        let told = signature.told.as_ref().filter(|_| signature.tries > 0);
        let Some(why) = told.or(Some(&nobody).filter(|_| !self.has_server)) else {
            let text = "Đang xin dấu thời gian cho chữ ký vừa rồi. Thường mất từ vài giây đến vài phút; trang này tự đúng khi tải lại.";
            return Notice::new(Tone::Info, text).titled("Chờ dấu thời gian").into();
        };
        let text = format!(
            "{why} Đã xin {} lần. Không có dấu thời gian thì sau khi chứng thư hết hạn sẽ khó chứng minh văn bản được ký lúc nào.",
            signature.tries
        );
        let mut body = Html::text(text);
        if self.in_hand {
            let button = Button::submit("Đi tiếp không có dấu thời gian").secondary();
            let action = format!("{DOCUMENT}/{}/bo-dau-thoi-gian", self.document.id);
            body = body.and(FormBox::post(action).hidden("command", &self.command).around(Actions.around(button)));
        }
        Notice::new(Tone::Warning, body).titled("Chưa có dấu thời gian").into()
    }

    fn history(&self) -> Html {
        if self.signatures.is_empty() {
            return Html::default();
        }
        let event = |signature: &Signature| {
            let name = self.names.get(&signature.officer).map_or("Cán bộ", String::as_str);
            let what = match signature.kind {
                SignerKind::Person => "ký số",
                SignerKind::Agency => "đóng dấu của cơ quan",
            };
            let waived_by = signature.waived_by.and_then(|id| self.names.get(&id));
            Event::by(name, what, signature.at).note(stamp_words(signature, waived_by.map(String::as_str)))
        };
        Card::new("Chữ ký").around(Timeline::new(self.signatures.iter().rev().map(event)))
    }

    /// What it belongs to, with the way there where whoever signs may see that.
    fn subject(&self) -> Html {
        if self.record.link == format!("{DOCUMENT}/{}", self.document.id) {
            return Html::text(&self.record.title);
        }
        Link::new(&self.record.title, &self.record.link).into()
    }

    /// Where it goes on from here.
    fn next(&self) -> Html {
        if !self.in_hand || self.signatures.iter().any(|signature| signature.waits) {
            return Html::default();
        }
        let on = |sentence: &str| {
            let link = Link::new(&self.record.code, &self.record.link);
            Html::from(Notice::new(Tone::Info, Html::text(format!("{sentence}: ")).and(link)))
        };
        match self.document.state {
            State::Drafted if self.may_sign => Actions.around(Button::link("Đến trang ký", SIGN)),
            State::Signed if self.may_seal => Actions.around(Button::link("Đến trang đóng dấu", SEAL)),
            State::Drafted => on("Chuyển hồ sơ đến người ký để đi tiếp"),
            State::Signed => on("Chuyển hồ sơ đến văn thư để cho số và đóng dấu"),
            State::Attached => on("Được đóng dấu cùng văn bản chính"),
            State::Sealed | State::Withdrawn => Html::default(),
        }
    }

    fn taking_back(&self, form: &FormState) -> Html {
        let may = match self.document.state {
            State::Drafted | State::Signed | State::Attached => true,
            State::Sealed => self.may_seal,
            State::Withdrawn => false,
        };
        if !self.in_hand || !may {
            return Html::default();
        }
        let reason = Field::textarea("reason", "Lý do rút", 2).max_length(500);
        let button = Actions.around(Button::submit("Rút văn bản").danger());
        let action = format!("{DOCUMENT}/{}/rut", self.document.id);
        let boxed =
            FormBox::post(action).hidden("command", &self.command).around(Html::from(reason.of(form)).and(button));
        let fold = ui::Disclosure::new("Rút văn bản này");
        let fold = if form.was_sent() { fold.open() } else { fold };
        Panel.around(fold.around(boxed))
    }
}

/// How far it has come.
fn state_tag(document: &Document) -> Tag {
    let (tone, icon) = match document.state {
        State::Drafted => (Tone::Info, Icon::FilePen),
        State::Attached => (Tone::Neutral, Icon::Clock),
        State::Signed => (Tone::Info, Icon::Stamp),
        State::Sealed => (Tone::Success, Icon::ShieldCheck),
        State::Withdrawn => (Tone::Neutral, Icon::Undo),
    };
    Tag::new(tone, icon, document.standing())
}

fn stamp_words(signature: &Signature, waived_by: Option<&str>) -> String {
    match (signature.stamped_at, signature.waived_at, signature.waits) {
        (Some(at), ..) => format!("Dấu thời gian: {}", format::moment(at)),
        (None, Some(at), _) => {
            let who = waived_by.map(|name| format!("{name} ")).unwrap_or_default();
            format!("Không có dấu thời gian; {who}cho đi tiếp lúc {}", format::moment(at))
        }
        (None, None, true) => "Chờ dấu thời gian".to_owned(),
        (None, None, false) => "Không có dấu thời gian: cơ quan chưa khai báo máy chủ cấp dấu thời gian".to_owned(),
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let at = Timestamp(1_770_000_000_000_000);
    let signature = |kind: SignerKind, waits: bool, tries: i64| Signature {
        id: Id(81),
        document: Id(51),
        signer: Id(41),
        kind,
        officer: Id(7),
        at,
        stamped_at: Some(at).filter(|_| !waits),
        waived_at: None,
        waived_by: None,
        seen: None,
        waits,
        tries,
        told: Some("Không liên lạc được với máy chủ dịch vụ chứng thực. Hãy thử lại sau.".to_owned())
            .filter(|_| tries > 0),
    };
    let opened = |state: State, signatures: Vec<Signature>, in_hand: bool| Opened {
        document: sample_document(state),
        record: Record {
            id: Id(61),
            kind: "dossier".to_owned(),
            code: "H55.12-260205-0007".to_owned(),
            title: "Cấp giấy xác nhận tình trạng hôn nhân – Lò Thị Mẩy (mẫu)".to_owned(),
            unit: Id(3),
            link: "/ho-so/H55.12-260205-0007".to_owned(),
            confidentiality: "normal".to_owned(),
            created_at: at,
        },
        signatures,
        names: HashMap::from([(Id(7), "Nguyễn Thị Phương Thảo (mẫu)".to_owned())]),
        in_hand,
        post: None,
        why: (Why::Step, None),
        may_sign: true,
        may_seal: false,
        has_server: true,
        command: "0".repeat(32),
    };
    let (person, agency, fresh) = (SignerKind::Person, SignerKind::Agency, FormState::new(Lang::Vi));
    let mut wrong = FormState::sent(Lang::Vi, [("reason", "")]);
    wrong.refuse("reason", "missing", "Ghi lý do rút văn bản, nhiều nhất 500 chữ.");
    let mut unserved = opened(State::Signed, vec![signature(person, true, 0)], true);
    unserved.has_server = false;
    let sample = |name, page| Sample { name, page };
    vec![
        sample("signing-document/drafted", opened(State::Drafted, Vec::new(), true).draw(&fresh)),
        sample("signing-document/waiting", opened(State::Signed, vec![signature(person, true, 0)], true).draw(&fresh)),
        sample("signing-document/not-had", opened(State::Signed, vec![signature(person, true, 3)], true).draw(&fresh)),
        sample(
            "signing-document/sealed",
            opened(State::Sealed, vec![signature(person, false, 0), signature(agency, false, 0)], false).draw(&fresh),
        ),
        sample("signing-document/no-server", unserved.draw(&fresh)),
        sample("signing-document/withdrawn", opened(State::Withdrawn, Vec::new(), true).draw(&fresh)),
        sample("signing-document/wrong", opened(State::Drafted, Vec::new(), true).draw(&wrong)),
    ]
}
