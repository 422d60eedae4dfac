//! Do values come to plain code as they are made, and does the thread end with the iterator?

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use step5_executor::{Executor, block_on, now, sleep, spawn, yield_now};
use step6_toolbox::{AsyncIterator, BlockingIter, async_generator, into_blocking_iter};
use testing::watchdog::within_a_minute;

pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

/// Counts up forever, without a pause.
pub(crate) struct Up {
    next: u32,
    made: Arc<AtomicUsize>,
}

impl AsyncIterator for Up {
    type Item = u32;

    async fn next(&mut self) -> Option<u32> {
        self.next += 1;
        self.made.fetch_add(1, SeqCst);
        Some(self.next - 1)
    }
}

/// Counts how often it is dropped.
pub(crate) struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

// --- What it gives ---

#[test]
fn values_come_in_order_and_then_none_forever() {
    within_a_minute(|| {
        let make = || {
            async_generator(async |yielder| {
                for i in 0..10_000 {
                    if i % 100 == 0 {
                        yield_now().await;
                    }
                    yielder.yield_(i).await;
                }
            })
        };
        let mut iterator = into_blocking_iter(make);
        assert!(iterator.by_ref().eq(0..10_000));
        assert_eq!((iterator.next(), iterator.next()), (None, None));
    });
}

#[test]
fn an_empty_async_iterator_gives_nothing() {
    within_a_minute(|| {
        assert_eq!(
            into_blocking_iter(|| async_generator(async |_: &mut _| {})).next(),
            None::<()>
        )
    });
}

/// The second value is not made before the first was taken here, so `next` cannot have waited for
/// the second.
#[test]
fn a_value_is_there_as_soon_as_it_is_made() {
    within_a_minute(|| {
        let (taken, was_taken) = mpsc::channel();
        let make = move || {
            async_generator(async move |yielder| {
                for i in 0..100 {
                    yielder.yield_(i).await;
                    // As if the next value were due much later.
                    while was_taken.try_recv().is_err() {
                        sleep(MS / 10).await;
                    }
                }
            })
        };
        for (i, value) in into_blocking_iter(make).enumerate() {
            assert_eq!(value, i);
            taken.send(()).unwrap();
        }
    });
}

#[test]
fn values_come_at_their_times_and_never_early() {
    within_a_minute(|| {
        let start = Instant::now();
        let make = || {
            async_generator(async |yielder| {
                for i in 1..=3 {
                    sleep(10 * MS).await;
                    yielder.yield_(i).await;
                }
            })
        };
        for (i, value) in (1..).zip(into_blocking_iter(make)) {
            assert_eq!(value, i);
            assert!(start.elapsed() >= 10 * i * MS);
        }
    });
}

/// The async iterator owns something that cannot be sent, and its thread has a name.
#[test]
fn the_async_iterator_is_made_in_its_thread() {
    within_a_minute(|| {
        let make = || {
            let log = Rc::new(RefCell::new(vec![]));
            let inside = log.clone();
            drop(spawn(
                async move { inside.borrow_mut().push("from a task") },
            ));
            async_generator(async move |yielder| {
                yield_now().await;
                let name = thread::current().name().unwrap().to_owned();
                yielder.yield_(format!("{name}: {:?}", log.borrow())).await;
            })
        };
        assert_eq!(
            into_blocking_iter(make).collect::<Vec<_>>(),
            ["blocking-iter: [\"from a task\"]"]
        );
    });
}

#[test]
fn it_may_block_a_task() {
    within_a_minute(|| {
        block_on(async {
            let iterator =
                into_blocking_iter(|| async_generator(async |yielder| yielder.yield_(7).await));
            assert_eq!(iterator.collect::<Vec<_>>(), [7]);
        });
    });
}

// --- How far ahead it is ---

#[test]
fn it_makes_one_value_ahead_and_no_more() {
    within_a_minute(|| {
        let made = Arc::new(AtomicUsize::new(0));
        let counted = made.clone();
        let mut iterator = into_blocking_iter(move || Up {
            next: 0,
            made: counted,
        });
        for i in 0..100 {
            assert_eq!(iterator.next(), Some(i));
            // One more is made, sooner or later. If a second were, it would be there before long.
            while made.load(SeqCst) < i as usize + 2 {
                thread::yield_now();
            }
            if i % 10 == 0 {
                thread::sleep(MS);
            }
            assert_eq!(made.load(SeqCst), i as usize + 2);
        }
    });
}

