//! One's own passkeys: the list, and the first step to a new one.

use super::form_page::{command, fresh, is_done, sent, settle};
use super::proof::{Demand, Ways, proven};
use super::scope::directory;
use crate::account::{self, Account};
use crate::passkey::party::{Owner, Party, new_handle, read_handle};
use crate::passkey::{self, MOST, Passkey, ceremony, enter};
use axum::response::IntoResponse;
use store::AuditEntry;
use types::{Error, Id, Result, Timestamp};
use ui::{
    Button, Card, Cell, Container, EmptyState, ErrorSummary, FormBox, FormState, Html, Icon, Notice, PageHead, Row,
    Stack, Table, Tag, Tone, format,
};
use web::{Ctx, Fields, Outcome, Page, see};

/// Where the list is; below it are the steps to a new passkey and each passkey's page.
pub(super) const PATH: &str = "/tai-khoan/xac-thuc/khoa-truy-cap";
/// Where browsers give no passkeys.
pub(super) const UNAVAILABLE: &str = "Khóa truy cập không dùng được ở đây: trình duyệt chỉ cho dùng khi Nhà Việc có địa chỉ \
    https với tên miền. Đến khi người quản trị máy chủ đặt địa chỉ như vậy, ông/bà dùng mật khẩu và xác thực hai bước.";
const OFFER: &str = "directory.offer_passkey";
/// The field with the password.
const PASSWORD: &str = "proof";

/// A passkey that somebody else took away: name, when, who.
pub(crate) type Taken = (String, Timestamp, String);

/// What the page shows.
pub(crate) struct PasskeysPage {
    pub passkeys: Vec<Passkey>,
    pub taken: Vec<Taken>,
    /// How the officer proves to be there.
    pub ways: Ways,
    /// The session whose officer may send the form.
    pub session: Id,
    pub command: String,
}

impl PasskeysPage {
    pub(crate) fn draw(&self, form: &FormState) -> Page {
        let title = "Khóa truy cập";
        let head = PageHead::new(title).back("Tài khoản của tôi", "/tai-khoan").lead(
            "Khóa truy cập (passkey) nằm trong điện thoại, máy tính hoặc khóa bảo mật của ông/bà. Đăng nhập bằng vân tay, khuôn mặt hoặc mã PIN của thiết bị, không cần mật khẩu và mã xác thực.",
        );
        let row = |passkey: &Passkey| {
            let name = Cell::link(&passkey.name, format!("{PATH}/{}", passkey.id));
            Row::new([Cell::two(name, kind(passkey))].into_iter().chain(cells(passkey)))
        };
        let table = Table::new("Khóa truy cập của tôi")
            .columns(["Tên", "Tạo lúc", "Dùng gần nhất", "Tình trạng"])
            .rows(self.passkeys.iter().map(row))
            .empty(EmptyState::new("Chưa có khóa truy cập", "Thêm khóa đầu tiên ở dưới."));
        let body = Html::from(head).and(ErrorSummary::of(form)).and(taken(&self.taken));
        let body = body.and(Card::new("Khóa của tôi").flush().around(table)).and(self.start(form));
        Page::desk(form.title(title), Stack.around(body)).with_status(form.status()).with_script(ui::PASSKEY_SCRIPT)
    }

    /// The form that leads to a new passkey.
    fn start(&self, form: &FormState) -> Html {
        if self.ways.origin.is_none() {
            return Notice::new(Tone::Info, UNAVAILABLE).into();
        }
        if self.passkeys.len() >= MOST {
            let full = format!("Đã có {MOST} khóa truy cập. Muốn thêm, hãy gỡ khóa không dùng nữa.");
            return Notice::new(Tone::Info, full).into();
        }
        let hint = "Để chắc chắn chính ông/bà đang ngồi trước máy.";
        let fields = self.ways.fields(PASSWORD, Some(hint));
        let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
        let next = Button::submit("Tiếp tục").icon(Icon::Plus);
        let next = if self.ways.has_fields() { next.into() } else { Html::default() };
        let boxed = FormBox::post(PATH).hidden("command", &self.command).hidden("session", self.session.to_string());
        let inside = fields.and(next).and(self.ways.passkey("Xác nhận bằng khóa truy cập đã có"));
        Card::new("Thêm khóa truy cập").around(boxed.around(inside))
    }
}

/// Whether it is copied between devices.
pub(super) fn kind(passkey: &Passkey) -> &'static str {
    if passkey.backed_up { "đồng bộ giữa các thiết bị" } else { "chỉ ở một thiết bị" }
}

