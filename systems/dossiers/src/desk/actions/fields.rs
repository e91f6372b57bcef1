//! The fields of each action's form.

use super::{Action, OTHER_PAPER, PAPER_LINES, RESULT_LINES, paper_field, result_field};
use crate::desk::act::PLACES;
use crate::desk::show::DossierPage;
use print::forms::CopyForm;
use signatures::document::{Document, Role, State};
use signatures::look::Spot;
use ui::prelude::*;

/// What a result may be.
const RESULT_FILES: &str = ".pdf,.docx";
/// What a draft or a paper may be; the bytes decide in the end.
const ANY_FILES: &str = ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.webp";

/// A form as it was sent, with the files that wait for its next sending.
type Typed<'a> = (&'a FormState, &'a [(String, KeptFile)]);

/// Everything between the form's head and its button.
pub fn draw(page: &DossierPage, action: Action, typed: Typed<'_>) -> Html {
    let form = typed.0;
    let name = |field: &str| action.field(field);
    let reason = |label: &str, hint: &str| Field::textarea(&name("reason"), label, 3).hint(hint).of(form).into();
    match action {
        Action::Take => Html::default(),
        Action::Pass => receiver(page, form)
            .and(Field::textarea(&name("note"), "Ý kiến", 2).optional().of(form))
            .and(file(action, "file", ("Dự thảo, tài liệu kèm theo", ANY_FILES), typed).optional()),
        Action::SendBack => reason("Lý do trả lại", "Người nhận lại cần biết phải làm gì."),
        Action::AskSupplement => reason(
            "Giấy tờ cần bổ sung",
            "Ghi rõ một lần, đầy đủ, mỗi giấy tờ một dòng kèm lý do; công dân đọc được nội dung này.",
        ),
        Action::AskPayment => reason("Khoản phải nộp", "Ghi rõ khoản nào, nộp ở đâu; công dân đọc được nội dung này."),
        Action::Resume => Field::textarea(&name("note"), "Ghi nhận", 2)
            .hint("Giấy tờ, chứng từ công dân đã bổ sung.")
            .optional()
            .of(form)
            .into(),
        Action::Finish => results(page, typed).and(Field::textarea(&name("note"), "Ý kiến", 2).optional().of(form)),
        Action::Deliver => Field::text(&name("receiver"), "Người nhận kết quả")
            .hint("Họ tên người ký nhận.")
            .value(&page.dossier.applicant.name)
            .of(form)
            .into(),
        Action::Withdraw | Action::CounterWithdraw => reason("Lý do rút", "Theo đơn của công dân."),
        Action::Stop => Html::and(
            reason("Lý do dừng", "Ghi rõ căn cứ; lý do được thông báo cho công dân."),
            Field::digits(&name("refund"), "Phí, lệ phí hoàn trả (đồng)")
                .hint("Ghi trong thông báo dừng giải quyết. Không có thì để trống.")
                .width(Width::Medium)
                .optional()
                .of(form),
        ),
        Action::Note => Html::from(Field::textarea(&name("text"), "Nội dung ghi chú", 2).of(form))
            .and(file(action, "file", ("Tệp kèm theo", ANY_FILES), typed).optional()),
        Action::Supplement => papers(page, typed),
        Action::Submit => submission(page, typed),
        Action::Apologise => apology(page, form),
        Action::Replace => replacement(page, typed),
        Action::Reassign => reassignment(page, form).and(
            Field::textarea(&name("reason"), "Lý do chuyển", 2)
                .hint("Người giữ trước và người nhận đọc được.")
                .of(form),
        ),
    }
}

/// A box for files, with those that wait.
fn file(action: Action, part: &str, (label, accept): (&str, &str), (form, kept): Typed<'_>) -> Field {
    let name = action.field(part);
    let kept = kept.iter().filter(|(field, _)| *field == name).map(|(_, file)| file.clone());
    Field::file(&name, label, accept).kept(kept).of(form)
}

fn receiver(page: &DossierPage, form: &FormState) -> Html {
    let next = page.at().and_then(|at| page.definition.steps.get(at + 1));
    let Some(step) = next else { return Html::default() };
    let Some(first) = page.next.first() else {
        let text =
            format!("Chưa có vị trí «{}» cho bước «{}». Hãy nhờ quản trị thêm vị trí.", step.post.label(), step.title);
        return Notice::new(Tone::Danger, text).into();
    };
    let choices = page
        .next
        .iter()
        .map(|post| Choice::new(post.id.to_string(), format!("{} – {}", post.title, post.holder_names())));
    Field::select(&Action::Pass.field("to"), format!("Chuyển đến ({})", step.title), choices)
        .value(first.id.to_string())
        .of(form)
        .into()
}

fn reassignment(page: &DossierPage, form: &FormState) -> Html {
    let choices = page
        .reassign_to
        .iter()
        .map(|post| Choice::new(post.id.to_string(), format!("{} – {}", post.title, post.holder_names())));
    let label = page.open_task().map_or_else(String::new, |task| format!("Giao việc «{}» cho", task.title));
    Field::select(&Action::Reassign.field("to"), label, choices).empty_choice("Chọn vị trí").of(form).into()
}

