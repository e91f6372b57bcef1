//! /chung-thu-ky : the certificates with which this person signs; /quan-tri/chung-thu-ky : those of an administrator's units.

use super::queue::sample_signer;
use super::{REGISTER, REQUESTS, REQUESTS_REGISTER, SIGNERS};
use crate::permissions::SIGNATURES_REGISTER;
use crate::request::{self, Ask, Request};
use crate::rights;
use crate::signer::{self, KeyPlace, Signer, SignerKind, Standing};
use axum::response::IntoResponse;
use directory::Directory;
use serde::Deserialize;
use store::Reader;
use types::{Id, Result, Timestamp};
use ui::{
    Button, Card, Cell, Container, EmptyState, Html, Icon, Link, PageHead, Pagination, Row, Stack, Table, Tag, Tone,
    format,
};
use web::{Ctx, Outcome, Page, Query, Sample};

/// A line: the certificate, whose it is in words, and whether this person may take it out of use.
struct Line {
    signer: Signer,
    of: String,
    may_end: bool,
    /// The request by which a longer life was asked for.
    asked: Option<Id>,
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
        all.extend(signer::seals(reader, &rights::sealed_units(&who, &tree))?);
        let asked = renewals(reader, &all, now)?;
        let of = |signer: &Signer| tree.name(signer.unit).to_owned();
        Ok(lines((all, asked), of, |signer| rights::may_end(&who, &tree, signer)))
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
        let asked = renewals(reader, &all, now)?;
        let of = |signer: &Signer| tree.name(signer.unit).to_owned();
        let all = lines((all, asked), of, |signer| rights::may_end(&who, &tree, signer));
        Ok((all, last))
    });
    let (lines, last) = lines.await?;
    let next = last.map(|last| format!("{REGISTER}?before={last}"));
    Ok(Listed { lines, now, is_register: true, next, may_add: false }.draw().into_response())
}

/// Requests for a longer life of those that end soon or ended.
pub(super) fn renewals(reader: &mut Reader<'_>, all: &[Signer], now: Timestamp) -> Result<Vec<(Id, Request)>> {
    let ending: Vec<Id> = all.iter().filter(|signer| ends(signer, now)).map(|signer| signer.id).collect();
    request::last_of(reader, &ending)
}

fn ends(signer: &Signer, now: Timestamp) -> bool {
    matches!(signer.standing(now), Standing::EndsSoon | Standing::Expired)
}

fn lines(
    (all, asked): (Vec<Signer>, Vec<(Id, Request)>),
    of: impl Fn(&Signer) -> String,
    may_end: impl Fn(&Signer) -> bool,
) -> Vec<Line> {
    let request = |signer: Id| asked.iter().find(|(known, _)| *known == signer).map(|(_, request)| request.id);
    let line = |signer: Signer| Line { of: of(&signer), may_end: may_end(&signer), asked: request(signer.id), signer };
    all.into_iter().map(line).collect()
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
        let asked = if self.is_register { REQUESTS_REGISTER } else { REQUESTS };
        head = head.beside(Button::link("Đề nghị cấp, gia hạn", asked).secondary());
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

    /// The way to a longer life, or to the request for it.
    fn renewal(&self, line: &Line) -> Html {
        let id = line.signer.id;
        match line.asked {
            _ if !ends(&line.signer, self.now) => Html::default(),
            Some(request) => Link::new("Đã đề nghị gia hạn", format!("{REQUESTS}/{request}")).into(),
            // Whoever keeps the register does not ask for others.
            None if self.is_register => Html::default(),
            None => {
                let form = format!("{REQUESTS}/moi?loai={}&chung-thu={id}", Ask::Renew.code());
                Link::new("Đề nghị gia hạn", form).into()
            }
        }
    }

    fn row(&self, line: &Line) -> Row {
        let Line { signer, of, may_end, .. } = line;
        let kind = match signer.kind {
            SignerKind::Person => "Cá nhân",
            SignerKind::Agency => "Con dấu cơ quan",
        };
        let days = format!("{} – {}", format::date(signer.valid_from.day()), format::date(signer.valid_to.day()));
        let days = match standing_tag(signer.standing(self.now)) {
            Some(tag) => Cell::two(days, Html::from(tag).and(self.renewal(line))),
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
        asked: None,
    };
    let now = sample_signer(SignerKind::Person).valid_to.plus_seconds(-20 * 86_400);
    let mut ended = line(SignerKind::Person, true);
    ended.signer.ended_at = Some(now);
    let listed = |lines: Vec<Line>, is_register: bool, may_add: bool| {
        let next = is_register.then(|| format!("{REGISTER}?before=41"));
        Listed { lines, now, is_register, next, may_add }
    };
    let (person, agency) = (SignerKind::Person, SignerKind::Agency);
    let renewed = Line { asked: Some(Id(71)), ..line(agency, true) };
    vec![
        Sample { name: "signers/empty", page: listed(Vec::new(), false, true).draw() },
        Sample { name: "signers/own", page: listed(vec![line(person, true), renewed, ended], false, true).draw() },
        Sample {
            name: "signers/register",
            page: listed(vec![line(agency, true), line(person, false)], true, false).draw(),
        },
    ]
}
