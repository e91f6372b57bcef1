//! /van-ban-ky/{id}/vi-tri : the pages of a document, to point at where signature, number and date will be seen.

use super::DOCUMENT;
use super::document::{self, Opened};
use super::queue::sample_document;
use crate::document::{Document, State};
use crate::look::{Kept, PARTS, Point, Spot, in_mm};
use crate::sign::{self, Chosen};
use axum::response::{IntoResponse, Response};
use print::{POINTS_PER_MM, Size};
use serde::Deserialize;
use types::{Error, FieldError, Id, Result};
use ui::{
    Actions, Button, Choice, Container, Disclosure, ErrorSummary, Field, FormBox, FormState, Html, Icon, Lang, Notice,
    PageHead, Pagination, Panel, PointAt, Stack, Tabs, Tone, Width,
};
use web::{Ctx, Fields, Outcome, Page, Path, Query, Sample, see};

/// What is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Signature,
    Number,
    Date,
}

impl Thing {
    const ALL: [Self; 3] = [Self::Signature, Self::Number, Self::Date];

    /// As addresses and forms have it.
    fn code(self) -> &'static str {
        match self {
            Self::Signature => "chu-ky",
            Self::Number => "so",
            Self::Date => "ngay",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Signature => "Chữ ký",
            Self::Number => "Số",
            Self::Date => "Ngày",
        }
    }

    /// What pressing on the page does.
    fn hint(self) -> &'static str {
        match self {
            Self::Signature => {
                "Bấm vào chỗ muốn đặt giữa chữ ký. Hình là trang thật với chữ ký mẫu; con dấu đi theo chữ ký."
            }
            Self::Number => "Bấm vào chỗ bắt đầu của số, ngay sau chữ «Số:».",
            Self::Date => "Bấm vào chỗ bắt đầu của ngày, ngay sau địa danh.",
        }
    }

    /// Of a code; what there is no place for in the document is not placed.
    fn of(code: &str, document: &Document) -> Self {
        let found = Self::ALL.into_iter().find(|thing| thing.code() == code);
        found.filter(|thing| *thing == Self::Signature || document.kept.is_some()).unwrap_or(Self::Signature)
    }
}

/// What is asked for in the address.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    dat: Option<String>,
    trang: Option<usize>,
}

/// The page of the document that is shown.
struct Placing {
    document: Document,
    thing: Thing,
    /// From 0, and of how many.
    page: usize,
    pages: usize,
    /// As it is shown, in points.
    size: Size,
    command: String,
}

async fn load(ctx: &Ctx, opened: Opened, asked: &Asked) -> Result<Placing> {
    let Opened { document, command, .. } = opened;
    let sizes = sign::page_sizes(ctx, &document).await?;
    let thing = Thing::of(asked.dat.as_deref().unwrap_or_default(), &document);
    let last = sizes.len().saturating_sub(1);
    let page = match (thing, asked.trang) {
        // Number and date stand on the first page (Decree 30/2020/NĐ-CP, Annex I).
        (Thing::Number | Thing::Date, _) => 0,
        (Thing::Signature, Some(page)) => page.saturating_sub(1).min(last),
        (Thing::Signature, None) => document.spot.page(sizes.len()).unwrap_or(last),
    };
    let size = *sizes.get(page).ok_or_else(|| Error::internal("a document without a page"))?;
    Ok(Placing { document, thing, page, pages: sizes.len(), size, command })
}

/// GET /van-ban-ky/{id}/vi-tri
pub(super) async fn show(ctx: Ctx, Path(id): Path<Id>, Query(asked): Query<Asked>) -> Outcome {
    let opened = document::change(&ctx, id).await?;
    if !opened.is_placed_by_hand() {
        return Ok(see(&format!("{DOCUMENT}/{id}")));
    }
    Ok(load(&ctx, opened, &asked).await?.draw(&FormState::new(Lang::Vi)).into_response())
}

/// GET /van-ban-ky/{id}/trang/{page}
pub(super) async fn picture(ctx: Ctx, Path((id, page)): Path<(Id, usize)>) -> Outcome<Response> {
    let opened = document::load(&ctx, id).await?;
    if !opened.is_placed_by_hand() {
        return Err(Error::conflict("Văn bản đã được ký nên không đổi vị trí được nữa.").into());
    }
    let page = page.checked_sub(1).ok_or_else(|| Error::not_found("trang"))?;
    let picture = sign::picture(&ctx, &opened.document, page).await?;
    Ok(files::serve::download("trang.png", "image/png", picture))
}

