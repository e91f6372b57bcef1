//! How signatures look: sizes, words and archival standard of each stamp.

mod marks;
mod own_forms;
pub(super) mod signed;

use super::Printed;
use print::forms::{
    AgencySeal, AttachmentLines, CopyForm, CopyLines, DatePicture, NumberPicture, PersonSignature, Picture, Stamp,
    StampImage,
};
use print::{Job, POINTS_PER_MM, Size, Turn};
use types::Timestamp;

const SIGNATURE: &[u8] = include_bytes!("pictures/signature.png");
const ROUND_SEAL: &[u8] = include_bytes!("pictures/round-seal.png");
const SQUARE_SEAL: &[u8] = include_bytes!("pictures/square-seal.png");

fn at() -> Timestamp {
    "2026-11-22T05:47:14".parse().unwrap()
}

fn job(stamp: &Stamp) -> Job {
    stamp.job(Turn::None, None, at()).unwrap()
}

/// Width and height of the only page in points.
fn size(print: &Printed) -> (f32, f32) {
    let words = print.info("Page size");
    let mut numbers = words.split(' ').filter_map(|word| word.parse::<f32>().ok());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

fn close(one: f32, other: f32) -> bool {
    (one - other).abs() < 0.02
}

fn person(name: &str, picture: Option<Picture>) -> Stamp {
    let agency = "Ủy ban nhân dân xã An Bình (hư cấu)".into();
    Stamp::Person(PersonSignature { name: name.into(), agency, signed_at: at(), picture })
}

fn seal(picture: Option<Picture>) -> Stamp {
    Stamp::Agency(AgencySeal {
        agency: "Ủy ban nhân dân xã An Bình (hư cấu)".into(), signed_at: at(), picture
    })
}

fn handwriting() -> Picture {
    Picture::fitted(StampImage::check(SIGNATURE.to_vec()).unwrap(), 40.0, 20.0).unwrap()
}

fn round_seal() -> Picture {
    let image = StampImage::check(ROUND_SEAL.to_vec()).unwrap();
    Picture::of_mm(image, print::forms::COMMUNE_SEAL_MM, print::forms::COMMUNE_SEAL_MM).unwrap()
}

/// The pictures of these tests, made anew where a person who changed their source says so.
#[test]
fn the_pictures_source_is_typeset() {
    let template = print::Template::Own { name: "hinh".into(), text: include_str!("pictures/pictures.typ").into() };
    let page = print::Page::A4;
    let print = Printed::of(&Job {
        template,
        ident: "x".into(),
        data: serde_json::Value::Null,
        assets: vec![],
        page,
        made_at: at(),
    });
    assert_eq!(print.pages(), 3);
    signed::show("drawings.pdf", &print.bytes);
}

#[test]
fn every_stamp_is_one_archival_page_without_tags_and_background() {
    let mut stamps = Stamp::samples();
    stamps.extend([person("Đặng Đình Ưởng (hư cấu)", Some(handwriting())), seal(Some(round_seal()))]);
    for stamp in stamps {
        let print = Printed::of(&job(&stamp));
        assert_eq!(print.pages(), 1);
        assert_eq!(print.info("Tagged"), "no", "{stamp:?}");
        for words in ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>U</pdfaid:conformance>"] {
            assert!(print.holds(words), "{words}");
        }
        assert!(print.clear_percent() > 25, "the page of {stamp:?} is not transparent");
    }
}

#[test]
fn a_signature_without_a_picture_says_who_where_and_when() {
    let text = Printed::of(&job(&person("Đặng Đình Ưởng (hư cấu)", None))).text();
    assert_eq!(
        text,
        "Người ký: Đặng Đình Ưởng (hư cấu) Cơ quan: Ủy ban nhân dân xã An Bình (hư cấu) Thời gian ký: 22/11/2026 05:47:14 \
         +07:00"
    );
    let text = Printed::of(&job(&seal(None))).text();
    assert_eq!(text, "Ủy ban nhân dân xã An Bình (hư cấu) Thời gian ký: 22/11/2026 05:47:14 +07:00");
}

