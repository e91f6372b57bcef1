//! How signatures look on a document (Decree 30/2020/NĐ-CP, Annex I): the person's at the place that was chosen when it was
//! submitted, the seal over a third of it, number and date in the places that were kept for them.

mod label;
mod spot;

pub use label::keep_labels;
pub use spot::{Kept, Point, Room, Spot};
pub(crate) use spot::{PARTS, in_mm};

use crate::document::{Role, Seen};
use crate::signer::SignerKind;
use ::signing::places::{self, Issue, Place, PlaceKind, Reserved};
use ::signing::{PageSize, Placement};
use print::forms::{
    AgencySeal, AttachmentLines, COMMUNE_SEAL_MM, CopyLines, DatePicture, NumberPicture, PersonSignature, Picture,
    Stamp, StampImage,
};
use print::{Area, At, Print, Printer, Rectangle, Size, Turn};
use types::{Day, Error, Result, Timestamp};

/// The largest a handwritten signature is drawn, in millimetres.
const HANDWRITING_MM: (f32, f32) = (50.0, 22.0);
/// Room for number and symbol, and for the date, in millimetres.
const NUMBER_MM: (f32, f32) = (42.0, 6.0);
const DATE_MM: (f32, f32) = (64.0, 6.5);

/// The upper right of a page, in parts of it from the left and from the top.
const CORNER: (f32, f32) = (0.5, 0.25);

/// Keeps places for number and date in a file that nobody has signed.
///
/// # Errors
/// `Invalid` with the field `file` or `places`.
pub fn keep_places(file: &[u8], kept: Kept) -> Result<Vec<u8>> {
    let refuse = |field: &str, error: &::signing::SigningError| Error::invalid(field, error.to_string());
    let pages = ::signing::page_sizes(file).map_err(|e| refuse("file", &e))?;
    let first = *pages.first().ok_or_else(|| Error::invalid("file", "Tệp không có trang nào."))?;
    let place = |kind: PlaceKind, at: (f32, f32), (width, height): (f32, f32)| {
        let area = area(first);
        let size = area.turn().of_size(Size::of_mm(width, height));
        let page = shown_size(first);
        let of_page = |mm: f32, points: f32| mm * print::POINTS_PER_MM / points;
        let middle = At::Point { across: of_page(at.0 + width / 2.0, page.width), down: of_page(at.1, page.height) };
        Place { kind, page: 0, rectangle: area.place(middle, size).corners().into() }
    };
    let places = [place(PlaceKind::Number, kept.number, NUMBER_MM), place(PlaceKind::Date, kept.date, DATE_MM)];
    places::reserve(file, &places).map_err(|e| refuse("places", &e))
}

fn area(page: PageSize) -> Area {
    Area::new(page.seen.corners(), page.rotate_degrees.into())
}

/// A page as it is shown: its width and height in points.
pub(crate) fn shown_size(page: PageSize) -> Size {
    area(page).turn().of_size(seen_size(page))
}

fn seen_size(page: PageSize) -> Size {
    let [left, bottom, right, top] = page.seen.corners();
    Size { width: right - left, height: top - bottom }
}

/// Whose signature, and what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Signing {
    pub kind: SignerKind,
    /// Whom the certificate names.
    pub name: String,
    pub agency: String,
    pub at: Timestamp,
    /// PNG.
    pub picture: Option<Vec<u8>>,
    pub spot: Spot,
    /// Where the person's signature is seen, for the seal.
    pub person: Option<Seen>,
    pub numbered: Option<(String, Day)>,
    /// What kind of document it is; of an attachment, with the number of its document.
    pub role: Role,
    pub number_of_main: Option<(String, Day)>,
}

/// What a file offers.
pub(crate) struct Paper {
    pub pages: Vec<PageSize>,
    pub reserved: Vec<Reserved>,
}

impl Paper {
    /// Reads it.
    ///
    /// # Errors
    /// What the file is refused for.
    pub fn read(file: &[u8]) -> Result<Self> {
        Ok(Self { pages: ::signing::page_sizes(file)?, reserved: places::places(file)? })
    }

    /// A page, from 0.
    pub fn page(&self, number: usize) -> Result<PageSize> {
        self.pages.get(number).copied().ok_or_else(|| Error::internal("a signature on a page that is not there"))
    }

