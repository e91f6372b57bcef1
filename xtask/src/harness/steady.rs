//! Clients that go on: whatever happens to a node, they send the same command again until it is answered.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::chance::Chance;
use super::client::{Client, Outcome};
use super::journal::Journal;

/// Between a refusal and the next try, as a person or a program waits.
const AGAIN: Duration = Duration::from_millis(100);

/// What the threads of one run share.
#[derive(Debug)]
pub struct Steady<'a> {
    pub client: &'a Client,
    pub journal: &'a Journal,
    /// The beginning of every command's id.
    pub name: String,
    pub seed: u64,
    /// What a client does between two commands.
    pub pause: Duration,
    told: AtomicBool,
    answered: Mutex<Vec<Instant>>,
    refused: AtomicUsize,
    worst: Mutex<Duration>,
}

/// What clients saw of a span of time.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Commands that were acknowledged.
    pub answered: usize,
    /// The longest time in which nobody was.
    pub silence: Duration,
}

impl<'a> Steady<'a> {
    /// Clients that begin their commands so.
    pub fn new((client, journal): (&'a Client, &'a Journal), (name, seed): (&str, u64), pause: Duration) -> Self {
        let (told, answered, refused, worst) = Default::default();
        Self { client, journal, name: format!("{name}-{seed:x}"), seed, pause, told, answered, refused, worst }
    }

    /// One client's work until it is told to stop: new commands, now and then one sent twice.
    pub fn run(&self, thread: usize) {
        let mut chance = Chance::new(self.seed ^ (thread as u64 + 1) << 32);
        for number in 1.. {
            let command = format!("{}-{thread}-{number}", self.name);
            self.journal.sent(&command, 0);
            let times = if chance.once_in(8) { 2 } else { 1 };
            for _ in 0..times {
                if !self.insist(&command) {
                    return;
                }
            }
            std::thread::sleep(self.pause);
            if self.is_over() {
                return;
            }
        }
    }

    /// Sends a command until it is answered; `false` when the word to stop came first.
    fn insist(&self, command: &str) -> bool {
        let begun = Instant::now();
        loop {
            match self.client.receive(command, command) {
                Outcome::Received(answer) => {
                    self.journal.answered(command, answer);
                    self.answered.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
                    let mut worst = self.worst.lock().unwrap_or_else(PoisonError::into_inner);
                    *worst = begun.elapsed().max(*worst);
                    return true;
                }
                Outcome::Busy | Outcome::Unknown(_) | Outcome::Gone(_) => {
                    self.refused.fetch_add(1, Ordering::Relaxed);
                    if self.is_over() {
                        return false;
                    }
                    std::thread::sleep(AGAIN);
                }
            }
        }
    }

    /// Lets the clients stop, once each has its answer.
    pub fn stop(&self) {
        self.told.store(true, Ordering::Relaxed);
    }

    /// Whether they were told to stop.
    pub fn is_over(&self) -> bool {
        self.told.load(Ordering::Relaxed)
    }

    /// How often a command had to be sent again.
    pub fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// The longest time that a client waited for the answer to a command, with all its tries.
    pub fn worst(&self) -> Duration {
        *self.worst.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was seen since `from`.
    pub fn since(&self, from: Instant) -> Seen {
        let moments = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let mut moments: Vec<Instant> = moments.iter().copied().filter(|at| *at >= from).collect();
        // Pushed by several threads.
        moments.sort_unstable();
        silence(from, &moments, Instant::now())
    }
}

fn silence(from: Instant, moments: &[Instant], until: Instant) -> Seen {
    let ends = moments.iter().copied().chain([until]);
    let begins = std::iter::once(from).chain(moments.iter().copied());
    let silence = begins.zip(ends).map(|(begin, end)| end.saturating_duration_since(begin)).max().unwrap_or_default();
    Seen { answered: moments.len(), silence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_counts_from_the_beginning_and_to_the_end() {
        let from = Instant::now();
        let at = |seconds| from + Duration::from_secs(seconds);
        assert_eq!(silence(from, &[at(3), at(4)], at(5)).silence, Duration::from_secs(3));
        assert_eq!(silence(from, &[at(1), at(4)], at(6)).silence, Duration::from_secs(3));
        assert_eq!(silence(from, &[at(1), at(2)], at(9)).silence, Duration::from_secs(7));
        let nobody = silence(from, &[], at(2));
        assert_eq!((nobody.answered, nobody.silence), (0, Duration::from_secs(2)));
    }
}
