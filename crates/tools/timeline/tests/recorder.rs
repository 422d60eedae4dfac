//! Does the recorder write down what happened, and not what seemed to happen?

mod support;

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use step2_round_robin::{Co, Generated, Turn};
use step5_executor::{Executor, sleep, spawn, timeout, yield_now};
use support::{SECOND, recorded, recorded2, socket};
use timeline::Reason::{Join, Readable, Sleep};
use timeline::What::{
    self, Cancelled, Finished, GoesOn, Panicked, Ready, Runs, Spawned, Suspended,
};
use timeline::{Picture, Recorder, Recording};

/// Waits for two futures at once.
async fn join(one: impl Future, other: impl Future) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let mut are_ready = [false; 2];
    poll_fn(|cx| {
        are_ready[0] = are_ready[0] || one.as_mut().poll(cx).is_ready();
        are_ready[1] = are_ready[1] || other.as_mut().poll(cx).is_ready();
        if are_ready == [true; 2] {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// What happened to a task.
fn story(recording: &Recording, task: usize) -> Vec<What> {
    recording
        .events
        .iter()
        .filter(|event| event.task == task)
        .map(|event| event.what.clone())
        .collect()
}

#[test]
fn a_request_that_is_answered_at_once_is_no_wait() {
    let recording = recorded2(async |co: &Co| {
        let child = co.spawn(Generated::new(async |_: &Co| ())).await;
        co.yield_(Turn).await;
        // It has ended.
        child.join(co).await.unwrap();
        co.yield_(Turn).await;
    });
    let expected = [
        Spawned,
        Ready,
        Runs,
        GoesOn,
        Ready,
        Suspended(vec![]),
        Runs,
        GoesOn,
        Ready,
        Suspended(vec![]),
        Runs,
        Finished,
    ];
    assert_eq!(story(&recording, 0), expected);
    assert_eq!(story(&recording, 1), [Spawned, Ready, Runs, Finished]);
    assert!(
        Picture::from(recording)
            .to_text(80)
            .contains("6 resumes, 4 wakes, 0 waits\n")
    );
}

#[test]
fn a_limit_is_a_second_reason_and_not_the_one_that_is_shown() {
    let recording = recorded(async {
        let socket = socket();
        _ = timeout(SECOND, socket.recv(&mut [0; 8])).await;
    });
    let wait = Suspended(vec![Readable(0), Sleep(Some(SECOND))]);
    assert_eq!(
        story(&recording, 0),
        [Spawned, Ready, Runs, wait, Ready, Runs, Finished]
    );
    assert_eq!(recording.sockets, 1);
    assert!(
        Picture::from(recording)
            .to_text(80)
            .starts_with("main  █ssss")
    );
}

#[test]
fn what_was_given_up_in_the_same_poll_is_no_reason() {
    let recording = recorded(async {
        // The loser says what it waits for, and is dropped in that poll.
        let mut loser = Box::pin(sleep(9 * SECOND));
        poll_fn(|cx| {
            assert!(loser.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(loser);
        sleep(SECOND).await;
    });
    assert_eq!(
        story(&recording, 0)[3],
        Suspended(vec![Sleep(Some(SECOND))])
    );
}

#[test]
fn several_futures_of_a_task_are_several_reasons() {
    let recording = recorded(async {
        let child = spawn(sleep(2 * SECOND));
        let (mut child, mut sleep) = (pin!(child), pin!(sleep(SECOND)));
        poll_fn(|cx| {
            if child.as_mut().poll(cx).is_ready() {
                Poll::Ready(())
            } else {
                sleep.as_mut().poll(cx)
            }
        })
        .await;
    });
    assert_eq!(
        story(&recording, 0)[3],
        Suspended(vec![Join(Some(1)), Sleep(Some(SECOND))])
    );
}

/// As in a `join_all` that polls only the futures that were woken.
#[test]
fn a_future_that_is_not_polled_again_still_waits() {
    let recording = recorded(async {
        let child = spawn(sleep(3 * SECOND));
        let (mut child, mut one, mut two) =
            (pin!(child), pin!(sleep(SECOND)), pin!(sleep(2 * SECOND)));
        let mut polls = 0;
        poll_fn(|cx| {
            polls += 1;
            match polls {
                1 => {
                    assert!(child.as_mut().poll(cx).is_pending());
                    assert!(
                        one.as_mut().poll(cx).is_pending() && two.as_mut().poll(cx).is_pending()
                    );
                    Poll::Pending
                }
                // The first and the second sleep are over, one after the other.
                2 => {
                    assert!(one.as_mut().poll(cx).is_ready());
                    Poll::Pending
                }
                3 => {
                    assert!(two.as_mut().poll(cx).is_ready());
                    Poll::Pending
                }
                _ => child.as_mut().poll(cx).map(|_| ()),
            }
        })
        .await;
        sleep(SECOND).await;
    });
    let waits: Vec<_> = story(&recording, 0)
        .into_iter()
        .filter(|what| matches!(what, Suspended(_)))
        .collect();
    let (child, one, two) = (Join(Some(1)), Sleep(Some(SECOND)), Sleep(Some(2 * SECOND)));
    let last = vec![Sleep(Some(4 * SECOND))];
    assert_eq!(
        waits,
        [vec![child, one, two], vec![child, two], vec![child], last].map(Suspended)
    );
}

#[test]
fn who_is_woken_while_it_is_polled_does_not_wait() {
    let recording = recorded(async { yield_now().await });
    assert_eq!(
        story(&recording, 0),
        [
            Spawned,
            Ready,
            Runs,
            Ready,
            Suspended(vec![]),
            Runs,
            Finished
        ]
    );
    assert!(
        Picture::from(recording)
            .to_text(80)
            .contains("2 resumes, 2 wakes, 0 waits\n")
    );
}

#[test]
fn each_end_is_told_from_the_others() {
    let recording = recorded(async {
        let panics = spawn(async { panic!("as planned") });
        let aborted = spawn(sleep(SECOND));
        drop(spawn(sleep(9 * SECOND)));
        _ = panics.await;
        aborted.abort();
    });
    let ends = (0..4).map(|task| story(&recording, task).pop().unwrap());
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [Finished, Panicked, Cancelled, Cancelled]
    );
    assert_eq!(
        recording
            .tasks
            .iter()
            .map(|task| task.by)
            .collect::<Vec<_>>(),
        [None, Some(0), Some(0), Some(0)]
    );
}

#[test]
fn each_block_on_has_a_main_of_its_own() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(recorder.clone());
    executor.block_on(sleep_in(SECOND));
    executor.block_on(sleep_in(SECOND));
    let text = Picture::from(recorder.recording()).to_text(29);
    assert!(
        text.starts_with("main  █zzzzzzzzzz█···········\nmain             █zzzzzzzzzz█\n"),
        "{text}"
    );
}

#[test]
fn a_main_that_panics_has_an_end_and_the_next_one_a_row() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(recorder.clone());
    let fails = async {
        sleep(SECOND).await;
        std::panic::resume_unwind(Box::new(()));
    };
    assert!(catch_unwind(AssertUnwindSafe(|| executor.block_on(fails))).is_err());
    executor.block_on(sleep_in(SECOND));
    let recording = recorder.recording();
    assert_eq!(recording.tasks.len(), 2);
    assert_eq!(story(&recording, 0).last(), Some(&Panicked));
}

/// One of two futures that sleep until the same time gives up, and the other does not.
#[test]
fn a_future_that_gives_up_takes_back_what_it_said_alone() {
    let recording = recorded(async {
        join(sleep(5 * SECOND), timeout(SECOND, sleep(5 * SECOND))).await;
    });
    let text = Picture::from(recording).to_text(40);
    assert!(text.contains("2 waits: 2 sleeping\n"), "{text}");
}

#[test]
fn a_task_that_aborts_another_takes_back_nothing_of_its_own() {
    let recording = recorded(async {
        let other = spawn(sleep(5 * SECOND));
        let abort = async {
            sleep(SECOND).await;
            other.abort();
        };
        join(sleep(5 * SECOND), abort).await;
    });
    let text = Picture::from(recording).to_text(40);
    assert!(
        text.starts_with("main    █zzzzz█zzzzzzzzzzzzzzzzzzzzzzzz█\n"),
        "{text}"
    );
}

/// A sleep is made inside an executor, and not before.
async fn sleep_in(duration: Duration) {
    sleep(duration).await;
}

/// A virtual clock tells no time outside of a run, but it stands still there.
#[test]
fn what_is_spawned_between_two_runs_is_spawned_then() {
    let recorder = Recorder::new();
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(recorder.clone());
    drop(executor.spawn(async {}));
    executor.block_on(sleep_in(100 * SECOND));
    drop(executor.spawn(async {}));
    executor.block_on(sleep_in(SECOND));
    let recording = recorder.recording();
    let at: Vec<_> = recording
        .events
        .iter()
        .filter(|event| event.what == Spawned)
        .map(|event| event.at)
        .collect();
    assert_eq!(
        at,
        [Duration::ZERO, Duration::ZERO, 100 * SECOND, 100 * SECOND]
    );
    assert!(recording.events.is_sorted_by_key(|event| event.at));
    assert_eq!(recording.duration(), 101 * SECOND);
}

#[test]
fn events_have_the_time_of_the_clock_that_is_given() {
    let now = Rc::new(Cell::new(Instant::now()));
    let recorder = Recorder::with_clock({
        let now = now.clone();
        move || now.get()
    });
    let mut abc = recorder.watch("abc", "abc".chars());
    for _ in 0..2 {
        now.set(now.get() + SECOND);
        abc.next();
    }
    let recording = recorder.recording();
    let at: Vec<_> = recording
        .events
        .iter()
        .map(|event| event.at.as_secs())
        .collect();
    // Spawned and ready, then twice: it runs, is ready again, and suspended.
    assert_eq!(at, [0, 0, 1, 1, 1, 2, 2, 2]);
    assert_eq!(
        (recording.turns, recording.duration(), recording.is_timed()),
        (2, 2 * SECOND, true)
    );
}

#[test]
fn an_iterator_may_be_asked_on_after_its_end() {
    let recorder = Recorder::without_clock();
    let mut a = recorder.watch("a", "a".chars());
    assert_eq!([a.next(), a.next(), a.next()], [Some('a'), None, None]);
    assert_eq!(
        story(&recorder.recording(), 0),
        [
            Spawned,
            Ready,
            Runs,
            Ready,
            Suspended(vec![]),
            Runs,
            Finished
        ]
    );
}
