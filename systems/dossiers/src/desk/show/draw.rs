//! The parts of the dossier's page.

use super::DossierPage;
use crate::desk::actions;
use crate::desk::term;
use crate::dossier::Paper;
use crate::event::{Event as Happened, EventKind};
use crate::masked::masked;
use crate::procedure::definition::Channel;
use crate::procedure::form::{FieldKind, FormField, FormSection};
use crate::status::Status;
use crate::verbs::DELIVERY;
use records::Task;
use ui::format;
use ui::prelude::*;

impl DossierPage {
    pub(super) fn address(&self, tail: &str) -> String {
        format!("/ho-so/{}{tail}", self.dossier.code)
    }

    pub(super) fn heading(&self) -> PageHead {
        let d = &self.dossier;
        let channel = Channel::from_code(&d.channel).map_or("", Channel::label);
        let received = format::moment(d.received_at);
        let lead = format!("{} · {channel} · nhận {received} · {}", d.code, self.unit);
        let receipt = Button::link("In giấy tiếp nhận", self.address("/giay-tiep-nhan.pdf?kho=A5"));
        let sheet = Button::link("In phiếu kiểm soát", self.address("/phieu-kiem-soat.pdf"));
        // Many summaries name the party already.
        let named = d.summary.contains(&d.applicant.name);
        let title = if named { d.summary.clone() } else { format!("{} – {}", d.summary, d.applicant.name) };
        let head = PageHead::new(title).lead(lead).beside(d.status.tag());
        let head = if d.restricted {
            head.beside(Tag::new(Tone::Warning, Icon::ShieldAlert, "Hồ sơ hạn chế"))
        } else {
            head
        };
        let looks = Button::link("Ai đã xem", self.address("/luot-xem"));
        let head = if self.may_see_looks { head.beside(looks.tertiary()) } else { head };
        // What was not received has no receipt.
        let head = match d.status {
            Status::Refused => head,
            _ => head.beside(receipt.secondary().icon(Icon::Printer)),
        };
        head.beside(sheet.secondary().icon(Icon::Printer))
    }

    pub(super) fn progress(&self) -> Progress {
        let last_done = |code: &str| self.tasks.iter().rev().find(|t| t.step == code && t.done_at.is_some());
        let open = self.open_task();
        let steps = self.definition.steps.iter().map(|step| (step.code.as_str(), step.title.as_str()));
        let steps: Vec<(&str, &str)> = steps.chain([(DELIVERY, "Trả kết quả")]).collect();
        let current = open.and_then(|task| steps.iter().position(|(code, _)| *code == task.step));
        // Without an open task everything that was done stays done: delivered, withdrawn, stopped.
        let end = current.unwrap_or_else(|| steps.iter().take_while(|(code, _)| last_done(code).is_some()).count());
        steps.iter().enumerate().fold(Progress::new(), |progress, (i, (code, title))| {
            let (state, detail) = match (i.cmp(&end), open) {
                (std::cmp::Ordering::Less, _) => (StepState::Done, last_done(code).map(|t| self.done_words(t))),
                (std::cmp::Ordering::Equal, Some(task)) => {
                    (StepState::Current, Some(format!("Đang chờ · {}", self.people.holder(task))))
                }
                _ => (StepState::Ahead, None),
            };
            progress.step(state, *title, detail.unwrap_or_default())
        })
    }

    fn done_words(&self, task: &Task) -> String {
        let when = task.done_at.map(format::short_moment).unwrap_or_default();
        match self.people.doer(task.done_by, task.on_behalf_of) {
            Some(who) => format!("{when} · {who}"),
            None => when,
        }
    }

    /// Whom it waits for, since when, until when.
    pub(super) fn waiting(&self) -> Html {
        let Some(task) = self.open_task() else { return Html::default() };
        KeyValues::new()
            .row("Đang giữ", self.people.holder(task))
            .row("Việc", &task.title)
            .row("Từ lúc", format::moment(task.opened_at))
            .row("Hạn của bước", format::moment(task.due_at))
            .into()
    }

    pub(super) fn sections(&self) -> Vec<&FormSection> {
        self.definition.form.iter().filter(|s| s.fields.iter().any(|f| self.form.contains_key(&f.key))).collect()
    }

    pub(super) fn section(&self, section: &&FormSection) -> KeyValues {
        section.fields.iter().fold(KeyValues::new(), |rows, field| {
            rows.maybe(&field.label, self.form.get(&field.key).map(|value| self.value(field, value)))
        })
    }

