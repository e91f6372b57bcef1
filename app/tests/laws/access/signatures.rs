//! Requests about signatures: anybody checks a file; the list of trust is the highest unit's.

use super::case::Outsider::{Forbidden, NotOffered, NotThere, SeesNothing, Shared};
use super::case::{Asked, Case, Sent, ask, get};
use crate::world::provider::waiting_at_phone;
use crate::world::signing::CODE;
use crate::world::tool::AtTool;
use crate::world::{Rank, World};
use testkit::Part;
use types::Id;

const CHECK: &str = "/kiem-tra-chu-ky";
const TOP: &str = "/quan-tri/chung-thu-tin-cay";
const ROOT: &[u8] = include_bytes!("../../../../services/signatures/src/tests/material/root.pem");
const SIGNED: &[u8] = include_bytes!("../../../../services/signatures/src/tests/material/signed.pdf");

pub fn cases() -> Vec<Case> {
    [signing(), at_desk(), at_phone(), signers(), trust()].into_iter().flatten().collect()
}

/// What waits to be signed and sealed, and a document's own page.
fn signing() -> Vec<Case> {
    let page = |world: &World| format!("/van-ban-ky/{}", world.to_be_signed().1);
    vec![
        get("/ky-so", Rank::Leader, |world| {
            world.to_be_signed();
            "/ky-so".into()
        })
        .hides(|_, _| "Bản sao chứng thực".into()),
        ask("POST", "/ky-so", Rank::Leader, |world| {
            world.signer_of(Rank::Leader);
            let document = world.to_be_signed().1;
            let form =
                world.form_of(Rank::Leader, "/ky-so", "/ky-so").set("code", CODE).tick("chon", &document.to_string());
            Asked::browser(world.person(Rank::Leader), Sent::Form(form))
        })
        .neighbour(NotOffered),
        get("/dong-dau", Rank::Clerk, |world| {
            world.to_be_sealed();
            "/dong-dau".into()
        })
        .hides(|_, _| "Bản sao chứng thực".into()),
        ask("POST", "/dong-dau", Rank::Clerk, |world| {
            world.signer_of(Rank::Clerk);
            let document = world.to_be_sealed().1;
            let form = world.form_of(Rank::Clerk, "/dong-dau", "/dong-dau").set("code", CODE);
            Asked::browser(world.person(Rank::Clerk), Sent::Form(form.tick("chon", &document.to_string())))
        })
        .neighbour(NotOffered),
        get("/van-ban-ky/{id}", Rank::Leader, page).outsiders(NotThere),
        get("/van-ban-ky/{id}/xem-truoc", Rank::Leader, move |world| format!("{}/xem-truoc", page(world)))
            .outsiders(NotThere),
        get("/van-ban-ky/{id}/tep", Rank::Leader, move |world| format!("{}/tep", page(world))).outsiders(NotThere),
        get("/van-ban-ky/{id}/vi-tri", Rank::Leader, move |world| format!("{}/vi-tri", page(world)))
            .outsiders(NotThere),
        get("/van-ban-ky/{id}/trang/{page}", Rank::Leader, move |world| format!("{}/trang/1", page(world)))
            .outsiders(NotThere),
        ask("POST", "/van-ban-ky/{id}/vi-tri", Rank::Leader, move |world| {
            let page = format!("{}/vi-tri", page(world));
            let form = world.form_of(Rank::Leader, &page, &page).press("near.x", "160").press("near.y", "200");
            Asked::browser(world.person(Rank::Leader), Sent::Form(form))
        })
        .outsiders(NotThere),
        ask("POST", "/van-ban-ky/{id}/bo-dau-thoi-gian", Rank::Clerk, |world| {
            let document = world.to_be_sealed().1;
            unstamped(world, document);
            let page = format!("/van-ban-ky/{document}");
            let form = world.form_of(Rank::Clerk, &page, &format!("{page}/bo-dau-thoi-gian"));
            Asked::browser(world.person(Rank::Clerk), Sent::Form(form))
        })
        .outsiders(NotThere),
        ask("POST", "/van-ban-ky/{id}/rut", Rank::Leader, move |world| {
            let page = page(world);
            let form = world.form_of(Rank::Leader, &page, &format!("{page}/rut")).set("reason", "Sai tên.");
            Asked::browser(world.person(Rank::Leader), Sent::Form(form))
        })
        .outsiders(NotThere),
    ]
}

/// A document that is out to be signed at the leader's desk.
fn out(world: &World) -> AtTool {
    listed(world);
    world.signer_at_desk(Rank::Leader);
    world.sent_out(Rank::Leader, "/ky-so", &[world.to_be_signed().1]).remove(0)
}

