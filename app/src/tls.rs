//! Encrypted connections: which certificate the server shows now, and how it comes to the next one.
//!
//! In a network of its own an installation has an authority of its own ([`authority`]), made at the first start, and each
//! node gets its certificate from it, which is kept in memory only. Where a public authority gave one, it stands in files.
//! Either way the next one takes the place of the last between two handshakes: connections that stand go on.

pub mod authority;
mod leaf;
mod names;
mod pair;
pub mod plain;
mod told;

pub use told::{Care, Mode, Told, care};

use crate::settings::{Settings, Tls};
use authority::Authority;
use leaf::Leaf;
use names::Name;
use pair::Pair;
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use types::{Error, Result, Timestamp};
use web::House;

/// How often it is looked whether files or addresses have changed.
const LOOK: Duration = Duration::from_secs(10);
/// So long before its end a certificate of our own is replaced.
const RENEW_SECONDS: i64 = 30 * 86_400;

/// The certificates of a running server; without TLS it has none.
#[derive(Debug, Clone, Default)]
pub struct Certificates(Arc<RwLock<Shown>>);

#[derive(Debug, Default)]
struct Shown {
    source: Source,
    leaf: Option<Leaf>,
    /// Names that the authority may not vouch for.
    left_out: Vec<Name>,
    /// Why the next one could not be taken.
    trouble: Option<String>,
    /// Others reach it without encryption.
    is_open: bool,
    /// The host of the public address, if it has one that others reach.
    public_host: Option<String>,
    /// Where the authority's certificate is offered.
    offered_at: Option<String>,
}

#[derive(Debug, Default)]
enum Source {
    #[default]
    None,
    Local {
        authority: Arc<Authority>,
        said: Vec<String>,
    },
    Files {
        pair: Pair,
        mark: [u8; 32],
    },
}

impl Certificates {
    /// Begins to show one, as the settings say.
    ///
    /// # Errors
    /// What is wrong with the files, or why an authority can neither be read nor made.
    pub fn open(&self, settings: &Settings, now: Timestamp) -> Result<()> {
        let authority = |names: &[Name]| Authority::open(&settings.data, names, now).map(Some);
        self.keep(Shown::of(settings, now, authority)?);
        Ok(())
    }

    /// What there is to tell of an installation that does not run here; nothing is made.
    ///
    /// # Errors
    /// Why it would not start.
    pub fn look_at(settings: &Settings, now: Timestamp) -> Result<Told> {
        Ok(Shown::of(settings, now, |_| Authority::look(&settings.data))?.told())
    }

    /// What there is to tell.
    pub fn told(&self) -> Told {
        self.shown().told()
    }

    /// The certificate that others trust, where the installation has an authority of its own.
    pub fn authority(&self) -> Option<Arc<Authority>> {
        match &self.shown().source {
            Source::Local { authority, .. } => Some(authority.clone()),
            Source::None | Source::Files { .. } => None,
        }
    }

    /// Whether what is shown now is good for a host.
    pub fn covers(&self, host: &str) -> bool {
        self.shown().leaf.as_ref().is_some_and(|leaf| leaf.covers(host))
    }

    /// What shakes hands; none without TLS. TLS 1.2 and 1.3, and of both only what is approved today.
    pub fn acceptor(&self) -> Result<Option<TlsAcceptor>> {
        if self.shown().leaf.is_none() {
            return Ok(None);
        }
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|e| Error::internal(format!("TLS: {e}")))?;
        let mut config = config.with_no_client_auth().with_cert_resolver(Arc::new(self.clone()));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(Arc::new(config).into()))
    }

    /// Takes the next certificate when it is time, or when files or addresses have changed. Whatever goes wrong is told and
    /// leaves the last one in use.
    pub fn look(&self, now: Timestamp) {
        self.look_with(now, names::all);
    }

    fn look_with(&self, now: Timestamp, names: impl FnOnce(&[String]) -> Vec<Name>) {
        let next = {
            let shown = self.shown();
            let Some(leaf) = &shown.leaf else { return };
            match &shown.source {
                Source::None => return,
                Source::Local { authority, said } => {
                    let names = names(said);
                    // Near the end of the authority itself the next one would be no better.
                    let ends = leaf.ends >= authority.ends();
                    // Made by a clock that was ahead, it begins later than now, and so would the next.
                    let begun = leaf.begins <= now || authority.begins() > now;
                    let lasts = begun && (ends || now.plus_seconds(RENEW_SECONDS) < leaf.ends);
                    if lasts && names == leaf.names {
                        return;
                    }
                    Next::Issue(authority.clone(), names)
                }
                Source::Files { pair, mark } => Next::Read(pair.clone(), *mark),
            }
        };
        self.take(next, now);
    }

    fn take(&self, next: Next, now: Timestamp) {
        let taken = match next {
            Next::Issue(authority, names) => {
                authority.issue(&names, now).map(|(leaf, left_out)| Some((leaf, left_out, [0; 32])))
            }
            Next::Read(pair, mark) => pair.read().and_then(|read| {
                if read.mark == mark {
                    return Ok(None);
                }
                read.leaf.map(|leaf| Some((leaf, Vec::new(), read.mark)))
            }),
        };
        let mut shown = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match taken {
            Ok(None) => shown.trouble = None,
            Ok(Some((leaf, left_out, new_mark))) => {
                if let Source::Files { mark, .. } = &mut shown.source {
                    *mark = new_mark;
                }
                tracing::info!(ends = %leaf.ends, "the server shows a new certificate");
                (shown.leaf, shown.left_out, shown.trouble) = (Some(leaf), left_out, None);
            }
            Err(error) => {
                let why = error.to_string();
                if shown.trouble.as_ref() != Some(&why) {
                    tracing::warn!(context = error.inward(), "{why}");
                }
                shown.trouble = Some(why);
            }
        }
    }

    fn keep(&self, shown: Shown) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = shown;
    }

    fn shown(&self) -> RwLockReadGuard<'_, Shown> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What keeps the server from starting, or gives its key away.
