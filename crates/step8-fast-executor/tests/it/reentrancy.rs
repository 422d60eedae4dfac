//! What may a drop, a waker or a listener do with the executor? Whatever a task may: none of them
//! runs under a borrow.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{
    AbortHandle, Executor, JoinHandle, hold_clock, now, sleep, spawn, yield_now,
};
use testing::foreign::turns;
use testing::foreign::waker_of;
use testing::gate::Gate;
use testing::log::{Guard, Log, OnDrop, on_drop};
use testing::watchdog;
use trace::Event;

use crate::support::recorded;

/// Runs a main future on the real clock, as sockets need it.
fn run<F: Future>(main: F) -> F::Output {
    Executor::new().unwrap().block_on(main)
}

/// Does something when it is dropped.
type Meddling = OnDrop<Box<dyn FnOnce()>>;

/// A future that waits already.
type Waiting = Pin<Box<dyn Future<Output = ()>>>;

/// What a drop may do: everything that the crate offers.
struct Everything {
    log: Log,
    /// To be woken, and then to be aborted.
    neighbour: Gate,
    by_handle: JoinHandle<()>,
    by_abort_handle: AbortHandle,
    detached: JoinHandle<()>,
    finished: JoinHandle<Guard>,
    sleep: Waiting,
    receive: Waiting,
}

