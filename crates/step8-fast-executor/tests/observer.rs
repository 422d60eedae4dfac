//! What does an observer see, and who spawned whom?

#[path = "support/log.rs"]
mod log;
#[path = "support/recorder.rs"]
mod recorder;

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use log::on_drop;
use recorder::Recorder;
use step8_fast_executor::net::{TcpListener, TcpStream, UdpSocket};
use step8_fast_executor::{
    Elapsed, Executor, Observer, TaskId, Wait, now, sleep, spawn, timeout, yield_now,
};

/// Each task that was spawned, and by whom.
#[derive(Default)]
struct Parents(RefCell<Vec<(u64, Option<u64>)>>);

impl Observer for Parents {
    fn spawned(&self, task: TaskId, by: Option<TaskId>) {
        self.0
            .borrow_mut()
            .push((task.number(), by.map(TaskId::number)));
    }
}

#[test]
fn it_sees_who_spawned_whom() {
    let parents = Rc::new(Parents::default());
    let executor = Executor::with_virtual_time()
        .unwrap()
        .with_observer(parents.clone());
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
    // Outside, nobody is being polled, and so nobody spawns.
    first.abort();
    drop(executor.spawn(async {}));
    let expected = [
        (1, None),
        (2, Some(1)),
        (3, Some(TaskId::MAIN.number())),
        (4, Some(3)),
        (5, None),
        (6, None),
    ];
    assert_eq!(parents.0.take(), expected);
}

#[test]
fn it_sees_each_end_once() {
    let (executor, recorder) = Recorder::executor();
    executor.block_on(async {
        let finishes = spawn(async {});
        let panics = spawn(async { panic!("oh") });
        let aborted = spawn(pending::<()>());
        yield_now().await;
        aborted.abort();
        assert_eq!(
            recorder.story(finishes.id()),
            "spawned woken polled finished"
        );
        assert_eq!(recorder.story(panics.id()), "spawned woken polled panicked");
        assert_eq!(
            recorder.story(aborted.id()),
            "spawned woken polled pending aborted"
        );
    });
    drop(executor);
    assert_eq!(recorder.order("finished"), [1, 0]);
    assert_eq!(recorder.order("panicked"), [2]);
    assert_eq!(recorder.order("aborted"), [3]);
}

#[test]
fn it_sees_what_the_executors_drop_drops() {
    let (executor, recorder) = Recorder::executor();
    let tasks = [
        executor.spawn(pending::<()>()),
        executor.spawn(pending::<()>()),
    ];
    drop(executor);
    for task in tasks {
        assert_eq!(recorder.story(task.id()), "spawned woken aborted");
    }
}

/// What was told in each poll that was pending, by task.
#[derive(Default)]
struct Reasons {
    since_polled: RefCell<Vec<Wait>>,
    pending: RefCell<Vec<(u64, Vec<Wait>)>>,
}

impl Reasons {
    fn executor() -> (Executor, Rc<Reasons>) {
        let reasons = Rc::new(Reasons::default());
        (
            Executor::with_virtual_time()
                .unwrap()
                .with_observer(reasons.clone()),
            reasons,
        )
    }

    /// The reasons of each poll of a task that was pending.
    fn of(&self, task: TaskId) -> Vec<Vec<Wait>> {
        let pending = self.pending.borrow();
        pending
            .iter()
            .filter(|(number, _)| *number == task.number())
            .map(|(_, reasons)| reasons.clone())
            .collect()
    }
}

impl Observer for Reasons {
    fn polled(&self, _: TaskId) {
        self.since_polled.take();
    }

    fn waits(&self, _: TaskId, reason: &Wait) {
        self.since_polled.borrow_mut().push(*reason);
    }

    fn gave_up(&self, _: TaskId, reason: &Wait) {
        self.since_polled.borrow_mut().retain(|told| told != reason);
    }

    fn pending(&self, task: TaskId) {
        self.pending
            .borrow_mut()
            .push((task.number(), self.since_polled.take()));
    }
}

const SECOND: Duration = Duration::from_secs(1);

fn any() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[test]
fn it_sees_what_a_task_waits_for() {
    let (executor, reasons) = Reasons::executor();
    let start = executor.block_on(async { now() });
    let sleeper = executor.spawn(async {
        sleep(SECOND).await;
        sleep(Duration::MAX).await;
    });
    let id = sleeper.id();
    executor.block_on(async {
        let joiner = spawn(sleeper);
        sleep(2 * SECOND).await;
        joiner.abort();
    });
    drop(executor);
    assert_eq!(
        reasons.of(id),
        [[Wait::Sleep(Some(start + SECOND))], [Wait::Sleep(None)]]
    );
    assert_eq!(
        reasons.of(TaskId::MAIN),
        [[Wait::Sleep(Some(start + 2 * SECOND))]]
    );
    let joiner = reasons
        .pending
        .borrow()
        .iter()
        .find(|(_, reasons)| *reasons == [Wait::Join(id)])
        .map(|found| found.0);
    assert_eq!(joiner, Some(2));
}

