//! What can go wrong with a print, in sentences for the person who asked for it.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Why there is no print. `Display` is a Vietnamese sentence for the person at the screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// Too many prints wait already; nothing was done.
    #[error("Hệ thống đang tạo nhiều bản in cùng lúc. Ông/bà hãy thử lại sau ít giây.")]
    Busy,
    /// The worker took longer than allowed and was stopped.
    #[error("Bản in chưa xong sau {} giây nên đã dừng lại. Ông/bà hãy thử lại; nếu vẫn vậy, hãy báo quản trị.", .0.as_secs_f32())]
    TimedOut(Duration),
    /// The worker wanted more memory than allowed.
    #[error("Bản in cần nhiều bộ nhớ hơn mức cho phép nên đã dừng lại. Hãy chia nhỏ nội dung hoặc báo quản trị.")]
    OutOfMemory,
    /// The worker ended in the middle; the text is for the log.
    #[error("Bộ phận tạo bản in dừng đột ngột. Ông/bà hãy thử lại; nếu vẫn vậy, hãy báo quản trị.")]
    Crashed(String),
    /// The worker could not be started; the text is for the log.
    #[error("Không khởi động được bộ phận tạo bản in. Hãy báo quản trị.")]
    CannotStart(String),
    /// The printer was shut down with the server.
    #[error("Bộ phận tạo bản in đã tắt cùng hệ thống. Ông/bà hãy thử lại sau khi hệ thống chạy lại.")]
    Stopped,
    /// More input than a print may carry.
    #[error("Nội dung bản in lớn {bytes} byte, quá mức cho phép {bytes_max} byte.")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Size allowed.
        bytes_max: usize,
    },
    /// A file name that the typesetter cannot take.
    #[error("Tên tệp kèm bản in không hợp lệ: «{0}». Chỉ dùng chữ thường không dấu, số, dấu chấm và gạch nối.")]
    BadAssetName(String),
    /// The text does not fit a QR code.
    #[error("Nội dung dài {0} byte, không vừa một mã QR.")]
    QrTooLong(usize),
    /// The worker understood the job and said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The two sides do not understand each other; the text is for the log.
    #[error("Bộ phận tạo bản in trả lời sai. Hãy báo quản trị.")]
    Protocol(String),
}

/// Why the worker could not make this print; the next one is not concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such template.
    #[error("Không có mẫu in «{name}».")]
    UnknownTemplate {
        /// The name asked for.
        name: String,
    },
    /// The template does not compile with this data. The message is the typesetter's own, in English.
    #[error("Mẫu in «{file}» có lỗi ở dòng {line}: {message}")]
    Template {
        /// File of the template in which the mistake stands.
        file: String,
        /// Line of that file, from 1; 0 where the place is not known.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// There is no such page, or it cannot be drawn.
    #[error("Không vẽ được trang {} của tệp này.", page + 1)]
    Page {
        /// Page, from 0.
        page: usize,
    },
    /// The document breaks PDF/A, e.g. a picture without a description.
    #[error("Bản in không đạt chuẩn lưu trữ PDF/A: {message}")]
    Standard {
        /// What is wrong.
        message: String,
    },
}

impl PrintError {
    /// The worker ended by itself, so that a worker started afresh may still manage.
    pub(crate) fn worker_died(&self) -> bool {
        matches!(self, Self::Crashed(_) | Self::OutOfMemory)
    }
}

impl From<PrintError> for types::Error {
    fn from(error: PrintError) -> Self {
        use PrintError as P;
        let sentence = error.to_string();
        match error {
            P::Busy => Self::Busy(sentence),
            P::TimedOut(_) | P::OutOfMemory | P::Stopped => Self::unavailable(sentence, "print worker"),
            P::Crashed(context) | P::CannotStart(context) => Self::unavailable(sentence, context),
            P::Protocol(context) => Self::internal(format!("print worker: {context}")),
            P::TooLarge { .. } | P::BadAssetName(_) | P::QrTooLong(_) | P::Refused(_) => Self::Conflict(sentence),
        }
    }
}
