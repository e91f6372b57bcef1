//! Reading a form with files: streamed to disk, limited, checked, with sentences for what is wrong.

use crate::store::{FileStore, Kept};
use axum::extract::Multipart;
use axum::extract::multipart::Field;
use std::io::Write;
use types::{Error, Result};
use web::Fields;

/// What a form with files may bring.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Number of files.
    pub files: usize,
    /// Bytes of all files together; less than the route's own limit, which cuts the form off.
    pub total_bytes: u64,
    /// Bytes of one text field.
    pub text_bytes: usize,
    /// Bytes of all text fields and of all names together.
    pub texts_bytes: usize,
    /// Number of parts of any kind.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 * 1024 * 1024,
            files: 30,
            total_bytes: 64 * 1024 * 1024,
            text_bytes: 64 * 1024,
            texts_bytes: 1024 * 1024,
            parts: 2_000,
        }
    }
}

/// A file that came with a form and is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The form field that brought it.
    pub field: String,
    pub kept: Kept,
}

/// A form that was read: its text fields, its files, and complaints about files, so that one bad file loses nothing else.
#[derive(Debug, Default)]
pub struct Uploads {
    pub fields: Fields,
    pub files: Vec<Upload>,
    pub problems: Vec<types::FieldError>,
    /// Why a file could not be written (disk full or broken): also among the problems, and to be answered with 503.
    pub unavailable: Option<Error>,
}

impl Uploads {
    /// Notes what is wrong with a file of `field`; gives back what is no file's fault.
    fn refuse(&mut self, field: &str, error: Error) -> Result<()> {
        let messages = match error {
            Error::Invalid(problems) => problems.into_iter().map(|problem| problem.message).collect(),
            Error::Unavailable { .. } => {
                tracing::error!(context = error.inward(), "an upload could not be written");
                let message = error.to_string();
                self.unavailable.get_or_insert(error);
                vec![message]
            }
            other => return Err(other),
        };
        self.problems
            .extend(messages.into_iter().map(|message| types::FieldError { field: field.to_owned(), message }));
        Ok(())
    }
}

/// Reads the whole form. A bad file, one too many, and a disk that is full become problems, so that nothing else of the
/// form is lost; a broken connection and too much of everything are errors.
pub async fn read_form(store: &FileStore, mut form: Multipart, limits: Limits) -> Result<Uploads> {
    let mut read = Uploads::default();
    // Each part costs memory beyond its bytes, so many empty ones would cost much.
    let (mut parts, mut texts) = (0, 0);
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        let name = field.name().unwrap_or_default().to_owned();
        parts += 1;
        texts += name.len();
        if parts > limits.parts {
            return Err(Error::invalid(
                "form",
                format!("Biểu mẫu gửi lên có quá {} mục nên không được nhận.", limits.parts),
            ));
        }
        match field.file_name().map(ToOwned::to_owned) {
            // Browsers send an empty part for a file field that was left alone.
            Some(file) if file.is_empty() => drain(field).await?,
            Some(file) => {
                let taken = if read.files.len() >= limits.files {
                    drain(field).await?;
                    let most = limits.files;
                    Err(Error::invalid("file", format!("Mỗi lần gửi tối đa {most} tệp; chưa nhận tệp «{file}».")))
                } else {
                    let before: i64 = read.files.iter().map(|upload| upload.kept.size).sum();
                    let room = limits.total_bytes.saturating_sub(u64::try_from(before).unwrap_or(0));
                    take_file(store, field, &file, (limits, room)).await
                };
                match taken {
                    Ok(kept) => read.files.push(Upload { field: name, kept }),
                    Err(error) => read.refuse(&name, error)?,
                }
            }
            None => {
                let text = take_text(field, &name, limits).await?;
                texts += text.len();
                if texts > limits.texts_bytes {
                    return Err(Error::invalid("form", "Tổng nội dung nhập quá dài nên không được nhận. Hãy rút gọn."));
                }
                read.fields.0.entry(name).or_default().push(text);
            }
        }
    }
    Ok(read)
}

async fn take_file(store: &FileStore, mut field: Field<'_>, name: &str, (limits, room): (Limits, u64)) -> Result<Kept> {
    // Whatever ends this, be it only that nobody waits any more, takes the half file away.
    let mut incoming = store.incoming()?;
    let most = limits.file_bytes.min(room);
    let mut size = 0_u64;
    let taken: Result<()> = async {
        while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e))? {
            size += chunk.len() as u64;
            if size <= most {
                // Small appends to the page cache; the sync that waits for the disk runs on a thread of its own below.
                incoming.file.write_all(&chunk).map_err(|e| {
                    Error::unavailable("Máy chủ không ghi được tệp (đĩa đầy hoặc hỏng). Chưa có gì được lưu.", e)
                })?;
            }
        }
        Ok(())
    }
    .await;
    match taken {
        Ok(()) if size > limits.file_bytes => Err(Error::invalid(
            "file",
            format!(
                "Tệp «{name}» lớn quá {} MB. Hãy quét lại ở 200–300 dpi hoặc chia nhỏ.",
                limits.file_bytes / 1024 / 1024
            ),
        )),
        Ok(()) if size > room => Err(Error::invalid(
            "file",
            format!(
                "Các tệp của một lần gửi lớn quá {} MB; chưa nhận tệp «{name}», hãy gửi tiếp ở lần sau.",
                limits.total_bytes / 1024 / 1024
            ),
        )),
        Ok(()) => {
            let (store, name) = (store.clone(), name.to_owned());
            tokio::task::spawn_blocking(move || store.keep(&name, incoming))
                .await
                .unwrap_or_else(|e| Err(Error::internal(format!("keeping an upload: {e}"))))
        }
        Err(error) => Err(error),
    }
}

async fn take_text(mut field: Field<'_>, name: &str, limits: Limits) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > limits.text_bytes {
            return Err(Error::invalid(name, "Nội dung nhập quá dài."));
        }
    }
    String::from_utf8(bytes).map_err(|_| Error::invalid(name, "Nội dung nhập không phải chữ đọc được (UTF-8)."))
}

async fn drain(mut field: Field<'_>) -> Result<()> {
    while field.chunk().await.map_err(|e| broken(&e))?.is_some() {}
    Ok(())
}

fn broken(error: &axum::extract::multipart::MultipartError) -> Error {
    if web::patience::is_stalled(error) {
        return Error::invalid(
            "form",
            "Đường truyền đứng quá lâu nên lần gửi này đã dừng; chưa có gì được lưu. Ông/bà hãy gửi lại khi mạng ổn định.",
        );
    }
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid(
            "file",
            "Các tệp gửi lên lớn quá mức cho phép. Chưa có gì được lưu; hãy gửi ít tệp hơn hoặc tệp nhỏ hơn.",
        );
    }
    Error::invalid("form", "Đường truyền bị ngắt giữa chừng, hồ sơ chưa gửi đến nơi. Ông/bà hãy gửi lại.")
}
