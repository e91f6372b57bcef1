//! What `make run` does in each state of its place; the program that fills is played by functions.

use super::place::{Database, Next, Place, names_database};
use anyhow::{Result, bail};
use std::fs;
use std::path::Path;
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

#[test]
fn a_file_of_settings_that_names_a_database_is_noticed() {
    for text in ["database = \"sqlite:a.db\"", "listen = \"127.0.0.1:1\"\n  \"database\"= 'postgres://a/b'\n"] {
        assert!(names_database(text), "{text}");
    }
    for text in ["", "# database = \"sqlite:a.db\"", "data = \"database\"", "public_url = \"http://a/?database=1\""] {
        assert!(!names_database(text), "{text}");
    }
}
