//! `nhaviec deadline`: when something is due, and every day counted, skipped or swapped.

use crate::settings::Settings;
use calendar::WorkingCalendar;
use std::process::ExitCode;
use store::{Location, schema, snapshot};
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
    /// Mã đơn vị có lịch làm việc riêng; không có cơ sở dữ liệu thì dùng lịch chuẩn và nói rõ.
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
    let (calendar, note) = match &args.unit {
        None => (calendar::load_for_command(None)?, None),
        Some(code) => of_unit(&Settings::look()?.database, code)?,
    };
    let deadline = calendar::explain_command(&args.received, &args.takes, &args.stops, &calendar)
        .map_err(|e| Error::invalid("deadline", e.to_string()))?;
    if args.json {
        let mut answer = deadline.to_json();
        if let Some(note) = note {
            answer["note"] = note.into();
        }
        println!("{answer}");
    } else {
        print!("{}", deadline.to_text());
        if let Some(note) = note {
            println!("Lưu ý: {note}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The unit's calendar; where there is no database to ask, the standard one and a sentence that says so.
fn of_unit(location: &Location, code: &str) -> Result<(WorkingCalendar, Option<String>)> {
    let reason = match location {
        Location::Sqlite(path) if !path.exists() => format!("Không có cơ sở dữ liệu {location}"),
        _ => match snapshot::hold(location, |reader| Ok(schema::tables(reader)?.iter().any(|t| t.name == "unit"))) {
            Ok(true) => return Ok((calendar::load_for_command(Some((location, code)))?, None)),
            // No journal of migrations: an empty database.
            Ok(false) | Err(Error::Internal { .. }) => format!("Cơ sở dữ liệu {location} chưa được tạo cấu trúc"),
            Err(Error::Unavailable { .. }) => format!("Không mở được cơ sở dữ liệu {location}"),
            Err(other) => return Err(other),
        },
    };
    let note = format!("{reason} nên hạn tính theo lịch làm việc chuẩn, chưa xét lịch riêng của đơn vị {code}.");
    Ok((calendar::load_for_command(None)?, Some(note)))
}
