//! Installing, updating and going back, as dpkg would call the scripts, in a folder that stands for a machine. The tools
//! that change a real machine are played by scripts; so is the program, which notes what it is asked for.

use super::Bench;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs what comes after `-u nhaviec --`.
const RUNUSER: &str = "#!/bin/sh\nshift 3\nexec \"$@\"\n";
const SYSTEMCTL: &str = "#!/bin/sh\necho \"systemctl $*\" >>\"$NOTES\"\n[ \"$1\" != is-active ] || cat \"$STATE\"\n";
/// Changes nothing.
const NOTHING: &str = "#!/bin/sh\n";

/// `FAILS` names one command of one version that does not succeed; `SCHEMA` is what the database has.
const PROGRAM: &str = r#"#!/bin/sh
version=@
[ "$1" = --version ] && { echo "nhaviec $version"; exit; }
[ "$*" = "check --json" ] || echo "$version $1" >>"$NOTES"
[ "$version $1" != "$FAILS" ] || exit 1
case $1 in
    migrate) echo "$version" >"$SCHEMA" ;;
    backup) cp "$SCHEMA" "$2" ;;
    restore) [ ! -e "$SCHEMA" ] && cp "$2" "$SCHEMA" ;;
    check) [ "$(cat "$SCHEMA")" = "$version" ] && echo '{"findings":0}' ;;
esac
"#;

struct Machine {
    bench: Bench,
    scripts: PathBuf,
}

impl Machine {
    /// Nothing is installed yet; systemd runs.
    fn new() -> Self {
        let bench = Bench::new();
        let scripts = bench.tree();
        let machine = Self { bench, scripts };
        for folder in ["root/run/systemd/system", "root/var/lib", "root/usr/bin", "root/usr/lib", "root/etc", "tools"] {
            fs::create_dir_all(machine.at(folder)).unwrap();
        }
        fs::write(machine.at("state"), "inactive\n").unwrap();
        fs::write(machine.at("notes"), "").unwrap();
        for (tool, text) in [
            ("runuser", RUNUSER),
            ("systemctl", SYSTEMCTL),
            ("adduser", NOTHING),
            ("chown", NOTHING),
            ("chgrp", NOTHING),
        ] {
            script(&machine.at("tools").join(tool), text);
        }
        machine
    }

    /// One on which the first version runs and has data.
    fn running() -> Self {
        let machine = Self::new();
        assert!(machine.install("0.1.0", None, "").0);
        fs::create_dir(machine.at("root/var/lib/nhaviec/keys")).unwrap();
        fs::write(machine.at("root/var/lib/nhaviec/keys/directory.key"), "").unwrap();
        fs::write(machine.schema(), "0.1.0\n").unwrap();
        fs::write(machine.at("state"), "active\n").unwrap();
        machine.notes();
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.bench.folder.path().join(path)
    }

    /// Stands for the database; it holds the version whose schema it has.
    fn schema(&self) -> PathBuf {
        self.at("root/var/lib/nhaviec/nhaviec.db")
    }

    /// Runs a script of the package; answers whether it succeeded, and all that it said.
    fn run(&self, script: &str, words: &[&str], fails: &str) -> (bool, String) {
        let path = std::env::var("PATH").unwrap();
        let output = Command::new("sh")
            .arg(self.scripts.join(script))
            .args(words)
            .env("PATH", format!("{}:{path}", self.at("tools").display()))
            // What dpkg sets to the folder that it installs into.
            .env("DPKG_ROOT", self.at("root"))
            .env("NOTES", self.at("notes"))
            .env("STATE", self.at("state"))
            .env("SCHEMA", self.schema())
            .env("FAILS", fails)
            .env_remove("NHAVIEC_UPDATE_ANYWAY")
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }

    /// Installs a version as dpkg does, over `old` where one is there.
    fn install(&self, version: &str, old: Option<&str>, fails: &str) -> (bool, String) {
        let words: Vec<&str> = [if old.is_some() { "upgrade" } else { "install" }].into_iter().chain(old).collect();
        let (before, said) = self.run("DEBIAN/preinst", &words, fails);
        if !before {
            assert!(self.run("DEBIAN/postinst", &["abort-upgrade", version], "").0, "the old version comes back");
            return (false, said);
        }
        for name in ["etc/nhaviec/nhaviec.toml", "usr/lib/nhaviec/go-back"] {
            let to = self.at("root").join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(self.scripts.join(name), to).unwrap();
        }
        script(&self.at("root/usr/bin/nhaviec"), &PROGRAM.replace('@', version));
        let (after, more) = self.run("DEBIAN/postinst", &["configure", old.unwrap_or_default()], fails);
        (after, said + &more)
    }

