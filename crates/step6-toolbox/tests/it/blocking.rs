//! Does blocking work run beside the loop, and does the pool stay usable whatever happens?

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;
use std::{env, process};

use step5_executor::{block_on, spawn, yield_now};
use step6_toolbox::{BlockingPool, SpawnBlocking, spawn_blocking};
use testing::foreign;
use testing::log::on_drop;
use testing::panic_message;
use testing::watchdog::within_a_minute;

pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

/// Holds a closure up until it is told to continue, and tells when the closure has begun.
pub(crate) fn gate() -> (impl FnOnce() + Send, Receiver<()>, Sender<()>) {
    let ((begin, has_begun), (open, opened)) = (mpsc::channel(), mpsc::channel());
    let wait = move || {
        begin.send(()).unwrap();
        opened.recv().unwrap();
    };
    (wait, has_begun, open)
}

pub(crate) fn poll<T>(
    future: &mut SpawnBlocking<T>,
    waker: &Waker,
) -> Poll<Result<T, step5_executor::JoinError>> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Returns the thread of a pool that has one thread, when it has done all that was in its queue.
fn thread_of(pool: &BlockingPool) -> ThreadId {
    foreign::block_on(pool.spawn(|| thread::current().id())).unwrap()
}

/// Waits until a pool of one thread has done all that is in its queue.
pub(crate) fn settle(pool: &BlockingPool) {
    foreign::block_on(pool.spawn(|| ())).unwrap();
}

// --- It gives the output ---

#[test]
fn any_executor_gets_the_output() {
    within_a_minute(|| {
        assert_eq!(
            block_on(async { spawn_blocking(|| 6 * 7).await.unwrap() }),
            42
        );
        assert_eq!(
            foreign::block_on(async { spawn_blocking(|| 6 * 7).await.unwrap() }),
            42
        );
        // Made outside of any executor.
        let made = spawn_blocking(|| "made before");
        assert_eq!(block_on(made).unwrap(), "made before");
        assert_eq!(
            foreign::block_on(spawn_blocking(|| "made before")).unwrap(),
            "made before"
        );
    });
}

#[test]
fn it_starts_without_being_polled() {
    within_a_minute(|| {
        let (wait, has_begun, open) = gate();
        let call = spawn_blocking(wait);
        has_begun.recv().unwrap();
        open.send(()).unwrap();
        foreign::block_on(call).unwrap();
    });
}

#[test]
fn the_loop_continues_meanwhile() {
    within_a_minute(|| {
        block_on(async {
            let (wait, has_begun, open) = gate();
            let call = spawn(spawn_blocking(wait));
            yield_now().await;
            has_begun.recv().unwrap();
            for _ in 0..1_000 {
                yield_now().await;
            }
            assert!(!call.is_finished());
            open.send(()).unwrap();
            call.await.unwrap().unwrap();
        });
    });
}

#[test]
fn a_panic_comes_back_and_the_thread_continues() {
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let thread = thread_of(&pool);
        let error = foreign::block_on(pool.spawn(|| panic!("oh") as u32)).unwrap_err();
        assert!(error.is_panic());
        assert_eq!(panic_message::of(|| error.resume_unwind()), "oh");
        assert_eq!(thread_of(&pool), thread);
    });
}

#[test]
fn an_output_may_panic_when_dropped() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in drop");
        }
    }
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let thread = thread_of(&pool);
        let (wait, has_begun, open) = gate();
        let call = pool.spawn(|| {
            wait();
            Bomb
        });
        has_begun.recv().unwrap();
        drop(call);
        open.send(()).unwrap();
        assert_eq!(thread_of(&pool), thread);
    });
}

#[test]
fn one_thread_takes_the_calls_in_order() {
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let order = Arc::new(Mutex::new(vec![]));
        let calls: Vec<_> = (0..1_000)
            .map(|i| {
                let order = order.clone();
                pool.spawn(move || order.lock().unwrap().push(i))
            })
            .collect();
        for call in calls {
            foreign::block_on(call).unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..1_000).collect::<Vec<_>>());
    });
}