/// When made, when used, and whether there may be a copy.
pub(super) fn cells(passkey: &Passkey) -> [Html; 3] {
    let state = match passkey.suspect_at {
        Some(_) => Tag::new(Tone::Danger, Icon::ShieldAlert, "Nghi bị sao chép"),
        None => Tag::new(Tone::Success, Icon::CircleCheck, "Đang dùng"),
    };
    [
        Cell::whole(format::short_moment(passkey.created_at)),
        passkey.used_at.map_or_else(Cell::none, |at| Cell::whole(format::short_moment(at))),
        state.into(),
    ]
}

/// Tells the owner of passkeys that somebody else took away.
pub(super) fn taken(taken: &[Taken]) -> Html {
    taken.iter().fold(Html::default(), |all, (name, at, by)| {
        let told = format!(
            "{by} đã gỡ khóa truy cập «{name}» lúc {}. Nếu ông/bà không biết việc này, hãy hỏi lại.",
            format::moment(*at)
        );
        all.and(Notice::new(Tone::Warning, told))
    })
}

pub(super) async fn account_of(ctx: &Ctx) -> Result<Account> {
    let me = ctx.officer()?.id;
    ctx.store().read(move |reader| account::of_officer(reader, me)).await
}

async fn draw(ctx: &Ctx, form: &FormState) -> Outcome {
    let (account, session) = (account_of(ctx).await?, session(ctx)?);
    let (me, now) = (account.officer, ctx.now());
    let (passkeys, taken) = ctx
        .store()
        .read(move |reader| Ok((passkey::open_of(reader, me)?, passkey::taken_from(reader, me, now)?)))
        .await?;
    let ways = Ways::of(ctx, &account, Demand::Factor).await?;
    let page = PasskeysPage { passkeys, taken, ways, session, command: ctx.new_command() };
    Ok(page.draw(form).into_response())
}

/// Where a new passkey is made.
pub(super) fn new_path(question: Id) -> String {
    format!("{PATH}/moi/{question}")
}

/// The session that asks.
fn session(ctx: &Ctx) -> Result<Id> {
    ctx.officer()?.session.ok_or(Error::SignedOut)
}

pub(crate) async fn show(ctx: Ctx) -> Outcome {
    draw(&ctx, &fresh()).await
}

/// Asks for a new passkey, for whoever proves to be the officer; the next page hands the question to the browser.
pub(crate) async fn offer(ctx: Ctx, fields: Fields) -> Outcome {
    // A form of another session would act on whoever sends it.
    if fields.text("session") != session(&ctx)?.to_string() {
        return Err(Error::not_found("biểu mẫu này trong phiên đang mở").into());
    }
    let once = command(&ctx, &fields, OFFER)?;
    if is_done(&ctx, &fields, OFFER).await? {
        // Sent twice: to where the first led. The store answers from what it kept and does not come here.
        let kept: Result<Id> =
            ctx.store().write(once, |_| Err(Error::internal("a command that was done is not"))).await;
        return Ok(see(&new_path(kept?)));
    }
    let mut form = sent(&fields);
    let account = account_of(&ctx).await?;
    let Some(party) = Party::of(&ctx.house.settings().public_url) else {
        return Err(Error::conflict(UNAVAILABLE).into());
    };
    let ways = Ways::of(&ctx, &account, Demand::Factor).await?;
    let Some(proof) = proven(&ctx, &account, (ways, PASSWORD), (&fields, &mut form)).await? else {
        return draw(&ctx, &form).await;
    };
    let me = account.officer;
    let (kept, handle) =
        ctx.store().read(move |reader| Ok((passkey::kept_of(reader, me)?, passkey::handle_of(reader, me)?))).await?;
    let handle = handle.map_or_else(|| Ok(new_handle()), |text| read_handle(&text))?;
    let name = ctx.officer()?.name.clone();
    let owner = Owner { handle, username: &account.username, name: &name };
    let present: Vec<_> = kept.into_iter().map(|kept| kept.key).collect();
    let question = party.ask_new(&owner, &present)?;
    let place = enter::in_session(&ctx, ceremony::Kind::Add);
    let begun = ctx.store().write(once, move |tx| {
        account::spend(tx, me, proof.step)?;
        let id = ceremony::begin(tx, &place, &question)?;
        let detail = serde_json::json!({});
        tx.audit(&AuditEntry { action: OFFER, entity: "account", entity_id: me, unit: None, detail })?;
        Ok(id)
    });
    match settle(&mut form, begun.await)? {
        Some(id) => Ok(see(&new_path(id))),
        None => draw(&ctx, &form).await,
    }
}

/// What this session is asked.
pub(super) async fn asked(ctx: &Ctx, id: Id) -> Result<ceremony::Open> {
    let (place, now) = (enter::in_session(ctx, ceremony::Kind::Add), directory(ctx).now());
    let found = ctx.store().read(move |reader| ceremony::find(reader, &place, id, now)).await?;
    found.ok_or_else(|| Error::not_found("lần tạo khóa truy cập này (có thể đã quá 5 phút)"))
}
