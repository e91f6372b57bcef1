//! What can go wrong with a signature, in sentences for the person who wanted it.

/// Why there is no signature. `Display` is a Vietnamese sentence for the person at the screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The file is not a PDF that can be read as written; the text is for the log.
    #[error("Tệp PDF bị hỏng hoặc không đúng chuẩn nên không ký được. Hãy xuất lại tệp rồi ký.")]
    Damaged(String),
    /// Bytes before the PDF, or far behind its end, as scanners and printers wrap their jobs; the text is for the log.
    #[error(
        "Trước hoặc sau nội dung PDF, tệp có dữ liệu lạ (máy quét, máy in hay thêm vào) nên \
             không ký được. \
             Hãy mở tệp, in hoặc lưu lại ra PDF rồi ký."
    )]
    Surrounded(String),
    /// The file is encrypted.
    #[error("Tệp PDF có đặt mật khẩu hoặc mã hóa nên không ký được. Hãy bỏ mật khẩu rồi ký.")]
    Encrypted,
    /// The file carries an XFA form, which readers may show in place of its pages.
    #[error("Tệp PDF chứa biểu mẫu XFA nên không ký được. Hãy in ra tệp PDF thường rồi ký.")]
    Xfa,
    /// An earlier signature forbids further ones (DocMDP level 1).
    #[error("Chữ ký trước đã khóa văn bản, không cho ký thêm.")]
    Locked,
    /// An earlier signature locks the field that was to be signed or filled (FieldMDP). The field's name.
    #[error("Chữ ký trước đã khóa ô «{0}» của văn bản, không cho ký hoặc điền thêm.")]
    FieldLocked(String),
    /// An earlier signature allows others, but nothing new that is seen on a page (DocMDP levels 2 and 3).
    #[error("Chữ ký trước chỉ cho ký thêm mà không đặt hình chữ ký lên trang.")]
    PictureForbidden,
    /// The page does not exist. Counted from 0.
    #[error("Văn bản không có trang {} để đặt chữ ký.", .0 + 1)]
    NoSuchPage(usize),
    /// The rectangle for the signature is empty or not a number.
    #[error("Vị trí đặt chữ ký không hợp lệ.")]
    BadRectangle,
    /// The file is signed, so that no more places can be reserved on its pages.
    #[error("Văn bản đã có chữ ký nên không chừa thêm chỗ ghi số, ngày được.")]
    AlreadySigned,
    /// A number or date without a place reserved for it, or such a place without a number or date.
    #[error("Chỗ chừa sẵn trên văn bản không khớp với số, ngày cần ghi.")]
    NoPlace,
    /// Number and date are written once.
    #[error("Văn bản đã được ghi số, ngày; không ghi lại được.")]
    PlaceFilled,
    /// The number is empty, too long, or has letters that numbers do not have.
    #[error("Số, ký hiệu văn bản không hợp lệ.")]
    BadNumber,
    /// The picture of the signature cannot be used; the text is for the log.
    #[error("Hình hiển thị của chữ ký không dùng được.")]
    BadAppearance(String),
    /// The signature does not fit the room kept for it, both in bytes.
    #[error("Chữ ký dài {needed} byte, không vừa chỗ đã chừa {room} byte. Hãy chuẩn bị ký lại với chỗ rộng hơn.")]
    HoleTooSmall {
        /// Bytes of the signature.
        needed: usize,
        /// Bytes kept.
        room: usize,
    },
    /// The prepared file is not the one that was prepared; the text is for the log.
    #[error("Văn bản chờ ký đã bị thay đổi so với lúc chuẩn bị. Không ghép chữ ký; hãy chuẩn bị ký lại.")]
    Altered(String),
    /// The signature is not one of this document by this certificate; the text is for the log.
    #[error("Chữ ký nhận được không khớp với văn bản hoặc với chứng thư số.")]
    BadSignature(String),
    /// An algorithm or key length that is not accepted; the text names it.
    #[error("Thuật toán ký không được chấp nhận: {0}.")]
    Algorithm(String),
    /// The certificate cannot be read or may not sign; the text is for the log.
    #[error("Chứng thư số không dùng để ký được.")]
    BadCertificate(String),
    /// The certificate is not valid at this time.
    #[error("Chứng thư số chưa có hiệu lực hoặc đã hết hạn.")]
    CertificateNotValidNow,
    /// The certificate was revoked before the signature was made. Seconds since 1970.
    #[error("Chứng thư số «{subject}» đã bị thu hồi.")]
    Revoked {
        /// Whose certificate.
        subject: String,
        /// Since when, in seconds since 1970.
        since: i64,
    },
    /// The unlocking code of the key file, or the PIN of the token, is wrong.
    #[error("Mật khẩu của tệp khóa hoặc mã PIN không đúng.")]
    WrongPassword,
    /// The token has locked itself after too many wrong PINs.
    #[error("Thiết bị ký đã tự khóa vì nhập sai mã PIN nhiều lần. Hãy nhờ nơi cấp mở khóa thiết bị.")]
    TokenLocked,
    /// The key file cannot be read; the text is for the log.
    #[error("Tệp khóa không đọc được. Hãy dùng tệp PKCS#12 (.p12, .pfx) chuẩn AES.")]
    BadKeyFile(String),
    /// The token or HSM refused; the text is for the log.
    #[error("Không dùng được thiết bị ký. Hãy kiểm tra thiết bị đã cắm chưa, nhãn của thiết bị và của khóa.")]
    Token(String),
    /// The time-stamping authority answered something that must not be used; the text is for the log.
    #[error("Dấu thời gian nhận được không hợp lệ nên không dùng. Hãy thử lại hoặc báo quản trị.")]
    BadTimestamp(String),
    /// The time-stamping authority refused the request; the text is for the log.
    #[error("Máy chủ cấp dấu thời gian từ chối yêu cầu.")]
    TimestampRefused(String),
    /// The time stamped differs from our clock by more than allowed, in seconds.
    #[error("Dấu thời gian lệch {0} giây so với đồng hồ hệ thống. Hãy kiểm tra đồng hồ máy chủ.")]
    TimestampClock(i64),
    /// What proves that a certificate was not revoked is missing or wrong; the text is for the log.
    #[error("Chưa lấy được thông tin trạng thái chứng thư số hợp lệ. Hãy thử lại sau.")]
    NoEvidence(String),
    /// A server on the net does not answer; the text is for the log.
    #[error("Không liên lạc được với máy chủ dịch vụ chứng thực. Hãy thử lại sau.")]
    Unreachable(String),
    /// A mistake of ours; the text is for the log.
    #[error("Hệ thống gặp lỗi khi ký. Hãy thử lại hoặc báo quản trị.")]
    Internal(String),
}

