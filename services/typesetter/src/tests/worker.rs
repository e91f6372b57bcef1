//! The real worker behind the real printer: what a hostile template does to it, and that the next print works.

use super::Printed;
use print::forms::{ControlSheetData, ReceiptData};
use print::{Drawing, Job, Page, PrintError, Printer, Refusal, Settings, Template};
use std::time::Duration;

/// Cargo builds the examples of a package with its tests, in a folder beside theirs.
fn printer(time_max: Duration) -> Printer {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples/print_worker");
    assert!(program.exists(), "{} is missing: run the whole of `cargo test -p typesetter`", program.display());
    Printer::new(Settings { time_max, ..Settings::of(program, [""; 0]) })
}

fn receipt() -> Job {
    let data = ReceiptData::sample();
    data.job(Page::A5, data.received_at).unwrap()
}

fn hostile(text: &str) -> Job {
    Job { template: Template::Own { name: "xau".into(), text: text.into() }, ..receipt() }
}

async fn prints(printer: &Printer) {
    let pdf = printer.print(receipt()).await.unwrap();
    assert!(Printed::from(pdf).text().contains("Đặng Đình Ưởng"));
}

#[tokio::test]
async fn the_worker_prints_what_the_typesetter_typesets() {
    let printer = printer(Duration::from_secs(30));
    let pdf = printer.print(receipt()).await.unwrap();
    assert!(pdf == crate::typeset(&receipt()).unwrap());
    let sheet = ControlSheetData::sample();
    let pdf = printer.print(sheet.job(Page::A4, sheet.made_at).unwrap()).await.unwrap();
    assert!(Printed::from(pdf).text().contains("PHỤ LỤC: CÁCH TÍNH HẠN TRẢ KẾT QUẢ"));
}

#[tokio::test]
async fn the_worker_says_where_a_template_keeps_places() {
    let own = "#import \"places.typ\": *\n#set document(title: \"x\")\nSố: #number-place()";
    let print = printer(Duration::from_secs(30)).lay_out(hostile(own)).await.unwrap();
    assert!(print == crate::lay_out(&hostile(own)).unwrap());
    assert_eq!((print.marks.len(), print.pages.len()), (1, 1));
}

#[tokio::test]
async fn a_template_that_never_ends_is_stopped() {
    let limit = Duration::from_secs(3);
    let printer = printer(limit);
    let endless = hostile("#for i in range(99999) { for j in range(99999) { for k in range(99999) { } } }");
    assert_eq!(printer.print(endless).await, Err(PrintError::TimedOut(limit)));
    prints(&printer).await;
}

#[tokio::test]
async fn a_template_that_takes_all_memory_is_stopped() {
    let printer = printer(Duration::from_secs(30));
    let greedy = hostile("#let a = (1,) * 1000000\n#let b = range(2000).map(i => a + (i,))\n#b.len()");
    assert_eq!(printer.print(greedy).await, Err(PrintError::OutOfMemory));
    prints(&printer).await;
}

#[tokio::test]
async fn a_template_without_end_of_calls_is_refused_or_stopped() {
    let printer = printer(Duration::from_secs(30));
    let answer = printer.print(hostile("#let f(n) = f(n + 1)\n#f(0)")).await;
    assert!(matches!(answer, Err(PrintError::Refused(_) | PrintError::Crashed(_))), "{answer:?}");
    prints(&printer).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_does_not_grow_with_the_number_of_documents() {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    // A process of its own, so that other tests do not count; the child runs the loop of `grow` below.
    command.args(["--exact", "tests::worker::grow", "--nocapture"]).env("NHAVIEC_GROW", "yes");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("grown by"), "the loop did not run: {said}");
}

/// Prints many different documents and compares the memory after the first half with that after the second.
#[cfg(target_os = "linux")]
#[test]
fn grow() {
    if std::env::var_os("NHAVIEC_GROW").is_none() {
        return;
    }
    let resident_kib = || -> i64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse().unwrap()
    };
    let batch = |from: usize| {
        for i in from..from + 60 {
            let mut data = ReceiptData::sample();
            data.dossier_code = format!("H15.50.05-261120-{i:04}");
            data.party.name = format!("Nguyễn Thị Mỹ Hạnh {i}");
            crate::typeset(&data.job(Page::A5, data.received_at).unwrap()).unwrap();
        }
        resident_kib()
    };
    let (half, whole) = (batch(0), batch(60));
    println!("grown by {} KiB to {whole} KiB", whole - half);
    assert!(whole - half < 8 * 1024, "from {half} to {whole} KiB");
}

#[tokio::test]
async fn a_page_is_drawn_so_that_it_can_be_read() {
    let printer = printer(Duration::from_secs(30));
    let file = printer.print(receipt()).await.unwrap();
    let printed = Printed::from(file.clone());
    let picture = printer.draw(Drawing { file: file.clone(), page: 0, width: 1200 }).await.unwrap();
    let size = image::load_from_memory(&picture).unwrap();
    // A5 upright: 148 by 210 millimetres.
    assert_eq!((size.width(), size.height().abs_diff(1702) <= 2), (1200, true), "{} high", size.height());
    std::fs::write(printed.folder.path().join("drawn.png"), &picture).unwrap();
    let read = super::run(printed.folder.path(), "zbarimg", &["--quiet", "--raw", "drawn.png"]);
    assert!(!read.trim().is_empty(), "its QR code can be read");
    let is_refused = |drawn: Result<Vec<u8>, PrintError>, number: usize| matches!(drawn, Err(PrintError::Refused(Refusal::Page { page })) if page == number);
    for page in [printed.pages(), usize::MAX] {
        let missing = printer.draw(Drawing { file: file.clone(), page, width: 1200 }).await;
        assert!(is_refused(missing, page), "page {page}");
    }
    for garbage in [&b""[..], b"%PDF-1.7"] {
        let drawn = printer.draw(Drawing { file: garbage.to_vec(), page: 0, width: 1200 }).await;
        assert!(is_refused(drawn, 0), "{} bytes", garbage.len());
    }
    let nothing = printer.draw(Drawing { file: file.clone(), page: 0, width: 0 }).await;
    assert!(is_refused(nothing, 0), "a picture of no width");
    prints(&printer).await;
}
