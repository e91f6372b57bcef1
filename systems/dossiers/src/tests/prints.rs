//! The data of the printed forms.

use super::house::Site;
use super::world::{STATUS, World};
use crate::desk::prints;
use crate::desk::{Opened, People};
use crate::dossier;
use crate::due;
use crate::event;
use crate::status::Status;
use crate::verbs::receive::{self, NewPaper, Receive};
use crate::verbs::stop;
use directory::{Directory, Rules};
use print::forms::{DayKind, DeliveryWay, Outcome, PaperForm, ProcessingTime, StopEffect};
use records::task;
use testkit::{TestDatabase, each_engine};
use types::Timestamp;
use web::Settings;

pub(super) fn source(world: &World, database: &TestDatabase, code: &str) -> prints::Source {
    let directory = Directory::open(&database.dir, world.clock.clone(), Rules::default()).unwrap();
    let now = world.store.now();
    let d = world.dossier(code);
    let procedure = world.store.read_blocking(|r| world.procedures.by_id(r, d.procedure)).unwrap();
    world
        .store
        .read_blocking(|r| {
            let (papers, stops) = (dossier::papers(r, d.id)?, dossier::stops(r, d.id)?);
            let (events, tasks) = (event::of_dossier(r, d.id)?, task::of_record(r, d.id)?);
            let people = People::of(r, (&directory, &world.tree), (&tasks, &events), &[d.received_by])?;
            let ended = due::ended_stops(&stops, now);
            let deadline = due::explain(&procedure.definition, None, &world.calendar, d.received_at, &ended).ok();
            let differs = due::differs(&procedure.definition, &world.calendar, &d, &stops);
            Ok(prints::Source {
                opened: Opened {
                    dossier: d.clone(),
                    tasks,
                    procedure: procedure.clone(),
                    calendar: world.calendar.clone(),
                    tree: world.tree.clone(),
                },
                papers,
                stops,
                events,
                people,
                deadline,
                differs,
                settings: Settings {
                    data: database.dir.clone(),
                    public_url: "https://phuckhe.example".to_owned(),
                    demo: true,
                    secure_cookies: false,
                },
                now,
            })
        })
        .unwrap()
}

fn paper(requirement: &str, originals: i64, copies: i64) -> NewPaper {
    NewPaper { requirement: requirement.to_owned(), name: requirement.to_owned(), originals, copies, file: None }
}

#[test]
fn the_receipt_says_who_what_until_when_and_how_to_follow_it() {
    each_engine(|database| {
        let world = World::new(&database);
        let papers = vec![paper("to-khai", 1, 0), paper("giay-to-tuy-than", 1, 0), paper("van-ban-uy-quyen", 1, 2)];
        let new = Receive {
            papers, return_way: "post".to_owned(), ..world.new_dossier(STATUS, "Nguyễn Thị Mỹ Hạnh")
        };
        let token = new.track_token.clone();
        let command = world.command(world.counter, "dossiers.receive");
        let code = world.store.write_blocking(command, move |tx| receive::receive(tx, &new)).unwrap().code;
        let data = prints::receipt::data(&source(&world, &database, &code));
        assert!(data.demo);
        // Papers and time were found in sources; the receipt does not claim otherwise.
        assert_eq!(data.unverified[0], "diện được miễn phí, lệ phí");
        assert!(data.unverified[1].contains("chưa đối chiếu quyết định công bố"), "{:?}", data.unverified);
        assert_eq!(data.head.agency, "Ủy ban nhân dân xã Phúc Khê");
        assert_eq!(data.head.superior.as_deref(), Some("Ủy ban nhân dân tỉnh Mây Thượng"));
        assert_eq!(data.place, "Phúc Khê");
        assert_eq!(data.number.as_deref(), Some("261120-0001/TNHS"));
        assert_eq!(data.officer, "Lò Thị Mẩy");
        assert_eq!(data.tracking.link, format!("https://phuckhe.example/theo-doi/{token}"));
        assert_eq!(data.processing_time, ProcessingTime::WorkingDays(3));
        let delivery = data.delivery.unwrap();
        assert_eq!((delivery.way, delivery.at.as_deref()), (DeliveryWay::Post, Some("Thôn Chợ Mới, xã Phúc Khê")));
        let forms: Vec<(PaperForm, u32)> = data.papers.iter().map(|p| (p.form, p.count)).collect();
        use PaperForm as F;
        let expected = [(F::Form, 1), (F::Original, 1), (F::Original, 1), (F::PlainCopy, 2), (F::FromDatabase, 1)];
        assert_eq!(forms, expected);
        let link = data.tracking.link.clone();
        assert!(!link.contains("Hạnh") && !link.contains(&code), "the link says nothing of the party");
    });
}

