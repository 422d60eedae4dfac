use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use step5_executor::{Executor, spawn, yield_now};

use super::{Get, Queue};

/// Writes its name when it is woken.
struct Named(char, Arc<Mutex<String>>);

impl Wake for Named {
    fn wake(self: Arc<Self>) {
        self.1.lock().unwrap().push(self.0);
    }
}

fn poll(get: &mut Get, waker: &Waker) -> Poll<char> {
    Pin::new(get).poll(&mut Context::from_waker(waker))
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let log = Arc::new(Mutex::new(String::new()));
    let names = ['a', 'b', 'c'].map(|name| Waker::from(Arc::new(Named(name, log.clone()))));
    let woken = || std::mem::take(&mut *log.lock().unwrap());
    let wait = |queue: &Queue| {
        let mut gets = [queue.get(), queue.get(), queue.get()];
        for (get, waker) in gets.iter_mut().zip(&names) {
            assert!(poll(get, waker).is_pending());
        }
        gets
    };

    // The one that was woken is dropped, and the next one too.
    let queue = Queue::default();
    let [first, second, mut third] = wait(&queue);
    queue.put('x');
    assert_eq!(woken(), "a");
    drop(first);
    assert_eq!(woken(), "b", "the turn goes to the next");
    drop(second);
    assert_eq!(woken(), "c", "and on");
    assert_eq!(poll(&mut third, &names[2]), Poll::Ready('x'));

    // One that was not woken has nothing to pass on.
    let queue = Queue::default();
    let [mut first, second, third] = wait(&queue);
    drop(second);
    assert_eq!(
        (woken(), queue.waiting()),
        (String::new(), 2),
        "it waited, and leaves"
    );
    drop(queue.get());
    assert_eq!(woken(), "", "it never waited");
    queue.put('x');
    assert_eq!(poll(&mut first, &names[0]), Poll::Ready('x'));
    drop(first);
    assert_eq!(woken(), "a", "it has used its turn");
    drop(third);
    assert_eq!(queue.waiting(), 0);

    // One that took an item before it was woken has had no turn.
    let queue = Queue::default();
    let [first, mut second, third] = wait(&queue);
    queue.put('x');
    assert_eq!(
        poll(&mut second, &names[1]),
        Poll::Ready('x'),
        "it was polled for another reason"
    );
    drop(second);
    assert_eq!(
        (woken(), queue.waiting()),
        ("a".to_owned(), 1),
        "only the third still waits"
    );
    drop((first, third));
    assert_eq!(queue.waiting(), 0, "no waker is left");

    Executor::with_virtual_time().unwrap().block_on(async {
        let queue = Queue::default();
        let [first, second] = [queue.get(), queue.get()].map(spawn);
        yield_now().await;
        queue.put('x');
        first.abort();
        // Without a wake nobody is left to go on, and the executor says so.
        assert_eq!(second.await.unwrap(), 'x');
    });
}
