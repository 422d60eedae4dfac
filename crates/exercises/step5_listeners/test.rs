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
    let before = "the bell has not rung yet";
    for (listener, waker) in listeners.iter_mut().zip([&a, &b, &c]) {
        assert!(poll(listener, waker).is_pending(), "{before}");
    }
    assert!(poll(&mut listeners[0], &a).is_pending(), "{before}");
    assert_eq!(
        bell.listeners(),
        3,
        "one that is polled twice is still one listener"
    );
    bell.ring();
    let in_order = "each is woken once, in the order of their first polls";
    assert_eq!(*woken.lock().unwrap(), "abc", "{in_order}");
    for (listener, waker) in listeners.iter_mut().zip([&a, &b, &c]) {
        assert!(poll(listener, waker).is_ready(), "the bell has rung");
    }
    let late = poll(&mut bell.heard(), &a);
    assert!(
        late.is_ready(),
        "one that comes after the ring need not wait"
    );
    assert_eq!(*woken.lock().unwrap(), "abc", "{in_order}");
}

#[test]
fn one_that_moved_to_another_task_is_woken_there() {
    let ([a, b, _], woken) = wakers();
    let bell = Bell::default();
    let mut listener = bell.heard();
    let before = "the bell has not rung yet";
    assert!(poll(&mut listener, &a).is_pending(), "{before}");
    assert!(poll(&mut listener, &b).is_pending(), "{before}");
    assert_eq!(
        bell.listeners(),
        1,
        "it has moved, and is still one listener"
    );
    bell.ring();
    assert_eq!(
        *woken.lock().unwrap(),
        "b",
        "the waker of its last poll counts"
    );
}

#[test]
fn one_that_is_dropped_is_forgotten() {
    let ([a, b, _], woken) = wakers();
    let bell = Bell::default();
    let (mut first, mut second) = (bell.heard(), bell.heard());
    let before = "the bell has not rung yet";
    assert!(poll(&mut first, &a).is_pending(), "{before}");
    assert!(poll(&mut second, &b).is_pending(), "{before}");
    drop(second);
    drop(bell.heard());
    assert_eq!(
        bell.listeners(),
        1,
        "one of two was dropped; a third never listened"
    );
    bell.ring();
    assert_eq!(
        *woken.lock().unwrap(),
        "a",
        "one that is dropped is not woken"
    );
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
