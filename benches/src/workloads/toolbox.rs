//! Step 6's tools, on step 5's executor, and the same of asyncio.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Instant;

use step5_executor::{Executor, spawn, yield_now};
use step6_toolbox::{Lock, Queue, join_all};
use timeline::units::integer;

use crate::asyncio;
use crate::workload::{Contender, Count, Growth, Section, Timed, Workload};

const CHILDREN: u64 = 1_000;

/// A queue with room for one, so that each message is a switch to the getter, and one back.
pub(super) fn queue() -> Workload {
    Workload {
        name: "a message through a queue of 1".into(),
        section: Section::Toolbox,
        batch: 100,
        count: Some(Count::Allocations),
        growth: None,
        is_charted: true,
        contenders: vec![
            Contender::new("step 6", pass_messages),
            asyncio::contender("asyncio", "queue", 1),
        ],
    }
}

fn pass_messages(messages: u64) -> io::Result<Timed> {
    Executor::new()?.block_on(async {
        let queue = Rc::new(Queue::new(1));
        let filled = Rc::clone(&queue);
        let start = Instant::now();
        let putter = spawn(async move {
            for number in 0..messages {
                filled.put(number).await.expect("the queue is open");
            }
        });
        let mut done = 0;
        while done < messages {
            let number = queue.get().await.expect("the queue is open");
            assert_eq!(number, done);
            done += 1;
        }
        let elapsed = start.elapsed();
        putter.await.expect("no task is aborted");
        Ok(Timed { done, elapsed })
    })
}

/// Children that each take a turn.
pub(super) fn gather() -> Workload {
    Workload {
        name: "gather 1,000 that each take a turn".into(),
        section: Section::Toolbox,
        batch: 1,
        count: Some(Count::Allocations),
        growth: None,
        is_charted: false,
        contenders: vec![
            Contender::new("step 6", gather_children),
            asyncio::contender("asyncio", "gather", CHILDREN),
        ],
    }
}

fn gather_children(times: u64) -> io::Result<Timed> {
    let child = async |number: u64| {
        yield_now().await;
        number
    };
    Executor::new()?.block_on(async {
        let start = Instant::now();
        let mut done = 0;
        for _ in 0..times {
            let numbers = join_all((0..CHILDREN).map(child)).await;
            done += u64::from(numbers.into_iter().eq(0..CHILDREN));
        }
        let elapsed = start.elapsed();
        Ok(Timed { done, elapsed })
    })
}

/// A lock that goes from one task to the next, while the others wait for it.
pub(super) fn lock(tasks: u64) -> Workload {
    let on_step6 = move |times| hand_over_lock(tasks, times);
    let mut contenders = vec![Contender::new("step 6", on_step6)];
    // asyncio takes a minute to make so many.
    if tasks < 100_000 {
        contenders.push(asyncio::contender("asyncio", "lock", tasks));
    }
    Workload {
        name: format!("a lock is handed over, {} want it", integer(tasks)),
        section: Section::Growth,
        batch: tasks.max(1_000),
        count: None,
        growth: Some(Growth {
            of: "waiters",
            n: tasks,
        }),
        is_charted: false,
        contenders,
    }
}

fn hand_over_lock(tasks: u64, times: u64) -> io::Result<Timed> {
    Executor::new()?.block_on(async {
        let (lock, done) = (Rc::new(Lock::new(())), Rc::new(Cell::new(0)));
        let first = lock.lock().await;
        for _ in 1..tasks {
            let (lock, done) = (Rc::clone(&lock), Rc::clone(&done));
            drop(spawn(async move {
                loop {
                    let _guard = lock.lock().await;
                    done.set(done.get() + 1);
                }
            }));
        }
        // Now all of them wait.
        yield_now().await;
        drop(first);
        let start = Instant::now();
        while done.get() < times {
            let _guard = lock.lock().await;
            done.set(done.get() + 1);
        }
        let elapsed = start.elapsed();
        let done = done.get();
        Ok(Timed { done, elapsed })
    })
}
