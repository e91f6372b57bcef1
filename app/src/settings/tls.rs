//! Settings of encrypted connections.

use super::{File, variable, wrong};
use rustls::pki_types::ServerName;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use types::Result;

/// Where to listen with TLS when nothing is said: what browsers try by themselves.
const LISTEN: &str = "0.0.0.0:443";
const HTTPS: u16 = 443;
const HTTP: u16 = 80;

/// How connections are encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Tls {
    /// They are not: a proxy does it, or nobody from elsewhere connects.
    #[default]
    Off,
    /// With certificates of an authority of this installation's own, also for these names and addresses.
    Local { names: Vec<String> },
    /// With the certificate and the key in these files.
    Files { certificate: PathBuf, key: PathBuf },
}

impl Tls {
    pub(super) fn read(file: &mut File) -> Result<Self> {
        let said = variable("NHAVIEC_TLS").or(file.tls.take());
        let names = variable("NHAVIEC_TLS_NAMES").or(file.tls_names.take());
        let certificate = variable("NHAVIEC_TLS_CERTIFICATE").map(PathBuf::from).or(file.tls_certificate.take());
        let key = variable("NHAVIEC_TLS_KEY").map(PathBuf::from).or(file.tls_key.take());
        let mode = said.as_deref().map_or("off", str::trim);
        if mode != "files" && (certificate.is_some() || key.is_some()) {
            return Err(wrong("NHAVIEC_TLS_CERTIFICATE và NHAVIEC_TLS_KEY chỉ dùng khi NHAVIEC_TLS là files"));
        }
        if mode != "local" && names.is_some() {
            return Err(wrong("NHAVIEC_TLS_NAMES chỉ dùng khi NHAVIEC_TLS là local"));
        }
        match (mode, certificate, key) {
            ("off", ..) => Ok(Self::Off),
            ("local", ..) => Ok(Self::Local { names: checked_names(&names.unwrap_or_default())? }),
            ("files", Some(certificate), Some(key)) => Ok(Self::Files { certificate, key }),
            ("files", ..) => Err(wrong(
                "NHAVIEC_TLS là files thì cần cả NHAVIEC_TLS_CERTIFICATE (tệp chuỗi chứng thư) và NHAVIEC_TLS_KEY (tệp khóa)",
            )),
            (other, ..) => Err(wrong(&format!("NHAVIEC_TLS «{other}» phải là off, local hoặc files"))),
        }
    }

    /// Whether the program encrypts by itself.
    pub fn is_on(&self) -> bool {
        *self != Self::Off
    }

    /// Where to listen when nothing is said.
    pub(super) fn usual_listen(&self) -> Option<&'static str> {
        self.is_on().then_some(LISTEN)
    }

    /// Where plain http leads to https: as said, or beside the usual port of https.
    pub(super) fn listen_plain(&self, said: Option<String>, listen: SocketAddr) -> Result<Option<SocketAddr>> {
        let said = said.as_deref().map(str::trim);
        match said {
            Some("off") => Ok(None),
            Some(_) if !self.is_on() => Err(wrong("NHAVIEC_LISTEN_PLAIN chỉ dùng khi NHAVIEC_TLS là local hoặc files")),
            Some(address) => {
                let wrong = || wrong(&format!("NHAVIEC_LISTEN_PLAIN «{address}» phải có dạng địa_chỉ:cổng, hoặc off"));
                address.parse().map(Some).map_err(|_| wrong())
            }
            None => Ok((self.is_on() && listen.port() == HTTPS).then(|| SocketAddr::new(listen.ip(), HTTP))),
        }
    }

    /// The public address when nothing is said.
    pub(super) fn usual_public_url(&self, listen: SocketAddr) -> String {
        let name = match self {
            Self::Off => return format!("http://{listen}"),
            // Who is reached at every address has no address to be called by.
            Self::Local { names } => {
                let usual = || listen.ip().is_unspecified().then(|| "nhaviec.lan".to_owned());
                names.first().cloned().or_else(usual)
            }
            Self::Files { .. } => None,
        };
        let host = name.unwrap_or_else(|| listen.ip().to_string());
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        if listen.port() == HTTPS { format!("https://{host}") } else { format!("https://{host}:{}", listen.port()) }
    }
}

