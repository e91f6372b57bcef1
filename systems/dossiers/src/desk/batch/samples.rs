//! Passing many on, in its states.

use super::draw::{Batch, Done, Refused};
use super::{Ending, Group, Picked, Sorted};
use crate::desk::samples::{dossier, next_post};
use crate::status::Status;
use types::Error;
use web::{Page as WebPage, Sample};

const LONG: &str = "Công Tằng Tôn Nữ Nguyễn Phước Mỹ Hạnh Quỳnh Dao";

/// With dossiers that cannot go, without anybody to go to, and what became of them.
pub fn samples() -> Vec<Sample> {
    let picked = |n: i64, name: &str| Picked {
        dossier: dossier(n, name, Status::InProgress),
        doing: "Thẩm định hồ sơ, dự thảo kết quả".to_owned(),
    };
    let group =
        |posts, picked| Group {
            key: "leader-HT-2".to_owned(), step: "Ký duyệt kết quả".to_owned(), posts, picked
        };
    let full = Batch {
        sorted: Sorted {
            groups: vec![
                group(vec![next_post()], vec![picked(1, LONG), picked(2, "Lò Thị Mẩy")]),
                Group { key: "leader-DD-2".to_owned(), ..group(Vec::new(), vec![picked(3, LONG)]) },
            ],
            endings: vec![Ending { picked: picked(5, LONG), results: vec![signatures::sample_sealed()] }],
            left: vec![(dossier(4, LONG, Status::SupplementRequested), "đang dừng tính thời gian")],
        },
        command: "0123456789abcdef".to_owned(),
    };
    let refused = |code: &str, error| Refused { code: code.to_owned(), error };
    let done = Done {
        ended: 2,
        passed: (1..39).map(|n| format!("H99.01-261120-{n:04}")).collect(),
        refused: vec![
            refused("H99.01-261120-0039", Error::conflict("Hồ sơ này vừa được người khác xử lý.")),
            refused("H99.01-261120-0040", Error::invalid("to", "Người được chọn không làm được bước «Ký duyệt».")),
        ],
        unknown: 1,
    };
    let all = Done { passed: vec!["H99.01-261120-0001".to_owned()], ended: 0, refused: Vec::new(), unknown: 0 };
    vec![
        Sample { name: "batch/full", page: WebPage::desk("Chuyển nhiều hồ sơ", full) },
        Sample { name: "batch/some", page: WebPage::desk(done.title(), done) },
        Sample { name: "batch/all", page: WebPage::desk(all.title(), all) },
    ]
}
