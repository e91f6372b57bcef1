//! Each page with sample data, in its states, for the law that renders every page. All people are fictional.

use super::actions::{Action, Sent};
use super::choose::{self, Choose, Offered};
use super::counter::entry::Entry;
use super::counter::{self, CounterPage, Shown};
use super::list::{self, Asked, ListPage};
use super::people::{People, PostName};
use super::received::{self, ReceivedPage};
use super::show::{self, Done, DossierPage};
use super::term;
use crate::dossier::{Applicant, Dossier, DossierResult, DossierStop, Paper};
use crate::due;
use crate::event::{Event, EventKind};
use crate::lists::{From, Listed};
use crate::own_form::{FormKind, OwnForm};
use crate::procedure::{Definition, catalogue};
use crate::status::Status;
use calendar::{Deadline, WorkingCalendar};
use directory::{Post, PostKind};
use files::File;
use records::Task;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use types::{Day, Id, Timestamp};
use ui::{FormState, Lang};
use web::Sample;

const LONG: &str = "Công Tằng Tôn Nữ Nguyễn Phước Mỹ Hạnh Quỳnh Dao";

static CALENDAR: LazyLock<WorkingCalendar> = LazyLock::new(WorkingCalendar::standard);

fn at(local: &str) -> Timestamp {
    local.parse().unwrap_or(Timestamp(0))
}

fn now() -> Timestamp {
    at("2026-11-23T09:12")
}

fn definition(code: &str) -> Arc<Definition> {
    Arc::new(catalogue::find(code).unwrap_or_else(|| &catalogue::all()[0]).clone())
}

fn deadline(dossier: &Dossier) -> Deadline {
    let definition = definition(&dossier.procedure_code);
    due::explain(&definition, None, &CALENDAR, dossier.received_at, &[]).expect("2026 has a calendar")
}

pub(super) fn dossier(n: i64, name: &str, status: Status) -> Dossier {
    let received_at = at("2026-11-20T14:05");
    let ended = status.is_final() || status == Status::Finished;
    Dossier {
        id: Id(n),
        code: format!("H99.01-261120-{n:04}"),
        procedure: Id(1),
        procedure_code: "1.004873".to_owned(),
        case: None,
        unit: Id(2),
        status,
        restricted: false,
        channel: "counter".to_owned(),
        applicant: Applicant {
            name: name.to_owned(),
            phone: Some("0570000418".to_owned()),
            address: Some("Thôn Chợ Mới, xã Phúc Khê".to_owned()),
            email: None,
        },
        summary: format!("Cấp Giấy xác nhận tình trạng hôn nhân cho {name}"),
        received_at,
        received_by: Some(Id(11)),
        due_at: at("2026-11-26T14:05"),
        ended_at: ended.then(now),
        outcome: ended.then(|| if status == Status::Finished { "early" } else { "withdrawn" }.to_owned()),
        delivered_at: None,
        delivered_to: None,
        return_way: "counter".to_owned(),
        track_token: "0123456789abcdef0123456789abcdef".to_owned(),
        revision: 3,
    }
}

/// Everything this system shows.
pub fn samples() -> Vec<Sample> {
    let mut samples = counter_samples();
    samples.extend(list_samples());
    samples.extend(dossier_samples());
    samples.extend(super::own_form::samples());
    samples.extend(super::figures::samples());
    samples.extend(super::batch::samples());
    samples.extend(super::looks::samples());
    samples
}

/// The post that the next step goes to.
pub(super) fn next_post() -> Post {
    Post {
        id: Id(22),
        unit: Id(2),
        kind: PostKind::Head,
        title: "Trưởng phòng Văn hóa – Xã hội".to_owned(),
        fields: Vec::new(),
        holders: Vec::new(),
        from: Day(jiff::civil::date(2025, 7, 1)),
        to: None,
        version: 1,
    }
}