/// Names and addresses, between commas or spaces.
fn checked_names(said: &str) -> Result<Vec<String>> {
    let words = said.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let word = word.trim_end_matches('.').to_ascii_lowercase();
            let is_whole = word.contains(['.', ':']) || word == "localhost";
            let known = is_whole && ServerName::try_from(word.clone()).is_ok() && !word.contains('_');
            known.then_some(word.clone()).ok_or_else(|| {
                wrong(&format!(
                    "NHAVIEC_TLS_NAMES «{word}» phải là tên máy hoặc địa chỉ IP, ví dụ nhaviec.lan, 192.168.1.10"
                ))
            })
        })
        .collect()
}

/// The proxies whose headers are believed: `1` for whoever connects, or their addresses.
pub(super) fn proxies(said: &str) -> Result<(bool, Vec<IpAddr>)> {
    match said.trim() {
        "1" | "true" => Ok((true, Vec::new())),
        "0" | "false" => Ok((false, Vec::new())),
        addresses => {
            let parse = |word: &str| word.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical());
            let found: Option<Vec<IpAddr>> = addresses.split(',').map(parse).collect();
            found.map(|found| (true, found)).ok_or_else(|| {
                wrong(&format!(
                    "NHAVIEC_BEHIND_PROXY «{said}» phải là 0, 1 hoặc các địa chỉ IP của proxy, ví dụ 10.0.0.5, 10.0.0.6"
                ))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn plain_http_stands_beside_the_usual_port_and_where_it_is_told_to() {
        let local = Tls::Local { names: Vec::new() };
        let plain = |tls: &Tls, said: Option<&str>, listen: &str| {
            tls.listen_plain(said.map(str::to_owned), address(listen)).map_err(|e| e.to_string())
        };
        assert_eq!(plain(&local, None, "0.0.0.0:443"), Ok(Some(address("0.0.0.0:80"))));
        assert_eq!(plain(&local, None, "127.0.0.1:8443"), Ok(None));
        assert_eq!(plain(&local, Some("off"), "0.0.0.0:443"), Ok(None));
        assert_eq!(plain(&local, Some("127.0.0.1:8080"), "127.0.0.1:8443"), Ok(Some(address("127.0.0.1:8080"))));
        assert!(plain(&local, Some("80"), "0.0.0.0:443").unwrap_err().contains("NHAVIEC_LISTEN_PLAIN «80»"));
        assert!(plain(&Tls::Off, Some("0.0.0.0:80"), "0.0.0.0:8080").unwrap_err().contains("NHAVIEC_TLS"));
    }

    #[test]
    fn the_usual_public_address_is_the_first_name() {
        let named = Tls::Local { names: vec!["nhaviec.lan".into(), "192.168.1.10".into()] };
        assert_eq!(named.usual_public_url(address("0.0.0.0:443")), "https://nhaviec.lan");
        assert_eq!(named.usual_public_url(address("0.0.0.0:8443")), "https://nhaviec.lan:8443");
        let six = Tls::Local { names: vec!["fd00::1".into()] };
        assert_eq!(six.usual_public_url(address("[::]:443")), "https://[fd00::1]");
        assert_eq!(Tls::Off.usual_public_url(address("127.0.0.1:8080")), "http://127.0.0.1:8080");
    }

    #[test]
    fn names_and_proxies_are_held_to_what_they_are() {
        assert_eq!(
            checked_names("Nhaviec.lan., 192.168.1.10 fd00::1").unwrap(),
            ["nhaviec.lan", "192.168.1.10", "fd00::1"]
        );
        for wrong in ["https://nhaviec.lan", "nhà-việc.lan", "nhaviec.lan:443", "*.lan"] {
            assert!(checked_names(wrong).is_err(), "{wrong}");
        }
        assert_eq!(proxies("1").unwrap(), (true, vec![]));
        assert_eq!(proxies("0").unwrap(), (false, vec![]));
        let two = vec!["10.0.0.5".parse().unwrap(), "::1".parse().unwrap()];
        assert_eq!(proxies("10.0.0.5, ::1").unwrap(), (true, two));
        assert!(proxies("10.0.0.0/8").is_err() && proxies("").is_err());
    }
}
