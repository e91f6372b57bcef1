//! Who is trusted: what is taken, what is refused, and what every node sees.

use super::{LEAF, MODULES, ROOT, root_hash};
use crate::Trusting;
use crate::trusted::{self, Brought};
use store::{Actor, Command, Store};
use testkit::{TestDatabase, each_engine, fresh_command};
use types::{Error, Result};

const SOURCE: &str = "Công văn mẫu số 1";

fn open(db: &TestDatabase) -> Store {
    db.migrate(&MODULES).open()
}

fn command(store: &Store) -> Command {
    store.command(fresh_command(), "signatures.trust", Actor::System)
}

fn brought() -> Vec<Brought> {
    trusted::bring(ROOT, (&root_hash(), SOURCE)).unwrap()
}

fn add(store: &Store) -> Result<u64> {
    let brought = brought();
    store.write_blocking(command(store), move |tx| trusted::add(tx, &brought))
}

fn fields(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(fields) => fields.into_iter().map(|field| field.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_certificate_is_taken_by_its_hash_and_used_on_every_node() {
    each_engine(|db| {
        let store = open(&db);
        let trusting = Trusting::default();
        let anchors = |trusting: &Trusting| store.read_blocking(|r| Ok(trusting.list(r)?.anchors.len())).unwrap();
        assert_eq!(anchors(&trusting), 0);
        assert_eq!(add(&store).unwrap(), 1);
        assert_eq!(anchors(&trusting), 1);
        assert_eq!(anchors(&Trusting::default()), 1, "another node");
        let listed = store.read_blocking(trusted::all).unwrap();
        assert_eq!(
            (listed[0].entry.sha256.clone(), listed[0].entry.name.as_str()),
            (root_hash(), "Root CA thử của phần mềm")
        );
        assert!(matches!(add(&store), Err(Error::Conflict(_))), "twice");
        let id = listed[0].id;
        store.write_blocking(command(&store), move |tx| trusted::remove(tx, id)).unwrap();
        assert_eq!(anchors(&trusting), 0);
        let again = store.write_blocking(command(&store), move |tx| trusted::remove(tx, id));
        assert!(matches!(again, Err(Error::NotFound(_))));
        assert_eq!(add(&store).unwrap(), 1, "it may come back");
    });
}

#[test]
fn a_file_alone_proves_nothing() {
    let refused = |file: &[u8], hash: &str, source: &str| fields(trusted::bring(file, (hash, source)).unwrap_err());
    assert_eq!(refused(ROOT, "", SOURCE), ["sha256"], "not known to the program");
    assert_eq!(refused(ROOT, "00", SOURCE), ["sha256"], "no hash");
    assert_eq!(refused(ROOT, &"0".repeat(64), SOURCE), ["sha256"], "another's hash");
    assert_eq!(refused(ROOT, &root_hash(), " "), ["source"]);
    assert_eq!(refused(b"%PDF-1.7", "", ""), ["file"]);
    let leaf = signing::trust::read_certificates(LEAF)[0].sha256();
    assert_eq!(refused(LEAF, &leaf, SOURCE), ["file"], "an officer's certificate is no authority");
}

#[test]
fn hashes_are_read_as_people_copy_them_and_bundles_as_authorities_hand_them_out() {
    let hash = root_hash().to_uppercase();
    let colons: Vec<&str> = (0..32).map(|place| &hash[2 * place..2 * place + 2]).collect();
    assert_eq!(trusted::bring(ROOT, (&format!(" {} ", colons.join(":")), SOURCE)).unwrap().len(), 1);
    let both = [LEAF, b"\r\n", ROOT].concat();
    let taken = trusted::bring(&both, (&root_hash(), SOURCE)).unwrap();
    assert_eq!(taken.len(), 1, "what nobody named is left out");
    let twice = [ROOT, ROOT].concat();
    assert_eq!(trusted::bring(&twice, (&root_hash(), SOURCE)).unwrap().len(), 1, "one certificate twice");
    let der = signing::trust::read_certificates(ROOT)[0].der().to_vec();
    assert_eq!(trusted::bring(&der, (&root_hash(), SOURCE)).unwrap().len(), 1);
}

#[test]
fn a_stored_certificate_that_was_changed_is_found() {
    each_engine(|db| {
        let store = open(&db);
        add(&store).unwrap();
        let check = || store.read_blocking(trusted::check_all).unwrap();
        assert_eq!(check(), Vec::<String>::new());
        db.script("UPDATE trust_certificate SET sha256 = 'ab' || substr(sha256, 3)");
        assert_eq!(check().len(), 1);
        assert!(store.read_blocking(trusted::list).is_err(), "nothing rests on it");
    });
}
