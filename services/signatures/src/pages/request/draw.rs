//! The page of a request: what was asked, what comes next, and what can be done with it.

use super::Opened;
use crate::pages::{REQUESTS, REQUESTS_REGISTER, SIGNERS};
use crate::request::{self, Ask, KeyWish, Request, Seen, State, Step};
use crate::signer::SignerKind;
use types::Id;
use ui::{
    Actions, Button, Card, Container, Disclosure, ErrorSummary, Event, Field, FormBox, FormState, Html, Icon,
    KeyValues, Link, NotVerified, Notice, PageHead, Panel, Stack, Tag, Timeline, Tone, format,
};
use web::Page;

impl Opened {
    pub(super) fn draw(&self, form: &FormState) -> Page {
        let Request { id, ask, state, .. } = self.request;
        let title = ask.title();
        let (back, to) = if self.is_own || !self.may_keep {
            ("Đề nghị của tôi", REQUESTS.to_owned())
        } else {
            self.register()
        };
        let print = Button::link("In", format!("{REQUESTS}/{id}/in.pdf")).icon(Icon::Printer).secondary().new_tab();
        let mut beside = Html::from(print);
        if ask.is_unverified() {
            beside = beside.and(NotVerified::because("Chưa tìm thấy căn cứ về tạm dừng trong Nghị định 68/2024/NĐ-CP"));
        }
        let lead = format!("{} – {}", kind_words(self.request.kind), self.of);
        let head = PageHead::new(title).lead(lead).back(back, to).beside(beside);
        let body = Html::from(head).and(conflict(form)).and(self.next_words()).and(self.facts(state));
        let body = body.and(self.deciding(form)).and(self.history());
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status())
    }

    fn register(&self) -> (&'static str, String) {
        let state = self.request.state.code();
        ("Đề nghị của đơn vị", format!("{REQUESTS_REGISTER}?trang-thai={state}"))
    }

    fn facts(&self, state: State) -> Html {
        let r = &self.request;
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let signer = self.signer.as_ref().map(|signer| {
            format!("{}; {}; hết hạn ngày {}", signer.name, signer.issuer, format::date(signer.valid_to.day()))
        });
        let sent = r.sent.as_ref().map(|(number, day)| format!("{number}, ngày {}", format::date(*day)));
        let identity = self.identity.as_ref().map(|opened| match (opened, self.seen) {
            (Ok(number), Seen::Whole) => number.clone(),
            (Ok(number), Seen::WithoutNumber) => format::masked_identity(number),
            (Err(sentence), _) => sentence.clone(),
        });
        let facts = KeyValues::new()
            .row("Tình trạng", state_tag(state))
            .maybe("Công văn gửi đi", sent)
            .maybe("Chứng thư", signer)
            .maybe("Nơi lưu khóa", r.key_wish.map(KeyWish::title))
            .maybe("Lý do", filled(&r.reason));
        let person = KeyValues::new()
            .row("Họ và tên", r.name.as_str())
            .row("Chức vụ", r.post.as_str())
            .row("Nơi làm việc", r.workplace.as_str())
            .row("Hộp thư công vụ", r.email.as_str())
            .row("Điện thoại", r.phone.as_str())
            .maybe("Số định danh cá nhân", identity);
        let of = match r.kind {
            SignerKind::Person => "Người đề nghị",
            SignerKind::Agency => "Người quản lý chứng thư của cơ quan",
        };
        Card::new("Đề nghị").around(facts).and(Card::new(of).around(person))
    }

    /// What comes next, in words.
    fn next_words(&self) -> Html {
        let brings = self.request.ask.brings_certificate();
        let told = |tone: Tone, text: &str| Html::from(Notice::new(tone, text));
        match self.request.state {
            State::Asked if self.may_keep => {
                told(Tone::Info, "Đối chiếu thông tin với hồ sơ cán bộ, rồi xác nhận hoặc từ chối kèm lý do.")
            }
            State::Asked => {
                told(Tone::Info, "Đề nghị đã đến người giữ danh sách chứng thư của cơ quan, đang chờ xác nhận.")
            }
            State::Confirmed if self.may_keep => {
                let list = Link::new("danh sách chờ gửi", format!("{REQUESTS_REGISTER}?trang-thai=confirmed"));
                let text = Html::text("Gửi tổ chức chứng thực cùng công văn của cơ quan, rồi ghi số công văn ở");
                Notice::new(Tone::Info, text.and(list)).into()
            }
            State::Confirmed => told(Tone::Info, "Cơ quan đã xác nhận và sẽ gửi tổ chức chứng thực."),
            State::Sent if brings && self.is_own && self.may_add => {
                let text = Html::text("Nhận được chứng thư mới thì thêm vào danh sách; đề nghị này tự khép lại:");
                Notice::new(Tone::Info, text.and(Link::new("thêm chứng thư", format!("{SIGNERS}/them")))).into()
            }
            State::Sent if brings => told(
                Tone::Info,
                "Chờ tổ chức chứng thực. Khi chứng thư mới được thêm vào danh sách, đề nghị này tự khép lại.",
            ),
            State::Sent => told(Tone::Info, "Chờ tổ chức chứng thực trả lời."),
            State::Done => self.done(),
            State::Refused => {
                let why = self.steps.last().map(|step| step.note.as_str()).unwrap_or_default();
                Notice::new(Tone::Warning, why).titled("Không được chấp nhận").into()
            }
            State::TakenBack => Html::default(),
        }
    }

    fn done(&self) -> Html {
        let ask = self.request.ask;
        let in_use = self.signer.as_ref().filter(|signer| signer.ended_at.is_none());
        match in_use.filter(|_| matches!(ask, Ask::Revoke | Ask::Renew | Ask::Change)) {
            Some(signer) => {
                let text = Html::text("Chứng thư cũ vẫn nằm trong danh sách đang dùng ở đây. Không dùng nữa thì");
                let link = Link::new("ngừng dùng", format!("{SIGNERS}/{}/ngung", signer.id));
                Notice::new(Tone::Info, text.and(link)).titled("Đã xong").into()
            }
            None => Notice::new(Tone::Success, "Đề nghị đã được giải quyết.").titled("Đã xong").into(),
        }
    }

    fn history(&self) -> Html {
        let name = |officer: Id| self.names.get(&officer).map_or("Cán bộ", String::as_str).to_owned();
        let event = |step: &Step| {
            let what = match step.state {
                State::Asked => "gửi đề nghị",
                State::Confirmed => "xác nhận đề nghị",
                State::Sent => "ghi là đã gửi tổ chức chứng thực",
                State::Done if self.request.became.is_some() => "thêm chứng thư mới; đề nghị khép lại",
                State::Done => "ghi là đã xong",
                State::Refused => "không chấp nhận đề nghị",
                State::TakenBack => "rút đề nghị",
            };
            let event = Event::by(name(step.officer), what, step.at);
            if step.note.is_empty() { event } else { event.note(step.note.as_str()) }
        };
        let first = Event::by(name(self.request.asked_by), "gửi đề nghị", self.request.asked_at);
        let events = self.steps.iter().rev().map(event).chain([first]);
        Card::new("Diễn biến").around(Timeline::new(events))
    }

    /// What this person can do with it.
    fn deciding(&self, form: &FormState) -> Html {
        let Request { id, state, .. } = self.request;
        let mut all = Html::default();
        if self.may_keep && state == State::Asked {
            let button = Actions.around(Button::submit("Xác nhận đề nghị").icon(Icon::Check));
            all = all.and(Panel.around(self.boxed(format!("{REQUESTS_REGISTER}/{id}/xac-nhan")).around(button)));
        }
        if self.may_keep && state == State::Sent {
            all = all.and(self.closing(form));
        }
        if self.may_keep && state.is_open() {
            let label = if state == State::Sent {
                "Lý do của tổ chức chứng thực"
            } else {
                "Lý do không chấp nhận"
            };
            let field = Field::textarea("why", label, 2).max_length(request::REASON_MAX).of(form);
            let button = Actions.around(Button::submit("Không chấp nhận").danger());
            let boxed = self.boxed(format!("{REQUESTS_REGISTER}/{id}/tu-choi"));
            let is_wrong = form.problems_of("why").next().is_some();
            all = all
                .and(folded(("Không chấp nhận đề nghị này", is_wrong), &boxed.around(Html::from(field).and(button))));
        }
        if self.is_own && matches!(state, State::Asked | State::Confirmed) {
            let button = Actions.around(Button::submit("Rút đề nghị").secondary());
            let boxed = self.boxed(format!("{REQUESTS}/{id}/rut"));
            all = all.and(folded(("Không cần nữa", false), &boxed.around(button)));
        }
        all
    }

    /// Closing by hand: what brings no certificate, or one that is used elsewhere.
    fn closing(&self, form: &FormState) -> Html {
        let field = Field::textarea("result", "Kết quả", 2)
            .hint("Ví dụ: đã thu hồi theo thông báo số 15/TB-CTS ngày 02/11/2026.")
            .max_length(request::REASON_MAX)
            .of(form);
        let button = Actions.around(Button::submit("Ghi là đã xong"));
        let boxed = self.boxed(format!("{REQUESTS_REGISTER}/{}/xong", self.request.id));
        let brings = self.request.ask.brings_certificate();
        let summary = if brings {
            "Đã xong mà không thêm chứng thư vào đây"
        } else {
            "Tổ chức chứng thực đã giải quyết"
        };
        let is_open = !brings || form.problems_of("result").next().is_some();
        folded((summary, is_open), &boxed.around(Html::from(field).and(button)))
    }

    fn boxed(&self, action: String) -> FormBox {
        FormBox::post(action).hidden("command", &self.command).hidden("revision", self.request.revision.to_string())
    }
}

fn folded((summary, is_open): (&str, bool), content: &Html) -> Html {
    let fold = Disclosure::new(summary);
    let fold = if is_open { fold.open() } else { fold };
    Panel.around(fold.around(content))
}

/// What the state of things forbids, above everything else.
fn conflict(form: &FormState) -> Html {
    if form.is_valid() { Html::default() } else { ErrorSummary::of(form).into() }
}

/// Whose certificate it is, in words.
pub(in crate::pages) fn kind_words(kind: SignerKind) -> &'static str {
    match kind {
        SignerKind::Person => "Cá nhân",
        SignerKind::Agency => "Con dấu cơ quan",
    }
}

/// The state, as it is seen in lists.
pub(in crate::pages) fn state_tag(state: State) -> Tag {
    let (tone, icon) = match state {
        State::Asked => (Tone::Info, Icon::Clock),
        State::Confirmed => (Tone::Info, Icon::Check),
        State::Sent => (Tone::Info, Icon::Send),
        State::Done => (Tone::Success, Icon::CircleCheck),
        State::Refused => (Tone::Danger, Icon::CircleX),
        State::TakenBack => (Tone::Neutral, Icon::Undo),
    };
    Tag::new(tone, icon, state.title())
}
