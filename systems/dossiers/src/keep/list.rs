//! GET /quan-tri/thu-tuc : every procedure with its version, its time and how much of it is verified.

use super::import::WrongFile;
use crate::PROCEDURES_KEEP;
use crate::procedure::{catalogue, coverage};
use crate::services::Services;
use crate::stored::StoredProcedure;
use askama::Template;
use directory::keepers::Shared;
use http::StatusCode;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use store::{Reader, params};
use types::{Day, Id, Result, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query, Sample, Who};

/// What an import that went well came to, told once.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    moi: Option<usize>,
    #[serde(rename = "phien-ban")]
    versions: Option<usize>,
    #[serde(rename = "nhu-cu")]
    same: Option<usize>,
}

/// What the table shows.
pub(super) struct Loaded {
    procedures: Arc<Vec<StoredProcedure>>,
    imported: HashMap<Id, Timestamp>,
    today: Day,
    /// Why the reader imports none; nothing for who may.
    closed: Option<String>,
}

/// Procedures are the same for all units of the house.
const SHARED: Shared = Shared { permission: &PROCEDURES_KEEP, name: "thủ tục", import: "procedures" };

/// Why `who` imports none; nothing for who may.
pub(super) fn closed(reader: &mut Reader<'_>, services: &Services, who: &Who) -> Result<Option<String>> {
    let tree = services.tree(reader)?;
    let tops = SHARED.tops(reader, &tree)?;
    Ok((!SHARED.kept_by(who, &tops)).then(|| SHARED.refusal(&tree, &tops)))
}

/// Reads it.
pub(super) fn load(reader: &mut Reader<'_>, services: &Services, who: &Who, today: Day) -> Result<Loaded> {
    let closed = closed(reader, services, who)?;
    let procedures = services.procedures.current(reader)?;
    let rows: Vec<(Id, Timestamp)> = reader.all("SELECT id, imported_at FROM procedure", params![])?;
    Ok(Loaded { procedures, imported: rows.into_iter().collect(), today, closed })
}

#[derive(Template)]
#[template(path = "keep/list.html")]
struct ProcedureTable {
    loaded: Loaded,
    told: Option<String>,
    form: FormState,
    wrong: Vec<WrongFile>,
    command: String,
}

/// GET /quan-tri/thu-tuc
pub async fn show(ctx: Ctx, Query(told): Query<Told>) -> Outcome<WebPage> {
    let (services, who, today) = (Services::of(&ctx.house), ctx.who.clone(), ctx.now().day());
    let loaded = ctx.store().read(move |reader| load(reader, &services, &who, today)).await?;
    let (form, command) = (FormState::new(Lang::Vi), ctx.new_command());
    Ok(WebPage::desk("Thủ tục", ProcedureTable { loaded, told: sentence(&told), form, wrong: Vec::new(), command }))
}

/// The page again after an import that was refused: what is wrong in which file, and what was pasted.
pub(super) fn refused(loaded: Loaded, form: FormState, wrong: Vec<WrongFile>, command: String) -> WebPage {
    let title = if wrong.is_empty() { form.title("Thủ tục") } else { "Lỗi: Thủ tục".to_owned() };
    let page = WebPage::desk(title, ProcedureTable { loaded, told: None, form, wrong, command });
    page.with_status(StatusCode::UNPROCESSABLE_ENTITY)
}

