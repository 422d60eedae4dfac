//! What the tests of timers and sockets have in common: a way to run that cannot hang, sockets, and counting wakers.
#![allow(dead_code, reason = "each test file uses a part of it")]

#[path = "../../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{Executor, yield_now};

pub(crate) use watchdog::within_a_minute;

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MS: Duration = Duration::from_millis(1);

/// Makes the executor that step 5 comes with. Each test file calls it `executor`: step 7 runs the same files on its own.
pub(crate) fn on_select() -> Executor {
    Executor::new().unwrap()
}

/// Runs `main` in a new executor; fails if it is not over within a minute.
pub(crate) fn run(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || crate::executor().block_on(main()));
}

/// Runs `main` in a new executor on the virtual clock.
pub(crate) fn run_virtually(main: impl AsyncFnOnce() + Send + 'static) {
    within_a_minute(move || Executor::with_virtual_time().unwrap().block_on(main()));
}

/// Lets the others have some turns.
pub(crate) async fn turns(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Makes a UDP socket at a free port.
pub(crate) fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

/// Makes a std socket that is connected to `to`. What it sends has arrived when `send` returns.
pub(crate) fn sender(to: &UdpSocket) -> std::net::UdpSocket {
    let sender = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    sender.connect(to.local_addr().unwrap()).unwrap();
    sender
}

/// What happened, in order. Clones are the same log.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, entry: impl ToString) {
        self.0.borrow_mut().push(entry.to_string());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// Counts how often its waker was woken.
#[derive(Default)]
pub(crate) struct Wakes(AtomicUsize);

impl Wakes {
    pub(crate) fn new() -> (Arc<Wakes>, Waker) {
        let wakes = Arc::new(Wakes::default());
        (wakes.clone(), wakes.into())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Polls a future once, with that waker.
pub(crate) fn poll_with<F: Future + ?Sized>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Polls a future once, with the waker of the task that asks.
pub(crate) async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// A value that another thread will send, and the future that waits for it.
pub(crate) fn promise<T>() -> (Sender<T>, Promise<T>) {
    let shared = Arc::new(Mutex::new((None, None)));
    (Sender(shared.clone()), Promise(shared))
}

type Shared<T> = Arc<Mutex<(Option<T>, Option<Waker>)>>;

pub(crate) struct Sender<T>(Shared<T>);

pub(crate) struct Promise<T>(Shared<T>);

impl<T> Sender<T> {
    pub(crate) fn send(self, value: T) {
        let waker = {
            let mut shared = self.0.lock().unwrap();
            shared.0 = Some(value);
            shared.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Future for Promise<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let mut shared = self.0.lock().unwrap();
        match shared.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                shared.1 = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Sets its flag when it is dropped.
pub(crate) struct Guard(pub(crate) Rc<std::cell::Cell<bool>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.set(true);
    }
}
