//! GET /quan-tri/thu-tuc/{code} : a definition in full, and where each of its facts comes from.

use crate::citizen::doubt;
use crate::procedure::form::FormField;
use crate::procedure::provenance::{Mark, Standing};
use crate::procedure::{Definition, catalogue, coverage};
use crate::services::Services;
use askama::Template;
use std::sync::Arc;
use store::{Reader, params};
use types::{Day, Error, Result, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path, Sample};

/// A version as its row tells it.
#[derive(Debug, Clone)]
struct Version {
    number: i64,
    from: Day,
    to: Option<Day>,
    imported_at: Timestamp,
}

#[derive(Template)]
#[template(path = "keep/read.html")]
struct Shown {
    definition: Arc<Definition>,
    versions: Vec<Version>,
}

/// GET /quan-tri/thu-tuc/{code}
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> Outcome<WebPage> {
    let services = Services::of(&ctx.house);
    let shown = ctx.store().read(move |reader| load(reader, &services, &code)).await?;
    Ok(page(shown))
}

fn page(shown: Shown) -> WebPage {
    WebPage::desk(format!("Thủ tục {}", shown.definition.code), shown)
}

fn load(reader: &mut Reader<'_>, services: &Services, code: &str) -> Result<Shown> {
    let current = services.procedures.current(reader)?;
    let found = current.iter().find(|p| p.definition.code == code);
    let found = found.ok_or_else(|| Error::not_found(format!("thủ tục {code}")))?;
    let rows: Vec<(i64, Day, Option<Day>, Timestamp)> = reader.all(
        "SELECT version, valid_from, valid_to, imported_at FROM procedure WHERE code = $1 ORDER BY version DESC",
        params![code],
    )?;
    let version = |(number, from, to, imported_at)| Version { number, from, to, imported_at };
    Ok(Shown { definition: found.definition.clone(), versions: rows.into_iter().map(version).collect() })
}

impl Shown {
    fn verified(&self) -> Tag {
        let coverage = coverage::of(&self.definition);
        let words = format!(
            "{} / {} dữ kiện đã đối chiếu quyết định, {} có nguồn công khai",
            coverage.verified,
            coverage.total(),
            coverage.sourced
        );
        if coverage.verified == coverage.total() {
            Tag::new(Tone::Success, Icon::ShieldCheck, words)
        } else {
            Tag::new(Tone::Warning, Icon::ShieldAlert, words)
        }
    }

    fn public_page(&self) -> Button {
        Button::link("Trang cho người dân", format!("/thu-tuc/{}", self.definition.code)).secondary()
    }

    fn general(&self) -> KeyValues {
        let d = &self.definition;
        let channels: Vec<&str> = d.channels.iter().map(|channel| channel.label()).collect();
        let announced = d.announced.as_ref().map_or_else(
            || "Chưa tìm thấy".to_owned(),
            |a| format!("{} ngày {}, {}", a.number, format::date(a.date), a.agency),
        );
        let exception = d.channel_exception.as_ref().map(|exception| {
            let names: Vec<&str> = exception.channels.iter().map(|channel| channel.label()).collect();
            format!("{}: {}", names.join(", "), exception.condition)
        });
        KeyValues::new()
            .row("Mã", d.code.as_str())
            .row("Tên", d.name.as_str())
            .row("Tên thường gọi", d.short_names.join("; "))
            .row("Lĩnh vực", d.field.name.as_str())
            .row("Cấp thực hiện", d.level.label())
            .row("Cơ quan quyết định", d.decides.as_str())
            .row("Giải quyết", d.handled.at.label())
            .maybe("Hệ thống của bộ, ngành", d.handled.system.as_deref())
            .row("Hạn chế người xem", if d.restricted { "Có" } else { "Không" })
            .row("Mức độ trực tuyến", d.online_level.label())
            .row("Cách nộp", channels.join(", "))
            .maybe("Kênh chỉ dùng khi có sự cố", exception)
            .row("Một dòng về yêu cầu", d.summary.as_str())
            .row("Quyết định công bố", Html::text(announced).and(doubt(d, "announced")))
            .maybe("Sau khi hết hiệu lực", d.successor.as_deref())
            .row("Thời hạn", d.takes.takes.sentence())
            .row("Thời hạn theo văn bản", d.takes.printed.as_str())
            .maybe("Khi phải xác minh", d.takes.verification.as_ref().map(|v| v.printed.as_str()))
    }

    fn papers(&self) -> Table {
        let rows = self.definition.requirements.iter().map(|r| {
            let when = match (&r.condition, &r.any_of) {
                (Some(condition), _) => condition.clone(),
                (None, Some(group)) => format!("Một trong nhóm «{group}»"),
                (None, None) => "Luôn cần".to_owned(),
            };
            let kind = Cell::two(r.kind.label(), r.counts());
            Row::new([
                Cell::two(r.name.as_str(), r.code.as_str()),
                kind,
                when.into(),
                r.held_by.clone().unwrap_or_default().into(),
            ])
        });
        Table::new("Thành phần hồ sơ").columns(["Giấy tờ, dữ liệu", "Loại", "Khi nào", "Nơi đang giữ"]).rows(rows)
    }

