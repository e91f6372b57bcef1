//! What the holder of a step can do, each a form of its own to a resource of its own.

mod fields;

use super::show::DossierPage;
use crate::own_form::FormKind;
use crate::status::Status;
use crate::verbs::DELIVERY;
use crate::{DOSSIERS_REASSIGN, DOSSIERS_RECEIVE};
use types::{Error, FieldError, Result};
use ui::prelude::*;
use web::{Fields, Permission};

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
    /// What was asked of the party comes in at the counter.
    Supplement,
    /// The party withdraws at the counter, whoever holds the step.
    CounterWithdraw,
    /// A wrong result file is replaced.
    Replace,
    /// The step goes to another post.
    Reassign,
    /// A drafted result goes to be signed.
    Submit,
    /// The party is told that the result will be late, and when it is to be had.
    Apologise,
}

/// How many results one form takes.
pub const RESULT_LINES: usize = 4;
/// How many papers one form takes.
pub const PAPER_LINES: usize = 4;
/// The requirement of a paper that the procedure does not name.
pub const OTHER_PAPER: &str = "khac";

/// The name of a field of the `n`-th result, without its action: the first has no number.
pub fn result_field(n: usize, part: &str) -> String {
    if n == 1 { part.to_owned() } else { format!("{n}.{part}") }
}

/// The name of a field of the `n`-th paper, without its action.
pub fn paper_field(n: usize, part: &str) -> String {
    format!("{n}.{part}")
}

/// A form that was refused.
#[derive(Debug, Clone)]
pub struct Sent {
    pub action: Action,
    pub form: FormState,
    /// Sent again under the same command id.
    pub command: String,
    /// Files that wait for the next sending, each with the field that brought it.
    pub kept: Vec<(String, KeptFile)>,
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
            Self::Supplement => "nhan-bo-sung",
            Self::CounterWithdraw => "rut-tai-quay",
            Self::Replace => "thay-ket-qua",
            Self::Reassign => "chuyen-nguoi",
            Self::Submit => "trinh-ky",
            Self::Apologise => "xin-loi",
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
            Self::Withdraw | Self::Stop | Self::CounterWithdraw => "dossiers.end",
            Self::Note => "dossiers.note",
            Self::Supplement => "dossiers.supplement",
            Self::Replace => "dossiers.replace-result",
            Self::Reassign => "dossiers.reassign",
            Self::Submit => "dossiers.submit-document",
            Self::Apologise => "dossiers.apologise",
        }
    }

    /// The permission for the dossier's unit on which it hangs, where it is not the holder of the step who does it.
    pub fn permission(self) -> Option<&'static Permission> {
        match self {
            Self::Supplement | Self::CounterWithdraw => Some(&DOSSIERS_RECEIVE),
            Self::Reassign => Some(&DOSSIERS_REASSIGN),
            _ => None,
        }
    }

    /// Whether its form brings files.
    fn brings_files(self) -> bool {
        matches!(self, Self::Pass | Self::Finish | Self::Note | Self::Supplement | Self::Replace | Self::Submit)
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
            Self::Supplement => "Nhận giấy tờ bổ sung",
            Self::CounterWithdraw => "Ghi nhận công dân rút hồ sơ",
            Self::Replace => "Thay tệp kết quả sai",
            Self::Reassign => "Chuyển người xử lý",
            Self::Submit => "Trình ký văn bản kết quả",
            Self::Apologise => "Xin lỗi và hẹn lại ngày trả",
        }
    }
}

/// What can be done now, the likeliest first.
fn possible(page: &DossierPage) -> Vec<Action> {
    let d = &page.dossier;
    let mut actions = Vec::new();
    if page.may_receive && d.status.is_stop() {
        actions.push(Action::Supplement);
    }
    if page.mine {
        let at = page.at();
        let last = page.definition.steps.len().checked_sub(1);
        if d.status.clock_runs() {
            let is_last = at.is_some() && at == last;
            if d.status == Status::Received {
                actions.push(Action::Take);
            }
            actions.push(if is_last { Action::Finish } else { Action::Pass });
            actions.push(Action::Submit);
            if at.is_some_and(|at| at > 0) {
                actions.push(Action::SendBack);
            }
            actions.push(Action::AskSupplement);
            if !page.own_forms.iter().any(|form| form.kind == FormKind::Apology && form.may_be_out()) {
                actions.push(Action::Apologise);
            }
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
    if page.may_replace {
        actions.push(Action::Replace);
    }
    if page.may_receive && !page.mine && d.status.next().contains(&Status::Withdrawn) {
        actions.push(Action::CounterWithdraw);
    }
    if !page.reassign_to.is_empty() {
        actions.push(Action::Reassign);
    }
    actions.push(Action::Note);
    actions
}

/// All forms: the first stands open, the others are folded.
pub fn draw(page: &DossierPage) -> Html {
    let sent = page.sent.as_ref().map(|sent| sent.action);
    let mut first = page.mine || (page.may_receive && page.dossier.status.is_stop());
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
    let form_box = if action == Action::Take { form_box } else { form_box.warn_unsaved_of(form) };
    let form_box = if action.brings_files() { form_box.upload() } else { form_box };
    let button = Button::submit(action.title()).wide();
    let button = match action {
        Action::Withdraw | Action::Stop | Action::CounterWithdraw => button.danger(),
        _ if primary => button,
        _ => button.secondary(),
    };
    let kept = sent.map_or(&[][..], |sent| sent.kept.as_slice());
    form_box.around(fields::draw(page, action, (form, kept)).and(button.icon(icon(action))))
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
        Action::Supplement => Icon::Inbox,
        Action::CounterWithdraw => Icon::Undo,
        Action::Replace => Icon::FileText,
        Action::Reassign => Icon::Forward,
        Action::Submit => Icon::Signature,
        Action::Apologise => Icon::Clock,
    }
}
