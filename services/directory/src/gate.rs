//! Finds out who asks: a session cookie or a bearer token becomes an officer with posts and permissions.
//!
//! A request costs one small query: is the session open, and has anything about people changed since we looked? What an
//! officer may do is kept in memory under that revision and until the next moment at which a period begins or ends.

mod load;
pub(crate) use load::{PASSWORD_PAGE, SECOND_FACTOR_PAGE};

use crate::directory::Directory;
use crate::keys::{BEARER_PREFIX, is_token, token_hash};
use http::request::Parts;
use load::{Known, load};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Reader, Store, params};
use types::{Id, Result, Timestamp};
use web::{Gate, House, Who};

/// The cookie with the session's token, as [`web::cookies`] calls it.
pub const SESSION_COOKIE: &str = "nhaviec_phien";
/// `seen_at` is written at most this often.
const TOUCH_EVERY_US: i64 = 60_000_000;
/// Sessions kept in memory; beyond that all are forgotten and read again.
const KNOWN_MAX: usize = 20_000;

/// What a node remembers of sessions; nothing that another node would miss.
#[derive(Default)]
pub(crate) struct Sessions {
    known: Mutex<HashMap<Id, Arc<Known>>>,
    touched: Mutex<Touched>,
}

#[derive(Default)]
struct Touched {
    /// The last request of each session seen here.
    seen: HashMap<Id, Timestamp>,
    written_at: i64,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The gate of a house with sign-in.
pub struct SessionGate {
    directory: Directory,
}

impl SessionGate {
    /// A gate over `directory`, which must also be among the house's services.
    pub fn new(directory: Directory) -> Self {
        Self { directory }
    }
}

enum Token {
    Session(String),
    Bearer(String),
}

/// What the request brings. A bearer token is for programs: it opens `/api/` and no page, least of all administration,
/// where a second factor is demanded that a token does not have.
fn token(house: &House, parts: &Parts) -> Option<Token> {
    let bearer = Some(parts).filter(|parts| parts.uri.path().starts_with("/api/"));
    let bearer = bearer.and_then(|parts| parts.headers.get(http::header::AUTHORIZATION));
    let bearer = bearer.and_then(|value| value.to_str().ok());
    if let Some(text) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return text.strip_prefix(BEARER_PREFIX).filter(|t| is_token(t)).map(|_| Token::Bearer(token_hash(text)));
    }
    let text = web::cookies::cookie(house.settings(), &parts.headers, SESSION_COOKIE)?;
    is_token(&text).then(|| Token::Session(token_hash(&text)))
}

impl Gate for SessionGate {
    fn identify<'a>(
        &'a self,
        house: &'a House,
        parts: &'a Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>> {
        Box::pin(async move {
            match token(house, parts) {
                Some(token) => self.directory.who(house.store(), token).await,
                None => Ok(Who::default()),
            }
        })
    }

    fn client(&self, parts: &Parts) -> String {
        if self.directory.rules().behind_proxy
            && let Some(address) = web::client::forwarded(&parts.headers)
        {
            return address.to_string();
        }
        let connection = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        connection.map(|info| info.0.ip().to_string()).unwrap_or_default()
    }
}

/// What the one query of a request answers.
#[derive(Clone, Copy)]
struct Asked {
    id: Id,
    officer: Id,
    /// When the session was last used, as written; a bearer token does not grow idle.
    seen_at: Option<Timestamp>,
    revision: Id,
}

fn ask(reader: &mut Reader<'_>, token: &Token, now: Timestamp) -> Result<Option<Asked>> {
    match token {
        Token::Session(hash) => {
            let row: Option<(Id, Id, Timestamp, Id)> = reader.opt(
                "SELECT s.id, s.officer_id, s.seen_at, coalesce(r.change_id, 0) FROM session s
                 LEFT JOIN revision r ON r.name = 'people'
                 WHERE s.token_hash = $1 AND s.kind = 'full' AND s.ended_at IS NULL AND s.ends_at > $2",
                params![hash, now],
            )?;
            Ok(row.map(|(id, officer, seen_at, revision)| Asked { id, officer, seen_at: Some(seen_at), revision }))
        }
        Token::Bearer(hash) => {
            let row: Option<(Id, Id, Id)> = reader.opt(
                "SELECT t.id, t.officer_id, coalesce(r.change_id, 0) FROM api_token t LEFT JOIN revision r ON r.name = 'people'
                 WHERE t.token_hash = $1 AND t.ended_at IS NULL AND t.ends_at > $2",
                params![hash, now],
            )?;
            Ok(row.map(|(id, officer, revision)| Asked { id, officer, seen_at: None, revision }))
        }
    }
}