fn counter_samples() -> Vec<Sample> {
    let offered = catalogue::all().iter().map(|d| Offered {
        code: d.code.clone(),
        short_name: d.short_name().to_owned(),
        name: d.name.clone(),
        field: d.field.name.clone(),
        takes: d.takes.takes.sentence(),
        used: 0,
    });
    let all = Choose { typed: String::new(), offered: offered.collect() };
    let nothing = Choose { typed: "xin việc làm ở rất xa".to_owned(), offered: Vec::new() };
    let fresh = |code: &str, next: Vec<(String, String)>, shown: Shown| CounterPage {
        definition: definition(code),
        entry: Entry::new("0123456789abcdef".to_owned()),
        shown,
        posts: vec![("11".to_owned(), "Cán bộ một cửa – Xã Phúc Khê".to_owned())],
        post: "11".to_owned(),
        next,
    };
    let next = || vec![("12".to_owned(), format!("Công chức Tư pháp – Hộ tịch – {LONG} (Xã Phúc Khê)"))];
    let mut wrong = fresh("1.001193", next(), Shown::Refused);
    wrong.posts.push(("13".to_owned(), "Cán bộ một cửa – Xã Vân Khê (thay mặt)".to_owned()));
    let mut form = FormState::sent(Lang::Vi, [("f.applicant_name", LONG), ("f.child_birth_date", "31/11/2026")]);
    form.refuse("f.child_birth_date", "date", "«Ngày, tháng, năm sinh» phải là ngày có thật.");
    form.refuse("p.giay-chung-sinh", "missing", "Thiếu «Giấy chứng sinh» (01 bản chính).");
    wrong.entry.form = form;
    let warned = Shown::Warned(vec!["Chưa đánh dấu đã xem «Thẻ căn cước».".to_owned()]);
    let told = vec!["Đã điền phần «Người yêu cầu» từ thẻ căn cước.".to_owned()];
    let received = dossier(1, LONG, Status::Received);
    let charges = vec![("Phí chứng thực bản sao từ bản chính".to_owned(), "27.000 ₫".to_owned())];
    let received =
        ReceivedPage { deadline: Some(deadline(&received)), dossier: received, charges, receipt: Some(Id(41)) };
    vec![
        Sample { name: "counter-choose/all", page: choose::page(all) },
        Sample { name: "counter-choose/nothing", page: choose::page(nothing) },
        Sample { name: "counter-form/fresh", page: counter::draw_page(fresh("1.001193", next(), Shown::Fresh)) },
        Sample {
            name: "counter-form/nobody-next",
            page: counter::draw_page(fresh("1.004859", Vec::new(), Shown::Fresh)),
        },
        Sample {
            name: "counter-form/scanned",
            page: counter::draw_page(fresh("1.004873", next(), Shown::Scanned(told))),
        },
        Sample { name: "counter-form/warned", page: counter::draw_page(fresh("1.004873", next(), warned)) },
        Sample { name: "counter-form/wrong", page: counter::draw_page(wrong) },
        Sample { name: "received/same", page: received::page(received) },
    ]
}

fn list_samples() -> Vec<Sample> {
    let page = |dossiers: Vec<Dossier>, next: Option<From>| ListPage {
        asked: Asked::default(),
        listed: Listed { dossiers, next },
        now: now(),
        procedures: vec![("1.004873".to_owned(), "Xác nhận tình trạng hôn nhân".to_owned())],
        units: vec![("2".to_owned(), "Xã Phúc Khê".to_owned()), ("3".to_owned(), "Xã Vân Khê".to_owned())],
        may_receive: true,
        figure: None,
    };
    let figure = |dossiers: Vec<Dossier>| ListPage {
        figure: Some("Đang giải quyết, quá hạn khi hết kỳ · từ 01/11/2026 đến 28/11/2026 · Hộ tịch".to_owned()),
        ..page(dossiers, None)
    };
    let mut dossiers: Vec<Dossier> = Status::ALL.into_iter().zip(1..).map(|(s, n)| dossier(n, LONG, s)).collect();
    dossiers[1].due_at = at("2026-11-20T17:30");
    let next = From { before: Id(1), folded: false };
    vec![
        Sample { name: "dossier-list/figure", page: list::draw(figure(dossiers[..2].to_vec())) },
        Sample { name: "dossier-list/figure-empty", page: list::draw(figure(Vec::new())) },
        Sample { name: "dossier-list/full", page: list::draw(page(dossiers, Some(next))) },
        Sample { name: "dossier-list/empty", page: list::draw(page(Vec::new(), None)) },
    ]
}

