//! Settings: by environment, or by a file `nhaviec.toml` in the working folder; the environment wins. Where the package is
//! installed, its file serves whoever works in another folder.

mod tls;

pub use tls::Tls;

use crate::secret::Secret;
use serde::Deserialize;
use signatures::RemoteSettings;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use store::Location;
use types::{Error, Result};

/// Where to listen when nothing is said.
const LISTEN: &str = "127.0.0.1:8080";
/// The file of settings, in the working folder.
const FILE: &str = "nhaviec.toml";
/// The package's file of settings: a command means the same in every folder.
const INSTALLED: &str = "/etc/nhaviec/nhaviec.toml";

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
    /// How connections are encrypted.
    pub tls: Tls,
    /// Where plain http leads to https, with TLS.
    pub listen_plain: Option<SocketAddr>,
    /// A proxy stands in front and writes the client's address into `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// The proxies that are believed; none when whoever connects is one.
    pub proxies: Vec<IpAddr>,
    /// What opens `/metrics`; without it the address is not there.
    pub metrics_token: Option<Secret>,
    /// Where timestamps for signatures are given (RFC 3161); without it signatures have none.
    pub timestamp_url: Option<String>,
    /// The PKCS#11 library of the tokens in this server.
    pub pkcs11_library: Option<PathBuf>,
    /// The remote service at which people sign with a phone.
    pub remote_signing: Option<RemoteSettings>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    database: Option<String>,
    data: Option<PathBuf>,
    listen_plain: Option<String>,
    public_url: Option<String>,
    tls: Option<String>,
    tls_names: Option<String>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_proxy: Option<Behind>,
    metrics_token: Option<String>,
    timestamp_url: Option<String>,
    pkcs11_library: Option<PathBuf>,
    remote_url: Option<String>,
    remote_token_url: Option<String>,
    remote_client: Option<String>,
    remote_secret: Option<String>,
    remote_authorities: Option<PathBuf>,
}

/// As it was and is written in a file: `true`, or addresses.
#[derive(Deserialize)]
#[serde(untagged)]
enum Behind {
    Anyone(bool),
    These(String),
}

impl Settings {
    /// Reads them and makes the data folder; a wrong one is told with its name.
    pub fn read() -> Result<Self> {
        let settings = Self::look()?;
        let data = &settings.data;
        std::fs::create_dir_all(data)
            .map_err(|e| Error::unavailable(format!("Không tạo được thư mục dữ liệu {}.", data.display()), e))?;
        Ok(settings)
    }

    /// The same for a command that makes nothing.
    pub fn look() -> Result<Self> {
        let mut file = read_file(&file())?;
        let remote_signing = remote_signing(&mut file)?;
        let tls = Tls::read(&mut file)?;
        let data = variable("NHAVIEC_DATA").map(PathBuf::from).or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let usual = tls.usual_listen().unwrap_or(LISTEN);
        let listen = variable("NHAVIEC_LISTEN").or(file.listen).unwrap_or_else(|| usual.to_owned());
        let listen: SocketAddr = listen
            .parse()
            .map_err(|_| wrong(&format!("NHAVIEC_LISTEN «{listen}» phải có dạng địa_chỉ:cổng, ví dụ {LISTEN}")))?;
        let listen_plain = tls.listen_plain(variable("NHAVIEC_LISTEN_PLAIN").or(file.listen_plain), listen)?;
        let database = variable("NHAVIEC_DATABASE")
            .or(file.database)
            .unwrap_or_else(|| format!("sqlite:{}", data.join("nhaviec.db").display()));
        let database: Location = database.parse().map_err(|e: String| wrong(&e))?;
        let said = variable("NHAVIEC_PUBLIC_URL").or(file.public_url);
        let public_url = checked_public_url(&said.unwrap_or_else(|| tls.usual_public_url(listen)))?;
        let secure_cookies = public_url.starts_with("https://");
        if tls.is_on() && !secure_cookies {
            return Err(wrong(&format!(
                "NHAVIEC_PUBLIC_URL «{public_url}» phải bắt đầu bằng https:// khi NHAVIEC_TLS là local hoặc files"
            )));
        }
        let behind = variable("NHAVIEC_BEHIND_PROXY").map(Behind::These).or(file.behind_proxy);
        let (behind_proxy, proxies) = match behind {
            None => (false, Vec::new()),
            Some(Behind::Anyone(behind)) => (behind, Vec::new()),
            Some(Behind::These(said)) => tls::proxies(&said)?,
        };
        let metrics_token = variable("NHAVIEC_METRICS_TOKEN").or(file.metrics_token);
        let metrics_token = metrics_token.map(|said| checked_token(&said)).transpose()?;
        let timestamp_url = variable("NHAVIEC_TIMESTAMP_URL").or(file.timestamp_url);
        let timestamp_url = timestamp_url.map(|said| checked_timestamp_url(&said)).transpose()?;
        let pkcs11_library = variable("NHAVIEC_PKCS11_LIBRARY").map(PathBuf::from).or(file.pkcs11_library);
        if let Some(library) = pkcs11_library.as_ref().filter(|library| !library.is_file()) {
            return Err(wrong(&format!("NHAVIEC_PKCS11_LIBRARY «{}» không phải là một tệp", library.display())));
        }
        Ok(Self {
            listen,
            database,
            data,
            public_url,
            secure_cookies,
            tls,
            listen_plain,
            behind_proxy,
            proxies,
            metrics_token,
            timestamp_url,
            pkcs11_library,
            remote_signing,
        })
    }

