//! The page of what waits, and what it tells after a sending.

use super::{ATTACHED, Outcomes, PICKED, Queue};
use crate::document::{Document, Role, State, Waiting};
use crate::look::Spot;
use crate::pages::{DOCUMENT, REQUESTS, SIGNERS};
use crate::sign::sentence;
use crate::signer::{KeyPlace, Signer, SignerKind, Standing};
use types::{Error, Id, Timestamp};
use ui::{
    Actions, Button, Card, Cell, CheckList, Choice, Container, DateEntry, EmptyState, ErrorSummary, Field, FormBox,
    FormState, Html, Icon, Lang, Link, Notice, PageHead, Panel, Row, Stack, Table, Tag, Tone, Width, format,
};
use web::{Page, Sample};

impl Queue {
    fn words(&self) -> Words {
        match self.kind {
            SignerKind::Person => Words {
                title: "Ký số",
                lead: "Văn bản trong các việc đang chờ ông/bà. Mở từng văn bản để đọc, rồi ký nhiều văn bản với một lần mở khóa.",
                button: "Ký các văn bản đã chọn",
                empty: "Không có văn bản nào chờ ông/bà ký",
                done: "Đã ký",
                undone: "văn bản chưa ký được, vẫn như cũ",
                cannot: "Chưa ký được",
            },
            SignerKind::Agency => Words {
                title: "Đóng dấu số",
                lead: "Văn bản người có thẩm quyền đã ký, bản sao và văn bản kèm theo chờ cho số, đóng dấu của cơ quan.",
                button: "Đóng dấu các văn bản đã chọn",
                empty: "Không có văn bản nào chờ đóng dấu",
                done: "Đã đóng dấu",
                undone: "văn bản chưa đóng dấu được, vẫn như cũ",
                cannot: "Chưa đóng dấu được",
            },
        }
    }

    pub(super) fn draw(&self, form: &FormState, outcomes: &Outcomes) -> Page {
        let words = self.words();
        let head =
            PageHead::new(words.title).lead(words.lead).beside(Button::link("Chứng thư của tôi", SIGNERS).secondary());
        let body = Html::from(head).and(ErrorSummary::of(form)).and(self.outcomes(outcomes));
        let mut body = body.and(self.running()).and(self.ending());
        if self.waiting.is_empty() {
            body = body.and(EmptyState::new(words.empty, "Văn bản hiện ra ở đây khi hồ sơ được chuyển đến ông/bà."));
        } else {
            body = body.and(self.form(form));
        }
        Page::desk(form.title(words.title), Stack.around(body)).with_status(form.status())
    }

    fn form(&self, form: &FormState) -> Html {
        let boxed = FormBox::post(self.path()).hidden("command", &self.command);
        let boxed = self.waiting.iter().fold(boxed, |boxed, waiting| {
            let Document { id, revision, .. } = &waiting.document;
            boxed.hidden(format!("revision.{id}"), revision.to_string())
        });
        let boxed = self.attached.iter().fold(boxed, |boxed, Document { id, revision, .. }| {
            boxed.hidden(format!("{ATTACHED}.{id}"), revision.to_string())
        });
        let rows = self.waiting.iter().map(|waiting| self.row(waiting, form));
        let table = Table::new(self.words().title).columns(["Văn bản", "Thuộc", "Hạn", "Xem"]).rows(rows).pick(PICKED);
        let table = Card::quiet("Văn bản").flush().around(table);
        let more =
            Notice::new(Tone::Info, "Còn văn bản khác đang chờ; chúng hiện ra khi các văn bản trên đây đã xong.");
        let table = if self.has_more { table.and(more) } else { table };
        boxed.around(Stack.around(table.and(Panel.around(Stack.around(self.fields(form))))))
    }

    fn row(&self, waiting: &Waiting, form: &FormState) -> Row {
        let Waiting { document, code, subject, link, due_at, unstamped, .. } = waiting;
        let address = format!("{DOCUMENT}/{}", document.id);
        let mut title = Html::from(Link::new(&document.title, &address));
        if *unstamped {
            title = title.and(Tag::new(Tone::Warning, Icon::Clock, "Chờ dấu thời gian"));
        }
        let title = match document.role {
            Role::Main => self.with_attachments(title, document),
            // Nobody has signed it: the agency alone answers for it.
            role => Cell::two(title, format!("{}: không có chữ ký của người", role.title())),
        };
        let row = Row::new([
            title,
            Cell::two(Cell::link(code, link), subject.as_str()),
            Cell::whole(format::moment(*due_at)),
            Link::new("Xem tệp", format!("{address}/tep")).into(),
        ]);
        if *unstamped {
            row
        } else {
            row.pick(document.id.to_string(), &document.title, form.has(PICKED, &document.id.to_string()))
        }
    }

