//! The printer: a bounded queue before one or a few worker processes that live only while there is work.

use crate::wire::{self, Answer};
use crate::worker::Worker;
use crate::{Drawing, Job, Print, PrintError};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};

/// How the printer works. [`Settings::this_program`] gives what the server uses.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The worker's executable.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Most worker processes at once.
    pub workers_max: usize,
    /// Most jobs that wait; one more is answered [`PrintError::Busy`].
    pub waiting_max: usize,
    /// Longest time for one document, the start of the worker included.
    pub time_max: Duration,
    /// Most address space of a worker, in bytes.
    pub memory_bytes_max: u64,
    /// A worker is replaced after so many documents.
    pub prints_per_worker_max: u32,
    /// A worker without work ends after this time, and its memory returns.
    pub idle_max: Duration,
}

impl Settings {
    /// The running executable, started again as `nhaviec print-worker`; one worker, 10 seconds, 768 MiB of
    /// address space.
    ///
    /// # Errors
    /// When the executable's path cannot be found.
    pub fn this_program() -> std::io::Result<Self> {
        // The link still names the running program after an upgrade has replaced the file.
        let link = PathBuf::from("/proc/self/exe");
        let program = if link.exists() { link } else { std::env::current_exe()? };
        Ok(Self::of(program, ["print-worker"]))
    }

    /// Another executable as the worker, for tests.
    pub fn of<A: Into<OsString>>(program: PathBuf, args: impl IntoIterator<Item = A>) -> Self {
        Self {
            program,
            args: args.into_iter().map(Into::into).collect(),
            workers_max: 1,
            waiting_max: 16,
            time_max: Duration::from_secs(10),
            memory_bytes_max: 768 << 20,
            prints_per_worker_max: 500,
            idle_max: Duration::from_secs(60),
        }
    }
}

/// Makes PDF documents. Clones share the queue and the workers; with the last clone the workers are killed.
#[derive(Clone)]
pub struct Printer {
    orders: mpsc::Sender<Order>,
    shared: Arc<Shared>,
}

struct Order {
    message: Vec<u8>,
    answer: oneshot::Sender<Result<Answer, PrintError>>,
}

struct Shared {
    settings: Settings,
    /// Taken out once, by the first print, which has the runtime to start the keepers on.
    queue: OnceLock<()>,
    waiting: Arc<Mutex<mpsc::Receiver<Order>>>,
    alive: Arc<AtomicUsize>,
}

impl Printer {
    /// A printer; no process is started before the first print.
    pub fn new(settings: Settings) -> Self {
        let (orders, waiting) = mpsc::channel(settings.waiting_max.max(1));
        let shared =
            Shared { settings, queue: OnceLock::new(), waiting: Arc::new(Mutex::new(waiting)), alive: Arc::default() };
        Self { orders, shared: Arc::new(shared) }
    }

    /// Prints `job` and gives the PDF. Must be awaited on a Tokio runtime; when the caller gives up waiting,
    /// the work is stopped.
    ///
    /// # Errors
    /// See [`PrintError`]; after each of them the next print works.
    pub async fn print(&self, job: Job) -> Result<Vec<u8>, PrintError> {
        Ok(self.lay_out(job).await?.pdf)
    }

    /// As [`Printer::print`], and says where the template keeps places for stamps.
    ///
    /// # Errors
    /// As [`Printer::print`].
    pub async fn lay_out(&self, job: Job) -> Result<Print, PrintError> {
        job.check()?;
        let message = wire::encode_job(&job).map_err(|e| PrintError::Protocol(e.to_string()))?;
        drop(job);
        match self.order(message).await? {
            Answer::Print(print) => Ok(print),
            Answer::Picture(_) => Err(PrintError::Protocol("a picture instead of a print".into())),
        }
    }

