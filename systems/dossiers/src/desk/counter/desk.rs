//! At which counter an officer sits: the post acted in and the authority that receives.

use crate::DOSSIERS_RECEIVE;
use crate::access::office;
use directory::UnitTree;
use types::{Error, Id, Result};
use web::{HeldPost, Who};

/// The counter of this request.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The post that receives.
    pub post: Id,
    /// The authority whose dossier it becomes.
    pub unit: Id,
    /// Its electronic identifier, with which the dossier's code begins.
    pub unit_code: String,
    /// All posts in which the officer may receive, for choosing.
    pub posts: Vec<(Id, String)>,
}

impl Desk {
    /// The chosen post, or the first in which the officer may receive.
    pub fn of(who: &Who, tree: &UnitTree, chosen: Option<Id>) -> Result<Self> {
        let posts: Vec<&HeldPost> =
            who.posts().filter(|post| post.permissions.contains(DOSSIERS_RECEIVE.name)).collect();
        let post = match chosen {
            Some(id) => posts.iter().find(|post| post.id == id),
            None => posts.first(),
        };
        let post =
            post.ok_or_else(|| Error::forbidden("Ông/bà không giữ vị trí được tiếp nhận hồ sơ. Hãy báo quản trị."))?;
        let unit = office(tree, post.unit);
        let unit_code = tree.get(unit).and_then(|unit| unit.code.clone()).ok_or_else(|| {
            Error::conflict(format!(
                "«{}» chưa có mã định danh điện tử nên chưa cấp được mã hồ sơ. Hãy nhờ quản trị nhập mã của đơn vị.",
                tree.name(unit)
            ))
        })?;
        let name = |post: &&HeldPost| {
            let title = format!("{} – {}", post.title, post.unit_name);
            (post.id, if post.stand_in { format!("{title} (thay mặt)") } else { title })
        };
        Ok(Self { post: post.id, unit, unit_code, posts: posts.iter().map(name).collect() })
    }
}
