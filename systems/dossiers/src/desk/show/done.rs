//! What the page says after something was done, and where to go on.

use super::DossierPage;
use crate::event::{Event as Happened, EventKind};
use crate::verbs::DELIVERY;
use records::{Pace, work};
use store::Reader;
use types::{Id, Result};
use ui::format;
use ui::prelude::*;
use web::Who;

/// Where "my work" is.
const MY_WORK: &str = "/viec-cua-toi";

/// After the reader's own verb: the next dossier that waits for them.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// Code and link; none when nothing else waits.
    pub next: Option<(String, String)>,
}

/// Finds what else waits for `who`, the most urgent first; `dossier` is the one they come from.
pub fn done(reader: &mut Reader<'_>, who: &Who, dossier: Id) -> Result<Option<Done>> {
    let Some(officer) = &who.officer else { return Ok(None) };
    let waiting = work::waiting_for(reader, &who.post_ids(), officer.id, None, 2)?;
    let next = waiting
        .into_iter()
        .find(|item| item.record != dossier && item.pace == Pace::Running)
        .map(|item| (item.code, item.link));
    Ok(Some(Done { next }))
}

impl DossierPage {
    /// What was done, read from the timeline, so that a link that lies about shows nothing false.
    pub(super) fn flash(&self) -> Html {
        let (Some(done), Some(last)) = (&self.done, self.done_by_verbs().next()) else { return Html::default() };
        let flash = Flash::success(self.said(last));
        let flash = match &done.next {
            Some((code, link)) => flash.link(format!("Việc tiếp theo: {code}"), link),
            None => flash.link("Về Việc của tôi", MY_WORK),
        };
        flash.into()
    }

    fn said(&self, last: &Happened) -> String {
        let step = self.step_title(last.to_step.as_deref());
        let post = self.people.post(last.to_post).map(|post| format!(" cho {}", post.title)).unwrap_or_default();
        let due = format::moment(self.dossier.due_at);
        match last.kind {
            EventKind::Received => "Đã tiếp nhận hồ sơ.".to_owned(),
            EventKind::Taken => "Đã nhận xử lý hồ sơ.".to_owned(),
            EventKind::Passed => format!("Đã chuyển hồ sơ đến bước «{step}»{post}."),
            EventKind::SentBack => format!("Đã trả hồ sơ lại bước «{step}»{post}."),
            EventKind::Noted => "Đã lưu ghi chú.".to_owned(),
            EventKind::Submitted => "Đã trình ký văn bản. Hãy chuyển hồ sơ đến người ký.".to_owned(),
            EventKind::SupplementRequested => {
                "Đã yêu cầu bổ sung giấy tờ; thời gian giải quyết tạm dừng tính. In hoặc trình ký phiếu yêu cầu ở phần «Giấy tờ gửi công dân»."
                    .to_owned()
            }
            EventKind::PaymentRequested => {
                "Đã yêu cầu nghĩa vụ tài chính; thời gian giải quyết tạm dừng tính.".to_owned()
            }
            EventKind::Resumed if self.came_in() => {
                format!("Đã nhận giấy tờ bổ sung; hồ sơ được tiếp tục giải quyết, hạn trả là {due}.")
            }
            EventKind::Resumed => format!("Hồ sơ được tiếp tục giải quyết, hạn trả là {due}."),
            EventKind::Withdrawn => "Đã ghi nhận công dân rút hồ sơ.".to_owned(),
            EventKind::Stopped => "Đã dừng giải quyết hồ sơ.".to_owned(),
            EventKind::Finished => "Đã hoàn thành; kết quả chờ trả tại bộ phận một cửa.".to_owned(),
            EventKind::Delivered => "Đã trả kết quả cho công dân.".to_owned(),
            EventKind::Reassigned => format!("Đã chuyển việc «{step}»{post}."),
            EventKind::Supplemented => "Đã nhận giấy tờ bổ sung.".to_owned(),
            EventKind::Refused => "Đã từ chối tiếp nhận hồ sơ. In hoặc trình ký phiếu từ chối ở phần «Giấy tờ gửi công dân».".to_owned(),
            EventKind::Apologised => {
                "Đã ghi lời xin lỗi và hẹn lại. In hoặc trình ký văn bản ở phần «Giấy tờ gửi công dân».".to_owned()
            }
            EventKind::FormTakenBack => "Đã rút giấy tờ đang trình ký.".to_owned(),
            EventKind::FormCorrected => "Đã sửa nội dung giấy tờ gửi công dân.".to_owned(),
            EventKind::ResultReplaced => "Đã thay tệp kết quả; tệp cũ được lưu lại.".to_owned(),
        }
    }

    /// What was done, the last first, without what followed from it: forms that are not so any more were taken back.
    fn done_by_verbs(&self) -> impl Iterator<Item = &Happened> {
        self.events.iter().rev().filter(|happened| happened.kind != EventKind::FormTakenBack)
    }

    /// Whether the clock runs again because the counter got what was asked for.
    fn came_in(&self) -> bool {
        self.done_by_verbs().nth(1).is_some_and(|before| before.kind == EventKind::Supplemented)
    }

    /// What people call a step.
    pub(super) fn step_title(&self, code: Option<&str>) -> &str {
        match code {
            Some(DELIVERY) => "Trả kết quả",
            Some(code) => self.definition.steps.iter().find(|s| s.code == code).map_or("", |s| s.title.as_str()),
            None => "",
        }
    }
}
