//! A task, from its beginning to its end.

use std::io;
use std::thread;
use std::time::Instant;

use timeline::units::integer;

use crate::asyncio;
use crate::steps::{Futures, Generators};
use crate::workload::{Contender, Count, Section, Timed, Workload};

/// What a thread of ours needs: the C library keeps some stacks for the next threads, and more of
/// them if they are small.
pub(super) const STACK: usize = 64 * 1_024;

/// How many are spawned before the first of them is joined.
pub(super) fn workload(at_once: u64) -> Workload {
    let name = match at_once {
        1 => "spawn and join a task, one at a time".to_owned(),
        _ => format!("spawn and join a task, {} at once", integer(at_once)),
    };
    Workload {
        name,
        section: Section::SpawnJoin,
        batch: at_once,
        count: Some(Count::Allocations),
        growth: None,
        is_charted: at_once > 1,
        contenders: vec![
            Contender::new("step 2", move |tasks| {
                on_generators::<step2_round_robin::Co>(at_once, tasks)
            }),
            Contender::new("step 3", move |tasks| {
                on_generators::<step3_sleeping_heap::Co>(at_once, tasks)
            }),
            Contender::new("step 4", move |tasks| {
                on_generators::<step4_select::Co>(at_once, tasks)
            }),
            Contender::new("step 5", move |tasks| {
                on_futures::<step5_executor::Executor>(at_once, tasks)
            }),
            Contender::new("step 8", move |tasks| {
                on_futures::<step8_fast_executor::Executor>(at_once, tasks)
            }),
            Contender::new("threads", move |tasks| on_threads(at_once, tasks)),
            asyncio::contender("asyncio", "spawn_join", at_once),
        ],
    }
}

fn on_generators<C: Generators>(at_once: u64, tasks: u64) -> io::Result<Timed> {
    C::run(async move |co| {
        let mut spawned = Vec::with_capacity(at_once as usize);
        let mut done = 0;
        let start = Instant::now();
        while done < tasks {
            for number in 0..at_once {
                spawned.push(co.spawn(async move |_| number).await);
            }
            for (number, task) in (0..).zip(spawned.drain(..)) {
                done += u64::from(co.join(task).await == Some(number));
            }
        }
        let elapsed = start.elapsed();
        Timed { done, elapsed }
    })
}

fn on_futures<E: Futures>(at_once: u64, tasks: u64) -> io::Result<Timed> {
    E::new()?.block_on(async {
        let mut spawned = Vec::with_capacity(at_once as usize);
        let mut done = 0;
        let start = Instant::now();
        while done < tasks {
            spawned.extend((0..at_once).map(|number| E::spawn(async move { number })));
            for (number, task) in (0..).zip(spawned.drain(..)) {
                done += u64::from(task.await.expect("no task is aborted") == number);
            }
        }
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}

fn on_threads(at_once: u64, tasks: u64) -> io::Result<Timed> {
    let mut spawned = Vec::with_capacity(at_once as usize);
    let mut done = 0;
    let start = Instant::now();
    while done < tasks {
        for number in 0..at_once {
            let builder = thread::Builder::new().stack_size(STACK);
            spawned.push(builder.spawn(move || number)?);
        }
        for (number, thread) in (0..).zip(spawned.drain(..)) {
            let value = thread.join().expect("returning a number does not panic");
            done += u64::from(value == number);
        }
    }
    let elapsed = start.elapsed();
    Ok(Timed { done, elapsed })
}