/// POST /van-ban-ky/{id}/vi-tri
pub(super) async fn place(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let opened = document::change(&ctx, id).await?;
    let post = opened.post;
    let asked = Asked { dat: Some(fields.text("dat").to_owned()), trang: fields.text("trang").parse().ok() };
    let placing = load(&ctx, opened, &asked).await?;
    let chosen = match placing.chosen(&fields) {
        Ok(chosen) => chosen,
        Err(error) => return placing.refused(&fields, error),
    };
    let address = placing.address(placing.thing, placing.page);
    match sign::place(&ctx, (placing.document.clone(), post), (fields.text("command"), chosen)).await {
        Ok(()) => Ok(see(&address)),
        Err(error) => placing.refused(&fields, error),
    }
}

impl Placing {
    fn address(&self, thing: Thing, page: usize) -> String {
        format!("{DOCUMENT}/{}/vi-tri?dat={}&trang={}", self.document.id, thing.code(), page + 1)
    }

    /// The page with what was typed, and why it is not taken.
    fn refused(&self, fields: &Fields, error: Error) -> Outcome {
        let typed = ["spot", "left", "top"].map(|name| (name, fields.text(name)));
        let mut form = FormState::sent(Lang::Vi, typed);
        form.absorb(error)?;
        Ok(self.draw(&form).into_response())
    }

    /// Height by width.
    fn ratio(&self) -> f32 {
        self.size.height / self.size.width
    }

    /// What the form says: a place that was pressed, one in millimetres, or one by its name.
    fn chosen(&self, fields: &Fields) -> Result<Chosen> {
        if self.thing == Thing::Signature && !fields.text("spot").is_empty() {
            return Ok(Chosen::Signature(Spot::named(fields.text("spot"))?));
        }
        let sent = |name: &str| fields.0.get(name).and_then(|values| values.first().cloned());
        let (across, down) = match PointAt::pressed(self.ratio(), sent) {
            Some(pressed) => pressed,
            None => self.typed(fields)?,
        };
        // Both are parts of the page, at most 1.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let parts = |part: f32| (part * f32::from(PARTS)).round() as u16;
        let point = (parts(across), parts(down));
        let kept = || self.document.kept.ok_or_else(|| Error::conflict("Văn bản này không chừa chỗ cho số và ngày."));
        Ok(match self.thing {
            Thing::Signature => {
                Chosen::Signature(Spot::Point(Point { page: self.page, across: point.0, down: point.1 }))
            }
            Thing::Number => Chosen::Numbers(Kept { number: in_mm(point, self.size), ..kept()? }),
            Thing::Date => Chosen::Numbers(Kept { date: in_mm(point, self.size), ..kept()? }),
        })
    }

    /// Millimetres that were typed, as parts of the page.
    fn typed(&self, fields: &Fields) -> Result<(f32, f32)> {
        if fields.text("left").is_empty() && fields.text("top").is_empty() {
            return Err(Error::invalid("left", "Bấm vào chỗ muốn đặt trên trang, hoặc ghi số đo."));
        }
        let mut wrong = Vec::new();
        let mut read = |name: &str, points: f32| {
            let all = points / POINTS_PER_MM;
            let mm = fields.text(name).replace(',', ".").parse::<f32>().ok().filter(|mm| (0.0..=all).contains(mm));
            if mm.is_none() {
                wrong.push(FieldError::new(name, format!("Ghi số mi-li-mét từ 0 đến {all:.0}.")));
            }
            mm.unwrap_or_default() / all
        };
        let point = (read("left", self.size.width), read("top", self.size.height));
        if wrong.is_empty() { Ok(point) } else { Err(Error::Invalid(wrong)) }
    }

