use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
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

fn counter() -> (Arc<Counter>, Waker) {
    let counter = Arc::new(Counter::default());
    (counter.clone(), Waker::from(counter))
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let second = Duration::from_secs(1);
    let (one, waker_of_one) = counter();
    let (other, waker_of_other) = counter();
    let wakes = || {
        (
            one.0.load(Ordering::Relaxed),
            other.0.load(Ordering::Relaxed),
        )
    };

    let bell = Bell::default();
    let mut heard = Heard(bell.clone());
    let mut poll = |waker: &Waker| Pin::new(&mut heard).poll(&mut Context::from_waker(waker));
    assert!(poll(&waker_of_one).is_pending());
    assert!(poll(&waker_of_other).is_pending());
    bell.ring();
    assert_eq!(wakes(), (0, 1), "who polled last is woken, once");
    assert!(poll(&waker_of_other).is_ready());

    let bell = Bell::default();
    bell.ring();
    assert!(
        Pin::new(&mut Heard(bell))
            .poll(&mut Context::from_waker(&waker_of_one))
            .is_ready(),
        "it rang before"
    );
    assert_eq!(wakes(), (0, 1), "who never had to wait is not woken");

    Executor::with_virtual_time().unwrap().block_on(async {
        let bell = Bell::default();
        let mut heard = Heard(bell.clone());
        assert_eq!(timeout(second, &mut heard).await, Err(Elapsed));
        let listener = spawn(heard);
        drop(spawn(async move {
            sleep(second).await;
            bell.ring();
        }));
        // Without a wake nobody is left to go on, and the executor says so.
        listener.await.unwrap();
    });
}
