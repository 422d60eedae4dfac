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

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(counter.clone());
    let mut cx = Context::from_waker(&waker);
    let wakes = || counter.0.load(Ordering::Relaxed);

    let mut porter = Porter::new(1_000);
    let ring = |porter: &Porter, numbers: &[usize]| {
        numbers
            .iter()
            .for_each(|number| porter.bell(*number).wake())
    };
    assert_eq!(porter.poll_next(&mut cx), Poll::Pending);
    ring(&porter, &[700, 3, 700, 999, 3]);
    assert_eq!(wakes(), 1, "the porter is woken once");
    for number in [700, 3, 999] {
        assert_eq!(
            porter.poll_next(&mut cx),
            Poll::Ready(number),
            "in the order in which they rang, each once"
        );
    }
    assert_eq!(porter.poll_next(&mut cx), Poll::Pending);
    assert_eq!(porter.looks, 3, "it looks at no bell that has not rung");

    ring(&porter, &[700]);
    assert_eq!(
        porter.poll_next(&mut cx),
        Poll::Ready(700),
        "a bell may ring again"
    );
    assert_eq!((porter.poll_next(&mut cx), wakes()), (Poll::Pending, 2));

    // The first bells ring all the time, and the last one once.
    ring(&porter, &[0, 1, 999]);
    let answered = (0..10).map(|_| {
        let number = porter.poll_next(&mut cx);
        ring(&porter, &[0, 1]);
        number
    });
    assert!(
        answered.collect::<Vec<_>>().contains(&Poll::Ready(999)),
        "the last in the row is answered too"
    );

    Executor::with_virtual_time().unwrap().block_on(async {
        let mut porter = Porter::new(10);
        let bell = porter.bell(7);
        drop(spawn(async move {
            sleep(Duration::from_secs(1)).await;
            bell.wake();
        }));
        assert_eq!(porter.next().await, 7);
    });
}
