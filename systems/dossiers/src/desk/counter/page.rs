//! The page of the counter's form.

use super::check::{self, RETURN_WAYS, fingerprint};
use super::entry::Entry;
use super::{Counter, fields, paper_boxes, scan_box};
use crate::procedure::Definition;
use crate::procedure::definition::Channel;
use crate::procedure::fees::Fee;
use crate::procedure::form::{CHANNEL_REASON, FormSection};
use crate::procedure::requirement::Requirement;
use askama::Template;
use std::sync::Arc;
use ui::prelude::*;
use web::Page as WebPage;

/// Why the form is shown.
#[derive(Debug, Clone)]
pub enum Shown {
    /// For the first time, or after a file was taken out.
    Fresh,
    /// A card was read; what the officer is told.
    Scanned(Vec<String>),
    /// Fields are wrong.
    Refused,
    /// These things look odd and must be confirmed.
    Warned(Vec<String>),
}

/// View data of the counter's form.
#[derive(Template)]
#[template(path = "counter.html")]
pub struct CounterPage {
    pub definition: Arc<Definition>,
    pub entry: Entry,
    pub shown: Shown,
    /// The posts in which the officer may receive.
    pub posts: Vec<(String, String)>,
    pub post: String,
    /// Who could do the next step: id and words.
    pub next: Vec<(String, String)>,
}

/// An amount of đồng by the numbers of the form; who is exempt, people must judge.
pub fn amount_in_words(fee: &Fee, amount: i64) -> String {
    let exempt = if fee.exempt.is_empty() { "" } else { " (chưa trừ diện được miễn)" };
    format!("{}{exempt}", ui::format::money(amount))
}

/// Draws the form.
pub fn draw(counter: &Counter, entry: &Entry, shown: Shown) -> WebPage {
    let next = counter.next.iter().map(|post| {
        let unit = counter.tree.name(post.unit);
        (post.id.to_string(), format!("{} – {} ({unit})", post.title, post.holder_names()))
    });
    page(CounterPage {
        definition: counter.stored.definition.clone(),
        entry: entry.clone(),
        shown,
        posts: counter.desk.posts.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        post: counter.desk.post.to_string(),
        next: next.collect(),
    })
}

/// The page of view data; samples use it too.
pub fn page(page: CounterPage) -> WebPage {
    let title = page.entry.form.title(&format!("Tiếp nhận: {}", page.definition.short_name()));
    WebPage::desk(title, page)
}

impl CounterPage {
    fn action(&self) -> String {
        format!("/tiep-nhan/{}", self.definition.code)
    }

    fn form_box(&self) -> FormBox {
        let form = FormBox::post(self.action()).upload().warn_unsaved_of(&self.entry.form);
        let form = form.hidden("command", &self.entry.command);
        if self.posts.len() == 1 { form.hidden("post", &self.post) } else { form }
    }

    fn notice(&self) -> Html {
        match &self.shown {
            Shown::Scanned(told) => Notice::new(Tone::Info, told.join(" ")).titled("Đã đọc thẻ căn cước").into(),
            Shown::Warned(warnings) => {
                let list = warnings.iter().fold(CheckList::new(), |list, warning| {
                    list.item_with(Icon::TriangleAlert, Html::text(warning), "")
                });
                let confirmed = Choice::new(fingerprint(warnings), "Tôi đã xem lại, vẫn tiếp nhận hồ sơ");
                let confirm = Field::checkboxes("confirm", "Xác nhận", [confirmed]).of(&self.entry.form);
                let body = Html::from(list).and(confirm);
                Notice::new(Tone::Warning, body).titled("Cần xem lại trước khi tiếp nhận").into()
            }
            Shown::Fresh | Shown::Refused => Html::default(),
        }
    }

    fn scan_box(&self) -> Html {
        scan_box::draw(&self.definition, &self.action(), &self.entry.form)
    }

    fn section(&self, section: &FormSection) -> Html {
        fields::section(&self.definition, section, &self.entry.form)
    }

    fn papers(&self) -> Vec<&Requirement> {
        paper_boxes::split(&self.definition).0
    }

    fn paper(&self, requirement: &&Requirement) -> Html {
        paper_boxes::draw(&self.definition, requirement, &self.entry)
    }

    fn other_papers(&self) -> Html {
        paper_boxes::draw_other(&self.entry)
    }

    /// What the state holds already and nobody may ask for.
    fn state_data(&self) -> Html {
        let data = paper_boxes::split(&self.definition).1;
        if data.is_empty() {
            return Html::default();
        }
        let list = data.iter().fold(CheckList::new(), |list, r| {
            list.item_with(
                Icon::SearchCheck,
                &r.name,
                format!("Tra ở {}", r.held_by.as_deref().unwrap_or("cơ sở dữ liệu")),
            )
        });
        Disclosure::new("Dữ liệu Nhà nước đã có, công dân không phải nộp").around(list)
    }

