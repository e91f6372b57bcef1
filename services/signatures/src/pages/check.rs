//! /kiem-tra-chu-ky : whether a file is genuine, for whoever holds it. The file is looked at and forgotten.

use super::{CHECK, report};
use crate::FILE_BYTES_MAX;
use crate::handed::{Checked, check as check_file, take};
use axum::Json;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use signing::verify::Issued;
use types::{Error, Result};
use ui::{Actions, Button, Container, ErrorSummary, Field, FormBox, FormState, Html, Lang, PageHead, Panel, Stack};
use web::{Ctx, Outcome, Page, Sample};

const TITLE: &str = "Kiểm tra chữ ký số";
const LEAD: &str = "Chọn tệp PDF có chữ ký số để biết ai đã ký, ký lúc nào và tệp có bị sửa sau khi ký hay không. \
                    Tệp chỉ được đọc để kiểm tra, không được lưu lại.";

/// GET /kiem-tra-chu-ky
pub(super) async fn show(_: Ctx) -> Outcome {
    Ok(asking(&FormState::new(Lang::Vi)).into_response())
}

/// POST /kiem-tra-chu-ky : a page, or JSON for whoever asks for it.
pub(super) async fn check(
    ctx: Ctx,
    headers: HeaderMap,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Outcome {
    let as_json = headers
        .get(header::ACCEPT)
        .and_then(|kinds| kinds.to_str().ok())
        .is_some_and(|kinds| kinds.starts_with("application/json"));
    match look(&ctx, form).await {
        Ok(looked) if as_json => Ok(Json(report::told(&looked)).into_response()),
        Ok(looked) => Ok(unindexed(answer(&looked))),
        Err(error @ (Error::Invalid(_) | Error::Busy(_))) if as_json => {
            let told = serde_json::json!({ "code": error.code(), "message": error.to_string() });
            Ok((web::status(&error), Json(told)).into_response())
        }
        Err(error) => {
            let mut form = FormState::sent(Lang::Vi, [("file", "")]);
            form.absorb(error)?;
            Ok(unindexed(asking(&form)))
        }
    }
}

async fn look(ctx: &Ctx, form: std::result::Result<Multipart, MultipartRejection>) -> Result<Checked> {
    let taken = take(ctx, form, "Chọn tệp PDF cần kiểm tra.").await?;
    if !taken.is_pdf() {
        return Err(Error::invalid(
            "file",
            "Tệp này không phải PDF. Chữ ký số của văn bản hành chính nằm trong tệp PDF.",
        ));
    }
    check_file(ctx, taken).await
}

/// What was found in somebody's file is nothing for search engines or referrers.
fn unindexed(page: Page) -> Response {
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    (headers, page).into_response()
}

fn form(form: &FormState) -> Html {
    let field = Field::file("file", "Tệp PDF", ".pdf,application/pdf").hint(format!(
        "Lớn nhất {} MB. Dùng tệp gốc: bản chụp hoặc bản in không còn chữ ký số.",
        FILE_BYTES_MAX / 1024 / 1024
    ));
    let button = Actions.around(Html::from(Button::submit("Kiểm tra")));
    Panel.around(FormBox::post(CHECK).upload().around(Html::from(field.of(form)).and(button)))
}

fn asking(state: &FormState) -> Page {
    let head = PageHead::new(TITLE).back("Trang đầu", "/").lead(LEAD);
    let body = Stack.around(Html::from(ErrorSummary::of(state)).and(form(state)));
    let page = Page::citizen(state.title(TITLE), ui::Page.around(Html::from(head).and(body)));
    page.with_status(state.status())
}

fn answer(looked: &Checked) -> Page {
    let size = ui::format::file_size(looked.bytes as u64);
    let head = PageHead::new(TITLE).back("Kiểm tra tệp khác", CHECK).lead(format!("{} ({size})", looked.name));
    let body = Stack.around(looked.drawn().and(form(&FormState::new(Lang::Vi))));
    Page::citizen(report::title(looked), ui::Page.around(Html::from(head).and(body)))
}

pub(super) fn samples() -> Vec<Sample> {
    let mut wrong = FormState::sent(Lang::Vi, [("file", "")]);
    wrong.refuse("file", "missing", "Chọn tệp PDF cần kiểm tra.");
    let looked = |report, trusts_nobody| Checked {
        name: "Trích lục khai sinh – Nguyễn Thị Thanh Hà (bản điện tử).pdf".to_owned(),
        bytes: 184_320,
        report,
        issued: Some(Issued { number: Some("05/CT-SY".to_owned()), date: None, signature: 0 }),
        trusts_nobody,
    };
    let mut samples = vec![
        Sample { name: "signature-check/fresh", page: asking(&FormState::new(Lang::Vi)) },
        Sample { name: "signature-check/wrong", page: asking(&wrong) },
        Sample { name: "signature-check/nobody-trusted", page: answer(&looked(report::samples::untrusted(), true)) },
    ];
    let states = [
        ("signature-check/valid", report::samples::valid()),
        ("signature-check/to-look-at", report::samples::to_look_at()),
        ("signature-check/changed", report::samples::changed()),
        ("signature-check/unsigned", report::samples::unsigned()),
        ("signature-check/undated", report::samples::undated()),
    ];
    samples.extend(states.map(|(name, report)| Sample { name, page: answer(&looked(report, false)) }));
    samples
}
