//! Who makes the backups: a thread of its own, since one takes as long as it takes, on one node at a time.

use super::plan::{self, Plan};
use super::rehearsal;
use super::run::{self, Kind, Run};
use crate::backup::{self, BackupFile, Key};
use crate::os;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::lease;
use types::{Error, Result, Timestamp};
use web::House;

/// The lease under which one node works.
const LEASE: &str = "upkeep-backup";
/// How long it holds, and how often it is renewed in the midst of work.
const LEASE_SECONDS: i64 = 120;
const RENEW: Duration = Duration::from_secs(20);
/// How often the keeper looks whether something is due.
const LOOK: Duration = Duration::from_secs(5);
/// After one that failed the next is tried so much later.
const AGAIN_SECONDS: i64 = 3600;
/// A backup is rehearsed so often.
const REHEARSE_SECONDS: i64 = 7 * 24 * 3600;
/// What the names of backups begin and end with.
const PREFIX: &str = "nhaviec-";
const SUFFIX: &str = ".tar.zst.age";
/// Letters of the key's public half in a name, by which installations that share a folder tell theirs apart.
const MARK: usize = 8;
/// Room that a backup must leave on the disk of the data.
const LEAVE: u64 = 2 * 1024 * 1024 * 1024;

/// Makes and rehearses backups until it is dropped.
pub struct Keeper {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts it.
    pub fn start(house: &House) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("backups".into()).spawn({
            let (house, stop) = (house.clone(), stop.clone());
            move || keep(&house, &stop)
        });
        Self { stop, thread: thread.ok() }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep(house: &House, stop: &Arc<AtomicBool>) {
    let holder = format!("backups-{}-{}", std::process::id(), house.store().new_id());
    let mut looked: Option<Instant> = None;
    while !stop.load(Ordering::Relaxed) {
        if looked.is_none_or(|at| at.elapsed() >= LOOK) {
            looked = Some(Instant::now());
            match catch_unwind(AssertUnwindSafe(|| round(house, &holder, stop))) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(context = error.inward(), "backups could not be looked after; it is tried again");
                }
                Err(_) => tracing::error!("a panic while looking after backups; it is tried again"),
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Looks whether something is due, and does it.
///
/// # Errors
/// Those of the database; what fails in a backup itself is noted with it.
pub fn round(house: &House, holder: &str, stop: &Arc<AtomicBool>) -> Result<()> {
    let store = house.store();
    let Some(plan) = store.read_blocking(plan::read)? else { return Ok(()) };
    if !lease::hold_job(store, LEASE, holder, LEASE_SECONDS)? {
        return Ok(());
    }
    for id in store.read_blocking(run::left_open)? {
        run::end(store, id, Err("Máy chủ dừng giữa chừng.".to_owned()))?;
    }
    // Nothing is being rehearsed now: what lies there was left by a power cut, unsealed.
    rehearsal::clear(house)?;
    let mut hold = Hold { house, holder, renewed: Instant::now() };
    let now = store.now();
    let last = store.read_blocking(|reader| Ok(run::newest(reader, Kind::Backup, now, 1)?.pop()))?;
    if is_due(&plan, last.as_ref(), now) {
        back_up(house, &plan, stop, &mut || hold.renew())?;
    }
    let now = store.now();
    let (good, rehearsed) = store.read_blocking(|reader| {
        let rehearsed = run::newest(reader, Kind::Rehearsal, now, 1)?.pop();
        Ok((run::newest_good(reader, Kind::Backup, now)?, rehearsed))
    })?;
    match good {
        Some(good) if is_rehearsal_due(&good, rehearsed.as_ref(), store.now()) && !stop.load(Ordering::Relaxed) => {
            rehearse(house, &good, stop, &mut || hold.renew())
        }
        _ => Ok(()),
    }
}

/// The lease, renewed while work goes on.
struct Hold<'h> {
    house: &'h House,
    holder: &'h str,
    renewed: Instant,
}

impl Hold<'_> {
    fn renew(&mut self) {
        if self.renewed.elapsed() >= RENEW {
            self.renewed = Instant::now();
            // Should it be lost, another node begins its own: two backups hurt nobody.
            let _ = lease::hold_job(self.house.store(), LEASE, self.holder, LEASE_SECONDS);
        }
    }
}

/// Whether a backup is to be made: nobody has made one, somebody wants one, the hour has come since, or the last one failed
/// a while ago.
fn is_due(plan: &Plan, last: Option<&Run>, now: Timestamp) -> bool {
    let Some(last) = last else { return true };
    let since = last.began_at;
    plan.wanted_at.is_some()
        || hour_before(now, plan.at_minute) > since
        || (!last.is_good() && since.plus_seconds(AGAIN_SECONDS) <= now)
}

/// The last time at or before `now` when the clock showed this minute of the day.
fn hour_before(now: Timestamp, at_minute: i64) -> Timestamp {
    let today = now.day().start().plus_seconds(at_minute * 60);
    if today <= now { today } else { today.plus_seconds(-24 * 3600) }
}

/// Whether the newest good backup is to be rehearsed: none was for a week, or the last rehearsal failed and there is a newer
/// backup to try.
fn is_rehearsal_due(good: &Run, rehearsed: Option<&Run>, now: Timestamp) -> bool {
    let Some(last) = rehearsed else { return true };
    let newer = good.began_at > last.began_at;
    newer && (!last.is_good() || last.began_at.plus_seconds(REHEARSE_SECONDS) <= now)
}

fn back_up(house: &House, plan: &Plan, stop: &Arc<AtomicBool>, renew: &mut dyn FnMut()) -> Result<()> {
    let store = house.store();
    let now = store.now();
    let key = Key::open(&house.settings().data)?;
    let mark = mark(&key);
    let folder = Path::new(&plan.folder);
    let path = folder.join(format!("{PREFIX}{mark}-{}{SUFFIX}", now.local().strftime("%Y%m%d-%H%M%S")));
    let (before, proven) = store.read_blocking(|reader| {
        Ok((run::newest_good(reader, Kind::Backup, now)?, run::newest_good(reader, Kind::Rehearsal, now)?))
    })?;
    let spared = [Some(path.clone()), proven.map(|run| PathBuf::from(run.file))];
    let spared: Vec<&Path> = spared.iter().flatten().map(PathBuf::as_path).collect();
    let id = run::begin(store, Kind::Backup, &path.display().to_string())?;
    let made = (|| {
        let data = &house.settings().data;
        if let Some(wrong) = plan::refused_folder(&plan.folder, data) {
            return Err(Error::conflict(wrong.message));
        }
        clear_unfinished(folder, &mark);
        // Before, too: a stick that is full of old ones would stay full.
        thin_out(folder, &mark, plan.keep, &spared);
        room_for_another(folder, data, before.and_then(|run| run.bytes))?;
        let file = BackupFile::at(&path).sealed(key).until(stop);
        let summary = backup::backup(store.location(), data, &file, &mut |_, _| renew())?;
        let lost = summary.missing.len() + summary.damaged.len();
        if lost > 0 {
            return Err(Error::conflict(format!(
                "Đã ghi, nhưng {lost} tệp của hồ sơ không còn hoặc hỏng trên máy chủ. Hãy giữ các bản sao lưu cũ và báo người \
                 hỗ trợ chạy: nhaviec check"
            )));
        }
        let size = path.metadata().map(|found| found.len());
        size.map_err(|e| Error::unavailable("Không đọc lại được tệp sao lưu vừa ghi.", e))
    })();
    if let Err(error) = &made {
        tracing::warn!(context = error.inward(), "a backup came to nothing");
    }
    let good = made.is_ok();
    run::end(store, id, made.map_err(|error| error.to_string()))?;
    if good {
        thin_out(folder, &mark, plan.keep, &spared);
    }
    Ok(())
}

/// The first letters of the key's public half that differ between keys.
fn mark(key: &Key) -> String {
    key.public().trim_start_matches("age1").chars().take(MARK).collect()
}

/// Refuses where one more backup, a little larger than the last, does not fit.
fn room_for_another(folder: &Path, data: &Path, last: Option<i64>) -> Result<()> {
    let last = last.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0);
    let beside_data = os::same_disk(folder, data);
    let needed = last / 5 * 6 + if beside_data { LEAVE } else { 0 };
    match os::free_bytes(folder) {
        Some(free) if free < needed => {
            let (free, needed) = (ui::format::file_size(free), ui::format::file_size(needed));
            Err(Error::conflict(format!(
                "Nơi lưu chỉ còn trống {free}, cần {needed}. Hãy giảm số bản giữ lại, xóa bớt tệp khác, hoặc dùng ổ lớn hơn."
            )))
        }
        _ => Ok(()),
    }
}

