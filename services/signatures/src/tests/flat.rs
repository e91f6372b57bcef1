//! Flat cost: the lists of what waits, the registers and the jobs do the same work at a few hundred signed documents,
//! certificates and requests and at many more. Told by the engines' own counts, never by a clock.

use super::MODULES;
use crate::care::care;
use crate::document::{self, LISTED_MAX};
use crate::permissions::{SIGNATURES_SEAL, SIGNATURES_SIGN};
use crate::request::{self, State};
use crate::signer::{self, SignerKind};
use crate::{completing, errand, remote_job};
use std::sync::Arc;
use store::{Engine, Meter, Options, Reader, Store, params};
use testkit::{TestDatabase, clock, options_at};
use types::{Day, Error, Id, Result, Timestamp};
use web::{HeldPost, Officer, Who};

/// A few, and many.
const FEW: (u32, u32) = (0, 400);
const MANY: (u32, u32) = (400, 16_000);
/// Work may grow by so much, and by so many steps, since indexes grow a storey.
const TIMES: u64 = 3;
const STEPS: u64 = 60;
/// After so many runs everything is in memory that ever will be, and PostgreSQL has settled on a plan.
const WARM: usize = 6;
/// The question without an index that must be found out.
const CONTROL: &str = "control: by title";

const COMMUNE: Id = Id(3);
const UNITS: [Id; 3] = [COMMUNE, Id(4), Id(5)];
const OFFICER: Id = Id(11);
const POST: Id = Id(7);
/// The document that is asked for, and its signature.
const ONE: Id = Id(200_000_010);

/// Units, people and a post.
const WORLD: &str = "
INSERT INTO unit (id, code, kind, name, short_name, valid_from) VALUES
    (3, 'H99.01', 'commune', 'Xã Suối Mơ', 'Suối Mơ', '2020-01-01'), (4, NULL, 'department', 'Phòng Một', 'Một', '2020-01-01'),
    (5, NULL, 'department', 'Phòng Hai', 'Hai', '2020-01-01'), (6, 'H99.02', 'commune', 'Xã Khác', 'Khác', '2020-01-01');
INSERT INTO officer (id, unit_id, name, name_key, folded, phone, email, created_at) VALUES
    (11, 3, 'Lê Văn Mẫu', '', '', '', '', 0), (12, 3, 'Trần Thị Mẫu', '', '', '', '', 0);
INSERT INTO post (id, unit_id, kind, title, fields, valid_from) VALUES (7, 3, 'clerk', 'Văn thư', '[]', '2020-01-01');
INSERT INTO file (id, hash, size, media_type, name, created_at) VALUES (1, 'ab', 1, 'application/pdf', 'a.pdf', 0);
";

/// What piles up: of each, one more for each `i`, three of four in another commune. Of fifty documents one waits in this person's hands while there are few of
/// them; all the others are done, and were another's. Nothing of this year carries a number.
const GROWN: &str = "
INSERT INTO record (id, kind, code, title, unit_id, link, confidentiality, created_at)
    SELECT 100000000 + i, 'dossier', 'M-' || i, 'Hồ sơ', 3 + i % 3, '/ho-so/M', 'normal', 0 FROM n;
INSERT INTO task (id, record_id, step, title, unit_id, post_id, opened_at, due_at, pace, done_at)
    SELECT 100000000 + i, 100000000 + i, 'seal', 'Đóng dấu', 3, 7, 0, 1000 + i, 0,
        CASE WHEN i % 50 = 10 AND i < 400 THEN NULL ELSE 5 END FROM n;
INSERT INTO signer (id, kind, officer_id, unit_id, name, issuer, sha256, valid_from, valid_to, pem, key_place, added_at, added_by,
        ended_at)
    SELECT 150000000 + i, CASE WHEN i < 4 THEN 'agency' ELSE 'person' END, CASE WHEN i < 4 THEN NULL ELSE 12 END, CASE WHEN i % 4 = 3 THEN 3 + i % 3 ELSE 6 END, 'Mẫu',
        'CA mẫu', 'a' || i, 0, 9000000000000000, '', 'desk', 0, 12, CASE WHEN i % 3 = 1 THEN 7 ELSE NULL END FROM n;
