//! Which waits does Ctrl-C end? The signal goes to the whole process.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use testing::foreign::{self, Counter, poll_with, turns};
use testing::process::alone;
use testing::signals::{as_background_job, interrupt};
use testing::watchdog::within_a_minute;

use crate::executor::{Executor, block_on, ctrl_c, hold_clock, sleep, spawn, timeout};
use crate::suites::support::MS;

/// Background jobs of a script ignore Ctrl-C, which is meant for the job in front.
#[test]
fn an_ignored_ctrl_c_stays_ignored() {
    as_background_job(|| {
        let wait = ctrl_c().unwrap();
        interrupt();
        let outcome = block_on(async { timeout(50 * MS, wait).await });
        assert!(outcome.is_err(), "the wait for Ctrl-C has ended");
    });
}

/// Runs this in a process that Ctrl-C does not end.
fn with_ctrl_c(body: impl FnOnce() + Send + 'static) {
    alone(|| {
        within_a_minute(|| {
            drop(ctrl_c().unwrap());
            body();
        });
    });
}

/// Interrupts a little later, from another thread.
fn interrupt_soon() {
    thread::spawn(|| {
        thread::sleep(20 * MS);
        interrupt();
    });
}

/// Interrupts, and returns once all that was waiting has been woken: its own wait is the last in
/// the line.
fn interrupt_and_wait() {
    let wait = ctrl_c().unwrap();
    interrupt();
    block_on(wait);
}

#[test]
fn it_ends_a_wait() {
    with_ctrl_c(|| {
        block_on(async {
            let wait = ctrl_c().unwrap();
            interrupt_soon();
            wait.await;
        });
    });
}

#[test]
fn it_ends_all_waits_at_once() {
    with_ctrl_c(|| {
        // A wait may be made on one thread and awaited on another.
        let wait = thread::spawn(|| ctrl_c().unwrap()).join().unwrap();
        let other = thread::spawn(|| block_on(wait));
        block_on(async {
            let tasks = [(); 3].map(|()| spawn(ctrl_c().unwrap()));
            turns(2).await;
            interrupt();
            for task in tasks {
                task.await.unwrap();
            }
        });
        other.join().unwrap();
    });
}

#[test]
fn each_wait_is_for_the_next_one() {
    with_ctrl_c(|| {
        block_on(async {
            for _ in 0..3 {
                let mut wait = pin!(ctrl_c().unwrap());
                let early = timeout(5 * MS, wait.as_mut()).await;
                assert!(early.is_err(), "an old one counts");
                interrupt();
                wait.await;
            }
        });
    });
}

#[test]
fn one_that_comes_before_the_first_poll_counts() {
    with_ctrl_c(|| {
        block_on(async {
            let (wait, other) = (ctrl_c().unwrap(), ctrl_c().unwrap());
            interrupt();
            other.await;
            let mut wait = pin!(wait);
            assert!(poll_with(wait.as_mut(), Waker::noop()).is_ready());
            assert!(poll_with(wait.as_mut(), Waker::noop()).is_ready());
        });
    });
}

#[test]
fn a_dropped_wait_is_not_woken() {
    with_ctrl_c(|| {
        let (counter, waker) = Counter::new();
        let mut dropped = Box::pin(ctrl_c().unwrap());
        assert!(poll_with(dropped.as_mut(), &waker).is_pending());
        drop(dropped);
        interrupt_and_wait();
        assert_eq!((counter.wakes(), Arc::strong_count(&counter)), (0, 2));
    });
}

#[test]
fn a_wait_wakes_the_last_waker() {
    with_ctrl_c(|| {
        let ((older, first), (newer, second)) = (Counter::new(), Counter::new());
        let mut wait = pin!(ctrl_c().unwrap());
        assert!(poll_with(wait.as_mut(), &first).is_pending());
        assert!(poll_with(wait.as_mut(), &second).is_pending());
        interrupt_and_wait();
        assert_eq!((older.wakes(), newer.wakes()), (0, 1));
        assert!(poll_with(wait.as_mut(), &first).is_ready());
    });
}

#[test]
fn it_works_on_a_foreign_executor() {
    with_ctrl_c(|| {
        let wait = ctrl_c().unwrap();
        interrupt_soon();
        foreign::block_on(wait);
    });
}

#[test]
fn it_stops_a_loop() {
    with_ctrl_c(|| {
        block_on(async {
            let work = spawn(async {
                loop {
                    sleep(MS).await;
                }
            });
            let wait = ctrl_c().unwrap();
            interrupt();
            wait.await;
            work.abort();
            let outcome: Result<(), _> = work.await;
            assert!(outcome.unwrap_err().is_cancelled());
        });
    });
}

#[test]
fn on_the_virtual_clock_it_needs_a_hold() {
    with_ctrl_c(|| {
        let second = Duration::from_secs(1);
        Executor::with_virtual_time().unwrap().block_on(async {
            let hold = hold_clock();
            drop(spawn(pending::<()>()));
            let wait = ctrl_c().unwrap();
            interrupt_soon();
            assert!(timeout(3_600 * second, wait).await.is_ok());
            drop(hold);
            assert!(timeout(second, ctrl_c().unwrap()).await.is_err());
        });
    });
}
