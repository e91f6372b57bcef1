//! One passkey of one's own: called otherwise, or taken away.

use super::form_page::{command, fresh, is_done, sent, settle};
use super::passkeys::{PATH, cells, kind};
use super::proof::{Demand, Ways, opened, proven};
use super::scope::directory;
use crate::account::{self, Account};
use crate::directory::Directory;
use crate::passkey::{self, NAME_MAX, Passkey};
use crate::permissions::DIRECTORY_KEEP;
use axum::response::IntoResponse;
use types::{Error, Id, Result};
use ui::{
    Button, Card, Container, ErrorSummary, Field, FormBox, FormState, Html, KeyValues, Notice, PageHead, Stack, Tone,
    Width,
};
use web::{Ctx, Fields, Outcome, Page, Path, see};

const RENAME: &str = "directory.rename_passkey";
const REMOVE: &str = "directory.remove_passkey";
/// The field with the password.
const PASSWORD: &str = "proof";
/// A second factor is demanded of administrators, and this passkey is the only one.
const LAST: &str = "Đây là cách đăng nhập đủ mạnh duy nhất của người có quyền quản trị. Hãy thêm khóa truy cập khác hoặc bật \
    xác thực hai bước trước khi gỡ.";

/// What the page shows.
pub(crate) struct PasskeyPage {
    pub passkey: Passkey,
    /// How the officer proves to be there.
    pub ways: Ways,
    /// It may not be taken away now.
    pub last: bool,
    pub command: String,
}

impl PasskeyPage {
    pub(crate) fn draw(&self, form: &FormState) -> Page {
        let passkey = &self.passkey;
        let head = PageHead::new(&passkey.name).back("Khóa truy cập", PATH);
        let [made, used, state] = cells(passkey);
        let facts = KeyValues::new()
            .row("Tạo lúc", made)
            .row("Dùng gần nhất", used)
            .row("Loại", kind(passkey))
            .row("Tình trạng", state);
        let mut body = Html::from(head).and(ErrorSummary::of(form));
        if passkey.suspect_at.is_some() {
            let told = "Bộ đếm của khóa này từng lùi lại: có thể đã có bản sao của khóa. Hãy gỡ khóa này, tạo khóa mới và báo quản trị.";
            body = body.and(Notice::new(Tone::Danger, told));
        }
        body = body.and(Card::new("Thông tin").around(facts)).and(self.renaming(form)).and(self.removing(form));
        Page::desk(form.title(&passkey.name), Stack.around(body))
            .with_status(form.status())
            .with_script(ui::PASSKEY_SCRIPT)
    }

    fn path(&self, rest: &str) -> String {
        format!("{PATH}/{}/{rest}", self.passkey.id)
    }

    fn renaming(&self, form: &FormState) -> Html {
        let name =
            Field::text("name", "Tên khóa").value(&self.passkey.name).width(Width::Long).max_length(NAME_MAX).of(form);
        let boxed = FormBox::post(self.path("ten")).hidden("command", format!("{}-ten", self.command));
        let save = Button::submit("Lưu tên").secondary();
        Card::new("Đổi tên").around(boxed.around(Html::from(name).and(save)))
    }

    fn removing(&self, form: &FormState) -> Html {
        let card = Card::new("Gỡ khóa truy cập");
        if self.last {
            return card.around(Notice::new(Tone::Info, LAST));
        }
        let told = Html::text(
            "Sau khi gỡ, khóa này không đăng nhập được nữa và các phiên khác kết thúc. Trong thiết bị của ông/bà khóa còn lại, hãy xóa ở phần cài đặt của thiết bị.",
        );
        let fields = self.ways.fields(PASSWORD, None);
        let fields = fields.into_iter().fold(Html::default(), |all, field| all.and(field.of(form)));
        let remove = Button::submit("Gỡ khóa này").danger();
        let remove = if self.ways.has_fields() { remove.into() } else { Html::default() };
        let boxed = FormBox::post(self.path("go")).hidden("command", format!("{}-go", self.command));
        let inside = fields.and(remove).and(self.ways.passkey("Gỡ, và xác nhận bằng khóa truy cập"));
        card.around(told.and(boxed.around(inside)))
    }
}

/// Whether a second factor is demanded of whoever asks.
fn is_demanded(ctx: &Ctx) -> bool {
    directory(ctx).rules().second_factor_for_administrators && ctx.who.may(&DIRECTORY_KEEP)
}

/// Whether the password alone would be left. A code whose secret no key opens is no way in.
fn is_last(directory: &Directory, account: &Account, count: usize) -> bool {
    opened(directory, account).is_none() && count < 2
}

async fn load(ctx: &Ctx, id: Id) -> Result<(Account, Passkey, usize)> {
    let me = ctx.officer()?.id;
    ctx.store()
        .read(move |reader| {
            let passkey = passkey::one_of(reader, me, id)?;
            Ok((account::of_officer(reader, me)?, passkey, passkey::open_of(reader, me)?.len()))
        })
        .await
}

async fn draw(ctx: &Ctx, id: Id, form: &FormState) -> Outcome {
    let (account, passkey, count) = load(ctx, id).await?;
    let ways = Ways::of(ctx, &account, Demand::Factor).await?;
    let last = is_demanded(ctx) && is_last(&directory(ctx), &account, count);
    Ok(PasskeyPage { passkey, ways, last, command: ctx.new_command() }.draw(form).into_response())
}

pub(crate) async fn show(ctx: Ctx, Path(id): Path<Id>) -> Outcome {
    draw(&ctx, id, &fresh()).await
}

pub(crate) async fn rename(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    let mut form = sent(&fields);
    let (me, name) = (ctx.officer()?.id, form.value("name").to_owned());
    let command = command(&ctx, &fields, RENAME)?;
    let renamed = ctx.store().write(command, move |tx| passkey::rename(tx, (me, id), &name)).await;
    match settle(&mut form, renamed)? {
        Some(()) => Ok(see(PATH)),
        None => draw(&ctx, id, &form).await,
    }
}

pub(crate) async fn remove(ctx: Ctx, Path(id): Path<Id>, fields: Fields) -> Outcome {
    if is_done(&ctx, &fields, REMOVE).await? {
        return Ok(see(PATH));
    }
    let mut form = sent(&fields);
    let (account, _, count) = load(&ctx, id).await?;
    let (demanded, directory) = (is_demanded(&ctx), directory(&ctx));
    // Said before a proof is asked for; what counts is the look within the transaction.
    if demanded && is_last(&directory, &account, count) {
        return Err(Error::conflict(LAST).into());
    }
    let ways = Ways::of(&ctx, &account, Demand::Factor).await?;
    let Some(proof) = proven(&ctx, &account, (ways, PASSWORD), (&fields, &mut form)).await? else {
        return draw(&ctx, id, &form).await;
    };
    let (me, keep) = (account.officer, ctx.officer()?.session);
    let command = command(&ctx, &fields, REMOVE)?;
    let removed = ctx.store().write(command, move |tx| {
        // Two removals at once would each see the other's passkey.
        tx.lock("officer", me)?;
        let (now, count) = (account::of_officer(tx, me)?, passkey::open_of(tx, me)?.len());
        if demanded && is_last(&directory, &now, count) {
            return Err(Error::conflict(LAST));
        }
        account::spend(tx, me, proof.step)?;
        passkey::remove(tx, (me, id), (Some(me), keep))
    });
    match settle(&mut form, removed.await)? {
        Some(()) => Ok(see(PATH)),
        None => draw(&ctx, id, &form).await,
    }
}