impl Everything {
    /// Makes it inside an executor, with some tasks to use.
    async fn new(log: &Log) -> Everything {
        let neighbour = Gate::default();
        drop(spawn({
            let (neighbour, log) = (neighbour.clone(), log.clone());
            async move {
                neighbour.wait().await;
                log.add("neighbour was woken");
            }
        }));
        let guarded = |name: &str| {
            let guard = log.guard(name);
            spawn(async move {
                let _guard = guard;
                pending::<()>().await;
            })
        };
        let (by_handle, by_abort_handle) = (
            guarded("by handle"),
            guarded("by abort handle").abort_handle(),
        );
        let (detached, seen) = (guarded("detached"), log.clone());
        let finished = spawn(async move { seen.guard("output") });
        let mut sleep: Waiting = Box::pin(async { sleep(Duration::from_secs(9)).await });
        let mut receive: Waiting = Box::pin(async {
            let socket = UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            drop(socket.recv_from(&mut [0]).await);
        });
        poll_fn(|cx| {
            assert!(sleep.as_mut().poll(cx).is_pending());
            assert!(receive.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        yield_now().await;
        let log = log.clone();
        Everything {
            log,
            neighbour,
            by_handle,
            by_abort_handle,
            detached,
            finished,
            sleep,
            receive,
        }
    }

    /// Does it.
    fn run(self) {
        self.log.add("begin");
        let child = self.log.clone();
        drop(spawn(async move { child.add("child ran") }));
        self.neighbour.waker().wake_by_ref();
        self.neighbour.open();
        self.by_handle.abort();
        assert!(self.by_handle.is_finished());
        self.by_abort_handle.abort();
        drop(self.detached);
        drop(self.finished);
        drop((self.sleep, self.receive, hold_clock(), now()));
        self.log.add("end");
    }
}

/// What it logs when the executor continues afterwards.
const AT_ONCE: [&str; 5] = [
    "begin",
    "by handle dropped",
    "by abort handle dropped",
    "output dropped",
    "end",
];
const LATER: [&str; 2] = ["neighbour was woken", "child ran"];

/// Runs `within`, which must drop the guard; after that the executor must continue as before.
fn check(within: impl AsyncFnOnce(Meddling) + Send + 'static) {
    // There are sockets that wait, so no deadlock would end it.
    watchdog::within_a_minute(|| {
        let log = Log::default();
        run(check_log(&log, within));
        assert_eq!(log.take(), ["detached dropped"]);
    });
}

async fn check_log(log: &Log, within: impl AsyncFnOnce(Meddling)) {
    let everything = Everything::new(log).await;
    within(on_drop(Box::new(move || everything.run()))).await;
    let mut lines = log.take();
    for _ in 0..3 {
        yield_now().await;
    }
    lines.extend(log.take());
    // The child queues behind the neighbour or before it.
    lines[AT_ONCE.len()..].sort_unstable_by_key(|line| line == LATER[1]);
    assert_eq!(lines, [&AT_ONCE[..], &LATER].concat());
    assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
}

/// Promise (tasks): A panic in a destructor or in a foreign waker harms no other task.
///
/// Promise (wakers): No user code runs under a borrow: a destructor or a waker may spawn, wake and
/// abort.
#[test]
fn in_the_drop_of_a_future_that_is_aborted() {
    check(async |guard| {
        let task = spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        yield_now().await;
        task.abort();
    });
}

#[test]
fn in_the_drop_of_a_future_never_polled() {
    check(async |guard| spawn(async move { drop(guard) }).abort());
}

/// It is aborted from outside, or in another executor. What its drop spawns belongs to its own
/// executor.
#[test]
fn in_the_drop_of_a_future_aborted_from_outside() {
    for is_within_another in [false, true] {
        let log = Log::default();
        let (executor, other) = (Executor::new().unwrap(), Executor::new().unwrap());
        let everything = executor.block_on(Everything::new(&log));
        let guard = on_drop(move || everything.run());
        let task = executor.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        executor.block_on(yield_now());
        if is_within_another {
            other.block_on(async {
                task.abort();
                yield_now().await;
            });
        } else {
            task.abort();
        }
        assert_eq!(log.take(), AT_ONCE);
        executor.block_on(async {
            yield_now().await;
            yield_now().await;
        });
        let mut later = log.take();
        later.sort_unstable_by_key(|line| line == LATER[1]);
        assert_eq!(later, LATER);
    }
}

#[test]
fn in_the_drop_of_a_future_that_aborts_itself() {
    check(async |guard| {
        let own = Rc::new(OnceCell::<AbortHandle>::new());
        let handle = own.clone();
        let task = spawn(async move {
            let _guard = guard;
            handle.get().unwrap().abort();
            pending::<()>().await;
        });
        own.set(task.abort_handle()).unwrap();
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn in_the_drop_of_a_future_that_is_ready() {
    check(async |guard| {
        let task = spawn(poll_fn(move |_| {
            _ = &guard;
            Poll::Ready(())
        }));
        task.await.unwrap();
    });
}

#[test]
fn in_the_drop_of_a_future_that_panics() {
    check(async |guard| {
        let task = spawn(async move {
            let _guard = guard;
            panic!("oh");
        });
        assert!(task.await.unwrap_err().is_panic());
    });
}

#[test]
fn in_the_drop_of_an_unwanted_output() {
    check(async |guard| {
        drop(spawn(async { guard }));
        yield_now().await;
    });
}

#[test]
fn in_the_drop_of_an_output_with_its_handle() {
    check(async |guard| {
        let task = spawn(async { guard });
        yield_now().await;
        drop(task);
    });
}

#[test]
fn in_the_drop_of_a_panics_payload() {
    // What a panic carries must be `Send`, so it can only say where to look.
    thread_local!(static GUARD: RefCell<Option<Meddling>> = const { RefCell::new(None) });
    struct Payload;
    impl Drop for Payload {
        fn drop(&mut self) {
            drop(GUARD.take());
        }
    }
    check(async |guard| {
        GUARD.set(Some(guard));
        drop(spawn(async { std::panic::panic_any(Payload) }));
        yield_now().await;
    });
}

#[test]
fn in_the_drop_of_a_local_of_main() {
    check(async |guard| drop(guard));
}

/// By then the rest is gone too, and what is spawned is cancelled. But nothing panics, and
/// everything is dropped once.
#[test]
fn in_the_drop_of_a_future_at_the_executors_drop() {
    let log = Log::default();
    run(async {
        let everything = Everything::new(&log).await;
        let guard = on_drop(move || everything.run());
        drop(spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        }));
        yield_now().await;
    });
    // The neighbours were spawned before it, so they are gone when it is dropped.
    let expected = [
        "by handle dropped",
        "by abort handle dropped",
        "detached dropped",
        "begin",
        "output dropped",
        "end",
    ];
    assert_eq!(log.take(), expected);
}

#[test]
fn in_the_first_drop_at_the_executors_drop() {
    let log = Log::default();
    let executor = Executor::new().unwrap();
    let everything = Rc::new(RefCell::new(None::<Everything>));
    let late = everything.clone();
    let guard = on_drop(move || late.take().unwrap().run());
    drop(executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    }));
    executor.block_on(async { everything.replace(Some(Everything::new(&log).await)) });
    drop(executor);
    let expected = [
        "begin",
        "by handle dropped",
        "by abort handle dropped",
        "output dropped",
        "end",
        "detached dropped",
    ];
    assert_eq!(log.take(), expected);
}

#[test]
fn mutual_aborts_in_drops_end() {
    let log = Log::default();
    run(async {
        let other = Rc::new(OnceCell::<AbortHandle>::new());
        let abort_b = other.clone();
        let a_guard = log.guard("a");
        let a = spawn(async move {
            let _guard = (on_drop(move || abort_b.get().unwrap().abort()), a_guard);
            pending::<()>().await;
        });
        let (abort_a, b_guard) = (a.abort_handle(), log.guard("b"));
        let b = spawn(async move {
            let _guard = (on_drop(move || abort_a.abort()), b_guard);
            pending::<()>().await;
        });
        other.set(b.abort_handle()).unwrap();
        yield_now().await;
        a.abort();
        assert_eq!(log.take(), ["b dropped", "a dropped"]);
        assert!(a.await.unwrap_err().is_cancelled());
        assert!(b.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_chain_of_drops_aborts_the_next_each() {
    let log = Log::default();
    run(async {
        let mut next: Option<JoinHandle<()>> = None;
        for i in 0..100 {
            let (log, held) = (log.clone(), next.take());
            let guard = on_drop(move || {
                log.add(i.to_string());
                if let Some(next) = held {
                    next.abort();
                }
            });
            next = Some(spawn(async move {
                let _guard = guard;
                pending::<()>().await;
            }));
        }
        next.unwrap().abort();
    });
    assert_eq!(
        log.take(),
        (0..100).rev().map(|i| i.to_string()).collect::<Vec<_>>()
    );
}

/// However the future ends, it may abort itself in its own drop, and nothing comes of it.
#[test]
fn a_future_that_aborts_itself_in_its_own_drop() {
    #[derive(Clone, Copy, PartialEq)]
    enum End {
        Ready,
        Panicked,
        Aborted,
    }
    for end in [End::Ready, End::Panicked, End::Aborted] {
        let (executor, recorder) = recorded();
        let log = Log::default();
        executor.block_on(async {
            let own = Rc::new(OnceCell::<AbortHandle>::new());
            let (handle, seen) = (own.clone(), log.clone());
            let guard = on_drop(move || {
                handle.get().unwrap().abort();
                seen.add("aborted itself");
            });
            let task = spawn(poll_fn(move |_| {
                _ = &guard;
                assert!(end != End::Panicked, "as it was told");
                if end == End::Ready {
                    Poll::Ready(7)
                } else {
                    Poll::Pending
                }
            }));
            own.set(task.abort_handle()).unwrap();
            yield_now().await;
            let (id, expected) = (
                task.id(),
                [
                    "resumed finished",
                    "resumed panicked",
                    "resumed suspended cancelled",
                ],
            );
            task.abort();
            assert_eq!(
                recorder.story(id),
                format!("spawned woken {}", expected[end as usize])
            );
            match task.await {
                Ok(output) => assert!(end == End::Ready && output == 7),
                Err(error) => assert_eq!(error.is_panic(), end == End::Panicked),
            }
        });
        assert_eq!(log.take(), ["aborted itself"]);
    }
}

/// The drop of the future spoils the output, which is dropped then, and aborts the task.
#[test]
fn an_output_that_aborts_its_task_in_its_drop() {
    let (executor, recorder) = recorded();
    let log = Log::default();
    executor.block_on(async {
        let own = Rc::new(OnceCell::<AbortHandle>::new());
        let (handle, seen) = (own.clone(), log.clone());
        let mut output = Some(on_drop(move || {
            handle.get().unwrap().abort();
            seen.add("aborted its task");
        }));
        let spoils = on_drop(|| panic!("the drop failed"));
        let task = spawn(poll_fn(move |_| {
            _ = &spoils;
            Poll::Ready(output.take())
        }));
        own.set(task.abort_handle()).unwrap();
        yield_now().await;
        assert_eq!(recorder.story(task.id()), "spawned woken resumed panicked");
        assert!(task.await.is_err_and(|error| error.is_panic()));
    });
    assert_eq!(log.take(), ["aborted its task"]);
}

/// A task's own handle, in its own future: both go together.
#[test]
fn a_future_that_owns_its_handle_is_dropped() {
    for ends_by_itself in [true, false] {
        let log = Log::default();
        run(async {
            let slot = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let (own, guard) = (slot.clone(), log.guard("task"));
            let task = spawn(poll_fn(move |cx| {
                _ = &guard;
                let mut own = own.borrow_mut();
                // It may even poll it.
                assert!(Pin::new(own.as_mut().unwrap()).poll(cx).is_pending());
                if ends_by_itself {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            }));
            let abort_handle = task.abort_handle();
            slot.replace(Some(task));
            drop(slot);
            yield_now().await;
            abort_handle.abort();
        });
        assert_eq!(log.take(), ["task dropped"]);
    }
}

// --- Foreign wakers ---

/// Runs `within`, which must have the waker woken, and dropped.
fn check_waker(within: impl AsyncFnOnce(Waker) + Send + 'static) {
    // A waker must be `Send`, so it can only say where to look.
    thread_local!(static GUARD: RefCell<Option<Meddling>> = const { RefCell::new(None) });
    thread_local!(static DROPS: Cell<u32> = const { Cell::new(0) });
    check(async |guard| {
        GUARD.set(Some(guard));
        let dropped = || {
            // This uses the timers, the sockets and the tasks: any of them that is borrowed would
            // panic.
            drop((
                sleep(Duration::ZERO),
                UdpSocket::bind("127.0.0.1:0".parse().unwrap()),
                spawn(async {}),
            ));
            let mut nap = sleep(Duration::from_secs(9));
            assert!(
                Pin::new(&mut nap)
                    .poll(&mut Context::from_waker(Waker::noop()))
                    .is_pending()
            );
            DROPS.set(DROPS.get() + 1);
        };
        within(waker_of(|| drop(GUARD.take()), dropped)).await;
        assert_eq!(DROPS.get(), 1);
    });
}

/// Promise (wakers): No user code runs under a borrow: a destructor or a waker may spawn, wake and
/// abort.
#[test]
fn in_wake_and_drop_of_a_joiners_waker() {
    check_waker(async |waker| {
        let mut task = spawn(yield_now());
        assert!(
            Pin::new(&mut task)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        drop(waker);
        yield_now().await;
        yield_now().await;
        assert!(task.is_finished());
    });
}

#[test]
fn in_wake_and_drop_of_a_sleeps_waker() {
    check_waker(async |waker| {
        let mut nap = sleep(Duration::from_secs(1));
        assert!(
            Pin::new(&mut nap)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        drop(waker);
        sleep(Duration::from_secs(2)).await;
    });
}

#[test]
fn in_the_drop_of_a_replaced_waker() {
    check_waker(async |waker| {
        let mut task = spawn(yield_now());
        let mut nap = sleep(Duration::from_secs(1));
        for replaced in [&waker, Waker::noop()] {
            assert!(
                Pin::new(&mut task)
                    .poll(&mut Context::from_waker(replaced))
                    .is_pending()
            );
            assert!(
                Pin::new(&mut nap)
                    .poll(&mut Context::from_waker(replaced))
                    .is_pending()
            );
        }
        waker.wake();
    });
}

#[test]
fn in_a_wakers_drop_with_its_sleep_or_handle() {
    check_waker(async |waker| {
        let mut task = spawn(yield_now());
        let mut nap = sleep(Duration::from_secs(1));
        assert!(
            Pin::new(&mut task)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        assert!(
            Pin::new(&mut nap)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        waker.wake();
        drop(task);
        drop(nap);
    });
}

// --- Listeners ---

#[test]
fn in_a_listener() {
    let place = Rc::new(RefCell::new(None::<Rc<Executor>>));
    let meddled = Rc::new(Cell::new(0));
    let (found, count) = (place.clone(), meddled.clone());
    let mut task = None::<JoinHandle<()>>;
    let _listening = trace::listen(move |_| {
        // Each spawn brings more events, so there has to be an end to it.
        let Some(executor) = found.borrow().clone().filter(|_| count.get() < 100) else {
            return;
        };
        count.set(count.get() + 1);
        if let Some(old) = task.replace(executor.spawn(pending::<()>())) {
            old.abort();
        }
    });
    let executor = Rc::new(Executor::with_virtual_time().unwrap());
    place.replace(Some(executor.clone()));
    executor.block_on(async {
        let waits = spawn(pending::<()>());
        let naps = spawn(async { sleep(Duration::from_secs(1)).await });
        assert!(spawn(async { panic!("oh") }).await.is_err());
        waits.abort();
        naps.await.unwrap();
        assert_eq!(spawn(async { 7 }).await.unwrap(), 7);
    });
    assert_eq!(meddled.get(), 100);
    place.take();
}

/// Lets a listener abort a task at the first event of its kind. Returns what happened to the task,
/// but not what the listener did.
fn aborted_by_a_listener(
    is_it: fn(&Event) -> bool,
    spawn: impl FnOnce(&Executor, Guard, Rc<OnceCell<AbortHandle>>) -> JoinHandle<()>,
) -> String {
    let (log, own) = (Log::default(), Rc::new(OnceCell::<AbortHandle>::new()));
    let (story, handle) = (Rc::new(RefCell::new(String::new())), own.clone());
    let told = story.clone();
    let _listening = trace::listen(move |event| {
        let word = match event {
            Event::Resumed { task: 1 } => "resumed ",
            Event::Suspended { task: 1 } => "suspended ",
            Event::Cancelled { task: 1 } => "cancelled ",
            _ => return,
        };
        told.borrow_mut().push_str(word);
        if is_it(&event) {
            handle.get().unwrap().abort();
        }
    });
    let executor = Executor::with_virtual_time().unwrap();
    let task = spawn(&executor, log.guard("task"), own.clone());
    own.set(task.abort_handle()).unwrap();
    executor.block_on(turns(3));
    assert!(task.is_finished());
    assert_eq!(log.take(), ["task dropped"]);
    assert!(executor.block_on(task).unwrap_err().is_cancelled());
    story.take()
}

#[test]
fn in_a_listener_that_aborts_the_task() {
    let waits = |executor: &Executor, guard: Guard, _| {
        executor.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        })
    };
    let resumed = |event: &Event| matches!(event, Event::Resumed { .. });
    let story = aborted_by_a_listener(resumed, waits);
    assert_eq!(story, "resumed suspended cancelled ");
    let suspended = |event: &Event| matches!(event, Event::Suspended { .. });
    assert_eq!(
        aborted_by_a_listener(suspended, waits),
        "resumed suspended "
    );
}

/// The task is about to be cancelled already when the listener aborts it.
#[test]
fn in_a_listener_to_a_task_that_aborts_itself() {
    let aborts = |executor: &Executor, guard: Guard, own: Rc<OnceCell<AbortHandle>>| {
        executor.spawn(async move {
            let _guard = guard;
            own.get().unwrap().abort();
            pending::<()>().await;
        })
    };
    let suspended = |event: &Event| matches!(event, Event::Suspended { .. });
    let story = aborted_by_a_listener(suspended, aborts);
    assert_eq!(story, "resumed suspended cancelled ");
}
