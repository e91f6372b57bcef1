//! What people ask, as addresses of pages and of the interface.

use super::RARE;
use crate::dossier;
use crate::procedure::form::APPLICANT_IDENTITY;
use crate::tests::world::{STATUS, World};
use store::params;
use types::Id;

/// A dossier in the middle of the commune's and a task in the middle of a full desk, with what they are known by.
pub struct Known {
    id: Id,
    pub code: String,
    identity_number: String,
    phone: String,
    track_token: String,
    /// The last on the first page of the commune's list.
    fiftieth: Id,
    /// One of the commune's that has ended, in the middle of those.
    pub ended: Id,
    /// Where "my work" goes on behind that task.
    task: String,
}

impl Known {
    pub fn of(world: &World) -> Self {
        type Found = (Id, String, String, String);
        let (commune, post) = (world.commune, world.stranger.post);
        let (id, code, phone, track_token): Found = world
            .store
            .read_blocking(|r| {
                r.one(
                    "SELECT id, code, phone, track_token FROM dossier WHERE unit_id = $1 ORDER BY id
                     LIMIT 1 OFFSET (SELECT count(*) / 2 FROM dossier WHERE unit_id = $1)",
                    params![commune],
                )
            })
            .unwrap();
        let form = world.store.read_blocking(|r| dossier::form(r, &world.keys, id)).unwrap();
        let identity_number = form[APPLICANT_IDENTITY].clone();
        let (fiftieth,): (Id,) = world
            .store
            .read_blocking(|r| {
                r.one("SELECT id FROM dossier WHERE unit_id = $1 ORDER BY id DESC LIMIT 1 OFFSET 49", params![commune])
            })
            .unwrap();
        let (ended,): (Id,) = world
            .store
            .read_blocking(|r| {
                r.one(
                    "SELECT id FROM dossier WHERE unit_id = $1 AND ended_at IS NOT NULL ORDER BY id
                     LIMIT 1 OFFSET (SELECT count(*) / 2 FROM dossier WHERE unit_id = $1 AND ended_at IS NOT NULL)",
                    params![commune],
                )
            })
            .unwrap();
        let (due, task): (i64, Id) = world
            .store
            .read_blocking(|r| {
                r.one(
                    "SELECT due_at, id FROM task WHERE post_id = $1 AND done_at IS NULL AND pace = 0 ORDER BY due_at, id
                     LIMIT 1 OFFSET (SELECT count(*) / 2 FROM task WHERE post_id = $1 AND done_at IS NULL AND pace = 0)",
                    params![post],
                )
            })
            .unwrap();
        Self { id, code, identity_number, phone, track_token, fiftieth, ended, task: format!("0.{due}.{task}") }
    }

    /// The last digits that open it.
    pub fn tail(&self) -> &str {
        &self.identity_number[self.identity_number.len() - 4..]
    }

    /// An address without what is known of this one dossier, so that it reads alike for another.
    pub fn plain(&self, path: &str) -> String {
        let [id, fiftieth, ended] = [self.id, self.fiftieth, self.ended].map(|id| id.to_string());
        let numbers = [&self.identity_number, &self.phone, &self.track_token, &self.task, &id, &fiftieth, &ended];
        let own = [self.code.as_str(), self.number()].into_iter().chain(numbers.map(String::as_str));
        own.fold(path.to_owned(), |path, own| path.replace(own, "…"))
    }

    /// What the receipt prints as its number.
    fn number(&self) -> &str {
        self.code.split_once('-').map_or("", |(_, number)| number)
    }
}

/// Who asks for which address.
pub fn questions(world: &World, known: &Known) -> Vec<(&'static str, String)> {
    let Known { id, code, identity_number, phone, track_token, fiftieth, task, .. } = known;
    let (rare, number) = (RARE.0, known.number());
    let mut questions =
        vec![("counter", format!("/ho-so/{code}/luot-xem")), ("counter", format!("/ho-so/{code}/luot-xem?ca-nguoi=1"))];
    // The counter sees one unit, the province all of them.
    for who in ["counter", "province"] {
        let mut list = |query: String| questions.push((who, format!("/ho-so?{query}")));
        list(String::new());
        list(format!("sau={fiftieth}-0"));
        list(format!("sau={id}-0"));
        // What most have, and what none has.
        list("trang-thai=10".to_owned());
        list(format!("trang-thai=10&sau={id}-0"));
        list("trang-thai=3".to_owned());
        list(format!("thu-tuc={STATUS}"));
        list(format!("thu-tuc={rare}"));
        list(format!("thu-tuc={rare}&trang-thai=10"));
        list("tu=2026-11-01".to_owned());
        list(format!("tu=2025-01-01&sau={id}-0"));
        list("den=2026-10-31".to_owned());
        list("tu=2026-10-26&den=2026-11-01".to_owned());
        list("tu=2025-01-01&den=2026-11-18&trang-thai=10".to_owned());
        list(format!("q={code}"));
        list("q=H99.01-2611".to_owned());
        list(format!("q={number}%2FTNHS"));
        list(format!("q={identity_number}"));
        list(format!("q={phone}"));
        // "Y Moan Êban", "Nguyễn", and that without accents.
        list("q=Y+Moan+%C3%8Aban".to_owned());
        list("q=Nguy%E1%BB%85n".to_owned());
        list("q=nguyen".to_owned());
        list(format!("q=nguyen&sau={id}-1"));
        list(format!("q=nguyen&thu-tuc={STATUS}"));
        questions.push((who, format!("/ho-so/{code}")));
        questions.push((who, format!("/api/v1/dossiers?status=delivered&procedure={STATUS}&unit=H99.01")));
    }
    let mut program = |query: String| questions.push(("counter", format!("/api/v1/dossiers{query}")));
    program(String::new());
    program(format!("?after=e{id}"));
    program(format!("?procedure={rare}&from=2025-01-01&to=2026-11-30"));
    program("?from=2026-10-26&to=2026-11-01&limit=200".to_owned());
    program(format!("?q={identity_number}"));
    program("?q=Nguy%E1%BB%85n".to_owned());
    program(format!("/{code}"));
    questions.push(("province", format!("/ho-so?don-vi={}", world.commune)));
    questions.push(("counter", "/tiep-nhan".to_owned()));
    for who in ["specialist", "stranger"] {
        questions.push((who, "/viec-cua-toi".to_owned()));
    }
    questions.push(("stranger", format!("/viec-cua-toi?sau={task}")));
    questions.push(("nobody", format!("/theo-doi/{track_token}")));
    questions
}