#[test]
fn it_sees_which_socket_a_task_waits_for() -> io::Result<()> {
    let (executor, reasons) = Reasons::executor();
    executor.block_on(async {
        let socket = UdpSocket::bind(any())?;
        assert_eq!(
            timeout(SECOND, socket.recv(&mut [0; 8])).await.unwrap_err(),
            Elapsed
        );
        // There is one reason for each future, and the future's own is told before that of the limit.
        let told = reasons.of(TaskId::MAIN);
        let [first] = &told[..] else {
            panic!("{told:?}")
        };
        let [Wait::Readable(descriptor), Wait::Sleep(Some(_))] = first[..] else {
            panic!("{first:?}")
        };
        assert!(
            format!("{socket:?}").contains(&format!("fd: {descriptor}")),
            "{socket:?}, {descriptor}"
        );

        let listener = TcpListener::bind(any())?;
        let stream = TcpStream::connect(listener.local_addr()?).await?;
        let fill = async { while stream.write(&[0; 65_536]).await.is_ok() {} };
        assert_eq!(timeout(SECOND, fill).await, Err(Elapsed));
        let told = reasons.of(TaskId::MAIN);
        let Some([Wait::Writable(descriptor), Wait::Sleep(Some(_))]) =
            told.last().map(|last| &last[..])
        else {
            panic!("{told:?}")
        };
        assert!(
            format!("{stream:?}").contains(&format!("fd: {descriptor}")),
            "{stream:?}, {descriptor}"
        );
        Ok(())
    })
}

#[test]
fn it_sees_a_reason_again_when_the_task_is_polled_for_another_one() -> io::Result<()> {
    let (executor, reasons) = Reasons::executor();
    executor.block_on(async {
        let socket = UdpSocket::bind(any())?;
        let child = spawn(pending::<()>());
        let id = child.id();
        let (mut buffer, mut polls) = ([0; 8], 0);
        let (mut recv, mut sleep, mut child) = (pin!(socket.recv(&mut buffer)), pin!(sleep(SECOND)), pin!(child));
        poll_fn(|cx| {
            assert!(recv.as_mut().poll(cx).is_pending() && sleep.as_mut().poll(cx).is_pending());
            assert!(child.as_mut().poll(cx).is_pending());
            polls += 1;
            cx.waker().wake_by_ref();
            if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        yield_now().await;
        let told = reasons.of(TaskId::MAIN);
        let [first, second] = &told[..] else { panic!("{told:?}") };
        assert!(matches!(first[..], [Wait::Readable(_), Wait::Sleep(Some(_)), Wait::Join(joined)] if joined == id));
        // The second poll was followed by that of `yield_now`, which has nothing to say.
        assert_eq!(first, second);
        Ok(())
    })
}

#[test]
fn it_sees_who_does_not_wait_any_more_in_the_same_poll() -> io::Result<()> {
    let (executor, reasons) = Reasons::executor();
    let start = executor.block_on(async { now() });
    executor.block_on(async {
        let socket = UdpSocket::bind(any())?;
        let child = spawn(pending::<()>());
        // Both are polled, say what they wait for, and are dropped when the time is over, as is the time's own sleep.
        let both = async {
            let (mut buffer, mut child) = ([0; 8], pin!(child));
            let mut recv = pin!(socket.recv(&mut buffer));
            let mut sleep = pin!(sleep(3 * SECOND));
            poll_fn(|cx| -> Poll<()> {
                assert!(
                    recv.as_mut().poll(cx).is_pending() && child.as_mut().poll(cx).is_pending()
                );
                sleep.as_mut().poll(cx)
            })
            .await;
        };
        assert_eq!(timeout(SECOND, both).await, Err(Elapsed));
        sleep(SECOND).await;
        let told = reasons.of(TaskId::MAIN);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].len(), 4);
        assert_eq!(told[1], [Wait::Sleep(Some(start + 2 * SECOND))]);
        Ok(())
    })
}

#[test]
fn a_handle_that_is_dropped_gives_up_a_wait_only_while_its_task_runs() {
    #[derive(Default)]
    struct GaveUp(RefCell<Vec<Wait>>);
    impl Observer for GaveUp {
        fn gave_up(&self, _: TaskId, reason: &Wait) {
            self.0.borrow_mut().push(*reason);
        }
    }
    let gave_up = Rc::new(GaveUp::default());
    Executor::new()
        .unwrap()
        .with_observer(gave_up.clone())
        .block_on(async {
            let (runs, finishes) = (spawn(pending::<()>()), spawn(async {}));
            let id = runs.id();
            yield_now().await;
            drop((runs, finishes));
            assert_eq!(gave_up.0.take(), [Wait::Join(id)]);
        });
}

#[test]
fn a_future_that_says_nothing_is_pending_for_no_reason() {
    let (executor, reasons) = Reasons::executor();
    executor.block_on(yield_now());
    assert_eq!(reasons.of(TaskId::MAIN), [[]]);
}

#[test]
fn a_future_of_another_executor_says_nothing() {
    let (executor, reasons) = Reasons::executor();
    let other = Executor::with_virtual_time().unwrap();
    let mut task = other.spawn(async {});
    executor.block_on(async { assert_eq!(timeout(SECOND, &mut task).await.unwrap_err(), Elapsed) });
    assert!(
        matches!(reasons.of(TaskId::MAIN)[..], [ref only] if matches!(only[..], [Wait::Sleep(_)]))
    );
}

#[test]
#[should_panic(expected = "an executor has one observer")]
fn there_is_one() {
    drop(Recorder::executor().0.with_observer(Parents::default()));
}
