//! The clients: threads that receive dossiers as fast as they are answered, until the server dies under them.

use std::time::Duration;

use crate::harness::chance::Chance;
use crate::harness::client::{Client, Outcome};
use crate::harness::journal::Journal;

/// What the threads of one round share.
#[derive(Debug)]
pub struct Load<'a> {
    pub client: &'a Client,
    pub journal: &'a Journal,
    pub round: usize,
    pub seed: u64,
}

impl Load<'_> {
    /// One client's work: new commands, now and then one sent twice. Ends when the server is gone.
    pub fn run(&self, thread: usize) {
        let mut chance = Chance::new(self.seed ^ (thread as u64 + 1) << 32 ^ (self.round as u64 + 1) << 48);
        for number in 1.. {
            let command = format!("crash-{:x}-{}-{thread}-{number}", self.seed, self.round);
            self.journal.sent(&command, self.round);
            let mut times = if chance.once_in(8) { 2 } else { 1 };
            while times > 0 {
                match self.client.receive(&command, &command) {
                    Outcome::Received(answer) => {
                        self.journal.answered(&command, answer);
                        times -= 1;
                    }
                    Outcome::Busy => std::thread::sleep(Duration::from_millis(5)),
                    // What became of these is seen after the restart, when the command is repeated.
                    Outcome::Unknown(_) => times = 0,
                    Outcome::Gone(_) => return,
                }
            }
        }
    }
}