    fn how(&self) -> Html {
        let form = &self.entry.form;
        let channels = check::channels(&self.definition);
        let first = channels.first().map_or("", |channel| channel.code());
        let choices = channels.iter().map(|channel| Choice::new(channel.code(), channel.label()));
        let mut html = Html::default();
        if self.posts.len() > 1 {
            html = html.and(Field::select("post", "Tiếp nhận ở vị trí", &self.posts).value(&self.post).of(form));
        }
        let ways = RETURN_WAYS.iter().map(|(way, label)| Choice::new(*way, *label));
        html.and(self.emergency())
            .and(Field::radios("channel", "Hồ sơ đến bằng", choices).value(first).of(form))
            .and(Field::radios("return_way", "Nhận kết quả", ways).value("counter").of(form))
            .and(self.receiver())
    }

    /// That this procedure is filed online, and when a counter may receive it all the same.
    fn emergency(&self) -> Html {
        let Some(exception) = &self.definition.channel_exception else { return Html::default() };
        let names: Vec<&str> = exception.channels.iter().map(|channel| channel.label()).collect();
        let field = self.definition.fields().find(|field| field.key == CHANNEL_REASON);
        let field = field.map_or("lý do", |field| field.label.as_str());
        let sentence = format!("{}: {}. Ghi «{field}».", names.join(", "), exception.condition);
        Notice::new(Tone::Warning, sentence).titled("Thủ tục nộp trực tuyến").into()
    }

    fn receiver(&self) -> Html {
        let Some(step) = self.definition.steps.get(1) else { return Html::default() };
        let Some((first, _)) = self.next.first() else {
            let text = format!("Chưa có vị trí «{}» nào cho bước «{}».", step.post.label(), step.title);
            return Notice::new(Tone::Danger, format!("{text} Hãy nhờ quản trị thêm vị trí trước khi tiếp nhận."))
                .into();
        };
        let label = format!("Chuyển đến ({})", step.title);
        Field::select("next_post", label, &self.next).value(first).of(&self.entry.form).into()
    }

    /// The way out for what is not received. It opens where it was sent and refused.
    fn refusal(&self) -> Html {
        let form = &self.entry.form;
        let reason = Field::textarea("refusal", "Lý do không tiếp nhận", 3)
            .hint("Mỗi lý do một dòng, ghi rõ căn cứ; in trong phiếu từ chối giao công dân.")
            .optional()
            .of(form);
        let button = Button::submit("Không tiếp nhận, lập phiếu từ chối").named("refuse", "1").danger().wide();
        let fold = Disclosure::new("Không tiếp nhận hồ sơ");
        let begun = !form.value("refusal").is_empty() || form.problems_of("refusal").next().is_some();
        let fold = if begun { fold.open() } else { fold };
        fold.around(Html::from(reason).and(button))
    }

    fn facts(&self) -> Html {
        let mut rows = KeyValues::new()
            .row("Mã thủ tục", &self.definition.code)
            .row("Thời hạn", &self.definition.takes.printed)
            .row("Cơ quan quyết định", &self.definition.decides);
        for fee in &self.definition.fees {
            let when = fee.condition.as_ref().map(|c| format!(" ({c})")).unwrap_or_default();
            rows = rows.row(&fee.name, format!("{}{when}", fee.printed));
        }
        let typed = self.entry.values(&self.definition);
        for (fee, amount) in self.definition.charges(self.channel(), &typed) {
            rows = rows.row(format!("Tạm tính: {}", fee.name), amount_in_words(fee, amount));
        }
        let facts = Html::from(rows);
        let doubts = self.definition.doubts(&check::channels(&self.definition), None);
        if doubts.is_empty() {
            return facts;
        }
        facts.and(NotVerified::because(format!("Chưa đối chiếu với văn bản gốc: {}.", doubts.join("; "))))
    }

    /// By which the dossier comes, as far as it was said.
    fn channel(&self) -> Channel {
        Channel::from_code(self.entry.form.value("channel")).unwrap_or(Channel::Counter)
    }

    fn notes(&self) -> Html {
        if self.definition.notes.is_empty() {
            return Html::default();
        }
        let list = self.definition.notes.iter();
        let list = list.fold(CheckList::new(), |list, note| list.item_with(Icon::Info, &note.name, ""));
        Disclosure::new("Lưu ý khi tiếp nhận").around(list)
    }
}
