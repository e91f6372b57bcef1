//! Names for ids: the officers and posts that a dossier's tasks and events speak of, in two statements.

use crate::event::Event;
use directory::{Directory, UnitTree};
use records::Task;
use std::collections::{BTreeMap, HashMap};
use store::{Reader, Val, in_list, params};
use types::{Day, Id, Result};

/// A post as pages name it.
#[derive(Debug, Clone, Default)]
pub struct PostName {
    pub title: String,
    pub unit: String,
    /// Who holds it today.
    pub holders: Vec<String>,
}

/// Officers and posts by id.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub officers: HashMap<Id, String>,
    pub posts: HashMap<Id, PostName>,
}

impl People {
    /// Everyone who stands in these tasks and events, and `others`.
    pub fn of(
        reader: &mut Reader<'_>,
        (directory, tree): (&Directory, &UnitTree),
        (tasks, events): (&[Task], &[Event]),
        others: &[Option<Id>],
    ) -> Result<Self> {
        let of_tasks = tasks.iter().flat_map(|t| [t.officer, t.done_by]);
        let of_events = events.iter().map(|e| e.officer);
        let officers: Vec<Id> = of_tasks.chain(of_events).chain(others.iter().copied()).flatten().collect();
        let of_tasks = tasks.iter().flat_map(|t| [t.post, t.on_behalf_of]);
        let of_events = events.iter().flat_map(|e| [e.on_behalf_of, e.to_post]);
        let mut posts: Vec<Id> = of_tasks.chain(of_events).flatten().collect();
        posts.sort_unstable();
        posts.dedup();
        let officers = directory.names(reader, &officers)?;
        Ok(Self { officers, posts: post_names(reader, tree, &posts, directory.today())? })
    }

    /// An officer's name.
    pub fn officer(&self, id: Option<Id>) -> Option<&str> {
        id.and_then(|id| self.officers.get(&id)).map(String::as_str)
    }

    /// A post's title.
    pub fn post(&self, id: Option<Id>) -> Option<&PostName> {
        id.and_then(|id| self.posts.get(&id))
    }

    /// Who holds a task, for "đang chờ …": the post with its holders, or the person.
    pub fn holder(&self, task: &Task) -> String {
        match (self.post(task.post), self.officer(task.officer)) {
            (Some(post), _) if post.holders.is_empty() => format!("{} (chưa có người giữ)", post.title),
            (Some(post), _) => format!("{} – {}", post.title, post.holders.join(", ")),
            (None, Some(name)) => name.to_owned(),
            (None, None) => "–".to_owned(),
        }
    }

    /// Who did something, and for which post if they stood in: "Lò Thị Mẩy (thay mặt Chủ tịch)".
    pub fn doer(&self, officer: Option<Id>, on_behalf_of: Option<Id>) -> Option<String> {
        let name = self.officer(officer)?;
        Some(match self.post(on_behalf_of) {
            Some(post) => format!("{name} (thay mặt {})", post.title),
            None => name.to_owned(),
        })
    }
}

fn post_names(reader: &mut Reader<'_>, tree: &UnitTree, ids: &[Id], day: Day) -> Result<HashMap<Id, PostName>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Val> = params![day].to_vec();
    let list = in_list(2, ids, &mut values);
    let rows: Vec<(Id, String, Id, Option<String>)> = reader.all(
        &format!(
            "SELECT p.id, p.title, p.unit_id, o.name FROM post p
             LEFT JOIN post_holder h ON h.post_id = p.id AND h.valid_from <= $1 AND (h.valid_to IS NULL OR h.valid_to >= $1)
             LEFT JOIN officer o ON o.id = h.officer_id WHERE p.id IN ({list}) ORDER BY p.id, o.name_key"
        ),
        &values,
    )?;
    let mut posts: BTreeMap<Id, PostName> = BTreeMap::new();
    for (id, title, unit, holder) in rows {
        let post = posts.entry(id).or_insert_with(|| PostName {
            title,
            unit: tree.name(unit).to_owned(),
            holders: Vec::new(),
        });
        post.holders.extend(holder);
    }
    Ok(posts.into_iter().collect())
}
