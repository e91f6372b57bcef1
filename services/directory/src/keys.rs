//! Secrets that do not stand in the database: keys in generations, what is sealed with them, and tokens kept as hashes only.
//!
//! All nodes of an installation share `keys/directory.key`; it is kept apart from the backup of the database. A new one is
//! made only where nothing is sealed yet. [`rotation`] brings a new generation in and seals everything anew with it.

mod file;
pub mod rotation;
pub mod sealed;
mod watch;

pub(crate) use file::path as key_path;
pub(crate) use watch::Watched;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Reader, Tx, params};
use types::{Error, Id, Result};

/// Bytes of a key, of session tokens and of bearer tokens: 256 bits.
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// What a bearer token begins with, so that people and scanners recognise one.
pub(crate) const BEARER_PREFIX: &str = "nv_";
/// What a second factor's secret is sealed as, waiting or in use.
pub(crate) const TOTP: &str = "account.totp";

/// The keys of an installation, as they were when they were asked for. Cheap to clone; a write takes them along.
#[derive(Clone)]
pub struct Keys(Arc<Ring>);

struct Ring {
    /// The first generation is number 1; none for one that was declared lost.
    generations: Vec<Option<Generation>>,
    /// The database is known to know the newest one.
    entered: AtomicBool,
}

struct Generation {
    seal: [u8; KEY_BYTES],
    mark: [u8; KEY_BYTES],
    content: [u8; KEY_BYTES],
    /// What the database keeps of it, so that another key is told from the right one.
    proof: String,
}

