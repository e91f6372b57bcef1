//! Putting a certificate on the list of trust, and taking one off.

use super::{TRUST, reading, trust};
use crate::trusted::{self, Trusted};
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::IntoResponse;
use types::{Error, Id, Result};
use ui::{
    Actions, Button, Container, ErrorSummary, Field, FormBox, FormState, Html, Lang, PageHead, Panel, Stack, format,
};
use web::{Ctx, Fields, Outcome, Page, Path, Sample, see};

/// A bundle of certificates has some kilobytes.
const FILE_BYTES_MAX: usize = 256 * 1024;

/// GET /quan-tri/chung-thu-tin-cay/them
pub(super) async fn new(ctx: Ctx) -> Outcome {
    trust::tops(&ctx).await?;
    Ok(adding(&FormState::new(Lang::Vi), &ctx.new_command()).into_response())
}

/// POST /quan-tri/chung-thu-tin-cay/them
pub(super) async fn add(ctx: Ctx, parts: std::result::Result<Multipart, MultipartRejection>) -> Outcome {
    let tops = trust::tops(&ctx).await?;
    let mut sent = reading::read(parts, (FILE_BYTES_MAX, "Tệp chứng thư lớn quá 256 KB.")).await?;
    let mut form = FormState::sent(Lang::Vi, [sent.typed("sha256"), sent.typed("source")]);
    let file = sent.take("file").ok_or_else(|| Error::invalid("file", "Chọn tệp chứng thư."));
    let brought = file.and_then(|file| trusted::bring(&file.bytes, (form.value("sha256"), form.value("source"))));
    let done = match brought {
        Ok(brought) => {
            let command = ctx.command("signatures.trust", sent.fields.text("command"), post_of(&ctx, &tops))?;
            ctx.store().write(command.about(&brought), move |tx| trusted::add(tx, &brought)).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(see(TRUST)),
        Err(error) => {
            form.absorb(error)?;
            Ok(adding(&form, &ctx.new_command()).into_response())
        }
    }
}

/// GET /quan-tri/chung-thu-tin-cay/{id}/bo
pub(super) async fn removing(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    trust::tops(&ctx).await?;
    let trusted = find(&ctx, id).await?;
    Ok(taking_off(&trusted, &ctx.new_command()).into_response())
}

/// POST /quan-tri/chung-thu-tin-cay/{id}/bo
pub(super) async fn remove(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let tops = trust::tops(&ctx).await?;
    let command = ctx.command("signatures.distrust", fields.text("command"), post_of(&ctx, &tops))?;
    ctx.store().write(command, move |tx| trusted::remove(tx, id)).await?;
    Ok(see(TRUST))
}

async fn find(ctx: &Ctx, id: Id) -> Result<Trusted> {
    let all = ctx.store().read(trusted::all).await?;
    all.into_iter().find(|trusted| trusted.id == id).ok_or_else(|| Error::not_found("chứng thư"))
}

/// The post that may: where it is another's, the audit says on whose behalf.
fn post_of(ctx: &Ctx, tops: &[Id]) -> Option<Id> {
    let may =
        |post: &&web::HeldPost| post.permissions.contains(crate::SIGNATURES_TRUST.name) && tops.contains(&post.unit);
    ctx.who.posts().find(may).map(|post| post.id)
}

fn adding(form: &FormState, command: &str) -> Page {
    let head = PageHead::new("Thêm chứng thư tin cậy")
        .lead("Chứng thư của các tổ chức nhà nước mà phần mềm đã biết mã băm thì chỉ cần chọn tệp. Chứng thư khác phải có mã băm lấy từ nơi công bố, không chép từ chính tệp.")
        .back("Chứng thư tin cậy", TRUST);
    let fields = [
        Field::file("file", "Tệp chứng thư", ".cer,.crt,.pem,.der,.p7b,.p7c"),
        Field::textarea("sha256", "Mã băm SHA-256 do tổ chức công bố", 2)
            .hint("Chỉ cần với chứng thư phần mềm chưa biết. 64 chữ số thập lục phân; nhiều mã thì mỗi mã một dòng.")
            .optional(),
        Field::text("source", "Nơi công bố mã băm")
            .hint("Ví dụ: số và ngày của công văn, địa chỉ trang của tổ chức.")
            .optional()
            .max_length(trusted::SOURCE_MAX),
    ];
    let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
    let buttons =
        Actions.around(Html::from(Button::submit("Thêm vào danh sách")).and(Button::link("Hủy", TRUST).tertiary()));
    let boxed = FormBox::post(format!("{TRUST}/them")).hidden("command", command).upload().around(fields.and(buttons));
    let body = Html::from(head).and(ErrorSummary::of(form)).and(Panel.around(boxed));
    let page = Page::desk(form.title("Thêm chứng thư tin cậy"), Stack.around(body));
    page.with_status(form.status())
}

fn taking_off(trusted: &Trusted, command: &str) -> Page {
    let name = &trusted.entry.name;
    let head = PageHead::new(format!("Bỏ «{name}» khỏi danh sách"))
        .lead(format!(
            "Mã băm {}, thêm ngày {}. Từ lúc bỏ, mọi chữ ký có chứng thư do tổ chức này cấp không được công nhận nữa, kể cả chữ ký cũ.",
            trusted.entry.sha256,
            format::date(trusted.added_at.day())
        ))
        .back("Chứng thư tin cậy", TRUST);
    let buttons = Html::from(Button::submit("Bỏ khỏi danh sách").danger()).and(Button::link("Hủy", TRUST).tertiary());
    let boxed =
        FormBox::post(format!("{TRUST}/{}/bo", trusted.id)).hidden("command", command).around(Actions.around(buttons));
    Page::desk("Bỏ chứng thư tin cậy", Stack.around(Html::from(head).and(Panel.around(boxed))))
}

pub(super) fn samples() -> Vec<Sample> {
    let command = "0".repeat(32);
    let mut wrong = FormState::sent(Lang::Vi, [("sha256", "12"), ("source", "")]);
    wrong.refuse("sha256", "wrong", "Mã băm SHA-256 gồm 64 chữ số thập lục phân (0–9, a–f).");
    vec![
        Sample { name: "signature-trust/new", page: adding(&FormState::new(Lang::Vi), &command) },
        Sample { name: "signature-trust/wrong", page: adding(&wrong, &command) },
        Sample { name: "signature-trust/remove", page: taking_off(&trust::sample(), &command) },
    ]
}
