//! The two languages of the interface and the words that components bring along. Pages bring their own texts.

use serde::{Deserialize, Serialize};

/// A language of the interface. Vietnamese is the source language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The code for `<html lang>`, cookies and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language of a code, where we speak it.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "vi" => Some(Self::Vi),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The other one, for the link that changes over.
    pub fn other(self) -> Self {
        match self {
            Self::Vi => Self::En,
            Self::En => Self::Vi,
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Vi => "Tiếng Việt",
            Self::En => "English",
        }
    }

    /// The fixed words of components in this language.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Vi => &VI,
            Self::En => &EN,
        }
    }
}

/// Every fixed text that a component writes by itself.
#[allow(missing_docs)]
pub struct Words {
    pub error: &'static str,
    pub optional: &'static str,
    pub day: &'static str,
    pub month: &'static str,
    pub year: &'static str,
    pub date_example: &'static str,
    pub choose: &'static str,
    pub one_mistake: &'static str,
    pub mistakes: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub pages: &'static str,
    pub filter: &'static str,
    pub clear_filter: &'static str,
    pub search: &'static str,
    pub you_are_here: &'static str,
    pub views: &'static str,
    pub select_row: &'static str,
    pub select_all: &'static str,
    pub with_selected: &'static str,
    pub picked: &'static str,
    pub sorted_up: &'static str,
    pub sorted_down: &'static str,
    pub not_verified: &'static str,
    pub not_verified_why: &'static str,
    pub skip: &'static str,
    pub menu: &'static str,
    pub main_navigation: &'static str,
    pub account: &'static str,
    /// Ends the session.
    pub sign_out: &'static str,
    pub help: &'static str,
    pub hotline: &'static str,
    pub items: &'static str,
    pub step: &'static str,
    pub step_done: &'static str,
    pub step_current: &'static str,
    pub remove: &'static str,
    pub see: &'static str,
    pub demo: &'static str,
    pub demo_label: &'static str,
    pub address: &'static str,
    pub phone: &'static str,
    pub hours: &'static str,
    pub need_help: &'static str,
}

static VI: Words = Words {
    error: "Lỗi: ",
    optional: "không bắt buộc",
    day: "Ngày",
    month: "Tháng",
    year: "Năm",
    date_example: "Ví dụ: 7 11 2026",
    choose: "Chọn…",
    one_mistake: "Còn 1 chỗ cần sửa",
    mistakes: "Còn {n} chỗ cần sửa",
    previous: "Trang trước",
    next: "Trang sau",
    pages: "Trang",
    filter: "Lọc",
    clear_filter: "Bỏ lọc",
    search: "Tìm",
    you_are_here: "Đường dẫn",
    views: "Chế độ xem",
    select_row: "Chọn",
    select_all: "Chọn tất cả",
    with_selected: "Với các dòng đã chọn",
    picked: "Đã chọn {n}",
    sorted_up: "tăng dần",
    sorted_down: "giảm dần",
    not_verified: "Chưa kiểm chứng",
    not_verified_why: "Nội dung này chưa được đối chiếu với văn bản gốc.",
    skip: "Đi tới nội dung chính",
    menu: "Mục lục",
    main_navigation: "Chính",
    account: "Tài khoản",
    sign_out: "Đăng xuất",
    help: "Trợ giúp",
    hotline: "Tổng đài",
    items: "việc",
    step: "Bước",
    step_done: "đã xong",
    step_current: "đang làm",
    remove: "Xóa",
    see: "Xem",
    demo: "Bản dùng thử: dữ liệu hư cấu, không nộp hồ sơ thật ở đây.",
    demo_label: "Bản dùng thử",
    address: "Địa chỉ",
    phone: "Điện thoại",
    hours: "Giờ làm việc",
    need_help: "Cần trợ giúp?",
};

static EN: Words = Words {
    error: "Error: ",
    optional: "optional",
    day: "Day",
    month: "Month",
    year: "Year",
    date_example: "For example: 7 11 2026",
    choose: "Choose…",
    one_mistake: "There is 1 problem",
    mistakes: "There are {n} problems",
    previous: "Previous page",
    next: "Next page",
    pages: "Pages",
    filter: "Filter",
    clear_filter: "Clear filter",
    search: "Search",
    you_are_here: "You are here",
    views: "Views",
    select_row: "Select",
    select_all: "Select all",
    with_selected: "With the selected rows",
    picked: "{n} selected",
    sorted_up: "ascending",
    sorted_down: "descending",
    not_verified: "Not verified",
    not_verified_why: "This has not been checked against its source.",
    skip: "Skip to main content",
    menu: "Menu",
    main_navigation: "Main",
    account: "Account",
    sign_out: "Sign out",
    help: "Help",
    hotline: "Hotline",
    items: "items",
    step: "Step",
    step_done: "done",
    step_current: "in progress",
    remove: "Remove",
    see: "View",
    demo: "Trial copy: all data is fictional, do not submit real dossiers here.",
    demo_label: "Trial copy",
    address: "Address",
    phone: "Telephone",
    hours: "Opening hours",
    need_help: "Need help?",
};
