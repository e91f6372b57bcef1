//! GET /ho-so/{code}/luot-xem : who looked at a dossier, or at everything of its party. The counter answers the party from
//! it, whoever oversees looks into it; the browser prints it.

use super::tools;
use crate::DOSSIERS_SEE_LOOKS;
use crate::access;
use crate::desk::Opened;
use crate::dossier::{self, Dossier};
use crate::looked;
use crate::procedure::form::APPLICANT_IDENTITY;
use directory::{Keys, UnitTree};
use records::look::{self, Look, MONTHS_KEPT, Told, What, Why};
use serde::Deserialize;
use std::collections::HashMap;
use store::{Reader, Val, in_list, params};
use types::{Error, Id, Result, Timestamp};
use ui::format;
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path, Query, Sample};

/// Rows of a page.
const ROWS: usize = 50;
/// Dossiers of one party that are looked through, the newest ones.
const DOSSIERS_MAX: usize = 50;

/// Whose looks, and where the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `1`: all dossiers of the party.
    #[serde(rename = "ca-nguoi")]
    whole: String,
    sau: String,
}

/// View data.
struct LooksPage {
    code: String,
    summary: String,
    /// All dossiers of the party; none when its number is not known.
    of_party: Option<bool>,
    lines: Vec<Line>,
    /// The party has more dossiers than are looked through.
    cut: bool,
    first: bool,
    more: Option<Id>,
    now: Timestamp,
}

struct Line {
    look: Look,
    officer: String,
    unit: String,
    /// The dossier's code; none for a search.
    code: Option<String>,
}

/// GET /ho-so/{code}/luot-xem
pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let (tools, who, now) = (tools(&ctx), ctx.who.clone(), ctx.now());
    let (page, id, why) = ctx
        .store()
        .read(move |r| {
            let Opened { dossier, tasks, tree, .. } = tools.open(r, &who, &code)?;
            if !access::granted(&who, &tree, &DOSSIERS_SEE_LOOKS, dossier.unit) {
                return Err(Error::not_found(format!("lượt xem của hồ sơ {code}")));
            }
            let (keys, whole) = (tools.directory.keys(), asked.whole == "1");
            let number = number_of(r, &keys, &dossier)?;
            let units = access::listed_units(&who, &tree);
            let (of, cut, subjects) = match number.as_ref().filter(|_| whole) {
                Some(number) => {
                    let (of, cut) = of_party(r, &keys, (&dossier, number), &units)?;
                    (of, cut, dossier::marks_ever(&keys, number))
                }
                None => (HashMap::from([(dossier.id, dossier.code.clone())]), false, Vec::new()),
            };
            let ids: Vec<Id> = of.keys().copied().collect();
            let before = asked.sau.parse::<Id>().ok();
            let mut told = look::at_any_of(r, (&ids, &subjects), before, ROWS + 1)?;
            let more = (told.len() > ROWS).then(|| told.truncate(ROWS)).and_then(|()| told.last().map(|last| last.id));
            let lines = lines(r, (&tree, &units), told, &of)?;
            let why = looked::why(&who, &tree, &dossier, &tasks);
            let of_party = number.map(|_| whole);
            let (id, code, summary) = (dossier.id, dossier.code, dossier.summary);
            Ok((LooksPage { code, summary, of_party, lines, cut, first: before.is_none(), more, now }, id, why))
        })
        .await?;
    looked::note_why(&ctx, id, What::Looks, why)?;
    Ok(page.draw())
}

fn number_of(r: &mut Reader<'_>, keys: &Keys, dossier: &Dossier) -> Result<Option<String>> {
    let form = dossier::form_if_it_opens(r, keys, dossier.id)?.unwrap_or_default();
    Ok(form.get(APPLICANT_IDENTITY).filter(|number| !number.is_empty()).cloned())
}

