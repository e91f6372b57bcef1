//! `nhaviec bench`: how fast the server is, against what the database alone could do on the same machine, in the same
//! run; what a request costs in processor time; how soon it answers after a start; how much memory it takes. And what
//! documents take: a typeset page, signing and verifying beside pyHanko, the memory of a long one.
//!
//! Requests per second depend on the machine and on what else it does; they are told and bind nobody. What binds is what
//! does so less: the ratio to the floor ([`floor`]), processor time per request, memory, the middle one of three starts.

mod client;
mod engine;
mod floor;
mod machine;
mod order;
mod report;
mod server;
mod signing;
mod wire;

use crate::progress::Progress;
use engine::Run;
use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Engine, Location};
use types::{Error, Result, Timestamp};

/// Under this variable stands the address of a PostgreSQL server in which the benchmark may make a schema of its own.
const POSTGRES: [&str; 2] = ["NHAVIEC_BENCH_POSTGRES", "NHAVIEC_TEST_POSTGRES"];

/// What is asked.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Đo trên cơ sở dữ liệu nào.
    #[arg(long, value_enum, default_value_t = Which::Both)]
    engine: Which,
    /// Mỗi phép đo kéo dài bao nhiêu giây.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Số hồ sơ có sẵn trước khi đo.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(50..=50_000))]
    dossiers: u32,
    /// In kết quả dạng JSON.
    #[arg(long)]
    json: bool,
    /// Báo lỗi khi một giới hạn không đạt.
    #[arg(long)]
    check: bool,
    /// CPU được vượt giới hạn bao nhiêu lần trước khi báo lỗi, cho máy mà người khác cùng dùng; mặc định không được vượt.
    #[arg(long, default_value_t = 1.0, value_parser = margin)]
    margin: f64,
    /// The load client: reads orders from standard input.
    #[arg(long, hide = true)]
    client: bool,
    /// Does one thing with a document, and tells the memory that it took.
    #[arg(long, hide = true)]
    weigh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Sqlite,
    Postgres,
    Both,
    /// Chỉ đo trang in và ký số.
    None,
}

impl Which {
    fn is_wanted(self, engine: Engine) -> bool {
        match self {
            Self::Sqlite => engine == Engine::Sqlite,
            Self::Postgres => engine == Engine::Postgres,
            Self::Both => true,
            Self::None => false,
        }
    }
}

fn margin(text: &str) -> std::result::Result<f64, String> {
    let margin = text.parse::<f64>().ok().filter(|margin| (1.0..=10.0).contains(margin));
    margin.ok_or_else(|| "Hãy ghi một số từ 1 đến 10.".to_owned())
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode> {
    if args.client {
        return client::serve();
    }
    if args.weigh {
        return signing::serve();
    }
    let folder = Folder::make()?;
    let progress = Progress::start();
    let mut report = Report::new((args.seconds, args.dossiers), args.margin, Timestamp::now());
    if args.engine.is_wanted(Engine::Sqlite) {
        let location = Location::Sqlite(folder.0.join("sqlite").join("nhaviec.db"));
        report.add(Run { location, folder: folder.0.join("sqlite"), args }.measure(&progress)?);
    }
    if args.engine.is_wanted(Engine::Postgres) {
        match postgres(&folder)? {
            Some((schema, location)) => {
                let run = Run { location, folder: folder.0.join("postgres"), args };
                report.add(run.measure(&progress)?);
                drop(schema);
            }
            None => {
                report.skip(format!("Bỏ qua PostgreSQL: hãy đặt {} là địa chỉ một máy chủ PostgreSQL.", POSTGRES[0]))
            }
        }
    }
    report.add_signing(signing::measure(&folder.0, &progress)?);
    progress.end();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(Error::internal)?);
    } else {
        print!("{}", report.in_words());
    }
    let unmet = report.unmet();
    if args.check && !unmet.is_empty() {
        for reason in unmet {
            eprintln!("Không đạt: {reason}");
        }
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder of our own that goes away at the end. Not in memory: the figures are those of durable writes.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("nhaviec-bench-{}", std::process::id()));
        let cannot = |e: std::io::Error| Error::unavailable(format!("Không tạo được thư mục {}.", folder.display()), e);
        std::fs::create_dir_all(&folder).map_err(cannot)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A schema of our own, dropped at the end.
struct Schema {
    url: String,
    name: String,
}

fn postgres(folder: &Folder) -> Result<Option<(Schema, Location)>> {
    let Some(url) = POSTGRES.iter().find_map(|name| std::env::var(name).ok()).filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    std::fs::create_dir_all(folder.0.join("postgres")).map_err(Error::internal)?;
    let name = format!("nhaviec_bench_{}", std::process::id());
    let schema = Schema { url, name };
    schema.run(&format!("CREATE SCHEMA {}", schema.name))?;
    let mark = if schema.url.contains('?') { '&' } else { '?' };
    let location = Location::Postgres(format!("{}{mark}options=-csearch_path%3D{}", schema.url, schema.name));
    Ok(Some((schema, location)))
}

impl Schema {
    fn run(&self, sql: &str) -> Result<()> {
        let failed = |e: postgres::Error| Error::unavailable("PostgreSQL không trả lời.", e);
        let mut client = postgres::Client::connect(&self.url, postgres::NoTls).map_err(failed)?;
        client.batch_execute(sql).map_err(failed)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Err(error) = self.run(&format!("DROP SCHEMA {} CASCADE", self.name)) {
            eprintln!("{error}: {}", self.name);
        }
    }
}
