//! An officer's passkeys as administrators see them: taken away when a device is lost. The officer is told.

use super::form_page::{button_form, command};
use super::lists::officer_path;
use super::passkeys::{cells, kind};
use super::scope::account_in;
use crate::passkey::{self, Passkey};
use serde::Deserialize;
use types::{Error, Id, Result};
use ui::{Button, Card, Cell, Container, Html, Row, Table};
use web::{Ctx, Fields, Outcome, Path, see};

const VERB: &str = "directory.remove_passkey";

/// The card on the officer's page; nothing where there are none. Without a command there are no buttons, and none on one's
/// own page: there nothing is asked that only the officer knows.
pub(super) fn card(passkeys: &[Passkey], (own, command): (bool, Option<&str>)) -> Html {
    if passkeys.is_empty() {
        return Html::default();
    }
    let row = |passkey: &Passkey| {
        let path = format!("{}/khoa-truy-cap/{}/go", officer_path(passkey.officer), passkey.id);
        let remove = Button::submit("Gỡ").about(passkey.name.clone()).tertiary().danger();
        let button = command
            .filter(|_| !own)
            .map_or_else(Html::default, |command| button_form(path, &format!("{command}-{}", passkey.id), remove));
        Row::new([Cell::two(&passkey.name[..], kind(passkey))].into_iter().chain(cells(passkey)).chain([button]))
    };
    let table = Table::new("Khóa truy cập")
        .columns(["Tên", "Tạo lúc", "Dùng gần nhất", "Tình trạng", "Thao tác"])
        .rows(passkeys.iter().map(row));
    Card::new("Khóa truy cập").around(table)
}

#[derive(Debug, Deserialize)]
pub(crate) struct PasskeyPath {
    id: Id,
    passkey: Id,
}

/// Refuses what would take one's own passkeys away without a proof: a PC may stand unattended, and the administrator's
/// pages ask for none.
pub(super) fn refuse_own(ctx: &Ctx, officer: Id) -> Result<()> {
    if ctx.officer()?.id != officer {
        return Ok(());
    }
    Err(Error::conflict(
        "Đây là tài khoản của chính ông/bà. Hãy đổi mật khẩu và gỡ khóa truy cập ở trang «Tài khoản của tôi».",
    ))
}

pub(crate) async fn remove(ctx: Ctx, Path(path): Path<PasskeyPath>, fields: Fields) -> Outcome {
    account_in(&ctx, path.id).await?;
    refuse_own(&ctx, path.id)?;
    let (officer, id, by) = (path.id, path.passkey, ctx.officer()?.id);
    let command = command(&ctx, &fields, VERB)?;
    ctx.store().write(command, move |tx| passkey::remove(tx, (officer, id), (Some(by), None))).await?;
    Ok(see(&officer_path(officer)))
}
