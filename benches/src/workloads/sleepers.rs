//! What does it cost to sleep when many do?
//!
//! Under the virtual clock nobody waits, so all that is left is the work of going to sleep and of being woken.

use std::io;
use std::time::{Duration, Instant};

use step2_round_robin::{Co, Generated, Generator, Join, Spawn};
use step3_sleeping_heap::{Clock, Sleep};
use step5_executor::{Executor, sleep, spawn};

use super::{Contender, Timed, Who, Workload, shares};

const TASKS: u64 = 10_000;

pub(super) fn workload() -> Workload {
    Workload {
        name: "sleepers",
        idle: None,
        operation: "one of 10,000 tasks sleeps, on the virtual clock".into(),
        contenders: vec![
            Contender::new(Who::Step(3), on_step3),
            Contender::new(Who::Step(4), on_step4),
            Contender::new(Who::Step(5), on_step5),
        ],
    }
}

/// Returns how often each task sleeps, and how long: 1 to 100 ms, so that at each millisecond some hundreds are woken.
fn naps(sleeps: u64) -> impl Iterator<Item = (u64, Duration)> {
    shares(sleeps, TASKS).zip((1..=100).cycle().map(Duration::from_millis))
}

/// The main generator of both steps that have requests and sleepers.
fn take_naps<Q>(sleeps: u64) -> impl Generator<Yield = Q, Return = Timed>
where
    Q: From<Spawn<Q>> + From<Sleep> + From<Join> + 'static,
{
    Generated::new(async move |co: &Co<Q>| {
        let mut tasks = Vec::new();
        for (share, duration) in naps(sleeps) {
            let sleeper = Generated::new(async move |co: &Co<Q>| {
                let mut slept = 0;
                while slept < share {
                    co.yield_(Sleep(duration)).await;
                    slept += 1;
                }
                slept
            });
            tasks.push(co.spawn(sleeper).await);
        }
        let start = Instant::now();
        let mut done = 0;
        for task in tasks {
            done += task.join(co).await.expect("nobody cancels a task");
        }
        Timed {
            done,
            elapsed: start.elapsed(),
        }
    })
}

fn on_step3(sleeps: u64) -> io::Result<Timed> {
    let scheduler = step3_sleeping_heap::Scheduler::new().with_clock(Clock::virtual_time());
    scheduler.run(take_naps(sleeps)).map_err(io::Error::other)
}

fn on_step4(sleeps: u64) -> io::Result<Timed> {
    let scheduler = step4_select::Scheduler::new()?.with_clock(Clock::virtual_time());
    scheduler.run(take_naps(sleeps)).map_err(io::Error::other)
}

fn on_step5(sleeps: u64) -> io::Result<Timed> {
    let timed = Executor::with_virtual_time()?.block_on(async {
        let sleepers = naps(sleeps).map(|(share, duration)| {
            spawn(async move {
                let mut slept = 0;
                while slept < share {
                    sleep(duration).await;
                    slept += 1;
                }
                slept
            })
        });
        let tasks = Vec::from_iter(sleepers);
        let start = Instant::now();
        let mut done = 0;
        for task in tasks {
            done += task.await.expect("nobody aborts a task");
        }
        Timed {
            done,
            elapsed: start.elapsed(),
        }
    });
    Ok(timed)
}
