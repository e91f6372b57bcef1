//! What `make run` does in each state of its place; the program that fills is played by functions.

use super::place::{Database, Next, Place, names_database};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const ACCOUNTS: &str = "motcua1.demo\n";

fn place(folder: &TempDir) -> Place {
    Place::at(folder.path().join("data"), Database::InFolder)
}

/// Fills as a filling that comes to its end.
fn whole(folder: &Path) -> Result<Vec<u8>> {
    fs::create_dir(folder.join("keys"))?;
    fs::write(folder.join("nhaviec.db"), "whole")?;
    Ok(ACCOUNTS.as_bytes().to_vec())
}

/// Fills as a filling that is stopped on its way.
fn interrupted(folder: &Path) -> Result<Vec<u8>> {
    fs::write(folder.join("nhaviec.db"), "half")?;
    fs::write(folder.join("nhaviec.db-wal"), "half")?;
    bail!("interrupted")
}

fn never(folder: &Path) -> Result<Vec<u8>> {
    panic!("{} is filled", folder.display())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn database(place: &Place) -> String {
    fs::read_to_string(place.data().join("nhaviec.db")).unwrap()
}

#[test]
fn a_vacant_place_is_filled_and_served_from_then_on() {
    for empty_folder in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let place = place(&folder);
        if empty_folder {
            fs::create_dir(place.data()).unwrap();
        }
        assert_eq!(place.what_next().unwrap(), Next::Fill);
        place.make_ready(whole).unwrap();
        assert_eq!((place.accounts().unwrap().as_str(), database(&place).as_str()), (ACCOUNTS, "whole"));
        assert_eq!(names(folder.path()), ["data"]);
        assert_eq!(names(place.data()), ["demo-accounts.txt", "keys", "nhaviec.db"]);
        assert_eq!(place.what_next().unwrap(), Next::Serve);
        place.make_ready(never).unwrap();
    }
}

#[test]
fn what_an_interrupted_filling_left_is_removed_and_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(&folder);
    for _ in 0..2 {
        assert_eq!(place.make_ready(interrupted).unwrap_err().to_string(), "interrupted");
        assert!(!place.data().exists(), "half a demo never stands in the data folder");
        assert_eq!(place.what_next().unwrap(), Next::FillAgain);
    }
    place.make_ready(whole).unwrap();
    assert_eq!(names(folder.path()), ["data"]);
    assert_eq!(names(place.data()), ["demo-accounts.txt", "keys", "nhaviec.db"], "nothing of the half is left");
    assert_eq!(place.what_next().unwrap(), Next::Serve);
}

#[test]
fn a_database_of_somebody_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(&folder);
    for half_a_demo_beside in [false, true] {
        if half_a_demo_beside {
            fs::remove_dir_all(place.data()).unwrap();
            assert!(place.make_ready(interrupted).is_err());
        }
        fs::create_dir(place.data()).unwrap();
        fs::write(place.data().join("nhaviec.db"), "real").unwrap();
        let before = names(folder.path());
        let refused = place.make_ready(never).unwrap_err().to_string();
        let shown = place.data().display().to_string();
        for part in ["đã có dữ liệu", "NHAVIEC_DATA", shown.as_str()] {
            assert!(refused.contains(part), "«{part}» is not said: {refused}");
        }
        assert_eq!((database(&place).as_str(), names(place.data())), ("real", vec!["nhaviec.db".to_owned()]));
        assert_eq!(names(folder.path()), before);
    }
}

#[test]
fn what_appears_while_the_demo_is_filled_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let place = place(&folder);
    let refused = place.make_ready(|unfinished| {
        fs::create_dir(place.data())?;
        fs::write(place.data().join("nhaviec.db"), "real")?;
        whole(unfinished)
    });
    assert!(refused.is_err());
    assert_eq!(database(&place), "real");
    assert!(place.what_next().is_err(), "nor is it taken for a demo afterwards");
}

#[test]
fn a_database_that_the_settings_name_is_filled_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::at(folder.path().to_owned(), Database::Elsewhere);
    fs::write(folder.path().join("other"), "").unwrap();
    let told = format!("{:#}", place.make_ready(|_| bail!("nhaviec demo ended")).unwrap_err());
    assert!(told.contains("NHAVIEC_DATABASE") && told.ends_with("nhaviec demo ended"), "{told}");
    assert_eq!(names(folder.path()), ["other"]);
    place.make_ready(|_| Ok(ACCOUNTS.as_bytes().to_vec())).unwrap();
    assert_eq!(names(folder.path()), ["demo-accounts.txt", "other"]);
    assert_eq!(place.what_next().unwrap(), Next::Serve);
    assert_eq!(place.database_in(folder.path()), None);
}

/// A place with its database in a file elsewhere, and that file.
fn place_with_file(folder: &TempDir) -> (Place, PathBuf) {
    let file = folder.path().join("other.db");
    (Place::at(folder.path().join("data"), Database::File(file.clone())), file)
}

/// Where the program is told to put the database.
fn told(place: &Place) -> PathBuf {
    let words = place.database_in(place.data()).unwrap().into_string().unwrap();
    words.strip_prefix("sqlite:").unwrap().into()
}