    /// Draws a page of a PDF; answers PNG. Must be awaited as [`Printer::print`].
    ///
    /// # Errors
    /// As [`Printer::print`]; [`crate::Refusal::Page`] for a page that is not there or cannot be drawn.
    pub async fn draw(&self, drawing: Drawing) -> Result<Vec<u8>, PrintError> {
        drawing.check()?;
        let message = wire::encode_drawing(&drawing).map_err(|e| PrintError::Protocol(e.to_string()))?;
        drop(drawing);
        match self.order(message).await? {
            Answer::Picture(picture) => Ok(picture),
            Answer::Print(_) => Err(PrintError::Protocol("a print instead of a picture".into())),
        }
    }

    async fn order(&self, message: Vec<u8>) -> Result<Answer, PrintError> {
        self.shared.queue.get_or_init(|| self.start_keepers());
        let (answer, answered) = oneshot::channel();
        self.orders.try_send(Order { message, answer }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => PrintError::Busy,
            mpsc::error::TrySendError::Closed(_) => PrintError::Stopped,
        })?;
        answered.await.unwrap_or(Err(PrintError::Stopped))
    }

    /// How many worker processes are alive now; none before the first print and after an idle while.
    pub fn workers_alive(&self) -> usize {
        self.shared.alive.load(Ordering::SeqCst)
    }

    fn start_keepers(&self) {
        for _ in 0..self.shared.settings.workers_max.max(1) {
            let keeper = Keeper {
                settings: self.shared.settings.clone(),
                waiting: Arc::clone(&self.shared.waiting),
                alive: Arc::clone(&self.shared.alive),
                worker: None,
            };
            tokio::spawn(keeper.run());
        }
    }
}

/// Keeps one worker at work.
struct Keeper {
    settings: Settings,
    waiting: Arc<Mutex<mpsc::Receiver<Order>>>,
    alive: Arc<AtomicUsize>,
    worker: Option<Alive>,
}

enum Next {
    Order(Order),
    Idle,
    Closed,
}

impl Keeper {
    async fn run(mut self) {
        loop {
            match self.next().await {
                Next::Closed => return,
                Next::Idle => self.worker = None,
                Next::Order(mut order) if !order.answer.is_closed() => {
                    tokio::select! {
                        answer = self.print(&order.message) => { let _ = order.answer.send(answer); }
                        // The worker was taken out for the attempt, so that giving up the attempt kills it.
                        () = order.answer.closed() => {}
                    }
                }
                Next::Order(_) => {}
            }
        }
    }

    async fn next(&self) -> Next {
        let order = async { self.waiting.lock().await.recv().await };
        let order = match self.worker {
            None => order.await,
            Some(_) => match tokio::time::timeout(self.settings.idle_max, order).await {
                Ok(order) => order,
                Err(_) => return Next::Idle,
            },
        };
        order.map_or(Next::Closed, Next::Order)
    }

    /// One document. A worker that had printed before and now died gets one successor, since it may have died
    /// of what came before or while idle; a fresh one that dies, dies of this document.
    async fn print(&mut self, message: &[u8]) -> Result<Answer, PrintError> {
        let fresh = self.worker.is_none();
        let first = self.attempt(message).await;
        match &first {
            Err(error) if !fresh && error.worker_died() => {
                tracing::warn!(?error, "print worker died, trying once more with a new one");
                self.attempt(message).await
            }
            _ => first,
        }
    }

    async fn attempt(&mut self, message: &[u8]) -> Result<Answer, PrintError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => Alive::new(Worker::start(&self.settings)?, &self.alive),
        };
        match tokio::time::timeout(self.settings.time_max, worker.worker.exchange(message)).await {
            Err(_) => Err(PrintError::TimedOut(self.settings.time_max)),
            Ok(Err(error)) => Err(worker.worker.cause_of_death(error).await),
            Ok(Ok(answer)) => {
                if worker.worker.prints < self.settings.prints_per_worker_max {
                    self.worker = Some(worker);
                }
                Ok(answer?)
            }
        }
    }
}

/// A worker that is counted while it lives.
struct Alive {
    worker: Worker,
    _count: Count,
}

struct Count(Arc<AtomicUsize>);

impl Alive {
    fn new(worker: Worker, alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self { worker, _count: Count(Arc::clone(alive)) }
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
