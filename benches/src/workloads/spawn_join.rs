//! What does a task cost, from its beginning to its end?

use std::io;
use std::thread;
use std::time::Instant;

use step2_round_robin::{Co, Generated, Generator, Join, Spawn};
use step5_executor::{Executor, spawn};

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
            Contender::new(Who::Threads, on_threads),
        ],
    }
}

/// The main generator of every step that has requests.
fn spawn_and_join<Q>(tasks: u64) -> impl Generator<Yield = Q, Return = Timed>
where
    Q: From<Spawn<Q>> + From<Join> + 'static,
{
    Generated::new(async move |co: &Co<Q>| {
        let start = Instant::now();
        let mut done = 0;
        for number in 0..tasks {
            let task = co
                .spawn(Generated::new(async move |_: &Co<Q>| number))
                .await;
            done += u64::from(task.join(co).await == Ok(number));
        }
        Timed {
            done,
            elapsed: start.elapsed(),
        }
    })
}

fn on_step2(tasks: u64) -> io::Result<Timed> {
    step2_round_robin::Scheduler::new()
        .run(spawn_and_join(tasks))
        .map_err(io::Error::other)
}

fn on_step3(tasks: u64) -> io::Result<Timed> {
    step3_sleeping_heap::Scheduler::new()
        .run(spawn_and_join(tasks))
        .map_err(io::Error::other)
}

fn on_step4(tasks: u64) -> io::Result<Timed> {
    step4_select::Scheduler::new()?
        .run(spawn_and_join(tasks))
        .map_err(io::Error::other)
}

fn on_step5(tasks: u64) -> io::Result<Timed> {
    let timed = Executor::new()?.block_on(async {
        let start = Instant::now();
        let mut done = 0;
        for number in 0..tasks {
            let value = spawn(async move { number })
                .await
                .expect("nobody aborts a task");
            done += u64::from(value == number);
        }
        Timed {
            done,
            elapsed: start.elapsed(),
        }
    });
    Ok(timed)
}

fn on_threads(tasks: u64) -> io::Result<Timed> {
    let start = Instant::now();
    let mut done = 0;
    for number in 0..tasks {
        let value = thread::Builder::new()
            .spawn(move || number)?
            .join()
            .expect("returning a number does not panic");
        done += u64::from(value == number);
    }
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}
