//! The authorities on whose certificates signatures may rest, as this installation keeps them.
//!
//! The program is delivered with names and hashes, not with certificates. Who keeps the list brings the certificate's file;
//! one that is not known by its hash is taken only with the hash typed in, as its authority publishes it: a file alone proves
//! nothing.

use serde::Serialize;
use signing::Certificate;
use signing::trust::{Entry, Kind, Listed, Role, TrustList};
use store::{AuditEntry, Reader, Tx, params, revision};
use types::{Day, Error, Id, Result, Timestamp};

/// What caches of the list compare.
pub(crate) const TRUST: &str = "signature_trust";

/// Characters of where a hash was published.
pub(crate) const SOURCE_MAX: usize = 300;

/// A certificate of the list.
#[derive(Debug, Clone)]
pub struct Trusted {
    pub id: Id,
    pub entry: Entry,
    /// As it was brought.
    pub pem: String,
    pub added_at: Timestamp,
}

/// A certificate that is brought, with what is to be known of it.
#[derive(Debug, Clone, Serialize)]
pub struct Brought {
    pub entry: Entry,
    #[serde(skip)]
    pub pem: String,
}

type TrustRow = (Id, String, String, String, String, Day, Day, String, String, Timestamp);

/// The list as it stands, in the order in which it was entered.
pub fn all(reader: &mut Reader<'_>) -> Result<Vec<Trusted>> {
    let rows: Vec<TrustRow> = reader.all(
        "SELECT id, sha256, name, kind, role, valid_from, valid_to, source, pem, added_at
         FROM trust_certificate WHERE removed_at IS NULL ORDER BY id",
        params![],
    )?;
    rows.into_iter().map(read).collect()
}

fn read(row: TrustRow) -> Result<Trusted> {
    let (id, sha256, name, kind, role, valid_from, valid_to, source, pem, added_at) = row;
    let entry =
        Entry { name, sha256, kind: kind_of(&kind)?, role: role_of(&role)?, valid_from, valid_to, url: None, source };
    Ok(Trusted { id, entry, pem, added_at })
}

/// The list as verification uses it.
///
/// # Errors
/// Those of [`all`], and `Internal` when a stored certificate does not have its hash any more.
pub fn list(reader: &mut Reader<'_>) -> Result<TrustList> {
    of(&all(reader)?)
}

fn of(all: &[Trusted]) -> Result<TrustList> {
    let files: Vec<Vec<u8>> = all.iter().map(|trusted| trusted.pem.clone().into_bytes()).collect();
    let listed =
        Listed { checked: Timestamp(0).day(), certificate: all.iter().map(|trusted| trusted.entry.clone()).collect() };
    listed.load(&files).map_err(|e| Error::internal(format!("the list of trusted certificates: {e}")))
}

/// Reads a file that is brought: which certificates are in it, and what is known of each.
///
/// `hashes` are those that were typed in, for certificates that the program does not know; `source` says where they were
/// published. Of a bundle, what is neither known nor named is left out.
///
/// # Errors
/// `Invalid` with the field `file` or `sha256`.
pub fn bring(file: &[u8], (hashes, source): (&str, &str)) -> Result<Vec<Brought>> {
    let found = signing::trust::read_certificates(file);
    if found.is_empty() {
        return Err(Error::invalid("file", "Tệp này không phải chứng thư (.cer, .crt, .pem, .p7b) hoặc đã hỏng."));
    }
    let delivered = Listed::read(signing::trust::DELIVERED).map_err(Error::internal)?;
    let typed: Vec<String> = typed_hashes(hashes)?;
    let (mut brought, mut unknown) = (Vec::new(), Vec::new());
    for certificate in &found {
        let hash = certificate.sha256();
        if brought.iter().any(|known: &Brought| known.entry.sha256 == hash) {
            continue;
        }
        let entry = match delivered.certificate.iter().find(|entry| entry.sha256 == hash) {
            Some(entry) => entry.clone(),
            None if typed.contains(&hash) => own_entry(certificate, hash, source)?,
            None => {
                unknown.push(certificate.common_name());
                continue;
            }
        };
        brought.push(Brought { entry, pem: certificate.pem() });
    }
    let missing = typed.iter().find(|hash| !found.iter().any(|certificate| certificate.sha256() == **hash));
    if let Some(hash) = missing {
        return Err(Error::invalid(
            "sha256",
            format!("Trong tệp không có chứng thư nào có mã băm {hash}. Hãy xem lại tệp và mã băm nơi công bố."),
        ));
    }
    if let (true, Some(name)) = (brought.is_empty(), unknown.first()) {
        return Err(Error::invalid(
            "sha256",
            format!(
                "Chứng thư «{name}» không có trong danh sách kèm phần mềm. Muốn tin cậy thì nhập mã băm SHA-256 mà tổ chức cấp đã công bố."
            ),
        ));
    }
    Ok(brought)
}

