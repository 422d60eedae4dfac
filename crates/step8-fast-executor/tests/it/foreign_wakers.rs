//! Which of several foreign wakers do a sleep and a handle wake? That of the last poll, once, and
//! no other, whatever the wakers do when they are cloned, woken and dropped.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, Sleep, ctrl_c, now, sleep, sleep_until, spawn, yield_now};
use testing::clone_hook::{Hooked, at_next_clone, at_next_drop};
use testing::foreign::{Counter, waker_of};
use testing::log::Log;
use testing::process::alone;
use testing::signals::interrupt;
use testing::{panic_message, watchdog};

const SECOND: Duration = Duration::from_secs(1);

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Makes an executor on the virtual clock, and a sleep of that many seconds that belongs to it.
fn nap(executor: &Executor, seconds: u32) -> Sleep {
    executor.block_on(poll_fn(|_| Poll::Ready(sleep(seconds * SECOND))))
}

/// Lets that many seconds pass.
fn pass(executor: &Executor, seconds: u32) {
    executor.block_on(async { sleep(seconds * SECOND).await });
}

#[test]
fn known_waker_is_not_cloned_again() {
    let executor = Executor::with_virtual_time().unwrap();
    let (mut nap, mut task) = (nap(&executor, 1), executor.spawn(pending::<()>()));
    let (hooked, waker) = Hooked::new();
    for _ in 0..3 {
        assert!(poll(&mut nap, &waker).is_pending());
        assert!(poll(&mut task, &waker).is_pending());
        at_next_clone(|| panic!("it is cloned"));
    }
    assert_eq!(Arc::strong_count(&hooked), 4);
    drop((nap, task));
    assert_eq!(Arc::strong_count(&hooked), 2);
}

// --- A clone that panics ---

#[test]
fn sleep_with_an_unclonable_waker_wakes_the_old() {
    let executor = Executor::with_virtual_time().unwrap();
    let (mut soon, mut late) = (nap(&executor, 1), nap(&executor, 3));
    let ((first, first_waker), (other, other_waker)) = (Counter::new(), Counter::new());
    assert!(poll(&mut soon, &first_waker).is_pending());
    at_next_clone(|| panic!("the clone failed"));
    assert_eq!(
        panic_message::of(|| poll(&mut soon, &Hooked::new().1)),
        "the clone failed"
    );
    assert!(poll(&mut late, &other_waker).is_pending());
    pass(&executor, 2);
    assert_eq!((first.wakes(), other.wakes()), (1, 0));
    drop(soon);
    pass(&executor, 2);
    assert_eq!((first.wakes(), other.wakes()), (1, 1));
}

#[test]
fn sleep_with_an_unclonable_waker_drops_alone() {
    let executor = Executor::with_virtual_time().unwrap();
    let (mut one, mut other) = (nap(&executor, 1), nap(&executor, 1));
    assert!(poll(&mut one, Waker::noop()).is_pending());
    at_next_clone(|| panic!("the clone failed"));
    panic_message::of(|| poll(&mut one, &Hooked::new().1));
    let (counter, waker) = Counter::new();
    assert!(poll(&mut other, &waker).is_pending());
    drop(one);
    pass(&executor, 2);
    assert_eq!(counter.wakes(), 1);
}

#[test]
fn handle_with_an_unclonable_waker_wakes_the_old() {
    let executor = Executor::with_virtual_time().unwrap();
    let mut tasks = [
        executor.spawn(pending::<()>()),
        executor.spawn(pending::<()>()),
    ];
    let ((first, first_waker), (other, other_waker)) = (Counter::new(), Counter::new());
    assert!(poll(&mut tasks[0], &first_waker).is_pending());
    at_next_clone(|| panic!("the clone failed"));
    assert_eq!(
        panic_message::of(|| poll(&mut tasks[0], &Hooked::new().1)),
        "the clone failed"
    );
    assert!(poll(&mut tasks[1], &other_waker).is_pending());
    tasks[0].abort();
    assert_eq!((first.wakes(), other.wakes()), (1, 0));
    tasks[1].abort();
    assert_eq!((first.wakes(), other.wakes()), (1, 1));
}

// --- A clone that ends the wait ---

#[test]
fn sleep_may_end_while_its_waker_is_cloned() {
    let executor = Rc::new(Executor::with_virtual_time().unwrap());
    let (mut ours, mut others) = (nap(&executor, 1), nap(&executor, 5));
    let (counter, waker) = Counter::new();
    assert!(poll(&mut ours, Waker::noop()).is_pending());
    at_next_clone({
        let executor = executor.clone();
        move || {
            assert!(poll(&mut others, &waker).is_pending());
            pass(&executor, 2);
            // It is kept until its time has come.
            executor.block_on(async { drop(spawn(others)) });
        }
    });
    let (new, new_waker) = Hooked::new();
    assert!(poll(&mut ours, &new_waker).is_ready());
    drop(ours);
    assert_eq!(counter.wakes(), 0);
    pass(&executor, 5);
    assert_eq!((new.wakes(), Arc::strong_count(&new)), (0, 2));
}

