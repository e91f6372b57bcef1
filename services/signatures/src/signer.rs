//! The register of certificates with which people and agencies sign here.
//!
//! Who uses one: a person's is used by that person alone; an agency's by those who may seal in the unit that it stands for.
//! The code that unlocks a key is typed at each signing and never kept.

mod bring;

pub use bring::{
    Brought, Key, bring, bring_certificate, bring_remote, bring_token, is_certificate, service_watched_as,
    token_watched_as,
};

use crate::units;
use serde::{Deserialize, Serialize};
use signing::{Certificate, Secret, SigningKey, SoftKey, TokenKey, TokenSettings};
use std::path::Path;
use store::{AuditEntry, FromRow, Reader, Row, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// From so many days before its end on, a certificate is told of: a new one takes weeks to come.
pub const WARNED_DAYS: i64 = 60;

/// Whose signature it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignerKind {
    Person,
    Agency,
}

impl SignerKind {
    const ALL: [Self; 2] = [Self::Person, Self::Agency];

    /// As it is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agency => "agency",
        }
    }

    /// The kind with this code.
    pub fn of(code: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == code);
        found.ok_or_else(|| Error::internal(format!("«{code}» is no kind of signer")))
    }
}

/// Where the key of a certificate lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// In a file on this server, locked by its own code.
    File,
    /// In a token of this server.
    Token,
    /// In a token at the desk of whoever signs.
    Desk,
    /// At a remote service, which asks its owner's phone.
    Service,
}

impl KeyPlace {
    const ALL: [Self; 4] = [Self::File, Self::Token, Self::Desk, Self::Service];

    /// As it is kept.
    pub fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Token => "token",
            Self::Desk => "desk",
            Self::Service => "service",
        }
    }

    fn of(code: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|place| place.code() == code);
        found.ok_or_else(|| Error::internal(format!("«{code}» is no place of a key")))
    }
}

/// A certificate of the register, without its key.
#[derive(Debug, Clone)]
pub struct Signer {
    pub id: Id,
    pub kind: SignerKind,
    /// Whose it is, when it is a person's.
    pub officer: Option<Id>,
    /// The agency it stands for, or for which the person works.
    pub unit: Id,
    /// Whom the certificate names.
    pub name: String,
    /// Who issued it.
    pub issuer: String,
    /// Of the certificate's DER, in hex.
    pub sha256: String,
    pub valid_from: Timestamp,
    pub valid_to: Timestamp,
    pub key_place: KeyPlace,
    /// There is a picture of the handwritten signature or the seal.
    pub has_picture: bool,
    pub added_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl FromRow for Signer {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (kind, place): (String, String) = (row.get(1)?, row.get(9)?);
        let picture: Option<String> = row.get(10)?;
        Ok(Self {
            id: row.get(0)?,
            kind: SignerKind::of(&kind)?,
            officer: row.get(2)?,
            unit: row.get(3)?,
            name: row.get(4)?,
            issuer: row.get(5)?,
            sha256: row.get(6)?,
            valid_from: row.get(7)?,
            valid_to: row.get(8)?,
            key_place: KeyPlace::of(&place)?,
            has_picture: picture.is_some(),
            added_at: row.get(11)?,
            ended_at: row.get(12)?,
        })
    }
}

const COLUMNS: &str = "id, kind, officer_id, unit_id, name, issuer, sha256, valid_from, valid_to, key_place,
    CASE WHEN picture IS NULL THEN NULL ELSE '' END, added_at, ended_at";

impl Signer {
    /// How it stands at a moment.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.ended_at.is_some() {
            Standing::Ended
        } else if self.valid_to <= now {
            Standing::Expired
        } else if self.valid_from > now {
            Standing::NotYet
        } else if self.valid_to <= now.plus_seconds(WARNED_DAYS * 24 * 3600) {
            Standing::EndsSoon
        } else {
            Standing::Good
        }
    }

    /// Whether it can sign now.
    pub fn signs(&self, now: Timestamp) -> bool {
        matches!(self.standing(now), Standing::Good | Standing::EndsSoon)
    }
}

/// How a certificate of the register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Good,
    /// It ends within [`WARNED_DAYS`].
    EndsSoon,
    NotYet,
    Expired,
    /// Taken out of use here.
    Ended,
}

/// A certificate to be entered.
#[derive(Debug, Clone)]
pub struct NewSigner {
    pub kind: SignerKind,
    pub officer: Option<Id>,
    pub unit: Id,
    pub brought: Brought,
    /// PNG with transparency, as it is to be seen on documents.
    pub picture: Option<Vec<u8>>,
}

