//! What waits for a post, told to who ends it or releases its last holder: nothing may lie where nobody looks.

use super::scope;
use crate::post::{self, Holding, Post, PostKind};
use types::{Day, Result};
use ui::{Html, Notice, Tone};
use web::Ctx;

/// Work at a post, and who will be asked to give it to somebody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiting {
    pub count: i64,
    /// Those who lead the authority today.
    pub leaders: Vec<String>,
}

impl Waiting {
    /// What waits for `post`.
    pub(super) async fn at(ctx: &Ctx, post: &Post) -> Result<Self> {
        let (id, unit) = (post.id, post.unit);
        scope::read(ctx, move |reader, directory, tree| {
            let count = directory.work_at(reader, id)?;
            let leading = match count {
                0 => Vec::new(),
                _ => post::candidates(reader, tree, (tree.authority(unit), PostKind::Leader), "")?,
            };
            let holders = leading.into_iter().filter(|post| post.id != id).flat_map(|post| post.holders);
            let mut leaders: Vec<String> = holders.map(|(_, name)| name).collect();
            leaders.dedup();
            Ok(Self { count, leaders })
        })
        .await
    }

    /// The same, when nobody but `holding` holds the post from tomorrow on; nothing else.
    pub(super) async fn without(ctx: &Ctx, post: &Post, holding: &Holding, today: Day) -> Result<Self> {
        let id = post.id;
        let all = ctx.store().read(move |reader| post::holdings(reader, id)).await?;
        let stays = |one: &Holding| one.id != holding.id && one.to.is_none_or(|to| today < to);
        if all.iter().any(stays) { Ok(Self::default()) } else { Self::at(ctx, post).await }
    }

    /// The warning; nothing where nothing waits.
    pub(super) fn notice(&self) -> Html {
        if self.count == 0 {
            return Html::default();
        }
        let leaders = if self.leaders.is_empty() { String::new() } else { format!(" ({})", self.leaders.join(", ")) };
        let text = format!(
            "Còn {} việc đang chờ ở vị trí này. Sau ngày cuối cùng không còn ai ở vị trí nhận các việc đó: chúng hiện ở mục «Việc chưa có người giữ» để lãnh đạo{leaders} chuyển cho vị trí khác.",
            self.count
        );
        Notice::new(Tone::Warning, text).titled("Còn việc đang chờ").into()
    }
}