    /// The places for number and date that are empty.
    fn empty(&self) -> impl Iterator<Item = &Reserved> {
        self.reserved.iter().filter(|reserved| reserved.text.is_none())
    }
}

/// How a signature is put on.
#[derive(Default)]
pub(crate) struct Look {
    pub placement: Option<Placement>,
    pub seen: Option<Seen>,
    pub issue: Option<Issue>,
}

/// Typesets what a signature shows.
///
/// # Errors
/// `Conflict` when the file keeps places for number and date and none were given; what the printer says.
pub(crate) async fn look(printer: &Printer, paper: &Paper, signing: &Signing) -> Result<Look> {
    if let Some(lines) = lines(signing) {
        return in_the_corner(printer, paper, (&lines, signing.at)).await;
    }
    let issue = match signing.kind {
        SignerKind::Person => None,
        SignerKind::Agency => issue(printer, paper, signing).await?,
    };
    let Some(page) = signing.spot.page(paper.pages.len()) else { return Ok(Look { issue, ..Look::default() }) };
    let (page, person) = match (signing.kind, signing.person) {
        (SignerKind::Agency, Some(person)) => (person.page, Some(person)),
        _ => (page, None),
    };
    let area = area(paper.page(page)?);
    let stamp = stamp(signing)?;
    let print = typeset(printer, &stamp, (area.turn(), None, signing.at)).await?;
    let own = print.pages.first().copied().ok_or_else(|| Error::internal("a stamp without a page"))?;
    let pictured = stamp.has_picture();
    let rectangle = match person {
        Some(person) if pictured && person.pictured => area.seal_over(rectangle(person.corners), own),
        Some(person) => area.seal_beside(rectangle(person.corners), own),
        None => signing.spot.rectangle(area, own),
    };
    let corners = rectangle.corners();
    let placement = Placement { page, rectangle: corners.into(), appearance: print.pdf };
    Ok(Look { placement: Some(placement), seen: Some(Seen { page, corners, pictured }), issue })
}

/// What stands in the corner of an attachment or a copy, instead of a seal.
fn lines(signing: &Signing) -> Option<Stamp> {
    let signed_at = signing.at;
    match signing.role {
        Role::Main => None,
        Role::Attachment { .. } => Some(Stamp::Attachment(AttachmentLines {
            number: signing.number_of_main.as_ref().map(|(number, _)| number.clone()),
            signed_at,
        })),
        Role::Copy(form) => Some(Stamp::Copy(CopyLines { form, agency: signing.agency.clone(), signed_at })),
    }
}

/// The lines at the upper right of the first page.
async fn in_the_corner(printer: &Printer, paper: &Paper, (lines, at): (&Stamp, Timestamp)) -> Result<Look> {
    let area = area(paper.page(0)?);
    let print = typeset(printer, lines, (area.turn(), None, at)).await?;
    let own = print.pages.first().copied().ok_or_else(|| Error::internal("a stamp without a page"))?;
    let corners = area.place(At::TopRight, own).corners();
    let placement = Placement { page: 0, rectangle: corners.into(), appearance: print.pdf };
    Ok(Look { placement: Some(placement), seen: Some(Seen { page: 0, corners, pictured: false }), issue: None })
}

/// Whether something is seen where a copy or an attachment has its lines: at the upper right of the first page.
pub(crate) fn is_in_the_corner(paper: &Paper, seen: &Seen) -> Result<bool> {
    let (across, down) = area(paper.page(seen.page)?).middle(rectangle(seen.corners));
    Ok(seen.page == 0 && across > CORNER.0 && down < CORNER.1)
}

fn rectangle([left, bottom, right, top]: [f32; 4]) -> Rectangle {
    Rectangle { left, bottom, right, top }
}

