//! Settings: by environment, or by a file `nhaviec.toml` in the working folder or the data folder; the environment wins.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use store::Location;
use types::{Error, Result};

/// Where to listen when nothing is said.
const LISTEN: &str = "127.0.0.1:8080";

/// What a command needs to know of the installation.
#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    pub database: Location,
    /// Content files, keys and backups.
    pub data: PathBuf,
    /// The address citizens reach; stands in QR codes.
    pub public_url: String,
    /// Cookies over TLS only; on when the public address begins with https.
    pub secure_cookies: bool,
    /// A proxy stands in front and writes the client's address into `X-Forwarded-For`.
    pub behind_proxy: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    database: Option<String>,
    data: Option<PathBuf>,
    public_url: Option<String>,
    behind_proxy: Option<bool>,
}

impl Settings {
    /// Reads them; a wrong one is told with its name.
    pub fn read() -> Result<Self> {
        let file = read_file(&PathBuf::from("nhaviec.toml"))?;
        let data = variable("NHAVIEC_DATA").map(PathBuf::from).or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let listen = variable("NHAVIEC_LISTEN").or(file.listen).unwrap_or_else(|| LISTEN.to_owned());
        let listen: SocketAddr = listen
            .parse()
            .map_err(|_| wrong(&format!("NHAVIEC_LISTEN «{listen}» phải có dạng địa_chỉ:cổng, ví dụ {LISTEN}")))?;
        let database = variable("NHAVIEC_DATABASE")
            .or(file.database)
            .unwrap_or_else(|| format!("sqlite:{}", data.join("nhaviec.db").display()));
        let database: Location = database.parse().map_err(|e: String| wrong(&e))?;
        let public_url =
            variable("NHAVIEC_PUBLIC_URL").or(file.public_url).unwrap_or_else(|| format!("http://{listen}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let secure_cookies = public_url.starts_with("https://");
        let behind_proxy = match variable("NHAVIEC_BEHIND_PROXY").as_deref() {
            Some("1" | "true") => true,
            Some("0" | "false") => false,
            Some(other) => return Err(wrong(&format!("NHAVIEC_BEHIND_PROXY «{other}» phải là 1 hoặc 0"))),
            None => file.behind_proxy.unwrap_or(false),
        };
        std::fs::create_dir_all(&data)
            .map_err(|e| Error::unavailable(format!("Không tạo được thư mục dữ liệu {}.", data.display()), e))?;
        Ok(Self { listen, database, data, public_url, secure_cookies, behind_proxy })
    }

    /// What the web floor needs of them.
    pub fn for_web(&self, demo: bool) -> web::Settings {
        web::Settings {
            data: self.data.clone(),
            public_url: self.public_url.clone(),
            demo,
            secure_cookies: self.secure_cookies,
        }
    }
}

fn read_file(path: &std::path::Path) -> Result<File> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|e| wrong(&format!("{}: {e}", path.display()))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(e) => Err(wrong(&format!("{}: {e}", path.display()))),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn wrong(sentence: &str) -> Error {
    Error::invalid("settings", format!("Cấu hình chưa đúng: {sentence}"))
}
