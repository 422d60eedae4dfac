//! Which waits does Ctrl-C end? The signal goes to the whole process, so all parts
//! but one, which has a process of its own, are one test.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use step8_fast_executor::{Executor, block_on, ctrl_c, hold_clock, sleep, spawn, timeout};
use testing::foreign::{Counter, poll_with, turns};
use testing::signals::{as_background_job, interrupt};
use testing::watchdog::within_a_minute;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn ctrl_c_ends_all_waits_for_it() {
    within_a_minute(|| {
        // From here on Ctrl-C does not end the process.
        drop(ctrl_c().unwrap());
        it_ends_a_wait();
        it_ends_all_waits_at_once();
        each_wait_is_for_the_next_one();
        one_that_comes_before_the_first_poll_counts();
        a_wait_that_was_dropped_is_not_woken();
        a_wait_wakes_the_last_poller();
        a_waker_that_panics_harms_no_other();
        it_works_on_a_foreign_executor();
        it_stops_work_that_is_running();
        under_the_virtual_clock_it_needs_a_hold();
    });
}

fn it_ends_a_wait() {
    block_on(async {
        let wait = ctrl_c().unwrap();
        thread::spawn(|| {
            thread::sleep(20 * MS);
            interrupt();
        });
        wait.await;
    });
}

fn it_ends_all_waits_at_once() {
    let other = thread::spawn(|| {
        let wait = ctrl_c().unwrap();
        move || block_on(wait)
    });
    let other = other.join().unwrap();
    let other = thread::spawn(other);
    block_on(async {
        let tasks = [(); 3].map(|()| spawn(ctrl_c().unwrap()));
        turns(2).await;
        interrupt();
        for task in tasks {
            task.await.unwrap();
        }
    });
    other.join().unwrap();
}

fn each_wait_is_for_the_next_one() {
    block_on(async {
        for _ in 0..3 {
            let mut wait = pin!(ctrl_c().unwrap());
            assert!(
                timeout(5 * MS, wait.as_mut()).await.is_err(),
                "an old one counts"
            );
            interrupt();
            wait.await;
        }
    });
}

fn one_that_comes_before_the_first_poll_counts() {
    block_on(async {
        let (wait, other) = (ctrl_c().unwrap(), ctrl_c().unwrap());
        interrupt();
        other.await;
        let mut wait = pin!(wait);
        assert!(poll_with(wait.as_mut(), Waker::noop()).is_ready());
        assert!(poll_with(wait.as_mut(), Waker::noop()).is_ready());
    });
}

fn a_wait_that_was_dropped_is_not_woken() {
    let (wakes, waker) = Counter::new();
    let mut dropped = Box::pin(ctrl_c().unwrap());
    assert!(poll_with(dropped.as_mut(), &waker).is_pending());
    drop(dropped);
    interrupted();
    assert_eq!((wakes.wakes(), Arc::strong_count(&wakes)), (0, 2));
}

/// A script's background jobs ignore Ctrl-C, which is for the job in front.
#[test]
fn an_ignored_ctrl_c_stays_ignored() {
    as_background_job("an_ignored_ctrl_c_stays_ignored", || {
        let wait = ctrl_c().unwrap();
        interrupt();
        let outcome = block_on(async { timeout(50 * MS, wait).await });
        assert!(outcome.is_err(), "the wait for Ctrl-C has ended");
    });
}

/// Interrupts, and returns once all that was waiting has been woken: its own wait is the last in
/// line.
fn interrupted() {
    let wait = ctrl_c().unwrap();
    interrupt();
    block_on(wait);
}

fn a_wait_wakes_the_last_poller() {
    let ((older, first), (newer, second)) = (Counter::new(), Counter::new());
    let mut wait = pin!(ctrl_c().unwrap());
    assert!(poll_with(wait.as_mut(), &first).is_pending());
    assert!(poll_with(wait.as_mut(), &second).is_pending());
    interrupted();
    assert_eq!((older.wakes(), newer.wakes()), (0, 1));
    assert!(poll_with(wait.as_mut(), &first).is_ready());
}

fn a_waker_that_panics_harms_no_other() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            std::panic::resume_unwind(Box::new("on purpose"));
        }
    }
    let mut wait = pin!(ctrl_c().unwrap());
    assert!(poll_with(wait.as_mut(), &Arc::new(Panics).into()).is_pending());
    // The waiters beside it and after it are still woken.
    interrupted();
    interrupted();
    assert!(poll_with(wait.as_mut(), Waker::noop()).is_ready());
}

fn it_works_on_a_foreign_executor() {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut wait = pin!(ctrl_c().unwrap());
    thread::spawn(|| {
        thread::sleep(20 * MS);
        interrupt();
    });
    while wait.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
        thread::park();
    }
}

fn it_stops_work_that_is_running() {
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
        assert!(work.await.unwrap_err().is_cancelled());
    });
}

fn under_the_virtual_clock_it_needs_a_hold() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let hold = hold_clock();
        drop(spawn(pending::<()>()));
        let wait = ctrl_c().unwrap();
        thread::spawn(|| {
            thread::sleep(20 * MS);
            interrupt();
        });
        assert!(timeout(Duration::from_secs(3_600), wait).await.is_ok());
        drop(hold);
        assert!(timeout(SECOND, ctrl_c().unwrap()).await.is_err());
    });
}
