use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use step5_executor::{Executor, spawn, yield_now};

use super::{Bell, Heard};

/// Writes its name when it is woken.
struct Named(char, Arc<Mutex<String>>);

impl Wake for Named {
    fn wake(self: Arc<Self>) {
        self.1.lock().unwrap().push(self.0);
    }
}

/// Returns the wakers a, b and c, and what they write.
fn wakers() -> ([Waker; 3], Arc<Mutex<String>>) {
    let woken = Arc::default();
    let waker = |name| Waker::from(Arc::new(Named(name, Arc::clone(&woken))));
    (['a', 'b', 'c'].map(waker), woken)
}

fn poll(heard: &mut Heard, waker: &Waker) -> Poll<()> {
    Pin::new(heard).poll(&mut Context::from_waker(waker))
}

#[test]
fn all_are_woken_once_in_order_of_arrival() {
    let ([a, b, c], woken) = wakers();
    let bell = Bell::default();
    let mut listeners = [bell.heard(), bell.heard(), bell.heard()];
    for (listener, waker) in listeners.iter_mut().zip([&a, &b, &c]) {
        assert!(poll(listener, waker).is_pending());
    }
    assert!(poll(&mut listeners[0], &a).is_pending(), "a spurious poll");
    assert_eq!(bell.listeners(), 3);
    bell.ring();
    assert_eq!(*woken.lock().unwrap(), "abc");
    for (listener, waker) in listeners.iter_mut().zip([&a, &b, &c]) {
        assert!(poll(listener, waker).is_ready());
    }
    assert!(poll(&mut bell.heard(), &a).is_ready(), "one that is late");
    assert_eq!(*woken.lock().unwrap(), "abc");
}

#[test]
fn one_that_moved_to_another_task_is_woken_there() {
    let ([a, b, _], woken) = wakers();
    let bell = Bell::default();
    let mut listener = bell.heard();
    assert!(poll(&mut listener, &a).is_pending());
    assert!(poll(&mut listener, &b).is_pending());
    assert_eq!(bell.listeners(), 1);
    bell.ring();
    assert_eq!(*woken.lock().unwrap(), "b");
}

#[test]
fn one_that_is_dropped_is_forgotten() {
    let ([a, b, _], woken) = wakers();
    let bell = Bell::default();
    let (mut first, mut second) = (bell.heard(), bell.heard());
    assert!(poll(&mut first, &a).is_pending());
    assert!(poll(&mut second, &b).is_pending());
    drop(second);
    drop(bell.heard());
    assert_eq!(bell.listeners(), 1);
    bell.ring();
    assert_eq!(*woken.lock().unwrap(), "a");
}

#[test]
fn tasks_can_listen() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let bell = Bell::default();
        let listeners = [bell.heard(), bell.heard(), bell.heard()].map(spawn);
        yield_now().await;
        bell.ring();
        for listener in listeners {
            listener.await.unwrap();
        }
    });
}
