//! A waker that runs user code when it is cloned or dropped.
#![allow(
    unsafe_code,
    reason = "of a waker that is made of `Wake`, the clone is std's"
)]

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{RawWaker, RawWakerVTable, Waker};

type Hook = RefCell<Option<Box<dyn FnOnce()>>>;

thread_local!(static CLONE: Hook = const { RefCell::new(None) });
thread_local!(static DROP: Hook = const { RefCell::new(None) });

/// Counts how often its waker is woken. Each of its wakers has a reference to it.
#[derive(Default)]
pub struct Hooked(AtomicUsize);

impl Hooked {
    /// Makes a waker, and what counts its wakes.
    pub fn new() -> (Arc<Hooked>, Waker) {
        let hooked = Arc::new(Hooked::default());
        let data = Arc::into_raw(hooked.clone());
        // SAFETY: the functions of the table keep the contract of `RawWaker`: each waker owns one
        // reference of an `Arc`, of which the data is the pointer; `clone` adds one, `wake` and
        // `drop` take one, and what it points to is `Sync`.
        (hooked, unsafe {
            Waker::from_raw(RawWaker::new(data.cast(), &VTABLE))
        })
    }

    /// Returns how often its waker was woken.
    pub fn wakes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Lets the next clone of such a waker, on this thread, run this first.
pub fn at_next_clone(run: impl FnOnce() + 'static) {
    CLONE.set(Some(Box::new(run)));
}

/// Lets the next drop of such a waker, on this thread, run this.
pub fn at_next_drop(run: impl FnOnce() + 'static) {
    DROP.set(Some(Box::new(run)));
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| {
        if let Some(run) = CLONE.take() {
            run();
        }
        // SAFETY: the waker that is cloned owns a reference, so the pointer is that of a living
        // `Arc<Hooked>`.
        unsafe { Arc::increment_strong_count(data.cast::<Hooked>()) };
        RawWaker::new(data, &VTABLE)
    },
    |data| {
        // SAFETY: the waker owned this reference, and is gone.
        let hooked = unsafe { Arc::from_raw(data.cast::<Hooked>()) };
        hooked.0.fetch_add(1, Ordering::Relaxed);
    },
    |data| {
        // SAFETY: the waker owns a reference, so the pointer is valid as long as it is borrowed.
        let hooked = unsafe { &*data.cast::<Hooked>() };
        hooked.0.fetch_add(1, Ordering::Relaxed);
    },
    |data| {
        // SAFETY: the waker owned this reference, and is gone.
        drop(unsafe { Arc::from_raw(data.cast::<Hooked>()) });
        if let Some(run) = DROP.take() {
            run();
        }
    },
);
