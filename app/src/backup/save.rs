//! Making a backup.

use super::archive::{MANIFEST, Writer};
use super::manifest::{FORMAT, Manifest, Step, Sum, TableSum};
use super::{Summary, content, dots, rows};
use crate::progress::{Far, Tell};
use std::path::Path;
use store::schema::{self, Table};
use store::{Location, Reader, Values, audit, params, snapshot};
use types::{Error, Result, Timestamp};

/// Tables that belong to the running installation, not to what is kept in it.
pub const NOT_KEPT: [&str; 2] = ["migration", "lease"];

/// Rows are gathered to about so many bytes before they become an entry.
const CHUNK: usize = 4 << 20;

pub fn save(location: &Location, data: &Path, out: &Path, tell: Tell<'_>) -> Result<Summary> {
    let made_at = Timestamp::now();
    // What the view names must lie there until it is copied, also when the server forgets it meanwhile.
    let _held = files::FolderLock::shared(data)?;
    let mut writer = Writer::create(out, made_at)?;
    let (mut manifest, hashes) = snapshot::hold(location, |reader| {
        let tables = schema::tables(reader)?;
        let mut manifest = Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            migrations: steps(reader)?,
            audit_head: audit::head(reader)?,
            tables: Vec::new(),
            files: Default::default(),
        };
        let kept: Vec<&Table> = tables.iter().filter(|table| !NOT_KEPT.contains(&table.name.as_str())).collect();
        let all = kept.len() as u64;
        for (number, table) in (1..).zip(kept) {
            manifest.tables.push(save_table(reader, (number, all), table, &mut writer, tell)?);
        }
        let has_files = tables.iter().any(|table| table.name == "file");
        let hashes = if has_files { content::named(reader)? } else { Vec::new() };
        Ok((manifest, hashes))
    })?;
    // Content files never change, so the view need not be held while they are copied.
    manifest.files = content::save(&hashes, data, &mut writer, tell)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?;
    writer.add(MANIFEST, &text)?;
    writer.finish()?;
    Ok(summary(manifest, false))
}

/// What a manifest says was done.
pub fn summary(manifest: Manifest, restored: bool) -> Summary {
    Summary {
        restored,
        tables: manifest.tables.len(),
        rows: manifest.tables.iter().map(|table| table.rows).sum(),
        files: manifest.files.count,
        bytes: manifest.files.bytes,
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
fn entry(number: u64, table: &str, chunk: usize) -> String {
    format!("tables/{number:03}-{table}/{chunk:06}.ndjson")
}

fn save_table(
    reader: &mut Reader<'_>,
    (number, all): (u64, u64),
    table: &Table,
    writer: &mut Writer,
    tell: Tell<'_>,
) -> Result<TableSum> {
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let quoted = |names: &[String]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let order = if table.key.is_empty() { String::new() } else { format!(" ORDER BY {}", quoted(&table.key)) };
    let sql = format!("SELECT {} FROM \"{}\"{order}", quoted(&columns), table.name);
    let (title, far) = (format!("Bảng {}", table.name), Far::of(number, all));
    tell(&title, far);
    let (mut sum, mut count, mut chunk, mut lines) = (Sum::default(), 0_u64, 0, Vec::new());
    let mut put = |lines: &mut Vec<u8>, count: u64| {
        sum.add(lines);
        chunk += 1;
        writer.add(&entry(number, &table.name, chunk), lines)?;
        lines.clear();
        tell(&title, far.with(&format!("{} dòng", dots(count))));
        Ok(())
    };
    reader.each(&sql, params![], |row: Values| {
        rows::write(&row, &table.columns, &mut lines)?;
        count += 1;
        if lines.len() >= CHUNK { put(&mut lines, count) } else { Ok(()) }
    })?;
    if !lines.is_empty() {
        put(&mut lines, count)?;
    }
    Ok(TableSum { name: table.name.clone(), columns, rows: count, sha256: sum.hex() })
}

/// The table of an entry, when it is one of rows.
pub fn table_of(entry: &str) -> Option<&str> {
    let (folder, _) = entry.strip_prefix("tables/")?.split_once('/')?;
    folder.split_once('-').map(|(_, table)| table)
}
