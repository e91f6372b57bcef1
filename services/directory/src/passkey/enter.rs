//! Signing in with a passkey, and proving with one within a session. Limits and rules are those of passwords.

use super::ceremony::{self, Kind, Open, Place, Question};
use super::party::{Answer, Party, Refused, Used};
use super::{Kept, by_credential, note_copy, note_use};
use crate::account::{self, Account};
use crate::directory::Directory;
use crate::keys::{new_token, token_hash};
use crate::limits::{self, Tried};
use crate::session::SessionKind;
use crate::sign_in::{Origin, enter, fresh, knows_device, origin_of, session_of};
use data_encoding::BASE64URL_NOPAD;
use store::{Actor, AuditEntry, Command, Store};
use types::{Error, Id, Result};
use web::Ctx;

/// Not told apart for whoever asks: an unknown passkey, one that was taken away, and an answer that is not good.
const WRONG: &str = "Không đăng nhập được bằng khóa truy cập này: khóa không đúng, đã bị gỡ hoặc chưa xác minh người dùng. \
    Ông/bà hãy thử lại, hoặc dùng mật khẩu.";

/// Where a question at the entrance belongs: to the browser that has this mark.
fn at_entrance(origin: &Origin) -> Place {
    Place { kind: Kind::Enter, bound_to: token_hash(&origin.device), client: origin.client.clone() }
}

/// Where a question within a session belongs.
pub(crate) fn in_session(ctx: &Ctx, kind: Kind) -> Place {
    Place { kind, bound_to: format!("session-{}", session_of(ctx)), client: ctx.client.clone() }
}

/// An answer that was not good.
struct Failure {
    action: &'static str,
    officer: Option<Id>,
    passkey: Option<Id>,
    why: Refused,
    client: String,
    /// The question, and where it belongs.
    question: (Place, Id),
}

impl Directory {
    /// What a browser at the entrance is asked, under the number of the question.
    pub(crate) async fn ask_entrance(
        &self,
        store: &Store,
        party: &Party,
        origin: &Origin,
    ) -> Result<(Id, serde_json::Value)> {
        if origin.device.is_empty() {
            return Err(Error::invalid("device", "Trình duyệt chưa nhận cookie. Ông/bà hãy tải lại trang đăng nhập."));
        }
        self.ask(store, at_entrance(origin), party.ask_any()?).await
    }

    /// What a browser is asked whose officer has to prove to be there.
    pub(crate) async fn ask_proof(&self, ctx: &Ctx, party: &Party) -> Result<(Id, serde_json::Value)> {
        let me = ctx.officer()?.id;
        let kept = ctx.store().read(move |reader| super::kept_of(reader, me)).await?;
        if kept.is_empty() {
            return Err(Error::conflict("Tài khoản chưa có khóa truy cập."));
        }
        let keys: Vec<_> = kept.into_iter().map(|kept| kept.key).collect();
        self.ask(ctx.store(), in_session(ctx, Kind::Prove), party.ask_one_of(&keys)?).await
    }

    /// Keeps a question that changes nothing yet.
    async fn ask(&self, store: &Store, place: Place, question: Question) -> Result<(Id, serde_json::Value)> {
        let (client, now, asked) = (place.client.clone(), self.now(), question.asked.clone());
        store.read(move |reader| ceremony::admit(reader, &client, now)).await?;
        let id = store
            .write(fresh(store, "directory.ask_passkey", Actor::Anyone), move |tx| {
                tx.not_audited("a question changes nothing; what comes of its answer is audited");
                ceremony::begin(tx, &place, &question)
            })
            .await?;
        Ok((id, asked))
    }

