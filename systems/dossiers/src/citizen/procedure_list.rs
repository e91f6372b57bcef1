//! GET /thu-tuc : procedures, found as people say them.

use super::front::{fields, shipped};
use crate::procedure::definition::HandledAt;
use crate::services::Services;
use crate::stored::StoredProcedure;
use askama::Template;
use serde::Deserialize;
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query, Sample};

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    /// A field of work's code.
    #[serde(default, rename = "linh-vuc")]
    field: String,
}

#[derive(Template)]
#[template(path = "citizen/procedure_list.html")]
struct ProcedureList {
    typed: String,
    /// The field's name, when only one is shown.
    field: Option<String>,
    found: Vec<StoredProcedure>,
}

/// GET /thu-tuc
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let (services, today) = (Services::of(&ctx.house), ctx.now().day());
    let typed: String = types::text::clean(&asked.q).chars().take(200).collect();
    let words = typed.clone();
    let found = ctx.store().read(move |r| services.procedures.find(r, &words, today)).await?;
    Ok(page(typed, &asked.field, found))
}

fn page(typed: String, field: &str, mut found: Vec<StoredProcedure>) -> WebPage {
    let name = fields(&found).into_iter().find(|line| line.code == field).map(|line| line.name);
    if !field.is_empty() {
        found.retain(|p| p.definition.field.code == field);
    }
    let title = match (&name, typed.is_empty()) {
        (_, false) => format!("Thủ tục: {typed}"),
        (Some(name), true) => format!("Thủ tục lĩnh vực {name}"),
        (None, true) => "Thủ tục".to_owned(),
    };
    WebPage::citizen(title, ProcedureList { typed, field: name, found })
}

impl ProcedureList {
    fn lead(&self) -> String {
        let count = self.found.len();
        match (&self.field, self.typed.is_empty()) {
            (_, false) => format!("{count} thủ tục hợp với «{}».", self.typed),
            (Some(field), true) => format!("{count} thủ tục lĩnh vực {field}."),
            (None, true) => format!("{count} thủ tục mà xã tiếp nhận."),
        }
    }

    fn list(&self) -> LinkList {
        self.found.iter().map(|p| &p.definition).fold(LinkList::new(), |list, d| {
            let where_else = match d.handled.at {
                HandledAt::Ministry => " · trên hệ thống của bộ, ngành",
                HandledAt::Here => "",
            };
            let detail = format!("{} · {}{where_else}", d.takes.takes.sentence(), d.field.name);
            list.row(Icon::FileText, d.short_name(), detail, format!("/thu-tuc/{}", d.code))
        })
    }

    fn nothing(&self) -> EmptyState {
        EmptyState::new("Không tìm thấy thủ tục nào", "Hãy thử ít từ hơn, ví dụ «khai sinh», hoặc hỏi bộ phận một cửa.")
            .action(Button::link("Xem tất cả thủ tục", "/thu-tuc").secondary())
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let mut births = shipped();
    births.retain(|p| p.definition.short_names.iter().any(|name| name.contains("khai sinh")));
    vec![
        Sample { name: "citizen-procedures/all", page: page(String::new(), "", shipped()) },
        Sample { name: "citizen-procedures/field", page: page(String::new(), "ho-tich", shipped()) },
        Sample { name: "citizen-procedures/found", page: page("giấy khai sinh".to_owned(), "", births) },
        Sample { name: "citizen-procedures/nothing", page: page("hộ chiếu".to_owned(), "", Vec::new()) },
    ]
}
