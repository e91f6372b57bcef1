//! Letters to the party (forms 02 to 05), and the receipt as a file to be signed.

use super::Printed;
use super::forms::{expect, expect_archival};
use super::stamps::signed::show;
use print::forms::{Copy, Letter, LetterData, ReceiptData};
use print::{Page, Print, Spot};

/// Titles in the order of the samples.
const TITLES: [&str; 4] = [
    "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
    "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
    "Thông báo dừng giải quyết hồ sơ",
];

fn print(data: &LetterData, page: Page) -> Printed {
    Printed::of(&data.job(page, data.at).unwrap())
}

fn laid_out(data: &LetterData) -> Print {
    crate::lay_out(&data.job(Page::A4, data.at).unwrap()).unwrap()
}

fn electronic() -> ReceiptData {
    ReceiptData { copies: vec![Copy::Electronic], ..ReceiptData::sample() }
}

#[test]
fn a_full_letter_says_everything_on_one_page() {
    let own: [&[&str]; 4] = [
        &[
            "đề nghị ông/bà bổ sung, hoàn thiện hồ sơ gồm:",
            "1. Giấy chứng sinh bản chính",
            "3. Tờ khai: ghi lại nơi cư trú",
            "Nơi nhận giấy tờ bổ sung: Trung tâm Phục vụ hành chính công xã An Bình",
            "tạm dừng tính từ 09 giờ 20 phút, ngày 23 tháng 11 năm 2026",
        ],
        &["thông báo không tiếp nhận, giải quyết hồ sơ này với lý do:", "2. Hồ sơ không có giấy tờ"],
        &[
            "Thời gian hẹn trả kết quả: 14 giờ 05 phút, ngày 26 tháng 11 năm 2026",
            "Cơ quan phối hợp chưa trả lời kết quả xác minh",
            "Cơ quan, đơn vị để chậm: Phòng Văn hóa - Xã hội xã An Bình",
            "ngày 01 tháng 12 năm 2026",
            "xin lỗi ông/bà",
        ],
        &["dừng giải quyết hồ sơ này kể từ 09 giờ 20 phút", "Phí, lệ phí được hoàn trả: 75.000 đồng"],
    ];
    for ((data, title), own) in LetterData::samples().iter().zip(TITLES).zip(own) {
        for page in [Page::A4, Page::A5] {
            let print = print(data, page);
            if page == Page::A4 {
                show(&format!("letter-{}.pdf", data.letter.number()), &print.bytes);
                assert_eq!(print.pages(), 1, "{title}");
                assert_eq!(print.qr(), data.tracking.link);
            }
            expect_archival(&print, &format!("{title} H15.50.05-261120-0027"));
            let text = print.text();
            expect(
                &text,
                &[
                    "BẢN DEMO",
                    "ỦY BAN NHÂN DÂN XÃ AN BÌNH",
                    "Mã hồ sơ: H15.50.05-261120-0027",
                    &title.to_uppercase(),
                    "Hồ sơ của: Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương",
                    "Người hướng dẫn, giải đáp: Chẩu Thị Xuyến Chi",
                    "TM. ỦY BAN NHÂN DÂN",
                    "KT. CHỦ TỊCH",
                    "PHÓ CHỦ TỊCH",
                    "Công Huyền Tôn Nữ Đặng Đình Ưởng Phương",
                ],
            );
            expect(&text, own);
            assert!(!text.contains("none") && !text.contains("……"), "{text}");
        }
    }
}

#[test]
fn a_letter_to_be_signed_by_hand_keeps_no_places_and_claims_nothing() {
    for (data, title) in LetterData::samples_bare().iter().zip(TITLES) {
        let print = print(data, Page::A4);
        show(&format!("letter-{}-bare.pdf", data.letter.number()), &print.bytes);
        assert_eq!(print.pages(), 1, "{title}");
        let text = print.text();
        expect(&text, &["Số: ……………", "An Bình, ngày 23 tháng 11 năm 2026", "NGƯỜI CÓ THẨM QUYỀN", "Địa chỉ:"]);
        for word in ["none", "hoàn trả", "giải đáp", "Trang"] {
            assert!(!text.contains(word), "«{word}» is in: {text}");
        }
        assert_eq!(laid_out(data).marks, []);
    }
}

