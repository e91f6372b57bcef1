//! What can be asked for.
//!
//! Requests of Decree 68/2024/NĐ-CP ("yêu cầu chứng thực") are those for a new certificate, a longer life, a change of what it
//! says, its revocation, and the unlocking of the device that holds the key. Source: the guidance on the decree by the Department
//! of Information and Communications of Bình Định (stttt.binhdinh.gov.vn, 2024); the decree's own forms were not had. That a
//! certificate can be suspended stands in no source that was read: it is offered, and marked as not verified.

use serde::{Deserialize, Serialize};
use types::{Error, Result};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    New,
    /// A longer life, or a new certificate in the place of one that ends.
    Renew,
    /// Another name, post or address in it.
    Change,
    Revoke,
    Suspend,
    /// The device with the key is locked: too many wrong codes, or the code is forgotten.
    Unlock,
}

impl Ask {
    /// In the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::New, Self::Renew, Self::Change, Self::Unlock, Self::Revoke, Self::Suspend];

    /// As it is kept, and as it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Renew => "renew",
            Self::Change => "change",
            Self::Revoke => "revoke",
            Self::Suspend => "suspend",
            Self::Unlock => "unlock",
        }
    }

    /// The one with this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.code() == code)
    }

    pub(super) fn kept(code: &str) -> Result<Self> {
        Self::of(code).ok_or_else(|| Error::internal(format!("«{code}» is nothing to ask for")))
    }

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::New => "Cấp chứng thư mới",
            Self::Renew => "Gia hạn hoặc cấp mới thay thế",
            Self::Change => "Thay đổi thông tin trong chứng thư",
            Self::Revoke => "Thu hồi chứng thư",
            Self::Suspend => "Tạm dừng chứng thư",
            Self::Unlock => "Khôi phục thiết bị lưu khóa bí mật",
        }
    }

    /// When one asks for it.
    pub fn when(self) -> &'static str {
        match self {
            Self::New => "Chưa có chứng thư, hoặc cần thêm một chứng thư.",
            Self::Renew => "Chứng thư còn dưới hai tháng, hoặc đã hết hạn.",
            Self::Change => "Đổi họ tên, chức vụ, nơi làm việc hay hộp thư.",
            Self::Revoke => "Lộ khóa, mất thiết bị, nghỉ việc, chuyển công tác.",
            Self::Suspend => "Không dùng trong một thời gian. Nghi lộ khóa thì xin thu hồi.",
            Self::Unlock => "Quên mã PIN, hoặc thiết bị bị khóa vì nhập sai nhiều lần.",
        }
    }

    /// It is about a certificate of the register.
    pub fn is_about_certificate(self) -> bool {
        self != Self::New
    }

    /// A certificate comes of it, which is then entered here.
    pub fn brings_certificate(self) -> bool {
        matches!(self, Self::New | Self::Renew | Self::Change)
    }

    /// Where the key shall lie is to be said.
    pub fn places_key(self) -> bool {
        matches!(self, Self::New | Self::Renew)
    }

    /// Nobody would understand it without a reason.
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Change | Self::Revoke | Self::Suspend | Self::Unlock)
    }

    /// No source was found that the law knows it.
    pub fn is_unverified(self) -> bool {
        self == Self::Suspend
    }
}

/// Where the key of a certificate that is to be made shall lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyWish {
    Token,
    /// In the telephone's card, or at a service that asks the telephone.
    Phone,
    Server,
}

impl KeyWish {
    pub const ALL: [Self; 3] = [Self::Token, Self::Phone, Self::Server];

    /// As it is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Phone => "phone",
            Self::Server => "server",
        }
    }

    /// The one with this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.code() == code)
    }

    pub(super) fn kept(code: &str) -> Result<Self> {
        Self::of(code).ok_or_else(|| Error::internal(format!("«{code}» is no place for a key")))
    }

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Token => "USB ký số (PKI Token)",
            Self::Phone => "Điện thoại (SIM PKI hoặc ký số từ xa)",
            Self::Server => "Thiết bị ký của máy chủ (HSM)",
        }
    }
}
