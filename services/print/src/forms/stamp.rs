//! How signatures look (Decree 30/2020/NĐ-CP, Annex I): the person's signature, the agency's seal, the lines of
//! attachments and copies, the number and the date. Each is a PDF of one transparent page, as large as the picture.

mod picture;

pub use picture::{Picture, PictureError, StampImage};

use crate::{Asset, Job, Page, PrintError, Size, Template, Turn};
use serde::Serialize;
use serde_json::Value;
use types::text::clean;
use types::{Day, Timestamp};

/// Diameter of a commune's round seal in millimetres (con dấu của cơ quan cấp xã).
pub const COMMUNE_SEAL_MM: f32 = 36.0;
/// Most bytes of one name or number; a longer one is a mistake.
const TEXT_BYTES_MAX: usize = 2000;

/// What a stamp shows. Becomes a PDF by [`Stamp::job`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stamp {
    /// A person's signature (chữ ký của người có thẩm quyền).
    Person(PersonSignature),
    /// The agency's signature, seen as its seal (chữ ký của cơ quan, tổ chức).
    Agency(AgencySeal),
    /// The agency's signature on an attachment in a file of its own.
    Attachment(AttachmentLines),
    /// The agency's signature on an electronic copy.
    Copy(CopyLines),
    /// The number and symbol, to stand behind `Số:`.
    Number(NumberPicture),
    /// The date, to stand behind the place name.
    Date(DatePicture),
}

/// The kinds of [`Stamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampKind {
    /// [`Stamp::Person`].
    Person,
    /// [`Stamp::Agency`].
    Agency,
    /// [`Stamp::Attachment`].
    Attachment,
    /// [`Stamp::Copy`].
    Copy,
    /// [`Stamp::Number`].
    Number,
    /// [`Stamp::Date`].
    Date,
}

/// A person's signature: the handwriting in blue, or without it a text that says who signed and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonSignature {
    /// Full name.
    pub name: String,
    /// The agency of the signer; empty for who signs for nobody.
    pub agency: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The handwriting, see [`Picture::fitted`].
    pub picture: Option<Picture>,
}

/// The agency's seal in red and real size, or without it a text with the agency's name and the time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgencySeal {
    /// The agency.
    pub agency: String,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The seal, see [`Picture::of_mm`].
    pub picture: Option<Picture>,
}

/// The lines at the upper right of an attachment: of which document, and when signed. No picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentLines {
    /// Number and symbol (số, ký hiệu) of the document, e.g. `45/QĐ-UBND`; nothing where it has none.
    pub number: Option<String>,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// The lines at the upper right of an electronic copy. No picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopyLines {
    /// Form of the copy (hình thức sao).
    pub form: CopyForm,
    /// The agency that copies.
    pub agency: String,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// Forms of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// SAO Y.
    Full,
    /// TRÍCH SAO: a part.
    Extract,
    /// SAO LỤC: a copy of a copy.
    OfCopy,
}

impl CopyForm {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Full, Self::Extract, Self::OfCopy];

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Full => "Sao y",
            Self::Extract => "Trích sao",
            Self::OfCopy => "Sao lục",
        }
    }
}

/// Number and symbol, in the type of cell 3 (13 upright).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberPicture {
    /// The whole of it, e.g. `15/QĐ-UBND`.
    pub number: String,
}

/// "ngày 05 tháng 02 năm 2026", in the type of cell 4 (13 or 14 italic).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatePicture {
    /// The day.
    pub day: Day,
    /// Size of the type in points, 13 or 14; another one is taken as the nearer of both.
    pub type_points: u8,
}

impl Stamp {
    /// Which kind it is.
    pub fn kind(&self) -> StampKind {
        match self {
            Self::Person(_) => StampKind::Person,
            Self::Agency(_) => StampKind::Agency,
            Self::Attachment(_) => StampKind::Attachment,
            Self::Copy(_) => StampKind::Copy,
            Self::Number(_) => StampKind::Number,
            Self::Date(_) => StampKind::Date,
        }
    }

    /// The print job of this stamp. The page is as large as the picture, or of the size `within`, upright, in whose
    /// middle the picture stands, smaller where it must. `turn` is that of the page it is meant for ([`crate::Area::turn`]).
    ///
    /// # Errors
    /// [`PrintError::TooLarge`] for a name that is none.
    pub fn job(&self, turn: Turn, within: Option<Size>, made_at: Timestamp) -> Result<Job, PrintError> {
        let mut data = serde_json::to_value(self).map_err(|e| PrintError::Protocol(e.to_string()))?;
        clean_words(&mut data)?;
        data["turn"] = turn.degrees().into();
        data["within"] = serde_json::json!(within);
        let picture = self.picture();
        let ident = format!("stamp/{}", data["kind"].as_str().unwrap_or_default());
        Ok(Job {
            template: Template::named("stamp"),
            ident,
            data,
            assets: picture
                .map(|p| Asset { name: "picture.png".into(), bytes: p.png().to_vec() })
                .into_iter()
                .collect(),
            // The template makes its own page.
            page: Page::A4,
            made_at,
        })
    }

    /// Whether it shows a picture, and no words.
    pub fn has_picture(&self) -> bool {
        self.picture().is_some()
    }

    fn picture(&self) -> Option<&Picture> {
        match self {
            Self::Person(person) => person.picture.as_ref(),
            Self::Agency(agency) => agency.picture.as_ref(),
            _ => None,
        }
    }
}

/// Names come from certificates and registers of others: one line each, composed, without what draws nothing.
fn clean_words(data: &mut Value) -> Result<(), PrintError> {
    for value in data.as_object_mut().into_iter().flatten().map(|(_, value)| value) {
        if let Value::String(words) = value {
            if words.len() > TEXT_BYTES_MAX {
                return Err(PrintError::TooLarge { bytes: words.len(), bytes_max: TEXT_BYTES_MAX });
            }
            *words = clean(words);
        }
    }
    Ok(())
}

impl Stamp {
    /// One stamp of each kind without a picture; fictional, and saying so.
    pub fn samples() -> Vec<Self> {
        let signed_at: Timestamp = "2026-11-22T05:47:14".parse().expect("a moment written in this file");
        let agency = "Ủy ban nhân dân xã An Bình (hư cấu)".to_owned();
        vec![
            Self::Person(PersonSignature {
                name: "Đặng Đình Ưởng (hư cấu)".into(),
                agency: agency.clone(),
                signed_at,
                picture: None,
            }),
            Self::Agency(AgencySeal { agency: agency.clone(), signed_at, picture: None }),
            Self::Attachment(AttachmentLines { number: Some("45/QĐ-UBND".into()), signed_at }),
            Self::Copy(CopyLines { form: CopyForm::Full, agency, signed_at }),
            Self::Number(NumberPicture { number: "15/QĐ-UBND".into() }),
            Self::Date(DatePicture { day: "2026-02-05".parse().expect("a day written in this file"), type_points: 14 }),
        ]
    }
}
