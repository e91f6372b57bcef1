//! The command line. Each command stands in its own file and calls what the rest of the house offers.

pub mod check;
mod copy;
mod data;
mod deadline;
mod import;
mod keys;
mod second_factor;
mod serve;
mod token;
mod words;

use crate::settings::Settings;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use types::Result;

/// Nhà Việc: chính quyền số của một xã, phường hay một tỉnh, trong một tệp chạy.
///
/// Cấu hình bằng biến môi trường hoặc tệp nhaviec.toml: NHAVIEC_LISTEN (127.0.0.1:8080),
/// NHAVIEC_DATABASE (sqlite:ĐƯỜNG_DẪN hoặc postgres://…), NHAVIEC_DATA (thư mục dữ liệu),
/// NHAVIEC_PUBLIC_URL (địa chỉ công dân truy cập), NHAVIEC_TLS (off, local hoặc files: máy chủ tự mã hóa),
/// NHAVIEC_BEHIND_PROXY (1, hoặc địa chỉ của proxy, khi có proxy phía trước),
/// NHAVIEC_METRICS_TOKEN (mã để máy chủ giám sát đọc /metrics).
#[derive(Parser)]
#[command(name = "nhaviec", version, about, long_about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tạo hoặc nâng cấp cấu trúc cơ sở dữ liệu.
    Migrate,
    /// Tạo dữ liệu dùng thử (người và đơn vị hư cấu) trong một cơ sở dữ liệu trống.
    Demo(crate::demo::Args),
    /// Tạo hệ thống thật cho một xã, phường hay tỉnh trong một cơ sở dữ liệu trống.
    Setup(crate::setup::Args),
    /// Chạy máy chủ.
    Serve,
    /// Kiểm tra toàn bộ dữ liệu: nhật ký, số liệu, tệp, liên kết.
    Check {
        /// In kết quả dạng JSON.
        #[arg(long)]
        json: bool,
    },
    /// Sao lưu cơ sở dữ liệu và tệp vào một tệp nén, cả khi máy chủ đang chạy.
    Backup {
        /// Tệp sẽ ghi, ví dụ nhaviec-2026-11-21.tar.zst
        file: PathBuf,
        /// Khóa bản sao lưu bằng khóa của hệ thống (keys/backup.key trong thư mục dữ liệu).
        #[arg(long)]
        sealed: bool,
    },
    /// Khôi phục một bản sao lưu vào cơ sở dữ liệu trống (SQLite hay PostgreSQL đều được).
    Restore {
        /// Tệp sao lưu.
        file: PathBuf,
        /// Tệp có khóa mở bản sao lưu, nếu bản đó được khóa và máy này chưa có khóa.
        #[arg(long, value_name = "TỆP")]
        key: Option<PathBuf>,
    },
    /// Chép hệ thống sang một cơ sở dữ liệu trống và một thư mục khác (SQLite hay PostgreSQL đều được).
    ///
    /// Dùng để chuyển từ SQLite sang PostgreSQL hoặc ngược lại. Mọi dòng và mọi tệp được đối chiếu ở nơi đến; có sai
    /// khác thì cơ sở dữ liệu đến vẫn trống. Bị ngắt giữa chừng thì chạy lại: tệp đã chép không phải chép lần nữa.
    ///
    /// Những gì ghi vào nơi cũ sau khi bắt đầu chép không có trong bản chép: để chuyển hẳn, hãy dừng máy chủ trước.
    /// Khóa mã hóa (keys/directory.key) không được chép theo mà do người quản trị tự chép.
    Copy(copy::Args),
    /// Nhập thủ tục hoặc lịch làm việc từ tệp.
    Import(import::Args),
    /// Cấp, xem hoặc kết thúc mã truy cập API của một cán bộ.
    Token(token::Args),
    /// Gỡ xác thực hai bước khi cán bộ mất điện thoại hoặc máy chủ mất khóa.
    SecondFactor(second_factor::Args),
    /// Đổi khóa mã hóa số định danh và bí mật xác thực, hoặc khai báo khóa đã mất.
    Keys(keys::Args),
    /// Tính hạn trả kết quả và giải thích từng ngày; không cần cơ sở dữ liệu.
    Deadline(deadline::Args),
    /// Đo tốc độ và bộ nhớ.
    Bench(crate::bench::Args),
}

impl Cli {
    /// Reads the command line; what is wrong with it is told in Vietnamese.
    pub fn read() -> std::result::Result<Self, ExitCode> {
        let read = words::vietnamese(Self::command()).try_get_matches();
        read.and_then(|matches| Self::from_arg_matches(&matches)).map_err(|error| {
            if error.use_stderr() {
                eprintln!("{}", words::mistake(&error));
                return ExitCode::from(2);
            }
            // Help was asked for; a reader who has seen enough closes the pipe, which is no mistake.
            let _ = error.print();
            ExitCode::SUCCESS
        })
    }

    /// Runs the command that was asked for.
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Migrate => data::migrate(&Settings::read()?),
            Command::Demo(args) => crate::demo::run(&Settings::read()?, &args),
            Command::Setup(args) => crate::setup::run(&Settings::read()?, &args),
            Command::Serve => serve::run(&Settings::read()?),
            Command::Check { json } => data::check(&Settings::read()?, json),
            Command::Backup { file, sealed } => data::backup(&Settings::read()?, &file, sealed),
            Command::Restore { file, key } => data::restore(&Settings::read()?, &file, key.as_deref()),
            Command::Copy(args) => copy::run(&Settings::read()?, &args),
            Command::Import(args) => import::run(&Settings::read()?, &args),
            Command::Token(args) => token::run(&Settings::read()?, &args),
            Command::SecondFactor(args) => second_factor::run(&Settings::read()?, &args),
            Command::Keys(args) => keys::run(&Settings::read()?, &args),
            Command::Deadline(args) => deadline::run(&args),
            Command::Bench(args) => crate::bench::run(&args),
        }
    }
}