    /// Signs in with an answer. None when its question is over, answered already, or was asked in another browser.
    pub(crate) async fn sign_in_with_passkey(
        &self,
        store: &Store,
        (party, origin): (&Party, &Origin),
        (question, answer): (Id, &str),
    ) -> Result<Option<String>> {
        let (now, place, device) = (self.now(), at_entrance(origin), token_hash(&origin.device));
        let answer = Answer::read(answer);
        let credential = answer.as_ref().map(|answer| answer.credential().to_vec()).unwrap_or_default();
        let (named, asked, asked_at) = (credential.clone(), device.clone(), place.clone());
        let found = store
            .read(move |reader| {
                let Some(open) = ceremony::find(reader, &asked_at, question, now)? else { return Ok(None) };
                let Some(kept) = by_credential(reader, &named)? else { return Ok(Some((open, None, false))) };
                let account = account::of_officer(reader, kept.officer)?;
                let known = knows_device(reader, kept.officer, &asked)?;
                Ok(Some((open, Some((kept, account)), known)))
            })
            .await?;
        let Some((open, owner, known_device)) = found else { return Ok(None) };
        let tried = Tried {
            account: match &owner {
                Some((_, account)) => self.account_mark(&account.username),
                None => self.keys().mark("passkey", &BASE64URL_NOPAD.encode(&credential)),
            },
            device,
            client: origin.client.clone(),
            known_device,
            officer: owner.as_ref().map(|(kept, _)| kept.officer),
        };
        self.admit(store, origin, &tried).await?;
        let mut failure = Failure {
            action: "directory.fail_sign_in",
            officer: tried.officer,
            passkey: owner.as_ref().map(|(kept, _)| kept.id),
            why: Refused::UNKNOWN,
            client: origin.client.clone(),
            question: (place.clone(), open.id),
        };
        let checked = check_entrance(party, &open, (answer, owner));
        let (kept, account, used) = match checked {
            Ok(good) => good,
            Err(why) => {
                failure.why = why;
                self.fail_passkey(store, (Actor::Anyone, origin.request), failure).await?;
                return Err(Error::invalid("answer", WRONG));
            }
        };
        if account.disabled_at.is_some() {
            failure.why = Refused("closed");
            self.fail_passkey(store, (Actor::Anyone, origin.request), failure).await?;
            return Err(Error::forbidden(crate::sign_in::CLOSED));
        }
        let token = new_token();
        let mut new = self.new_session((&account, SessionKind::Full), origin, &token);
        new.passkey = Some(kept.id);
        let command = self.command(store, origin, ("directory.sign_in", account.officer));
        let entered = store.write(command, move |tx| {
            if !ceremony::use_up(tx, &place, question)? || !note_use(tx, kept.id, &used)? {
                return Err(Error::invalid("answer", WRONG));
            }
            enter(tx, &new, &tried)
        });
        match entered.await {
            Ok(_) => Ok(Some(token)),
            Err(error @ Error::Invalid(_)) => {
                failure.why = Refused("overtaken");
                self.fail_passkey(store, (Actor::Anyone, origin.request), failure).await?;
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether an answer proves that the session's officer is there; one that does not counts like a wrong password.
    pub(crate) async fn prove_with_passkey(
        &self,
        (ctx, party): (&Ctx, &Party),
        account: &Account,
        (question, answer): (Id, &str),
    ) -> Result<bool> {
        let (now, place) = (self.now(), in_session(ctx, Kind::Prove));
        let answer = Answer::read(answer);
        let named = answer.as_ref().map(|answer| answer.credential().to_vec()).unwrap_or_default();
        self.count_try(ctx.store(), account, ctx).await?;
        let asked_at = place.clone();
        let (open, kept) = ctx
            .store()
            .read(move |reader| Ok((ceremony::find(reader, &asked_at, question, now)?, by_credential(reader, &named)?)))
            .await?;
        let kept = kept.filter(|kept| kept.officer == account.officer);
        let mut failure = Failure {
            action: "directory.fail_proof",
            officer: Some(account.officer),
            passkey: kept.as_ref().map(|kept| kept.id),
            why: Refused("over"),
            client: ctx.client.clone(),
            question: (place.clone(), question),
        };
        let actor = (Actor::Officer { id: account.officer, on_behalf_of: None }, ctx.request);
        let checked = open.ok_or(Refused("over")).and_then(|open| {
            let kept = kept.ok_or(Refused::UNKNOWN)?;
            Ok((kept.id, party.check_one_of(&open.state, &answer?, &kept.key)?))
        });
        let (passkey, used) = match checked {
            Ok(good) => good,
            Err(why) => {
                failure.why = why;
                self.fail_passkey(ctx.store(), actor, failure).await?;
                return Ok(false);
            }
        };
        let tried = self.tried_in(account, ctx);
        let command = self.command(ctx.store(), &origin_of(ctx), ("directory.use_passkey", account.officer));
        let proven = ctx.store().write(command, move |tx| {
            if !ceremony::use_up(tx, &place, question)? || !note_use(tx, passkey, &used)? {
                return Err(Error::invalid("answer", WRONG));
            }
            limits::forgive(tx, &tried)?;
            let detail = serde_json::json!({ "officer": tried.officer });
            let action = "directory.use_passkey";
            tx.audit(&AuditEntry { action, entity: "passkey", entity_id: passkey, unit: None, detail })
        });
        match proven.await {
            Ok(()) => Ok(true),
            Err(Error::Invalid(_)) => {
                failure.why = Refused("overtaken");
                self.fail_passkey(ctx.store(), actor, failure).await?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Uses the question up, writes down what was wrong, and marks a passkey whose counter went back.
    async fn fail_passkey(&self, store: &Store, (actor, request): (Actor, i64), failure: Failure) -> Result<()> {
        let mut command: Command = fresh(store, failure.action, actor);
        command.request = request;
        store
            .write(command, move |tx| {
                ceremony::use_up(tx, &failure.question.0, failure.question.1)?;
                if let Some(passkey) = failure.passkey.filter(|_| failure.why == Refused::COUNTER) {
                    note_copy(tx, passkey)?;
                }
                let why = format!("passkey_{}", failure.why.0);
                let detail = serde_json::json!({ "why": why, "client": &failure.client, "passkey": failure.passkey });
                let entity_id = failure.officer.unwrap_or(Id(0));
                tx.audit(&AuditEntry { action: failure.action, entity: "account", entity_id, unit: None, detail })
            })
            .await
    }
}

/// The passkey with its account, where the answer is good and the device takes it for the same officer's.
fn check_entrance(
    party: &Party,
    open: &Open,
    (answer, owner): (std::result::Result<Answer, Refused>, Option<(Kept, Account)>),
) -> std::result::Result<(Kept, Account, Used), Refused> {
    let answer = answer?;
    let (kept, account) = owner.ok_or(Refused::UNKNOWN)?;
    if answer.handle().as_ref() != Some(&kept.user_handle) {
        return Err(Refused::UNKNOWN);
    }
    let used = party.check_any(&open.state, &answer, &kept.key)?;
    Ok((kept, account, used))
}