fn sentence(told: &Told) -> Option<String> {
    let parts = [
        told.moi.filter(|n| *n > 0).map(|n| format!("{n} thủ tục mới")),
        told.versions.filter(|n| *n > 0).map(|n| format!("{n} phiên bản mới")),
        told.same.filter(|n| *n > 0).map(|n| format!("{n} tệp giống bản đang có")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("Đã nhập: {}.", parts.join(", ")))
}

impl ProcedureTable {
    fn table(&self) -> Table {
        let rows = self.loaded.procedures.iter().map(|procedure| self.row(procedure));
        let empty = EmptyState::new("Chưa có thủ tục nào", "Hãy nhập tệp định nghĩa thủ tục ở bên dưới.");
        Table::new("Thủ tục đang có")
            .columns([
                Column::new("Mã"),
                Column::new("Thủ tục").sorted(Sort::Up),
                Column::number("Phiên bản"),
                Column::new("Hiệu lực"),
                Column::number("Đã kiểm chứng"),
                Column::new("Nguồn"),
            ])
            .rows(rows)
            .empty(empty)
    }

    fn row(&self, procedure: &StoredProcedure) -> Row {
        let d = &procedure.definition;
        let coverage = coverage::of(d);
        let share = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Row::new([
            Cell::link(&d.code, format!("/quan-tri/thu-tuc/{}", d.code)),
            Cell::two(d.short_name(), d.field.name.as_str()),
            Html::text(procedure.version),
            self.valid(procedure),
            Cell::two(
                format::share(share(coverage.verified), share(coverage.total())),
                format!("{} / {} dữ kiện; {} có nguồn", coverage.verified, coverage.total(), coverage.sourced),
            ),
            self.origin(procedure),
        ])
    }

    fn valid(&self, procedure: &StoredProcedure) -> Html {
        let d = &procedure.definition;
        let from = format!("từ {}", format::date(d.effective_from));
        let to = d.effective_to.map(|day| format!("đến {}", format::date(day))).unwrap_or_default();
        let dates = Cell::two(from, to);
        if d.in_force(self.loaded.today) {
            return dates;
        }
        let ahead = self.loaded.today < d.effective_from;
        let words = if ahead { "Chưa áp dụng" } else { "Hết hiệu lực" };
        dates.and(Tag::new(Tone::Warning, Icon::Calendar, words))
    }

    fn origin(&self, procedure: &StoredProcedure) -> Html {
        let shipped = catalogue::find(&procedure.definition.code) == Some(&*procedure.definition);
        let words = if shipped { "Kèm theo phần mềm" } else { "Địa phương nhập" };
        match self.loaded.imported.get(&procedure.id) {
            Some(at) => Cell::two(words, format!("nhập {}", format::moment(*at))),
            None => words.into(),
        }
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let stored = |definition: &crate::procedure::Definition| StoredProcedure {
        id: Id(1),
        version: 2,
        definition: Arc::new(definition.clone()),
    };
    let at: Timestamp = "2026-11-21T09:12".parse().unwrap_or(Timestamp(0));
    let loaded = |procedures: Vec<StoredProcedure>| Loaded {
        procedures: Arc::new(procedures),
        imported: HashMap::from([(Id(1), at)]),
        today: at.day(),
        closed: None,
    };
    let full = || loaded(catalogue::all().iter().map(stored).collect());
    let why = "Mọi đơn vị trên máy chủ này dùng chung thủ tục nên do quản trị của Tỉnh Mây Thượng nhập.";
    let shared = Loaded { closed: Some(why.to_owned()), ..full() };
    let page = |loaded, told: Option<&str>| {
        let (form, command) = (FormState::new(Lang::Vi), "0".repeat(32));
        let told = told.map(ToOwned::to_owned);
        WebPage::desk("Thủ tục", ProcedureTable { loaded, told, form, wrong: Vec::new(), command })
    };
    let broken = crate::procedure::Definition::parse("code = \"1.001193\"\nname = 3\n").err();
    let wrong = broken.map(|errors| WrongFile { name: "khai-sinh.toml".to_owned(), errors });
    let form = FormState::sent(Lang::Vi, [("text", "")]);
    vec![
        Sample { name: "keep-procedures/full", page: page(full(), Some("Đã nhập: 1 phiên bản mới.")) },
        Sample { name: "keep-procedures/of-another-unit", page: page(shared, None) },
        Sample { name: "keep-procedures/empty", page: page(loaded(Vec::new()), None) },
        Sample {
            name: "keep-procedures/wrong",
            page: refused(full(), form, wrong.into_iter().collect(), "0".repeat(32)),
        },
    ]
}
