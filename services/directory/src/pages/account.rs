//! One's own account: password, second factor, where one is signed in.

use super::form_page::{button_form, command};
use super::passkeys::{self, Taken};
use super::scope::directory;
use crate::account;
use crate::officer::{self, AccountCard, OfficerCard};
use crate::passkey;
use crate::session::{self, Session};
use axum::response::IntoResponse;
use store::{AuditEntry, Reader};
use types::{Error, Id, Result, Timestamp};
use ui::{
    Actions, Button, Card, Cell, Container, EmptyState, Html, Icon, KeyValues, PageHead, Row, Stack, Table, Tag, Tone,
    format,
};
use web::{Ctx, Fields, Outcome, Page, Path, see};

/// What the page shows.
pub(crate) struct AccountPage {
    pub card: OfficerCard,
    pub posts: Vec<String>,
    pub sessions: Vec<Session>,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// Passkeys that somebody else took away lately.
    pub taken: Vec<Taken>,
    pub this_session: Option<Id>,
    pub command: String,
}

impl AccountPage {
    pub(crate) fn draw(&self) -> Page {
        let facts = KeyValues::new()
            .row("Họ và tên", &self.card.name)
            .row("Vị trí", if self.posts.is_empty() { "chưa giữ vị trí nào".to_owned() } else { self.posts.join("; ") })
            .maybe("Tên đăng nhập", self.account().map(|account| account.username.as_str()))
            .row("Xác thực hai bước", second_factor_tag(self.account().is_some_and(|account| account.second_factor)));
        let passkeys = match self.passkeys {
            0 => "chưa có".to_owned(),
            count => format!("{count} khóa"),
        };
        let facts = facts.row("Khóa truy cập", passkeys);
        let ways = Actions.around(
            Html::from(Button::link("Đổi mật khẩu", "/tai-khoan/mat-khau").icon(Icon::Key).secondary())
                .and(Button::link("Xác thực hai bước", "/tai-khoan/xac-thuc").icon(Icon::Smartphone).secondary())
                .and(Button::link("Khóa truy cập", passkeys::PATH).icon(Icon::Fingerprint).secondary())
                .and(Button::link("Thay mặt", "/tai-khoan/thay-mat").icon(Icon::Users).secondary()),
        );
        let head = PageHead::new("Tài khoản của tôi");
        let body = Html::from(head)
            .and(passkeys::taken(&self.taken))
            .and(Card::new("Thông tin").around(Html::from(facts).and(ways)))
            .and(self.sessions_card());
        Page::desk("Tài khoản của tôi", Stack.around(body))
    }

    fn account(&self) -> Option<&AccountCard> {
        self.card.account.as_ref()
    }

    fn sessions_card(&self) -> Html {
        let row = |session: &Session| {
            let own = Some(session.id) == self.this_session;
            let action = if own {
                Tag::new(Tone::Success, Icon::CircleCheck, "Phiên này").into()
            } else {
                let end = Button::submit("Kết thúc").about(session.device.clone()).tertiary().danger();
                let command = format!("{}-{}", self.command, session.id);
                button_form(format!("/tai-khoan/phien/{}/ket-thuc", session.id), &command, end)
            };
            Row::new(session_cells(session).into_iter().chain([action]))
        };
        let table = Table::new("Các phiên đang mở")
            .columns(["Thiết bị", "Bắt đầu", "Dùng gần nhất", "Thao tác"])
            .rows(self.sessions.iter().map(row))
            .empty(EmptyState::new("Không có phiên nào", "Phần mềm đang dùng mã truy cập không có phiên."));
        let others = self.sessions.iter().any(|session| Some(session.id) != self.this_session);
        let end_all = if others {
            let end = Button::submit("Kết thúc mọi phiên khác").secondary().danger();
            button_form("/tai-khoan/phien/ket-thuc-khac", &format!("{}-khac", &self.command), end)
        } else {
            Html::default()
        };
        Card::new("Các phiên đang mở").around(Html::from(table).and(end_all))
    }
}

/// Device with address, begin, last use.
pub(super) fn session_cells(session: &Session) -> Vec<Html> {
    let client = if session.client.is_empty() { "không rõ địa chỉ" } else { session.client.as_str() };
    vec![
        Cell::two(&session.device[..], client),
        Cell::whole(format::short_moment(session.created_at)),
        Cell::whole(format::short_moment(session.seen_at)),
    ]
}

/// On or off, as a tag.
pub(super) fn second_factor_tag(on: bool) -> Tag {
    if on {
        Tag::new(Tone::Success, Icon::ShieldCheck, "Đã bật")
    } else {
        Tag::new(Tone::Warning, Icon::ShieldAlert, "Chưa bật")
    }
}

/// Open sessions of an officer.
pub(super) fn open_sessions(
    reader: &mut Reader<'_>,
    idle_seconds: i64,
    officer: Id,
    now: Timestamp,
) -> Result<Vec<Session>> {
    session::open_of(reader, officer, (now, now.plus_seconds(-idle_seconds)))
}

pub(crate) async fn show(ctx: Ctx) -> Outcome {
    let me = ctx.officer()?;
    let (id, now, idle) = (me.id, ctx.now(), longest_idle(&ctx));
    let (card, sessions, passkeys, taken) = ctx
        .store()
        .read(move |reader| {
            let card = officer::card(reader, id)?.ok_or(Error::SignedOut)?;
            let (passkeys, taken) = (passkey::open_of(reader, id)?.len(), passkey::taken_from(reader, id, now)?);
            Ok((card, open_sessions(reader, idle, id, now)?, passkeys, taken))
        })
        .await?;
    let stands_in = |stand_in: bool| if stand_in { " (thay mặt)" } else { "" };
    let posts = me.posts.iter().map(|post| format!("{} – {}{}", post.title, post.unit_name, stands_in(post.stand_in)));
    let (posts, this_session, command) = (posts.collect(), me.session, ctx.new_command());
    let page = AccountPage { card, posts, sessions, passkeys, taken, this_session, command };
    Ok(page.draw().into_response())
}

/// Sessions idle for longer have ended for every officer.
pub(super) fn longest_idle(ctx: &Ctx) -> i64 {
    let directory = directory(ctx);
    directory.rules().idle_seconds.max(directory.rules().idle_seconds_administrator)
}

pub(crate) async fn end_session(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let me = ctx.officer()?;
    let verb = "directory.end_own_session";
    let mine = me.id;
    ctx.store()
        .write(command(&ctx, &fields, verb)?, move |tx| {
            if session::owner(tx, id)? != mine {
                return Err(Error::not_found("phiên làm việc"));
            }
            session::end(tx, id, verb)
        })
        .await?;
    Ok(see("/tai-khoan"))
}

pub(crate) async fn end_others(ctx: Ctx, fields: Fields) -> Outcome {
    let me = ctx.officer()?;
    let (mine, keep) = (me.id, me.session);
    ctx.store()
        .write(command(&ctx, &fields, "directory.end_own_sessions")?, move |tx| {
            account::of_officer(tx, mine)?;
            let ended = session::end_all(tx, mine, keep)?;
            let detail = serde_json::json!({ "ended": ended });
            let action = "directory.end_own_sessions";
            tx.audit(&AuditEntry { action, entity: "account", entity_id: mine, unit: None, detail })
        })
        .await?;
    Ok(see("/tai-khoan"))
}
