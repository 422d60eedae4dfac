//! Which of several foreign wakers does a socket wake? That of the last poll, whatever the wakers
//! do when they are cloned, woken and dropped, even to this very socket.

use std::cell::RefCell;
use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use step8_fast_executor::net::UdpSocket;
use step8_fast_executor::{sleep, spawn};
use testing::clone_hook::{Hooked, at_next_clone, at_next_drop};
use testing::foreign::poll_with;
use testing::foreign::{Counter, waker_of};
use testing::watchdog::within_a_minute;

use crate::support::{MS, executor, run, sender, udp};

/// A wait for a datagram, which gives its length.
type Receive = Pin<Box<dyn Future<Output = io::Result<usize>>>>;

fn receive(socket: &Rc<UdpSocket>) -> Receive {
    let socket = socket.clone();
    Box::pin(async move { Ok(socket.recv_from(&mut [0; 8]).await?.0) })
}

/// Begins to wait, and is woken for a datagram that is there now.
async fn woken(socket: &Rc<UdpSocket>) -> Receive {
    let mut first = receive(socket);
    let (wakes, waker) = Counter::new();
    assert!(poll_with(first.as_mut(), &waker).is_pending());
    sender(socket).send(b"hello").unwrap();
    while wakes.wakes() == 0 {
        sleep(MS).await;
    }
    first
}

/// Promise (wakers): Whatever a foreign waker does when it is cloned, woken or dropped, no wake and
/// no datagram is lost.
#[test]
fn event_during_a_clone_wakes_the_new_waker() {
    run(async || {
        let socket = Rc::new(udp());
        let mut second = receive(&socket);
        let first = woken(&socket).await;
        // It queues behind the first, whose turn it is.
        assert!(poll_with(second.as_mut(), &Counter::new().1).is_pending());
        at_next_clone(move || drop(first));
        let (new, waker) = Hooked::new();
        let polled = poll_with(second.as_mut(), &waker);
        assert!(polled.is_ready() || new.wakes() == 1);
    });
}

/// It has not tried yet, and on epoll no event tells it of what came before.
#[test]
fn clone_that_drops_the_waiter_ahead_is_harmless() {
    run(async || {
        let socket = Rc::new(udp());
        let first = woken(&socket).await;
        at_next_clone(move || drop(first));
        assert!(matches!(
            poll_with(receive(&socket).as_mut(), &Hooked::new().1),
            Poll::Ready(Ok(5))
        ));
    });
}

#[test]
fn clone_that_moves_the_socket_is_harmless() {
    /// Waits in the executor in which it is dropped.
    struct WaitsWhenDropped(Rc<UdpSocket>, Rc<RefCell<Option<Receive>>>);
    impl Drop for WaitsWhenDropped {
        fn drop(&mut self) {
            let mut wait = receive(&self.0);
            // No task is being polled there, so there is no budget, and at first it yields.
            for _ in 0..2 {
                assert!(poll_with(wait.as_mut(), Waker::noop()).is_pending());
            }
            self.1.replace(Some(wait));
        }
    }
    within_a_minute(|| {
        let (one, two) = (executor(), executor());
        let (socket, there) = (Rc::new(udp()), Rc::default());
        let waits_there = WaitsWhenDropped(socket.clone(), Rc::clone(&there));
        let task = two.spawn(async move {
            let _waits_there = waits_there;
            pending::<()>().await
        });
        one.block_on(async {
            at_next_clone(move || task.abort());
            let mut here = receive(&socket);
            assert!(poll_with(here.as_mut(), &Hooked::new().1).is_pending());
            assert!(there.borrow().is_some());
            sender(&socket).send(b"hello").unwrap();
            assert_eq!(here.await.unwrap(), 5);
        });
    });
}

#[test]
fn wake_that_polls_a_moving_socket_is_harmless() {
    thread_local!(static WAIT: RefCell<Option<Receive>> = const { RefCell::new(None) });
    within_a_minute(|| {
        let (one, two) = (executor(), executor());
        let socket = Rc::new(udp());
        let polls = waker_of(
            || {
                let mut wait = WAIT.take().expect("it is woken once");
                assert!(poll_with(wait.as_mut(), Waker::noop()).is_pending());
                WAIT.set(Some(wait));
            },
            || (),
        );
        let mut wait = receive(&socket);
        one.block_on(async { assert!(poll_with(wait.as_mut(), &polls).is_pending()) });
        WAIT.set(Some(wait));
        two.block_on(async {
            let mut here = receive(&socket);
            assert!(poll_with(here.as_mut(), Waker::noop()).is_pending());
            sender(&socket).send(b"hello").unwrap();
            assert_eq!(here.await.unwrap(), 5);
        });
        drop(WAIT.take());
    });
}

#[test]
fn waker_drop_that_panics_spares_later_pollers() {
    run(async || {
        let socket = Rc::new(udp());
        let mut wait = receive(&socket);
        let bad = waker_of(|| (), || panic!("the drop failed"));
        assert!(poll_with(wait.as_mut(), &bad).is_pending());
        // Of its two clones, the socket's is the last.
        drop(bad);
        let task = spawn(async move { poll_with(wait.as_mut(), Waker::noop()).is_pending() });
        assert!(task.await.unwrap());
    });
}

/// Promise (wakers): Whatever a foreign waker does when it is cloned, woken or dropped, no wake and
/// no datagram is lost.
#[test]
fn waker_drop_that_panics_costs_no_datagram() {
    run(async || {
        let socket = Rc::new(udp());
        sender(&socket).send(b"hello").unwrap();
        at_next_drop(|| panic!("the drop failed"));
        let mut wait = receive(&socket);
        let (_, waker) = Hooked::new();
        let polled = catch_unwind(AssertUnwindSafe(|| poll_with(wait.as_mut(), &waker)));
        assert!(matches!(polled, Ok(Poll::Ready(Ok(5)))));
    });
}
