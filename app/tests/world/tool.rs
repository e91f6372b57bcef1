//! The government's signing tool, as far as the house sees it: fetches a document without a session, signs it, hands it in.

use super::signing::{AGENCY, CODE, PERSON, UNSIGNED};
use super::{Rank, World};
use serde_json::Value;
use signing::{Options, Placement, Secret, SigningKey, SoftKey, sign_basic};
use testkit::{Answer, Client, Part};
use types::{Id, Timestamp};

/// A document that waits at the tool: where it is fetched and handed in.
pub struct AtTool {
    pub fetch: String,
    pub hand_in: String,
    /// The command at whose address the tool is called, and the number that it is told.
    pub command: String,
    pub number: String,
    tool: Client,
    now: Timestamp,
}

impl World {
    /// Registers the certificate of a key at somebody's desk, in the place of any other.
    pub fn signer_at_desk(&self, rank: Rank) {
        self.no_signers(if rank == Rank::Clerk { "agency" } else { "person" });
        let certificate = key_of(rank).certificate().pem();
        let page = "/chung-thu-ky/them";
        let whose = match rank {
            Rank::Clerk => self.commune,
            _ => self.person(rank).officer,
        };
        let form = self.form_of(rank, page, page).set("whose", &whose.to_string());
        let form = form.attach(Part::file("file", "chung-thu.cer", "application/pkix-cert", certificate.as_bytes()));
        self.person(rank).browser.clone().submit(&form).assert_status(303);
    }

    /// Sends documents out from the page of what waits.
    pub fn sent_out(&self, rank: Rank, page: &str, documents: &[Id]) -> Vec<AtTool> {
        self.sent_out_with(rank, page, (documents, &[]))
    }

    /// The same, with number and day.
    #[track_caller]
    pub fn sent_out_with(&self, rank: Rank, page: &str, (documents, more): (&[Id], &[(&str, &str)])) -> Vec<AtTool> {
        let form = self.form_of(rank, page, page);
        let form = more.iter().fold(form, |form, (name, value)| form.set(name, value));
        let form = documents.iter().fold(form, |form, id| form.tick("chon", &id.to_string()));
        let answer = self.person(rank).browser.clone().submit(&form).assert_status(200);
        let policy = answer.header("content-security-policy").unwrap_or_default().to_owned();
        assert!(policy.contains("connect-src 'self' wss://127.0.0.1:8987;"), "{policy}");
        let requests = answer.page();
        let requests = requests.all("[data-request]");
        let requests = requests.iter().map(|item| item.value());
        let at = |item: &scraper::node::Element| {
            let said: Value = serde_json::from_str(item.attr("data-request").expect("a request")).expect("JSON");
            let address = item.attr("data-tool").expect("an address").to_owned();
            let command = address.rsplit('/').next().unwrap_or_default().to_owned();
            let text = |key: &str| said[key].as_str().expect("a text").to_owned();
            let (tool, now) = (self.stranger(), self.house.now());
            let (fetch, hand_in, number) = (text("FileName"), text("FileUploadHandler"), text("DocNumber"));
            AtTool { fetch, hand_in, command, number, tool, now }
        };
        let all: Vec<AtTool> = requests.map(at).collect();
        assert_eq!(all.len(), documents.len());
        all
    }
}

/// The key that somebody of a rank has at the desk.
pub fn key_of(rank: Rank) -> SoftKey {
    let file = if rank == Rank::Clerk { AGENCY } else { PERSON };
    SoftKey::from_pkcs12(file, &Secret::new(CODE.to_owned())).expect("a key file")
}

impl AtTool {
    /// The document, as the tool gets it.
    #[track_caller]
    pub fn fetched(&self) -> Vec<u8> {
        self.tool.clone().get(&self.fetch).assert_status(200).body.to_vec()
    }

    /// Signed with the key of a rank.
    pub fn signed(&self, rank: Rank) -> Vec<u8> {
        signed(&self.fetched(), rank, self.now)
    }

    /// Signed so that it is seen: left, bottom, right and top on the first page, in points.
    pub fn signed_at(&self, rank: Rank, corners: [f32; 4]) -> Vec<u8> {
        let placement = Placement { page: 0, rectangle: corners.into(), appearance: UNSIGNED.to_vec() };
        signed_with(&self.fetched(), rank, (self.now, Some(placement)))
    }

    /// Hands a file in.
    pub fn hand_in(&self, file: &[u8]) -> Answer {
        let part = Part::file("uploadfile", "van-ban.pdf", "application/pdf", file);
        self.tool.clone().post_multipart(&self.hand_in, &[part])
    }

    /// Hands in a form without a file.
    pub fn hand_in_nothing(&self) {
        let receipt = self.tool.clone().post_multipart(&self.hand_in, &[Part::text("khac", "1")]);
        assert_eq!(receipt.assert_status(200).json()["Status"], false);
    }

    /// Hands a file in that is not taken, and holds the reason against `words`.
    #[track_caller]
    pub fn refused(&self, file: &[u8], words: &str) {
        let receipt = self.hand_in(file).assert_status(200).json();
        let message = receipt["Message"].as_str().unwrap_or_default();
        assert!(receipt["Status"] == false && message.contains(words), "{words}: {receipt}");
    }
}

/// A file signed by a program that is not ours to choose.
pub fn signed(file: &[u8], rank: Rank, at: Timestamp) -> Vec<u8> {
    signed_with(file, rank, (at, None))
}

fn signed_with(file: &[u8], rank: Rank, (at, placement): (Timestamp, Option<Placement>)) -> Vec<u8> {
    let key = key_of(rank);
    let mut options = Options::new(key.certificate().clone(), key.chain().to_vec(), at).expect("a kind of key");
    options.field = "Signature".to_owned();
    options.placement = placement;
    sign_basic(file, &options, &key).expect("signed")
}
