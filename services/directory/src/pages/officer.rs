//! Officers: the list with its search, and one officer with account, posts and sessions.

use super::account::{longest_idle, open_sessions, second_factor_tag, session_cells};
use super::form_page::button_form;
use super::lists::{officer_path, period, post_path};
use super::scope::{self, officer_in, reaches};
use super::{officer_passkeys, officer_tokens};
use crate::api_token::{self, ApiToken};
use crate::officer::{self, AccountCard, OfficerCard, OfficerQuery};
use crate::passkey::{self, Passkey};
use crate::permissions::{DIRECTORY_KEEP, DIRECTORY_SEE};
use crate::session::Session;
use axum::response::IntoResponse;
use serde::Deserialize;
use store::{Reader, params};
use types::{Day, Id, Result};
use ui::{
    Actions, Button, Card, Cell, Container, EmptyState, Field, FilterBar, FormBox, FormState, Html, Icon, KeyValues,
    Lang, Notice, PageHead, Pagination, Row, Stack, Table, Tag, Tone, Width, format,
};
use web::{Ctx, Outcome, Page, Path, Query};

const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    /// The last officer of the page before.
    after: Option<Id>,
}

/// A line of the list.
pub(crate) struct OfficerLine {
    pub card: OfficerCard,
    pub unit: String,
}

/// The list.
pub(crate) fn draw_list(lines: &[OfficerLine], (q, next): (&str, Option<String>), may_keep: bool) -> Page {
    let row = |line: &OfficerLine| {
        let name = Cell::link(&line.card.name, officer_path(line.card.id));
        let username = line.card.account.as_ref().map_or("chưa có tài khoản", |account| account.username.as_str());
        let last = line.card.account.as_ref().and_then(|account| account.last_sign_in_at);
        let last = last.map_or_else(Cell::none, |at| Cell::whole(format::moment(at)));
        Row::new([
            Cell::two(name, username),
            Html::text(&line.unit),
            account_state(line.card.account.as_ref()).into(),
            last,
        ])
    };
    let empty = if q.is_empty() {
        EmptyState::new("Chưa có cán bộ nào", "Thêm cán bộ, rồi giao vị trí và mở tài khoản.")
    } else {
        EmptyState::nothing_found(Lang::Vi)
    };
    let table = Table::new("Cán bộ")
        .id("officers")
        .columns(["Cán bộ", "Đơn vị", "Tài khoản", "Đăng nhập gần nhất"])
        .rows(lines.iter().map(row))
        .empty(empty);
    let mut head = PageHead::new("Cán bộ");
    if may_keep {
        head = head.beside(Button::link("Thêm cán bộ", "/quan-tri/can-bo/moi").icon(Icon::Plus));
    }
    let filter = FilterBar::new("/quan-tri/can-bo").words("q", "Tên hoặc tên đăng nhập").set(q).replaces("officers");
    let list = Card::quiet("Cán bộ").flush().around(Html::from(table));
    let body = Html::from(head).and(filter).and(list).and(Pagination::new(None, next));
    Page::desk("Cán bộ", Stack.around(body))
}

fn account_state(account: Option<&AccountCard>) -> Tag {
    match account {
        None => Tag::new(Tone::Neutral, Icon::Info, "Chưa có"),
        Some(account) if account.disabled_at.is_some() => Tag::new(Tone::Danger, Icon::Ban, "Đã khóa"),
        Some(account) if account.must_change => Tag::new(Tone::Warning, Icon::Key, "Chờ đổi mật khẩu"),
        Some(_) => Tag::new(Tone::Success, Icon::CircleCheck, "Đang mở"),
    }
}

pub(crate) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let units = scope::units_of(&ctx, &DIRECTORY_SEE, &tree);
    let query = OfficerQuery { units, words: asked.q.clone(), after: asked.after, limit: PAGE };
    let (cards, more) = ctx.store().read(move |reader| officer::list(reader, &query)).await?;
    let next = cards.last().filter(|_| more).map(|last| next_page(&asked.q, last.id));
    let line = |card: OfficerCard| OfficerLine { unit: tree.name(card.unit).to_owned(), card };
    let lines: Vec<OfficerLine> = cards.into_iter().map(line).collect();
    Ok(draw_list(&lines, (&asked.q, next), ctx.who.may(&DIRECTORY_KEEP)).into_response())
}

