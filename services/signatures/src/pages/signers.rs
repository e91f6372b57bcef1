//! /chung-thu-ky : the certificates with which this person signs; /quan-tri/chung-thu-ky : those of an administrator's units.

use super::queue::sample_signer;
use super::{REGISTER, SIGNERS};
use crate::permissions::SIGNATURES_REGISTER;
use crate::rights;
use crate::signer::{self, KeyPlace, Signer, SignerKind, Standing};
use axum::response::IntoResponse;
use directory::Directory;
use serde::Deserialize;
use types::{Id, Timestamp};
use ui::{
    Button, Card, Cell, Container, EmptyState, Html, Icon, PageHead, Pagination, Row, Stack, Table, Tag, Tone, format,
};
use web::{Ctx, Outcome, Page, Query, Sample};

/// A line: the certificate, whose it is in words, and whether this person may take it out of use.
struct Line {
    signer: Signer,
    of: String,
    may_end: bool,
}

/// Certificates on a page of the register.
const PAGE: usize = 50;

/// Where the register goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The last certificate of the page before.
    before: Option<Id>,
}

struct Listed {
    lines: Vec<Line>,
    now: Timestamp,
    /// Of all units of an administrator, and not this person's own.
    is_register: bool,
    /// Where the register goes on.
    next: Option<String>,
    may_add: bool,
}

/// GET /chung-thu-ky
pub(super) async fn own(ctx: Ctx) -> Outcome {
    let (who, directory, now) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.now());
    let officer = ctx.officer()?.id;
    let lines = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let mut all = signer::of_person(reader, officer)?;
        all.extend(signer::of_units(reader, &rights::sealed_units(&who, &tree), SignerKind::Agency)?);
        Ok(lines(all, |signer| tree.name(signer.unit).to_owned(), |signer| rights::may_end(&who, &tree, signer)))
    });
    let listed = Listed {
        lines: lines.await?,
        now,
        is_register: false,
        next: None,
        may_add: super::signer_forms::may_add(&ctx.who),
    };
    Ok(listed.draw().into_response())
}

/// GET /quan-tri/chung-thu-ky
pub(super) async fn register(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let (who, directory, now) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.now());
    let lines = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let mut units: Vec<Id> =
            who.units_with(&SIGNATURES_REGISTER).into_iter().flat_map(|unit| tree.below(unit)).collect();
        units.sort_unstable();
        units.dedup();
        let (all, has_more) = signer::register(reader, &units, (asked.before, PAGE))?;
        let last = all.last().map(|signer| signer.id).filter(|_| has_more);
        let all = lines(all, |signer| tree.name(signer.unit).to_owned(), |signer| rights::may_end(&who, &tree, signer));
        Ok((all, last))
    });
    let (lines, last) = lines.await?;
    let next = last.map(|last| format!("{REGISTER}?before={last}"));
    Ok(Listed { lines, now, is_register: true, next, may_add: false }.draw().into_response())
}

fn lines(all: Vec<Signer>, of: impl Fn(&Signer) -> String, may_end: impl Fn(&Signer) -> bool) -> Vec<Line> {
    all.into_iter().map(|signer| Line { of: of(&signer), may_end: may_end(&signer), signer }).collect()
}

