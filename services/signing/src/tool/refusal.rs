//! Why a file that came back is not taken, in sentences for the officer who signed.

/// Why a returned file does not count as signed. `Display` is a Vietnamese sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes than any signature adds.
    #[error(
        "Tệp nhận về từ công cụ ký quá lớn ({bytes} byte, tối đa {most} byte) nên không được nhận. Hãy ký lại từ văn bản gốc."
    )]
    TooLarge {
        /// Bytes of the file.
        bytes: usize,
        /// Bytes allowed.
        most: usize,
    },
    /// The file does not begin with the original to the letter.
    #[error(
        "Tệp nhận về không phải văn bản đã gửi đi, hoặc đã bị lưu lại bằng phần mềm khác. Hãy mở lại văn bản và ký trực tiếp, không lưu lại tệp."
    )]
    Rewritten,
    /// There is no new signature.
    #[error("Tệp nhận về chưa có chữ ký mới. Hãy kiểm tra USB ký số rồi ký lại.")]
    NotSigned,
    /// More than one new signature.
    #[error("Tệp nhận về có {0} chữ ký mới, trong khi chỉ chờ một. Hãy ký lại, mỗi lần một chữ ký.")]
    SeveralSignatures(usize),
    /// A signature that the original had is not there any more.
    #[error("Chữ ký trước ở ô «{0}» không còn trong tệp nhận về. Hãy ký lại từ văn bản gốc.")]
    LostEarlier(String),
    /// A timestamp or a certifying signature instead of an ordinary one.
    #[error(
        "Tệp nhận về không có chữ ký thường mà là dấu thời gian hoặc chữ ký chứng nhận khóa văn bản. Hãy chọn kiểu ký thường trong công cụ rồi ký lại."
    )]
    OtherKind,
    /// The signature does not cover the file to its end.
    #[error("Chữ ký mới không bao trùm toàn bộ tệp nhận về. Hãy ký lại từ văn bản gốc.")]
    NotWhole,
    /// The signed bytes are not what was signed, or the signature is not the certificate's.
    #[error("Chữ ký mới không khớp với nội dung tệp. Hãy ký lại; nếu vẫn lỗi, hãy báo quản trị.")]
    NotIntact,
    /// Another certificate than the one registered for this person.
    #[error(
        "Văn bản được ký bằng chứng thư của «{0}», không phải chứng thư đã đăng ký cho người ký. Hãy cắm đúng USB ký số rồi ký lại."
    )]
    OtherSigner(String),
    /// An earlier signature held before and does not hold now.
    #[error("Lần ký này làm hỏng chữ ký trước ở ô «{0}». Hãy ký lại mà không ghi thêm gì lên trang.")]
    BreaksEarlier(String),
    /// An earlier signature did not hold in the original either.
    #[error(
        "Chữ ký trước ở ô «{field}» không hợp lệ ngay trong văn bản gốc: {reason} Hãy xử lý văn bản gốc trước khi ký."
    )]
    EarlierInvalid {
        /// The field.
        field: String,
        /// The verifier's sentence.
        reason: String,
    },
    /// The page was changed beside the signature, where only a signature was asked for.
    #[error(
        "Công cụ ký đã thay đổi nội dung văn bản ngoài chữ ký. Hãy tắt phần chèn thêm nội dung trong công cụ rồi ký lại."
    )]
    PagesChanged,
    /// The certificate does not lead to an authority that is trusted.
    #[error(
        "Chứng thư của người ký không được tin cậy: {0} Hãy dùng chứng thư chuyên dùng Chính phủ hoặc báo quản trị."
    )]
    Untrusted(String),
    /// The certificate was not valid at the time of signing.
    #[error("Chứng thư của người ký hết hạn hoặc chưa có hiệu lực vào lúc ký. Hãy gia hạn chứng thư rồi ký lại.")]
    NotValidThen,
    /// The certificate was revoked at the time of signing.
    #[error("Chứng thư của người ký đã bị thu hồi vào lúc ký. Hãy liên hệ nơi cấp chứng thư.")]
    Revoked,
    /// Nothing at hand tells whether a certificate was revoked. The file may be kept and tried again.
    #[error(
        "Chưa lấy được thông tin để biết chứng thư có bị thu hồi không, nên văn bản chưa được coi là đã ký. Hãy thử lại sau."
    )]
    RevocationUnknown,
    /// Nobody says when it was signed.
    #[error("Chữ ký mới không ghi thời điểm ký. Hãy bật ghi giờ ký hoặc dấu thời gian trong công cụ rồi ký lại.")]
    NoTime,
    /// The time of signing lies outside the time between sending out and return; seconds, negative when too early.
    #[error("Thời điểm ký lệch {0} giây so với lúc gửi ký. Hãy chỉnh đồng hồ máy tính cho đúng rồi ký lại.")]
    TimeOff(i64),
    /// Something else that the verifier refuses, with its sentence.
    #[error("Tệp nhận về không được chấp nhận: {0} Hãy ký lại từ văn bản gốc; nếu vẫn lỗi, hãy báo quản trị.")]
    Invalid(String),
}

impl Refusal {
    /// Whether the same file may be taken later, when more is known.
    pub fn may_pass_later(&self) -> bool {
        *self == Self::RevocationUnknown
    }
}

impl From<Refusal> for types::Error {
    fn from(refusal: Refusal) -> Self {
        let sentence = refusal.to_string();
        if refusal.may_pass_later() {
            Self::unavailable(sentence, "no revocation data for a returned file".to_owned())
        } else {
            Self::Conflict(sentence)
        }
    }
}
