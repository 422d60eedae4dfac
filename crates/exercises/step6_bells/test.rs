use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step5_executor::{Executor, sleep, spawn};

use super::Porter;

/// Counts how often it is woken.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn ring(porter: &Porter, numbers: &[usize]) {
    for number in numbers {
        porter.bell(*number).wake();
    }
}

fn next(porter: &mut Porter) -> Poll<usize> {
    porter.poll_next(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn bells_are_answered_in_order_each_once() {
    let mut porter = Porter::new(1_000);
    ring(&porter, &[700, 3, 700, 999, 3]);
    for number in [700, 3, 999] {
        let answered = next(&mut porter);
        assert_eq!(
            answered,
            Poll::Ready(number),
            "bells are answered in the order of their first rings"
        );
    }
    assert_eq!(
        next(&mut porter),
        Poll::Pending,
        "a bell that rang twice is answered once"
    );
    ring(&porter, &[700]);
    assert_eq!(next(&mut porter), Poll::Ready(700), "it may ring again");
}

#[test]
fn only_bells_that_have_rung_are_looked_at() {
    let mut porter = Porter::new(1_000);
    ring(&porter, &[700, 3, 999]);
    while next(&mut porter).is_ready() {}
    assert_eq!(
        porter.looks, 3,
        "three of a thousand bells have rung: three looks"
    );
}

#[test]
fn the_porter_is_woken_once() {
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(Arc::clone(&counter));
    let mut porter = Porter::new(10);
    let polled = porter.poll_next(&mut Context::from_waker(&waker));
    assert!(polled.is_pending(), "no bell has rung yet");
    ring(&porter, &[7, 3, 7]);
    let wakes = counter.0.load(Ordering::Relaxed);
    assert_eq!(
        wakes, 1,
        "the first ring wakes the porter; the others find the waker gone"
    );
}

#[test]
fn the_last_in_the_row_is_answered_too() {
    let mut porter = Porter::new(1_000);
    // The first bells ring all the time, and the last one once.
    ring(&porter, &[0, 1, 999]);
    let answered = (0..10).map(|_| {
        let number = next(&mut porter);
        ring(&porter, &[0, 1]);
        number
    });
    let answered: Vec<_> = answered.collect();
    assert!(
        answered.contains(&Poll::Ready(999)),
        "bell 999 has rung, and is not among ten answers: {answered:?}"
    );
}

#[test]
fn a_task_can_be_the_porter() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let mut porter = Porter::new(10);
        let bell = porter.bell(7);
        spawn(async move {
            sleep(Duration::from_secs(1)).await;
            bell.wake();
        });
        assert_eq!(porter.next().await, 7, "bell 7 rings after a second");
    });
}
