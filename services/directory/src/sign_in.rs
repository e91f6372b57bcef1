//! Signing in: the password, then the second factor where there is one. Unknown names cost as much work as known ones.
//! A passkey stands for both (`passkey/enter.rs`).

use crate::account::{self, Account};
use crate::directory::Directory;
use crate::keys::{new_token, token_hash, totp_of};
use crate::limits::{self, Admission, Tried};
use crate::session::{self, NewSession, SessionKind};
use crate::totp;
use store::{Actor, AuditEntry, Command, Reader, Store, Tx, params};
use types::{Error, Id, Result, Timestamp};

/// How long the second step may take.
const SECOND_STEP_SECONDS: i64 = 5 * 60;

/// Where a try comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The browser's own mark.
    pub device: String,
    /// The address; empty when it is not known.
    pub client: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The request's number.
    pub request: i64,
}

/// What came of the first step.
#[derive(Debug)]
pub enum SignedIn {
    /// Signed in; the token belongs into the cookie.
    Done { token: String },
    /// The password was right; the code is still to come.
    SecondStep { token: String },
}

/// Not told apart for whoever asks: an unknown name and a wrong password.
const WRONG: &str = "Tên đăng nhập hoặc mật khẩu không đúng.";
/// Told to whoever has proven to be the officer of a closed account.
pub(crate) const CLOSED: &str = "Tài khoản đã bị khóa. Ông/bà hãy liên hệ quản trị của đơn vị để mở lại.";

impl Directory {
    /// The first step: user name and password.
    pub async fn sign_in(
        &self,
        store: &Store,
        origin: &Origin,
        (username, password): (&str, &str),
    ) -> Result<SignedIn> {
        let device = token_hash(&origin.device);
        let (typed, asked) = (username.to_owned(), device.clone());
        let (account, known_device) = store
            .read(move |reader| {
                let Some(account) = account::by_username(reader, &typed)? else { return Ok((None, false)) };
                let known = knows_device(reader, account.officer, &asked)?;
                Ok((Some(account), known))
            })
            .await?;
        let tried = Tried {
            account: self.account_mark(&account::fold_username(username)),
            device,
            client: origin.client.clone(),
            known_device: known_device && !origin.device.is_empty(),
            officer: account.as_ref().map(|account| account.officer),
        };
        self.admit(store, origin, &tried).await?;
        let hashes = account.iter().map(|account| account.password_hash.clone()).collect();
        let fits = self.hashing().find(password.to_owned(), hashes).await?.is_some();
        let account = match account {
            Some(account) if fits && account.disabled_at.is_none() => account,
            Some(account) if fits => {
                self.fail(store, origin, (Some(account.officer), "closed")).await?;
                return Err(Error::forbidden(CLOSED));
            }
            other => {
                self.fail(store, origin, (other.map(|account| account.officer), "password")).await?;
                return Err(Error::invalid("password", WRONG));
            }
        };
        let token = new_token();
        if account.totp_secret.is_some() {
            let new = self.new_session((&account, SessionKind::Half), origin, &token);
            let command = self.command(store, origin, ("directory.pass_password", account.officer));
            store
                .write(command, move |tx| {
                    tx.not_audited("the sign-in is audited when the second factor is there");
                    limits::forgive_half(tx, &tried)?;
                    session::begin(tx, &new)
                })
                .await?;
            return Ok(SignedIn::SecondStep { token });
        }
        let new = self.new_session((&account, SessionKind::Full), origin, &token);
        let command = self.command(store, origin, ("directory.sign_in", account.officer));
        store.write(command, move |tx| enter(tx, &new, &tried)).await?;
        Ok(SignedIn::Done { token })
    }