    fn draw(&self, form: &FormState) -> Page {
        let (id, title) = (self.document.id, "Chọn vị trí trên trang");
        let head = PageHead::new(title)
            .lead(self.document.title.as_str())
            .back("Văn bản", format!("{DOCUMENT}/{id}"))
            .beside(Button::link("Xong", format!("{DOCUMENT}/{id}")).icon(Icon::Check));
        let body = Html::from(head).and(ErrorSummary::of(form)).and(self.tabs());
        let body = body.and(self.pressing()).and(self.exactly(form));
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status())
    }

    fn tabs(&self) -> Html {
        if self.document.kept.is_none() {
            return Html::default();
        }
        let tab = |tabs: Tabs, thing: Thing| {
            let page = if thing == Thing::Signature { self.document.spot.page(self.pages) } else { Some(0) };
            let page = page.unwrap_or(self.pages.saturating_sub(1));
            tabs.tab(thing.title(), self.address(thing, page), thing == self.thing)
        };
        Thing::ALL.into_iter().fold(Tabs::new().called("Đặt gì"), tab).into()
    }

    fn form(&self) -> FormBox {
        FormBox::post(format!("{DOCUMENT}/{}/vi-tri", self.document.id))
            .hidden("command", &self.command)
            .hidden("dat", self.thing.code())
            .hidden("trang", (self.page + 1).to_string())
    }

    /// The page itself.
    fn pressing(&self) -> Html {
        let Document { id, revision, .. } = self.document;
        // The revision keeps a picture from before apart from one of now.
        let address = format!("{DOCUMENT}/{id}/trang/{}?lan={revision}", self.page + 1);
        let text = format!("Trang {} của văn bản. {}", self.page + 1, self.thing.hint());
        let picture = self.form().around(PointAt::new(address, text, self.ratio()));
        let stack = Html::from(Notice::new(Tone::Info, self.thing.hint())).and(picture);
        if self.thing != Thing::Signature || self.pages < 2 {
            return stack;
        }
        let of = |page: usize| self.address(self.thing, page);
        let before = self.page.checked_sub(1).map(of);
        let after = Some(self.page + 1).filter(|page| *page < self.pages).map(of);
        stack.and(Pagination::new(before, after).shown(format!("Trang {} trên {}", self.page + 1, self.pages)))
    }

    /// Without pointing.
    fn exactly(&self, form: &FormState) -> Html {
        let of = match self.thing {
            Thing::Signature => "Giữa chữ ký",
            Thing::Number => "Đầu dòng số",
            Thing::Date => "Đầu dòng ngày",
        };
        let (left, top) = self.now().map_or_else(Default::default, |(left, top)| (mm(left), mm(top)));
        let measure = |name: &str, label: String, value: &str| {
            let field = Field::digits(name, label).width(Width::Short);
            if form.was_sent() { field.of(form) } else { field.value(value).of(form) }
        };
        let measures = Html::from(measure("left", format!("{of}: cách mép trái (mm)"), &left))
            .and(measure("top", format!("{of}: cách mép trên (mm)"), &top))
            .and(Actions.around(Button::submit("Đặt theo số đo").secondary()));
        let by_measure = Disclosure::new("Đặt bằng số đo");
        let by_measure = if form.was_sent() { by_measure.open() } else { by_measure };
        let folds = by_measure.around(self.form().around(measures));
        if self.thing != Thing::Signature {
            return Panel.around(folds);
        }
        let spots = Spot::NAMED.map(|spot| Choice::new(spot.code(), spot.title()));
        let spot = Field::radios("spot", "Vị trí thường dùng", spots).value(self.document.spot.code());
        let named = Html::from(spot.of(form)).and(Actions.around(Button::submit("Đặt ở đây").secondary()));
        Panel.around(folds.and(Disclosure::new("Vị trí thường dùng").around(self.form().around(named))))
    }

    /// Where the thing is on this page now, in millimetres from the left and from the top.
    fn now(&self) -> Option<(f32, f32)> {
        match (self.thing, self.document.spot) {
            (Thing::Signature, Spot::Point(Point { page, across, down })) if page == self.page => {
                Some(in_mm((across, down), self.size))
            }
            (Thing::Signature, _) => None,
            (Thing::Number, _) => self.document.kept.map(|kept| kept.number),
            (Thing::Date, _) => self.document.kept.map(|kept| kept.date),
        }
    }
}

/// As people write it, to the millimetre.
fn mm(mm: f32) -> String {
    format!("{mm:.0}")
}

pub(super) fn samples() -> Vec<Sample> {
    let placing = |thing: Thing, spot: Spot, kept: Option<Kept>| Placing {
        document: Document { spot, kept, ..sample_document(State::Drafted) },
        thing,
        page: 1,
        pages: 3,
        size: Size::of_mm(210.0, 297.0),
        command: "0".repeat(32),
    };
    let kept = Some(Kept { number: (42.0, 39.0), date: (125.0, 39.0) });
    let point = Spot::Point(Point { page: 1, across: 700, down: 800 });
    let mut wrong = FormState::sent(Lang::Vi, [("left", "xa"), ("top", "39")]);
    wrong.refuse("left", "wrong", "Ghi số mi-li-mét từ 0 đến 210.");
    let fresh = FormState::new(Lang::Vi);
    let sample = |name, page| Sample { name, page };
    vec![
        sample("signing-place/signature", placing(Thing::Signature, point, kept).draw(&fresh)),
        sample(
            "signing-place/alone",
            Placing { page: 0, pages: 1, ..placing(Thing::Signature, Spot::LastPage, None) }.draw(&fresh),
        ),
        sample("signing-place/number", Placing { page: 0, ..placing(Thing::Number, point, kept) }.draw(&fresh)),
        sample("signing-place/wrong", placing(Thing::Signature, point, kept).draw(&wrong)),
    ]
}
