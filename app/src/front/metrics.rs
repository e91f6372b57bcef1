//! `/metrics`: figures of this node for the installation's own watcher, opened by the token of the settings.
//!
//! They tell of routes, lines and sizes; never of people, units or dossiers. Whoever has no token finds nothing here.

use super::exposition::{CONTENT_TYPE, Exposition, Kind};
use super::read_soon;
use crate::jobs::Rounds;
use crate::os;
use crate::secret::Secret;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use std::path::PathBuf;
use store::{Backlog, Store, audit, outbox, statements_run};
use types::{Error, Timestamp};
use web::tally::BOUNDS;
use web::{Ctx, House, Outcome};

/// What opens the figures; without it nobody can.
#[derive(Clone)]
pub struct Token(pub Option<Secret>);

/// Statuses as Prometheus writes them.
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// `GET /metrics`
pub async fn answer(ctx: Ctx, headers: HeaderMap) -> Outcome<Response> {
    let token: Token = ctx.house.service();
    if !token.opens_to(&headers) {
        // As an address that does not exist.
        return Err(Error::not_found("trang này").into());
    }
    let mut text = Exposition::default();
    of_requests(&mut text, &ctx.house);
    of_store(&mut text, ctx.store());
    of_database(&mut text, ctx.store()).await;
    of_jobs(&mut text, &ctx.house.service());
    of_process(&mut text, ctx.house.settings().data.clone()).await;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text.into_text()).into_response())
}

impl Token {
    fn opens_to(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let word = said.and_then(|value| value.strip_prefix("Bearer "));
        self.0.as_ref().zip(word).is_some_and(|(secret, word)| secret.is(word))
    }
}

fn of_requests(text: &mut Exposition, house: &House) {
    let asked = house.tally().asked();
    let mut answers = text.figure(
        "nhaviec_http_requests_total",
        Kind::Counter,
        "Requests by the route that answered and the class of the status.",
    );
    for asked in &asked {
        for (status, count) in STATUSES.iter().zip(asked.by_status).filter(|(_, count)| *count > 0) {
            answers.sample(&[("method", asked.method), ("route", asked.route), ("status", *status)], count);
        }
    }
    let mut durations = text.figure(
        "nhaviec_http_request_duration_seconds",
        Kind::Histogram,
        "Seconds until the answer began, by route.",
    );
    for asked in &asked {
        let labels = [("method", asked.method), ("route", asked.route)];
        durations.distribution(&labels, &BOUNDS, &asked.by_duration, asked.seconds);
    }
}

fn of_store(text: &mut Exposition, store: &Store) {
    let pulse = store.pulse();
    let mut writes = text.figure("nhaviec_writes_waiting", Kind::Gauge, "Commands in line for the database.");
    writes.sample(&[("for", "people")], pulse.writes_waiting);
    writes.sample(&[("for", "background")], pulse.background_waiting);
    if let Some(waiting) = pulse.reads_waiting {
        text.single("nhaviec_reads_waiting", Kind::Gauge, "Reads in line for the database.", waiting);
    }
    let mut commands = text.figure("nhaviec_commands_total", Kind::Counter, "Commands by how they ended.");
    for (outcome, count) in
        [("done", pulse.done), ("refused", pulse.refused), ("failed", pulse.failed), ("busy", pulse.busy)]
    {
        commands.sample(&[("outcome", outcome)], count);
    }
    let help = "Reads that were answered busy because the line was full.";
    text.single("nhaviec_reads_busy_total", Kind::Counter, help, pulse.reads_busy);
    text.single("nhaviec_statements_total", Kind::Counter, "Statements that were run.", statements_run());
    if let Some(node) = store.node() {
        text.single("nhaviec_node_number", Kind::Gauge, "The number that this node holds by its lease.", node);
    }
}

/// What only the database knows; while it does not answer, that is all that is said of it.
async fn of_database(text: &mut Exposition, store: &Store) {
    let waiting = read_soon(store, |reader| Ok((outbox::open(reader)?, audit::unsealed(reader)?))).await;
    let help = "Whether the database answered this request.";
    text.single("nhaviec_database_up", Kind::Gauge, help, u8::from(waiting.is_ok()));
    let Ok((events, entries)) = waiting else { return };
    let now = store.now();
    let [count, age] = ["nhaviec_outbox_events_open", "nhaviec_outbox_oldest_age_seconds"];
    of_backlog(text, (count, "Events that are not delivered yet."), (age, "Age of the oldest of them."), events, now);
    let [count, age] = ["nhaviec_audit_entries_unsealed", "nhaviec_audit_unsealed_oldest_age_seconds"];
    of_backlog(text, (count, "Audit entries that no seal covers."), (age, "Age of the oldest of them."), entries, now);
}

/// A figure's name and help.
type Named = (&'static str, &'static str);

fn of_backlog(text: &mut Exposition, count: Named, age: Named, backlog: Backlog, now: Timestamp) {
    text.single(count.0, Kind::Gauge, count.1, backlog.count);
    text.single(age.0, Kind::Gauge, age.1, backlog.age_seconds(now));
}

fn of_jobs(text: &mut Exposition, rounds: &Rounds) {
    let help = "Seconds since this node did the job well; a job that another node does is told by that one.";
    let mut ages = text.figure("nhaviec_job_last_success_age_seconds", Kind::Gauge, help);
    for (job, age) in rounds.ages() {
        ages.sample(&[("job", job)], age.as_secs_f64());
    }
}

async fn of_process(text: &mut Exposition, data: PathBuf) {
    // A disk that hangs must not hold the thread that serves others.
    let looked = tokio::task::spawn_blocking(move || os::free_bytes(&data));
    if let Ok(Ok(Some(bytes))) = tokio::time::timeout(super::PATIENCE, looked).await {
        text.single("nhaviec_data_free_bytes", Kind::Gauge, "Room on the disk of the data folder.", bytes);
    }
    let process = std::process::id();
    if let Some(memory) = os::memory(process) {
        let (name, bytes) = ("process_resident_memory_bytes", memory.resident_mb * 1024.0 * 1024.0);
        text.single(name, Kind::Gauge, "Resident memory of the process.", bytes);
    }
    if let Some(ms) = os::cpu_ms(process) {
        text.single("process_cpu_seconds_total", Kind::Counter, "Processor time of the process.", ms / 1000.0);
    }
    let mut build = text.figure("nhaviec_build_info", Kind::Gauge, "The version that runs.");
    build.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
}