    fn fees(&self) -> Table {
        let rows = self.definition.fees.iter().map(|fee| {
            let exempt: Vec<&str> = fee.exempt.iter().map(|group| group.name.as_str()).collect();
            Row::new([
                Cell::two(fee.name.as_str(), fee.code.as_str()),
                fee.kind.label().into(),
                Cell::two(fee.printed.as_str(), fee.condition.clone().unwrap_or_default()),
                exempt.join("; ").into(),
                fee.basis.clone().unwrap_or_default().into(),
            ])
        });
        let empty = EmptyState::new("Không có phí, lệ phí", "Tệp định nghĩa không ghi khoản thu nào.");
        let columns = ["Khoản", "Cách tính", "Theo văn bản", "Được miễn", "Căn cứ"];
        Table::new("Phí, lệ phí").columns(columns).rows(rows).empty(empty)
    }

    fn form(&self) -> Table {
        let rows = self.definition.form.iter().flat_map(|section| {
            let row = |field: &FormField| {
                let asked = if field.required { "Bắt buộc" } else { "Không bắt buộc" };
                let from = field.from.map(|from| from.label()).unwrap_or_default();
                Row::new([
                    Cell::two(field.label.as_str(), field.key.as_str()),
                    section.title.as_str().into(),
                    Cell::two(field.kind.label(), asked),
                    from.into(),
                ])
            };
            section.fields.iter().map(row).collect::<Vec<_>>()
        });
        Table::new("Tờ khai").columns(["Ô", "Phần", "Loại", "Lấy từ"]).rows(rows)
    }

    fn steps(&self) -> Table {
        let minutes = self.definition.takes.takes.working_minutes();
        let rows = self.definition.steps.iter().map(|step| {
            let time = format::working_time(i64::from(step.minutes(minutes)), 8 * 60);
            Row::new([Cell::two(step.title.as_str(), step.code.as_str()), step.post.label().into(), Cell::whole(time)])
        });
        Table::new("Quy trình").columns(["Bước", "Vị trí", "Tối đa"]).rows(rows)
    }

    /// Every fact; what nobody has checked comes first.
    fn facts(&self) -> Table {
        let d = &self.definition;
        let mut facts: Vec<(bool, String, Row)> = Vec::new();
        for path in d.facts() {
            let Some(provenance) = d.provenance(&path) else { continue };
            let tag = match (provenance.standing, provenance.mark) {
                (Standing::Verified, _) => Tag::new(Tone::Success, Icon::ShieldCheck, "Đã kiểm chứng"),
                (Standing::Sourced, _) => Tag::new(Tone::Neutral, Icon::Info, "Có nguồn, chưa đối chiếu quyết định"),
                (_, Mark::Inferred(_)) => Tag::new(Tone::Warning, Icon::ShieldAlert, "Suy luận"),
                (_, Mark::Drafted) => Tag::new(Tone::Neutral, Icon::Pencil, "Bản đề xuất"),
                (_, Mark::Missing) => Tag::new(Tone::Warning, Icon::ShieldAlert, "Chưa tìm thấy"),
                _ => Tag::new(Tone::Warning, Icon::ShieldAlert, "Chưa tra lại"),
            };
            let row = Row::new([
                Html::text(&path),
                tag.into(),
                Cell::two(provenance.source.as_str(), provenance.note.unwrap_or_default()),
                Html::text(provenance.as_of.unwrap_or("–")),
            ]);
            facts.push((!provenance.is_doubtful(), path, row));
        }
        facts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let rows = facts.into_iter().map(|(_, _, row)| row);
        Table::new("Nguồn của từng dữ kiện").columns(["Dữ kiện", "Mức tin cậy", "Nguồn", "Tính đến"]).rows(rows)
    }

    fn history(&self) -> Table {
        let rows = self.versions.iter().map(|version| {
            let to = version.to.map_or_else(|| "chưa định".to_owned(), format::date);
            Row::new([
                Html::text(version.number),
                format::date(version.from).into(),
                to.into(),
                Cell::whole(format::moment(version.imported_at)),
            ])
        });
        let columns =
            [Column::number("Phiên bản"), Column::new("Áp dụng từ"), Column::new("Đến hết"), Column::new("Nhập lúc")];
        Table::new("Các phiên bản").columns(columns).rows(rows)
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let at: Timestamp = "2026-11-21T09:12".parse().unwrap_or(Timestamp(0));
    let version = |number| Version { number, from: at.day(), to: None, imported_at: at };
    let definition = Arc::new(catalogue::all()[0].clone());
    let shown = Shown { definition, versions: vec![version(2), version(1)] };
    vec![Sample { name: "keep-procedure/full", page: page(shown) }]
}
