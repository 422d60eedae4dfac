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
        assert_eq!(next(&mut porter), Poll::Ready(number));
    }
    assert_eq!(next(&mut porter), Poll::Pending);
    ring(&porter, &[700]);
    assert_eq!(next(&mut porter), Poll::Ready(700), "it may ring again");
}

#[test]
fn only_bells_that_have_rung_are_looked_at() {
    let mut porter = Porter::new(1_000);
    ring(&porter, &[700, 3, 999]);
    while next(&mut porter).is_ready() {}
    assert_eq!(porter.looks, 3);
}

#[test]
fn the_porter_is_woken_once() {
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(Arc::clone(&counter));
    let mut porter = Porter::new(10);
    assert!(
        porter
            .poll_next(&mut Context::from_waker(&waker))
            .is_pending()
    );
    ring(&porter, &[7, 3, 7]);
    assert_eq!(counter.0.load(Ordering::Relaxed), 1);
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
    assert!(answered.collect::<Vec<_>>().contains(&Poll::Ready(999)));
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
        assert_eq!(porter.next().await, 7);
    });
}
