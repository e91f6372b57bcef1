//! The audit: append-only, sealed into a chain of hashes.
//!
//! Entries are written with the change they tell of. A sealer gives them positions afterwards, so that an entry that
//! commits late gets a later position and none is skipped, and hashes each batch over the one before it.
//! Sealed text holds no personal data: `detail` names fields and ids, never a citizen's name or number.

use crate::command::Command;
use crate::engine::Engine;
use crate::params;
use crate::pulse::Backlog;
use crate::reader::Reader;
use crate::store::Store;
use crate::tx::Tx;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::{Error, Id, Result, Timestamp};

/// What an entry says besides who, when and on whose behalf.
#[derive(Debug, Clone)]
pub struct AuditEntry<'a> {
    /// The verb, e.g. `dossiers.receive`.
    pub action: &'a str,
    /// The kind of thing, e.g. `dossier`.
    pub entity: &'a str,
    pub entity_id: Id,
    /// The unit whose book this belongs to.
    pub unit: Option<Id>,
    /// Facts without personal data.
    pub detail: serde_json::Value,
}

/// The end of the chain: how far it reaches, and its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the last seal; 0 before the first.
    pub number: i64,
    /// The last sealed position.
    pub position: i64,
    /// SHA-256 in hex; empty before the first seal.
    pub hash: String,
}

/// How many entries one seal takes at most; keeps a sealing write under 50 ms.
const SEAL_MAX: i64 = 500;

type Entry = (Id, i64, String, Option<i64>, Option<i64>, String, String, i64, Option<i64>, String, i64);

const ENTRY: &str = "id, at, actor_kind, actor_id, on_behalf_of, action, entity, entity_id, unit_id, detail, request";

/// Seals waiting entries; answers how many. Run under the `audit-seal` lease by one node at a time.
pub fn seal(store: &Store) -> Result<i64> {
    let command: Command = store.system_command("store.seal", 4);
    store.write_blocking(command, seal_waiting)
}

fn seal_waiting(tx: &mut Tx<'_>) -> Result<i64> {
    if tx.engine() == Engine::Postgres {
        // Two sealers would give one position twice; the second waits here and finds nothing left.
        tx.all::<(i64,)>("SELECT 1::bigint FROM pg_advisory_xact_lock(31078117498643812)", params![])?;
    }
    let waiting: Vec<Entry> =
        tx.all(&format!("SELECT {ENTRY} FROM audit WHERE position IS NULL ORDER BY id LIMIT $1"), params![SEAL_MAX])?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let head = head(tx)?;
    let mut chain = Chain::after(&head);
    for entry in &waiting {
        let position = chain.add(entry);
        tx.exec("UPDATE audit SET position = $1 WHERE id = $2", params![position, entry.0])?;
    }
    let (first, last) = (head.position + 1, chain.position);
    let at = tx.at();
    tx.exec(
        "INSERT INTO audit_seal (number, first_position, last_position, hash, sealed_at) VALUES ($1, $2, $3, $4, $5)",
        params![head.number + 1, first, last, chain.hash(), at],
    )?;
    tx.not_audited("sealing the audit is itself the proof");
    Ok(last - first + 1)
}

/// Entries that no seal covers yet.
pub fn unsealed(reader: &mut Reader<'_>) -> Result<Backlog> {
    Backlog::of(reader, "SELECT count(*), min(id) FROM audit WHERE position IS NULL")
}

/// The end of the chain as the database tells it.
pub fn head(reader: &mut Reader<'_>) -> Result<Head> {
    let last =
        reader.opt("SELECT number, last_position, hash FROM audit_seal ORDER BY number DESC LIMIT 1", params![])?;
    Ok(match last {
        Some((number, position, hash)) => Head { number, position, hash },
        None => Head { number: 0, position: 0, hash: String::new() },
    })
}

struct Chain {
    position: i64,
    hash: Sha256,
}

impl Chain {
    fn after(head: &Head) -> Self {
        let mut hash = Sha256::new();
        hash.update(head.hash.as_bytes());
        Self { position: head.position, hash }
    }

    /// Adds an entry and answers its position. Fields are written with their lengths, so that no two entries read alike.
    fn add(&mut self, entry: &Entry) -> i64 {
        self.position += 1;
        let (id, at, actor_kind, actor_id, on_behalf_of, action, entity, entity_id, unit_id, detail, request) = entry;
        let number = |n: &Option<i64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let fields = [
            self.position.to_string(),
            id.to_string(),
            at.to_string(),
            actor_kind.clone(),
            number(actor_id),
            number(on_behalf_of),
            action.clone(),
            entity.clone(),
            entity_id.to_string(),
            number(unit_id),
            detail.clone(),
            request.to_string(),
        ];
        for field in &fields {
            self.hash.update((field.len() as u64).to_be_bytes());
            self.hash.update(field.as_bytes());
        }
        self.position
    }

