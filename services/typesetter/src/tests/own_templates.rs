//! A province's own template: it can use the letterhead and its data, and can reach nothing else.

use super::Printed;
use print::forms::ReceiptData;
use print::{Asset, Job, Page, Refusal, Template};

fn job(text: &str) -> Job {
    let receipt = ReceiptData::sample();
    let template = Template::Own { name: "phieu-cua-tinh".into(), text: text.into() };
    Job { template, ..receipt.job(Page::A5, receipt.received_at).unwrap() }
}

fn refusal(text: &str) -> String {
    let Err(refusal) = crate::typeset(&job(text)) else { panic!("accepted: {text}") };
    refusal.to_string()
}

#[test]
fn a_province_can_bring_its_own_form() {
    let own = r#"
        #import "letterhead.typ": *
        #show: form.with(title: "Mẫu riêng", author: "Sở Tư pháp")
        #letterhead(data.head)
        Hồ sơ *#data.dossier_code* của #data.party.name, hẹn #moment-in-words(data.due_at).
        #image("qr.svg", alt: "Mã QR")
    "#;
    let print = Printed::of(&job(own));
    assert!(print.text().contains("của Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương, hẹn 14 giờ 05 phút, ngày 26"));
    assert_eq!(print.qr(), ReceiptData::sample().tracking.link);
}

#[test]
fn a_template_reads_no_file_of_the_machine_and_no_package() {
    for reaching in [
        r#"#read("/etc/passwd")"#,
        r#"#read("../../../../etc/passwd")"#,
        r#"#image("/etc/hostname", alt: "x")"#,
        r#"#include "/proc/self/environ""#,
        r#"#import "@preview/cetz:0.3.0": canvas"#,
        r#"#plugin("/bin/true")"#,
    ] {
        let sentence = refusal(reaching);
        assert!(sentence.starts_with("Mẫu in «phieu-cua-tinh» có lỗi ở dòng 1:"), "{reaching}: {sentence}");
        assert!(!sentence.contains("root:"), "{sentence}");
    }
}

#[test]
fn the_clock_of_a_template_is_the_jobs() {
    let own = "#set document(title: \"x\")\n#datetime.today().display(\"[day]/[month]/[year]\")";
    assert!(Printed::of(&job(own)).text().contains("20/11/2026"));
}

#[test]
fn a_mistake_is_told_with_its_line() {
    let sentence = refusal("#set document(title: \"x\")\n\nXã #khong-co-ten này");
    assert_eq!(sentence.split(": ").next(), Some("Mẫu in «phieu-cua-tinh» có lỗi ở dòng 3"), "{sentence}");
    assert!(sentence.contains("khong-co-ten"), "{sentence}");
}

#[test]
fn data_that_does_not_go_with_the_form_is_told_and_not_guessed() {
    let receipt = ReceiptData::sample();
    let mut job = receipt.job(Page::A4, receipt.received_at).unwrap();
    job.data.as_object_mut().unwrap().remove("due_at");
    let sentence = crate::typeset(&job).unwrap_err().to_string();
    assert!(sentence.starts_with("Mẫu in «receipt» có lỗi ở dòng ") && sentence.contains("due_at"), "{sentence}");
}

#[test]
fn a_document_that_breaks_the_archival_standard_is_refused() {
    let own = "#set document(title: \"x\")\n#image(\"qr.svg\")";
    let refused = crate::typeset(&job(own));
    assert!(matches!(refused, Err(Refusal::Standard { .. })), "{refused:?}");
}

#[test]
fn an_asset_never_takes_the_place_of_the_jobs_own_files() {
    let mut job = job("#set document(title: \"x\")\n#json(\"data.json\").dossier_code");
    for name in ["main.typ", "data.json", "job.json", "letterhead.typ"] {
        job.assets.push(Asset { name: name.into(), bytes: b"#panic()".to_vec() });
    }
    assert!(Printed::of(&job).text().contains("H15.50.05-261120-0027"));
}

#[test]
fn an_unknown_form_is_refused_by_its_name() {
    let job = Job { template: Template::named("khong-co"), ..job("") };
    assert_eq!(crate::typeset(&job), Err(Refusal::UnknownTemplate { name: "khong-co".into() }));
}
