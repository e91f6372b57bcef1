//! Secrets that do not stand in the database: a key file, what is sealed with it, and tokens kept as hashes only.
//!
//! All nodes of an installation share `keys/directory.key`; it is kept apart from the backup of the database. A new one is
//! made only where nothing is sealed yet: with another key nobody's second factor would open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use store::{Reader, params};
use types::{Error, Id, Result};

/// Bytes of the key file, of session tokens and of bearer tokens: 256 bits.
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// What a bearer token begins with, so that people and scanners recognise one.
pub(crate) const BEARER_PREFIX: &str = "nv_";

/// Keys made from the key file.
#[derive(Clone)]
pub(crate) struct Keys {
    seal: [u8; KEY_BYTES],
    mark: [u8; KEY_BYTES],
}

/// Where the key stands under the data folder.
pub(crate) fn key_path(data: &Path) -> PathBuf {
    data.join("keys").join("directory.key")
}

impl Keys {
    /// Reads the key file; makes one where there is none.
    pub fn open(data: &Path) -> Result<Self> {
        let path = key_path(data);
        if !path.try_exists().map_err(|e| cannot(&path, e))? {
            make(&path).map_err(|e| cannot(&path, e))?;
        }
        Self::read(data)
    }

    /// Refuses when the database holds sealed secrets and the key file is not there or opens none of them. One secret
    /// that does not open is its officer's trouble, which `nhaviec check` tells; the house opens all the same.
    pub fn prove(reader: &mut Reader<'_>, data: &Path) -> Result<()> {
        let sealed = sealed(reader)?;
        if sealed.is_empty() {
            return Ok(());
        }
        let path = key_path(data);
        let refuse = |what: &str| {
            Err(Error::conflict(format!(
                "{what} {}, mà dữ liệu có {} bí mật xác thực hai bước đã niêm phong bằng khóa. Hãy chép lại đúng tệp khóa này từ nơi cất riêng. Nếu đã mất hẳn khóa, hãy chạy: nhaviec second-factor --broken (gỡ xác thực hai bước của các tài khoản đó).",
                path.display(),
                sealed.len()
            )))
        };
        if !path.try_exists().map_err(|e| cannot(&path, e))? {
            return refuse("Không thấy tệp khóa");
        }
        let keys = Self::read(data)?;
        if broken(&keys, &sealed).len() == sealed.len() {
            return refuse("Dữ liệu không khớp với tệp khóa");
        }
        Ok(())
    }

    /// Reads the key file.
    pub fn read(data: &Path) -> Result<Self> {
        let path = key_path(data);
        let text = std::fs::read_to_string(&path).map_err(|e| cannot(&path, e))?;
        let master = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|e| cannot(&path, e))?;
        if master.len() != KEY_BYTES {
            return Err(cannot(&path, "the key has a wrong length"));
        }
        Ok(Self { seal: derive(&master, b"directory seal"), mark: derive(&master, b"directory mark") })
    }

    /// Encrypts a secret of `owner`; it opens for the same owner only.
    pub fn seal(&self, owner: Id, secret: &[u8]) -> Result<String> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let aad = owner.to_string();
        let sealed = XChaCha20Poly1305::new(&self.seal.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: aad.as_bytes() })
            .map_err(|_| Error::internal("sealing a secret"))?;
        Ok(BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat()))
    }

    /// Opens what [`Keys::seal`] made.
    pub fn open_sealed(&self, owner: Id, sealed: &str) -> Result<Vec<u8>> {
        let broken = |what: &str| {
            Error::unavailable(
                "Khóa mã hóa của máy chủ không khớp với dữ liệu. Hãy báo quản trị hệ thống khôi phục tệp keys/directory.key.",
                format!("a sealed secret of {owner} does not open: {what}"),
            )
        };
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| broken("not base64"))?;
        let (nonce, body) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| broken("too short"))?;
        let aad = owner.to_string();
        XChaCha20Poly1305::new(&self.seal.into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: aad.as_bytes() })
            .map_err(|_| broken("another key or another owner"))
    }

    /// A keyed mark of a text: equal texts have equal marks, and nobody without the key can try texts out.
    pub fn mark(&self, kind: &str, text: &str) -> String {
        let mut mac = hmac(&self.mark);
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes()[..16])
    }
}

/// Officers with their sealed secrets.
pub(crate) fn sealed(reader: &mut Reader<'_>) -> Result<Vec<(Id, String)>> {
    reader
        .all("SELECT officer_id, totp_secret FROM account WHERE totp_secret IS NOT NULL ORDER BY officer_id", params![])
}

/// Those whose secret this key does not open.
pub(crate) fn broken(keys: &Keys, sealed: &[(Id, String)]) -> Vec<Id> {
    sealed.iter().filter(|(officer, text)| keys.open_sealed(*officer, text).is_err()).map(|(id, _)| *id).collect()
}

fn cannot(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::unavailable("Không đọc hoặc không tạo được khóa mã hóa của máy chủ.", format!("{}: {error}", path.display()))
}

/// Writes a new key beside the place and links it there, so that of two programs that start at once one wins. The draft's
/// name is a random one: what a crash left behind stands in nobody's way.
fn make(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let key: [u8; KEY_BYTES] = rand::random();
    let draft = folder.join(format!("directory.key.{:016x}", rand::random::<u64>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(HEXLOWER.encode(&key).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(e),
        _ => {}
    }
    // A secret sealed with a key whose name the disk has forgotten opens never again.
    for folder in [Some(folder), folder.parent()].into_iter().flatten().filter(|one| !one.as_os_str().is_empty()) {
        #[cfg(unix)]
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn derive(master: &[u8], purpose: &[u8]) -> [u8; KEY_BYTES] {
    let mut mac = hmac(master);
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

/// A fresh token of 256 random bits, safe in cookies and headers.
pub(crate) fn new_token() -> String {
    BASE64URL_NOPAD.encode(&rand::random::<[u8; KEY_BYTES]>())
}

/// Whether a text has the shape of a token.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What the database keeps of a token or of a device's mark. A plain hash is enough: both are random.
pub(crate) fn token_hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("nhaviec-keys-{}", rand::random::<u64>()));
        let keys = Keys::open(&folder).unwrap();
        let sealed = keys.seal(Id(7), b"Mu'a xua^n").unwrap();
        assert_eq!(Keys::open(&folder).unwrap().open_sealed(Id(7), &sealed).unwrap(), b"Mu'a xua^n");
        assert!(keys.open_sealed(Id(8), &sealed).is_err());
        assert_ne!(sealed, keys.seal(Id(7), b"Mu'a xua^n").unwrap());
        assert_eq!(keys.mark("u", "hanh"), keys.mark("u", "hanh"));
        assert_ne!(keys.mark("u", "hanh"), keys.mark("v", "hanh"));
        std::fs::remove_file(key_path(&folder)).unwrap();
        let other = Keys::open(&folder).unwrap();
        assert!(matches!(other.open_sealed(Id(7), &sealed), Err(Error::Unavailable { .. })));
        assert_ne!(keys.mark("u", "hanh"), other.mark("u", "hanh"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn tokens_have_256_bits() {
        let token = new_token();
        assert!(is_token(&token));
        assert_ne!(token, new_token());
        assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