fn rehearse(house: &House, good: &Run, stop: &Arc<AtomicBool>, renew: &mut dyn FnMut()) -> Result<()> {
    let store = house.store();
    let id = run::begin(store, Kind::Rehearsal, &good.file)?;
    let done = rehearsal::rehearse(house, Path::new(&good.file), stop, renew);
    if let Err(error) = &done {
        tracing::warn!(context = error.inward(), "the rehearsal of a backup failed");
    }
    run::end(store, id, done.map_err(|error| error.to_string()))
}

/// Whether a file is a backup that this installation made, by its name.
fn is_ours(path: &Path, mark: &str) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let moment = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(mark)?.strip_prefix('-'));
    let moment = moment.and_then(|rest| rest.strip_suffix(SUFFIX));
    moment.is_some_and(|moment| {
        let fits = |(at, b): (usize, u8)| if at == 8 { b == b'-' } else { b.is_ascii_digit() };
        moment.len() == 15 && moment.bytes().enumerate().all(fits)
    })
}

fn within(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Keeps the newest backups and those that are spared; whatever else lies in the folder is somebody's.
fn thin_out(folder: &Path, mark: &str, keep: i64, spared: &[&Path]) {
    let mut ours: Vec<PathBuf> = within(folder).into_iter().filter(|path| is_ours(path, mark)).collect();
    ours.sort();
    let surplus = ours.len().saturating_sub(usize::try_from(keep.max(1)).unwrap_or(1));
    for path in ours[..surplus].iter().filter(|path| !spared.contains(&path.as_path())) {
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(%error, path = %path.display(), "an old backup could not be removed");
        }
    }
}

/// What a power cut left half written.
fn clear_unfinished(folder: &Path, mark: &str) {
    for path in within(folder) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let whole = name.strip_prefix('.').and_then(|name| name.strip_suffix(backup::PARTIAL));
        if whole.is_some_and(|whole| is_ours(Path::new(whole), mark)) {
            let _ = std::fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests;
