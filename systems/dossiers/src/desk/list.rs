//! "Hồ sơ một cửa": finding dossiers by what is typed and by conditions, newest first, a page at a time.

pub mod register;

use super::{Tools, figures, term, tools};
use crate::access;
use crate::dossier::Dossier;
use crate::lists::counted::{self, Counted};
use crate::lists::{self, Filter, From, Listed};
use crate::looked;
use crate::status::Status;
use crate::stored::StoredProcedure;
use askama::Template;
use axum::response::{IntoResponse, Response};
use directory::{Keys, UnitTree};
use serde::Deserialize;
use store::Reader;
use types::{Id, Result, Timestamp};
use ui::format;
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query, Who, see};

/// Rows of a page.
const ROWS: usize = 50;

/// What the address asks for; empty and unreadable conditions are none.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    #[serde(rename = "thu-tuc")]
    procedure: String,
    #[serde(rename = "trang-thai")]
    status: String,
    #[serde(rename = "don-vi")]
    unit: String,
    tu: String,
    den: String,
    #[serde(rename = "qua-han")]
    overdue: String,
    /// The figure whose list this is; the next two are conditions of figures only.
    #[serde(rename = "so")]
    figure: String,
    #[serde(rename = "rieng")]
    own: String,
    #[serde(rename = "linh-vuc")]
    field: String,
    sau: String,
}

/// View data of the list.
#[derive(Template)]
#[template(path = "list.html")]
pub(super) struct ListPage {
    pub asked: Asked,
    pub listed: Listed,
    pub now: Timestamp,
    /// Code and name of each procedure, for choosing.
    pub procedures: Vec<(String, String)>,
    /// Id and name of each unit that may be listed, for choosing.
    pub units: Vec<(String, String)>,
    /// The reader sits at a counter.
    pub may_receive: bool,
    /// What the figure is whose list this is; nothing of the other conditions holds then.
    pub figure: Option<String>,
}

/// What an address asks for, cut to what the reader may see.
enum Sought {
    /// What a figure counts, with words that say which.
    Figure(Box<Counted>, String),
    Dossiers(Box<Filter>),
}

impl Sought {
    fn page(&self, r: &mut Reader<'_>, keys: &Keys, (from, rows): (Option<From>, usize)) -> Result<Listed> {
        match self {
            Self::Figure(counted, _) => counted::list(r, counted, from, rows),
            Self::Dossiers(filter) => lists::list(r, keys, (filter, from), rows),
        }
    }
}

fn sought(
    r: &mut Reader<'_>,
    asked: &Asked,
    (who, tree, tools): (&Who, &UnitTree, &Tools),
    now: Timestamp,
) -> Result<Sought> {
    if !asked.figure.is_empty() {
        let versions = tools.procedures.versions(r)?;
        if let Some((counted, words)) = figures::behind(&asked.of_figure(), (who, tree), &versions, now.day())? {
            return Ok(Sought::Figure(Box::new(counted), words));
        }
    }
    let allowed = access::listed_units(who, tree);
    let chosen: Option<Id> = asked.unit.parse().ok().filter(|unit| allowed.contains(unit));
    let (units, scopes) = match chosen {
        Some(unit) => {
            let below = tree.below(unit);
            (allowed.into_iter().filter(|id| below.contains(id)).collect(), vec![unit])
        }
        None => (allowed, access::offices(who, tree)),
    };
    Ok(Sought::Dossiers(Box::new(Filter {
        typed: asked.q.clone(),
        procedure: filled(&asked.procedure),
        status: asked.status.parse().ok().and_then(Status::from_number),
        overdue_at: filled(&asked.overdue).map(|_| now),
        first_day: asked.tu.parse().ok(),
        last_day: asked.den.parse().ok(),
        restricted_units: access::restricted_units(who, tree),
        units,
        scopes,
    })))
}

