//! Rules that look at more than one field of a definition.

use std::collections::BTreeSet;

use types::text::fold;

use super::definition::{Channel, Definition, OnlineLevel, is_code};
use super::form::{self, FieldKind, FormField};
use super::provenance::Mark;
use super::reader::Log;
use super::step::{Allotment, PostKind};

/// Notes every mistake of `definition` that shows only when its parts are seen together.
pub(super) fn check(definition: &Definition, log: &Log<'_>) {
    check_head(definition, log);
    check_codes(definition, log);
    check_channels(definition, log);
    check_requirements(definition, log);
    check_form(definition, log);
    check_summary(definition, log);
    check_steps(definition, log);
    check_sources(definition, log);
}

/// `1.001193`, and with the suffix of a local sub-case `1.004082.000.00.00.H37`.
pub(super) fn is_procedure_code(code: &str) -> bool {
    let parts: Vec<&str> = code.split('.').collect();
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let base = parts.len() >= 2 && digits(parts[0], 1) && digits(parts[1], 6);
    base && match &parts[2..] {
        [] => true,
        [a, b, c, agency] => {
            let agency_is_right = agency.len() == 3
                && agency.starts_with(|first: char| first.is_ascii_uppercase())
                && digits(&agency[1..], 2);
            digits(a, 3) && digits(b, 2) && digits(c, 2) && agency_is_right
        }
        _ => false,
    }
}

fn check_head(definition: &Definition, log: &Log<'_>) {
    if !is_procedure_code(&definition.code) {
        log.error("code", "mã thủ tục phải có dạng 1.001193");
    }
    if definition.short_names.is_empty() {
        log.error("short_names", "cần ít nhất một tên gọi thường ngày");
    }
    if let Some(last) = definition.effective_to {
        if last < definition.effective_from {
            log.error("effective_to", "ngày hết áp dụng trước ngày bắt đầu áp dụng");
        }
        if definition.successor.is_none() {
            log.error("successor", "đã có ngày hết áp dụng thì phải ghi văn bản thay thế hoặc lý do");
        }
    }
    if !is_code(&definition.field.code) {
        log.error("field.code", "chỉ dùng chữ thường không dấu, chữ số và dấu - (ví dụ ho-tich)");
    }
    let lists = [
        ("legal", definition.legal.is_empty()),
        ("requirements", definition.requirements.is_empty()),
        ("results", definition.results.is_empty()),
        ("fees", definition.fees.is_empty()),
        ("form", definition.form.is_empty()),
        ("steps", definition.steps.is_empty()),
    ];
    for (list, _) in lists.iter().filter(|(_, is_empty)| *is_empty) {
        log.error(*list, "còn thiếu, phải có ít nhất một mục");
    }
}

fn check_codes(definition: &Definition, log: &Log<'_>) {
    let check = |list: &str, key: &str, codes: Vec<&str>, plain: bool| {
        let mut seen = BTreeSet::new();
        for (i, code) in codes.iter().enumerate() {
            let path = if key.is_empty() { list.to_owned() } else { format!("{list}[{}].{key}", i + 1) };
            if plain && !is_code(code) {
                log.error(&path, format!("«{code}» chỉ dùng chữ thường không dấu, chữ số và dấu -"));
            }
            if !seen.insert(*code) {
                log.error(&path, format!("«{code}» ghi hai lần"));
            }
        }
    };
    let d = definition;
    check("cases", "code", d.cases.iter().map(|case| case.code.as_str()).collect(), true);
    check("legal", "number", d.legal.iter().map(|law| law.number.as_str()).collect(), false);
    check("fees", "code", d.fees.iter().map(|fee| fee.code.as_str()).collect(), true);
    check("requirements", "code", d.requirements.iter().map(|paper| paper.code.as_str()).collect(), true);
    check("results", "code", d.results.iter().map(|result| result.code.as_str()).collect(), true);
    check("notes", "code", d.notes.iter().map(|note| note.code.as_str()).collect(), true);
    check("steps", "code", d.steps.iter().map(|step| step.code.as_str()).collect(), true);
    check("form", "section", d.form.iter().map(|section| section.section.as_str()).collect(), true);
    let folded: Vec<String> = d.short_names.iter().map(|name| fold(name)).collect();
    check("short_names", "", folded.iter().map(String::as_str).collect(), false);
}

