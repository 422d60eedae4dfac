//! Does the recorder note where tasks stand, what they print, and why they are woken?

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use step2_round_robin::Scheduler;
use step5_executor::net::UdpSocket;
use step5_executor::{Executor, sleep, spawn, yield_now};
use timeline::{Cause, Note, Recorder, Recording};

use crate::support::{SECOND, one_run, poll_once, recorded, reported};

/// Returns the notes of the first run of a scheduler in `f`, each after so many events.
fn notes(f: impl FnOnce()) -> Vec<(usize, Note)> {
    let recorder = Recorder::with_code();
    f();
    recorder.recordings().remove(0).notes
}

/// The lines at which tasks stand, each after so many events, as far as they are of this file.
fn lines(notes: &[(usize, Note)]) -> Vec<Vec<u32>> {
    let stacks = notes.iter().filter_map(|(_, note)| match note {
        Note::At(_, lines) => Some(lines),
        _ => None,
    });
    let here = file!();
    let lines = stacks.map(|lines| {
        assert!(
            lines.iter().all(|line| here.ends_with(&line.file)),
            "{lines:?}"
        );
        lines.iter().map(|line| line.line).collect()
    });
    lines.collect()
}

#[test]
fn a_task_stands_in_a_line_of_the_program() {
    async fn nap() {
        sleep(SECOND).await;
    }
    let nap_line = line!() - 2;
    let mut lines_of_main = [0; 2];
    let notes = notes(|| {
        Executor::with_virtual_time().unwrap().block_on(async {
            lines_of_main[0] = line!() + 1;
            nap().await;
            lines_of_main[1] = line!() + 1;
            sleep(SECOND).await;
        });
    });
    let [first, second] = lines_of_main;
    assert_eq!(lines(&notes), [vec![nap_line, first], vec![second]]);
}

#[test]
fn a_task_with_a_limit_stands_where_it_waits() {
    fn limited() {
        trace::waits(trace::Reason::Readable(0));
    }
    let innermost = line!() - 2;
    fn limit() {
        limited();
        trace::waits(trace::Reason::Sleep(None));
    }
    let limited_line = line!() - 3;
    let notes = notes(|| {
        trace::started(None, false);
        trace::resumed(0);
        limit();
        trace::suspended(0, None);
    });
    assert_eq!(lines(&notes)[0][..2], [innermost, limited_line]);
}

#[test]
fn what_a_generator_asks_for_has_a_line() {
    let mut asks = [0; 3];
    let notes = notes(|| {
        let lines = Rc::new(Cell::new([0; 3]));
        let found = lines.clone();
        let ended = Scheduler::new().run(async move |co| {
            let first = line!() + 1;
            let child = co.spawn(async |_| ()).await;
            co.turn().await;
            child.join(&co).await;
            found.set([first, first + 1, first + 2]);
        });
        assert_eq!(ended, Ok(()));
        asks = lines.get();
    });
    assert_eq!(lines(&notes), asks.map(|line| vec![line]));
}

#[test]
fn what_a_task_prints_is_noted() {
    use trace::println;
    let notes = notes(|| {
        println!("before all");
        let ended = Scheduler::new().run(async |co| {
            println!("in main, {}", 1);
            co.turn().await;
        });
        assert_eq!(ended, Ok(()));
        println!("after all");
    });
    let printed = notes.into_iter().filter_map(|note| match note {
        (before, Note::Printed(task, line)) => Some((before, task, line)),
        _ => None,
    });
    // After Spawned, Ready and Runs.
    let expected = [(3, 0, "in main, 1".to_owned())];
    assert_eq!(printed.collect::<Vec<_>>(), expected);
}

/// Why a task was ready, each time that it was woken.
fn causes(recording: &Recording, task: usize) -> Vec<Cause> {
    let causes = recording
        .notes
        .iter()
        .filter_map(|(before, note)| match note {
            Note::Cause(cause) if recording.events[*before].task == task => Some(*cause),
            _ => None,
        });
    causes.collect()
}

