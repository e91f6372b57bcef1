//! The tokens by which programs act as an officer: seen and ended here, given on the command line.

use super::form_page::{button_form, command};
use super::lists::officer_path;
use super::scope::account_in;
use crate::api_token::{self, ApiToken};
use serde::Deserialize;
use types::{Error, Id};
use ui::{Button, Card, Cell, Container, Html, Row, Table, format};
use web::{Ctx, Fields, Outcome, Path, see};

/// The card on the officer's page; nothing where no program acts as the officer. Without a command there are no buttons.
pub(super) fn card(tokens: &[ApiToken], command: Option<&str>) -> Html {
    if tokens.is_empty() {
        return Html::default();
    }
    let row = |token: &ApiToken| {
        let path = format!("{}/ma-truy-cap/{}/ket-thuc", officer_path(token.officer), token.id);
        let end = Button::submit("Kết thúc").about(token.name.clone()).tertiary().danger();
        Row::new([
            Cell::two(&token.name[..], format!("số {}", token.id)),
            Cell::whole(format::moment(token.created_at)),
            Cell::whole(format::moment(token.ends_at)),
            command.map_or_else(Html::default, |command| button_form(path, &format!("{command}-{}", token.id), end)),
        ])
    };
    let table = Table::new("Mã truy cập của phần mềm")
        .columns(["Phần mềm, thiết bị", "Cấp lúc", "Hết hạn", "Thao tác"])
        .rows(tokens.iter().map(row));
    Card::new("Mã truy cập của phần mềm").around(table)
}

#[derive(Debug, Deserialize)]
pub(crate) struct TokenPath {
    id: Id,
    token: Id,
}

pub(crate) async fn end(ctx: Ctx, Path(path): Path<TokenPath>, fields: Fields) -> Outcome {
    account_in(&ctx, path.id).await?;
    let (id, of) = (path.token, path.id);
    let found = ctx.store().read(move |reader| api_token::one(reader, id)).await?;
    found.filter(|token| token.officer == of).ok_or_else(|| Error::not_found("mã truy cập"))?;
    let command = command(&ctx, &fields, "directory.end_token")?;
    ctx.store().write(command, move |tx| api_token::end(tx, id)).await?;
    Ok(see(&officer_path(of)))
}
