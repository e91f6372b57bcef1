//! `nhaviec copy --to-database PLACE --to-data FOLDER`: an installation moves to the other engine or another place.

use super::data::about_key;
use crate::backup::{self, Place};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::{anchor, modules};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Location;
use types::{Error, Result, Timestamp};

/// Where it goes.
#[derive(clap::Args)]
pub struct Args {
    /// Cơ sở dữ liệu trống sẽ chép đến: sqlite:ĐƯỜNG_DẪN hoặc postgres://người_dùng@máy/cơ_sở_dữ_liệu
    #[arg(long, value_name = "NƠI_ĐẾN")]
    to_database: Location,
    /// Thư mục dữ liệu sẽ chép đến.
    #[arg(long, value_name = "THƯ_MỤC")]
    to_data: PathBuf,
    /// Vẫn chép khi máy chủ đang chạy; những gì ghi từ lúc đó không có trong bản chép.
    #[arg(long)]
    while_serving: bool,
    /// In kết quả dạng JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let begun_at = Timestamp::now();
    let from = Place { database: &settings.database, data: &settings.data };
    let to = Place { database: &args.to_database, data: &args.to_data };
    let progress = Progress::start();
    let serving = args.while_serving;
    let summary = backup::copy(from, to, modules::ALL, serving, &mut |what, far| progress.tell(what, far))?;
    progress.end();
    anchor::take_along(from.data, to.data).and_then(|()| anchor::write(to.data, &summary.head)).map_err(|e| {
        let log = settings.data.join("audit-heads.log");
        let sentence = format!(
            "Đã chép xong mọi dòng và mọi tệp, chỉ chưa ghi được mốc nhật ký kiểm toán ở nơi đến. Hãy tự chép tệp {} sang.",
            log.display()
        );
        Error::unavailable(sentence, e.inward())
    })?;
    let left = settings.data.join("keys").join("directory.key");
    let apart = format!("Khóa mã hóa ({}) không được chép theo mà được cất riêng.", left.display());
    let key = about_key(to.database, to.data, &apart)?;
    if args.json {
        let told = json!({
            "begun_at": begun_at.rfc3339(),
            "tables": summary.tables,
            "rows": summary.rows,
            "files": summary.files,
            "bytes": summary.bytes,
            "files_already_there": summary.present,
            "audit_head": summary.head,
            "written_meanwhile": summary.written_meanwhile,
            "key": key,
        });
        println!("{told}");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{summary}");
    println!("Mọi dòng và mọi tệp đã được đối chiếu ở nơi đến.");
    println!("Những gì ghi vào nơi cũ từ {} (lúc bắt đầu chép) không có trong bản chép.", ui::format::moment(begun_at));
    if summary.written_meanwhile && !serving {
        println!(
            "CHÚ Ý: trong lúc chép đã có người ghi vào nơi cũ. Nếu chuyển hẳn: hãy dừng máy chủ, bỏ nơi đến và chép lại."
        );
    }
    println!("{key}");
    println!(
        "Để dùng nơi mới: đặt NHAVIEC_DATABASE và NHAVIEC_DATA sang đó rồi chạy nhaviec check và nhaviec serve. \
         Không để cả hai nơi cùng phục vụ."
    );
    Ok(ExitCode::SUCCESS)
}