    /// The second step: the code. Answers the new token.
    pub async fn sign_in_code(&self, store: &Store, origin: &Origin, (half, code): (&str, &str)) -> Result<String> {
        let (now, device) = (self.now(), token_hash(&origin.device));
        let (hash, asked) = (token_hash(half), device.clone());
        let found = store
            .read(move |reader| {
                let session: Option<(Id, Id)> = reader.opt(
                    "SELECT id, officer_id FROM session WHERE token_hash = $1 AND kind = 'half' AND ended_at IS NULL
                     AND ends_at > $2 AND device_hash = $3",
                    params![hash, now, &asked],
                )?;
                let Some((session, officer)) = session else { return Ok(None) };
                let known = knows_device(reader, officer, &asked)?;
                Ok(Some((session, account::of_officer(reader, officer)?, known)))
            })
            .await?;
        let (half_session, account, known_device) = found.ok_or(Error::SignedOut)?;
        let sealed = account.totp_secret.clone().ok_or(Error::SignedOut)?;
        let secret = self.keys().open_sealed(totp_of(account.officer), &sealed)?;
        let tried = Tried {
            account: self.account_mark(&account.username),
            device,
            client: origin.client.clone(),
            known_device,
            officer: Some(account.officer),
        };
        self.admit(store, origin, &tried).await?;
        let wrong = || {
            Error::invalid(
                "code",
                "Mã xác thực không đúng hoặc đã dùng rồi. Ông/bà hãy nhập mã đang hiện trên điện thoại.",
            )
        };
        let Some(step) = totp::verify(&secret, code, now, account.totp_step) else {
            self.fail(store, origin, (Some(account.officer), "code")).await?;
            return Err(wrong());
        };
        let token = new_token();
        let new = self.new_session((&account, SessionKind::Full), origin, &token);
        let command = self.command(store, origin, ("directory.sign_in", account.officer));
        let used = store
            .write(command, move |tx| {
                let half_open = tx.exec_counted(
                    "UPDATE session SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
                    params![tx.at(), half_session],
                )?;
                if half_open == 0 || !account::use_step(tx, new.officer, step)? {
                    return Err(Error::invalid("code", "Mã xác thực này đã dùng rồi. Ông/bà hãy đợi mã tiếp theo."));
                }
                enter(tx, &new, &tried)
            })
            .await;
        used.map(|_| token)
    }

    /// Signing out: ends the session of a cookie's token, whatever state it is in.
    pub async fn sign_out(&self, store: &Store, token: &str, request: i64) -> Result<()> {
        let hash = token_hash(token);
        let asked = hash.clone();
        let found: Option<(Id, Id)> = store
            .read(move |reader| {
                reader.opt(
                    "SELECT id, officer_id FROM session WHERE token_hash = $1 AND ended_at IS NULL",
                    params![asked],
                )
            })
            .await?;
        let Some((session, officer)) = found else { return Ok(()) };
        let mut command = fresh(store, "directory.sign_out", Actor::Officer { id: officer, on_behalf_of: None });
        command.request = request;
        store.write(command, move |tx| session::end(tx, session, "directory.sign_out")).await?;
        Ok(())
    }

    /// The keyed mark under which tries at an account are counted.
    pub(crate) fn account_mark(&self, username: &str) -> String {
        self.keys().mark("username", username)
    }

    pub(crate) async fn admit(&self, store: &Store, origin: &Origin, tried: &Tried) -> Result<()> {
        let (asked, now) = (tried.clone(), self.now());
        store.read(move |reader| limits::standing(reader, &asked, now)).await?.check(now)?;
        let mut command = fresh(store, "directory.try_sign_in", Actor::Anyone);
        command.request = origin.request;
        let tried = tried.clone();
        let admission: Admission = store.write(command, move |tx| limits::reserve(tx, &tried)).await?;
        admission.check(self.now())
    }

