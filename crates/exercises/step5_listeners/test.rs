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

fn poll(heard: &mut Heard, waker: &Waker) -> Poll<()> {
    Pin::new(heard).poll(&mut Context::from_waker(waker))
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let woken = Arc::new(Mutex::new(String::new()));
    let [a, b, c] = ['a', 'b', 'c'].map(|name| Waker::from(Arc::new(Named(name, woken.clone()))));

    let bell = Bell::default();
    let (mut first, mut second, mut third, mut late) =
        (bell.heard(), bell.heard(), bell.heard(), bell.heard());
    assert!(
        poll(&mut first, &a).is_pending()
            && poll(&mut second, &a).is_pending()
            && poll(&mut third, &c).is_pending()
    );
    assert!(
        poll(&mut second, &b).is_pending(),
        "it is another task's now"
    );
    assert!(poll(&mut first, &a).is_pending(), "it is polled again");
    assert_eq!(bell.listeners(), 3, "one waker for each");
    bell.ring();
    assert_eq!(
        *woken.lock().unwrap(),
        "abc",
        "all are woken, each once, in the order in which they came"
    );
    assert!(
        poll(&mut first, &a).is_ready()
            && poll(&mut third, &c).is_ready()
            && poll(&mut late, &b).is_ready()
    );
    assert_eq!(*woken.lock().unwrap(), "abc");

    let bell = Bell::default();
    let (mut first, mut second) = (bell.heard(), bell.heard());
    assert!(poll(&mut first, &a).is_pending() && poll(&mut second, &b).is_pending());
    drop(second);
    assert_eq!(bell.listeners(), 1, "who is dropped is forgotten");
    drop(bell.heard());
    bell.ring();
    assert_eq!(*woken.lock().unwrap(), "abca");

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