impl Directory {
    async fn who(&self, store: &Store, token: Token) -> Result<Who> {
        let now = self.now();
        let Some(asked) = store.glance(move |reader| ask(reader, &token, now)).await? else {
            return Ok(Who::default());
        };
        let known = match self.remembered(&asked, now) {
            Some(known) => known,
            None => {
                // What is read now may be newer than the revision it is kept under, never older.
                let here = self.clone();
                store.read(move |reader| here.look_up(reader, &asked, now)).await?
            }
        };
        let Some(who) = known.who.clone() else { return Ok(Who::default()) };
        if let Some(written) = asked.seen_at {
            if self.is_idle(&asked, written, known.idle_seconds, now) {
                return Ok(Who::default());
            }
            self.touch(store, asked.id, now);
        }
        Ok(who)
    }

    /// Who an officer is now, for work that goes on without a session; nobody when the account is closed.
    pub fn officer_now(&self, reader: &mut Reader<'_>, officer: Id) -> Result<Who> {
        let known = load(reader, self.rules(), (officer, None), self.now())?;
        Ok(known.who.unwrap_or_default())
    }

    /// What is known of the session's officer, while nothing changed.
    fn remembered(&self, asked: &Asked, now: Timestamp) -> Option<Arc<Known>> {
        let fresh = |known: &&Arc<Known>| known.revision == asked.revision && now < known.good_until;
        held(&self.sessions().known).get(&asked.id).filter(fresh).cloned()
    }

    fn look_up(&self, reader: &mut Reader<'_>, asked: &Asked, now: Timestamp) -> Result<Arc<Known>> {
        let session = asked.seen_at.map(|_| asked.id);
        let mut known = load(reader, self.rules(), (asked.officer, session), now)?;
        // That of the very view: another server, asked for the session, may have been ahead of this one.
        known.revision = store::revision::last(reader, "people")?;
        let known = Arc::new(known);
        let mut all = held(&self.sessions().known);
        if all.len() >= KNOWN_MAX {
            all.clear();
        }
        all.insert(asked.id, known.clone());
        Ok(known)
    }

    fn is_idle(&self, asked: &Asked, written: Timestamp, idle_seconds: i64, now: Timestamp) -> bool {
        // What is written lags behind by up to a minute; this node may know better.
        let here = held(&self.sessions().touched).seen.get(&asked.id).copied();
        here.unwrap_or(written).max(written).plus_seconds(idle_seconds) <= now
    }

    /// After how many seconds the session ends if nothing more is asked in it; the asking itself has begun them anew.
    pub(crate) fn seconds_left(&self, reader: &mut Reader<'_>, session: Id) -> Result<i64> {
        let (ends_at,): (Timestamp,) = reader.one("SELECT ends_at FROM session WHERE id = $1", params![session])?;
        let idle = held(&self.sessions().known).get(&session).map_or(0, |known| known.idle_seconds);
        Ok(idle.min((ends_at.0 - self.now().0) / 1_000_000))
    }

    /// Remembers the request, and once a minute writes what was remembered, without anybody waiting for it.
    fn touch(&self, store: &Store, session: Id, now: Timestamp) {
        let due = {
            let mut touched = held(&self.sessions().touched);
            touched.seen.insert(session, now);
            if touched.written_at == 0 {
                touched.written_at = now.0;
            }
            if now.0 - touched.written_at < TOUCH_EVERY_US {
                return;
            }
            touched.written_at = now.0;
            let due: Vec<(Id, Timestamp)> = touched.seen.iter().map(|(id, at)| (*id, *at)).collect();
            // Sessions idle for longer than any rule allows need not be remembered.
            let rules = self.rules();
            let longest = rules.idle_seconds.max(rules.idle_seconds_administrator);
            touched.seen.retain(|_, at| at.plus_seconds(longest) > now);
            due
        };
        let store = store.clone();
        let command = store.system_command("directory.touch_sessions", 1);
        tokio::spawn(async move {
            let written = store.write(command, move |tx| crate::session::seen(tx, &due)).await;
            if let Err(error) = written {
                tracing::warn!(context = error.inward(), "the last use of sessions could not be written");
            }
        });
    }
}
