//! How much memory is allocated? An allocator that counts, around the system's.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[global_allocator]
static COUNTING: Counting = Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
static TIMES: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: everything is done by the system's allocator, which keeps the contract; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(live, Relaxed);
        TIMES.fetch_add(1, Relaxed);
        // SAFETY: the caller's promise about the layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the pointer is from `alloc` above, and so from the system's allocator, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Returns how many bytes are allocated now.
pub(crate) fn live() -> usize {
    LIVE.load(Relaxed)
}

/// Runs something, and returns how many times something was allocated meanwhile.
pub(crate) fn times_during(run: impl FnOnce()) -> usize {
    let before = TIMES.load(Relaxed);
    run();
    TIMES.load(Relaxed) - before
}

/// Runs something, and returns how many bytes more than before were allocated meanwhile, at the peak.
pub(crate) fn most_during(run: impl FnOnce()) -> usize {
    let before = live();
    MOST.store(before, Relaxed);
    run();
    MOST.load(Relaxed) - before
}
