//! `nhaviec deadline`: when something is due, and every day counted, skipped or swapped.

use crate::settings::Settings;
use std::process::ExitCode;
use types::{Error, Result};

/// What is asked.
#[derive(clap::Args)]
pub struct Args {
    /// Lúc nhận, ví dụ 2026-11-20T14:00
    #[arg(long)]
    received: String,
    /// Thời hạn, ví dụ "3 working days", "3 ngày làm việc", "8 giờ làm việc", "15 ngày", "ngay trong ngày"
    #[arg(long)]
    takes: String,
    /// Mã đơn vị có lịch làm việc riêng; khi đó cần cơ sở dữ liệu.
    #[arg(long)]
    unit: Option<String>,
    /// Khoảng dừng tính thời gian TỪ/ĐẾN, ví dụ 2026-11-21T08:00/2026-11-23T10:00; có thể ghi nhiều lần.
    #[arg(long = "stop", value_name = "FROM/TO")]
    stops: Vec<String>,
    /// In dạng JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode> {
    let settings = args.unit.as_ref().map(|_| Settings::read()).transpose()?;
    let place = settings.as_ref().zip(args.unit.as_deref()).map(|(settings, code)| (&settings.database, code));
    let calendar = calendar::load_for_command(place)?;
    let deadline = calendar::explain_command(&args.received, &args.takes, &args.stops, &calendar)
        .map_err(|e| Error::invalid("deadline", e.to_string()))?;
    if args.json {
        println!("{}", deadline.to_json());
    } else {
        print!("{}", deadline.to_text());
    }
    Ok(ExitCode::SUCCESS)
}
