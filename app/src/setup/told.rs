//! What `nhaviec setup` says: the password for one use, and what to do next.

use super::Made;
use crate::settings::Settings;

pub(super) fn in_words(settings: &Settings, made: &Made) -> String {
    let Made { host, username, password } = made;
    let place = [host.unit.as_str(), host.detail.as_str()].into_iter().filter(|part| !part.is_empty());
    let place = place.collect::<Vec<_>>().join(", ");
    let (url, database, data) = (&settings.public_url, &settings.database, settings.data.display());
    format!(
        "Đã tạo hệ thống cho {place}.\n\n\
         Tên đăng nhập:          {username}\n\
         Mật khẩu dùng một lần:  {password}\n\
         Mật khẩu chỉ hiện lần này; phải đặt mật khẩu mới khi đăng nhập lần đầu.\n\n\
         Việc tiếp theo:\n\
         1. Chạy máy chủ: nhaviec serve\n\
         2. Mở {url}/dang-nhap, đăng nhập, đặt mật khẩu mới và bật xác thực hai bước.\n\
         3. Trong mục Quản trị: thêm phòng và bộ phận một cửa, vị trí, cán bộ và tài khoản của họ;\n   \
            xem giờ làm việc; đọc lại các thủ tục đã nạp, nhất là những chỗ chưa được xác minh.\n\
         4. Sao lưu thường xuyên: nhaviec backup TỆP (cơ sở dữ liệu {database}, thư mục {data}).\n"
    )
}
