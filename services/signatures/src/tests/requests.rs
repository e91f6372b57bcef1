//! Requests about certificates: asked once, decided step by step, answered by the certificate that comes of them.

use super::MODULES;
use crate::care::care;
use crate::request::{self, Ask, KeyWish, NewRequest, Request, Sending, State};
use crate::signer::{self, NewSigner, SignerKind};
use directory::Keys;
use signing::Secret;
use std::sync::Arc;
use store::{Actor, Command, Store, params};
use testkit::{TestDatabase, clock, each_engine, fresh_command, options_at};
use types::time::SetClock;
use types::{Error, Id, Result, Timestamp};

const CODE: &str = "ma-mo-khoa-thu";
const PERSON: &[u8] = include_bytes!("material/person.p12");
const AGENCY: &[u8] = include_bytes!("material/agency.p12");
const OFFICER: Id = Id(11);
const KEEPER: Id = Id(12);
const COMMUNE: Id = Id(3);

struct Office {
    store: Store,
    clock: Arc<SetClock>,
    keys: Keys,
}

impl Office {
    fn on(db: &TestDatabase) -> Self {
        let clock = clock("2026-11-20T08:00");
        let store = db.migrate(&MODULES).open_with(options_at(&clock));
        let office = Self { store, clock, keys: Keys::open(&db.dir).unwrap() };
        office
            .write(OFFICER, |tx| {
                tx.not_audited("a test's world");
                tx.exec(
                    "INSERT INTO unit (id, code, kind, name, short_name, valid_from)
                 VALUES (3, 'H99.01', 'commune', 'Xã Suối Mơ', 'Suối Mơ', '2020-01-01')",
                    params![],
                )?;
                for id in [OFFICER, KEEPER] {
                    tx.exec(
                        "INSERT INTO officer (id, unit_id, name, name_key, folded, phone, email, created_at)
                     VALUES ($1, 3, 'Lê Văn Mẫu', '', '', '', '', 0)",
                        params![id],
                    )?;
                }
                Ok(())
            })
            .unwrap();
        office
    }

    fn command(&self, officer: Id) -> Command {
        self.store.command(fresh_command(), "signatures.test", Actor::Officer { id: officer, on_behalf_of: None })
    }

    fn write<T, F>(&self, officer: Id, work: F) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut store::Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.store.write_blocking(self.command(officer), work)
    }

    fn ask(&self, new: &NewRequest) -> Result<Id> {
        let new = new.clone().checked()?;
        let keys = self.keys.clone();
        self.write(OFFICER, move |tx| request::enter(tx, &keys, &new))
    }

    fn read(&self, id: Id) -> Request {
        self.store.read_blocking(|r| request::by_id(r, id)).unwrap().unwrap()
    }

    /// The request as it stands, confirmed and sent.
    fn send(&self, id: Id) {
        self.write(KEEPER, move |tx| request::confirm(tx, (id, 1))).unwrap();
        let sending = Sending { requests: vec![(id, 2)], number: "125/UBND-VP".to_owned(), day: self.now().day() };
        self.write(KEEPER, move |tx| request::send(tx, &sending)).unwrap();
    }

    fn enter(&self, kind: SignerKind) -> Id {
        let file = if kind == SignerKind::Person { PERSON } else { AGENCY };
        let brought = signer::bring(file, &Secret::new(CODE.to_owned()), self.now()).unwrap();
        let officer = Some(OFFICER).filter(|_| kind == SignerKind::Person);
        let new = NewSigner { kind, officer, unit: COMMUNE, brought, picture: None };
        self.write(OFFICER, move |tx| signer::enter(tx, &new)).unwrap()
    }

    /// Moves the end of a certificate of the register.
    fn ends(&self, signer: Id, at: Timestamp) {
        let work = move |tx: &mut store::Tx<'_>| {
            tx.not_audited("a test's certificate");
            tx.exec("UPDATE signer SET valid_to = $1, sha256 = 'another' WHERE id = $2", params![at, signer])
        };
        self.write(OFFICER, work).unwrap();
    }

    fn now(&self) -> Timestamp {
        self.store.now()
    }
}

fn new(ask: Ask, signer: Option<Id>) -> NewRequest {
    NewRequest {
        ask,
        kind: SignerKind::Person,
        officer: Some(OFFICER),
        unit: COMMUNE,
        signer,
        name: "  Lê  Văn Mẫu ".to_owned(),
        post: "Chủ tịch".to_owned(),
        workplace: "Xã Suối Mơ".to_owned(),
        email: "mau@suoimo.vidu.gov.vn".to_owned(),
        phone: "0905 123 456".to_owned(),
        identity: "0000 0000 0012".to_owned(),
        key_wish: Some(KeyWish::Token),
        reason: if ask.needs_reason() { "Lộ khóa." } else { "" }.to_owned(),
    }
}

#[track_caller]
fn conflict<T: std::fmt::Debug>(answer: Result<T>, words: &str) {
    assert!(matches!(&answer, Err(Error::Conflict(s)) if s.contains(words)), "{answer:?}");
}

