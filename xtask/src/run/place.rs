//! Where `make run` keeps its demo, and what is to be done there.
//!
//! The demo is filled in a folder beside the data folder and takes its place by one rename when it is whole. So the
//! data folder never holds half a demo, and what an interrupted filling left is known by its name: it is thrown away
//! and filled again, while whatever stands in the data folder is left alone. A database file that `NHAVIEC_DATABASE` names
//! is filled beside its place in the same way, as long as nothing stands there.

use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Address and accounts, in the data folder. Written after everything else: where it stands, the demo is whole.
const ACCOUNTS: &str = "demo-accounts.txt";
/// What the name of the folder, or of the file, beside ends in.
const UNFINISHED: &str = ".demo-unfinished";

/// Where the database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// In the data folder, as when nobody says anything.
    InFolder,
    /// In a file that `NHAVIEC_DATABASE` names.
    File(PathBuf),
    /// Where else the settings say. It cannot be moved into place, and what is half filled there is not ours to empty.
    Elsewhere,
}

impl Database {
    /// What an address says; SQLite reads more into one that begins with `file:` or `:`.
    pub fn named(address: &str) -> Self {
        let file = address.strip_prefix("sqlite:").filter(|path| !path.starts_with("file:") && !path.starts_with(':'));
        match file.map(PathBuf::from).filter(|path| path.file_name().is_some()) {
            Some(file) => Self::File(file),
            None => Self::Elsewhere,
        }
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Serve,
    Fill,
    /// An earlier filling was interrupted.
    FillAgain,
}

/// The demo's place.
#[derive(Debug, Clone)]
pub struct Place {
    data: PathBuf,
    database: Database,
}

impl Place {
    /// With this data folder, which need not be there yet.
    pub fn at(data: PathBuf, database: Database) -> Self {
        Self { data, database }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// How the program is told of the database, where the settings do not say it.
    pub fn database_in(&self, folder: &Path) -> Option<OsString> {
        let file = match &self.database {
            Database::InFolder => folder.join("nhaviec.db"),
            Database::File(file) if !is_there(file) => self.unfinished().ok()?,
            Database::File(_) | Database::Elsewhere => return None,
        };
        let mut words = OsString::from("sqlite:");
        words.push(file);
        Some(words)
    }

    /// Address and accounts of the demo that stands here.
    pub fn accounts(&self) -> Result<String> {
        fs::read_to_string(self.data.join(ACCOUNTS)).context("reading the demo accounts")
    }

    /// Looks, and changes nothing.
    ///
    /// # Errors
    /// When the data folder holds anything that is not a whole demo, or the accounts of one whose database is not there.
    pub fn what_next(&self) -> Result<Next> {
        let whole = self.data.join(ACCOUNTS).exists();
        match &self.database {
            Database::File(file) if !is_there(file) => self.may_fill(file, whole)?,
            _ if whole => return Ok(Next::Serve),
            Database::File(_) | Database::Elsewhere => return Ok(Next::Fill),
            Database::InFolder => ensure!(
                !self.is_used()?,
                "Thư mục {} đã có dữ liệu và không phải bản dùng thử do make run tạo xong, nên make run để nguyên. \
                 Hãy đặt NHAVIEC_DATA sang một thư mục trống rồi chạy lại, hoặc tự xóa thư mục này khi chắc chắn \
                 không cần nữa.",
                self.data.display()
            ),
        }
        Ok(if self.unfinished()?.exists() { Next::FillAgain } else { Next::Fill })
    }

    /// Nothing of another database, and nothing of another demo or installation, may get mixed up with the demo.
    fn may_fill(&self, file: &Path, whole: bool) -> Result<()> {
        let (data, shown) = (self.data.display(), file.display());
        ensure!(
            !whole,
            "Thư mục {data} có tài khoản của một bản dùng thử, nhưng không thấy cơ sở dữ liệu {shown} của bản đó. Hãy đặt \
             NHAVIEC_DATA sang một thư mục trống rồi chạy lại."
        );
        // SQLite would take the log of a database that was moved away for this one's.
        for log in ["-wal", "-journal"].map(|end| with_end(file, end)) {
            ensure!(
                !is_there(&log),
                "Không thấy cơ sở dữ liệu {shown} nhưng còn tệp {} của nó. Hãy trả cơ sở dữ liệu về chỗ cũ, hoặc đặt \
                 NHAVIEC_DATABASE sang một nơi khác rồi chạy lại.",
                log.display()
            );
        }
        ensure!(
            self.unfinished()?.exists() || !self.is_used()?,
            "Thư mục {data} đã có dữ liệu của một hệ thống khác, nên make run để nguyên. Hãy đặt NHAVIEC_DATA sang một thư \
             mục trống rồi chạy lại."
        );
        Ok(())
    }

    /// Leaves a whole demo here: the one that stands, or one that `make` fills the given folder with; `make` answers
    /// address and accounts.
    pub fn make_ready(&self, make: impl FnOnce(&Path) -> Result<Vec<u8>>) -> Result<()> {
        match self.what_next()? {
            Next::Serve => return Ok(()),
            Next::Fill => {}
            Next::FillAgain => {
                println!("Lần tạo trước bị ngắt giữa chừng; xóa phần dở dang và tạo lại.");
                self.remove_unfinished()?;
            }
        }
        match &self.database {
            Database::InFolder => self.fill_beside(make),
            Database::File(file) if !is_there(file) => self.fill_file_beside(file, make),
            Database::File(_) | Database::Elsewhere => self.fill_in_place(make),
        }
    }

    fn fill_beside(&self, make: impl FnOnce(&Path) -> Result<Vec<u8>>) -> Result<()> {
        let unfinished = self.unfinished()?;
        fs::create_dir_all(&unfinished).context("making a folder for the demo")?;
        keep_accounts(&unfinished, &make(&unfinished)?)?;
        let (from, to) = (unfinished.display(), self.data.display());
        // Refused by the system when somebody has put something there meanwhile.
        fs::rename(&unfinished, &self.data).with_context(|| format!("renaming {from} to {to}"))?;
        sync_folder(self.data.parent().unwrap_or(Path::new("")))
    }

    /// The data folder is filled where it is: what an interrupted filling leaves there is used or overwritten by the next.
    fn fill_file_beside(&self, file: &Path, make: impl FnOnce(&Path) -> Result<Vec<u8>>) -> Result<()> {
        let unfinished = self.unfinished()?;
        let accounts = make(&self.data)?;
        let (log, from, to) = (with_end(&unfinished, "-wal"), unfinished.display(), file.display());
        ensure!(!is_there(&log), "Cơ sở dữ liệu {from} chưa được đóng: còn tệp {}.", log.display());
        // A rename would replace what somebody has put there meanwhile.
        ensure!(!is_there(file), "Tệp {to} xuất hiện trong khi tạo bản dùng thử, nên make run để nguyên tệp đó.");
        fs::rename(&unfinished, file).with_context(|| format!("renaming {from} to {to}"))?;
        sync_folder(file.parent().unwrap_or(Path::new("")))?;
        // Only now: accounts without their database would count as a whole demo.
        keep_accounts(&self.data, &accounts)
    }

    fn fill_in_place(&self, make: impl FnOnce(&Path) -> Result<Vec<u8>>) -> Result<()> {
        let accounts = make(&self.data).context(
            "Không tạo được bản dùng thử trong cơ sở dữ liệu do NHAVIEC_DATABASE hoặc nhaviec.toml chỉ định. Nếu lần \
             tạo trước bị ngắt giữa chừng, hãy tự làm trống cơ sở dữ liệu đó hoặc chỉ sang cơ sở dữ liệu khác.",
        )?;
        keep_accounts(&self.data, &accounts)
    }

    fn is_used(&self) -> Result<bool> {
        match fs::read_dir(&self.data) {
            Ok(mut entries) => Ok(entries.next().is_some()),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(false),
            Err(e) => Err(e).with_context(|| format!("Không đọc được thư mục {}.", self.data.display())),
        }
    }

    /// What stands beside until it is whole; on the same disk, so that it can be moved.
    fn unfinished(&self) -> Result<PathBuf> {
        let (place, wrong) = match &self.database {
            Database::File(file) => (file, "NHAVIEC_DATABASE phải là đường dẫn kết thúc bằng tên một tệp."),
            _ => (&self.data, "NHAVIEC_DATA phải là đường dẫn kết thúc bằng tên một thư mục."),
        };
        let name = place.file_name().context(wrong)?;
        Ok(place.with_file_name(with_end(Path::new(name), UNFINISHED)))
    }

    fn remove_unfinished(&self) -> Result<()> {
        let unfinished = self.unfinished()?;
        if !matches!(self.database, Database::File(_)) {
            return fs::remove_dir_all(unfinished).context("removing the unfinished demo");
        }
        // The file itself last: by it the rest is known.
        for end in ["-wal", "-shm", ""] {
            match fs::remove_file(with_end(&unfinished, end)) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(e).context("removing the unfinished database"),
                _ => {}
            }
        }
        Ok(())
    }
}

/// A link that leads nowhere is there too: SQLite would follow it.
fn is_there(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok()
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Whether a file of settings says where the database stands; it has no tables, so a line is enough.
pub fn names_database(settings: &str) -> bool {
    let keys = settings.lines().filter_map(|line| line.split_once('=')).map(|(key, _)| key.trim());
    keys.map(|key| key.trim_matches(['"', '\''])).any(|key| key == "database")
}

/// Durable, since a demo that has them counts as whole.
fn keep_accounts(folder: &Path, text: &[u8]) -> Result<()> {
    let written = File::create(folder.join(ACCOUNTS)).and_then(|mut file| {
        file.write_all(text)?;
        file.sync_all()
    });
    written.context("keeping the demo accounts")?;
    sync_folder(folder)
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|folder| folder.sync_all()).context("syncing a folder")
}
