//! GET /theo-doi/{token} : how far a dossier is, for whoever holds the receipt. No name, no number, no address: the
//! link may be seen over a shoulder or passed on.

use super::kept_out::keep_out;
use super::private;
use super::way::{self, WayStep};
use crate::dossier::{self, Dossier, DossierStop};
use crate::event;
use crate::own_form;
use crate::services::Services;
use crate::status::Status;
use crate::{due, track};
use askama::Template;
use calendar::{Deadline, WorkingCalendar};
use records::task;
use store::Reader;
use types::{Result, Timestamp};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path, Sample};

/// In place of an officer's words that cannot be held against the form.
const NOT_SHOWN: &str = "Lý do có trong thông báo gửi cho ông/bà; nơi tiếp nhận nói lại được.";

/// Everything that is shown, and nothing else: what is not in here cannot leak.
#[derive(Debug, Clone)]
struct Seen {
    code: String,
    procedure: String,
    procedure_code: String,
    unit: String,
    status: Status,
    received_at: Timestamp,
    due_at: Timestamp,
    ended_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    return_way: String,
    left: TimeLeft,
    steps: Vec<WayStep>,
    /// With the officer's words, particulars taken out.
    stops: Vec<DossierStop>,
    /// How the due time came about, line by line.
    explained: Vec<(String, bool)>,
    /// Where a file is held against the result, once there is one.
    compare: Option<String>,
    /// Papers of the agency that the party may have: what each is, when, whether it is signed, and where it is had.
    papers: Vec<OwnPaper>,
    /// When the result is to be had after an apology.
    new_due_at: Option<Timestamp>,
    /// The due time was set under a calendar that has changed since.
    calendar_changed: bool,
}

/// A paper of the agency.
#[derive(Debug, Clone)]
struct OwnPaper {
    title: &'static str,
    detail: String,
    address: String,
    sealed: bool,
}

#[derive(Template)]
#[template(path = "citizen/follow.html")]
struct Follow {
    seen: Seen,
}

/// GET /theo-doi/{token}
pub async fn show(ctx: Ctx, Path(token): Path<String>) -> Outcome {
    let (services, now) = (Services::of(&ctx.house), ctx.now());
    let seen = ctx.store().read(move |r| look(r, &services, &token, now)).await?;
    Ok(private(page(seen)))
}

fn page(seen: Seen) -> WebPage {
    WebPage::citizen(format!("Hồ sơ {}", seen.code), Follow { seen })
}

fn look(reader: &mut Reader<'_>, services: &Services, token: &str, now: Timestamp) -> Result<Seen> {
    let dossier = track::by_token(reader, token)?;
    let definition = services.procedures.by_id(reader, dossier.procedure)?.definition;
    let tree = services.tree(reader)?;
    let calendar = services.calendar(reader, dossier.unit, &tree)?;
    let tasks = task::of_record(reader, dossier.id)?;
    let steps = way::of(reader, (&services.directory, &tree), (&dossier, &definition), &tasks)?;
    let mut stops = dossier::stops(reader, dossier.id)?;
    let ended: Vec<DossierStop> = stops.iter().filter(|stop| stop.to.is_some()).cloned().collect();
    let ended = due::ended_stops(&ended, now);
    // A year without a calendar takes the explanation away, not the status and what was promised.
    let deadline = due::explain(&definition, dossier.case.as_deref(), &calendar, dossier.received_at, &ended).ok();
    let calendar_changed = due::differs(&definition, &calendar, &dossier, &stops).is_some();
    if !stops.is_empty() {
        // What of the party stands in the officer's words can only be told with the form at hand.
        let values = dossier::form_if_it_opens(reader, &services.directory.keys(), dossier.id)?;
        let told = |reason: &str| match &values {
            Some(values) => keep_out(reason, &definition, values),
            None => NOT_SHOWN.to_owned(),
        };
        stops.iter_mut().for_each(|stop| stop.reason = told(&stop.reason));
    }
    let events = event::of_dossier(reader, dossier.id)?;
    let forms = own_form::of_events(reader, &events)?;
    let new_due_at = own_form::new_due_at(&forms, &dossier, &stops);
    let papers = forms.iter().filter(|form| own_form::is_for_party(form, &dossier, &stops)).map(|form| OwnPaper {
        title: form.kind.title(),
        detail: format::moment(form.event.at),
        address: format!("/theo-doi/{token}/giay-to/{}", form.event.id),
        sealed: form.sealed().is_some(),
    });
    let has_result = matches!(dossier.status, Status::Finished | Status::Delivered);
    Ok(Seen {
        papers: papers.collect(),
        new_due_at,
        compare: has_result.then(|| format!("/theo-doi/{token}/doi-chieu")),
        left: left(&dossier, deadline.as_ref(), &calendar, now),
        procedure: definition.short_name().to_owned(),
        unit: tree.name(dossier.unit).to_owned(),
        calendar_changed,
        explained: deadline
            .map(|deadline| deadline.steps.into_iter().map(|step| (step.sentence, step.verified)).collect())
            .unwrap_or_default(),
        steps,
        stops,
        code: dossier.code,
        procedure_code: dossier.procedure_code,
        status: dossier.status,
        received_at: dossier.received_at,
        due_at: dossier.due_at,
        ended_at: dossier.ended_at,
        delivered_at: dossier.delivered_at,
        return_way: dossier.return_way,
    })
}

