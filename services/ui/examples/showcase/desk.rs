//! Desk pages.

use askama::Template;
use ui::prelude::*;

fn status(code: u8) -> Tag {
    match code {
        1 => Tag::new(Tone::Neutral, Icon::Inbox, "Mới đăng ký"),
        2 => Tag::new(Tone::Info, Icon::Stamp, "Được tiếp nhận"),
        4 => Tag::new(Tone::Info, Icon::Loader, "Đang xử lý"),
        5 => Tag::new(Tone::Warning, Icon::FileWarning, "Yêu cầu bổ sung giấy tờ"),
        _ => Tag::new(Tone::Success, Icon::Check, "Đã xử lý xong"),
    }
}

/// The list of what waits for one officer.
#[derive(Template)]
#[template(path = "queue.html")]
pub struct Queue {
    columns: [Column; 6],
    rows: Vec<Row>,
}

impl Queue {
    pub fn new() -> Self {
        let rows = [
            (
                "0031",
                "Đăng ký biến động đất đai – tặng cho quyền sử dụng đất",
                "1.012781",
                "Dương Văn Thịnh",
                "Xóm La Cút",
                "08:12 16/11",
                Term::Late,
                "Trễ 1 ngày",
                100,
                5,
            ),
            (
                "0038",
                "Cấp bản sao trích lục hộ tịch",
                "2.000635",
                "Đặng Đình Ưởng",
                "Xóm Tiến Thành",
                "09:40 21/11",
                Term::Soon,
                "Còn 2 giờ",
                86,
                4,
            ),
            (
                "0042",
                "Xác nhận tình trạng hôn nhân",
                "1.004873",
                "Nông Đức Toàn",
                "Xóm Rừng Vần",
                "14:05 20/11",
                Term::Soon,
                "Còn 3 giờ",
                82,
                4,
            ),
            (
                "0044",
                "Đăng ký khai sinh",
                "1.001193",
                "Chẩu Thị Xuyến Chi",
                "Xóm Kẹm",
                "07:51 21/11",
                Term::Soon,
                "Còn 4 giờ",
                70,
                4,
            ),
            (
                "0035",
                "Trợ cấp xã hội hằng tháng cho người cao tuổi",
                "1.001776",
                "Nguyễn Thị Mỹ Hạnh",
                "Xóm Đồng Tiến",
                "10:22 09/11",
                Term::Stopped,
                "Tạm dừng",
                62,
                5,
            ),
            (
                "0047",
                "Đăng ký thành lập hộ kinh doanh",
                "1.001612",
                "Lò Thị Mẩy",
                "Xóm Non Bẹo",
                "10:03 21/11",
                Term::InTime,
                "Còn 3 ngày",
                12,
                1,
            ),
            (
                "0028",
                "Cấp giấy phép xây dựng nhà ở riêng lẻ",
                "1.009994",
                "Đặng Hữu Trưởng",
                "Xóm Đồng Đình",
                "15:30 05/11",
                Term::InTime,
                "Còn 6 ngày",
                58,
                2,
            ),
            (
                "0045",
                "Chứng thực hợp đồng, giao dịch về đất",
                "2.001035",
                "Vũ Quang Hải",
                "Xóm Lau Sau",
                "08:30 21/11",
                Term::InTime,
                "Còn 1 ngày",
                33,
                4,
            ),
            (
                "0046",
                "Đăng ký kết hôn",
                "1.000894",
                "Ma Văn Kiên – Lý Thị Dung",
                "Xóm Phú Xuyên",
                "09:02 21/11",
                Term::Done,
                "Xong trước hạn",
                28,
                9,
            ),
        ];
        let rows = rows.map(|(number, title, code, who, place, at, term, left, used, state)| {
            let id = format!("H55.62.05-261121-{number}");
            Row::new([
                Cell::link(&id, "/ho-so/0042"),
                Cell::two(title, code),
                Cell::two(who, place),
                Cell::whole(at),
                TimeLeft::new(term, left, used).into(),
                status(state).into(),
            ])
            .pick(number, id, matches!(number, "0042" | "0046"))
        });
        let columns = [
            Column::new("Mã hồ sơ"),
            Column::new("Thủ tục"),
            Column::new("Người nộp").sort_at("?sort=party"),
            Column::new("Tiếp nhận").sort_at("?sort=received"),
            Column::new("Hạn trả").sorted(Sort::Up),
            Column::new("Trạng thái"),
        ];
        Self { columns, rows: rows.into() }
    }
}

pub fn queue_shell() -> Shell {
    let mut shell = sample_shell(Surface::Desk, Lang::Vi, "Hồ sơ của tôi");
    shell.flash = Some(Flash::success("Đã tiếp nhận hồ sơ H55.62.05-261121-0047.").link("In giấy hẹn", "#"));
    shell
}

/// One dossier.
#[derive(Template)]
#[template(path = "dossier.html")]
pub struct Dossier {
    status: Tag,
    events: Vec<Event>,
}

impl Dossier {
    pub fn new() -> Self {
        let at = |text: &str| text.parse().expect("a moment");
        let events = vec![
            Event::by("Trần Thu Hà", "hoàn tất dự thảo kết quả", at("2026-11-21T09:12")),
            Event::by("Công an xã", "trả lời xác minh", at("2026-11-21T08:40"))
                .note("Anh Toàn cư trú tại địa phương, không có thông tin kết hôn."),
            Event::of_system("Hệ thống gửi tin nhắn cho công dân: đang xử lý", at("2026-11-20T16:06")),
            Event::by("Trần Thu Hà", "nhận xử lý", at("2026-11-20T16:05")),
            Event::of_system("Đã thu lệ phí 8.000 ₫ qua VietQR", at("2026-11-20T14:07")),
        ];
        Self { status: status(4), events }
    }
}

pub fn dossier_shell() -> Shell {
    sample_shell(Surface::Desk, Lang::Vi, "H55.62.05-261121-0042")
}