    async fn fail(&self, store: &Store, origin: &Origin, (officer, why): (Option<Id>, &'static str)) -> Result<()> {
        let mut command = fresh(store, "directory.fail_sign_in", Actor::Anyone);
        command.request = origin.request;
        let detail = serde_json::json!({ "why": why, "client": origin.client });
        let entity_id = officer.unwrap_or(Id(0));
        store
            .write(command, move |tx| {
                let detail = detail.clone();
                let action = "directory.fail_sign_in";
                tx.audit(&AuditEntry { action, entity: "account", entity_id, unit: None, detail })
            })
            .await
    }

    pub(crate) fn command(&self, store: &Store, origin: &Origin, (verb, officer): (&'static str, Id)) -> Command {
        let mut command = fresh(store, verb, Actor::Officer { id: officer, on_behalf_of: None });
        command.request = origin.request;
        command
    }

    pub(crate) fn new_session(
        &self,
        (account, kind): (&Account, SessionKind),
        origin: &Origin,
        token: &str,
    ) -> NewSession {
        let seconds = match kind {
            SessionKind::Half => SECOND_STEP_SECONDS,
            SessionKind::Full => self.rules().session_seconds,
        };
        NewSession {
            officer: account.officer,
            kind,
            token_hash: token_hash(token),
            device_hash: token_hash(&origin.device),
            device_label: session::device_label(&origin.user_agent),
            client: origin.client.clone(),
            passkey: None,
            ends_at: self.now().plus_seconds(seconds),
        }
    }
}

/// A command under an id of our own: signing in twice by a double click is two tries, and the token is never in an answer.
pub(crate) fn fresh(store: &Store, verb: &'static str, actor: Actor) -> Command {
    let id = format!("{:032x}", rand::random::<u128>()).parse().expect("hexadecimal digits only");
    store.command(id, verb, actor)
}

/// Whether the officer signed in on this device before.
pub(crate) fn knows_device(reader: &mut Reader<'_>, officer: Id, device: &str) -> Result<bool> {
    let known: Option<(Timestamp,)> = reader
        .opt("SELECT last_at FROM known_device WHERE officer_id = $1 AND device_hash = $2", params![officer, device])?;
    Ok(known.is_some())
}

/// Begins the session and settles what the try had counted.
pub(crate) fn enter(tx: &mut Tx<'_>, new: &NewSession, tried: &Tried) -> Result<Id> {
    let at = tx.at();
    limits::forgive(tx, tried)?;
    let id = session::begin(tx, new)?;
    tx.exec(
        "INSERT INTO known_device (officer_id, device_hash, first_at, last_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (officer_id, device_hash) DO UPDATE SET last_at = excluded.last_at",
        params![new.officer, &new.device_hash, at],
    )?;
    tx.exec("UPDATE account SET last_sign_in_at = $1 WHERE officer_id = $2", params![at, new.officer])?;
    let mut detail = serde_json::json!({ "session": id, "client": new.client, "device": new.device_label });
    if let Some(passkey) = new.passkey {
        detail["passkey"] = serde_json::json!(passkey);
    }
    let entity_id = new.officer;
    tx.audit(&AuditEntry { action: "directory.sign_in", entity: "account", entity_id, unit: None, detail })?;
    Ok(id)
}

/// Passwords and codes that are asked for again within a session fall under the same limits. They are counted by the
/// session: the device's mark is a cookie, and whoever asks could choose another one for each try.
impl Directory {
    pub(crate) fn tried_in(&self, account: &Account, ctx: &web::Ctx) -> Tried {
        Tried {
            account: self.account_mark(&account.username),
            device: format!("session-{}", session_of(ctx)),
            client: ctx.client.clone(),
            known_device: true,
            officer: Some(account.officer),
        }
    }

    /// Counts a try before it is looked at.
    pub(crate) async fn count_try(&self, store: &Store, account: &Account, ctx: &web::Ctx) -> Result<()> {
        self.admit(store, &origin_of(ctx), &self.tried_in(account, ctx)).await
    }

    /// Writes down that a try was wrong, as at the entrance: who guesses in an open session is seen.
    pub(crate) async fn fail_try(
        &self,
        store: &Store,
        account: &Account,
        (ctx, why): (&web::Ctx, &'static str),
    ) -> Result<()> {
        let (action, entity_id) = ("directory.fail_proof", account.officer);
        let command = self.command(store, &origin_of(ctx), (action, entity_id));
        let detail = serde_json::json!({ "why": why, "client": ctx.client, "session": session_of(ctx) });
        store
            .write(command, move |tx| {
                let detail = detail.clone();
                tx.audit(&AuditEntry { action, entity: "account", entity_id, unit: None, detail })
            })
            .await
    }

    /// Takes the try back because it was right.
    pub(crate) async fn forgive_try(&self, store: &Store, account: &Account, ctx: &web::Ctx) -> Result<()> {
        let tried = self.tried_in(account, ctx);
        let command = fresh(store, "directory.forgive_try", Actor::Officer { id: account.officer, on_behalf_of: None });
        store
            .write(command, move |tx| {
                tx.not_audited("the act that the password was asked for is audited");
                limits::forgive(tx, &tried)
            })
            .await
    }
}

/// The session that a request came in; those without one (there is no page for them) would share a count.
pub(crate) fn session_of(ctx: &web::Ctx) -> Id {
    ctx.who.officer.as_ref().and_then(|officer| officer.session).unwrap_or(Id(0))
}

/// Where a request within a session comes from.
pub(crate) fn origin_of(ctx: &web::Ctx) -> Origin {
    Origin { device: ctx.device.clone(), client: ctx.client.clone(), user_agent: String::new(), request: ctx.request }
}
