//! One year of the country: what was decided, and what follows from it day by day.

use axum::response::IntoResponse;
use http::{HeaderValue, header};
use types::{Day, Error, Id};
use ui::{
    Actions, Breadcrumbs, Button, Card, Cell, Container, Html, Icon, KeyValues, PageHead, Row, Stack, Table, format,
};
use web::{Ctx, Outcome, Page, Path};

use super::form_page::{only_if, parts};
use super::months;
use super::years::origin;
use super::{TOP, YEARS, scope};
use crate::hours::WorkingHours;
use crate::national::{self, Decided, KnownYear};
use crate::words;
use crate::working::WorkingCalendar;

/// What the page shows.
pub(crate) struct YearPage {
    pub known: KnownYear,
    /// The country's days over the standard hours.
    pub calendar: WorkingCalendar,
    pub may_keep: bool,
}

impl YearPage {
    pub(crate) fn draw(&self) -> Page {
        let year = self.known.year;
        let title = format!("Ngày nghỉ năm {year}");
        let way = Breadcrumbs::to(&title).via("Lịch làm việc", TOP).via("Ngày nghỉ cả nước", YEARS);
        let all = [
            way.into(),
            PageHead::new(&title).into(),
            self.facts(),
            self.decided(),
            Card::new(format!("Năm {year} theo giờ hành chính chung")).around(months::figures(&self.calendar, year)),
            months::months(&self.calendar, year),
        ];
        Page::desk(title, Stack.around(parts(all)))
    }

    fn path(&self, rest: &str) -> String {
        format!("{YEARS}/{}/{rest}", self.known.year)
    }

    fn facts(&self) -> Html {
        let year = self.known.year;
        let facts = KeyValues::new().row("Dữ liệu", origin(&self.known));
        let added = self.known.entered || self.known.decided.iter().any(|(id, _)| id.is_some());
        let drop = Button::link("Bỏ dữ liệu đã nhập", self.path("bo")).tertiary().danger();
        let buttons = parts([
            only_if(
                self.may_keep,
                Button::link("Thêm ngày hoán đổi", self.path("hoan-doi")).icon(Icon::Plus).secondary(),
            ),
            only_if(self.may_keep, Button::link("Thêm đợt nghỉ", self.path("dot-nghi")).icon(Icon::Plus).secondary()),
            only_if(
                self.may_keep,
                Button::link("Thay cả năm", format!("{YEARS}/nhap?nam={year}")).icon(Icon::Pencil).secondary(),
            ),
            Button::link("Tải tệp dữ liệu", self.path("tep")).icon(Icon::Download).download().tertiary().into(),
            only_if(self.may_keep && added, drop),
        ]);
        Card::new("Nguồn").around(Html::from(facts).and(Actions.around(buttons)))
    }

    fn decided(&self) -> Html {
        let row = |(id, decided): &(Option<Id>, Decided)| {
            let paper = decided.decision();
            let remove = match id {
                Some(id) if self.may_keep => {
                    let address = self.path(&format!("quyet-dinh/{id}/bo"));
                    Button::link("Bỏ", address).about(decided.occasion()).tertiary().danger().into()
                }
                _ => Html::default(),
            };
            let basis = months::basis(&paper.basis(), paper.source.as_deref(), paper.verified);
            let shown = [Html::text(decided.occasion()), days(decided), basis];
            Row::new(shown.into_iter().chain(self.may_keep.then_some(remove)))
        };
        let columns = ["Dịp", "Ngày", "Căn cứ"].into_iter().chain(self.may_keep.then_some("Thao tác"));
        let table = Table::new("Đợt nghỉ và ngày hoán đổi").columns(columns).rows(self.known.decided.iter().map(row));
        Card::new("Đợt nghỉ và ngày hoán đổi").flush().around(table)
    }
}

fn days(decided: &Decided) -> Html {
    match decided {
        Decided::Break(decided) => {
            let (from, to) = (format::date(Day(decided.from)), format::date(Day(decided.to)));
            let count = crate::moment::day_number(decided.to) - crate::moment::day_number(decided.from) + 1;
            Cell::two(format!("nghỉ {from} – {to}"), format!("{count} ngày liền"))
        }
        Decided::Swap(swap) => {
            Cell::two(format!("nghỉ {}", words::day(swap.off)), format!("làm bù {}", words::day(swap.work)))
        }
    }
}

pub(crate) async fn show(ctx: Ctx, Path(year): Path<i16>) -> Outcome {
    let (known, public, tops) = scope::read(&ctx, move |reader, calendars, tree| {
        let known = national::years(reader)?.into_iter().find(|known| known.year == year);
        let known = known.ok_or_else(|| Error::not_found(format!("lịch năm {year}")))?;
        Ok((known, calendars.public(reader)?, scope::NATION.tops(reader, tree)?))
    })
    .await?;
    let calendar = WorkingCalendar::new(&WorkingHours::default(), &public).map_err(Error::from)?;
    let may_keep = scope::NATION.kept_by(&ctx.who, &tops);
    Ok(YearPage { known, calendar, may_keep }.draw().into_response())
}

/// The year as the text that can be changed and entered again.
pub(crate) async fn file(ctx: Ctx, Path(year): Path<i16>) -> Outcome {
    let known = ctx.store().read(national::years).await?.into_iter().find(|known| known.year == year);
    let known = known.ok_or_else(|| Error::not_found(format!("lịch năm {year}")))?;
    let name = format!("attachment; filename=\"lich-{year}.toml\"");
    let disposition = HeaderValue::from_str(&name).map_err(Error::internal)?;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, known.file().to_text()).into_response())
}
