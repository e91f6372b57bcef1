//! The shipped forms on both papers, with everything filled and with nothing filled that may be empty.

use super::Printed;
use print::Page;
use print::forms::{
    CertificateRequestsData, ControlSheetData, Copy, PaperForm, ProcessingTime, ReceiptData, ReceivedPaper,
};
use unicode_normalization::is_nfc;

const PAPERS: [(Page, &str); 2] = [(Page::A4, "(A4)"), (Page::A5, "419.528 x 595.276 pts")];

fn receipt(data: &ReceiptData, page: Page) -> Printed {
    Printed::of(&data.job(page, data.received_at).unwrap())
}

fn control_sheet(data: &ControlSheetData, page: Page) -> Printed {
    Printed::of(&data.job(page, data.made_at).unwrap())
}

/// Fails with the whole text when one of `words` is not in it.
pub(super) fn expect(text: &str, words: &[&str]) {
    assert!(is_nfc(text), "the extracted text is not in normal form C");
    for word in words {
        assert!(text.contains(word), "«{word}» is not in: {text}");
    }
}

/// A tagged PDF/A-2a in Vietnamese, with a title.
pub(super) fn expect_archival(print: &Printed, title: &str) {
    assert_eq!(print.info("Tagged"), "yes");
    assert_eq!(print.info("Title"), title);
    assert_eq!(print.info("Creator"), "Nhà Việc");
    for words in ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "/Lang(vi-VN)"] {
        assert!(print.holds(words), "{words}");
    }
}