#[test]
fn its_tasks_continue_while_a_value_waits() {
    within_a_minute(|| {
        let (tell, told) = mpsc::channel();
        let make = move || {
            drop(spawn(async move {
                for _ in 0..10 {
                    sleep(MS).await;
                }
                tell.send(()).unwrap();
            }));
            async_generator(async |yielder| {
                yielder.yield_(1).await;
                yielder.yield_(2).await;
            })
        };
        let mut iterator = into_blocking_iter(make);
        assert_eq!(iterator.next(), Some(1));
        told.recv().unwrap();
        assert_eq!(iterator.next(), Some(2));
        assert_eq!(iterator.next(), None);
    });
}

#[test]
fn a_virtual_clock_stops_while_a_value_waits() {
    within_a_minute(|| {
        let make = || {
            let start = now();
            async_generator(async move |yielder| {
                for _ in 0..100 {
                    sleep(HOUR).await;
                    yielder.yield_(now() - start).await;
                }
            })
        };
        for (i, elapsed) in (1..).zip(BlockingIter::on(Executor::with_virtual_time, make)) {
            if i % 30 == 0 {
                thread::sleep(MS);
            }
            assert_eq!(elapsed, i * HOUR);
        }
    });
}

// --- It is dropped early ---

/// Drops the iterator after so many values of an async iterator, which then waits in the given way.
/// Counts what was dropped.
fn stops_after<S: AsyncIterator<Item = u32> + 'static>(
    values: usize,
    make: impl FnOnce(Counted) -> S + Send + 'static,
) {
    within_a_minute(move || {
        let drops = Arc::new(AtomicUsize::new(0));
        let counted = Counted(drops.clone());
        let mut iterator = into_blocking_iter(move || make(counted));
        for i in 0..values {
            assert_eq!(iterator.next(), Some(i as u32));
        }
        drop(iterator);
        assert_eq!(
            drops.load(SeqCst),
            1,
            "it was dropped, once, before the drop of the iterator has returned"
        );
    });
}

/// Counts to 5, and then waits.
fn five_and_then<F: Future<Output = ()>>(
    wait: impl FnOnce() -> F,
) -> impl AsyncFnOnce(&mut step6_toolbox::Yielder<u32>) {
    async move |yielder| {
        for i in 0..5 {
            yielder.yield_(i).await;
        }
        wait().await;
    }
}

#[test]
fn dropping_ends_one_that_sleeps() {
    for values in 0..=5 {
        stops_after(values, |guard| {
            async_generator(five_and_then(async move || {
                let _guard = guard;
                sleep(HOUR).await;
            }))
        });
    }
}

#[test]
fn dropping_ends_one_that_waits_forever() {
    for values in 0..=5 {
        stops_after(values, |guard| {
            async_generator(five_and_then(async move || {
                let _guard = guard;
                pending().await
            }))
        });
    }
}

#[test]
fn dropping_ends_one_that_never_waits() {
    for values in 0..=5 {
        stops_after(values, |guard| {
            let mut up = Up {
                next: 0,
                made: Arc::default(),
            };
            async_generator(async move |yielder| {
                let _guard = guard;
                while let Some(i) = up.next().await {
                    yielder.yield_(i).await;
                }
            })
        });
    }
}

#[test]
fn when_its_last_value_was_not_taken() {
    for values in 0..=1 {
        stops_after(values, |guard| {
            async_generator(async |yielder| {
                let _guard = guard;
                yielder.yield_(0).await;
            })
        });
    }
}

#[test]
fn a_value_left_is_dropped_with_the_iterator() {
    within_a_minute(|| {
        let drops = Arc::new(AtomicUsize::new(0));
        let counted = drops.clone();
        let make = move || {
            async_generator(async move |yielder| {
                for _ in 0..10 {
                    yielder.yield_(Counted(counted.clone())).await;
                }
            })
        };
        let mut iterator = into_blocking_iter(make);
        drop(iterator.next());
        assert_eq!(drops.load(SeqCst), 1);
        drop(iterator);
        let dropped = drops.load(SeqCst);
        assert!((1..=3).contains(&dropped), "{dropped}");
        assert_eq!(
            Arc::strong_count(&drops),
            1,
            "nothing is left in the thread"
        );
    });
}

#[test]
fn dropped_at_any_moment_the_thread_ends() {
    within_a_minute(|| {
        for i in 0..500 {
            let mut iterator = into_blocking_iter(|| Up {
                next: 0,
                made: Arc::default(),
            });
            if i % 3 == 0 {
                assert_eq!(iterator.next(), Some(0));
            }
            for _ in 0..i * 20 {
                std::hint::spin_loop();
            }
            drop(iterator);
        }
    });
}
