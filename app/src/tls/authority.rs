//! The authority of an installation: what vouches for its servers where no public authority can, in a network of its own.
//!
//! Its key stands in `<data>/keys/tls-authority.pem`, beside the other secrets and readable by its owner only. What it may
//! vouch for stands in its certificate, which whoever trusts it holds it to: this machine's names, names that exist in local
//! networks only, and private addresses. A key that was stolen opens no connection to a bank.

use super::leaf::{Leaf, facts};
use super::names::Name;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256, PublicKeyData,
    SanType,
};
use rustls::RootCertStore;
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::Duration;
use time::OffsetDateTime;
use types::{Error, Result, Timestamp};

const DAY: i64 = 86_400;
/// How long an authority lasts; every device must be given the next one by hand.
const YEARS: i64 = 10;
/// How long a server's certificate lasts.
const LEAF_DAYS: i64 = 90;
/// Clocks of other devices may be behind.
const EARLIER: i64 = DAY;

/// Names that no public authority may vouch for, each with all below it.
const LOCAL_NAMES: [&str; 5] = ["lan", "local", "internal", "home.arpa", "localhost"];
/// Private networks, those of one cable, and the machine itself.
const LOCAL_NETWORKS: [(&str, u8); 8] = [
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("127.0.0.0", 8),
    ("fc00::", 7),
    ("fe80::", 10),
    ("::1", 128),
];

/// What the file says to whoever opens it.
const HEAD: &str = "# Chứng thư gốc của Nhà Việc và khóa của nó. Ai có khóa thì giả được máy chủ này: không gửi cho ai.\n\
                    # Máy khác chỉ cần chứng thư, tải ở trang /cai-chung-thu của máy chủ.\n";

/// An authority with its key.
pub struct Authority {
    name: DistinguishedName,
    key: KeyPair,
    certificate: CertificateDer<'static>,
    begins: Timestamp,
    ends: Timestamp,
}

impl Authority {
    /// Where it stands below the data folder.
    pub const FILE: &str = "keys/tls-authority.pem";

    fn path(data: &Path) -> PathBuf {
        data.join(Self::FILE)
    }

    /// The installation's own; one that may vouch for these names is made where there is none.
    pub fn open(data: &Path, names: &[Name], now: Timestamp) -> Result<Self> {
        let path = Self::path(data);
        if !path.try_exists().map_err(|e| cannot(&path, e))? {
            let text = make(names, now).map_err(|e| cannot(&path, e))?;
            // Of two programs that start at once one wins, and both go on with what it made.
            crate::backup::place(&path, text.as_bytes()).map_err(|e| cannot(&path, e))?;
            tracing::info!(path = %path.display(), "an authority for encrypted connections was made");
        }
        Self::read(&path)
    }

