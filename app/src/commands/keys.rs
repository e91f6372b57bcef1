//! `nhaviec keys`: a new key for what is sealed in the database, and the way on when a key is lost.

use super::second_factor::remove_broken;
use crate::settings::Settings;
use directory::keys::rotation;
use std::process::ExitCode;
use store::{Options, Store};
use types::Result;

/// What is asked.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Thêm khóa mới vào keys/directory.key; máy chủ đang chạy mã hóa lại dần mọi giá trị bằng khóa mới.
    Rotate,
    /// Khai báo những khóa mà tệp khóa không có là đã mất, và làm việc tiếp với khóa mới.
    ///
    /// Dừng mọi máy chủ trước khi chạy. Những gì đã mã hóa bằng khóa mất thì không ai đọc lại được. Chỉ dùng khi không còn bản cất riêng nào của tệp khóa.
    Lost,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let store = Store::open(&settings.database, Options::default())?;
    match args.what {
        What::Rotate => {
            let number = rotation::begin(&store, &settings.data)?;
            println!("Đã thêm khóa đời {number} vào keys/directory.key.");
            println!(
                "Máy chủ đang chạy sẽ mã hóa lại dần bằng khóa mới; xem tiến độ ở trang Kiểm tra máy, mục «Khóa mã hóa»."
            );
            println!(
                "Hãy chép tệp khóa sang nơi cất riêng. Giữ nguyên các dòng cũ: bản sao lưu trước hôm nay cần chúng."
            );
        }
        What::Lost => {
            let (lost, aside) = rotation::declare_lost(&store, &settings.data)?;
            let lost: Vec<String> = lost.iter().map(i64::to_string).collect();
            if lost.is_empty() {
                println!(
                    "Tệp khóa hỏng, nhưng vẫn đọc được mọi khóa mà dữ liệu cần. Đã ghi lại tệp, kèm một khóa mới."
                );
            } else {
                println!("Đã khai báo mất khóa đời {}. Từ nay mã hóa bằng khóa mới.", lost.join(", "));
            }
            if let Some(aside) = aside {
                println!("Tệp khóa cũ được giữ ở {}.", aside.display());
            }
            let officers = remove_broken(&store, &settings.data)?;
            println!("Đã gỡ xác thực hai bước của {officers} tài khoản không mở được nữa.");
            println!(
                "Phần kê khai của hồ sơ đã mã hóa bằng khóa mất không đọc được. Hãy cất riêng tệp khóa mới ngay bây giờ."
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
