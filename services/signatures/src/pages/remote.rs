//! /ky-so/tu-xa/{id} and /dong-dau/tu-xa/{id} : a request that waits for its owner's phone, and what came of it.

use super::queue::{self, Outcomes, Queue};
use crate::remote_job::{RemoteDocument, RemoteJob};
use crate::sign;
use crate::signer::SignerKind;
use axum::response::IntoResponse;
use types::{Error, Id, Timestamp};
use ui::{
    Actions, Awaited, Button, CheckList, Container, FormBox, Html, Icon, Link, Notice, PageHead, Panel, Stack, Tone,
    format,
};
use web::{Ctx, Fields, Outcome, Page, Path, Sample, see};

/// Where a request is shown.
pub(super) fn address(kind: SignerKind, job: Id) -> String {
    format!("{}/tu-xa/{job}", queue::path(kind))
}

/// GET /ky-so/tu-xa/{id}
pub(super) async fn signing(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    show(&ctx, SignerKind::Person, id).await
}

/// GET /dong-dau/tu-xa/{id}
pub(super) async fn sealing(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    show(&ctx, SignerKind::Agency, id).await
}

/// POST /ky-so/tu-xa/{id}/huy
pub(super) async fn give_up_signing(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    give_up(&ctx, SignerKind::Person, id, fields).await
}

/// POST /dong-dau/tu-xa/{id}/huy
pub(super) async fn give_up_sealing(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    give_up(&ctx, SignerKind::Agency, id, fields).await
}

async fn give_up(ctx: &Ctx, kind: SignerKind, id: Id, fields: Fields) -> Outcome {
    sign::give_up(ctx, id, fields.text("command")).await?;
    Ok(see(&address(kind, id)))
}

async fn show(ctx: &Ctx, kind: SignerKind, id: Id) -> Outcome {
    let (job, asked_as, documents) = sign::asked(ctx, id).await?;
    if asked_as != kind {
        return Err(Error::not_found("yêu cầu ký").into());
    }
    if job.ended_at.is_none() {
        let waiting = Waiting { kind, documents: listed(documents), command: ctx.new_command(), job: shown(&job) };
        return Ok(waiting.draw().into_response());
    }
    let mut outcomes = Outcomes::default();
    for RemoteDocument { title, document, told, signature, .. } in documents {
        match (document, signature) {
            (Some(document), Some(_)) => outcomes.done.push((title, document)),
            (document, _) => {
                let why = told.or_else(|| job.told.clone());
                let why = why.unwrap_or_else(|| "Văn bản chưa được ký. Hãy gửi lại yêu cầu.".to_owned());
                outcomes.refused.push(refused(title, document, why));
            }
        }
    }
    Queue::after(ctx, kind, outcomes).await
}

/// A document that is not signed, with why; one that is not this person's has no page.
fn refused(title: String, document: Option<Id>, why: String) -> (String, Id, Error) {
    match document {
        Some(document) => (title, document, Error::Conflict(why)),
        None => (title, Id(0), Error::not_found("văn bản chờ ký")),
    }
}

/// Of a job what the page shows.
struct Shown {
    id: Id,
    description: String,
    until: Timestamp,
}

fn shown(job: &RemoteJob) -> Shown {
    Shown { id: job.id, description: job.description.clone(), until: job.until }
}

fn listed(documents: Vec<RemoteDocument>) -> Vec<Listed> {
    let one = |RemoteDocument { document, title, told, .. }| Listed { document, title, told };
    documents.into_iter().map(one).collect()
}

/// A document on the page.
struct Listed {
    document: Option<Id>,
    title: String,
    /// Why it was not sent.
    told: Option<String>,
}

/// The page of a request that waits.
struct Waiting {
    kind: SignerKind,
    documents: Vec<Listed>,
    command: String,
    job: Shown,
}

impl Waiting {
    fn draw(&self) -> Page {
        let title = "Chờ xác nhận trên điện thoại";
        let address = address(self.kind, self.job.id);
        let sent = self.documents.iter().filter(|document| document.told.is_none());
        let list = sent.clone().fold(CheckList::new(), |list, document| {
            let id = document.document.unwrap_or(Id(0));
            list.item_with(Icon::Clock, Link::new(&document.title, format!("{}/{id}", super::DOCUMENT)), "")
        });
        let head = PageHead::new(title).back("Văn bản đang chờ", queue::path(self.kind)).lead(format!(
            "Mở ứng dụng ký số trên điện thoại và xác nhận trước {}. Chỉ xác nhận khi điện thoại hiện đúng nội dung dưới đây; \
             một lần xác nhận ký {} văn bản.",
            format::moment(self.job.until),
            sent.count()
        ));
        let refused: Vec<(String, Id, Error)> = self
            .documents
            .iter()
            .filter_map(|document| {
                Some(self::refused(document.title.clone(), document.document, document.told.clone()?))
            })
            .collect();
        let refused = queue::refused(&refused, "văn bản không gửi đi ký được, vẫn như cũ");
        let on_phone = Notice::new(Tone::Info, Html::text(&self.job.description)).titled("Nội dung trên điện thoại");
        let cancel = FormBox::post(format!("{address}/huy"))
            .hidden("command", &self.command)
            .around(Button::submit("Hủy yêu cầu").secondary());
        let buttons = Actions.around(Html::from(Button::link("Xem lại", &address).tertiary()).and(cancel));
        let awaited = Awaited::new("Đang chờ. Trang này tự chuyển khi có trả lời.", &address);
        let panel = Panel.around(Stack.around(Html::from(awaited).and(list).and(buttons)));
        Page::desk(title, Stack.around(Html::from(head).and(refused).and(on_phone).and(panel)))
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let title = "Giấy xác nhận tình trạng hôn nhân của bà Lò Thị Mẩy để đăng ký kết hôn với người nước ngoài";
    let document = |number: i64, told: Option<&str>| Listed {
        document: Some(Id(50 + number)),
        title: format!("{title} – số 0{number}/GXN-UBND"),
        told: told.map(str::to_owned),
    };
    let waiting = Waiting {
        kind: SignerKind::Person,
        documents: vec![
            document(1, None),
            document(2, None),
            document(3, Some("Chưa đến lượt trong lần xác nhận này.")),
        ],
        command: "0".repeat(32),
        job: Shown {
            id: Id(91),
            description: format!("Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu): ký 2 văn bản – {title}; {title}"),
            until: Timestamp(1_770_000_300_000_000),
        },
    };
    vec![Sample { name: "signing/at-phone", page: waiting.draw() }]
}
