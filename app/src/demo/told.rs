//! What the command says: progress on standard error, the result on standard output.

use super::Made;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write;

/// A line that says what is being done.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub fn start() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
        if let Ok(style) = ProgressStyle::with_template("{msg:40} {pos:>6}  {elapsed}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub fn tell(&self, what: &str, n: u64) {
        if self.0.message() != what {
            self.0.set_message(what.to_owned());
        }
        self.0.set_position(n);
    }

    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}

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
    let _ = writeln!(text, "Mã API:    {}   (cán bộ một cửa, quầy 1)\n", made.token);
    for account in &made.accounts {
        let (username, name, post) = (&account.username, &account.name, &account.post);
        let _ = writeln!(text, "{username:first$}  {name:second$}  {post:third$}  {}", account.unit);
    }
    let _ = writeln!(text, "\nChạy máy chủ bằng lệnh: nhaviec serve");
    text
}
