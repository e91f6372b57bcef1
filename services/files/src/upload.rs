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
    /// Bytes of one text field.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 20 * 1024 * 1024, files: 30, text_bytes: 64 * 1024 }
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
}

/// Reads the whole form. A bad file becomes a problem; a broken connection or too many files an error.
pub async fn read_form(store: &FileStore, mut form: Multipart, limits: Limits) -> Result<Uploads> {
    let mut read = Uploads::default();
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(ToOwned::to_owned) {
            // Browsers send an empty part for a file field that was left alone.
            Some(file) if file.is_empty() => drain(field).await?,
            Some(file) => {
                if read.files.len() >= limits.files {
                    return Err(Error::invalid(name, format!("Mỗi lần gửi tối đa {} tệp.", limits.files)));
                }
                match take_file(store, field, &file, limits).await {
                    Ok(kept) => read.files.push(Upload { field: name, kept }),
                    Err(Error::Invalid(problems)) => read.problems.extend(
                        problems.into_iter().map(|p| types::FieldError { field: name.clone(), message: p.message }),
                    ),
                    Err(error) => return Err(error),
                }
            }
            None => {
                let text = take_text(field, &name, limits).await?;
                read.fields.0.entry(name).or_default().push(text);
            }
        }
    }
    Ok(read)
}

async fn take_file(store: &FileStore, mut field: Field<'_>, name: &str, limits: Limits) -> Result<Kept> {
    let (mut file, path) = store.incoming()?;
    let mut size = 0_u64;
    let taken: Result<()> = async {
        while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e))? {
            size += chunk.len() as u64;
            if size <= limits.file_bytes {
                // Small appends to the page cache; the sync that waits for the disk runs on a thread of its own below.
                file.write_all(&chunk).map_err(|e| {
                    Error::unavailable("Máy chủ không ghi được tệp (đĩa đầy hoặc hỏng). Chưa có gì được lưu.", e)
                })?;
            }
        }
        Ok(())
    }
    .await;
    let kept = match taken {
        Ok(()) if size > limits.file_bytes => Err(Error::invalid(
            "file",
            format!(
                "Tệp «{name}» lớn quá {} MB. Hãy quét lại ở 200–300 dpi hoặc chia nhỏ.",
                limits.file_bytes / 1024 / 1024
            ),
        )),
        Ok(()) => {
            let (store, name, path) = (store.clone(), name.to_owned(), path.clone());
            tokio::task::spawn_blocking(move || store.keep(&name, file, &path))
                .await
                .unwrap_or_else(|e| Err(Error::internal(format!("keeping an upload: {e}"))))
        }
        Err(error) => Err(error),
    };
    if kept.is_err() {
        let _ = std::fs::remove_file(&path);
    }
    kept
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
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid(
            "file",
            "Các tệp gửi lên lớn quá mức cho phép. Chưa có gì được lưu; hãy gửi ít tệp hơn hoặc tệp nhỏ hơn.",
        );
    }
    Error::invalid("form", "Đường truyền bị ngắt giữa chừng, hồ sơ chưa gửi đến nơi. Ông/bà hãy gửi lại.")
}