fn check_channels(definition: &Definition, log: &Log<'_>) {
    if definition.channels.is_empty() {
        log.error("channels", "cần ít nhất một kênh nộp: counter, online, post");
    }
    let online = definition.channels.contains(&Channel::Online);
    match definition.online_level {
        OnlineLevel::Full if !online => log.error("channels", "mức toàn trình thì phải nhận qua kênh online"),
        OnlineLevel::Information if online => {
            log.error("online_level", "đã nhận qua kênh online thì mức phải là full hoặc partial");
        }
        _ => {}
    }
    let reason = definition.fields().find(|field| field.key == form::CHANNEL_REASON);
    let Some(exception) = &definition.channel_exception else {
        if reason.is_some() {
            log.error("form", "ô «channel_reason» chỉ dùng khi có channel_exception");
        }
        return;
    };
    for channel in exception.channels.iter().filter(|channel| !definition.channels.contains(channel)) {
        log.error("channel_exception.channels", format!("thủ tục không nhận qua kênh {}", channel.code()));
    }
    if definition.channels.iter().all(|channel| exception.channels.contains(channel)) {
        log.error("channel_exception.channels", "phải còn ít nhất một kênh nộp thông thường");
    }
    // It is asked on some channels only, so the form itself may not insist on it.
    let fits = |field: &FormField| field.kind == FieldKind::Text && !field.required && field.when.is_none();
    if !reason.is_some_and(fits) {
        log.error("form", "có channel_exception thì mẫu đơn cần ô «channel_reason» loại text, không bắt buộc");
    }
}

fn check_requirements(definition: &Definition, log: &Log<'_>) {
    for (i, paper) in definition.requirements.iter().enumerate() {
        let path = |key: &str| format!("requirements[{}].{key}", i + 1);
        if let Some(case) = paper.cases.iter().find(|code| definition.case(code).is_none()) {
            log.error(path("cases"), format!("không có trường hợp «{case}» trong cases"));
        }
        if let Some(channel) = paper.channels.iter().find(|channel| !definition.channels.contains(channel)) {
            log.error(path("channels"), format!("thủ tục không nhận qua kênh {}", channel.code()));
        }
        if let Some(group) = &paper.any_of {
            let members = definition.requirements.iter().filter(|other| other.any_of.as_ref() == Some(group)).count();
            if members < 2 {
                log.error(path("any_of"), format!("nhóm «{group}» chỉ có một giấy tờ, không có gì để thay thế"));
            }
            if paper.required {
                log.error(path("required"), "giấy tờ trong nhóm thay thế thì không bắt buộc riêng");
            }
        }
    }
}

fn check_form(definition: &Definition, log: &Log<'_>) {
    let mut before: Vec<&FormField> = Vec::new();
    for (s, section) in definition.form.iter().enumerate() {
        for (f, field) in section.fields.iter().enumerate() {
            let path = |key: &str| format!("form[{}].fields[{}].{key}", s + 1, f + 1);
            if before.iter().any(|other| other.key == field.key) {
                log.error(path("key"), format!("«{}» ghi hai lần", field.key));
            }
            if let Some(when) = &field.when {
                let other = before.iter().find(|other| other.key == when.field);
                if let Err(message) = can_depend(other.copied(), &when.is) {
                    log.error(path("when"), message);
                }
            }
            before.push(field);
        }
    }
    let find = |key: &str| before.iter().copied().find(|field| field.key == key);
    for field in &before {
        let is_date = |other: &FormField| matches!(other.kind, FieldKind::Date | FieldKind::PartialDate);
        if let Some(birth) = field.birth.as_deref().filter(|birth| !find(birth).is_some_and(is_date)) {
            log.error("form", format!("«{}»: birth trỏ đến «{birth}» không phải ô ngày", field.key));
        }
    }
    let party = [
        (form::APPLICANT_NAME, &[FieldKind::PersonName, FieldKind::Text][..]),
        (form::APPLICANT_IDENTITY, &[FieldKind::IdentityNumber, FieldKind::TaxCode][..]),
        (form::APPLICANT_PHONE, &[FieldKind::Phone][..]),
        (form::APPLICANT_ADDRESS, &[FieldKind::Address][..]),
    ];
    for (key, kinds) in party {
        if !find(key).is_some_and(|field| kinds.contains(&field.kind)) {
            log.error("form", format!("thiếu ô «{key}» loại {} của người nộp", kinds[0].code()));
        }
    }
    let offered: BTreeSet<&str> =
        find(form::CASE).map(|f| f.options.iter().map(|o| o.value.as_str()).collect()).unwrap_or_default();
    let cases: BTreeSet<&str> = definition.cases.iter().map(|case| case.code.as_str()).collect();
    if offered != cases {
        log.error("form", "ô «case» phải có đúng các lựa chọn ghi ở cases (không có cases thì không có ô này)");
    }
}

