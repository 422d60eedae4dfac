use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step5_executor::{Elapsed, Executor, sleep, spawn, timeout};

use super::{Bell, Heard};

/// Counts how often it is woken.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counter {
    fn wakes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn poll(heard: &mut Heard, counter: &Arc<Counter>) -> Poll<()> {
    let waker = Waker::from(Arc::clone(counter));
    Pin::new(heard).poll(&mut Context::from_waker(&waker))
}

#[test]
fn the_task_that_polled_last_is_woken_once() {
    let (one, other) = (Arc::new(Counter::default()), Arc::default());
    let bell = Bell::default();
    let mut heard = Heard(bell.clone());
    let before = "the bell has not rung yet";
    assert!(poll(&mut heard, &one).is_pending(), "{before}");
    assert!(poll(&mut heard, &other).is_pending(), "{before}");
    bell.ring();
    let wakes = (one.wakes(), other.wakes());
    assert_eq!(
        wakes,
        (0, 1),
        "wakes of the first task, and of the one that polled last"
    );
    assert!(poll(&mut heard, &other).is_ready(), "the bell has rung");
}

#[test]
fn a_bell_that_has_rung_lets_no_one_wait() {
    let counter = Arc::new(Counter::default());
    let bell = Bell::default();
    bell.ring();
    let heard = poll(&mut Heard(bell), &counter);
    assert!(heard.is_ready(), "the bell rang before the first poll");
    assert_eq!(counter.wakes(), 0, "who does not wait needs no wake");
}

#[test]
fn a_listener_may_move_to_another_task() {
    let second = Duration::from_secs(1);
    Executor::with_virtual_time().unwrap().block_on(async {
        let bell = Bell::default();
        let mut heard = Heard(bell.clone());
        let limited = timeout(second, &mut heard).await;
        assert_eq!(
            limited,
            Err(Elapsed),
            "the bell has not rung within a second"
        );
        let listener = spawn(heard);
        spawn(async move {
            sleep(second).await;
            bell.ring();
        });
        // Without a wake no task can continue, and the executor says so.
        listener.await.unwrap();
    });
}