#[test]
fn a_form_says_everything_that_is_wrong_with_it() {
    let fields = |new: NewRequest| match new.checked() {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|field| field.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let empty = NewRequest {
        name: " ".to_owned(),
        post: String::new(),
        workplace: "x".repeat(201),
        email: "mau@".to_owned(),
        phone: "12".to_owned(),
        identity: "12".to_owned(),
        key_wish: None,
        ..new(Ask::New, None)
    };
    assert_eq!(fields(empty), ["name", "post", "workplace", "email", "phone", "identity", "key_wish"]);
    assert_eq!(fields(NewRequest { reason: " ".to_owned(), ..new(Ask::Revoke, Some(Id(1))) }), ["reason"]);
    let fine = new(Ask::New, None).checked().unwrap();
    assert_eq!((fine.name.as_str(), fine.identity.as_str()), ("Lê Văn Mẫu", "000000000012"));
}

#[test]
fn a_request_is_asked_confirmed_sent_and_answered_by_the_certificate() {
    each_engine(|db| {
        let office = Office::on(&db);
        let id = office.ask(&new(Ask::New, None)).unwrap();
        conflict(office.ask(&new(Ask::New, None)), "Đã có đề nghị như vậy từ ngày 20/11/2026");
        let kept = office.read(id);
        assert!(!kept.sealed_identity.contains("000000000012"), "{}", kept.sealed_identity);
        assert_eq!(kept.identity(&office.keys).unwrap().as_deref(), Some("000000000012"));
        let sending = |revision: i64| Sending {
            requests: vec![(id, revision)],
            number: "125/UBND-VP".to_owned(),
            day: office.now().day(),
        };
        let early = sending(1);
        conflict(office.write(KEEPER, move |tx| request::send(tx, &early)), "vừa thay đổi");
        office.write(KEEPER, move |tx| request::confirm(tx, (id, 1))).unwrap();
        conflict(office.write(KEEPER, move |tx| request::confirm(tx, (id, 1))), "vừa thay đổi");
        // What nobody sent yet is not answered by a certificate that comes from elsewhere.
        let elsewhere = office.enter(SignerKind::Agency);
        assert_eq!(office.read(id).state, State::Confirmed);
        let old = sending(1);
        conflict(office.write(KEEPER, move |tx| request::send(tx, &old)), "vừa thay đổi");
        let now = sending(2);
        office.write(KEEPER, move |tx| request::send(tx, &now)).unwrap();
        let sent = office.read(id);
        assert_eq!((sent.state, sent.sent.unwrap().0.as_str()), (State::Sent, "125/UBND-VP"));
        conflict(office.write(OFFICER, move |tx| request::take_back(tx, (id, 3))), "vừa thay đổi");
        let signer = office.enter(SignerKind::Person);
        let done = office.read(id);
        assert_eq!((done.state, done.became, done.sealed_identity.as_str()), (State::Done, Some(signer), ""));
        assert_ne!(signer, elsewhere);
        let steps = office.store.read_blocking(|r| request::steps_of(r, id)).unwrap();
        let steps: Vec<(State, Id)> = steps.iter().map(|step| (step.state, step.officer)).collect();
        assert_eq!(steps, [(State::Confirmed, KEEPER), (State::Sent, KEEPER), (State::Done, OFFICER)]);
        office.ask(&new(Ask::New, None)).expect("the next one may be asked for");
        let audited: (i64,) = office
            .store
            .read_blocking(|r| {
                let sql = "SELECT count(*) FROM audit WHERE entity = 'certificate_request' AND entity_id = $1";
                r.one(sql, params![id])
            })
            .unwrap();
        assert_eq!(audited.0, 4, "each step is told");
    });
}

#[test]
fn a_longer_life_is_asked_once_and_the_machine_is_not_worried_meanwhile() {
    each_engine(|db| {
        let office = Office::on(&db);
        let old = office.enter(SignerKind::Person);
        office.ends(old, office.now().plus_seconds(30 * 86_400));
        let told = || {
            let care = office.store.read_blocking(|r| care(r, office.now())).unwrap();
            (care.ending.len(), care.expired.len(), care.renewing.len())
        };
        assert_eq!(told(), (1, 0, 0));
        let id = office.ask(&new(Ask::Renew, Some(old))).unwrap();
        assert_eq!(told(), (1, 0, 0), "what nobody sent helps nobody");
        let last = office.store.read_blocking(|r| request::last_of(r, &[old])).unwrap();
        assert_eq!(last.iter().map(|(signer, r)| (*signer, r.id)).collect::<Vec<_>>(), [(old, id)]);
        office.send(id);
        assert_eq!(told(), (0, 0, 1));
        office.clock.set(office.now().plus_seconds(40 * 86_400));
        assert_eq!(told(), (0, 0, 1), "also after its end");
        office.enter(SignerKind::Person);
        assert_eq!(office.read(id).state, State::Done);
        assert_eq!(told(), (0, 0, 0), "the new one is there");
    });
}

#[test]
fn a_certificate_that_was_here_before_answers_nothing() {
    each_engine(|db| {
        let office = Office::on(&db);
        let old = office.enter(SignerKind::Person);
        let until = office.store.read_blocking(|r| signer::by_id(r, old)).unwrap().unwrap().valid_to;
        let id = office.ask(&new(Ask::Renew, Some(old))).unwrap();
        office.send(id);
        let end = move |office: &Office, id: Id| {
            let signer = office.store.read_blocking(|r| signer::by_id(r, id)).unwrap().unwrap();
            office.write(OFFICER, move |tx| signer::end(tx, &signer)).unwrap();
        };
        end(&office, old);
        let again = office.enter(SignerKind::Person);
        assert_eq!(office.read(id).state, State::Sent, "the same file once more");
        end(&office, again);
        office.ends(again, until);
        office.ends(old, until);
        office.enter(SignerKind::Person);
        assert_eq!(office.read(id).state, State::Sent, "it ends no later than the old one");
        conflict(office.ask(&new(Ask::Unlock, Some(old))), "vừa được ngừng dùng");
        office.ask(&new(Ask::Revoke, Some(old))).expect("its authority may still revoke it");
    });
}

#[test]
fn an_end_is_closed_by_hand_and_what_is_refused_says_why() {
    each_engine(|db| {
        let office = Office::on(&db);
        let signer = office.enter(SignerKind::Person);
        let revoked = office.ask(&new(Ask::Revoke, Some(signer))).unwrap();
        let close =
            |revision| office.write(KEEPER, move |tx| request::close(tx, (revoked, revision), "Theo thông báo số 15."));
        conflict(close(1), "vừa thay đổi");
        office.send(revoked);
        close(3).unwrap();
        assert_eq!(office.read(revoked).state, State::Done);
        let refused = office.ask(&new(Ask::Unlock, Some(signer))).unwrap();
        office.write(KEEPER, move |tx| request::refuse(tx, (refused, 1), "Sai chức vụ.")).unwrap();
        let steps = office.store.read_blocking(|r| request::steps_of(r, refused)).unwrap();
        assert_eq!((steps[0].state, steps[0].note.as_str()), (State::Refused, "Sai chức vụ."));
        let back = office.ask(&new(Ask::Unlock, Some(signer))).unwrap();
        office.write(OFFICER, move |tx| request::take_back(tx, (back, 1))).unwrap();
        conflict(office.write(KEEPER, move |tx| request::confirm(tx, (back, 2))), "vừa thay đổi");
    });
}

#[test]
fn lists_have_pages_and_one_bad_request_sends_none() {
    each_engine(|db| {
        let office = Office::on(&db);
        let signer = office.enter(SignerKind::Person);
        let mut all: Vec<Id> = vec![office.ask(&new(Ask::New, None)).unwrap()];
        for ask in [Ask::Renew, Ask::Change, Ask::Unlock] {
            all.push(office.ask(&new(ask, Some(signer))).unwrap());
        }
        let agency = NewRequest { kind: SignerKind::Agency, officer: None, ..new(Ask::New, None) };
        all.push(office.ask(&agency).unwrap());
        let ids = |(page, more): (Vec<Request>, bool)| (page.iter().map(|r| r.id).collect::<Vec<_>>(), more);
        let newest: Vec<Id> = all.iter().rev().copied().collect();
        let store = &office.store;
        let register = |before, most| {
            ids(store.read_blocking(|r| request::register(r, (&[COMMUNE], State::Asked), (before, most))).unwrap())
        };
        assert_eq!(register(None, 3), (newest[..3].to_vec(), true));
        assert_eq!(register(Some(newest[2]), 3), (newest[3..].to_vec(), false));
        let own = |who, agencies: &[Id]| {
            ids(store.read_blocking(|r| request::own(r, (who, agencies), (None, 10))).unwrap()).0
        };
        assert_eq!(own(OFFICER, &[COMMUNE]), newest, "each once");
        assert_eq!(own(KEEPER, &[COMMUNE]), [all[4]], "whoever seals sees the agency's");
        assert_eq!(own(KEEPER, &[]), Vec::<Id>::new());
        let (first, second) = (all[0], all[1]);
        office.write(KEEPER, move |tx| request::confirm(tx, (first, 1))).unwrap();
        let sending = Sending {
            requests: vec![(first, 2), (second, 1)],
            number: "1/UBND-VP".to_owned(),
            day: office.now().day(),
        };
        conflict(office.write(KEEPER, move |tx| request::send(tx, &sending)), "vừa thay đổi");
        assert_eq!((office.read(first).state, office.read(first).sent), (State::Confirmed, None));
        let waiting = store.read_blocking(|r| request::confirmed(r, &[COMMUNE], 10)).unwrap();
        assert_eq!(ids(waiting), (vec![first], false));
    });
}
