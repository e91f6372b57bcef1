//! How signing stands.

use super::{Known, Sight, State, good, worse};
use ui::format;

/// Certificates, then what is had from servers; nothing where nobody signs.
pub(super) fn sights(known: &Known) -> Vec<Sight> {
    [certificates(known), servers(known), library(known)].into_iter().flatten().collect()
}

fn certificates(known: &Known) -> Option<Sight> {
    let title = "Chứng thư ký số";
    let care = &known.signing;
    let advice = "Xin cấp mới hoặc gia hạn ở tổ chức chứng thực, rồi thêm chứng thư mới ở «Chứng thư ký số».";
    if let Some(first) = care.expired.first() {
        let others = care.expired.len() - 1;
        let more = if others == 0 { String::new() } else { format!(" và {others} chứng thư khác") };
        return Some(worse(State::Now, title, format!("Đã hết hạn: «{first}»{more}."), advice));
    }
    let (name, valid_to) = care.ending.first()?;
    let found = format!(
        "«{name}» hết hạn ngày {}. Sắp hết hạn: {} chứng thư.",
        format::date(valid_to.day()),
        care.ending.len()
    );
    Some(worse(State::Soon, title, found, advice))
}

fn servers(known: &Known) -> Option<Sight> {
    let title = "Dấu thời gian và bằng chứng của chữ ký";
    let care = &known.signing;
    let why = care.told.as_deref().unwrap_or("Máy chủ không trả lời.");
    let advice = "Kiểm tra đường mạng và NHAVIEC_TIMESTAMP_URL; máy tự xin lại. Văn bản đang chờ có thể đi tiếp không có dấu thời gian.";
    match (care.unstamped, care.unproved) {
        (0, 0) => None,
        (0, proofs) => {
            Some(worse(State::Soon, title, format!("{proofs} chữ ký chưa có bằng chứng lâu dài. {why}"), advice))
        }
        (stamps, _) => Some(worse(State::Now, title, format!("{stamps} chữ ký chờ dấu thời gian. {why}"), advice)),
    }
}

fn library(known: &Known) -> Option<Sight> {
    let title = "Thư viện thiết bị ký";
    let (path, is_there) = known.token_library.as_ref()?;
    let found = format!("{}.", path.display());
    Some(if *is_there {
        good(title, found)
    } else {
        worse(
            State::Now,
            title,
            format!("Không thấy tệp {found}"),
            "Cài phần mềm của thiết bị ký, hoặc sửa NHAVIEC_PKCS11_LIBRARY, rồi khởi động lại.",
        )
    })
}
