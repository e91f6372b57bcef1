//! Every reason the verifier gives: its code, how much it weighs, and the sentence for whoever received the file.

use super::report::{Status, Weight};
use serde::Serialize;

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident, $weight:ident, $status:ident, $sentence:literal;)*) => {
        /// A reason, for machines.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// How much it weighs.
            pub fn weight(self) -> Weight {
                match self { $(Self::$code => Weight::$weight,)* }
            }

            /// What a signature with this reason was worth; asked only of reasons that refuse one.
            pub fn status(self) -> Status {
                match self { $(Self::$code => Status::$status,)* }
            }

            /// The sentence, in Vietnamese.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$code => $sentence,)* }
            }
        }
    };
}

codes! {
    // The file.
    FileUnreadable, Refuse, Indeterminate, "Tệp bị hỏng hoặc không đúng cấu trúc PDF nên không thể kiểm tra chữ ký.";
    TooMuch, Refuse, Indeterminate, "Tệp quá lớn hoặc quá phức tạp nên không kiểm tra được.";
    NoSignature, Refuse, Indeterminate, "Tệp không có chữ ký số nào.";
    Encrypted, Refuse, Indeterminate, "Tệp bị đặt mật khẩu hoặc mã hóa nên không kiểm tra được chữ ký.";
    Xfa, Refuse, Indeterminate, "Tệp chứa biểu mẫu động (XFA), nội dung hiển thị có thể khác nội dung đã ký.";
    Script, Refuse, Indeterminate, "Tệp chứa mã lệnh (JavaScript), nội dung hiển thị có thể tự thay đổi.";
    DangerousAction, Refuse, Indeterminate, "Tệp chứa thao tác tự mở chương trình hoặc gửi dữ liệu ra ngoài.";
    ExternalContent, Refuse, Indeterminate, "Một phần nội dung nằm ngoài tệp nên chữ ký không bảo vệ được.";
    DuplicateDefinition, Refuse, Indeterminate, "Tệp giấu một bản khác của nội dung, có thể bị tráo đổi sau khi ký.";
    SharedValue, Refuse, Indeterminate, "Hai ô chữ ký dùng chung một chữ ký.";
    NumbersDiffer, Refuse, Indeterminate, "Các chỗ ghi số hoặc ngày của văn bản không giống nhau.";
    HiddenObjects, Look, Valid, "Tệp có phần nội dung không được dùng đến, cần xem lại.";
    UnsignedTail, Look, Valid, "Cuối tệp có dữ liệu thừa không được ký; dữ liệu này không hiển thị.";
    OptionalContent, Look, Valid, "Tệp có lớp nội dung có thể bật hoặc tắt; hãy kiểm tra mọi lớp.";
    OverlappingFields, Look, Valid, "Có ô nhập liệu nằm chồng lên nhau, có thể che nội dung.";
    RepeatedFieldName, Look, Valid, "Có hai ô trùng tên trong biểu mẫu.";
    NeedAppearances, Look, Valid, "Tệp yêu cầu phần mềm tự vẽ lại các ô, nội dung hiển thị có thể khác nhau.";
    AutomaticAction, Look, Valid, "Tệp có thao tác tự chạy khi mở.";
    ActiveMedia, Look, Valid, "Tệp có phim, âm thanh hoặc nội dung động.";
    Hybrid, Note, Valid, "Tệp có hai mục lục; phần mềm rất cũ có thể hiển thị thiếu.";
    EditedBeforeSigning, Note, Valid, "Tệp đã được sửa và lưu thêm trước khi ký lần đầu.";
    // Where the signature stands in the file.
    ByteRange, Refuse, HashMismatch, "Chữ ký không bao trùm đúng phần tệp mà nó phải bảo vệ.";
    RevisionEnd, Refuse, HashMismatch, "Phần được ký không phải là một bản hoàn chỉnh của tệp.";
    UnknownFormat, Refuse, Indeterminate, "Loại chữ ký này không được hỗ trợ.";
    // The signature container.
    CmsUnreadable, Refuse, HashMismatch, "Dữ liệu chữ ký bị hỏng.";
    CmsTrailing, Refuse, HashMismatch, "Sau dữ liệu chữ ký có dữ liệu lạ.";
    SignerCount, Refuse, Indeterminate, "Một chữ ký phải có đúng một người ký.";
    NoSignerCertificate, Refuse, Indeterminate, "Chữ ký không kèm chứng thư của người ký.";
    NotDetached, Refuse, Indeterminate, "Chữ ký mang theo nội dung khác với tệp này.";
    AttributesWrong, Refuse, HashMismatch, "Thông tin được ký kèm bị thiếu hoặc lặp lại.";
    ContentType, Refuse, HashMismatch, "Chữ ký được tạo cho loại dữ liệu khác.";
    HashMismatch, Refuse, HashMismatch, "Nội dung đã bị sửa sau khi ký.";
    SignatureWrong, Refuse, HashMismatch, "Chữ ký không khớp với chứng thư của người ký.";
    OtherCertificate, Refuse, HashMismatch, "Chứng thư kèm theo không phải chứng thư đã dùng để ký.";
    NotBound, Note, Valid, "Chữ ký theo kiểu cũ, không ghi rõ đã dùng chứng thư nào.";
    NoBinding, Refuse, Indeterminate, "Chữ ký không ghi rõ đã dùng chứng thư nào.";
    WeakAlgorithm, Refuse, Indeterminate, "Chữ ký dùng thuật toán không còn được chấp nhận.";
    UnsupportedAlgorithm, Refuse, Indeterminate, "Chữ ký dùng tham số hiếm gặp mà hệ thống chưa kiểm tra được.";
    // The certificate.
    KeyUsage, Refuse, UntrustedChain, "Chứng thư này không được cấp để ký văn bản.";
    UntrustedChain, Refuse, UntrustedChain, "Chứng thư không do tổ chức chứng thực được tin cậy cấp.";
    CertificateStrange, Refuse, UntrustedChain, "Chứng thư có điều kiện đặc biệt mà hệ thống không hiểu.";
    ExpiredAtSigning, Refuse, ExpiredAtSigning, "Chứng thư đã hết hạn vào thời điểm ký được xác nhận.";
    NotYetValid, Refuse, ExpiredAtSigning, "Chứng thư chưa có hiệu lực vào thời điểm ký.";
    Revoked, Refuse, Revoked, "Chứng thư đã bị thu hồi vào thời điểm ký được xác nhận.";
    NoRevocationData, Refuse, Indeterminate, "Chưa có dữ liệu để biết chứng thư có bị thu hồi hay không.";
    ExpiredSince, Note, Valid, "Chứng thư nay đã hết hạn; khi ký vẫn còn hiệu lực.";
    RevokedSince, Note, Valid, "Chứng thư nay đã bị thu hồi; khi ký vẫn còn hiệu lực.";
    // The time.
    NoTimestamp, Note, Valid, "Chữ ký không có dấu thời gian; giờ ký là do người ký tự khai.";
    TimestampWrong, Refuse, Indeterminate, "Dấu thời gian không khớp với chữ ký này.";
    TimestampUntrusted, Refuse, Indeterminate, "Dấu thời gian không do nơi được tin cậy cấp.";
    TimestampUsage, Refuse, Indeterminate, "Chứng thư đóng dấu thời gian không được cấp cho việc này.";
    ClaimedTimeDiffers, Note, Valid, "Giờ người ký tự khai khác giờ của dấu thời gian.";
    // What came after.
    ChangedAfterSigning, Refuse, ModifiedAfterSigning, "Văn bản đã bị thay đổi sau khi ký.";
    LockedChange, Refuse, ModifiedAfterSigning, "Văn bản có thay đổi mà người ký đầu tiên không cho phép.";
    CertificationOrder, Refuse, Indeterminate, "Chữ ký chứng nhận phải là chữ ký đầu tiên.";
}