#[test]
fn each_wake_has_its_cause() {
    let recording = recorded(async {
        let sleeper = spawn(sleep(SECOND));
        yield_now().await;
        sleeper.await.unwrap();
    });
    assert_eq!(causes(&recording, 0), [Cause::Itself, Cause::End(1)]);
    assert_eq!(causes(&recording, 1), [Cause::Timer]);
}

#[test]
fn a_socket_is_the_cause_of_a_wake() {
    let recording = one_run(|| {
        let received = Executor::new().unwrap().block_on(async {
            let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap())?;
            let address = socket.local_addr()?;
            let reader = spawn(async move { socket.recv(&mut [0; 1]).await });
            yield_now().await;
            let sender = std::net::UdpSocket::bind("127.0.0.1:0")?;
            sender.send_to(b"x", address)?;
            reader.await.unwrap()
        });
        assert_eq!(received.unwrap(), 1);
    });
    assert_eq!(causes(&recording, 0), [Cause::Itself, Cause::End(1)]);
    assert_eq!(causes(&recording, 1), [Cause::Socket(Some(0))]);
}

#[test]
fn a_task_that_wakes_another_is_the_cause() {
    let recording = recorded(async {
        let kept = Rc::new(Cell::new(None::<Waker>));
        let slot = Rc::clone(&kept);
        let mut polls = 0;
        spawn(poll_fn(move |cx| {
            polls += 1;
            slot.set(Some(cx.waker().clone()));
            if polls == 2 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }));
        yield_now().await;
        kept.take().expect("it was polled").wake();
    });
    assert_eq!(causes(&recording, 1), [Cause::Task(0)]);
}

#[test]
fn a_wait_is_noted_with_the_time_it_ends() {
    let recording = recorded(async {
        sleep(SECOND).await;
        sleep(SECOND).await;
    });
    let waits = recording
        .notes
        .iter()
        .filter_map(|(before, note)| match note {
            Note::Waited(until) => Some((*before, *until)),
            _ => None,
        });
    // After Spawned, Ready, Runs, Suspended; and after Ready, Runs, Suspended.
    assert_eq!(waits.collect::<Vec<_>>(), [(4, SECOND), (7, 2 * SECOND)]);
}

#[test]
fn a_line_of_what_was_dropped_is_forgotten() {
    /// Gives up its sleep in the turn in which it begins.
    async fn given_up() {
        poll_once(sleep(SECOND)).await;
    }
    let mut line = 0;
    let notes = notes(|| {
        Executor::with_virtual_time().unwrap().block_on(async {
            given_up().await;
            line = line!() + 1;
            sleep(SECOND).await;
        });
    });
    assert_eq!(lines(&notes), [vec![line]]);
}

#[test]
fn of_several_sockets_none_is_named() {
    let recording = one_run(|| {
        Executor::new().unwrap().block_on(async {
            let [one, other] = [0; 2].map(|_| {
                let any = "127.0.0.1:0".parse().unwrap();
                UdpSocket::bind(any).unwrap()
            });
            let address = other.local_addr().unwrap();
            let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
            sender.send_to(b"x", address).unwrap();
            let mut buffers = [[0; 1]; 2];
            let [first, second] = &mut buffers;
            let (mut one, mut other) = (pin!(one.recv(first)), pin!(other.recv(second)));
            poll_fn(|cx| {
                assert!(one.as_mut().poll(cx).is_pending());
                other.as_mut().poll(cx)
            })
            .await
            .unwrap();
        });
    });
    assert_eq!(causes(&recording, 0), [Cause::Socket(None)]);
}

#[test]
fn lines_without_end_are_cut() {
    let recording = reported(|_| {
        trace::resumed(0);
        for _ in 0..500_001 {
            trace::printed("x");
        }
    });
    assert_eq!(recording.notes.len(), 500_000);
    assert!(recording.is_cut);
}