/// What a sealed value is, and the row that it belongs to: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub what: &'static str,
    pub of: Id,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Reads the key file; makes one where there is none.
    pub fn open(data: &Path) -> Result<Self> {
        file::make_missing(data)?;
        Self::read(data)
    }

    /// Reads the key file.
    pub fn read(data: &Path) -> Result<Self> {
        let generations = file::read(data)?.into_iter().map(|master| master.map(|m| Generation::of(&m))).collect();
        Ok(Self(Arc::new(Ring { generations, entered: AtomicBool::new(false) })))
    }

    /// Refuses when the database holds what is sealed with a key that the key file does not have. A value that does not
    /// open though its key is there is told by `nhaviec check`; the house opens all the same.
    pub fn prove(reader: &mut Reader<'_>, data: &Path) -> Result<()> {
        let wanted: Vec<(i64, String)> = reader
            .all("SELECT generation, proof FROM sealing_key WHERE lost_at IS NULL ORDER BY generation", params![])?;
        if wanted.is_empty() {
            return Ok(());
        }
        let path = key_path(data);
        let refuse = |what: &str| {
            Err(Error::conflict(format!(
                "{what} {}. Số định danh, phần kê khai của hồ sơ và bí mật xác thực hai bước được mã hóa bằng khóa này. Hãy chép \
                 lại đúng tệp khóa từ nơi cất riêng. Nếu đã mất hẳn khóa thì không ai đọc lại được những gì đã mã hóa; để phần \
                 còn lại của hệ thống chạy được, hãy chạy: nhaviec keys lost",
                path.display()
            )))
        };
        if !path.try_exists().unwrap_or(false) {
            return refuse("Không thấy tệp khóa");
        }
        let Ok(keys) = Self::read(data) else { return refuse("Không đọc được tệp khóa") };
        let fits = |(number, proof): &(i64, String)| keys.generation(*number).is_some_and(|key| key.proof == *proof);
        if wanted.iter().all(fits) { Ok(()) } else { refuse("Dữ liệu không khớp với tệp khóa") }
    }

    /// The number of the newest generation, with which is sealed from now on.
    pub fn newest(&self) -> i64 {
        i64::try_from(self.0.generations.len()).unwrap_or(i64::MAX)
    }

    fn generation(&self, number: i64) -> Option<&Generation> {
        let at = usize::try_from(number.checked_sub(1)?).ok()?;
        self.0.generations.get(at)?.as_ref()
    }

    fn now(&self) -> Result<&Generation> {
        self.generation(self.newest()).ok_or_else(|| Error::internal("a key ring without a newest key"))
    }

    /// Tells the database of the newest generation, before a row refers to it; answers its number for `sealed_with`.
    ///
    /// Rows refer to their generation by a foreign key. So none is retired while a row needs it, whatever a node does that
    /// has not heard yet of a newer one: the database itself refuses one of the two.
    pub fn enter(&self, tx: &mut Tx<'_>) -> Result<i64> {
        let newest = self.newest();
        if !self.0.entered.load(Ordering::Relaxed) {
            let at = tx.at();
            tx.exec(
                "INSERT INTO sealing_key (generation, proof, made_at) VALUES ($1, $2, $3) ON CONFLICT (generation) DO NOTHING",
                params![newest, &self.now()?.proof, at],
            )?;
            // Another node may have told of a key of its own under this number: what is sealed with this one would not open.
            if self.told(tx)?.as_deref() != Some(self.now()?.proof.as_str()) {
                return Err(Error::unavailable(
                    "Tệp khóa mã hóa của máy chủ này khác với khóa mà cơ sở dữ liệu đang dùng, nên chưa lưu gì. Hãy báo quản trị hệ \
                     thống chép lại đúng tệp keys/directory.key.",
                    format!("the key of generation {newest} is not the one that the database knows"),
                ));
            }
        }
        Ok(newest)
    }

    /// Looks whether the database has the newest generation, so that writes need not tell it of that any more.
    pub fn look(&self, reader: &mut Reader<'_>) -> Result<()> {
        // One that was declared lost meanwhile is told of again, and refused.
        let knows = self.told(reader)?.as_deref() == Some(self.now()?.proof.as_str());
        self.0.entered.store(knows, Ordering::Relaxed);
        Ok(())
    }

    /// The proof that the database has of the newest generation, unless that was declared lost.
    fn told(&self, reader: &mut Reader<'_>) -> Result<Option<String>> {
        let sql = "SELECT proof FROM sealing_key WHERE generation = $1 AND lost_at IS NULL";
        Ok(reader.opt::<(String,)>(sql, params![self.newest()])?.map(|(proof,)| proof))
    }

    /// Encrypts a value for its place with the newest key. Within a write that runs twice the nonce differs; the last stands.
    pub fn seal(&self, place: Place, value: &[u8]) -> Result<String> {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let sealed = XChaCha20Poly1305::new(&self.now()?.seal.into())
            .encrypt(&XNonce::from(nonce), Payload { msg: value, aad: place.aad().as_bytes() })
            .map_err(|_| Error::internal("sealing a value"))?;
        Ok(format!("{}.{}", self.newest(), BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat())))
    }

    /// Opens what [`Keys::seal`] made.
    pub fn open_sealed(&self, place: Place, sealed: &str) -> Result<Vec<u8>> {
        let broken = |what: &str| {
            Error::unavailable(
                "Khóa mã hóa của máy chủ không khớp với dữ liệu. Hãy báo quản trị hệ thống khôi phục tệp keys/directory.key.",
                format!("{} does not open: {what}", place.aad()),
            )
        };
        let (number, text) = split(sealed).ok_or_else(|| broken("not of a generation"))?;
        let key = self.generation(number).ok_or_else(|| broken("its generation is not there"))?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| broken("not base64"))?;
        let (nonce, body) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| broken("too short"))?;
        XChaCha20Poly1305::new(&key.seal.into())
            .decrypt(&XNonce::from(*nonce), Payload { msg: body, aad: place.aad().as_bytes() })
            .map_err(|_| broken("another key or another place"))
    }

    /// A keyed mark of a text by the newest key: equal texts have equal marks, and nobody without the key can try texts out.
    pub fn mark(&self, kind: &str, text: &str) -> String {
        self.now().map(|key| key.mark(kind, text)).unwrap_or_default()
    }

    /// The same by the oldest key that there is, for what must be known again after a change of keys.
    pub(crate) fn lasting_mark(&self, kind: &str, text: &str) -> String {
        self.oldest().map(|key| key.mark(kind, text)).unwrap_or_default()
    }

    /// A secret that a change of keys leaves as it is.
    pub(crate) fn content_key(&self) -> [u8; KEY_BYTES] {
        self.oldest().map(|key| key.content).unwrap_or_default()
    }

    fn oldest(&self) -> Option<&Generation> {
        self.0.generations.iter().flatten().next()
    }

    /// Whether these are the other ones with perhaps more after them: none is missing and none is another. A lost one may be
    /// there again.
    fn continues(&self, other: &Self) -> bool {
        let (new, old) = (&self.0.generations, &other.0.generations);
        let same = |at: usize, old: &Generation| {
            new.get(at).and_then(Option::as_ref).is_some_and(|new| new.proof == old.proof)
        };
        new.len() >= old.len() && old.iter().enumerate().all(|(at, old)| old.as_ref().is_none_or(|old| same(at, old)))
    }

    /// The marks under which a text may stand in the database: one, and while keys are changed two.
    pub fn marks(&self, reader: &mut Reader<'_>, kind: &str, text: &str) -> Result<Vec<String>> {
        let known: Vec<(i64,)> =
            reader.all("SELECT generation FROM sealing_key ORDER BY generation DESC", params![])?;
        Ok(known.into_iter().filter_map(|(number,)| Some(self.generation(number)?.mark(kind, text))).collect())
    }
}

