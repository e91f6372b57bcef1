//! Reading a form with small files into memory, within bounds. Nothing of it is kept.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use types::{Error, Result};
use web::Fields;
use web::patience::is_stalled;

/// Parts of such a form, at most; each costs memory beyond its bytes.
const PARTS_MAX: usize = 20;
/// Bytes of a text field.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// A form that was read.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    pub fields: Fields,
    /// The files that were chosen, under the names of their fields.
    files: Vec<(String, SentFile)>,
}

/// A file of a form.
#[derive(Debug)]
pub(crate) struct SentFile {
    /// What its owner calls it.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Sent {
    /// Takes the file of a field; none when no file was chosen.
    pub fn take(&mut self, field: &str) -> Option<SentFile> {
        let place = self.files.iter().position(|(name, _)| name == field)?;
        Some(self.files.swap_remove(place).1)
    }

    /// What was typed into a text field, with its name.
    pub fn typed(&self, name: &'static str) -> (&'static str, String) {
        (name, self.fields.text(name).to_owned())
    }
}

/// Reads the form; a file over so many bytes is refused with the sentence.
///
/// # Errors
/// `Invalid`: not such a form, too much of it, or the line broke.
pub(crate) async fn read(
    form: std::result::Result<Multipart, MultipartRejection>,
    (bytes_max, too_large): (usize, &str),
) -> Result<Sent> {
    let mut form = form.map_err(|_| {
        Error::invalid("form", "Biểu mẫu gửi lên không đọc được. Ông/bà hãy tải lại trang rồi gửi lại.")
    })?;
    let mut sent = Sent::default();
    let mut parts = 0;
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        parts += 1;
        if parts > PARTS_MAX {
            return Err(Error::invalid("form", "Biểu mẫu gửi lên có quá nhiều mục nên không được nhận."));
        }
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(ToOwned::to_owned) {
            // Browsers send an empty part for a file field that was left alone.
            Some(file) if file.is_empty() => {}
            Some(file) => {
                let bytes = bytes(field, bytes_max, (&name, too_large)).await?;
                sent.files.push((name, SentFile { name: file, bytes }));
            }
            None => {
                let text = bytes(field, TEXT_BYTES_MAX, (&name, "Nội dung nhập quá dài.")).await?;
                let text = String::from_utf8(text)
                    .map_err(|_| Error::invalid(&name, "Nội dung nhập không phải chữ đọc được (UTF-8)."))?;
                sent.fields.0.entry(name).or_default().push(text);
            }
        }
    }
    Ok(sent)
}

async fn bytes(mut field: Field<'_>, most: usize, (name, too_large): (&str, &str)) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e))? {
        if bytes.len() + chunk.len() > most {
            return Err(Error::invalid(name, too_large));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn broken(error: &MultipartError) -> Error {
    if is_stalled(error) {
        return Error::invalid(
            "form",
            "Đường truyền đứng quá lâu nên lần gửi này đã dừng. Ông/bà hãy gửi lại khi mạng ổn định.",
        );
    }
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid("file", "Tệp gửi lên lớn quá mức cho phép nên không được nhận ở đây.");
    }
    Error::invalid("form", "Đường truyền bị ngắt giữa chừng. Ông/bà hãy gửi lại.")
}
