//! One act: the verb, by whom and with which words.

use super::History;
use crate::demo::life::{Life, Next, Received};
use crate::demo::place::Hand;
use crate::demo::result::Sheets;
use dossiers::sample::{names, remark};
use dossiers::status::Status;
use dossiers::verbs::finish::{Finish, NewResult};
use dossiers::verbs::pass::Pass;
use dossiers::verbs::{Acting, deliver, end, finish, note, pass, send_back, stop};
use store::{Actor, Tx};
use types::{Error, Result, Timestamp};

impl History<'_> {
    /// Does `life.next`.
    pub(super) fn act(&mut self, life: &mut Life, dossier: &Received, at: Timestamp) -> Result<()> {
        let open = Self::task_of(life)?;
        let post = open.post.ok_or_else(|| Error::internal("a task of the demo waits for no post"))?;
        let step = dossier.definition.steps.iter().find(|step| step.code == open.step);
        let post_kind = step.map_or("counter", |step| step.post.code());
        let Hand { officer, on_behalf_of, posts } = self.place.hand(post, at)?;
        let setting = self.setting(dossier.unit)?;
        let acting = Acting {
            code: dossier.code.clone(),
            revision: None,
            officer,
            posts,
            definition: dossier.definition.clone(),
            calendar: setting.calendar,
            tree: setting.tree,
        };
        let mut say =
            |kind: &str| remark(&mut life.chance, kind, &dossier.definition, post_kind).map(ToOwned::to_owned);
        let work: Work = match life.next {
            Next::Receive => return Err(Error::internal("a dossier cannot be received twice")),
            Next::Take => Box::new(move |tx| note::take(tx, &acting)),
            Next::Note => {
                let text = if life.slow {
                    life.chance.pick(&names().remarks.apology).clone()
                } else {
                    say("note").unwrap_or_default()
                };
                Box::new(move |tx| note::note(tx, &acting.code, &text, None))
            }
            Next::Pass => {
                let words = say("forward");
                let note = words.filter(|_| life.chance.percent(55));
                let passed = Pass { note, ..Pass::default() };
                Box::new(move |tx| pass::pass(tx, &acting, &passed))
            }
            Next::SendBack => {
                let reason = say("send_back").unwrap_or_default();
                Box::new(move |tx| send_back::send_back(tx, &acting, &reason))
            }
            Next::AskSupplement => {
                let reason = say("supplement").unwrap_or_default();
                Box::new(move |tx| stop::begin(tx, &acting, Status::SupplementRequested, &reason))
            }
            Next::AskPayment => {
                let reason = life.chance.pick(&names().remarks.payment).clone();
                Box::new(move |tx| stop::begin(tx, &acting, Status::PaymentRequested, &reason))
            }
            Next::Resume => Box::new(move |tx| stop::resume(tx, &acting, Some("Người nộp đã bổ sung đủ"))),
            Next::Withdraw => {
                let reason = say("withdrawal").unwrap_or_default();
                Box::new(move |tx| end::end(tx, &acting, Status::Withdrawn, &reason))
            }
            Next::Stop => {
                let reason = say("stop").unwrap_or_default();
                Box::new(move |tx| end::end(tx, &acting, Status::Stopped, &reason))
            }
            Next::Finish => {
                let note = say("forward").filter(|_| life.chance.percent(30));
                self.finish(life, dossier, (acting, note, at))?
            }
            Next::Deliver => {
                let receiver = dossier.party.clone();
                Box::new(move |tx| deliver::deliver(tx, &acting, &receiver))
            }
        };
        let command = self.command(life.next.verb(), Actor::Officer { id: officer, on_behalf_of })?;
        self.store.write_blocking(command, work)
    }

    fn finish(
        &mut self,
        life: &Life,
        dossier: &Received,
        (acting, note, at): (Acting, Option<String>, Timestamp),
    ) -> Result<Work> {
        let commune = &self.place.communes[life.commune].name;
        let kept = self.sheets.sheet(&dossier.definition, commune)?;
        self.results += 1;
        let number = Some(format!("{}/{}", self.results, at.local().year()));
        let name = Sheets::name(&dossier.definition);
        Ok(Box::new(move |tx| {
            let file = files::enter(tx, &kept)?;
            let result = NewResult { name: name.clone(), number: number.clone(), file };
            finish::finish(tx, &acting, &Finish { results: vec![result], note: note.clone() })
        }))
    }
}

type Work = Box<dyn Fn(&mut Tx<'_>) -> Result<()> + Send>;
