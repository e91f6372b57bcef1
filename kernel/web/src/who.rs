//! Who asks: an officer with the posts they hold or stand in for, or somebody unknown.

use crate::allow::Permission;
use crate::house::House;
use http::request::Parts;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Actor;
use types::{Id, Result};

/// The person behind a request.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// The officer who is signed in, or none.
    pub officer: Option<Arc<Officer>>,
    /// What must be done before anything else (a first password, a second factor): the path of its page. Until then
    /// the guard admits the officer to that page only. It comes with the officer, so that no second look can miss it.
    pub detour: Option<&'static str>,
}

/// An officer with everything a request needs to know of them.
#[derive(Debug, Clone)]
pub struct Officer {
    pub id: Id,
    pub name: String,
    /// The session, so that it can be ended; none for a bearer token.
    pub session: Option<Id>,
    /// Posts held today, their own first, then those they stand in for.
    pub posts: Vec<HeldPost>,
}

/// A post held or stood in for.
#[derive(Debug, Clone)]
pub struct HeldPost {
    pub id: Id,
    pub title: String,
    pub unit: Id,
    pub unit_name: String,
    /// Names of permissions that the post's roles grant, in its unit and below.
    pub permissions: BTreeSet<String>,
    /// The post is another's: everything done for it says "thay mặt".
    pub stand_in: bool,
}

impl Who {
    /// Whether any post grants `permission`.
    pub fn may(&self, permission: &Permission) -> bool {
        self.posts().any(|post| post.permissions.contains(permission.name))
    }

    /// Units in which `permission` is granted; it holds for all units below them.
    pub fn units_with(&self, permission: &Permission) -> Vec<Id> {
        let mut units: Vec<Id> =
            self.posts().filter(|post| post.permissions.contains(permission.name)).map(|post| post.unit).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Whether `permission` is granted for a thing whose unit has the line `units` (itself and all above it).
    pub fn may_in(&self, permission: &Permission, units: &[Id]) -> bool {
        self.posts().any(|post| post.permissions.contains(permission.name) && units.contains(&post.unit))
    }

    /// Posts held or stood in for.
    pub fn posts(&self) -> impl Iterator<Item = &HeldPost> {
        self.officer.iter().flat_map(|officer| officer.posts.iter())
    }

    /// The ids of all posts, for "my work".
    pub fn post_ids(&self) -> Vec<Id> {
        self.posts().map(|post| post.id).collect()
    }

    /// Who acts, for a command. `post` is the post acted in; standing in is recorded.
    pub fn actor(&self, post: Option<Id>) -> Actor {
        match &self.officer {
            Some(officer) => {
                let on_behalf_of = post.filter(|id| officer.posts.iter().any(|p| p.id == *id && p.stand_in));
                Actor::Officer { id: officer.id, on_behalf_of }
            }
            None => Actor::Anyone,
        }
    }
}

/// Finds out who asks; the directory service is one.
pub trait Gate: Send + Sync + 'static {
    /// Reads the session cookie or bearer token. An unknown or ended one is nobody, not an error.
    fn identify<'a>(
        &'a self,
        house: &'a House,
        parts: &'a Parts,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Who>> + Send + 'a>>;

    /// The address the request came from, for limits; empty when it is not known. A gate that is told to trust a proxy
    /// in front reads [`crate::client::forwarded`] instead.
    fn client(&self, parts: &Parts) -> String {
        let connection = parts.extensions.get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
        connection.map(|info| info.0.ip().to_canonical().to_string()).unwrap_or_default()
    }
}
