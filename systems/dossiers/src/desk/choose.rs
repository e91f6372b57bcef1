//! The first step at the counter: which procedure is it? Found by what people say, the most used first.

use super::counter::desk::Desk;
use super::tools;
use crate::procedure::definition::Channel;
use crate::stored::StoredProcedure;
use askama::Template;
use serde::Deserialize;
use std::collections::HashMap;
use store::{Reader, params};
use types::{Id, Result};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query};

/// How many of a unit's last dossiers tell what is used most.
const LOOKED_BACK: i64 = 1_000;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// A procedure on offer.
pub(super) struct Offered {
    pub code: String,
    pub short_name: String,
    pub name: String,
    pub field: String,
    pub takes: String,
    pub used: i64,
}

#[derive(Template)]
#[template(path = "choose.html")]
pub(super) struct Choose {
    pub typed: String,
    pub offered: Vec<Offered>,
}

/// GET /tiep-nhan
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let (tools, who, today) = (tools(&ctx), ctx.who.clone(), ctx.now().day());
    let typed = types::text::clean(&asked.q);
    let words = typed.clone();
    let (mut found, used) = ctx
        .store()
        .read(move |r| {
            let tree = tools.directory.tree(r)?;
            let desk = Desk::of(&who, &tree, None)?;
            let found = tools.procedures.find(r, &words, today)?;
            Ok((found, uses(r, desk.unit)?))
        })
        .await?;
    found.retain(|p| p.definition.channels.iter().any(|c| *c != Channel::Online));
    let offered = offer(found, &used, typed.is_empty());
    Ok(page(Choose { typed, offered }))
}

pub(super) fn page(choose: Choose) -> WebPage {
    WebPage::desk("Tiếp nhận hồ sơ", choose)
}

fn offer(found: Vec<StoredProcedure>, used: &HashMap<String, i64>, by_use: bool) -> Vec<Offered> {
    let mut offered: Vec<Offered> = found
        .into_iter()
        .map(|p| Offered {
            code: p.definition.code.clone(),
            short_name: p.definition.short_name().to_owned(),
            name: p.definition.name.clone(),
            field: p.definition.field.name.clone(),
            takes: p.definition.takes.takes.sentence(),
            used: used.get(&p.definition.code).copied().unwrap_or_default(),
        })
        .collect();
    if by_use {
        offered.sort_by_key(|o| std::cmp::Reverse(o.used));
    }
    offered
}

/// How often each procedure stands among the unit's last dossiers.
fn uses(reader: &mut Reader<'_>, unit: Id) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = reader.all(
        "SELECT procedure_code, count(*) FROM
            (SELECT procedure_code FROM dossier WHERE unit_id = $1 ORDER BY id DESC LIMIT $2) AS last_ones
         GROUP BY procedure_code",
        params![unit, LOOKED_BACK],
    )?;
    Ok(rows.into_iter().collect())
}

impl Choose {
    fn table(&self) -> Table {
        let rows = self.offered.iter().map(|offered| {
            Row::new([
                Cell::two(Cell::link(&offered.short_name, format!("/tiep-nhan/{}", offered.code)), &offered.name),
                Html::text(&offered.field),
                Html::text(&offered.takes),
                Cell::whole(&offered.code),
            ])
        });
        Table::new("Thủ tục nhận được tại quầy").columns(["Thủ tục", "Lĩnh vực", "Thời hạn", "Mã"]).rows(rows).empty(
            EmptyState::nothing_found(Lang::Vi).action(Button::link("Xem mọi thủ tục", "/tiep-nhan").secondary()),
        )
    }
}
