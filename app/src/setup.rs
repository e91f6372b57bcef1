//! `nhaviec setup`: a real installation from nothing. One write puts in the country's units, the roles, the shipped
//! procedures and the first administrator; a password for one use is printed once and kept nowhere.

mod told;

use crate::roles::role_presets;
use crate::settings::{self, Settings};
use crate::{front, modules, vacant, warnings};
use directory::officer::OfficerEntry;
use directory::post::PostEntry;
use directory::{Directory, PostKind, Rules, UnitEntry, UnitKind, UnitTree, unit};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;
use store::{AuditEntry, Options, Store, Tx, params};
use types::{Day, Error, Id, Result, text};

/// Ids of the one write: the units, and some hundred for roles, procedures and the administrator.
const IDS: u16 = directory::setup::INSTALL_IDS + 400;
/// What the first post is called.
const ADMINISTRATOR: &str = "Quản trị hệ thống";

/// What is asked.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Mã của xã, phường (5 chữ số) hoặc tỉnh (2 chữ số) theo danh mục của cơ quan thống kê, ví dụ 05818.
    #[arg(long)]
    pub unit: String,
    /// Mã định danh điện tử của đơn vị đó, ví dụ H55.62.05
    #[arg(long)]
    pub code: String,
    /// Họ và tên người quản trị.
    #[arg(long)]
    pub admin_name: String,
    /// Tên đăng nhập của người quản trị.
    #[arg(long)]
    pub admin_username: String,
    /// Địa chỉ mà công dân truy cập, ví dụ https://dichvu.labang.gov.vn; được ghi vào tệp nhaviec.toml
    #[arg(long)]
    pub public_url: Option<String>,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub host: Host,
    pub username: String,
    /// For one use.
    pub password: String,
}

/// Whose installation it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Host {
    /// "Xã La Bằng"
    pub unit: String,
    /// "tỉnh Thái Nguyên"; empty for a province.
    pub detail: String,
}

/// Runs the command.
pub fn run(settings: &Settings, args: &Args) -> Result<ExitCode> {
    let mut settings = settings.clone();
    if let Some(url) = &args.public_url {
        settings.public_url = settings::checked_public_url(url)?;
    }
    let made = make(&settings, args)?;
    print!("{}", told::in_words(&settings, &made));
    // The password stands on the screen by now, whatever happens to a file of settings.
    if args.public_url.is_some() {
        settings::keep_public_url(&settings.public_url)?;
    }
    if let Some(warning) = warnings::of_public_url(&settings) {
        eprintln!("{warning}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty database.
///
/// # Errors
/// `Conflict` when the database is in use, `Invalid` for what cannot be taken; nothing is written then.
pub fn make(settings: &Settings, args: &Args) -> Result<Made> {
    let username = args.admin_username.trim().to_owned();
    if text::fold(&username).ends_with(front::DEMO_ENDING) {
        let sentence = "Đuôi «.demo» chỉ dành cho tài khoản của bản dùng thử. Hãy chọn tên đăng nhập khác.";
        return Err(Error::invalid("admin_username", sentence));
    }
    vacant::refuse_unless_vacant(settings, "hệ thống mới")?;
    store::migrate::migrate(&settings.database, &modules::migrations())?;
    let store = Store::open(&settings.database, Options::default())?;
    // The key file stands from now on, so that a backup made before the first start has it.
    Directory::open(&settings.data, store.clock(), Rules::default())?;
    let password = directory::setup::one_time_password();
    let hash = directory::setup::hash_password(&password)?;
    let command = store.system_command("app.setup", IDS);
    let (args, wanted) = (args.clone(), username.clone());
    let host = store.write_blocking(command, move |tx| install(tx, &args, (&wanted, &hash)))?;
    Ok(Made { host, username: text::fold(&username), password })
}

fn install(tx: &mut Tx<'_>, args: &Args, (username, hash): (&str, &str)) -> Result<Host> {
    directory::setup::install_units(tx, directory::setup::UNITS_SINCE_2025)?;
    let today = tx.at().day();
    let unit = directory::setup::unit_by_gso_code(tx, args.unit.trim())?.ok_or_else(|| {
        Error::invalid("unit", format!("Không có tỉnh, xã hay phường mang mã {} trong danh mục hành chính.", args.unit))
    })?;
    let host = name_unit(tx, unit, (&args.code, today))?;
    mark(tx, "setup", (&format!("UBND {}", uncapitalised(&host.unit)), &host.detail))?;
    directory::setup::seed_roles(tx, unit, &role_presets())?;
    install_procedures(tx)?;
    let entry = OfficerEntry { name: args.admin_name.clone(), ..OfficerEntry::default() };
    let officer = directory::setup::create_officer(tx, unit, &entry)?;
    let entry = PostEntry { kind: PostKind::Administrator, title: ADMINISTRATOR.to_owned(), fields: Vec::new() };
    let post = directory::setup::create_post(tx, unit, &entry, today)?;
    directory::setup::hold(tx, post, officer, (today, None))?;
    directory::setup::create_account(tx, officer, username, (hash, true))?;
    Ok(host)
}

/// Gives the unit its electronic identifier; answers its name and its province's.
fn name_unit(tx: &mut Tx<'_>, id: Id, (code, today): (&str, Day)) -> Result<Host> {
    let tree = UnitTree::load(tx, today)?;
    let known = tree.get(id).ok_or_else(|| Error::internal("a unit that is not in its tree"))?;
    let entry = UnitEntry {
        name: known.name.clone(),
        short_name: known.short_name.clone(),
        kind: known.kind,
        code: code.to_owned(),
        gso_code: known.gso_code.clone().unwrap_or_default(),
    };
    if text::clean(code).is_empty() {
        return Err(Error::invalid("code", "Nhập mã định danh điện tử của đơn vị, ví dụ H55.62.05."));
    }
    unit::edit(tx, id, known.version, &entry)?;
    let mut above = tree.line(id).into_iter().filter_map(|above| tree.get(above));
    let province = above.find(|above| above.id != id && above.kind == UnitKind::Province);
    Ok(Host { unit: known.name.clone(), detail: province.map_or_else(String::new, |p| uncapitalised(&p.name)) })
}

/// The definitions that come with the program; the command needs some 50 ids, two each.
pub fn install_procedures(tx: &mut Tx<'_>) -> Result<()> {
    let files = dossiers::procedure::catalogue::FILES;
    files.iter().try_for_each(|(_, text)| dossiers::stored::import(tx, text).map(|_| ()))
}

/// The rows by which pages and commands know what this installation is.
pub fn mark(tx: &mut Tx<'_>, made_by: &str, (host, detail): (&str, &str)) -> Result<()> {
    for (name, value) in [(front::MADE_BY, made_by), ("host_name", host), ("host_detail", detail)] {
        tx.exec("INSERT INTO installation (name, value) VALUES ($1, $2)", params![name, value])?;
    }
    let id = tx.id()?;
    let detail = serde_json::json!({ "made_by": made_by });
    tx.audit(&AuditEntry { action: "app.install", entity: "installation", entity_id: id, unit: None, detail })
}

fn uncapitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