#[test]
fn the_control_sheet_tells_every_hand_over_and_explains_the_due_time() {
    each_engine(|database| {
        let world = World::new(&database);
        let code = world.receive(STATUS, "Lò Thị Mẩy").code;
        world.at("2026-11-20T10:00");
        let ask = |tx: &mut store::Tx<'_>, a: &crate::verbs::Acting| {
            stop::begin(tx, a, Status::SupplementRequested, "Bổ sung giấy xác nhận cư trú")
        };
        world.act(world.specialist, &code, ask).unwrap();
        world.at("2026-11-20T14:30");
        world.act(world.specialist, &code, |tx, a| stop::resume(tx, a, None)).unwrap();
        world.at("2026-11-20T16:00");
        world.pass(world.specialist, &code).unwrap();
        world.at("2026-11-25T09:00");
        let sheet = prints::control_sheet::data(&source(&world, &database, &code)).unwrap();
        assert_eq!(sheet.hand_overs.len(), 3);
        let specialist = &sheet.hand_overs[1];
        assert_eq!(specialist.holder.person.as_deref(), Some("Chẩu Thị Xuyến Chi"));
        assert_eq!(specialist.held_minutes, Some(2 * 60 + 90), "eight to four, without lunch and without the stop");
        assert_eq!(specialist.allotted_minutes, Some(12 * 60), "a stop adds nothing to a step's own time");
        assert_eq!(sheet.hand_overs[0].allotted_minutes, Some(2 * 60));
        assert_eq!(specialist.outcome, Some(Outcome::Early));
        let head = &sheet.hand_overs[2];
        assert_eq!((head.to, head.outcome), (None, None));
        assert_eq!(head.holder.post.as_deref(), Some("Trưởng phòng Văn hóa – Xã hội"));
        let explained = sheet.due_time.unwrap();
        assert_eq!(explained.due_at, "2026-11-26T10:30".parse::<Timestamp>().unwrap());
        assert_eq!(explained.stops[0].effect, Some(StopEffect::Working(150)));
        let holiday = explained.days.iter().find(|day| day.kind == DayKind::Holiday).unwrap();
        assert!(holiday.reason.as_ref().unwrap().contains("Nghị quyết 28/2026/QH16"), "{holiday:?}");
        assert_eq!(explained.days[0].kind, DayKind::Start);
        let minutes: u32 = explained.days.iter().filter_map(|day| day.minutes).sum();
        assert_eq!(minutes, 3 * 480 + 150, "three days and what the stop added");
        assert!(sheet.demo && sheet.party.is_some());
    });
}

#[test]
fn a_print_that_cannot_be_made_says_so() {
    each_engine(|database| {
        let site = Site::new(&database);
        let code = site.world.receive(STATUS, "Lò Thị Mẩy").code;
        let mut counter = site.client("counter");
        for path in ["giay-tiep-nhan.pdf?kho=A4", "giay-tiep-nhan.pdf", "phieu-kiem-soat.pdf"] {
            let answer = counter.get(&format!("/ho-so/{code}/{path}")).assert_status(503);
            assert!(answer.text().contains("bản in"), "the printer of these tests has no worker");
        }
    });
}
