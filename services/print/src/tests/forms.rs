//! The forms' data as JSON, which a province's own template relies on.

use crate::forms::{ControlSheetData, FiguresData, LetterData, ProcessingTime, ReceiptData};
use crate::{Page, Template};

#[test]
fn a_receipt_survives_json_with_all_and_with_no_optional_fields() {
    for receipt in [ReceiptData::sample(), ReceiptData::sample_bare()] {
        let json = serde_json::to_string(&receipt).unwrap();
        assert_eq!(serde_json::from_str::<ReceiptData>(&json).unwrap(), receipt);
    }
}

#[test]
fn a_control_sheet_survives_json_with_all_and_with_no_optional_fields() {
    for sheet in [ControlSheetData::sample(), ControlSheetData::sample_bare()] {
        let json = serde_json::to_string(&sheet).unwrap();
        assert_eq!(serde_json::from_str::<ControlSheetData>(&json).unwrap(), sheet);
    }
}

#[test]
fn form_ii_06_survives_json_full_and_empty() {
    for figures in [FiguresData::sample(), FiguresData::sample_bare()] {
        let json = serde_json::to_string(&figures).unwrap();
        assert_eq!(serde_json::from_str::<FiguresData>(&json).unwrap(), figures);
    }
}

#[test]
fn the_names_that_templates_read_are_fixed() {
    let json = serde_json::to_value(ReceiptData::sample()).unwrap();
    assert_eq!(json["processing_time"], serde_json::json!({ "unit": "working_days", "amount": 3 }));
    assert_eq!(json["received_at"], "2026-11-20T14:05:00+07:00");
    assert_eq!(json["papers"][2]["form"], "certified_copy");
    assert_eq!(json["delivery"]["way"], "counter");
    assert_eq!(json["copies"], serde_json::json!(["counter", "party"]));
    assert_eq!(serde_json::to_value(ProcessingTime::SameDay).unwrap(), serde_json::json!({ "unit": "same_day" }));
    let json = serde_json::to_value(ControlSheetData::sample()).unwrap();
    assert_eq!(json["hand_overs"][1]["outcome"], "late");
    assert_eq!(json["due_time"]["days"][1]["kind"], "swapped_to_work");
    assert_eq!(json["due_time"]["days"][0]["day"], "2026-11-20");
    assert_eq!(json["due_time"]["stops"][0]["effect"], serde_json::json!({ "time": "working", "minutes": 120 }));
}

#[test]
fn the_sample_sheet_explains_its_due_time_without_a_gap() {
    let due_time = ControlSheetData::sample().due_time.unwrap();
    for pair in due_time.days.windows(2) {
        assert_eq!(pair[0].day.next(), pair[1].day);
    }
    let counted: u32 = due_time.days.iter().filter_map(|d| d.minutes).sum();
    assert_eq!(counted, 3 * 480 + 120, "three working days and a stop of two hours");
}

#[test]
fn a_receipts_job_carries_the_qr_code_and_a_steady_identity() {
    let receipt = ReceiptData::sample();
    let job = receipt.job(Page::A5, receipt.received_at).unwrap();
    assert_eq!(job.template, Template::named("receipt"));
    assert_eq!(job.ident, "H15.50.05-261120-0027/form-01");
    assert_eq!(job.assets[0].name, "qr.svg");
    assert_eq!(job, receipt.job(Page::A5, receipt.received_at).unwrap());
}

#[test]
fn letters_survive_json_and_have_an_identity_of_their_own() {
    for letter in LetterData::samples().into_iter().chain(LetterData::samples_bare()) {
        let json = serde_json::to_string(&letter).unwrap();
        assert_eq!(serde_json::from_str::<LetterData>(&json).unwrap(), letter);
    }
    let [first, ..] = &LetterData::samples()[..] else { panic!("there are letters") };
    let json = serde_json::to_value(first).unwrap();
    assert_eq!(json["letter"]["form"], "supplement");
    let job = first.job(Page::A4, first.at).unwrap();
    assert_eq!(job.template, Template::named("letter"));
    // A second request of the same dossier is another document.
    let later = LetterData { at: first.at.plus_seconds(60), ..first.clone() };
    assert_ne!(later.job(Page::A4, first.at).unwrap().ident, job.ident);
    assert_eq!(job.assets[0].name, "qr.svg");
}
