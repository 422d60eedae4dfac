//! Does the recorder write down what happened, and not what seemed to happen?

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use step2_round_robin::Scheduler;
use step5_executor::net::UdpSocket;
use step5_executor::{Executor, sleep, spawn, timeout, yield_now};
use timeline::Reason::{Join, Readable, Sleep, Writable};
use timeline::What::{self, Cancelled, Finished, Panicked, Ready, Runs, Spawned, Suspended};
use timeline::{Picture, Recorder, Recording, record, watch};

use crate::support::{SECOND, one_run, poll_once, recorded, recorded2, reported};

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

/// What a task has waited for, each time that it was suspended.
fn waits(recording: &Recording, task: usize) -> Vec<Vec<timeline::Reason>> {
    let waits = story(recording, task).into_iter();
    let waits = waits.filter_map(|what| match what {
        Suspended(reasons) => Some(reasons),
        _ => None,
    });
    waits.collect()
}

#[test]
fn a_request_answered_at_once_is_no_event() {
    let recording = recorded2(async |co| {
        let child = co.spawn(async |_| ()).await;
        co.turn().await;
        // It has ended.
        child.join(&co).await;
        co.turn().await;
    });
    let turn = [Runs, Ready, Suspended(vec![])];
    let expected = [&[Spawned, Ready][..], &turn, &turn, &[Runs, Finished]];
    assert_eq!(story(&recording, 0), expected.concat());
    assert_eq!(story(&recording, 1), [Spawned, Ready, Runs, Finished]);
    let text = Picture::from(recording).to_text(80);
    assert!(text.contains("4 turns, 4 wakes, 0 waits\n"), "{text}");
}

#[test]
fn a_limit_is_a_second_reason_and_not_shown() {
    let recording = reported(|start| {
        trace::spawned(0, "main");
        trace::woken(0);
        trace::resumed(0);
        trace::waits(trace::Reason::Readable(9));
        trace::waits(trace::Reason::Sleep(Some(start + SECOND)));
        trace::suspended(0, None);
        trace::waited(start + SECOND);
    });
    let reasons = vec![Readable(0), Sleep(Some(SECOND))];
    assert_eq!(waits(&recording, 0), [reasons]);
    let later = recording.clone();
    assert!(Picture::from(later).to_text(80).contains("1 waiting for a"));
}

#[test]
fn sockets_are_numbered_as_they_are_waited_for() {
    use trace::Reason;
    let recording = reported(|_| {
        for (task, reason) in [
            Reason::Readable(9),
            Reason::Readable(4),
            Reason::Writable(9),
        ]
        .into_iter()
        .enumerate()
        {
            trace::resumed(task as u64);
            trace::suspended(task as u64, Some(reason));
        }
    });
    let of_all: Vec<_> = (0..3).flat_map(|task| waits(&recording, task)).collect();
    assert_eq!(of_all, [[Readable(0)], [Readable(1)], [Writable(0)]]);
    assert_eq!(recording.sockets, 2);
}

#[test]
fn what_was_given_up_in_the_turn_is_no_reason() {
    let recording = recorded(async {
        // The loser says what it waits for, and is dropped in the same turn.
        poll_once(sleep(9 * SECOND)).await;
        sleep(SECOND).await;
    });
    assert_eq!(waits(&recording, 0), [[Sleep(Some(SECOND))]]);
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
    let reasons = vec![Join(Some(1)), Sleep(Some(SECOND))];
    assert_eq!(waits(&recording, 0), [reasons]);
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
                    assert!(one.as_mut().poll(cx).is_pending());
                    assert!(two.as_mut().poll(cx).is_pending());
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
    let (child, one, two) = (Join(Some(1)), Sleep(Some(SECOND)), Sleep(Some(2 * SECOND)));
    let last = vec![Sleep(Some(4 * SECOND))];
    let expected = [vec![child, one, two], vec![child, two], vec![child], last];
    assert_eq!(waits(&recording, 0), expected);
}

