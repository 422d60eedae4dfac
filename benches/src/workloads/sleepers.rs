//! The cost of sleeping when many do.
//!
//! On the virtual clock no time passes, so what is left is the work of going to sleep and of being
//! woken.

use std::io;
use std::time::{Duration, Instant};

use step3_sleeping_heap::Clock;

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
            Contender::new(Who::Step(8), on_step8),
        ],
    }
}

/// Returns how often each task sleeps, and how long: 1 to 100 ms, so that at each millisecond some
/// hundreds are woken.
fn naps(sleeps: u64) -> impl Iterator<Item = (u64, Duration)> {
    shares(sleeps, TASKS).zip((1..=100).cycle().map(Duration::from_millis))
}

/// The schedulers of steps 3 and 4 differ in type, but not in what is called here.
macro_rules! take_naps_on {
    ($scheduler:expr, $sleeps:expr) => {{
        let sleeps = $sleeps;
        let ran = $scheduler.run(async move |co| {
            let mut tasks = Vec::new();
            for (share, duration) in naps(sleeps) {
                let sleeper = co.spawn(async move |co| {
                    let mut slept = 0;
                    while slept < share {
                        co.sleep(duration).await;
                        slept += 1;
                    }
                    slept
                });
                tasks.push(sleeper.await);
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

fn on_step3(sleeps: u64) -> io::Result<Timed> {
    let scheduler = step3_sleeping_heap::Scheduler::with_clock(Clock::virtual_time());
    take_naps_on!(scheduler, sleeps)
}

fn on_step4(sleeps: u64) -> io::Result<Timed> {
    let scheduler = step4_select::Scheduler::new()?.with_clock(Clock::virtual_time());
    take_naps_on!(scheduler, sleeps)
}

/// The executors of steps 5 and 8 have the same public names.
macro_rules! take_naps_with {
    ($executor:ident, $sleeps:expr) => {{
        let sleeps = $sleeps;
        let timed = $executor::Executor::with_virtual_time()?.block_on(async {
            let sleepers = naps(sleeps).map(|(share, duration)| {
                $executor::spawn(async move {
                    let mut slept = 0;
                    while slept < share {
                        $executor::sleep(duration).await;
                        slept += 1;
                    }
                    slept
                })
            });
            let tasks = Vec::from_iter(sleepers);
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

fn on_step5(sleeps: u64) -> io::Result<Timed> {
    take_naps_with!(step5_executor, sleeps)
}

fn on_step8(sleeps: u64) -> io::Result<Timed> {
    take_naps_with!(step8_fast_executor, sleeps)
}