    fn go_back(&self, words: &[&str]) -> (bool, String) {
        self.run("usr/lib/nhaviec/go-back", words, "")
    }

    /// What was asked of the program and of systemd since the last look, in order; its questions left out.
    fn notes(&self) -> Vec<String> {
        let notes = fs::read_to_string(self.at("notes")).unwrap();
        fs::write(self.at("notes"), "").unwrap();
        let told = notes.lines().map(|line| line.trim_start_matches("systemctl ").trim_end_matches(" nhaviec"));
        told.filter(|line| !["is-active", "daemon-reload"].contains(line)).map(ToOwned::to_owned).collect()
    }

    fn version(&self) -> String {
        let text = fs::read_to_string(self.at("root/usr/bin/nhaviec")).unwrap();
        text.lines().find_map(|line| line.strip_prefix("version=")).unwrap().to_owned()
    }

    /// Of the program, and of the database.
    fn versions(&self) -> (String, String) {
        (self.version(), fs::read_to_string(self.schema()).unwrap())
    }

    fn backups(&self) -> Vec<String> {
        let entries = fs::read_dir(self.at("root/var/lib/nhaviec/backups")).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn kept(&self, name: &str) -> bool {
        self.at("root/usr/lib/nhaviec").join(name).exists()
    }
}

/// Leaves a script that may be run. Its copy is another process's: a file that this one has open for writing cannot be
/// run, and a child that another test is just starting may hold it open.
fn script(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).unwrap();
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Command::new("cp").arg("-p").arg(&draft).arg(path).status().unwrap().success());
    fs::remove_file(draft).unwrap();
}

#[test]
fn a_first_installation_makes_no_database_and_starts_nothing() {
    let machine = Machine::new();
    let (done, said) = machine.install("0.1.0", None, "");
    assert!(done && said.contains("sudo -u nhaviec nhaviec setup"), "{said}");
    assert_eq!(machine.notes(), Vec::<String>::new());
    assert!(super::files(&machine.at("root/var/lib/nhaviec")).is_empty());
    assert_eq!(super::mode(&machine.at("root/var/lib/nhaviec")), 0o700);
    assert_eq!(super::mode(&machine.at("root/etc/nhaviec/nhaviec.toml")), 0o660);
    // An update before anybody has set it up does no more.
    assert!(machine.install("0.2.0", Some("0.1.0"), "").0);
    assert_eq!(machine.notes(), ["stop"]);
}

#[test]
fn an_update_saves_with_the_old_program_and_starts_the_new_one_last() {
    let machine = Machine::running();
    fs::write(machine.at("root/etc/nhaviec/nhaviec.toml"), "").unwrap();
    let (done, said) = machine.install("0.2.0", Some("0.1.0"), "");
    assert!(done, "{said}");
    let told = ["0.1.0 check", "stop", "0.1.0 backup", "0.2.0 migrate", "0.2.0 check", "start"];
    assert_eq!(machine.notes(), told);
    assert_eq!(machine.backups().len(), 1);
    assert!(machine.backups()[0].ends_with("Z-from-0.1.0.tar.zst"), "{:?}", machine.backups());
    assert!(machine.kept("nhaviec.previous") && !machine.kept("update-unfinished"));
    // One that was stopped stays stopped.
    fs::write(machine.at("state"), "inactive\n").unwrap();
    assert!(machine.install("0.3.0", Some("0.2.0"), "").0);
    assert_eq!(machine.notes().last().map(String::as_str), Some("0.3.0 check"));
}

#[test]
fn the_last_five_backups_are_kept_and_no_others_touched() {
    let machine = Machine::running();
    let folder = machine.at("root/var/lib/nhaviec/backups");
    for name in (1..=7).map(|day| format!("update-2000010{day}T000000Z-from-0.0.{day}.tar.zst")) {
        fs::write(folder.join(name), "").unwrap();
    }
    fs::write(folder.join("own.tar.zst"), "").unwrap();
    assert!(machine.install("0.2.0", Some("0.1.0"), "").0);
    let left = machine.backups();
    assert_eq!(left.len(), 6, "{left:?}");
    assert!(left[0] == "own.tar.zst" && left[1].contains("-from-0.0.4.") && left[5].contains("-from-0.1.0."));
}

#[test]
fn an_update_that_cannot_save_leaves_the_old_version_running() {
    let told = ["0.1.0 check", "stop", "0.1.0 backup", "start"];
    for (fails, told) in [("0.1.0 check", &told[..1]), ("0.1.0 backup", &told[..])] {
        let machine = Machine::running();
        let (done, said) = machine.install("0.2.0", Some("0.1.0"), fails);
        assert!(!done && said.contains("CHƯA CẬP NHẬT"), "{said}");
        assert_eq!(machine.notes(), told);
        assert_eq!(machine.version(), "0.1.0");
        assert!(!machine.kept("nhaviec.previous") && !machine.kept("update-unfinished"));
    }
}

