//! GET / : what the commune does here, finding a procedure, following a dossier.

use crate::procedure::definition::FieldOfWork;
use crate::procedure::{Definition, catalogue};
use crate::services::Services;
use crate::stored::StoredProcedure;
use askama::Template;
use axum::response::IntoResponse;
use types::text;
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Sample, see};

/// Procedures offered under the search box.
const CHIPS: usize = 4;
/// Short names shown under a field of work.
const EXAMPLES: usize = 3;

#[derive(Template)]
#[template(path = "citizen/front.html")]
struct Front {
    count: usize,
    chips: Vec<(String, String)>,
    fields: Vec<FieldLine>,
}

/// A field of work with what belongs to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FieldLine {
    pub code: String,
    pub name: String,
    pub examples: String,
}

/// GET /
pub async fn show(ctx: Ctx) -> Outcome {
    if ctx.who.officer.is_some() {
        // An officer who has signed in wants their work, not the citizens' page.
        return Ok(see("/viec-cua-toi"));
    }
    let (services, today) = (Services::of(&ctx.house), ctx.now().day());
    let procedures = ctx.store().read(move |r| services.procedures.find(r, "", today)).await?;
    Ok(page(&procedures).into_response())
}

fn page(procedures: &[StoredProcedure]) -> WebPage {
    // The shipped catalogue is in the order of what people ask for most.
    let place = |code: &str| catalogue::FILES.iter().position(|(known, _)| *known == code).unwrap_or(usize::MAX);
    let mut wanted: Vec<&Definition> = procedures.iter().map(|p| &*p.definition).collect();
    wanted.sort_by_key(|definition| place(&definition.code));
    let chips = wanted.iter().take(CHIPS).map(|d| (d.short_name().to_owned(), format!("/thu-tuc/{}", d.code)));
    let front = Front { count: procedures.len(), chips: chips.collect(), fields: fields(procedures) };
    WebPage::citizen("Thủ tục và hồ sơ", front)
}

/// The fields of work in the order of their names, each with the short names of a few procedures.
pub(super) fn fields(procedures: &[StoredProcedure]) -> Vec<FieldLine> {
    let mut known: Vec<(&FieldOfWork, Vec<&str>)> = Vec::new();
    for definition in procedures.iter().map(|p| &p.definition) {
        match known.iter_mut().find(|(field, _)| field.code == definition.field.code) {
            Some((_, names)) => names.push(definition.short_name()),
            None => known.push((&definition.field, vec![definition.short_name()])),
        }
    }
    known.sort_by_cached_key(|(field, _)| text::order_key(&field.name));
    let line = |(field, names): (&FieldOfWork, Vec<&str>)| {
        let more = names.len().saturating_sub(EXAMPLES);
        let mut examples = names.iter().take(EXAMPLES).copied().collect::<Vec<_>>().join("; ");
        if more > 0 {
            examples.push_str(&format!("; và {more} thủ tục khác"));
        }
        FieldLine { code: field.code.clone(), name: field.name.clone(), examples }
    };
    known.into_iter().map(line).collect()
}

fn icon(field: &str) -> Icon {
    match field {
        "ho-tich" => Icon::Baby,
        "chung-thuc" => Icon::Stamp,
        "bao-tro-xa-hoi" => Icon::HandHeart,
        "dat-dai" => Icon::MapPin,
        "ho-kinh-doanh" => Icon::Store,
        "xay-dung" => Icon::House,
        "van-hoa" => Icon::Megaphone,
        "nguoi-co-cong" => Icon::HeartHandshake,
        "giam-ngheo" => Icon::Wallet,
        "hoi" => Icon::Users,
        "khieu-nai-to-cao" => Icon::Messages,
        _ => Icon::FileText,
    }
}

impl Front {
    fn hero(&self) -> Hero {
        let lead = match self.count {
            0 => "Xã chưa công bố thủ tục nào trên trang này.".to_owned(),
            n => format!("Tìm trong {n} thủ tục, gõ như nói thường ngày."),
        };
        let search = Search::new("/thu-tuc", "Tìm thủ tục").example("Ví dụ: giấy khai sinh");
        let hero = Hero::new("Hôm nay ông/bà cần làm việc gì?", lead).search(search);
        self.chips.iter().fold(hero, |hero, (name, href)| hero.chip(name, href))
    }

    fn tiles(&self) -> Tiles {
        Tiles::new("Việc chính").tile(Icon::FileText, "Thủ tục", "Giấy tờ, thời gian, lệ phí", "/thu-tuc").tile(
            Icon::SearchCheck,
            "Theo dõi hồ sơ",
            "Bằng mã hồ sơ và 4 số cuối",
            "/tra-cuu",
        )
    }

    fn signed_results(&self) -> LinkList {
        LinkList::new().row(
            Icon::Signature,
            "Kiểm tra chữ ký số",
            "Biết tệp kết quả bản điện tử do ai ký, ký lúc nào và có bị sửa hay không",
            signatures::CHECK,
        )
    }

    fn field_list(&self) -> LinkList {
        self.fields.iter().fold(LinkList::new(), |list, field| {
            list.row(icon(&field.code), &field.name, &field.examples, format!("/thu-tuc?linh-vuc={}", field.code))
        })
    }
}

/// The shipped procedures as if they were imported, for samples.
pub(super) fn shipped() -> Vec<StoredProcedure> {
    let stored = |definition: &Definition| StoredProcedure {
        id: types::Id(1),
        version: 1,
        definition: std::sync::Arc::new(definition.clone()),
    };
    catalogue::all().iter().map(stored).collect()
}

pub(super) fn samples() -> Vec<Sample> {
    vec![
        Sample { name: "citizen-front/full", page: page(&shipped()) },
        Sample { name: "citizen-front/empty", page: page(&[]) },
    ]
}
