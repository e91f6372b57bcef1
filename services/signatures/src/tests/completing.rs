//! Timestamp, proof and renewal of a document's signature, with servers that answer, are down, or lie.

use super::{MODULES, ROOT, UNSIGNED, root_hash};
use crate::completing::Completer;
use crate::document::{self, NewDocument, NewSignature, Role, State, Want};
use crate::look::Spot;
use crate::signer::{self, NewSigner, SignerKind};
use crate::{Means, Trusting, trusted};
use files::FileStore;
use signing::verify::{Evidence, TimeSource, verify};
use signing::{Options, Secret, SigningError, SigningKey, SoftKey, Transport, sign_basic};
use std::process::Command;
use std::sync::{Arc, Mutex};
use store::{Actor, Store, params};
use testkit::{TestDatabase, each_engine, fresh_command};
use types::{Id, Result, Timestamp};
use web::{HeldPost, Officer, Who};

const CODE: &str = "ma-mo-khoa-thu";
const PERSON: &[u8] = include_bytes!("material/person.p12");
const AGENCY: &[u8] = include_bytes!("material/agency.p12");
const CRL: &[u8] = include_bytes!("material/root.crl");
const OFFICER: Id = Id(11);

/// A time-stamping authority and a list of revoked certificates, without a network.
#[derive(Default)]
struct Servers {
    /// How often they are down before they answer.
    down: Mutex<u32>,
    /// What is said instead of an answer.
    lie: Mutex<Option<Vec<u8>>>,
}

impl Servers {
    fn is_down(&self) -> std::result::Result<(), SigningError> {
        let mut down = self.down.lock().unwrap();
        if *down == 0 {
            return Ok(());
        }
        *down -= 1;
        Err(SigningError::Unreachable("down".to_owned()))
    }
}

impl Transport for Servers {
    fn post(&self, _: &str, _: &str, body: &[u8]) -> std::result::Result<Vec<u8>, SigningError> {
        self.is_down()?;
        if let Some(lie) = self.lie.lock().unwrap().clone() {
            return Ok(lie);
        }
        let work = tempfile::tempdir().unwrap();
        let file = |name: &str| work.path().join(name);
        std::fs::write(file("query"), body).unwrap();
        for (name, bytes) in [
            ("tsa.pem", include_bytes!("material/tsa.pem").as_slice()),
            ("tsa.key", include_bytes!("material/tsa.key")),
            ("root.pem", ROOT),
        ] {
            std::fs::write(file(name), bytes).unwrap();
        }
        let configuration = "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\nsigner_digest = sha256\ness_cert_id_alg = sha256\n";
        std::fs::write(file("openssl.cnf"), configuration).unwrap();
        let words = [
            "ts",
            "-reply",
            "-config",
            "openssl.cnf",
            "-queryfile",
            "query",
            "-signer",
            "tsa.pem",
            "-inkey",
            "tsa.key",
            "-chain",
            "root.pem",
            "-out",
            "answer",
        ];
        let done = Command::new("openssl").args(words).current_dir(work.path()).output().expect("openssl runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Ok(std::fs::read(file("answer")).unwrap())
    }

    fn get(&self, _: &str) -> std::result::Result<Vec<u8>, SigningError> {
        self.is_down()?;
        Ok(CRL.to_vec())
    }
}

/// Who holds everything here.
fn desk_who() -> Who {
    let permissions = [crate::SIGNATURES_SIGN.name, crate::SIGNATURES_SEAL.name].map(str::to_owned).into();
    let post = HeldPost {
        id: Id(21),
        title: "Chủ tịch".to_owned(),
        unit: Id(3),
        unit_name: "UBND xã Suối Mơ".to_owned(),
        permissions,
        stand_in: false,
    };
    let officer = Officer { id: OFFICER, name: "Lê Văn Mẫu".to_owned(), posts: vec![post], session: None };
    Who { officer: Some(Arc::new(officer)), detour: None }
}

struct Desk {
    completer: Completer,
    servers: Arc<Servers>,
}

/// Rows that a document hangs on, without the modules that make them.
const AROUND: &str = "INSERT INTO unit (id, code, kind, name, short_name, valid_from)
    VALUES (3, 'H99.01', 'commune', 'UBND xã Suối Mơ', 'Suối Mơ', '2020-01-01')";

impl Desk {
    fn on(db: &TestDatabase) -> Self {
        let store = db.migrate(&MODULES).open();
        let servers = Arc::new(Servers::default());
        let means = Means::over(Some("http://tsa.test/"), None, servers.clone());
        let files = FileStore::open(&db.dir).unwrap();
        let desk = Self { completer: Completer { store, files, means, trusting: Trusting::default() }, servers };
        desk.write(|tx| {
            tx.not_audited("a test's world");
            tx.exec(AROUND, params![])?;
            tx.exec(
                "INSERT INTO officer (id, unit_id, name, name_key, folded, phone, email, created_at)
                 VALUES ($1, 3, 'Lê Văn Mẫu', '', '', '', '', 0)",
                params![OFFICER],
            )
        });
        let brought = trusted::bring(ROOT, (&root_hash(), "Công văn mẫu")).unwrap();
        desk.write(move |tx| trusted::add(tx, &brought).map(drop));
        desk
    }

