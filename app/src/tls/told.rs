//! What there is to tell of encrypted connections, and what of it somebody must care for.

use types::Timestamp;
use ui::format;

const DAY: i64 = 86_400;

/// How connections are encrypted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub mode: Mode,
    /// When the server's certificate ends.
    pub ends: Timestamp,
    /// Why the next one could not be taken.
    pub trouble: Option<String>,
    /// The host of the public address, where the certificate is not good for it.
    pub uncovered: Option<String>,
}

/// In which of the ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// They are not; others may reach the server so.
    Off {
        is_open: bool,
    },
    Local {
        authority_begins: Timestamp,
        authority_ends: Timestamp,
        fingerprint: String,
        /// Names that the authority may not vouch for.
        left_out: Vec<String>,
        /// Where other machines get its certificate.
        offered_at: String,
    },
    Files {
        issuer: String,
    },
}

impl Default for Told {
    fn default() -> Self {
        Self { mode: Mode::Off { is_open: false }, ends: Timestamp(0), trouble: None, uncovered: None }
    }
}

/// Something to care for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Care {
    /// It hinders people today.
    pub is_pressing: bool,
    pub found: String,
    pub advice: String,
}

fn care_of(is_pressing: bool, found: String, advice: &str) -> Care {
    Care { is_pressing, found, advice: advice.to_owned() }
}

const ANEW: &str = "Dừng máy chủ, xóa keys/tls-authority.pem trong thư mục dữ liệu, chạy lại máy chủ, rồi cài lại chứng thư gốc \
                    trên các máy.";

/// What is to be cared for, the pressing first.
pub fn care(told: &Told, now: Timestamp) -> Vec<Care> {
    let mut all: Vec<Care> = match &told.mode {
        Mode::Off { is_open: false } => return Vec::new(),
        Mode::Off { is_open: true } => {
            return vec![care_of(
                false,
                "Máy khác kết nối vào máy chủ này không mã hóa: ai trong mạng cũng có thể đọc được mật khẩu."
                    .to_owned(),
                "Trong nhaviec.toml: ghi tls = \"local\", đổi public_url sang https://…, bỏ dòng listen, rồi khởi động lại; nếu đã có \
                 proxy có https phía trước thì đặt NHAVIEC_BEHIND_PROXY.",
            )];
        }
        Mode::Local { authority_begins, authority_ends, left_out, .. } => {
            local(told, (*authority_begins, *authority_ends), left_out, now)
        }
        Mode::Files { .. } => files(told, now),
    };
    if let Some(why) = &told.trouble {
        let found = format!("Chưa thay được chứng thư của máy chủ, vẫn dùng chứng thư cũ. {why}");
        let advice = match told.mode {
            Mode::Files { .. } => "Sửa lại tệp; máy chủ tự đọc lại trong ít giây.",
            _ => "Xem giờ của máy có đúng không, rồi khởi động lại máy chủ.",
        };
        all.push(care_of(told.ends.plus_seconds(-7 * DAY) < now, found, advice));
    }
    if let Some(host) = &told.uncovered {
        let found =
            format!("Chứng thư của máy chủ không ghi tên {host} của địa chỉ công khai: trình duyệt sẽ báo lỗi.");
        all.push(care_of(true, found, "Sửa public_url, hoặc dùng chứng thư có tên đó."));
    }
    all.sort_by_key(|care| !care.is_pressing);
    all
}

fn local(
    told: &Told,
    (authority_begins, authority_ends): (Timestamp, Timestamp),
    left_out: &[String],
    now: Timestamp,
) -> Vec<Care> {
    let mut all = Vec::new();
    let day = format::date(authority_ends.day());
    if authority_begins > now {
        let found = format!(
            "Chứng thư gốc chỉ có hiệu lực từ {}: giờ của máy khi tạo nó đã sai, hoặc giờ hiện nay sai.",
            format::moment(authority_begins)
        );
        all.push(care_of(true, found, ANEW));
    } else if authority_ends <= now {
        all.push(care_of(true, format!("Chứng thư gốc của máy chủ đã hết hạn ngày {day}."), ANEW));
    } else if authority_ends.plus_seconds(-365 * DAY) < now {
        all.push(care_of(false, format!("Chứng thư gốc của máy chủ hết hạn ngày {day}."), ANEW));
    } else if told.ends.plus_seconds(-20 * DAY) < now {
        let found = format!("Chứng thư của máy chủ hết hạn ngày {} mà chưa tự gia hạn.", format::date(told.ends.day()));
        all.push(care_of(true, found, "Xem giờ của máy có đúng không, rồi khởi động lại máy chủ."));
    }
    if !left_out.is_empty() {
        let found = format!(
            "Chứng thư gốc được tạo khi máy chủ chưa có tên này, nên không chứng nhận được: {}.",
            left_out.join(", ")
        );
        all.push(care_of(false, found, ANEW));
    }
    all
}

fn files(told: &Told, now: Timestamp) -> Vec<Care> {
    let day = format::date(told.ends.day());
    let advice = "Xin chứng thư mới rồi thay hai tệp; máy chủ tự đọc lại trong ít giây, không phải khởi động lại.";
    let left = |days: i64| told.ends.plus_seconds(-days * DAY) < now;
    match (told.ends <= now, left(7), left(21)) {
        (true, ..) => {
            vec![care_of(true, format!("Chứng thư của máy chủ đã hết hạn ngày {day}: trình duyệt báo lỗi."), advice)]
        }
        (_, soon, true) => vec![care_of(soon, format!("Chứng thư của máy chủ hết hạn ngày {day}."), advice)],
        _ => Vec::new(),
    }
}