/// The newest dossiers of a party in these units, by id with their codes, and whether there may be older ones; this one is
/// among them, and no restricted other.
fn of_party(
    r: &mut Reader<'_>,
    keys: &Keys,
    (dossier, number): (&Dossier, &str),
    units: &[Id],
) -> Result<(HashMap<Id, String>, bool)> {
    let mut cut = false;
    let mut found = HashMap::from([(dossier.id, dossier.code.clone())]);
    for mark in dossier::marks_of(r, keys, number)? {
        let mut values: Vec<Val> = params![mark, i64::try_from(DOSSIERS_MAX).unwrap_or(i64::MAX)].to_vec();
        let list = in_list(3, units, &mut values);
        let sql = format!(
            "SELECT id, code FROM dossier WHERE identity_mark = $1 AND +unit_id IN ({list}) AND restricted = false
             ORDER BY id DESC LIMIT $2"
        );
        let rows: Vec<(Id, String)> = r.all(&sql, &values)?;
        cut |= rows.len() >= DOSSIERS_MAX;
        found.extend(rows);
    }
    Ok((found, cut))
}

/// Looks as lines. Who searched in an office that the reader does not see stays out: the number is known there as well, and
/// what is done there is answered there.
fn lines(
    r: &mut Reader<'_>,
    (tree, units): (&UnitTree, &[Id]),
    told: Vec<Told>,
    of: &HashMap<Id, String>,
) -> Result<Vec<Line>> {
    let mut officers: Vec<Id> = told.iter().map(|told| told.look.officer).collect();
    officers.sort_unstable();
    officers.dedup();
    let mut known: HashMap<Id, (String, Id)> = HashMap::new();
    if !officers.is_empty() {
        let mut values = Vec::new();
        let list = in_list(1, &officers, &mut values);
        let rows: Vec<(Id, String, Id)> =
            r.all(&format!("SELECT id, name, unit_id FROM officer WHERE id IN ({list})"), &values)?;
        known.extend(rows.into_iter().map(|(id, name, unit)| (id, (name, unit))));
    }
    let is_seen = |told: &Told| {
        let office = known.get(&told.look.officer).map(|(_, unit)| access::office(tree, *unit));
        told.look.record.is_some() || office.is_some_and(|office| units.contains(&office))
    };
    let line = |Told { look, .. }: Told| {
        let (officer, unit) = known
            .get(&look.officer)
            .map(|(name, unit)| (name.clone(), tree.name(*unit).to_owned()))
            .unwrap_or_default();
        let code = look.record.and_then(|record| of.get(&record).cloned());
        Line { look, officer, unit, code }
    };
    Ok(told.into_iter().filter(is_seen).map(line).collect())
}

impl LooksPage {
    fn address(&self, whole: bool, after: Option<Id>) -> String {
        let query: Vec<String> = [whole.then(|| "ca-nguoi=1".to_owned()), after.map(|id| format!("sau={id}"))]
            .into_iter()
            .flatten()
            .collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/ho-so/{}/luot-xem{mark}{}", self.code, query.join("&"))
    }

    /// What the list of a party has, and what it has not.
    fn scope(&self) -> String {
        let cut = if self.cut {
            format!(
                " Người này có nhiều hồ sơ: danh sách chỉ gồm lượt xem của {DOSSIERS_MAX} hồ sơ mới nhất; hồ sơ cũ hơn thì mở từng hồ sơ."
            )
        } else {
            String::new()
        };
        format!(
            "Danh sách gồm lượt xem hồ sơ và lượt tìm theo số định danh ở những đơn vị mà ông/bà được xem. Hồ sơ hạn chế khác và đơn vị \
             khác không có trong danh sách này: nơi đó trả lời riêng.{cut}"
        )
    }

