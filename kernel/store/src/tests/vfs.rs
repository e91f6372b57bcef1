//! A file system under SQLite that fails when a test says so. It is the ordinary one, with three functions of the log
//! file (the WAL) replaced.
#![allow(unsafe_code, reason = "SQLite's file systems are tables of C functions")]

use rusqlite::ffi;
use std::collections::HashMap;
use std::ffi::{CStr, c_int, c_void};
use std::path::Path;
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, Once};

/// What goes wrong with one database.
#[derive(Default)]
pub struct Faults {
    /// What writing to the log answers; 0 when nothing is wrong.
    pub write: AtomicI32,
    /// How many writes fail before the disk is well again; negative for all.
    pub write_times: AtomicI64,
    /// What syncing the log answers, after it was written.
    pub sync: AtomicI32,
    /// What opening the database answers.
    pub open: AtomicI32,
    /// How often the log was synced: once for each commit.
    pub syncs: AtomicU64,
}

impl Faults {
    /// Nothing is wrong any more.
    pub fn heal(&self) {
        for fault in [&self.write, &self.sync, &self.open] {
            fault.store(0, SeqCst);
        }
    }

    /// All writes to the log fail from now on.
    pub fn fail_writes(&self, code: c_int) {
        self.write_times.store(-1, SeqCst);
        self.write.store(code, SeqCst);
    }
}

const NAME: &CStr = c"nhaviec-faults";

/// Databases that are watched, by path.
static WATCHED: Mutex<Vec<(String, Arc<Faults>)>> = Mutex::new(Vec::new());
/// Log files that are open, by the address of SQLite's own record of them.
static OPENED: Mutex<Option<HashMap<usize, Opened>>> = Mutex::new(None);

struct Opened {
    faults: Arc<Faults>,
    real: &'static ffi::sqlite3_io_methods,
}

/// Watches a database; answers the address that opens it through this file system.
pub fn watch(path: &Path) -> (String, Arc<Faults>) {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(register);
    let faults = Arc::new(Faults::default());
    let name = path.to_str().unwrap().to_owned();
    WATCHED.lock().unwrap().push((name.clone(), faults.clone()));
    (format!("file:{name}?vfs={}", NAME.to_str().unwrap()), faults)
}

fn register() {
    // SAFETY: the default file system lives as long as the process, and the copy is leaked, so it does too.
    unsafe {
        let real = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut copy = *real;
        copy.zName = NAME.as_ptr();
        copy.pNext = std::ptr::null_mut();
        copy.xOpen = Some(open);
        assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(copy)), 0), ffi::SQLITE_OK);
    }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite calls this as it calls the real one, with a record that has room for the real one's file; the
    // name is null or ends with zero.
    unsafe {
        let path = if name.is_null() { "" } else { CStr::from_ptr(name).to_str().unwrap_or_default() };
        let watched = WATCHED.lock().unwrap().iter().find(|(known, _)| path.starts_with(known)).map(|(_, f)| f.clone());
        if let Some(code) = watched.as_ref().map(|f| f.open.load(SeqCst)).filter(|code| *code != 0) {
            (*file).pMethods = std::ptr::null();
            return code;
        }
        let real = ffi::sqlite3_vfs_find(std::ptr::null());
        let opened = (*real).xOpen.unwrap()(real, name, file, flags, out);
        if let (ffi::SQLITE_OK, Some(faults), true) = (opened, watched, flags & ffi::SQLITE_OPEN_WAL != 0) {
            let real: &'static ffi::sqlite3_io_methods = &*(*file).pMethods;
            let mut methods = *real;
            methods.xWrite = Some(write);
            methods.xSync = Some(sync);
            methods.xClose = Some(close);
            // A few hundred bytes for each log that a test opens.
            (*file).pMethods = Box::leak(Box::new(methods));
            OPENED.lock().unwrap().get_or_insert_default().insert(file as usize, Opened { faults, real });
        }
        opened
    }
}

fn opened(file: *mut ffi::sqlite3_file) -> (Arc<Faults>, &'static ffi::sqlite3_io_methods) {
    let all = OPENED.lock().unwrap();
    let one = &all.as_ref().unwrap()[&(file as usize)];
    (one.faults.clone(), one.real)
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, length: c_int, at: i64) -> c_int {
    let (faults, real) = opened(file);
    let code = faults.write.load(SeqCst);
    if code != 0 && faults.write_times.fetch_sub(1, SeqCst) != 0 {
        return code;
    }
    // SAFETY: passed on as it came.
    unsafe { real.xWrite.unwrap()(file, from, length, at) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let (faults, real) = opened(file);
    faults.syncs.fetch_add(1, SeqCst);
    // SAFETY: passed on as it came.
    let synced = unsafe { real.xSync.unwrap()(file, flags) };
    match faults.sync.load(SeqCst) {
        0 => synced,
        code => code,
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let (_, real) = opened(file);
    OPENED.lock().unwrap().as_mut().unwrap().remove(&(file as usize));
    // SAFETY: passed on as it came; nothing of ours stays behind the closed file.
    unsafe { real.xClose.unwrap()(file) }
}
