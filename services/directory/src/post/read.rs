//! Posts as others ask for them: of a unit, by id, and the ones that fit a piece of work.

use super::PostKind;
use crate::tree::UnitTree;
use store::in_list::{BLOCK, in_list};
use store::{Json, Reader, Val, params};
use types::{Day, Id, Result};

/// A post with those who hold it today.
#[derive(Debug, Clone)]
pub struct Post {
    pub id: Id,
    pub unit: Id,
    pub kind: PostKind,
    pub title: String,
    /// Codes of the procedure fields it handles; empty means all.
    pub fields: Vec<String>,
    /// Officers who hold it, in the order of their names.
    pub holders: Vec<(Id, String)>,
    pub from: Day,
    /// The last day.
    pub to: Option<Day>,
    pub version: i64,
}

impl Post {
    /// Whether the post exists on `day`.
    pub fn is_valid(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// The holders' names, or what stands there when nobody holds it.
    pub fn holder_names(&self) -> String {
        if self.holders.is_empty() {
            return "chưa có người giữ".to_owned();
        }
        self.holders.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// `$1` is the day on which holders are asked for.
const POSTS: &str = "SELECT p.id, p.unit_id, p.kind, p.title, p.fields, p.valid_from, p.valid_to, p.version, o.id, o.name
    FROM post p LEFT JOIN post_holder h ON h.post_id = p.id AND h.valid_from <= $1 AND (h.valid_to IS NULL OR h.valid_to >= $1)
    LEFT JOIN officer o ON o.id = h.officer_id";

type PostRow = (Id, Id, String, String, Json<Vec<String>>, Day, Option<Day>, i64, Option<Id>, Option<String>);

/// Joins the rows of one post; they come one after another.
fn gather(rows: Vec<PostRow>) -> Result<Vec<Post>> {
    let mut posts: Vec<Post> = Vec::new();
    for (id, unit, kind, title, Json(fields), from, to, version, officer, name) in rows {
        if posts.last().is_none_or(|last| last.id != id) {
            let kind = PostKind::read(&kind)?;
            posts.push(Post { id, unit, kind, title, fields, holders: Vec::new(), from, to, version });
        }
        if let (Some(post), Some(officer), Some(name)) = (posts.last_mut(), officer, name) {
            post.holders.push((officer, name));
        }
    }
    Ok(posts)
}

/// A post, also one that has ended, with its holders on `day`.
pub fn one(reader: &mut Reader<'_>, id: Id, day: Day) -> Result<Option<Post>> {
    let rows = reader.all(&format!("{POSTS} WHERE p.id = $2 ORDER BY p.id, o.name_key"), params![day, id])?;
    Ok(gather(rows)?.pop())
}

/// The posts of one unit that have not ended before `day`, in the order of their kinds.
pub fn in_unit(reader: &mut Reader<'_>, unit: Id, day: Day) -> Result<Vec<Post>> {
    let sql =
        format!("{POSTS} WHERE p.unit_id = $2 AND (p.valid_to IS NULL OR p.valid_to >= $1) ORDER BY p.id, o.name_key");
    let mut posts = gather(reader.all(&sql, params![day, unit])?)?;
    posts.sort_by_key(|post| post.kind);
    Ok(posts)
}

/// The unit and those below it that work for the same authority.
fn of_authority(tree: &UnitTree, unit: Id) -> Vec<Id> {
    let authority = tree.authority(unit);
    let mut units = tree.below(unit);
    units.retain(|id| tree.authority(*id) == authority);
    units
}

/// What [`candidates`] will ask, in blocks of units.
fn candidate_queries(tree: &UnitTree, (unit, kind): (Id, PostKind)) -> Vec<(String, Vec<Val>)> {
    let units = of_authority(tree, unit);
    let query = |block: &[Id]| {
        let mut values: Vec<Val> = params![tree.day, kind.word()].to_vec();
        let list = in_list(3, block, &mut values);
        let sql = format!(
            "{POSTS} WHERE p.kind = $2 AND p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1)
             AND p.unit_id IN ({list}) ORDER BY p.id, o.name_key"
        );
        (sql, values)
    };
    units.chunks(BLOCK).map(query).collect()
}

/// Lets the questions of [`candidates`] go with the next one.
pub fn foresee_candidates(reader: &mut Reader<'_>, tree: &UnitTree, place: (Id, PostKind)) {
    for (sql, values) in candidate_queries(tree, place) {
        reader.foresee(&sql, &values);
    }
}

/// Posts of `kind` that could do work of the procedure field `field` for `unit`, in the authority that `unit` belongs to
/// (a province's work is never a commune's), the best first: posts that somebody holds before empty ones, posts that name
/// the field before posts for all fields, nearer units before those further below.
pub fn candidates(
    reader: &mut Reader<'_>,
    tree: &UnitTree,
    (unit, kind): (Id, PostKind),
    field: &str,
) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    for (sql, values) in candidate_queries(tree, (unit, kind)) {
        posts.extend(gather(reader.all(&sql, &values)?)?);
    }
    posts.retain(|post| post.fields.is_empty() || post.fields.iter().any(|f| f == field));
    posts.sort_by_cached_key(|post| {
        let depth = tree.line(post.unit).iter().position(|above| *above == unit).unwrap_or(usize::MAX);
        (post.holders.is_empty(), post.fields.is_empty(), depth, post.id)
    });
    Ok(posts)
}

/// Posts that somebody holds and whose roles grant `permission` today, of `unit` and those below it that work for the same
/// authority: in the order of their kinds, nearer units first.
pub fn permitted(reader: &mut Reader<'_>, tree: &UnitTree, unit: Id, permission: &str) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    for block in of_authority(tree, unit).chunks(BLOCK) {
        let mut values: Vec<Val> = params![tree.day, permission].to_vec();
        let list = in_list(3, block, &mut values);
        let sql = format!(
            "{POSTS} WHERE p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1) AND p.unit_id IN ({list})
                AND EXISTS (SELECT 1 FROM post_role g JOIN role_permission r ON r.role_id = g.role_id
                    WHERE g.post_id = p.id AND r.permission = $2 AND g.valid_from <= $1
                        AND (g.valid_to IS NULL OR g.valid_to >= $1))
             ORDER BY p.id, o.name_key"
        );
        posts.extend(gather(reader.all(&sql, &values)?)?);
    }
    posts.retain(|post| !post.holders.is_empty());
    posts.sort_by_cached_key(|post| {
        let depth = tree.line(post.unit).iter().position(|above| *above == unit).unwrap_or(usize::MAX);
        (post.kind, depth, post.id)
    });
    Ok(posts)
}