#[test]
fn a_full_receipt_says_everything_on_one_page_for_each_copy() {
    for (page, size) in PAPERS {
        let print = receipt(&ReceiptData::sample(), page);
        assert_eq!(print.pages(), 2, "two copies on {page:?}");
        assert!(print.info("Page size").contains(size), "{page:?}: {}", print.info("Page size"));
        expect_archival(&print, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả H15.50.05-261120-0027");
        expect(
            &print.text(),
            &[
                "BẢN DEMO – dữ liệu hư cấu",
                "ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK ỦY BAN NHÂN DÂN XÃ AN BÌNH",
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
                "Số: 0127/TNHS",
                "An Bình, ngày 20 tháng 11 năm 2026",
                "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
                "Mã hồ sơ: H15.50.05-261120-0027",
                "(Liên 1: Lưu)",
                "(Liên 2: Giao người nộp hồ sơ)",
                "Tiếp nhận hồ sơ của: Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương",
                "Người nộp hồ sơ: Đặng Đình Ưởng",
                "thôn Buôn Ea Khít, xã An Bình, tỉnh Đắk Lắk",
                "Số điện thoại: 0905 123 456",
                "Email: myhanh.nguyen@vidu.vn",
                "khu vực biên giới (mã thủ tục 1.001193)",
                "Đăng ký khai sinh cho cháu Chẩu Thị Xuyến Chi",
                "Khai thác từ cơ sở dữ liệu",
                "Số lượng hồ sơ: 01 (bộ)",
                "theo quy định là: 03 ngày làm việc",
                "Thời gian nhận hồ sơ: 14 giờ 05 phút, ngày 20 tháng 11 năm 2026",
                "hồ sơ: 14 giờ 05 phút, thứ Năm, ngày 26 tháng 11 năm 2026",
                "Tra cứu: anbinh.vidu.vn/tra-cuu – Mã tra cứu: K7QM",
                "Nhận trực tiếp: Trung tâm Phục vụ hành chính công xã An Bình",
                "Quyển số: 01/2026, Số thứ tự: 127",
                "Chưa kiểm chứng: giấy tờ «Văn bản ủy quyền»; quyết định công bố.",
                "NGƯỜI NỘP HỒ SƠ",
                "NGƯỜI TIẾP NHẬN HỒ SƠ",
                "Lò Thị Mẩy",
            ],
        );
    }
}

#[test]
fn the_qr_code_of_a_receipt_opens_its_tracking_link() {
    let data = ReceiptData { copies: vec![Copy::Party], ..ReceiptData::sample() };
    for (page, _) in PAPERS {
        assert_eq!(receipt(&data, page).qr(), data.tracking.link, "{page:?}");
    }
}

#[test]
fn a_receipt_with_empty_fields_claims_nothing() {
    for (page, _) in PAPERS {
        let print = receipt(&ReceiptData::sample_bare(), page);
        assert_eq!(print.pages(), 1);
        let text = print.text();
        expect(&text, &["không có giấy tờ phải nộp", "Trong ngày làm việc", "Địa chỉ:", "Đăng ký nhận kết quả tại:"]);
        for word in ["Chưa kiểm chứng", "none", "Người nộp hồ sơ:", "Liên 1", "Trang"] {
            assert!(!text.contains(word), "«{word}» is in: {text}");
        }
    }
}

#[test]
fn a_real_receipt_is_not_marked_as_a_demo() {
    let data = ReceiptData { demo: false, ..ReceiptData::sample() };
    assert!(!receipt(&data, Page::A4).text().contains("DEMO"));
}

#[test]
fn a_receipt_with_many_papers_counts_its_pages_for_each_copy() {
    let paper = ReceivedPaper {
        requirement: "Giấy tờ chứng minh quyền sử dụng đất của hộ gia đình bà Lò Thị Mẩy".into(),
        form: PaperForm::CertifiedCopy,
        count: 12,
    };
    let data = ReceiptData { papers: vec![paper; 60], ..ReceiptData::sample() };
    let print = receipt(&data, Page::A4);
    let pages = print.pages() / 2;
    assert!(pages >= 2 && print.pages().is_multiple_of(2), "{} pages", print.pages());
    for copy in 0..2 {
        for page in 1..=pages {
            let text = print.page_text(copy * pages + page);
            assert!(text.contains(&format!("Trang {page}/{pages}")), "copy {copy} page {page}: {text}");
        }
        assert!(print.page_text(copy * pages + 2).contains("Tên giấy tờ"), "the head is repeated");
    }
}

#[test]
fn a_time_is_given_in_its_own_unit() {
    for (time, words) in [
        (ProcessingTime::WorkingHours(4), "theo quy định là: 04 giờ làm việc"),
        (ProcessingTime::CalendarDays(15), "theo quy định là: 15 ngày "),
        (ProcessingTime::Months(2), "theo quy định là: 02 tháng"),
    ] {
        let data = ReceiptData { processing_time: time, ..ReceiptData::sample_bare() };
        expect(&receipt(&data, Page::A4).text(), &[words]);
    }
}

#[test]
fn days_and_months_below_ten_are_written_as_the_decree_says() {
    let data = ReceiptData {
        received_at: "2027-02-05T07:30".parse().unwrap(),
        due_at: "2027-03-09T16:00".parse().unwrap(),
        ..ReceiptData::sample_bare()
    };
    expect(
        &receipt(&data, Page::A4).text(),
        &["ngày 05 tháng 02 năm 2027", "16 giờ 00 phút, thứ Ba, ngày 09 tháng 3 năm 2027"],
    );
}

#[test]
fn what_looks_like_code_in_a_name_is_printed_as_it_stands() {
    let name = r#"#panic("x") *Nguyễn* _Thị_ $x^2$ `Mỹ` \Hạnh \u{41} <a> @b "Ưởng" [c] {d} // e /* f */ = g - h"#;
    let mut data = ReceiptData::sample_bare();
    data.party.name = name.into();
    data.party.address = Some(r##"#read("/etc/passwd") #include "main.typ""##.into());
    data.head.agency = "Ủy ban #nhân *dân* $xã$".into();
    data.procedure.title = "= Tiêu đề\n- mục\n+ số".into();
    let text = receipt(&data, Page::A4).text();
    expect(
        &text,
        &[name, r##"#read("/etc/passwd") #include "main.typ""##, "ỦY BAN #NHÂN *DÂN* $XÃ$", "= Tiêu đề - mục + số"],
    );

    let mut sheet = ControlSheetData::sample_bare();
    sheet.hand_overs[0].note = Some("#pagebreak() * $ \\".into());
    expect(&control_sheet(&sheet, Page::A4).text(), &["#pagebreak() * $ \\"]);
}

#[test]
fn very_long_names_do_not_leave_the_page() {
    let mut data = ReceiptData::sample();
    data.party.name = "Nguyễn Thị Mỹ Hạnh ".repeat(20);
    data.officer = "Chẩu Thị Xuyến Chi ".repeat(6);
    data.submitted_by = None;
    data.head.agency = "Ủy ban nhân dân đặc khu Trường Sa – Nam Yết – Song Tử Tây – Sinh Tồn Đông".into();
    let text = receipt(&data, Page::A5).text();
    assert_eq!(
        text.matches("Nguyễn Thị Mỹ Hạnh").count(),
        2 * 2 * 20,
        "in the field and in the signature of each copy"
    );
}

#[test]
fn the_same_receipt_is_the_same_file_to_the_byte() {
    let data = ReceiptData::sample();
    assert!(receipt(&data, Page::A4).bytes == receipt(&data, Page::A4).bytes);
    assert!(receipt(&data, Page::A4).holds("2026-11-20T14:05:00+07:00"), "the date is the job's, on Viet Nam's clock");
}

#[test]
fn a_control_sheet_shows_every_hand_over_over_several_pages() {
    for (page, size) in PAPERS {
        let data = ControlSheetData::sample();
        let print = control_sheet(&data, page);
        let pages = print.pages();
        assert!(pages >= 3, "{pages} pages on {page:?}");
        assert!(print.info("Page size").contains(size));
        expect_archival(&print, "Phiếu kiểm soát quá trình giải quyết hồ sơ H15.50.05-261120-0027");
        let text = print.text();
        expect(
            &text,
            &[
                "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
                "Cơ quan (bộ phận) giải quyết hồ sơ: Phòng Văn hóa - Xã hội xã An Bình",
                "Chẩu Thị Xuyến Chi, Công chức",
                "Nhận: 15:10 20/11/2026",
                "Giao: 16:20 23/11/2026",
                "Giao: đang giữ",
                "Quá hạn",
                "Giữ 9 giờ 35 phút; được giao 4 giờ",
                "Thay mặt: Nguyễn Thị Mỹ Hạnh, Chủ tịch",
                "Kết thúc giải quyết: 14 giờ 00 phút, ngày 25 tháng 11 năm 2026 – Trước hạn",
            ],
        );
        assert_eq!(text.matches("Nhận: ").count(), data.hand_overs.len());
        for number in 1..=pages {
            let page_text = print.page_text(number);
            assert!(page_text.contains(&format!("Trang {number}/{pages}")), "{page_text}");
            assert!(page_text.contains("BẢN DEMO"), "{page_text}");
        }
        assert!(print.page_text(2).contains("Ghi chú"), "the head is repeated");
    }
}

#[test]
fn a_control_sheet_explains_the_due_time_day_by_day() {
    for (page, _) in PAPERS {
        expect(
            &control_sheet(&ControlSheetData::sample(), page).text(),
            &[
                "PHỤ LỤC: CÁCH TÍNH HẠN TRẢ KẾT QUẢ",
                "Quy tắc: 03 ngày làm việc kể từ thời điểm tiếp nhận hồ sơ hợp lệ",
                "Bắt đầu tính: 14 giờ 05 phút, ngày 20 tháng 11 năm 2026",
                "Thứ Sáu, 20/11/2026",
                "Ngày tiếp nhận",
                "3 giờ 25 phút",
                "Làm bù",
                "Chủ nhật, 22/11/2026",
                "Nghỉ hằng tuần không tính",
                "Nghỉ hoán đổi không tính",
                "Ngày Văn hóa Việt Nam",
                "Cộng 26 giờ",
                "08:00 25/11/2026",
                "2 giờ làm việc",
                "Hạn trả kết quả: 16 giờ 05 phút, thứ Năm, ngày 26 tháng 11 năm 2026",
            ],
        );
    }
}

#[test]
fn a_control_sheet_of_a_new_dossier_is_one_page_and_claims_nothing() {
    let print = control_sheet(&ControlSheetData::sample_bare(), Page::A5);
    assert_eq!(print.pages(), 1);
    let text = print.text();
    expect(
        &text,
        &["Kết thúc giải quyết: đang giải quyết", "Cơ quan phối hợp giải quyết hồ sơ: không có", "Trang 1/1"],
    );
    assert!(!text.contains("PHỤ LỤC") && !text.contains("none"), "{text}");
}

#[test]
fn a_dossier_with_hundreds_of_hand_overs_still_prints() {
    let mut data = ControlSheetData::sample();
    data.hand_overs = data.hand_overs.iter().cycle().take(400).cloned().collect();
    let print = control_sheet(&data, Page::A5);
    assert_eq!(print.text().matches("Nhận: ").count(), 400);
}

#[test]
fn requests_about_certificates_are_a_list_of_facts_for_each_agency_and_say_so() {
    let data = CertificateRequestsData::sample();
    let print = Printed::of(&data.job("mau").unwrap());
    assert_eq!(print.pages(), 2, "each agency has a page of its own");
    expect_archival(&print, "Đề nghị về chứng thư chữ ký số");
    let text = print.text();
    for words in [
        "BẢN DEMO",
        "ĐỀ NGHỊ VỀ CHỨNG THƯ CHỮ KÝ SỐ CHUYÊN DÙNG CÔNG VỤ",
        "không phải mẫu ban hành kèm theo Nghị định; mẫu chưa kiểm chứng.",
    ] {
        assert_eq!(text.matches(words).count(), 2, "«{words}» on each page: {text}");
    }
    expect(
        &text,
        &[
            "ỦY BAN NHÂN DÂN XÃ AN BÌNH",
            "An Bình, ngày 25 tháng 11 năm 2026",
            "Số lượng: 03 đề nghị",
            "Số định danh: 000000000012",
            "Tạm dừng chứng thư",
            "Chưa kiểm chứng trong Nghị định.",
            "Trang 1/2",
        ],
    );
    let second = print.page_text(2);
    assert!(second.contains("Đặng Đình Ưởng") && !second.contains("Lò Thị Mẩy"), "{second}");
    assert_eq!(text.matches("NGƯỜI ĐỀ NGHỊ").count(), 1, "whoever asks alone signs, too: {text}");
}

#[test]
fn hundreds_of_requests_still_print() {
    let mut data = CertificateRequestsData::sample();
    let line = data.sheets[0].requests[0].clone();
    data.sheets.truncate(1);
    data.sheets[0].requests = vec![line; 200];
    let print = Printed::of(&data.job("mau").unwrap());
    assert_eq!(print.text().matches("Số định danh: ").count(), 200);
}