impl Listed {
    fn draw(&self) -> Page {
        let (title, lead) = if self.is_register {
            (
                "Chứng thư ký số của đơn vị",
                "Chứng thư của cán bộ và con dấu của các cơ quan. Xin gia hạn trước ngày hết hạn ít nhất hai tháng.",
            )
        } else {
            (
                "Chứng thư ký số của tôi",
                "Chứng thư của riêng ông/bà và con dấu của cơ quan mà ông/bà được giao. Mã mở khóa không được lưu lại.",
            )
        };
        let mut head = PageHead::new(title).lead(lead);
        if self.may_add {
            head = head.beside(Button::link("Thêm chứng thư", format!("{SIGNERS}/them")).icon(Icon::Plus));
        }
        let empty = EmptyState::new(
            "Chưa có chứng thư nào",
            "Chứng thư được thêm bằng tệp khóa (.p12), bằng thiết bị ký, hoặc bằng chứng thư của USB ký số.",
        );
        let rows = self.lines.iter().map(|line| self.row(line));
        let columns = ["Chứng thư", "Của", "Hiệu lực", "Khóa", "Thay đổi"];
        let table = Table::new(title).columns(columns).rows(rows).empty(empty);
        let table = Card::quiet(title).flush().around(table);
        let body = Html::from(head).and(table).and(Pagination::new(None, self.next.clone()));
        Page::desk(title, Stack.around(body))
    }

    fn row(&self, line: &Line) -> Row {
        let Line { signer, of, may_end } = line;
        let kind = match signer.kind {
            SignerKind::Person => "Cá nhân",
            SignerKind::Agency => "Con dấu cơ quan",
        };
        let days = format!("{} – {}", format::date(signer.valid_from.day()), format::date(signer.valid_to.day()));
        let days = match standing_tag(signer.standing(self.now)) {
            Some(tag) => Html::text(days).and(tag),
            None => Html::text(days),
        };
        let key = match signer.key_place {
            KeyPlace::File if signer.ended_at.is_some() => "Đã xóa",
            KeyPlace::File => "Tệp khóa",
            KeyPlace::Token => "Thiết bị",
            KeyPlace::Desk => "USB ký số",
            KeyPlace::Service => "Ký từ xa",
        };
        let change = if *may_end && signer.ended_at.is_none() {
            let back = if self.is_register { REGISTER } else { SIGNERS };
            Cell::link("Ngừng dùng", format!("{SIGNERS}/{}/ngung?ve={back}", signer.id))
        } else {
            Cell::none()
        };
        Row::new([
            Cell::two(
                signer.name.as_str(),
                format!("{kind}; {}; thêm ngày {}", signer.issuer, format::date(signer.added_at.day())),
            ),
            Html::text(of),
            days,
            Cell::two(key, if signer.has_picture { "có hình" } else { "không có hình" }),
            change,
        ])
    }
}

fn standing_tag(standing: Standing) -> Option<Tag> {
    match standing {
        Standing::Good => None,
        Standing::EndsSoon => Some(Tag::new(Tone::Warning, Icon::Clock, "Sắp hết hạn")),
        Standing::NotYet => Some(Tag::new(Tone::Warning, Icon::Clock, "Chưa có hiệu lực")),
        Standing::Expired => Some(Tag::new(Tone::Danger, Icon::TriangleAlert, "Đã hết hạn")),
        Standing::Ended => Some(Tag::new(Tone::Neutral, Icon::CircleX, "Đã ngừng dùng")),
    }
}

/// The day of a sample lies close before the sample's certificate ends.
pub(super) fn samples() -> Vec<Sample> {
    let line = |kind: SignerKind, may_end: bool| Line {
        signer: sample_signer(kind),
        of: "Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned(),
        may_end,
    };
    let now = sample_signer(SignerKind::Person).valid_to.plus_seconds(-20 * 86_400);
    let mut ended = line(SignerKind::Person, true);
    ended.signer.ended_at = Some(now);
    let listed = |lines: Vec<Line>, is_register: bool, may_add: bool| {
        let next = is_register.then(|| format!("{REGISTER}?before=41"));
        Listed { lines, now, is_register, next, may_add }
    };
    let (person, agency) = (SignerKind::Person, SignerKind::Agency);
    vec![
        Sample { name: "signers/empty", page: listed(Vec::new(), false, true).draw() },
        Sample {
            name: "signers/own",
            page: listed(vec![line(person, true), line(agency, true), ended], false, true).draw(),
        },
        Sample {
            name: "signers/register",
            page: listed(vec![line(agency, true), line(person, false)], true, false).draw(),
        },
    ]
}
