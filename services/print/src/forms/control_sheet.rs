//! Form 06: phiếu kiểm soát quá trình giải quyết hồ sơ, with the annex that explains the due time.

use super::{AgencyHead, ProcedureName};
use crate::{Job, Page, PrintError, Template};
use serde::{Deserialize, Serialize};
use types::{Day, Timestamp};

/// What form 06 says. Becomes a PDF by [`ControlSheetData::job`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlSheetData {
    /// Marks every page "BẢN DEMO – dữ liệu hư cấu".
    pub demo: bool,
    /// Left head.
    pub head: AgencyHead,
    /// Place before the date ("địa danh").
    pub place: String,
    /// When the sheet was drawn up.
    pub made_at: Timestamp,
    /// Dossier code (mã hồ sơ).
    pub dossier_code: String,
    /// The procedure.
    pub procedure: ProcedureName,
    /// Whose dossier it is; left out where the sheet is published.
    pub party: Option<String>,
    /// "Cơ quan (bộ phận) giải quyết hồ sơ".
    pub handling_agency: String,
    /// "Cơ quan phối hợp giải quyết hồ sơ".
    pub cooperating_agencies: Vec<String>,
    /// Valid receipt: the clock starts.
    pub received_at: Timestamp,
    /// Due time in force, with stops and apology counted in.
    pub due_at: Timestamp,
    /// When the result was signed and numbered: the clock ends. Empty while the dossier is open.
    pub ended_at: Option<Timestamp>,
    /// How it ended against its due time.
    pub outcome: Option<Outcome>,
    /// One row per hand-over, in order.
    pub hand_overs: Vec<HandOver>,
    /// The annex "Cách tính hạn trả kết quả".
    pub due_time: Option<DueTimeExplained>,
}

/// One hand-over: who held the dossier, from when to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Who held it.
    pub holder: Holder,
    /// What was to be done, e.g. "Thẩm định".
    pub step: Option<String>,
    /// Received by the holder.
    pub from: Timestamp,
    /// Handed on; empty for who holds it now.
    pub to: Option<Timestamp>,
    /// Working minutes that the step is allotted.
    pub allotted_minutes: Option<u32>,
    /// Working minutes that it took, stops left out.
    pub held_minutes: Option<u32>,
    /// Early, on time or late against the step's allotment.
    pub outcome: Option<Outcome>,
    /// Remark.
    pub note: Option<String>,
}

/// Who held the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The unit.
    pub unit: String,
    /// The post, e.g. "Công chức tư pháp - hộ tịch".
    pub post: Option<String>,
    /// The officer.
    pub person: Option<String>,
    /// The officer on whose behalf it was done, where the holder was a stand-in.
    pub on_behalf_of: Option<String>,
}

/// How a dossier or a step ended against its due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Trước hạn.
    Early,
    /// Đúng hạn.
    OnTime,
    /// Quá hạn.
    Late,
}

/// How the due time came about, day by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueTimeExplained {
    /// The rule in one sentence, e.g. "03 ngày làm việc kể từ thời điểm tiếp nhận hồ sơ hợp lệ".
    pub rule: String,
    /// Where the rule stands.
    pub legal_basis: Option<String>,
    /// First moment that counts; later than the receipt where that fell outside working hours.
    pub starts_at: Timestamp,
    /// Every day from start to due time, in order.
    pub days: Vec<CountedDay>,
    /// Stops, in order.
    pub stops: Vec<Stop>,
    /// The due time that comes out.
    pub due_at: Timestamp,
    /// The due time that was promised, where a change of the calendar makes the count come out otherwise.
    #[serde(default)]
    pub promised_at: Option<Timestamp>,
}

/// One calendar day of the count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    /// The day.
    pub day: Day,
    /// Counted, skipped or swapped.
    pub kind: DayKind,
    /// Working minutes of this day that were counted; nothing for a skipped day.
    pub minutes: Option<u32>,
    /// The reason in words, e.g. "Ngày Văn hóa Việt Nam (Nghị quyết 28/2026/QH16)".
    pub reason: Option<String>,
}