#[test]
fn task_may_end_while_a_joiners_waker_is_cloned() {
    let executor = Executor::with_virtual_time().unwrap();
    let mut task = executor.spawn(pending::<()>());
    let (old, old_waker) = Counter::new();
    assert!(poll(&mut task, &old_waker).is_pending());
    drop(old_waker);
    let abort = task.abort_handle();
    at_next_clone(move || abort.abort());
    let (new, new_waker) = Hooked::new();
    executor.block_on(async {
        assert!(
            matches!(poll(&mut task, &new_waker), Poll::Ready(Err(error)) if error.is_cancelled())
        );
    });
    assert_eq!(new.wakes(), 0);
    assert_eq!((Arc::strong_count(&old), Arc::strong_count(&new)), (1, 2));
}

/// Its handle is being dropped, and with it the output that came meanwhile.
#[test]
fn task_may_end_while_a_joiners_waker_is_dropped() {
    let log = Log::default();
    let output = log.guard("output");
    let executor = Executor::with_virtual_time().unwrap();
    let mut task = executor.spawn(async { output });
    let (hooked, waker) = Hooked::new();
    assert!(poll(&mut task, &waker).is_pending());
    at_next_drop(move || executor.block_on(yield_now()));
    drop(task);
    assert_eq!(log.take(), ["output dropped"]);
    assert_eq!((hooked.wakes(), Arc::strong_count(&hooked)), (0, 2));
}

#[test]
fn executor_may_go_while_a_waker_is_cloned() {
    for was_polled in [false, true] {
        let executor = Executor::with_virtual_time().unwrap();
        let mut nap = nap(&executor, 1);
        if was_polled {
            assert!(poll(&mut nap, Waker::noop()).is_pending());
        }
        at_next_clone(|| drop(executor));
        let message = panic_message::of(|| poll(&mut nap, &Hooked::new().1));
        assert!(
            message.contains("the executor of a sleep was dropped"),
            "{message}"
        );
    }
}

// --- A wake that polls, or panics ---

/// A waker that polls at once, as those of some executors do. The clock would stand still forever.
#[test]
fn wake_that_sleeps_again_waits_for_a_round() {
    thread_local!(static NAPS: RefCell<Vec<Sleep>> = const { RefCell::new(vec![]) });
    thread_local!(static WAKES: Cell<u32> = const { Cell::new(0) });
    fn woken() {
        WAKES.set(WAKES.get() + 1);
        assert!(WAKES.get() < 1_000, "it never ends");
        let mut nap = sleep(Duration::ZERO);
        assert!(poll(&mut nap, &waker_of(woken, || ())).is_pending());
        NAPS.with_borrow_mut(|naps| naps.push(nap));
    }
    Executor::with_virtual_time().unwrap().block_on(async {
        // However many others sleep.
        (0..100).for_each(|_| drop(spawn(sleep(SECOND))));
        yield_now().await;
        woken();
        for turns in 1..10 {
            assert_eq!(WAKES.get(), turns);
            yield_now().await;
        }
        NAPS.take();
    });
}

/// It sleeps again until a time in the past, which is before every other deadline. On the real
/// clock, because a virtual one would stand still.
#[test]
fn wake_that_sleeps_until_the_past_does_not_spin() {
    thread_local!(static NAP: RefCell<Option<Sleep>> = const { RefCell::new(None) });
    thread_local!(static START: Cell<Option<Instant>> = const { Cell::new(None) });
    thread_local!(static HAS_GIVEN_UP: Cell<bool> = const { Cell::new(false) });
    fn woken() {
        let start = START.get().unwrap();
        HAS_GIVEN_UP.set(start.elapsed() > 10 * SECOND);
        if !HAS_GIVEN_UP.get() {
            let mut nap = sleep_until(start);
            assert!(poll(&mut nap, &waker_of(woken, || ())).is_pending());
            NAP.set(Some(nap));
        }
    }
    step8_fast_executor::block_on(async {
        START.set(Some(now()));
        woken();
        sleep(Duration::from_millis(10)).await;
        assert!(!HAS_GIVEN_UP.get());
        NAP.take();
    });
}

#[test]
fn wake_that_panics_costs_the_reader_nothing() {
    watchdog::within_a_minute(|| {
        step8_fast_executor::block_on(async {
            let socket = Rc::new(UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap());
            let reader = socket.clone();
            let first = spawn(async move { reader.recv_from(&mut [0; 8]).await.unwrap().0 });
            yield_now().await;
            let mut buffer = [0; 8];
            let mut second = Box::pin(socket.recv_from(&mut buffer));
            let bad = waker_of(|| panic!("the waker failed"), || ());
            assert!(poll(&mut second, &bad).is_pending());
            let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
            sender
                .send_to(b"hello", socket.local_addr().unwrap())
                .unwrap();
            assert_eq!(first.await.unwrap(), 5);
        });
    });
}

#[test]
fn wake_that_panics_costs_no_wait_for_ctrl_c() {
    alone(|| {
        let interrupt_and_wait = || {
            let last = ctrl_c().unwrap();
            interrupt();
            step8_fast_executor::block_on(last);
        };
        let mut wait = ctrl_c().unwrap();
        let bad = waker_of(|| panic!("the waker failed"), || ());
        assert!(poll(&mut wait, &bad).is_pending());
        // The waiters beside it and after it are still woken.
        interrupt_and_wait();
        interrupt_and_wait();
        assert!(poll(&mut wait, Waker::noop()).is_ready());
    });
}