INSERT INTO signing_document (id, record_id, unit_id, title, role, first_file_id, file_id, spot, state, number, numbered_on,
        added_at, added_by, revision)
    SELECT 200000000 + i, 100000000 + i, 3, 'Văn bản ' || i, 'main', 1, 1, 'last-page',
        CASE WHEN i % 50 = 10 THEN 1 ELSE 2 END, CASE WHEN i % 50 = 10 THEN NULL ELSE i || '/GXN' END, '2025-06-01', 0, 12, 3 FROM n;
INSERT INTO document_signature (id, document_id, signer_id, kind, officer_id, at, pictured)
    SELECT 300000000 + i, 200000000 + i, 150000000, 'person', 12, 0, FALSE FROM n;
INSERT INTO signature_wait (signature_id, wants, next_at, tries)
    SELECT 300000000 + i, 'renewal', 8000000000000000 + i, 0 FROM n;
INSERT INTO certificate_request (id, ask, kind, officer_id, unit_id, signer_id, name, post, workplace, email, phone, identity, reason,
        state, asked_at, asked_by, revision)
    SELECT 400000000 + i, 'renew', CASE WHEN i % 9 = 1 THEN 'agency' ELSE 'person' END, 12, CASE WHEN i % 4 = 3 THEN 3 + i % 3 ELSE 6 END,
        150000000 + i, 'Mẫu', '', '', '',
        '', '', '', 3, i, CASE WHEN i % 9 = 0 THEN 11 ELSE 12 END, 4 FROM n;
INSERT INTO signing_errand (id, document_id, signer_id, officer_id, file_id, revision, number, numbered_on, errand, until, signature_id)
    SELECT 500000000 + i, 200000000 + i, 150000000, 12, 1, 1, i || '/GXN', '2025-06-01', '', 8000000000000000 + i, 300000000 + i FROM n;
";

/// The rows from one number up to another.
fn grow(db: &TestDatabase, (from, to): (u32, u32)) {
    let rows = format!(
        "CREATE TABLE n (i BIGINT PRIMARY KEY);
         INSERT INTO n WITH RECURSIVE c(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM c WHERE i + 1 < {to}) SELECT i FROM c;"
    );
    db.script(&format!("BEGIN; {rows} {GROWN} DROP TABLE n; COMMIT;"));
    db.script(match db.engine() {
        Engine::Sqlite => "PRAGMA optimize",
        Engine::Postgres => "VACUUM ANALYZE",
    });
}

/// A clerk who may sign and seal in the commune.
fn clerk() -> Who {
    let permissions = [SIGNATURES_SEAL.name, SIGNATURES_SIGN.name].map(ToOwned::to_owned).into();
    let (title, unit_name) = ("Văn thư".to_owned(), "Xã Suối Mơ".to_owned());
    let post = HeldPost { id: POST, title, unit: COMMUNE, unit_name, permissions, stand_in: false };
    let officer = Officer { id: OFFICER, name: "Lê Văn Mẫu".to_owned(), session: None, posts: vec![post] };
    Who { officer: Some(Arc::new(officer)), detour: None }
}

