//! The page of the picked dossiers, and the page of what became of them.

use super::{Ending, Group, PICKED, Picked, RESULT, Sorted};
use crate::desk::BATCH_PAGE;
use askama::Template;
use types::Error;
use ui::prelude::*;

/// View data of the picked dossiers.
#[derive(Template)]
#[template(path = "batch.html")]
pub(super) struct Batch {
    pub sorted: Sorted,
    pub command: String,
}

impl Batch {
    fn form_box(&self) -> FormBox {
        let Sorted { groups, endings, .. } = &self.sorted;
        let passed = groups.iter().flat_map(|group| &group.picked);
        let picked = passed.chain(endings.iter().map(|ending| &ending.picked));
        let form =
            picked.fold(FormBox::post(BATCH_PAGE).warn_unsaved().hidden("command", &self.command), |form, picked| {
                let (id, revision) = (picked.dossier.id.to_string(), picked.dossier.revision.to_string());
                form.hidden(PICKED, &id).hidden(format!("revision.{id}"), revision)
            });
        let results = endings.iter().flat_map(|ending| ending.results.iter().map(move |document| (ending, document)));
        results.fold(form, |form, (ending, document)| {
            form.hidden(format!("{RESULT}.{}", ending.picked.dossier.id), document.id.to_string())
        })
    }

    fn goes_on(&self) -> bool {
        !self.sorted.groups.is_empty() || !self.sorted.endings.is_empty()
    }

    fn count(&self) -> usize {
        self.sorted.groups.iter().map(|group| group.picked.len()).sum::<usize>() + self.sorted.endings.len()
    }

    /// What is at its last step, with what becomes of it.
    fn endings(&self) -> Html {
        let endings = &self.sorted.endings;
        if endings.is_empty() {
            return Html::default();
        }
        let row = |ending: &Ending| {
            let Ending { picked: Picked { dossier, .. }, results } = ending;
            let documents = results.iter().fold(CheckList::new(), |list, document| {
                let number = document.number.as_ref().map_or_else(String::new, |number| format!("Số {number}"));
                list.item(Link::new(&document.title, format!("{}/{}", signatures::DOCUMENT, document.id)), number)
            });
            Row::new([
                Cell::two(Cell::link(&dossier.code, format!("/ho-so/{}", dossier.code)), &dossier.summary),
                dossier.applicant.name.as_str().into(),
                documents.into(),
                Cell::whole(ui::format::moment(dossier.due_at)),
            ])
        };
        let heading = format!("Kết thúc, chờ trả kết quả – {} hồ sơ", endings.len());
        let columns = ["Hồ sơ", "Người nộp", "Kết quả đã ký và đóng dấu", "Hẹn trả"];
        let table = Table::new(&heading).columns(columns).rows(endings.iter().map(row));
        let told = "Mọi văn bản liệt kê dưới đây thành kết quả trả cho công dân. Muốn chọn bớt thì mở hồ sơ và hoàn thành riêng.";
        Card::new(&heading).flush().around(Inset.around(Html::text(told)).and(table))
    }

    fn button(&self) -> String {
        let passed = self.count() - self.sorted.endings.len();
        match (passed, self.sorted.endings.len()) {
            (0, ended) => format!("Kết thúc {ended} hồ sơ"),
            (passed, 0) => format!("Chuyển {passed} hồ sơ"),
            (passed, ended) => format!("Chuyển {passed} hồ sơ, kết thúc {ended} hồ sơ"),
        }
    }

    fn heading(&self, group: &Group) -> String {
        format!("{} – {} hồ sơ", group.step, group.picked.len())
    }

    fn receiver(&self, group: &Group) -> Html {
        let Some(first) = group.posts.first() else {
            let text = format!("Chưa có vị trí nào cho bước «{}». Hãy nhờ quản trị thêm vị trí.", group.step);
            return Notice::new(Tone::Danger, text).into();
        };
        let choices = group.posts.iter();
        let choices =
            choices.map(|post| Choice::new(post.id.to_string(), format!("{} – {}", post.title, post.holder_names())));
        let field = Field::select(&format!("to.{}", group.key), format!("Chuyển đến ({})", group.step), choices);
        field.value(first.id.to_string()).of(&FormState::new(Lang::Vi)).into()
    }

