//! Timers that stay when their waiter is gone.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use step8_fast_executor::{TimerHeap, TimerKey};

use crate::bugs::{Build, Figures};

/// How many entries the timers have.
fn entries(count: usize) -> Figures {
    vec![(count as u64, "entries in the heap")]
}

/// The heap that first comes to mind: entries leave when they are due, and in no other way.
type Naive = BinaryHeap<(Reverse<Instant>, usize)>;

/// A sleep that pushes an entry whenever it is polled: otherwise it would not be woken, would it?
struct PushesAgain {
    deadline: Instant,
    heap: Rc<RefCell<(Naive, Vec<Waker>)>>,
}

impl Future for PushesAgain {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let (heap, wakers) = &mut *self.heap.borrow_mut();
        heap.push((Reverse(self.deadline), wakers.len()));
        wakers.push(cx.waker().clone());
        Poll::Pending
    }
}

/// A sleep that pushes an entry once, and then keeps its waker up to date.
struct Replaces {
    deadline: Instant,
    heap: Rc<RefCell<TimerHeap<Waker>>>,
    key: Option<TimerKey>,
}

impl Future for Replaces {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Replaces {
            deadline,
            heap,
            key,
        } = &mut *self;
        let waker = cx.waker().clone();
        match key {
            Some(key) => _ = heap.borrow_mut().replace(key, waker),
            None => *key = Some(heap.borrow_mut().push(Some(*deadline), waker)),
        }
        Poll::Pending
    }
}

/// Polls ten sleeps a thousand times, like a task that is woken a thousand times for something
/// else.
fn poll_all<F: Future<Output = ()> + Unpin>(sleep: impl Fn(Instant) -> F) {
    let now = Instant::now();
    let mut sleeps: Vec<F> = (1..=10)
        .map(|second| sleep(now + Duration::from_secs(second)))
        .collect();
    for _ in 0..1_000 {
        for sleep in &mut sleeps {
            _ = Pin::new(sleep).poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

pub(crate) fn a_waker_pushed_again_at_each_poll(build: Build) -> Figures {
    match build {
        Build::Broken => {
            let heap = Rc::new(RefCell::new((Naive::new(), vec![])));
            poll_all(|deadline| PushesAgain {
                deadline,
                heap: heap.clone(),
            });
            entries(heap.borrow().0.len())
        }
        Build::Right => {
            let heap = Rc::new(RefCell::new(TimerHeap::new(Instant::now())));
            poll_all(|deadline| Replaces {
                deadline,
                heap: heap.clone(),
                key: None,
            });
            entries(heap.borrow().entries())
        }
    }
}

pub(crate) fn cancelled_timers_stay(build: Build) -> Figures {
    let (now, mut naive) = (Instant::now(), Naive::new());
    let mut heap = TimerHeap::new(now);
    for number in 0..100_000 {
        let deadline = now + Duration::from_secs(30);
        match build {
            // Only in 30 s will it turn out that there is no waiter.
            Build::Broken => naive.push((Reverse(deadline), number)),
            Build::Right => {
                let timer = heap.push(Some(deadline), number);
                _ = heap.cancel(timer);
            }
        }
    }
    entries(naive.len() + heap.entries())
}