fn stamp(signing: &Signing) -> Result<Stamp> {
    let image = signing.picture.clone().map(StampImage::check).transpose()?;
    Ok(match signing.kind {
        SignerKind::Person => {
            let (width, height) = HANDWRITING_MM;
            let picture = image.map(|image| Picture::fitted(image, width, height)).transpose()?;
            let (name, agency) = (signing.name.clone(), signing.agency.clone());
            Stamp::Person(PersonSignature { name, agency, signed_at: signing.at, picture })
        }
        SignerKind::Agency => {
            let picture = image.map(|image| Picture::of_mm(image, COMMUNE_SEAL_MM, COMMUNE_SEAL_MM)).transpose()?;
            // The certificate names the agency as the law does; the directory may call it by a shorter name.
            Stamp::Agency(AgencySeal { agency: signing.name.clone(), signed_at: signing.at, picture })
        }
    })
}

/// Checks a picture that is brought for a certificate.
///
/// # Errors
/// `Invalid` with the field `picture`.
pub(crate) fn check_picture(kind: SignerKind, picture: Vec<u8>) -> Result<()> {
    let image = StampImage::check(picture)?;
    match kind {
        SignerKind::Person => Picture::fitted(image, HANDWRITING_MM.0, HANDWRITING_MM.1)?,
        SignerKind::Agency => Picture::of_mm(image, COMMUNE_SEAL_MM, COMMUNE_SEAL_MM)?,
    };
    Ok(())
}

/// Number and date for the places that are kept for them.
///
/// # Errors
/// `Conflict` when the file keeps places and none were given; what the printer says.
pub(crate) async fn issue(printer: &Printer, paper: &Paper, signing: &Signing) -> Result<Option<Issue>> {
    if paper.empty().next().is_none() {
        return Ok(None);
    }
    let Some((number, day)) = &signing.numbered else {
        return Err(Error::conflict("Văn bản chừa chỗ cho số và ngày. Hãy ghi số, ký hiệu và ngày khi đóng dấu."));
    };
    let has = |kind: PlaceKind| paper.empty().any(|reserved| reserved.place.kind == kind);
    let mut pictures = Vec::new();
    for reserved in paper.empty() {
        let Place { kind, page, rectangle } = reserved.place;
        let turn = paper.pages.get(page).map_or(Turn::None, |page| area(*page).turn());
        let stamp = match kind {
            PlaceKind::Number => Stamp::Number(NumberPicture { number: number.clone() }),
            PlaceKind::Date => Stamp::Date(DatePicture { day: *day, type_points: 13 }),
        };
        let size = Size { width: rectangle.right - rectangle.left, height: rectangle.top - rectangle.bottom };
        pictures.push(typeset(printer, &stamp, (turn, Some(turn.of_size(size)), signing.at)).await?.pdf);
    }
    Ok(Some(Issue {
        number: has(PlaceKind::Number).then(|| number.clone()),
        date: has(PlaceKind::Date).then_some(*day),
        pictures,
    }))
}

async fn typeset(
    printer: &Printer,
    stamp: &Stamp,
    (turn, within, at): (Turn, Option<Size>, Timestamp),
) -> Result<Print> {
    let job = stamp.job(turn, within, at).map_err(Error::from)?;
    printer.lay_out(job).await.map_err(Error::from)
}

/// The file as it will look: a sample of the person's signature where it will be, and number and date where they are kept.
/// Nothing is signed.
///
/// # Errors
/// What the file is refused for, and what the printer says.
pub(crate) async fn preview(printer: &Printer, file: &[u8], signing: &Signing) -> Result<Vec<u8>> {
    let mut file = file.to_vec();
    let paper = Paper::read(&file)?;
    let day = signing.at.day();
    let sample = Signing { numbered: Some(("00/MẪU".to_owned(), day)), ..signing.clone() };
    let mut issue = issue(printer, &paper, &sample).await?;
    if let Some(Placement { page, rectangle, appearance }) = look(printer, &paper, &sample).await?.placement {
        let place = Place { kind: PlaceKind::Number, page, rectangle };
        // What is larger than a place may be is left out of the preview, and only there.
        if let Ok(reserved) = places::reserve(&file, &[place]) {
            file = reserved;
            let mut with = issue.unwrap_or(Issue { number: None, date: None, pictures: Vec::new() });
            with.number = Some("00/MẪU".to_owned());
            with.pictures.push(appearance);
            issue = Some(with);
        }
    }
    match issue {
        Some(issue) => Ok(places::fill(&file, &issue)?),
        None => Ok(file),
    }
}
