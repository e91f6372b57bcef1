//! /chung-thu-ky/de-nghi : what this person asked for; /quan-tri/chung-thu-ky/de-nghi : what was asked in an administrator's units.

use super::request::{kind_words, sample, state_tag};
use super::request_forms::may_ask;
use super::{REGISTER, REQUESTS, REQUESTS_REGISTER, SIGNERS};
use crate::permissions::SIGNATURES_REGISTER;
use crate::request::{self, Request, Sending, State};
use crate::rights;
use axum::response::IntoResponse;
use directory::{Directory, UnitTree};
use serde::Deserialize;
use types::{Day, Error, Id, Result};
use ui::{
    Actions, Button, Card, Cell, Container, EmptyState, ErrorSummary, Field, FormBox, FormState, Html, Icon, Lang,
    Notice, PageHead, Pagination, Panel, Row, Stack, Table, Tabs, Tone, Width, format,
};
use web::{Ctx, Fields, Outcome, Page, Query, Sample, Who, see};

/// Requests on a page.
const PAGE: usize = 50;
/// The name of the boxes that pick requests.
const PICKED: &str = "chon";
/// Characters of a document's number and symbol.
const NUMBER_MAX: usize = 60;

/// Which requests, and where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(rename = "trang-thai")]
    state: String,
    /// The last request of the page before.
    before: Option<Id>,
}

impl Asked {
    fn state(&self) -> State {
        State::ALL.into_iter().find(|state| state.code() == self.state).unwrap_or(State::Asked)
    }
}

struct Listed {
    /// Each with the agency that manages it.
    lines: Vec<(Request, String)>,
    /// The state that is shown; none for a person's own.
    state: Option<State>,
    next: Option<String>,
    has_more: bool,
    may_ask: bool,
    today: Day,
    command: String,
}

/// The units whose register this person keeps.
pub(super) fn kept_units(who: &Who, tree: &UnitTree) -> Vec<Id> {
    let mut units: Vec<Id> =
        who.units_with(&SIGNATURES_REGISTER).into_iter().flat_map(|unit| tree.below(unit)).collect();
    units.sort_unstable();
    units.dedup();
    units
}

fn lines(all: Vec<Request>, tree: &UnitTree) -> Vec<(Request, String)> {
    all.into_iter().map(|request| (tree.name(request.unit).to_owned(), request)).map(|(of, r)| (r, of)).collect()
}

/// GET /chung-thu-ky/de-nghi
pub(super) async fn own(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let (who, directory, officer) = (ctx.who.clone(), ctx.house.service::<Directory>(), ctx.officer()?.id);
    let may_ask = may_ask(&ctx.who);
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let agencies = rights::sealed_units(&who, &tree);
        let (all, has_more) = request::own(reader, (officer, &agencies), (asked.before, PAGE))?;
        let last = all.last().map(|request| request.id).filter(|_| has_more);
        Ok((lines(all, &tree), last))
    });
    let (lines, last) = read.await?;
    let next = last.map(|last| format!("{REQUESTS}?before={last}"));
    let listed =
        Listed { lines, state: None, next, has_more: false, may_ask, today: ctx.now().day(), command: String::new() };
    Ok(listed.draw(&FormState::new(Lang::Vi)).into_response())
}

async fn load(ctx: &Ctx, state: State, before: Option<Id>) -> Result<Listed> {
    let (who, directory) = (ctx.who.clone(), ctx.house.service::<Directory>());
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let units = kept_units(&who, &tree);
        // What one document can carry, agency by agency, as the print has it.
        let (all, has_more) = match state {
            State::Confirmed => request::confirmed(reader, &units, request::SENT_MAX)?,
            _ => request::register(reader, (&units, state), (before, PAGE))?,
        };
        let last = all.last().map(|request| request.id).filter(|_| has_more);
        Ok((lines(all, &tree), last))
    });
    let (lines, mut last) = read.await?;
    let has_more = last.is_some();
    if state == State::Confirmed {
        last = None;
    }
    let next = last.map(|last| format!("{REQUESTS_REGISTER}?trang-thai={}&before={last}", state.code()));
    let (today, command) = (ctx.now().day(), ctx.new_command());
    Ok(Listed { lines, state: Some(state), next, has_more, may_ask: false, today, command })
}

/// GET /quan-tri/chung-thu-ky/de-nghi
pub(super) async fn register(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let listed = load(&ctx, asked.state(), asked.before).await?;
    Ok(listed.draw(&FormState::new(Lang::Vi)).into_response())
}

/// POST /quan-tri/chung-thu-ky/de-nghi/gui
pub(super) async fn send(ctx: Ctx, fields: Fields) -> Outcome {
    let mut form = FormState::sent(
        Lang::Vi,
        fields.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone()))),
    );
    let sent = match sending(&mut form, &fields, ctx.now().day()) {
        Some(sending) => send_out(&ctx, sending, fields.text("command")).await,
        None => Ok(()),
    };
    if form.is_valid() {
        match sent {
            Ok(()) => return Ok(see(&format!("{REQUESTS_REGISTER}?trang-thai={}", State::Sent.code()))),
            Err(error) => form.absorb(error)?,
        }
    }
    Ok(load(&ctx, State::Confirmed, None).await?.draw(&form).into_response())
}