#[test]
fn a_file_elsewhere_is_filled_beside_and_again_after_an_interruption() {
    let folder = tempfile::tempdir().unwrap();
    let (place, file) = place_with_file(&folder);
    assert_eq!(place.what_next().unwrap(), Next::Fill);
    for _ in 0..2 {
        let stopped = place.make_ready(|data| {
            fs::create_dir_all(data)?;
            fs::write(told(&place), "half")?;
            fs::write(folder.path().join("other.db.demo-unfinished-wal"), "half")?;
            bail!("interrupted")
        });
        assert_eq!(stopped.unwrap_err().to_string(), "interrupted");
        assert!(!file.exists(), "half a demo never stands at its place");
        assert_eq!(place.what_next().unwrap(), Next::FillAgain);
    }
    let filled = place.make_ready(|_| {
        assert_eq!(names(folder.path()), ["data"], "nothing of the half is left");
        fs::write(told(&place), "whole")?;
        Ok(ACCOUNTS.as_bytes().to_vec())
    });
    filled.unwrap();
    assert_eq!(names(folder.path()), ["data", "other.db"]);
    assert_eq!((fs::read_to_string(&file).unwrap().as_str(), place.accounts().unwrap().as_str()), ("whole", ACCOUNTS));
    assert_eq!(place.what_next().unwrap(), Next::Serve);
    assert_eq!(place.database_in(place.data()), None, "the settings say it");
    place.make_ready(never).unwrap();
}

#[test]
fn a_file_elsewhere_that_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (place, file) = place_with_file(&folder);
    let refused = place.make_ready(|_| {
        fs::write(told(&place), "whole")?;
        fs::write(&file, "real")?;
        Ok(ACCOUNTS.as_bytes().to_vec())
    });
    assert!(refused.is_err(), "it appeared meanwhile");
    assert_eq!(fs::read_to_string(&file).unwrap(), "real");
    // There from the beginning, it is the program that refuses it, or fills it when it is empty.
    assert_eq!((place.what_next().unwrap(), place.database_in(place.data())), (Next::Fill, None));
    let refused = format!("{:#}", place.make_ready(|_| bail!("nhaviec demo ended")).unwrap_err());
    assert!(refused.contains("NHAVIEC_DATABASE"), "{refused}");
}

#[test]
fn a_database_that_was_not_closed_does_not_take_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (place, file) = place_with_file(&folder);
    let refused = place.make_ready(|_| {
        fs::write(told(&place), "whole")?;
        fs::write(folder.path().join("other.db.demo-unfinished-wal"), "rest")?;
        Ok(ACCOUNTS.as_bytes().to_vec())
    });
    assert!(refused.is_err() && !file.exists());
    assert_eq!(place.what_next().unwrap(), Next::FillAgain);
}

#[test]
fn a_file_elsewhere_is_not_served_with_the_accounts_of_another_demo() {
    let folder = tempfile::tempdir().unwrap();
    let (other, (place, file)) = (place(&folder), place_with_file(&folder));
    other.make_ready(whole).unwrap();
    let refused = place.make_ready(never).unwrap_err().to_string();
    let shown = file.display().to_string();
    for part in ["không thấy cơ sở dữ liệu", "NHAVIEC_DATA", shown.as_str()] {
        assert!(refused.contains(part), "«{part}» is not said: {refused}");
    }
    assert_eq!(other.what_next().unwrap(), Next::Serve);
}

#[test]
fn a_file_elsewhere_is_not_filled_under_the_log_of_another_database() {
    let folder = tempfile::tempdir().unwrap();
    let (place, _) = place_with_file(&folder);
    for end in ["-wal", "-journal"] {
        let log = folder.path().join(format!("other.db{end}"));
        fs::write(&log, "the only copy").unwrap();
        let refused = place.make_ready(never).unwrap_err().to_string();
        assert!(refused.contains(&log.display().to_string()), "{refused}");
        assert_eq!(names(folder.path()), [format!("other.db{end}")], "left alone");
        fs::remove_file(&log).unwrap();
    }
    assert_eq!(place.what_next().unwrap(), Next::Fill);
}

#[test]
fn a_file_elsewhere_is_not_filled_beside_the_files_of_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let (place, _) = place_with_file(&folder);
    fs::create_dir_all(place.data()).unwrap();
    fs::write(place.data().join("audit-heads.log"), "real").unwrap();
    let refused = place.make_ready(never).unwrap_err().to_string();
    assert!(refused.contains("NHAVIEC_DATA"), "{refused}");
    assert_eq!(names(folder.path()), ["data"]);
}

#[test]
fn an_address_of_a_plain_file_is_told_from_others() {
    for (address, file) in [("sqlite:a.db", "a.db"), ("sqlite:/b/a b.db", "/b/a b.db")] {
        assert_eq!(Database::named(address), Database::File(file.into()));
    }
    for address in ["sqlite:", "sqlite:file:a.db?mode=rwc", "sqlite::memory:", "sqlite:/", "postgres://a/b", "a.db"] {
        assert_eq!(Database::named(address), Database::Elsewhere, "{address}");
    }
}

#[test]
fn a_file_of_settings_that_names_a_database_is_noticed() {
    for text in ["database = \"sqlite:a.db\"", "listen = \"127.0.0.1:1\"\n  \"database\"= 'postgres://a/b'\n"] {
        assert!(names_database(text), "{text}");
    }
    for text in ["", "# database = \"sqlite:a.db\"", "data = \"database\"", "public_url = \"http://a/?database=1\""] {
        assert!(!names_database(text), "{text}");
    }
}
