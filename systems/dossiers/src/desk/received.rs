//! After receiving: the code, when the result is due and why, and the receipt to print.

use super::own_form;
use super::term;
use super::tools;
use crate::desk::counter::amount_in_words;
use crate::dossier::{self, Dossier};
use crate::due;
use crate::event::{self, EventKind};
use crate::looked;
use crate::procedure::definition::Channel;
use crate::status::Status;
use askama::Template;
use calendar::Deadline;
use records::look::What;
use types::{Error, Id};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path};

#[derive(Template)]
#[template(path = "received.html")]
pub(super) struct ReceivedPage {
    pub dossier: Dossier,
    /// None where a year has no calendar.
    pub deadline: Option<Deadline>,
    /// What it costs by the numbers of its form: the fee's name and the amount.
    pub charges: Vec<(String, String)>,
    /// The event whose form the receipt is.
    pub receipt: Option<Id>,
}

/// GET /ho-so/{code}/tiep-nhan
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> Outcome<WebPage> {
    let (tools, who, now) = (tools(&ctx), ctx.who.clone(), ctx.now());
    let (received, why) = ctx
        .store()
        .read(move |r| {
            let opened = tools.open(r, &who, &code)?;
            let why = looked::why(&who, &opened.tree, &opened.dossier, &opened.tasks);
            if opened.dossier.status == Status::Refused {
                return Err(Error::conflict("Hồ sơ này không được tiếp nhận nên không có giấy tiếp nhận."));
            }
            let stops = due::ended_stops(&dossier::stops(r, opened.dossier.id)?, now);
            let dossier = opened.dossier;
            let (definition, case) = (&opened.procedure.definition, dossier.case.as_deref());
            let deadline = due::explain(definition, case, &opened.calendar, dossier.received_at, &stops).ok();
            let values = dossier::form_if_it_opens(r, &tools.directory.keys(), dossier.id)?.unwrap_or_default();
            let channel = Channel::from_code(&dossier.channel).unwrap_or(Channel::Counter);
            let charges = definition.charges(channel, &values).into_iter();
            let charges = charges.map(|(fee, amount)| (fee.name.clone(), amount_in_words(fee, amount))).collect();
            let events = event::of_dossier(r, dossier.id)?;
            let receipt = events.iter().find(|event| event.kind == EventKind::Received).map(|event| event.id);
            Ok((ReceivedPage { charges, deadline, dossier, receipt }, why))
        })
        .await?;
    looked::note_why(&ctx, received.dossier.id, What::Page, why)?;
    Ok(page(received))
}

pub(super) fn page(received: ReceivedPage) -> WebPage {
    WebPage::desk(format!("Đã tiếp nhận {}", received.dossier.code), received)
}

impl ReceivedPage {
    fn address(&self, tail: &str) -> String {
        format!("/ho-so/{}{tail}", self.dossier.code)
    }

    /// Where the receipt goes to be signed, for whom a signed file serves better than paper.
    fn to_signing(&self) -> Html {
        let Some(event) = self.receipt else { return Html::default() };
        let address = own_form::address(&self.dossier.code, event);
        Button::link("Trình ký số giấy tiếp nhận", address).secondary().icon(Icon::Signature).into()
    }

    fn done(&self) -> Flash {
        Flash::success(format!("Đã tiếp nhận hồ sơ {}.", self.dossier.code))
    }

    fn facts(&self) -> KeyValues {
        let rows = KeyValues::new()
            .row("Mã hồ sơ", Cell::whole(&self.dossier.code))
            .row("Người nộp", &self.dossier.applicant.name)
            .row("Nội dung", &self.dossier.summary)
            .row("Nhận lúc", ui::format::moment(self.dossier.received_at))
            .row("Hẹn trả", ui::format::moment(self.dossier.due_at));
        self.charges.iter().fold(rows, |rows, (fee, amount)| rows.row(fee, amount))
    }

    fn explained(&self) -> Html {
        let Some(deadline) = &self.deadline else { return Html::default() };
        Disclosure::new("Cách tính hạn trả kết quả").open().around(term::explained(deadline))
    }
}
