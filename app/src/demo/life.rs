//! One dossier of the history: what has become of it and what happens to it next.

use dossiers::procedure::Definition;
use dossiers::sample::Chance;
use records::Task;
use std::sync::Arc;
use types::Id;

/// Something that an officer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Receive,
    Take,
    Note,
    Pass,
    SendBack,
    AskSupplement,
    AskPayment,
    Resume,
    Withdraw,
    Stop,
    Finish,
    Deliver,
}

impl Next {
    /// The verb under which the audit and the command know it.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Receive => "dossiers.receive",
            Self::Take => "dossiers.take",
            Self::Note => "dossiers.note",
            Self::Pass => "dossiers.pass",
            Self::SendBack => "dossiers.send-back",
            Self::AskSupplement | Self::AskPayment => "dossiers.stop-clock",
            Self::Resume => "dossiers.resume-clock",
            Self::Withdraw | Self::Stop => "dossiers.end",
            Self::Finish => "dossiers.finish",
            Self::Deliver => "dossiers.deliver",
        }
    }

    /// Whether nothing follows it.
    pub fn is_last(self) -> bool {
        matches!(self, Self::Withdraw | Self::Stop | Self::Deliver)
    }
}

/// A dossier that was received.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub id: Id,
    pub code: String,
    pub unit: Id,
    pub definition: Arc<Definition>,
    pub return_way: &'static str,
    /// The party's name.
    pub party: String,
}

/// A dossier's life.
#[derive(Debug)]
pub(super) struct Life {
    /// Its own chance, so that its life does not hang on its neighbours'.
    pub chance: Chance,
    /// Which commune.
    pub commune: usize,
    pub next: Next,
    pub received: Option<Received>,
    /// The task that waits.
    pub task: Option<Task>,
    /// Somebody will leave it lying about; once.
    pub slow: bool,
    pub taken: bool,
    pub noted: bool,
    pub asked: bool,
    pub sent_back: bool,
}

impl Life {
    /// A dossier that will be received; of the `recent` ones more are left lying about, so that some are overdue now.
    pub fn new(mut chance: Chance, recent: bool) -> Self {
        // One of twelve is the neighbour's.
        let commune = usize::from(chance.percent(8));
        let slow = chance.percent(if recent { 16 } else { 5 });
        Self {
            chance,
            commune,
            next: Next::Receive,
            received: None,
            task: None,
            slow,
            taken: false,
            noted: false,
            asked: false,
            sent_back: false,
        }
    }
}
