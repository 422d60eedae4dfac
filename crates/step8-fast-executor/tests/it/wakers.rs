//! A waker is a number. What if the slot or the executor that it names is used again?

use std::future::poll_fn;
use std::task::{Poll, Waker};

use step8_fast_executor::{Executor, JoinHandle, spawn, yield_now};
use testing::gate::Gate;

/// Spawns a task that waits at a gate, and lets it get there.
async fn spawn_waiting() -> (JoinHandle<()>, Gate) {
    let gate = Gate::default();
    let task = spawn(gate.clone().wait());
    yield_now().await;
    (task, gate)
}

/// The key in a waker: 24 bits of slot, 15 of executor, 24 of generation, and a zero.
#[test]
fn slot_of_a_gone_task_is_used_again() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let mut places = Vec::new();
        for _ in 0..100 {
            let (task, gate) = spawn_waiting().await;
            places.push(gate.waker().data().addr() >> 25);
            gate.open();
            task.await.unwrap();
        }
        places.dedup();
        assert_eq!(places.len(), 1);
    });
}

/// Numbers of executors are used again. A waker of an old one may give a task of a new one a
/// spurious wake-up, and no more.
#[test]
fn reused_executor_number_is_a_spurious_wake() {
    let (executor, tasks) = (Executor::with_virtual_time().unwrap(), 3);
    let stale: Vec<Waker> = executor.block_on(async {
        let mut wakers = vec![poll_fn(|cx| Poll::Ready(cx.waker().clone())).await];
        for _ in 0..tasks {
            wakers.push(spawn_waiting().await.1.waker());
        }
        wakers
    });
    drop(executor);

    let mut has_come_round = false;
    for _ in 0..2_000 {
        // One with a task in the same place as the first of the old one, and none in the others.
        let executor = Executor::with_virtual_time().unwrap();
        let (task, gate) = executor.block_on(spawn_waiting());
        stale.iter().for_each(Waker::wake_by_ref);
        executor.block_on(async {
            yield_now().await;
            yield_now().await;
        });
        assert!((1..=2).contains(&gate.polls()) && !task.is_finished());
        has_come_round |= gate.polls() == 2;
        gate.open();
        executor.block_on(task).unwrap();
    }
    assert!(
        has_come_round,
        "this test has to be extended: no number was used again"
    );
}