    fn table(&self, group: &Group) -> Table {
        let row = |picked: &Picked| {
            let Picked { dossier, doing } = picked;
            Row::new([
                Cell::two(Cell::link(&dossier.code, format!("/ho-so/{}", dossier.code)), &dossier.summary),
                dossier.applicant.name.as_str().into(),
                doing.as_str().into(),
                Cell::whole(ui::format::moment(dossier.due_at)),
            ])
        };
        let columns = ["Hồ sơ", "Người nộp", "Bước vừa xong", "Hẹn trả"];
        Table::new(self.heading(group)).columns(columns).rows(group.picked.iter().map(row))
    }

    fn left_out(&self) -> Html {
        if self.sorted.left.is_empty() {
            return Html::default();
        }
        let list = self.sorted.left.iter().fold(CheckList::new(), |list, (dossier, why)| {
            let link = Link::new(&dossier.code, format!("/ho-so/{}", dossier.code));
            list.item_with(Icon::CircleAlert, link, format!("{}: {why}", dossier.summary))
        });
        Notice::new(Tone::Warning, list).titled("Không chuyển được ở đây").into()
    }

    fn note(&self) -> Field {
        let hint = "Ghi vào dòng thời gian của từng hồ sơ.";
        Field::textarea("note", "Ý kiến", 2).hint(hint).optional().of(&FormState::new(Lang::Vi))
    }
}

/// A dossier that was not passed on.
pub(super) struct Refused {
    pub code: String,
    pub error: Error,
}

/// View data of what became of them.
#[derive(Template)]
#[template(path = "batch_done.html")]
pub(super) struct Done {
    /// Codes.
    pub passed: Vec<String>,
    /// How many were finished.
    pub ended: usize,
    pub refused: Vec<Refused>,
    /// How many were not there for the asker.
    pub unknown: usize,
}

impl Done {
    pub(super) fn title(&self) -> String {
        match (self.passed.len(), self.ended) {
            (0, 0) => "Chưa chuyển được hồ sơ nào".to_owned(),
            (0, ended) => format!("Đã kết thúc {ended} hồ sơ"),
            (passed, 0) => format!("Đã chuyển {passed} hồ sơ"),
            (passed, ended) => format!("Đã chuyển {passed} hồ sơ, kết thúc {ended} hồ sơ"),
        }
    }

    fn lead(&self) -> String {
        match self.refused.len() + self.unknown {
            0 if self.ended == 0 => "Các hồ sơ đã sang bước tiếp theo.".to_owned(),
            0 if self.passed.is_empty() => "Kết quả đã ở bộ phận một cửa, chờ trả cho công dân.".to_owned(),
            0 => "Hồ sơ đã chuyển sang bước tiếp theo; kết quả của hồ sơ đã kết thúc chờ trả cho công dân.".to_owned(),
            n => format!("{n} hồ sơ chưa chuyển được, vẫn ở chỗ cũ. Lý do của từng hồ sơ ở dưới."),
        }
    }

    fn refusals(&self) -> Table {
        let reason = |refused: &Refused| match &refused.error {
            Error::Invalid(fields) => fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join(" "),
            other => other.to_string(),
        };
        let rows = self.refused.iter().map(|refused| {
            Row::new([Cell::link(&refused.code, format!("/ho-so/{}", refused.code)), reason(refused).into()])
        });
        Table::new("Hồ sơ chưa chuyển được").columns(["Hồ sơ", "Lý do"]).rows(rows)
    }

    fn unknown(&self) -> Html {
        match self.unknown {
            0 => Html::default(),
            n => Notice::new(Tone::Info, format!("{n} hồ sơ đã chọn không có hoặc không thuộc quyền xem của ông/bà."))
                .into(),
        }
    }
}