#[test]
fn what_is_signed_has_a_place_for_each_thing_that_comes_later() {
    for data in LetterData::samples() {
        let print = laid_out(&data);
        let spots: Vec<Spot> = print.marks.iter().map(|mark| mark.spot).collect();
        assert_eq!(spots, [Spot::Number, Spot::Date, Spot::Signature]);
        let place = |spot: Spot| print.mark(spot).unwrap().rectangle;
        let (number, date, signature) = (place(Spot::Number), place(Spot::Date), place(Spot::Signature));
        let (middle, page) = (print.pages[0].width / 2.0, print.pages[0].height);
        assert!(number.right < middle && number.bottom > page * 0.75, "behind «Số:»: {number:?}");
        assert!(date.left > middle && date.bottom > page * 0.75, "behind the place: {date:?}");
        assert!(signature.left > middle * 0.9 && signature.top < number.bottom, "at the lower right: {signature:?}");
    }
    // The receipt has its number and day from its dossier.
    let receipt = electronic();
    let print = crate::lay_out(&receipt.job(Page::A4, receipt.received_at).unwrap()).unwrap();
    assert_eq!(print.marks.iter().map(|mark| mark.spot).collect::<Vec<_>>(), [Spot::Signature]);
    let text = Printed::from(print.pdf.clone()).text();
    expect(&text, &["(Bản điện tử)", "Số: 0127/TNHS", "An Bình, ngày 20 tháng 11 năm 2026", "Lò Thị Mẩy"]);
    assert!(!text.contains("(Ký và ghi rõ họ tên)"), "nobody signs it by hand: {text}");
    show("receipt-electronic.pdf", &print.pdf);
}

#[test]
fn a_long_letter_goes_on_and_is_signed_on_its_last_page() {
    let mut data = LetterData::samples().remove(0);
    let thing = "Giấy tờ chứng minh quyền sử dụng đất của hộ gia đình bà Lò Thị Mẩy, bản sao có chứng thực".to_owned();
    data.letter = Letter::Supplement { things: vec![thing; 60] };
    let print = laid_out(&data);
    assert!(print.pages.len() > 2);
    assert_eq!(print.mark(Spot::Signature).unwrap().page, print.pages.len() - 1);
    assert_eq!(print.mark(Spot::Number).unwrap().page, 0);
    let printed = Printed::from(print.pdf.clone());
    show("letter-long.pdf", &print.pdf);
    assert_eq!(printed.text().matches("hộ gia đình bà Lò Thị Mẩy").count(), 60);
    assert!(printed.page_text(2).contains(&format!("Trang 2/{}", print.pages.len())));
}

#[test]
fn a_reason_of_any_length_and_spelling_stays_on_the_page() {
    let mut data = LetterData::samples().remove(3);
    let reason = r#"Căn cứ #panic("x") *Điều 19* $x$ `khoản 3` \u{41} <a>; "#.repeat(60);
    data.letter = Letter::Stop { reasons: vec![reason.trim().to_owned()], refund: Some(1_234_567) };
    data.party.name = "Nguyễn Thị Mỹ Hạnh ".repeat(12).trim().to_owned();
    let text = print(&data, Page::A4).text();
    // One of them goes on over the foot of a page.
    expect(&text, &[r#"#panic("x") *Điều 19* $x$ `khoản 3` \u{41} <a>;"#]);
    assert_eq!(text.matches("#panic(").count(), 60);
    assert_eq!(text.matches("Nguyễn Thị Mỹ Hạnh").count(), 12);
    expect(&text, &["1.234.567 đồng"]);
}
