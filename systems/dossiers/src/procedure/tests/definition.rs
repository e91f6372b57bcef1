//! Each rule of a definition refuses what breaks it, with the line and a sentence.

use std::collections::BTreeMap;

use super::{SAMPLE, sample_with};
use crate::procedure::definition::Definition;
use crate::procedure::provenance::{Mark, Standing};

#[test]
fn the_sample_is_right_and_its_sources_are_told_apart() {
    let definition = Definition::parse(SAMPLE).unwrap_or_else(|errors| panic!("{errors}"));
    let rule = definition.provenance("takes.rule").expect("a source");
    assert!(rule.is_doubtful());
    let printed = definition.provenance("takes.printed").expect("a source");
    assert!(!printed.is_doubtful());
    assert_eq!((printed.as_of, printed.note), (Some("2026-03"), Some("trang 4")));
    let decides = definition.provenance("decides").expect("a source");
    assert!(!decides.is_doubtful() && decides.source.contains("12/QĐ-UBND"));
    assert!(rule.decision.is_none() && printed.decision.is_none(), "no decision is known that says so");
    assert!(
        matches!(definition.provenance("fees.phi").expect("a source").mark, Mark::Inferred(codes) if codes.len() == 2)
    );
    assert!(definition.provenance("nothing").is_none());
    let values = BTreeMap::from([("applicant_name".to_owned(), "Chẩu Thị Xuyến Chi".to_owned())]);
    assert_eq!(definition.summarise(&values), "Xác nhận cho Chẩu Thị Xuyến Chi về");
}

#[test]
fn a_document_is_known_by_number_and_date_however_it_is_written() {
    for text in [
        "2831/QĐ-UBND, 10/7/2025",
        "2831/QĐ-UBND; 2025-07-10.",
        "2831/QĐ-UBND,10/7/2025",
        "Quyết định của UBND tỉnh (2831/QĐ-UBND, ngày 10 tháng 7 năm 2025)",
        "2831/QĐ-UBND của HĐND tỉnh nhiệm kỳ 2021-2026, ngày 10/7/2025",
        "khoản 2 Điều 1 Quyết định số 2831/QĐ-UBND, ký ngày 10/07/2025 của UBND tỉnh, thay 12/QĐ-UBND ngày 05/01/2024",
    ] {
        let definition = Definition::parse(&sample_with("12/QĐ-UBND ngày 05/01/2026", text));
        let definition = definition.unwrap_or_else(|errors| panic!("{errors}"));
        let decides = definition.provenance("decides").expect("a source");
        let named = decides.decision.map(|decision| (decision.number, decision.date.to_string()));
        assert_eq!(named, Some(("2831/QĐ-UBND", "2025-07-10".to_owned())), "{text}");
        assert_eq!((decides.standing, decides.source.as_str()), (Standing::Verified, text));
    }
}