    /// A document, and the attachments that are sealed with it.
    fn with_attachments(&self, title: Html, document: &Document) -> Html {
        let of = |attachment: &&Document| attachment.role == Role::Attachment { of: document.id };
        let all = self.attached.iter().filter(of).fold(Html::default(), |all, attachment| {
            all.and(Html::text(" ")).and(Link::new(&attachment.title, format!("{DOCUMENT}/{}/tep", attachment.id)))
        });
        if all.is_empty() { title } else { Cell::two(title, Html::text("Kèm theo:").and(all)) }
    }

    fn fields(&self, form: &FormState) -> Html {
        if self.signers.is_empty() {
            let text = match self.kind {
                SignerKind::Person => "Ông/bà chưa có chứng thư ký số nào còn hiệu lực trong phần mềm.",
                SignerKind::Agency => "Cơ quan chưa có chứng thư con dấu nào còn hiệu lực trong phần mềm.",
            };
            let body =
                Html::text(text).and(Html::text(" ")).and(Link::new("Thêm chứng thư", format!("{SIGNERS}/them")));
            return Notice::new(Tone::Warning, body).titled(self.words().cannot).into();
        }
        let choice = |signer: &Signer| {
            let until = format!("{}, hiệu lực đến {}", signer.issuer, format::date(signer.valid_to.day()));
            let place = match signer.key_place {
                KeyPlace::Desk => "USB ký số tại máy này · ",
                KeyPlace::Service => "Ký từ xa, xác nhận trên điện thoại · ",
                KeyPlace::File | KeyPlace::Token => "",
            };
            Choice::new(signer.id.to_string(), &signer.name).hint(format!("{place}{until}"))
        };
        let first = self.signers.first().map(|signer| signer.id.to_string()).unwrap_or_default();
        let signer = Field::radios("signer", "Chứng thư", self.signers.iter().map(choice)).value(first);
        let code = self.code(form);
        let numbers = match self.kind {
            SignerKind::Person => Html::default(),
            SignerKind::Agency => self.numbers(form),
        };
        let button = Actions.around(Button::submit(self.words().button).icon(Icon::Signature));
        Html::from(signer.of(form)).and(numbers).and(code).and(button)
    }

    /// What unlocks the key, as far as it is asked for here.
    fn code(&self, form: &FormState) -> Html {
        let any = |place: KeyPlace| self.signers.iter().any(|signer| signer.key_place == place);
        let (here, desk, service) =
            (any(KeyPlace::File) || any(KeyPlace::Token), any(KeyPlace::Desk), any(KeyPlace::Service));
        let code = Field::password("code", "Mã mở khóa").complete("off").width(Width::Medium);
        match (here, desk, service) {
            (true, false, false) => {
                code.hint("Mật khẩu của tệp khóa hoặc mã PIN của thiết bị. Không được lưu lại.").of(form).into()
            }
            (true, ..) => {
                let hint = "Mật khẩu của tệp khóa hoặc mã PIN của thiết bị; với USB ký số hoặc ký từ xa thì để trống.";
                code.optional().hint(hint).of(form).into()
            }
            (false, _, true) => {
                let hint = "Chỉ nhập khi dịch vụ ký từ xa đòi mã PIN. Không được lưu lại.";
                code.optional().hint(hint).of(form).into()
            }
            // The tool at the desk asks for it.
            (false, ..) => Html::default(),
        }
    }

    /// Requests that wait for this person's phone.
    fn running(&self) -> Html {
        let told = self.running.iter().map(|id| {
            let body = Html::text("Một yêu cầu ký đang chờ ông/bà xác nhận trên điện thoại.")
                .and(Link::new("Xem yêu cầu", super::super::remote::address(self.kind, *id)));
            Html::from(Notice::new(Tone::Info, body))
        });
        told.fold(Html::default(), Html::and)
    }

