//! Documents on their way to be signed, and the certificates that sign them. Nobody of this material exists.

use super::{Rank, World};
use serde_json::json;
use store::params;
use testkit::Part;
use types::Id;

/// What unlocks the key files.
pub const CODE: &str = "ma-mo-khoa-thu";
/// A PDF that nobody has signed.
pub const UNSIGNED: &[u8] = include_bytes!("../../../services/signatures/src/tests/material/unsigned.pdf");
/// Key files of a person and of an agency.
pub const PERSON: &[u8] = include_bytes!("../../../services/signatures/src/tests/material/person.p12");
pub const AGENCY: &[u8] = include_bytes!("../../../services/signatures/src/tests/material/agency.p12");

impl World {
    /// A dossier with a document that was submitted, with the specialist.
    pub fn submitted(&self) -> (String, Id) {
        self.submitted_with("there")
    }

    /// The same; `places` says whether number and date are kept free (`keep`) or stand in it (`there`).
    pub fn submitted_with(&self, places: &str) -> (String, Id) {
        let code = self.taken();
        self.submit_into(&code, places);
        (code.clone(), self.document_of(&code))
    }

    /// Submits a document of a dossier that the specialist has.
    pub fn submit_into(&self, code: &str, places: &str) {
        let part = Part::file("trinh-ky.file", "Bản sao.pdf", "application/pdf", UNSIGNED);
        let form = self.act(Rank::Specialist, code, "trinh-ky").set("trinh-ky.title", "Bản sao chứng thực");
        let form = form.set("trinh-ky.places", places).attach(part);
        self.person(Rank::Specialist).browser.clone().submit(&form).assert_status(303);
    }

    /// The same, with the leader.
    pub fn to_be_signed(&self) -> (String, Id) {
        let (code, document) = self.submitted();
        self.pass(Rank::Specialist, &code, Rank::Leader);
        (code, document)
    }

    /// The same, signed and with the clerk.
    pub fn to_be_sealed(&self) -> (String, Id) {
        let (code, document) = self.to_be_signed();
        self.sign(Rank::Leader, "/ky-so", &[document], &[]);
        self.pass(Rank::Leader, &code, Rank::Clerk);
        (code, document)
    }

    /// Passes a dossier on.
    pub fn pass(&self, from: Rank, code: &str, to: Rank) {
        let post = self.person(to).post.expect("a post").to_string();
        let path = format!("/api/v1/dossiers/{code}/moves");
        self.call(from, &path, &json!({ "action": "pass", "to": post })).assert_status(200);
    }

    /// Signs documents on the page of what waits, with the only certificate there.
    #[track_caller]
    pub fn sign(&self, rank: Rank, page: &str, documents: &[Id], more: &[(&str, &str)]) {
        self.signer_of(rank);
        let form = self.form_of(rank, page, page).set("code", CODE);
        let form = more.iter().fold(form, |form, (name, value)| form.set(name, value));
        let form = documents.iter().fold(form, |form, id| form.tick("chon", &id.to_string()));
        let answer = self.person(rank).browser.clone().submit(&form).assert_status(200);
        let text = answer.page().text("main");
        assert!(text.contains(&format!("{} văn bản", documents.len())) && !text.contains("chưa ký được"), "{text}");
    }

    /// The certificate with which somebody signs, its key in a file, entered when there is none yet.
    pub fn signer_of(&self, rank: Rank) -> Id {
        let kind = if rank == Rank::Clerk { "agency" } else { "person" };
        let sql = "SELECT id FROM signer WHERE kind = $1 AND key_place = 'file' AND ended_at IS NULL";
        let find = || self.read(|reader| reader.opt::<(Id,)>(sql, params![kind])).map(|(id,)| id);
        find().unwrap_or_else(|| {
            self.no_signers(kind);
            let form = self.new_signer(rank);
            self.person(rank).browser.clone().submit(&form).assert_status(303);
            find().expect("it was entered")
        })
    }

    /// As in an installation of which nobody has said whom it trusts, and where nobody signs yet: not so in a demo.
    pub fn trusts_nobody(&self) {
        self.write(|tx| {
            tx.not_audited("a test begins");
            store::revision::changed(tx, "signature_trust")?;
            tx.exec("UPDATE trust_certificate SET removed_at = 0 WHERE removed_at IS NULL", params![])?;
            tx.exec("UPDATE signer SET ended_at = 0 WHERE ended_at IS NULL", params![])
        });
    }

    /// Takes the certificates of a kind out of use.
    pub fn no_signers(&self, kind: &'static str) {
        self.write(move |tx| {
            tx.not_audited("a test begins anew");
            tx.exec("UPDATE signer SET ended_at = 0 WHERE ended_at IS NULL AND kind = $1", params![kind])
        });
    }

    /// The form that enters a certificate.
    pub fn new_signer(&self, rank: Rank) -> testkit::Form {
        let page = "/chung-thu-ky/them";
        let (whose, file) = match rank {
            Rank::Clerk => (self.commune.to_string(), AGENCY),
            _ => (self.person(rank).officer.to_string(), PERSON),
        };
        let form = self.form_of(rank, page, page).set("whose", &whose).set("code", CODE);
        form.attach(Part::file("file", "khoa.p12", "application/x-pkcs12", file))
    }

    /// The page of the form about the last event of a kind of a dossier.
    pub fn own_form(&self, code: &str, kind: &str) -> String {
        let sql = "SELECT e.id FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id
                   WHERE d.code = $1 AND e.kind = $2 ORDER BY e.id DESC LIMIT 1";
        let (event,): (Id,) = self.read(|reader| reader.one(sql, params![code, kind]));
        format!("/ho-so/{code}/giay-to/{event}")
    }

    /// The form that sends it to be signed by somebody of a rank, and sealed by the clerk.
    #[track_caller]
    pub fn sending(&self, rank: Rank, page: &str, signs: Rank) -> testkit::Form {
        let form = self.form_of(rank, page, &format!("{page}/trinh-ky"));
        let form = form.set("signs", &self.person(signs).officer.to_string());
        form.set("seals", &self.person(Rank::Clerk).post.expect("a post").to_string())
    }

    /// Sends it; answers the document.
    #[track_caller]
    pub fn send_form(&self, rank: Rank, page: &str, signs: Rank) -> Id {
        let form = self.sending(rank, page, signs);
        self.person(rank).browser.clone().submit(&form).assert_leads_to(page);
        let event: Id = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an event");
        let sql = "SELECT document_id FROM dossier_event WHERE id = $1";
        self.read(|reader| reader.one::<(Id,)>(sql, params![event])).0
    }

    fn document_of(&self, code: &str) -> Id {
        self.documents_of(code).pop().expect("a document")
    }

    /// A dossier's documents, the oldest first.
    pub fn documents_of(&self, code: &str) -> Vec<Id> {
        let sql =
            "SELECT d.id FROM signing_document d JOIN record r ON r.id = d.record_id WHERE r.code = $1 ORDER BY d.id";
        let found: Vec<(Id,)> = self.read(|reader| reader.all(sql, params![code]));
        found.into_iter().map(|(id,)| id).collect()
    }
}
