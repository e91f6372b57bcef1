//! Forms 02 to 05: what the agency writes to the party about its dossier. The circular's own lists of fields were not found;
//! these are those of the forms before it (Circular 01/2018/TT-VPCP), and of practice.

use super::{AgencyHead, Party, ProcedureName, Tracking};
use crate::{Asset, Job, Page, PrintError, Template, qr_svg};
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// What forms 02 to 05 say. Becomes a PDF by [`LetterData::job`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterData {
    /// Marks every page "BẢN DEMO – dữ liệu hư cấu".
    pub demo: bool,
    /// Left head.
    pub head: AgencyHead,
    /// Place before the date ("địa danh"), e.g. "An Bình".
    pub place: String,
    /// When what it is about happened.
    pub at: Timestamp,
    /// Dossier code (mã hồ sơ).
    pub dossier_code: String,
    /// Full name of the counter, where the party brings papers and asks.
    pub counter: String,
    /// To whom it goes.
    pub party: Party,
    /// The procedure asked for ("nội dung yêu cầu giải quyết").
    pub procedure: ProcedureName,
    /// What is asked for in the party's own words, where that says more than the procedure's name.
    pub request: Option<String>,
    /// When the dossier was received.
    pub received_at: Timestamp,
    /// When its result was to be had.
    pub due_at: Timestamp,
    /// Who wrote it and answers questions.
    pub officer: Option<String>,
    /// Who signs it electronically: then number, day, signature and seal have places of their own and come later. Without, it
    /// is a print to sign by hand.
    pub signatory: Option<Signatory>,
    /// How the party follows the dossier.
    pub tracking: Tracking,
    /// What it says.
    pub letter: Letter,
}

/// Whose name stands below the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// In whose name, a line each, e.g. "TM. Ủy ban nhân dân" and "KT. Chủ tịch"; none for who signs in no other's.
    pub authority: Vec<String>,
    /// Title of the post, e.g. "Phó Chủ tịch".
    pub post: String,
    /// Full name.
    pub name: String,
}

/// What a letter says. Reasons and things are lines as somebody wrote them, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Letter {
    /// Form 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: the clock stops.
    Supplement {
        /// What is to be completed, one thing a line.
        things: Vec<String>,
    },
    /// Form 03, phiếu từ chối tiếp nhận giải quyết hồ sơ.
    Refusal {
        /// Why.
        reasons: Vec<String>,
    },
    /// Form 04, văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết.
    Apology {
        /// Why it is late.
        reasons: Vec<String>,
        /// The unit at fault.
        at_fault: String,
        /// The new time.
        new_due_at: Timestamp,
    },
    /// Form 05, thông báo dừng giải quyết hồ sơ.
    Stop {
        /// Why.
        reasons: Vec<String>,
        /// Fees that are given back, in đồng; nothing where none was paid.
        refund: Option<u64>,
    },
}

impl Letter {
    /// The form's number in the circular.
    pub fn number(&self) -> &'static str {
        match self {
            Self::Supplement { .. } => "02",
            Self::Refusal { .. } => "03",
            Self::Apology { .. } => "04",
            Self::Stop { .. } => "05",
        }
    }
}

impl LetterData {
    /// The print job of this letter, with the QR code of its tracking link.
    ///
    /// # Errors
    /// [`PrintError::QrTooLong`] when the link does not fit a QR code.
    pub fn job(&self, page: Page, made_at: Timestamp) -> Result<Job, PrintError> {
        let qr = qr_svg(&self.tracking.link)?;
        Ok(Job {
            template: Template::named("letter"),
            // A dossier may have several of a form, each of its own moment.
            ident: format!("{}/form-{}/{}", self.dossier_code, self.letter.number(), self.at),
            data: serde_json::to_value(self).map_err(|e| PrintError::Protocol(e.to_string()))?,
            assets: vec![Asset { name: "qr.svg".into(), bytes: qr.into_bytes() }],
            page,
            made_at,
        })
    }

    /// One of each form with every field filled and names long enough to wrap; fictional, and marked so.
    pub fn samples() -> Vec<Self> {
        let at = |s: &str| s.parse::<Timestamp>().expect("a moment written in this file");
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let super::ReceiptData { head, place, dossier_code, counter, party, procedure, request, tracking, .. } =
            super::ReceiptData::sample();
        let letters = [
            Letter::Supplement {
                things: lines(&[
                    "Giấy chứng sinh bản chính: bản đã nộp là bản chụp, không có dấu của cơ sở khám bệnh, chữa bệnh.",
                    "Văn bản ủy quyền có chứng thực của ông Đặng Đình Ưởng.",
                    "Tờ khai: ghi lại nơi cư trú của người mẹ theo Cơ sở dữ liệu quốc gia về dân cư.",
                ]),
            },
            Letter::Refusal {
                reasons: lines(&[
                    "Việc đăng ký khai sinh có yếu tố nước ngoài ngoài khu vực biên giới không thuộc thẩm quyền của Ủy ban nhân dân xã An Bình.",
                    "Hồ sơ không có giấy tờ chứng minh quan hệ cha con.",
                ]),
            },
            Letter::Apology {
                reasons: lines(&["Cơ quan phối hợp chưa trả lời kết quả xác minh nơi cư trú cũ của người yêu cầu."]),
                at_fault: "Phòng Văn hóa - Xã hội xã An Bình".into(),
                new_due_at: at("2026-12-01T14:05"),
            },
            Letter::Stop {
                reasons: lines(&[
                    "Người yêu cầu đã đăng ký khai sinh cho trẻ tại Ủy ban nhân dân xã Ea Súp ngày 12/11/2026.",
                ]),
                refund: Some(75_000),
            },
        ];
        let letter = |letter: Letter| Self {
            demo: true,
            head: AgencyHead { counter: None, ..head.clone() },
            place: place.clone(),
            at: at("2026-11-23T09:20"),
            dossier_code: dossier_code.clone(),
            counter: counter.clone(),
            party: party.clone(),
            procedure: procedure.clone(),
            request: request.clone(),
            received_at: at("2026-11-20T14:05"),
            due_at: at("2026-11-26T14:05"),
            officer: Some("Chẩu Thị Xuyến Chi".into()),
            signatory: Some(Signatory {
                authority: lines(&["TM. Ủy ban nhân dân", "KT. Chủ tịch"]),
                post: "Phó Chủ tịch".into(),
                name: "Công Huyền Tôn Nữ Đặng Đình Ưởng Phương".into(),
            }),
            tracking: tracking.clone(),
            letter,
        };
        letters.into_iter().map(letter).collect()
    }

    /// The same with every optional field empty, to be signed by hand.
    pub fn samples_bare() -> Vec<Self> {
        let bare = |full: Self| Self {
            head: AgencyHead { superior: None, ..full.head },
            party: Party { name: "Lò Thị Mẩy".into(), address: None, phone: None, email: None },
            request: None,
            officer: None,
            signatory: None,
            letter: match full.letter {
                Letter::Stop { reasons, .. } => Letter::Stop { reasons, refund: None },
                other => other,
            },
            ..full
        };
        Self::samples().into_iter().map(bare).collect()
    }
}