    /// Number and day that come with the seal.
    fn numbers(&self, form: &FormState) -> Html {
        let next = match &self.next[..] {
            [] => String::new(),
            next => format!("Số tiếp theo: {}. ", next.join(", ")),
        };
        let first = Field::digits("first", "Số văn bản")
            .hint(format!("{next}Nhiều văn bản thì các số sau lấy tiếp theo thứ tự trong danh sách. Để trống nếu văn bản đã ghi sẵn số; số nhập ở đây chỉ hiện trên trang khi văn bản có chừa chỗ."))
            .optional()
            .width(Width::Short);
        let symbol = Field::text("symbol", "Ký hiệu").hint("Ví dụ: /GXN-UBND").optional().width(Width::Short);
        let day = Field::date("day", "Ngày văn bản").optional();
        let day = if form.was_sent() { day } else { day.day(self.now.day()) };
        Html::from(first.of(form)).and(symbol.of(form)).and(day.of(form))
    }

    fn outcomes(&self, outcomes: &Outcomes) -> Html {
        let Outcomes { done, refused, on } = outcomes;
        let mut told = Html::default();
        if !done.is_empty() {
            let list = done.iter().fold(CheckList::new(), |list, (title, id)| {
                list.item(Link::new(title, format!("{DOCUMENT}/{id}")), "")
            });
            let title = format!("{} {} văn bản", self.words().done, done.len());
            let ways = on.iter().fold(Html::default(), |all, (page, count)| {
                all.and(Button::link(format!("Chuyển tiếp {count} hồ sơ này"), page).secondary().icon(Icon::Forward))
            });
            let list = if ways.is_empty() {
                Html::from(list)
            } else {
                Stack.around(Html::from(list).and(Actions.around(ways)))
            };
            told = told.and(Notice::new(Tone::Success, list).titled(title));
            told = told.and(self.left_of(done));
        }
        told.and(self::refused(refused, self.words().undone))
    }

    /// Attachments of what was sealed that are not sealed yet: they could be only after it, or were seen by nobody before.
    fn left_of(&self, done: &[(String, Id)]) -> Html {
        let is_of = |role: Role| matches!(role, Role::Attachment { of } if done.iter().any(|(_, id)| *id == of));
        match self.waiting.iter().filter(|waiting| is_of(waiting.document.role)).count() {
            0 => Html::default(),
            left => {
                let told = format!(
                    "Còn {left} văn bản kèm theo của các văn bản này chờ đóng dấu: hãy chọn trong danh sách dưới đây."
                );
                Notice::new(Tone::Warning, told).into()
            }
        }
    }

    /// A certificate that ends soon is told of where it is used.
    fn ending(&self) -> Html {
        let soon = self.signers.iter().filter(|signer| signer.standing(self.now) == Standing::EndsSoon);
        let told = soon.map(|signer| {
            let text = format!("Chứng thư «{}» hết hạn ngày {}.", signer.name, format::date(signer.valid_to.day()));
            if let Some((_, request)) = self.renewals.iter().find(|(renewed, _)| *renewed == signer.id) {
                let text = Html::text(text).and(Link::new("Xem đề nghị", format!("{REQUESTS}/{request}")));
                return Html::from(Notice::new(Tone::Info, text).titled("Sắp hết hạn, đã đề nghị gia hạn"));
            }
            let form = format!("{REQUESTS}/moi?loai=renew&chung-thu={}", signer.id);
            let text = Html::text(text).and(Link::new("Gửi đề nghị gia hạn", form));
            Html::from(Notice::new(Tone::Warning, text).titled("Sắp hết hạn, cần xin gia hạn"))
        });
        told.fold(Html::default(), Html::and)
    }
}

/// What was not done, and why; `undone` says what became of it.
pub(in crate::pages) fn refused(refused: &[(String, Id, Error)], undone: &str) -> Html {
    if refused.is_empty() {
        return Html::default();
    }
    let list = refused.iter().fold(CheckList::new(), |list, (title, id, error)| {
        // What is not there for this person has no page for them either.
        let title = match error {
            Error::NotFound(_) => Html::text(title),
            _ => Link::new(title, format!("{DOCUMENT}/{id}")).into(),
        };
        list.item_with(Icon::CircleAlert, title, sentence(error))
    });
    Notice::new(Tone::Danger, list).titled(format!("{} {undone}", refused.len())).into()
}

struct Words {
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    empty: &'static str,
    done: &'static str,
    undone: &'static str,
    cannot: &'static str,
}

