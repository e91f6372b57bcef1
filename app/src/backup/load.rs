//! Restoring: first every sum is proven, then an empty database is filled in one transaction.

use super::archive::{self, BackupFile, KEYS, MANIFEST, damaged};
use super::manifest::{FORMAT, Manifest, Step, Sum};
use super::save::{steps, summary, table_of};
use super::{Done, Modules, Summary, content, dots, key, tables};
use crate::progress::{Far, Tell};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use store::migrate::{ModuleMigrations, STORE};
use store::snapshot::{self, Filling};
use store::{Location, Tx, audit, params, schema};
use types::{Error, Id, Result};

pub fn load(
    archive: &BackupFile,
    location: &Location,
    data: &Path,
    modules: &Modules,
    tell: Tell<'_>,
) -> Result<Summary> {
    let manifest = prove(archive, tell)?;
    let (own, then) = as_it_was(&manifest, &modules.migrations)?;
    snapshot::fill(location, |filling| {
        filling.migrate(Some(own), &then)?;
        same_steps(&manifest.migrations, &steps(filling.tx())?)?;
        let mut came = HashSet::new();
        filling.load(|tx| fill(tx, archive, &manifest, data, &mut came, tell))?;
        content::sync_folders(data)?;
        filling.migrate(None, &modules.migrations)?;
        reindex(filling, modules, tell)?;
        prove_filled(filling.tx(), &manifest, &came)
    })?;
    Ok(summary(manifest, Done::Restored))
}

/// Reads the whole backup and holds every sum against the manifest at its end.
fn prove(backup: &BackupFile, tell: Tell<'_>) -> Result<Manifest> {
    let mut tables: BTreeMap<String, (u64, Sum)> = BTreeMap::new();
    let path = backup.path();
    let (mut names, mut count, mut bytes, mut other) = (Sum::default(), 0_u64, 0_u64, Vec::new());
    let mut manifest: Option<Manifest> = None;
    let mut read = 0;
    archive::read(backup, |name, size, entry| {
        read += size;
        tell("Kiểm tra tệp sao lưu", Far::default().with(&ui::format::file_size(read)));
        if manifest.is_some() {
            return Err(damaged(path, "có mục thừa ở cuối"));
        }
        if name == MANIFEST {
            manifest = Some(serde_json::from_reader(entry).map_err(|e| damaged(path, &e.to_string()))?);
        } else if KEYS.contains(&name) {
            // They have no sums of their own: the seal around them has one.
        } else if let Some(hash) = content::hash_of(name) {
            if !content::check(name, entry)? {
                other.push(hash.to_owned());
            }
            names.add(format!("{name}\n").as_bytes());
            (count, bytes) = (count + 1, bytes + size);
        } else if let Some(table) = table_of(name) {
            let mut lines = Vec::new();
            entry.read_to_end(&mut lines).map_err(|e| damaged(path, &e.to_string()))?;
            let (rows, sum) = tables.entry(table.to_owned()).or_default();
            *rows += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
            sum.add(&lines);
        } else {
            return Err(damaged(path, &format!("mục lạ {name}")));
        }
        Ok(())
    })?;
    let manifest = manifest.ok_or_else(|| damaged(path, "thiếu bảng kê ở cuối"))?;
    if manifest.format != FORMAT {
        return Err(damaged(path, "bảng kê thuộc phiên bản khác"));
    }
    for expected in &manifest.tables {
        let (rows, sum) = tables.remove(&expected.name).unwrap_or_default();
        if rows != expected.rows || sum.hex() != expected.sha256 {
            return Err(damaged(path, &format!("bảng {} khác với bảng kê", expected.name)));
        }
    }
    let files = &manifest.files;
    if !tables.is_empty()
        || names.hex() != files.sha256
        || (count, bytes) != (files.count, files.bytes)
        || other != files.damaged
    {
        return Err(damaged(path, "các tệp nội dung khác với bảng kê"));
    }
    Ok(manifest)
}

/// The modules cut back to the schema that the rows have: how many of the store's own migrations, and the others.
fn as_it_was(manifest: &Manifest, modules: &[ModuleMigrations]) -> Result<(usize, Vec<ModuleMigrations>)> {
    let had = |module: &str| manifest.migrations.iter().filter(|step| step.module == module).count();
    let mut then = Vec::new();
    let mut known = 0;
    for (module, migrations) in [STORE].iter().chain(modules) {
        let count = had(module);
        known += count;
        if count > migrations.len() {
            return Err(newer());
        }
        then.push((*module, &migrations[..count]));
    }
    if known != manifest.migrations.len() {
        return Err(newer());
    }
    let own = then.remove(0).1.len();
    Ok((own, then))
}