fn task(n: i64, (step, title): (&str, &str), done: bool) -> Task {
    Task {
        id: Id(n),
        record: Id(1),
        step: step.to_owned(),
        title: title.to_owned(),
        unit: Id(2),
        post: Some(Id(21)),
        officer: None,
        opened_at: at("2026-11-20T14:05"),
        due_at: at("2026-11-23T14:05"),
        done_at: done.then(|| at("2026-11-20T16:05")),
        done_by: done.then_some(Id(11)),
        on_behalf_of: done.then_some(Id(21)),
        outcome: done.then(|| "passed".to_owned()),
    }
}

/// A dossier at step `step` of its process, seen by its holder.
fn page(status: Status, step: usize) -> DossierPage {
    let dossier = dossier(1, LONG, status);
    let definition = definition("1.004873");
    let steps: Vec<(&str, &str)> = definition.steps.iter().map(|s| (s.code.as_str(), s.title.as_str())).collect();
    let mut tasks: Vec<Task> = steps.iter().zip(1..).take(step).map(|(s, n)| task(n, *s, true)).collect();
    match steps.get(step) {
        Some(open) => tasks.push(task(50, *open, status.is_final())),
        None => tasks.push(task(50, ("tra-ket-qua", "Trả kết quả cho công dân"), status.is_final())),
    }
    let event = |kind, text: Option<&str>| Event {
        id: Id(41),
        particulars: None,
        document: None,
        at: at("2026-11-20T16:05"),
        kind,
        officer: Some(Id(11)),
        on_behalf_of: Some(Id(21)),
        from_step: Some("tiep-nhan".to_owned()),
        to_step: Some("tham-dinh".to_owned()),
        to_post: Some(Id(21)),
        text: text.map(str::to_owned),
        file: (kind == EventKind::Passed).then_some(Id(31)),
    };
    let file = File {
        id: Id(31),
        hash: "00".to_owned(),
        size: 1_234_567,
        media_type: "application/pdf".to_owned(),
        name: "giay-xac-nhan-cu-tru-o-noi-khac-co-ten-rat-dai-va-nhieu-dau-cham.pdf".to_owned(),
        created_at: now(),
    };
    let paper = |file| Paper {
        requirement: "giay-xac-nhan-cu".to_owned(),
        name: "Giấy xác nhận tình trạng hôn nhân đã cấp".to_owned(),
        originals: 1,
        copies: 2,
        file,
        supplemented_at: file.is_none().then(|| at("2026-11-20T16:05")),
    };
    let values = [("subject_name", LONG), ("subject_identity", "099198000217"), ("purpose", "ket-hon")];
    let post = PostName {
        title: "Công chức Tư pháp – Hộ tịch".to_owned(),
        unit: "Xã Phúc Khê".to_owned(),
        holders: vec![LONG.to_owned()],
    };
    let next = next_post();
    let deadline = deadline(&dossier);
    DossierPage {
        left: term::left(&dossier, &deadline, &CALENDAR, now()).large(),
        definition: definition.clone(),
        unit: "Xã Phúc Khê".to_owned(),
        form: values.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect(),
        form_closed: false,
        papers: vec![paper(Some(Id(31))), paper(None)],
        results: Vec::new(),
        documents: Vec::new(),
        own_forms: [(EventKind::Received, FormKind::Receipt), (EventKind::SupplementRequested, FormKind::Supplement)]
            .map(|(kind, form)| OwnForm { kind: form, event: event(kind, None), document: None })
            .to_vec(),
        files: HashMap::from([(Id(31), file)]),
        tasks,
        events: vec![
            event(EventKind::Received, None),
            event(EventKind::Passed, Some("Đề nghị xác minh nơi cư trú cũ.")),
        ],
        stops: Vec::new(),
        people: People {
            officers: HashMap::from([(Id(11), "Lò Thị Mẩy".to_owned())]),
            posts: HashMap::from([(Id(21), post)]),
        },
        deadline: Ok(deadline),
        mine: true,
        may_deliver: true,
        may_receive: false,
        may_see_looks: true,
        may_replace: false,
        reassign_to: Vec::new(),
        differs: None,
        next: vec![next],
        commands: Arc::new(|| "0123456789abcdef".to_owned()),
        sent: None,
        done: None,
        dossier,
    }
}

