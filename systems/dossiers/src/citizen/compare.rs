//! /theo-doi/{token}/doi-chieu : whether a file is the very result of a dossier, for whoever holds the receipt.
//!
//! It compares the file itself, byte for byte by its hash, and does not only look a code up: a code can be copied onto any
//! page. What the file's signatures say stands below.

use super::private;
use crate::dossier::{self, DossierResult};
use crate::track;
use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::IntoResponse;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use store::Reader;
use types::{Result, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path, Sample};

/// What a file is to a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Match {
    /// A result as it is handed out.
    Result {
        number: Option<String>,
    },
    /// A result whose place another took.
    Replaced {
        at: Timestamp,
    },
    Nothing,
}

#[derive(Template)]
#[template(path = "citizen/compare.html")]
struct Compare {
    form: FormState,
    code: String,
    back: String,
    /// What was found, when a file was looked at.
    answer: Html,
}

/// GET /theo-doi/{token}/doi-chieu
pub async fn show(ctx: Ctx, Path(token): Path<String>) -> Outcome {
    let code = code_of(&ctx, &token).await?;
    Ok(private(page(FormState::new(Lang::Vi), &code, &token, Html::default())))
}

/// POST /theo-doi/{token}/doi-chieu
pub async fn compare(
    ctx: Ctx,
    Path(token): Path<String>,
    sent: std::result::Result<Multipart, MultipartRejection>,
) -> Outcome {
    let code = code_of(&ctx, &token).await?;
    match look(&ctx, &token, sent).await {
        Ok(answer) => Ok(private(page(FormState::new(Lang::Vi), &code, &token, answer))),
        Err(error) => {
            let mut form = FormState::sent(Lang::Vi, [("file", "")]);
            form.absorb(error)?;
            let status = form.status();
            let page = page(form, &code, &token, Html::default()).with_status(status);
            Ok(private(page).into_response())
        }
    }
}

async fn code_of(ctx: &Ctx, token: &str) -> Result<String> {
    let token = token.to_owned();
    ctx.store().read(move |reader| Ok(track::by_token(reader, &token)?.code)).await
}

async fn look(ctx: &Ctx, token: &str, sent: std::result::Result<Multipart, MultipartRejection>) -> Result<Html> {
    let taken = signatures::take(ctx, sent, "Chọn tệp kết quả cần đối chiếu.").await?;
    let (hash, token) = (HEXLOWER.encode(&Sha256::digest(&taken.bytes)), token.to_owned());
    let found = ctx.store().read(move |reader| match_of(reader, &token, &hash)).await?;
    if !taken.is_pdf() {
        return Ok(words(&found));
    }
    let checked = signatures::check(ctx, taken).await?;
    // Of the very result, its signatures add who stands for it; whether it is genuine is answered already.
    let signed = match found {
        Match::Result { .. } if checked.is_signed() => checked.details(),
        Match::Result { .. } => Html::default(),
        Match::Replaced { .. } | Match::Nothing => checked.drawn(),
    };
    Ok(words(&found).and(signed))
}

fn match_of(reader: &mut Reader<'_>, token: &str, hash: &str) -> Result<Match> {
    let dossier = track::by_token(reader, token)?;
    let results = dossier::results_ever(reader, dossier.id)?;
    let ids: Vec<_> = results.iter().map(|result| result.file).collect();
    let same = files::by_ids(reader, &ids)?.into_iter().filter(|file| file.hash == hash).map(|file| file.id);
    let same: Vec<_> = same.collect();
    let mut found = Match::Nothing;
    for DossierResult { number, replaced_at, .. } in results.into_iter().filter(|result| same.contains(&result.file)) {
        match replaced_at {
            None => return Ok(Match::Result { number }),
            Some(at) => found = Match::Replaced { at },
        }
    }
    Ok(found)
}

fn words(found: &Match) -> Html {
    match found {
        Match::Result { number } => {
            let number = number.as_ref().map_or_else(String::new, |number| format!(" số {number}"));
            let sentence = format!("Tệp này giống hệt kết quả{number} ghi trong hồ sơ, không khác một chữ nào.");
            Notice::new(Tone::Success, sentence).titled("Đúng là kết quả của hồ sơ này").into()
        }
        Match::Replaced { at } => {
            let sentence = format!(
                "Tệp này từng là kết quả của hồ sơ, nhưng từ {} đã được thay bằng kết quả khác. Hãy dùng kết quả mới.",
                format::moment(*at)
            );
            Notice::new(Tone::Warning, sentence).titled("Đây là kết quả cũ, đã được thay").into()
        }
        Match::Nothing => Notice::new(
            Tone::Danger,
            "Tệp này khác với mọi kết quả của hồ sơ. Có thể đây là bản chụp, bản in lại, bản đã lưu lại bằng phần mềm khác, hoặc đã bị sửa. Hãy hỏi bộ phận một cửa.",
        )
        .titled("Không phải tệp kết quả của hồ sơ này")
        .into(),
    }
}

fn page(form: FormState, code: &str, token: &str, answer: Html) -> WebPage {
    let title = form.title("Đối chiếu tệp kết quả");
    WebPage::citizen(title, Compare { form, code: code.to_owned(), back: format!("/theo-doi/{token}"), answer })
}

impl Compare {
    fn action(&self) -> String {
        format!("{}/doi-chieu", self.back)
    }

    fn file_field(&self) -> Field {
        let hint = "Tệp gốc đã nhận (PDF hoặc ảnh), lớn nhất 25 MB. Tệp chỉ được đọc để đối chiếu, không được lưu lại.";
        Field::file("file", "Tệp kết quả", ".pdf,.jpg,.jpeg,.png,application/pdf,image/*").hint(hint).of(&self.form)
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let sample =
        |name, form, answer| Sample { name, page: page(form, "H99.01-261120-0001", "0".repeat(32).as_str(), answer) };
    let fresh = || FormState::new(Lang::Vi);
    let mut wrong = FormState::sent(Lang::Vi, [("file", "")]);
    wrong.refuse("file", "missing", "Chọn tệp kết quả cần đối chiếu.");
    let same = Match::Result { number: Some("123/TLKS-BS".to_owned()) };
    let replaced = Match::Replaced { at: "2026-11-20T16:40".parse().unwrap_or(Timestamp(0)) };
    vec![
        sample("citizen-compare/fresh", fresh(), Html::default()),
        sample("citizen-compare/wrong", wrong, Html::default()),
        sample("citizen-compare/same", fresh(), words(&same)),
        sample("citizen-compare/replaced", fresh(), words(&replaced)),
        sample("citizen-compare/other", fresh(), words(&Match::Nothing)),
    ]
}