/// Hashes as people copy them: with blanks or colons, in either case, several apart by commas or lines.
fn typed_hashes(typed: &str) -> Result<Vec<String>> {
    let mut hashes = Vec::new();
    for part in typed.split([',', ';', '\n']).filter(|part| !part.trim().is_empty()) {
        let hash: String = part.chars().filter(|c| !c.is_whitespace() && *c != ':').collect::<String>().to_lowercase();
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::invalid("sha256", "Mã băm SHA-256 gồm 64 chữ số thập lục phân (0–9, a–f)."));
        }
        hashes.push(hash);
    }
    Ok(hashes)
}

fn own_entry(certificate: &Certificate, sha256: String, source: &str) -> Result<Entry> {
    if source.chars().count() > SOURCE_MAX {
        return Err(Error::invalid("source", "Nơi công bố dài quá 300 chữ."));
    }
    if source.trim().is_empty() {
        return Err(Error::invalid("source", "Ghi nơi công bố mã băm, ví dụ công văn hoặc trang của tổ chức cấp."));
    }
    if !certificate.is_authority() {
        return Err(Error::invalid(
            "file",
            "Chứng thư này không phải của một tổ chức chứng thực nên không thể làm gốc tin cậy.",
        ));
    }
    Ok(Entry {
        name: certificate.common_name(),
        sha256,
        kind: Kind::Own,
        role: if certificate.is_self_issued() { Role::Anchor } else { Role::Intermediate },
        valid_from: certificate.not_before().day(),
        valid_to: certificate.not_after().day(),
        url: None,
        source: source.trim().to_owned(),
    })
}

/// Puts certificates on the list; those that stand there already are passed over. Answers how many are new.
///
/// # Errors
/// `Invalid` when one cannot be trusted at all.
pub fn add(tx: &mut Tx<'_>, brought: &[Brought]) -> Result<u64> {
    revision::changed(tx, TRUST)?;
    let known = all(tx)?;
    let new: Vec<&Brought> =
        brought.iter().filter(|b| !known.iter().any(|trusted| trusted.entry.sha256 == b.entry.sha256)).collect();
    if new.is_empty() {
        return Err(Error::conflict("Các chứng thư trong tệp này đã có trong danh sách."));
    }
    let at = tx.at();
    for Brought { entry, pem } in &new {
        let id = tx.id()?;
        tx.exec(
            "INSERT INTO trust_certificate (id, sha256, name, kind, role, valid_from, valid_to, source, pem, added_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                id,
                &entry.sha256,
                &entry.name,
                kind_name(entry.kind),
                role_name(entry.role),
                entry.valid_from,
                entry.valid_to,
                &entry.source,
                pem,
                at
            ],
        )?;
        tell(tx, "signatures.trust", (id, entry))?;
    }
    // What is stored must be what can be used.
    let stored = all(tx)?;
    of(&stored).map_err(|_| Error::invalid("file", "Chứng thư này không dùng để tin cậy được."))?;
    Ok(new.len() as u64)
}

/// Takes a certificate off the list: from now on nothing rests on it.
///
/// # Errors
/// `NotFound` when it is not there any more.
pub fn remove(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    revision::changed(tx, TRUST)?;
    let found = all(tx)?.into_iter().find(|trusted| trusted.id == id);
    let trusted = found.ok_or_else(|| Error::not_found("chứng thư"))?;
    let at = tx.at();
    tx.exec("UPDATE trust_certificate SET removed_at = $1 WHERE id = $2", params![at, id])?;
    tell(tx, "signatures.distrust", (id, &trusted.entry))
}

fn tell(tx: &mut Tx<'_>, action: &str, (id, entry): (Id, &Entry)) -> Result<()> {
    let detail = serde_json::json!({ "name": entry.name, "sha256": entry.sha256, "source": entry.source });
    tx.audit(&AuditEntry { action, entity: "trust_certificate", entity_id: id, unit: None, detail })
}

/// For `nhaviec check`.
pub(crate) fn check(reader: &mut Reader<'_>, _: &web::Settings) -> Result<Vec<String>> {
    check_all(reader)
}

/// Certificates that do not have their hash any more.
pub(crate) fn check_all(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let changed = all(reader)?.into_iter().filter(|trusted| of(std::slice::from_ref(trusted)).is_err());
    let told =
        |trusted: Trusted| format!("Chứng thư tin cậy «{}» không còn khớp với mã băm của nó.", trusted.entry.name);
    Ok(changed.map(told).collect())
}

const KINDS: [(Kind, &str); 3] = [(Kind::Government, "government"), (Kind::Public, "public"), (Kind::Own, "own")];
const ROLES: [(Role, &str); 2] = [(Role::Anchor, "anchor"), (Role::Intermediate, "intermediate")];

fn kind_name(kind: Kind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("own", |(_, name)| name)
}

fn role_name(role: Role) -> &'static str {
    ROLES.iter().find(|(known, _)| *known == role).map_or("intermediate", |(_, name)| name)
}

fn kind_of(name: &str) -> Result<Kind> {
    let found = KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind);
    found.ok_or_else(|| Error::internal(format!("«{name}» is no kind of authority")))
}

fn role_of(name: &str) -> Result<Role> {
    let found = ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role);
    found.ok_or_else(|| Error::internal(format!("«{name}» is no role of a certificate")))
}