pub fn faults(settings: &Settings, now: Timestamp) -> Vec<String> {
    let wrong = Certificates::look_at(settings, now).err().map(|error| error.to_string());
    let key = match &settings.tls {
        Tls::Off => None,
        Tls::Local { .. } => Some(settings.data.join(Authority::FILE)),
        Tls::Files { key, .. } => Some(key.clone()),
    };
    let mode = |path: &PathBuf| path.metadata().map(|found| found.permissions().mode()).unwrap_or_default();
    // A group may be let in on purpose; others are whoever works on this machine.
    let open = key
        .filter(|path| mode(path) & 0o007 != 0)
        .map(|path| format!("Mọi tài khoản trên máy này đọc được khóa {}. Hãy chạy: chmod 600 {0}", path.display()));
    wrong.into_iter().chain(open).collect()
}

/// Looks from time to time, as long as the server runs.
pub async fn keep(certificates: Certificates, house: House) {
    loop {
        tokio::time::sleep(LOOK).await;
        let (certificates, now) = (certificates.clone(), house.now());
        // Files may stand on a disk that hangs.
        if tokio::task::spawn_blocking(move || certificates.look(now)).await.is_err() {
            tracing::error!("a panic while looking after certificates; it is tried again");
        }
    }
}

/// Where the next certificate comes from.
enum Next {
    Issue(Arc<Authority>, Vec<Name>),
    Read(Pair, [u8; 32]),
}

impl Shown {
    fn of(
        settings: &Settings,
        now: Timestamp,
        authority: impl FnOnce(&[Name]) -> Result<Option<Authority>>,
    ) -> Result<Self> {
        let mut shown = Self { public_host: public_host(&settings.public_url), ..Self::default() };
        match &settings.tls {
            Tls::Off => {
                let to_others = !settings.listen.ip().is_loopback();
                shown.is_open = to_others && !settings.behind_proxy;
            }
            Tls::Local { names: said } => {
                let mut said = said.clone();
                // It stands in QR codes, so that devices come by it.
                said.extend(shown.public_host.clone());
                let names = names::all(&said);
                if let Some(authority) = authority(&names)? {
                    let (leaf, left_out) = authority.issue(&names, now)?;
                    (shown.leaf, shown.left_out) = (Some(leaf), left_out);
                    shown.offered_at = Some(offered_at(settings, &names));
                    shown.source = Source::Local { authority: Arc::new(authority), said };
                }
            }
            Tls::Files { certificate, key } => {
                let pair = Pair { certificate: certificate.clone(), key: key.clone() };
                let read = pair.read()?;
                shown.leaf = Some(read.leaf?);
                shown.source = Source::Files { pair, mark: read.mark };
            }
        }
        Ok(shown)
    }

    fn told(&self) -> Told {
        let mode = match (&self.source, &self.leaf) {
            (Source::Local { authority, .. }, Some(_)) => Mode::Local {
                authority_begins: authority.begins(),
                authority_ends: authority.ends(),
                fingerprint: authority.fingerprint(),
                left_out: self.left_out.iter().map(ToString::to_string).collect(),
                offered_at: self.offered_at.clone().unwrap_or_default(),
            },
            (Source::Files { .. }, Some(leaf)) => Mode::Files { issuer: leaf.issuer.clone() },
            _ => return Told { mode: Mode::Off { is_open: self.is_open }, ..Told::default() },
        };
        let ends = self.leaf.as_ref().map_or(Timestamp(0), |leaf| leaf.ends);
        let is_covered = |host: &String| self.leaf.as_ref().is_some_and(|leaf| leaf.covers(host));
        let uncovered = self.public_host.clone().filter(|host| !is_covered(host));
        Told { mode, ends, trouble: self.trouble.clone(), uncovered }
    }
}

/// The host of an address, without its port; none where only this machine reaches it, of which others warn.
fn public_host(url: &str) -> Option<String> {
    if crate::warnings::is_only_here(url) {
        return None;
    }
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next(),
        None => host.split(':').next(),
    };
    host.map(str::to_owned)
}

/// Where other machines find the authority's certificate: by plain http, as long as they do not trust it.
fn offered_at(settings: &Settings, names: &[Name]) -> String {
    let (scheme, usual, door): (_, _, SocketAddr) = match settings.listen_plain {
        Some(plain) => ("http", 80, plain),
        None => ("https", 443, settings.listen),
    };
    let own = names.iter().find_map(|name| match name {
        Name::Address(address) if !address.is_loopback() => Some(*address),
        Name::Address(_) | Name::Host(_) => None,
    });
    let host = if door.ip().is_unspecified() { own.unwrap_or(IpAddr::from([127, 0, 0, 1])) } else { door.ip() };
    let at = SocketAddr::new(host, door.port());
    let at = if door.port() == usual {
        at.to_string().trim_end_matches(&format!(":{usual}")).to_owned()
    } else {
        at.to_string()
    };
    format!("{scheme}://{at}{}", plain::PAGE)
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.shown().leaf.as_ref().map(Leaf::key)
    }
}

#[cfg(test)]
mod tests;