    /// A value as people read it; numbers of people are masked for whoever does not work on the dossier.
    fn value(&self, field: &FormField, value: &str) -> String {
        let masked = if self.mine { value.to_owned() } else { masked(field.kind, value) };
        let value = masked.as_str();
        match field.kind {
            FieldKind::Checkbox => "Có".to_owned(),
            FieldKind::Money => value.parse().map_or_else(|_| value.to_owned(), format::money),
            _ => field.shown(value),
        }
    }

    pub(super) fn papers_list(&self) -> Html {
        if self.papers.is_empty() {
            return Html::text("Hồ sơ không kèm giấy tờ.");
        }
        let mut list = FileList::new();
        let mut on_paper = CheckList::new();
        let mut any = (false, false);
        for paper in &self.papers {
            match paper.file.and_then(|id| self.files.get(&id)) {
                Some(file) => {
                    let size = format::file_size(u64::try_from(file.size).unwrap_or_default());
                    let detail = [counts(paper), file.name.clone(), size].into_iter().filter(|t| !t.is_empty());
                    let detail = detail.collect::<Vec<_>>().join(" · ");
                    list = list.file(&paper.name, &file.name, detail, self.address(&format!("/tep/{}", file.id)));
                    any.0 = true;
                }
                None => {
                    on_paper = on_paper.item(&paper.name, counts(paper));
                    any.1 = true;
                }
            }
        }
        let files = if any.0 { Html::from(list) } else { Html::default() };
        if any.1 { files.and(on_paper) } else { files }
    }

    pub(super) fn timeline(&self) -> Timeline {
        Timeline::new(self.events.iter().rev().map(|happened| self.event(happened)))
    }

    fn event(&self, happened: &Happened) -> Event {
        let mut what = happened.kind.title().to_owned();
        let step = self.step_title(happened.to_step.as_deref());
        if !step.is_empty() {
            what = format!("{what}: {step}");
        }
        if let Some(post) = self.people.post(happened.to_post) {
            what = format!("{what} → {}", post.title);
        }
        let event = match self.people.doer(happened.officer, happened.on_behalf_of) {
            Some(who) => Event::by(who, lower_first(&what), happened.at),
            None => Event::of_system(what, happened.at),
        };
        let file = happened.file.and_then(|id| self.files.get(&id));
        let event = match file {
            Some(file) => event.file(&file.name, self.address(&format!("/tep/{}", file.id))),
            None => event,
        };
        match (&happened.text, happened.kind) {
            (Some(name), EventKind::Delivered) => event.note(format!("Người nhận: {name}")),
            (Some(text), EventKind::Apologised) if happened.is_late() => event.note(format!("Gửi muộn. {text}")),
            (Some(text), _) => event.note(text),
            (None, _) => event,
        }
    }

    pub(super) fn explained(&self) -> Html {
        let body = match &self.deadline {
            Ok(deadline) => {
                let notice = |today| {
                    let (promised, today) = (format::moment(self.dossier.due_at), format::moment(today));
                    let text = format!(
                        "Hạn đã hẹn với công dân là {promised}. Lịch làm việc đã thay đổi từ khi tiếp nhận: theo lịch \
                         hiện nay tính ra {today}. Hạn đã hẹn vẫn được giữ."
                    );
                    Html::from(Notice::new(Tone::Warning, text))
                };
                self.differs.map_or_else(Html::default, notice).and(term::explained(deadline))
            }
            Err(sentence) => Notice::new(Tone::Danger, sentence.as_str()).into(),
        };
        Disclosure::new("Cách tính hạn trả kết quả").around(body)
    }

    /// A second request in one stage counts as late in the index of Decision 766.
    pub(super) fn warning(&self) -> Html {
        let asked = self.stops.iter().filter(|stop| stop.status == Status::SupplementRequested).count();
        if asked == 0 || !self.dossier.status.clock_runs() {
            return Html::default();
        }
        let text = "Hồ sơ đã được yêu cầu bổ sung một lần. Yêu cầu lần nữa sẽ bị tính là chậm trong bộ chỉ số phục vụ.";
        Notice::new(Tone::Warning, text).into()
    }

    pub(super) fn actions(&self) -> Html {
        actions::draw(self)
    }
}

fn counts(paper: &Paper) -> String {
    let originals = (paper.originals > 0).then(|| format!("{:02} bản chính", paper.originals));
    let copies = (paper.copies > 0).then(|| format!("{:02} bản sao", paper.copies));
    let later = paper.supplemented_at.map(|at| format!("bổ sung lúc {}", format::moment(at)));
    [originals, copies, later].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