#[test]
fn as_many_calls_run_as_there_are_threads() {
    within_a_minute(|| {
        let pool = BlockingPool::new(3);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (begin, begun) = mpsc::channel();
        let (mut calls, mut gates) = (vec![], vec![]);
        for i in 0..30 {
            let (running, most, begin) = (running.clone(), most.clone(), begin.clone());
            let (open, opened) = mpsc::channel();
            gates.push(open);
            calls.push(pool.spawn(move || {
                most.fetch_max(running.fetch_add(1, SeqCst) + 1, SeqCst);
                begin.send(i).unwrap();
                opened.recv().unwrap();
                running.fetch_sub(1, SeqCst);
            }));
        }
        // Three begin, and then one more for each that ends.
        let mut waiting: VecDeque<usize> = (0..3).map(|_| begun.recv().unwrap()).collect();
        for _ in 3..30 {
            gates[waiting.pop_front().unwrap()].send(()).unwrap();
            waiting.push_back(begun.recv().unwrap());
        }
        waiting.into_iter().for_each(|i| gates[i].send(()).unwrap());
        for call in calls {
            foreign::block_on(call).unwrap();
        }
        assert_eq!(most.load(SeqCst), 3);
    });
}

/// Other threads do what is in line behind a long call, in whatever order the calls come.
#[test]
fn a_long_call_holds_up_no_other() {
    within_a_minute(|| {
        for _ in 0..200 {
            let pool = BlockingPool::new(2);
            let (wait, has_begun, open) = gate();
            let long = pool.spawn(wait);
            let short: Vec<_> = (0..20).map(|i| pool.spawn(move || i)).collect();
            for (i, call) in short.into_iter().enumerate() {
                assert_eq!(foreign::block_on(call).unwrap(), i);
            }
            has_begun.recv().unwrap();
            open.send(()).unwrap();
            foreign::block_on(long).unwrap();
        }
    });
}

#[test]
fn sixty_four_tasks_call_and_call() {
    within_a_minute(|| {
        block_on(async {
            let tasks: Vec<_> = (0..64)
                .map(|_| {
                    spawn(async {
                        let mut sum = 0;
                        for i in 0..300 {
                            sum += spawn_blocking(move || i).await.unwrap();
                        }
                        sum
                    })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), 300 * 299 / 2);
            }
        });
    });
}

// --- Its future ---

#[test]
fn a_call_wakes_the_last_waker_once() {
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let (wait, has_begun, open) = gate();
        let mut call = pool.spawn(wait);
        let ((first, first_waker), (last, last_waker)) =
            (foreign::Counter::new(), foreign::Counter::new());
        assert!(poll(&mut call, &first_waker).is_pending());
        has_begun.recv().unwrap();
        assert!(poll(&mut call, &last_waker).is_pending());
        open.send(()).unwrap();
        settle(&pool);
        assert_eq!((first.wakes(), last.wakes()), (0, 1));
        assert!(poll(&mut call, &last_waker).is_ready());
        assert_eq!(last.wakes(), 1);
    });
}

#[test]
fn polling_a_finished_call_panics() {
    within_a_minute(|| {
        let mut call = spawn_blocking(|| ());
        foreign::block_on(&mut call).unwrap();
        let message = panic_message::of(|| poll(&mut call, Waker::noop()));
        assert_eq!(
            message,
            "a receiver was polled after it had given its result"
        );
    });
}

// --- Its future is dropped ---

/// What became of a closure: whether it ran, and how often it and its output were dropped.
#[derive(Debug, Default, PartialEq, Eq)]
struct Fate {
    runs: usize,
    drops: usize,
}

