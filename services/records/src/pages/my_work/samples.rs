//! "Việc của tôi" in its states, for the law of templates.

use super::{Line, page};
use crate::task::Pace;
use crate::term::in_working_time;
use crate::work::WorkItem;
use calendar::WorkingCalendar;
use types::{Id, Timestamp};
use web::Sample;

const LONG: &str = "Đăng ký khai sinh cho Công Tằng Tôn Nữ Nguyễn Phước Quỳnh Dao – Nguyễn Thị Mỹ Hạnh Đặng Đình Ưởng";

/// Full with every pace, more than a page, and empty.
pub fn samples() -> Vec<Sample> {
    let now: Timestamp = "2026-11-20T09:12".parse().unwrap_or(Timestamp(0));
    let calendar = WorkingCalendar::standard();
    let item = |n: i64, (subject, due_hours): (&str, i64), pace: Pace| WorkItem {
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
        pace,
        batch: (pace == Pace::Running && n > 1).then(|| "/ho-so/chuyen-nhieu".to_owned()),
    };
    let line = |item: WorkItem| Line {
        term: in_working_time(Some(&calendar), now, (item.pace, item.opened_at, item.due_at)),
        post: (item.task == Id(2)).then(|| "thay mặt Phó Chủ tịch phụ trách Văn hóa – Xã hội".to_owned()),
        item,
    };
    let signature = "Chứng thực chữ ký: giấy ủy quyền – Lò Thị Mẩy";
    let full = vec![
        item(1, (LONG, -30), Pace::Running),
        item(2, (signature, 1), Pace::Running),
        item(3, (signature, 60), Pace::Running),
        item(4, (LONG, -50), Pace::Paused),
        item(5, (signature, -20), Pace::PickUp),
    ];
    let many = (0..51).map(|n| item(n, (signature, n), Pace::Running)).collect();
    vec![
        Sample { name: "my-work/full", page: page(full, true, line) },
        Sample { name: "my-work/many", page: page(many, false, line) },
        Sample { name: "my-work/empty", page: page(Vec::new(), true, line) },
    ]
}