fn newer() -> Error {
    Error::conflict(
        "Bản sao lưu do phiên bản mới hơn của chương trình tạo ra. Hãy cập nhật chương trình rồi phục hồi lại.",
    )
}

fn same_steps(backup: &[Step], made: &[Step]) -> Result<()> {
    match backup.iter().zip(made).find(|(a, b)| a != b) {
        None if backup.len() == made.len() => Ok(()),
        differs => Err(Error::conflict(format!(
            "Bản sao lưu có cấu trúc dữ liệu khác với chương trình này ({}). Hãy dùng đúng phiên bản chương trình.",
            differs.map_or_else(String::new, |(a, _)| format!("{} {:04} {}", a.module, a.number, a.name))
        ))),
    }
}

/// Reads the backup a second time: rows into the database, files into their folder.
fn fill(
    tx: &mut Tx<'_>,
    backup: &BackupFile,
    manifest: &Manifest,
    data: &Path,
    came: &mut HashSet<[u8; 32]>,
    tell: Tell<'_>,
) -> Result<()> {
    let (path, made) = (backup.path(), schema::tables(tx)?);
    for expected in &manifest.tables {
        let there = made.iter().find(|table| table.name == expected.name);
        let columns = |table: &schema::Table| table.columns.iter().all(|c| expected.columns.contains(&c.name));
        if !there.is_some_and(|table| table.columns.len() == expected.columns.len() && columns(table)) {
            return Err(damaged(path, &format!("bảng {} có cột khác", expected.name)));
        }
    }
    let (all, mut table, mut done) = (manifest.tables.len() as u64, String::new(), 0);
    archive::read(backup, |name, _, entry| {
        if KEYS.contains(&name) {
            let (path, mut bytes) = (data.join(name), Vec::new());
            entry.read_to_end(&mut bytes).map_err(archive::unreadable)?;
            let placed = key::place(&path, &bytes);
            return placed.map_err(|e| Error::unavailable(format!("Không ghi được tệp khóa {}.", path.display()), e));
        }
        if let Some(hash) = content::hash_of(name) {
            let bytes = data_encoding::HEXLOWER.decode(hash.as_bytes()).ok().and_then(|b| b.try_into().ok());
            came.extend::<Option<[u8; 32]>>(bytes);
            tell("Tệp nội dung", Far::of(came.len() as u64, manifest.files.count));
            let known = manifest.files.damaged.iter().any(|d| d == hash);
            return if known || content::put(data, hash, entry, &archive::unreadable)? {
                Ok(())
            } else {
                Err(damaged(path, &format!("tệp nội dung {hash}")))
            };
        }
        let found = table_of(name).and_then(|t| (1..).zip(&manifest.tables).find(|(_, e)| e.name == t));
        let Some((number, expected)) = found else { return Ok(()) };
        let (title, far) = (format!("Bảng {}", expected.name), Far::of(number, all));
        if table != expected.name {
            (table, done) = (expected.name.clone(), 0);
            tell(&title, far);
        }
        done += tables::insert(tx, (&expected.name, &expected.columns), entry)?;
        tell(&title, far.with(&format!("{}/{} dòng", dots(done), dots(expected.rows))));
        Ok(())
    })
}

/// Makes the text index again, which no copy of rows brings.
pub fn reindex(filling: &mut Filling<'_>, modules: &Modules, tell: Tell<'_>) -> Result<()> {
    for reindex in &modules.reindex {
        let (mut after, mut rounds) = (Id(0), 0);
        while let Some(last) = reindex(filling.tx(), None, after)? {
            if last <= after {
                return Err(Error::internal("indexing goes round in a circle"));
            }
            (after, rounds) = (last, rounds + 1);
            tell("Lập lại chỉ mục tìm kiếm", Far::default().with(&format!("lượt {rounds}")));
        }
    }
    Ok(())
}

/// Holds what stands in the database now against the manifest. Migrations after the backup may have added rows.
pub fn prove_filled(tx: &mut Tx<'_>, manifest: &Manifest, came: &HashSet<[u8; 32]>) -> Result<()> {
    let same_schema = steps(tx)?.len() == manifest.migrations.len();
    for table in manifest.tables.iter().filter(|_| same_schema) {
        let (rows,): (i64,) = tx.one(&format!("SELECT count(*) FROM \"{}\"", table.name), params![])?;
        if u64::try_from(rows).ok() != Some(table.rows) {
            return Err(Error::internal(format!(
                "{} has {rows} rows after it was filled, not {}",
                table.name, table.rows
            )));
        }
    }
    if audit::head(tx)? != manifest.audit_head {
        return Err(Error::internal("the audit's head is not the one that came along"));
    }
    let has_files = manifest.tables.iter().any(|table| table.name == "file");
    if has_files { content::prove_complete(tx, came, &manifest.files) } else { Ok(()) }
}
