//! Signing with a token at one's own computer: the page that hands documents to the government's tool there, and the two
//! addresses at which the tool, which has no session, fetches a document and hands it in.

use super::queue::{Outcomes, PICKED, Queue, SENDING_MAX, log, not_yet};
use super::reading;
use crate::checking::TAKE_MAX;
use crate::document::Role;
use crate::sign::{self, Out, Pass, ToSign};
use crate::signer::{Signer, SignerKind};
use crate::{Means, Received};
use ::signing::tool::{Denied, Receipt, Request, UPLOAD_FIELD};
use axum::Json;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::{IntoResponse, Response};
use files::FileStore;
use http::{HeaderValue, header};
use std::time::Instant;
use types::{Error, Id, Result};
use ui::{Actions, Button, Container, Html, Notice, PageHead, Panel, Stack, Tone, ToolRun, csp};
use web::{Ctx, Outcome, Page, Path, Query, Sample};

/// Where the tool comes, with an errand and its pass.
const TOOL: &str = "/cong-cu-ky";
/// Where the page waits for the tool: on the signer's own computer, and nowhere else.
const AT_THIS_COMPUTER: &str = "wss://127.0.0.1:8987";

/// Documents that are handed to the tool.
struct Run {
    kind: SignerKind,
    /// Whom the certificate names.
    name: String,
    /// Title, address of the tool, and what it is told.
    documents: Vec<(String, String, String)>,
    errands: Vec<Id>,
    /// What was not sent out, and why.
    refused: Vec<(String, Id, Error)>,
    /// There are copies or attachments among them.
    has_lines: bool,
}

/// Sends out what was picked, and answers the page that hands it to the tool. What fails leaves the others; where all do,
/// the reasons are told on the page of what waits.
///
/// # Errors
/// With what could not be sent, in the order of the page, when nothing could.
pub(super) async fn send_out(
    ctx: &Ctx,
    signer: &Signer,
    wanted: Vec<(String, ToSign)>,
) -> std::result::Result<Response, Vec<(String, Id, Error)>> {
    let (kind, name, began) = (signer.kind, signer.name.clone(), Instant::now());
    let mut run = Run { kind, name, documents: Vec::new(), errands: Vec::new(), refused: Vec::new(), has_lines: false };
    for (title, wanted) in wanted {
        let id = wanted.document;
        if began.elapsed() > SENDING_MAX {
            run.refused.push((title, id, not_yet()));
            continue;
        }
        let sent = match sign::send_out(ctx, signer, wanted).await {
            Ok(out) => told(&out).map(|request| (out, request)),
            Err(error) => Err(error),
        };
        match sent {
            Ok((out, request)) => {
                run.errands.push(out.errand);
                run.documents.push((out.role.named(&title), out.command.address(), request));
                run.has_lines |= out.role != Role::Main;
            }
            Err(error) => {
                log(id, &error);
                run.refused.push((title, id, error));
            }
        }
    }
    if run.documents.is_empty() { Err(run.refused) } else { Ok(run.answer()) }
}

/// What the tool is told. Its addresses begin at this site's root: the page knows how the browser calls the site, and the
/// tool runs where the browser does.
fn told(out: &Out) -> Result<String> {
    let Out { errand, passes, issue, .. } = out;
    let file = format!("{TOOL}/{errand}/{}/van-ban-{errand}.pdf", passes.fetch.as_str());
    let upload = format!("{TOOL}/{errand}/{}", passes.hand_in.as_str());
    let mut request = Request::new(file, upload);
    if let Some((number, day)) = issue.clone() {
        (request.number, request.issued) = (number, Some(day));
    }
    Ok(request.to_json()?)
}

