//! The directory as other crates use it: questions about units, posts and officers, with the tree of units in memory.

use crate::gate::Sessions;
use crate::keys::{Keys, Watched};
use crate::password::Hashing;
use crate::post::{self, Post, PostKind};
use crate::rules::Rules;
use crate::tree::UnitTree;
use crate::{officer, revision};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, RwLock};
use store::Reader;
use types::time::SharedClock;
use types::{Day, Error, Id, Result, Timestamp};

/// Units, posts, officers and signing in. Cheap to clone; one for the whole process.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

struct Inner {
    keys: Watched,
    rules: Rules,
    clock: SharedClock,
    hashing: Hashing,
    sessions: Sessions,
    work_at: OnceLock<WorkAt>,
    fields_of_work: OnceLock<FieldsOfWork>,
    tree: RwLock<Option<Cached>>,
}

/// Counts what waits for a post. Work is of the services above, so `app` tells who counts it.
pub type WorkAt = fn(&mut Reader<'_>, post: Id) -> Result<i64>;

/// The fields of work (lĩnh vực) that posts can be limited to, by code with their names. Procedures have them, and
/// procedures are of the services above.
pub type FieldsOfWork = Box<dyn Fn(&mut Reader<'_>) -> Result<Vec<(String, String)>> + Send + Sync>;

struct Cached {
    revision: Id,
    tree: Arc<UnitTree>,
}

impl Directory {
    /// Opens the directory with the key file under `data`, which is made when it is not there.
    pub fn open(data: &Path, clock: SharedClock, rules: Rules) -> Result<Self> {
        let (keys, hashing, sessions) = (Watched::open(data)?, Hashing::new(), Sessions::default());
        let (work_at, fields_of_work, tree) = (OnceLock::new(), OnceLock::new(), RwLock::new(None));
        Ok(Self(Arc::new(Inner { keys, rules, clock, hashing, sessions, work_at, fields_of_work, tree })))
    }

    /// Says who counts the work at a post, so that who ends one is told; once, while the house is put together.
    pub fn count_work_by(&self, work_at: WorkAt) {
        let _ = self.0.work_at.set(work_at);
    }

    /// How much waits for a post; none where nobody counts.
    pub fn work_at(&self, reader: &mut Reader<'_>, post: Id) -> Result<i64> {
        self.0.work_at.get().map_or(Ok(0), |work_at| work_at(reader, post))
    }

    /// Says who knows the fields of work; once, while the house is put together.
    pub fn name_fields_by(&self, fields: FieldsOfWork) {
        let _ = self.0.fields_of_work.set(fields);
    }

    /// The fields of work by code with their names; none where nobody knows any.
    pub fn fields_of_work(&self, reader: &mut Reader<'_>) -> Result<Vec<(String, String)>> {
        self.0.fields_of_work.get().map_or(Ok(Vec::new()), |fields| fields(reader))
    }

    /// Whether the key file under `data` is the one that the database's secrets are sealed with; asked before
    /// [`Directory::open`], which makes a new key where there is none.
    pub fn prove_key(reader: &mut Reader<'_>, data: &Path) -> Result<()> {
        Keys::prove(reader, data)
    }

    /// What the installation set about signing in.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Today in Viet Nam.
    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// The keys with which values are sealed, as they now are. A write takes them along: inside it no file is touched.
    pub fn keys(&self) -> Keys {
        self.0.keys.now()
    }

    /// The same, read anew if the key file has changed at all.
    pub fn looked_up_keys(&self) -> Keys {
        self.0.keys.looked_up()
    }

    /// A keyed mark of what a form was filled in with.
    pub(crate) fn form_mark(&self, filled: &str) -> String {
        self.keys().lasting_mark("form", filled)
    }

    /// The secret with which the contents of commands are hashed; a change of keys leaves it as it is.
    pub fn content_key(&self) -> [u8; 32] {
        self.keys().content_key()
    }

    /// Whether this node goes on with keys that it read earlier, because the key file is no continuation of them any more.
    pub fn refuses_key_file(&self) -> bool {
        self.0.keys.refuses()
    }

    pub(crate) fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// The tree of units as of today; read again only when a unit changed on any node, or when the day did.
    pub fn tree(&self, reader: &mut Reader<'_>) -> Result<Arc<UnitTree>> {
        let revision = store::revision::last(reader, revision::UNITS)?;
        let day = self.today();
        let fresh = |cached: &Cached| cached.revision == revision && cached.tree.day == day;
        let known = self.0.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(cached) = known.as_ref().filter(|cached| fresh(cached)) {
            return Ok(cached.tree.clone());
        }
        drop(known);
        let tree = Arc::new(UnitTree::load(reader, day)?);
        // Whoever is slow puts an older tree here; the next one sees that its revision is not the last.
        let cached = Some(Cached { revision, tree: tree.clone() });
        *self.0.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner) = cached;
        Ok(tree)
    }

    /// The posts of a unit with their holders today; posts that have ended are left out.
    pub fn posts(&self, reader: &mut Reader<'_>, unit: Id) -> Result<Vec<Post>> {
        post::in_unit(reader, unit, self.today())
    }

    /// A post with its holders today, also one that has ended.
    pub fn post(&self, reader: &mut Reader<'_>, id: Id) -> Result<Option<Post>> {
        post::one(reader, id, self.today())
    }

    /// An officer's name.
    pub fn officer_name(&self, reader: &mut Reader<'_>, id: Id) -> Result<String> {
        let mut names = officer::names(reader, &[id])?;
        names.remove(&id).ok_or_else(|| Error::not_found("cán bộ"))
    }

    /// The names of many officers in one statement (for up to a thousand); unknown ids are left out.
    pub fn names(&self, reader: &mut Reader<'_>, ids: &[Id]) -> Result<HashMap<Id, String>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        officer::names(reader, ids)
    }

    /// Posts of `kind` in `unit` and below that could do work of the procedure field `field`, the best first.
    pub fn candidates(&self, reader: &mut Reader<'_>, unit: Id, kind: PostKind, field: &str) -> Result<Vec<Post>> {
        let tree = self.tree(reader)?;
        post::candidates(reader, &tree, (unit, kind), field)
    }
}
