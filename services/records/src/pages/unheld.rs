//! "Việc chưa có người giữ": what waits for posts that nobody holds, for whoever leads and can give it to somebody.

use crate::RECORDS_SEE_UNHELD;
use crate::unheld::{self, Unheld};
use directory::Directory;
use serde::Deserialize;
use types::{Id, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Query, Sample};

/// Rows of a page.
const ROWS: usize = 50;
const PATH: &str = "/viec-chua-co-nguoi";
const TITLE: &str = "Việc chưa có người giữ";

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    sau: Option<String>,
}

/// A row: the task, and the unit of its post by name.
type Line = (Unheld, String);

/// GET /viec-chua-co-nguoi
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome<WebPage> {
    let (granted, now) = (ctx.who.units_with(&RECORDS_SEE_UNHELD), ctx.now());
    let after = asked.sau.as_deref().and_then(read_cursor);
    let directory: Directory = ctx.house.service();
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut lines: Vec<Line> = ctx
        .store()
        .read(move |reader| {
            let tree = directory.tree(reader)?;
            let authorities: Vec<Id> = granted.into_iter().map(|unit| tree.authority(unit)).collect();
            let units = unheld::units_of(&tree, &authorities);
            let found = unheld::waiting(reader, &units, (now, after), limit)?;
            Ok(found
                .into_iter()
                .map(|one| (tree.name(one.unit).to_owned(), one))
                .map(|(unit, one)| (one, unit))
                .collect())
        })
        .await?;
    let more = (lines.len() > ROWS).then(|| lines.truncate(ROWS)).and_then(|()| lines.last().map(cursor));
    Ok(draw(&lines, (after.is_none(), more), now))
}

fn cursor((one, _): &Line) -> String {
    format!("{PATH}?sau={}-{}", one.due_at.0, one.task)
}

fn read_cursor(text: &str) -> Option<(Timestamp, Id)> {
    let (due, task) = text.split_once('-')?;
    Some((Timestamp(due.parse().ok()?), task.parse().ok()?))
}

fn draw(lines: &[Line], (first, more): (bool, Option<String>), now: Timestamp) -> WebPage {
    let row = |(one, unit): &Line| {
        let subject = if one.subject.is_empty() { "Hồ sơ hạn chế" } else { one.subject.as_str() };
        let due = ui::format::moment(one.due_at);
        let due = if one.due_at < now { format!("{due} (quá hạn)") } else { due };
        Row::new([
            Cell::two(Cell::link(&one.code, &one.link), subject),
            Html::text(&one.title),
            Cell::two(&one.post[..], &unit[..]),
            Html::text(due),
        ])
    };
    let table = Table::new(TITLE)
        .columns([
            Column::new("Hồ sơ"),
            Column::new("Việc cần làm"),
            Column::new("Vị trí đang trống"),
            Column::new("Hạn").sorted(Sort::Up),
        ])
        .rows(lines.iter().map(row))
        .empty(EmptyState::new(
            "Việc nào cũng có người giữ",
            "Vị trí kết thúc hoặc vắng người còn việc thì hiện ở đây.",
        ));
    let head = PageHead::new(TITLE).lead(
        "Các việc này chờ ở vị trí đã kết thúc hoặc không có ai giữ, không ai thay mặt. Hãy mở từng hồ sơ để chuyển người xử lý, hoặc nhờ quản trị giao vị trí cho cán bộ khác.",
    );
    let back = (!first).then(|| PATH.to_owned());
    let pages = if back.is_none() && more.is_none() { Html::default() } else { Pagination::new(back, more).into() };
    let body = Html::from(head).and(Card::quiet(TITLE).flush().around(Html::from(table))).and(pages);
    WebPage::desk(TITLE, Stack.around(body))
}

/// The page in its states, for the law of templates.
pub fn samples() -> Vec<Sample> {
    let now: Timestamp = "2026-11-21T09:12".parse().unwrap_or(Timestamp(0));
    let one = |n: i64, subject: &str, hours: i64| Unheld {
        task: Id(n),
        title: "Thẩm định hồ sơ, dự thảo kết quả".to_owned(),
        due_at: now.plus_seconds(hours * 3600),
        code: format!("H99.01-261121-{n:04}"),
        subject: subject.to_owned(),
        link: format!("/ho-so/H99.01-261121-{n:04}"),
        post: "Công chức Tư pháp – Hộ tịch phụ trách chứng thực".to_owned(),
        unit: Id(1),
    };
    let unit = "Phòng Văn hóa – Xã hội, Dân tộc, Tôn giáo Đặc khu Hoàng Su Phì Thượng".to_owned();
    let long = "Đăng ký khai sinh cho Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Dao – Nguyễn Thị Mỹ Hạnh Đặng Đình Ưởng";
    let lines = [(one(1, long, -30), unit.clone()), (one(2, "", 5), unit)];
    let more = Some(format!("{PATH}?sau=1-1"));
    vec![
        Sample { name: "unheld/some", page: draw(&lines, (true, more), now) },
        Sample { name: "unheld/none", page: draw(&[], (true, None), now) },
    ]
}
