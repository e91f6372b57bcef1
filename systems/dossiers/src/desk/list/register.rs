//! The register of dossiers (sổ theo dõi hồ sơ, form 07) as a spreadsheet: what the list shows, under the same conditions, without
//! pages. Text is text, never a formula, whatever it begins with; days are days, so that they can be sorted.

use super::{Asked, Sought, sought};
use crate::access;
use crate::desk::figures::XLSX;
use crate::desk::tools;
use crate::dossier::Dossier;
use crate::lists::From;
use crate::looked;
use crate::procedure::definition::Channel;
use axum::response::Response;
use directory::UnitTree;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::HashMap;
use std::sync::Arc;
use types::{Day, Error, Id, Result, Timestamp};
use ui::format;
use web::{Ctx, Outcome, Query};

/// The most dossiers of one file; a commune receives fewer in a year than a person reads.
const ROWS_MAX: usize = 5_000;
/// Dossiers of one look into the database, so that nobody waits for it; few in tests, which so look several times.
const BLOCK: usize = if cfg!(test) { 2 } else { 500 };
/// So often it looks: words that most have, with a condition that few meet, end the file early.
const LOOKS_MAX: usize = 40;
/// Title, width in letters, and what stands there.
const COLUMNS: [(&str, f64); 14] = [
    ("STT", 6.0),
    ("Mã hồ sơ", 22.0),
    ("Thủ tục hành chính", 42.0),
    ("Tên cá nhân, tổ chức", 28.0),
    ("Địa chỉ", 32.0),
    ("Số điện thoại", 14.0),
    ("Cơ quan giải quyết", 24.0),
    ("Kênh nộp", 14.0),
    ("Ngày nhận hồ sơ", 17.0),
    ("Ngày hẹn trả", 17.0),
    ("Ngày giải quyết xong", 17.0),
    ("Ngày trả kết quả", 17.0),
    ("Người nhận kết quả", 24.0),
    ("Trạng thái", 22.0),
];
/// Rows above the heads: title, conditions.
const TOP: u32 = 2;

/// Everything the file is made of.
pub(super) struct Register {
    pub dossiers: Vec<Dossier>,
    /// There are older ones that the file does not have.
    pub has_more: bool,
    /// Names of the versions of procedures.
    pub names: HashMap<Id, String>,
    pub tree: Arc<UnitTree>,
    pub conditions: String,
    pub made_at: Timestamp,
    pub demo: bool,
}

/// Where it is.
pub const ADDRESS: &str = "/ho-so/so-theo-doi.xlsx";