#[test]
fn what_was_given_up_no_longer_stands() {
    let recording = reported(|start| {
        let sleeps = |seconds| trace::Reason::Sleep(Some(start + seconds * SECOND));
        trace::resumed(0);
        trace::waits(sleeps(7));
        trace::waits(sleeps(8));
        trace::suspended(0, Some(sleeps(9)));
        trace::resumed(0);
        trace::gave_up(sleeps(8));
        trace::suspended(0, None);
        // No task runs, so this is a future of none.
        trace::gave_up(sleeps(9));
        trace::resumed(0);
        trace::suspended(0, None);
    });
    let [seven, eight, nine] = [7, 8, 9].map(|seconds| Sleep(Some(seconds * SECOND)));
    let left = vec![seven, nine];
    let expected = [vec![seven, eight, nine], left.clone(), left];
    assert_eq!(waits(&recording, 0), expected);
}

#[test]
fn what_several_futures_wait_for_is_one_reason() {
    let recording = recorded(async {
        join(sleep(SECOND), sleep(SECOND)).await;
    });
    assert_eq!(waits(&recording, 0), [[Sleep(Some(SECOND))]]);
}

#[test]
fn a_task_that_ends_leaves_no_reason_to_the_next() {
    let recording = reported(|_| {
        trace::resumed(0);
        trace::waits(trace::Reason::Sleep(None));
        trace::finished(0);
        trace::resumed(1);
        trace::suspended(1, None);
    });
    assert_eq!(waits(&recording, 1), [[]]);
}

#[test]
fn a_task_woken_in_its_turn_does_not_wait() {
    let recording = recorded(async { yield_now().await });
    let turn = [Runs, Ready, Suspended(vec![])];
    let expected = [&[Spawned, Ready][..], &turn, &[Runs, Finished]];
    assert_eq!(story(&recording, 0), expected.concat());
    let text = Picture::from(recording).to_text(80);
    assert!(text.contains("2 turns, 2 wakes, 0 waits\n"), "{text}");
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
    let expected = [Finished, Panicked, Cancelled, Cancelled];
    assert_eq!(ends.collect::<Vec<_>>(), expected);
    let by: Vec<_> = recording.tasks.iter().map(|task| task.by).collect();
    assert_eq!(by, [None, Some(0), Some(0), Some(0)]);
}

#[test]
fn each_block_on_has_a_main_of_its_own() {
    let recording = one_run(|| {
        let executor = Executor::with_virtual_time().unwrap();
        executor.block_on(sleep_in(SECOND));
        executor.block_on(sleep_in(SECOND));
    });
    let text = Picture::from(recording).to_text(29);
    let expected = "main  █zzzzzzzzzz█···········\nmain             █zzzzzzzzzz█\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn a_main_that_panics_has_an_end() {
    let recording = one_run(|| {
        let executor = Executor::with_virtual_time().unwrap();
        let fails = async {
            sleep(SECOND).await;
            std::panic::resume_unwind(Box::new(()));
        };
        assert!(catch_unwind(AssertUnwindSafe(|| executor.block_on(fails))).is_err());
        executor.block_on(sleep_in(SECOND));
    });
    let by: Vec<_> = recording.tasks.iter().map(|task| task.by).collect();
    assert_eq!(by, [None, None]);
    assert_eq!(story(&recording, 0).last(), Some(&Panicked));
}

/// One of two futures that sleep until the same time gives up, and the other does not.
#[test]
fn a_future_takes_back_only_what_it_said_itself() {
    let recording = recorded(async {
        join(sleep(5 * SECOND), timeout(SECOND, sleep(5 * SECOND))).await;
    });
    let text = Picture::from(recording).to_text(40);
    assert!(text.contains("2 waits: 2 sleeping\n"), "{text}");
}

#[test]
fn a_task_that_aborts_another_gives_up_nothing() {
    let recording = recorded(async {
        let other = spawn(sleep(5 * SECOND));
        let abort = async {
            sleep(SECOND).await;
            other.abort();
        };
        join(sleep(5 * SECOND), abort).await;
    });
    let text = Picture::from(recording).to_text(40);
    let main = "main    █zzzzz█zzzzzzzzzzzzzzzzzzzzzzzz█\n";
    assert!(text.starts_with(main), "{text}");
}

