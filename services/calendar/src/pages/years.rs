//! The years whose days off are known.

use axum::response::IntoResponse;
use ui::{Breadcrumbs, Button, Card, Cell, Container, Html, Icon, NotVerified, PageHead, Row, Stack, Table, Tag, Tone};
use web::{Ctx, Outcome, Page};

use super::form_page::{only_if, parts};
use super::{TOP, YEARS, scope};
use crate::national::{self, KnownYear};

/// What the page shows.
pub(crate) struct YearsPage {
    pub years: Vec<KnownYear>,
    pub may_keep: bool,
}

impl YearsPage {
    pub(crate) fn draw(&self) -> Page {
        let way = Breadcrumbs::to("Ngày nghỉ cả nước").via("Lịch làm việc", TOP);
        let enter = Button::link("Nhập một năm", format!("{YEARS}/nhap")).icon(Icon::Plus);
        let head = PageHead::new("Ngày nghỉ cả nước")
            .lead("Ngày lễ theo luật, đợt nghỉ và ngày làm việc hoán đổi theo quyết định từng năm. Thời hạn rơi vào năm chưa có lịch thì không tính được.")
            .beside(only_if(self.may_keep, enter));
        let row = |known: &KnownYear| {
            let verified = known.decided.iter().all(|(_, decided)| decided.decision().verified);
            let state = if verified {
                Tag::new(Tone::Success, Icon::ShieldCheck, "Đã kiểm chứng").into()
            } else {
                Html::from(NotVerified::new())
            };
            Row::new([
                Cell::link(format!("Năm {}", known.year), format!("{YEARS}/{}", known.year)),
                Html::text(origin(known)),
                Html::text(known.decided.len()),
                state,
            ])
        };
        let columns = ["Năm", "Dữ liệu", "Số quyết định", "Đối chiếu văn bản"];
        let table = Table::new("Các năm đã có lịch").columns(columns).rows(self.years.iter().rev().map(row));
        let card = Card::quiet("Các năm đã có lịch").flush().around(table);
        Page::desk("Ngày nghỉ cả nước", Stack.around(parts([way.into(), head.into(), card])))
    }
}

/// Where what is known of a year comes from.
pub(super) fn origin(known: &KnownYear) -> &'static str {
    let added = known.decided.iter().any(|(id, _)| id.is_some());
    match (known.entered, known.shipped, added) {
        (true, true, _) => "nhập tại đây, thay dữ liệu kèm phần mềm",
        (true, false, _) => "nhập tại đây",
        (false, _, true) => "kèm phần mềm, có bổ sung",
        (false, _, false) => "kèm phần mềm",
    }
}

pub(crate) async fn list(ctx: Ctx) -> Outcome {
    let (years, tops) =
        scope::read(&ctx, |reader, _, tree| Ok((national::years(reader)?, scope::NATION.tops(reader, tree)?))).await?;
    let may_keep = scope::NATION.kept_by(&ctx.who, &tops);
    Ok(YearsPage { years, may_keep }.draw().into_response())
}