    fn draw(&self) -> WebPage {
        let whole = self.of_party == Some(true);
        let title = if whole { "Ai đã xem dữ liệu của người nộp" } else { "Ai đã xem hồ sơ này" };
        let lead = format!(
            "{}. Tính đến {}; lượt xem được giữ {MONTHS_KEPT} tháng, mỗi lượt ghi sau vài giây.",
            self.summary,
            format::moment(self.now)
        );
        let mut head = PageHead::new(title).lead(lead).back(&self.code, format!("/ho-so/{}", self.code));
        if let Some(whole) = self.of_party {
            let label = if whole { "Chỉ hồ sơ này" } else { "Mọi hồ sơ của người này" };
            head = head.beside(Button::link(label, self.address(!whole, None)).secondary());
        }
        let empty = EmptyState::new(
            "Chưa có lượt xem nào",
            "Mỗi lần có cán bộ mở, in hoặc tìm theo số định danh thì hiện ở đây.",
        );
        let table = Table::new(title)
            .columns([
                Column::new("Lúc").sorted(Sort::Down),
                Column::new("Cán bộ"),
                Column::new("Việc"),
                Column::new("Lý do"),
            ])
            .rows(self.lines.iter().map(Line::row))
            .empty(empty);
        let back = (!self.first).then(|| self.address(whole, None));
        let more = self.more.map(|last| self.address(whole, Some(last)));
        let scope = if whole { Html::from(Notice::new(Tone::Info, self.scope())) } else { Html::default() };
        let pages = if back.is_none() && more.is_none() { Html::default() } else { Pagination::new(back, more).into() };
        let body = Html::from(head).and(scope).and(Card::quiet(title).flush().around(Html::from(table))).and(pages);
        WebPage::desk(format!("{title} {}", self.code), Stack.around(body))
    }
}

impl Line {
    fn row(&self) -> Row {
        let why = match &self.look.step {
            Some(step) => format!("{} «{step}»", self.look.why.title()),
            None => self.look.why.title().to_owned(),
        };
        let what = match &self.code {
            Some(code) => Cell::two(self.look.what.title(), &code[..]),
            None => Html::text(self.look.what.title()),
        };
        Row::new([
            Cell::whole(format::moment(self.look.at)),
            Cell::two(&self.officer[..], &self.unit[..]),
            what,
            Html::text(&why),
        ])
    }
}

/// The page in its states.
pub(super) fn samples() -> Vec<Sample> {
    let now = Timestamp(1_795_000_000_000_000);
    let line = |n: i64, what: What, why: Why, step: Option<&str>| Line {
        look: Look {
            at: now.plus_seconds(-3_700 * n),
            officer: Id(n),
            record: (what != What::Search).then_some(Id(1)),
            subject: None,
            what,
            why,
            step: step.map(str::to_owned),
        },
        officer: "Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Dao".to_owned(),
        unit: "Phòng Văn hóa – Xã hội, Dân tộc, Tôn giáo Đặc khu Hoàng Su Phì Thượng".to_owned(),
        code: (what != What::Search).then(|| "H99.01-261121-0001".to_owned()),
    };
    let page = |of_party, lines, more| LooksPage {
        code: "H99.01-261121-0001".to_owned(),
        summary: "Cấp Giấy xác nhận tình trạng hôn nhân cho Nguyễn Thị Mỹ Hạnh".to_owned(),
        of_party,
        lines,
        cut: more,
        first: more,
        more: more.then_some(Id(7)),
        now,
    };
    let lines = || {
        vec![
            line(1, What::Page, Why::Step, Some("Thẩm định hồ sơ, dự thảo kết quả")),
            line(2, What::Search, Why::Search, None),
            line(3, What::Print, Why::Counter, None),
            line(4, What::Program, Why::Oversight, None),
        ]
    };
    vec![
        Sample { name: "looks/dossier", page: page(Some(false), lines(), false).draw() },
        Sample { name: "looks/party", page: page(Some(true), lines(), true).draw() },
        Sample { name: "looks/none", page: page(None, Vec::new(), false).draw() },
    ]
}