fn dossier_samples() -> Vec<Sample> {
    let mut late = page(Status::InProgress, 2);
    late.dossier.due_at = at("2026-11-20T17:30");
    late.left = term::in_list(&late.dossier, now()).large();
    let mut stopped = page(Status::SupplementRequested, 1);
    stopped.stops.push(DossierStop {
        id: Id(1),
        status: Status::SupplementRequested,
        from: at("2026-11-20T16:05"),
        to: None,
        reason: "Bổ sung giấy tờ chứng minh nơi cư trú.".to_owned(),
    });
    // As the counter sees it, to whom the party brings what was asked for.
    (stopped.mine, stopped.may_receive) = (false, true);
    let mut restricted = page(Status::InProgress, 1);
    restricted.dossier.restricted = true;
    restricted.mine = false;
    // As the leader sees it, who may give the step to another.
    restricted.reassign_to = restricted.next.clone();
    restricted.differs = Some(at("2026-11-25T14:05"));
    let mut finished = page(Status::Finished, 5);
    let result = "Giấy xác nhận tình trạng hôn nhân".to_owned();
    let result = |n, replaced_at: Option<types::Timestamp>| DossierResult {
        signed: Some(replaced_at.is_none()),
        id: Id(n),
        name: result.clone(),
        number: Some("15/UBND-XNTTHN".to_owned()),
        file: Id(31),
        replaced_at,
    };
    finished.results.extend([result(61, Some(now())), result(62, None)]);
    finished.may_replace = true;
    finished.done =
        Some(Done { next: Some(("H99.01-261120-0002".to_owned(), "/ho-so/H99.01-261120-0002".to_owned())) });
    let mut bare = page(Status::Withdrawn, 1);
    (bare.papers, bare.mine) = (Vec::new(), false);
    bare.deadline = Err("Chưa có lịch làm việc của năm 2028 nên không tính được thời hạn.".to_owned());
    let mut closed = page(Status::InProgress, 3);
    (closed.form, closed.form_closed) = (Default::default(), true);
    let mut wrong = page(Status::InProgress, 4);
    let mut form = FormState::sent(Lang::Vi, [("ket-qua.name", "")]);
    form.refuse("ket-qua.name", "missing", "Hãy ghi tên kết quả, ví dụ Giấy khai sinh.");
    wrong.sent = Some(Sent { action: Action::Finish, form, command: "0123456789abcdef".to_owned(), kept: Vec::new() });
    let pages = [
        ("dossier/received", page(Status::Received, 1)),
        ("dossier/last-step", page(Status::InProgress, 4)),
        ("dossier/late", late),
        ("dossier/stopped", stopped),
        ("dossier/restricted", restricted),
        ("dossier/finished", finished),
        ("dossier/withdrawn", bare),
        ("dossier/closed", closed),
        ("dossier/wrong", wrong),
    ];
    pages.into_iter().map(|(name, page)| Sample { name, page: show::page(page) }).collect()
}
