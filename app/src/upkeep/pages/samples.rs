//! Every page of this module with sample data, in its states.

use super::look::{Look, draw_closed};
use super::{key, plan_form};
use crate::tls::{Mode, Told};
use crate::upkeep::plan::Plan;
use crate::upkeep::run::{Kind, Run};
use crate::upkeep::sights::{self, Known};
use directory::keys::rotation::Turning;
use signatures::Care;
use store::{Backlog, Pulse};
use types::{Id, Timestamp};
use ui::prelude::*;
use web::Sample;

const NOW: Timestamp = Timestamp(1_795_000_000_000_000);
const WORD: &str = "AGE-SECRET-KEY-1MAUKHONGMOGIHETMAUKHONGMOGIHETMAUKHONGMOGIHETMAUKHONG";

fn run(kind: Kind, hours_ago: i64, failure: Option<&str>) -> Run {
    let began_at = NOW.plus_seconds(-hours_ago * 3600);
    let file = "/media/usb-cua-van-phong-hdnd-va-ubnd/nhaviec-20261120-223000.tar.zst.age".to_owned();
    let failure = failure.map(str::to_owned);
    Run {
        id: Id(hours_ago),
        kind,
        file,
        began_at,
        ended_at: Some(began_at.plus_seconds(70)),
        bytes: Some(184_000_000),
        failure,
    }
}

/// A machine that is looked after, or not.
fn known(looked_after: bool) -> Known {
    let folder = "/media/usb-cua-van-phong-hdnd-va-ubnd".to_owned();
    let plan = Plan { folder, at_minute: 1350, keep: 14, wanted_at: None, key_put_away: None };
    let good = looked_after.then(|| run(Kind::Backup, 6, None));
    let nothing = Backlog { count: 0, since: None };
    Known {
        now: NOW,
        newest_entry: Some(NOW.plus_seconds(if looked_after { -40 } else { 4000 })),
        free: Some(if looked_after { 180_000_000_000 } else { 900_000_000 }),
        plan: looked_after.then_some(plan),
        same_disk: false,
        last_backup: good.clone(),
        good_backup: good,
        last_rehearsal: looked_after.then(|| run(Kind::Rehearsal, 30, None)),
        key_put_away: looked_after,
        events: nothing,
        unsealed: nothing,
        pulse: Pulse::default(),
        rounds: Vec::new(),
        public_url: if looked_after { "https://dichvu.example.gov.vn" } else { "http://127.0.0.1:8080" }.to_owned(),
        demo: false,
        signing: Care {
            expired: Vec::new(),
            ending: vec![("Ủy ban nhân dân xã Phúc Khê Thượng (mẫu)".to_owned(), NOW.plus_seconds(20 * 86_400))],
            renewing: vec![("Nguyễn Thị Phương Thảo (mẫu)".to_owned(), NOW.plus_seconds(9 * 86_400))],
            unstamped: if looked_after { 0 } else { 3 },
            unproved: 0,
            told: (!looked_after).then(|| "Không liên lạc được với máy chủ cấp dấu thời gian.".to_owned()),
        },
        turning: Some(Turning {
            since: NOW.plus_seconds(-3600),
            turns: true,
            left: 4200,
            more: false,
            lost: (!looked_after).then_some(12),
        }),
        refuses_key_file: false,
        tls: told(looked_after),
        token_library: None,
    }
}

/// Encrypted by an authority of its own; or with files that were to be replaced.
fn told(looked_after: bool) -> Told {
    let print = "8F3A 04D2 19BC 77E0 5A61 C0FE 12D9 3B48 90AB 6E2F D471 0C35 E8F9 A716 2B5D 4C03";
    if !looked_after {
        let mode = Mode::Files { issuer: "Cơ quan chứng thực số chuyên dùng Chính phủ (mẫu)".to_owned() };
        let trouble =
            "Không đọc được /etc/nhaviec/tls/chung-thu-may-chu-dich-vu-cong.pem: không có tệp này.".to_owned();
        let uncovered = Some("127.0.0.1".to_owned());
        return Told { mode, ends: NOW.plus_seconds(4 * 86_400), trouble: Some(trouble), uncovered };
    }
    let mode = Mode::Local {
        authority_begins: Timestamp(0),
        authority_ends: NOW.plus_seconds(3_600 * 86_400),
        fingerprint: print.to_owned(),
        left_out: Vec::new(),
        offered_at: "http://192.168.1.10/cai-chung-thu".to_owned(),
    };
    Told { mode, ends: NOW.plus_seconds(80 * 86_400), trouble: None, uncovered: None }
}

fn look(looked_after: bool, runs: Vec<Run>) -> Look {
    let known = known(looked_after);
    let folder = known.plan.as_ref().map(|plan| plan.folder.clone());
    Look {
        sights: sights::all(&known),
        runs,
        folder,
        command: "mau-00000001".to_owned(),
        told: None,
        offers: looked_after,
    }
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let fresh = FormState::new(Lang::Vi);
    let mut wrong =
        FormState::sent(Lang::Vi, [("folder", "usb"), ("at", "25:00"), ("keep", "0"), ("ending", "ABCDEF")]);
    wrong.refuse("folder", "folder", "Không thấy thư mục này trên máy chủ. Hãy tạo thư mục, hoặc cắm USB rồi lưu lại.");
    wrong.refuse("at", "clock", "Nhập giờ trong ngày, ví dụ 22:30.");
    let mut other = FormState::sent(Lang::Vi, [("ending", "ABCDEF")]);
    other.refuse("ending", "other", "Sáu ký tự này không giống cuối khóa. Hãy xem lại bản đã chép.");
    let failed = "Không thấy thư mục này trên máy chủ. Hãy tạo thư mục, hoặc cắm USB rồi lưu lại.";
    let runs = vec![
        run(Kind::Backup, 6, None),
        run(Kind::Rehearsal, 30, None),
        run(Kind::Backup, 54, Some(failed)),
        Run { ended_at: None, bytes: None, ..run(Kind::Backup, 78, None) },
    ];
    vec![
        Sample { name: "upkeep/look", page: look(true, runs).draw() },
        Sample { name: "upkeep/look/nothing-done", page: look(false, Vec::new()).draw() },
        Sample {
            name: "upkeep/look/others",
            page: draw_closed("Máy chủ này do quản trị của Ủy ban nhân dân tỉnh Mường Khê trông coi."),
        },
        Sample { name: "upkeep/plan", page: plan_form::draw(None, &fresh, "mau-00000002") },
        Sample { name: "upkeep/plan/wrong", page: plan_form::draw(None, &wrong, "mau-00000003") },
        Sample { name: "upkeep/key", page: key::asking("mau-00000004") },
        Sample { name: "upkeep/key/shown", page: key::shown(WORD, &fresh, "mau-00000005") },
        Sample { name: "upkeep/key/other", page: key::confirming(&other, "mau-00000006") },
    ]
}