/// Enters a certificate.
///
/// # Errors
/// `Conflict` when it is in use already.
pub fn enter(tx: &mut Tx<'_>, new: &NewSigner) -> Result<Id> {
    let (id, at) = (tx.id()?, tx.at());
    let by = tx.actor().officer().ok_or_else(|| Error::internal("a certificate is entered by an officer"))?;
    let certificate = &new.brought.certificate;
    let sha256 = certificate.sha256();
    let known: Option<(Id,)> = tx.opt(
        "SELECT id FROM signer WHERE sha256 = $1 AND unit_id = $2 AND coalesce(officer_id, 0) = $3 AND ended_at IS NULL",
        params![&sha256, new.unit, new.officer.unwrap_or(Id(0))],
    )?;
    if known.is_some() {
        return Err(Error::conflict("Chứng thư này đã có trong danh sách và đang được dùng."));
    }
    let pem: String = std::iter::once(certificate).chain(&new.brought.chain).map(Certificate::pem).collect();
    let (key_file, token, key_label) = new.brought.key.columns();
    let place = new.brought.key.place().code();
    let picture = new.picture.as_deref().map(|png| data_encoding::BASE64.encode(png));
    tx.exec(
        "INSERT INTO signer (id, kind, officer_id, unit_id, name, issuer, sha256, valid_from, valid_to, pem, key_file, token,
            key_label, picture, added_at, added_by, key_place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            id, new.kind.code(), new.officer, new.unit, short(&certificate.common_name()), short(&certificate.issuer_name()), &sha256,
            certificate.not_before(), certificate.not_after(), pem, key_file, token, key_label, picture, at, by,
            place
        ],
    )?;
    let detail = serde_json::json!({ "kind": new.kind, "name": short(&certificate.common_name()), "sha256": sha256 });
    tell(tx, "signatures.enter-certificate", (id, new.unit), detail)?;
    crate::request::fulfil(tx, new, id)?;
    Ok(id)
}

/// A name as lists show it; who makes a certificate may write a book into it.
fn short(name: &str) -> String {
    types::text::clean(name).chars().take(200).collect()
}

/// Takes a certificate out of use; what it signed stays.
///
/// # Errors
/// `Conflict` when somebody did so before.
pub fn end(tx: &mut Tx<'_>, signer: &Signer) -> Result<()> {
    let at = tx.at();
    let ended =
        tx.exec_counted("UPDATE signer SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL", params![at, signer.id])?;
    if ended == 0 {
        return Err(Error::conflict("Chứng thư này đã được ngừng dùng trước đó."));
    }
    // The key goes at once: what nobody may use is not to lie about.
    tx.exec("UPDATE signer SET key_file = NULL WHERE id = $1", params![signer.id])?;
    let detail = serde_json::json!({ "kind": signer.kind, "name": signer.name, "sha256": signer.sha256 });
    tell(tx, "signatures.end-certificate", (signer.id, signer.unit), detail)
}

fn tell(tx: &mut Tx<'_>, action: &str, (id, unit): (Id, Id), detail: serde_json::Value) -> Result<()> {
    tx.audit(&AuditEntry { action, entity: "signer", entity_id: id, unit: Some(unit), detail })
}

/// The certificate with this id.
pub fn by_id(reader: &mut Reader<'_>, id: Id) -> Result<Option<Signer>> {
    reader.opt(&format!("SELECT {COLUMNS} FROM signer WHERE id = $1"), params![id])
}

/// A person's own certificates, those in use first.
pub fn of_person(reader: &mut Reader<'_>, officer: Id) -> Result<Vec<Signer>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM signer WHERE officer_id = $1 AND kind = 'person'
         ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 50"
    );
    reader.all(&sql, params![officer])
}

/// A page of all certificates of these units, the newest first: those before `before`, and whether there are more.
pub fn register(
    reader: &mut Reader<'_>,
    units: &[Id],
    (before, most): (Option<Id>, usize),
) -> Result<(Vec<Signer>, bool)> {
    // One more tells that there are more.
    let limit = i64::try_from(most + 1).map_err(Error::internal)?;
    let statement =
        format!("SELECT {COLUMNS} FROM signer WHERE unit_id = {{unit}} AND id < $1 ORDER BY id DESC LIMIT $2");
    let values = params![before.unwrap_or(Id(i64::MAX)), limit];
    let mut all: Vec<Signer> = units::of_each(reader, units, (&statement, values))?;
    all.sort_by_key(|signer| std::cmp::Reverse(signer.id));
    let has_more = all.len() > most;
    all.truncate(most);
    Ok((all, has_more))
}