/// A sleep is made inside an executor, and not before.
async fn sleep_in(duration: Duration) {
    sleep(duration).await;
}

#[test]
fn what_is_spawned_between_two_runs_has_its_time() {
    let recording = one_run(|| {
        let executor = Executor::with_virtual_time().unwrap();
        drop(executor.spawn(async {}));
        executor.block_on(sleep_in(100 * SECOND));
        drop(executor.spawn(async {}));
        executor.block_on(sleep_in(SECOND));
    });
    let spawned = recording.events.iter();
    let spawned = spawned.filter(|event| event.what == Spawned);
    let at: Vec<_> = spawned.map(|event| event.at.as_secs()).collect();
    assert_eq!(at, [0, 0, 100, 100]);
    assert!(recording.events.is_sorted_by_key(|event| event.at));
    assert_eq!(recording.duration(), 101 * SECOND);
}

#[test]
fn on_the_real_clock_events_have_its_time() {
    let pause = Duration::from_millis(20);
    let recording = one_run(|| step5_executor::block_on(sleep_in(pause)));
    assert!(recording.is_timed());
    assert!(recording.duration() >= pause);
    assert!(recording.events.is_sorted_by_key(|event| event.at));
}

#[test]
fn a_run_without_a_clock_has_turns() {
    let recording = recorded2(async |co| co.turn().await);
    assert!(!recording.has_clock && !recording.is_timed());
    assert_eq!((recording.turns, recording.duration()), (2, Duration::ZERO));
    let turns: Vec<_> = recording.events.iter().map(|event| event.turn).collect();
    // Spawned and ready, then twice: it runs, and is ready again and suspended, or finished.
    assert_eq!(turns, [0, 0, 0, 1, 1, 1, 2]);
}

#[test]
fn each_run_has_the_title_that_came_before_it() {
    let (recordings, output) = record(|| {
        trace::title("one");
        Scheduler::new().run(async |_| ()).unwrap();
        Scheduler::new().run(async |_| ()).unwrap();
        trace::title("two");
        step5_executor::block_on(async { "output" })
    });
    let titles: Vec<_> = recordings.iter().map(|run| run.title.as_str()).collect();
    assert_eq!((&titles[..], output), (&["one", "", "two"][..], "output"));
}

#[test]
fn a_scheduler_that_never_ran_is_no_run() {
    let recorder = Recorder::listen();
    drop(Executor::with_virtual_time().unwrap());
    assert_eq!(recorder.recordings(), []);
}

#[test]
fn an_executor_made_before_is_recorded_too() {
    let executor = Executor::with_virtual_time().unwrap();
    let task = executor.spawn(sleep_in(SECOND));
    let recording = one_run(|| executor.block_on(async { task.await.unwrap() }));
    let names: Vec<_> = recording.tasks.iter().map(|task| &task.name).collect();
    // It was not there when the second one was spawned.
    assert_eq!(names, ["main", "task 1"]);
    assert_eq!(story(&recording, 1).last(), Some(&Finished));
}

#[test]
fn executors_that_take_turns_are_kept_apart() {
    let (recordings, ()) = record(|| {
        let executors = [0, 1].map(|_| Executor::with_virtual_time().unwrap());
        let tasks = [2, 3].map(|seconds| sleep_in(seconds * SECOND));
        let [one, other] = &executors;
        let [two, three] = tasks;
        let (two, three) = (one.spawn(two), other.spawn(three));
        one.block_on(sleep_in(SECOND));
        other.block_on(async { three.await.unwrap() });
        one.block_on(async { two.await.unwrap() });
    });
    assert_eq!(recordings.len(), 2);
    let names = |run: &Recording| {
        let names = run.tasks.iter().map(|task| task.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&recordings[0]), ["task 1", "main", "main"]);
    assert_eq!(names(&recordings[1]), ["task 1", "main"]);
    assert_eq!(recordings[0].duration(), 2 * SECOND);
    assert_eq!(recordings[1].duration(), 3 * SECOND);
    for run in &recordings {
        assert_eq!(story(run, 0).last(), Some(&Finished));
    }
}

