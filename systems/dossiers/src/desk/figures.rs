//! "Số liệu": form II.06 for any period, by field, procedure or unit, each number with its list; as XLSX and as PDF.

mod asked;
mod draw;
mod print_form;
mod samples;
mod sheet;

pub use asked::{Asked, of_row};
pub(super) use samples::samples;

use super::tools;
use crate::access;
use crate::figures::{Question, Report, Scope};
use crate::lists::counted::Counted;
use crate::procedure::Definition;
use crate::stored::StoredProcedure;
use axum::response::Response;
use directory::UnitTree;
use print::Page as Paper;
use std::collections::BTreeMap;
use std::sync::Arc;
use types::{Day, Id, Result, Timestamp, text};
use web::{Ctx, Outcome, Page, Query, Who};

/// Where the report stands.
pub const FIGURES_PAGE: &str = "/so-lieu";

/// The media type of a spreadsheet.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Everything the page, the sheet and the print are made of.
pub(super) struct Source {
    pub question: Question,
    pub report: Report,
    pub tree: Arc<UnitTree>,
    /// Id and name of each unit to choose from; empty where there is one only.
    pub units: Vec<(String, String)>,
    /// Code and name.
    pub fields: Vec<(String, String)>,
    pub procedures: Vec<(String, String)>,
    /// In whose name the form is drawn up.
    pub agency: Option<Id>,
    pub now: Timestamp,
    pub demo: bool,
}

impl Source {
    /// What the report is confined to, in words.
    fn scope_words(&self) -> Vec<String> {
        let Scope { unit, field, procedure, .. } = &self.question.scope;
        let named = |of: &[(String, String)], code: &Option<String>| {
            let code = code.as_ref()?;
            of.iter().find(|(known, _)| known == code).map(|(_, name)| name.clone())
        };
        let unit = unit.map(|unit| self.tree.name(unit).to_owned());
        [unit, named(&self.fields, field), named(&self.procedures, procedure)].into_iter().flatten().collect()
    }
}

/// GET /so-lieu
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<Page> {
    let source = load(&ctx, asked).await?;
    Ok(draw::draw(source))
}

/// GET /so-lieu/ii-06.xlsx
pub async fn xlsx(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<Response> {
    let source = load(&ctx, asked).await?;
    let bytes = sheet::workbook(&source)?;
    Ok(files::serve::download(&file_name(&source.question, "xlsx"), XLSX, bytes))
}

/// GET /so-lieu/ii-06.pdf
pub async fn pdf(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<Response> {
    let source = load(&ctx, asked).await?;
    let job = print_form::data(&source).job(Paper::A4, source.now).map_err(types::Error::from)?;
    let bytes = tools(&ctx).printer.print(job).await.map_err(types::Error::from)?;
    Ok(files::serve::download(&file_name(&source.question, "pdf"), "application/pdf", bytes))
}

fn file_name(question: &Question, ending: &str) -> String {
    format!("ii-06-{}-{}.{ending}", question.period.first, question.period.last)
}

async fn load(ctx: &Ctx, asked: Asked) -> Result<Source> {
    let (tools, who, now, demo) = (tools(ctx), ctx.who.clone(), ctx.now(), ctx.house.settings().demo);
    ctx.store()
        .read(move |r| {
            let tree = tools.directory.tree(r)?;
            let versions = tools.procedures.versions(r)?;
            let question = asked.question(&who, &tree, now.day())?;
            let asker = crate::figures::Asker { who: &who, tree: &tree, procedures: &versions };
            let report = asker.report(r, &question)?;
            let (fields, procedures) = choices(&versions, &question.scope);
            let allowed = access::listed_units(&who, &tree);
            let agency = question.scope.unit.or_else(|| allowed.first().copied());
            let units = if allowed.len() > 1 { unit_choices(&tree, &allowed) } else { Vec::new() };
            Ok(Source { question, report, tree, units, fields, procedures, agency, now, demo })
        })
        .await
}

/// The list behind a number, and what it is called.
pub(super) fn behind(
    asked: &Asked,
    (who, tree): (&Who, &UnitTree),
    versions: &[StoredProcedure],
    today: Day,
) -> Result<Option<(Counted, String)>> {
    let Some(column) = asked.column() else { return Ok(None) };
    let Question { period, scope, .. } = asked.question(who, tree, today)?;
    let asker = crate::figures::Asker { who, tree, procedures: versions };
    let mut words = vec![column.sentence().to_owned(), period.words()];
    let newest = |is: &dyn Fn(&Definition) -> bool| versions.iter().rev().find(|stored| is(&stored.definition));
    if let Some(code) = &scope.field {
        words.extend(newest(&|d| d.field.code == *code).map(|stored| stored.definition.field.name.clone()));
    }
    if let Some(code) = &scope.procedure {
        words.extend(newest(&|d| d.code == *code).map(|stored| stored.definition.short_name().to_owned()));
    }
    if let Some(unit) = scope.unit.filter(|_| access::listed_units(who, tree).len() > 1) {
        words.push(tree.name(unit).to_owned());
    }
    Ok(Some((asker.counted(column, &scope, period), words.join(" · "))))
}

/// Fields by name, and procedures of the field that is chosen.
type Choices = (Vec<(String, String)>, Vec<(String, String)>);

fn choices(versions: &[StoredProcedure], scope: &Scope) -> Choices {
    let (mut fields, mut procedures) = (BTreeMap::new(), BTreeMap::new());
    for definition in versions.iter().map(|stored| &stored.definition) {
        fields.insert(definition.field.code.clone(), definition.field.name.clone());
        if scope.field.as_ref().is_none_or(|field| definition.field.code == *field) {
            procedures.insert(definition.code.clone(), definition.short_name().to_owned());
        }
    }
    let by_name = |found: BTreeMap<String, String>| {
        let mut found: Vec<(String, String)> = found.into_iter().collect();
        found.sort_by_cached_key(|(_, name)| text::order_key(name));
        found
    };
    (by_name(fields), by_name(procedures))
}

fn unit_choices(tree: &UnitTree, allowed: &[Id]) -> Vec<(String, String)> {
    let mut units: Vec<(String, String)> =
        allowed.iter().map(|id| (id.to_string(), tree.name(*id).to_owned())).collect();
    units.sort_by_cached_key(|(_, name)| text::order_key(name));
    units
}
