//! Copying an installation: rows stream from a held view of the one database into the one transaction that fills the
//! other. Nothing lies between.
//!
//! Files come first and stay under their hash whatever happens later, so that a copy that broke off finds them again.
//! Rows are read back as soon as they stand there and held against those that were sent: a difference ends the
//! transaction, and the database is as empty as before.

use super::manifest::{FileSum, TableSum};
use super::save::{Survey, summary, survey};
use super::tally::Tally;
use super::{Done, Modules, Place, Summary, content, dots, load, tables};
use crate::anchor;
use crate::progress::{Far, Tell};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use store::audit::{self, Head};
use store::schema::{self, Column, Kind, Table};
use store::snapshot::{self, Filling};
use store::{Location, Reader, Tx, lease, migrate, params};
use types::{Error, Id, Result, Timestamp};

const SAME: &str = "Nơi đến trùng với nơi đang dùng. Hãy chỉ một cơ sở dữ liệu khác và một thư mục dữ liệu khác.";
const IN_USE: &str = "Máy chủ hoặc một lệnh khác đang dùng cơ sở dữ liệu này. Để chuyển hẳn, hãy dừng máy chủ rồi chạy \
    lại (máy chủ vừa bị ngắt đột ngột thì chờ một phút). Nếu chỉ cần bản chép của lúc này, hãy thêm --while-serving: \
    những gì ghi sau khi bắt đầu chép sẽ không có trong bản chép.";

pub fn copy(from: Place<'_>, to: Place<'_>, modules: &Modules, while_serving: bool, tell: Tell<'_>) -> Result<Summary> {
    if from.database == to.database || one_holds_the_other(from.data, to.data) {
        return Err(Error::conflict(SAME));
    }
    refuse_unlasting(to.database)?;
    let kept = anchor::last(from.data)?;
    let begun_at = Timestamp::now();
    // What the view names must lie there until it is copied, also when the server forgets it meanwhile.
    let _held = files::FolderLock::shared(from.data)?;
    let (mut summary, newest_then) = snapshot::hold(from.database, |reader| {
        migrate::verify(reader, &modules.migrations)?;
        refuse_touched(reader, kept.as_ref())?;
        let newest = newest(reader)?;
        if !while_serving && lease::in_use(reader)? {
            return Err(Error::conflict(IN_USE));
        }
        let survey = survey(reader, begun_at)?;
        fs::create_dir_all(to.data)
            .map_err(|e| Error::unavailable(format!("Không tạo được thư mục dữ liệu {}.", to.data.display()), e))?;
        let fill = |filling: &mut Filling<'_>| fill(filling, reader, survey, (from.data, to.data), modules, tell);
        Ok((snapshot::fill(to.database, fill)?, newest))
    })?;
    // A server that began after the question above is noticed by what it wrote.
    summary.written_meanwhile = snapshot::hold(from.database, newest)? != newest_then;
    Ok(summary)
}

/// The last command that was carried out.
fn newest(reader: &mut Reader<'_>) -> Result<Option<Id>> {
    Ok(reader.one::<(Option<Id>,)>("SELECT max(id) FROM audit", params![])?.0)
}

/// A copy would begin a new life with a whole audit: what was changed or cut in the old one could never be shown again.
fn refuse_touched(reader: &mut Reader<'_>, kept: Option<&Head>) -> Result<()> {
    match audit::verify(reader, kept)?.first() {
        None => Ok(()),
        Some(finding) => Err(Error::conflict(format!(
            "Không chép: {finding} Hãy chạy nhaviec check ở nơi cũ, giữ nguyên hiện trạng và báo người hỗ trợ."
        ))),
    }
}

/// What SQLite keeps in memory, or reads more into than a path, is gone or elsewhere when the copy is done.
fn refuse_unlasting(to: &Location) -> Result<()> {
    if to.lasts() {
        return Ok(());
    }
    let sentence = "Nơi đến phải là đường dẫn của một tệp, ví dụ sqlite:/var/lib/nhaviec/nhaviec.db.";
    Err(Error::conflict(sentence))
}

/// Whether two folders are one, or one lies within the other.
fn one_holds_the_other(a: &Path, b: &Path) -> bool {
    let (a, b) = (real(a), real(b));
    a.starts_with(&b) || b.starts_with(&a)
}

