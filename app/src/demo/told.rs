//! What `nhaviec demo` says of what it made.

use super::Made;
use std::fmt::Write;

/// Address and accounts as a table.
pub(super) fn in_words(made: &Made) -> String {
    let mut text = String::new();
    let width =
        |of: fn(&super::Account) -> &str| made.accounts.iter().map(|a| of(a).chars().count()).max().unwrap_or(0);
    let (first, second, third) = (width(|a| &a.username), width(|a| &a.name), width(|a| &a.post));
    let password = made.accounts.first().map_or("", |account| account.password.as_str());
    // Writing to a String cannot fail.
    let _ = writeln!(text, "Đã tạo bản dùng thử. Mọi người và đơn vị đều hư cấu.\n");
    let _ = writeln!(text, "Địa chỉ:   {}", made.url);
    let _ = writeln!(text, "Mật khẩu:  {password}   (chung cho mọi tài khoản)");
    let _ = writeln!(text, "Mã API:    {}   (cán bộ một cửa, quầy 1)", made.token);
    let _ = writeln!(text, "Mã mở khóa chứng thư ký số: {}   (chủ tịch ký, văn thư đóng dấu)\n", made.signing_code);
    for account in &made.accounts {
        let (username, name, post) = (&account.username, &account.name, &account.post);
        let _ = writeln!(text, "{username:first$}  {name:second$}  {post:third$}  {}", account.unit);
    }
    let _ = writeln!(text, "\nChạy máy chủ bằng lệnh: nhaviec serve");
    text
}
