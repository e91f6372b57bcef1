//! What an executable needs of the machine on which it runs, as `readelf` tells it.

use super::answer;
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

/// What every Debian has, by the beginning of the name; the last one is the loader.
const LIBRARIES: [&str; 4] = ["libc.so.", "libm.so.", "libgcc_s.so.", "ld-linux"];
/// The C library of Debian 12.
const GLIBC: [u32; 2] = [2, 36];

/// Libraries, and versions of the C library's symbols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    libraries: Vec<String>,
    glibc: Vec<String>,
}

impl Needs {
    /// Asks `readelf`; nothing where it is not installed.
    pub fn of(program: &Path) -> Result<Option<Self>> {
        let mut readelf = Command::new("readelf");
        readelf.args(["--wide", "--dynamic", "--version-info"]).arg(program).env("LC_ALL", "C");
        Ok(answer(&mut readelf)?.map(|told| Self::read(&String::from_utf8_lossy(&told.stdout))))
    }

    /// Reads `(NEEDED)  Shared library: [libc.so.6]` and `Name: GLIBC_2.34  Flags: none`.
    fn read(told: &str) -> Self {
        let needed = told.lines().filter(|line| line.contains("(NEEDED)"));
        let libraries = needed.filter_map(|line| line.split(['[', ']']).nth(1)).map(ToOwned::to_owned).collect();
        let names = told.lines().filter_map(|line| line.split_once("Name: ")?.1.split_whitespace().next());
        let glibc = names.filter_map(|name| name.strip_prefix("GLIBC_")).map(ToOwned::to_owned).collect();
        Self { libraries, glibc }
    }

    /// # Errors
    /// Names everything that a fresh Debian 12 lacks.
    pub fn refuse_more_than_debian_has(&self) -> Result<()> {
        ensure!(!self.libraries.is_empty(), "readelf names no library at all; it was misread");
        let strange = self.libraries.iter().filter(|name| !LIBRARIES.iter().any(|known| name.starts_with(known)));
        let newer = self.glibc.iter().filter(|version| !is_in_debian(version));
        let lacking: Vec<String> = strange.cloned().chain(newer.map(|version| format!("GLIBC_{version}"))).collect();
        ensure!(lacking.is_empty(), "Debian 12 does not have what the program needs: {}", lacking.join(", "));
        Ok(())
    }
}

/// `2.17` and `2.2.5` are; of the names without a number, only the one that came with 2.36.
fn is_in_debian(version: &str) -> bool {
    let numbers: Result<Vec<u32>, _> = version.split('.').map(str::parse::<u32>).collect();
    numbers.map_or(version == "ABI_DT_RELR", |numbers| numbers.as_slice() <= GLIBC.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "\
 0x0000000000000001 (NEEDED)             Shared library: [libgcc_s.so.1]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [ld-linux-x86-64.so.2]
 0x000000000000000c (INIT)               0x1000
Version needs section '.gnu.version_r' contains 2 entries:
  000000: Version: 1  File: libgcc_s.so.1  Cnt: 1
  0x0010:   Name: GCC_3.0  Flags: none  Version: 4
  0x0020: Version: 1  File: libc.so.6  Cnt: 3
  0x0030:   Name: GLIBC_2.2.5  Flags: none  Version: 3
  0x0040:   Name: GLIBC_2.36  Flags: none  Version: 5
  0x0050:   Name: GLIBC_ABI_DT_RELR  Flags: none  Version: 6
";

    fn refused(told: &str) -> String {
        Needs::read(told).refuse_more_than_debian_has().map_or_else(|e| e.to_string(), |()| String::new())
    }

    #[test]
    fn what_debian_has_is_let_through() {
        let needs = Needs::read(TOLD);
        assert_eq!(needs.libraries, ["libgcc_s.so.1", "libc.so.6", "ld-linux-x86-64.so.2"]);
        assert_eq!(needs.glibc, ["2.2.5", "2.36", "ABI_DT_RELR"]);
        assert_eq!(refused(TOLD), "");
    }

    #[test]
    fn what_debian_lacks_is_named() {
        for (from, to, named) in [
            ("libgcc_s.so.1]", "libssl.so.3]", "libssl.so.3"),
            ("GLIBC_2.36", "GLIBC_2.38", "GLIBC_2.38"),
            ("GLIBC_2.36", "GLIBC_3", "GLIBC_3"),
            ("GLIBC_2.36", "GLIBC_PRIVATE", "GLIBC_PRIVATE"),
        ] {
            let told = refused(&TOLD.replace(from, to));
            assert!(told.ends_with(&format!(": {named}")), "{named}: {told}");
        }
        assert!(refused("").contains("misread"));
    }

    #[test]
    fn this_program_itself_is_read() {
        let Some(needs) = Needs::of(&std::env::current_exe().unwrap()).unwrap() else { return };
        assert!(needs.libraries.iter().any(|name| name.starts_with("libc.so.")), "{needs:?}");
        assert!(!needs.glibc.is_empty());
    }
}