/// Why a day was counted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// The day of the start; day 0.
    Start,
    /// A working day, counted.
    Counted,
    /// A weekly day off, skipped.
    WeeklyOff,
    /// A public holiday, skipped.
    Holiday,
    /// A working day swapped to a day off, skipped.
    SwappedOff,
    /// A day off swapped to a working day, counted.
    SwappedToWork,
}

/// A stop of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// When the clock stopped.
    pub from: Timestamp,
    /// When it went on; empty while it stands.
    pub to: Option<Timestamp>,
    /// Why, in words.
    pub reason: String,
    /// How far the due time moved.
    pub effect: Option<StopEffect>,
}

/// How far a stop moves the due time: working time for rules in working time, else calendar time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "time", content = "minutes", rename_all = "snake_case")]
pub enum StopEffect {
    /// Working minutes.
    Working(u32),
    /// Minutes by the calendar.
    Calendar(u32),
}

impl ControlSheetData {
    /// The print job of this sheet.
    ///
    /// # Errors
    /// None in practice: plain data always becomes JSON.
    pub fn job(&self, page: Page, made_at: Timestamp) -> Result<Job, PrintError> {
        Ok(Job {
            template: Template::named("control-sheet"),
            ident: format!("{}/form-06", self.dossier_code),
            data: serde_json::to_value(self).map_err(|e| PrintError::Protocol(e.to_string()))?,
            assets: vec![],
            page,
            made_at,
        })
    }