/// A fictional certificate.
pub(in crate::pages) fn sample_signer(kind: SignerKind) -> Signer {
    let day = |year: i16| types::Day(jiff::civil::Date::constant(year, 3, 1)).start();
    Signer {
        id: Id(41),
        kind,
        officer: Some(Id(7)).filter(|_| kind == SignerKind::Person),
        unit: Id(3),
        name: match kind {
            SignerKind::Person => "Nguyễn Thị Phương Thảo (mẫu)".to_owned(),
            SignerKind::Agency => "Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)".to_owned(),
        },
        issuer: "Tổ chức chứng thực mẫu".to_owned(),
        sha256: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".to_owned(),
        valid_from: day(2024),
        valid_to: day(2027),
        key_place: if kind == SignerKind::Agency { KeyPlace::Token } else { KeyPlace::File },
        has_picture: true,
        added_at: day(2024),
        ended_at: None,
    }
}

/// A fictional document.
pub(in crate::pages) fn sample_document(state: State) -> Document {
    Document {
        id: Id(51),
        record: Id(61),
        unit: Id(3),
        title: "Giấy xác nhận tình trạng hôn nhân của bà Lò Thị Mẩy để đăng ký kết hôn với người nước ngoài".to_owned(),
        role: Role::Main,
        first_file: Id(71),
        file: Id(72),
        spot: Spot::LastPage,
        kept: None,
        state,
        number: Some("05/GXN-UBND".to_owned()).filter(|_| state == State::Sealed),
        numbered_on: Some(types::Day(jiff::civil::Date::constant(2026, 2, 5))).filter(|_| state == State::Sealed),
        added_at: Timestamp(1_770_000_000_000_000),
        withdrawn: Some((Timestamp(1_770_000_000_000_000), "Sai tên người được xác nhận.".to_owned()))
            .filter(|_| state == State::Withdrawn),
        revision: 1,
    }
}

pub(in crate::pages) fn samples() -> Vec<Sample> {
    let now = Timestamp(1_770_000_000_000_000);
    let queue = |kind: SignerKind, waiting: Vec<Waiting>, signers: Vec<Signer>| Queue {
        kind,
        waiting,
        has_more: kind == SignerKind::Agency,
        attached: Vec::new(),
        signers,
        next: if kind == SignerKind::Agency {
            vec!["06/GXN-UBND".to_owned(), "32/CT-SY".to_owned()]
        } else {
            Vec::new()
        },
        renewals: Vec::new(),
        running: if kind == SignerKind::Agency { vec![Id(91)] } else { Vec::new() },
        command: "0".repeat(32),
        now,
    };
    let line = |state: State, unstamped: bool| Waiting {
        document: sample_document(state),
        code: "H55.12-260205-0007".to_owned(),
        subject: "Cấp giấy xác nhận tình trạng hôn nhân – Lò Thị Mẩy".to_owned(),
        link: "/ho-so/H55.12-260205-0007".to_owned(),
        due_at: now.plus_seconds(86_400),
        unstamped,
        batch: None,
    };
    let fresh = FormState::new(Lang::Vi);
    let mut wrong = FormState::sent(Lang::Vi, [("first", "không"), ("symbol", "GXN-UBND"), (PICKED, "51")]);
    wrong.refuse("first", "wrong", "Số văn bản là số từ 1 trở lên, ví dụ 15.");
    let _: DateEntry = wrong.date("day");
    let outcomes = Outcomes {
        done: vec![("Giấy xác nhận (mẫu)".to_owned(), Id(52))],
        refused: vec![(sample_document(State::Drafted).title, Id(51), crate::document::outdated())],
        on: vec![("/ho-so/chuyen-nhieu?chon=61".to_owned(), 1)],
    };
    let (person, agency) = (SignerKind::Person, SignerKind::Agency);
    let none = Outcomes::default();
    let sample = |name, page| Sample { name, page };
    vec![
        sample("signing/empty", queue(person, Vec::new(), Vec::new()).draw(&fresh, &none)),
        sample(
            "signing/without-certificate",
            queue(person, vec![line(State::Drafted, false)], Vec::new()).draw(&fresh, &none),
        ),
        sample(
            "signing/sign",
            queue(person, vec![line(State::Drafted, false)], vec![sample_signer(person)]).draw(&fresh, &none),
        ),
        sample(
            "signing/signed",
            queue(person, vec![line(State::Drafted, false)], vec![sample_signer(person)]).draw(&fresh, &outcomes),
        ),
        sample(
            "signing/seal",
            queue(agency, vec![line(State::Signed, false), line(State::Signed, true)], vec![sample_signer(agency)])
                .draw(&fresh, &none),
        ),
        sample(
            "signing/wrong",
            queue(agency, vec![line(State::Signed, false)], vec![sample_signer(agency)]).draw(&wrong, &none),
        ),
    ]
}
