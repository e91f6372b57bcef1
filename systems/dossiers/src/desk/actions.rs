//! What the holder of a step can do, each a form of its own to a resource of its own.

use super::show::DossierPage;
use crate::status::Status;
use crate::verbs::DELIVERY;
use types::{Error, FieldError, Result};
use ui::prelude::*;
use web::Fields;

/// A form of the dossier's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Take,
    Pass,
    SendBack,
    AskSupplement,
    AskPayment,
    Resume,
    Finish,
    Deliver,
    Withdraw,
    Stop,
    Note,
}

/// A form that was refused.
#[derive(Debug, Clone)]
pub struct Sent {
    pub action: Action,
    pub form: FormState,
    /// Sent again under the same command id.
    pub command: String,
    /// Files that wait for the next sending.
    pub kept: Vec<KeptFile>,
}

impl Sent {
    /// A form as it was sent.
    pub fn of(action: Action, fields: &Fields) -> Self {
        let pairs = fields.0.iter().flat_map(|(name, all)| all.iter().map(|value| (name.clone(), value.clone())));
        let form = FormState::sent(Lang::Vi, pairs);
        Self { action, form, command: fields.text("command").to_owned(), kept: Vec::new() }
    }

    /// Notes why it was refused. Gives back the errors that no form can show.
    pub fn refuse(&mut self, error: Error) -> Result<()> {
        let named = |problem: FieldError| FieldError { field: self.action.field(&problem.field), ..problem };
        let error = match error {
            Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(named).collect()),
            other => other,
        };
        self.form.absorb(error)
    }
}

impl Action {
    /// The last part of its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Take => "nhan-xu-ly",
            Self::Pass => "chuyen",
            Self::SendBack => "tra-lai",
            Self::AskSupplement => "bo-sung",
            Self::AskPayment => "nghia-vu",
            Self::Resume => "tiep-tuc",
            Self::Finish => "ket-qua",
            Self::Deliver => "tra-ket-qua",
            Self::Withdraw => "rut",
            Self::Stop => "dung",
            Self::Note => "ghi-chu",
        }
    }

    /// The command's verb.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Take => "dossiers.take",
            Self::Pass => "dossiers.pass",
            Self::SendBack => "dossiers.send-back",
            Self::AskSupplement | Self::AskPayment => "dossiers.stop-clock",
            Self::Resume => "dossiers.resume-clock",
            Self::Finish => "dossiers.finish",
            Self::Deliver => "dossiers.deliver",
            Self::Withdraw | Self::Stop => "dossiers.end",
            Self::Note => "dossiers.note",
        }
    }

    /// The form's name of a field: several forms stand on one page, and each id only once.
    pub fn field(self, name: &str) -> String {
        format!("{}.{name}", self.path())
    }

    fn title(self) -> &'static str {
        match self {
            Self::Take => "Nhận xử lý",
            Self::Pass => "Chuyển",
            Self::SendBack => "Trả lại bước trước",
            Self::AskSupplement => "Yêu cầu bổ sung giấy tờ",
            Self::AskPayment => "Yêu cầu nghĩa vụ tài chính",
            Self::Resume => "Tiếp tục giải quyết",
            Self::Finish => "Hoàn thành",
            Self::Deliver => "Trả kết quả",
            Self::Withdraw => "Công dân rút hồ sơ",
            Self::Stop => "Dừng giải quyết",
            Self::Note => "Ghi chú",
        }
    }
}

/// What can be done now, the likeliest first.
fn possible(page: &DossierPage) -> Vec<Action> {
    let d = &page.dossier;
    let mut actions = Vec::new();
    if page.mine {
        let at = page.at();
        let last = page.definition.steps.len().checked_sub(1);
        if d.status.clock_runs() {
            let is_last = at.is_some() && at == last;
            if d.status == Status::Received {
                actions.push(Action::Take);
            }
            actions.push(if is_last { Action::Finish } else { Action::Pass });
            if at.is_some_and(|at| at > 0) {
                actions.push(Action::SendBack);
            }
            actions.push(Action::AskSupplement);
        }
        if d.status == Status::InProgress {
            actions.push(Action::AskPayment);
        }
        if d.status.is_stop() {
            actions.push(Action::Resume);
        }
        if d.status == Status::Finished && page.may_deliver && page.open_task().is_some_and(|t| t.step == DELIVERY) {
            actions.push(Action::Deliver);
        }
        if d.status.next().contains(&Status::Withdrawn) {
            actions.extend([Action::Withdraw, Action::Stop]);
        }
    }
    actions.push(Action::Note);
    actions
}