    /// Those of a copy that lies aside, for whoever looks at it as at an installation.
    pub fn of_copy(original: &web::Settings, database: Location, data: &Path) -> Self {
        Self {
            public_url: original.public_url.clone(),
            secure_cookies: original.secure_cookies,
            ..Self::alone(database, data)
        }
    }

    /// Of an installation that only this machine reaches and that asks nobody outside.
    pub fn alone(database: Location, data: &Path) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database,
            data: data.to_owned(),
            public_url: "http://127.0.0.1".to_owned(),
            secure_cookies: false,
            tls: Tls::Off,
            listen_plain: None,
            behind_proxy: false,
            proxies: Vec::new(),
            metrics_token: None,
            timestamp_url: None,
            pkcs11_library: None,
            remote_signing: None,
        }
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

/// A public address without the slash at its end; a browser must be able to open it.
pub fn checked_public_url(said: &str) -> Result<String> {
    let url = said.trim().trim_end_matches('/');
    let host = ["http://", "https://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    if host.is_none_or(|host| host.is_empty() || host.contains([' ', '?', '#', '@'])) {
        return Err(wrong(&format!("NHAVIEC_PUBLIC_URL «{said}» phải là địa chỉ như https://dichvu.xa.gov.vn")));
    }
    Ok(url.to_owned())
}

