//! A value that another thread sends, and the future that waits for it, on any executor.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

type Shared<T> = Arc<Mutex<(Option<T>, Option<Waker>)>>;

/// Makes a sender, and the future of its value.
pub fn promise<T>() -> (Sender<T>, Promise<T>) {
    let shared = Arc::new(Mutex::new((None, None)));
    (Sender(shared.clone()), Promise(shared))
}

/// Sends one value: see [`promise`].
pub struct Sender<T>(Shared<T>);

/// The future of a value that will be sent: see [`promise`].
pub struct Promise<T>(Shared<T>);

impl<T> Sender<T> {
    /// Sends the value, and wakes the waiter.
    ///
    /// # Panics
    ///
    /// Panics if the waiter has panicked while it was polled.
    pub fn send(self, value: T) {
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
