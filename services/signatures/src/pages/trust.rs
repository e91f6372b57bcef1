//! /quan-tri/chung-thu-tin-cay : the authorities on whose certificates signatures may rest here.

use super::TRUST;
use crate::permissions::SIGNATURES_TRUST;
use crate::trusted::{self, Trusted};
use axum::response::IntoResponse;
use directory::Directory;
use directory::keepers::Shared;
use signing::trust::{Entry, Kind, Listed, Role};
use types::{Day, Error, Id, Result};
use ui::{Button, Card, Cell, Container, EmptyState, Html, Icon, PageHead, Row, Stack, Table, Tag, Tone, format};
use web::{Ctx, Outcome, Page, Sample};

/// The list is the same for all units of the house.
pub(super) const SHARED: Shared =
    Shared { permission: &SIGNATURES_TRUST, name: "danh sách chứng thư tin cậy", import: "trust" };

const TITLE: &str = "Chứng thư tin cậy";

struct TrustPage {
    all: Vec<Trusted>,
    today: Day,
    may_keep: bool,
}

/// The top units, for those who keep the list.
pub(super) async fn tops(ctx: &Ctx) -> Result<Vec<Id>> {
    let (tops, refusal) = kept(ctx).await?;
    if SHARED.kept_by(&ctx.who, &tops) { Ok(tops) } else { Err(Error::forbidden(refusal)) }
}

async fn kept(ctx: &Ctx) -> Result<(Vec<Id>, String)> {
    let directory = ctx.house.service::<Directory>();
    ctx.store()
        .read(move |reader| {
            let tree = directory.tree(reader)?;
            let tops = SHARED.tops(reader, &tree)?;
            let refusal = SHARED.refusal(&tree, &tops);
            Ok((tops, refusal))
        })
        .await
}

/// GET /quan-tri/chung-thu-tin-cay
pub(super) async fn list(ctx: Ctx) -> Outcome {
    let (tops, _) = kept(&ctx).await?;
    let all = ctx.store().read(trusted::all).await?;
    Ok(TrustPage { all, today: ctx.now().day(), may_keep: SHARED.kept_by(&ctx.who, &tops) }.draw().into_response())
}

impl TrustPage {
    fn draw(&self) -> Page {
        let head = PageHead::new(TITLE).lead(
            "Chữ ký số chỉ được công nhận khi chứng thư của người ký do một tổ chức trong danh sách này cấp. \
             Dùng chung cho mọi đơn vị trên máy chủ.",
        );
        let head = if self.may_keep {
            head.beside(Button::link("Thêm chứng thư", format!("{TRUST}/them")).icon(Icon::Plus))
        } else {
            head
        };
        let columns = ["Tổ chức", "Vai trò", "Tin cậy từ ngày đến ngày", "Mã băm SHA-256", "Thay đổi"];
        let empty = EmptyState::new(
            "Chưa có chứng thư nào",
            "Khi danh sách còn trống, phần mềm chưa biết được chữ ký là của ai.",
        );
        let rows = self.all.iter().map(|trusted| self.row(trusted));
        let table = Table::new("Các chứng thư tin cậy").columns(columns).rows(rows).empty(empty);
        let body = Html::from(head).and(Card::quiet("Đang tin cậy").flush().around(table)).and(self.missing());
        Page::desk(TITLE, Stack.around(body))
    }

    fn row(&self, trusted: &Trusted) -> Row {
        let Entry { name, sha256, kind, role, valid_from, valid_to, source, .. } = &trusted.entry;
        let days = format!("{} – {}", format::date(*valid_from), format::date(*valid_to));
        let days = if *valid_to < self.today {
            Html::text(days).and(Tag::new(Tone::Warning, Icon::TriangleAlert, "Đã hết hạn"))
        } else {
            Html::text(days)
        };
        let short: String = sha256.chars().take(16).collect();
        let remove =
            if self.may_keep { Cell::link("Bỏ", format!("{TRUST}/{}/bo", trusted.id)) } else { Cell::none() };
        Row::new([
            Cell::two(name.as_str(), format!("{}; nguồn: {source}", whose(*kind))),
            Html::text(role_words(*role)),
            days,
            Html::text(format!("{short}…")),
            remove,
        ])
    }

    /// What the program knows by its hash and nobody has brought yet.
    fn missing(&self) -> Html {
        let Ok(delivered) = Listed::read(signing::trust::DELIVERED) else { return Html::default() };
        let is_missing = |entry: &&Entry| !self.all.iter().any(|trusted| trusted.entry.sha256 == entry.sha256);
        let rows: Vec<Row> = delivered
            .certificate
            .iter()
            .filter(is_missing)
            .map(|entry| {
                let place = entry.url.as_deref().unwrap_or("chưa rõ");
                Row::new([Cell::two(entry.name.as_str(), whose(entry.kind)), Html::text(place)])
            })
            .collect();
        if rows.is_empty() {
            return Html::default();
        }
        let table = Table::new("Chứng thư chưa nhập").columns(["Tổ chức", "Tải về tại"]).rows(rows);
        Card::new("Có thể nhập thêm: phần mềm đã biết mã băm").flush().around(table)
    }
}

fn whose(kind: Kind) -> &'static str {
    match kind {
        Kind::Government => "chuyên dùng Chính phủ",
        Kind::Public => "chứng thực công cộng",
        Kind::Own => "riêng của cơ quan",
    }
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Anchor => "Gốc tin cậy",
        Role::Intermediate => "Trung gian",
    }
}

/// A fictional certificate of the list.
pub(super) fn sample() -> Trusted {
    let day = |year| Day(jiff_date(year));
    Trusted {
        id: Id(31),
        entry: Entry {
            name: "Root CA của một tổ chức có tên dài để thử cách trang xuống dòng (mẫu)".to_owned(),
            sha256: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".to_owned(),
            kind: Kind::Own,
            role: Role::Anchor,
            valid_from: day(2024),
            valid_to: day(2026),
            url: None,
            source: "Công văn mẫu".to_owned(),
        },
        pem: String::new(),
        added_at: types::Timestamp(0),
    }
}

fn jiff_date(year: i16) -> jiff::civil::Date {
    jiff::civil::Date::constant(year, 1, 1)
}

pub(super) fn samples() -> Vec<Sample> {
    let today = Day(jiff_date(2027));
    vec![
        Sample { name: "signature-trust/empty", page: TrustPage { all: Vec::new(), today, may_keep: true }.draw() },
        Sample { name: "signature-trust/list", page: TrustPage { all: vec![sample()], today, may_keep: true }.draw() },
        Sample {
            name: "signature-trust/reader",
            page: TrustPage { all: vec![sample()], today, may_keep: false }.draw(),
        },
    ]
}
