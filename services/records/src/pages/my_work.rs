//! "Việc của tôi": everything that waits for the officer, from all systems, the most urgent first.

use crate::task::{self, WorkCursor, WorkItem};
use crate::term::by_clock;
use askama::Template;
use serde::Deserialize;
use types::{Id, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query, Sample};

/// Rows of a page.
const ROWS: usize = 50;

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    sau: Option<String>,
}

/// One row, ready to be drawn.
struct Line {
    item: WorkItem,
    term: TimeLeft,
    post: Option<String>,
}

#[derive(Template)]
#[template(path = "my_work.html")]
struct MyWork {
    lines: Vec<Line>,
    more: Option<String>,
    first: bool,
    late: usize,
}

/// GET /viec-cua-toi
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let officer = ctx.officer()?;
    let (posts, id, now) = (ctx.who.post_ids(), officer.id, ctx.now());
    let after = asked.sau.as_deref().and_then(read_cursor);
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut items = ctx.store().read(move |r| task::waiting_for(r, &posts, id, after, limit)).await?;
    let more = (items.len() > ROWS).then(|| items.truncate(ROWS)).and_then(|()| items.last().map(cursor));
    let stood_in: Vec<(Id, String)> =
        officer.posts.iter().filter(|p| p.stand_in).map(|p| (p.id, format!("thay mặt {}", p.title))).collect();
    let lines: Vec<Line> = items
        .into_iter()
        .map(|item| {
            let post = item.post.and_then(|id| stood_in.iter().find(|(p, _)| *p == id)).map(|(_, title)| title.clone());
            Line { term: by_clock(now, item.opened_at, item.due_at), item, post }
        })
        .collect();
    let late = lines.iter().filter(|line| line.item.due_at < now).count();
    Ok(WebPage::desk("Việc của tôi", MyWork { lines, more, first: after.is_none(), late }))
}

fn cursor(item: &WorkItem) -> String {
    format!("/viec-cua-toi?sau={}-{}", item.due_at.0, item.task)
}

fn read_cursor(text: &str) -> Option<WorkCursor> {
    let (due, task) = text.split_once('-')?;
    Some(WorkCursor { due_at: Timestamp(due.parse().ok()?), task: task.parse().ok()? })
}

impl MyWork {
    fn warning(&self) -> Html {
        if self.late == 0 {
            return Html::default();
        }
        let text = format!("{} việc dưới đây đã quá hạn. Hãy xử lý trước hoặc báo lãnh đạo.", self.late);
        Notice::new(Tone::Danger, text).titled("Quá hạn").into()
    }

    fn pages(&self) -> Html {
        let back = (!self.first).then(|| "/viec-cua-toi".to_owned());
        if back.is_none() && self.more.is_none() {
            return Html::default();
        }
        Pagination::new(back, self.more.clone()).into()
    }

    fn table(&self) -> Table {
        let rows = self.lines.iter().map(|line| {
            let item = &line.item;
            let task: Html = match &line.post {
                Some(post) => Cell::two(&item.title, post),
                None => item.title.as_str().into(),
            };
            Row::new([
                Cell::two(Cell::link(&item.code, &item.link), &item.subject),
                task,
                Cell::whole(ui::format::moment(item.opened_at)),
                line.term.clone().into(),
            ])
        });
        let empty = EmptyState::new("Không có việc nào đang chờ", "Hồ sơ được chuyển đến sẽ hiện ở đây.");
        Table::new("Việc đang chờ tôi xử lý")
            .columns([
                Column::new("Hồ sơ"),
                Column::new("Việc cần làm"),
                Column::new("Nhận lúc"),
                Column::new("Còn lại").sorted(Sort::Up),
            ])
            .rows(rows)
            .empty(empty)
    }
}

/// The page in its states, for the law of templates.
pub fn samples() -> Vec<Sample> {
    let now: Timestamp = "2026-11-21T09:12".parse().unwrap_or(Timestamp(0));
    let item = |n: i64, subject: &str, due_hours: i64| WorkItem {
        task: Id(n),
        record: Id(n),
        title: "Thẩm định hồ sơ, dự thảo kết quả".to_owned(),
        opened_at: now.plus_seconds(-7200),
        due_at: now.plus_seconds(due_hours * 3600),
        post: None,
        code: format!("H99.01-261121-{n:04}"),
        subject: subject.to_owned(),
        link: "/ho-so/H99.01-261121-0001".to_owned(),
        unit: Id(1),
    };
    let line = |item: WorkItem| Line { term: by_clock(now, item.opened_at, item.due_at), item, post: None };
    let long = "Đăng ký khai sinh cho Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Dao – Nguyễn Thị Mỹ Hạnh Đặng Đình Ưởng";
    let full = MyWork {
        lines: vec![line(item(1, long, -30)), line(item(2, "Chứng thực chữ ký: giấy ủy quyền – Lò Thị Mẩy", 1))],
        more: Some("/viec-cua-toi?sau=1-1".to_owned()),
        first: true,
        late: 1,
    };
    let empty = MyWork { lines: Vec::new(), more: None, first: true, late: 0 };
    vec![
        Sample { name: "my-work/full", page: WebPage::desk("Việc của tôi", full) },
        Sample { name: "my-work/empty", page: WebPage::desk("Việc của tôi", empty) },
    ]
}
