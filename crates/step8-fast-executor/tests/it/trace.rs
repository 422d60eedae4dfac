//! What does a listener hear of an executor, and who spawned whom?

use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;

use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{
    Elapsed, Executor, now, sleep, sleep_until, spawn, spawn_named, timeout, yield_now,
};
use testing::foreign::poll_once;
use testing::log::on_drop;
use testing::recorder::Recorder;
use trace::{Event, Reason};

use crate::support::{MAIN, MS, SECOND, executor, recorded, recorded_on_real_clock, run_virtually};

#[test]
fn events_of_a_run_come_in_order() {
    let lines = testing::lines(|| {
        Executor::with_virtual_time().unwrap().block_on(async {
            let a = spawn_named("a", sleep(SECOND));
            a.await.unwrap();
        });
    });
    let expected = [
        "started",
        "main spawned",
        "main woken",
        "main resumed",
        "a spawned by main",
        "a woken",
        "main waits for a",
        "main suspended",
        "a resumed",
        "a waits until 1s",
        "a suspended",
        "waited until 1s",
        "a woken",
        "a resumed",
        "a finished",
        "main woken",
        "main resumed",
        "main finished",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn spawner_is_known() {
    let (executor, recorder) = recorded();
    let spawns_last = on_drop(|| drop(spawn(async {})));
    let first = executor.spawn(async move {
        drop(spawn(async {}));
        let _guard = spawns_last;
        pending::<()>().await;
    });
    executor.block_on(async {
        drop(spawn(async { drop(spawn(async {})) }));
        yield_now().await;
        yield_now().await;
    });
    // Outside, no task runs, and so none spawns.
    first.abort();
    drop(executor.spawn(async {}));
    let spawned = recorder
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Spawned { task, by, .. } => Some((task, by)),
            _ => None,
        });
    let expected = [
        (1, None),
        (0, None),
        (2, Some(1)),
        (3, Some(0)),
        (4, Some(3)),
        (5, None),
        (6, None),
    ];
    assert_eq!(spawned.collect::<Vec<_>>(), expected);
}

#[test]
fn names_are_heard_and_forgotten() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        spawn_named("a", async {}).await.unwrap();
        executor.spawn_named("b", async {}).await.unwrap();
        // In the slot of the last one.
        spawn(async {}).await.unwrap();
    });
    let names = recorder
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Spawned { name, .. } => Some(name),
            _ => None,
        });
    assert_eq!(names.collect::<Vec<_>>(), ["main", "a", "b", "task 3"]);
}

#[test]
fn each_end_is_heard_once() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let finishes = spawn(async {});
        let panics = spawn(async { panic!("oh") });
        let aborted = spawn(pending::<()>());
        yield_now().await;
        aborted.abort();
        let story = |id| recorder.story(id);
        assert_eq!(story(finishes.id()), "spawned woken resumed finished");
        assert_eq!(story(panics.id()), "spawned woken resumed panicked");
        let expected = "spawned woken resumed suspended cancelled";
        assert_eq!(story(aborted.id()), expected);
    });
    drop(executor);
    assert_eq!(recorder.order("finished"), [1, 0]);
    assert_eq!(recorder.order("panicked"), [2]);
    assert_eq!(recorder.order("cancelled"), [3]);
}

#[test]
fn drop_of_the_executor_cancels() {
    let (executor, recorder) = recorded();
    let tasks = [
        executor.spawn(pending::<()>()),
        executor.spawn(pending::<()>()),
    ];
    drop(executor);
    for task in tasks {
        assert_eq!(recorder.story(task.id()), "spawned woken cancelled");
    }
}

#[test]
fn reasons_to_wait_are_heard() {
    let (executor, recorder) = recorded();
    let start = executor.block_on(async { now() });
    let sleeper = executor.spawn(async move {
        sleep_until(start + SECOND).await;
        sleep(std::time::Duration::MAX).await;
    });
    let id = sleeper.id();
    let joiner = executor.block_on(async {
        let joiner = spawn(sleeper);
        sleep(2 * SECOND).await;
        joiner.abort();
        joiner.id()
    });
    drop(executor);
    let slept = |seconds| [Reason::Sleep(Some(start + seconds * SECOND))];
    assert_eq!(recorder.reasons(id), [slept(1), [Reason::Sleep(None)]]);
    assert_eq!(recorder.reasons(MAIN), [slept(2)]);
    assert_eq!(recorder.reasons(joiner), [[Reason::Join(id.0)]]);
}