/// What the tool at somebody's desk asks with its passes, and what its person is told.
fn at_desk() -> Vec<Case> {
    let told = |world: &World, rank: Rank, page: &str| {
        let errand = world.read(|reader| reader.one::<(Id,)>("SELECT max(id) FROM signing_errand", store::params![])).0;
        Asked::browser(world.person(rank), Sent::get(format!("{page}/tren-may?chon={errand}")))
    };
    let title = |_: &World, _: &Asked| "Bản sao chứng thực".to_owned();
    vec![
        ask("GET", "/ky-so/tren-may", Rank::Leader, move |world| {
            out(world);
            told(world, Rank::Leader, "/ky-so")
        })
        .hides(title),
        ask("GET", "/dong-dau/tren-may", Rank::Clerk, move |world| {
            listed(world);
            let document = world.to_be_sealed().1;
            world.signer_at_desk(Rank::Clerk);
            world.sent_out(Rank::Clerk, "/dong-dau", &[document]);
            told(world, Rank::Clerk, "/dong-dau")
        })
        .hides(title),
        ask("GET", "/cong-cu-ky/{id}/{pass}/{name}", Rank::Leader, |world| {
            Asked::anyone(world, Sent::get(out(world).fetch))
        }),
        ask("POST", "/cong-cu-ky/{id}/{pass}", Rank::Leader, |world| {
            let out = out(world);
            let part = Part::file("uploadfile", "a.pdf", "application/pdf", &out.signed(Rank::Leader));
            // Nobody is signed in; the audit names whoever sent it out.
            let officer = Some(world.person(Rank::Leader).officer);
            Asked { officer, ..Asked::anyone(world, Sent::Files(out.hand_in, vec![part])) }
        }),
    ]
}

/// Requests that wait for somebody's phone.
fn at_phone() -> Vec<Case> {
    let person =
        |world: &World| format!("/ky-so/tu-xa/{}", waiting_at_phone(world, Rank::Leader, world.to_be_signed().1));
    let agency =
        |world: &World| format!("/dong-dau/tu-xa/{}", waiting_at_phone(world, Rank::Clerk, world.to_be_sealed().1));
    let give_up = |world: &World, rank: Rank, page: &str| {
        Asked::browser(world.person(rank), Sent::Form(world.form_of(rank, page, &format!("{page}/huy"))))
    };
    vec![
        get("/ky-so/tu-xa/{id}", Rank::Leader, person).neighbour(NotThere),
        ask("POST", "/ky-so/tu-xa/{id}/huy", Rank::Leader, move |world| give_up(world, Rank::Leader, &person(world)))
            .neighbour(NotThere),
        get("/dong-dau/tu-xa/{id}", Rank::Clerk, agency).neighbour(NotThere),
        ask("POST", "/dong-dau/tu-xa/{id}/huy", Rank::Clerk, move |world| give_up(world, Rank::Clerk, &agency(world)))
            .neighbour(NotThere),
    ]
}

/// Says that the document's signature waits for a timestamp which was asked for in vain.
pub fn unstamped(world: &World, document: Id) {
    world.write(move |tx| {
        tx.not_audited("a test makes a signature wait");
        tx.exec(
            "INSERT INTO signature_wait (signature_id, wants, next_at, tries, told)
             SELECT id, 'timestamp', 0, 1, 'Máy chủ không trả lời.' FROM document_signature WHERE document_id = $1",
            store::params![document],
        )
    });
}

/// Certificates with which people and agencies sign.
fn signers() -> Vec<Case> {
    let ending = |world: &World| format!("/chung-thu-ky/{}/ngung", world.signer_of(Rank::Leader));
    vec![
        get("/chung-thu-ky", Rank::Leader, |world| {
            world.signer_of(Rank::Leader);
            "/chung-thu-ky".into()
        })
        .hides(|_, _| "Lê Văn Mẫu".into())
        .bystander(SeesNothing),
        get("/chung-thu-ky/them", Rank::Leader, |_| "/chung-thu-ky/them".into())
            .hides(|world, _| format!("value=\"{}\"", world.person(Rank::Leader).officer)),
        ask("POST", "/chung-thu-ky/them", Rank::Leader, |world| {
            world.no_signers("person");
            Asked::browser(world.person(Rank::Leader), Sent::Form(world.new_signer(Rank::Leader)))
        })
        .neighbour(NotOffered),
        get("/chung-thu-ky/{id}/ngung", Rank::Leader, ending).outsiders(NotThere),
        ask("POST", "/chung-thu-ky/{id}/ngung", Rank::Leader, move |world| {
            let page = ending(world);
            Asked::browser(world.person(Rank::Leader), Sent::Form(world.form_of(Rank::Leader, &page, &page)))
        })
        .outsiders(NotThere),
        get("/quan-tri/chung-thu-ky", Rank::Keeper, |world| {
            world.signer_of(Rank::Leader);
            "/quan-tri/chung-thu-ky".into()
        })
        .hides(|_, _| "Lê Văn Mẫu".into()),
    ]
}

/// Anybody checks a file; the list of trust is the highest unit's.
fn trust() -> Vec<Case> {
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
    bringing(world, ROOT)
}

/// Trusts this root, and nobody else.
pub fn lists(world: &World, root: &[u8]) {
    let asked = bringing(world, root);
    asked.sent.by(&asked.client).assert_status(303);
}

/// The form that brings a root to an empty list.
fn bringing(world: &World, root: &[u8]) -> Asked {
    world.write(|tx| {
        tx.not_audited("a test begins anew");
        tx.exec("UPDATE trust_certificate SET removed_at = 0 WHERE removed_at IS NULL", store::params![])
    });
    let form = world.form_of(Rank::ProvinceKeeper, &format!("{TOP}/them"), &format!("{TOP}/them"));
    let hash = signing::trust::read_certificates(root)[0].sha256();
    let form = form.set("sha256", &hash).set("source", "Công văn mẫu");
    let form = form.attach(Part::file("file", "root.pem", "application/x-x509-ca-cert", root));
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
