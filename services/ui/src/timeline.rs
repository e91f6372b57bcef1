//! What happened, newest first.

use crate::html::components;
use askama::Template;
use types::Timestamp;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Event {
    who: Option<String>,
    what: String,
    when: String,
    machine_when: String,
    note: Option<String>,
    /// The name and address of what was attached.
    file: Option<(String, String)>,
}

impl Event {
    /// "Trần Thu Hà" "hoàn tất dự thảo kết quả".
    pub fn by(who: impl Into<String>, what: impl Into<String>, when: Timestamp) -> Self {
        Self { who: Some(who.into()), ..Self::of_system(what, when) }
    }

    /// Something the system did by itself.
    pub fn of_system(what: impl Into<String>, when: Timestamp) -> Self {
        Self {
            who: None,
            what: what.into(),
            when: crate::format::moment(when),
            machine_when: crate::format::machine_moment(when),
            note: None,
            file: None,
        }
    }

    /// What was said: an opinion, a reason.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// What was attached, and where to see it.
    pub fn file(mut self, name: impl Into<String>, href: impl Into<String>) -> Self {
        self.file = Some((name.into(), href.into()));
        self
    }
}

impl From<&Event> for Event {
    fn from(event: &Event) -> Self {
        event.clone()
    }
}

/// A list of events.
#[derive(Debug, Clone, Template)]
#[template(path = "timeline.html")]
pub struct Timeline {
    events: Vec<Event>,
}

components!(Timeline);

impl Timeline {
    /// In the order given.
    pub fn new<E: Into<Event>>(events: impl IntoIterator<Item = E>) -> Self {
        Self { events: events.into_iter().map(Into::into).collect() }
    }
}
