//! A certificate and its key from files, as a public authority's tools leave them.

use super::leaf::Leaf;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use types::{Error, Result};

/// Where they stand.
#[derive(Debug, Clone)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What the files held.
pub struct Read {
    /// Tells whether they have changed since.
    pub mark: [u8; 32],
    pub leaf: Result<Leaf>,
}

impl Pair {
    /// Reads both.
    ///
    /// # Errors
    /// When one cannot be read; what is wrong inside stands in the answer.
    pub fn read(&self) -> Result<Read> {
        let (chain, key) = (bytes(&self.certificate)?, bytes(&self.key)?);
        let mark = Sha256::new().chain_update(&chain).chain_update([0]).chain_update(&key).finalize().into();
        Ok(Read { mark, leaf: self.parse(&chain, &key) })
    }

    fn parse(&self, chain: &[u8], key: &[u8]) -> Result<Leaf> {
        let chain: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| {
            let shown = self.certificate.display();
            Error::conflict(format!("Tệp {shown} (NHAVIEC_TLS_CERTIFICATE) không có chứng thư dạng PEM đọc được."))
        })?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
            let shown = self.key.display();
            Error::conflict(format!(
                "Tệp {shown} (NHAVIEC_TLS_KEY) không có khóa dạng PEM đọc được (khóa không được đặt mật khẩu)."
            ))
        })?;
        Leaf::of(chain, key).map_err(|why| {
            let (certificate, key) = (self.certificate.display(), self.key.display());
            Error::conflict(format!("Chứng thư {certificate} và khóa {key} không dùng được: {why}."))
        })
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| {
        let why = match e.kind() {
            std::io::ErrorKind::NotFound => "không có tệp này",
            std::io::ErrorKind::PermissionDenied => "tài khoản chạy máy chủ không được đọc tệp này",
            _ => "tệp không đọc được",
        };
        Error::unavailable(format!("Không đọc được {}: {why}.", path.display()), e)
    })
}