#[test]
fn a_picture_stands_alone_and_has_the_size_it_is_given() {
    let mm = POINTS_PER_MM;
    let signature = Printed::of(&job(&person("Đặng Đình Ưởng", Some(handwriting()))));
    let (width, height) = size(&signature);
    assert!(close(width, 40.0 * mm) && height < 20.0 * mm, "{width} {height}");
    let seal_size = size(&Printed::of(&job(&seal(Some(round_seal())))));
    assert!(close(seal_size.0, 36.0 * mm) && close(seal_size.1, 36.0 * mm), "{seal_size:?}");
    let square = Picture::of_mm(StampImage::check(SQUARE_SEAL.to_vec()).unwrap(), 40.0, 20.0).unwrap();
    let square = Printed::of(&job(&seal(Some(square))));
    assert!(close(size(&square).0, 40.0 * mm) && close(size(&square).1, 20.0 * mm));
    assert_eq!(signature.text() + &square.text(), "", "no text beside a picture");
}

#[test]
fn lines_of_attachments_and_copies_are_as_the_decree_says() {
    let lines = Stamp::Attachment(AttachmentLines { number: Some("45/QĐ-UBND".into()), signed_at: at() });
    let print = Printed::of(&job(&lines));
    assert_eq!(print.text(), "Số: 45/QĐ-UBND Thời gian ký: 22/11/2026 05:47:14 +07:00");
    assert_eq!(print.fonts(), ["Tinos"]);
    let unnumbered = Printed::of(&job(&Stamp::Attachment(AttachmentLines { number: None, signed_at: at() })));
    assert_eq!(unnumbered.text(), "Thời gian ký: 22/11/2026 05:47:14 +07:00");
    for (form, words) in [(CopyForm::Full, "SAO Y"), (CopyForm::Extract, "TRÍCH SAO"), (CopyForm::OfCopy, "SAO LỤC")]
    {
        let copy = CopyLines { form, agency: "Ủy ban nhân dân xã An Bình".into(), signed_at: at() };
        let text = Printed::of(&job(&Stamp::Copy(copy))).text();
        assert_eq!(text, format!("{words} Ủy ban nhân dân xã An Bình Thời gian ký: 22/11/2026 05:47:14 +07:00"));
    }
}

#[test]
fn number_and_date_are_one_line_in_the_type_of_their_cells() {
    let number = Printed::of(&job(&Stamp::Number(NumberPicture { number: "15/QĐ-UBND".into() })));
    assert_eq!((number.text().as_str(), number.fonts()), ("15/QĐ-UBND", vec!["Tinos".to_owned()]));
    assert!(close(size(&number).1, 13.0 * 1.135), "{:?}", size(&number));
    for (day, type_points, words) in [
        ("2026-02-05", 13, "ngày 05 tháng 02 năm 2026"),
        ("2026-03-09", 14, "ngày 09 tháng 3 năm 2026"),
        ("2026-12-31", 14, "ngày 31 tháng 12 năm 2026"),
    ] {
        let date = Stamp::Date(DatePicture { day: day.parse().unwrap(), type_points });
        let print = Printed::of(&job(&date));
        assert_eq!((print.text().as_str(), print.fonts()), (words, vec!["Tinos-Italic".to_owned()]));
        assert!(close(size(&print).1, f32::from(type_points) * 1.135));
    }
}

#[test]
fn a_stamp_has_the_size_asked_for_and_turns_with_its_page() {
    let wanted = Size::of_mm(50.0, 15.0);
    for stamp in Stamp::samples().into_iter().chain([person("Ưởng", Some(handwriting()))]) {
        let print = Printed::of(&stamp.job(Turn::None, Some(wanted), at()).unwrap());
        assert!(close(size(&print).0, wanted.width) && close(size(&print).1, wanted.height));
        let upright = size(&Printed::of(&job(&stamp)));
        for turn in [Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            let turned = size(&Printed::of(&stamp.job(turn, None, at()).unwrap()));
            let expected = turn.of_size(Size { width: upright.0, height: upright.1 });
            assert!(close(turned.0, expected.width) && close(turned.1, expected.height), "{turned:?} {expected:?}");
        }
    }
}

#[test]
fn names_are_printed_as_they_are_whatever_they_hold() {
    let hostile =
        r##"#panic("x") *Ưởng* _b_ $x^2$ `y` \u{41} <ky-nguoi-ky> @c "q" 'r' [d] {e} // f /* g */ = h - i ~ --- ..."##;
    let text = Printed::of(&job(&person(hostile, None))).text();
    assert!(text.contains(hostile), "{text}");
    // In pieces, with line ends and what draws nothing.
    let decomposed = "  Nguye\u{302}\u{303}n\n\tThi\u{323} \u{200b}My\u{303}\u{0007} Ha\u{323}nh\u{202e} ";
    let text = Printed::of(&job(&person(decomposed, None))).text();
    assert!(text.starts_with("Người ký: Nguyễn Thị Mỹ Hạnh Cơ quan:"), "{text}");
    let number = Stamp::Number(NumberPicture { number: "01/#QĐ-UBND\"".into() });
    assert_eq!(Printed::of(&job(&number)).text(), "01/#QĐ-UBND\"");
}