/// Where a path leads, as far as it is there.
fn real(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match path.file_name() {
        Some(name) if parent != path => real(parent).join(name),
        _ => path.to_owned(),
    }
}

fn fill(
    filling: &mut Filling<'_>,
    reader: &mut Reader<'_>,
    survey: Survey,
    (from, to): (&Path, &Path),
    modules: &Modules,
    tell: Tell<'_>,
) -> Result<Summary> {
    let Survey { mut manifest, tables, hashes } = survey;
    let (files, present) = content::carry(&hashes, (from, to), tell)?;
    refuse_incomplete(&files)?;
    manifest.files = files;
    filling.migrate(None, &modules.migrations)?;
    filling.load(|tx| {
        let made = schema::tables(tx)?;
        let all = tables.len() as u64;
        for (number, table) in (1..).zip(&tables) {
            let json = json_columns(table, &made);
            manifest.tables.push(carry(reader, tx, (table, json), Far::of(number, all), tell)?);
        }
        Ok(())
    })?;
    content::sync_folders(to)?;
    load::reindex(filling, modules, tell)?;
    let came: HashSet<[u8; 32]> = hashes.into_iter().collect();
    load::prove_filled(filling.tx(), &manifest, &came)?;
    Ok(Summary { present, ..summary(manifest, Done::Copied) })
}

/// A move that leaves files behind without a word would be found out when nobody has the old place any more.
fn refuse_incomplete(files: &FileSum) -> Result<()> {
    let mut lost = files.missing.iter().chain(&files.damaged);
    let Some(first) = lost.next() else { return Ok(()) };
    Err(Error::conflict(format!(
        "Không chép: {} tệp nội dung bị mất hoặc bị hỏng ở nơi cũ, ví dụ {first}. Hãy lấy lại các tệp đó từ bản sao \
         lưu (lệnh nhaviec check kể tên từng tệp) rồi chạy lại; cơ sở dữ liệu đến vẫn trống, các tệp đã chép không \
         phải chép lần nữa. Nếu không còn bản lành, hãy dùng nhaviec backup rồi nhaviec restore: hai lệnh này bỏ qua \
         tệp mất hoặc hỏng.",
        1 + lost.count()
    )))
}

/// Which columns are JSON to either engine: what PostgreSQL writes in its own way is text to SQLite.
fn json_columns(table: &Table, made: &[Table]) -> Vec<bool> {
    let is_json = |column: &Column| column.kind == Kind::Json;
    let other = made.iter().find(|other| other.name == table.name);
    let others: Vec<&Column> = other.into_iter().flat_map(|other| &other.columns).collect();
    let either =
        |column: &Column| is_json(column) || others.iter().any(|other| other.name == column.name && is_json(other));
    table.columns.iter().map(either).collect()
}

/// Copies the rows of a table, then reads what arrived.
fn carry(
    reader: &mut Reader<'_>,
    tx: &mut Tx<'_>,
    (table, json): (&Table, Vec<bool>),
    far: Far<'_>,
    tell: Tell<'_>,
) -> Result<TableSum> {
    let title = format!("Bảng {}", table.name);
    tell(&title, far);
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let (mut sent, mut arrived) = (Tally::new(json.clone()), Tally::new(json));
    let sum = tables::read(reader, table, |lines, rows| {
        sent.add(lines)?;
        tables::insert(tx, (&table.name, &columns), lines)?;
        tell(&title, far.with(&format!("{} dòng", dots(rows))));
        Ok(())
    })?;
    tables::read(tx, table, |lines, rows| {
        arrived.add(lines)?;
        tell(&title, far.with(&format!("đã đối chiếu {} dòng", dots(rows))));
        Ok(())
    })?;
    if sent == arrived {
        return Ok(sum);
    }
    Err(Error::conflict(format!(
        "Không chép: bảng {} đến nơi khác với khi gửi đi ({} dòng gửi, {} dòng đến). Cơ sở dữ liệu đến vẫn trống. Hãy \
         giữ nguyên hiện trạng và liên hệ người hỗ trợ.",
        table.name,
        dots(sent.rows()),
        dots(arrived.rows())
    )))
}
