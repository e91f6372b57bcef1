//! Files that came along the way, so that whoever reviews or signs sees what they sign; and the results.

use super::DossierPage;
use crate::desk::own_form;
use crate::event::{Event as Happened, EventKind};
use signatures::document::{Role, State};
use ui::format;
use ui::prelude::*;

impl DossierPage {
    /// What was attached to a hand-over or a note, with its file.
    fn attached(&self) -> impl Iterator<Item = (&Happened, &files::File)> {
        let along = |happened: &&Happened| matches!(happened.kind, EventKind::Passed | EventKind::Noted);
        self.events.iter().filter(along).filter_map(|happened| Some((happened, self.files.get(&happened.file?)?)))
    }

    pub(super) fn has_attached(&self) -> bool {
        self.attached().next().is_some()
    }

    /// Drafts and documents, the newest first.
    pub(super) fn attached_list(&self) -> FileList {
        let mut all: Vec<(&Happened, &files::File)> = self.attached().collect();
        all.reverse();
        all.into_iter().fold(FileList::new(), |list, (happened, file)| {
            let who = self.people.doer(happened.officer, happened.on_behalf_of).unwrap_or_default();
            let size = format::file_size(u64::try_from(file.size).unwrap_or_default());
            let parts = [who, format::moment(happened.at), size].into_iter().filter(|part| !part.is_empty());
            let detail = parts.collect::<Vec<_>>().join(" · ");
            list.file(&file.name, &file.name, detail, self.address(&format!("/tep/{}", file.id)))
        })
    }

    /// What is signed here; whoever holds the dossier comes to the document's own page.
    pub(super) fn documents_list(&self) -> FileList {
        self.documents.iter().fold(FileList::new(), |list, document| {
            let name = self.files.get(&document.file).map_or("", |file| file.name.as_str());
            let number = match (&document.number, document.state) {
                _ if document.role != Role::Main => document.role.title().to_owned(),
                (Some(number), _) => format!("Số {number}"),
                (None, State::Sealed) => "Số, nếu có, ghi trong văn bản".to_owned(),
                (None, _) => "Chưa cho số".to_owned(),
            };
            let address = if self.mine {
                format!("{}/{}", signatures::DOCUMENT, document.id)
            } else {
                self.address(&format!("/tep/{}", document.file))
            };
            let (tone, icon) = match document.state {
                State::Sealed => (Tone::Success, Icon::ShieldCheck),
                _ => (Tone::Info, Icon::Clock),
            };
            list.file(&document.title, name, number, address).state(tone, icon, document.standing())
        })
    }

    /// Forms of our own, the newest first, each with its page.
    pub(super) fn own_forms_list(&self) -> FileList {
        self.own_forms.iter().rev().fold(FileList::new(), |list, form| {
            let (tone, icon, words) = own_form::standing(form);
            let number = form.document.as_ref().and_then(|document| document.number.as_ref());
            let number = number.map(|number| format!(" · số {number}")).unwrap_or_default();
            let detail = format!("Mẫu {} · {}{number}", form.kind.number(), format::moment(form.event.at));
            let name = format!("{}.pdf", form.kind.file_name());
            let address = own_form::address(&self.dossier.code, form.event.id);
            list.file(form.kind.title(), &name, detail, address).state(tone, icon, words)
        })
    }

    /// What is handed out, then what was replaced.
    pub(super) fn results_list(&self) -> FileList {
        let (current, replaced): (Vec<_>, Vec<_>) = self.results.iter().partition(|r| r.replaced_at.is_none());
        current.into_iter().chain(replaced).fold(FileList::new(), |list, result| {
            let name = self.files.get(&result.file).map_or("", |file| file.name.as_str());
            let number = result.number.as_ref().map_or_else(|| "Không số".to_owned(), |n| format!("Số {n}"));
            let detail = match result.replaced_at {
                Some(at) => format!("{number} · đã thay lúc {}, không trả cho công dân", format::moment(at)),
                None => number,
            };
            list.file(&result.name, name, detail, self.address(&format!("/tep/{}", result.file)))
        })
    }
}
