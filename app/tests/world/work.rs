//! Dossiers in the state that a request needs, brought there over the interface for programs.

use super::{OWN, Person, Rank, World};
use serde_json::{Value, json};
use testkit::{Answer, Form};

/// The procedure that is used: certifying copies, which every commune does all day. Counter, specialist, leader, clerk.
pub const PROCEDURE: &str = "2.000815";

/// A small document.
pub fn pdf(mark: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {mark}\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
        .into_bytes()
}

/// What an applicant fills in. The number begins with 099, which no register ever gave out.
pub fn filled() -> Vec<(&'static str, &'static str)> {
    vec![
        ("applicant_name", "Nguyễn Thị Mỹ Hạnh"),
        ("applicant_birth_date", "02/09/1990"),
        ("applicant_identity", "099190000017"),
        ("applicant_address", "Thôn Khê Hạ, xã Phúc Khê"),
        ("applicant_phone", "0571234567"),
        ("documents", "Bằng tốt nghiệp"),
        ("pages", "2"),
        ("copies_wanted", "3"),
    ]
}

impl World {
    /// What a program sends to have a dossier received.
    pub fn new_dossier(&self) -> Value {
        let form: serde_json::Map<String, Value> =
            filled().into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect();
        json!({
            "procedure": PROCEDURE,
            "channel": "counter",
            "unit": OWN,
            "form": form,
            "papers": [{ "requirement": "ban-chinh", "originals": 1 }],
            "next_post": self.person(Rank::Specialist).post.expect("a post").to_string(),
        })
    }

    /// A dossier that waits for the specialist: its code and the party's link.
    pub fn received(&self) -> (String, String) {
        let answer = self.call(Rank::Counter, "/api/v1/dossiers", &self.new_dossier()).assert_status(201).json();
        let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
        let url = text("tracking_url");
        let token = url.rsplit('/').next().unwrap_or_default().to_owned();
        (text("code"), token)
    }

    /// A dossier that waits for the specialist.
    pub fn waiting(&self) -> String {
        self.received().0
    }

    /// One that the specialist has begun to work on.
    pub fn taken(&self) -> String {
        let code = self.waiting();
        self.move_on(Rank::Specialist, &code, json!({ "action": "take" }));
        code
    }

    /// One whose clock stands still.
    pub fn stopped(&self) -> String {
        let code = self.taken();
        self.move_on(Rank::Specialist, &code, json!({ "action": "request_supplement", "reason": "Thiếu bản chính." }));
        code
    }

    /// One at its last step, with the clerk.
    pub fn at_the_clerk(&self) -> String {
        let code = self.taken();
        for (from, to) in [(Rank::Specialist, Rank::Leader), (Rank::Leader, Rank::Clerk)] {
            let post = self.person(to).post.expect("a post").to_string();
            self.move_on(from, &code, json!({ "action": "pass", "to": post }));
        }
        code
    }

    /// One whose result waits at the counter.
    pub fn finished(&self) -> String {
        let code = self.at_the_clerk();
        let content = data_encoding::BASE64.encode(&pdf(&code));
        let file = json!({ "name": "ban-sao.pdf", "content": content });
        self.move_on(
            Rank::Clerk,
            &code,
            json!({ "action": "finish", "name": "Bản sao được chứng thực", "file": file }),
        );
        code
    }

    fn move_on(&self, rank: Rank, code: &str, action: Value) {
        self.call(rank, &format!("/api/v1/dossiers/{code}/moves"), &action).assert_status(200);
    }

    /// Calls the interface as somebody, under a fresh command id.
    #[track_caller]
    pub fn call(&self, rank: Rank, path: &str, body: &Value) -> Answer {
        let key = testkit::fresh_command();
        self.person(rank).program.clone().header("idempotency-key", key.as_str()).post_json(path, body)
    }

    /// The form of an act on the page of a dossier.
    #[track_caller]
    pub fn act(&self, rank: Rank, code: &str, act: &str) -> Form {
        self.form_of(rank, &format!("/ho-so/{code}"), &format!("/ho-so/{code}/{act}"))
    }

    /// The counter's form, filled in.
    #[track_caller]
    pub fn counter_form(&self, who: &Person) -> Form {
        let page = format!("/tiep-nhan/{PROCEDURE}");
        let form = filled()
            .into_iter()
            .fold(self.form(who, &page, &page), |form, (key, value)| form.set(&format!("f.{key}"), value));
        form.set("p.ban-chinh", "1")
    }
}
