//! Which tasks does a panic end? Only the one in which it happens.

use std::future::{pending, poll_fn};
use std::task::Poll;

use testing::foreign::turns;
use testing::gate::Gate;
use testing::log::{Log, on_drop};
use testing::panic_message;
use testing::recorder::Recorder;

use crate::executor::{Executor, JoinError, JoinHandle, block_on, sleep, spawn, yield_now};
use crate::suites::support::{SECOND, run, sender, udp, virtually};

/// Takes the text of a task's panic out of its handle.
async fn text<T>(task: JoinHandle<T>) -> String {
    match task.await {
        Ok(_) => panic!("it did not panic"),
        Err(error) => panic_message::text(&*error.try_into_panic().unwrap()),
    }
}

async fn log_after_a_second(log: Log, name: &str) {
    sleep(SECOND).await;
    log.add(name);
}

/// Promise (tasks): A panic in a task ends that task alone, and its joiner gets the panic.
///
/// Classic bug: A task's panic kills the loop
#[test]
fn a_panic_ends_one_task_and_join_returns_it() {
    let (recorder, log) = (Recorder::new(), Log::default());
    virtually(async {
        let before = spawn(log_after_a_second(log.clone(), "before"));
        let fails = spawn(async {
            yield_now().await;
            panic!("the task failed");
        });
        let after = spawn(log_after_a_second(log.clone(), "after"));
        let id = fails.id();
        assert_eq!(text(fails).await, "the task failed");
        before.await.unwrap();
        after.await.unwrap();
        let expected = "spawned woken resumed woken suspended resumed panicked";
        assert_eq!(recorder.story(id), expected);
    });
    assert_eq!(log.take(), ["before", "after"]);
}

#[test]
fn a_joiner_may_continue_the_panic() {
    let message = panic_message::of(|| {
        virtually(async {
            let task = spawn(async { panic!("the first") });
            let join = async { task.await.unwrap_or_else(|error| error.resume_unwind()) };
            let outcome = spawn(join).await;
            outcome.unwrap_or_else(|error: JoinError| error.resume_unwind())
        })
    });
    assert_eq!(message, "the first");
}

#[test]
fn a_panic_of_a_detached_task_is_dropped() {
    virtually(async {
        drop(spawn(async { panic!("oh") }));
        yield_now().await;
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
}

#[test]
fn the_locals_are_dropped_before_the_join() {
    let log = Log::default();
    virtually(async {
        let (local, captured) = (log.guard("local"), log.guard("captured"));
        let task = spawn(async move {
            let _captured = &captured;
            let _local = local;
            yield_now().await;
            panic!("oh");
        });
        assert_eq!(text(task).await, "oh");
        log.add("joined");
    });
    let expected = ["local dropped", "captured dropped", "joined"];
    assert_eq!(log.take(), expected);
}

#[test]
fn a_task_that_panicked_is_not_polled_again() {
    let recorder = Recorder::new();
    virtually(async {
        let task = spawn(poll_fn(|cx| -> Poll<()> {
            cx.waker().wake_by_ref();
            panic!("oh");
        }));
        let id = task.id();
        assert_eq!(text(task).await, "oh");
        // This one has the same row of the table.
        let next = spawn(async { 7 });
        let next_id = next.id();
        assert_eq!(next.await.unwrap(), 7);
        assert_eq!((recorder.resumes(id), recorder.resumes(next_id)), (1, 1));
    });
}

#[test]
fn many_tasks_may_panic() {
    virtually(async {
        let panics = |i: u32| async move { assert!(i.is_multiple_of(2)) };
        let tasks: Vec<_> = (0..1_000).map(|i| spawn(panics(i))).collect();
        let mut panicked = 0;
        for task in tasks {
            panicked += u32::from(task.await.is_err_and(|error| error.is_panic()));
        }
        assert_eq!(panicked, 500);
    });
}

#[test]
fn a_panic_takes_timers_and_sockets_back() {
    run(async || {
        let socket = std::rc::Rc::new(udp());
        let fails = socket.clone();
        let task = spawn(async move {
            let mut buffer = [0];
            let mut receive = Box::pin(fails.recv(&mut buffer));
            assert!(
                testing::foreign::poll_once(receive.as_mut())
                    .await
                    .is_pending()
            );
            let mut nap = sleep(SECOND);
            assert!(
                testing::foreign::poll_once(std::pin::Pin::new(&mut nap))
                    .await
                    .is_pending()
            );
            panic!("oh");
        });
        assert_eq!(text(task).await, "oh");
        sender(&socket).send(b"x").unwrap();
        assert_eq!(socket.recv(&mut [0]).await.unwrap(), 1);
    });
}

/// Its guards see that the task is panicking, and may still use the executor.
#[test]
fn guards_of_a_task_that_panics_may_spawn() {
    let log = Log::default();
    virtually(async {
        let seen = log.clone();
        let task = spawn(async move {
            let _guard = on_drop(move || drop(spawn(async move { seen.add("spawned") })));
            panic!("oh");
        });
        assert_eq!(text(task).await, "oh");
        turns(2).await;
    });
    assert_eq!(log.take(), ["spawned"]);
}

/// The output is dropped where the task would have stored it.
#[test]
fn a_panic_of_main_leaves_tasks_in_all_states() {
    let gate = Gate::default();
    let executor = Executor::with_virtual_time().unwrap();
    let mut tasks = vec![executor.spawn(gate.clone().wait())];
    let message = panic_message::of(|| {
        executor.block_on(async {
            tasks.push(spawn(turns(2)));
            tasks.push(spawn(async { sleep(SECOND).await }));
            yield_now().await;
            tasks.push(spawn(async {}));
            panic!("main failed")
        })
    });
    assert_eq!(message, "main failed");
    gate.open();
    executor.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn after_mains_panic_block_on_drops_the_tasks() {
    let log = Log::default();
    let message = panic_message::of(|| {
        block_on(async {
            for i in 0..3 {
                let guard = log.guard(format!("task {i}"));
                drop(spawn(async move {
                    let _guard = guard;
                    pending::<()>().await;
                }));
            }
            yield_now().await;
            panic!("main failed")
        })
    });
    assert_eq!(message, "main failed");
    let expected = ["task 0 dropped", "task 1 dropped", "task 2 dropped"];
    assert_eq!(log.take(), expected);
}
