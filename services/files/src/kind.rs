//! What a file really is: decided by its bytes, never by its name.

use std::io::{Read, Seek, SeekFrom};
use types::{Error, Result};

/// The kinds of file that a dossier may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Pdf,
    Jpeg,
    Png,
    Webp,
    Docx,
    Xlsx,
}

/// Pixels of a picture; a scan of A3 at 600 dpi has about 70 million.
const PIXELS_MAX: u64 = 120_000_000;
/// Bytes that an office file may unpack to.
const UNPACKED_MAX: u64 = 200 * 1024 * 1024;
const ENTRIES_MAX: usize = 5_000;
/// Bytes of the list in which an office file says of what kinds its parts are; written ones have some thousands.
const TYPES_MAX: u64 = 1024 * 1024;
/// What the part with the macros is called by every program that writes one; its kind is told by the same word.
const MACROS: &[u8] = b"vbaproject";

impl Kind {
    /// The media type told to browsers.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending of its name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }

    /// Whether a name may end so: what a desk opens by a name's ending must be what the bytes are.
    fn may_end_in(self, ending: &str) -> bool {
        let others: &[&str] = if self == Self::Jpeg { &["jpeg", "jpe", "jfif"] } else { &[] };
        others.iter().chain([&self.ending()]).any(|known| ending.eq_ignore_ascii_case(known))
    }

    /// The name with an ending that belongs to the bytes. A name without a dot stays: no desk opens it by itself.
    pub(crate) fn rename(self, name: &str) -> String {
        // Windows drops dots and blanks at the end before it looks at the ending.
        let name = name.trim_end_matches(['.', ' ']);
        let Some((stem, ending)) = name.rsplit_once('.') else {
            return if name.is_empty() { "tep".to_owned() } else { name.to_owned() };
        };
        if self.may_end_in(ending) {
            return name.to_owned();
        }
        // Of "Biên bản 27.11.2026" and "Sở GD.ĐT" nothing is an ending.
        let is_ending = ending.len() <= 10
            && ending.bytes().all(|b| b.is_ascii_alphanumeric())
            && !ending.bytes().all(|b| b.is_ascii_digit());
        let stem = if is_ending { stem.trim_end_matches(['.', ' ']) } else { name };
        match stem.rsplit_once('.') {
            Some((_, before)) if self.may_end_in(before) => stem.to_owned(),
            _ if stem.is_empty() => format!("tep.{}", self.ending()),
            _ => format!("{stem}.{}", self.ending()),
        }
    }

    /// Whether a browser shows it by itself without running anything.
    pub fn shown_inline(media_type: &str) -> bool {
        matches!(media_type, "application/pdf" | "image/jpeg" | "image/png" | "image/webp")
    }

    /// Looks at the bytes; fails with a sentence that names the file.
    pub fn of<R: Read + Seek>(name: &str, mut content: R) -> Result<Self> {
        let mut head = [0_u8; 1024];
        let read = fill(&mut content, &mut head).map_err(|e| Error::internal(format!("reading an upload: {e}")))?;
        let head = &head[..read];
        let kind = match head {
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Self::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Webp,
            [b'P', b'K', 3, 4, ..] => return office(name, content),
            _ if is_pdf(head) => Self::Pdf,
            _ => return Err(wrong_kind(name)),
        };
        if kind != Self::Pdf {
            picture_is_sane(name, content)?;
        }
        Ok(kind)
    }
}

/// Readers accept the mark anywhere within the first kilobyte; but then the file may be a page or a script as well.
/// Blanks and a byte-order mark before it are what careless programs write.
fn is_pdf(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"%PDF-")
}

fn fill(content: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match content.read(&mut buffer[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

fn picture_is_sane<R: Read + Seek>(name: &str, mut content: R) -> Result<()> {
    let broken = || Error::invalid("file", format!("Ảnh «{name}» bị hỏng, không mở được. Hãy chụp hoặc quét lại."));
    content.seek(SeekFrom::Start(0)).map_err(|_| broken())?;
    let reader =
        image::ImageReader::new(std::io::BufReader::new(content)).with_guessed_format().map_err(|_| broken())?;
    let (width, height) = reader.into_dimensions().map_err(|_| broken())?;
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Error::invalid(
            "file",
            format!("Ảnh «{name}» có kích thước quá lớn ({width} × {height} điểm). Hãy quét lại ở 300 dpi."),
        ));
    }
    Ok(())
}

/// An office file is a zip; it must say what it is, and must not unpack to more than anyone wrote.
fn office<R: Read + Seek>(name: &str, mut content: R) -> Result<Kind> {
    content.seek(SeekFrom::Start(0)).map_err(|_| wrong_kind(name))?;
    let mut archive = zip::ZipArchive::new(content).map_err(|_| wrong_kind(name))?;
    let bomb =
        || Error::invalid("file", format!("Tệp «{name}» bung ra quá lớn, có thể là tệp phá hoại nên không được nhận."));
    if archive.len() > ENTRIES_MAX {
        return Err(bomb());
    }
    let kind = if archive.index_for_name("word/document.xml").is_some() {
        Kind::Docx
    } else if archive.index_for_name("xl/workbook.xml").is_some() {
        Kind::Xlsx
    } else {
        return Err(wrong_kind(name));
    };
    // Declared sizes may lie, so the content is really unpacked, into nothing, up to the limit.
    let mut left = UNPACKED_MAX;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(|_| wrong_kind(name))?;
        let mut says = Vec::new();
        if entry.name_raw().eq_ignore_ascii_case(b"[Content_Types].xml") {
            let most = TYPES_MAX.min(left);
            entry.by_ref().take(most).read_to_end(&mut says).map_err(|_| wrong_kind(name))?;
            left -= says.len() as u64;
            if says.len() as u64 == most {
                return Err(bomb());
            }
        }
        if names_macros(entry.name_raw()) || names_macros(&says) {
            return Err(with_macros(name));
        }
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|_| wrong_kind(name))?;
        left = left.checked_sub(unpacked).ok_or_else(bomb)?;
    }
    Ok(kind)
}

fn names_macros(text: &[u8]) -> bool {
    text.windows(MACROS.len()).any(|part| part.eq_ignore_ascii_case(MACROS))
}

fn with_macros(name: &str) -> Error {
    Error::invalid(
        "file",
        format!(
            "Tệp «{name}» chứa macro (chương trình cài trong tệp) nên không được nhận. Hãy lưu lại thành tệp không có macro hoặc PDF rồi gửi."
        ),
    )
}

fn wrong_kind(name: &str) -> Error {
    Error::invalid(
        "file",
        format!("Tệp «{name}» không thuộc loại được nhận. Hãy gửi tệp PDF, JPG, PNG, WEBP, DOCX hoặc XLSX."),
    )
}