/// The time left in working time, or how it ended.
fn left(dossier: &Dossier, deadline: Option<&Deadline>, calendar: &WorkingCalendar, now: Timestamp) -> TimeLeft {
    if dossier.status.is_stop() {
        return TimeLeft::new(Term::Stopped, "Tạm dừng tính thời gian", 0);
    }
    if dossier.ended_at.is_some() {
        return match dossier.outcome.as_deref() {
            Some("early") => TimeLeft::new(Term::Done, "Xong trước hạn", 100),
            Some("on_time") => TimeLeft::new(Term::Done, "Xong đúng hạn", 100),
            Some("late") => TimeLeft::new(Term::Late, "Xong sau hạn", 100),
            _ => TimeLeft::new(Term::Stopped, "Đã kết thúc", 100),
        };
    }
    let minutes = calendar.working_minutes(now, dossier.due_at).ok();
    let share = deadline.and_then(|deadline| deadline.share_used(calendar, now).ok());
    let (Some(minutes), Some(share)) = (minutes, share) else {
        return records::by_clock(now, dossier.received_at, dossier.due_at);
    };
    let used = share.percent().clamp(0, 100);
    let used = u8::try_from(used).unwrap_or(100);
    let words = format::working_time(minutes, 8 * 60);
    match minutes {
        late if late < 0 || now > dossier.due_at => TimeLeft::new(Term::Late, format!("Quá hạn {words} làm việc"), 100),
        _ if used >= 70 => TimeLeft::new(Term::Soon, format!("Còn {words} làm việc"), used),
        _ => TimeLeft::new(Term::InTime, format!("Còn {words} làm việc"), used),
    }
}

impl Seen {
    /// The state in a plain sentence, with what the party is to do.
    fn sentence(&self) -> String {
        let at_counter = self.return_way == "counter";
        match self.status {
            Status::Submitted => "Hồ sơ đã gửi đến, đang chờ bộ phận một cửa kiểm tra.".to_owned(),
            Status::Received => "Hồ sơ đã được tiếp nhận và đang chờ người giải quyết nhận việc.".to_owned(),
            Status::Refused => "Hồ sơ không được tiếp nhận. Lý do có trong phiếu từ chối.".to_owned(),
            Status::InProgress => "Hồ sơ đang được giải quyết. Ông/bà chưa phải làm gì thêm.".to_owned(),
            Status::SupplementRequested => {
                "Hồ sơ đang chờ ông/bà bổ sung giấy tờ. Thời gian chờ không tính vào thời hạn; hạn trả lùi lại đúng bằng thời gian đó.".to_owned()
            }
            Status::PaymentRequested => {
                "Hồ sơ đang chờ ông/bà nộp tiền. Thời gian chờ không tính vào thời hạn; hạn trả lùi lại đúng bằng thời gian đó.".to_owned()
            }
            Status::Withdrawn => "Hồ sơ đã được rút theo yêu cầu.".to_owned(),
            Status::Stopped => "Hồ sơ đã dừng giải quyết. Lý do có trong thông báo gửi cho ông/bà.".to_owned(),
            Status::Finished if at_counter => format!("Đã có kết quả. Mời ông/bà mang giấy tiếp nhận đến bộ phận một cửa của {} để nhận.", self.unit),
            Status::Finished => "Đã có kết quả và đang được gửi đến ông/bà theo cách đã chọn.".to_owned(),
            Status::Delivered => "Kết quả đã được trả. Hồ sơ đã kết thúc.".to_owned(),
        }
    }

    fn due(&self) -> String {
        format::moment(self.due_at)
    }

    fn time_left(&self) -> TimeLeft {
        self.left.clone().due(format!("hạn {}", self.due())).large()
    }

    fn facts(&self) -> KeyValues {
        let way = match self.return_way.as_str() {
            "post" => "Qua bưu chính công ích",
            "online" => "Bản điện tử",
            _ => "Tại bộ phận một cửa",
        };
        KeyValues::new()
            .row("Mã hồ sơ", self.code.as_str())
            .row(
                "Thủ tục",
                Html::text(&self.procedure)
                    .and(Link::new(format!("({})", self.procedure_code), format!("/thu-tuc/{}", self.procedure_code))),
            )
            .row("Nơi tiếp nhận", self.unit.as_str())
            .row("Tiếp nhận lúc", format::moment(self.received_at))
            .row("Hạn trả kết quả", self.due())
            .maybe("Hẹn lại", self.new_due_at.map(format::moment))
            .maybe("Có kết quả lúc", self.ended_at.filter(|_| self.has_result()).map(format::moment))
            .maybe("Kết thúc lúc", self.ended_at.filter(|_| !self.has_result()).map(format::moment))
            .maybe("Trả kết quả lúc", self.delivered_at.map(format::moment))
            .row("Cách nhận kết quả", way)
    }