/// What the form says, with its mistakes noted.
fn sending(form: &mut FormState, fields: &Fields, today: Day) -> Option<Sending> {
    let mut picked: Vec<Id> = fields.all(PICKED).iter().filter_map(|id| id.parse().ok()).collect();
    picked.sort_unstable();
    picked.dedup();
    if picked.is_empty() || picked.len() > request::SENT_MAX {
        form.refuse(PICKED, "missing", format!("Chọn từ 1 đến {} đề nghị.", request::SENT_MAX));
    }
    let number = types::text::clean(form.value("number"));
    if number.is_empty() || number.chars().count() > NUMBER_MAX {
        form.refuse("number", "missing", "Ghi số và ký hiệu của công văn đi, ví dụ 125/UBND-VP.");
    }
    let day = form.date("sent_on").read();
    match &day {
        Err(_) => form.refuse("sent_on", "wrong", "Ghi đủ ngày, tháng, năm của công văn."),
        Ok(day) if *day > today => form.refuse("sent_on", "wrong", "Ngày công văn không thể sau hôm nay."),
        Ok(_) => {}
    }
    let revision = |id: Id| fields.text(&format!("revision.{id}")).parse().unwrap_or(-1);
    let requests = picked.into_iter().map(|id| (id, revision(id))).collect();
    Some(Sending { requests, number, day: day.ok()? }).filter(|_| form.is_valid())
}

/// One document goes out of one agency: what it carries is that agency's.
async fn send_out(ctx: &Ctx, sending: Sending, command: &str) -> Result<()> {
    let (who, directory, ids) = (ctx.who.clone(), ctx.house.service::<Directory>(), sending.requests.clone());
    let read = ctx.store().read(move |reader| {
        let tree = directory.tree(reader)?;
        let mut units = Vec::new();
        for (id, _) in &ids {
            let request = request::by_id(reader, *id)?.filter(|request| request::may_keep(&who, &tree, request.unit));
            units.push(request.ok_or_else(|| Error::not_found("đề nghị"))?.unit);
        }
        units.dedup();
        match units.as_slice() {
            [unit] => Ok(request::keeping_post(&who, &tree, *unit)),
            _ => Err(Error::invalid(PICKED, "Mỗi công văn là của một cơ quan: chọn đề nghị của một cơ quan mỗi lần.")),
        }
    });
    let post = read.await?;
    let command = ctx.command("signatures.send-request", command, post)?.about(&sending);
    ctx.store().write(command, move |tx| request::send(tx, &sending)).await
}

impl Listed {
    fn draw(&self, form: &FormState) -> Page {
        match self.state {
            None => self.draw_own(),
            Some(state) => self.draw_register(state, form),
        }
    }

    fn draw_own(&self) -> Page {
        let title = "Đề nghị về chứng thư của tôi";
        let mut head = PageHead::new(title).back("Chứng thư ký số của tôi", SIGNERS).lead(
            "Xin cấp, gia hạn, thu hồi chứng thư, khôi phục thiết bị; và đề nghị cho con dấu của cơ quan mà ông/bà được giao.",
        );
        if self.may_ask {
            head = head.beside(Button::link("Đề nghị mới", format!("{REQUESTS}/moi")).icon(Icon::Plus));
        }
        let empty = EmptyState::new(
            "Chưa có đề nghị nào",
            "Chứng thư sắp hết hạn thì gửi đề nghị gia hạn ít nhất hai tháng trước.",
        );
        let row = |(request, of): &(Request, String)| {
            Row::new([
                Cell::two(name(request), request.name.as_str()),
                Cell::two(kind_words(request.kind), of.as_str()),
                Cell::whole(format::date(request.asked_at.day())),
                state_tag(request.state).into(),
            ])
        };
        let table = Table::new(title)
            .columns(["Đề nghị", "Chứng thư của", "Ngày gửi", "Tình trạng"])
            .rows(self.lines.iter().map(row))
            .empty(empty);
        let table = Card::quiet(title).flush().around(table);
        let body = Html::from(head).and(table).and(Pagination::new(None, self.next.clone()));
        Page::desk(title, Stack.around(body))
    }