/// Why it will be late, whose fault it is, and the new day.
fn apology(page: &DossierPage, form: &FormState) -> Html {
    let name = |field: &str| Action::Apologise.field(field);
    let unit = page.open_task().and_then(|task| page.people.post(task.post)).map_or("", |post| post.unit.as_str());
    let hint = "Gửi chậm nhất 01 ngày làm việc trước hạn; mỗi hồ sơ một lần. Hồ sơ vẫn tính là quá hạn trong số liệu.";
    Html::from(Field::textarea(&name("reason"), "Lý do chậm", 3).hint("Công dân đọc được nội dung này.").of(form))
        .and(Field::text(&name("at_fault"), "Cơ quan, đơn vị để chậm").value(unit).of(form))
        .and(Field::date(&name("day"), "Ngày hẹn trả mới").hint(hint).of(form))
}

/// A drafted result: its name as the procedure has it, and the PDF.
fn submission(page: &DossierPage, typed: Typed<'_>) -> Html {
    let action = Action::Submit;
    let known = page.definition.results.first().map_or("", |result| result.name.as_str());
    let hint = "Lãnh đạo ký số trên chính tệp này; văn thư cho số và đóng dấu sau đó.";
    let spots = Spot::NAMED.map(|spot| Choice::new(spot.code(), spot.title()));
    let spot = Field::select(&action.field("spot"), "Vị trí chữ ký", spots).value(Spot::LastPage.code());
    let places = [
        Choice::new("there", "Đã có trong văn bản, hoặc văn bản không có số"),
        Choice::new("keep", "Chừa chỗ: văn thư cho số và ngày khi đóng dấu, hiện trên trang đầu"),
    ];
    let places = Field::radios(&action.field("places"), "Số và ngày văn bản", places).value("there");
    let measures = PLACES.into_iter().fold(Html::default(), |all, (name, label, mm)| {
        all.and(Field::digits(&action.field(name), label).width(Width::Short).value(mm).of(typed.0))
    });
    let has_wrong = PLACES.iter().any(|(name, ..)| typed.0.problems_of(&action.field(name)).next().is_some());
    let role = Field::select(&action.field("role"), "Loại văn bản", roles(page)).value(Role::Main.code());
    let only_sealed = "Văn bản kèm theo và bản sao không có chữ ký của người và không lấy số: cơ quan đóng dấu ở góc trên bên phải trang đầu.";
    Html::from(Field::text(&action.field("title"), "Tên văn bản").value(known).of(typed.0))
        .and(role.hint(only_sealed).of(typed.0))
        .and(file(action, "file", ("Tệp PDF", ".pdf"), typed).hint(hint))
        .and(spot.of(typed.0))
        .and(places.of(typed.0))
        .and(folded("Chỗ chừa cho số và ngày trên trang đầu", has_wrong, measures))
}

/// A document of its own, an attachment of one that is here, or a copy.
fn roles(page: &DossierPage) -> Vec<Choice> {
    let mains = page.documents.iter().filter(|document| {
        document.role == Role::Main && !matches!(document.state, State::Withdrawn | State::Attached)
    });
    let attachment = |document: &Document| {
        let role = Role::Attachment { of: document.id };
        let title = format!("{} «{}»", role.title(), document.title);
        Choice::new(format!("{} {}", role.code(), document.id), title)
    };
    let copies = CopyForm::ALL.map(|form| {
        let role = Role::Copy(form);
        Choice::new(role.code(), format!("Bản sao: {}", form.title().to_lowercase()))
    });
    let main = Choice::new(Role::Main.code(), "Văn bản có người ký, rồi cho số và đóng dấu");
    [main].into_iter().chain(mains.map(attachment)).chain(copies).collect()
}

/// What was signed and sealed here becomes a result as it is.
fn signed_here(page: &DossierPage, form: &FormState) -> Html {
    let sealed: Vec<_> = page.documents.iter().filter(|document| document.state == State::Sealed).collect();
    let choices: Vec<Choice> = sealed
        .iter()
        .map(|document| {
            let number = document.number.as_ref().map(|number| format!(" (số {number})")).unwrap_or_default();
            Choice::new(document.id.to_string(), format!("{}{number}", document.title))
        })
        .collect();
    if choices.is_empty() {
        return Html::default();
    }
    // Ticked from the start: they were signed to be handed out.
    let name = Action::Finish.field("signed");
    let ticked = FormState::sent(Lang::Vi, sealed.iter().map(|document| (name.clone(), document.id.to_string())));
    let field = Field::checkboxes(&name, "Văn bản đã ký và đóng dấu ở đây", choices).optional();
    Html::from(if form.was_sent() { field.of(form) } else { field.of(&ticked) })
}