/// Drops a call of a pool of one thread at one of its stages. Returns what became of it when the
/// pool was through.
fn fate_when_dropped(stage: &str) -> Fate {
    let pool = BlockingPool::new(1);
    let thread = thread_of(&pool);
    let (runs, drops) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (ran, dropped) = (runs.clone(), drops.clone());
    let guard = on_drop(move || _ = dropped.fetch_add(1, SeqCst));
    let (before, before_began, open_before) = gate();
    let (wait, has_begun, open) = gate();
    let first = pool.spawn(before);
    before_began.recv().unwrap();
    let mut call = pool.spawn(move || {
        ran.fetch_add(1, SeqCst);
        wait();
        guard
    });
    let behind = pool.spawn(|| 7);
    if stage != "not polled" {
        assert!(poll(&mut call, Waker::noop()).is_pending());
    }
    if stage == "running" || stage == "finished" {
        open_before.send(()).unwrap();
        has_begun.recv().unwrap();
    }
    if stage == "finished" {
        open.send(()).unwrap();
        settle(&pool);
    }
    drop(call);
    // The call that has not begun never will.
    let dropped_at_once = drops.load(SeqCst);
    assert_eq!(dropped_at_once, usize::from(stage != "running"), "{stage}");
    // The waiting calls may continue.
    _ = open_before.send(());
    _ = open.send(());
    foreign::block_on(first).unwrap();
    assert_eq!(
        foreign::block_on(behind).unwrap(),
        7,
        "{stage}: the next one has its turn"
    );
    assert_eq!(thread_of(&pool), thread);
    Fate {
        runs: runs.load(SeqCst),
        drops: drops.load(SeqCst),
    }
}

#[test]
fn a_call_dropped_anywhere_is_dropped_once() {
    within_a_minute(|| {
        assert_eq!(fate_when_dropped("not polled"), Fate { runs: 0, drops: 1 });
        assert_eq!(
            fate_when_dropped("in the queue"),
            Fate { runs: 0, drops: 1 }
        );
        assert_eq!(fate_when_dropped("running"), Fate { runs: 1, drops: 1 });
        assert_eq!(fate_when_dropped("finished"), Fate { runs: 1, drops: 1 });
    });
}

#[test]
fn dropped_calls_do_not_fill_the_queue() {
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let (wait, has_begun, open) = gate();
        let first = pool.spawn(wait);
        has_begun.recv().unwrap();
        for _ in 0..1_000_000 {
            drop(pool.spawn(|| unreachable!("it was dropped")));
        }
        open.send(()).unwrap();
        foreign::block_on(first).unwrap();
    });
}

// --- The pool is dropped ---

#[test]
fn a_dropped_pool_does_what_is_in_its_queue() {
    within_a_minute(|| {
        let pool = BlockingPool::new(1);
        let (wait, has_begun, open) = gate();
        let first = pool.spawn(wait);
        has_begun.recv().unwrap();
        let behind: Vec<_> = (0..10).map(|i| pool.spawn(move || i)).collect();
        drop(pool);
        open.send(()).unwrap();
        foreign::block_on(first).unwrap();
        for (i, call) in behind.into_iter().enumerate() {
            assert_eq!(foreign::block_on(call).unwrap(), i);
        }
    });
}

#[test]
fn a_pool_without_a_thread_is_refused() {
    let message = panic_message::of(|| BlockingPool::new(0));
    assert_eq!(
        message,
        "a pool without a thread would never do anything: give it at least 1"
    );
}

/// The work is done by this test in a process of its own, in which no thread can be started.
#[test]
fn a_call_without_a_thread_drops_its_closure() {
    const STACK: &str = "RUST_MIN_STACK";
    let too_much = (1_u64 << 46).to_string();
    if env::var(STACK).as_ref() != Ok(&too_much) {
        let test = "blocking::a_call_without_a_thread_drops_its_closure";
        let child = process::Command::new(env::current_exe().unwrap())
            .args([test, "--exact", "--test-threads=1"])
            .env(STACK, too_much)
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success(), "{output}");
        assert!(output.contains("1 passed"), "{output}");
        return;
    }
    let (pool, drops) = (BlockingPool::new(1), Arc::new(AtomicUsize::new(0)));
    for calls in 1..=2 {
        let dropped = drops.clone();
        let guard = on_drop(move || _ = dropped.fetch_add(1, SeqCst));
        panic_message::of(|| pool.spawn(move || drop(guard)));
        assert_eq!(drops.load(SeqCst), calls);
    }
}