fn next_page(q: &str, last: Id) -> String {
    let encoded: String = q
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    format!("/quan-tri/can-bo?q={encoded}&after={last}")
}

/// A post that the officer holds or held.
pub(crate) struct Held {
    pub post: Id,
    pub title: String,
    pub unit: String,
    pub from: Day,
    pub to: Option<Day>,
}

/// What the page of one officer shows.
pub(crate) struct OfficerPage {
    pub card: OfficerCard,
    pub unit: String,
    pub held: Vec<Held>,
    pub sessions: Vec<Session>,
    pub tokens: Vec<ApiToken>,
    pub passkeys: Vec<Passkey>,
    pub may_keep: bool,
    /// It is whoever looks: password and passkeys are changed on the page of one's own account.
    pub own: bool,
    pub command: String,
}

impl OfficerPage {
    /// `form` is the one that opens an account; the others are buttons only.
    pub(crate) fn draw(&self, form: &FormState) -> Page {
        let head = PageHead::new(&self.card.name).back("Cán bộ", "/quan-tri/can-bo").lead(&self.unit);
        let facts = KeyValues::new()
            .row("Điện thoại", or_dash(&self.card.phone))
            .row("Thư điện tử", or_dash(&self.card.email))
            .row("Đơn vị quản lý", &self.unit);
        let mut body = Html::from(head).and(ui::ErrorSummary::of(form));
        let edit = if self.may_keep {
            Button::link("Sửa", self.path("sua")).icon(Icon::Pencil).secondary().into()
        } else {
            Html::default()
        };
        body = body.and(Card::new("Thông tin").around(Html::from(facts).and(edit)));
        body = body.and(self.posts());
        body = body.and(match &self.card.account {
            Some(account) => self.account(account),
            None => self.opening(form),
        });
        let command = self.may_keep.then_some(self.command.as_str());
        let passkeys = officer_passkeys::card(&self.passkeys, (self.own, command));
        body = body.and(passkeys).and(officer_tokens::card(&self.tokens, command));
        Page::desk(form.title(&self.card.name), Stack.around(body)).with_status(form.status())
    }

    fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", officer_path(self.card.id))
    }

    fn posts(&self) -> Html {
        let row = |held: &Held| {
            let title = Cell::link(&held.title, post_path(held.post));
            Row::new([Cell::two(title, &held.unit[..]), Html::text(period(held.from, held.to))])
        };
        let table = Table::new("Vị trí")
            .columns(["Vị trí", "Thời gian"])
            .rows(self.held.iter().map(row))
            .empty(EmptyState::new("Chưa giữ vị trí nào", "Giao vị trí ở trang của vị trí đó."));
        Card::new("Vị trí").around(table)
    }

    fn account(&self, account: &AccountCard) -> Html {
        let last = account.last_sign_in_at.map_or("chưa lần nào".to_owned(), format::moment);
        let facts = KeyValues::new()
            .row("Tên đăng nhập", &account.username)
            .row("Tình trạng", account_state(Some(account)))
            .row("Xác thực hai bước", second_factor_tag(account.second_factor))
            .row("Đăng nhập gần nhất", last);
        let row = |session: &Session| Row::new(session_cells(session));
        let sessions = Table::new("Phiên đang mở")
            .columns(["Thiết bị", "Bắt đầu", "Dùng gần nhất"])
            .rows(self.sessions.iter().map(row))
            .empty(EmptyState::new("Không có phiên đang mở", "Cán bộ chưa đăng nhập hoặc phiên đã hết."));
        let buttons = if self.may_keep { Actions.around(self.buttons(account)) } else { Html::default() };
        let told = if self.may_keep && !self.own && !self.passkeys.is_empty() {
            Notice::new(Tone::Info, "Cấp lại mật khẩu cũng gỡ mọi khóa truy cập của cán bộ này.").into()
        } else {
            Html::default()
        };
        Card::new("Tài khoản").around(Html::from(facts).and(sessions).and(told).and(buttons))
    }

    /// Every button is a command of its own.
    fn buttons(&self, account: &AccountCard) -> Html {
        let form =
            |rest: &str, button: Button| button_form(self.path(rest), &format!("{}-{rest}", self.command), button);
        let mut buttons = Html::default();
        if !self.own {
            buttons = form("mat-khau", Button::submit("Cấp lại mật khẩu").icon(Icon::Key).secondary());
        }
        if !self.sessions.is_empty() {
            buttons = buttons.and(form("ket-thuc-phien", Button::submit("Kết thúc mọi phiên").secondary()));
        }
        if account.second_factor {
            buttons = buttons.and(form("bo-xac-thuc", Button::submit("Gỡ xác thực hai bước").secondary().danger()));
        }
        buttons.and(if account.disabled_at.is_some() {
            form("mo", Button::submit("Mở tài khoản").secondary())
        } else {
            form("khoa", Button::submit("Khóa tài khoản").tertiary().danger())
        })
    }

    fn opening(&self, form: &FormState) -> Html {
        if !self.may_keep {
            return Card::new("Tài khoản")
                .around(EmptyState::new("Chưa có tài khoản", "Quản trị của đơn vị mở tài khoản."));
        }
        let username = Field::text("username", "Tên đăng nhập")
            .hint("Chữ không dấu, chữ số, dấu chấm; ví dụ hanh.ntm. Hệ thống cấp mật khẩu dùng một lần.")
            .width(Width::Long)
            .max_length(60)
            .of(form);
        let boxed = FormBox::post(self.path("tai-khoan")).hidden("command", &self.command);
        Card::new("Mở tài khoản").around(boxed.around(Html::from(username).and(Button::submit("Mở tài khoản"))))
    }
}

fn or_dash(text: &str) -> Html {
    if text.is_empty() { Cell::none() } else { Html::text(text) }
}

fn held_by(reader: &mut Reader<'_>, officer: Id) -> Result<Vec<Held>> {
    let rows: Vec<(Id, String, String, Day, Option<Day>)> = reader.all(
        "SELECT p.id, p.title, u.name, h.valid_from, h.valid_to FROM post_holder h JOIN post p ON p.id = h.post_id
         JOIN unit u ON u.id = p.unit_id WHERE h.officer_id = $1 ORDER BY h.valid_from DESC, h.id DESC LIMIT 100",
        params![officer],
    )?;
    Ok(rows.into_iter().map(|(post, title, unit, from, to)| Held { post, title, unit, from, to }).collect())
}

/// Reads and draws the page of an officer.
pub(super) async fn draw(ctx: &Ctx, id: Id, form: &FormState) -> Result<Page> {
    let (card, tree) = officer_in(ctx, &DIRECTORY_SEE, id).await?;
    let (now, idle) = (ctx.now(), longest_idle(ctx));
    let (held, sessions, tokens, passkeys) = ctx
        .store()
        .read(move |reader| {
            let sessions = open_sessions(reader, idle, id, now)?;
            let passkeys = passkey::open_of(reader, id)?;
            Ok((held_by(reader, id)?, sessions, api_token::open_of(reader, id, now)?, passkeys))
        })
        .await?;
    let may_keep = reaches(ctx, &DIRECTORY_KEEP, &tree, card.unit);
    let unit = tree.name(card.unit).to_owned();
    let (own, command) = (ctx.officer()?.id == id, ctx.new_command());
    let page = OfficerPage { card, unit, held, sessions, tokens, passkeys, may_keep, own, command };
    Ok(page.draw(form))
}

pub(crate) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    Ok(draw(&ctx, id, &super::form_page::fresh()).await?.into_response())
}
