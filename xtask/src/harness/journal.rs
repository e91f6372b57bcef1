//! The harness's own book of what it asked and what it was told. It outlives the server.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::client::Answer;

/// One command, however often it was sent.
#[derive(Debug, Clone)]
pub struct Entry {
    pub round: usize,
    /// The first answer; once given it must never change.
    pub answer: Option<Answer>,
}

/// All commands by id. Shared by the client threads.
#[derive(Debug, Default)]
pub struct Journal {
    entries: Mutex<BTreeMap<String, Entry>>,
    wrong: Mutex<Vec<String>>,
}

impl Journal {
    /// Notes that a command is about to be sent.
    pub fn sent(&self, command: &str, round: usize) {
        let mut entries = self.lock();
        entries.entry(command.to_owned()).or_insert(Entry { round, answer: None });
    }

    /// Notes an answer; another one than before is a violation.
    pub fn answered(&self, command: &str, answer: Answer) {
        let mut entries = self.lock();
        let Some(entry) = entries.get_mut(command) else { return };
        match &entry.answer {
            Some(first) if *first != answer => {
                let text = format!("{command} was answered {} and later {}", first.code, answer.code);
                drop(entries);
                self.violation(text);
            }
            _ => entry.answer = Some(answer),
        }
    }

    /// Notes that a promise was broken.
    pub fn violation(&self, text: String) {
        self.wrong.lock().expect("no thread panics while it holds this").push(text);
    }

    /// What went wrong so far.
    pub fn violations(&self) -> Vec<String> {
        self.wrong.lock().expect("no thread panics while it holds this").clone()
    }

    /// A copy of the commands, of one round or of all.
    pub fn entries(&self, round: Option<usize>) -> Vec<(String, Entry)> {
        let entries = self.lock();
        let wanted = entries.iter().filter(|(_, entry)| round.is_none_or(|round| entry.round == round));
        wanted.map(|(command, entry)| (command.clone(), entry.clone())).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Entry>> {
        self.entries.lock().expect("no thread panics while it holds this")
    }
}
