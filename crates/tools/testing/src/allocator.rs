//! An allocator that counts, around the system's.
//!
//! A program that uses it says so itself:
//!
//! ```
//! use testing::allocator::{Counting, live, times_during};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! let before = live();
//! assert_eq!(times_during(|| drop(Box::new(7))), 1);
//! assert_eq!(live(), before);
//! ```
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static TIMES: AtomicUsize = AtomicUsize::new(0);

/// The allocator.
#[derive(Debug)]
pub struct Counting;

// SAFETY: everything is done by the system's allocator, which keeps the contract; the counters
// allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(live, Relaxed);
        TIMES.fetch_add(1, Relaxed);
        // SAFETY: the caller's promise about the layout is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the pointer is from `alloc` above, and so from the system's allocator, with this
        // layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Returns how many bytes are allocated now.
pub fn live() -> usize {
    LIVE.load(Relaxed)
}

/// Runs something, and returns how many times something was allocated meanwhile.
pub fn times_during(run: impl FnOnce()) -> usize {
    let before = TIMES.load(Relaxed);
    run();
    TIMES.load(Relaxed) - before
}

/// Runs something, and returns how many bytes more than before were allocated meanwhile, at the
/// peak.
pub fn peak_during(run: impl FnOnce()) -> usize {
    let before = live();
    PEAK.store(before, Relaxed);
    run();
    PEAK.load(Relaxed) - before
}
