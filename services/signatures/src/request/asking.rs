//! A request is made.

use super::IDENTITY;
use super::{Ask, KeyWish, LINE_MAX, REASON_MAX, State};
use crate::signer::{self, SignerKind};
use directory::Keys;
use directory::identity::PersonalNumber;
use directory::keys::Place;
use serde::Serialize;
use store::{AuditEntry, Tx, params};
use types::{Error, FieldError, Id, Result, Timestamp, text};
use ui::format;

/// What is asked for, as it was typed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NewRequest {
    pub ask: Ask,
    pub kind: SignerKind,
    pub officer: Option<Id>,
    pub unit: Id,
    pub signer: Option<Id>,
    pub name: String,
    pub post: String,
    pub workplace: String,
    pub email: String,
    pub phone: String,
    pub identity: String,
    pub key_wish: Option<KeyWish>,
    pub reason: String,
}

impl NewRequest {
    /// The same with its texts cleaned.
    ///
    /// # Errors
    /// `Invalid` with every field that is wrong.
    pub fn checked(mut self) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, sentence: &str| wrong.push(FieldError::new(field, sentence));
        for (field, value, missing) in [
            ("name", &mut self.name, "Nhập họ và tên."),
            ("post", &mut self.post, "Nhập chức vụ."),
            ("workplace", &mut self.workplace, "Nhập nơi làm việc."),
        ] {
            *value = text::clean(value);
            if value.is_empty() {
                say(field, missing);
            } else if value.chars().count() > LINE_MAX {
                say(field, "Nội dung dài quá 200 chữ.");
            }
        }
        self.email = text::clean(&self.email);
        let (user, host) = self.email.split_once('@').unwrap_or_default();
        if user.is_empty() || !host.contains('.') || self.email.contains(' ') || self.email.chars().count() > LINE_MAX {
            say("email", "Nhập hộp thư công vụ, dạng ten@coquan.gov.vn.");
        }
        self.phone = text::clean(&self.phone);
        let digits = self.phone.bytes().filter(u8::is_ascii_digit).count();
        if !(8..=15).contains(&digits) || self.phone.chars().count() > 30 {
            say("phone", "Nhập số điện thoại, từ 8 chữ số.");
        }
        self.identity = text::clean(&self.identity);
        if !self.identity.is_empty() {
            match PersonalNumber::parse(&self.identity) {
                Ok(number) => number.as_str().clone_into(&mut self.identity),
                Err(error) => say("identity", &error.to_string()),
            }
        }
        self.reason = text::clean_lines(&self.reason);
        if self.ask.needs_reason() && self.reason.is_empty() {
            say("reason", "Ghi lý do.");
        } else if self.reason.chars().count() > REASON_MAX {
            say("reason", "Lý do dài quá 500 chữ.");
        }
        if self.ask.places_key() && self.key_wish.is_none() {
            say("key_wish", "Chọn nơi lưu khóa.");
        }
        if wrong.is_empty() { Ok(self) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Enters a request that was checked.
///
/// # Errors
/// `Conflict` when the same was asked for and is not answered yet, or the certificate is not in use any more.
pub(crate) fn enter(tx: &mut Tx<'_>, keys: &Keys, new: &NewRequest) -> Result<Id> {
    let (id, at) = (tx.id()?, tx.at());
    let by = tx.actor().officer().ok_or_else(|| Error::internal("a request is made by an officer"))?;
    let open: Option<(Timestamp,)> = tx.opt(
        "SELECT asked_at FROM certificate_request WHERE unit_id = $1 AND ask = $2 AND coalesce(officer_id, 0) = $3
            AND coalesce(signer_id, 0) = $4 AND state < 3",
        params![new.unit, new.ask.code(), new.officer.unwrap_or(Id(0)), new.signer.unwrap_or(Id(0))],
    )?;
    if let Some((asked_at,)) = open {
        let day = format::date(asked_at.day());
        return Err(Error::conflict(format!("Đã có đề nghị như vậy từ ngày {day}, đang được xử lý.")));
    }
    if let Some(signer) = new.signer {
        let signer = signer::by_id(tx, signer)?.ok_or_else(|| Error::not_found("chứng thư"))?;
        // What is out of use here may still have to be revoked by its authority.
        if signer.ended_at.is_some() && new.ask != Ask::Revoke {
            return Err(Error::conflict("Chứng thư vừa được ngừng dùng. Chưa có gì được gửi."));
        }
    }
    let (identity, sealed_with) = match new.identity.as_str() {
        "" => (String::new(), None),
        number => (keys.seal(Place { what: IDENTITY, of: id }, number.as_bytes())?, Some(keys.enter(tx)?)),
    };
    tx.exec(
        "INSERT INTO certificate_request (id, ask, kind, officer_id, unit_id, signer_id, name, post, workplace, email, phone,
            identity, key_wish, reason, state, asked_at, asked_by, sealed_with, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)",
        params![
            id,
            new.ask.code(),
            new.kind.code(),
            new.officer,
            new.unit,
            new.signer,
            &new.name,
            &new.post,
            &new.workplace,
            &new.email,
            &new.phone,
            identity,
            new.key_wish.map(KeyWish::code),
            &new.reason,
            State::Asked.number(),
            at,
            by,
            sealed_with
        ],
    )?;
    // The audit is kept for ever: names and numbers of people stay in the row.
    let detail = serde_json::json!({ "ask": new.ask, "kind": new.kind, "signer": new.signer });
    let (action, entity) = ("signatures.ask-certificate", "certificate_request");
    tx.audit(&AuditEntry { action, entity, entity_id: id, unit: Some(new.unit), detail })?;
    Ok(id)
}
