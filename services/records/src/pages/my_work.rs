//! "Việc của tôi": everything that waits for the officer, from all systems, the most urgent first. What waits for
//! somebody outside stands below and is never late. Rows whose step can be done for many at once can be picked.

mod samples;

pub use samples::samples;

use crate::task::Pace;
use crate::term::in_working_time;
use crate::work::{self, WorkCursor, WorkItem};
use askama::Template;
use calendar::{Calendars, WorkingCalendar};
use directory::Directory;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use store::Reader;
use types::{Id, Result, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query};

/// Rows of a page.
const ROWS: usize = 50;
/// The name under which the page for many at once gets each picked record.
const PICKED: &str = "chon";

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
    /// The officer's own turn.
    running: Vec<Line>,
    /// Somebody else's turn.
    standing: Vec<Line>,
    more: Option<String>,
    first: bool,
}

/// GET /viec-cua-toi
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let officer = ctx.officer()?;
    let (posts, id, now) = (ctx.who.post_ids(), officer.id, ctx.now());
    let after = asked.sau.as_deref().and_then(read_cursor);
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let (directory, calendars) = (ctx.house.service::<Directory>(), ctx.house.service::<Calendars>());
    let (items, calendars) = ctx
        .store()
        .read(move |r| {
            let items = work::waiting_for(r, &posts, id, after, limit)?;
            let calendars = calendars_of(r, (&directory, &calendars), &items)?;
            Ok((items, calendars))
        })
        .await?;
    let stood_in: Vec<(Id, String)> =
        officer.posts.iter().filter(|p| p.stand_in).map(|p| (p.id, format!("thay mặt {}", p.title))).collect();
    Ok(page(items, after.is_none(), |item| Line {
        term: in_working_time(
            calendars.get(&item.unit).map(|calendar| &**calendar),
            now,
            (item.pace, item.opened_at, item.due_at),
        ),
        post: item.post.and_then(|id| stood_in.iter().find(|(p, _)| *p == id)).map(|(_, title)| title.clone()),
        item,
    }))
}

/// The calendars of the units whose work it is: few units, however many rows, and each asked once.
fn calendars_of(
    reader: &mut Reader<'_>,
    (directory, calendars): (&Directory, &Calendars),
    items: &[WorkItem],
) -> Result<HashMap<Id, Arc<WorkingCalendar>>> {
    let tree = directory.tree(reader)?;
    let mut found = HashMap::new();
    for item in items.iter().filter(|item| item.pace == Pace::Running) {
        // A unit that has ended has no calendar any more; its time is told by the clock.
        if !found.contains_key(&item.unit) && tree.get(item.unit).is_some() {
            found.insert(item.unit, calendars.of(reader, item.unit, &tree)?);
        }
    }
    Ok(found)
}

/// The page of these items, one more than it shows where another page follows.
fn page(mut items: Vec<WorkItem>, first: bool, line: impl Fn(WorkItem) -> Line) -> WebPage {
    let more = (items.len() > ROWS).then(|| items.truncate(ROWS)).and_then(|()| items.last().map(cursor));
    let (running, standing) = items.into_iter().map(line).partition(|line| line.item.pace == Pace::Running);
    WebPage::desk("Việc của tôi", MyWork { running, standing, more, first })
}

fn cursor(item: &WorkItem) -> String {
    format!("/viec-cua-toi?sau={}.{}.{}", item.pace.number(), item.due_at.0, item.task)
}

fn read_cursor(text: &str) -> Option<WorkCursor> {
    let mut parts = text.split('.');
    let pace = Pace::of(parts.next()?.parse().ok()?).ok()?;
    let (due_at, task) = (Timestamp(parts.next()?.parse().ok()?), parts.next()?.parse().ok()?);
    Some(WorkCursor { pace, due_at, task })
}

impl MyWork {
    fn warning(&self) -> Html {
        match self.running.iter().filter(|line| line.term.is_late()).count() {
            0 => Html::default(),
            late => {
                let text = format!("{late} việc dưới đây đã quá hạn. Hãy xử lý trước hoặc báo lãnh đạo.");
                Notice::new(Tone::Danger, text).titled("Quá hạn").into()
            }
        }
    }

    fn pages(&self) -> Html {
        let back = (!self.first).then(|| "/viec-cua-toi".to_owned());
        if back.is_none() && self.more.is_none() {
            return Html::default();
        }
        Pagination::new(back, self.more.clone()).into()
    }

    /// What is the officer's turn. With rows to pick the table stands in a form of its own.
    fn waiting(&self) -> Html {
        let mut batches: Vec<&str> = self.running.iter().filter_map(|line| line.item.batch.as_deref()).collect();
        batches.sort_unstable();
        batches.dedup();
        let table = table("Việc đang chờ tôi xử lý", &self.running);
        let Some(first) = batches.first() else { return table.into() };
        let bar = batches.iter().fold(BulkBar::new(), |bar, batch| {
            let button = Button::submit("Chuyển các việc đã chọn").icon(Icon::Forward);
            bar.action(if batch == first { button } else { button.to(*batch) })
        });
        FormBox::get(*first).around(Html::from(table.pick(PICKED)).and(bar))
    }

    fn others(&self) -> Table {
        table("Việc đang chờ công dân", &self.standing)
    }
}

fn table(caption: &str, lines: &[Line]) -> Table {
    let rows = lines.iter().map(|line| {
        let item = &line.item;
        let task: Html = match &line.post {
            Some(post) => Cell::two(&item.title, post),
            None => item.title.as_str().into(),
        };
        let row = Row::new([
            Cell::two(Cell::link(&item.code, &item.link), &item.subject),
            task,
            Cell::whole(ui::format::moment(item.opened_at)),
            line.term.clone().into(),
        ]);
        if item.batch.is_some() { row.pick(item.record.to_string(), &item.code, false) } else { row }
    });
    let empty = EmptyState::new("Không có việc nào đang chờ", "Hồ sơ được chuyển đến sẽ hiện ở đây.");
    Table::new(caption)
        .columns([
            Column::new("Hồ sơ"),
            Column::new("Việc cần làm"),
            Column::new("Nhận lúc"),
            Column::new("Còn lại").sorted(Sort::Up),
        ])
        .rows(rows)
        .empty(empty)
}
