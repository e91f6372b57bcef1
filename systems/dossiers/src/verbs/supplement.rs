//! What was asked of the party comes in at the counter: the papers are written down and the clock runs again, in one write.

use crate::event::{self, EventKind, NewEvent};
use crate::status::Status;
use crate::verbs::receive::{NewPaper, add_paper};
use crate::verbs::{Acting, InHand, audit, stop, words};
use serde_json::json;
use store::Tx;
use types::{Error, Result};

/// The most papers that come in at once.
pub const PAPERS_MAX: usize = 100;

/// Takes in supplemented papers (status 5) or the proof that a money duty is done (status 6, perhaps without a paper).
/// The caller has checked that the actor receives for the dossier's unit.
pub fn supplement(tx: &mut Tx<'_>, acting: &Acting, papers: &[NewPaper], note: Option<&str>) -> Result<()> {
    let note = words::some_lines("note", note)?;
    let in_hand = acting.reach(tx)?;
    let InHand { dossier, task: held } = &in_hand;
    if !dossier.status.is_stop() {
        return Err(Error::conflict(format!(
            "Hồ sơ đang ở trạng thái «{}», không chờ giấy tờ bổ sung. Giấy tờ nộp thêm hãy ghi vào ghi chú kèm tệp.",
            dossier.status.title()
        )));
    }
    if papers.is_empty() && dossier.status == Status::SupplementRequested {
        return Err(Error::invalid("papers", "Hãy ghi ít nhất một giấy tờ mà công dân bổ sung."));
    }
    if papers.len() > PAPERS_MAX {
        return Err(Error::invalid("papers", format!("Mỗi lần nhận nhiều nhất {PAPERS_MAX} giấy tờ.")));
    }
    let at = tx.at();
    for paper in papers {
        add_paper(tx, dossier.id, paper, Some(at))?;
    }
    let event = NewEvent { from_step: Some(&held.step), text: note.as_deref(), ..NewEvent::default() };
    event::add(tx, dossier.id, EventKind::Supplemented, &event)?;
    audit(tx, "dossiers.supplement", dossier, json!({ "papers": papers.len(), "status": dossier.status.number() }))?;
    stop::run_again(tx, acting, in_hand, None)
}
