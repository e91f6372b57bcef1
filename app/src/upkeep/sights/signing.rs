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
    let advice = "Gửi đề nghị ở «Chứng thư ký số», mục «Đề nghị»; có chứng thư mới thì thêm vào đó.";
    let asked = match care.renewing.as_slice() {
        [] => String::new(),
        [(name, valid_to)] => {
            format!("Đã gửi đề nghị gia hạn «{name}» (hạn {}).", format::date(valid_to.day()))
        }
        [(name, valid_to), others @ ..] => {
            let day = format::date(valid_to.day());
            format!("Đã gửi đề nghị gia hạn «{name}» (hạn {day}) và {} chứng thư khác.", others.len())
        }
    };
    let found = |sentence: String| if asked.is_empty() { sentence } else { format!("{sentence} {asked}") };
    if let Some(first) = care.expired.first() {
        let others = care.expired.len() - 1;
        let more = if others == 0 { String::new() } else { format!(" và {others} chứng thư khác") };
        return Some(worse(State::Now, title, found(format!("Đã hết hạn: «{first}»{more}.")), advice));
    }
    let Some((name, valid_to)) = care.ending.first() else {
        return Some(asked).filter(|asked| !asked.is_empty()).map(|asked| good(title, asked));
    };
    let day = format::date(valid_to.day());
    let sentence = format!("«{name}» hết hạn ngày {day}. Sắp hết hạn: {} chứng thư.", care.ending.len());
    Some(worse(State::Soon, title, found(sentence), advice))
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