#[test]
fn an_executor_wakes_a_task_of_another() {
    let (recordings, ()) = record(|| {
        let [one, other] = [0, 1].map(|_| Executor::with_virtual_time().unwrap());
        let waker = std::rc::Rc::new(std::cell::RefCell::new(None));
        let kept = waker.clone();
        let waits = poll_fn(
            move |cx| match kept.borrow_mut().replace(cx.waker().clone()) {
                None => Poll::Pending,
                Some(_) => Poll::Ready(()),
            },
        );
        let waits = other.spawn(waits);
        other.block_on(sleep_in(SECOND));
        one.block_on(async move { waker.borrow().clone().unwrap().wake() });
        other.block_on(async { waits.await.unwrap() });
    });
    let [one, other] = &recordings[..] else {
        panic!("{recordings:?}")
    };
    assert_eq!(one.tasks.len(), 1);
    assert_eq!(story(one, 0), [Spawned, Ready, Runs, Finished]);
    let turns = [Runs, Suspended(vec![]), Ready, Runs, Finished];
    assert_eq!(story(other, 0), [&[Spawned, Ready][..], &turns].concat());
}

#[test]
fn a_task_in_another_thread_is_no_run() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        step5_executor::block_on(poll_fn(|cx| match sender.send(cx.waker().clone()) {
            Ok(()) => Poll::Pending,
            Err(_) => Poll::Ready(()),
        }));
    });
    let waker = receiver.recv().unwrap();
    drop(receiver);
    let (recordings, ()) = record(|| waker.wake());
    assert_eq!(recordings, []);
    thread.join().unwrap();
}

/// The system gives the second socket the descriptor that the first one had.
#[test]
fn a_socket_bound_again_is_another_one() {
    let recording = one_run(|| {
        step5_executor::block_on(async {
            for _ in 0..2 {
                let socket = UdpSocket::bind(([127, 0, 0, 1], 0).into()).unwrap();
                let limit = Duration::from_millis(1);
                let mut buffer = [0];
                assert!(timeout(limit, socket.recv_from(&mut buffer)).await.is_err());
            }
        });
    });
    assert_eq!(recording.sockets, 2);
}

#[test]
fn a_recording_that_is_too_long_says_so() {
    let recording = reported(|_| {
        trace::spawned(0, "main");
        for _ in 0..300_000 {
            trace::woken(0);
            trace::resumed(0);
        }
    });
    assert_eq!(recording.events.len(), 500_000);
    let text = Picture::from(recording.clone()).to_text(120);
    let expected = "recording stopped here, to save memory, after 500000 events";
    assert!(text.contains(expected), "{text}");
    assert!(
        Picture::from(recording)
            .to_svg()
            .contains("recording stopped here")
    );
}

#[test]
fn a_task_of_an_earlier_run_ends_unseen() {
    let (recordings, ()) = record(|| {
        let earlier = Executor::with_virtual_time().unwrap();
        earlier.block_on(async {
            spawn(async {}).await.unwrap();
            drop(spawn(sleep(SECOND)));
        });
        Scheduler::new().run(async |_| drop(earlier)).unwrap();
    });
    assert_eq!(recordings[1].tasks.len(), 1);
}

#[test]
fn nothing_is_recorded_after_it_was_dropped() {
    let recorder = Recorder::listen();
    Scheduler::new().run(async |_| ()).unwrap();
    let recordings = recorder.recordings();
    drop(recorder);
    Scheduler::new().run(async |_| ()).unwrap();
    let (again, ()) = record(|| {
        Scheduler::new().run(async |_| ()).unwrap();
    });
    assert_eq!(again, recordings);
}

#[test]
fn an_iterator_may_be_called_after_its_end() {
    let recording = one_run(|| {
        let [mut a] = watch([("a", "a".chars())]);
        assert_eq!([a.next(), a.next(), a.next()], [Some('a'), None, None]);
    });
    let turn = [Runs, Ready, Suspended(vec![])];
    let expected = [&[Spawned, Ready][..], &turn, &[Runs, Finished]];
    assert_eq!(story(&recording, 0), expected.concat());
}
