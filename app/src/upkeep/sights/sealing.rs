//! The keys with which personal numbers and second factors are sealed.

use super::{Known, Sight, State, good, worse};
use ui::format;

const DAY: i64 = 86_400;

/// Whether all is sealed with the newest key, and how far it is where keys are changed.
pub(super) fn sight(known: &Known) -> Sight {
    let title = "Khóa mã hóa";
    if known.refuses_key_file {
        return worse(
            State::Now,
            title,
            "Tệp keys/directory.key đã bị thay, thiếu khóa hoặc không đọc được. Máy chủ đang làm việc bằng khóa đọc trước đó.",
            "Chép lại đúng tệp khóa từ nơi cất riêng trước khi khởi động lại; không thì máy chủ không mở.",
        );
    }
    let Some(turning) = &known.turning else {
        return good(
            title,
            "Số định danh và phần kê khai của hồ sơ được mã hóa bằng một khóa, để ngoài cơ sở dữ liệu.",
        );
    };
    let more = if turning.more { "Hơn " } else { "" };
    let left = format!(
        "{more}{} dòng chưa mã hóa lại bằng khóa mới (đổi từ {}).",
        turning.left,
        format::moment(turning.since)
    );
    if let Some(closed) = turning.lost {
        let left = if turning.turns { format!(" Đang đổi khóa: {left}") } else { String::new() };
        let advice = "Tìm lại bản cất riêng của keys/directory.key; tìm thấy thì báo người hỗ trợ. Không còn thì các dòng này không đọc \
                      lại được.";
        return worse(
            State::Soon,
            title,
            format!("Một khóa đã khai báo mất: {closed} dòng không mở được.{left}"),
            advice,
        );
    }
    if turning.since.plus_seconds(3 * DAY) < known.now {
        let advice = "Chạy «nhaviec check» để biết dòng nào không mở được, và báo người hỗ trợ.";
        return worse(State::Soon, title, format!("Đang đổi khóa, quá ba ngày. {left}"), advice);
    }
    good(title, format!("Đang đổi khóa. {left}"))
}