/// GET /ho-so
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<Response> {
    looked::note_search(&ctx, &asked.q)?;
    let (tools, who, now) = (tools(&ctx), ctx.who.clone(), ctx.now());
    let (page, one) = ctx
        .store()
        .read(move |r| {
            let tree = tools.directory.tree(r)?;
            let sought = sought(r, &asked, (&who, &tree, &tools), now)?;
            let listed = sought.page(r, &tools.directory.keys(), (cursor(&asked.sau), ROWS))?;
            let filter = match sought {
                Sought::Figure(_, words) => {
                    let procedures = names(tools.procedures.versions(r)?.iter());
                    let figure = Some(words);
                    let page =
                        ListPage { asked, listed, now, procedures, units: Vec::new(), may_receive: false, figure };
                    return Ok((page, None));
                }
                Sought::Dossiers(filter) => filter,
            };
            let one = match listed.dossiers.as_slice() {
                [one] if lists::names_one(&filter.typed) => Some(one.code.clone()),
                _ => None,
            };
            let procedures = names(tools.procedures.current(r)?.iter());
            let allowed = access::listed_units(&who, &tree);
            let units = if allowed.len() > 1 { allowed } else { Vec::new() };
            let may_receive = who.may(&crate::DOSSIERS_RECEIVE);
            let page = ListPage {
                asked,
                listed,
                now,
                procedures,
                units: units.iter().map(|id| (id.to_string(), tree.name(*id).to_owned())).collect(),
                may_receive,
                figure: None,
            };
            Ok((page, one))
        })
        .await?;
    // A receipt's number or link names one dossier: it opens.
    Ok(one.map_or_else(|| draw(page).into_response(), |code| see(&format!("/ho-so/{code}"))))
}

pub(super) fn draw(page: ListPage) -> WebPage {
    WebPage::desk("Hồ sơ một cửa", page)
}