/// One result stands open; the others are folded until they are needed.
fn results(page: &DossierPage, typed: Typed<'_>) -> Html {
    let action = Action::Finish;
    let signed = signed_here(page, typed.0);
    let has_signed = !signed.is_empty();
    let mut names = page.definition.results.iter().map(|result| result.name.as_str());
    (1..=RESULT_LINES).fold(signed, |html, n| {
        let known = names.next().filter(|_| n == 1).unwrap_or_default();
        let fields = result(action, (&|part| result_field(n, part), known), typed);
        if n == 1 && has_signed {
            let begun = begun(&action.field(""), typed);
            return html.and(folded("Kết quả khác: tệp đã ký ở nơi khác", begun, fields));
        }
        if n == 1 {
            return html.and(fields);
        }
        let begun = begun(&action.field(&result_field(n, "")), typed);
        html.and(folded(&format!("Kết quả thứ {n} (nếu có)"), begun, fields))
    })
}

fn result(action: Action, (name, known): (&dyn Fn(&str) -> String, &str), typed: Typed<'_>) -> Html {
    let field = |part: &str| action.field(&name(part));
    let title = Field::text(&field("name"), "Tên kết quả");
    let title = if known.is_empty() { title } else { title.value(known) };
    Html::from(title.of(typed.0))
        .and(Field::text(&field("number"), "Số, ký hiệu").width(Width::Long).optional().of(typed.0))
        .and(file(action, &name("file"), ("Tệp kết quả", RESULT_FILES), typed))
}

fn replacement(page: &DossierPage, typed: Typed<'_>) -> Html {
    let action = Action::Replace;
    let current: Vec<_> = page.results.iter().filter(|result| result.replaced_at.is_none()).collect();
    let known = current.first().map_or("", |result| result.name.as_str());
    let choices = current.iter().map(|result| {
        let number = result.number.as_deref().map(|number| format!(" ({number})")).unwrap_or_default();
        Choice::new(result.id.to_string(), format!("{}{number}", result.name))
    });
    let first = current.first().map(|result| result.id.to_string()).unwrap_or_default();
    Html::from(Field::select(&action.field("result"), "Thay kết quả", choices).value(first).of(typed.0))
        .and(result(action, (&|part| part.to_owned(), known), typed))
        .and(
            Field::textarea(&action.field("reason"), "Lý do thay", 2)
                .hint("Tệp cũ vẫn được lưu và ghi rõ đã thay.")
                .of(typed.0),
        )
}

/// The papers that came in: one line stands open, the others are folded.
fn papers(page: &DossierPage, typed: Typed<'_>) -> Html {
    let action = Action::Supplement;
    let lines = (1..=PAPER_LINES).fold(Html::default(), |html, n| {
        let fields = paper(page, n, typed);
        if n == 1 {
            return html.and(fields);
        }
        let begun = begun(&action.field(&paper_field(n, "")), typed);
        html.and(folded(&format!("Giấy tờ thứ {n} (nếu có)"), begun, fields))
    });
    let hint = "Ví dụ: đã nộp lệ phí, biên lai số 0012. Hồ sơ được tiếp tục tính thời gian ngay.";
    lines.and(Field::textarea(&action.field("note"), "Ghi nhận", 2).hint(hint).optional().of(typed.0))
}

fn paper(page: &DossierPage, n: usize, typed: Typed<'_>) -> Html {
    let action = Action::Supplement;
    let field = |part: &str| action.field(&paper_field(n, part));
    let known = page.definition.requirements.iter().map(|known| Choice::new(&known.code, &known.name));
    let choices: Vec<Choice> = known.chain([Choice::new(OTHER_PAPER, "Giấy tờ khác")]).collect();
    let number =
        |part: &str, label: &str| Field::digits(&field(part), label).width(Width::Short).optional().of(typed.0);
    Html::from(Field::select(&field("giay"), "Giấy tờ bổ sung", choices).empty_choice("Chọn giấy tờ").of(typed.0))
        .and(Field::text(&field("ten"), "Tên giấy tờ, nếu khác danh mục").optional().of(typed.0))
        .and(InLine.around(Html::from(number("chinh", "Số bản chính")).and(number("sao", "Số bản sao"))))
        .and(file(action, &paper_field(n, "file"), ("Bản quét, ảnh chụp", ANY_FILES), typed).several().optional())
}

/// Whether something was typed or chosen in the fields whose names begin so.
fn begun(begins: &str, (form, kept): Typed<'_>) -> bool {
    let wrong = form.problems().iter().any(|problem| problem.field.starts_with(begins));
    let typed = ["name", "number", "giay", "ten", "chinh", "sao"];
    wrong
        || kept.iter().any(|(field, _)| field.starts_with(begins))
        || typed.iter().any(|part| !form.value(&format!("{begins}{part}")).is_empty())
}

fn folded(title: &str, open: bool, fields: Html) -> Html {
    let folded = Disclosure::new(title);
    let folded = if open { folded.open() } else { folded };
    folded.around(fields)
}
