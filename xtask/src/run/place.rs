//! Where `make run` keeps its demo, and what is to be done there.
//!
//! The demo is filled in a folder beside the data folder and takes its place by one rename when it is whole. So the
//! data folder never holds half a demo, and what an interrupted filling left is known by its name: it is thrown away
//! and filled again, while whatever stands in the data folder is left alone.

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Address and accounts, in the data folder. Written after everything else: where it stands, the demo is whole.
const ACCOUNTS: &str = "demo-accounts.txt";
/// What the name of the folder beside ends in.
const UNFINISHED: &str = ".demo-unfinished";

/// Where the database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// In the data folder, as when nobody says anything.
    InFolder,
    /// Where the settings say. It cannot be moved into place, and what is half filled there is not ours to empty.
    Elsewhere,
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

    /// How the program is told of the database, when it goes with the folder.
    pub fn database_in(&self, folder: &Path) -> Option<OsString> {
        let mut words = OsString::from("sqlite:");
        words.push(folder.join("nhaviec.db"));
        (self.database == Database::InFolder).then_some(words)
    }

    /// Address and accounts of the demo that stands here.
    pub fn accounts(&self) -> Result<String> {
        fs::read_to_string(self.data.join(ACCOUNTS)).context("reading the demo accounts")
    }

    /// Looks, and changes nothing.
    ///
    /// # Errors
    /// When the data folder holds anything that is not a whole demo.
    pub fn what_next(&self) -> Result<Next> {
        if self.data.join(ACCOUNTS).exists() {
            return Ok(Next::Serve);
        }
        if self.database == Database::Elsewhere {
            return Ok(Next::Fill);
        }
        if self.is_used()? {
            bail!(
                "Thư mục {} đã có dữ liệu và không phải bản dùng thử do make run tạo xong, nên make run để nguyên. \
                 Hãy đặt NHAVIEC_DATA sang một thư mục trống rồi chạy lại, hoặc tự xóa thư mục này khi chắc chắn \
                 không cần nữa.",
                self.data.display()
            );
        }
        Ok(if self.unfinished()?.exists() { Next::FillAgain } else { Next::Fill })
    }

    /// Leaves a whole demo here: the one that stands, or one that `make` fills the given folder with; `make` answers
    /// address and accounts.
    pub fn make_ready(&self, make: impl FnOnce(&Path) -> Result<Vec<u8>>) -> Result<()> {
        match (self.what_next()?, self.database) {
            (Next::Serve, _) => Ok(()),
            (_, Database::Elsewhere) => self.fill_in_place(make),
            (Next::Fill, Database::InFolder) => self.fill_beside(make),
            (Next::FillAgain, Database::InFolder) => {
                println!("Lần tạo trước bị ngắt giữa chừng; xóa phần dở dang và tạo lại.");
                fs::remove_dir_all(self.unfinished()?).context("removing the unfinished demo")?;
                self.fill_beside(make)
            }
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

    /// The folder beside; on the same disk, so that a rename moves it.
    fn unfinished(&self) -> Result<PathBuf> {
        let name = self.data.file_name().context("NHAVIEC_DATA phải là đường dẫn kết thúc bằng tên một thư mục.")?;
        let mut name = name.to_owned();
        name.push(UNFINISHED);
        Ok(self.data.with_file_name(name))
    }
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