impl Keys {
    /// The marks of a text under every key that the file still has, the newest first.
    pub fn marks_ever(&self, kind: &str, text: &str) -> Vec<String> {
        self.0.generations.iter().rev().flatten().map(|key| key.mark(kind, text)).collect()
    }
}

impl Place {
    fn aad(self) -> String {
        format!("{}/{}", self.what, self.of)
    }
}

impl Generation {
    fn of(master: &[u8; KEY_BYTES]) -> Self {
        let proof = HEXLOWER.encode(&derive(master, b"directory proof")[..16]);
        let [seal, mark, content] =
            [&b"directory seal"[..], b"directory mark", b"directory content"].map(|purpose| derive(master, purpose));
        Self { seal, mark, content, proof }
    }

    fn mark(&self, kind: &str, text: &str) -> String {
        let mut mac = hmac(&self.mark);
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes()[..16])
    }
}

/// The generation that a sealed text says it is of, and what is sealed.
fn split(sealed: &str) -> Option<(i64, &str)> {
    let (number, text) = sealed.split_once('.')?;
    Some((number.parse().ok()?, text))
}

/// The generation of a sealed text, for the row that keeps it.
pub(crate) fn generation_of(sealed: &str) -> Option<i64> {
    split(sealed).map(|(number, _)| number)
}

/// Where an officer's second factor is sealed.
pub(crate) fn totp_of(officer: Id) -> Place {
    Place { what: TOTP, of: officer }
}

/// Officers with their sealed secrets.
pub(crate) fn sealed(reader: &mut Reader<'_>) -> Result<Vec<(Id, String)>> {
    reader
        .all("SELECT officer_id, totp_secret FROM account WHERE totp_secret IS NOT NULL ORDER BY officer_id", params![])
}

/// Those whose secret this key does not open.
pub(crate) fn broken(keys: &Keys, sealed: &[(Id, String)]) -> Vec<Id> {
    let opens = |officer: Id, text: &str| keys.open_sealed(totp_of(officer), text).is_ok();
    sealed.iter().filter(|(officer, text)| !opens(*officer, text)).map(|(id, _)| *id).collect()
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

    const SEVEN: Place = Place { what: TOTP, of: Id(7) };

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let folder = std::env::temp_dir().join(format!("nhaviec-keys-{}", rand::random::<u64>()));
        let keys = Keys::open(&folder).unwrap();
        let sealed = keys.seal(SEVEN, b"Mu'a xua^n").unwrap();
        assert_eq!(Keys::open(&folder).unwrap().open_sealed(SEVEN, &sealed).unwrap(), b"Mu'a xua^n");
        for other in [Place { of: Id(8), ..SEVEN }, Place { what: "dossier.form", ..SEVEN }] {
            assert!(keys.open_sealed(other, &sealed).is_err(), "{other:?}");
        }
        for wrong in ["", "1", "1.", "2.AAAA", "-1.AAAA", "9223372036854775807.AAAA", &sealed[..sealed.len() - 1]] {
            assert!(matches!(keys.open_sealed(SEVEN, wrong), Err(Error::Unavailable { .. })), "{wrong}");
        }
        assert_ne!(sealed, keys.seal(SEVEN, b"Mu'a xua^n").unwrap());
        assert_eq!(keys.mark("u", "hanh"), keys.mark("u", "hanh"));
        assert_ne!(keys.mark("u", "hanh"), keys.mark("v", "hanh"));
        std::fs::remove_file(key_path(&folder)).unwrap();
        let other = Keys::open(&folder).unwrap();
        assert!(matches!(other.open_sealed(SEVEN, &sealed), Err(Error::Unavailable { .. })));
        assert_ne!(keys.mark("u", "hanh"), other.mark("u", "hanh"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_key_file_is_read_whole_or_not_at_all() {
        let folder = std::env::temp_dir().join(format!("nhaviec-keys-{}", rand::random::<u64>()));
        Keys::open(&folder).unwrap();
        let path = key_path(&folder);
        let first = std::fs::read_to_string(&path).unwrap();
        for wrong in
            ["", "\n", "lost", &format!("{first}\nlost"), &format!("{first}\n00"), &format!("{first}\n\n{first}")]
        {
            std::fs::write(&path, wrong).unwrap();
            assert!(matches!(Keys::read(&folder), Err(Error::Unavailable { .. })), "{wrong:?}");
        }
        std::fs::write(&path, format!("lost\n{first}\n")).unwrap();
        assert_eq!(Keys::read(&folder).unwrap().newest(), 2);
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