/// Where timestamps are given; they are signed themselves, so that they need no TLS.
fn checked_timestamp_url(said: &str) -> Result<String> {
    let url = said.trim();
    let host = ["http://", "https://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let host = host.filter(|rest| !rest.is_empty() && !rest.contains([' ', '@']));
    let refuse = || wrong(&format!("NHAVIEC_TIMESTAMP_URL «{said}» phải là địa chỉ như http://tsa.ca.gov.vn/"));
    host.map(|_| url.to_owned()).ok_or_else(refuse)
}

/// The remote signing service: all of it, or nothing. A secret is not repeated.
fn remote_signing(file: &mut File) -> Result<Option<RemoteSettings>> {
    let said = |name: &str, own: &mut Option<String>| variable(name).or(own.take()).map(|text| text.trim().to_owned());
    let url = said("NHAVIEC_REMOTE_URL", &mut file.remote_url);
    let token_url = said("NHAVIEC_REMOTE_TOKEN_URL", &mut file.remote_token_url);
    let client = said("NHAVIEC_REMOTE_CLIENT", &mut file.remote_client);
    let secret = said("NHAVIEC_REMOTE_SECRET", &mut file.remote_secret);
    let authorities = variable("NHAVIEC_REMOTE_AUTHORITIES").map(PathBuf::from).or(file.remote_authorities.take());
    let (url, token_url, client, secret) = match (url, token_url, client, secret) {
        (None, None, None, None) => return Ok(None),
        (Some(url), Some(token_url), Some(client), Some(secret)) => (url, token_url, client, secret),
        _ => {
            return Err(wrong(
                "dịch vụ ký từ xa cần đủ NHAVIEC_REMOTE_URL, NHAVIEC_REMOTE_TOKEN_URL, NHAVIEC_REMOTE_CLIENT và NHAVIEC_REMOTE_SECRET",
            ));
        }
    };
    for (name, url) in [("NHAVIEC_REMOTE_URL", &url), ("NHAVIEC_REMOTE_TOKEN_URL", &token_url)] {
        signing::remote::check_address(url)
            .map_err(|_| wrong(&format!("{name} «{url}» phải là địa chỉ bắt đầu bằng https://")))?;
    }
    let authorities = authorities
        .map(|path| {
            let pem = std::fs::read(&path)
                .map_err(|e| wrong(&format!("NHAVIEC_REMOTE_AUTHORITIES «{}»: {e}", path.display())))?;
            let none = || wrong(&format!("NHAVIEC_REMOTE_AUTHORITIES «{}» không có chứng thư nào", path.display()));
            if signing::trust::read_certificates(&pem).is_empty() { Err(none()) } else { Ok(pem) }
        })
        .transpose()?;
    let secret = signing::Secret::new(secret);
    Ok(Some(RemoteSettings { url, token_url, client, secret, authorities }))
}

/// What opens `/metrics`. A wrong one is not repeated: it may be a right one with a slip.
fn checked_token(said: &str) -> Result<Secret> {
    Secret::of(said.trim()).ok_or_else(|| {
        wrong(&format!(
            "NHAVIEC_METRICS_TOKEN phải có ít nhất {} ký tự, chỉ gồm chữ cái không dấu, chữ số và dấu câu, không có \
             khoảng trắng",
            Secret::LENGTH_MIN
        ))
    })
}

/// Puts the public address into the file of settings, where it was not said.
///
/// # Errors
/// A conflict when the file says another one; nothing is written then.
pub fn keep_public_url(url: &str) -> Result<()> {
    let path = file();
    let shown = path.display();
    match read_file(&path)?.public_url {
        Some(said) if said.trim_end_matches('/') == url => return Ok(()),
        Some(said) => {
            return Err(Error::conflict(format!("Tệp {shown} đã ghi public_url = \"{said}\". Hãy sửa ở đó.")));
        }
        None => {}
    }
    let cannot = |e: std::io::Error| Error::unavailable(format!("Không ghi được tệp {shown}."), e);
    let before = match std::fs::read_to_string(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        other => other.map_err(cannot)?,
    };
    // At the top, so that it belongs to no table that may follow.
    let line = toml::Value::String(url.to_owned());
    std::fs::write(&path, format!("public_url = {line}\n{before}")).map_err(cannot)
}

/// The file that counts.
fn file() -> PathBuf {
    let elsewhere = ["NHAVIEC_DATA", "NHAVIEC_DATABASE"].iter().any(|name| variable(name).is_some());
    file_of(Path::new(FILE), Path::new(INSTALLED), elsewhere).to_owned()
}

/// The working folder's before the installed one; whoever says by the environment where the data are means another
/// installation than the machine's.
fn file_of<'a>(here: &'a Path, installed: &'a Path, elsewhere: bool) -> &'a Path {
    if here.exists() || elsewhere || !installed.exists() { here } else { installed }
}

fn read_file(path: &Path) -> Result<File> {
    match std::fs::read_to_string(path) {
        // Without the line, which may hold a secret.
        Ok(text) => toml::from_str(&text).map_err(|e| wrong(&format!("{}: {}", path.display(), e.message()))),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_installed_file_counts_where_nothing_else_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let (here, installed) = (folder.path().join("nhaviec.toml"), folder.path().join("installed.toml"));
        let chosen = |elsewhere| file_of(&here, &installed, elsewhere).to_owned();
        assert_eq!(chosen(false), here, "neither is there");
        std::fs::write(&installed, "").unwrap();
        assert_eq!((chosen(false), chosen(true)), (installed.clone(), here.clone()));
        std::fs::write(&here, "").unwrap();
        assert_eq!(chosen(false), here);
    }
}