    /// A dossier that went through many hands over several pages; fictional, and marked so.
    pub fn sample() -> Self {
        let at = |s: &str| -> Timestamp { s.parse().expect("a moment written in this file") };
        let hand_over = |unit: &str, post: &str, person: &str, from: &str, to: &str| HandOver {
            holder: Holder {
                unit: unit.into(),
                post: Some(post.into()),
                person: Some(person.into()),
                on_behalf_of: None,
            },
            step: None,
            from: at(from),
            to: Some(at(to)),
            allotted_minutes: Some(240),
            held_minutes: Some(185),
            outcome: Some(Outcome::OnTime),
            note: None,
        };
        let counter = "Trung tâm Phục vụ hành chính công xã An Bình";
        let office = "Phòng Văn hóa - Xã hội xã An Bình";
        let mut hand_overs = vec![
            HandOver {
                step: Some("Tiếp nhận hồ sơ".into()),
                outcome: Some(Outcome::Early),
                ..hand_over(counter, "Công chức một cửa", "Lò Thị Mẩy", "2026-11-20T14:05", "2026-11-20T15:10")
            },
            HandOver {
                step: Some("Thẩm định hồ sơ, xác minh nhân thân".into()),
                outcome: Some(Outcome::Late),
                held_minutes: Some(575),
                note: Some("Chờ Công an xã trả lời xác minh; đã nhắc hai lần.".into()),
                ..hand_over(
                    office,
                    "Công chức tư pháp - hộ tịch",
                    "Chẩu Thị Xuyến Chi",
                    "2026-11-20T15:10",
                    "2026-11-23T16:20",
                )
            },
            HandOver {
                step: Some("Ký duyệt".into()),
                holder: Holder {
                    unit: "Ủy ban nhân dân xã An Bình".into(),
                    post: Some("Phó Chủ tịch".into()),
                    person: Some("Đặng Đình Ưởng".into()),
                    on_behalf_of: Some("Nguyễn Thị Mỹ Hạnh, Chủ tịch".into()),
                },
                ..hand_over("", "", "", "2026-11-23T16:20", "2026-11-25T09:00")
            },
        ];
        for turn in 0..14 {
            let (from, to) = (format!("2026-11-25T{:02}:{:02}", 9 + turn / 4, turn % 4 * 15), "2026-11-25T14:00");
            hand_overs.push(HandOver {
                step: Some(format!("Lấy ý kiến cơ quan phối hợp, lần {}", turn + 1)),
                ..hand_over(
                    "Chi nhánh Văn phòng Đăng ký đất đai khu vực An Bình – Tân Hòa – Phú Thượng",
                    "Viên chức địa chính",
                    "Huỳnh Ngọc Ẩn",
                    &from,
                    to,
                )
            });
        }
        hand_overs.push(HandOver {
            holder: Holder { unit: counter.into(), post: None, person: None, on_behalf_of: None },
            step: Some("Trả kết quả".into()),
            from: at("2026-11-25T14:00"),
            to: None,
            allotted_minutes: None,
            held_minutes: None,
            outcome: None,
            note: None,
        });
        let day = |d: &str, kind, minutes, reason: Option<&str>| CountedDay {
            day: d.parse().expect("a day written in this file"),
            kind,
            minutes,
            reason: reason.map(str::to_owned),
        };
        Self {
            demo: true,
            head: AgencyHead {
                superior: Some("Ủy ban nhân dân xã An Bình".into()),
                agency: counter.into(),
                counter: None,
            },
            place: "An Bình".into(),
            made_at: at("2026-11-25T14:30"),
            dossier_code: "H15.50.05-261120-0027".into(),
            procedure: ProcedureName {
                code: "1.001193".into(),
                title: "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có yếu tố nước ngoài tại khu vực biên giới"
                    .into(),
            },
            party: Some("Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương".into()),
            handling_agency: office.into(),
            cooperating_agencies: vec![
                "Công an xã An Bình".into(),
                "Chi nhánh Văn phòng Đăng ký đất đai khu vực An Bình – Tân Hòa – Phú Thượng".into(),
            ],
            received_at: at("2026-11-20T14:05"),
            due_at: at("2026-11-26T16:05"),
            ended_at: Some(at("2026-11-25T14:00")),
            outcome: Some(Outcome::Early),
            hand_overs,
            due_time: Some(DueTimeExplained {
                rule: "03 ngày làm việc kể từ thời điểm tiếp nhận hồ sơ hợp lệ".into(),
                legal_basis: Some(
                    "Quy trình nội bộ do Chủ tịch Ủy ban nhân dân tỉnh phê duyệt (dữ liệu hư cấu)".into(),
                ),
                starts_at: at("2026-11-20T14:05"),
                days: vec![
                    day("2026-11-20", DayKind::Start, Some(205), Some("Tiếp nhận lúc 14 giờ 05 phút")),
                    day("2026-11-21", DayKind::SwappedToWork, Some(480), Some("Làm bù theo lịch hoán đổi (hư cấu)")),
                    day("2026-11-22", DayKind::WeeklyOff, None, None),
                    day("2026-11-23", DayKind::SwappedOff, None, Some("Nghỉ hoán đổi với thứ Bảy 21/11 (hư cấu)")),
                    day("2026-11-24", DayKind::Holiday, None, Some("Ngày Văn hóa Việt Nam (Nghị quyết 28/2026/QH16)")),
                    day("2026-11-25", DayKind::Counted, Some(480), None),
                    day("2026-11-26", DayKind::Counted, Some(395), Some("Gồm 120 phút bù cho lần tạm dừng")),
                ],
                stops: vec![Stop {
                    from: at("2026-11-25T08:00"),
                    to: Some(at("2026-11-25T10:00")),
                    reason: "Yêu cầu bổ sung giấy tờ: bản chính giấy chứng sinh".into(),
                    effect: Some(StopEffect::Working(120)),
                }],
                due_at: at("2026-11-26T16:05"),
                promised_at: None,
            }),
        }
    }

    /// The same dossier just received, every optional field empty.
    pub fn sample_bare() -> Self {
        let full = Self::sample();
        Self {
            head: AgencyHead { superior: None, agency: "Ủy ban nhân dân xã An Bình".into(), counter: None },
            party: None,
            cooperating_agencies: vec![],
            ended_at: None,
            outcome: None,
            hand_overs: full.hand_overs.into_iter().rev().take(1).collect(),
            due_time: None,
            ..full
        }
    }
}