#[test]
fn each_rule_refuses_what_breaks_it() {
    // What is replaced, by what, where the mistake is reported, and words of the sentence.
    let cases = [
        ("code = \"9.000001\"", "code = \"9.1\"", "code", "1.001193"),
        ("code = \"9.000001\"\n", "", "code", "còn thiếu"),
        ("name = \"Xác nhận mẫu\"", "name = 5", "name", "ngoặc kép"),
        ("name = \"Xác nhận mẫu\"", "name = \" \"", "name", "để trống"),
        ("short_names = [\"Xác nhận mẫu\", \"giấy mẫu\"]", "short_names = []", "short_names", "ít nhất một"),
        ("\"giấy mẫu\"]", "\"xac nhan MAU\"]", "short_names", "hai lần"),
        ("level = \"commune\"", "level = \"district\"", "level", "commune, province"),
        ("level = \"commune\"\n", "", "level", "còn thiếu"),
        ("level = \"commune\"", "level = \"commune\"\nlevle = 1", "levle", "không có mục tên này"),
        ("handled = { at = \"here\" }", "handled = { at = \"ministry\" }", "handled.system", "tên hệ thống"),
        ("handled = { at = \"here\" }", "handled = { at = \"here\", x = 1 }", "handled.x", "không có mục"),
        ("online_level = \"partial\"", "online_level = \"information\"", "online_level", "full hoặc partial"),
        ("channels = [\"counter\", \"online\"]", "channels = []", "channels", "ít nhất một kênh"),
        ("channels = [\"counter\", \"online\"]", "channels = [\"counter\", \"counter\"]", "channels", "hai lần"),
        (
            "channels = [\"counter\", \"online\"]",
            "channels = [\"counter\"]",
            "fees[1].amounts",
            "không nhận qua kênh online",
        ),
        ("{applicant_name} về {why_fast}", "{nobody}", "summary", "nobody"),
        ("{applicant_name} về {why_fast}", "{applicant_name", "summary", "dấu }"),
        ("{applicant_name} về {why_fast}", "{applicant_identity}", "summary", "số định danh"),
        ("{applicant_name} về {why_fast}", "{subject}", "summary", "đoạn văn tự do"),
        ("effective_from = 2025-07-01", "effective_from = \"2025-07-01\"", "effective_from", "ngày có thật"),
        (
            "effective_from = 2025-07-01",
            "effective_from = 2025-07-01\neffective_to = 2025-06-30\nsuccessor = \"x\"",
            "effective_to",
            "trước ngày bắt đầu",
        ),
        (
            "effective_from = 2025-07-01",
            "effective_from = 2025-07-01\neffective_to = 2027-02-28",
            "successor",
            "văn bản thay thế",
        ),
        ("date = 2025-01-02, ", "date = 2025-02-30, ", "", "cú pháp"),
        ("legal = [{ number", "legal = [] #", "legal", "ít nhất một mục"),
        ("rule = \"working_days\"\namount = 2", "rule = \"working_days\"", "takes.amount", "lớn hơn 0"),
        ("rule = \"working_days\"\namount = 2", "rule = \"weeks\"\namount = 2", "takes.rule", "working_days"),
        ("rule = \"working_days\"\namount = 2", "rule = \"same_day\"\namount = 2", "takes.amount", "same_day"),
        ("cutoff = \"15:00\"", "cutoff = \"25:00\"", "cases[2].takes.cutoff", "giờ trong ngày"),
        ("code = \"nhanh\"", "code = \"Nhanh!\"", "cases[2].code", "chữ thường"),
        ("code = \"nhanh\"", "code = \"thuong\"", "cases[2].code", "hai lần"),
        ("kind = \"fixed\"", "kind = \"province\"", "fees[1].amounts", "khi và chỉ khi"),
        ("kind = \"fixed\"", "kind = \"per_page\"", "fees[1].pages", "khi và chỉ khi"),
        ("amounts = { counter = 20000, online = 10000 }", "amounts = { counter = 20000 }", "fees[1].amounts", "online"),
        ("counter = 20000", "counter = -1", "fees[1].amounts.counter", "số nguyên"),
        ("basis = \"Nghị quyết mẫu\"\n", "", "fees[1].basis", "văn bản quy định"),
        ("kind = \"form\"\noriginals = 1", "kind = \"form\"", "requirements[1].originals", "ít nhất 1 bản chính"),
        ("kind = \"form\"\noriginals = 1", "kind = \"state_data\"", "requirements[1].held_by", "cơ sở dữ liệu"),
        ("kind = \"copy\"\ncopies = 1", "kind = \"copy\"", "requirements[2].copies", "ít nhất 1 bản sao"),
        (
            "kind = \"copy\"\ncopies = 1",
            "kind = \"state_data\"\ncopies = 1",
            "requirements[2].originals",
            "không đòi bản",
        ),
        (
            "kind = \"copy\"\ncopies = 1",
            "kind = \"original_to_show\"\noriginals = 1\ncopies = 1",
            "requirements[2].copies",
            "không nộp bản sao",
        ),
        ("kind = \"copy\"", "kind = \"photo\"", "requirements[2].kind", "certified_copy"),
        ("condition = \"Khi có\"", "", "requirements[2].condition", "khi nào cần"),
        (
            "condition = \"Khi có\"",
            "condition = \"x\"\nrequired = true",
            "requirements[2].condition",
            "không ghi điều kiện",
        ),
        ("condition = \"Khi có\"", "any_of = \"nhom\"", "requirements[2].any_of", "chỉ có một"),
        ("condition = \"Khi có\"", "condition = \"x\"\ncases = [\"z\"]", "requirements[2].cases", "«z»"),
        ("condition = \"Khi có\"", "condition = \"x\"\nchannels = [\"post\"]", "requirements[2].channels", "post"),
        ("code = \"ban-sao\"", "code = \"to-khai\"", "requirements[2].code", "hai lần"),
        ("key = \"subject\"", "key = \"Subject\"", "form[1].fields[8].key", "chữ thường"),
        ("key = \"subject\"", "key = \"applicant_name\"", "form[1].fields[8].key", "hai lần"),
        ("key = \"applicant_phone\"", "key = \"phone\"", "form", "applicant_phone"),
        ("kind = \"longtext\"", "kind = \"essay\"", "form[1].fields[8].kind", "longtext"),
        ("kind = \"longtext\"", "kind = \"select\"", "form[1].fields[8].options", "ít nhất hai lựa chọn"),
        ("kind = \"longtext\"", "kind = \"text\", past = true", "form[1].fields[8].past", "ô ngày"),
        ("birth = \"applicant_birth_date\"", "birth = \"applicant_name\"", "form", "không phải ô ngày"),
        ("is = [\"nhanh\"]", "is = [\"cham\"]", "form[1].fields[7].when", "cham"),
        ("when = { field = \"case\"", "when = { field = \"subject\"", "form[1].fields[7].when", "đứng trước"),
        ("{ value = \"nhanh\", label", "{ value = \"khac\", label", "form", "«case»"),
        ("post = \"counter\"", "post = \"clerk\"", "steps", "một cửa"),
        ("post = \"clerk\"", "post = \"head\"", "steps", "văn thư"),
        ("post = \"leader\"", "post = \"specialist\"", "steps", "lãnh đạo"),
        ("post = \"leader\"", "post = \"king\"", "steps[2].post", "leader"),
        ("hours = 6.5", "hours = 6.75", "steps", "vượt thời hạn 8 giờ"),
        ("hours = 6.5", "hours = 0.1", "steps[2].hours", "0.25"),
        ("hours = 6.5", "share = 50", "steps", "không lẫn lộn"),
        ("hours = 6.5", "hours = 6\nshare = 50", "steps[2].hours", "đúng một"),
        ("form = \"D\"\n", "", "sources", "«form»"),
        ("fees = \"I:SO,BN\"", "fees = \"I:XX\"", "sources[fees]", "«XX»"),
        ("fees = \"I:SO,BN\"", "fees = \"Z\"", "sources[fees]", "không phải dấu nguồn"),
        ("fees = \"I:SO,BN\"", "fees = \"M:x\"", "sources[fees]", "h, m hoặc l"),
        ("fees = \"I:SO,BN\"", "fees = 1", "sources[fees]", "dấu nguồn"),
        ("fees = \"I:SO,BN\"", "fees = \"N\"", "sources[fees.phi]", "chỉ dùng cho announced"),
        ("12/QĐ-UBND ngày 05/01/2026", "12/QĐ-UBND", "sources[decides]", "ngày của văn bản"),
        ("12/QĐ-UBND ngày 05/01/2026", "12/QĐ-UBND ngày 30/02/2026", "sources[decides]", "ngày của văn bản"),
        ("12/QĐ-UBND ngày 05/01/2026", "Luật Hộ tịch ngày 05/01/2026", "sources[decides]", "số, ký hiệu"),
        ("12/QĐ-UBND ngày 05/01/2026", "nhiệm kỳ 2021-2026, ngày 05/01/2026", "sources[decides]", "số, ký hiệu"),
        ("Q:12/QĐ-UBND ngày 05/01/2026", "Q", "sources[decides]", "số, ký hiệu"),
        ("announced = \"N\"\n", "", "sources", "«announced»"),
        ("announced = \"N\"", "announced = \"M:h\"", "sources[announced]", "phải là N"),
        (
            "effective_from = 2025-07-01",
            "announced = { number = \"1/QĐ\", date = 2025-07-01, agency = \"Bộ\" }\neffective_from = 2025-07-01",
            "sources[announced]",
            "không thể là N",
        ),
        (
            "summary = ",
            "channel_exception = { channels = [\"online\"], condition = \"Khi có sự cố\" }\nsummary = ",
            "form",
            "«channel_reason»",
        ),
        (
            "summary = ",
            "channel_exception = { channels = [\"post\"], condition = \"Khi có sự cố\" }\nsummary = ",
            "channel_exception.channels",
            "không nhận qua kênh post",
        ),
        (
            "summary = ",
            "channel_exception = { channels = [\"counter\", \"online\"], condition = \"x\" }\nsummary = ",
            "channel_exception.channels",
            "kênh nộp thông thường",
        ),
        ("key = \"subject\"", "key = \"channel_reason\"", "form", "chỉ dùng khi có channel_exception"),
        ("kind = \"longtext\"", "kind = \"multi_select\"", "form[1].fields[8].options", "ít nhất hai lựa chọn"),
        ("fees = \"I:SO,BN\"", "fees = \"I:SO,BN\"\n\"fees.le\" = \"D\"", "sources[fees.le]", "không có dữ kiện"),
        ("note = \"trang 4\"", "not = \"trang 4\"", "sources[takes.printed].not", "không có mục"),
    ];
    for (from, to, path, words) in cases {
        match Definition::parse(&sample_with(from, to)) {
            Ok(_) => panic!("{from:?} → {to:?} was accepted"),
            Err(errors) => assert!(errors.has(path, words), "{from:?} → {to:?} gave\n{errors}"),
        }
    }
}