fn can_depend(other: Option<&FormField>, values: &[String]) -> Result<(), String> {
    let Some(other) = other else { return Err("phải trỏ đến một ô đứng trước".into()) };
    let offers = |value: &String| match other.kind {
        FieldKind::Select | FieldKind::MultiSelect => other.options.iter().any(|option| option.value == *value),
        FieldKind::Checkbox => value == "yes",
        _ => false,
    };
    match values.iter().find(|value| !offers(value)) {
        Some(value) => Err(format!("ô «{}» không có giá trị «{value}»", other.key)),
        None => Ok(()),
    }
}

fn check_summary(definition: &Definition, log: &Log<'_>) {
    let mut rest = definition.summary.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let Some((key, tail)) = after.split_once('}') else {
            log.error("summary", "có dấu { mà không có dấu }");
            return;
        };
        match definition.fields().find(|field| field.key == key) {
            None => log.error("summary", format!("mẫu đơn không có ô «{key}»")),
            // The summary stands open in lists, in the title and in the text index; numbers are sealed.
            Some(field) if matches!(field.kind, FieldKind::IdentityNumber | FieldKind::TaxCode) => {
                log.error(
                    "summary",
                    format!("ô «{key}» là số định danh hoặc mã số thuế, không được đưa vào trích yếu"),
                );
            }
            Some(field) if field.kind == FieldKind::LongText => {
                log.error(
                    "summary",
                    format!("ô «{key}» là đoạn văn tự do, có thể có số định danh, không được đưa vào trích yếu"),
                );
            }
            Some(_) => {}
        }
        rest = tail;
    }
}

fn check_steps(definition: &Definition, log: &Log<'_>) {
    let steps = &definition.steps;
    if steps.is_empty() {
        return;
    }
    if steps[0].post != PostKind::Counter {
        log.error("steps", "bước đầu phải ở một cửa (counter)");
    }
    if steps.last().is_some_and(|step| step.post != PostKind::Clerk) {
        log.error("steps", "bước cuối phải ở văn thư (clerk): vào số, đóng dấu, chuyển một cửa");
    }
    if !steps.iter().any(|step| step.post == PostKind::Leader) {
        log.error("steps", "phải có bước lãnh đạo ký (leader)");
    }
    let share = |step: &super::step::Step| match step.allotment {
        Allotment::Share(percent) => Some(percent),
        Allotment::Minutes(_) => None,
    };
    let shares: Vec<u32> = steps.iter().filter_map(share).collect();
    if !shares.is_empty() && shares.len() != steps.len() {
        log.error("steps", "dùng hours cho mọi bước hoặc share cho mọi bước, không lẫn lộn");
        return;
    }
    if !shares.is_empty() {
        let sum: u32 = shares.iter().sum();
        if sum > 100 {
            log.error("steps", format!("tổng các bước là {sum}%, vượt 100% thời hạn"));
        }
        return;
    }
    let limits = definition.cases.iter().filter_map(|case| case.takes.as_ref()).chain([&definition.takes]);
    let shortest = limits.map(|limit| limit.takes.working_minutes()).min().unwrap_or_default();
    let sum: u32 = steps.iter().map(|step| step.minutes(shortest)).sum();
    if sum > shortest {
        let (sum, shortest) = (f64::from(sum) / 60.0, f64::from(shortest) / 60.0);
        log.error("steps", format!("tổng các bước là {sum} giờ làm việc, vượt thời hạn {shortest} giờ"));
    }
}

fn check_sources(definition: &Definition, log: &Log<'_>) {
    let mut used = BTreeSet::new();
    for path in definition.facts() {
        match definition.source_entry(&path) {
            Some((key, entry)) => {
                used.insert(key);
                check_gap(definition, &path, &entry.mark, log);
            }
            None => log.error("sources", format!("thiếu nguồn của «{path}»")),
        }
    }
    for key in definition.sources.keys().filter(|key| !used.contains(key.as_str())) {
        log.error(format!("sources[{key}]"), "không có dữ kiện nào ở đường dẫn này");
    }
}

/// The announcing decision is the one fact that a file may call missing, and then its mark says so. A law's date that is
/// missing is seen by itself.
fn check_gap(definition: &Definition, path: &str, mark: &Mark, log: &Log<'_>) {
    let missing = *mark == Mark::Missing;
    let at = format!("sources[{path}]");
    match path {
        "announced" if definition.announced.is_none() && !missing => {
            log.error(at, "chưa ghi quyết định công bố thì dấu nguồn phải là N (đã tìm, chưa thấy)");
        }
        "announced" if definition.announced.is_some() && missing => {
            log.error(at, "đã ghi quyết định công bố thì dấu nguồn không thể là N");
        }
        "announced" => {}
        _ if path.starts_with("legal.") && path.ends_with(".date") => {}
        _ if missing => log.error(at, "dấu N chỉ dùng cho announced"),
        _ => {}
    }
}