/// The certificates with which these agencies seal, those in use first.
pub fn seals(reader: &mut Reader<'_>, units: &[Id]) -> Result<Vec<Signer>> {
    let statement = format!("SELECT {COLUMNS} FROM signer WHERE unit_id = {{unit}} AND kind = 'agency'");
    let mut all: Vec<Signer> = units::of_each(reader, units, (&statement, &[]))?;
    all.sort_by_key(|signer| (signer.ended_at.is_some(), signer.valid_to, signer.id));
    Ok(all)
}

/// A key as it is kept, still locked.
pub struct Locked {
    sha256: String,
    /// Certificates above its own, as they were registered.
    pub(crate) chain: Vec<Certificate>,
    key: Option<Key>,
}

/// The key of a certificate, as it is kept.
pub fn locked(reader: &mut Reader<'_>, signer: &Signer) -> Result<Locked> {
    let (pem, file, token, label): (String, Option<String>, Option<String>, Option<String>) =
        reader.one("SELECT pem, key_file, token, key_label FROM signer WHERE id = $1", params![signer.id])?;
    let chain = signing::trust::read_certificates(pem.as_bytes()).split_off(1);
    let key = match (file, token, label) {
        (None, Some(user), Some(credential)) if signer.key_place == KeyPlace::Service => {
            Some(Key::Service { user, credential })
        }
        (Some(file), _, _) => Some(Key::File(data_encoding::BASE64.decode(file.as_bytes()).map_err(Error::internal)?)),
        (None, Some(token), Some(key)) => Some(Key::Token { token, key }),
        _ => None,
    };
    Ok(Locked { sha256: signer.sha256.clone(), chain, key })
}

impl Locked {
    /// What its codes are counted under: a token's key by its labels, whoever's certificate names it.
    pub(crate) fn watched_as(&self, signer: Id) -> String {
        match &self.key {
            Some(Key::Token { token, key }) => bring::token_watched_as(token, key),
            Some(Key::Service { user, credential }) => bring::service_watched_as(user, credential),
            _ => format!("signer:{signer}"),
        }
    }

    /// Where the key lies at the remote service: whose it is there, and its name.
    ///
    /// # Errors
    /// `Conflict` when it does not lie there.
    pub(crate) fn at_service(&self) -> Result<(String, String)> {
        match &self.key {
            Some(Key::Service { user, credential }) => Ok((user.clone(), credential.clone())),
            _ => Err(Error::conflict("Khóa của chứng thư này không ở dịch vụ ký từ xa.")),
        }
    }

    /// Opens it. It takes a while on purpose: call it on a thread that may be busy.
    ///
    /// # Errors
    /// `Invalid` with the field `code` when the code does not open it; `Conflict` when the key is not the certificate's any
    /// more, or is gone.
    pub fn open(self, code: Secret, library: Option<&Path>) -> Result<Box<dyn SigningKey>> {
        let key: Box<dyn SigningKey> = match self.key {
            Some(Key::File(file)) => Box::new(SoftKey::from_pkcs12(&file, &code).map_err(bring::refused)?),
            Some(Key::Token { token, key }) => {
                let library = library.ok_or_else(bring::no_library)?.to_owned();
                let settings = TokenSettings { library, token, key, pin: code, chain: self.chain, algorithm: None };
                Box::new(TokenKey::open(&settings).map_err(bring::refused)?)
            }
            Some(Key::Desk | Key::Service { .. }) | None => {
                return Err(Error::conflict("Khóa của chứng thư này không có trên máy chủ. Hãy thêm lại chứng thư."));
            }
        };
        if key.certificate().sha256() != self.sha256 {
            return Err(Error::conflict("Khóa không còn khớp với chứng thư đã đăng ký. Hãy thêm lại chứng thư."));
        }
        Ok(key)
    }
}

/// The picture that its signatures show.
pub fn picture(reader: &mut Reader<'_>, id: Id) -> Result<Option<Vec<u8>>> {
    let (picture,): (Option<String>,) = reader.one("SELECT picture FROM signer WHERE id = $1", params![id])?;
    picture.map(|text| data_encoding::BASE64.decode(text.as_bytes()).map_err(Error::internal)).transpose()
}