#[test]
fn nothing_to_say_ends_no_worker() {
    let Stamp::Person(signature) = person("Ưởng", None) else { panic!("a person") };
    let alone = Stamp::Person(PersonSignature { agency: " ".into(), ..signature });
    assert_eq!(Printed::of(&job(&alone)).text(), "Người ký: Ưởng Thời gian ký: 22/11/2026 05:47:14 +07:00");
    let empty = Stamp::Number(NumberPicture { number: "\u{200b}".into() });
    for within in [None, Some(Size { width: 0.0, height: 0.0 }), Some(Size { width: f32::NAN, height: -3.0 })] {
        // Refused or empty, and no panic.
        let _ = crate::typeset(&empty.job(Turn::None, within, at()).unwrap());
        let _ = crate::typeset(&alone.job(Turn::Quarter, within, at()).unwrap());
    }
}

#[test]
fn very_long_names_take_more_lines_and_no_more_width() {
    let letters = "Ằằ Ẳẳ Ẵẵ Ặặ Ầầ Ẩẩ Ẫẫ Ậậ Đđ Ềề Ểể Ễễ Ệệ Ồồ Ổổ Ỗỗ Ộộ Ờờ Ởở Ỡỡ Ợợ Ừừ Ửử Ữữ Ựự Ỳỳ Ỷỷ Ỹỹ Ỵỵ".repeat(3);
    let print = Printed::of(&job(&person(&letters, None)));
    assert!(size(&print).0 < 75.0 * POINTS_PER_MM, "{:?}", size(&print));
    assert!(print.text().contains(letters.trim()), "{}", print.text());
    let endless = "Nguyễn".repeat(40);
    let print = Printed::of(&job(&person(&endless, None)));
    assert!(size(&print).0 < 75.0 * POINTS_PER_MM, "{:?}", size(&print));
    let letters_only = print.text().replace([' ', '\u{200b}'], "");
    assert!(letters_only.contains(&endless), "{letters_only}");
    let too_long = person(&"Nguyễn ".repeat(1000), None).job(Turn::None, None, at());
    assert!(matches!(too_long, Err(print::PrintError::TooLarge { .. })));
}

#[cfg(target_os = "linux")]
#[test]
fn a_stamp_takes_a_few_milliseconds() {
    // A process of its own, so that only its own work is counted, with the threads that the worker has.
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "tests::stamps::measure", "--nocapture"]).env("NHAVIEC_MEASURE", "yes");
    let output = command.env("RAYON_NUM_THREADS", "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("in turn:"), "{said}");
    println!("{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn measure() {
    /// Most time on a processor for one stamp after the first.
    const EACH_MS_MAX: u64 = 50;
    const TIMES: usize = 40;
    if std::env::var_os("NHAVIEC_MEASURE").is_none() {
        return;
    }
    // The clock of Linux for it has hundredths of a second.
    let processor_ms = || -> u64 {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        // utime and stime.
        fields[11..13].iter().map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum()
    };
    let kinds = [
        ("words", vec![person("Ưởng", None)]),
        ("handwriting", vec![person("Ưởng", Some(handwriting()))]),
        // One after another, the typesetter unpacks each picture anew.
        ("handwriting and seal in turn", vec![person("Ưởng", Some(handwriting())), seal(Some(round_seal()))]),
    ];
    for (kind, stamps) in kinds {
        crate::typeset(&job(&stamps[0])).unwrap();
        let before = processor_ms();
        for second in 0..TIMES {
            let mut job = job(&stamps[second % stamps.len()]);
            job.data["signed_at"] = at().plus_seconds(i64::try_from(second).unwrap()).rfc3339().into();
            crate::typeset(&job).unwrap();
        }
        let each_ms = (processor_ms() - before) / TIMES as u64;
        println!("{kind}: {each_ms} ms of processor time for a stamp");
        assert!(each_ms < EACH_MS_MAX, "{kind}: {each_ms} ms");
    }
}
