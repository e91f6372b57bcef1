//! One closed error type for the whole house.
//!
//! Every error has an outward half, a Vietnamese sentence for the person at the screen, and an inward half
//! for the log. The inward half is not part of `Display`, so that nobody shows it by accident.
//! HTTP statuses are given once, at the edge (`web::answer`).

use std::fmt;

/// The result type of every fallible verb in the house.
pub type Result<T> = std::result::Result<T, Error>;

/// One field of a form or request that was not right.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field's name as it stands in the form.
    pub field: String,
    /// What is wrong and what to do, in Vietnamese.
    pub message: String,
}

impl FieldError {
    /// A complaint about `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// What can go wrong, told apart only where a caller acts differently.
#[derive(Debug, Clone)]
pub enum Error {
    /// The thing does not exist, or the actor may not know that it exists.
    NotFound(String),
    /// The actor is known and may know of the thing, but may not do this.
    Forbidden(String),
    /// Nobody is signed in, or the session ended.
    SignedOut,
    /// The input is wrong; nothing was done.
    Invalid(Vec<FieldError>),
    /// The state of things does not allow it; the sentence says what can be done instead.
    Conflict(String),
    /// Too much at once; try again shortly. Nothing was done.
    Busy(String),
    /// The limit for guessing or repeated tries is reached.
    TooMany(String),
    /// A part that is needed (database, disk, print worker) does not answer. Whether the write
    /// happened is unknown; repeating it with the same command id is safe.
    Unavailable { outward: String, context: String },
    /// A mistake of ours. The text is for the log only.
    Internal { context: String },
}

impl Error {
    /// "Không tìm thấy …" for the thing named.
    pub fn not_found(what: impl fmt::Display) -> Self {
        Self::NotFound(format!("Không tìm thấy {what}."))
    }

    /// A single wrong field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// A refusal because of the state of things, in Vietnamese.
    pub fn conflict(sentence: impl Into<String>) -> Self {
        Self::Conflict(sentence.into())
    }

    /// The actor may not do this, in Vietnamese.
    pub fn forbidden(sentence: impl Into<String>) -> Self {
        Self::Forbidden(sentence.into())
    }

    /// A mistake of ours, for the log.
    pub fn internal(context: impl fmt::Display) -> Self {
        Self::Internal { context: context.to_string() }
    }

    /// A needed part does not answer; `outward` is shown, `context` is logged.
    pub fn unavailable(outward: impl Into<String>, context: impl fmt::Display) -> Self {
        Self::Unavailable { outward: outward.into(), context: context.to_string() }
    }

    /// Says what was being tried, for the log. Outward text is unchanged.
    pub fn while_doing(self, doing: &str) -> Self {
        match self {
            Self::Internal { context } => Self::Internal { context: format!("while {doing}: {context}") },
            Self::Unavailable { outward, context } => {
                Self::Unavailable { outward, context: format!("while {doing}: {context}") }
            }
            other => other,
        }
    }

    /// What the log says; empty for errors that are the user's business only.
    pub fn inward(&self) -> &str {
        match self {
            Self::Internal { context } | Self::Unavailable { context, .. } => context,
            _ => "",
        }
    }

    /// A short stable code for programs (`/api/v1`) and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Forbidden(_) => "forbidden",
            Self::SignedOut => "signed_out",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::Busy(_) => "busy",
            Self::TooMany(_) => "too_many",
            Self::Unavailable { .. } => "unavailable",
            Self::Internal { .. } => "internal",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(s) | Self::Forbidden(s) | Self::Conflict(s) | Self::Busy(s) | Self::TooMany(s) => {
                f.write_str(s)
            }
            Self::SignedOut => f.write_str("Ông/bà chưa đăng nhập hoặc phiên làm việc đã hết."),
            Self::Invalid(fields) => {
                f.write_str("Thông tin chưa đúng")?;
                for (i, field) in fields.iter().enumerate() {
                    write!(f, "{} {}", if i == 0 { ":" } else { ";" }, field.message)?;
                }
                Ok(())
            }
            Self::Unavailable { outward, .. } => f.write_str(outward),
            Self::Internal { .. } => {
                f.write_str("Hệ thống gặp lỗi. Chưa có gì bị mất; ông/bà hãy thử lại hoặc báo mã yêu cầu cho quản trị.")
            }
        }
    }
}

impl std::error::Error for Error {}