    /// The installation's own, if it has one.
    pub fn look(data: &Path) -> Result<Option<Self>> {
        let path = Self::path(data);
        if path.exists() { Self::read(&path).map(Some) } else { Ok(None) }
    }

    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(|e| cannot(path, e))?;
        Self::of(&text).ok_or_else(|| {
            Error::conflict(format!(
                "Tệp chứng thư gốc {} hỏng. Hãy chép lại tệp này từ bản đã giữ; nếu không còn thì xóa nó, máy chủ tạo \
                 chứng thư gốc mới và các máy khác phải cài lại.",
                path.display()
            ))
        })
    }

    fn of(text: &[u8]) -> Option<Self> {
        let certificate = CertificateDer::from_pem_slice(text).ok()?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(text).ok()?;
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256).ok()?;
        let facts = facts(&certificate)?;
        if facts.public_key != key.subject_public_key_info() {
            return None;
        }
        Some(Self { name: named(&facts.name), key, certificate, begins: facts.begins, ends: facts.ends })
    }

    /// Its certificate, which others trust.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// When nobody trusts it any more.
    pub fn ends(&self) -> Timestamp {
        self.ends
    }

    /// From when on it vouches for anything.
    pub fn begins(&self) -> Timestamp {
        self.begins
    }

    /// The SHA-256 of its certificate in groups of four, by which it is told from another.
    pub fn fingerprint(&self) -> String {
        let hex = data_encoding::HEXUPPER.encode(&Sha256::digest(&self.certificate));
        let groups: Vec<&str> = (0..hex.len()).step_by(4).map(|at| &hex[at..at + 4]).collect();
        groups.join(" ")
    }

    /// A fresh certificate and key for a server of these names; with it, the names that the authority may not vouch for.
    /// The key is on no disk: whoever starts again gets another.
    pub fn issue(&self, names: &[Name], now: Timestamp) -> Result<(Leaf, Vec<Name>)> {
        let failed = |e: rcgen::Error| Error::internal(format!("issuing a server's certificate: {e}"));
        let key = KeyPair::generate().map_err(failed)?;
        // One that has ended vouches for nothing, and is told of by itself.
        let is_good = self.begins <= now && now < self.ends;
        let (may, may_not): (Vec<Name>, Vec<Name>) =
            names.iter().cloned().partition(|name| !is_good || self.may_vouch_for(name, &key, now));
        let certificate = self.certify(&may, &key, now).map_err(failed)?;
        let leaf = Leaf::of(vec![certificate], PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
        Ok((leaf.with_names(names), may_not))
    }

    fn certify(
        &self,
        names: &[Name],
        key: &KeyPair,
        now: Timestamp,
    ) -> std::result::Result<CertificateDer<'static>, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.not_before = moment(Timestamp(self.begins.0.max(now.plus_seconds(-EARLIER).0)));
        params.not_after = moment(Timestamp(self.ends.0.min(now.plus_seconds(LEAF_DAYS * DAY).0)));
        params.distinguished_name = named("Máy chủ Nhà Việc");
        params.subject_alt_names = names.iter().map(alternative).collect::<std::result::Result<_, _>>()?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let mut own = CertificateParams::default();
        own.distinguished_name = self.name.clone();
        own.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Ok(params.signed_by(key, &Issuer::new(own, &self.key))?.der().clone())
    }

    /// Whether somebody who trusts it would believe it about this name: asked of what verifies.
    fn may_vouch_for(&self, name: &Name, key: &KeyPair, now: Timestamp) -> bool {
        let verified = || {
            let certificate = self.certify(std::slice::from_ref(name), key, now).ok()?;
            let mut roots = RootCertStore::empty();
            roots.add(self.certificate.clone()).ok()?;
            let parsed = ParsedCertificate::try_from(&certificate).ok()?;
            let then = UnixTime::since_unix_epoch(Duration::from_micros(u64::try_from(now.0).ok()?));
            let known = rustls::crypto::ring::default_provider().signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&parsed, &roots, &[], then, known).ok()
        };
        verified().is_some()
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authority({})", self.fingerprint())
    }
}

fn cannot(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::unavailable(format!("Không đọc hoặc không tạo được tệp chứng thư gốc {}.", path.display()), error)
}

/// Only a common name, so that it can be written again byte by byte.
fn named(name: &str) -> DistinguishedName {
    let mut all = DistinguishedName::new();
    all.push(DnType::CommonName, name);
    all
}

fn moment(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn alternative(name: &Name) -> std::result::Result<SanType, rcgen::Error> {
    Ok(match name {
        Name::Host(host) => SanType::DnsName(host.as_str().try_into()?),
        Name::Address(address) => SanType::IpAddress(*address),
    })
}

/// A new authority's certificate and key, as they are written down.
fn make(names: &[Name], now: Timestamp) -> std::result::Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.not_before = moment(now.plus_seconds(-EARLIER));
    params.not_after = moment(now.plus_seconds(YEARS * 365 * DAY));
    let machine = names.iter().find_map(Name::host).unwrap_or("máy chủ");
    params.distinguished_name = named(&format!("Nhà Việc {machine}, {}", ui::format::date(now.day())));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    // For servers only: nobody signs mail or programs with it.
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted(names), excluded_subtrees: vec![] });
    let certificate = params.self_signed(&key)?;
    Ok(format!("{HEAD}{}{}", certificate.pem(), key.serialize_pem()))
}

fn permitted(names: &[Name]) -> Vec<GeneralSubtree> {
    let local = LOCAL_NAMES.map(str::to_owned).into_iter();
    // A word without a dot permits all names that end in it.
    let named = names.iter().filter_map(Name::host).filter(|host| host.contains('.')).map(str::to_owned);
    let mut hosts: Vec<String> = local.chain(named).collect();
    hosts.sort();
    hosts.dedup();
    let networks = LOCAL_NETWORKS.iter().filter_map(|(address, prefix)| {
        address.parse().ok().map(|address| CidrSubnet::from_addr_prefix(address, *prefix))
    });
    hosts.into_iter().map(GeneralSubtree::DnsName).chain(networks.map(GeneralSubtree::IpAddress)).collect()
}

#[cfg(test)]
impl Authority {
    /// What somebody with its key could write: a certificate for whatever they like.
    pub fn forge(&self, names: &[Name], key: &KeyPair, now: Timestamp) -> CertificateDer<'static> {
        self.certify(names, key, now).expect("it can be written")
    }
}
