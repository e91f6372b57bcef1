//! The units whose calendars an officer may see.

use axum::response::IntoResponse;
use directory::UnitTree;
use serde::Deserialize;
use std::collections::HashSet;
use store::{Reader, params};
use types::{Id, Result, text};
use ui::{
    Button, Card, Cell, Container, EmptyState, Html, Icon, Notice, PageHead, Row, Search, Stack, Table, Tag, Tone,
};
use web::{Ctx, Outcome, Page, Query};

use super::{TOP, YEARS, scope};
use crate::permissions::CALENDAR_SEE;

/// Longer lists are not read to the end by anybody.
const ROWS_MAX: usize = 200;

/// What was looked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    q: String,
}

/// What the page shows.
pub(crate) struct UnitsPage {
    pub units: Vec<UnitLine>,
    pub more: bool,
    pub sought: String,
}

/// One unit.
pub(crate) struct UnitLine {
    pub id: Id,
    pub name: String,
    /// The unit above it.
    pub above: String,
    pub own_hours: bool,
}

impl UnitsPage {
    pub(crate) fn draw(&self) -> Page {
        let head = PageHead::new("Lịch làm việc")
            .lead("Giờ làm việc và ngày nghỉ của từng đơn vị; mọi thời hạn được tính theo lịch này.")
            .beside(Button::link("Ngày nghỉ cả nước", YEARS).icon(Icon::Calendar).secondary());
        let search = Search::new(TOP, "Tìm đơn vị theo tên hoặc mã").value(&self.sought).id("find-unit");
        let more = if self.more {
            let note = format!("Danh sách dài: chỉ hiện {ROWS_MAX} dòng đầu. Hãy tìm theo tên để thu hẹp.");
            Notice::new(Tone::Info, note).into()
        } else {
            Html::default()
        };
        let row = |unit: &UnitLine| {
            let hours: Html = if unit.own_hours {
                Tag::new(Tone::Info, Icon::Clock, "Giờ riêng").into()
            } else {
                Html::text("theo đơn vị cấp trên")
            };
            Row::new([Cell::link(&unit.name, format!("{TOP}/{}", unit.id)), Html::text(&unit.above), hours])
        };
        let table = Table::new("Đơn vị")
            .columns(["Đơn vị", "Thuộc", "Giờ làm việc"])
            .rows(self.units.iter().map(row))
            .empty(EmptyState::new("Không tìm thấy đơn vị nào", "Hãy thử tìm bằng tên khác."));
        let body = Html::from(head).and(search).and(more).and(Card::quiet("Đơn vị").flush().around(table));
        Page::desk("Lịch làm việc", Stack.around(body))
    }
}

fn with_own_hours(reader: &mut Reader<'_>) -> Result<HashSet<Id>> {
    let rows: Vec<(Id,)> = reader.all("SELECT DISTINCT unit_id FROM unit_hours", params![])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The units that fit, those above first; without words only the highest and those directly below them.
fn found(ctx: &Ctx, tree: &UnitTree, words: &str) -> Vec<Id> {
    let tops = scope::tops(ctx, &CALENDAR_SEE, tree);
    let words = text::fold(words);
    if words.is_empty() {
        return tops.into_iter().flat_map(|top| [&[top][..], tree.children(top)].concat()).collect();
    }
    let fits = |id: &Id| {
        tree.get(*id).is_some_and(|unit| {
            let code = |code: &Option<String>| code.as_deref().is_some_and(|code| text::fold(code) == words);
            text::fold(&unit.name).contains(&words) || code(&unit.code) || code(&unit.gso_code)
        })
    };
    tops.into_iter().flat_map(|top| tree.below(top)).filter(fits).collect()
}

pub(crate) async fn list(ctx: Ctx, Query(sought): Query<Sought>) -> Outcome {
    let (tree, own) = scope::read(&ctx, |reader, _, tree| Ok((tree.clone(), with_own_hours(reader)?))).await?;
    let mut units = found(&ctx, &tree, &sought.q);
    let more = units.len() > ROWS_MAX;
    units.truncate(ROWS_MAX);
    let line = |id: &Id| UnitLine {
        id: *id,
        name: tree.name(*id).to_owned(),
        above: tree.line_of_rights(*id).get(1).map_or("–", |above| tree.name(*above)).to_owned(),
        own_hours: own.contains(id),
    };
    let page = UnitsPage { units: units.iter().map(line).collect(), more, sought: sought.q };
    Ok(page.draw().into_response())
}