#[test]
fn shares_may_not_exceed_the_whole() {
    let shared = SAMPLE.replace("hours = 1\n", "share = 20\n").replace("hours = 0.5", "share = 10");
    assert!(Definition::parse(&shared.replace("hours = 6.5", "share = 70")).is_ok());
    let errors = Definition::parse(&shared.replace("hours = 6.5", "share = 71")).expect_err("101 %");
    assert!(errors.has("steps", "101%"), "{errors}");
}

#[test]
fn all_mistakes_are_named_at_once_with_their_lines() {
    let broken =
        SAMPLE.replace("level = \"commune\"", "level = \"làng\"").replace("post = \"leader\"", "post = \"vua\"");
    let errors = Definition::parse(&broken).expect_err("two mistakes").0;
    let line = |part: &str| broken.lines().position(|line| line.contains(part)).map(|at| at + 1);
    assert_eq!(errors[0].line, line("làng"));
    assert_eq!(
        errors[0].to_string(),
        format!("dòng {}: {}: {}", line("làng").unwrap(), errors[0].path, errors[0].message)
    );
    assert!(errors.iter().any(|error| error.path == "steps[2].post" && error.line == line("vua")));
}

#[test]
fn text_is_put_into_precomposed_form() {
    let decomposed = sample_with("Xác nhận mẫu", "Xa\u{301}c nhận mẫu");
    assert_eq!(Definition::parse(&decomposed).map(|definition| definition.name), Ok("Xác nhận mẫu".to_owned()));
}