    fn draw_register(&self, state: State, form: &FormState) -> Page {
        let title = "Đề nghị về chứng thư của đơn vị";
        let mut head = PageHead::new(title)
            .lead("Xác nhận từng đề nghị; rồi in danh sách, gửi tổ chức chứng thực bằng công văn, và ghi số công văn vào đây.")
            .back("Chứng thư ký số của đơn vị", REGISTER);
        if state == State::Confirmed && !self.lines.is_empty() {
            let print = Button::link("In danh sách chờ gửi", format!("{REQUESTS_REGISTER}/danh-sach.pdf"));
            head = head.beside(print.icon(Icon::Printer).secondary().new_tab());
        }
        let tabs = State::ALL.into_iter().fold(Tabs::new(), |tabs, other| {
            tabs.tab(other.title(), format!("{REQUESTS_REGISTER}?trang-thai={}", other.code()), other == state)
        });
        let list = Card::quiet(title).flush().around(Html::from(tabs).and(self.table(state, form)));
        let list = if state == State::Confirmed && !self.lines.is_empty() { self.sending(list, form) } else { list };
        let body = Html::from(head).and(ErrorSummary::of(form)).and(list);
        let body = body.and(Pagination::new(None, self.next.clone()));
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status())
    }

    fn table(&self, state: State, form: &FormState) -> Table {
        let row = |(request, of): &(Request, String)| {
            let last = match &request.sent {
                Some((number, day)) => Cell::two(number.as_str(), format::date(*day)),
                None => Cell::whole(format::date(request.asked_at.day())),
            };
            let row = Row::new([
                Cell::two(name(request), kind_words(request.kind)),
                Cell::two(request.name.as_str(), request.post.as_str()),
                Html::text(of),
                last,
            ]);
            if state != State::Confirmed {
                return row;
            }
            let id = request.id.to_string();
            let picked = form.has(PICKED, &id);
            row.pick(id, format!("{} – {}", request.ask.title(), request.name), picked)
        };
        let (empty, text) = match state {
            State::Asked => ("Không có đề nghị nào chờ xác nhận", "Đề nghị của cán bộ hiện ra ở đây ngay khi gửi."),
            State::Confirmed => ("Không có đề nghị nào chờ gửi", "Đề nghị hiện ra ở đây khi đã được xác nhận."),
            _ => ("Không có đề nghị nào", "Chọn tình trạng khác ở trên."),
        };
        let when = if self.lines.iter().any(|(request, _)| request.sent.is_some()) {
            "Công văn"
        } else {
            "Ngày đề nghị"
        };
        let table = Table::new("Đề nghị")
            .columns(["Đề nghị", "Người đề nghị", "Cơ quan quản lý", when])
            .rows(self.lines.iter().map(row))
            .empty(EmptyState::new(empty, text));
        if state == State::Confirmed && !self.lines.is_empty() { table.pick(PICKED) } else { table }
    }

    /// The form around the list of what waits to be sent.
    fn sending(&self, list: Html, form: &FormState) -> Html {
        let boxed = FormBox::post(format!("{REQUESTS_REGISTER}/gui")).hidden("command", &self.command);
        let boxed = self.lines.iter().fold(boxed, |boxed, (request, _)| {
            boxed.hidden(format!("revision.{}", request.id), request.revision.to_string())
        });
        let number = Field::text("number", "Số, ký hiệu công văn đi")
            .hint("Ví dụ 125/UBND-VP. Một công văn gửi được nhiều đề nghị của cùng một cơ quan.")
            .max_length(NUMBER_MAX)
            .width(Width::Medium);
        let day = Field::date("sent_on", "Ngày công văn").day(self.today);
        let button = Actions.around(Button::submit("Ghi là đã gửi"));
        let fields = Html::from(number.of(form)).and(day.of(form)).and(button);
        let more = Notice::new(Tone::Info, "Còn đề nghị khác chờ gửi; chúng hiện ra khi các đề nghị trên đây đã gửi.");
        let list = if self.has_more { list.and(more) } else { list };
        boxed.around(Stack.around(list.and(Panel.around(Stack.around(fields)))))
    }
}

fn name(request: &Request) -> Html {
    Cell::link(request.ask.title(), format!("{REQUESTS}/{}", request.id))
}

pub(super) fn samples() -> Vec<Sample> {
    let of = "Ủy ban nhân dân xã Phúc Khê Thượng Hạ Nguyên (mẫu)";
    let listed = |states: &[State], state: Option<State>| Listed {
        lines: states.iter().map(|state| (sample(*state), of.to_owned())).collect(),
        state,
        next: Some(format!("{REQUESTS}?before=71")).filter(|_| states.len() > 2),
        has_more: false,
        may_ask: state.is_none(),
        today: types::Timestamp(1_795_000_000_000_000).day(),
        command: "0".repeat(32),
    };
    let fresh = FormState::new(Lang::Vi);
    let mut wrong = FormState::sent(Lang::Vi, [("number", ""), ("chon", "71")]);
    wrong.refuse("number", "missing", "Ghi số và ký hiệu của công văn đi, ví dụ 125/UBND-VP.");
    let (asked, confirmed, sent) = (State::Asked, State::Confirmed, State::Sent);
    let register = |states: &[State], state| listed(states, Some(state)).draw(&fresh);
    vec![
        Sample { name: "certificate-requests/empty", page: listed(&[], None).draw(&fresh) },
        Sample { name: "certificate-requests/own", page: listed(&State::ALL, None).draw(&fresh) },
        Sample { name: "certificate-requests/register", page: register(&[asked, asked, asked], asked) },
        Sample { name: "certificate-requests/nothing", page: register(&[], asked) },
        Sample { name: "certificate-requests/to-send", page: register(&[confirmed, confirmed], confirmed) },
        Sample { name: "certificate-requests/sent", page: register(&[sent], sent) },
        Sample { name: "certificate-requests/wrong", page: listed(&[confirmed], Some(confirmed)).draw(&wrong) },
    ]
}