impl SigningError {
    /// What the log says; empty where the sentence says it all.
    pub fn inward(&self) -> &str {
        match self {
            Self::Damaged(text)
            | Self::Surrounded(text)
            | Self::BadAppearance(text)
            | Self::Altered(text)
            | Self::BadSignature(text)
            | Self::Algorithm(text)
            | Self::BadCertificate(text)
            | Self::BadKeyFile(text)
            | Self::Token(text)
            | Self::BadTimestamp(text)
            | Self::TimestampRefused(text)
            | Self::NoEvidence(text)
            | Self::Unreachable(text)
            | Self::Internal(text) => text,
            _ => "",
        }
    }
}

impl From<der::Error> for SigningError {
    /// Encoding what we made ourselves failed. What came from outside is given its own error where it is read.
    fn from(error: der::Error) -> Self {
        Self::Internal(format!("DER: {error}"))
    }
}

impl From<SigningError> for types::Error {
    fn from(error: SigningError) -> Self {
        use SigningError as S;
        let sentence = error.to_string();
        match error {
            S::Unreachable(context)
            | S::NoEvidence(context)
            | S::BadTimestamp(context)
            | S::TimestampRefused(context)
            | S::Token(context) => Self::unavailable(sentence, context),
            S::TimestampClock(seconds) => Self::unavailable(sentence, format!("timestamp is {seconds} s off")),
            S::Internal(context) => Self::internal(format!("signing: {context}")),
            _ => Self::Conflict(sentence),
        }
    }
}
