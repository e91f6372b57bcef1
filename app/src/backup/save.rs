//! Making a backup.

use super::archive::{BackupFile, KEYS, MANIFEST, Writer};
use super::manifest::{FORMAT, Manifest, Step, TableSum};
use super::{Done, Summary, content, dots, tables};
use crate::progress::{Far, Tell};
use std::path::Path;
use store::schema::Table;
use store::{Location, Reader, audit, params, snapshot};
use types::{Error, Result, Timestamp};

pub fn save(location: &Location, data: &Path, out: &BackupFile, tell: Tell<'_>) -> Result<Summary> {
    let made_at = Timestamp::now();
    // What the view names must lie there until it is copied, also when the server forgets it meanwhile.
    let _held = files::FolderLock::shared(data)?;
    let mut writer = Writer::create(out, made_at)?;
    let (mut manifest, hashes) = snapshot::hold(location, |reader| {
        let Survey { mut manifest, tables, hashes } = survey(reader, made_at)?;
        let all = tables.len() as u64;
        for (number, table) in (1..).zip(&tables) {
            manifest.tables.push(save_table(reader, (number, all), table, &mut writer, tell)?);
        }
        Ok((manifest, hashes))
    })?;
    // Content files never change, so the view need not be held while they are copied.
    manifest.files = content::save(&hashes, data, &mut writer, tell)?;
    // Behind the seal they are as safe as on the machine. Without the first nobody with a second factor gets in again;
    // without the second every device must be given another authority.
    for name in KEYS.into_iter().filter(|name| out.is_sealed() && data.join(name).exists()) {
        let key = data.join(name);
        let bytes = std::fs::read(&key)
            .map_err(|e| Error::unavailable(format!("Không đọc được tệp khóa {}.", key.display()), e))?;
        writer.add(name, &bytes)?;
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
    writer.add(MANIFEST, &text)?;
    writer.finish()?;
    Ok(summary(manifest, Done::Saved))
}

/// What one view holds that is taken along.
pub struct Survey {
    /// Without the sums of tables and files, which are known when they were read.
    pub manifest: Manifest,
    /// Those referred to first.
    pub tables: Vec<Table>,
    /// Of the content files that it names.
    pub hashes: Vec<[u8; 32]>,
}

/// Looks at what there is.
pub fn survey(reader: &mut Reader<'_>, made_at: Timestamp) -> Result<Survey> {
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        migrations: steps(reader)?,
        audit_head: audit::head(reader)?,
        tables: Vec::new(),
        files: Default::default(),
    };
    let tables = tables::kept(reader)?;
    let has_files = tables.iter().any(|table| table.name == "file");
    let hashes = if has_files { content::named(reader)? } else { Vec::new() };
    Ok(Survey { manifest, tables, hashes })
}

/// What a manifest says was done.
pub fn summary(manifest: Manifest, done: Done) -> Summary {
    Summary {
        done,
        tables: manifest.tables.len(),
        rows: manifest.tables.iter().map(|table| table.rows).sum(),
        files: manifest.files.count,
        bytes: manifest.files.bytes,
        present: 0,
        written_meanwhile: false,
        missing: manifest.files.missing,
        damaged: manifest.files.damaged,
        head: manifest.audit_head,
    }
}

/// The migrations that the database has, by module and number.
pub fn steps(reader: &mut Reader<'_>) -> Result<Vec<Step>> {
    let mut steps: Vec<(String, i64, String, String)> =
        reader.all("SELECT module, number, name, sum FROM migration", params![])?;
    steps.sort();
    Ok(steps.into_iter().map(|(module, number, name, sum)| Step { module, number, name, sum }).collect())
}

/// The name of a table's entry: `tables/003-record/000001.ndjson`.
fn entry(number: u64, table: &str, piece: usize) -> String {
    format!("tables/{number:03}-{table}/{piece:06}.ndjson")
}

fn save_table(
    reader: &mut Reader<'_>,
    (number, all): (u64, u64),
    table: &Table,
    writer: &mut Writer,
    tell: Tell<'_>,
) -> Result<TableSum> {
    let (title, far) = (format!("Bảng {}", table.name), Far::of(number, all));
    tell(&title, far);
    let mut piece = 0;
    tables::read(reader, table, |lines, rows| {
        piece += 1;
        writer.add(&entry(number, &table.name, piece), lines)?;
        tell(&title, far.with(&format!("{} dòng", dots(rows))));
        Ok(())
    })
}

/// The table of an entry, when it is one of rows.
pub fn table_of(entry: &str) -> Option<&str> {
    let (folder, _) = entry.strip_prefix("tables/")?.split_once('/')?;
    folder.split_once('-').map(|(_, table)| table)
}
