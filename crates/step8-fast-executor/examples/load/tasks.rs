//! Many tasks that are alive at once.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::time::Instant;

use step8_fast_executor::{Executor, yield_now};
use testing::allocator::live;

use crate::loads::Figures;

/// Spawns tasks, gives each two turns, and drops all of them.
pub(crate) fn alive(count: u64) -> Figures {
    let executor = Executor::with_virtual_time().expect("a few descriptors are left");
    let (before, start) = (live(), Instant::now());
    let turns = Rc::new(Cell::new(0));
    for _ in 0..count {
        let turns = turns.clone();
        drop(executor.spawn(async move {
            turns.set(turns.get() + 1);
            yield_now().await;
            turns.set(turns.get() + 1);
            pending::<()>().await;
        }));
    }
    let spawned = start.elapsed();
    executor.block_on(async {
        yield_now().await;
        yield_now().await;
    });
    let ran = start.elapsed();
    let during = live() - before;
    drop(executor);
    vec![
        (turns.get(), "turns"),
        (spawned.as_millis() as u64, "ms to spawn them"),
        (
            (ran - spawned).as_millis() as u64,
            "ms to give each two turns",
        ),
        (
            (start.elapsed() - ran).as_millis() as u64,
            "ms to drop them",
        ),
        (Rc::strong_count(&turns) as u64 - 1, "tasks left"),
        (during as u64 / count, "bytes of memory a task"),
    ]
}
