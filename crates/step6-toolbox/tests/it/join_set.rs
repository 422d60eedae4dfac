//! Does a growing set of tasks give each outcome once, as it comes, and leave no task behind?

use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn, timeout, yield_now};
use step6_toolbox::JoinSet;
use testing::foreign::turns;
use testing::log::Log;

const SECOND: Duration = Duration::from_secs(1);

fn run(main: impl Future<Output = ()>) {
    Executor::with_virtual_time().unwrap().block_on(main);
}

#[test]
fn outcomes_come_in_the_order_of_the_ends() {
    run(async {
        let start = now();
        let mut tasks = JoinSet::new();
        for seconds in [3, 1, 2] {
            tasks.spawn(async move {
                sleep(SECOND * seconds).await;
                seconds
            });
        }
        assert_eq!((tasks.len(), tasks.is_empty()), (3, false));
        for seconds in [1, 2, 3] {
            assert_eq!(tasks.next().await.unwrap().unwrap(), seconds);
            assert_eq!(now(), start + SECOND * seconds);
        }
        assert_eq!((tasks.len(), tasks.is_empty()), (0, true));
        assert!(tasks.next().await.is_none());
    });
}

#[test]
fn it_grows_between_the_outcomes() {
    run(async {
        let mut tasks = JoinSet::new();
        tasks.spawn(async { 10 });
        let mut outputs = Vec::new();
        while let Some(outcome) = tasks.next().await {
            let n = outcome.unwrap();
            outputs.push(n);
            if n > 8 {
                tasks.spawn(async move { n - 1 });
                tasks.spawn(async move {
                    yield_now().await;
                    n - 2
                });
            }
        }
        assert_eq!(outputs, [10, 9, 8, 8, 7]);
    });
}

/// Promise (toolbox): A `JoinSet` gives each outcome once, and no task outlives it.
#[test]
fn a_next_that_is_dropped_loses_no_outcome() {
    run(async {
        let mut tasks = JoinSet::new();
        for n in 0..3 {
            tasks.spawn(async move {
                sleep(SECOND).await;
                n
            });
        }
        assert!(timeout(SECOND / 2, tasks.next()).await.is_err());
        // All three end while nothing is asked of the set.
        sleep(SECOND).await;
        for n in 0..3 {
            drop(tasks.next());
            assert_eq!(tasks.next().await.unwrap().unwrap(), n);
        }
    });
}

#[test]
fn a_panic_is_an_outcome() {
    run(async {
        let mut tasks = JoinSet::new();
        tasks.spawn(async { panic!("oh") });
        tasks.spawn(async { 7 });
        assert!(tasks.next().await.unwrap().unwrap_err().is_panic());
        assert_eq!(tasks.next().await.unwrap().unwrap(), 7);
    });
}

#[test]
fn all_are_aborted_and_say_so() {
    run(async {
        let log = Log::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(async {});
        for name in ["a", "b"] {
            let guard = log.guard(name);
            tasks.spawn(async {
                let _guard = guard;
                std::future::pending().await
            });
        }
        turns(1).await;
        tasks.abort_all();
        assert_eq!(log.take(), ["a dropped", "b dropped"]);
        assert_eq!(tasks.len(), 3);
        // This one had ended already.
        assert!(tasks.next().await.unwrap().is_ok());
        for _ in 0..2 {
            assert!(tasks.next().await.unwrap().unwrap_err().is_cancelled());
        }
        assert!(tasks.next().await.is_none());
    });
}

#[test]
fn one_task_is_aborted() {
    run(async {
        let mut tasks = JoinSet::new();
        tasks.spawn(sleep(SECOND));
        let second = tasks.spawn(std::future::pending());
        second.abort();
        assert!(tasks.next().await.unwrap().unwrap_err().is_cancelled());
        assert!(tasks.next().await.unwrap().is_ok());
    });
}

/// Promise (toolbox): A `JoinSet` gives each outcome once, and no task outlives it.
#[test]
fn a_set_that_is_dropped_aborts_its_tasks() {
    run(async {
        let log = Log::default();
        let guard = log.guard("task");
        let holder = spawn(async {
            let mut tasks = JoinSet::new();
            tasks.spawn(async {
                let _guard = guard;
                std::future::pending::<()>().await
            });
            tasks.next().await;
        });
        turns(2).await;
        assert!(log.take().is_empty());
        holder.abort();
        assert_eq!(log.take(), ["task dropped"]);
    });
}