/// All forms: the first stands open, the others are folded.
pub fn draw(page: &DossierPage) -> Html {
    let sent = page.sent.as_ref().map(|sent| sent.action);
    let mut first = page.mine;
    possible(page).into_iter().fold(Html::default(), |html, action| {
        let form = one(page, action, first);
        let open = first || sent == Some(action);
        first = false;
        let folded = Disclosure::new(action.title());
        let folded = if open { folded.open() } else { folded };
        // A single button needs no fold.
        html.and(if action == Action::Take { form } else { folded.around(form) })
    })
}

fn one(page: &DossierPage, action: Action, primary: bool) -> Html {
    let sent = page.sent.as_ref().filter(|sent| sent.action == action);
    let fresh = FormState::new(Lang::Vi);
    let form = sent.map_or(&fresh, |sent| &sent.form);
    let command = sent.map_or_else(|| (page.commands)(), |sent| sent.command.clone());
    let address = format!("/ho-so/{}/{}", page.dossier.code, action.path());
    let form_box =
        FormBox::post(address).hidden("command", command).hidden("revision", page.dossier.revision.to_string());
    let form_box = if action == Action::Finish { form_box.upload() } else { form_box };
    let button = Button::submit(action.title()).wide();
    let button = match action {
        Action::Withdraw | Action::Stop => button.danger(),
        _ if primary => button,
        _ => button.secondary(),
    };
    let kept = sent.map(|sent| sent.kept.clone()).unwrap_or_default();
    form_box.around(fields(page, action, form, kept).and(button.icon(icon(action))))
}

fn fields(page: &DossierPage, action: Action, form: &FormState, kept: Vec<KeptFile>) -> Html {
    let name = |field: &str| action.field(field);
    let reason = |label: &str, hint: &str| Field::textarea(&name("reason"), label, 3).hint(hint).of(form).into();
    match action {
        Action::Take => Html::default(),
        Action::Pass => receiver(page, form).and(Field::textarea(&name("note"), "Ý kiến", 2).optional().of(form)),
        Action::SendBack => reason("Lý do trả lại", "Người nhận lại cần biết phải làm gì."),
        Action::AskSupplement => {
            reason("Giấy tờ cần bổ sung", "Ghi rõ một lần, đầy đủ; công dân đọc được nội dung này.")
        }
        Action::AskPayment => reason("Khoản phải nộp", "Ghi rõ khoản nào, nộp ở đâu; công dân đọc được nội dung này."),
        Action::Resume => Field::textarea(&name("note"), "Ghi nhận", 2)
            .hint("Giấy tờ, chứng từ công dân đã bổ sung.")
            .optional()
            .of(form)
            .into(),
        Action::Finish => {
            let known = page.definition.results.first().map_or("", |result| result.name.as_str());
            Html::from(Field::text(&name("name"), "Tên kết quả").value(known).of(form))
                .and(Field::text(&name("number"), "Số, ký hiệu").width(Width::Long).optional().of(form))
                .and(Field::file(&name("file"), "Tệp kết quả", ".pdf,.docx").kept(kept).of(form))
                .and(Field::textarea(&name("note"), "Ý kiến", 2).optional().of(form))
        }
        Action::Deliver => Field::text(&name("receiver"), "Người nhận kết quả")
            .hint("Họ tên người ký nhận.")
            .value(&page.dossier.applicant.name)
            .of(form)
            .into(),
        Action::Withdraw => reason("Lý do rút", "Theo đơn của công dân."),
        Action::Stop => reason("Lý do dừng", "Ghi rõ căn cứ; lý do được thông báo cho công dân."),
        Action::Note => Field::textarea(&name("text"), "Nội dung ghi chú", 2).of(form).into(),
    }
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

fn icon(action: Action) -> Icon {
    match action {
        Action::Take => Icon::Check,
        Action::Pass => Icon::Forward,
        Action::SendBack => Icon::Undo,
        Action::AskSupplement => Icon::FileWarning,
        Action::AskPayment => Icon::Coins,
        Action::Resume => Icon::Loader,
        Action::Finish => Icon::CircleCheck,
        Action::Deliver => Icon::PackageCheck,
        Action::Withdraw => Icon::Undo,
        Action::Stop => Icon::CircleStop,
        Action::Note => Icon::Pencil,
    }
}