fn any() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[test]
fn socket_that_is_waited_for_is_heard() -> io::Result<()> {
    let (executor, recorder) = recorded_on_real_clock();
    executor.block_on(async {
        let socket = UdpSocket::bind(any())?;
        let received = timeout(10 * MS, socket.recv(&mut [0; 8])).await;
        assert_eq!(received.unwrap_err(), Elapsed);
        // There is one reason for each future, and the future's own is told before that of the
        // limit.
        let told = recorder.reasons(MAIN);
        let [Reason::Readable(fd), Reason::Sleep(Some(_))] = told[0][..] else {
            panic!("{told:?}")
        };
        assert!(format!("{socket:?}").contains(&format!("fd: {fd}")));

        let listener = TcpListener::bind(any())?;
        let stream = TcpStream::connect(listener.local_addr()?).await?;
        let fill = async { while stream.write(&[0; 65_536]).await.is_ok() {} };
        assert_eq!(timeout(10 * MS, fill).await, Err(Elapsed));
        let told = recorder.reasons(MAIN);
        let last = told.last().unwrap();
        let [Reason::Writable(fd), Reason::Sleep(Some(_))] = last[..] else {
            panic!("{told:?}")
        };
        assert!(format!("{stream:?}").contains(&format!("fd: {fd}")));
        Ok(())
    })
}

#[test]
fn reason_is_heard_again_at_another_poll() -> io::Result<()> {
    let (executor, recorder) = recorded_on_real_clock();
    executor.block_on(async {
        let socket = UdpSocket::bind(any())?;
        let child = spawn(pending::<()>());
        let id = child.id();
        let (mut buffer, mut polls) = ([0; 8], 0);
        let mut recv = pin!(socket.recv(&mut buffer));
        let (mut sleep, mut child) = (pin!(sleep(SECOND)), pin!(child));
        poll_fn(|cx| {
            assert!(recv.as_mut().poll(cx).is_pending());
            assert!(sleep.as_mut().poll(cx).is_pending());
            assert!(child.as_mut().poll(cx).is_pending());
            polls += 1;
            cx.waker().wake_by_ref();
            if polls == 2 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        yield_now().await;
        let told = recorder.reasons(MAIN);
        let [first, second] = &told[..] else {
            panic!("{told:?}")
        };
        let [
            Reason::Readable(_),
            Reason::Sleep(Some(_)),
            Reason::Join(joined),
        ] = first[..]
        else {
            panic!("{told:?}")
        };
        assert_eq!(joined, id.0);
        // The second poll was followed by that of `yield_now`.
        assert_eq!(second[..3], first[..]);
        assert_eq!(second[3..], [Reason::Turn]);
        Ok(())
    })
}

#[test]
fn given_up_reason_is_taken_back() {
    let (executor, recorder) = recorded();
    let start = executor.block_on(async { now() });
    executor.block_on(async {
        let child = spawn(pending::<()>());
        // Both are polled, say what they wait for, and are dropped when the time is over, as is the
        // time's own sleep.
        let both = async {
            let mut child = pin!(child);
            let mut sleep = pin!(sleep(3 * SECOND));
            poll_fn(|cx| -> Poll<()> {
                assert!(child.as_mut().poll(cx).is_pending());
                sleep.as_mut().poll(cx)
            })
            .await;
        };
        assert_eq!(timeout(SECOND, both).await, Err(Elapsed));
        sleep(SECOND).await;
        let told = recorder.reasons(MAIN);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].len(), 3);
        assert_eq!(told[1], [Reason::Sleep(Some(start + 2 * SECOND))]);
    });
}

#[test]
fn dropped_handle_gives_up_if_it_was_polled() {
    let recorder = Recorder::new();
    executor().block_on(async {
        let (runs, finishes) = (spawn(pending::<()>()), spawn(async {}));
        let id = runs.id();
        yield_now().await;
        let (mut runs, unpolled) = (Box::pin(runs), spawn(pending::<()>()));
        assert!(poll_once(runs.as_mut()).await.is_pending());
        recorder.take();
        drop((finishes, unpolled));
        assert_eq!(recorder.events(), []);
        drop(runs);
        assert_eq!(recorder.events(), [Event::GaveUp(Reason::Join(id.0))]);
    });
}

#[test]
fn a_cancelled_task_gives_up_its_own_waits() {
    let (executor, recorder) = recorded();
    executor.block_on(async {
        let task = spawn(sleep(SECOND));
        yield_now().await;
        recorder.take();
        task.abort();
        assert_eq!(recorder.events(), [Event::Cancelled { task: 1 }]);
    });
}

#[test]
fn future_of_another_executor_is_not_heard() {
    let (executor, recorder) = recorded();
    let other = Executor::with_virtual_time().unwrap();
    let mut task = other.spawn(async {});
    executor.block_on(async {
        assert_eq!(timeout(SECOND, &mut task).await.unwrap_err(), Elapsed);
    });
    let told = recorder.reasons(MAIN);
    assert!(matches!(told[0][..], [Reason::Sleep(_)]), "{told:?}");
}

#[test]
fn without_a_listener_nothing_is_reported() {
    let recorder = Recorder::new();
    run_virtually(async || sleep(SECOND).await);
    // A listener hears its own thread alone.
    assert_eq!(recorder.events(), []);
}
