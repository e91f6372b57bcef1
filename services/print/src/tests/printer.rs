//! The printer and its workers: every way a worker fails gives a clear error, and the next print works.

use super::wire::job;
use crate::{ASSETS_BYTES_MAX, Asset, Drawing, Job, PrintError, Printer, Refusal, Settings, Template};
use std::path::PathBuf;
use std::time::Duration;

/// Cargo builds the examples of a package with its tests, in a folder beside theirs.
fn fake_worker() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples/fake_worker");
    assert!(program.exists(), "{} is missing: run the whole of `cargo test -p print`", program.display());
    program
}

fn settings() -> Settings {
    Settings { time_max: Duration::from_secs(5), ..Settings::of(fake_worker(), [""; 0]) }
}

async fn print(printer: &Printer, template: &str) -> Result<String, PrintError> {
    printer.print(job(template)).await.map(|bytes| String::from_utf8(bytes).unwrap())
}

/// The process id in an echo.
async fn worker_id(printer: &Printer) -> u32 {
    let echo = print(printer, "echo").await.unwrap();
    assert!(echo.contains("Chẩu Thị Xuyến Chi"));
    echo.split(' ').next().unwrap().parse().unwrap()
}

fn lives(id: u32) -> bool {
    // A process that was killed but not yet reaped is a zombie: state Z after the name in brackets.
    std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("not within five seconds: {what}");
}

#[tokio::test]
async fn no_worker_runs_before_the_first_print_and_one_serves_many() {
    let printer = Printer::new(settings());
    assert_eq!(printer.workers_alive(), 0);
    let id = worker_id(&printer).await;
    assert_eq!(worker_id(&printer.clone()).await, id);
    assert_eq!(printer.workers_alive(), 1);
}

#[tokio::test]
async fn a_crash_is_told_with_its_reason_and_the_next_print_works() {
    let printer = Printer::new(settings());
    let Err(PrintError::Crashed(context)) = print(&printer, "crash").await else { panic!("no crash") };
    assert!(context.contains("exit status: 3") && context.contains("the reason of the crash"), "{context}");
    assert_eq!(printer.workers_alive(), 0);
    worker_id(&printer).await;
}

#[tokio::test]
async fn a_worker_that_dies_of_what_came_before_is_replaced_unseen() {
    let printer = Printer::new(settings());
    let id = worker_id(&printer).await;
    // The used worker dies of this job; its successor, for which it is the first, answers.
    assert_eq!(print(&printer, "crash-when-used").await.unwrap(), "first");
    assert_ne!(worker_id(&printer).await, id);
}

