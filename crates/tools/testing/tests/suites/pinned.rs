//! Does a future stay where it is, from its first poll until it is dropped?

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use testing::foreign::turns;

use crate::executor::{Executor, JoinError, JoinHandle, spawn, yield_now};

/// A future that knows its address, and that is more strictly aligned than usual.
#[repr(align(256))]
struct Stays {
    pending: Cell<usize>,
    panics: bool,
    address: Cell<Option<usize>>,
    /// How many were dropped where they had been polled.
    dropped: Rc<Cell<usize>>,
    _pinned: PhantomPinned,
}

impl Stays {
    fn check(&self) {
        let here = (&raw const *self).addr();
        assert_eq!(here % 256, 0);
        assert_eq!(self.address.get().unwrap_or(here), here);
        self.address.set(Some(here));
    }
}

impl Future for Stays {
    type Output = [u64; 100];

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<[u64; 100]> {
        self.check();
        if self.pending.get() == 0 {
            assert!(!self.panics, "as it was told");
            return Poll::Ready([7; 100]);
        }
        self.pending.set(self.pending.get() - 1);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Stays {
    fn drop(&mut self) {
        if self.address.get().is_some() {
            self.check();
            self.dropped.set(self.dropped.get() + 1);
        }
    }
}

/// Spawns one that is pending a few times, and lets `end` end it. It must have been dropped where it
/// was polled.
fn check(pending: usize, panics: bool, end: impl AsyncFnOnce(JoinHandle<[u64; 100]>)) {
    let dropped = Rc::new(Cell::new(0));
    let future = Stays {
        pending: Cell::new(pending),
        panics,
        address: Cell::new(None),
        dropped: dropped.clone(),
        _pinned: PhantomPinned,
    };
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let task = spawn(future);
        // The table moves its rows as it grows.
        for _ in 0..1_000 {
            drop(spawn(yield_now()));
        }
        turns(2).await;
        end(task).await;
    });
    drop(executor);
    assert_eq!(dropped.get(), 1);
}

/// Promise (tasks): A future is polled and dropped at one address.
#[test]
fn a_future_stays_until_it_is_ready() {
    check(10, false, async |task| {
        assert_eq!(task.await.unwrap(), [7; 100]);
    });
}

#[test]
fn a_future_stays_until_it_panics() {
    check(10, true, async |task| {
        assert!(task.await.as_ref().is_err_and(JoinError::is_panic));
    });
}

/// Promise (tasks): A future is polled and dropped at one address.
#[test]
fn a_future_stays_until_it_is_aborted() {
    check(10, false, async |task| {
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_future_stays_when_its_handle_is_dropped() {
    check(3, false, async |task| {
        drop(task);
        turns(10).await;
    });
}

#[test]
fn a_future_stays_until_its_executor_is_dropped() {
    check(10, false, async |_task| ());
}
