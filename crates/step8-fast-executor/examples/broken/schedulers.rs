//! Schedulers that forget a task, or stop too soon.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use step8_fast_executor::{Executor, JoinError, block_on, now, sleep, spawn, yield_now};

use crate::bugs::{Build, Figures};

/// Two tasks, as numbers, each of which is ready again after its turn.
pub(crate) fn a_lifo_ready_queue(build: Build) -> Figures {
    let (mut ready, mut turns) = (VecDeque::from([0, 1]), [0, 0]);
    for _ in 0..100_000 {
        let next = if build == Build::Right {
            ready.pop_front()
        } else {
            ready.pop_back()
        };
        let task: usize = next.expect("both tasks are always ready");
        turns[task] += 1;
        ready.push_back(task);
    }
    vec![
        (turns[0], "turns of the first task"),
        (turns[1], "of the second"),
    ]
}

/// The Python tutorial's loop looks at the time only if no task is ready, and so at the very end.
pub(crate) fn starved_timers(build: Build) -> Figures {
    let (sleep_time, busy_time) = (Duration::from_millis(10), Duration::from_millis(200));
    let woken_after = match build {
        Build::Right => block_on(async move {
            let start = now();
            let sleeper = spawn(async move {
                sleep(sleep_time).await;
                now() - start
            });
            while now() - start < busy_time && !sleeper.is_finished() {
                yield_now().await;
            }
            sleeper.await.expect("it only sleeps")
        }),
        Build::Broken => {
            let (start, mut ready) = (Instant::now(), VecDeque::from(["always ready"]));
            while let Some(task) = ready.pop_front() {
                // The task's turn: it wants another one, for some time.
                if start.elapsed() < busy_time {
                    ready.push_back(task);
                }
            }
            // No task is ready: now for the timers.
            start.elapsed().max(sleep_time)
        }
    };
    vec![(
        woken_after.as_millis() as u64,
        "ms until the sleeper of 10 ms continues",
    )]
}

/// Polls once and, as there is nothing else to do then, takes that for the end.
fn block_on_until_idle<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

pub(crate) fn block_on_returns_early(build: Build) -> Figures {
    let duration = Duration::from_millis(50);
    let start = Instant::now();
    match build {
        Build::Right => block_on(async { sleep(duration).await }),
        // The sleep needs an executor around it, which does nothing else here.
        Build::Broken => block_on(async { _ = block_on_until_idle(pin!(sleep(duration))) }),
    }
    vec![(
        start.elapsed().as_micros() as u64,
        "µs until block_on returns",
    )]
}

/// What a task panics with here. The panic hook is not called, so nothing is printed.
fn quiet_panic() -> ! {
    resume_unwind(Box::new("as it was told"))
}

pub(crate) fn a_panic_kills_the_loop(build: Build) -> Figures {
    let finished = Rc::new(Cell::new(0));
    let task = |number: u64, finished: Rc<Cell<u64>>| async move {
        yield_now().await;
        if number == 1 {
            quiet_panic();
        }
        finished.set(finished.get() + 1);
    };
    let mut told = 0;
    match build {
        Build::Right => block_on(async {
            let tasks: Vec<_> = (0..10)
                .map(|number| spawn(task(number, finished.clone())))
                .collect();
            for handle in tasks {
                told += u64::from(handle.await.as_ref().is_err_and(JoinError::is_panic));
            }
        }),
        Build::Broken => {
            let mut ready: VecDeque<_> = (0..10)
                .map(|number| Box::pin(task(number, finished.clone())))
                .collect();
            let run = AssertUnwindSafe(|| {
                while let Some(mut task) = ready.pop_front() {
                    if task
                        .as_mut()
                        .poll(&mut Context::from_waker(Waker::noop()))
                        .is_pending()
                    {
                        ready.push_back(task);
                    }
                }
            });
            // The caller of the loop gets the panic, and has no idea whose it is.
            if let Err(payload) = catch_unwind(run) {
                drop(payload);
            }
        }
    }
    vec![
        (finished.get(), "of 9 others finished"),
        (told, "joiners were told"),
    ]
}

pub(crate) fn a_bounded_run_queue(build: Build) -> Figures {
    let ran = Rc::new(Cell::new(0));
    let counted = ran.clone();
    match build {
        Build::Right => {
            let executor = Executor::new().expect("a few descriptors are left");
            executor.block_on(async {
                for _ in 0..1_000 {
                    let ran = counted.clone();
                    drop(spawn(async move { ran.set(ran.get() + 1) }));
                }
                yield_now().await;
            });
        }
        Build::Broken => {
            const ROOM: usize = 100;
            let mut ready = VecDeque::with_capacity(ROOM);
            let spawning = catch_unwind(AssertUnwindSafe(|| {
                for number in 0..1_000 {
                    if ready.len() == ROOM {
                        // A wait for room would never end here: only this thread makes room.
                        resume_unwind(Box::new("the run queue is full"));
                    }
                    ready.push_back(number);
                }
            }));
            let is_full = spawning.is_err();
            ran.set(ready.len() as u64);
            return vec![(ran.get(), "tasks ran"), (u64::from(is_full), "panics")];
        }
    }
    vec![(ran.get(), "tasks ran"), (0, "panics")]
}
