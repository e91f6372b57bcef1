//! A bounded queue with two classes: what people wait for goes before background work.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};

pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    ready: Condvar,
    limit: usize,
}

struct State<T> {
    interactive: VecDeque<T>,
    background: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    /// A queue that holds at most `limit` of each class.
    pub fn new(limit: usize) -> Self {
        let state = State { interactive: VecDeque::new(), background: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), ready: Condvar::new(), limit }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State<T>> {
        // A panic while holding this lock cannot leave the queues half changed.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Puts `item` in line, or gives it back when the line is full or closed.
    pub fn push(&self, item: T, interactive: bool) -> Result<(), T> {
        let mut state = self.state();
        let limit = self.limit;
        let closed = state.closed;
        let line = if interactive { &mut state.interactive } else { &mut state.background };
        if closed || line.len() >= limit {
            return Err(item);
        }
        line.push_back(item);
        drop(state);
        self.ready.notify_one();
        Ok(())
    }

    /// Waits for the next item; `None` when the queue is closed and empty.
    pub fn pop(&self) -> Option<T> {
        let mut state = self.state();
        loop {
            if let Some(item) = state.interactive.pop_front().or_else(|| state.background.pop_front()) {
                return Some(item);
            }
            if state.closed {
                return None;
            }
            state = self.ready.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// The next interactive item, without waiting.
    pub fn try_pop_interactive(&self) -> Option<T> {
        self.state().interactive.pop_front()
    }

    /// The next background item, without waiting; one a batch, so that it is never starved.
    pub fn try_pop_background(&self) -> Option<T> {
        self.state().background.pop_front()
    }

    /// How many wait: those that people wait for, and those behind them.
    pub fn waiting(&self) -> (usize, usize) {
        let state = self.state();
        (state.interactive.len(), state.background.len())
    }

    /// Takes no more; what waits is still served.
    pub fn close(&self) {
        self.state().closed = true;
        self.ready.notify_all();
    }
}
