//! Does a shielded future continue when its waiter does not?

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn, timeout, yield_now};
use step6_toolbox::{shield, task_group};
use testing::log::Log;

const SECOND: Duration = Duration::from_secs(1);

/// Runs a main future under virtual time, so that a wait without an end is a panic.
fn run<F: Future>(main: F) -> F::Output {
    Executor::with_virtual_time().unwrap().block_on(main)
}

/// Sleeps for 3 s and then says so.
async fn save(log: Log) -> u32 {
    sleep(3 * SECOND).await;
    log.add("saved");
    7
}

#[test]
fn it_gives_the_output_or_the_panic() {
    run(async {
        assert_eq!(shield(save(Log::default())).await.unwrap(), 7);
        assert!(
            shield(async { panic!("oh") as u32 })
                .await
                .unwrap_err()
                .is_panic()
        );
    });
}

#[test]
fn it_is_first_polled_in_the_next_round() {
    run(async {
        let has_begun = Rc::new(Cell::new(false));
        let inside = has_begun.clone();
        let shielded = shield(async move { inside.set(true) });
        assert!(!has_begun.get());
        yield_now().await;
        assert!(has_begun.get());
        shielded.await.unwrap();
    });
}

/// Before the first poll, while it waits, and when it is over.
#[test]
fn dropping_it_leaves_the_task() {
    for half_seconds in 0..=8 {
        run(async {
            let (log, start) = (Log::default(), now());
            let shielded = shield(save(log.clone()));
            if half_seconds == 0 {
                drop(shielded);
            } else {
                // At 3 s the limit is over first, because its timer is older.
                let outcome = timeout(half_seconds * SECOND / 2, shielded).await;
                assert_eq!(outcome.is_ok(), half_seconds > 6, "{half_seconds}");
            }
            sleep(3 * SECOND - (now() - start)).await;
            yield_now().await;
            assert_eq!(log.take(), ["saved"], "{half_seconds}");
        });
    }
}

#[test]
fn lent_to_a_time_limit_it_can_be_awaited_again() {
    run(async {
        let mut saving = shield(save(Log::default()));
        assert!(timeout(SECOND, &mut saving).await.is_err());
        assert_eq!(timeout(3 * SECOND, &mut saving).await.unwrap().unwrap(), 7);
    });
}

#[test]
fn it_outlives_its_task_and_group() {
    run(async {
        let log = Log::default();
        let inside = log.clone();
        let task = spawn(async move { shield(save(inside)).await.unwrap() });
        yield_now().await;
        task.abort();

        let inside = log.clone();
        let group = task_group(async |group| {
            group.spawn(async { Ok(shield(save(inside)).await.unwrap()) });
            yield_now().await;
            Err::<(), _>("oh")
        });
        assert_eq!(group.await, Err(vec!["oh"]));
        sleep(4 * SECOND).await;
        assert_eq!(log.take(), ["saved", "saved"]);
    });
}

#[test]
fn it_is_dropped_with_its_executor() {
    let log = Log::default();
    let guard = log.guard("inner");
    run(async {
        drop(shield(async move {
            let _guard = guard;
            pending::<()>().await;
        }));
        yield_now().await;
        assert!(log.take().is_empty());
    });
    assert_eq!(log.take(), ["inner dropped"]);
}
