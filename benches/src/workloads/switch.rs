//! The cost of letting another task run.

use std::hint::black_box;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::Instant;

use step1_interleaver::interleave;

use super::{Contender, Timed, Who, Workload, shares};

/// Enough that no step finds all of them in the fastest cache, or can guess which is next.
const TASKS: u64 = 1_000;

pub(super) fn workload() -> Workload {
    Workload {
        name: "switch",
        idle: None,
        operation: "one of 1,000 tasks lets the next one run".into(),
        contenders: vec![
            Contender::new(Who::Step(1), on_step1),
            Contender::new(Who::Step(2), on_step2),
            Contender::new(Who::Step(3), on_step3),
            Contender::new(Who::Step(4), on_step4),
            Contender::new(Who::Step(5), on_step5),
            Contender::new(Who::Step(8), on_step8),
            Contender::new(Who::Threads, on_threads),
        ],
    }
}

fn on_step1(turns: u64) -> io::Result<Timed> {
    let iterators = Vec::from_iter(shares(turns, TASKS).map(|share| 0..share));
    let start = Instant::now();
    let mut done = 0;
    for turn in interleave(iterators) {
        black_box(turn);
        done += 1;
    }
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}

/// The schedulers of steps 2 to 4 differ in type, but not in what is called here.
macro_rules! take_turns_on {
    ($scheduler:expr, $turns:expr) => {{
        let turns = $turns;
        let ran = $scheduler.run(async move |co| {
            let mut tasks = Vec::new();
            for share in shares(turns, TASKS) {
                let taker = co.spawn(async move |co| {
                    let mut taken = 0;
                    while taken < share {
                        co.turn().await;
                        taken += 1;
                    }
                    taken
                });
                tasks.push(taker.await);
            }
            let start = Instant::now();
            let mut done = 0;
            for task in tasks {
                done += task.join(&co).await.expect("no task is cancelled");
            }
            Timed {
                done,
                elapsed: start.elapsed(),
            }
        });
        ran.map_err(io::Error::other)
    }};
}

fn on_step2(turns: u64) -> io::Result<Timed> {
    take_turns_on!(step2_round_robin::Scheduler::new(), turns)
}

fn on_step3(turns: u64) -> io::Result<Timed> {
    take_turns_on!(step3_sleeping_heap::Scheduler::new(), turns)
}

fn on_step4(turns: u64) -> io::Result<Timed> {
    take_turns_on!(step4_select::Scheduler::new()?, turns)
}

/// The executors of steps 5 and 8 have the same public names.
macro_rules! take_turns_with {
    ($executor:ident, $turns:expr) => {{
        let turns = $turns;
        let timed = $executor::Executor::new()?.block_on(async {
            let takers = shares(turns, TASKS).map(|share| {
                $executor::spawn(async move {
                    let mut taken = 0;
                    while taken < share {
                        $executor::yield_now().await;
                        taken += 1;
                    }
                    taken
                })
            });
            let tasks = Vec::from_iter(takers);
            let start = Instant::now();
            let mut done = 0;
            for task in tasks {
                done += task.await.expect("no task is aborted");
            }
            Timed {
                done,
                elapsed: start.elapsed(),
            }
        });
        Ok(timed)
    }};
}

fn on_step5(turns: u64) -> io::Result<Timed> {
    take_turns_with!(step5_executor, turns)
}

fn on_step8(turns: u64) -> io::Result<Timed> {
    take_turns_with!(step8_fast_executor, turns)
}

/// Two threads hand over to each other, which is the least that threads can do.
fn on_threads(turns: u64) -> io::Result<Timed> {
    let baton = AtomicU64::new(0);
    let here = thread::current();
    thread::scope(|scope| {
        let other =
            thread::Builder::new().spawn_scoped(scope, || hand_over(&baton, 1, &here, turns))?;
        let start = Instant::now();
        let done = hand_over(&baton, 0, other.thread(), turns);
        let done = done + other.join().expect("handing over does not panic");
        Ok(Timed {
            done,
            elapsed: start.elapsed(),
        })
    })
}

/// Waits until the number of turns that were taken is even (or odd), and takes the next one, until
/// all are taken.
fn hand_over(baton: &AtomicU64, parity: u64, other: &Thread, turns: u64) -> u64 {
    let mut taken = 0;
    loop {
        let turn = baton.load(Ordering::Acquire);
        if turn == turns {
            return taken;
        }
        if turn % 2 == parity {
            baton.store(turn + 1, Ordering::Release);
            other.unpark();
            taken += 1;
        } else {
            thread::park();
        }
    }
}