    /// What the agency wrote, each with whether it is signed.
    fn papers_list(&self) -> FileList {
        self.papers.iter().rev().fold(FileList::new(), |list, paper| {
            let list = list.file(paper.title, "giay-to.pdf", &paper.detail, &paper.address);
            if paper.sealed {
                list.state(Tone::Success, Icon::ShieldCheck, "Đã ký số, đóng dấu")
            } else {
                list.state(Tone::Neutral, Icon::FileText, "Bản in, chưa ký số")
            }
        })
    }

    fn has_result(&self) -> bool {
        matches!(self.status, Status::Finished | Status::Delivered)
    }

    fn progress(&self) -> Progress {
        self.steps.iter().fold(Progress::new(), |progress, step| progress.step(step.state, &step.title, &step.detail))
    }

    /// What is asked of the party now, first of all.
    fn asked(&self) -> Html {
        let open = self.stops.iter().find(|stop| stop.to.is_none());
        open.filter(|_| self.status.is_stop()).map_or_else(Html::default, |stop| {
            Notice::new(Tone::Warning, stop.reason.as_str()).titled(stop.status.title()).into()
        })
    }

    fn past_stops(&self) -> Vec<String> {
        let ended = self.stops.iter().filter_map(|stop| Some((stop, stop.to?)));
        let line = |(stop, to): (&DossierStop, Timestamp)| {
            let (from, to) = (format::moment(stop.from), format::moment(to));
            format!("{}, từ {from} đến {to}: {}", stop.status.title(), stop.reason)
        };
        ended.map(line).collect()
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let at = |text: &str| text.parse().unwrap_or(Timestamp(0));
    let step = |title: &str, state, detail: &str| WayStep { title: title.to_owned(), state, detail: detail.to_owned() };
    let stop = |to: Option<Timestamp>| DossierStop {
        id: types::Id(1),
        status: Status::SupplementRequested,
        from: at("2026-11-20T15:10"),
        to,
        reason: "Bổ sung giấy chứng sinh bản chính; bản đã nộp là bản chụp.".to_owned(),
    };
    let seen = |status: Status, left: TimeLeft, stops: Vec<DossierStop>| Seen {
        code: "H99.01-261120-0001".to_owned(),
        procedure: "Khai sinh".to_owned(),
        procedure_code: "1.001193".to_owned(),
        unit: "Xã Suối Mơ".to_owned(),
        status,
        received_at: at("2026-11-20T14:00"),
        due_at: at("2026-11-20T17:30"),
        ended_at: (status == Status::Finished).then(|| at("2026-11-20T16:40")),
        delivered_at: None,
        return_way: "counter".to_owned(),
        left,
        steps: vec![
            step("Tiếp nhận, kiểm tra, số hóa hồ sơ", StepState::Done, "Xong 14:00 20/11"),
            step(
                "Thẩm định hồ sơ, dự thảo kết quả",
                StepState::Current,
                "Đang ở Công chức Tư pháp – Hộ tịch, Phòng Văn hóa – Xã hội từ 14:00 20/11",
            ),
            step("Ký kết quả", StepState::Ahead, ""),
            step("Trả kết quả", StepState::Ahead, ""),
        ],
        stops,
        explained: vec![
            ("Tiếp nhận lúc 14:00 thứ Sáu 20/11/2026, tính từ thời điểm này.".to_owned(), true),
            ("Hạn là 17:30 thứ Sáu 20/11/2026.".to_owned(), false),
        ],
        papers: [("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", true), ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", false)]
            .map(|(title, sealed)| OwnPaper {
                title,
                detail: "14:00 20/11/2026".to_owned(),
                address: format!("/theo-doi/{}/giay-to/1", "0".repeat(32)),
                sealed,
            })
            .to_vec(),
        new_due_at: (status == Status::InProgress).then(|| at("2026-11-23T17:00")),
        calendar_changed: status == Status::Finished,
        compare: (status == Status::Finished).then(|| format!("/theo-doi/{}/doi-chieu", "0".repeat(32))),
    };
    vec![
        Sample {
            name: "citizen-follow/in-progress",
            page: page(seen(
                Status::InProgress,
                TimeLeft::new(Term::InTime, "Còn 3 giờ làm việc", 20),
                vec![stop(Some(at("2026-11-20T15:40")))],
            )),
        },
        Sample {
            name: "citizen-follow/supplement",
            page: page(seen(
                Status::SupplementRequested,
                TimeLeft::new(Term::Stopped, "Tạm dừng tính thời gian", 0),
                vec![stop(None)],
            )),
        },
        Sample {
            name: "citizen-follow/finished",
            page: page(seen(Status::Finished, TimeLeft::new(Term::Done, "Xong trước hạn", 100), Vec::new())),
        },
    ]
}
