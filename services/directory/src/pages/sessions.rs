//! Everyone who is signed in, for administrators.

use super::account::{longest_idle, session_cells};
use super::form_page::{button_form, command};
use super::lists::officer_path;
use super::scope::{self, account_in, directory};
use crate::permissions::DIRECTORY_KEEP;
use crate::session::{self, Session};
use axum::response::IntoResponse;
use http::header;
use types::{Error, Id};
use ui::{Button, Card, Cell, Container, EmptyState, Html, Notice, PageHead, Row, Stack, Table, Tone};
use web::{Ctx, Fields, Outcome, Page, Path, see};

/// Sessions shown; the rest is found at the officers.
const SHOWN: i64 = 200;

/// GET /tai-khoan/phien/con-lai: after how many seconds the session ends. Asking keeps it, which a page does while a
/// form is being filled in; signed out the answer is 401.
pub(crate) async fn left(ctx: Ctx) -> Outcome {
    let session = ctx.officer()?.session.ok_or(Error::SignedOut)?;
    let directory = directory(&ctx);
    let seconds = ctx.store().read(move |reader| directory.seconds_left(reader, session)).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], seconds.to_string()).into_response())
}

/// What the page shows.
pub(crate) fn draw(sessions: &[Session], own: Option<Id>, command: &str) -> Page {
    let row = |session: &Session| {
        let end = Button::submit("Kết thúc").about(format!("phiên của {}", session.officer_name)).tertiary().danger();
        let action = if own == Some(session.id) {
            Html::text("phiên này")
        } else {
            button_form(format!("/quan-tri/phien/{}/ket-thuc", session.id), &format!("{command}-{}", session.id), end)
        };
        let name = Cell::link(&session.officer_name, officer_path(session.officer));
        Row::new([name].into_iter().chain(session_cells(session)).chain([action]))
    };
    let table = Table::new("Phiên đang mở")
        .columns(["Cán bộ", "Thiết bị", "Bắt đầu", "Dùng gần nhất", "Thao tác"])
        .rows(sessions.iter().map(row))
        .empty(EmptyState::new(
            "Không ai đang đăng nhập",
            "Phiên hết khi đăng xuất hoặc sau một thời gian không dùng.",
        ));
    let mut body =
        Html::from(PageHead::new("Phiên làm việc").lead("Những người đang đăng nhập trong các đơn vị ông/bà quản lý."));
    if i64::try_from(sessions.len()).unwrap_or(0) == SHOWN {
        body = body.and(Notice::new(Tone::Info, format!("Chỉ hiện {SHOWN} phiên dùng gần nhất.")));
    }
    Page::desk("Phiên làm việc", Stack.around(body.and(Card::quiet("Phiên").flush().around(table))))
}

pub(crate) async fn list(ctx: Ctx) -> Outcome {
    let tree = scope::tree(&ctx).await?;
    let units = scope::units_of(&ctx, &DIRECTORY_KEEP, &tree);
    let now = ctx.now();
    let since = now.plus_seconds(-longest_idle(&ctx));
    let sessions = ctx.store().read(move |reader| session::open_in(reader, &units, (now, since), SHOWN)).await?;
    let own = ctx.officer()?.session;
    Ok(draw(&sessions, own, &ctx.new_command()).into_response())
}

pub(crate) async fn end(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let owner = ctx.store().read(move |reader| session::owner(reader, id)).await?;
    account_in(&ctx, owner).await?;
    let verb = "directory.end_session";
    ctx.store().write(command(&ctx, &fields, verb)?, move |tx| session::end(tx, id, verb)).await?;
    Ok(see("/quan-tri/phien"))
}
