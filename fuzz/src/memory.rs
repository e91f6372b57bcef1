//! The bound on memory. libFuzzer looks once a second, and misses what comes and goes in between; here every byte is
//! counted as it is asked for, so that the same input is always judged alike.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes in use at any moment, at most.
const BYTES_MAX: usize = 384 << 20;

static USED: AtomicUsize = AtomicUsize::new(0);

struct Bounded;

#[global_allocator]
static BOUNDED: Bounded = Bounded;

impl Bounded {
    fn count(bytes: usize) {
        if USED.fetch_add(bytes, Relaxed).saturating_add(bytes) > BYTES_MAX {
            // What tells of it needs memory too.
            USED.store(0, Relaxed);
            eprintln!("memory: more than {BYTES_MAX} bytes, with {bytes} asked for last");
            std::process::abort();
        }
    }

    fn discount(bytes: usize) {
        // Never below nothing, for what was there before counting began.
        _ = USED.fetch_update(Relaxed, Relaxed, |used| Some(used.saturating_sub(bytes)));
    }
}

// SAFETY: everything is the system's allocator's; only sizes are counted on the way.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::count(size);
        Self::discount(layout.size());
        unsafe { System.realloc(old, layout, size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        Self::discount(layout.size());
        unsafe { System.dealloc(old, layout) }
    }
}
