//! A channel for one value, which one task or thread owes another.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

/// Makes a channel for one value.
///
/// This is Python's `Future` with its `set_result`, in two ends. Each may be on any thread, if the
/// value is `Send`. They need nothing but wakers, so they work on any executor.
///
/// Under a virtual clock, a thread that owes the value should hold the clock
/// (`step5_executor::hold_clock`); otherwise time moves on meanwhile.
///
/// # Examples
///
/// ```
/// use step6_toolbox::oneshot;
///
/// let (sender, mut receiver) = oneshot::channel();
/// assert!(!receiver.is_finished());
/// std::thread::spawn(move || sender.send(42));
/// let value = step5_executor::block_on(&mut receiver);
/// assert_eq!(value, Ok(42));
/// assert!(receiver.is_finished());
/// ```
///
/// A thread that owes a value while the clock is virtual:
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, hold_clock, timeout};
/// use step6_toolbox::oneshot;
///
/// Executor::with_virtual_time()?.block_on(async {
///     let (sender, receiver) = oneshot::channel();
///     let hold = hold_clock();
///     std::thread::spawn(move || {
///         sender.send("in time").unwrap();
///         drop(hold);
///     });
///     assert_eq!(timeout(Duration::from_secs(1), receiver).await, Ok(Ok("in time")));
/// });
/// # std::io::Result::Ok(())
/// ```
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Ends(Mutex::new(Inside {
        state: State::Empty,
        waiting: [None, None],
    })));
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

/// The end of a [`channel`] that sends the value. If it is dropped without sending, the other end
/// gets an error.
#[must_use = "dropping it is an error at the other end"]
pub struct Sender<T>(Arc<Ends<T>>);

/// The end of a [`channel`] that receives the value: a future of `Result<T, RecvError>`.
///
/// # Cancel safety
///
/// Dropping it tells the sender, and drops a value that has come. Dropping a `&mut` to it, say in a
/// `timeout`, loses nothing.
///
/// # Panics
///
/// Panics if it is polled after it has returned its result.
#[must_use = "dropping it tells the sender that the value is not needed"]
pub struct Receiver<T>(Arc<Ends<T>>);

/// The sender was dropped without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecvError;

/// What the ends share. Wakers are woken and dropped, and values dropped, outside of the lock.
struct Ends<T>(Mutex<Inside<T>>);

struct Inside<T> {
    state: State<T>,
    /// The wakers of the ends that wait for the other.
    waiting: [Option<Waker>; 2],
}

const SENDER: usize = 0;
const RECEIVER: usize = 1;

enum State<T> {
    Empty,
    Sent(T),
    /// The value or the error was returned, or will not be needed.
    Taken,
    /// The sender was dropped before it had sent.
    SenderDropped,
    /// The receiver was dropped before there was a value.
    ReceiverDropped,
}

impl<T> Ends<T> {
    fn lock(&self) -> MutexGuard<'_, Inside<T>> {
        // Nothing panics under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// If the channel is empty, sets its state and wakes an end. Otherwise returns the new state.
    fn settle(&self, state: State<T>, other_end: usize) -> Result<(), State<T>> {
        let mut inside = self.lock();
        if !matches!(inside.state, State::Empty) {
            return Err(state);
        }
        inside.state = state;
        let mut waiting = mem::take(&mut inside.waiting);
        drop(inside);
        waiting[other_end].take().into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// Waits while the channel is empty.
    fn poll_settled(&self, cx: &Context<'_>, end: usize) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut inside = self.lock();
        if !matches!(inside.state, State::Empty) {
            return Poll::Ready(());
        }
        let old = inside.waiting[end].replace(waker);
        drop(inside);
        drop(old);
        Poll::Pending
    }
}

impl<T> Sender<T> {
    /// Sends the value, which makes the other end ready.
    ///
    /// # Errors
    ///
    /// Returns the value if the receiver was dropped.
    pub fn send(self, value: T) -> Result<(), T> {
        match self.0.settle(State::Sent(value), RECEIVER) {
            Err(State::Sent(value)) => Err(value),
            _ => Ok(()),
        }
    }

    /// Returns whether the receiver was dropped.
    pub fn is_closed(&self) -> bool {
        matches!(self.0.lock().state, State::ReceiverDropped)
    }

    /// Waits until the receiver is dropped: then the value is not needed, and work on it may stop.
    ///
    /// # Cancel safety
    ///
    /// Dropping it changes nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use step6_toolbox::oneshot;
    ///
    /// step5_executor::block_on(async {
    ///     let (mut sender, receiver) = oneshot::channel::<u32>();
    ///     drop(receiver);
    ///     sender.closed().await;
    ///     assert!(sender.is_closed());
    ///     assert_eq!(sender.send(42), Err(42));
    /// });
    /// ```
    pub async fn closed(&mut self) {
        poll_fn(|cx| self.0.poll_settled(cx, SENDER)).await;
    }
}

impl<T> Receiver<T> {
    /// Returns whether awaiting this would not wait: there is a value or an error, or it was
    /// returned already.
    pub fn is_finished(&self) -> bool {
        !matches!(self.0.lock().state, State::Empty)
    }

    /// Takes the result, if there is one. Returns `None` while there is none, or if it was returned
    /// already.
    pub fn try_recv(&mut self) -> Option<Result<T, RecvError>> {
        let mut inside = self.0.lock();
        match mem::replace(&mut inside.state, State::Taken) {
            State::Sent(value) => Some(Ok(value)),
            State::SenderDropped => Some(Err(RecvError)),
            other => {
                inside.state = other;
                None
            }
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, RecvError>> {
        ready!(self.0.poll_settled(cx, RECEIVER));
        let result = self.try_recv();
        Poll::Ready(result.expect("a receiver was polled after it had given its result"))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // After `send` this does nothing.
        _ = self.0.settle(State::SenderDropped, RECEIVER);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if self.0.settle(State::ReceiverDropped, SENDER).is_err() {
            // A value that was sent is dropped here, with the receiver.
            self.try_recv();
        }
    }
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sender was dropped without a value")
    }
}

impl Error for RecvError {}
