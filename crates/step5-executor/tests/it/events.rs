//! What does a listener hear of an executor?

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use step5_executor::{Executor, sleep, spawn, spawn_named, timeout, yield_now};
use testing::foreign::poll_once;
use testing::recorder::Recorder;
use testing::{events, lines};
use trace::{Event, Reason};

use crate::support::{MS, SECOND, udp, virtually};

#[test]
fn a_small_program_is_reported_event_by_event() {
    let happened = lines(|| {
        virtually(async {
            let slow = spawn_named("slow", async {
                sleep(SECOND).await;
                7
            });
            let turns = spawn(async {
                yield_now().await;
                panic!("oh");
            });
            let _: Result<(), _> = turns.await;
            slow.await.unwrap();
        });
    });
    let expected = [
        "started",
        "main spawned",
        "main woken",
        "main resumed",
        "slow spawned by main",
        "slow woken",
        "task 2 spawned by main",
        "task 2 woken",
        "main waits for task 2",
        "main suspended",
        "slow resumed",
        "slow waits until 1s",
        "slow suspended",
        "task 2 resumed",
        "task 2 woken",
        "task 2 waits for its turn",
        "task 2 suspended",
        "task 2 resumed",
        "task 2 panicked",
        "main woken",
        "main resumed",
        "main waits for slow",
        "main suspended",
        "waited until 1s",
        "slow woken",
        "slow resumed",
        "slow finished",
        "main woken",
        "main resumed",
        "main finished",
    ];
    assert_eq!(happened, expected);
}

#[test]
fn tasks_spawned_outside_of_tasks_have_no_parent() {
    let happened = lines(|| {
        let executor = Executor::with_virtual_time().unwrap();
        drop(executor.spawn(async {}));
        executor.block_on(async {});
        drop(executor.spawn(pending::<()>()));
        drop(executor);
    });
    let expected = [
        "started",
        "task 1 spawned",
        "task 1 woken",
        "main spawned",
        "main woken",
        "task 1 resumed",
        "task 1 finished",
        "main resumed",
        "main finished",
        "task 2 spawned",
        "task 2 woken",
        "task 2 cancelled",
    ];
    assert_eq!(happened, expected);
}

#[test]
fn the_clock_is_reported_at_the_start() {
    let is_virtual = |events: Vec<Event>| match events[..] {
        [Event::Entered(_), Event::Started { is_virtual, .. }, ..] => is_virtual,
        _ => panic!("{events:?}"),
    };
    assert!(is_virtual(events(|| virtually(async {}))));
    assert!(!is_virtual(events(|| step5_executor::block_on(async {}))));
}

/// Returns what a task has waited for, in each turn.
fn reasons(executor: &Executor, main: impl Future<Output = ()> + 'static) -> Vec<Vec<Reason>> {
    let recorder = Recorder::new();
    let task = executor.spawn(main);
    let id = task.id();
    executor.block_on(async {
        yield_now().await;
        task.abort();
    });
    recorder.reasons(id)
}

#[test]
fn a_task_reports_what_it_waits_for() {
    let executor = Executor::new().unwrap();
    let wait = async { yield_now().await };
    assert_eq!(reasons(&executor, wait), [[Reason::Turn]]);

    let wait = async { sleep(Duration::MAX).await };
    assert_eq!(reasons(&executor, wait), [[Reason::Sleep(None)]]);

    let joined = executor.spawn(pending::<()>());
    let expected = Reason::Join(joined.id().0);
    let wait = async { joined.await.unwrap() };
    assert_eq!(reasons(&executor, wait), [[expected]]);

    let wait = pending();
    assert_eq!(reasons(&executor, wait), [[]]);
}

#[test]
fn a_task_reports_a_wait_for_a_socket() {
    let executor = Executor::new().unwrap();
    let wait = async { drop(udp().recv(&mut [0]).await) };
    let reasons = reasons(&executor, wait);
    let [[Reason::Readable(fd)]] = [&reasons[0][..]] else {
        panic!("{reasons:?}");
    };
    assert!(*fd > 2, "{fd}");
}

/// The sleep of the timeout is reported as well, and again in the next turn.
#[test]
fn a_timeout_waits_for_two_things() {
    let recorder = Recorder::new();
    virtually(async {
        let gate = testing::gate::Gate::default();
        let task = spawn(timeout(Duration::MAX, gate.clone().wait()));
        let other = spawn(timeout(Duration::MAX, async { drop(task.await) }));
        let id = other.id();
        yield_now().await;
        let expected = [Reason::Join(1), Reason::Sleep(None)];
        assert_eq!(recorder.reasons(id), [expected]);
        gate.open();
        other.await.unwrap().unwrap();
    });
}

#[test]
fn a_dropped_future_takes_its_reason_back() {
    let recorder = Recorder::new();
    step5_executor::block_on(async {
        let task = spawn(async {
            let joined = spawn(pending::<()>());
            let mut joining = Box::pin(joined);
            let mut nap = Box::pin(sleep(SECOND));
            let socket = udp();
            let mut buffer = [0];
            let mut receive = Box::pin(socket.recv(&mut buffer));
            assert!(poll_once(joining.as_mut()).await.is_pending());
            assert!(poll_once(nap.as_mut()).await.is_pending());
            assert!(poll_once(receive.as_mut()).await.is_pending());
            drop((joining, nap, receive));
            yield_now().await;
        });
        let id = task.id();
        task.await.unwrap();
        assert_eq!(recorder.reasons(id), [[Reason::Turn]]);
        let is_given_up = |event: &Event| matches!(event, Event::GaveUp(_));
        let given_up = recorder.take().into_iter().filter(is_given_up);
        assert_eq!(given_up.count(), 3);
    });
}

/// A wait that has ended is not taken back.
#[test]
fn a_wait_that_has_ended_is_not_given_up() {
    let happened = events(|| {
        step5_executor::block_on(async {
            sleep(MS).await;
            spawn(async {}).await.unwrap();
            let mut nap = sleep(Duration::ZERO);
            assert!(poll_once(Pin::new(&mut nap)).await.is_pending());
        });
    });
    let given_up = happened.iter().filter(|e| matches!(e, Event::GaveUp(_)));
    // Only that of the last sleep, which was dropped while it waited.
    assert_eq!(given_up.count(), 1);
}
