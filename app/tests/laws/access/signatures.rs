//! Requests about signatures: anybody checks a file; the list of trust is the highest unit's.

use super::case::Outsider::{Forbidden, Shared};
use super::case::{Asked, Case, Sent, ask, get};
use crate::world::{Rank, World};
use testkit::Part;
use types::Id;

const CHECK: &str = "/kiem-tra-chu-ky";
const TOP: &str = "/quan-tri/chung-thu-tin-cay";
const ROOT: &[u8] = include_bytes!("../../../../services/signatures/src/tests/material/root.pem");
const SIGNED: &[u8] = include_bytes!("../../../../services/signatures/src/tests/material/signed.pdf");

pub fn cases() -> Vec<Case> {
    vec![
        ask("GET", CHECK, Rank::Idle, |world| Asked::anyone(world, Sent::get(CHECK))),
        ask("POST", CHECK, Rank::Idle, |world| {
            let file = Part::file("file", "ket-qua.pdf", "application/pdf", SIGNED);
            Asked::anyone(world, Sent::Files(CHECK.into(), vec![file]))
        })
        .unaudited("a file is looked at and forgotten; nothing changes"),
        get(TOP, Rank::ProvinceKeeper, |_| TOP.into())
            .neighbour(Shared("whom this house trusts is the same for all its units")),
        get("/quan-tri/chung-thu-tin-cay/them", Rank::ProvinceKeeper, |_| format!("{TOP}/them")).neighbour(Forbidden),
        ask("POST", "/quan-tri/chung-thu-tin-cay/them", Rank::ProvinceKeeper, adding).neighbour(Forbidden),
        get("/quan-tri/chung-thu-tin-cay/{id}/bo", Rank::ProvinceKeeper, |world| format!("{TOP}/{}/bo", listed(world)))
            .neighbour(Forbidden),
        ask("POST", "/quan-tri/chung-thu-tin-cay/{id}/bo", Rank::ProvinceKeeper, |world| {
            let page = format!("{TOP}/{}/bo", listed(world));
            Asked::browser(
                world.person(Rank::ProvinceKeeper),
                Sent::Form(world.form_of(Rank::ProvinceKeeper, &page, &page)),
            )
        })
        .neighbour(Forbidden),
    ]
}

/// The form that brings the root of the tests, which stands on no list yet.
fn adding(world: &World) -> Asked {
    world.write(|tx| {
        tx.not_audited("a test begins anew");
        tx.exec("UPDATE trust_certificate SET removed_at = 0 WHERE removed_at IS NULL", store::params![])
    });
    let form = world.form_of(Rank::ProvinceKeeper, &format!("{TOP}/them"), &format!("{TOP}/them"));
    let hash = signing::trust::read_certificates(ROOT)[0].sha256();
    let form = form.set("sha256", &hash).set("source", "Công văn mẫu");
    let form = form.attach(Part::file("file", "root.pem", "application/x-x509-ca-cert", ROOT));
    Asked::browser(world.person(Rank::ProvinceKeeper), Sent::Form(form))
}

/// The certificate of the list, put there when it is not.
pub fn listed(world: &World) -> Id {
    let sql = "SELECT id FROM trust_certificate WHERE removed_at IS NULL";
    let find = || world.read(|reader| reader.opt::<(Id,)>(sql, store::params![])).map(|(id,)| id);
    find().unwrap_or_else(|| {
        let asked = adding(world);
        asked.sent.by(&asked.client).assert_status(303);
        find().expect("it was added")
    })
}
