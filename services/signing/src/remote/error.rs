//! What goes wrong with a remote signature, in sentences for the person who wanted it.

use crate::SigningError;
use serde::{Deserialize, Serialize};

/// Why there is no signature from the service. `Display` is a Vietnamese sentence for the person at the screen; texts within
/// are for the log and hold nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteError {
    /// The service is down, overloaded or not reached.
    #[error("Dịch vụ ký từ xa đang bận hoặc không liên lạc được. Văn bản chưa được ký; hãy thử lại sau ít phút.")]
    Busy(String),
    /// The person said no, at the phone.
    #[error("Người ký đã từ chối trên điện thoại. Văn bản chưa được ký; nếu vẫn cần ký, hãy gửi lại yêu cầu.")]
    Refused,
    /// Nobody answered in time, or the service forgot the request.
    #[error(
        "Đã quá thời gian chờ xác nhận trên điện thoại. Văn bản chưa được ký; hãy gửi lại yêu cầu và xác nhận sớm hơn."
    )]
    Expired,
    /// The PIN or one-time code is wrong.
    #[error("Mã PIN hoặc mã xác thực không đúng. Hãy nhập lại; nhập sai nhiều lần có thể bị khóa.")]
    WrongProof,
    /// The service locked the key after wrong codes.
    #[error("Khóa ký từ xa đang bị khóa. Hãy liên hệ nhà cung cấp dịch vụ ký để mở khóa.")]
    Locked,
    /// The service does not take the office's token or login.
    #[error("Dịch vụ ký từ xa không chấp nhận tài khoản của cơ quan. Hãy báo quản trị kiểm tra cấu hình.")]
    NotAdmitted(String),
    /// The service does not do what it is asked.
    #[error("Dịch vụ ký từ xa không nhận yêu cầu này. Hãy thử lại; nếu vẫn lỗi, hãy báo quản trị.")]
    Rejected(String),
    /// The answer does not fit what was asked and must not be used.
    #[error(
        "Kết quả của dịch vụ ký từ xa không đúng với yêu cầu nên không được dùng. Văn bản chưa được ký; hãy báo quản trị."
    )]
    Lies(String),
    /// The certificate is another one than the document was prepared for.
    #[error("Chứng thư số ở dịch vụ ký đã đổi so với lúc chuẩn bị. Hãy mở lại văn bản để chuẩn bị và ký lại.")]
    CertificateChanged,
    /// The key cannot sign this: disabled, too many at once, no algorithm in common.
    #[error(
        "Khóa ký từ xa không ký được yêu cầu này. Hãy kiểm tra tình trạng chứng thư với nhà cung cấp hoặc báo quản trị."
    )]
    CannotSign(String),
    /// The address would send secrets in clear.
    #[error("Địa chỉ dịch vụ ký từ xa phải bắt đầu bằng https://. Hãy báo quản trị sửa cấu hình.")]
    Address,
    /// The job is not at this step.
    #[error("Yêu cầu ký này đã kết thúc hoặc chưa được gửi. Hãy mở lại văn bản để xem kết quả.")]
    OutOfTurn,
    /// A mistake of ours.
    #[error("Hệ thống gặp lỗi khi ký từ xa. Hãy thử lại hoặc báo quản trị.")]
    Internal(String),
}

impl RemoteError {
    /// What the log says; empty where the sentence says it all.
    pub fn inward(&self) -> &str {
        match self {
            Self::Busy(text)
            | Self::NotAdmitted(text)
            | Self::Rejected(text)
            | Self::Lies(text)
            | Self::CannotSign(text)
            | Self::Internal(text) => text,
            _ => "",
        }
    }

    /// Whether the same step may be tried again: the job stays where it is.
    pub fn may_be_tried_again(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::NotAdmitted(_) | Self::WrongProof | Self::Internal(_) | Self::OutOfTurn)
    }
}

impl From<SigningError> for RemoteError {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Unreachable(text) => Self::Busy(text),
            SigningError::Algorithm(text) => Self::CannotSign(text),
            other => Self::Internal(other.inward().to_owned()),
        }
    }
}

impl From<RemoteError> for types::Error {
    fn from(error: RemoteError) -> Self {
        let sentence = error.to_string();
        match error {
            RemoteError::Busy(context)
            | RemoteError::NotAdmitted(context)
            | RemoteError::Rejected(context)
            | RemoteError::Lies(context) => Self::unavailable(sentence, context),
            RemoteError::Internal(context) => Self::internal(format!("remote signing: {context}")),
            _ => Self::Conflict(sentence),
        }
    }
}