    fn hash(self) -> String {
        data_encoding::HEXLOWER.encode(&self.hash.finalize())
    }
}

/// One thing that `nhaviec check` found wrong, in Vietnamese.
pub type Finding = String;

/// Walks the whole chain and every command's entries; answers what does not fit.
/// `anchor` is a head that was kept outside the database.
pub fn verify(reader: &mut Reader<'_>, anchor: Option<&Head>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    verify_chain(reader, anchor, &mut findings)?;
    verify_commands(reader, &mut findings)?;
    Ok(findings)
}

fn verify_chain(reader: &mut Reader<'_>, anchor: Option<&Head>, findings: &mut Vec<Finding>) -> Result<()> {
    let seals: Vec<(i64, i64, i64, String)> =
        reader.all("SELECT number, first_position, last_position, hash FROM audit_seal ORDER BY number", params![])?;
    let mut head = Head { number: 0, position: 0, hash: String::new() };
    let mut anchored = anchor.is_none_or(|a| a.number == 0);
    for (number, first, last, hash) in seals {
        if number != head.number + 1 || first != head.position + 1 || last < first {
            findings.push(format!("Nhật ký kiểm toán: thiếu niêm phong giữa số {} và số {number}.", head.number));
        }
        let mut chain = Chain { position: first - 1, ..Chain::after(&head) };
        reader.each(
            &format!("SELECT {ENTRY} FROM audit WHERE position >= $1 AND position <= $2 ORDER BY position"),
            params![first, last],
            |entry: Entry| {
                chain.add(&entry);
                Ok(())
            },
        )?;
        if chain.position != last {
            findings.push(format!("Nhật ký kiểm toán: niêm phong số {number} thiếu {} dòng.", last - chain.position));
        } else if chain.hash() != hash {
            findings
                .push(format!("Nhật ký kiểm toán: nội dung niêm phong số {number} (vị trí {first}–{last}) đã bị sửa."));
        }
        if let Some(anchor) = anchor.filter(|a| a.number == number) {
            anchored = anchor.hash == hash && anchor.position == last;
            if !anchored {
                findings.push(format!("Nhật ký kiểm toán: niêm phong số {number} khác với mốc giữ bên ngoài."));
                anchored = true;
            }
        }
        head = Head { number, position: last, hash };
    }
    if !anchored {
        let wanted = anchor.map_or(0, |a| a.number);
        findings.push(format!("Nhật ký kiểm toán bị cắt đuôi: mốc bên ngoài ghi đến niêm phong số {wanted}, cơ sở dữ liệu chỉ có đến số {}.", head.number));
    }
    let (stray,): (i64,) = reader.one("SELECT count(*) FROM audit WHERE position > $1", params![head.position])?;
    if stray > 0 {
        findings.push(format!("Nhật ký kiểm toán: {stray} dòng có vị trí nhưng không thuộc niêm phong nào."));
    }
    Ok(())
}

fn verify_commands(reader: &mut Reader<'_>, findings: &mut Vec<Finding>) -> Result<()> {
    let broken: Vec<(String, i64)> = reader.all(
        "SELECT id, audits FROM command c WHERE audits > 0 AND audits <>
            (SELECT count(*) FROM audit a WHERE a.id >= c.audit_first AND a.id <= c.audit_last) ORDER BY id LIMIT 20",
        params![],
    )?;
    for (id, audits) in broken {
        findings.push(format!("Lệnh {id}: thiếu dòng nhật ký kiểm toán (phải có {audits})."));
    }
    Ok(())
}

/// The moment of the newest entry, to notice a clock that went back.
pub fn newest_at(reader: &mut Reader<'_>) -> Result<Option<Timestamp>> {
    let newest: Option<(Timestamp,)> = reader.opt("SELECT at FROM audit ORDER BY id DESC LIMIT 1", params![])?;
    Ok(newest.map(|(at,)| at))
}

/// Reads a head that was kept outside, as [`Head::to_line`] wrote it.
impl std::str::FromStr for Head {
    type Err = Error;
    fn from_str(line: &str) -> Result<Self> {
        let mut parts = line.split_whitespace();
        let parsed = (|| {
            let number = parts.next()?.parse().ok()?;
            let position = parts.next()?.parse().ok()?;
            let hash = parts.next().unwrap_or_default().to_owned();
            let whole = if number == 0 { position == 0 && hash.is_empty() } else { hash.len() == 64 };
            whole.then_some(Head { number, position, hash })
        })();
        parsed.ok_or_else(|| Error::internal("a kept audit head cannot be read"))
    }
}

impl Head {
    /// One line: number, position, hash.
    pub fn to_line(&self) -> String {
        format!("{} {} {}", self.number, self.position, self.hash)
    }
}