type Question = Box<dyn Fn(&mut Reader<'_>) -> Result<usize>>;

/// What is asked, by what it is.
fn questions(now: Timestamp) -> Vec<(&'static str, Question)> {
    let who = clerk();
    let waiting = |who: Who, kind| move |r: &mut Reader<'_>| Ok(document::waiting(r, &who, kind)?.len());
    let one = move |r: &mut Reader<'_>| document::by_id(r, ONE)?.ok_or_else(|| Error::not_found("văn bản"));
    let numbered = |number: &str| (number.to_owned(), Day("2026-11-20".parse().expect("a day")));
    vec![
        ("to sign", Box::new(waiting(who.clone(), SignerKind::Person))),
        ("to seal", Box::new(waiting(who.clone(), SignerKind::Agency))),
        ("where it goes on", Box::new(move |r| Ok(document::ways_on(r, &who, &[ONE])?.len()))),
        ("attachments", Box::new(|r| Ok(document::open_attachments(r, &[ONE])?.len()))),
        ("numbers that come next", Box::new(move |r| Ok(document::next(r, COMMUNE, now.day())?.len()))),
        (
            "a number given twice",
            Box::new(move |r| {
                let document = one(r)?;
                document::refuse_twice(r, &document, ("9/GXN", now.day())).map(|()| 1)
            }),
        ),
        (
            "a number that is out",
            Box::new(move |r| document::refuse_number_out(r, (ONE, COMMUNE), (&numbered("9/GXN"), now)).map(|()| 1)),
        ),
        (
            "documents of a record",
            Box::new(move |r| {
                let record = one(r)?.record;
                Ok(document::of_record(r, record)?.len() + usize::from(document::has_file(r, record, Id(1))?))
            }),
        ),
        ("signatures of a document", Box::new(|r| Ok(document::of_document(r, ONE)?.len()))),
        ("own certificates", Box::new(|r| Ok(signer::of_person(r, OFFICER)?.len()))),
        ("seals", Box::new(|r| Ok(signer::seals(r, &UNITS)?.len()))),
        ("register of certificates", Box::new(|r| Ok(signer::register(r, &UNITS, (None, 50))?.0.len()))),
        ("its second page", Box::new(|r| Ok(signer::register(r, &UNITS, (Some(Id(150_000_300)), 50))?.0.len()))),
        ("own requests", Box::new(|r| Ok(request::own(r, (OFFICER, &UNITS), (None, 50))?.0.len()))),
        ("requests that are done", Box::new(|r| Ok(request::register(r, (&UNITS, State::Done), (None, 50))?.0.len()))),
        ("requests that are new", Box::new(|r| Ok(request::register(r, (&UNITS, State::Asked), (None, 50))?.0.len()))),
        ("requests to be sent", Box::new(|r| Ok(request::confirmed(r, &UNITS, 50)?.0.len()))),
        ("renewals of a certificate", Box::new(|r| Ok(request::last_of(r, &[Id(150_000_010)])?.len()))),
        ("what needs care", Box::new(move |r| Ok(care(r, now)?.ending.len()))),
        ("signatures that are due", Box::new(move |r| Ok(completing::due(r, now)?.len()))),
        (
            "errands and requests that ended",
            Box::new(move |r| Ok(usize::from(errand::has_ended(r, now)? || remote_job::has_ended(r, now)?))),
        ),
        ("phones to be asked", Box::new(move |r| Ok(remote_job::due(r, now, LISTED_MAX)?.len()))),
        (
            CONTROL,
            Box::new(|r| {
                let found: Option<(Id,)> =
                    r.opt("SELECT id FROM signing_document WHERE title = $1 LIMIT 1", params!["không có"])?;
                Ok(found.map_or(0, |_| 1))
            }),
        ),
    ]
}

/// The work of each question, asked until it costs no less.
fn measured(store: &Store, meter: &Meter) -> Vec<(&'static str, u64)> {
    let work = |(what, ask): (&'static str, Question)| {
        let once = || {
            store.read_blocking(|r| ask(r)).unwrap_or_else(|e| panic!("{what}: {e}"));
        };
        (0..WARM).for_each(|_| once());
        let before = meter.steps();
        once();
        (what, meter.steps() - before)
    };
    questions(store.now()).into_iter().map(work).collect()
}

fn flat(db: &TestDatabase) {
    let meter = Meter::default();
    let (clock, told) = (clock("2026-11-20T08:00"), Some(meter.clone()));
    let store = db.migrate(&MODULES).open_with(Options { meter: told, readers: 1, writers: 1, ..options_at(&clock) });
    db.script(WORLD);
    grow(db, FEW);
    let few = measured(&store, &meter);
    let seen = |kind| store.read_blocking(|r| document::waiting(r, &clerk(), kind)).unwrap().len();
    assert_eq!((seen(SignerKind::Person), seen(SignerKind::Agency)), (0, 8), "what waits is there, and nothing else");
    grow(db, MANY);
    let many = measured(&store, &meter);
    let grown = few.iter().zip(&many).filter(|((_, work), (_, more))| *more > TIMES * work + STEPS);
    let grown: Vec<String> = grown.map(|((what, work), (_, more))| format!("{what}: {work} → {more}")).collect();
    let (control, grown): (Vec<String>, Vec<String>) = grown.into_iter().partition(|line| line.starts_with(CONTROL));
    assert_eq!(control.len(), 1, "a question without an index was not found out");
    assert!(grown.is_empty(), "work that grows with what was signed:\n{}", grown.join("\n"));
}

#[test]
fn work_does_not_grow_with_what_was_signed_on_sqlite() {
    flat(&TestDatabase::sqlite());
}

#[test]
fn work_does_not_grow_with_what_was_signed_on_postgresql() {
    flat(&TestDatabase::postgres());
}