/// GET /ho-so/so-theo-doi.xlsx
pub async fn xlsx(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<Response> {
    let typed = asked.q.clone();
    let register = load(&ctx, asked).await?;
    looked::note_export(&ctx, &typed, &register.conditions)?;
    let name = format!("so-theo-doi-ho-so-{}.xlsx", register.made_at.day());
    // Thousands of rows are written on a thread that may be busy.
    let bytes = tokio::task::spawn_blocking(move || workbook(&register)).await.map_err(Error::internal)??;
    Ok(files::serve::download(&name, XLSX, bytes))
}

async fn load(ctx: &Ctx, asked: Asked) -> Result<Register> {
    let (made_at, demo) = (ctx.now(), ctx.house.settings().demo);
    let (mut dossiers, mut from, mut looks) = (Vec::new(), None::<From>, 0);
    loop {
        looks += 1;
        let (tools, who, asked) = (tools(ctx), ctx.who.clone(), asked.clone());
        let block = BLOCK.min(ROWS_MAX - dossiers.len());
        let read = ctx.store().read(move |r| {
            let tree = tools.directory.tree(r)?;
            // A page shows which conditions hold; a file that left one out would be taken for what was asked.
            let unit = asked.unit.parse::<Id>().ok();
            if let Some(unit) = unit.filter(|unit| !access::listed_units(&who, &tree).contains(unit)) {
                return Err(Error::not_found(format!("hồ sơ của đơn vị {unit}")));
            }
            let sought = sought(r, &asked, (&who, &tree, &tools), made_at)?;
            let listed = sought.page(r, &tools.directory.keys(), (from, block))?;
            let versions = tools.procedures.versions(r)?;
            let conditions = conditions(&asked, &sought, &tree);
            Ok((listed, conditions, tree, versions))
        });
        let (listed, conditions, tree, versions) = read.await?;
        dossiers.extend(listed.dossiers);
        if listed.next.is_none() || dossiers.len() >= ROWS_MAX || looks == LOOKS_MAX {
            let has_more = listed.next.is_some();
            let name = |version: &crate::stored::StoredProcedure| (version.id, version.definition.name.clone());
            let names = versions.iter().map(name).collect();
            return Ok(Register { dossiers, has_more, names, tree, conditions, made_at, demo });
        }
        from = listed.next;
    }
}

/// The conditions in words.
fn conditions(asked: &Asked, sought: &Sought, tree: &UnitTree) -> String {
    let filter = match sought {
        Sought::Figure(_, words) => return words.clone(),
        Sought::Dossiers(filter) => filter,
    };
    let day = |day: Day| format::date(day);
    let unit = asked.unit.parse().ok().filter(|unit: &Id| filter.scopes == [*unit]);
    let parts = [
        unit.map(|unit| tree.name(unit).to_owned()),
        filter.procedure.as_ref().map(|code| format!("Thủ tục {code}")),
        filter.status.map(|status| status.title().to_owned()),
        filter.overdue_at.map(|_| "Đang quá hạn".to_owned()),
        filter.first_day.map(|first| format!("Nhận từ {}", day(first))),
        filter.last_day.map(|last| format!("đến {}", day(last))),
        Some(asked.q.trim()).filter(|typed| !typed.is_empty()).map(|typed| format!("Tìm «{typed}»")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "Mọi hồ sơ".to_owned() } else { parts.join(" · ") }
}

fn workbook(register: &Register) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let failed = |error: XlsxError| Error::internal(format!("a spreadsheet could not be made: {error}"));
    fill(book.add_worksheet(), register).map_err(failed)?;
    book.save_to_buffer().map_err(failed)
}

fn fill(sheet: &mut Worksheet, register: &Register) -> std::result::Result<(), XlsxError> {
    let cell = || Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let (text, moment) = (cell().set_text_wrap(), cell().set_num_format("hh:mm dd/mm/yyyy"));
    let head = cell().set_bold().set_text_wrap().set_align(FormatAlign::Center);
    sheet.set_name("Sổ theo dõi")?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_freeze_panes(TOP + 1, 2)?.set_repeat_rows(TOP, TOP)?;
    for (at, (title, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(at, width)?.write_string_with_format(TOP, at, title, &head)?;
    }
    let demo = if register.demo { " (dữ liệu hư cấu)" } else { "" };
    let title = format!("SỔ THEO DÕI HỒ SƠ{demo}");
    sheet.write_string_with_format(0, 0, title, &Format::new().set_bold().set_font_size(13))?;
    let made = format!("{} · lập lúc {}", register.conditions, format::moment(register.made_at));
    sheet.write_string(1, 0, made)?;
    let mut row = TOP + 1;
    for (n, dossier) in (1_u32..).zip(&register.dossiers) {
        sheet.write_number_with_format(row, 0, n, &text)?;
        for (at, said) in (1_u16..).zip(register.texts(dossier)) {
            sheet.write_string_with_format(row, at, said, &text)?;
        }
        let moments = [Some(dossier.received_at), Some(dossier.due_at), dossier.ended_at, dossier.delivered_at];
        for (at, when) in (8_u16..).zip(moments) {
            match when {
                Some(when) => sheet.write_datetime_with_format(row, at, excel(when)?, &moment)?,
                None => sheet.write_blank(row, at, &moment)?,
            };
        }
        let last = [dossier.delivered_to.as_deref().unwrap_or_default(), dossier.status.title()];
        for (at, said) in (12_u16..).zip(last) {
            sheet.write_string_with_format(row, at, said, &text)?;
        }
        row += 1;
    }
    if register.has_more {
        let told = format!(
            "Bảng này có {} hồ sơ mới nhất; còn hồ sơ khác. Hãy thu hẹp điều kiện, chẳng hạn từng tháng, để lấy đủ.",
            format::number(i64::try_from(register.dossiers.len()).unwrap_or_default())
        );
        sheet.write_string(row + 1, 1, told)?;
    }
    Ok(())
}

/// A moment as spreadsheets count them, by the clock of Việt Nam.
fn excel(moment: Timestamp) -> std::result::Result<ExcelDateTime, XlsxError> {
    let local = moment.local();
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let day =
        ExcelDateTime::from_ymd(u16::try_from(local.year()).unwrap_or(1900), part(local.month()), part(local.day()))?;
    day.and_hms(part(local.hour()).into(), part(local.minute()), f64::from(local.second()))
}

impl Register {
    /// The columns from the code to the channel.
    fn texts(&self, dossier: &Dossier) -> [String; 7] {
        let applicant = &dossier.applicant;
        let name = self.names.get(&dossier.procedure).unwrap_or(&dossier.procedure_code);
        let channel = Channel::from_code(&dossier.channel);
        [
            dossier.code.clone(),
            name.clone(),
            applicant.name.clone(),
            applicant.address.clone().unwrap_or_default(),
            // As whoever does not work on a dossier sees it on its page: a file travels further than a page.
            applicant.phone.as_deref().map(format::masked_phone).unwrap_or_default(),
            self.tree.name(dossier.unit).to_owned(),
            channel.map_or_else(|| dossier.channel.clone(), |channel| channel.label().to_owned()),
        ]
    }
}

#[cfg(test)]
mod tests;