    fn store(&self) -> &Store {
        &self.completer.store
    }

    #[track_caller]
    fn write<T, F>(&self, work: F) -> T
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut store::Tx<'_>) -> Result<T> + Send + 'static,
    {
        let actor = Actor::Officer { id: OFFICER, on_behalf_of: None };
        let command = self.store().command(fresh_command(), "signatures.test", actor);
        self.store().write_blocking(command, work).unwrap_or_else(|e| panic!("{e} {}", e.inward()))
    }

    /// A document that was drafted.
    fn document(&self) -> Id {
        let kept = self.completer.files.keep_bytes("van-ban.pdf", UNSIGNED).unwrap();
        self.write(move |tx| {
            let file = files::enter(tx, &kept)?;
            let record = records::NewRecord {
                kind: "dossier",
                code: &file.to_string(),
                title: "Hồ sơ mẫu",
                unit: Id(3),
                link: "/",
                restricted: false,
            };
            let record = records::record::enter(tx, &record)?;
            let task = records::NewTask {
                record,
                step: "ky",
                title: "Ký",
                unit: Id(3),
                holder: records::Holder::Officer(OFFICER),
                due_at: tx.at(),
            };
            records::task::open(tx, &task)?;
            document::enter(
                tx,
                &NewDocument {
                    record,
                    unit: Id(3),
                    title: "Văn bản mẫu",
                    role: Role::Main,
                    file,
                    spot: Spot::Nowhere,
                    kept: None,
                },
            )
        })
    }

    /// Signs a document as it stands; answers the signature.
    fn sign(&self, id: Id, (kind, file): (SignerKind, &[u8])) -> Id {
        let (code, now) = (Secret::new(CODE.to_owned()), self.store().now());
        let key = SoftKey::from_pkcs12(file, &code).unwrap();
        let document = self.read(id);
        let bytes = self.bytes(&document);
        let options = Options::new(key.certificate().clone(), key.chain().to_vec(), now).unwrap();
        let signed = sign_basic(&bytes, &options, &key).unwrap();
        let signed = self.completer.files.keep_bytes("van-ban.pdf", &signed).unwrap();
        let brought = signer::bring(file, &code, now).unwrap();
        let new = NewSigner {
            kind,
            officer: Some(OFFICER).filter(|_| kind == SignerKind::Person),
            unit: Id(3),
            brought,
            picture: None,
        };
        let signer = self.write(move |tx| signer::enter(tx, &new));
        let signer = self.store().read_blocking(|r| signer::by_id(r, signer)).unwrap().unwrap();
        let new = NewSignature {
            document,
            signer,
            file: signed,
            stamped_at: None,
            wants: Some(Want::Timestamp),
            numbered: None,
            seen: None,
            who: desk_who(),
        };
        self.write(move |tx| document::add(tx, &new)).signature
    }