#[test]
fn an_update_that_fails_tells_how_to_go_back_and_going_back_works() {
    for fails in ["0.2.0 migrate", "0.2.0 check"] {
        let machine = Machine::running();
        let (done, said) = machine.install("0.2.0", Some("0.1.0"), fails);
        assert!(!done, "{said}");
        let backup = machine.at("root/var/lib/nhaviec/backups").join(&machine.backups()[0]);
        let backup = backup.display().to_string();
        let previous = "/usr/lib/nhaviec/nhaviec.previous";
        let parts = ["CẬP NHẬT CHƯA XONG", previous, "/usr/lib/nhaviec/go-back --restore", backup.as_str()];
        for part in parts {
            assert!(said.contains(part), "«{part}» is not in:\n{said}");
        }
        assert!(!machine.notes().contains(&"start".to_owned()), "nothing runs over what is not whole");
        let (done, said) = machine.go_back(&["--restore"]);
        assert!(done && said.ends_with("Đã quay lại: nhaviec 0.1.0\n"), "{said}");
        assert_eq!(machine.versions(), ("0.1.0".to_owned(), "0.1.0\n".to_owned()));
        assert_eq!(machine.notes().last().map(String::as_str), Some("start"));
        let aside = fs::read_dir(machine.at("root/var/lib/nhaviec")).unwrap();
        let aside = aside.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains(".db.newer-")).count();
        assert_eq!(aside, usize::from(fails == "0.2.0 check"), "a migrated database is put aside, not removed");
        assert!(!machine.kept("update-unfinished"));
    }
}

#[test]
fn going_back_takes_nothing_away_unasked() {
    let machine = Machine::running();
    assert!(!machine.go_back(&[]).0, "there is no version before the first");
    assert!(machine.install("0.2.0", Some("0.1.0"), "").0);
    machine.notes();
    let (done, said) = machine.go_back(&[]);
    assert!(!done && said.contains("go-back --restore"), "{said}");
    assert_eq!((machine.version().as_str(), machine.notes()), ("0.2.0", Vec::new()));
    // Where the schema is still the old one, only the program changes.
    fs::write(machine.schema(), "0.1.0\n").unwrap();
    assert!(machine.go_back(&[]).0);
    assert_eq!((machine.version().as_str(), machine.notes()), ("0.1.0", vec!["stop".to_owned(), "start".to_owned()]));
}

#[test]
fn a_restore_that_fails_puts_the_database_back() {
    let machine = Machine::running();
    assert!(machine.install("0.2.0", Some("0.1.0"), "").0);
    let (done, said) = machine.run("usr/lib/nhaviec/go-back", &["--restore"], "0.1.0 restore");
    assert!(!done && said.contains("đặt lại chỗ cũ"), "{said}");
    assert_eq!(machine.versions(), ("0.2.0".to_owned(), "0.2.0\n".to_owned()));
}

#[test]
fn after_a_failed_update_the_next_one_keeps_what_can_be_gone_back_to() {
    let machine = Machine::running();
    assert!(!machine.install("0.2.0", Some("0.1.0"), "0.2.0 migrate").0);
    let first = machine.backups();
    // The broken program cannot even save; what it would have saved was saved before it came.
    assert!(machine.install("0.2.1", Some("0.2.0"), "0.2.0 backup").0);
    assert_eq!((machine.version().as_str(), machine.backups()), ("0.2.1", first));
    assert_eq!(machine.notes().last().map(String::as_str), Some("start"), "it ran before the first try");
    let (done, said) = machine.go_back(&["--restore"]);
    assert!(done && said.contains("nhaviec 0.1.0"), "{said}");
}

#[test]
fn a_package_that_was_removed_finds_its_data_again() {
    let machine = Machine::running();
    assert!(machine.install("0.2.0", Some("0.1.0"), "").0);
    assert!(machine.run("DEBIAN/prerm", &["remove"], "").0);
    fs::remove_file(machine.at("root/usr/bin/nhaviec")).unwrap();
    let (done, said) = machine.run("DEBIAN/postrm", &["purge"], "");
    assert!(done && said.contains("/var/lib/nhaviec"), "{said}");
    assert!(machine.schema().exists() && !machine.kept("nhaviec.previous"));
    machine.notes();
    assert!(machine.install("0.3.0", None, "").0);
    assert_eq!(machine.notes(), ["0.3.0 backup", "0.3.0 migrate", "0.3.0 check"]);
    assert_eq!(machine.backups().len(), 2);
}