#[tokio::test]
async fn a_worker_that_hangs_is_killed_at_the_limit() {
    let limit = Duration::from_millis(400);
    let printer = Printer::new(Settings { time_max: limit, ..settings() });
    let id = worker_id(&printer).await;
    assert_eq!(print(&printer, "hang").await, Err(PrintError::TimedOut(limit)));
    until("the hanging worker is gone", || !lives(id)).await;
    assert_ne!(worker_id(&printer).await, id);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_that_wants_too_much_memory_is_told_apart_from_a_crash() {
    let printer = Printer::new(Settings { memory_bytes_max: 128 << 20, ..settings() });
    assert_eq!(print(&printer, "hog").await, Err(PrintError::OutOfMemory));
    worker_id(&printer).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_can_write_no_file() {
    let printer = Printer::new(settings());
    assert!(matches!(print(&printer, "write-a-file").await, Err(PrintError::Crashed(_))));
}

#[tokio::test]
async fn a_worker_inherits_nothing_that_could_be_a_secret() {
    let printer = Printer::new(settings());
    let environment = print(&printer, "environment").await.unwrap();
    let inherited = |name| environment.split(' ').any(|n| n == name);
    // Cargo sets this for the tests themselves.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    assert!(!inherited("CARGO_MANIFEST_DIR") && !inherited("PATH"), "{environment}");
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_not_a_print() {
    let printer = Printer::new(settings());
    for template in ["garbage", "endless"] {
        assert!(matches!(print(&printer, template).await, Err(PrintError::Protocol(_))), "{template}");
        worker_id(&printer).await;
    }
}

#[tokio::test]
async fn a_refusal_leaves_the_worker_alive() {
    let printer = Printer::new(settings());
    let id = worker_id(&printer).await;
    let refusal = print(&printer, "mẫu lạ").await.unwrap_err();
    assert_eq!(refusal, PrintError::Refused(Refusal::UnknownTemplate { name: "mẫu lạ".into() }));
    assert_eq!(refusal.to_string(), "Không có mẫu in «mẫu lạ».");
    assert_eq!(worker_id(&printer).await, id);
}

#[tokio::test]
async fn a_full_queue_answers_busy_at_once() {
    let printer = Printer::new(Settings { waiting_max: 2, ..settings() });
    let others: Vec<_> = (0..10).map(|_| tokio::spawn(slowly(printer.clone()))).collect();
    let mut busy = 0;
    for other in others {
        match other.await.unwrap() {
            Ok(_) => {}
            Err(PrintError::Busy) => busy += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!((7..=8).contains(&busy), "one at work and two waiting, {busy} refused");
    worker_id(&printer).await;
}

async fn slowly(printer: Printer) -> Result<String, PrintError> {
    print(&printer, "slow").await
}

#[tokio::test]
async fn two_workers_share_the_work() {
    let printer = Printer::new(Settings { workers_max: 2, ..settings() });
    let (one, other) = tokio::join!(slowly(printer.clone()), slowly(printer.clone()));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(printer.workers_alive(), 2);
}

#[tokio::test]
async fn an_idle_worker_ends_and_its_memory_returns() {
    let printer = Printer::new(Settings { idle_max: Duration::from_millis(200), ..settings() });
    let id = worker_id(&printer).await;
    until("the idle worker is gone", || printer.workers_alive() == 0 && !lives(id)).await;
    assert_ne!(worker_id(&printer).await, id);
}

#[tokio::test]
async fn a_worker_is_replaced_after_its_share_of_documents() {
    let printer = Printer::new(Settings { prints_per_worker_max: 2, ..settings() });
    let ids = [worker_id(&printer).await, worker_id(&printer).await, worker_id(&printer).await];
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
}

#[tokio::test]
async fn workers_are_killed_with_the_last_printer() {
    let printer = Printer::new(settings());
    let id = worker_id(&printer).await;
    drop(printer);
    until("the worker is gone", || !lives(id)).await;
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_stopped() {
    let printer = Printer::new(settings());
    let id = worker_id(&printer).await;
    let given_up = tokio::time::timeout(Duration::from_millis(100), print(&printer, "hang")).await;
    assert!(given_up.is_err());
    until("the worker is gone", || !lives(id)).await;
    worker_id(&printer).await;
}

#[tokio::test]
async fn a_program_that_is_not_there_is_told() {
    let printer = Printer::new(Settings { program: "/không/có".into(), ..settings() });
    assert!(matches!(print(&printer, "echo").await, Err(PrintError::CannotStart(_))));
}

#[tokio::test]
async fn assets_arrive_and_bad_ones_are_refused_before_a_worker_starts() {
    let printer = Printer::new(settings());
    let with =
        |name: &str, len| Job { assets: vec![Asset { name: name.into(), bytes: vec![0; len] }], ..job("assets") };
    for name in ["../passwd", "data.json", "letterhead.typ", "Ảnh.png", "", ".hidden", "a/b.png"] {
        assert_eq!(printer.print(with(name, 1)).await, Err(PrintError::BadAssetName(name.into())));
    }
    let too_large = printer.print(with("seal.png", ASSETS_BYTES_MAX + 1)).await;
    assert!(matches!(too_large, Err(PrintError::TooLarge { .. })));
    let long = Job { template: Template::Own { name: "x".into(), text: " ".repeat(1 << 20) }, ..job("") };
    assert!(matches!(printer.print(long).await, Err(PrintError::TooLarge { .. })));
    assert_eq!(printer.workers_alive(), 0);
    assert_eq!(printer.print(with("seal.png", ASSETS_BYTES_MAX)).await.unwrap(), b"seal.png=16777216 ");
}

#[test]
fn errors_go_to_the_edge_with_the_sentence_outside_and_the_reason_inside() {
    let error: types::Error = PrintError::Crashed("exit status: 3".into()).into();
    assert_eq!(error.code(), "unavailable");
    assert!(error.to_string().starts_with("Bộ phận tạo bản in dừng đột ngột."));
    assert!(error.inward().contains("exit status: 3") && !error.to_string().contains("exit status"));
    assert_eq!(types::Error::from(PrintError::Busy).code(), "busy");
}

#[tokio::test]
async fn pages_to_draw_go_the_same_way() {
    let printer = Printer::new(settings());
    let drawing = |bytes: usize| Drawing { file: vec![b'%'; bytes], page: 2, width: 640 };
    assert_eq!(printer.draw(drawing(7)).await, Ok(b"7 2 640".to_vec()));
    print(&printer, "echo").await.unwrap();
    let refused = printer.draw(drawing(crate::frame::FRAME_BYTES_MAX + 1)).await;
    assert!(matches!(refused, Err(PrintError::TooLarge { .. })), "{refused:?}");
}
