//! GET /quan-tri/may/sao-luu : where and when backups are made.

use super::{command, keepers_only, sent};
use crate::upkeep::plan::{self, KEEP_MAX, Plan};
use crate::upkeep::{TOP, plan::refused_folder};
use axum::response::IntoResponse;
use calendar::typed_clock;
use http::StatusCode;
use ui::prelude::*;
use web::{Ctx, Fields, Outcome, Page, see};

/// What the form proposes.
const AT_MINUTE: i64 = 22 * 60 + 30;
const KEEP: i64 = 14;

/// GET /quan-tri/may/sao-luu
pub async fn show(ctx: Ctx) -> Outcome<Page> {
    keepers_only(&ctx).await?;
    let plan = ctx.store().read(plan::read).await?;
    Ok(draw(plan.as_ref(), &FormState::new(Lang::Vi), &ctx.new_command()))
}

/// POST /quan-tri/may/sao-luu
pub async fn save(ctx: Ctx, fields: Fields) -> Outcome {
    keepers_only(&ctx).await?;
    let mut form = sent(&fields);
    let data = ctx.house.settings().data.clone();
    let folder = form.value("folder").trim().to_owned();
    let looked = folder.clone();
    let refused = tokio::task::spawn_blocking(move || refused_folder(&looked, &data));
    if let Some(wrong) = refused.await.map_err(|e| types::Error::internal(format!("looking at a folder: {e}")))? {
        form.refuse("folder", "folder", wrong.message);
    }
    let at = typed_clock(form.value("at"));
    if at.is_err() {
        form.refuse("at", "clock", "Nhập giờ trong ngày, ví dụ 22:30.");
    }
    let keep = form.value("keep").trim().parse::<i64>().ok().filter(|keep| (1..=KEEP_MAX).contains(keep));
    if keep.is_none() {
        form.refuse("keep", "number", format!("Nhập số từ 1 đến {KEEP_MAX}."));
    }
    if let (true, Ok(at), Some(keep)) = (form.is_valid(), at, keep) {
        let command = command(&ctx, "upkeep.plan_backups", &fields)?;
        ctx.store().write(command, move |tx| plan::set(tx, (&folder, i64::from(at), keep))).await?;
        return Ok(see(&format!("{TOP}?xong=noi-luu")));
    }
    Ok(draw(None, &form, &ctx.new_command()).into_response())
}

/// The form.
pub fn draw(plan: Option<&Plan>, form: &FormState, command: &str) -> Page {
    let title = "Sao lưu tự động";
    let at = plan.map_or(AT_MINUTE, |plan| plan.at_minute);
    let folder = Field::text("folder", "Thư mục lưu")
        .hint("Đường dẫn trên máy chủ. Nên ở ổ khác với dữ liệu, hoặc là USB, ví dụ /media/usb.")
        .max_length(300)
        .value(plan.map_or("", |plan| plan.folder.as_str()));
    let clock = Field::text("at", "Giờ sao lưu mỗi ngày")
        .hint("Ví dụ 22:30. Máy đang tắt vào giờ này thì sao lưu khi bật lại.")
        .width(Width::Short)
        .value(format!("{:02}:{:02}", at / 60, at % 60));
    let keep = Field::digits("keep", "Giữ bao nhiêu bản mới nhất")
        .hint("Bản cũ hơn được xóa. Tệp khác trong thư mục không bị đụng đến.")
        .width(Width::Short)
        .value(plan.map_or(KEEP, |plan| plan.keep).to_string());
    let fields = [folder, clock, keep].into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
    let buttons = Actions.around(Html::from(Button::submit("Lưu")).and(Button::link("Hủy", TOP).tertiary()));
    let boxed = FormBox::post(format!("{TOP}/sao-luu")).hidden("command", command).warn_unsaved();
    let lead = "Mỗi bản là toàn bộ dữ liệu và tệp, được khóa: người nhặt được USB không đọc được gì.";
    let head = PageHead::new(title).lead(lead).back("Kiểm tra máy", TOP);
    let body = Html::from(head).and(ErrorSummary::of(form)).and(Panel.around(boxed.around(fields.and(buttons))));
    let page = Page::desk(form.title(title), Stack.around(body));
    if form.is_valid() { page } else { page.with_status(StatusCode::UNPROCESSABLE_ENTITY) }
}