/// Code and name of each procedure.
fn names<'a>(procedures: impl Iterator<Item = &'a StoredProcedure>) -> Vec<(String, String)> {
    procedures.map(|p| (p.definition.code.clone(), p.definition.short_name().to_owned())).collect()
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn cursor(text: &str) -> Option<From> {
    let (id, folded) = text.split_once('-')?;
    Some(From { before: id.parse().ok()?, folded: folded == "1" })
}

fn receive() -> Button {
    Button::link("Tiếp nhận hồ sơ", "/tiep-nhan").icon(Icon::Plus)
}

impl Asked {
    fn of_figure(&self) -> figures::Asked {
        figures::Asked {
            by: String::new(),
            tu: self.tu.clone(),
            den: self.den.clone(),
            unit: self.unit.clone(),
            own: self.own.clone(),
            field: self.field.clone(),
            procedure: self.procedure.clone(),
            column: self.figure.clone(),
        }
    }

    /// The report whose figure this is.
    fn report(&self) -> String {
        let report = Self { figure: String::new(), own: String::new(), ..self.clone() };
        report.address_at(figures::FIGURES_PAGE, None)
    }

    /// The conditions as an address, for the next page.
    fn address(&self, from: Option<From>) -> String {
        self.address_at("/ho-so", from)
    }

    /// The same list as a spreadsheet, without pages.
    fn register(&self) -> String {
        Self { sau: String::new(), ..self.clone() }.address_at(register::ADDRESS, None)
    }

    fn address_at(&self, path: &str, from: Option<From>) -> String {
        let sau = from.map(|from| format!("{}-{}", from.before, u8::from(from.folded))).unwrap_or_default();
        let pairs = [
            ("q", &self.q),
            ("thu-tuc", &self.procedure),
            ("trang-thai", &self.status),
            ("don-vi", &self.unit),
            ("tu", &self.tu),
            ("den", &self.den),
            ("qua-han", &self.overdue),
            ("so", &self.figure),
            ("rieng", &self.own),
            ("linh-vuc", &self.field),
            ("sau", &sau),
        ];
        let filled = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = filled.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }
}

pub(super) fn encoded(text: &str) -> String {
    let percent = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(percent).collect()
}

impl ListPage {
    fn head(&self) -> PageHead {
        if let Some(figure) = &self.figure {
            let head = PageHead::new("Hồ sơ của một số liệu").lead(figure).back("Số liệu", self.asked.report());
            return if self.listed.dossiers.is_empty() { head } else { head.beside(self.sheet()) };
        }
        let head = PageHead::new("Hồ sơ một cửa");
        let head = if self.listed.dossiers.is_empty() { head } else { head.beside(self.sheet()) };
        if self.may_receive { head.beside(receive()) } else { head }
    }

    fn sheet(&self) -> Button {
        Button::link("Tải sổ theo dõi", self.asked.register()).icon(Icon::Download).secondary().download()
    }

    /// The list of a figure is what was counted, and no condition changes it.
    fn filters(&self) -> Html {
        if self.figure.is_some() { Html::default() } else { self.conditions().into() }
    }

    fn conditions(&self) -> FilterBar {
        let a = &self.asked;
        let statuses = Status::ALL.map(|status| (status.number().to_string(), status.title()));
        let bar = FilterBar::new("/ho-so")
            .words("q", "Mã hồ sơ, họ tên, số định danh, điện thoại")
            .set(&a.q)
            .pick("thu-tuc", "Thủ tục", "Mọi thủ tục", &self.procedures)
            .set(&a.procedure)
            .pick("trang-thai", "Trạng thái", "Mọi trạng thái", statuses)
            .set(&a.status)
            .pick("qua-han", "Thời hạn", "Mọi thời hạn", [("1", "Đang quá hạn")])
            .set(&a.overdue)
            .day("tu", "Nhận từ ngày")
            .set(&a.tu)
            .day("den", "đến ngày")
            .set(&a.den);
        if self.units.is_empty() {
            return bar;
        }
        bar.pick("don-vi", "Đơn vị", "Mọi đơn vị", &self.units).set(&a.unit)
    }

    fn table(&self) -> Table {
        let rows = self.listed.dossiers.iter().map(|dossier| self.row(dossier));
        let empty = if self.figure.is_some() {
            EmptyState::new("Không có hồ sơ nào", "Không hồ sơ nào được đếm vào số liệu này.")
        } else if self.asked.address(None) == "/ho-so" {
            let empty = EmptyState::new("Chưa có hồ sơ nào", "Hồ sơ được tiếp nhận sẽ hiện ở đây.");
            if self.may_receive { empty.action(receive()) } else { empty }
        } else {
            EmptyState::nothing_found(Lang::Vi).action(Button::link("Bỏ mọi điều kiện", "/ho-so").secondary())
        };
        Table::new("Hồ sơ một cửa")
            .columns(["Mã hồ sơ", "Nội dung", "Người nộp", "Nhận lúc", "Thời hạn", "Trạng thái"])
            .rows(rows)
            .empty(empty)
    }

    fn row(&self, dossier: &Dossier) -> Row {
        let name = self.procedures.iter().find(|(code, _)| *code == dossier.procedure_code);
        let name = name.map_or(dossier.procedure_code.as_str(), |(_, name)| name.as_str());
        Row::new([
            Cell::link(&dossier.code, format!("/ho-so/{}", dossier.code)),
            Cell::two(
                &dossier.summary,
                if dossier.restricted { format!("{name} · hồ sơ hạn chế") } else { name.to_owned() },
            ),
            Html::text(&dossier.applicant.name),
            Cell::whole(format::moment(dossier.received_at)),
            term::in_list(dossier, self.now).into(),
            dossier.status.tag().into(),
        ])
    }

    fn pages(&self) -> Html {
        let back = (!self.asked.sau.is_empty()).then(|| self.asked.address(None));
        let next = self.listed.next.map(|from| self.asked.address(Some(from)));
        if back.is_none() && next.is_none() {
            return Html::default();
        }
        Pagination::new(back, next).into()
    }
}