    fn read(&self, id: Id) -> document::Document {
        self.store().read_blocking(|r| document::by_id(r, id)).unwrap().unwrap()
    }

    fn bytes(&self, document: &document::Document) -> Vec<u8> {
        let file = self.store().read_blocking(|r| files::by_id(r, document.file)).unwrap().unwrap();
        std::fs::read(self.completer.files.path(&file.hash)).unwrap()
    }

    fn signature(&self, document: Id, signature: Id) -> document::Signature {
        let all = self.store().read_blocking(|r| document::of_document(r, document)).unwrap();
        all.into_iter().find(|one| one.id == signature).unwrap()
    }

    fn wants(&self, signature: Id) -> Option<(String, Timestamp)> {
        let sql = "SELECT wants, next_at FROM signature_wait WHERE signature_id = $1";
        self.store().read_blocking(|r| r.opt(sql, params![signature])).unwrap()
    }
}

#[test]
fn each_signature_gets_its_timestamp_and_the_last_one_the_proof_of_all() {
    each_engine(|db| {
        let desk = Desk::on(&db);
        let id = desk.document();
        let person = desk.sign(id, (SignerKind::Person, PERSON));
        assert!(desk.signature(id, person).waits);
        desk.completer.complete(person).unwrap();
        let signed = desk.signature(id, person);
        assert!(signed.stamped_at.is_some() && !signed.waits && desk.wants(person).is_none());
        let agency = desk.sign(id, (SignerKind::Agency, AGENCY));
        desk.completer.complete(agency).unwrap();
        assert_eq!(desk.wants(agency).unwrap().0, "evidence");
        desk.completer.complete(agency).unwrap();
        let (wants, from) = desk.wants(agency).unwrap();
        // The authority's certificate ends in 2049.
        assert_eq!((wants.as_str(), from.day().0.year()), ("renewal", 2049));
        desk.completer.complete(agency).unwrap();
        let document = desk.read(id);
        assert_eq!(document.state, State::Sealed);
        let trust = desk.store().read_blocking(trusted::list).unwrap();
        let report = verify(&desk.bytes(&document), &trust, desk.store().now(), &Evidence::default());
        assert_eq!(report.verdict, signing::verify::Verdict::Valid, "{report:#?}");
        let stamped =
            report.signatures.iter().filter(|one| one.time.is_some_and(|t| t.source == TimeSource::Timestamp));
        assert!(stamped.count() >= 2, "{report:#?}");
    });
}

#[test]
fn servers_that_are_down_are_asked_again_with_growing_pauses() {
    each_engine(|db| {
        let desk = Desk::on(&db);
        let id = desk.document();
        let person = desk.sign(id, (SignerKind::Person, PERSON));
        *desk.servers.down.lock().unwrap() = 2;
        let mut pauses = Vec::new();
        for tries in 1..=2 {
            desk.completer.complete(person).unwrap();
            let signed = desk.signature(id, person);
            assert!(signed.waits && signed.tries == tries && signed.told.unwrap().contains("Không liên lạc được"));
            pauses.push(desk.wants(person).unwrap().1.0 - desk.store().now().0);
        }
        assert!(pauses[0] > 20_000_000 && pauses[1] > pauses[0] + 20_000_000, "{pauses:?}");
        desk.completer.complete(person).unwrap();
        assert!(desk.signature(id, person).stamped_at.is_some());
    });
}

#[test]
fn a_lie_is_no_timestamp_and_whoever_goes_on_without_is_not_overtaken() {
    each_engine(|db| {
        let desk = Desk::on(&db);
        let id = desk.document();
        let person = desk.sign(id, (SignerKind::Person, PERSON));
        *desk.servers.lie.lock().unwrap() = Some(b"<html>".to_vec());
        desk.completer.complete(person).unwrap();
        let before = desk.read(id);
        assert!(desk.signature(id, person).told.unwrap().contains("không hợp lệ"));
        desk.write(move |tx| document::waive(tx, id, true));
        *desk.servers.lie.lock().unwrap() = None;
        desk.completer.complete(person).unwrap();
        let signed = desk.signature(id, person);
        assert!(signed.stamped_at.is_none() && signed.waived_at.is_some());
        assert_eq!(desk.read(id).file, before.file, "the file stays");
    });
}

#[test]
fn whoever_waits_for_a_server_that_was_taken_away_may_go_on() {
    each_engine(|db| {
        let desk = Desk::on(&db);
        let id = desk.document();
        let person = desk.sign(id, (SignerKind::Person, PERSON));
        let waive = |has_server: bool| {
            let actor = Actor::Officer { id: OFFICER, on_behalf_of: None };
            let command = desk.store().command(fresh_command(), "signatures.test", actor);
            desk.store().write_blocking(command, move |tx| document::waive(tx, id, has_server))
        };
        assert!(matches!(waive(true), Err(types::Error::Conflict(_))), "it was not even asked for yet");
        waive(false).unwrap();
        let signed = desk.signature(id, person);
        assert!(!signed.waits && signed.waived_at.is_some() && signed.waived_by == Some(OFFICER));
    });
}

#[test]
fn what_ends_and_what_is_asked_for_in_vain_is_known_to_whoever_keeps_the_machine() {
    each_engine(|db| {
        let desk = Desk::on(&db);
        let care = |at: Timestamp| desk.store().read_blocking(move |r| crate::care(r, at)).unwrap();
        let now = desk.store().now();
        assert_eq!(care(now), crate::Care::default());
        let id = desk.document();
        let person = desk.sign(id, (SignerKind::Person, PERSON));
        *desk.servers.down.lock().unwrap() = 3;
        for unstamped in [0, 0, 1] {
            desk.completer.complete(person).unwrap();
            assert_eq!(care(now).unstamped, unstamped);
        }
        assert!(care(now).told.unwrap().contains("Không liên lạc được"));
        let signer = desk.signature(id, person).signer;
        let ends = desk.store().read_blocking(|r| signer::by_id(r, signer)).unwrap().unwrap().valid_to;
        let days = |days: i64| ends.plus_seconds(days * 24 * 3600);
        assert_eq!(
            (care(days(-61)).ending.len(), care(days(-59)).ending.len(), care(days(-59)).expired.len()),
            (0, 1, 0)
        );
        assert_eq!((care(days(0)).ending.len(), care(days(0)).expired), (0, vec!["Lê Văn Mẫu".to_owned()]));
        desk.completer.complete(person).unwrap();
        assert_eq!((care(now).unstamped, care(now).told), (0, None), "it came");
    });
}

#[test]
fn the_register_goes_on_where_its_page_ended() {
    each_engine(|db| {
        let desk = Desk::on(&db);
        let id = desk.document();
        let person = desk.sign(id, (SignerKind::Person, PERSON));
        desk.completer.complete(person).unwrap();
        desk.sign(id, (SignerKind::Agency, AGENCY));
        let page = |before: Option<Id>, most: usize| {
            let read = desk.store().read_blocking(move |r| signer::register(r, &[Id(3), Id(4)], (before, most)));
            let (all, has_more) = read.unwrap();
            (all.iter().map(|signer| signer.id).collect::<Vec<_>>(), has_more)
        };
        let (both, more) = page(None, 2);
        assert!(both.len() == 2 && both[0] > both[1] && !more, "{both:?}");
        assert_eq!(page(None, 1), (vec![both[0]], true));
        assert_eq!(page(Some(both[0]), 1), (vec![both[1]], false));
        assert_eq!(page(Some(both[1]), 1), (vec![], false));
    });
}
