//! Builds the power-cut library and puts processes under it; finds and kills them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::undo::{Cut, Undone, beside, undo};

/// The library's sources, carried along: a build that was made in one checkout serves others too.
const SOURCES: [(&str, &str); 3] = [
    ("record.c", include_str!("../../shim/record.c")),
    ("data.c", include_str!("../../shim/data.c")),
    ("names.c", include_str!("../../shim/names.c")),
];
const HEADER: (&str, &str) = ("record.h", include_str!("../../shim/record.h"));

/// The library, and the one directory that it watches.
#[derive(Debug)]
pub struct Shim {
    library: PathBuf,
    log: PathBuf,
    watched: PathBuf,
}

impl Shim {
    /// Compiles the library with `cc` into `place` and watches `place/data`, which is made.
    pub fn build(place: &Path) -> Result<Self> {
        let place = place.canonicalize()?;
        let (library, watched, log) = (place.join("powercut.so"), place.join("data"), place.join("log"));
        let sources = place.join("shim");
        fs::create_dir_all(&sources)?;
        for (name, text) in SOURCES.iter().chain([&HEADER]) {
            fs::write(sources.join(name), text)?;
        }
        let compiled = Command::new("cc")
            .args([
                "-std=gnu11",
                "-shared",
                "-fPIC",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-Wno-nonnull-compare",
                "-o",
            ])
            .arg(&library)
            .args(SOURCES.map(|(name, _)| sources.join(name)))
            .output()
            .context("running cc: a C compiler is needed")?;
        ensure!(compiled.status.success(), "the shim does not compile:\n{}", String::from_utf8_lossy(&compiled.stderr));
        fs::create_dir_all(&watched)?;
        fs::create_dir_all(beside(&log, "trash"))?;
        fs::write(&log, "")?;
        fs::write(beside(&log, "state"), "")?;
        // The database server may run as another user.
        for (path, mode) in [(log.clone(), 0o666), (beside(&log, "state"), 0o666), (beside(&log, "trash"), 0o777)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
        Ok(Self { library, log, watched })
    }

    /// The directory whose files a cut can harm.
    pub fn watched(&self) -> &Path {
        &self.watched
    }

    /// Lets a command run under the library.
    pub fn cover<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("LD_PRELOAD", &self.library).env("POWERCUT_DIR", &self.watched).env("POWERCUT_LOG", &self.log)
    }

    /// How to run any program under the library by hand.
    pub fn instructions(&self) -> String {
        format!(
            "LD_PRELOAD={} POWERCUT_DIR={} POWERCUT_LOG={}",
            self.library.display(),
            self.watched.display(),
            self.log.display()
        )
    }

    /// Kills every process under the library and takes back what they had not made durable.
    pub fn cut(&self, cut: Cut) -> Result<Undone> {
        self.kill()?;
        // The holder of the lock may be among the dead.
        fs::write(beside(&self.log, "state"), "")?;
        undo(&self.log, &self.watched, cut)
    }

    /// Kills every process that has the library loaded, whatever group or session it moved to.
    pub fn kill(&self) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let alive = self.processes()?;
            if alive.is_empty() {
                return Ok(());
            }
            ensure!(Instant::now() < until, "processes {alive:?} do not die");
            // All in one call; one that is gone already makes it fail, the next look tells.
            Command::new("kill").arg("-KILL").args(&alive).output().context("running kill")?;
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The numbers of all processes that have the library loaded.
    fn processes(&self) -> Result<Vec<String>> {
        let Some(library) = self.library.to_str() else { bail!("a path that is not UTF-8") };
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let Ok(entry) = entry else { continue };
            let number = entry.file_name().to_string_lossy().into_owned();
            let is_process = number.bytes().all(|byte| byte.is_ascii_digit());
            // A process may end while we look at it.
            if is_process && fs::read_to_string(entry.path().join("maps")).is_ok_and(|maps| maps.contains(library)) {
                found.push(number);
            }
        }
        Ok(found)
    }
}
