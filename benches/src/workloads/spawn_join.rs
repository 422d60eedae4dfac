//! The cost of a task, from its beginning to its end.

use std::io;
use std::thread;
use std::time::Instant;

use super::{Contender, Timed, Who, Workload};

pub(super) fn workload() -> Workload {
    Workload {
        name: "spawn_join",
        idle: None,
        operation: "a task is spawned, runs, and is joined".into(),
        contenders: vec![
            Contender::new(Who::Step(2), on_step2),
            Contender::new(Who::Step(3), on_step3),
            Contender::new(Who::Step(4), on_step4),
            Contender::new(Who::Step(5), on_step5),
            Contender::new(Who::Step(8), on_step8),
            Contender::new(Who::Threads, on_threads),
        ],
    }
}

/// The schedulers of steps 2 to 4 differ in type, but not in what is called here.
macro_rules! spawn_and_join_on {
    ($scheduler:expr, $tasks:expr) => {{
        let tasks = $tasks;
        let ran = $scheduler.run(async move |co| {
            let start = Instant::now();
            let mut done = 0;
            for number in 0..tasks {
                let task = co.spawn(async move |_| number).await;
                done += u64::from(task.join(&co).await == Some(number));
            }
            Timed {
                done,
                elapsed: start.elapsed(),
            }
        });
        ran.map_err(io::Error::other)
    }};
}

fn on_step2(tasks: u64) -> io::Result<Timed> {
    spawn_and_join_on!(step2_round_robin::Scheduler::new(), tasks)
}

fn on_step3(tasks: u64) -> io::Result<Timed> {
    spawn_and_join_on!(step3_sleeping_heap::Scheduler::new(), tasks)
}

fn on_step4(tasks: u64) -> io::Result<Timed> {
    spawn_and_join_on!(step4_select::Scheduler::new()?, tasks)
}

/// The executors of steps 5 and 8 have the same public names.
macro_rules! spawn_and_join_with {
    ($executor:ident, $tasks:expr) => {{
        let tasks = $tasks;
        let timed = $executor::Executor::new()?.block_on(async {
            let start = Instant::now();
            let mut done = 0;
            for number in 0..tasks {
                let task = $executor::spawn(async move { number });
                done += u64::from(task.await.expect("no task is aborted") == number);
            }
            Timed {
                done,
                elapsed: start.elapsed(),
            }
        });
        Ok(timed)
    }};
}

fn on_step5(tasks: u64) -> io::Result<Timed> {
    spawn_and_join_with!(step5_executor, tasks)
}

fn on_step8(tasks: u64) -> io::Result<Timed> {
    spawn_and_join_with!(step8_fast_executor, tasks)
}

fn on_threads(tasks: u64) -> io::Result<Timed> {
    let start = Instant::now();
    let mut done = 0;
    for number in 0..tasks {
        let thread = thread::Builder::new().spawn(move || number)?;
        let value = thread.join().expect("returning a number does not panic");
        done += u64::from(value == number);
    }
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}