impl Run {
    fn answer(&self) -> Response {
        let policy = csp::with_connections(AT_THIS_COMPUTER);
        let page = self.draw();
        match HeaderValue::from_str(&policy) {
            Ok(policy) => ([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response(),
            Err(_) => page.into_response(),
        }
    }

    fn draw(&self) -> Page {
        let title = "Ký bằng USB ký số";
        let waits = super::queue::path(self.kind);
        let ids: Vec<String> = self.errands.iter().map(|id| format!("{PICKED}={id}")).collect();
        let end = format!("{waits}/tren-may?{}", ids.join("&"));
        let head = PageHead::new(title).back("Văn bản đang chờ", waits).lead(format!(
            "{} văn bản được chuyển lần lượt cho công cụ ký trên máy này. Cắm USB của «{}» và nhập mã PIN khi công cụ hỏi; \
             phần mềm không thấy mã PIN. Giữ trang này mở đến khi xong.",
            self.documents.len(),
            self.name
        ));
        let run = self
            .documents
            .iter()
            .fold(ToolRun::new(&end), |run, (title, address, request)| run.document(title, address, request));
        let help = Notice::new(
            Tone::Info,
            "Máy cần cài công cụ ký số VGCA Sign Service và đang mở. Nếu trình duyệt hỏi quyền truy cập thiết bị trên mạng cục bộ, hãy cho phép.",
        );
        let lines = "Trên bản sao và văn bản kèm theo, công cụ ghi các dòng chữ ở góc trên bên phải trang đầu. Hãy chọn đúng hình thức sao, kiểm tra số, ngày của văn bản chính khi công cụ hỏi, và xem lại tệp sau khi ký.";
        let help = if self.has_lines { Html::from(Notice::new(Tone::Warning, lines)).and(help) } else { help.into() };
        let after = Actions.around(Button::link("Xem kết quả", end.clone()).secondary());
        let refused = super::queue::refused(&self.refused, "văn bản không gửi đi ký được, vẫn như cũ");
        let body = Html::from(head).and(refused).and(Panel.around(Stack.around(Html::from(run).and(after)))).and(help);
        Page::desk(title, Stack.around(body))
    }
}

/// GET /ky-so/tren-may
pub(super) async fn signed(ctx: Ctx, Query(asked): Query<Vec<(String, String)>>) -> Outcome {
    came_back(&ctx, SignerKind::Person, asked).await
}

/// GET /dong-dau/tren-may
pub(super) async fn sealed(ctx: Ctx, Query(asked): Query<Vec<(String, String)>>) -> Outcome {
    came_back(&ctx, SignerKind::Agency, asked).await
}

/// What became of what was sent out, as the files that came back say, and not the tool.
async fn came_back(ctx: &Ctx, kind: SignerKind, asked: Vec<(String, String)>) -> Outcome {
    let asked = asked.iter().filter(|(name, _)| name == PICKED).filter_map(|(_, id)| id.parse().ok());
    let ids: Vec<Id> = asked.take(crate::document::LISTED_MAX).collect();
    let (sent, documents) = sign::came_back(ctx, ids).await?;
    let title = |id: Id| documents.iter().find(|document| document.id == id).map(|document| document.title.clone());
    let mut outcomes = Outcomes::default();
    for sent in sent {
        let title = title(sent.document).unwrap_or_default();
        match (sent.signature, sent.told) {
            (Some(_), _) => outcomes.done.push((title, sent.document)),
            (None, told) => {
                let nothing = || match sent.errand.used() {
                    Some(_) => "Văn bản đã về và đang được kiểm tra. Hãy tải lại trang sau ít giây.".to_owned(),
                    None => "Công cụ ký chưa gửi văn bản về. Hãy kiểm tra USB ký số rồi ký lại.".to_owned(),
                };
                let error = Error::Conflict(told.unwrap_or_else(nothing));
                outcomes.refused.push((title, sent.document, error));
            }
        }
    }
    Queue::after(ctx, kind, outcomes).await
}

/// GET /cong-cu-ky/{id}/{pass}/{name}
pub(super) async fn fetch(ctx: Ctx, Path((id, pass, _)): Path<(Id, String, String)>) -> Outcome<Response> {
    let file = sign::fetch(&ctx, id, pass).await?;
    Ok(files::serve(&ctx.house.service::<FileStore>(), &file).await?)
}

/// POST /cong-cu-ky/{id}/{pass}
pub(super) async fn hand_in(
    ctx: Ctx,
    Path((id, pass)): Path<(Id, String)>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Outcome<Response> {
    // The tool shows what it is told.
    Ok(match take(&ctx, (id, pass), form).await {
        Ok(document) => {
            let address = format!("{}{}/{document}/tep", ctx.house.settings().public_url, super::DOCUMENT);
            Json(Receipt::taken(format!("van-ban-{document}.pdf"), address)).into_response()
        }
        Err(error @ (Error::Conflict(_) | Error::Invalid(_) | Error::NotFound(_) | Error::Unavailable { .. })) => {
            Json(Receipt::refused(error.to_string())).into_response()
        }
        Err(error @ (Error::Forbidden(_) | Error::Busy(_))) => {
            (web::answer::status(&error), Json(Receipt::refused(error.to_string()))).into_response()
        }
        Err(error) => return Err(error.into()),
    })
}

async fn take(
    ctx: &Ctx,
    (id, pass): (Id, String),
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Id> {
    // Nobody without a pass is listened to for megabytes, and whoever has one waits for a place.
    let known = sign::pass(ctx, id, pass.clone()).await?;
    let place = ctx.house.service::<Means>().receiving().await?;
    let reading = reading::read(form, (super::RETURNED_BYTES_MAX, "Tệp nhận về từ công cụ ký quá lớn."));
    let too_slow =
        |_| Error::invalid("form", "Tệp gửi về quá lâu nên lần gửi này đã dừng. Hãy ký lại khi mạng ổn định.");
    let mut sent = tokio::time::timeout(TAKE_MAX, reading).await.map_err(too_slow)??;
    let file = sent.take(UPLOAD_FIELD).ok_or_else(|| Error::invalid(UPLOAD_FIELD, "Không có tệp nào được gửi về."))?;
    let received = Received { bytes: file.bytes, place };
    match known {
        Pass::Good => sign::hand_in(ctx, id, (pass, received)).await,
        Pass::Spent { taken, document } => {
            if sign::is_taken(taken, received).await? {
                Ok(document)
            } else {
                Err(Denied::Used.into())
            }
        }
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let document = |number: u8| {
        let title = "Giấy xác nhận tình trạng hôn nhân của bà Lò Thị Mẩy để đăng ký kết hôn với người nước ngoài";
        (format!("{title} – số 0{number}/GXN-UBND"), format!("{AT_THIS_COMPUTER}/SignApproved"), "{}".to_owned())
    };
    let run = Run {
        kind: SignerKind::Person,
        name: "Nguyễn Thị Phương Thảo (mẫu)".to_owned(),
        documents: (1..=3).map(document).collect(),
        errands: vec![Id(81), Id(82), Id(83)],
        refused: vec![("Trích lục khai sinh (mẫu)".to_owned(), Id(54), crate::document::outdated())],
        has_lines: true,
    };
    vec![Sample { name: "signing/at-desk", page: run.draw() }]
}
